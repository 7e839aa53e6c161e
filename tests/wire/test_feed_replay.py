"""Recorded days of Hugging Face, one after the other, into ten feeds of different kinds: every paper is accounted for."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

import pytest

from bot.feeds.assessing import Assessor
from bot.feeds.explaining import Explainer
from bot.feeds.feed import Feed
from bot.feeds.news import Newsstand
from bot.feeds.schedule import Schedule
from bot.state.feeds import FeedStore
from bot.state.outbox import Outbox
from bot.state.posted import PostedPapers
from corpus.database import open_database
from corpus.events import Events
from corpus.store import PaperStore
from retrieval.stored_vectors import StoredVectors
from retrieval.topic_scores import TopicScores
from tests.conftest import SHARED, WORDS, at_once

from .channels import GuildChannel
from .feeding import Feeding, feeding, prepare
from .forking import Nursery
from .papers import database_url
from .sources import Sources

RECORDED = SHARED / "samples" / "hf_daily"
FIRST = datetime(2026, 11, 2, 8, tzinfo=UTC)  # a Monday
pytestmark = [
    pytest.mark.wire,
    pytest.mark.slow,
    pytest.mark.skipif(not RECORDED.exists(), reason="the recorded days are not beside this checkout"),
]
KINDS: dict[str, dict[str, Any]] = {
    "instant cards": {},
    "instant topic": {"query": "large language models reasoning", "threshold": 0.3},
    "liked": {"min_upvotes": 40},
    "words": {"query": "-video -image"},
    "daily": {"style": "digest", "schedule": Schedule("daily", time_of_day(9))},
    "daily topic": {
        "style": "digest",
        "schedule": Schedule("daily", time_of_day(21), "America/New_York"),
        "query": "diffusion models generate images",
        "threshold": 0.3,
    },
    "weekdays": {
        "style": "digest",
        "schedule": Schedule("weekdays", time_of_day(18), "Europe/Berlin"),
        "max_items": 5,
    },
    "weekly": {
        "style": "digest",
        "schedule": Schedule("weekly", time_of_day(10), weekday=4),
        "max_items": 20,
    },
    "cron": {"style": "digest", "schedule": Schedule("cron", cron="0 */6 * * *"), "skip_empty": False},
    "forum": {"style": "forum", "min_upvotes": 20},
}


def recorded_days() -> list[list[dict[str, Any]]]:
    """The recorded days, in order, moved to one after the other from FIRST on."""
    days: list[list[dict[str, Any]]] = []
    for file in sorted(RECORDED.glob("*.json")):
        records = json.loads(file.read_text("utf-8"))
        if (
            isinstance(records, list)
            and records
            and all(isinstance(one, dict) and "paper" in one for one in records)
        ):
            moment = (FIRST + timedelta(days=len(days))).strftime("%Y-%m-%dT03:00:00.000Z")
            days.append([_moved(record, moment) for record in records])
    return days


def _moved(record: dict[str, Any], moment: str) -> dict[str, Any]:
    moved = {"publishedAt": moment, "submittedOnDailyAt": moment}
    return {**record, "publishedAt": moment, "paper": {**record["paper"], **moved}}


@pytest.fixture
async def nursery() -> AsyncGenerator[Nursery, None]:
    async with Nursery() as nursery:
        yield nursery


async def test_recorded_days_reach_ten_feeds_and_every_paper_is_accounted_for(
    nursery: Nursery, tmp_path: Path
):
    prepared = await prepare(nursery, tmp_path / "prepared")
    days = recorded_days()
    async with Sources() as sources, feeding(nursery, prepared, tmp_path / "run") as stage:
        stage.staging.set_clock(FIRST)
        guild = stage.server.world.guild
        feeds: dict[str, tuple[Feed, GuildChannel]] = {}
        for name, settings in KINDS.items():
            place = (
                guild.add_forum(name.replace(" ", "-"))
                if name == "forum"
                else guild.add_text_channel(name.replace(" ", "-"))
            )
            feeds[name] = (await stage.feed(place, **settings), place)
        for number, records in enumerate(days):
            sources.publish((FIRST + timedelta(days=number)).date(), *records)
        await stage.start(env=sources.env)
        for number in range(len(days)):
            await _live_through(stage, FIRST + timedelta(days=number))
        await stage.finish(within=60)
        stage.staging.step(7 * 86_400)
        await stage.finish(within=60)
        await stage.stop()
        await _account_for_all(stage, feeds)


async def _live_through(stage: Feeding, day: datetime) -> None:
    """A day: it begins, the sources are asked, papers are read for meaning, and every time to post comes by."""
    stage.staging.set_clock(day)
    await (await stage.server.slash("corpus sync")).message(within=60)
    for hours in (2.5, 11, 20):
        await stage.finish(within=90)
        stage.staging.set_clock(day + timedelta(hours=hours))
        await asyncio.sleep(0.1)
    await stage.finish(within=90)


async def _account_for_all(stage: Feeding, feeds: dict[str, tuple[Feed, GuildChannel]]) -> None:
    async with open_database(database_url(stage.data)) as engine:
        store, outbox = PaperStore(engine), Outbox(engine)
        judge = TopicScores(WORDS, StoredVectors(engine, [one.model.key for one in WORDS.encoders]), at_once)
        newsstand = Newsstand(store, Events(engine))
        explainer = Explainer(
            newsstand, Assessor(judge, at_once), PostedPapers(engine), outbox, stage.staging.now
        )
        papers = await store.get_many(list(await store.contents()))
        for name, (feed, place) in feeds.items():
            now = await FeedStore(engine).get(feed.number, guild=int(place.guild_id or 0))
            assert not now.is_paused, (name, now.why)
            posted = posted_papers(stage, place)
            assert max(posted.values(), default=1) == 1, (name, posted.most_common(3))
            for paper in papers:
                why = await explainer.why(now, paper)
                if paper.id in posted:
                    assert why.url, (name, paper.title, why)
                else:
                    assert why.posted is None, (name, paper.title, why)
                    assert all(holds for holds, _ in why.rules) is ("It fitted" in why.verdict), (
                        name,
                        paper.title,
                        why,
                    )
            print(name, len(posted), await outbox.totals(feed.number))  # noqa: T201 - for whoever wants to see


def posted_papers(stage: Feeding, place: GuildChannel) -> Counter[str]:
    """How often each paper stands in a channel, by the button or menu that opens its abstract."""
    return Counter(
        paper_id for message in stage.server.posted(place) for paper_id in set(_opened(message["components"]))
    )


def _opened(components: list[dict[str, Any]]) -> list[str]:
    found: list[str] = []
    for part in components:
        if str(part.get("custom_id", "")).startswith("abstract:"):
            found.append(part["custom_id"].removeprefix("abstract:"))
        if str(part.get("custom_id", "")).startswith("post-paper:"):
            found += [option["value"] for option in part["options"]]
        found += _opened(part.get("components", []))
    return found
