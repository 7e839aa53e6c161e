"""What holds of schedules in every zone of the world, whatever happens to the clock, to the bot and to the settings."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.feeds.schedule import MOST_MISSED, Schedule, falls_due, next_run

HOUR = timedelta(hours=1)
DAY_RHYTHMS = ("daily", "weekdays", "weekly")
ALL_ZONES = sorted(available_timezones())
# Zones with a change of the clock that is out of the ordinary, and the day on which it was.
ODD = [
    ("Africa/Casablanca", datetime(2026, 3, 22, tzinfo=UTC)),
    ("America/Havana", datetime(2026, 3, 8, tzinfo=UTC)),
    ("America/Nuuk", datetime(2026, 3, 29, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 11, 4, tzinfo=UTC)),
    ("America/St_Johns", datetime(2010, 11, 7, tzinfo=UTC)),
    ("Antarctica/Troll", datetime(2026, 3, 29, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(1986, 1, 1, tzinfo=UTC)),
    ("Asia/Pyongyang", datetime(2018, 5, 4, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 3, 29, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 25, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 30, tzinfo=UTC)),
    ("Pacific/Kwajalein", datetime(1993, 8, 21, tzinfo=UTC)),
]
CLOCKS = st.builds(time, st.sampled_from([0, 1, 2, 3, 8, 22, 23]) | st.integers(0, 23), st.integers(0, 59))
TIMES = st.datetimes(datetime(1975, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone follows
PLACES = st.tuples(st.sampled_from(ALL_ZONES), TIMES) | st.builds(
    lambda odd, before: (odd[0], odd[1] - before),
    st.sampled_from(ODD),
    st.timedeltas(timedelta(0), timedelta(days=5)),
)
CRONS = st.sampled_from(
    ["0 * * * *", "*/15 * * * *", "30 */4 * * *", "15,45 1-3 * * *", "0 2 1 * *", "0 8 L * 5L"]
)


def schedules(zone: str, rhythms: tuple[str, ...] = (*DAY_RHYTHMS, "cron")) -> st.SearchStrategy[Schedule]:
    return st.builds(Schedule, st.sampled_from(rhythms), CLOCKS, st.just(zone), st.integers(0, 6), CRONS)


STARTS = PLACES.flatmap(lambda place: st.tuples(schedules(place[0]), st.just(place[1])))
DAY_STARTS = PLACES.flatmap(lambda place: st.tuples(schedules(place[0], DAY_RHYTHMS), st.just(place[1])))


def local_day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


@dataclass
class Bot:
    """One feed of a bot, as its row is kept: run what fell due, then store what is next."""

    schedule: Schedule
    now: datetime
    ran: datetime | None = None
    due: datetime | None = None

    def __post_init__(self):
        self.runs: list[tuple[datetime, Schedule, int]] = []
        self.look()

    def look(self):
        fallen = falls_due(self.schedule, ran=self.ran, due=self.due, now=self.now)
        if fallen:
            assert fallen.at <= self.now
            self.runs.append((fallen.at, self.schedule, fallen.missed))
            self.ran = fallen.at
        self.due = next_run(self.schedule, ran=self.ran, now=self.now)

    def step(self, by: timedelta):
        self.now += by
        self.look()

    def wait(self):
        assert self.due is not None
        self.now = self.due
        self.look()

    def edit(self, schedule: Schedule):
        self.schedule = schedule
        self.due = next_run(schedule, ran=self.ran, now=self.now)


def something_happens(bot: Bot, data: st.DataObject):
    match data.draw(st.sampled_from(["wait", "wait", "jump", "down", "pass", "edit", "zone"])):
        case "jump":
            bot.step(data.draw(st.timedeltas(-2 * HOUR, 2 * HOUR)))
        case "down":
            bot.step(data.draw(st.timedeltas(HOUR, timedelta(days=20))))
        case "pass":
            bot.step(data.draw(st.timedeltas(timedelta(0), HOUR)))
        case "edit":
            bot.edit(data.draw(schedules(bot.schedule.timezone)))
        case "zone":
            bot.edit(replace(bot.schedule, timezone=data.draw(st.sampled_from(ALL_ZONES))))
        case _:
            bot.wait()


@settings(deadline=None)
@given(STARTS, st.none() | st.timedeltas(timedelta(days=-40), timedelta(days=40)))
def test_the_next_run_is_after_now_and_always_the_same(
    start: tuple[Schedule, datetime], since: timedelta | None
):
    schedule, now = start
    ran = None if since is None else now + since
    moment = next_run(schedule, ran=ran, now=now)
    assert moment is not None
    assert moment > now
    assert moment.tzinfo is UTC
    assert moment == next_run(schedule, ran=ran, now=now)
    assert moment == next_run(schedule, ran=ran, now=now.astimezone(ZoneInfo("Asia/Kathmandu")))
    assert moment == next_run(schedule, ran=ran, now=moment - timedelta(microseconds=1)) or (
        ran and ran > now
    )


@settings(deadline=None)
@given(DAY_STARTS)
def test_a_bot_that_is_up_runs_once_on_each_local_day_that_there_is(start: tuple[Schedule, datetime]):
    schedule, now = start
    bot = Bot(schedule, now)
    while bot.now < now + timedelta(days=12):
        bot.wait()
    days = [local_day(at, schedule.timezone) for at, *_ in bot.runs]
    hours = range((bot.now - now) // HOUR + 1)
    moments = [*(now + HOUR * number for number in hours), bot.now]
    there_are = sorted({local_day(moment, schedule.timezone) for moment in moments})
    if schedule.rhythm == "weekdays":
        there_are = [day for day in there_are if day.weekday() < 5]
    if schedule.rhythm == "weekly":
        there_are = [day for day in there_are if day.weekday() == schedule.weekday]
    if there_are[0] not in days:  # its time was over on the first
        assert there_are[0] == local_day(now, schedule.timezone)
        there_are.pop(0)
    assert days == there_are
    assert [missed for *_, missed in bot.runs] == [0] * len(days)


@settings(deadline=None)
@given(DAY_STARTS)
def test_a_run_is_at_its_time_or_at_the_edge_of_a_gap(start: tuple[Schedule, datetime]):
    schedule, now = start
    moment = next_run(schedule, ran=None, now=now)
    assert moment is not None
    zone = ZoneInfo(schedule.timezone)
    local = moment.astimezone(zone)
    if (local.hour, local.minute) != (schedule.time.hour, schedule.time.minute):
        near = timedelta(minutes=1)
        assert (moment - near).astimezone(zone).utcoffset() != (moment + near).astimezone(zone).utcoffset()
    assert local.fold == 0


@settings(deadline=None)
@given(STARTS, st.data())
def test_nothing_runs_twice_on_a_local_day_whatever_clocks_people_and_the_machine_do(
    start: tuple[Schedule, datetime], data: st.DataObject
):
    """By the zone that is in force when it runs: none of the runs before was on the same local day of it.

    By the zone that was in force before an edit two runs may be on one day; both zones cannot be had. Steps back add up to
    less than the 26 hours from which on a run ahead counts as none.
    """
    bot = Bot(*start)
    for _ in range(data.draw(st.integers(5, 12))):
        something_happens(bot, data)
    assert all(one < other for (one, *_), (other, *_) in pairwise(bot.runs))
    for number, (at, schedule, _) in enumerate(bot.runs):
        day = local_day(at, schedule.timezone)
        if schedule.rhythm in DAY_RHYTHMS:
            assert day not in {local_day(before, schedule.timezone) for before, *_ in bot.runs[:number]}
        if schedule.rhythm == "weekdays":
            assert day.weekday() < 5
        if schedule.rhythm == "weekly":
            assert day.weekday() == schedule.weekday


@settings(deadline=None, max_examples=50)
@given(STARTS, st.lists(st.timedeltas(-2 * HOUR, 2 * HOUR), max_size=8))
def test_a_cron_rhythm_runs_once_for_what_the_wall_clock_shows(
    start: tuple[Schedule, datetime], jumps: list[timedelta]
):
    bot = Bot(replace(start[0], rhythm="cron"), start[1])
    for jump in jumps:
        bot.wait()
        bot.step(jump)
    zone = ZoneInfo(bot.schedule.timezone)
    shown = [f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for at, *_ in bot.runs]
    assert len(set(shown)) == len(shown)


@settings(deadline=None, max_examples=40)
@given(STARTS, st.timedeltas(timedelta(days=1), timedelta(days=30)))
def test_a_bot_that_was_down_runs_once_and_counts_what_it_missed(
    start: tuple[Schedule, datetime], down: timedelta
):
    schedule, now = start
    bot = Bot(schedule, now)
    slots: list[datetime] = []
    slot = bot.due
    while slot and slot <= now + down:
        slots.append(slot)
        slot = next_run(schedule, ran=None, now=slot)
    bot.step(down)
    expected = [(slots[-1], schedule, min(len(slots) - 1, MOST_MISSED))] if slots else []
    assert bot.runs == expected
    assert bot.due == slot
    bot.look()
    assert bot.runs == expected


@settings(deadline=None)
@given(STARTS, st.timedeltas(timedelta(days=2), timedelta(days=4000)))
def test_a_clock_that_was_far_ahead_delays_nothing_once_it_is_right(
    start: tuple[Schedule, datetime], ahead: timedelta
):
    schedule, now = start
    bot = Bot(schedule, now + ahead)
    bot.wait()
    assume(bot.ran is not None and bot.ran > now + 26 * HOUR)
    bot.now = now
    bot.look()
    assert len(bot.runs) == 1
    assert bot.due == next_run(schedule, ran=None, now=now)
