"""A host as bad as hosts can be: real sockets on a free port of 127.0.0.1, scripted by path, with a log of arrivals."""

import asyncio
import gzip
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import TracebackType
from typing import Self

from aiohttp import web

Behaviour = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
"""What becomes of one request."""

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request as the host saw it. `time` is seconds of `time.monotonic`; `connections` were open then, this one included."""

    time: float
    method: str
    host: str
    path: str
    query: str
    headers: Mapping[str, str]
    connections: int


class MisbehavingServer:
    """Listens for as long as the context lasts. A path that has no script answers 404."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.arrivals: list[Arrival] = []
        self._scripts: dict[str, list[Behaviour]] = {}
        self._tls = tls
        self._server = web.Server(self._handle)  # rather than an application: a proxy is asked for odd paths
        self._runner = web.ServerRunner(self._server, access_log=None, shutdown_timeout=0.1)
        self.port = 0

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self._tls).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    @property
    def address(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def script(self, path: str, *behaviours: Behaviour) -> None:
        """One behaviour for one request after the other; the last for all that follow."""
        self._scripts[path] = list(behaviours)

    def gaps(self) -> list[float]:
        """Seconds between one arrival and the next."""
        times = [arrival.time for arrival in self.arrivals]
        return [later - earlier for earlier, later in pairwise(times)]

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self.arrivals.append(
            Arrival(
                time.monotonic(),
                request.method,
                request.host,
                request.path,
                request.rel_url.raw_query_string,
                request.headers,
                len(self._server.connections),
            )
        )
        script = self._scripts.get(request.path, [answers(status=404)])
        behaviour = script.pop(0) if len(script) > 1 else script[0]
        return await behaviour(request)


def answers(text: str | bytes = "", status: int = 200, headers: Mapping[str, str] | None = None) -> Behaviour:
    """An ordinary answer; text goes out as UTF-8, bytes as they are."""

    async def behave(_request: web.BaseRequest) -> web.StreamResponse:
        body = text.encode() if isinstance(text, str) else text
        return web.Response(
            body=body, status=status, headers={"Content-Type": "text/plain", **(headers or {})}
        )

    return behave


def answers_after(seconds: float, text: str = "") -> Behaviour:
    """An ordinary answer, late."""

    async def behave(request: web.BaseRequest) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return await answers(text)(request)

    return behave


def resets() -> Behaviour:
    """The connection is reset instead of an answer."""

    async def behave(request: web.BaseRequest) -> web.StreamResponse:
        _cut(request)
        return web.Response()

    return behave


def breaks_off(sent: bytes = b"half of", promised: int = 100) -> Behaviour:
    """Fewer bytes than Content-Length promises, then the connection is reset."""

    async def behave(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(promised)})
        await response.prepare(request)
        await response.write(sent)
        await asyncio.sleep(0.05)  # the bytes arrive before the reset takes them back
        _cut(request)
        return response

    return behave


def floods(megabytes: int, *, says_so: bool) -> Behaviour:
    """A body that long, with a Content-Length or in chunks without one."""

    async def behave(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        if says_so:
            response.content_length = megabytes * MEGABYTE
        await response.prepare(request)
        for _ in range(megabytes):
            await response.write(bytes(MEGABYTE))
        return response

    return behave


def drips(seconds: float) -> Behaviour:
    """A byte, a pause, a byte, without end."""

    async def behave(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b".")
            await asyncio.sleep(seconds)

    return behave


def bomb(megabytes: int) -> bytes:
    """So many megabytes of nothing, as a gzip file a thousandth as long."""
    return gzip.compress(bytes(megabytes * MEGABYTE))


def _cut(request: web.BaseRequest) -> None:
    if request.transport:
        request.transport.abort()
