"""Hugging Face's daily papers, its search, and one paper: what is asked, in which order, and how far that reads it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, timedelta
from urllib.parse import quote

from corpus.errors import NotThereError, UnreadableSourceError
from corpus.sources.hugging_face_json import parse_json, recognises
from corpus.sources.reading import Reading
from corpus.sources.source import Batch, Context, Format, Get, Pace, Source, Window

_API = "https://huggingface.co/api"
_ACCOUNT = "hugging-face"
# The site's limit for whoever does not log in.
_HOSTS = {"huggingface.co": Pace("Hugging Face", 500, 300.0, 4)}

_FIRST_TIME = timedelta(days=7)
_SETTLES = timedelta(days=2)  # after its own: papers are brought up late, and votes are cast for days
_A_PAGE = 100  # the most that the site gives at once
_MOST_PAGES = 20  # of a day; no recorded one fills the first
_LONGEST_SEARCH = 200


async def fetch_daily(get: Get, _argument: str, window: Window) -> AsyncIterator[Batch]:
    """The papers of every day of the window, and of no day that has not begun: the site refuses to be asked for it.

    A day may be empty, or give an earlier day's papers, as weekends do. Raises UnreadableSourceError for a page that is
    not what it should be, before anything of it is given.
    """
    today = window.now.astimezone(UTC).date()
    day = window.first_day(otherwise=_FIRST_TIME)
    if window.since is None:  # whatever a clock that was ahead once has written down
        day = min(day, today - _SETTLES)
    while day <= today:
        async for batch in _fetch_day(get, day, today, _watermark(day, today, window)):
            yield batch
        day += timedelta(days=1)


async def _fetch_day(get: Get, day: date, today: date, watermark: str | None) -> AsyncIterator[Batch]:
    """A batch a page, the last with the watermark."""
    told: set[str | None] = set()
    for page in range(_MOST_PAGES):
        answer = await get(
            f"{_API}/daily_papers", {"date": day.isoformat(), "limit": str(_A_PAGE), "p": str(page)}
        )
        if answer is None:  # only a page that was the whole day is recognised again
            yield Batch(watermark=watermark)
            return
        reading = await _parse(answer.text, f"the papers of {day}", Context(today, visited=today))
        ids = {account.arxiv_id for account in reading.accounts}
        is_full = len(reading.accounts) + len(reading.rejected) >= _A_PAGE
        if is_full and ids - told:
            yield Batch(reading)
            told |= ids
            continue
        # A full page that says nothing new comes from a server that knows no pages: what it says was counted before.
        is_repeated = is_full and page > 0 and bool(ids)
        yield Batch(
            reading=Reading() if is_repeated else reading,
            watermark=watermark,
            validator=None if page or is_full else answer.validator,
        )
        return
    raise UnreadableSourceError(f"the papers of {day}: more than {_MOST_PAGES * _A_PAGE:,}, which no day has")


def _watermark(day: date, today: date, window: Window) -> str | None:
    """The first day to be looked at again once this one was read: never one that has not settled yet.

    Never earlier than what was reached before, and None where days between that and this one were not looked at.
    """
    reached = min(day + timedelta(days=1), today - _SETTLES).isoformat()
    if window.watermark is None or window.watermark[:10] > today.isoformat():
        return reached
    if window.since and window.since.isoformat() > window.watermark[:10]:
        return None
    return max(reached, window.watermark)


async def fetch_search(get: Get, argument: str, window: Window) -> AsyncIterator[Batch]:
    """What the site finds for the words, of any age: one batch, and no watermark, for it is asked anew each time."""
    answer = await get(f"{_API}/papers/search", {"q": argument.strip()})
    if answer is not None:
        today = window.now.astimezone(UTC).date()
        reading = await _parse(
            answer.text, f"the search for “{argument.strip()}”", Context(today, visited=today)
        )
        yield Batch(reading, validator=answer.validator)


async def single_paper(get: Get, arxiv_id: str, context: Context) -> Reading:
    """What the site says of one paper; nothing where it does not know it."""
    try:
        # Afresh: nothing is kept by which the answer could be recognised.
        answer = await get(f"{_API}/papers/{quote(arxiv_id, safe='')}", fresh=True)
    except NotThereError:
        return Reading()
    return await _parse(answer.text, f"the paper {arxiv_id}", context) if answer else Reading()


async def _parse(text: str, what: str, context: Context) -> Reading:
    try:
        return await asyncio.to_thread(parse_json, text, context)
    except UnreadableSourceError as error:
        raise UnreadableSourceError(f"{what}: {error}") from error


def _check_nothing(argument: str) -> str:
    return "takes nothing behind its name" if argument.strip() else ""


def _check_words(argument: str) -> str:
    if not argument.strip():
        return "needs the words to be searched for, such as “speculative decoding”"
    if len(argument) > _LONGEST_SEARCH:
        return f"takes at most {_LONGEST_SEARCH} characters to be searched for, not {len(argument):,}"
    return ""


FORMATS = (
    Format(
        name="hugging-face",
        description="JSON of Hugging Face's daily papers, search or single paper, as its API gives it",
        account=_ACCOUNT,
        recognises=recognises,
        parse=parse_json,
    ),
)
SOURCES = (
    Source(
        name="hugging-face-daily",
        description="the daily papers of huggingface.co, with votes, comments, code and project pages",
        account=_ACCOUNT,
        hosts=_HOSTS,
        fetch=fetch_daily,
        check=_check_nothing,
    ),
    Source(
        name="hugging-face-search",
        description="what the search of huggingface.co/papers finds for the words behind it",
        account=_ACCOUNT,
        hosts=_HOSTS,
        fetch=fetch_search,
        check=_check_words,
    ),
)
