"""Which days a person means by "2024-05", "May 2024", "30d" or "last month". Pure: the caller brings today."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

_LONGEST = 30  # characters; no date is written in more
_MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}
_IN_NUMBERS = re.compile(r"(\d{4})(?:[-/.](\d{1,2}))?(?:[-/.](\d{1,2}))?", re.ASCII)
_COUNTED_BACK = re.compile(r"(\d{1,4}) ?(d|w|m|y|days?|weeks?|months?|years?)(?: ago)?", re.ASCII)
_UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years"}
_LAST = re.compile(r"\bpast\b")  # dateparser knows only "last"
# A word at least: alone, "5", "a" and "12:30" would be read as some day too.
_HAS_A_WORD = re.compile(r"[a-z]{3}|\bq[1-4]\b")
_SEVERAL_WORDS = re.compile(
    r"""(?: (?:last|past|this) [ ] [a-z]{3,9}
        | \d{1,3} [ ] (?:day|week|month|year)s? (?:[ ]ago)?
        | \d{1,2} (?:st|nd|rd|th)? [ ] [a-z]{3,9} ,? [ ] \d{4}
        | [a-z]{3,9} [ ] \d{1,2} (?:st|nd|rd|th)? ,? [ ] \d{4}
        | [a-z]{3,9} [ ] \d{4}
        | q[1-4] [ ] \d{4}
        | \d{1,2} (?:st|nd|rd|th)? [ ] [a-z]{3,9}
        ) (?= [,;]? (?: [ ] | $ ))""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Days:
    """From the first to the last day of what was named, both included."""

    first: date
    last: date


def days(text: str, today: date) -> Days | None:
    """The day, week (from Monday), month, quarter or year that a person named in English; None if it is none.

    Numbers alone start with the year: whether 5/6 is in May or in June, nobody can tell. Counted back ("3m",
    "3 months ago"), it is that one day.
    """
    text = " ".join(text[: _LONGEST + 1].lower().split())
    if len(text) > _LONGEST:
        return None
    try:
        if numbers := _IN_NUMBERS.fullmatch(text):
            return _in_numbers(*numbers.groups())
        if back := _COUNTED_BACK.fullmatch(text):
            return _in_words(f"{back[1]} {_UNITS[back[2][0]]} ago", today)
        words = _LAST.sub("last", re.sub(r"[-_]", " ", text))
        return _in_words(words, today) if _HAS_A_WORD.search(words) else None
    except (OverflowError, ValueError):  # 2024-13, 31 February, 9999 years ago
        return None


def several_words(text: str, start: int, today: date) -> str:
    """The date of two or three words that begins at a place, such as `May 2024`; empty if there is none."""
    match = _SEVERAL_WORDS.match(text, start)
    return match[0] if match and days(match[0], today) else ""


def _in_numbers(year: str, month: str | None, day: str | None) -> Days:
    if day:
        return _period(date(int(year), int(month or 1), int(day)), "day")
    return _period(date(int(year), int(month or 1), 1), "month" if month else "year")


def _in_words(words: str, today: date) -> Days | None:
    from dateparser.date import DateDataParser  # noqa: PLC0415 - 50 ms, and most queries name no date

    exact = words.endswith(" ago")
    start = "current" if exact else "first"
    settings = {
        "RELATIVE_BASE": datetime.combine(today, time(12)),
        "PREFER_DATES_FROM": "past",  # "May" is the last one there was
        "PREFER_DAY_OF_MONTH": start,
        "PREFER_MONTH_OF_YEAR": start,
    }
    found = DateDataParser(languages=["en"], settings=settings).get_date_data(words)
    return _period(found.date_obj.date(), "day" if exact else str(found.period)) if found.date_obj else None


def _period(day: date, name: str) -> Days:
    """The week, month, quarter or year that begins on a day (the week: that holds it); else the day itself."""
    if name == "week":
        monday = day - timedelta(days=day.weekday())
        return Days(monday, monday + timedelta(days=6))
    if name not in _MONTHS_OF:
        return Days(day, day)
    last_month = day.month + _MONTHS_OF[name] - 1
    return Days(day, date(day.year, last_month, monthrange(day.year, last_month)[1]))
