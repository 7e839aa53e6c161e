"""One paper is one paper, whoever tells of it, in whichever version, under whichever title, and in whichever order."""

import asyncio
import dataclasses
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from corpus.account import Account
from corpus.best import Told, paper_of
from corpus.database import open_database
from corpus.paper import Paper, title_id
from corpus.shelf import names_of
from corpus.sources.arxiv_atom import parse_atom
from corpus.sources.arxiv_rss import parse_rss
from corpus.sources.jsonl import parse_lines
from corpus.sources.source import Context
from corpus.store import PaperStore
from tests.corpus.syncing import abstract_of
from tests.corpus.test_arxiv_atom import answer, entry
from tests.corpus.test_arxiv_rss import announcement, item
from tests.empty_database import lay_database

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CONTEXT = Context(NOW.date())
Telling = tuple[str, Account]
"""Whose word it is, and what is said."""


class Shelf:
    """A store that is told one thing after the other, a minute apart."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.store = PaperStore(engine)
        self.now = NOW

    async def tell(self, source: str, *told: Account) -> dict[str, int]:
        self.now += timedelta(minutes=1)
        changes = await self.store.put(told, source=source, now=self.now)
        counts = {name: getattr(changes, name) for name in ("new", "updated", "unchanged", "skipped")}
        return {name: number for name, number in counts.items() if number}

    async def papers(self) -> list[Paper]:
        return await self.store.get_many(list(await self.store.contents()))

    async def only(self) -> Paper:
        """The one paper that there is, which was told of as new once."""
        [paper] = await self.papers()
        assert await self.new() == [paper.id]
        return paper

    async def new(self) -> list[str]:
        """The papers that feeds are told of as new."""
        rows = await self.rows("SELECT paper_id FROM events WHERE kind = 'new' ORDER BY id")
        return [paper_id for (paper_id,) in rows]

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        async with self.engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(text(query))]


@pytest.fixture
def shelf(engine: AsyncEngine) -> Shelf:
    return Shelf(engine)


def say(title: str = "On Bees", *, abstract: str | None = None, **facts: Any) -> Account:
    return Account(title, abstract_of(title) if abstract is None else abstract, **facts)


V1 = say(arxiv_id="2501.00001", version=1)
V2 = say("On Bees, and Wasps", arxiv_id="2501.00001", version=2)
DAILY = say(arxiv_id="2501.00001", upvotes=4)
PAGE = say("ON  BEES.", abstract=abstract_of("On Bees"), comments=2)


# One paper


@pytest.mark.parametrize(
    "told",
    [
        [("hugging-face", DAILY), ("arxiv", V1)],
        [("arxiv", V1), ("arxiv", V2)],
        [("arxiv", V2), ("arxiv", V1)],
        [("arxiv", V1), ("arxiv", say("On Bees", arxiv_id="2501.00001", version=1, note="5 pages"))],
        [("hugging-face", DAILY), ("hugging-face", say("Of Bees", arxiv_id="2501.00001"))],
        [("page", PAGE), ("hugging-face", DAILY)],
        [("hugging-face", DAILY), ("page", PAGE)],
        [("page", PAGE), ("arxiv", V2), ("arxiv", V1)],
        [("arxiv", V2), ("page", PAGE), ("arxiv", V1)],
        [("page", PAGE), ("jsonl", say("On “Bees”", key="acl:2024.bees-1.1"))],
        [("jsonl", say(key="acl:2024.bees-1.1")), ("page", PAGE), ("arxiv", V1)],
        [("page", say("Of Bees", abstract=abstract_of("On Bees"))), ("arxiv", V1)],
        [("arxiv", V1), ("page", say("Of Bees", abstract=abstract_of("On Bees")))],
        [("jsonl", say("Öf Bées", key="doi:1")), ("jsonl", say("Something else", key="doi:1"))],
    ],
)
@pytest.mark.parametrize("together", [True, False])
async def test_fault_12_one_paper_by_two_sources_versions_titles_or_names_is_one_row_and_new_once(
    shelf: Shelf, told: list[Telling], *, together: bool
):
    sources = {source for source, _ in told}
    if together and len(sources) == 1:
        await shelf.tell(told[0][0], *(account for _, account in told))
    else:
        for source, account in told:
            await shelf.tell(source, account)
    paper = await shelf.only()
    for source, account in told * 2:
        await shelf.tell(source, account)
    assert (await shelf.only()).id == paper.id
    for _, account in told:
        assert await shelf.store.get(title_id(account.title)) == await shelf.only(), "found by every title"


@pytest.mark.parametrize(
    "title",
    ["ON BEES", "On Bees.", "  on\n bees ", "On “Bees”!", "On Bées", "On $Bees$", "On-Bees", "Ｏn Bees"],
)
@pytest.mark.parametrize("is_first", [True, False])
async def test_fault_12_another_case_punctuation_or_accent_in_a_title_makes_no_other_paper(
    shelf: Shelf, title: str, *, is_first: bool
):
    told = [
        ("page", say(title, abstract="Bees.")),
        ("arxiv", say("On Bees", abstract="Many bees.", arxiv_id="2501.00001")),
    ]
    for source, account in told if is_first else reversed(told):
        await shelf.tell(source, account)
    assert (await shelf.only()).title == "On Bees"


async def test_fault_12_a_paper_of_which_two_rows_were_made_is_new_once_when_they_are_found_to_be_one(
    shelf: Shelf,
):
    await shelf.tell("page", PAGE)
    await shelf.tell("arxiv", V2)
    assert await shelf.new() == [title_id("On Bees"), "2501.00001"], "nobody can know better yet"
    seen = await shelf.rows("SELECT max(id) FROM events")
    await shelf.tell("hugging-face", DAILY)
    paper = await shelf.only()
    assert (paper.title, paper.comments, paper.upvotes) == ("On Bees, and Wasps", 2, 4)
    assert await shelf.rows(f"SELECT paper_id, kind FROM events WHERE id > {seen[0][0]}") == [  # noqa: S608
        ("2501.00001", "updated")
    ]
    assert await shelf.rows("SELECT first_seen FROM papers") == [("2026-11-23 12:01:00.000000",)]


async def test_fault_12_a_batch_that_finds_two_of_its_own_papers_to_be_one_tells_of_one(shelf: Shelf):
    changes = await shelf.store.put(
        [say("On Bees"), say("Of Bees", arxiv_id="2501.00001"), say("On Bees", arxiv_id="2501.00001")],
        source="jsonl",
        now=NOW,
    )
    assert (changes.new, changes.read, changes.new_ids) == (1, 3, ("2501.00001",))
    await shelf.only()


# Two papers


async def test_two_arxiv_papers_of_one_title_stay_two(shelf: Shelf):
    first, second = say(arxiv_id="2501.00001"), say(arxiv_id="2501.00002")
    for source in ("arxiv", "hugging-face"):
        await shelf.tell(source, first)
        await shelf.tell(source, second)
    assert [paper.id for paper in await shelf.papers()] == ["2501.00001", "2501.00002"] == await shelf.new()


async def test_two_arxiv_papers_stay_two_when_one_takes_the_others_title_and_abstract(shelf: Shelf):
    await shelf.tell("arxiv", say(arxiv_id="2501.00001", version=1))
    await shelf.tell("arxiv", say("Wasps", arxiv_id="2501.00002", version=1))
    await shelf.tell("arxiv", say("Wasps", arxiv_id="2501.00001", version=2))
    assert [paper.title for paper in await shelf.papers()] == ["Wasps", "Wasps"]


PREFACE = [say("Preface", abstract=f"Of {year}.", key=f"acl:{year}.bees-1.0") for year in (2023, 2024, 2025)]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)])
async def test_papers_of_one_title_that_a_source_keeps_apart_stay_apart_and_do_not_collide(
    shelf: Shelf, order: Sequence[int]
):
    for place in [*order, *order]:
        await shelf.tell("jsonl", PREFACE[place])
    for account in PREFACE:
        changed = dataclasses.replace(account, journal=account.key)
        assert await shelf.tell("jsonl", changed) == {"updated": 1}
    assert {paper.abstract: paper.journal for paper in await shelf.papers()} == {
        account.abstract: account.key for account in PREFACE
    }
    assert len(set(await shelf.new())) == 3


async def test_papers_of_one_title_in_one_batch_that_a_source_keeps_apart_stay_apart(shelf: Shelf):
    assert await shelf.tell("jsonl", *PREFACE) == {"new": 3}
    assert await shelf.tell("jsonl", *PREFACE) == {"unchanged": 3}
    assert len(await shelf.papers()) == 3


@pytest.mark.parametrize("abstract", ["Of 2024.", "Another.", ""])
async def test_a_paper_with_an_id_becomes_at_most_one_of_those_that_a_source_keeps_apart(
    shelf: Shelf, abstract: str
):
    knows_the_abstract = abstract == "Of 2024."
    several = [dataclasses.replace(one, abstract=one.abstract if abstract else "") for one in PREFACE]
    await shelf.tell("jsonl", *several)
    await shelf.tell("arxiv", say("Preface", abstract=abstract, arxiv_id="2501.00001", version=1))
    assert len(await shelf.papers()) == (3 if knows_the_abstract else 4)
    await shelf.tell("arxiv", say("Preface", abstract=abstract, arxiv_id="2501.00001", version=2))
    assert len(await shelf.papers()) == (3 if knows_the_abstract else 4)
    assert {told.account.key for told in await shelf.store.told_of("2501.00001")} == {
        None,
        *(["acl:2024.bees-1.0"] if knows_the_abstract else []),
    }


async def test_a_paper_with_an_id_that_is_one_of_them_is_not_the_others_as_well(shelf: Shelf):
    await shelf.tell("arxiv", say("Preface", abstract="Of 2023.", arxiv_id="2501.00001", version=1))
    await shelf.tell("jsonl", *PREFACE[:2])
    assert len(await shelf.papers()) == 2
    await shelf.tell(
        "arxiv", say("Preface", abstract="Of 2023 and before.", arxiv_id="2501.00001", version=2)
    )
    assert {told.account.key for told in await shelf.store.told_of("2501.00001")} == {
        None,
        "acl:2023.bees-1.0",
    }
    assert len(await shelf.papers()) == 2


@pytest.mark.parametrize("is_one_batch", [True, False])
async def test_a_namesake_does_not_get_the_id_that_another_had_before_its_arxiv_id(
    shelf: Shelf, *, is_one_batch: bool
):
    await shelf.tell("jsonl", PREFACE[0])
    [before] = await shelf.new()
    told = [say("Preface", abstract="Of 2023.", arxiv_id="2501.00001"), PREFACE[1]]
    for batch in [told] if is_one_batch else [told[:1], told[1:]]:
        await shelf.tell("arxiv", *batch)
    ids = {paper.id for paper in await shelf.papers()}
    assert len(ids) == 2
    assert "2501.00001" in ids
    assert before not in ids, "whoever kept it, as what was posted does, means the other paper"


async def test_keys_of_one_scheme_are_never_one_paper_even_where_the_texts_are_the_same(shelf: Shelf):
    twins = [dataclasses.replace(account, abstract="The same.") for account in PREFACE]
    await shelf.tell("jsonl", *twins)
    await shelf.tell("arxiv", say("Preface", abstract="The same.", arxiv_id="2501.00001"))
    keys = [
        {told.account.key for told in await shelf.store.told_of(paper.id)} - {None}
        for paper in await shelf.papers()
    ]
    assert all(len(one) <= 1 for one in keys)
    assert set[str | None]().union(*keys) == {account.key for account in twins}


async def test_keys_that_differ_in_one_character_are_two_names(shelf: Shelf):
    await shelf.tell(
        "jsonl",
        *parse_lines(
            '{"id": "acl:2024.bees-1.1", "title": "Bees"}\n{"id": "acl:2024.bees-11", "title": "Bees"}',
            CONTEXT,
        ).accounts,
    )
    assert len(await shelf.papers()) == 2


# What each source said


async def test_what_each_source_said_of_each_version_is_kept_with_its_time(shelf: Shelf):
    told = [("page", PAGE), ("arxiv", V2), ("arxiv", V1), ("hugging-face", DAILY)]
    for source, account in told:
        await shelf.tell(source, account)
    minutes = {
        name: NOW + timedelta(minutes=number) for number, name in enumerate(["page", "v2", "v1", "hf"], 1)
    }
    assert await shelf.store.told_of("2501.00001") == [
        Told(V1, "arxiv", minutes["v1"]),
        Told(V2, "arxiv", minutes["v2"]),
        Told(DAILY, "hugging-face", minutes["hf"]),
        Told(PAGE, "page", minutes["page"]),
    ]


async def test_what_one_source_said_of_two_rows_that_become_one_is_kept_of_both(shelf: Shelf):
    await shelf.tell("jsonl", say("On Bees", organisation="Harbour Lab", upvotes=1))
    await shelf.tell("jsonl", say("Of Bees", arxiv_id="2501.00001", upvotes=4, journal="J. Bees"))
    await shelf.tell("arxiv", say("On Bees", arxiv_id="2501.00001"))
    paper = await shelf.only()
    assert (paper.organisation, paper.journal, paper.upvotes) == ("Harbour Lab", "J. Bees", 4)
    both = {told.source: told for told in await shelf.store.told_of("2501.00001")}["jsonl"]
    assert both.at == NOW + timedelta(minutes=2)
    assert both.account.title == "Of Bees"


async def test_what_one_source_said_last_counts_whichever_row_it_said_it_of(shelf: Shelf):
    await shelf.tell("jsonl", say("Of Bees", arxiv_id="2501.00001", upvotes=4, journal="J. Bees"))
    await shelf.tell("jsonl", say("On Bees", organisation="Harbour Lab", upvotes=9))
    await shelf.tell("arxiv", say("On Bees", arxiv_id="2501.00001"))
    paper = await shelf.only()
    assert (paper.organisation, paper.journal, paper.upvotes) == ("Harbour Lab", "J. Bees", 9)


async def test_a_file_that_says_two_things_of_a_paper_says_the_last_and_changes_nothing_the_next_times(
    shelf: Shelf,
):
    one, other = say(arxiv_id="2501.00001", upvotes=1), say(arxiv_id="2501.00001", upvotes=2)
    await shelf.tell("jsonl", one)
    await shelf.tell("jsonl", other, one)
    assert (await shelf.only()).upvotes == 1
    for _ in range(3):
        assert await shelf.tell("jsonl", other, one) == {"unchanged": 2}
    assert (await shelf.only()).upvotes == 1
    await shelf.tell("jsonl", other, say(arxiv_id="2501.00001", upvotes=3), one)
    assert (await shelf.only()).upvotes == 1


async def test_a_word_that_is_repeated_beside_a_new_one_is_kept_once(shelf: Shelf):
    one, other = say(arxiv_id="2501.00001", upvotes=1), say(arxiv_id="2501.00001", upvotes=2)
    await shelf.tell("jsonl", one)
    await shelf.tell("jsonl", one, other)
    assert (await shelf.only()).upvotes == 2
    for _ in range(2):
        assert await shelf.tell("jsonl", one, other) == {"unchanged": 2}
    await shelf.tell("jsonl", V1, one, other)
    assert (await shelf.only()).upvotes == 2


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
async def test_the_text_is_that_of_the_latest_version_whichever_came_first(
    shelf: Shelf, order: Sequence[int]
):
    for version in order:
        await shelf.tell("arxiv", say(f"On {version} Bees", arxiv_id="2501.00001", version=version))
        await shelf.tell("hugging-face", say("On 1 Bees", arxiv_id="2501.00001", upvotes=version))
    paper = await shelf.only()
    assert (paper.title, paper.abstract, paper.version) == ("On 3 Bees", abstract_of("On 3 Bees"), 3)
    assert {(told.source, told.account.version) for told in await shelf.store.told_of(paper.id)} == {
        *(("arxiv", version) for version in (1, 2, 3)),
        ("hugging-face", None),
    }


async def test_a_withdrawn_paper_keeps_its_text_and_a_later_version_brings_it_back(shelf: Shelf):
    def version(number: int, summary: str) -> Account:
        about = entry(f"2501.00001v{number}", summary=summary, published="2025-01-01T00:00:00Z")
        [account] = parse_atom(answer(about), CONTEXT).accounts
        return account

    first = version(1, "Bees are many.")
    withdrawn = version(2, "This paper has been withdrawn by the authors, for the bees are few.")
    await shelf.tell("arxiv", withdrawn)
    await shelf.tell("arxiv", first)
    paper = await shelf.only()
    assert (paper.withdrawn, paper.abstract, paper.version) == (True, "Bees are many.", 2)
    await shelf.tell("arxiv", version(3, "Bees are few."))
    paper = await shelf.only()
    assert (paper.withdrawn, paper.abstract, paper.version) == (False, "Bees are few.", 3)


@pytest.mark.parametrize("kind", ["replace", "cross", "replace-cross"])
async def test_an_announcement_of_what_is_not_new_brings_in_no_paper_and_changes_one_that_is_known(
    shelf: Shelf, kind: str
):
    [told] = parse_rss(
        announcement(item("2501.00001v2", kind, title="On Bees", abstract="Few.")), CONTEXT
    ).accounts
    assert await shelf.tell("arxiv", told) == {"skipped": 1}
    assert await shelf.papers() == []
    await shelf.tell("page", say("on bees", abstract="Many."))
    assert await shelf.tell("arxiv", told) == {"updated": 1}
    paper = await shelf.only()
    assert (paper.id, paper.abstract, paper.version) == ("2501.00001", "Few.", 2)
    assert await shelf.tell("arxiv", told) == {"unchanged": 1}


# Whatever the order


@dataclasses.dataclass(frozen=True)
class Work:
    """A paper as its authors know it: title and abstract of each version, in order."""

    number: int
    has_id: bool
    versions: tuple[tuple[str, str], ...]

    @property
    def arxiv_id(self) -> str | None:
        return f"2501.{self.number:05}" if self.has_id else None


@st.composite
def works(draw: st.DrawFn) -> list[Work]:
    found: list[Work] = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        has_id = draw(st.booleans())
        # Two arXiv papers may share a title. Of which of them a page without ids tells is then anybody's guess.
        titled = draw(st.sampled_from([number, 1])) if has_id else number
        title, abstract = f"On {titled} Bees", abstract_of(f"{number} bees")
        versions = [(title, abstract)]
        for version in range(2, (draw(st.integers(1, 3)) if has_id else 1) + 1):
            if draw(st.booleans()):
                title = f"On {number} Bees, the {version}nd"
            if draw(st.booleans()):
                abstract = abstract_of(f"{number} bees, {version}")
            versions.append((title, abstract))
        found.append(Work(number, has_id, tuple(versions)))
    return found


def dressed(draw: st.DrawFn, title: str) -> str:
    """The same title as somebody else writes it."""
    dresses = (str.upper, "{}.".format, lambda words: words.replace(" ", "\n  "), "“{}”!".format, str)
    return draw(st.sampled_from(dresses))(title)


@st.composite
def tellings(draw: st.DrawFn) -> list[Telling]:
    """What several sources say of a few papers; each says one thing of a paper, arXiv one of each version.

    Of what is said without an id, somebody says with an id the same title: where nobody does, it is honestly another
    paper until somebody does, and if nobody ever does, then for good.
    """
    told: list[Telling] = []
    several = draw(works())
    shared = {
        one.versions[0][0]
        for one in several
        if sum(one.versions[0][0] == other.versions[0][0] for other in several) > 1
    }
    for work in several:
        first, last = work.versions[0], work.versions[-1]
        published = date(2025, 1, work.number)
        if work.has_id:
            for version, (title, abstract) in enumerate(work.versions, start=1):
                told.append(
                    (
                        "arxiv",
                        Account(
                            title,
                            abstract,
                            arxiv_id=work.arxiv_id,
                            version=version,
                            authors=("Ada Lund", "Bo Li")[:version],
                            published=published,
                            categories=("cs.CL",),
                            note=f"version {version}",
                        ),
                    )
                )
            if draw(st.booleans()):
                daily = Account(
                    dressed(draw, first[0]),
                    first[1],
                    arxiv_id=work.arxiv_id,
                    upvotes=work.number,
                    comments=0,
                    listed=date(2025, 2, work.number),
                    links=("https://github.com/bees/bees",),
                )
                told.append(("hugging-face", daily))
        if not {title for title, _ in work.versions} & shared:
            if draw(st.booleans()) or not work.has_id:
                page = Account(dressed(draw, first[0]), first[1], organisation="Harbour Lab")
                told.append(("daily-papers-page", page))
            if draw(st.booleans()):
                key = f"acl:2025.bees-1.{work.number}"
                told.append(("jsonl", Account(dressed(draw, last[0]), last[1], key=key, journal="J. Bees")))
    return told


@st.composite
def orders(draw: st.DrawFn, told: list[Telling]) -> list[list[Telling]]:
    """The tellings in some order, some of them twice, in batches of one source each."""
    order = [told[place] for place in draw(st.permutations(range(len(told))))]
    order += draw(st.lists(st.sampled_from(told), max_size=3))
    batches: list[list[Telling]] = []
    for telling in order:
        if batches and batches[-1][0][0] == telling[0] and draw(st.booleans()):
            batches[-1].append(telling)
        else:
            batches.append([telling])
    return batches


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_fault_12_in_any_order_and_any_batches_the_same_tellings_make_the_same_papers(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
):
    told = data.draw(tellings())

    async def stored(batches: list[list[Telling]]) -> list[tuple[Any, ...]]:
        file = tmp_path_factory.mktemp("order") / "papers.db"
        async with open_database(lay_database(file)) as engine:
            shelf = Shelf(engine)
            for batch in batches:
                await shelf.tell(batch[0][0], *(account for _, account in batch))
            assert sorted(await shelf.new()) == sorted(paper.id for paper in await shelf.papers())
            said = await shelf.rows("SELECT paper_id, source, version, told FROM accounts ORDER BY 1, 2, 3")
            named = await shelf.rows("SELECT paper_id, alias FROM aliases ORDER BY 1, 2")
            columns = [name for _, name, *_ in await shelf.rows("PRAGMA table_info(papers)")]
            kept = ", ".join(name for name in columns if name not in {"first_seen", "updated"})
            return [*await shelf.rows(f"SELECT {kept} FROM papers ORDER BY id"), *said, *named]  # noqa: S608

    assert asyncio.run(stored(data.draw(orders(told)))) == asyncio.run(stored(data.draw(orders(told))))


# Few titles, abstracts, ids and keys, so that accounts meet in every way that they can.
ANYTHING = st.tuples(
    st.sampled_from(["arxiv", "jsonl", "page"]),
    st.builds(
        lambda title, abstract, name, upvotes, is_news: Account(
            f"On {title} Bees", abstract and abstract_of(abstract), upvotes=upvotes, is_news=is_news, **name
        ),
        st.integers(1, 2),
        st.sampled_from(["", "few", "many"]),
        st.one_of(
            st.just({}),
            st.fixed_dictionaries(
                {
                    "arxiv_id": st.sampled_from(["2501.00001", "2501.00002"]),
                    "version": st.none() | st.integers(1, 2),
                }
            ),
            st.fixed_dictionaries({"key": st.sampled_from(["acl:1", "acl:2", "acl:3"])}),
        ),
        st.none() | st.integers(0, 2),
        st.sampled_from([True, True, False]),
    ),
)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(ANYTHING, min_size=1, max_size=10), data=st.data())
def test_whatever_is_told_the_rows_agree_and_told_again_it_is_no_paper_more(
    tmp_path_factory: pytest.TempPathFactory, told: list[Telling], data: st.DataObject
):
    batches = data.draw(orders(told))

    async def tell_twice() -> None:
        file = tmp_path_factory.mktemp("anything") / "papers.db"
        async with open_database(lay_database(file)) as engine:
            shelf = Shelf(engine)
            for batch in batches:
                counts = await shelf.tell(batch[0][0], *(account for _, account in batch))
                assert sum(counts.values()) == len(batch)
                await agree(shelf)
            before = await shelf.papers()
            for batch in batches:
                await shelf.tell(batch[0][0], *(account for _, account in batch))
                await agree(shelf)
            assert len(await shelf.papers()) <= len(before)

    asyncio.run(tell_twice())


async def agree(shelf: Shelf) -> None:
    papers = await shelf.papers()
    assert sorted(await shelf.new()) == sorted(paper.id for paper in papers)
    assert len({paper.arxiv_id for paper in papers if paper.arxiv_id}) == sum(
        paper.arxiv_id is not None for paper in papers
    )
    named = set(await shelf.rows("SELECT alias, paper_id FROM aliases"))
    for paper in papers:
        told = await shelf.store.told_of(paper.id)
        assert paper == paper_of(told, paper_id=paper.id), (
            "a row is made of what was told and of nothing else"
        )
        for one in told:
            assert {(name, paper.id) for name in names_of(one.account)} <= named
        assert len({one.account.key for one in told if one.account.key}) <= 1
    orphans = "SELECT count(*) FROM {} WHERE paper_id NOT IN (SELECT id FROM papers)"
    for table in ("aliases", "accounts", "words", "events"):
        assert await shelf.rows(orphans.format(table)) == [(0,)]
