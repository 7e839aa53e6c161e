"""Cards keep Discord's limits and read well, whatever the paper."""

import re
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

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
from .test_text import TEXTS, outside_code

PAPER = Paper(
    title="A Title",
    abstract="One sentence. Another.",
    arxiv_id="2501.00001",
)
WORST = "*_`~|@everyone[x](https://e.example/" * 200
PICTURE = "https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/2501.00001.png"
LONGEST_LINK = "https://" + "long." * 15 + "example/abcdefghijklmnopqrst"
MOST = 2**31 - 1
FULL: dict[str, Any] = {
    "title": WORST,
    "abstract": WORST,
    "authors": (WORST,) * 9,
    "published": date(2024, 9, 28),
    "listed": date(2025, 9, 28),
    "upvotes": MOST,
    "comments": MOST,
    "stars": MOST,
    "version": MOST,
    "withdrawn": True,
    "keywords": (WORST,) * 99,
    "note": WORST,
    "journal": WORST,
    "doi": WORST,
    "summary": WORST,
    "media": (WORST,) * 9,
    "links": (f"https://github.com/{'a' * 91}",),
    "project": LONGEST_LINK,
    "thumbnail": PICTURE,
}
"""A paper that says as much as it can of everything."""
NO_ADDRESS = [
    "",
    "not an address",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://project.example/",
    "//project.example/",
    "https:project.example",
    "https://",
    "https://localhost/",
    "https://10.0.0.1/",
    "https://[::1]/",
    "https://project.example:8443/",
    "https://user@project.example/",
    "https://user:word@project.example/",
    "https://project.example@evil.example/",
    "https://project.example\\@evil.example/",
    "https://pröject.example/",
    "https://project.example/\u202egnp",
    "https://project.example/a b",
    "https://project.example/<@123456789012345678>",
    "https://project.example/`x`",
    'https://project.example/"x"',
    "https://project.example/\n### Title",
    "https://project.example/\n",
    " https://project.example/",
    "https://project.example/" + "a" * 1_000_000,
    "https://" + "a." * 1_000_000,
]
ADDRESSES = st.one_of(st.sampled_from([*NO_ADDRESS, PICTURE, LONGEST_LINK]), st.text(max_size=99), TEXTS)
HOSTILE_PAPERS = st.builds(
    replace,
    st.sampled_from([PAPER, replace(PAPER, arxiv_id=None, id="")]),
    title=TEXTS,
    abstract=TEXTS | st.just(WORST),
    keywords=st.lists(TEXTS | st.just(WORST), max_size=9).map(tuple),
    note=TEXTS | st.just(WORST),
    withdrawn=st.booleans(),
    version=st.none() | st.integers(0, MOST),
    stars=st.none() | st.integers(0, MOST),
    listed=st.none() | st.dates(),
    published=st.none() | st.dates(),
    project=st.none() | ADDRESSES,
    thumbnail=st.none() | ADDRESSES,
)


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
    accessories = sum("accessory" in part for part in parts(shown))
    assert len(list(parts(shown))) + accessories <= 40
    assert all(len(part["components"]) <= 5 for part in parts(shown) if part["type"] == 1)
    assert all(part["content"] for part in parts(shown) if part["type"] == 10)
    ids = [part["custom_id"] for part in parts(shown) if "custom_id" in part]
    assert len(ids) == len(set(ids))
    assert all(len(custom_id) <= 100 for custom_id in ids)


def thumbnails(shown: list[dict[str, Any]]) -> list[str]:
    return [part["accessory"]["media"]["url"] for part in parts(shown) if "accessory" in part]


def whole(paper: Paper) -> list[dict[str, Any]]:
    return components(whole_card(paper, shareable=True))


@pytest.mark.parametrize("kind", ["find", "top"])
@pytest.mark.parametrize("has_id", [True, False])
@pytest.mark.parametrize("number", [0, 3])
@pytest.mark.parametrize("found", [True, False])
def test_five_papers_of_the_worst_text_fit_one_message(kind: str, has_id: bool, number: int, found: bool):
    hostile = replace(PAPER, **FULL)
    titles = [
        "a" * 70 + f" {n} " + WORST for n in range(PAGE_SIZE)
    ]  # as long in an address as a title can be
    papers = [
        replace(hostile, arxiv_id=f"2501.0000{n}", id="")
        if has_id
        else replace(hostile, arxiv_id=None, id="", title=title)
        for n, title in enumerate(titles)
    ]
    marks = tuple((start, start + 8) for start in range(0, 5000, 9))
    shown = page(
        *papers,
        kind=kind,
        pages=999,
        number=number and 998,
        found=found,
        asked=WORST,
        narrowed=WORST,
        selected=MOST,
        listed=MOST,
        sort="comments",
        notes=(WORST,) * 7,
        suggestion=WORST,
        results=tuple(Result(paper, 0.5, paper.abstract, marks) for paper in papers),
    )
    view = components(results_view(shown, list_id="x" * 12, shareable=True))
    assert_within_limits(view)
    assert [part["type"] for part in view].count(17) == PAGE_SIZE


def test_a_card_in_a_list_takes_six_components_whatever_is_known():
    [_, card, *_] = components(results_view(page(replace(PAPER, **FULL)), list_id="x", shareable=False))
    assert len(list(parts([card]))) == 6
    assert not thumbnails([card])


def test_a_whole_card_with_all_there_is_keeps_the_limits():
    for changes in ({}, {"arxiv_id": None, "id": "", "title": "a" * 70 + WORST}):
        shown = whole(replace(PAPER, **FULL | changes))
        assert_within_limits(shown)
        assert thumbnails(shown) == [PICTURE]


@given(HOSTILE_PAPERS)
def test_nothing_that_a_card_shows_of_a_paper_acts(paper: Paper):
    in_a_list = components(
        results_view(page(paper, kind="latest", sort="newest", listed=1), list_id="x", shareable=True)
    )
    for shown in (whole(paper), in_a_list):
        assert_within_limits(shown)
        for line in text(shown).split("\n"):
            bare = outside_code(re.sub(r"\]\(https://[!-~]+?\)", "]", line)).removeprefix("**Withdrawn**")
            bare = bare.replace("*No abstract is known.*", "")
            assert "://" not in bare
            assert not re.search(r"[*_`~|]|<[@#:t]|@everyone|@here", bare), line
        for address in thumbnails(shown):
            assert urlsplit(address).netloc == "cdn-thumbnails.huggingface.co"


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
        ({"comments": 3, "stars": 0}, "💬 3 · ⭐ 0"),
        ({"stars": 999}, "⭐ 999"),
        ({"stars": 1000}, "⭐ 1k"),
        ({"stars": 11_349}, "⭐ 11.3k"),
        ({"stars": 999_999}, "⭐ 999.9k"),
        ({"stars": 2_000_000}, "⭐ 2M"),
        ({"version": 1}, ""),
        ({"version": 2, "published": date(2025, 5, 2)}, "2 May 2025 · v2"),
        ({"withdrawn": True}, "**Withdrawn**"),
        ({"withdrawn": True, "authors_count": 6}, "**Withdrawn** · 6 authors"),
        ({"published": date(2025, 5, 2), "listed": date(2025, 5, 2)}, "2 May 2025"),
        ({"published": date(2025, 5, 2), "listed": date(2025, 6, 3)}, "2 May 2025 (listed 3 Jun)"),
        ({"published": date(2023, 5, 2), "listed": date(2025, 6, 3)}, "2 May 2023 (listed 3 Jun 2025)"),
        ({"listed": date(2025, 6, 3)}, "listed 3 Jun 2025"),
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


def test_the_project_is_linked_where_its_address_is_plain():
    for address in (
        "https://some-project.github.io/",
        "https://Project.example",
        "https://a.example/b?c=d#e",
    ):
        shown = text(whole(replace(PAPER, project=address)))
        assert shown.endswith(f" · [Project]({address})"), address


@pytest.mark.parametrize("address", NO_ADDRESS, ids=lambda address: repr(address[:60]))
def test_no_other_address_is_linked_as_the_project_or_shown_as_the_picture(address: str):
    shown = whole(replace(PAPER, project=address, thumbnail=address))
    assert "[Project]" not in text(shown)
    assert not thumbnails(shown)


def test_a_project_that_is_the_code_or_the_papers_own_page_is_not_linked_twice():
    code = "https://github.com/a/b"
    for address in (code, PAPER.url, PAPER.arxiv_url):
        assert "[Project]" not in text(whole(replace(PAPER, project=address, links=(code,)))), address


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/a.png",
        "http://cdn-thumbnails.huggingface.co/a.png",
        "https://user@cdn-thumbnails.huggingface.co/a.png",
        "https://cdn-thumbnails.huggingface.co:444/a.png",
        "https://cdn-thumbnails.huggingface.co.evil.example/a.png",
        "https://evil.cdn-thumbnails.huggingface.co/a.png",
        "https://evil.example/cdn-thumbnails.huggingface.co/a.png",
        "https://evil.example#cdn-thumbnails.huggingface.co",
        "https://cdn-thumbnails.huggingface.co\\@evil.example/a.png",
        "https://huggingface.co/a.png",
        "attachment://a.png",
        PICTURE + "?" + "a" * 3000,
    ],
)
def test_pictures_of_one_host_alone_are_shown(address: str):
    assert thumbnails(whole(replace(PAPER, thumbnail=PICTURE))) == [PICTURE]
    assert thumbnails(whole(replace(PAPER, thumbnail=address))) == []


def test_keywords_and_a_short_note_stand_small_below_the_abstract():
    shown = text(
        whole(
            replace(
                PAPER,
                keywords=("*decoding*", "LLM", "\u200b", "a", "b", "c"),
                note="13 pages, accepted at EMNLP",
            )
        )
    )
    below = shown.split("\n")[-3:]
    assert below[:2] == [
        "-# Keywords: \\*decoding\\* · LLM · a · b",
        "-# The authors' note: 13 pages, accepted at EMNLP",
    ]
    assert "Keywords" not in text(whole(PAPER))
    assert "note" not in text(whole(PAPER))


def test_a_long_note_is_left_out_unless_it_says_why_a_paper_was_withdrawn():
    note = "The proof of the second lemma is wrong. " * 9
    assert "lemma" not in text(whole(replace(PAPER, note=note)))
    assert "-# The authors' note: The proof of the second lemma" in text(
        whole(replace(PAPER, note=note, withdrawn=True))
    )


def test_a_list_says_when_a_paper_was_listed_only_where_that_is_its_order():
    paper = replace(PAPER, published=date(2025, 5, 2), listed=date(2025, 6, 3))
    for kind, facts in [("find", "2 May 2025"), ("latest", "2 May 2025 (listed 3 Jun)")]:
        shown = text(components(results_view(page(paper, kind=kind, listed=1), list_id="x", shareable=False)))
        assert facts in shown.split("\n"), kind


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
    assert set(buttons(empty)) == {"Tell me when one appears"}
    nothing_passes = page(found=False, asked="", selected=0)
    assert buttons(components(results_view(nothing_passes, list_id="x", shareable=True))) == {}
    assert "Nothing in these 52 papers" in text(empty)


def test_a_problem_is_one_notice_with_its_suggestions_as_a_list():
    shown = text(components(problem_view("Did you mean:", ["One [x](https://e.example)", "Two"])))
    assert shown.startswith("Did you mean:\n- One ")
    assert "(https://e.example)" not in shown
