"""What happened to papers, in order, and nothing twice."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from corpus.account import Account
from corpus.events import Events
from corpus.store import PaperStore

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def say(title: str, **facts: object) -> Account:
    return Account(title, **facts)  # pyright: ignore[reportArgumentType]


async def test_a_paper_is_new_once_and_then_changes(store: PaperStore, engine: AsyncEngine):
    events = Events(engine)
    assert await events.last() == 0
    await store.put([say("On Bees"), say("On Bears")], source="page", now=NOW)
    await store.put([say("On Bees", arxiv_id="2501.00001")], source="arxiv", now=NOW)
    await store.put([say("On Bees", arxiv_id="2501.00001")], source="arxiv", now=NOW)
    happened = await events.after(0, limit=9)
    assert [(event.paper_id, event.kind, event.source) for event in happened][::2] == [
        ("2501.00001", "new", "page"),
        ("2501.00001", "updated", "arxiv"),
    ]
    assert [event.at for event in happened] == [NOW] * 3


async def test_whoever_remembers_the_last_number_misses_nothing_and_sees_nothing_twice(
    store: PaperStore, engine: AsyncEngine
):
    events = Events(engine)
    seen: list[str] = []
    last = 0
    for number in range(7):
        await store.put([say(f"On {number} Bees"), say(f"On {number} Bears")], source="page", now=NOW)
        for event in await events.after(last, limit=3):
            seen.append(event.paper_id)
            last = event.number
    while rest := await events.after(last, limit=3):
        seen += [event.paper_id for event in rest]
        last = rest[-1].number
    assert len(seen) == len(set(seen)) == 14
    assert last == await events.last()


async def test_a_number_is_never_given_twice_even_if_papers_go(store: PaperStore, engine: AsyncEngine):
    events = Events(engine)
    await store.put([say("On Bees")], source="page", now=NOW)
    await store.put([say("Of Bees", arxiv_id="2501.00001")], source="arxiv", now=NOW)
    before = await events.last()
    # The two turn out to be one: what happened to the row that goes happened to the one that stays.
    await store.put([say("On Bees", arxiv_id="2501.00001")], source="feed", now=NOW)
    after = await events.after(before, limit=9)
    assert [(event.paper_id, event.kind) for event in after] == [("2501.00001", "updated")]
    everything = await events.after(0, limit=9)
    assert {event.paper_id for event in everything} == {"2501.00001"}
    assert [event.kind for event in everything].count("new") == 1


async def put_five(store: PaperStore) -> None:
    """Of ten events the odd ones are new papers, and the even ones news of them."""
    for number in range(5):
        at = NOW + timedelta(days=number)
        paper = {"arxiv_id": f"2501.0000{number}"}
        await store.put([say(f"On {number} Bees", **paper)], source="page", now=at)
        await store.put([say(f"On {number} Bees", upvotes=1, **paper)], source="page", now=at)


async def test_the_newest_of_a_span_come_oldest_first(store: PaperStore, engine: AsyncEngine):
    await put_five(store)
    events = Events(engine)
    numbers = [event.number for event in await events.newest(after=2, until=8, limit=4)]
    assert numbers == [5, 6, 7, 8]
    new = await events.newest(after=2, until=8, limit=2, kind="new")
    assert [(event.number, event.paper_id) for event in new] == [(5, "2501.00002"), (7, "2501.00003")]
    assert await events.newest(after=8, until=8, limit=9) == []


async def test_those_of_a_kind_in_a_span_are_counted(store: PaperStore, engine: AsyncEngine):
    await put_five(store)
    events = Events(engine)
    assert await events.count(after=0, until=10, kind="new") == 5
    assert await events.count(after=1, until=5, kind="new") == 2
    assert await events.count(after=1, until=5, kind="updated") == 2
    assert await events.count(after=5, until=1, kind="new") == 0


async def test_when_papers_came_is_known_of_all_that_are_known(store: PaperStore, engine: AsyncEngine):
    told = [say(f"On {number} Bees", arxiv_id=f"2501.{number:05}") for number in range(1001)]
    await store.put(told, source="page", now=NOW)
    ids = [account.arxiv_id or "" for account in told]
    came = await Events(engine).arrivals_of([*ids, "2501.99999"])
    assert {paper_id: event.paper_id for paper_id, event in came.items()} == dict(zip(ids, ids, strict=True))
    assert {event.kind for event in came.values()} == {"new"}
    assert await Events(engine).arrivals_of([]) == {}


async def test_a_paper_that_two_turned_out_to_be_came_when_the_first_did(
    store: PaperStore, engine: AsyncEngine
):
    await store.put([say("On Bees")], source="page", now=NOW)
    await store.put([say("Of Bees", arxiv_id="2501.00001")], source="arxiv", now=NOW + timedelta(days=1))
    await store.put([say("On Bees", arxiv_id="2501.00001")], source="feed", now=NOW + timedelta(days=2))
    came = await Events(engine).arrivals_of(["2501.00001"])
    assert (came["2501.00001"].number, came["2501.00001"].at) == (1, NOW)


async def test_the_last_event_before_a_time_is_found(store: PaperStore, engine: AsyncEngine):
    await put_five(store)
    events = Events(engine)
    found = [await events.last_before(NOW + timedelta(days=days)) for days in (-1, 0, 1, 1.5, 99)]
    assert found == [0, 0, 2, 4, 10]


async def test_before_the_first_paper_nothing_has_happened(engine: AsyncEngine):
    events = Events(engine)
    assert await events.last_before(NOW) == 0
    assert await events.newest(after=0, until=9, limit=9) == []
    assert await events.count(after=0, until=9, kind="new") == 0
