"""Which commands and presses come too late: Discord takes no answer after three seconds, so none is worked out.

How old one is, its id says, by Discord's clock. Ours may be wrong, so Discord's is known by the `Date` of its answers; without
any, nothing counts as late.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import aiohttp

TOO_OLD = timedelta(seconds=2.5)
_NO_LONGER = timedelta(minutes=15)
"""What is older than any token lives is no late event, but a clock that is wrong."""
_HALF = timedelta(seconds=0.5)  # `Date` has whole seconds: on average it is so much later
_AS_GOOD = timedelta(seconds=1)  # a clock of ours that differs no more is right, and the finer one


class Punctuality:
    """Counts what comes too late. `late` is how many have since the start."""

    def __init__(self, now: Callable[[], datetime], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._monotonic = monotonic
        self._heard: tuple[datetime, float] | None = None  # Discord's time, and ours then, in seconds
        self.late = 0

    async def hear(
        self,
        _session: aiohttp.ClientSession,
        _context: SimpleNamespace,
        params: aiohttp.TraceRequestEndParams,
    ) -> None:
        """For `on_request_end` of the client's requests: know Discord's time."""
        self.heard(params.response.headers.get("Date", ""))

    def heard(self, date: str) -> None:
        """An answer has this `Date`; one that is none is left aside."""
        try:
            told = parsedate_to_datetime(date)
        except ValueError:
            return
        self._heard = told.replace(tzinfo=told.tzinfo or UTC) + _HALF, self._monotonic()

    def is_late(self, made: datetime) -> bool:
        """Whether an interaction that was made then is too old to be answered; it is counted then."""
        if self._heard is None:
            return False
        told, at = self._heard
        discords, ours = told + timedelta(seconds=self._monotonic() - at), self._now()
        age = (ours if abs(ours - discords) < _AS_GOOD else discords) - made
        is_late = TOO_OLD <= age <= _NO_LONGER
        self.late += is_late
        return is_late
