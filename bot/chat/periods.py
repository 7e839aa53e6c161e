"""From when to when does a person want papers? In the query language, where the words are plain enough. Pure.

`newer than 2024` and `after 2024` are meant without 2024, `since 2024` with it; the operator `after:` is always with it.
"""

import re
from datetime import date, timedelta

from retrieval.query_dates import days

_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
_NAMED = rf"(?:(?P<month>{_MONTH}) )?(?P<year>(?:19|20)\d\d)(?:[-/.](?P<number>0?[1-9]|1[0-2])(?:[-/.](?P<day>\d\d?))?)?"
_UNIT = r"(?P<count>\d{1,3} |two |three |six |few |couple of )?(?P<unit>day|week|month|year)s?"
_BACK = rf"(?:(?P<now>the last|the past|past|die letzten)|the previous|previous|last|letzten) {_UNIT}"
_SINCE = r"since|from|starting|beginning|ab|seit|depuis|desde|dal"
_STRICTLY_AFTER = r"(?:newer|later|more recent|younger|fresher) than|newer then|after|newer|neuer als|nach|mas nuevos que|apres"
_UNTIL = r"until|till|up to|upto|through|bis|jusqua|hasta|ate"
_STRICTLY_BEFORE = r"(?:older|earlier) than|before|prior to|alter als|vor|avant|antes de"
_IN = r"in|of|from|published in|dated|aus|von|de|du"
_OPEN = re.compile(r"since|starting|beginning|ab|seit|depuis|desde")
_WORDS = {"two ": "2", "three ": "3", "six ": "6", "few ": "3", "couple of ": "2"}

_CLAUSES = tuple(
    (kind, re.compile(rf"(?:{pattern})(?= |$)"))
    for kind, pattern in (
        ("since", rf"(?:not|nothing|none|no) (?:{_STRICTLY_BEFORE}) {_NAMED}"),
        ("until", rf"(?:not|nothing|none|no) (?:{_STRICTLY_AFTER}) {_NAMED}"),
        (
            "between",
            r"(?:(?:between|from) )?(?P<first>(?:19|20)\d\d)(?: (?:and|to|until|bis) |[-–])(?P<last>(?:19|20)\d\d)",
        ),
        (
            "since",
            rf"(?:since|seit|depuis|desde) {_NAMED}|from {_NAMED.replace('?P<', '?P<b_')} (?:on|onwards?)",
        ),
        ("back", rf"(?:(?:{_SINCE}|{_IN}|within|over|only) )?{_BACK}"),
        ("this", rf"(?:(?:{_SINCE}|{_IN}|only) )?this (?P<unit>week|month|year)"),
        ("after", rf"(?:{_STRICTLY_AFTER}) {_NAMED}"),
        ("until", rf"(?:{_UNTIL}) {_NAMED}"),
        ("before", rf"(?:{_STRICTLY_BEFORE}) {_NAMED}"),
        ("in", rf"(?:(?:{_IN}) )?{_NAMED}"),
        ("month", rf"(?:{_SINCE}|{_STRICTLY_AFTER}) (?P<month>{_MONTH})"),
    )
)


def period_at(line: str, position: int) -> tuple[str, int] | None:
    """The filters of a time named at a place of a folded line, and where its words end."""
    for kind, pattern in _CLAUSES:
        if (match := pattern.match(line, position)) and (filters := _filters(kind, match)):
            return filters, match.end()
    return None


def _filters(kind: str, match: re.Match[str]) -> str | None:
    if kind == "between":
        return f"after:{match['first']} before:{match['last']}"
    if kind == "month":
        return f"after:{match['month']}"
    if kind == "this":
        return f'after:"this {match["unit"]}"'
    if kind == "back":
        return _counted_back(match)
    named = _day(match, "b_" if match.groupdict().get("b_year") else "")
    if named is None or days(named, date.min) is None:  # 31 February
        return None
    return {
        "since": f"after:{named}",
        "after": f"after:{_next(named, 1)}",
        "until": f"before:{named}",
        "before": f"before:{_next(named, -1)}",
        "in": f"after:{named} before:{named}",
    }[kind]


def _counted_back(match: re.Match[str]) -> str:
    """A time up to now: "the last 3 months", "the past year". "Last year" is the one that has ended."""
    count, unit = match["count"], match["unit"]
    if count or match["now"] or unit == "day":
        return f"after:{_WORDS.get(count, count.strip()) if count else 1}{unit[0]}"
    last = f'"last {unit}"'
    return f"after:{last}" if _OPEN.match(match[0]) else f"after:{last} before:{last}"


def _day(match: re.Match[str], prefix: str) -> str | None:
    """A year, month or day as the query language has it: 2024, 2024-05, 2024-05-16."""
    year, month, number, day = (match[prefix + part] for part in ("year", "month", "number", "day"))
    if month and number:
        return None
    if month:
        return f"{year}-{_MONTHS[month[:3]]:02}"
    if number is None:
        return str(year)
    return f"{year}-{int(number):02}" + (f"-{int(day):02}" if day else "")


def _next(named: str, step: int) -> str:
    """The year, month or day after one, or before it."""
    parts = [int(part) for part in named.split("-")]
    if len(parts) == 1:
        return f"{parts[0] + step}"
    if len(parts) == 2:  # noqa: PLR2004 - a year and a month
        months = parts[0] * 12 + parts[1] - 1 + step
        return f"{months // 12}-{months % 12 + 1:02}"
    return (date(*parts) + timedelta(days=step)).isoformat()
