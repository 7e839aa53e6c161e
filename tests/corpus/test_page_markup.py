"""A Daily Papers page with markup on it: what is taken off, and that nothing else changes."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.account import Account
from corpus.errors import UnreadableSourceError
from corpus.sources.daily_papers_page import parse_page
from corpus.sources.page_markup import unmarked, without_links
from tests.runaway import no_runaway

TODAY = date(2026, 11, 24)
SITE = "https://huggingface.co"
BEES = "We ask whether bees can count, and they can [1], up to [0, 4) of them; so we think, at least."
MARKDOWN = f"""\
---
url: {SITE}/papers?q=bees
title: Daily Papers - Hugging Face
---

# Daily Papers

## by [![]({SITE}/front/assets/papers-by.png)AK]({SITE}/akhaliq) and the research community

- Daily
- Weekly
- Monthly

[Trending Papers]({SITE}/papers/trending)

Oct 2

[101]({SITE}/login?next=%2Fpapers%2F2606.00001)

### [How Many Bees\\  Make a Swarm?]({SITE}/papers/2606.00001)

[{BEES}]({SITE}/papers/2606.00001)

[![hive-ai](https://cdn-avatars.huggingface.co/v1/hive.png)Hive]({SITE}/hive-ai)

·

May 29[6]({SITE}/papers/2606.00001#community)

[-]({SITE}/login?next=%2Fpapers%2F2502.00002)

### [Folding Maps]({SITE}/papers/2502.00002)

[Maps are folded\\\\
without creases, and\\\\
unfolded again.]({SITE}/papers/2502.00002)

[- ![](https://cdn-avatars.huggingface.co/v1/a.jpeg)\\\\
- ![]({SITE}/avatars/b.svg)\\\\
- 3 authors]({SITE}/papers/2502.00002)

·

Feb 27, 2025
"""
NOTEBOOK = f"""\
# Daily Papers - Hugging Face
Daily Papers - Hugging Face

Daily Papers

by\x20

AK

{SITE}/akhaliq

 and the research community

bees

Daily

Weekly

Monthly\x20

{SITE}/papers/trending

{SITE}/papers/date/2026-03-24

Mar 25

 [-] -

{SITE}/login?next=%2Fpapers%2F2104.00001

How Many Bees Make a Swarm?

{SITE}/papers/2104.00001

{BEES}

{SITE}/papers/2104.00001

[

6 authors]({SITE}/papers/2104.00001)

·

Apr 26, 2021

 [-] 5

{SITE}/login?next=%2Fpapers%2F2510.00002

Folding Maps

{SITE}/papers/2510.00002

Maps are folded without creases.

{SITE}/papers/2510.00002

 Hive

{SITE}/hive-ai

·

Oct 23, 2025\x20

1

{SITE}/papers/2510.00002#community
"""


def accounts(text: str) -> tuple[Account, ...]:
    reading = parse_page(text, today=TODAY)
    assert reading.rejected == ()
    return reading.accounts


def test_a_page_saved_as_markdown_gives_all_that_it_says():
    assert accounts(MARKDOWN) == (
        Account(
            title="How Many Bees Make a Swarm?",
            abstract=BEES,
            arxiv_id="2606.00001",
            organisation="Hive",
            published=date(2026, 5, 29),
            upvotes=101,
            comments=6,
        ),
        Account(
            title="Folding Maps",
            abstract="Maps are folded without creases, and unfolded again.",
            arxiv_id="2502.00002",
            authors_count=3,
            published=date(2025, 2, 27),
        ),
    )


def test_a_page_exported_by_a_notebook_gives_all_that_it_says():
    assert accounts(NOTEBOOK) == (
        Account(
            title="How Many Bees Make a Swarm?",
            abstract=BEES,
            arxiv_id="2104.00001",
            authors_count=6,
            published=date(2021, 4, 26),
        ),
        Account(
            title="Folding Maps",
            abstract="Maps are folded without creases.",
            arxiv_id="2510.00002",
            organisation="Hive",
            published=date(2025, 10, 23),
            upvotes=5,
            comments=1,
        ),
    )


@pytest.mark.parametrize("text", [MARKDOWN, NOTEBOOK], ids=["markdown", "notebook"])
@pytest.mark.parametrize("line_end", ["\r\n", "\r"], ids=["Windows", "old Macintosh"])
def test_line_ends_make_no_difference(text: str, line_end: str):
    assert accounts("\ufeff" + text.replace("\n", line_end)) == accounts(text)


def test_headings_need_no_blank_lines_around_them():
    roomy = MARKDOWN.replace("at least.", "at least, " + "having counted them, " * 12 + "at last.")
    dense = roomy.replace("\n\n###", "\n###").replace("2606.00001)\n\n[We", "2606.00001)\n[We")
    assert dense.count("\n\n") == roomy.count("\n\n") - 3
    assert accounts(dense) == accounts(roomy)


def test_links_without_the_name_of_the_site_are_the_same_page():
    assert accounts(MARKDOWN.replace(f"({SITE}/", "(/")) == accounts(MARKDOWN)


@pytest.mark.parametrize(
    ("text", "plain", "marked"),
    [
        (MARKDOWN, "How Many Bees Make a Swarm?", "### [How Many"),
        (MARKDOWN, "• 3 authors", "- 3 authors]("),
        (MARKDOWN, "May 29 6", "May 29[6]"),
        (NOTEBOOK, "6 authors", "6 authors]("),
        (NOTEBOOK, "Oct 23, 2025 1", "Oct 23, 2025"),
    ],
)
def test_every_line_stays_where_it_is(text: str, plain: str, marked: str):
    before, after = text.split("\n"), unmarked(text).text.split("\n")
    assert len(before) == len(after)
    assert before[after.index(plain)].startswith(marked)


def test_a_broken_record_is_named_by_its_line_in_the_markdown():
    broken = MARKDOWN.replace("May 29[6]", "M@y 29[6]")
    rejected = parse_page(broken, today=TODAY).rejected[0]
    line = next(number for number, line in enumerate(broken.split("\n"), 1) if "M@y 29" in line)
    assert rejected.where == f"line {line}"
    assert "M@y 29" in rejected.why


def test_a_picture_above_a_title_says_nothing_of_the_record_before_it():
    picture = f"[![](https://cdn-thumbnails.huggingface.co/t.png)]({SITE}/papers/2502.00002)\n\n"
    text = MARKDOWN.replace("[-](", picture + "[-](")
    without_footer = text.replace("·\n\nMay 29[6]", "·\n\nMay 29\n\n[6]")
    assert [account.arxiv_id for account in accounts(text)] == ["2606.00001", "2502.00002"]
    assert accounts(without_footer) == accounts(text) == accounts(MARKDOWN)


def test_copied_text_is_not_touched_whatever_brackets_and_addresses_it_has(bundled_page: str):
    text = (
        "Daily Papers\n\nMar 14\n\n# [Bees] ![and] more\n\n- Bees [are](https://example.org/a) many, and\n"
        "https://github.com/example/bees\nhas them \\\nall [-] 5.\n\n  • 6 authors\n·\nFeb 2\n"
    )
    assert unmarked(text).text is text
    assert unmarked(bundled_page).text is bundled_page
    assert not unmarked(bundled_page).ids


@pytest.mark.parametrize(
    ("marked", "plain", "target"),
    [
        ("[On Bees](/papers/1)", "On Bees", "/papers/1"),
        ('[On Bees](/papers/1 "a title")', "On Bees", "/papers/1"),
        ("[in [0, 1) and ]0, 1](/papers/1)", "in [0, 1) and ]0, 1", "/papers/1"),
        ("[1] shows [more](/papers/1)", "[1] shows more", None),
        ("[a](/a) and [b](/b)", "a and b", None),
        ("May 29[6](/papers/1#community)", "May 29 6", None),
        ("6 authors](/papers/1)", "6 authors", "/papers/1"),
        ("see [the code](https://example.org/x) here", "see the code (https://example.org/x) here", None),
        ("at [https://example.org/x](https://example.org/x).", "at https://example.org/x.", None),
        ("P[X](t) of f[x](y)", "P[X](t) of f[x](y)", None),
        (r"\[not a link](/papers/1) it says", r"\[not a link it says", None),
    ],
)
def test_a_link_leaves_its_words(marked: str, plain: str, target: str | None):
    assert without_links(marked) == (plain, target)


def test_a_link_of_an_abstract_that_leads_elsewhere_keeps_its_address():
    text = NOTEBOOK.replace(
        "without creases.", "without creases, see [here](https://github.com/example/maps)."
    )
    assert accounts(text)[1].abstract == (
        "Maps are folded without creases, see here (https://github.com/example/maps)."
    )


def test_markdowns_own_signs_lose_their_backslashes_and_latex_does_not():
    text = NOTEBOOK.replace("without creases.", r"by fold\_it \[2\], 50\% na\"{\i}vely.")
    assert accounts(text)[1].abstract == r"Maps are folded by fold_it [2], 50\% na\"{\i}vely."


PIECES = st.sampled_from(
    [
        *MARKDOWN.split("\n"), *NOTEBOOK.split("\n"), "[", "]", "](/papers/1)", "![", "![](", "\\", "---", "# ",
        "- ", "[-] ", "1", f"{SITE}/papers/2510.00002#community",
    ]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=30), st.sampled_from(["\n", "", "\n\n"]))
def test_any_markup_is_papers_or_one_clear_error_and_keeps_its_lines(pieces: list[str], between: str):
    text = between.join([*pieces, f"[x]({SITE}/papers/2510.00002)"])
    normal = text.replace("\r\n", "\n").replace("\r", "\n")
    assert unmarked(text).text.count("\n") == normal.count("\n")
    try:
        reading = parse_page(text, today=TODAY)
    except UnreadableSourceError as error:
        assert "expected" in str(error)  # noqa: PT017 - some texts raise nothing
    else:
        assert reading.accounts


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "![",
        "](/a",
        "[a](/b)",
        "- ",
        "\\",
        "[[a](https://x.org)",
        "# ",
        "]",
        '](/a "',
        " ",
        "\r",
        "-[-] ",
    ],
)
def test_markup_without_end_is_read_in_a_moment(piece: str):
    text = f"{piece * 100_000}\n\n[x]({SITE}/papers/2510.00002)"
    with no_runaway():
        unmarked(text)
