"""Papers put into the bot's own database from beside it, through the product's own code."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from corpus.account import Account
from corpus.database import open_database
from corpus.report import Changes
from corpus.store import PaperStore


def database_url(data: Path) -> str:
    """The SQLite database of a data folder."""
    return f"sqlite+aiosqlite:///{data / 'papercord.db'}"


async def put_papers(
    data: Path, told: Iterable[Account], *, source: str = "hugging-face", now: datetime | None = None
) -> Changes:
    """Let papers come at once, in a bot that runs or has stopped; a running one looks at latest a minute later."""
    async with open_database(database_url(data)) as engine:
        return await PaperStore(engine).put(told, source=source, now=now or datetime.now(UTC))


def paper(number: int, title: str, abstract: str = "", **more: Any) -> Account:
    """What a source says of a made-up paper; the number tells it from others."""
    told: dict[str, Any] = {
        "abstract": abstract or f"{title} is what this paper is about.",
        "arxiv_id": f"2611.{number:05}",
        "authors": ("Ada Lund",),
        "published": date(2026, 11, 20),
    }
    return Account(title=title, **told | more)
