"""A listing holds exactly the papers of a period, in one order, and says how many there are."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.account import Account
from corpus.database import open_database
from corpus.listing import Count, Listing, Wanted
from corpus.store import PaperStore
from tests.conftest import NOW
from tests.empty_database import lay_database

TODAY = date(2026, 11, 23)


def say(number: int, **facts: Any) -> Account:
    return Account(f"On {number} Bees", arxiv_id=f"2611.0000{number}", **facts)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


async def put(store: PaperStore, *told: Account) -> None:
    await store.put(told, source="test", now=NOW)


def numbers(listing: Listing) -> list[int]:
    return [int(paper_id[-1]) for paper_id in listing.ids]


async def test_the_newest_come_first_and_within_a_day_the_most_upvoted_whatever_is_unknown_last(
    store: PaperStore,
):
    await put(
        store,
        say(1, listed=ago(1), upvotes=3),
        say(2, listed=ago(0)),
        say(3, listed=ago(1), upvotes=30),
        say(4, listed=ago(1)),
        say(5),
        say(6, listed=ago(1), upvotes=0),
    )
    listing = await store.listing(Wanted())
    assert numbers(listing) == [2, 3, 1, 6, 4, 5]
    assert (listing.total, listing.counted, listing.newest) == (6, 6, ago(0))


async def test_a_paper_belongs_to_the_day_it_was_listed_and_without_one_to_the_day_it_was_published(
    store: PaperStore,
):
    await put(
        store,
        say(1, published=ago(900), listed=ago(2)),
        say(2, published=ago(2)),
        say(3, published=ago(2), listed=ago(1)),
    )
    listing = await store.listing(Wanted(ago(2), ago(2)))
    assert sorted(numbers(listing)) == [1, 2]


async def test_both_ends_of_a_period_belong_to_it_and_a_paper_without_a_day_to_none(store: PaperStore):
    await put(store, *(say(days, listed=ago(days)) for days in range(6)), say(9))
    listing = await store.listing(Wanted(ago(4), ago(2)))
    assert numbers(listing) == [2, 3, 4]
    assert listing.newest == ago(2), "of what came later it is not told"
    assert (await store.listing(Wanted(ago(900), ago(800)))) == Listing((), 0, 0, None)
    assert (await store.listing(Wanted(ago(-3), ago(-9)))) == Listing((), 0, 0, ago(0))


@pytest.mark.parametrize("by", ["upvotes", "comments", "stars"])
async def test_by_a_count_the_highest_comes_first_and_papers_without_it_are_left_out_but_counted(
    store: PaperStore, by: Count
):
    await put(
        store,
        say(1, **{by: 0}),
        say(2),
        say(3, **{by: 70}, listed=ago(9)),
        say(4, **{by: 70}, listed=ago(1)),
        say(5, **{by: 8}),
    )
    listing = await store.listing(Wanted(by=by))
    assert numbers(listing) == [4, 3, 5, 1]
    assert (listing.total, listing.counted) == (5, 4)


async def test_a_category_is_met_as_a_whole_and_an_archive_by_all_of_its_categories(store: PaperStore):
    await put(
        store,
        say(1, categories=("cs.CL", "cs.LG")),
        say(2, categories=("cs.LG", "stat.ML")),
        say(3, categories=("math.CO", "math-ph")),
        say(4, categories=("physics.optics",)),
        say(5),
    )
    for asked, met in {
        "cs.CL": [1],
        "cs.LG": [2, 1],
        "cs": [2, 1],
        "stat": [2],
        "math": [3],
        "math-ph": [3],
        "cs.C": [],
        "s.CL": [],
        "%": [],
        '"': [],
    }.items():
        assert numbers(await store.listing(Wanted(categories=(asked,)))) == met, asked
    assert numbers(await store.listing(Wanted(categories=("stat.ML", "math")))) == [3, 2]


async def test_the_newest_day_is_that_of_the_category(store: PaperStore):
    await put(
        store,
        say(1, categories=("cs.CL",), listed=ago(40)),
        say(2, categories=("cs.LG",), listed=ago(1)),
    )
    listing = await store.listing(Wanted(ago(7), TODAY, ("cs.CL",)))
    assert listing == Listing((), 0, 0, ago(40))


async def test_a_limit_cuts_the_ids_and_not_the_counts(store: PaperStore):
    await put(store, *(say(number, listed=ago(number)) for number in range(5)))
    listing = await store.listing(Wanted(limit=2))
    assert (numbers(listing), listing.total) == ([0, 1], 5)


async def test_among_some_papers_only_these_are_listed(store: PaperStore):
    await put(store, *(say(number, listed=ago(number)) for number in range(5)))
    among = ("2611.00003", "2611.00001", "2611.00004", "2611.99999")
    listing = await store.listing(Wanted(ago(3), TODAY, among=among))
    assert (numbers(listing), listing.total) == ([1, 3], 2)
    assert (await store.listing(Wanted(among=()))).ids == ()


FACTS = st.fixed_dictionaries(
    {},
    optional={
        "published": st.integers(0, 5).map(ago),
        "listed": st.integers(0, 5).map(ago),
        "upvotes": st.integers(0, 3),
        "stars": st.integers(0, 3),
    },
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(FACTS, max_size=9), first=st.integers(0, 5), length=st.integers(0, 5))
async def test_sql_lists_what_a_reader_of_every_paper_would(
    tmp_path_factory: pytest.TempPathFactory, told: list[dict[str, Any]], first: int, length: int
):
    folder = tmp_path_factory.mktemp("listing")
    begin, end = ago(first), ago(first - length)
    async with open_database(lay_database(folder / "papers.db")) as engine:
        store = PaperStore(engine)
        await put(store, *(say(number, **facts) for number, facts in enumerate(told)))
        papers = await store.get_many(list(await store.contents()))
        of_period = [paper for paper in papers if paper.day and begin <= paper.day <= end]
        newest = sorted(
            of_period,
            key=lambda paper: (paper.day, -1 if paper.upvotes is None else paper.upvotes, paper.id),
            reverse=True,
        )
        listing = await store.listing(Wanted(begin, end))
        assert listing.ids == tuple(paper.id for paper in newest)
        starred = sorted(
            (paper for paper in newest if paper.stars is not None), key=lambda one: -(one.stars or 0)
        )
        by_stars = await store.listing(Wanted(begin, end, by="stars"))
        assert by_stars.ids == tuple(paper.id for paper in starred)
        assert (by_stars.total, by_stars.counted) == (len(newest), len(starred))
