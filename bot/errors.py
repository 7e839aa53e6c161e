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


class SourceFailedError(BotError):
    """A source of papers could not be read to its end; what was read before is stored."""


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
    """A button belongs to something that is no longer kept, or to another version of the bot."""


class DoneAlreadyError(BotError):
    """An import that was taken in is confirmed once more."""


class UnclearRequestError(BotError):
    """What somebody says in a conversation cannot be done. The text says why and what to do, for the one who said it."""


class UnknownFeedError(BotError):
    """A feed that is not of this server, or an alert that is not of this reader, or neither any more."""


class FeedTroubleError(BotError):
    """What was asked of a feed or an alert cannot be done. The text says why and what to do, for the one who asked."""


class NotOwnerError(BotError):
    """Somebody asks for what is the owner's to do."""


class NotAdministratorError(BotError):
    """Somebody asks for what those who manage the server do, or asks for it outside of servers."""


class CorpusTroubleError(BotError):
    """What the owner asked of the corpus did not work. The text says why; it was written for people, and the owner sees it."""


class StillGoingError(BotError):
    """What the owner asked for goes on, and Discord waits no longer for an answer."""


READABLE_ERRORS = (BotError, CorpusError, RetrievalError)
"""Errors whose text is written for people."""

_FOR_READERS: dict[type[Exception], str] = {
    BusyError: "Many people are asking right now. Please try again in {seconds} s.",
    BlankQuestionError: "Please say what the papers are about, in your own words.",
    ExpiredListError: "This is too old, and no longer kept. Please run the command again.",
    DoneAlreadyError: "That import is done already: all of it is taken in.",
    UnknownFeedError: "There is no such feed or alert here any more. Choose one from the list that opens while you type.",
    NotOwnerError: "Only the owner of this bot may do that, and only in a server.",
    NotAdministratorError: "Only those may do that who have the permission Manage Server, and only in a server.",
    StillGoingError: "This takes longer than Discord waits for an answer. It goes on: /corpus status shows what comes of it.",
    CorpusError: "The papers cannot be read at the moment. Please try again in a minute; the operator's log says more.",
    RetrievalError: "The search is not working at the moment. Please try again in a minute; the operator's log says more.",
}
_UNEXPECTED = "Something went wrong on my side; it is in the operator's log. Please try again."
BUSY_SECONDS = 5


def words_for(error: BaseException) -> str:
    """What a reader is told: never a class name, a path or a traceback."""
    if isinstance(error, UnknownPaperError):
        return error.words
    if isinstance(error, CorpusTroubleError):
        return f"That did not work: {error}"
    if isinstance(error, FeedTroubleError | UnclearRequestError):
        return str(error)
    for kind, words in _FOR_READERS.items():
        if isinstance(error, kind):
            return words.format(seconds=BUSY_SECONDS)
    return _UNEXPECTED
