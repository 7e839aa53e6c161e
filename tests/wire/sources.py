"""Hugging Face on the loopback interface: the daily papers that a test writes, day by day."""

import json
from collections.abc import Sequence
from datetime import date
from types import TracebackType
from typing import Any, Self

from aiohttp import web


class Sources:
    """Answers for huggingface.co on a free port of 127.0.0.1, for as long as the context lasts.

    A day of which nothing was said is empty, as weekends are. `asked` are the days that were asked for, in order.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.down_with: int | None = None  # a status that takes the place of every answer
        self._days: dict[str, list[dict[str, Any]]] = {}
        app = web.Application()
        app.router.add_get("/api/daily_papers", self._daily_papers)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        self._port = 0

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def env(self) -> dict[str, str]:
        """For `running_bot`: these are its sources. It asks within a minute, then every five; `/corpus sync` at once."""
        return {
            "PAPERCORD_NETWORK__MIRRORS": json.dumps({"huggingface.co": self.address}),
            "PAPERCORD_CORPUS__SOURCES": '["hugging-face-daily"]',
            "PAPERCORD_CORPUS__SYNC_MINUTES": "5",  # the fewest that are taken
        }

    def publish(self, day: date, *records: dict[str, Any]) -> None:
        """Add papers to a day."""
        self._days.setdefault(day.isoformat(), []).extend(records)

    async def _daily_papers(self, request: web.Request) -> web.Response:
        day = request.query["date"]
        self.asked.append(day)
        if self.down_with is not None:
            return web.Response(status=self.down_with)
        start = int(request.query.get("p", "0")) * int(request.query.get("limit", "50"))
        page = self._days.get(day, [])[start : start + int(request.query.get("limit", "50"))]
        return web.json_response(page)


def record(
    arxiv_id: str,
    title: str,
    summary: str,
    *,
    published: date,
    authors: Sequence[str] = ("Ada Lund",),
    upvotes: int = 0,
    comments: int = 0,
    **more: Any,
) -> dict[str, Any]:
    """A paper as Hugging Face lists it; `more` are further fields of the paper, such as `githubRepo`."""
    moment = f"{published.isoformat()}T00:00:00.000Z"
    paper = {
        "id": arxiv_id,
        "title": title,
        "summary": summary,
        "authors": [{"name": name, "hidden": False} for name in authors],
        "publishedAt": moment,
        "submittedOnDailyAt": moment,
        "upvotes": upvotes,
    }
    return {"paper": paper | more, "title": title, "publishedAt": moment, "numComments": comments}
