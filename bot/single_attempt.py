"""One attempt a request, where a second could do a deed twice.

discord.py repeats every request that Discord answers with 500, 502, 504 or 524. What was to be done may have been: a
message is then known by its nonce, if Discord still remembers that, but a forum post has none and would come twice.
"""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from types import SimpleNamespace

import aiohttp

_REPEATED = frozenset([500, 502, 504, 524])  # discord.http.HTTPClient.request
_is_single = ContextVar("is_single", default=False)


class FailedAttemptError(Exception):
    """Discord failed at a request that is attempted once; whether it was done is not known."""


@contextmanager
def single_attempt() -> Generator[None, None, None]:
    """Within it a request that Discord fails at raises FailedAttemptError, and is not repeated."""
    token = _is_single.set(True)
    try:
        yield
    finally:
        _is_single.reset(token)


async def end_if_failed(
    _session: aiohttp.ClientSession, _context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
) -> None:
    """For `on_request_end` of the client's requests, so that `single_attempt` works on them."""
    response = params.response
    if _is_single.get() and params.method == "POST" and response.status in _REPEATED:
        response.close()
        raise FailedAttemptError(f"Discord says: {response.reason} ({response.status})")
