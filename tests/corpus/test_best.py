"""One paper, made of all that was ever said of it, whatever came first."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from corpus.account import Account, digest
from corpus.best import Told, paper_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FACTS: dict[str, st.SearchStrategy[Any]] = {
    "authors": st.lists(st.sampled_from(["Ada", "Bo", "Cy"]), unique=True, max_size=3).map(tuple),
    "authors_count": st.none() | st.integers(1, 9),
    "organisation": st.none() | st.sampled_from(["Harbour Lab", "Meadow"]),
    "published": st.none() | st.dates(date(2020, 1, 1), date(2026, 1, 1)),
    "listed": st.none() | st.dates(date(2020, 1, 1), date(2026, 1, 1)),
    "upvotes": st.none() | st.integers(0, 9),
    "comments": st.none() | st.integers(0, 9),
    "stars": st.none() | st.integers(0, 9),
    "links": st.lists(st.sampled_from(["https://a.org", "https://b.org"]), unique=True).map(tuple),
    "keywords": st.lists(st.sampled_from(["bees", "honey"]), unique=True).map(tuple),
    "version": st.none() | st.integers(1, 3),
    "project": st.none() | st.just("https://bees.org"),
    "withdrawn": st.none() | st.booleans(),
}
ACCOUNTS = st.fixed_dictionaries(FACTS).map(lambda facts: say(**facts))
TOLD = st.builds(
    Told,
    ACCOUNTS,
    st.sampled_from(["arxiv", "hugging-face", "jsonl"]),
    st.just(NOW) | st.datetimes().map(lambda time: time.replace(tzinfo=UTC)),
)
EVERYTHING = st.lists(
    TOLD, min_size=1, max_size=5, unique_by=lambda told: (told.source, told.account.version)
)


def say(title: str = "On Bees", abstract: str = "Bees are many.", **facts: Any) -> Account:
    return Account(title, abstract, arxiv_id="2501.00001", **facts)


def told(account: Account, source: str = "hugging-face", minutes: int = 0) -> Told:
    return Told(account, source, NOW + timedelta(minutes=minutes))


@given(EVERYTHING, st.randoms())
def test_the_order_in_which_things_are_told_does_not_matter(everything: list[Told], chance: Any):
    paper = paper_of(everything)
    chance.shuffle(everything)
    assert paper_of(everything) == paper


@given(EVERYTHING)
def test_nothing_that_anybody_says_is_lost(everything: list[Told]):
    paper = paper_of(everything)
    for name in FACTS.keys() - {"withdrawn", "links"}:
        said = [getattr(one.account, name) for one in everything]
        if any(value not in (None, ()) for value in said):
            assert getattr(paper, name) not in (None, ())
    assert set(paper.links) == {link for one in everything for link in one.account.links}


@given(ACCOUNTS)
def test_an_account_is_the_same_after_it_was_stored(account: Account):
    again = Account.from_json(account.as_json())
    assert again == account
    assert digest(again.as_json()) == digest(account.as_json())


def test_the_text_is_that_of_the_latest_version_whoever_told_it_last():
    second = told(say("On Bees, Revised", "Bees are few.", version=2), "arxiv")
    first = told(say(version=1), "arxiv", minutes=5)
    unversioned = told(say("On Bee's"), minutes=9)
    paper = paper_of([first, second, unversioned])
    assert (paper.title, paper.abstract, paper.version) == ("On Bees, Revised", "Bees are few.", 2)


def test_of_two_who_name_no_version_the_one_nearer_to_the_authors_is_quoted():
    page, site = told(say("ON BEES"), "daily-papers-page", minutes=5), told(say(), "hugging-face")
    assert paper_of([page, site]).title == "On Bees"


def test_counts_are_those_of_whoever_counted_last_and_none_is_not_zero():
    counts = [told(say(upvotes=7, comments=2)), told(say(upvotes=0), "jsonl", minutes=1)]
    paper = paper_of(counts)
    assert (paper.upvotes, paper.comments, paper.stars) == (0, 2, None)


def test_a_withdrawn_paper_keeps_the_abstract_it_had():
    before = told(say(version=1, withdrawn=False), "arxiv")
    after = told(say(abstract="", version=2, withdrawn=True, note="Withdrawn by the authors."), "arxiv")
    paper = paper_of([before, after])
    assert (paper.withdrawn, paper.abstract, paper.note) == (
        True,
        "Bees are many.",
        "Withdrawn by the authors.",
    )


def test_a_paper_came_up_when_it_was_first_listed():
    monday, friday = date(2025, 1, 6), date(2025, 1, 3)
    both = [told(say(listed=monday, published=date(2025, 1, 2))), told(say(listed=friday), "arxiv")]
    assert paper_of(both).day == friday


def test_what_a_paper_links_to_stands_before_what_its_abstract_names():
    account = say(
        abstract="Code: https://github.com/a/b and https://c.org.", links=("https://github.com/d/e",)
    )
    assert paper_of([told(account)]).links == (
        "https://github.com/d/e",
        "https://github.com/a/b",
        "https://c.org",
    )


def test_what_no_database_takes_is_taken_out():
    account = Account("Bees \ud800 and\0 bears")
    assert Account.from_json(account.as_json()).title == "Bees ? and bears"
