"""A circuit breaker: an endpoint that fails is left alone for a while, then tried with one request.

Our own, for what the libraries lack: docs/decisions/0002-dependencies.md.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from bot.llm.errors import (
    EndpointError,
    RefusedKeyError,
    RefusedRequestError,
    RestingError,
    TooManyRequestsError,
)

_FAILURES = 3  # in a row
_FIRST_REST = 15.0  # seconds
_LONGEST_REST = 600.0
_LONGEST_WISH = 3600.0  # of a Retry-After


class Breaker:
    """Counts an endpoint's failures. `monotonic` is a clock in seconds that never goes back."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._failures = 0
        self._rests_until = 0.0
        self._rest = _FIRST_REST
        self._trying = False

    @property
    def is_resting(self) -> bool:
        """Whether a request would be refused now."""
        return self._monotonic() < self._rests_until or self._trying

    @contextmanager
    def request(self) -> Generator[None]:
        """A request is made inside. Raises RestingError while the endpoint rests, or while one request tries it."""
        if self.is_resting:
            raise RestingError("the model's endpoint failed before, and is not asked for a while")
        self._trying = is_trial = self._rests_until > 0
        try:
            yield
        except EndpointError as error:
            self._failed(error, is_trial=is_trial)
            raise
        else:
            self._failures, self._rests_until, self._rest = 0, 0.0, _FIRST_REST
        finally:  # also where the asker went away: then nothing is known, and the next one tries
            if is_trial:
                self._trying = False

    def _failed(self, error: EndpointError, *, is_trial: bool) -> None:
        now = self._monotonic()
        self._failures += 1
        hopeless = isinstance(error, RefusedKeyError | RefusedRequestError)
        if is_trial:
            self._rest = min(2 * self._rest, _LONGEST_REST)
        if hopeless:  # the same answer until somebody changes the settings
            self._rest = _LONGEST_REST
        if isinstance(error, TooManyRequestsError) and error.retry_after is not None:
            self._rests_until = max(self._rests_until, now + min(error.retry_after, _LONGEST_WISH))
        if is_trial or hopeless or self._failures >= _FAILURES:
            self._rests_until = max(self._rests_until, now + self._rest)
