"""The stage for tests of the sync: Hugging Face and arXiv on a port of this machine, and a sync that asks them there."""

import asyncio
import hashlib
import json
import re
import time
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from corpus.database import open_database
from corpus.polite.client import Limits, PoliteClient
from corpus.report import Visit
from corpus.source_states import SourceStates
from corpus.sources.source import Pace
from corpus.store import PaperStore
from corpus.sync import Client, Sync
from tests.corpus.polite.misbehaving_server import Behaviour, MisbehavingServer, answers
from tests.corpus.test_arxiv_atom import answer, entry
from tests.corpus.test_arxiv_rss import announcement
from tests.empty_database import lay_database

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday
TODAY = NOW.date()
DAILY, NEW, SEARCH = "hugging-face-daily", "arxiv-new:cs.CL", "arxiv-search:cat:cs.CL"
DAILY_PATH, NEW_PATH, API_PATH = "/api/daily_papers", "/rss/cs.CL", "/api/query"
QUICK = 0.04
"""Seconds between two requests of arXiv; the real ones are three."""
LIMITS = Limits(first_pause=0.01, answer=5.0)


class Clock:
    """Shows what it is set to, or, once it is running, how long ago that was as well."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now
        self._running_since: float | None = None

    def __call__(self) -> datetime:
        since = self._running_since
        return self.now + timedelta(seconds=time.monotonic() - since) if since else self.now

    def run(self) -> None:
        self._running_since = time.monotonic()

    def pass_days(self, days: float) -> None:
        self.now += timedelta(days=days)


class HuggingFace:
    """Daily papers: records by day. `wrong` is what becomes of the question for a day instead."""

    def __init__(self, days: Mapping[str, Sequence[Any]] | None = None, *, has_etags: bool = False) -> None:
        self.days = {day: list(records) for day, records in (days or {}).items()}
        self.wrong: dict[str, Behaviour] = {}
        self.has_etags = has_etags

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        day, page = request.query["date"], int(request.query["p"])
        if day in self.wrong:
            return await self.wrong[day](request)
        per_page = int(request.query["limit"])
        records = self.days.get(day, [])[page * per_page : (page + 1) * per_page]
        return await recognisable(json.dumps(records), is_asked=self.has_etags)(request)


class Arxiv:
    """The API: (id with version, title, day of submission) of each paper, found by their period and paged through."""

    def __init__(self, papers: Iterable[tuple[str, str, str]] = ()) -> None:
        self.papers = list(papers)

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        first, last = re.findall(r"(\d{8})\d{4}", request.query["search_query"])
        found = [one for one in self.papers if first <= one[2].replace("-", "") <= last]
        start, size = int(request.query["start"]), int(request.query["max_results"])
        entries = (
            entry(about, title=title, summary=abstract_of(title), published=f"{day}T09:00:00Z")
            for about, title, day in found[start : start + size]
        )
        return await answers(answer(*entries, total=len(found), start=start))(request)


def recognisable(body: str, *, is_asked: bool = True) -> Behaviour:
    """An answer with a mark, and 304 for whoever brings the mark back."""
    mark = f'"{hashlib.sha256(body.encode()).hexdigest()[:8]}"'

    async def behave(request: web.BaseRequest) -> web.StreamResponse:
        if is_asked and request.headers.get("If-None-Match") == mark:
            return await answers(status=304)(request)
        return await answers(body, headers={"ETag": mark} if is_asked else None)(request)

    return behave


def announced(day: date, *items: str) -> str:
    """What rss.arxiv.org says on a day."""
    return announcement(*items, day=f"{day:%a, %d %b %Y} 00:00:00 -0500")


def record(number: int, **facts: Any) -> dict[str, Any]:
    """A record of Hugging Face's daily papers: of another paper for each number."""
    title = facts.pop("title", f"Counting Fireflies, Part {number}")
    comments = facts.pop("comments", 0)
    paper = {"id": f"2611.{number:05}", "title": title, "summary": abstract_of(title), "upvotes": 0, **facts}
    return {"paper": paper, "title": title, "numComments": comments}


def abstract_of(title: str) -> str:
    """Long enough to be known by."""
    return (
        f"In {title.strip()} we count what glows above a meadow at night, "
        + "again and again, " * 12
        + "and stop."
    )


class Stage:
    """One data folder, one client and one server."""

    def __init__(self, engine: AsyncEngine, server: MisbehavingServer, client: Client, *lines: str) -> None:
        self.engine = engine
        self.server = server
        self.clock = Clock()
        self.store = PaperStore(engine)
        self.states = SourceStates(engine)
        self.sync = Sync(self.store, self.states, client, lines or (DAILY,), self.clock)
        self.hugging_face = HuggingFace()
        self.arxiv = Arxiv()
        server.script(DAILY_PATH, self._daily)
        server.script(API_PATH, self._api)

    async def _daily(self, request: web.BaseRequest) -> web.StreamResponse:
        return await self.hugging_face(request)

    async def _api(self, request: web.BaseRequest) -> web.StreamResponse:
        return await self.arxiv(request)

    async def visit(self, line: str = DAILY, **options: Any) -> Visit:
        """One source, alone."""
        [visit] = (await self.sync.run([line], **options)).values()
        return visit

    async def watermark(self, line: str = DAILY) -> str | None:
        return (await self.states.get(line)).watermark

    async def ids(self) -> list[str]:
        return list(await self.store.contents())

    def days_asked(self) -> list[str]:
        """Of Hugging Face since the last time; then they are forgotten."""
        asked = [re.findall(r"date=([\d-]+)", one.query) for one in self.server.arrivals]
        self.server.arrivals.clear()
        return [day for days in asked for day in days]

    async def until_asked(self, day: str) -> None:
        """Until the question for that day has arrived."""
        async with asyncio.timeout(30):
            while not any(day in arrival.query for arrival in self.server.arrivals):  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        async with self.engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(text(query))]

    async def new_events(self) -> list[str]:
        """The papers that feeds were told of as new, in this order."""
        rows = await self.rows("SELECT paper_id FROM events WHERE kind = 'new' ORDER BY id")
        return [paper_id for (paper_id,) in rows]

    async def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, SQLite's own count of events included."""
        tables = await self.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        return {name: sorted(await self.rows(f"SELECT * FROM {name}"), key=repr) for (name,) in tables}  # noqa: S608


def client_of(
    address: str,
    *,
    limits: Limits = LIMITS,
    arxiv_seconds: float = QUICK,
    folder: Path | None = None,
) -> PoliteClient:
    """A client that finds every declared host at this address."""
    arxiv = Pace("arXiv", 1, arxiv_seconds, 1)
    hosts = {
        "huggingface.co": Pace("Hugging Face", 1000, 1.0, 4),
        "export.arxiv.org": arxiv,
        "rss.arxiv.org": arxiv,
    }
    mirrors = dict.fromkeys(hosts, address)
    return PoliteClient(hosts, version="1", mirrors=mirrors, limits=limits, folder=folder)


@asynccontextmanager
async def staged(
    folder: Path, *lines: str, limits: Limits = LIMITS, arxiv_seconds: float = QUICK
) -> AsyncGenerator[Stage, None]:
    """A stage over an empty database."""
    async with (
        MisbehavingServer() as server,
        open_database(lay_database(folder / "papers.db")) as engine,
        client_of(server.address, limits=limits, arxiv_seconds=arxiv_seconds) as client,
    ):
        yield Stage(engine, server, client, *lines)


def day(days_ago: int = 0) -> str:
    """As Hugging Face is asked for it."""
    return (TODAY - timedelta(days=days_ago)).isoformat()
