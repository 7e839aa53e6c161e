"""Dates as Hugging Face prints them (`May 2`, `Oct 23, 2024`), and the years it leaves out. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SHORT = tuple(month[:3] for month in _MONTHS)
_PRINTED = re.compile(
    rf"(?P<month>{'|'.join((*_MONTHS, 'Sept', *_SHORT))})\.? (?P<day>[0-9]{{1,2}})"
    r"(?:, (?P<year>(?:19|20|21)[0-9]{2}))?(?: (?P<comments>[0-9]{1,6}))?"
)
# With this many dates that carry a year, the year of the visit follows the newest of them: a page of the
# next year would show some paper of the year between.
_ENOUGH_DATED_PAPERS = 8
_TIME_ZONES = timedelta(days=1)
_LEAP_CYCLE_YEARS = 9


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A day as printed; `year` is None where the page leaves it out, `comments` where no number follows."""

    month: int
    day: int
    year: int | None = None
    comments: int | None = None

    def on(self, year: int) -> date:
        """This day in that year. Raises ValueError where there is none (`Feb 30`)."""
        return date(year, self.month, self.day)


def parse_printed_date(line: str) -> PrintedDate | None:
    """`May 2 5` is May 2 and five comments; None for a line that is no date of any year."""
    match = _PRINTED.fullmatch(" ".join(line.split()))
    if not match:
        return None
    year, comments = match["year"], match["comments"]
    printed = PrintedDate(
        month=_SHORT.index(match["month"][:3]) + 1,
        day=int(match["day"]),
        year=int(year) if year else None,
        comments=int(comments) if comments else None,
    )
    try:
        printed.on(printed.year or 2000)  # 2000 has every day there is
    except ValueError:
        return None
    return printed


def day_of_visit(header: PrintedDate | None, papers: Iterable[PrintedDate], today: date) -> date:
    """The day the page was looked at. Its header names day and month, at most; the year is worked out.

    Hugging Face prints the year on every date but those of the current year. So the visit was in the year
    after the newest printed year at the earliest, and not after `today` at the latest.
    """
    if header is not None and header.year is not None:
        return header.on(header.year)
    latest = _latest(header, today + _TIME_ZONES) if header else today
    years = [paper.year for paper in papers if paper.year is not None]
    if len(years) < _ENOUGH_DATED_PAPERS or max(years) + 1 >= latest.year:
        return latest
    end_of_year = date(max(years) + 1, 12, 31)
    return _latest(header, end_of_year) if header else end_of_year


def full_date(printed: PrintedDate, visited: date) -> date:
    """The whole date: a date without a year is the latest such day that is not after the visit."""
    if printed.year is not None:
        return printed.on(printed.year)
    return _latest(printed, visited + _TIME_ZONES)


def _latest(printed: PrintedDate, limit: date) -> date:
    for year in range(limit.year, limit.year - _LEAP_CYCLE_YEARS, -1):
        try:
            day = printed.on(year)
        except ValueError:  # 29 February of a year that has none
            continue
        if day <= limit:
            return day
    raise ValueError(f"{printed} is a day of no recent year")
