"""A Daily Papers page as text: the real one, pages written by hand, and what damage does to them."""

import json
import re
import textwrap
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from corpus.account import Account
from corpus.errors import UnreadableSourceError
from corpus.known_ids import with_known_ids
from corpus.latex import readable
from corpus.links import find_links
from corpus.sources.daily_papers_page import FORMATS, parse_page
from corpus.sources.printed_dates import parse_printed_date
from corpus.sources.reading import Reading
from corpus.sources.source import Context

EXPECTED = Path(__file__).parents[3] / "shared" / "seeds" / "expected.jsonl"
VISITED = date(2025, 12, 8)  # when the bundled page was copied
TODAY = date(2025, 3, 20)
FixturePage = Callable[[str], str]

LANTERNS = "Lanterns: Counting Fireflies with Sparse Transformers"
CLOCKS = "Slow Clocks for Fast Models"
BEES = "How Many Bees Make a Swarm? A Benchmark"
MAPS = "Folding Maps without Creases"
ALL_FOUR = [
    (LANTERNS, 7, None, date(2025, 3, 3), 4),
    (CLOCKS, None, "Harbour-Lab Harbour Lab", date(2023, 11, 24), None),
    (BEES, 1, None, date(2024, 10, 5), 12),
    (MAPS, 2, None, date(2025, 1, 30), None),
]
ABSTRACT = "We ask " + "whether bees can count, and " * 12 + "they can."

LINE = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=300)
# A page is parsed in tens of milliseconds: few examples, and no deadline of its own.
few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def facts(papers: tuple[Account, ...]) -> list[tuple[Any, ...]]:
    return [(readable(p.title), p.authors_count, p.organisation, p.published, p.comments) for p in papers]


def titles(text: str, *, today: date = TODAY) -> list[str]:
    return [readable(account.title) for account in parse_page(text, today=today).accounts]


def links(account: Account) -> tuple[str, ...]:
    """The links of its abstract, as a paper has them."""
    return find_links(readable(account.abstract))


def rejected_lines(reading: Reading) -> list[int]:
    return [int(rejected.where.removeprefix("line ")) for rejected in reading.rejected]


def record(title: str, *, abstract: str = ABSTRACT, who: str = "  • 6 authors", when: str = "Feb 2") -> str:
    return f"{title}\n\n{abstract}\n\n{who}\n·\n{when}\n"


def page(*records: str, header: str = "Daily Papers\n\nMar 14\n") -> str:
    return "\n".join([header, *records])


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)


@pytest.fixture(scope="module")
def real(bundled_page: str) -> tuple[Account, ...]:
    return parse_page(bundled_page, today=VISITED).accounts


# The real page


def test_the_real_page_is_52_papers_and_nothing_is_rejected(bundled_page: str):
    reading = parse_page(bundled_page, today=VISITED)
    assert len(reading.accounts) == 52
    assert reading.rejected == ()


def test_the_real_page_gives_what_it_says_and_keeps_unknown_what_it_does_not_say(real: tuple[Account, ...]):
    assert sum(paper.authors_count is not None for paper in real) == 48
    assert [paper.organisation for paper in real if paper.organisation] == [
        "Alibaba-DAMO-Academy DAMO Academy"
    ]
    assert sum(paper.authors_count is None and not paper.organisation for paper in real) == 3
    assert sum(paper.published is not None for paper in real) == 49
    assert sum(paper.comments is not None for paper in real) == 16
    assert sum(len(links(paper)) for paper in real) == 10
    assert all(paper.upvotes is None and paper.arxiv_id is None and not paper.authors for paper in real)


def test_dates_of_the_real_page_without_a_year_are_of_2025(bundled_page: str, real: tuple[Account, ...]):
    printed = re.findall(r"^·\n(\w{3}) (\d+)(?:, (\d{4}))?", bundled_page, re.MULTILINE)
    dated = [paper.published for paper in real if paper.published]
    assert [(f"{day:%b}", str(day.day), str(day.year)) for day in dated] == [
        (month, day, year or "2025") for month, day, year in printed
    ]
    assert sum(not year for *_, year in printed) == 24


def test_every_title_and_abstract_of_the_real_page_is_a_whole_line_of_it(
    bundled_page: str, real: tuple[Account, ...]
):
    lines = [line.strip() for line in bundled_page.splitlines()]
    assert all(paper.title in lines and paper.abstract in lines for paper in real)
    assert {line for line in lines if len(line) > 300} == {paper.abstract for paper in real}


def test_latex_remains_of_the_real_page_are_readable_and_the_raw_text_is_kept(real: tuple[Account, ...]):
    assert not [
        paper.title
        for paper in real
        if re.search(r"\\|\dtimes\b|\bapprox\d", readable(paper.title) + readable(paper.abstract))
    ]
    assert any(r"na\"{\i}vely" in paper.abstract and "naïvely" in readable(paper.abstract) for paper in real)
    assert any("approx60%" in paper.abstract and "≈60%" in readable(paper.abstract) for paper in real)
    assert any(r"50\%" in paper.abstract and "50%" in readable(paper.abstract) for paper in real)
    assert any("at least four times, or" in readable(paper.abstract) for paper in real)


def test_the_real_page_gives_what_the_team_expects_of_it(real: tuple[Account, ...]):
    if not EXPECTED.exists():
        pytest.skip("the list of expected papers is not beside this checkout: shared/seeds/expected.jsonl")
    expected = [json.loads(line) for line in EXPECTED.read_text("utf-8").splitlines()]
    for paper, wanted in zip(with_known_ids(real), expected, strict=True):
        printed = parse_printed_date(wanted["date_printed"] or "")
        published = printed and printed.on(printed.year or 2025)
        assert (
            paper.title,
            paper.authors_count,
            paper.organisation,
            paper.published,
            paper.comments,
            list(links(paper)),
            paper.arxiv_id,
        ) == (
            wanted["title"],
            wanted["authors_count"],
            wanted["organisation"],
            published,
            wanted["comments"],
            wanted["urls"],
            wanted["arxiv_id"],
        )


def test_the_real_page_read_years_later_keeps_its_dates(bundled_page: str, real: tuple[Account, ...]):
    assert parse_page(bundled_page, today=date(2031, 6, 1)).accounts == real


@pytest.mark.parametrize(
    "damaged",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: "\ufeff" + text,
        lambda text: re.sub(r"\n\n+", "\n", text),
        lambda text: re.sub(r"\n\n+", "\n", text) + "\n\n",
        lambda text: re.sub(r"\n+", "\n\n", text),
        lambda text: re.sub(r"\n", "\n\n\n", text),
        lambda text: re.sub(r"\n", "  \t\n", text),
        lambda text: text.replace("  • ", "• "),
        lambda text: text.replace("·\n", "· "),
        lambda text: text.partition("Dec 8\n")[2],
        lambda text: text.partition("Subscribe\n")[2],
    ],
    ids=[
        "Windows line ends", "old Macintosh line ends", "byte order mark", "no blank lines",
        "blank lines at the end only", "a blank line everywhere", "two more blank lines everywhere",
        "trailing spaces", "no indent", "dot and date in one line", "no header", "half a header",
    ],
)  # fmt: skip
def test_the_real_page_in_another_dress_is_the_same_papers(
    bundled_page: str, real: tuple[Account, ...], damaged: Callable[[str], str]
):
    reading = parse_page(damaged(bundled_page), today=VISITED)
    assert reading.accounts == real
    assert reading.rejected == ()


@pytest.mark.parametrize("width", [72, 100, 160, 240])
def test_the_real_page_hard_wrapped_is_the_same_papers(
    bundled_page: str, real: tuple[Account, ...], width: int
):
    wrapped = "\n".join(
        textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
        if len(line) > width
        else line
        for line in bundled_page.splitlines()
    )
    assert parse_page(wrapped, today=VISITED).accounts == real


def test_the_real_page_wrapped_at_300_characters_is_the_same_papers(
    bundled_page: str, real: tuple[Account, ...]
):
    wrapped = "\n".join(
        textwrap.fill(line, 300, break_long_words=False, break_on_hyphens=False) if len(line) > 300 else line
        for line in bundled_page.splitlines()
    )
    assert parse_page(wrapped, today=VISITED).accounts == real


# Pages written by hand


@pytest.mark.parametrize(
    "name",
    [
        "another_search",
        "header_cut_off",
        "windows_line_ends",
        "hard_wrapped",
        "blank_lines_everywhere",
        "no_blank_lines",
    ],
)
def test_the_same_page_is_read_whatever_it_looks_like(fixture_page: FixturePage, name: str):
    reading = parse_page(fixture_page(name), today=TODAY)
    assert facts(reading.accounts) == ALL_FOUR
    assert reading.rejected == ()
    assert links(reading.accounts[0]) == ("https://github.com/example-lab/lanterns",)
    assert links(reading.accounts[1]) == ("https://example.org/slow-clocks",)
    assert readable(reading.accounts[3].abstract).endswith("A naïve fold leaves 3.5 creases on average.")
    assert reading.accounts[3].abstract.endswith('A na\\"{\\i}ve fold leaves 3.5 creases on average.')


def test_the_page_with_windows_line_ends_has_them(fixture_page: FixturePage):
    assert (
        fixture_page("windows_line_ends").count("\r\n") == fixture_page("windows_line_ends").count("\n") > 30
    )


def test_records_without_a_footer_are_read_at_the_start_in_the_middle_and_at_the_end(
    fixture_page: FixturePage,
):
    reading = parse_page(fixture_page("without_footers"), today=TODAY)
    unknown = (None, None, None, None)
    assert facts(reading.accounts) == [
        (LANTERNS, *unknown), ALL_FOUR[1], (BEES, *unknown), ALL_FOUR[3], ("Rivers That Remember", *unknown),
    ]  # fmt: skip
    assert reading.rejected == ()


def test_vote_counts_before_titles_are_upvotes(fixture_page: FixturePage):
    reading = parse_page(fixture_page("vote_counts"), today=TODAY)
    assert facts(reading.accounts) == ALL_FOUR
    assert [paper.upvotes for paper in reading.accounts] == [101, None, 7, 0]
    assert reading.rejected == ()


@pytest.mark.parametrize(
    ("name", "broken_line"),
    [
        ("abstract_missing", CLOCKS),
        ("title_missing", "Models are fast and"),
        ("date_garbled", "N@v 24"),
        ("authors_garbled", "• thre authrs"),
    ],
)
def test_a_page_with_one_broken_record_imports_the_others_and_names_its_line(
    fixture_page: FixturePage, name: str, broken_line: str
):
    text = fixture_page(name)
    reading = parse_page(text, today=TODAY)
    assert facts(reading.accounts) == [ALL_FOUR[0], *ALL_FOUR[2:]]
    assert rejected_lines(reading) == [line_of(text, broken_line)]
    assert broken_line[:20] in reading.rejected[0].why


def test_lines_are_counted_alike_with_windows_line_ends(fixture_page: FixturePage):
    text = fixture_page("date_garbled")
    windows = parse_page(text.replace("\n", "\r\n"), today=TODAY)
    assert windows == parse_page(text, today=TODAY)


def test_a_page_cut_off_in_a_record_gives_the_others_and_names_the_last_line(fixture_page: FixturePage):
    text = fixture_page("cut_off")
    reading = parse_page(text, today=TODAY)
    assert facts(reading.accounts) == ALL_FOUR[:3]
    assert rejected_lines(reading) == [len(text.splitlines())]


def test_the_format_hands_down_the_days_of_reading_and_saving(fixture_page: FixturePage):
    text = fixture_page("leap_day")
    (page_format,) = FORMATS
    assert page_format.parse(text, Context(TODAY)) == parse_page(text, today=TODAY)
    saved = date(2022, 3, 14)
    assert page_format.parse(text, Context(TODAY, saved)) == parse_page(text, today=TODAY, visited=saved)
    assert parse_page(text, today=TODAY) != parse_page(text, today=TODAY, visited=saved)


def test_the_29th_of_february_is_of_the_last_leap_year(fixture_page: FixturePage):
    days = [paper.published for paper in parse_page(fixture_page("leap_day"), today=TODAY).accounts]
    assert days == [date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 1)]


def test_dates_behind_the_day_of_the_header_are_of_the_year_before(fixture_page: FixturePage):
    days = [
        paper.published for paper in parse_page(fixture_page("dates_after_the_header"), today=TODAY).accounts
    ]
    assert days == [date(2025, 3, 14), date(2025, 3, 15), date(2024, 3, 16), date(2024, 12, 31)]


def test_a_page_of_new_years_eve_read_in_the_new_year_keeps_its_year(fixture_page: FixturePage):
    days = [
        paper.published for paper in parse_page(fixture_page("new_year"), today=date(2026, 1, 2)).accounts
    ]
    assert days == [date(2025, 12, 31), date(2026, 1, 1), date(2024, 12, 30)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        (" \r\n\r\n", "empty"),
        ("<!DOCTYPE html>\n<html></html>", "markup"),
        ("Dear Ada,\n\nthe bees are well.\n\nYours, Bo\n", "line"),
        ('{"papers": []}', "line 1"),
        ("id,title\n1,On Bees\n", "line"),
        ("Daily Papers\n\nMar 14\n", "line 3"),
    ],
)
def test_a_text_that_is_no_page_gets_one_error_saying_what_was_expected_and_where_it_stopped(
    text: str, said: str
):
    with pytest.raises(UnreadableSourceError) as caught:
        parse_page(text, today=TODAY)
    assert said in str(caught.value)
    assert "expected a title, an abstract" in str(caught.value)


# Damage


@few
@given(data=st.data())
def test_damage_to_any_one_line_costs_two_papers_at_most(
    bundled_page: str, real: tuple[Account, ...], data: st.DataObject
):
    lines = bundled_page.split("\n")
    at = data.draw(st.integers(0, len(lines) - 1), "line")
    instead = data.draw(
        st.one_of(
            st.just([]),
            st.just([lines[at], lines[at]]),
            LINE.map(lambda line: [line]),
            st.sampled_from(lines).map(lambda line: [line]),
            st.permutations(lines[at][:80]).map(lambda letters: ["".join(letters)]),
        ),
        "instead",
    )
    # Another date in the header is another page.
    assume(
        not (
            at < 20 and any(parse_printed_date(line.strip()) for line in instead) and instead[0] != lines[at]
        )
    )
    damaged = "\n".join([*lines[:at], *instead, *lines[at + 1 :]])
    after = parse_page(damaged, today=VISITED).accounts
    assert len(set(after) & set(real)) >= 50


@few
@given(data=st.data())
def test_a_page_cut_off_anywhere_at_its_start_keeps_every_whole_record(
    bundled_page: str, real: tuple[Account, ...], data: st.DataObject
):
    lines = bundled_page.split("\n")
    at = data.draw(st.integers(0, len(lines) - 20), "line")
    assume(at < 11 or not parse_printed_date(lines[at]))  # that cut has a test of its own
    rest = lines[at:]
    whole = [paper for paper in real if paper.title in rest]
    assert set(whole) <= set(parse_page("\n".join(rest), today=VISITED).accounts)


@pytest.mark.parametrize("left", ["May 2 5", "Oct 23, 2022"])
def test_the_date_of_a_record_that_was_cut_off_is_not_the_date_of_the_page(left: str):
    text = page(record("On Bees", when="Feb 2"), record("On Bears", when="Dec 3"), header=f"{left}\n")
    assert [p.published for p in parse_page(text, today=date(2025, 12, 8)).accounts] == [
        date(2025, 2, 2),
        date(2025, 12, 3),
    ]


@few
@given(data=st.data())
def test_a_page_cut_off_anywhere_at_its_end_keeps_every_whole_record(
    bundled_page: str, real: tuple[Account, ...], data: st.DataObject
):
    at = data.draw(st.integers(3000, len(bundled_page)), "character")
    rest = bundled_page[:at]
    whole = [p for p, following in pairwise(real) if following.title in rest]
    assert set(whole) <= set(parse_page(rest, today=VISITED).accounts)


PIECES = st.sampled_from(
    [
        "",
        "·",
        "• 6 authors",
        "• x",
        "May 2 5",
        "Feb 29",
        "Oct 23, 2024",
        "Daily Papers",
        "On Bees",
        "7",
        "-",
        ABSTRACT,
        "Short.",
        "·May 2",
    ]
)


@settings(deadline=None)
@given(
    st.one_of(
        st.text(max_size=200), st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=25).map("\n".join)
    )
)
@example("\x00")
def test_any_text_is_papers_or_one_clear_error(text: str):
    try:
        reading = parse_page(text, today=TODAY)
    except UnreadableSourceError as error:
        assert "expected" in str(error)  # noqa: PT017 - most texts raise nothing
    else:
        lines = len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
        assert reading.accounts
        assert all(1 <= line <= lines for line in rejected_lines(reading))


@pytest.mark.parametrize("where", ["header", "record"])
def test_the_year_nought_costs_one_record_at_most(where: str):
    header = "Daily Papers\n\nDec 8, 0000\n" if where == "header" else "Daily Papers\n\nMar 14\n"
    text = page(
        record("On Bees", when="Feb 2, 0000" if where == "record" else "Feb 2"), record(BEES), header=header
    )
    assert BEES in titles(text)


@pytest.mark.parametrize("header", ["Jan 1, 0001", "Dec 31, 9999"])
def test_a_header_of_an_unlikely_year_never_fails(header: str):
    assert titles(page(record(BEES), header=f"Daily Papers\n\n{header}\n")) == [BEES]


@pytest.mark.parametrize("broken", ["  • {} authors", "{}"])
def test_a_number_of_any_length_costs_one_record_at_most(broken: str):
    number = broken.format("9" * 5000)
    text = (
        page(record("On Bees", who=number), record(BEES))
        if "•" in broken
        else page(number + "\n", record(BEES))
    )
    assert BEES in titles(text)


def test_an_abstract_of_braces_costs_one_record_at_most():
    assert BEES in titles(page(record("On Braces", abstract="\\" + "{" * 3000 + "."), record(BEES)))


def test_an_abstract_with_a_link_macro_costs_no_record():
    text = page(
        record("On Links", abstract=ABSTRACT + r" See \href{https://example.org}{here}."), record(BEES)
    )
    assert titles(text) == ["On Links", BEES]


# What pages may hold


def test_the_links_below_the_last_record_are_no_paper():
    assert titles(page(record(BEES)) + "\nPrevious\n\nNext\n") == [BEES]


def test_an_organisation_is_not_the_abstract_of_a_record_that_has_none():
    text = page(record(LANTERNS), f"{CLOCKS}\n\nHarbour Lab\n·\nFeb 3\n", record(BEES))
    reading = parse_page(text, today=TODAY)
    assert [paper.title for paper in reading.accounts] == [LANTERNS, BEES]
    assert rejected_lines(reading) == [line_of(text, CLOCKS)]


@pytest.mark.parametrize(
    "text",
    ["Dear Ada\n\nThe bees are well.\n\nMay 2\n", "# Changelog\n\nBees are counted again.\n\nMay 2, 2024\n"],
)
def test_a_letter_with_a_date_is_no_page(text: str):
    with pytest.raises(UnreadableSourceError):
        parse_page(text, today=TODAY)


@pytest.mark.parametrize(
    "title", ["All You Need Is Bees.", "Bees, Bears, etc.", 'We Asked: "Where Are the Bees."']
)
def test_a_title_may_end_with_a_full_stop(title: str):
    assert titles(page(record(LANTERNS), record(title), record(BEES))) == [LANTERNS, title, BEES]


@pytest.mark.parametrize("title", ["Nova 2", "1984"])
def test_a_title_may_look_like_a_number_or_a_month(title: str):
    assert titles(page(record(LANTERNS), record(title), record(BEES))) == [LANTERNS, title, BEES]


def test_the_first_title_may_begin_like_a_line_of_the_header():
    title = "Trending Papers Are Cited More, but Not Read"
    assert titles(page(record(title), record(BEES))) == [title, BEES]


def test_an_organisation_may_end_with_a_full_stop():
    reading = parse_page(page(record(LANTERNS, who="Harbour Lab Inc."), record(BEES)), today=TODAY)
    assert facts(reading.accounts)[0] == (LANTERNS, None, "Harbour Lab Inc.", date(2025, 2, 2), None)


def test_an_abstract_of_two_lines_is_kept_whole():
    second = "In the second part " + "we ask bears, and " * 15 + "they cannot."
    paper = parse_page(page(record(BEES, abstract=ABSTRACT + "\n" + second)), today=TODAY).accounts[0]
    assert paper.abstract.endswith("they cannot.")
    assert paper.authors_count == 6


def test_a_page_without_blank_lines_may_end_with_some():
    text = "Daily Papers\nMar 14\nOn Bees\nBees are many.\n• 6 authors\n·\nFeb 2\nOn Bears\nBears are few.\n• 2 authors\n·\nFeb 3\n"
    assert titles(text + "\n") == titles(text) == ["On Bees", "On Bears"]


def test_a_missing_date_costs_one_record_without_blank_lines_too():
    text = re.sub(r"\n+", "\n", page(record(LANTERNS), record(CLOCKS), record(BEES)).replace("Feb 2", "", 1))
    assert titles(text) == [CLOCKS, BEES]


def test_a_date_may_hold_the_space_that_does_not_break():
    assert titles(page(record(BEES, when="Feb\u00a02"))) == [BEES]
