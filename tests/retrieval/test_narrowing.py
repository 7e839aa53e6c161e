"""Which of a few papers pass a query's filters: the same that a search would leave."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.paper import Paper
from retrieval.narrowing import Narrowing
from retrieval.query import Filters, parse
from tests.retrieval.making import paper, texts_of

TODAY = date(2026, 11, 23)
PAPERS = {
    "2611.00001": paper(
        "Drafting tokens",
        "A small model drafts.",
        arxiv_id="2611.00001",
        authors=("Song Han",),
        categories=("cs.CL",),
        published=date(2026, 11, 1),
        upvotes=9,
        links=("https://github.com/a/b",),
    ),
    "2611.00002": paper(
        "Folding proteins",
        "Structures are predicted.",
        arxiv_id="2611.00002",
        organisation="Harbour Lab",
        categories=("q-bio.BM",),
        published=date(2026, 10, 1),
    ),
    "2611.00003": paper("Nothing is known of it", "", arxiv_id="2611.00003"),
}
FIRST, SECOND, THIRD = PAPERS


def passing(query: str) -> set[str]:
    return Narrowing(list(PAPERS.values())).passing(parse(query, today=TODAY).filters)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("speculative decoding", {FIRST, SECOND, THIRD}),
        ("-protein", {FIRST, THIRD}),
        ("-proteins", {FIRST, THIRD}),
        ('"small model"', {FIRST}),
        ("cat:cs.CL", {FIRST}),
        ("cat:cs", {FIRST}),
        ("author:han", {FIRST}),
        ("org:harbour", {SECOND}),
        ("after:2026-10-15", {FIRST}),
        ("before:2026-10-15", {SECOND}),
        ("has:code", {FIRST}),
        ("min_upvotes:9", {FIRST}),
        ("min_upvotes:10", set[str]()),
        ("id:2611.00002", {SECOND}),
        ("cat:cs.CL -tokens", set[str]()),
    ],
)
def test_the_papers_pass_that_are_so(query: str, expected: set[str]):
    assert passing(query) == expected


def test_of_no_papers_none_passes():
    assert Narrowing([]).passing(parse("-protein", today=TODAY).filters) == set()
    assert Narrowing([]).passing(Filters()) == set()


def test_one_narrowing_answers_many_queries():
    narrowing = Narrowing(list(PAPERS.values()))
    queries = {"-protein": {FIRST, THIRD}, "cat:cs.CL": {FIRST}, "": set(PAPERS)}
    for query, expected in (*queries.items(), *queries.items()):
        assert narrowing.passing(parse(query, today=TODAY).filters) == expected


def test_papers_are_narrowed_as_they_are_now():
    before, after = Paper("On bees", "Bees.", arxiv_id=FIRST), Paper("On wasps", "Wasps.", arxiv_id=FIRST)
    filters = parse("-bees", today=TODAY).filters
    assert Narrowing([before]).passing(filters) == set()
    assert Narrowing([after]).passing(filters) == {FIRST}


WORDS = st.lists(st.sampled_from(("bees", "wasps", "honey", "the", "of", "2", "GPT-4")), max_size=5).map(
    " ".join
)


@settings(max_examples=40, deadline=None)
@given(
    papers=st.lists(
        st.tuples(
            WORDS, WORDS, st.sampled_from(("cs.CL", "cs.LG", "stat.ML")), st.none() | st.integers(0, 9)
        ),
        min_size=1,
        max_size=5,
    ),
    query=st.lists(
        st.sampled_from(
            ("-bees", '"of the"', "cat:cs", "cat:cs.LG", "min_upvotes:3", "title:honey", '-"honey bees"')
        ),
        max_size=3,
    ).map(" ".join),
)
def test_whatever_they_are_those_pass_that_a_search_would_leave(papers: list[Any], query: str):
    made = [
        paper(
            title or "Untitled", abstract, arxiv_id=f"2611.{number:05}", categories=(category,), upvotes=votes
        )
        for number, (title, abstract, category, votes) in enumerate(papers)
    ]
    filters = parse(query, today=TODAY).filters
    index = texts_of({one.id: one for one in made})
    expected = set(index.selected(filters)) if filters else {one.id for one in made}
    assert Narrowing(made).passing(filters) == expected
