"""Every request is recorded and judged, and may be made to fail, before it reaches a route."""

import json
import time
from email.utils import format_datetime
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from .answers import refusal
from .clock import Clock
from .faults import Faults
from .refusals import No, Refusal
from .request import RECORDED, Answer, Request
from .specification import Specification
from .watch import Watch

API_PATH = "/api/v10"


class Recorder:
    """The middleware in front of all routes.

    A violation is written down, not refused: the bot goes on as if Discord had agreed, and the test that
    looks at `violations` fails.
    """

    def __init__(self, specification: Specification, clock: Clock, watch: Watch) -> None:
        self.requests: list[Request] = []
        self.answers: list[Answer] = []
        self.faults = Faults()
        self.answer_violations: list[str] = []
        self._specification = specification
        self._clock = clock
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
                response = await self.faults.lead(
                    recorded, request, lambda: self._answer(recorded, request, handler)
                )
                self._note(recorded, response)
                return response
            finally:
                self._watch.ring()

        return record

    async def _answer(self, recorded: Request, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            response = await handler(request)
        except web.HTTPNotFound:
            return refusal(No.NO_ROUTE)
        except Refusal as raised:
            return refusal(raised.no)
        self._judge_answer(recorded, response)
        return response

    def _note(self, recorded: Request, response: web.StreamResponse) -> None:
        now = self._clock.now()
        response.headers["Date"] = format_datetime(now, usegmt=True)
        is_shared = response.headers.get("X-RateLimit-Scope") == "shared"
        self.answers.append(Answer(recorded, response.status, now, is_shared))

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
