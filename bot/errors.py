"""Errors of the bot itself, and the one table that turns any error into words for a reader."""

from collections.abc import Sequence

from corpus.errors import CorpusError
from retrieval.errors import RetrievalError


class BotError(Exception):
    """A failure of the bot that a person can act on; its text says what to do."""


class ConfigurationError(BotError):
    """A setting is wrong; the text names the file, the key and what is allowed."""


class DataInUseError(BotError):
    """Another process owns the data folder."""


class UnusableFolderError(BotError):
    """The data folder cannot be made, read or written."""


class NotReadyError(BotError):
    """There are papers, but none can be searched yet."""


class BlankQuestionError(BotError):
    """A question without a word in it, and without anything that narrows the papers."""

    def __init__(self, notes: Sequence[str] = ()) -> None:
        """`notes` say what was not understood of it."""
        super().__init__("\n".join(["say what the papers are about, in your own words", *notes]))
        self.notes = tuple(notes)


class BusyError(BotError):
    """Too many questions wait for the encoder."""


class UnknownPaperError(BotError):
    """What a reader gave as a paper is none of this corpus, or could be several."""

    def __init__(self, words: str, suggestions: Sequence[str] = ()) -> None:
        """`suggestions` are the papers that may be meant, each in a line."""
        super().__init__("\n".join([words, *(f"- {suggestion}" for suggestion in suggestions)]))
        self.words = words
        self.suggestions = tuple(suggestions)


class ExpiredListError(BotError):
    """A button belongs to a list of results that is no longer kept, or to another version of the bot."""


READABLE_ERRORS = (BotError, CorpusError, RetrievalError)
"""Errors whose text is written for people."""

_FOR_READERS: dict[type[Exception], str] = {
    BusyError: "Many people are asking right now. Please try again in {seconds} s.",
    BlankQuestionError: "Please say what the papers are about, in your own words.",
    ExpiredListError: "This is too old, and no longer kept. Please run the command again.",
    CorpusError: "The papers cannot be read at the moment. Please try again in a minute; the operator's log says more.",
    RetrievalError: "The search is not working at the moment. Please try again in a minute; the operator's log says more.",
}
_UNEXPECTED = "Something went wrong on my side; it is in the operator's log. Please try again."
BUSY_SECONDS = 5


def words_for(error: BaseException) -> str:
    """What a reader is told: never a class name, a path or a traceback."""
    if isinstance(error, UnknownPaperError):
        return error.words
    for kind, words in _FOR_READERS.items():
        if isinstance(error, kind):
            return words.format(seconds=BUSY_SECONDS)
    return _UNEXPECTED
