"""What the owner asks of the corpus, where the order of events is what matters."""

import asyncio
import gzip
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.curator import Curator
from bot.errors import CorpusTroubleError, StillGoingError, words_for
from bot.state.pending_imports import MOST, PendingImports
from bot.state.tables import pending_imports
from corpus.account import Account
from corpus.store import PaperStore
from tests.conftest import NOW
from tests.corpus.test_arxiv_atom import answer, entry

from .conftest import Outside
from .test_corpus import ARXIV, DAILY, daily, lines


async def test_a_sync_that_outlasts_discord_goes_on_and_says_so(
    outside: Outside, store: PaperStore, news: asyncio.Event, make_curator: Callable[..., Curator]
):
    outside.answers = {DAILY: daily("2611.00001")}
    outside.opens.clear()
    with pytest.raises(StillGoingError) as raised:
        await make_curator(patience=0.0).sync()
    assert "It goes on: /corpus status shows what comes of it." in words_for(raised.value)
    outside.opens.set()
    await news.wait()
    assert await store.get("2611.00001")


async def test_two_confirmations_at_once_import_once(curator: Curator):
    pending = (await curator.preview("x.jsonl", lines("Bees"))).pending
    assert pending is not None
    outcomes = await asyncio.gather(*(curator.confirm(pending) for _ in range(2)), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["DoneAlreadyError", "Import"]


async def test_nobody_waits_to_write_while_arxiv_is_asked_for_a_preview(
    curator: Curator, outside: Outside, store: PaperStore
):
    outside.answers = {ARXIV: answer(entry("2611.00001v1"))}
    outside.opens.clear()
    looking = asyncio.create_task(curator.preview("ids.txt", b"2611.00001"))
    await outside.was_asked.wait()
    async with asyncio.timeout(30):
        await store.put([Account("Bees")], source="test", now=NOW)
    outside.opens.set()
    assert (await looking).report.new == 1


async def test_the_newest_previews_are_kept_and_older_ones_make_room(engine: AsyncEngine):
    kept = PendingImports(engine)
    ids = [await kept.keep("x", b"x", now=NOW + timedelta(seconds=second)) for second in range(MOST + 1)]
    async with engine.connect() as connection:
        rows = (await connection.execute(pending_imports.select())).all()
    assert {row.id for row in rows} == set(ids[1:])
    await kept.keep("x", b"x", now=NOW + timedelta(days=3))
    async with engine.connect() as connection:
        assert len((await connection.execute(pending_imports.select())).all()) == 1


async def test_a_file_that_breaks_off_is_taken_in_as_far_as_it_goes_and_can_be_confirmed_again(
    curator: Curator, engine: AsyncEngine, store: PaperStore, news: asyncio.Event
):
    broken = gzip.compress(b"\n".join(lines(f"On bees, part {number}") for number in range(2000)))[:-99]
    pending = await PendingImports(engine).keep("bees.jsonl.gz", broken, now=NOW)
    for _ in range(2):
        news.clear()
        with pytest.raises(CorpusTroubleError, match="damaged or cut off"):
            await curator.confirm(pending)
        assert news.is_set()
    assert (await store.summary()).papers == 52 + 1000


async def test_a_paper_that_was_known_by_its_title_alone_is_not_new(
    curator: Curator, outside: Outside, store: PaperStore
):
    outside.answers = {ARXIV: answer(entry("2611.00001v1", title="On Bees", summary="Bees are many."))}
    await store.put([Account("On bees", "Bees are many.")], source="test", now=NOW)
    added = await curator.add("2611.00001")
    assert (added.is_new, added.is_updated, added.paper.id) == (False, True, "2611.00001")
