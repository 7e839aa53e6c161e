"""What can go wrong with papers and their database: one tree, its messages written for people."""


class CorpusError(Exception):
    """A failure that a person can act on; its text says what to do."""


class UnreadableSourceError(CorpusError):
    """A file, page or answer is not what its reader reads; the text says what was expected and where it stopped."""


class DatabaseError(CorpusError):
    """The database cannot be opened, brought up to date, read or written."""


class UnknownSourceError(CorpusError):
    """A source or format of this name is not known, or was given an argument that it cannot use."""


class FetchError(CorpusError):
    """A host did not give what was asked; nothing was taken in of it."""


class UnreachableError(FetchError):
    """The host did not answer, not in time, or asked to come back later: a later try may succeed."""


class RefusedError(FetchError):
    """The host's answer is not one that may be used: it will be the same until something changes."""


class NotThereError(RefusedError):
    """The host says that there is no such thing."""


class SyncingError(CorpusError):
    """New papers are being fetched already: never two at once."""
