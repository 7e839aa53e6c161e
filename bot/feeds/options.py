"""What a person gave for a feed, as settings; each mistake is said with what to do about it. Pure."""

import re
from dataclasses import dataclass, replace
from typing import get_args

from bot.errors import FeedTroubleError
from bot.feeds.feed import FEWEST, MOST, Origin, Settings, Style
from bot.feeds.schedule import Rhythm, Schedule, read_cron, read_time, read_weekday
from bot.feeds.zones import read_zone

_MOST_DAYS = 90
_MOST_TAGS = 5
_DAYS = re.compile(r"(\d{1,3})\s*(d|days?|w|weeks?|m|months?)?", re.IGNORECASE)
_LENGTHS = {"d": 1, "w": 7, "m": 30}
_SOURCES: dict[str, Origin] = {
    "hf": "hugging-face",
    "huggingface": "hugging-face",
    "file": "files",
    "imports": "files",
}
_NAME = 60  # characters
_DIGITS = 20  # of a number that is looked at; Python reads no more than 4,300


@dataclass(frozen=True, slots=True)
class Timing:
    """When to post, as it was typed; None where nothing was."""

    rhythm: Rhythm | None = None
    time: str | None = None
    timezone: str | None = None
    weekday: str | None = None
    cron: str | None = None


def schedule_of(timing: Timing, before: Schedule | None = None) -> Schedule:
    """The schedule before, with what was typed. Raises ScheduleError, and FeedTroubleError for cron without an expression."""
    schedule = before or Schedule()
    if timing.time:
        schedule = replace(schedule, time=read_time(timing.time))
    if timing.timezone:
        schedule = replace(schedule, timezone=read_zone(timing.timezone))
    if timing.weekday:
        schedule = replace(schedule, weekday=read_weekday(timing.weekday))
    if timing.rhythm:
        schedule = replace(schedule, rhythm=timing.rhythm)
    if timing.cron and timing.cron.strip():
        schedule = replace(schedule, rhythm="cron", cron=read_cron(timing.cron))
    if schedule.rhythm == "cron" and not schedule.cron:
        raise FeedTroubleError(
            "A cron schedule needs its expression: five fields, such as `30 8 * * 1-5` for weekdays at 08:30."
        )
    return schedule


def read_sources(typed: str | None) -> tuple[Origin, ...]:
    """`hugging-face, arxiv`: whose papers count; () for everybody's. Raises FeedTroubleError."""
    found: list[Origin] = []
    known: dict[str, Origin] = {name: name for name in get_args(Origin)} | _SOURCES
    for word in re.split(r"[,\s+]+", (typed or "").strip().casefold()):
        if not word or word == "all":
            continue
        origin = known.get(word) or known.get(word.replace("_", "-"))
        if origin is None:
            raise FeedTroubleError(f"“{word[:40]}” is no source. There are: {', '.join(get_args(Origin))}.")
        found.append(origin)
    return tuple(dict.fromkeys(found))


def read_days(typed: str) -> int:
    """`30d`, `2 weeks`, `45`: so many days, up to 90. Raises FeedTroubleError."""
    match = _DAYS.fullmatch(typed.strip())
    days = int(match[1]) * _LENGTHS[(match[2] or "d")[0].lower()] if match else 0
    if not 1 <= days <= _MOST_DAYS:
        raise FeedTroubleError(
            f"Say how far to look back, such as 30d or 2w; {_MOST_DAYS} days are the most."
        )
    return days


def read_threshold(typed: str) -> float | None:
    """`0.56`, or empty for the usual one. Raises FeedTroubleError."""
    text = typed.strip().replace(",", ".")
    if not text:
        return None
    try:
        threshold = float(text)
    except ValueError:
        threshold = -1
    if not 0 <= threshold <= 1:
        raise FeedTroubleError(
            "The least score is a number from 0 to 1, such as 0.56. /feed test proposes one."
        )
    return round(threshold, 2)


def read_count(typed: str, *, least: int, most: int, what: str) -> int | None:
    """A whole number, or empty for none. Raises FeedTroubleError."""
    text = typed.strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > _DIGITS or not least <= int(text) <= most:
        raise FeedTroubleError(f"{what} is a whole number from {least:,} to {most:,}.")
    return int(text)


def read_most(typed: str) -> int | None:
    """The most papers of one post, or empty for the usual. Raises FeedTroubleError."""
    return read_count(typed, least=FEWEST, most=MOST, what="The most papers at a time")


def read_tags(typed: str) -> tuple[str, ...]:
    """`agents, serving`: names of a forum's tags. Raises FeedTroubleError."""
    names = tuple(name.strip() for name in typed.split(",") if name.strip())
    if len(names) > _MOST_TAGS:
        raise FeedTroubleError(f"Discord allows {_MOST_TAGS} tags a post, and these are {len(names)}.")
    return names


def name_for(settings: Settings) -> str:
    """What a feed is called whose maker gave it no name."""
    words = " ".join(settings.query.split())
    return (words[:_NAME].rstrip() + "…" if len(words) > _NAME else words) or "All new papers"


def style_for(rhythm: Rhythm, *, is_forum: bool) -> Style:
    """How a feed posts if nobody said: papers that come at once one by one, others as a digest."""
    if is_forum:
        return "forum"
    return "cards" if rhythm == "instant" else "digest"
