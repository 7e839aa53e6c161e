"""When a feed posts: on ordinary days, on those on which clocks change, after clocks went wrong and after the bot was down."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim

from bot.feeds.schedule import MOST_MISSED, Due, Rhythm, Schedule, expression, falls_due, next_run
from bot.feeds.zones import ScheduleError

HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
A_YEAR = timedelta(days=365)
BERLIN = Schedule("daily", time(8, 30), "Europe/Berlin")
FRIDAY = datetime(2026, 11, 27, 12, tzinfo=UTC)


def at(zone: str, day: str, clock: str, *, fold: int = 0) -> datetime:
    """The moment at which a wall clock shows it."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def runs(schedule: Schedule, since: datetime, count: int) -> list[str]:
    """What the wall clock shows at the next runs of a bot that is never down."""
    shown: list[str] = []
    now = since
    for _ in range(count):
        moment = next_run(schedule, ran=None if now == since else now, now=now)
        assert moment is not None
        assert moment.tzinfo is UTC
        shown.append(f"{moment.astimezone(ZoneInfo(schedule.timezone)):%m-%d %H:%M}")
        now = moment
    return shown


def daily(clock: str, zone: str) -> Schedule:
    return Schedule("daily", time.fromisoformat(clock), zone)


def cron(expr: str, zone: str = "UTC") -> Schedule:
    return Schedule("cron", timezone=zone, cron=expr)


# Ordinary days


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (Schedule("instant"), ""),
        (BERLIN, "30 8 * * *"),
        (Schedule("weekdays", time(8, 30)), "30 8 * * 1-5"),
        (Schedule("weekly", time(0), weekday=0), "0 0 * * 1"),
        (Schedule("weekly", time(0), weekday=6), "0 0 * * 0"),
        (cron("0 */6 * * *"), "0 */6 * * *"),
    ],
)
def test_every_rhythm_is_a_cron_expression(schedule: Schedule, expected: str):
    assert expression(schedule) == expected


def test_an_instant_feed_has_no_next_run_and_nothing_of_it_falls_due():
    assert next_run(Schedule("instant"), ran=None, now=FRIDAY) is None
    assert falls_due(Schedule("instant"), ran=None, due=FRIDAY, now=FRIDAY) is None


def test_a_new_feed_first_runs_when_its_time_comes_and_not_for_a_time_that_is_over():
    assert runs(BERLIN, at("Europe/Berlin", "2026-11-27", "08:29:59"), 2) == ["11-27 08:30", "11-28 08:30"]
    assert runs(BERLIN, at("Europe/Berlin", "2026-11-27", "08:30:00"), 1) == ["11-28 08:30"]
    assert runs(BERLIN, at("Europe/Berlin", "2026-11-27", "08:30:00.5"), 1) == ["11-28 08:30"]


def test_weekdays_leave_out_saturday_and_sunday_of_the_zone_and_not_of_utc():
    kathmandu = Schedule("weekdays", time(2), "Asia/Kathmandu")
    assert runs(kathmandu, at("Asia/Kathmandu", "2026-11-26", "12:00"), 2) == ["11-27 02:00", "11-30 02:00"]
    # Monday's 02:00 in Kathmandu is on a Sunday in UTC.
    assert next_run(kathmandu, ran=None, now=FRIDAY) == datetime(2026, 11, 29, 20, 15, tzinfo=UTC)


@pytest.mark.parametrize("weekday", range(7))
def test_a_weekly_feed_runs_on_its_weekday(weekday: int):
    moment = next_run(Schedule("weekly", time(9), weekday=weekday), ran=None, now=FRIDAY)
    assert moment is not None
    assert moment.weekday() == weekday
    assert moment - FRIDAY < timedelta(days=7)


def test_a_cron_rhythm_runs_several_times_a_day():
    assert runs(cron("0 */6 * * *"), FRIDAY, 3) == ["11-27 18:00", "11-28 00:00", "11-28 06:00"]


# Changes of the clock


@pytest.mark.parametrize(
    ("zone", "clock", "since", "expected"),
    [
        # 02:00 to 03:00 never were; 02:00 to 03:00 were twice.
        ("Europe/Berlin", "02:30", "2026-03-28", ["03-28 02:30", "03-29 03:00", "03-30 02:30"]),
        ("Europe/Berlin", "02:30", "2026-10-24", ["10-24 02:30", "10-25 02:30", "10-26 02:30"]),
        ("America/New_York", "02:15", "2026-03-07", ["03-07 02:15", "03-08 03:00", "03-09 02:15"]),
        ("America/New_York", "01:15", "2026-10-31", ["10-31 01:15", "11-01 01:15", "11-02 01:15"]),
        # Half an hour.
        ("Australia/Lord_Howe", "02:15", "2026-10-03", ["10-03 02:15", "10-04 02:30", "10-05 02:15"]),
        ("Australia/Lord_Howe", "01:45", "2026-04-04", ["04-04 01:45", "04-05 01:45", "04-06 01:45"]),
        # Ramadan.
        ("Africa/Casablanca", "02:30", "2026-02-14", ["02-14 02:30", "02-15 02:30", "02-16 02:30"]),
        ("Africa/Casablanca", "02:30", "2026-03-21", ["03-21 02:30", "03-22 03:00", "03-23 02:30"]),
        # Midnight never was.
        ("America/Sao_Paulo", "00:00", "2018-11-03", ["11-04 01:00", "11-05 00:00", "11-06 00:00"]),
        # The last hour of a day never was.
        ("America/Nuuk", "23:45", "2026-03-27", ["03-27 23:45", "03-28 22:59", "03-29 23:45"]),
        # Midnight was twice, and so was the end of the day before it.
        ("America/St_Johns", "23:30", "2010-11-05", ["11-05 23:30", "11-06 23:30", "11-07 23:30"]),
        ("America/St_Johns", "00:00", "2010-11-05", ["11-06 00:00", "11-07 00:00", "11-08 00:00"]),
        # No Friday at all.
        ("Pacific/Apia", "08:30", "2011-12-28", ["12-28 08:30", "12-29 08:30", "12-31 08:30"]),
        ("Pacific/Apia", "00:00", "2011-12-28", ["12-29 00:00", "12-31 00:00", "01-01 00:00"]),
        # An offset that is no whole hour, and never changes.
        ("Asia/Kathmandu", "08:30", "2026-03-28", ["03-28 08:30", "03-29 08:30", "03-30 08:30"]),
    ],
)
def test_a_daily_feed_runs_once_on_each_day_that_there_is(
    zone: str, clock: str, since: str, expected: list[str]
):
    assert runs(daily(clock, zone), at(zone, since, "00:00"), 3) == expected


def test_a_time_that_is_twice_is_the_first_time():
    assert next_run(
        daily("02:30", "Europe/Berlin"), ran=None, now=at("Europe/Berlin", "2026-10-25", "01:00")
    ) == at("Europe/Berlin", "2026-10-25", "02:30", fold=0)
    between = at("Europe/Berlin", "2026-10-25", "02:15", fold=1)
    assert runs(daily("02:30", "Europe/Berlin"), between, 1) == ["10-26 02:30"]


def test_on_weekdays_nothing_runs_on_a_saturday_because_friday_never_was():
    schedule = Schedule("weekdays", time(8, 30), "Pacific/Apia")
    assert runs(schedule, at("Pacific/Apia", "2011-12-29", "00:00"), 2) == ["12-29 08:30", "01-02 08:30"]


def test_a_cron_rhythm_runs_once_for_what_the_wall_clock_shows_twice_and_once_for_a_gap():
    hourly = cron("0 * * * *", "Europe/Berlin")
    assert runs(hourly, at("Europe/Berlin", "2026-10-25", "00:30"), 3) == [
        "10-25 01:00",
        "10-25 02:00",
        "10-25 03:00",
    ]
    assert runs(hourly, at("Europe/Berlin", "2026-03-29", "00:30"), 3) == [
        "03-29 01:00",
        "03-29 03:00",
        "03-29 04:00",
    ]
    quarters = cron("*/15 2 * * *", "Europe/Berlin")
    assert runs(quarters, at("Europe/Berlin", "2026-03-29", "00:30"), 2) == ["03-29 03:00", "03-30 02:00"]


def test_slots_that_a_gap_throws_together_are_one_run():
    quarters = cron("*/15 2 * * *", "Europe/Berlin")
    four_before, one_in_the_gap = (
        at("Europe/Berlin", "2026-03-28", "02:00"),
        at("Europe/Berlin", "2026-03-30", "02:00"),
    )
    assert falls_due(quarters, ran=None, due=four_before, now=one_in_the_gap) == Due(one_in_the_gap, missed=5)
    last_hour = cron("*/15 23 * * *", "America/Nuuk")
    assert runs(last_hour, at("America/Nuuk", "2026-03-28", "12:00"), 2) == ["03-28 22:59", "03-29 23:00"]


def test_a_cron_rhythm_runs_in_zones_whose_clocks_change_at_odd_times():
    even = cron("0 */2 * * *", "Australia/Lord_Howe")
    assert runs(even, at("Australia/Lord_Howe", "2026-04-05", "00:30"), 2) == ["04-05 02:00", "04-05 04:00"]
    fourth = cron("0 */4 * * *", "America/St_Johns")
    assert runs(fourth, at("America/St_Johns", "2010-11-06", "21:00"), 3) == [
        "11-07 00:00",
        "11-07 04:00",
        "11-07 08:00",
    ]


def test_cronsim_alone_repeats_a_moment_leaves_one_out_and_runs_on_a_wrong_day():
    """Why it is asked for slots without a zone; whichever of these changes, the reason may be gone."""

    def alone(expr: str, zone: str, since: str, count: int) -> list[str]:
        start = datetime.fromisoformat(since).replace(tzinfo=ZoneInfo(zone))
        return [f"{moment:%m-%d %H:%M}" for moment in islice(CronSim(expr, start), count)]

    assert alone("0 */4 * * *", "America/St_Johns", "2010-11-06T21:00", 3) == ["11-07 00:00"] * 3
    assert alone("0 */2 * * *", "Australia/Lord_Howe", "2026-04-05T00:30", 1) == ["04-05 04:00"]
    assert alone("30 8 * * 1-5", "Pacific/Apia", "2011-12-29T12:00", 1) == ["12-31 00:00"]
    assert alone("45 23 * * *", "America/Nuuk", "2026-03-28T12:00", 2) == ["03-29 00:00", "03-29 23:45"]
    assert alone("0 * * * *", "Europe/Berlin", "2026-10-25T01:30", 2) == ["10-25 02:00", "10-25 02:00"]


# Clocks that were wrong, and edits


@pytest.mark.parametrize("step", [-2 * HOUR, -HOUR, HOUR, 2 * HOUR])
def test_a_clock_that_is_stepped_makes_nothing_run_twice_on_a_day(step: timedelta):
    ran = at("Europe/Berlin", "2026-11-27", "08:30")
    assert next_run(BERLIN, ran=ran, now=ran + step) == ran + A_DAY


def test_a_clock_that_is_set_back_over_midnight_makes_the_day_before_run_no_second_time():
    just_after_midnight = daily("00:10", "Europe/Berlin")
    ran = at("Europe/Berlin", "2026-11-27", "00:10")
    assert next_run(just_after_midnight, ran=ran, now=ran - 2 * HOUR) == ran + A_DAY
    late = daily("23:00", "Europe/Berlin")
    assert next_run(late, ran=ran, now=ran - 2 * HOUR) == at("Europe/Berlin", "2026-11-28", "23:00")


def test_a_cron_rhythm_runs_no_second_time_for_what_it_ran_for_before_the_clock_was_set_back():
    hourly = cron("0 * * * *")
    assert next_run(hourly, ran=FRIDAY, now=FRIDAY - 2 * HOUR) == FRIDAY + HOUR


def test_a_run_in_the_far_future_counts_as_none():
    ran = FRIDAY + A_YEAR
    assert next_run(BERLIN, ran=ran, now=FRIDAY) == at("Europe/Berlin", "2026-11-28", "08:30")
    assert next_run(BERLIN, ran=FRIDAY + timedelta(hours=26), now=FRIDAY) == at(
        "Europe/Berlin", "2026-11-29", "08:30"
    )


def test_a_feed_whose_time_is_edited_runs_no_second_time_on_the_day():
    ran = at("Europe/Berlin", "2026-11-27", "08:30")
    later = daily("20:00", "Europe/Berlin")
    assert next_run(later, ran=ran, now=ran + HOUR) == at("Europe/Berlin", "2026-11-28", "20:00")


def test_a_feed_whose_zone_is_edited_runs_no_second_time_on_a_local_day_of_its_new_zone():
    ran = at("Europe/Berlin", "2026-11-27", "08:30")  # still the 26th in Honolulu
    honolulu = daily("23:00", "Pacific/Honolulu")
    assert next_run(honolulu, ran=ran, now=ran + HOUR) == at("Pacific/Honolulu", "2026-11-27", "23:00")
    auckland = daily("23:00", "Pacific/Auckland")
    assert next_run(auckland, ran=ran, now=ran + HOUR) == at("Pacific/Auckland", "2026-11-28", "23:00")


@pytest.mark.parametrize("ahead", [A_DAY, A_YEAR, 40 * A_YEAR])
def test_what_a_clock_that_was_ahead_put_off_is_pulled_back(ahead: timedelta):
    put_off = next_run(BERLIN, ran=None, now=FRIDAY + ahead)
    assert put_off is not None
    assert falls_due(BERLIN, ran=None, due=put_off, now=FRIDAY) is None
    again = next_run(BERLIN, ran=None, now=FRIDAY)
    assert again
    assert again == at("Europe/Berlin", "2026-11-28", "08:30")
    assert falls_due(BERLIN, ran=None, due=again, now=again) == Due(again)


# Falling due


def test_what_is_due_runs_when_its_time_has_come_and_not_before():
    due = at("Europe/Berlin", "2026-11-27", "08:30")
    assert falls_due(BERLIN, ran=None, due=None, now=due) is None
    assert falls_due(BERLIN, ran=None, due=due, now=due - timedelta(seconds=1)) is None
    assert falls_due(BERLIN, ran=None, due=due, now=due) == Due(due, missed=0)
    assert falls_due(BERLIN, ran=due - A_DAY, due=due, now=due + HOUR) == Due(due, missed=0)


def test_a_bot_that_was_down_for_thirty_days_runs_once_for_the_last():
    ran = at("Europe/Berlin", "2026-10-01", "08:30")
    now = at("Europe/Berlin", "2026-10-31", "12:00")
    due = next_run(BERLIN, ran=ran, now=ran)
    fallen = falls_due(BERLIN, ran=ran, due=due, now=now)
    assert fallen
    assert fallen == Due(at("Europe/Berlin", "2026-10-31", "08:30"), missed=29)
    assert falls_due(BERLIN, ran=fallen.at, due=due, now=now) is None
    assert next_run(BERLIN, ran=fallen.at, now=now) == at("Europe/Berlin", "2026-11-01", "08:30")


def test_a_weekday_feed_that_was_missed_on_a_friday_says_so_on_sunday():
    schedule = Schedule("weekdays", time(8))
    friday = datetime(2026, 11, 27, 8, tzinfo=UTC)
    assert falls_due(schedule, ran=None, due=friday - A_DAY, now=friday + 2 * A_DAY) == Due(friday, missed=1)


def test_no_more_runs_are_counted_than_make_sense():
    minutes = cron("* * * * *")
    assert falls_due(minutes, ran=None, due=FRIDAY - 30 * A_YEAR, now=FRIDAY) == Due(
        FRIDAY, missed=MOST_MISSED
    )
    assert falls_due(BERLIN, ran=None, due=FRIDAY - 3 * A_YEAR, now=FRIDAY) == Due(
        at("Europe/Berlin", "2026-11-27", "08:30"), missed=MOST_MISSED
    )


def test_what_ran_already_does_not_fall_due_though_its_row_says_so():
    due = at("Europe/Berlin", "2026-11-27", "08:30")
    assert falls_due(BERLIN, ran=due, due=due, now=due + HOUR) is None
    assert falls_due(BERLIN, ran=due + A_DAY, due=due, now=due + HOUR) is None  # the clock was set back a day
    assert falls_due(cron("0 * * * *"), ran=FRIDAY, due=FRIDAY, now=FRIDAY) is None


def test_what_is_due_runs_though_the_rules_of_its_zone_changed_since_it_was_stored():
    stored = at("Europe/Berlin", "2026-11-27", "07:30")
    assert falls_due(BERLIN, ran=None, due=stored, now=stored) == Due(stored)


def test_a_run_that_was_missed_is_found_after_the_clocks_went_back_over_it():
    late = daily("02:45", "Europe/Berlin")
    now = at("Europe/Berlin", "2026-10-25", "02:10", fold=1)
    first = at("Europe/Berlin", "2026-10-25", "02:45", fold=0)
    assert falls_due(late, ran=None, due=first - A_DAY, now=now) == Due(first, missed=1)


# What cannot be


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "Europe", "../UTC", "", "a\0b", "x" * 5000])
def test_a_zone_that_is_not_known_here_is_refused_with_what_to_do(zone: str):
    for refused in (
        lambda: next_run(Schedule(timezone=zone), ran=None, now=FRIDAY),
        lambda: falls_due(Schedule(timezone=zone), ran=None, due=FRIDAY, now=FRIDAY),
    ):
        with pytest.raises(
            ScheduleError, match=r"is not known here: choose another, such as Europe/Berlin"
        ) as error:
            refused()
        assert len(str(error.value)) < 160


@pytest.mark.parametrize("expr", ["", "often", "61 * * * *", "9" * 5000 + " * * * *", "0 0 31 2 *"])
def test_a_stored_expression_that_is_none_is_refused_with_what_to_do(expr: str):
    with pytest.raises(ScheduleError, match="is no cron expression: write minute, hour"):
        next_run(cron(expr), ran=None, now=FRIDAY)


def test_what_never_comes_is_never_next():
    assert next_run(cron("0 0 */30 2 1#5"), ran=None, now=FRIDAY) is None
    assert falls_due(cron("0 0 */30 2 1#5"), ran=None, due=None, now=FRIDAY) is None


def test_a_leap_day_is_waited_for():
    rhythm: Rhythm = "cron"
    leap = next_run(Schedule(rhythm, cron="0 0 29 2 *"), ran=None, now=FRIDAY)
    assert leap is not None
    assert leap.date() == date(2028, 2, 29)
