"""What happened to papers, in order, and nothing twice."""

from datetime import UTC, datetime

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
