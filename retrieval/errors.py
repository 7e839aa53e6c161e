"""What can go wrong when finding papers; messages written for people."""


class RetrievalError(Exception):
    """A failure that a person can act on; its text says what to do."""


class ModelError(RetrievalError):
    """The encoder's model is missing, unsafe to load, or does not do what is asked of it."""


class VectorIndexError(RetrievalError):
    """The vector index cannot be opened or rebuilt."""


class CollectionError(RetrievalError):
    """A folder with a test collection is not what `papercord evaluate` reads."""


class LexicalIndexError(RetrievalError):
    """The text index cannot be opened or rebuilt."""


class DamagedIndexError(RetrievalError):
    """An index's files are not what was written; it is rebuilt from the database."""
