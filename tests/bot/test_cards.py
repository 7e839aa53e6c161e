"""Cards keep Discord's limits and read well, whatever the paper."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import custom_ids
from bot.cards.notices import problem_view
from bot.cards.paper import whole_card
from bot.cards.results import results_view
from bot.results import PAGE_SIZE, Page, Result
from corpus.paper import Paper

from .reading import buttons, parts, text

PAPER = Paper(
    title="A Title",
    abstract="One sentence. Another.",
    raw_title="A Title",
    raw_abstract="One sentence. Another.",
    arxiv_id="2501.00001",
)
WORST = "*_`~|@everyone[x](https://e.example/" * 200


def page(*papers: Paper, **changes: Any) -> Page:
    results = tuple(Result(paper, 0.5, paper.abstract) for paper in papers)
    values: dict[str, Any] = {
        "kind": "find",
        "asked": "a question",
        "found": True,
        "corpus_size": 52,
        "number": 0,
        "pages": 1,
        "results": results,
    }
    return Page(**(values | changes))


def components(view: Any) -> list[dict[str, Any]]:
    return view.to_components()


def assert_within_limits(shown: list[dict[str, Any]]) -> None:
    assert sum(len(part["content"]) for part in parts(shown) if part["type"] == 10) <= 4000
    assert len(list(parts(shown))) <= 40
    ids = [part["custom_id"] for part in parts(shown) if "custom_id" in part]
    assert len(ids) == len(set(ids))
    assert all(len(custom_id) <= 100 for custom_id in ids)


@pytest.mark.parametrize("number", [0, 3])
@pytest.mark.parametrize("found", [True, False])
def test_five_papers_of_the_worst_text_fit_one_message(number: int, found: bool):
    hostile = replace(
        PAPER, title=WORST, abstract=WORST, authors=(WORST,) * 9, links=("https://github.com/" + "a" * 900,)
    )
    papers = [replace(hostile, arxiv_id=f"2501.0000{n}") for n in range(PAGE_SIZE)]
    marks = tuple((start, start + 8) for start in range(0, 5000, 9))
    shown = page(
        *papers,
        pages=9,
        number=number,
        found=found,
        asked=WORST,
        narrowed=WORST,
        selected=9,
        sort="comments",
        notes=(WORST,) * 7,
        suggestion=WORST,
        results=tuple(Result(paper, 0.5, paper.abstract, marks) for paper in papers),
    )
    assert_within_limits(components(results_view(shown, list_id="x" * 12, shareable=True)))


@given(st.text(max_size=5000))
def test_a_whole_card_keeps_the_limits(abstract: str):
    assert_within_limits(
        components(whole_card(replace(PAPER, title=abstract, abstract=abstract), shareable=True))
    )


@pytest.mark.parametrize(
    ("changes", "facts"),
    [
        ({}, ""),
        ({"authors_count": 1}, "1 author"),
        ({"authors_count": 6, "published": date(2025, 5, 2)}, "6 authors · 2 May 2025"),
        ({"organisation": "DAMO Academy"}, "DAMO Academy"),
        ({"authors": ("Ada", "Ben")}, "Ada, Ben"),
        ({"authors": ("A", "B", "C", "D", "E")}, "A, B, C + 2"),
        ({"upvotes": 0, "comments": 0}, "▲ 0 · 💬 0"),
    ],
)
def test_a_card_says_what_is_known_and_a_zero_is_known(changes: dict[str, Any], facts: str):
    lines = text(components(whole_card(replace(PAPER, **changes), shareable=False))).split("\n")
    assert lines[1] == (facts or PAPER.abstract)


def test_only_code_hosts_over_https_are_linked_as_code():
    for url, linked in [
        ("https://github.com/a/b", True),
        ("http://github.com/a/b", False),
        ("https://github.com.evil.example/a", False),
        ("https://user@github.com/a", False),
        ("https://evil.example/github.com", False),
    ]:
        shown = text(components(whole_card(replace(PAPER, links=(url,)), shareable=False)))
        assert ("[Code](" in shown) is linked, url


def test_every_custom_id_is_read_back_as_it_was_written():
    for paper_id in ("2501.00001", "t-0123456789abcdef", "astro-ph/0601001", "math.GT/0309136"):
        for write, pattern in [
            (custom_ids.abstract, custom_ids.ABSTRACT),
            (custom_ids.similar, custom_ids.SIMILAR),
            (custom_ids.share_paper, custom_ids.SHARE_PAPER),
        ]:
            match = pattern.fullmatch(write(paper_id))
            assert match is not None
            assert match["paper_id"] == paper_id
    match = custom_ids.PAGE.fullmatch(custom_ids.page("a-b_c", 12))
    assert match is not None
    assert (match["list_id"], match["number"]) == ("a-b_c", "12")


def test_a_single_page_has_no_pager_and_an_empty_list_no_buttons():
    assert set(buttons(components(results_view(page(PAPER), list_id="x", shareable=False)))) == {
        "Abstract",
        "Similar",
    }
    empty = components(results_view(page(found=False), list_id="x", shareable=True))
    assert buttons(empty) == {}
    assert "Nothing in these 52 papers" in text(empty)


def test_a_problem_is_one_notice_with_its_suggestions_as_a_list():
    shown = text(components(problem_view("Did you mean:", ["One [x](https://e.example)", "Two"])))
    assert shown.startswith("Did you mean:\n- One ")
    assert "(https://e.example)" not in shown
