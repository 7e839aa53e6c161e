"""Why there is no written answer: one kind for each, and never a word of what the endpoint itself said.

An endpoint may repeat the key that it was given, and a model may say anything; so no text of theirs gets here.
"""

from bot.errors import BotError


class WriterError(BotError):
    """There is no written answer; the extractive one takes its place."""

    kind = "failed"
    """Names this kind in logs and metrics."""
    retry_after: float | None = None
    """Seconds until the endpoint wants to be asked again, where it said so."""


class NoModelError(WriterError):
    """No endpoint is configured."""

    kind = "no-model"


class NothingToWriteFromError(WriterError):
    """There is no sentence that an answer could rest on."""

    kind = "no-sentences"


class UncheckableError(WriterError):
    """The claims could not be checked, so none may be shown."""

    kind = "unchecked"


class BudgetSpentError(WriterError):
    """The person, or everybody together, has used up the day."""

    kind = "budget"


class WriterBusyError(WriterError):
    """As many answers are being written as may be at once."""

    kind = "busy"


class RestingError(WriterError):
    """The endpoint failed before, and is not asked for a while."""

    kind = "resting"


class NotAnsweredError(WriterError):
    """The model says that the sentences do not answer the question."""

    kind = "not-answered"


class LostSubstanceError(WriterError):
    """Too few of the model's claims stand in the sentences that they cite."""

    kind = "lost-substance"

    def __init__(self, kept: int, dropped: int) -> None:
        super().__init__(f"{kept} of the model's {kept + dropped} claims held; too few to answer with")
        self.kept, self.dropped = kept, dropped


class EndpointError(WriterError):
    """The endpoint failed; what it says of itself is not repeated."""

    kind = "endpoint"


class DeadlineError(EndpointError):
    """The answer was not there in time."""

    kind = "deadline"


class UnreachableEndpointError(EndpointError):
    """Nobody answers at that address, or the connection broke."""

    kind = "unreachable"


class RefusedKeyError(EndpointError):
    """The endpoint does not take the key, or none (401, 403)."""

    kind = "key"


class TooManyRequestsError(EndpointError):
    """The endpoint wants to be asked less (429)."""

    kind = "rate"

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class RefusedRequestError(EndpointError):
    """The endpoint does not take this request, in no form that we know (4xx, a redirect)."""

    kind = "request"


class BrokenEndpointError(EndpointError):
    """The endpoint failed by its own account (5xx)."""

    kind = "server"


class UnreadableAnswerError(EndpointError):
    """What came back is no answer in the shape that was asked for."""

    kind = "shape"


class TooLongAnswerError(UnreadableAnswerError):
    """What came back is longer than any answer."""

    kind = "length"
