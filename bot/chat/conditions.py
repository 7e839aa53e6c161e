"""Which condition on papers, or order of them, begins at a place of a line: code, upvotes, a time, a category. Pure."""

import re
from dataclasses import dataclass
from datetime import date

from bot.chat.periods import period_at
from bot.results import Sort
from retrieval.query_operators import filters_of

_CODE = re.compile(
    r"(?:(?:with|has|have|having|includ(?:e|es|ing)|link(?:s|ing)? to|mit|avec|con|com|by) )?"
    r"(?:(?:available|public|released|open source|open-source|open|source|github|their|the|a|any|some|official) )*"
    r"(?:code|codes|codigo|codice|github|repos?|repository|implementations?|open-source|opensource)"
    r"(?: (?:is|are|available|released|public|on github|attached|linked|repo|repository|links?))*(?= |$)"
)
_AT_LEAST = re.compile(
    r"(?:(?:with|having|has|have|mit) )?(?:a )?"
    r"(?:(?P<strict>more than|over|above|mehr als) |(?:at least|min|minimum of|minimum|mindestens) )?"
    r"(?P<count>\d{1,6})(?:\+| plus| or more)? (?:upvotes?|votes?|likes?)(?= |$)"
)
_UPVOTES_OVER = re.compile(
    r"(?:upvotes?|votes?|likes?) (?:(?P<strict>more than|over|above) |(?:at least|min) )?(?P<count>\d{1,6})(?= |$)"
)
_CATEGORY = re.compile(
    r"(?:(?:in|cat|category|from|of) )?(?P<value>"
    r"(?:cs|stat|math|eess|physics|q-bio|q-fin|econ|cond-mat|astro-ph|nlin)\.[a-z-]{2,10}"
    r"|(?<=cat )[a-z-]{2,8}|(?<=category )[a-z-]{2,8})(?= |$)"
)
_SORTED = r"(?:(?:sort|sorted|order|ordered|rank|ranked)(?: them| it| these)? )?(?:by )?(?:the )?"
_NEWEST = (
    rf"{_SORTED}(?:newest|latest|(?:most|more) recent|newer|freshest|fresher|recency|(?<=by )(?:date|time|year|age)|neueste|"
    r"neuere|neuer|neusten|plus recents?|mas recientes?|mais recentes?)|recent|sort(?:ed)? new|(?:sortiert )?nach datum"
)
_MOST_UPVOTED = (
    rf"{_SORTED}(?:(?:most|more) (?:upvoted|upvotes|popular|liked|voted|votes|likes)|"
    r"(?:top|best|highest)[ -](?:rated|voted|upvoted)|popular|popularity|"
    r"(?<=by )(?:number of |most )?(?:upvotes?|votes?|likes?))|beliebteste"
)
_MOST_DISCUSSED = rf"{_SORTED}(?:most (?:discussed|commented|comments)|(?<=by )(?:number of |most )?(?:comments?|discussions?))"
_MOST_RELEVANT = rf"{_SORTED}(?:most relevant|(?<=by )(?:relevance|relevancy|best match))"


def _order(sort: Sort, pattern: str) -> tuple[Sort, re.Pattern[str]]:
    return sort, re.compile(rf"(?:{pattern})(?: first| ones?| papers?| zuerst| results)*(?= |$)")


_ORDERS = (
    _order("newest", _NEWEST),
    _order("upvotes", _MOST_UPVOTED),
    _order("comments", _MOST_DISCUSSED),
    _order("relevance", _MOST_RELEVANT),
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter in the query language, or an order; `end` is where its words end in the line."""

    end: int
    filter: str = ""
    sort: Sort | None = None


def condition_at(line: str, position: int) -> Condition | None:
    """The condition whose words begin at a place of a folded line."""
    if period := period_at(line, position):
        return Condition(period[1], period[0])
    for sort, pattern in _ORDERS:
        if match := pattern.match(line, position):
            return Condition(match.end(), sort=sort)
    if match := _AT_LEAST.match(line, position) or _UPVOTES_OVER.match(line, position):
        return Condition(match.end(), f"min_upvotes:{int(match['count']) + bool(match['strict'])}")
    if match := _CODE.match(line, position):
        return Condition(match.end(), "has:code")
    return _category_at(line, position)


def stands_alone(key: str) -> bool:
    """Whether a message of this one word is a condition: "newest", "cs.CL"; "code" may be a topic."""
    return bool(_CATEGORY.fullmatch(key)) or any(pattern.fullmatch(key) for _, pattern in _ORDERS)


def _category_at(line: str, position: int) -> Condition | None:
    match = _CATEGORY.match(line, position)
    found = filters_of("cat", match["value"], date.min) if match else None
    return Condition(match.end(), f"cat:{','.join(found.categories)}") if match and found else None
