"""arXiv's announcements, its search, and papers by their ids: what is asked, in which order, and how far that reads it."""

import asyncio
import dataclasses
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, date, timedelta

from corpus.errors import UnreachableError, UnreadableSourceError
from corpus.paper import parse_arxiv_id
from corpus.sources.arxiv_atom import (
    AtomPage,
    id_and_version,
    parse_atom,
    parse_page,
    parse_recorded,
    recognises,
    recognises_recorded,
)
from corpus.sources.arxiv_rss import parse_announcement, parse_rss
from corpus.sources.arxiv_rss import recognises as recognises_announcement
from corpus.sources.quoting import short
from corpus.sources.reading import Reading, Rejected
from corpus.sources.source import Answer, Batch, Context, Format, Get, Pace, Source, Window

_API = "https://export.arxiv.org/api/query"
_RSS = "https://rss.arxiv.org/rss"
_ACCOUNT = "arxiv"
# https://info.arxiv.org/help/api/tou.html: one request in three seconds, one connection, over all its services.
ARXIV_PACE = Pace("arXiv", 1, 3.0, 1)
_HOSTS = {"export.arxiv.org": ARXIV_PACE, "rss.arxiv.org": ARXIV_PACE}

_A_DAY = timedelta(days=1)
_FIRST_TIME = timedelta(days=30)
# Of submissions in one question: far into an answer arXiv's pages come slowly, then empty.
_AT_ONCE = timedelta(days=7)
# Announced on a Monday is what came from Thursday afternoon to Friday afternoon: the end of that is three days before.
_BETWEEN_SUBMISSION_AND_ANNOUNCEMENT = timedelta(days=3)
_FRIDAY = 4
_A_PAGE = 100
_A_RUN = 2_000  # results; arXiv asks not to be paged through, and the watermark makes the next run go on
_LONGEST_QUERY = 500

# https://arxiv.org/category_taxonomy: cs.CL, hep-th, physics.ao-ph, or a whole archive, cs.
_CATEGORY = re.compile(r"(?:physics|cond-mat)\.[a-z]+(?:-[a-z]+)?|[a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2})?")


async def fetch_new(get: Get, argument: str, window: Window) -> AsyncIterator[Batch]:
    """What was announced last in the categories, and before that what was announced since the watermark and missed.

    An announcement stands for one day: missed ones are asked of the API by the days of submission, the watermark stays
    where it is until all of them are given, and becomes the day of the announcement. Raises UnreadableSourceError for an
    answer that is not what it should be, before anything of it is given.
    """
    names = argument.strip()
    context = _context(window)
    answer = await get(f"{_RSS}/{names}")
    announced, day = await _announced(answer, names, context) if answer else (Reading(), None)
    missed = _missed(day, window) if day else None
    asked = (window.since, context.today) if window.since else missed
    if asked:
        query = " OR ".join(_in_category(name) for name in names.split("+"))
        async for page in _submitted(get, query, asked, context):
            yield Batch(page.reading)
    if answer and day:
        is_all = not (missed and asked and asked[0] > missed[0])
        yield Batch(
            reading=announced,
            watermark=max(day.isoformat(), window.watermark or "") if is_all else None,
            validator=answer.validator if is_all else None,
        )


async def _announced(answer: Answer, names: str, context: Context) -> tuple[Reading, date]:
    what = f"the announcement of {names}"
    try:
        announced = await asyncio.to_thread(parse_announcement, answer.text, context)
    except UnreadableSourceError as error:
        raise UnreadableSourceError(f"{what}: {error}") from error
    if announced.day is None:
        raise UnreadableSourceError(f"{what}: it does not say of which day it is")
    if announced.day > context.latest:
        raise UnreadableSourceError(f"{what}: its day, {announced.day}, lies in the future")
    return announced.reading, announced.day


def _in_category(name: str) -> str:
    """The query for a category, or for an archive with all that are in it."""
    return f"cat:{name}" if "." in name else f"cat:{name} OR cat:{name}.*"


def _missed(day: date, window: Window) -> tuple[date, date] | None:
    """The first and last day of submission of what was announced after the watermark, and before `day`."""
    before = day - _A_DAY
    while before.weekday() > _FRIDAY:  # nothing is announced at weekends
        before -= _A_DAY
    read_to = date.fromisoformat(window.watermark[:10]) if window.watermark else before
    return (read_to - _BETWEEN_SUBMISSION_AND_ANNOUNCEMENT, before) if read_to < before else None


async def _submitted(
    get: Get, query: str, days: tuple[date, date], context: Context
) -> AsyncIterator[AtomPage]:
    first, last = days
    while first <= last:
        until = min(first + _AT_ONCE - _A_DAY, last)
        period = f"submittedDate:[{first:%Y%m%d}0000 TO {until:%Y%m%d}2359]"
        async for page in _pages(get, f"({query}) AND {period}", context):
            yield page
        first = until + _A_DAY


async def fetch_search(get: Get, argument: str, window: Window) -> AsyncIterator[Batch]:
    """What the query finds among papers submitted in the window, oldest first, and no more than a run may ask for.

    The watermark is the newest day that was seen; that day is asked for again, for it may not have ended.
    """
    context = _context(window)
    first = min(window.first_day(otherwise=_FIRST_TIME), context.today)
    period = f"submittedDate:[{first:%Y%m%d}0000 TO {window.now.astimezone(UTC):%Y%m%d%H%M}]"
    newest, read = first, 0
    async for page in _pages(get, f"({argument.strip()}) AND {period}", context):
        days = [account.published for account in page.reading.accounts if account.published]
        newest = min(max([newest, *days]), context.today)
        read += len(page.ids)
        # A day that has more than a run may ask for is read to its end, or it would be begun again for ever.
        is_enough = read >= _A_RUN and newest > first
        watermark = _reached(newest, window) if days else None
        reading = page.reading
        if is_enough and page.total and page.total > read and watermark != newest.isoformat():
            rest = Rejected(
                f"results {read + 1:,} to {page.total:,}", f"too many for one run: ask again since {newest}"
            )
            reading = dataclasses.replace(reading, rejected=(*reading.rejected, rest))
        yield Batch(reading, watermark)
        if is_enough:
            return


def _reached(day: date, window: Window) -> str | None:
    """How far the source is read with that day: never back, and None where days before it were not asked for."""
    if window.watermark and window.since and window.since.isoformat() > window.watermark[:10]:
        return None
    return max(day.isoformat(), window.watermark or "")


async def papers_by_id(get: Get, ids: Sequence[str], context: Context) -> AsyncIterator[Reading]:
    """What arXiv says of these papers, a hundred at a time; those that it does not know are rejected by their ids."""
    # One that is none would make an error of the whole answer.
    wrong = tuple(Rejected(one, "is not an arXiv id") for one in ids if parse_arxiv_id(one) is None)
    if wrong:
        yield Reading(rejected=wrong)
    right = list(dict.fromkeys(arxiv_id for arxiv_id in map(parse_arxiv_id, ids) if arxiv_id))
    for start in range(0, len(right), _A_PAGE):
        asked = right[start : start + _A_PAGE]
        page = await _page(get, {"id_list": ",".join(asked), "max_results": str(_A_PAGE)}, context)
        answered = {named[0] for named in map(id_and_version, page.ids) if named}
        unknown = [Rejected(one, "arXiv knows no such paper") for one in asked if one not in answered]
        yield dataclasses.replace(page.reading, rejected=(*page.reading.rejected, *unknown))


async def _pages(get: Get, query: str, context: Context) -> AsyncIterator[AtomPage]:
    """The pages of what a query finds, in the order of submission."""
    order = {"search_query": query, "sortBy": "submittedDate", "sortOrder": "ascending"}
    start, seen = 0, set[str]()
    while True:
        page = await _page(get, order | {"start": str(start), "max_results": str(_A_PAGE)}, context)
        if seen.issuperset(page.ids):  # none at all, or a server that does not look at `start`
            return
        yield page
        seen.update(page.ids)
        start += len(page.ids)
        if start >= page.total if page.total is not None else len(page.ids) < _A_PAGE:
            return


async def _page(get: Get, params: Mapping[str, str], context: Context) -> AtomPage:
    """One page. An empty one, where there should be results, is asked for again: arXiv gives such now and then."""
    start = int(params.get("start", 0))
    for fresh in (False, True):
        answer = await get(_API, params, fresh=fresh)
        if answer is None:
            continue
        try:
            page = await asyncio.to_thread(parse_page, answer.text, context)
        except UnreadableSourceError as error:
            asked = params.get("search_query") or params["id_list"]
            raise UnreadableSourceError(f"the answer to “{short(asked)}”: {error}") from error
        if page.ids or start >= (page.total or 0):
            return page
    raise UnreachableError(
        f"arXiv gave an empty page where its results from {start + 1:,} on should be; try later"
    )


def _context(window: Window) -> Context:
    today = window.now.astimezone(UTC).date()
    return Context(today, visited=today)


def _check_categories(argument: str) -> str:
    written = "categories as arXiv writes them, joined by +, such as cs.CL+cs.LG or hep-th"
    if not argument.strip():
        return f"needs {written}"
    wrong = [name for name in argument.strip().split("+") if not _CATEGORY.fullmatch(name)]
    return f"takes {written}; “{short(wrong[0])}” is none" if wrong else ""


def _check_query(argument: str) -> str:
    if not argument.strip():
        return 'needs a query of arXiv\'s API, such as cat:cs.CL AND abs:"speculative decoding"'
    if len(argument) > _LONGEST_QUERY:
        return f"takes a query of at most {_LONGEST_QUERY} characters, not {len(argument):,}"
    if argument.count("(") != argument.count(")") or argument.count('"') % 2:
        return "takes a query whose parentheses and quotes are closed"
    return ""


FORMATS = (
    Format(
        name="arxiv-atom",
        description="an answer of arXiv's API, as Atom",
        account=_ACCOUNT,
        recognises=recognises,
        parse=parse_atom,
    ),
    Format(
        name="arxiv-recorded",
        description="an answer of arXiv's API recorded as JSON, with its “url”, “status_code” and “body”",
        account=_ACCOUNT,
        recognises=recognises_recorded,
        parse=parse_recorded,
    ),
    Format(
        name="arxiv-rss",
        description="an announcement of rss.arxiv.org, as RSS",
        account=_ACCOUNT,
        recognises=recognises_announcement,
        parse=parse_rss,
    ),
)
SOURCES = (
    Source(
        name="arxiv-new",
        description="what arXiv announces in the categories behind it (cs.CL+cs.LG), and what was missed of that",
        account=_ACCOUNT,
        hosts=_HOSTS,
        fetch=fetch_new,
        check=_check_categories,
    ),
    Source(
        name="arxiv-search",
        description="new papers that the query behind it finds (cat:cs.CL AND abs:“speculative decoding”)",
        account=_ACCOUNT,
        hosts=_HOSTS,
        fetch=fetch_search,
        check=_check_query,
    ),
)
