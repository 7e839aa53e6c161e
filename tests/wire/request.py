"""A request of the bot, and what became of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web


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


@dataclass(frozen=True)
class Answer:
    """What was answered, when by the server's clock; an answer that was lost is not counted."""

    request: Request
    status: int
    at: datetime
    is_shared_limit: bool

    @property
    def is_invalid(self) -> bool:
        """Whether Discord counts it towards the 10,000 invalid requests after which an address is banned."""
        return self.status in {401, 403} or (
            self.status == web.HTTPTooManyRequests.status_code and not self.is_shared_limit
        )


RECORDED = web.RequestKey("recorded", Request)
