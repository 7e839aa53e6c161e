"""When does a feed post? Pure: the caller brings the clock.

A schedule is a cron expression, which names slots on the wall clock of a zone, and a slot is one moment (`_moment`). cronsim
only lists the slots, on a wall clock without a zone: its own zones repeat some moments for ever (America/St_Johns, 2010),
leave slots out (Australia/Lord_Howe), and move a time of a day that never was to the next day, a Friday's to a Saturday.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day  # a schedule has a `time`
from itertools import islice, pairwise, takewhile
from typing import Literal, cast, get_args
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from bot.feeds.zones import ScheduleError
from corpus.sources.quoting import short

Rhythm = Literal["instant", "daily", "weekdays", "weekly", "cron"]

MOST_MISSED = 366
"""More runs that were missed are not counted: a year of days."""
LEAST_MINUTES = 15
"""Between two runs of a cron expression."""

# From the zone that is first to the one that is last: two wall clocks never differ by more. A run that lies further ahead
# was on no local day that has begun anywhere, so that the clock was wrong.
_WIDEST = timedelta(hours=26)
_A_MINUTE = timedelta(minutes=1)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FEWEST_LETTERS = 2  # that tell weekdays apart

_TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d\d))?\s*(?P<half>[ap]\.?m\.?)?", re.ASCII)
_NAMED_TIMES = {"noon": time_of_day(12), "midnight": time_of_day(0)}
_HALF = 12  # hours

_LONGEST_CRON = 100  # characters; so long that nobody meets it
_FIELD = re.compile(r"[0-9A-Za-z*/,#-]+")
_FIELDS = (
    ("minute", "0-59"),
    ("hour", "0-23"),
    ("day of the month", "1-31 or L for the last"),
    ("month", "1-12 or JAN-DEC"),
    ("weekday", "0-6 or SUN-SAT"),
)
_FIVE = "minute, hour, day of the month, month and weekday, such as 30 8 * * 1-5"
_SOME_DAY = datetime(2000, 1, 1)  # noqa: DTZ001 - a wall clock; whether an expression ever runs does not depend on now


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a feed posts, by the clock on the wall of an IANA time zone.

    `instant` posts as papers come. `time` is of the day for `daily`, `weekdays` and `weekly`, `weekday` counts from Monday,
    0; `cron` is five fields, for that rhythm alone.
    """

    rhythm: Rhythm = "daily"
    time: time_of_day = time_of_day(9)
    timezone: str = "UTC"
    weekday: int = 0
    cron: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A run that is due: `at` is the latest moment that was, `missed` counts those before it, up to MOST_MISSED."""

    at: datetime
    missed: int = 0


def next_run(schedule: Schedule, *, ran: datetime | None, now: datetime) -> datetime | None:
    """The first moment after `now` at which it is to post, in UTC; None for instant ones, and for what never comes.

    `ran` is what it last posted for, `Due.at`. For daily, weekdays and weekly it is on a later local day than `ran`, by the
    zone that is in force now; for cron later than `ran`. Thus nothing runs twice after a clock was set back or the schedule
    was edited. A `ran` more than 26 hours ahead was written by a clock that was wrong, and counts as none.

    A slot that a change of the clock leaves out is at the end of the gap, or, where that is another day, a minute before
    the gap; a day that is left out whole has none. A slot that occurs twice is the first time.

    Raises ScheduleError if the zone is unknown here or the cron expression is none.
    """
    if schedule.rhythm == "instant":
        return None
    zone = _zone(schedule)
    ran = _believable(ran, now)
    return next(
        (moment for moment in _moments(schedule, zone, after=now) if _is_new(moment, schedule, zone, ran)),
        None,
    )


def falls_due(schedule: Schedule, *, ran: datetime | None, due: datetime | None, now: datetime) -> Due | None:
    """The run that is to be made now, one for all that were missed; None if none is.

    `due` is the `next_run` that was stored. It is believed once it has passed; one that is ahead is not. So where this is
    None, what `next_run` says now is to be stored: that pulls back what a clock that was ahead had put off.

    Raises ScheduleError as `next_run` does.
    """
    if schedule.rhythm == "instant" or due is None or due > now:
        return None
    zone = _zone(schedule)
    ran = _believable(ran, now)
    # Before `due` if the zone's rules changed since it was stored.
    at = max(due, _latest(schedule, zone, now) or due).astimezone(UTC)
    if not _is_new(at, schedule, zone, ran):
        return None
    if at == due:
        return Due(at)
    between = takewhile(lambda moment: moment < at, _moments(schedule, zone, after=due))
    return Due(at, missed=1 + sum(1 for _ in islice(between, MOST_MISSED - 1)))


def expression(schedule: Schedule) -> str:
    """Its slots on the wall clock, as five cron fields; "" for instant."""
    at = f"{schedule.time.minute} {schedule.time.hour}"
    match schedule.rhythm:
        case "instant":
            return ""
        case "daily":
            return f"{at} * * *"
        case "weekdays":
            return f"{at} * * 1-5"
        case "weekly":
            return f"{at} * * {(schedule.weekday + 1) % 7}"  # cron's week begins on Sunday
        case "cron":
            return schedule.cron


def describe(schedule: Schedule) -> str:
    """In words, to follow “posts”; a cron expression stands in backticks."""
    at = f"at {schedule.time:%H:%M} ({schedule.timezone})"
    match schedule.rhythm:
        case "instant":
            return "at once"
        case "daily":
            return f"daily {at}"
        case "weekdays":
            return f"on weekdays {at}"
        case "weekly":
            return f"on {_WEEKDAYS[schedule.weekday]}s {at}"
        case "cron":
            return f"by `{schedule.cron}` ({schedule.timezone})"


def as_json(schedule: Schedule) -> dict[str, str | int]:
    """What `from_json` reads."""
    return {
        "rhythm": schedule.rhythm,
        "time": f"{schedule.time:%H:%M}",
        "timezone": schedule.timezone,
        "weekday": schedule.weekday,
        "cron": schedule.cron,
    }


def from_json(value: object) -> Schedule:
    """The schedule that was stored, perhaps by another version: whatever is missing or makes no sense is as by default."""
    told = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    usual = Schedule()
    rhythm, at, zone, weekday, cron = (
        told.get(key) for key in ("rhythm", "time", "timezone", "weekday", "cron")
    )
    return Schedule(
        rhythm=cast("Rhythm", rhythm) if rhythm in get_args(Rhythm) else usual.rhythm,
        time=_stored_time(at) or usual.time,
        timezone=zone if isinstance(zone, str) and zone else usual.timezone,
        weekday=weekday if type(weekday) is int and 0 <= weekday < len(_WEEKDAYS) else usual.weekday,
        cron=cron if isinstance(cron, str) else usual.cron,
    )


# What people type


def read_time(typed: str) -> time_of_day:
    """A time of the day, from 8:30, 08:30, 8.30, 8h30, 8, 8am, 8:30 pm, noon or midnight.

    Raises ScheduleError for anything else.
    """
    text = typed.strip().lower()
    if text in _NAMED_TIMES:
        return _NAMED_TIMES[text]
    if found := _TIME.fullmatch(text):
        hour, minute = int(found["hour"]), int(found["minute"] or 0)
        if half := found["half"]:
            hour = hour % _HALF + _HALF * (half[0] == "p") if 1 <= hour <= _HALF else -1
        try:
            return time_of_day(hour, minute)
        except ValueError:
            pass  # it looks like a time, and is none
    raise ScheduleError(f"“{short(typed.strip())}” is no time of the day: write it like 8:30, 20:15 or 8am")


def read_weekday(typed: str) -> int:
    """A weekday, counted from Monday, 0; from its name or its beginning, such as Mon.

    Raises ScheduleError for anything else.
    """
    word = typed.strip().lower().rstrip(".")
    if len(word) >= _FEWEST_LETTERS:
        for number, name in enumerate(_WEEKDAYS):
            if f"{name.lower()}s".startswith(word):
                return number
    raise ScheduleError(f"“{short(typed.strip())}” is no weekday: write its name, such as Monday or Mon")


def read_cron(text: str) -> str:
    """The five fields of a cron expression, in capitals, one space between them.

    Raises ScheduleError, with the reason, for what is none, never comes, or comes twice within LEAST_MINUTES by the clock on
    the wall; days count as if each followed the other.
    """
    if len(text) > _LONGEST_CRON:
        raise ScheduleError(
            f"“{short(text)}” is too long: a cron expression has at most {_LONGEST_CRON} characters"
        )
    fields = text.upper().split()
    if len(fields) != len(_FIELDS):
        raise ScheduleError(f"“{short(text.strip())}” does not have five fields: write {_FIVE}")
    for (name, allowed), field in zip(_FIELDS, fields, strict=True):
        if not _is_field(name, field):
            raise ScheduleError(
                f"“{short(field)}” is no {name}: write * or {allowed}; lists like 1,3 and steps like */2 work too"
            )
    expr = " ".join(fields)
    try:
        slots = CronSim(expr, _SOME_DAY)
        next(slots)
    except (CronSimError, StopIteration) as error:
        raise ScheduleError(f"“{short(expr)}” never comes: there is no such day") from error
    times = sorted(60 * hour + minute for hour in slots.hours for minute in slots.minutes)
    for one, other in pairwise([*times, times[0] + 24 * 60]):
        if other - one < LEAST_MINUTES:
            clocks = f"{_clock(one)} and {_clock(other)}"
            raise ScheduleError(
                f"“{short(expr)}” runs too often: {clocks}; leave {LEAST_MINUTES} minutes between, as */15 does"
            )
    return expr


def _is_field(name: str, field: str) -> bool:
    """Whether the field is one; cronsim refuses the whole by any of them, and does not say which."""
    others = ("*" if name != other else field for other, _ in _FIELDS)
    if not _FIELD.fullmatch(field):
        return False
    try:
        CronSim(" ".join(others), _SOME_DAY)
    except CronSimError:
        return False
    return True


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24}:{minutes % 60:02}"


def _stored_time(value: object) -> time_of_day | None:
    if not isinstance(value, str):
        return None
    try:
        return time_of_day.fromisoformat(value).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None


# Slots and moments


def _zone(schedule: Schedule) -> ZoneInfo:
    try:
        return ZoneInfo(schedule.timezone)
    except (KeyError, ValueError, OSError) as error:  # unknown, no name at all, or the name of a folder
        raise ScheduleError(
            f"the time zone “{short(schedule.timezone)}” is not known here: choose another, such as Europe/Berlin"
        ) from error


def _believable(ran: datetime | None, now: datetime) -> datetime | None:
    return None if ran is None or ran > now + _WIDEST else ran


def _is_new(moment: datetime, schedule: Schedule, zone: ZoneInfo, ran: datetime | None) -> bool:
    """Whether a run at that moment would be another one than the last."""
    if ran is None:
        return True
    if schedule.rhythm == "cron":
        return moment > ran
    return moment.astimezone(zone).date() > ran.astimezone(zone).date()


def _moments(schedule: Schedule, zone: ZoneInfo, *, after: datetime) -> Iterator[datetime]:
    """The moments of all slots after that one, in order, each once."""
    last = after
    # Slots and their moments are in the same order: one that the wall clock has passed is no moment to come.
    for slot in _slots(schedule, _wall(after, zone)):
        moment = _moment(slot, zone)
        if moment and moment > last:
            yield moment
            last = moment


def _latest(schedule: Schedule, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The last moment of a slot until now."""
    # A slot further on the wall clock than now may have passed: the clock was put back since.
    for slot in _slots(schedule, _wall(now, zone) + _WIDEST, backwards=True):
        moment = _moment(slot, zone)
        if moment and moment <= now:
            return moment
    return None


def _slots(schedule: Schedule, start: datetime, *, backwards: bool = False) -> CronSim:
    try:
        return CronSim(expression(schedule), start, reverse=backwards)
    except (CronSimError, ValueError) as error:
        raise ScheduleError(f"“{short(schedule.cron)}” is no cron expression: write {_FIVE}") from error


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _moment(slot: datetime, zone: ZoneInfo) -> datetime | None:
    """When the wall clock shows it for the first time, or what stands for it; None if that whole day is left out."""
    before = slot.replace(tzinfo=zone, fold=0)
    moment = before.astimezone(UTC)
    if _wall(moment, zone) == slot:
        return moment
    # In a gap fold tells the offset before it from the one after (PEP 495): the gap ends between what the two make of it.
    since, until = slot.replace(tzinfo=zone, fold=1).timestamp(), before.timestamp()
    seconds = range(int(since), int(until) + 1)
    place = bisect_left(
        seconds,
        True,
        key=lambda second: datetime.fromtimestamp(second, zone).utcoffset() != before.utcoffset(),
    )
    end = datetime.fromtimestamp(seconds[place], UTC)
    return next((near for near in (end, end - _A_MINUTE) if _wall(near, zone).date() == slot.date()), None)
