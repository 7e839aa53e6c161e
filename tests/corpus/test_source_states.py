"""How far sources are read, and how their last visits went: kept in SQL, and never taken back."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from corpus.account import Account
from corpus.errors import DatabaseError
from corpus.source_state import ReadTo, SourceState
from corpus.source_states import SourceStates
from corpus.sources.source import Validator
from corpus.store import PaperStore

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
LINE = "arxiv-new:cs.CL"
URL = "https://rss.arxiv.org/rss/cs.CL"


@pytest.fixture
def states(engine: AsyncEngine) -> SourceStates:
    return SourceStates(engine)


async def read_to(
    store: PaperStore, watermark: str | None = None, validator: Validator | None = None
) -> None:
    await store.put([], source="arxiv", now=NOW, read_to=ReadTo(LINE, watermark, validator))


async def test_of_a_source_that_was_never_visited_nothing_is_known(states: SourceStates):
    assert await states.get(LINE) == SourceState(LINE)
    assert await states.all() == []
    assert await states.validator(URL) is None


async def test_a_visit_that_begins_is_told_from_one_that_ended(states: SourceStates):
    await states.begin(LINE, now=NOW)
    assert await states.get(LINE) == SourceState(LINE, started=NOW)
    await states.end(LINE, now=LATER, counts={"new": 3}, failure=None)
    whole = SourceState(LINE, started=NOW, ended=LATER, counts={"new": 3})
    assert await states.get(LINE) == whole
    await states.begin(LINE, now=LATER)
    assert await states.get(LINE) == SourceState(LINE, started=LATER, ended=LATER, counts={"new": 3})


async def test_a_failure_is_kept_in_words_until_a_visit_goes_well(states: SourceStates):
    await states.end(LINE, now=NOW, counts={"new": 0}, failure="arXiv answered 503")
    assert (await states.get(LINE)).failure == "arXiv answered 503"
    await states.begin(LINE, now=LATER)
    assert (await states.get(LINE)).failure == "arXiv answered 503"
    await states.end(LINE, now=LATER, counts={"new": 0}, failure=None)
    assert (await states.get(LINE)).failure is None


async def test_the_same_source_with_another_argument_is_another(states: SourceStates):
    await states.begin("arxiv-new:cs.LG", now=NOW)
    await states.begin("arxiv-new:cs.CL", now=LATER)
    assert [(state.source, state.started) for state in await states.all()] == [
        ("arxiv-new:cs.CL", LATER),
        ("arxiv-new:cs.LG", NOW),
    ]


async def test_when_the_next_visit_is_can_be_said_of_several_and_taken_back(states: SourceStates):
    await states.end(LINE, now=NOW, counts={"new": 3}, failure=None)
    await states.expect([LINE, "hugging-face-daily"], at=LATER)
    assert [state.next_visit for state in await states.all()] == [LATER, LATER]
    await states.expect([LINE, "hugging-face-daily"], at=None)
    assert [state.next_visit for state in await states.all()] == [None, None]
    assert (await states.get(LINE)).counts == {"new": 3}


async def test_a_watermark_goes_forward_and_never_back(states: SourceStates, store: PaperStore):
    for given, expected in [
        ("2026-11-20", "2026-11-20"),
        ("2026-11-22", "2026-11-22"),
        ("2026-11-21", "2026-11-22"),
        (None, "2026-11-22"),
        ("2026-11-22", "2026-11-22"),
        ("2026-11-22T08:00", "2026-11-22T08:00"),
        ("2026-12-01", "2026-12-01"),
    ]:
        await read_to(store, given)
        assert (await states.get(LINE)).watermark == expected


async def test_a_watermark_and_a_visit_leave_each_other_as_they_are(states: SourceStates, store: PaperStore):
    await states.begin(LINE, now=NOW)
    await read_to(store, "2026-11-22")
    await states.end(LINE, now=LATER, counts={"new": 1}, failure="it broke off")
    assert await states.get(LINE) == SourceState(
        LINE, "2026-11-22", started=NOW, ended=LATER, failure="it broke off", counts={"new": 1}
    )


async def test_where_the_papers_cannot_be_stored_the_watermark_stays(states: SourceStates, store: PaperStore):
    too_many = Account("On Bees", authors_count=10**30)
    with pytest.raises(DatabaseError):
        await store.put(
            [too_many],
            source="arxiv",
            now=NOW,
            read_to=ReadTo(LINE, "2026-11-22", Validator(URL, '"v1"', None)),
        )
    assert await states.all() == []
    assert await states.validator(URL) is None


async def test_an_answer_is_recognised_by_the_last_mark_that_was_kept_for_its_address(
    states: SourceStates, store: PaperStore
):
    first = Validator(URL, '"v1"', "Mon, 23 Nov 2026 12:00:00 GMT")
    second = Validator(URL, None, "Tue, 24 Nov 2026 12:00:00 GMT")
    other = Validator(f"{URL}?p=1", '"x"', None)
    for validator in (first, other):
        await read_to(store, validator=validator)
    assert (await states.validator(first.url), await states.validator(other.url)) == (first, other)
    await read_to(store, validator=second)
    assert (await states.validator(first.url), await states.validator(other.url)) == (second, other)
    await read_to(store)
    assert await states.validator(first.url) == second
