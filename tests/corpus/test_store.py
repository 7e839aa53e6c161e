"""Papers in SQL: one row a paper, whatever it is called and however often it is told."""

import asyncio
import dataclasses
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from corpus.account import Account
from corpus.best import Told, paper_of
from corpus.database import open_database
from corpus.errors import CorpusError
from corpus.paper import Paper, title_id
from corpus.store import PaperStore
from corpus.tables import accounts, aliases, events, papers
from tests.empty_database import lay_database

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2026, 1, 2, tzinfo=UTC)


def say(title: str = "On Bees", abstract: str = "Bees are many.", **facts: Any) -> Account:
    return Account(title, abstract, **facts)


def paper(account: Account) -> Paper:
    """The paper that nobody else says anything of."""
    return paper_of([Told(account, "page", NOW)])


FULL = say(
    arxiv_id="2501.00001",
    authors=("Ada", "Bo"),
    authors_count=2,
    organisation="Harbour Lab",
    published=date(2025, 1, 2),
    upvotes=0,
    comments=3,
    links=("https://example.org",),
)


async def put(store: PaperStore, *told: Account, source: str = "page", now: datetime = NOW) -> dict[str, int]:
    changes = await store.put(told, source=source, now=now)
    counts = {name: getattr(changes, name) for name in ("new", "updated", "unchanged", "skipped")}
    return {name: number for name, number in counts.items() if number}


async def count(engine: AsyncEngine, table: Any) -> int:
    async with engine.connect() as connection:
        return (await connection.execute(select(func.count()).select_from(table))).scalar_one()


async def test_what_is_put_in_comes_out_again(store: PaperStore):
    assert await put(store, FULL, say("On Bears")) == {"new": 2}
    assert await store.get("2501.00001") == paper(FULL)
    assert await store.get(title_id("On Bears")) == paper(say("On Bears"))


async def test_an_unknown_id_is_none(store: PaperStore):
    assert await store.get("2501.99999") is None
    assert await store.get("") is None


async def test_putting_twice_changes_nothing(store: PaperStore, engine: AsyncEngine):
    await put(store, FULL)
    assert await put(store, FULL, now=LATER) == {"unchanged": 1}
    async with engine.connect() as connection:
        updated = await connection.scalar(select(papers.c.updated))
    assert updated is not None
    assert updated.replace(tzinfo=UTC) == NOW


async def test_a_later_source_with_the_id_merges_and_loses_nothing(store: PaperStore):
    await put(store, say(comments=3, organisation="Harbour Lab", links=("https://a.org",)))
    told = say("On bees", arxiv_id="2501.00001", authors=("Ada", "Bo"), links=("https://b.org",))
    assert await put(store, told, source="arxiv", now=LATER) == {"updated": 1}
    merged = await store.get("2501.00001")
    assert merged == dataclasses.replace(
        paper(told),
        comments=3,
        organisation="Harbour Lab",
        authors_count=2,
        links=("https://b.org", "https://a.org"),
    )
    assert (await store.summary()).papers == 1


async def test_a_paper_is_found_again_by_the_id_it_had_before(store: PaperStore):
    await put(store, say())
    await put(store, say(arxiv_id="2501.00001"), source="arxiv")
    found = await store.get(title_id("On Bees"))
    assert found is not None
    assert found.id == "2501.00001"


async def test_a_source_without_the_id_finds_the_paper_that_has_it(store: PaperStore):
    await put(store, FULL)
    assert await put(store, say("ON BEES", upvotes=9), source="other", now=LATER) == {"updated": 1}
    found = await store.get("2501.00001")
    assert found is not None
    assert (found.upvotes, found.published, found.authors) == (9, date(2025, 1, 2), ("Ada", "Bo"))


async def test_two_rows_that_turn_out_to_be_one_paper_become_one_and_keep_all(
    store: PaperStore, engine: AsyncEngine
):
    await put(store, say("On Bees", organisation="Harbour Lab"), source="page")
    await put(store, say("Of Bees", arxiv_id="2501.00001", upvotes=4), source="arxiv", now=LATER)
    assert (await store.summary()).papers == 2
    assert await put(store, say("On Bees", arxiv_id="2501.00001"), source="feed", now=LATER) == {"updated": 1}
    assert (await store.summary()).papers == 1
    merged = await store.get("2501.00001")
    assert merged is not None
    assert (merged.organisation, merged.upvotes) == ("Harbour Lab", 4)
    assert await store.get(title_id("On Bees")) == merged
    assert await store.get(title_id("Of Bees")) == merged
    assert {told.source for told in await store.told_of("2501.00001")} == {"page", "arxiv", "feed"}
    async with engine.connect() as connection:
        first_seen = await connection.scalar(select(papers.c.first_seen))
    assert first_seen is not None
    assert first_seen.replace(tzinfo=UTC) == NOW
    assert await count(engine, aliases) == 2


async def test_papers_with_one_title_and_two_ids_stay_two(store: PaperStore):
    await put(store, say(arxiv_id="2501.00001"), say(arxiv_id="2501.00002"))
    assert [paper.id for paper in await store.by_title("on bees")] == ["2501.00001", "2501.00002"]
    assert await store.get(title_id("On Bees")) is None  # it would be a guess


async def test_among_namesakes_the_abstract_tells_which_paper_is_meant(store: PaperStore):
    await put(store, say(arxiv_id="2501.00001"), say(abstract="Others.", arxiv_id="2501.00002"))
    await put(store, say(abstract="Others.", upvotes=5), source="other")
    assert [paper.upvotes for paper in await store.get_many(["2501.00001", "2501.00002"])] == [None, 5]


async def test_each_source_keeps_its_last_account_in_its_own_characters_and_its_time(store: PaperStore):
    raw = dataclasses.replace(FULL, abstract=r"Bees are 50\% many.")
    await put(store, raw, source="page")
    await put(store, dataclasses.replace(raw, upvotes=7), source="page", now=LATER)
    arxiv = say(arxiv_id="2501.00001")
    await put(store, arxiv, source="arxiv")
    assert await store.told_of("2501.00001") == [
        Told(arxiv, "arxiv", NOW),
        Told(dataclasses.replace(raw, upvotes=7), "page", LATER),
    ]


async def test_what_a_source_leaves_out_the_next_time_it_does_not_take_back(store: PaperStore):
    await put(store, FULL)
    assert await put(store, say(arxiv_id="2501.00001", upvotes=9)) == {"updated": 1}
    found = await store.get("2501.00001")
    assert found is not None
    assert (found.upvotes, found.comments, found.authors) == (9, 3, ("Ada", "Bo"))


async def test_a_source_that_repeats_itself_does_not_undo_what_another_said_since(store: PaperStore):
    await put(store, say(arxiv_id="2501.00001", upvotes=1), source="page")
    await put(store, say(arxiv_id="2501.00001", upvotes=8), source="feed", now=LATER)
    assert await put(store, say(arxiv_id="2501.00001", upvotes=1), source="page") == {"unchanged": 1}
    found = await store.get("2501.00001")
    assert found is not None
    assert found.upvotes == 8


async def test_what_says_two_things_of_one_paper_says_nothing_new_the_second_time(
    store: PaperStore, engine: AsyncEngine
):
    two = (say(arxiv_id="2501.00001"), say("On Bees and Wasps", arxiv_id="2501.00001"))
    assert await put(store, *two) == {"new": 1, "updated": 1}
    for order in (two, two[::-1]):
        assert await put(store, *order, now=LATER) == {"unchanged": 2}
    await put(store, two[0], now=LATER)
    found = await store.get("2501.00001")
    assert found is not None
    assert found.title == "On Bees and Wasps"
    assert await count(engine, events) == 1


@pytest.mark.parametrize("stored_first", [0, 1, 2])
async def test_two_things_of_one_paper_told_apart_are_nothing_new_either_even_after_an_interruption(
    store: PaperStore, engine: AsyncEngine, stored_first: int
):
    # As a long file tells them: each in a transaction of its own. Two of the lines turn out to be about one paper.
    abstract = "Bees are many. " * 20
    lines = [
        say("Alpha", "", arxiv_id="2501.00001"),
        say("Epsilon", abstract),
        say("Epsilon", abstract, arxiv_id="2501.00001"),
        say("Gamma", "", arxiv_id="2501.00001"),
    ]
    for account in lines[:stored_first]:
        await put(store, account, now=NOW)
    for account in lines:
        await put(store, account, now=LATER)
    events_before = await count(engine, events)
    for account in lines:
        assert await put(store, account, now=LATER + timedelta(days=1)) == {"unchanged": 1}
    assert await count(engine, events) == events_before


async def test_a_source_may_return_to_what_it_said_before(store: PaperStore):
    for upvotes, day in ((5, 1), (6, 2), (5, 3)):
        now = datetime(2026, 1, day, tzinfo=UTC)
        await put(store, say(arxiv_id="2501.00001", upvotes=upvotes), now=now)
    found = await store.get("2501.00001")
    assert found is not None
    assert found.upvotes == 5


async def test_an_error_midway_leaves_nothing_behind(store: PaperStore):
    def told():
        yield say("On Bees")
        raise RuntimeError("the source broke")

    with pytest.raises(RuntimeError, match="the source broke"):
        await store.put(told(), source="page", now=NOW)
    assert (await store.summary()).papers == 0


async def test_many_ids_come_back_in_the_order_asked_for(store: PaperStore):
    told = [say(f"On {number} Bees", arxiv_id=f"2501.{number:05}") for number in range(510)]
    await put(store, *told)
    asked = [account.arxiv_id or "" for account in reversed(told)]
    assert [paper.id for paper in await store.get_many([*asked, "2502.00001"])] == asked
    assert await store.get_many([]) == []


async def test_titles_are_searched_by_all_their_words_in_any_order_and_case(store: PaperStore):
    await put(store, say("Bees of the North"), say("North of Nowhere"), say("100% Bees_x"))
    found = await store.search_titles("north BEES", limit=5)
    assert [paper.title for paper in found] == ["Bees of the North"]


@pytest.mark.parametrize("sign", ["%", "_", "'"])
async def test_signs_that_sql_gives_a_meaning_are_only_signs(store: PaperStore, sign: str):
    await put(store, say("Plain"), say(f"With {sign} in it"))
    assert [paper.title for paper in await store.search_titles(sign, limit=5)] == [f"With {sign} in it"]


async def test_a_backslash_is_a_sign_that_no_readable_title_has(store: PaperStore):
    await put(store, say("Plain"))
    assert await store.search_titles("\\", limit=5) == []


async def test_a_search_finds_the_start_of_an_id_and_keeps_to_its_limit(store: PaperStore):
    await put(store, *(say(f"On {number} Bees", arxiv_id=f"2501.0000{number}") for number in range(5)))
    assert [paper.id for paper in await store.search_titles("2501.00003", limit=5)] == ["2501.00003"]
    assert len(await store.search_titles("2501", limit=2)) == 2


async def test_titles_that_start_with_the_words_come_first_then_the_newest_and_the_undated_last(
    store: PaperStore,
):
    await put(
        store,
        say("Bees, undated"),
        say("Bees, old", published=date(2020, 1, 1)),
        say("Bees, new", published=date(2025, 1, 1)),
        say("Of Bees", published=date(2026, 1, 1)),
    )
    found = [paper.title for paper in await store.search_titles("bees", limit=9)]
    assert found == ["Bees, new", "Bees, old", "Bees, undated", "Of Bees"]


async def test_the_contents_are_the_hash_of_every_paper(store: PaperStore):
    await put(store, FULL, say("On Bears"))
    assert await store.contents() == {
        "2501.00001": paper(FULL).content_hash,
        title_id("On Bears"): paper(say("On Bears")).content_hash,
    }


async def test_the_summary_counts_papers_and_sources(store: PaperStore):
    empty = await store.summary()
    assert (empty.papers, empty.newest, dict(empty.sources)) == (0, None, {})
    await put(store, FULL, say("On Bears"))
    await put(store, FULL, source="arxiv")
    summary = await store.summary()
    assert (summary.papers, summary.newest, summary.sources) == (2, date(2025, 1, 2), {"page": 2, "arxiv": 1})


# Few titles and few ids, so that accounts meet; an id has one title of its own and one it shares with none.
TOLD = st.builds(
    lambda number, has_id, renamed, facts: say(
        f"On {number} Bees{', Revised' if renamed else ''}",
        arxiv_id=f"2501.0000{number}" if has_id else None,
        **facts,
    ),
    st.integers(1, 3),
    st.booleans(),
    st.booleans(),
    st.fixed_dictionaries(
        {},
        optional={
            "upvotes": st.integers(0, 3),
            "organisation": st.sampled_from(["Harbour Lab", "Meadow"]),
            "links": st.sampled_from([("https://a.org",), ("https://b.org",)]),
        },
    ),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(TOLD, min_size=1, max_size=8), data=st.data())
def test_papers_put_in_any_order_and_twice_are_the_same_papers(
    tmp_path_factory: pytest.TempPathFactory, told: list[Account], data: st.DataObject
):
    shuffled = data.draw(st.permutations(told))

    async def stored(order: list[Account]) -> tuple[dict[str, str], dict[str, set[str]]]:
        folder: Path = tmp_path_factory.mktemp("order")
        async with open_database(lay_database(folder / "papers.db")) as engine:
            store = PaperStore(engine)
            # Each account is a source of its own: none replaces another's words.
            for account in order * 2:
                await put(store, account, source=f"source {told.index(account)}")
            by_title = {account.title: await store.by_title(account.title) for account in told}
            assert all(len(same) == 1 for same in by_title.values())
            held = await store.get_many(list(await store.contents()))
            return (
                {title: same[0].id for title, same in by_title.items()},
                {paper.id: set(paper.links) for paper in held},
            )

    assert asyncio.run(stored(told)) == asyncio.run(stored(shuffled))


async def test_two_sources_may_be_stored_at_the_same_time(store: PaperStore):
    def told(source: str) -> list[Account]:
        return [say(f"On {number} {source}") for number in range(20)]

    outcomes = await asyncio.gather(
        *(put(store, *told(source), source=source) for source in ("bees", "bears")),
        return_exceptions=True,
    )
    assert outcomes == [{"new": 20}, {"new": 20}]


async def test_a_number_too_large_for_the_database_is_an_error_in_words(store: PaperStore):
    with pytest.raises(CorpusError):
        await put(store, say(authors_count=10**30))


async def test_deleting_a_paper_takes_what_hangs_on_it(store: PaperStore, engine: AsyncEngine):
    await put(store, FULL)
    async with engine.begin() as connection:
        await connection.execute(papers.delete())
    assert await count(engine, aliases) == await count(engine, accounts) == 0


async def test_every_name_that_a_paper_ever_had_is_known(store: PaperStore):
    await put(store, say("On Bees"))
    await put(store, say("On Bees", arxiv_id="2501.00001"), source="arxiv")
    await put(store, say("Of Wasps", "Wasps.", arxiv_id="2501.00001", version=2), source="arxiv", now=LATER)
    names = await store.names_of(["2501.00001"])
    assert names["2501.00001"] >= {"2501.00001", title_id("On Bees"), title_id("Of Wasps")}


async def test_two_papers_that_turn_out_to_be_one_have_the_names_of_both(store: PaperStore):
    await put(store, say("On Bees"))
    await put(store, say("Of Bees", arxiv_id="2501.00001"), source="arxiv")
    await put(store, say("On Bees", arxiv_id="2501.00001"), source="feed")
    names = await store.names_of(["2501.00001"])
    assert names["2501.00001"] >= {title_id("On Bees"), title_id("Of Bees")}


async def test_a_paper_that_is_not_known_has_no_name_but_the_one_it_is_asked_by(store: PaperStore):
    assert await store.names_of(["2501.99999"]) == {"2501.99999": {"2501.99999"}}
    assert await store.sources_of(["2501.99999"]) == {"2501.99999": set()}
    assert await store.names_of([]) == await store.sources_of([]) == {}


async def test_whoever_told_of_a_paper_is_known_each_once(store: PaperStore):
    await put(store, FULL, source="page")
    await put(store, dataclasses.replace(FULL, upvotes=3), source="page", now=LATER)
    await put(store, dataclasses.replace(FULL, version=2), source="arxiv")
    await put(store, say("On Bears"), source="list")
    assert await store.sources_of(["2501.00001", title_id("On Bears")]) == {
        "2501.00001": {"page", "arxiv"},
        title_id("On Bears"): {"list"},
    }


async def test_names_and_sources_of_more_papers_than_one_statement_takes(store: PaperStore):
    told = [say(f"On {number} Bees", arxiv_id=f"2501.{number:05}") for number in range(1001)]
    await put(store, *told)
    ids = [account.arxiv_id or "" for account in told]
    names, sources = await store.names_of(ids), await store.sources_of(ids)
    assert all(
        title_id(account.title) in names[paper_id] for account, paper_id in zip(told, ids, strict=True)
    )
    assert sources == {paper_id: {"page"} for paper_id in ids}
