"""Every request is recorded and judged, and may be made to fail, before it reaches a route."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from .specification import Specification
from .watch import Watch

API_PATH = "/api/v10"


@dataclass(frozen=True)
class Request:
    """What the bot sent: `path` begins below /api/v10, `at` is in seconds of the monotonic clock."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    files: Mapping[str, bytes]
    at: float
    violations: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {json.dumps(self.body, ensure_ascii=False)[:400]}"


class Refusal(Exception):  # noqa: N818 - what Discord does, not a mistake of ours
    """Discord's no: an HTTP status, Discord's own code, and its words."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


Fault = Callable[[Request], web.Response | None]
RECORDED = web.RequestKey("recorded", Request)


class Recorder:
    """The middleware in front of all routes.

    A violation is written down, not refused: the bot goes on as if Discord had agreed, and the test that
    looks at `violations` fails.
    """

    def __init__(self, specification: Specification, watch: Watch) -> None:
        self.requests: list[Request] = []
        self.faults: list[Fault] = []
        self.answer_violations: list[str] = []
        self._specification = specification
        self._watch = watch

    def middleware(self) -> Any:
        @web.middleware
        async def record(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not request.path.startswith(API_PATH):
                return await handler(request)
            recorded = await self._judged(request)
            self.requests.append(recorded)
            request[RECORDED] = recorded
            try:
                return await self._answer(recorded, request, handler)
            except web.HTTPNotFound:
                return error(Refusal(404, 0, "404: Not Found"))
            except Refusal as refusal:
                return error(refusal)
            finally:
                self._watch.ring()

        return record

    async def _answer(self, recorded: Request, request: web.Request, handler: Handler) -> web.StreamResponse:
        for fault in self.faults:
            if (failure := fault(recorded)) is not None:
                return failure
        response = await handler(request)
        self._judge_answer(recorded, response)
        return response

    def _judge_answer(self, request: Request, response: web.StreamResponse) -> None:
        content = response.body if isinstance(response, web.Response) else None
        body = json.loads(content) if isinstance(content, bytes) and content else None
        faults = self._specification.answer_violations(request.method, request.path, response.status, body)
        self.answer_violations += [f"our answer to {request.method} {request.path}: {f}" for f in faults]

    async def _judged(self, request: web.Request) -> Request:
        at = time.monotonic()
        body, files = await _body(request)
        path = request.path.removeprefix(API_PATH)
        violations = self._specification.violations(
            request.method,
            path,
            body,
            request.query,
            multipart=request.content_type.startswith("multipart/"),
        )
        if request.match_info.http_exception is not None:
            violations.append(f"the loopback server does not serve {request.method} {path}")
        return Request(request.method, path, dict(request.query), body, files, at, tuple(violations))


async def _body(request: web.Request) -> tuple[Any, dict[str, bytes]]:
    """Read the JSON of a request, and the files beside it when it is multipart."""
    if not request.can_read_body:
        return None, {}
    if not request.content_type.startswith("multipart/"):
        return await request.json(), {}
    form = await request.post()
    files = {name: part.file.read() for name, part in form.items() if isinstance(part, web.FileField)}
    return json.loads(str(form["payload_json"])), files


def answer(value: Any, status: int = 200) -> web.Response:
    # discord.py reads JSON only under exactly this header; aiohttp's json_response adds a charset to it.
    return web.Response(
        body=json.dumps(value).encode(), status=status, headers={"Content-Type": "application/json"}
    )


def error(refusal: Refusal) -> web.Response:
    return answer({"code": refusal.code, "message": refusal.message}, refusal.status)
