"""What goes wrong on the way to Discord and back, aimed at some of the requests.

A deed decides what becomes of one request; it may let it proceed, to the next fault and at last to Discord.
With `done`, Discord does what was asked before anything goes wrong: only the answer is lost.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal, cast

from aiohttp import web

from .answers import answer, refusal
from .channels import Channel
from .refusals import No
from .request import Request

Proceed = Callable[[], Awaitable[web.StreamResponse]]
Deed = Callable[[web.Request, Proceed], Awaitable[web.StreamResponse]]
Scope = Literal["user", "global", "shared"]

_NO_ANSWER = 444  # never seen by anybody: the connection is gone


@dataclass(eq=False)
class Fault:
    """Does its deed to the requests it is aimed at; `hits` are those it met."""

    deed: Deed
    method: str
    path: str
    channel_id: str | None
    when: Callable[[Request], bool] | None
    after: int
    times: int | None
    hits: list[Request] = field(default_factory=list[Request])
    is_lifted: bool = False
    _passed: int = 0

    def lift(self) -> None:
        """From now on, let everything pass."""
        self.is_lifted = True

    def meets(self, request: Request) -> bool:
        """Whether the deed is to be done to this request; it is then counted."""
        if self.is_lifted or not self._is_aimed_at(request):
            return False
        if self._passed < self.after:
            self._passed += 1
            return False
        if self.times is not None and len(self.hits) >= self.times:
            return False
        self.hits.append(request)
        return True

    def _is_aimed_at(self, request: Request) -> bool:
        return (
            fnmatchcase(request.method, self.method)
            and fnmatchcase(request.path, self.path)
            and (self.channel_id is None or f"{request.path}/".startswith(f"/channels/{self.channel_id}/"))
            and (self.when is None or self.when(request))
        )


class Faults:
    """All faults, in the order in which a request meets them."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(
        self,
        deed: Deed,
        method: str = "*",
        path: str = "*",
        *,
        channel: Channel | str | None = None,
        when: Callable[[Request], bool] | None = None,
        after: int = 0,
        times: int | None = None,
    ) -> Fault:
        """Do `deed` to requests of a method to a path (globs), to a channel, of which `when` holds.

        The first `after` of them pass; then `times` are met, or all.
        """
        channel_id = channel.id if isinstance(channel, Channel) else channel
        fault = Fault(deed, method, path, channel_id, when, after, times)
        self._faults.append(fault)
        return fault

    def lift(self) -> None:
        """From now on, let everything pass."""
        self._faults.clear()

    async def lead(self, recorded: Request, request: web.Request, proceed: Proceed) -> web.StreamResponse:
        """Take a request through the faults that meet it, and then to Discord."""
        for fault in reversed([fault for fault in self._faults if fault.meets(recorded)]):
            proceed = _around(fault.deed, request, proceed)
        return await proceed()


def drops(*, done: bool = False) -> Deed:
    """The connection breaks instead of an answer."""

    async def deed(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        if done:
            await proceed()
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=_NO_ANSWER)

    return deed


def hangs(*, done: bool = False) -> Deed:
    """No answer ever comes; the connection stays."""

    async def deed(_: web.Request, proceed: Proceed) -> web.StreamResponse:
        if done:
            await proceed()
        return await asyncio.get_running_loop().create_future()

    return deed


def delays(seconds: float) -> Deed:
    """It takes that long before Discord hears of it."""

    async def deed(_: web.Request, proceed: Proceed) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return await proceed()

    return deed


def breaks(status: int, *, done: bool = False) -> Deed:
    """500, 502, 503 or 504, as Discord's own servers and those before them answer."""

    async def deed(_: web.Request, proceed: Proceed) -> web.StreamResponse:
        if done:
            await proceed()
        if status == web.HTTPInternalServerError.status_code:
            return answer({"message": "500: Internal Server Error", "code": 0}, status)
        return web.Response(text="<html>upstream error</html>", content_type="text/html", status=status)

    return deed


def refuses(no: No) -> Deed:
    """Discord says no."""
    return _answers(lambda: refusal(no))


def limits(retry_after: float, scope: Scope = "user") -> Deed:
    """429 of one route, of the bot as a whole, or of a resource shared with others."""

    def respond() -> web.Response:
        is_global = scope == "global"
        body = {"message": "You are being rate limited.", "retry_after": retry_after, "global": is_global}
        response = answer(body, web.HTTPTooManyRequests.status_code)
        response.headers.update(
            {
                "Via": "1.1 google",  # without it discord.py takes it for Cloudflare's and gives up
                "Retry-After": str(max(1, round(retry_after))),
                "X-RateLimit-Scope": scope,
            }
        )
        if is_global:
            response.headers["X-RateLimit-Global"] = "true"
        else:
            response.headers.update(
                {
                    "X-RateLimit-Bucket": "b0c4e7",
                    "X-RateLimit-Limit": "5",
                    "X-RateLimit-Remaining": "0",
                    "X-RateLimit-Reset": f"{time.time() + retry_after:.3f}",
                    "X-RateLimit-Reset-After": f"{retry_after:.3f}",
                }
            )
        return response

    return _answers(respond)


def bans(retry_after: int, *, html: bool = True) -> Deed:
    """429 of Cloudflare, who stands before Discord: no `Via`, and a page for people or JSON of its own."""

    def respond() -> web.Response:
        status = web.HTTPTooManyRequests.status_code
        if html:
            page = "<html>error code: 1015. You are being rate limited.</html>"
            response = web.Response(text=page, content_type="text/html", status=status)
        else:
            response = answer({"message": "You are being blocked from accessing our API.", "code": 0}, status)
        response.headers["Retry-After"] = str(retry_after)
        return response

    return _answers(respond)


def says(words: str) -> Callable[[Request], bool]:
    """Whether these words stand in any text of a request."""
    return lambda request: any(words in text for text in _texts(request.body))


def _answers(respond: Callable[[], web.Response]) -> Deed:
    async def deed(_: web.Request, __: Proceed) -> web.StreamResponse:
        return respond()

    return deed


def _around(deed: Deed, request: web.Request, proceed: Proceed) -> Proceed:
    return lambda: deed(request, proceed)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in cast("dict[str, Any]", value).values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in cast("list[Any]", value):
            yield from _texts(part)
