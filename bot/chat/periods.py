"""From when to when does a person want papers? In the query language, where the words are plain enough. Pure.

`newer than 2024` and `after 2024` are meant without 2024, `since 2024` with it; the operator `after:` is always with it.
"""

import re
from datetime import date, timedelta

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
_NAMED = rf"(?:(?P<month>{_MONTH}) )?(?P<year>(?:19|20)\d\d)(?:[-/.](?P<number>0?[1-9]|1[0-2])(?:[-/.](?P<day>\d\d?))?)?"
_UNIT = r"(?P<count>\d{1,3} |two |three |six |few |couple of )?(?P<unit>day|week|month|year)s?"
_BACK = rf"(?:the )?(?:last|past|previous|letzten) {_UNIT}"
_SINCE = r"since|from|starting|beginning|ab|seit|depuis|desde|dal"
_STRICTLY_AFTER = r"(?:newer|later|more recent|younger|fresher) than|newer then|after|newer|neuer als|nach|mas nuevos que|apres"
_UNTIL = r"until|till|up to|upto|through|bis|jusqua|hasta|ate"
_STRICTLY_BEFORE = r"(?:older|earlier) than|before|prior to|alter als|vor|avant|antes de"
_IN = r"in|of|from|published in|dated|aus|von|de|du"
_WORDS = {"two ": "2", "three ": "3", "six ": "6", "few ": "3", "couple of ": "2"}

_CLAUSES = tuple(
    (kind, re.compile(rf"(?:{pattern})(?= |$)"))
    for kind, pattern in (
        ("since", rf"(?:not|nothing|none|no) (?:{_STRICTLY_BEFORE}) {_NAMED}"),
        ("until", rf"(?:not|nothing|none|no) (?:{_STRICTLY_AFTER}) {_NAMED}"),
        (
            "between",
            r"(?:between|from) (?P<first>(?:19|20)\d\d) (?:and|to|until|bis) (?P<last>(?:19|20)\d\d)",
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
    if kind == "this":
        return f'after:"this {match["unit"]}"'
    if kind == "back":
        return _counted_back(match)
    named = _day(match, "b_" if match.groupdict().get("b_year") else "")
    if named is None:
        return None
    return {
        "since": f"after:{named}",
        "after": f"after:{_next(named, 1)}",
        "until": f"before:{named}",
        "before": f"before:{_next(named, -1)}",
        "in": f"after:{named} before:{named}",
    }[kind]


def _counted_back(match: re.Match[str]) -> str:
    """ "The last year" is the one that ended, "the last 3 months" are counted from today."""
    count, unit = match["count"], match["unit"]
    if count:
        return f"after:{_WORDS.get(count, count.strip())}{unit[0]}"
    return f'after:"last {unit}" before:"last {unit}"' if unit != "day" else "after:1d"


def _day(match: re.Match[str], prefix: str) -> str | None:
    """A year, month or day as the query language has it: 2024, 2024-05, 2024-05-16."""
    year, month, number, day = (match[prefix + part] for part in ("year", "month", "number", "day"))
    if month and number:
        return None
    if month:
        return f"{year}-{_MONTHS.index(month[:3]) + 1:02}"
    if number is None:
        return str(year)
    return f"{year}-{int(number):02}" + (f"-{int(day):02}" if day else "")


def _next(named: str, step: int) -> str | None:
    """The year, month or day after one, or before it."""
    parts = [int(part) for part in named.split("-")]
    if len(parts) == 1:
        return f"{parts[0] + step}"
    if len(parts) == 2:  # noqa: PLR2004 - a year and a month
        months = parts[0] * 12 + parts[1] - 1 + step
        return f"{months // 12}-{months % 12 + 1:02}"
    try:
        return (date(*parts) + timedelta(days=step)).isoformat()
    except ValueError:  # 31 February
        return None
