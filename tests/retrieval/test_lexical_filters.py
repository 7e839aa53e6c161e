"""What narrows a search: exactly the papers that pass are selected."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.paper import Paper
from retrieval.lexical_fields import Entry
from retrieval.query import Filters
from tests.retrieval.making import paper, texts_of

CODE = ("https://github.com/someone/something",)
PAPERS = {
    "2401.00001": paper(
        "Quantized LLMs on phones",
        "To be or not to be: the keys are cached.",
        authors=("Song M. Han", "José García Núñez"),
        organisation="MIT Han Lab",
        categories=("cs.CL", "stat.ML"),
        published=date(2024, 1, 1),
        upvotes=10,
        links=CODE,
    ),
    "2402.00002": paper(
        "Caching for the phone",
        "A cache of keys.",
        authors=("Wei Li", "Wang Chen"),
        organisation="Google DeepMind",
        categories=("cs.LG",),
        published=date(2024, 2, 2),
        upvotes=0,
    ),
    "cs/0001001": paper(
        "Old bread", "Dough.", authors=("Han Li",), categories=("cond-mat.soft",), published=date(2000, 1, 3)
    ),
    "t-0123456789abcdef": paper("Undated bread", "Keys of a piano, to be heard."),
}
INDEX = texts_of(PAPERS)
FIRST, SECOND, OLD, UNDATED = PAPERS


def passing(**filters: object) -> set[str]:
    chosen = replace(Filters(), **filters)
    found = INDEX.selected(chosen)
    assert len(found) == len(set(found))
    return set(found)


def test_without_filters_every_paper_passes():
    assert passing() == set(PAPERS)


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (("phone",), {FIRST, SECOND}),
        (("PHONES",), {FIRST, SECOND}),
        (("llm",), {FIRST}),
        (("bread", "old"), {OLD}),
        (("bread old",), set()),
        (("old bread",), {OLD}),
        (("keys",), set()),
        (("the",), {SECOND}),
        (("for the phone",), {SECOND}),
        (("!",), set()),
    ],
)
def test_the_title_has_every_word_in_any_form_or_several_as_they_stand(
    titles: tuple[str, ...], expected: set[str]
):
    assert passing(titles=titles) == expected


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("Song Han", {FIRST}),
        ("song m. han", {FIRST}),
        ("Han Song", {FIRST}),
        ("Han, Song", {FIRST}),
        ("Han, Song M.", {FIRST}),
        ("han", {FIRST, OLD}),
        ("jose garcia", {FIRST}),
        ("José Núñez", {FIRST}),
        ("nunez", {FIRST}),
        ("García Núñez, José", {FIRST}),
        ("Li Wang", set()),
        ("Wei Chen", set()),
        ("Li", {SECOND, OLD}),
        ("nobody", set()),
        ("ha", set()),
        ("…", set()),
    ],
)
def test_an_author_is_found_by_a_part_of_the_name_given_name_first_or_last_without_accents(
    author: str, expected: set[str]
):
    assert passing(authors=(author,)) == expected


def test_no_name_reaches_from_one_author_into_the_next_however_many_there_are():
    index = texts_of({"p": paper("x", authors=tuple(f"Given{n} Family{n}" for n in range(300)))})
    assert index.selected(Filters(authors=("Given299 Family299",))) == ["p"]
    assert index.selected(Filters(authors=("Family298 Given299",))) == []


def test_a_name_that_is_said_twice_must_stand_there_twice():
    index = texts_of({name: paper("x", authors=(name,)) for name in ("Ada Ben", "Ada Ada", "Ada M. Ada")})
    assert set(index.selected(Filters(authors=("Ada Ada",)))) == {"Ada Ada", "Ada M. Ada"}


def test_every_author_named_must_be_one():
    assert passing(authors=("wei li", "wang chen")) == {SECOND}
    assert passing(authors=("wei li", "song han")) == set()


def test_any_of_the_organisations_will_do():
    assert passing(organisations=("google",)) == {SECOND}
    assert passing(organisations=("google", "MIT")) == {FIRST, SECOND}
    assert passing(organisations=("deepmind google",)) == {SECOND}
    assert passing(organisations=("open",)) == set()


def test_any_of_the_categories_will_do_and_an_archive_holds_its_own():
    assert passing(categories=("cs.CL",)) == {FIRST}
    assert passing(categories=("cs.cl", "cs.LG")) == {FIRST, SECOND}
    assert passing(categories=("cs",)) == {FIRST, SECOND}
    assert passing(categories=("stat", "cond-mat")) == {FIRST, OLD}
    assert passing(categories=("c",)) == set()


def test_any_of_the_ids_will_do_and_all_of_each():
    assert passing(ids=(FIRST, OLD, "9999.99999")) == {FIRST, OLD}
    assert passing(ids=(UNDATED,)) == {UNDATED}
    assert passing(ids=("2401",)) == set()


def test_dates_hold_their_own_day_and_a_paper_without_one_passes_none():
    assert passing(after=date(2024, 1, 1)) == {FIRST, SECOND}
    assert passing(after=date(2024, 1, 2)) == {SECOND}
    assert passing(before=date(2024, 1, 1)) == {FIRST, OLD}
    assert passing(after=date(2000, 1, 3), before=date(2024, 1, 1)) == {FIRST, OLD}
    assert passing(after=date(2024, 2, 3)) == set()
    assert passing(after=date.min, before=date.max) == {FIRST, SECOND, OLD}
    assert passing(after=date(2024, 1, 2), before=date(2024, 1, 1)) == set()


def test_code_and_upvotes():
    assert passing(has_code=True) == {FIRST}
    assert passing(min_upvotes=10) == {FIRST}
    assert passing(min_upvotes=0) == {FIRST, SECOND}, "where they are unknown they may be none"
    assert passing(min_upvotes=11) == set()


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("to be or not to be", {FIRST}),
        ("to be", {FIRST, UNDATED}),
        ("the keys", {FIRST}),
        ("keys", {FIRST, SECOND, UNDATED}),
        ("key", set()),
        ("bread keys", set()),
        ("not to be the keys", {FIRST}),
        ("QUANTIZED llms", {FIRST}),
        ("?", set()),
    ],
)
def test_a_phrase_stands_word_for_word_in_title_or_abstract(phrase: str, expected: set[str]):
    assert passing(phrases=(phrase,)) == expected


def test_no_phrase_begins_in_the_title_and_ends_in_the_abstract():
    assert passing(phrases=("bread dough",)) == set()
    assert passing(phrases=("old bread", "dough")) == {OLD}


def test_what_is_excluded_is_so_in_any_form_and_phrases_as_they_stand():
    assert passing(without=("phones",)) == {OLD, UNDATED}
    assert passing(without=("key",)) == {OLD}
    assert passing(without=("a cache",)) == {FIRST, OLD, UNDATED}
    assert passing(without=("bread", "llm")) == {SECOND}
    assert passing(without=("zebra",)) == set(PAPERS)
    assert passing(without=("…",)) == set(PAPERS)


def test_the_papers_that_pass_are_listed_by_a_number_highest_first_and_unknown_last():
    assert INDEX.listed(Filters(without=("zebra",)), "published", 9) == [SECOND, FIRST, OLD, UNDATED]
    assert INDEX.listed(Filters(titles=("bread",)), "published", 1) == [OLD]
    assert INDEX.listed(Filters(ids=(FIRST, SECOND)), "upvotes", 9) == [FIRST, SECOND]


def test_a_paper_that_was_replaced_passes_as_it_is_now():
    index = texts_of({"a": paper("x", upvotes=1, authors=("Ada",))})
    assert index.selected(Filters(authors=("ada",))) == ["a"]
    index.put([Entry("a", paper("x", upvotes=5, authors=("Ben",)))])
    assert index.selected(Filters(authors=("ada",))) == []
    assert index.selected(Filters(min_upvotes=5)) == ["a"]


# Everything at once, against plain Python

WORDS = ("phone", "phones", "the", "of", "keys", "llms")
STEMS = {"phones": "phone", "keys": "key", "llms": "llm"}
STOPPED = {"the", "of"}
NAMES = ("Ada", "Ben", "Cleo", "Dan")
DAYS = (date(2024, 1, 1), date(2024, 6, 1), date(2025, 1, 1))

sentences = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
names = st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).map(" ".join)
papers = st.builds(
    paper,
    title=sentences,
    abstract=sentences,
    authors=st.lists(names, max_size=3).map(tuple),
    organisation=st.none() | st.sampled_from(NAMES),
    categories=st.lists(st.sampled_from(["cs.CL", "cs.LG", "stat.ML"]), max_size=2, unique=True).map(tuple),
    published=st.none() | st.sampled_from(DAYS),
    upvotes=st.none() | st.integers(0, 3),
    links=st.sampled_from([(), CODE]),
)
corpora = st.lists(papers, max_size=6).map(
    lambda made: {f"2401.{number:05}": one for number, one in enumerate(made)}
)


def some(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(values, max_size=2, unique=True).map(tuple)


said = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
filterings = st.builds(
    Filters,
    titles=some(said),
    authors=some(names | st.sampled_from(NAMES)),
    organisations=some(st.sampled_from(NAMES)),
    categories=some(st.sampled_from(["cs", "cs.CL", "stat"])),
    ids=some(st.sampled_from(["2401.00000", "2401.00001", "2401.00009"])),
    after=st.none() | st.sampled_from(DAYS),
    before=st.none() | st.sampled_from(DAYS),
    has_code=st.booleans(),
    min_upvotes=st.none() | st.integers(0, 3),
    phrases=some(said),
    without=some(said),
)


def stands_in(value: str, *texts: str) -> bool:
    return any(re.search(rf"\b{value}\b", text) for text in texts)


def is_said(value: str, *texts: str) -> bool:
    """One word in any of its forms, if it is no stop word; several as they stand."""
    if " " in value or value in STOPPED:
        return stands_in(value, *texts)
    stems = {STEMS.get(word, word) for text in texts for word in text.split()}
    return STEMS.get(value, value) in stems


def is_named(value: str, name: str) -> bool:
    if " " not in value:
        return value in name.split()
    return name in (value, " ".join(reversed(value.split())))


RULES: dict[str, Callable[[str, Paper, Filters], bool]] = {
    "titles": lambda _, one, f: all(is_said(value, one.title) for value in f.titles),
    "authors": lambda _, one, f: all(any(is_named(v, name) for name in one.authors) for v in f.authors),
    "organisations": lambda _, one, f: not f.organisations or one.organisation in f.organisations,
    "categories": lambda _, one, f: (
        not f.categories or any({c, c.split(".")[0]} & set(f.categories) for c in one.categories)
    ),
    "ids": lambda paper_id, _, f: not f.ids or paper_id in f.ids,
    "after": lambda _, one, f: not f.after or (one.published is not None and one.published >= f.after),
    "before": lambda _, one, f: not f.before or (one.published is not None and one.published <= f.before),
    "has_code": lambda _, one, f: not f.has_code or one.code_url is not None,
    "min_upvotes": lambda _, one, f: (
        f.min_upvotes is None or (one.upvotes is not None and one.upvotes >= f.min_upvotes)
    ),
    "phrases": lambda _, one, f: all(stands_in(value, one.title, one.abstract) for value in f.phrases),
    "without": lambda _, one, f: not any(is_said(value, one.title, one.abstract) for value in f.without),
}


def test_every_filter_has_a_rule():
    assert RULES.keys() == set(Filters.__slots__)


@given(corpora, filterings, st.sets(st.sampled_from(sorted(RULES)), max_size=3))
def test_filters_together_select_what_passes_each(corpus: dict[str, Paper], drawn: Filters, kinds: set[str]):
    filters = Filters(**{kind: getattr(drawn, kind) for kind in kinds})
    expected = {
        paper_id
        for paper_id, one in corpus.items()
        if all(rule(paper_id, one, filters) for rule in RULES.values())
    }
    index = texts_of(corpus)
    assert set(index.selected(filters)) == expected
    assert index.count(filters) == len(expected)
    assert index.passing(filters, [*list(corpus)[:2], "no paper"]) == expected.intersection(list(corpus)[:2])
    assert set(index.listed(filters, "published", 9)) == expected
    assert set(index.matching("phone", 9, filters=filters).scores) == {
        paper_id
        for paper_id in expected
        if is_said("phone", corpus[paper_id].title, corpus[paper_id].abstract)
    }
