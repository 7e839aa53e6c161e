"""Papers come to the bot from a host that a test speaks for, and from beside."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from corpus.catalogue import hosts
from corpus.database import open_database
from corpus.polite.client import PoliteClient
from corpus.source_states import SourceStates
from corpus.store import PaperStore
from corpus.sync import Sync

from .papers import database_url, paper, put_papers
from .sources import Sources, record

pytestmark = pytest.mark.wire
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def test_what_a_test_publishes_is_what_a_sync_brings(tmp_path: Path):
    async with (
        Sources() as sources,
        open_database(database_url(tmp_path)) as engine,
        PoliteClient(hosts(), version="1", mirrors={"huggingface.co": sources.address}) as client,
    ):
        sources.publish(
            TODAY, record("2611.00001", "Counting Fireflies", "We count.", published=TODAY, upvotes=7)
        )
        store = PaperStore(engine)
        sync = Sync(store, SourceStates(engine), client, ["hugging-face-daily"], lambda: NOW)
        [visit] = (await sync.run()).values()
        assert (visit.report.new, visit.failure) == (1, None)
        found = await store.get("2611.00001")
        assert found is not None
        assert (found.title, found.upvotes, found.published) == ("Counting Fireflies", 7, TODAY)
    assert sources.asked[-1] == TODAY.isoformat()
    assert sources.asked[0] == (TODAY - timedelta(days=7)).isoformat()


async def test_papers_come_from_beside_without_a_source(tmp_path: Path):
    told = [paper(number, f"Fireflies {number}") for number in range(20)]
    assert (await put_papers(tmp_path, told)).new == 20
    assert (await put_papers(tmp_path, told)).unchanged == 20
