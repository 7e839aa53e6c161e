"""What a person asked for, in a command, a menu or a form, as a feed's settings; each mistake is said in words. Pure."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, cast, get_args

from bot.cards.custom_ids import Choice, Form
from bot.cards.feed_edit import NAME, QUERY, SAY, SKIP, USUAL
from bot.cards.text import visible
from bot.errors import ExpiredListError, FeedTroubleError
from bot.feeds.feed import Feed, Origin, Settings, Style
from bot.feeds.options import (
    Timing,
    read_count,
    read_most,
    read_sources,
    read_tags,
    read_threshold,
    schedule_of,
    style_for,
)
from bot.feeds.schedule import Rhythm
from bot.feeds.zones import ScheduleError

MOST_UPVOTES = 1_000_000
_BLANK = "Say what the papers are to be about, in your own words. cat:cs.CL alone takes a whole category."
_WRITE_CRON = "Write the cron expression into the form “Time and zone”, such as 30 8 * * 1-5 for weekdays at 08:30: then it counts."
_FOR_FEEDS: tuple[Choice, ...] = ("style", "empty", "role")


@dataclass(frozen=True, slots=True)
class Order:
    """What a command was given for a feed; what nobody said is None, or empty."""

    query: str = ""
    sources: str | None = None
    timing: Timing = field(default_factory=Timing)
    threshold: float | None = None
    min_upvotes: int | None = None
    max_items: int | None = None
    style: Style | None = None
    mention_role: int | None = None
    skip_empty: bool | None = None
    backlog_days: int | None = None


def feed_settings(order: Order, *, is_forum: bool) -> Settings:
    """The settings of a channel's feed. Raises FeedTroubleError."""
    with in_words():
        schedule = schedule_of(order.timing)
    return Settings(
        query=order.query.strip(),
        sources=read_sources(order.sources),
        schedule=schedule,
        threshold=_hundredths(order.threshold),
        min_upvotes=order.min_upvotes,
        max_items=order.max_items,
        style=order.style or style_for(schedule.rhythm, is_forum=is_forum),
        mention_role=order.mention_role,
        skip_empty=order.skip_empty is not False,
        backlog_days=order.backlog_days or 0,
    )


def alert_settings(query: str, timing: Timing, threshold: float | None) -> Settings:
    """The settings of a reader's alert. Raises FeedTroubleError."""
    with in_words():
        schedule = schedule_of(timing)
    return Settings(
        query=_topic_of_alert(query),
        schedule=schedule,
        threshold=_hundredths(threshold),
        style=style_for(schedule.rhythm, is_forum=False),
    )


def chosen(feed: Feed, what: Choice, values: Sequence[str]) -> Settings:
    """The settings with what was chosen from one of the menus. Raises FeedTroubleError, and ExpiredListError for no choice."""
    if feed.kind == "alert" and what in _FOR_FEEDS:
        raise ExpiredListError
    settings = feed.settings
    match what:
        case "rhythm":
            return _with_rhythm(feed, cast("Rhythm", _one_of(get_args(Rhythm), values)))
        case "style":
            return replace(settings, style=cast("Style", _one_of(get_args(Style), values)))
        case "sources":
            known = get_args(Origin)
            return replace(settings, sources=tuple(cast("Origin", _one_of(known, [one])) for one in values))
        case "most":
            [most] = values
            return replace(settings, max_items=None if most == USUAL else read_most(most))
        case "empty":
            return replace(settings, skip_empty=_one_of((SKIP, SAY), values) == SKIP)
        case "role":
            return replace(settings, mention_role=int(values[0]) if values else None)


def written(feed: Feed, form: Form, fields: Mapping[str, str]) -> tuple[Settings, str | None]:
    """The settings with what was written into one of the forms, and the name if it is another. Raises FeedTroubleError."""
    match form:
        case "topic":
            return _with_words(feed, fields)
        case "time":
            return _with_time(feed, fields), None
        case "limits":
            return _with_limits(feed, fields), None


@contextmanager
def in_words() -> Generator[None, None, None]:
    """Times and zones that cannot be, as a FeedTroubleError: a sentence for the one who typed them."""
    try:
        yield
    except ScheduleError as error:
        said = str(error)
        raise FeedTroubleError(f"{said[:1].upper()}{said[1:]}{'' if said.endswith('?') else '.'}") from error


def _with_rhythm(feed: Feed, rhythm: Rhythm) -> Settings:
    schedule = feed.settings.schedule
    if rhythm == "cron" and not schedule.cron:
        raise FeedTroubleError(_WRITE_CRON)
    return _on(feed, replace(schedule, rhythm=rhythm))


def _on(feed: Feed, schedule: Any) -> Settings:
    """With another schedule. Nobody chooses how an alert comes: its rhythm says it."""
    style = feed.settings.style
    if feed.kind == "alert":
        style = style_for(schedule.rhythm, is_forum=False)
    return replace(feed.settings, schedule=schedule, style=style)


def _with_words(feed: Feed, fields: Mapping[str, str]) -> tuple[Settings, str | None]:
    name = " ".join(fields.get("name", "").split())[:NAME]
    query = fields.get("query", "")[:QUERY].strip()
    if not visible(name):
        raise FeedTroubleError("Give it a name.")
    if feed.kind == "alert":
        query = _topic_of_alert(query)
    is_same = name == visible(feed.name)[:NAME].strip()  # as it stood in the form
    return replace(feed.settings, query=query), None if is_same else name


def _with_time(feed: Feed, fields: Mapping[str, str]) -> Settings:
    typed = {name: fields.get(name, "").strip() for name in ("time", "zone", "weekday", "cron")}
    timing = Timing(time=typed["time"], timezone=typed["zone"], weekday=typed["weekday"], cron=typed["cron"])
    with in_words():
        return _on(feed, schedule_of(timing, feed.settings.schedule))


def _with_limits(feed: Feed, fields: Mapping[str, str]) -> Settings:
    settings = feed.settings
    upvotes = read_count(
        fields.get("upvotes", ""), least=0, most=MOST_UPVOTES, what="The least number of upvotes"
    )
    return replace(
        settings,
        threshold=read_threshold(fields.get("threshold", "")),
        min_upvotes=upvotes,
        max_items=read_most(fields.get("most", "")),
        tags=read_tags(fields["tags"]) if "tags" in fields else settings.tags,
    )


def _topic_of_alert(query: str) -> str:
    if not visible(query):
        raise FeedTroubleError(_BLANK)
    return query.strip()


def _one_of(known: Sequence[str], values: Sequence[str]) -> str:
    if len(values) != 1 or values[0] not in known:
        raise ExpiredListError
    return values[0]


def _hundredths(threshold: float | None) -> float | None:
    return None if threshold is None else round(threshold, 2)
