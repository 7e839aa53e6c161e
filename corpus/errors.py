"""What can go wrong with papers and their database: one tree, its messages written for people."""


class CorpusError(Exception):
    """A failure that a person can act on; its text says what to do."""


class UnreadableSourceError(CorpusError):
    """A file or page is not what its importer reads; the text says what was expected and where it stopped."""


class DatabaseError(CorpusError):
    """The database cannot be opened, brought up to date, read or written."""
