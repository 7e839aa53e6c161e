"""Dates as the page prints them get the year that the page leaves out."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sources.printed_dates import PrintedDate, day_of_visit, full_date, parse_printed_date

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


def as_printed(day: date, visited: date) -> PrintedDate:
    """As Hugging Face does it: the year is left out where it is the current one."""
    return PrintedDate(day.month, day.day, None if day.year == visited.year else day.year)


@given(DAYS, st.booleans(), st.none() | st.integers(0, 9999))
def test_every_date_is_read_as_it_is_printed(day: date, with_year: bool, comments: int | None):
    line = f"{MONTHS[day.month - 1]} {day.day}"
    line += f", {day.year}" if with_year else ""
    line += f" {comments}" if comments is not None else ""
    assert parse_printed_date(line) == PrintedDate(
        day.month, day.day, day.year if with_year else None, comments
    )


@pytest.mark.parametrize(
    "line",
    [
        "",
        "May",
        "May 0",
        "May 32",
        "Feb 30",
        "Feb 29, 2023",
        "2 May",
        "may 2",
        "May 2,",
        "May 2, 25",
        "May 2 5 6",
        "Mäy 2",
    ],
)
def test_a_line_that_is_no_date_of_any_year_is_none(line: str):
    assert parse_printed_date(line) is None


@given(st.text(max_size=30))
def test_any_line_is_a_date_or_none(line: str):
    printed = parse_printed_date(line)
    assert printed is None or 1 <= printed.month <= 12


@pytest.mark.parametrize("line", ["September 4", "Sept. 4", "Sep 4"])
def test_a_month_may_be_written_out(line: str):
    assert parse_printed_date(line) == PrintedDate(9, 4)


@pytest.mark.parametrize("line", ["Nova 2", "Octopus 3", "Marathon 1", "Decoding 7", "Sepsis 3"])
def test_a_word_that_begins_like_a_month_is_no_date(line: str):
    assert parse_printed_date(line) is None


def test_the_year_nought_is_no_year():
    assert parse_printed_date("May 2, 0000") is None


def test_a_number_of_comments_of_any_length_never_fails():
    parse_printed_date("May 2 " + "9" * 5000)


@given(visited=DAYS, age=st.integers(0, 20_000))
def test_on_the_day_of_the_visit_every_date_gets_its_own_year_back(visited: date, age: int):
    day = max(visited - timedelta(days=age), date(1991, 1, 1))
    assert full_date(as_printed(day, visited), visited) == day


def test_a_date_without_a_year_is_the_latest_such_day_that_is_not_after_the_visit():
    visited = date(2025, 12, 8)
    assert full_date(PrintedDate(12, 8), visited) == date(2025, 12, 8)
    assert full_date(PrintedDate(12, 9), visited) == date(2025, 12, 9)  # it is tomorrow in Auckland
    assert full_date(PrintedDate(12, 10), visited) == date(2024, 12, 10)
    assert full_date(PrintedDate(1, 1), visited) == date(2025, 1, 1)


def test_the_day_after_new_years_eve_is_in_the_next_year():
    assert full_date(PrintedDate(1, 1), date(2025, 12, 31)) == date(2026, 1, 1)
    assert full_date(PrintedDate(1, 2), date(2025, 12, 31)) == date(2025, 1, 2)


def test_the_29th_of_february_is_in_the_last_leap_year():
    assert full_date(PrintedDate(2, 29), date(2025, 12, 8)) == date(2024, 2, 29)
    assert full_date(PrintedDate(2, 29), date(2024, 2, 28)) == date(2024, 2, 29)
    assert full_date(PrintedDate(2, 29), date(2024, 2, 27)) == date(2020, 2, 29)
    assert full_date(PrintedDate(2, 29), date(1903, 1, 1)) == date(1896, 2, 29)


@given(visited=DAYS.filter(lambda day: (day.month, day.day) != (2, 29)), read_later=st.integers(0, 300))
def test_a_header_without_a_year_is_the_last_such_day_until_today(visited: date, read_later: int):
    today = visited + timedelta(days=read_later)
    assert day_of_visit(PrintedDate(visited.month, visited.day), [], today) == visited


def test_a_header_with_a_year_says_it_all():
    assert day_of_visit(PrintedDate(3, 4, 2022), [], date(2026, 1, 1)) == date(2022, 3, 4)


def test_without_a_header_the_visit_was_today():
    assert day_of_visit(None, [PrintedDate(5, 2)], date(2026, 1, 1)) == date(2026, 1, 1)


def test_a_page_read_years_later_belongs_to_the_year_after_its_newest_printed_year():
    papers = [PrintedDate(5, day, 2024 - day % 3) for day in range(1, 10)]
    assert day_of_visit(PrintedDate(12, 8), papers, date(2029, 7, 1)) == date(2025, 12, 8)


def test_a_few_printed_years_are_not_enough_to_tell_the_year():
    papers = [PrintedDate(5, day, 2020) for day in range(1, 4)]
    assert day_of_visit(PrintedDate(12, 8), papers, date(2026, 7, 1)) == date(2025, 12, 8)


def test_a_header_of_new_years_eve_read_on_new_years_day_is_of_the_old_year():
    assert day_of_visit(PrintedDate(12, 31), [], date(2026, 1, 1)) == date(2025, 12, 31)


def test_a_header_of_new_years_day_seen_on_new_years_eve_is_of_the_new_year():
    assert day_of_visit(PrintedDate(1, 1), [], date(2025, 12, 31)) == date(2026, 1, 1)
