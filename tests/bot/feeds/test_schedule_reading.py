"""Schedules as people type them, as they are told to people, and as they are stored."""

from datetime import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.feeds.schedule import (
    Schedule,
    as_json,
    describe,
    from_json,
    next_run,
    read_cron,
    read_time,
    read_weekday,
)
from bot.feeds.zones import ScheduleError
from tests.bot.feeds.test_schedule import FRIDAY

RHYTHMS = ("instant", "daily", "weekdays", "weekly", "cron")
CLOCKS = st.builds(time, st.integers(0, 23), st.integers(0, 59))
SCHEDULES = st.builds(
    Schedule,
    st.sampled_from(RHYTHMS),
    CLOCKS,
    st.text(min_size=1, max_size=9),
    st.integers(0, 6),
    st.text(max_size=9),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)
LONGEST_REFUSAL = 240


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("8:30", time(8, 30)),
        ("08:30", time(8, 30)),
        (" 8 ", time(8)),
        ("8am", time(8)),
        ("8 PM", time(20)),
        ("8:05 p.m.", time(20, 5)),
        ("12am", time(0)),
        ("12:30 pm", time(12, 30)),
        ("20.15", time(20, 15)),
        ("20h15", time(20, 15)),
        ("0:00", time(0)),
        ("Noon", time(12)),
        ("midnight", time(0)),
    ],
)
def test_a_time_of_the_day_is_understood_as_people_write_it(typed: str, expected: time):
    assert read_time(typed) == expected


@pytest.mark.parametrize(
    "typed",
    ["", "24:00", "8:60", "13pm", "0am", "8:3", "830", "8:30:15", "-1", "８:30", "٨", "at eight", "8:30 CET"],
)
def test_what_is_no_time_of_the_day_is_refused_with_examples(typed: str):
    with pytest.raises(ScheduleError) as refused:
        read_time(typed)
    assert str(refused.value) == f"“{typed}” is no time of the day: write it like 8:30, 20:15 or 8am"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("mon", 0), ("Tu", 1), ("WEDNESDAY", 2), ("thurs", 3), ("Fridays", 4), (" Sat. ", 5), ("su", 6)],
)
def test_a_weekday_is_understood_by_its_beginning(typed: str, expected: int):
    assert read_weekday(typed) == expected


@pytest.mark.parametrize("typed", ["", "t", "s", "1", "Montag", "mondayss", "m."])
def test_what_is_no_weekday_is_refused_with_examples(typed: str):
    with pytest.raises(ScheduleError, match="is no weekday: write its name, such as Monday or Mon"):
        read_weekday(typed)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("0 */6 * * *", "0 */6 * * *"),
        ("  30   8 * * mon-fri ", "30 8 * * MON-FRI"),
        ("*/15 * * * *", "*/15 * * * *"),
        ("0,30 9-17 * jan,feb 1#2", "0,30 9-17 * JAN,FEB 1#2"),
        ("0 12 L * *", "0 12 L * *"),
        ("0 0 29 2 *", "0 0 29 2 *"),
        ("59 23 * * *", "59 23 * * *"),
    ],
)
def test_a_cron_expression_is_taken(typed: str, expected: str):
    assert read_cron(typed) == expected


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (
            "",
            "“” does not have five fields: write minute, hour, day of the month, month and weekday, such as 30 8 * * 1-5",
        ),
        ("@daily", "“@daily” does not have five fields"),
        ("0 0 8 * * 1", "“0 0 8 * * 1” does not have five fields"),
        ("60 8 * * *", "“60” is no minute: write * or 0-59; lists like 1,3 and steps like */2 work too"),
        ("0 25 * * *", "“25” is no hour: write * or 0-23"),
        ("0 8 32 * *", "“32” is no day of the month: write * or 1-31"),
        ("0 8 * 13 *", "“13” is no month: write * or 1-12"),
        ("0 8 * * fri-mon", "“FRI-MON” is no weekday: write * or 0-6 or SUN-SAT"),
        ("*/0 8 * * *", "“*/0” is no minute"),
        ("0 8 30 2 *", "“0 8 30 2 *” never comes: there is no such day"),
        ("0 8 31 4,6,9,11 *", "“0 8 31 4,6,9,11 *” never comes: there is no such day"),
        ("0 0 */30 2 1#5", "“0 0 */30 2 1#5” never comes: there is no such day"),
        ("* * * * *", "“* * * * *” runs too often: 0:00 and 0:01; leave 15 minutes between, as */15 does"),
        ("*/10 * * * *", "“*/10 * * * *” runs too often: 0:00 and 0:10"),
        ("0,10 8 25 12 *", "“0,10 8 25 12 *” runs too often: 8:00 and 8:10"),
        ("5,55 8,9 * * *", "“5,55 8,9 * * *” runs too often: 8:55 and 9:05"),
        ("0,50 0,23 * * *", "“0,50 0,23 * * *” runs too often: 23:50 and 0:00"),
        (
            "0," * 60 + "0 8 * * *",
            "“" + "0," * 29 + "0…” is too long: a cron expression has at most 100 characters",
        ),
    ],
)
def test_what_is_no_cron_expression_is_refused_with_the_reason(typed: str, reason: str):
    with pytest.raises(ScheduleError) as refused:
        read_cron(typed)
    assert str(refused.value).startswith(reason)


CRON_FIELDS = st.text("0123456789*/,-#LWSUNMO", min_size=1, max_size=6)


@given(st.text(max_size=120) | st.lists(CRON_FIELDS, min_size=5, max_size=5).map(" ".join))
@example("@everyone\u202e\n`" * 50)
@example("9" * 5000)
@example("1L 1L 1L 1L 1L")
@example("0 0 LW/2 * 5L")
def test_whatever_is_typed_is_understood_or_refused_in_a_few_words_that_print(typed: str):
    for read in (read_time, read_weekday, read_cron):
        words = "understood"
        try:
            read(typed)
        except ScheduleError as refused:
            words = str(refused)
        assert words.isprintable()
        assert len(words) < LONGEST_REFUSAL


EVERY_QUARTER = st.builds(
    lambda minutes, hours, days: f"{','.join(map(str, minutes))} {hours} {days} * *",
    st.lists(st.integers(0, 59), min_size=1, max_size=3),
    st.sampled_from(["*", "*/2", "0,23", "8-17"]),
    st.sampled_from(["*", "1,2", "L"]),
)


@given(EVERY_QUARTER)
def test_an_expression_that_is_taken_never_runs_more_often_than_every_quarter_of_an_hour(expr: str):
    taken = ""
    try:
        taken = read_cron(expr)
    except ScheduleError as refused:
        assert "too often" in str(refused)  # noqa: PT017 - whichever it is, it must hold
    now = FRIDAY
    for _ in range(12 if taken else 0):
        moment = next_run(Schedule("cron", cron=taken), ran=None, now=now)
        assert moment is not None
        assert now == FRIDAY or (moment - now).total_seconds() >= 15 * 60
        now = moment


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (Schedule("instant"), "at once"),
        (Schedule("daily", time(8, 30), "Europe/Berlin"), "daily at 08:30 (Europe/Berlin)"),
        (Schedule("weekdays", time(20), "UTC"), "on weekdays at 20:00 (UTC)"),
        (Schedule("weekly", time(9), "Asia/Kathmandu", weekday=0), "on Mondays at 09:00 (Asia/Kathmandu)"),
        (Schedule("weekly", time(9), weekday=6), "on Sundays at 09:00 (UTC)"),
        (Schedule("cron", cron="0 */6 * * *"), "by `0 */6 * * *` (UTC)"),
    ],
)
def test_a_schedule_is_told_in_words(schedule: Schedule, words: str):
    assert describe(schedule) == words


@given(SCHEDULES)
def test_a_schedule_that_was_stored_is_the_same(schedule: Schedule):
    assert from_json(as_json(schedule)) == schedule


def test_a_schedule_of_another_version_is_read_as_far_as_it_is_understood():
    assert from_json({"rhythm": "weekly", "weekday": 4, "season": "spring"}) == Schedule("weekly", weekday=4)
    assert (
        from_json({"rhythm": "monthly", "time": "25:00", "weekday": 7, "timezone": 1, "cron": None})
        == Schedule()
    )
    assert from_json({"weekday": True, "time": "08:30:59.5+02:00"}) == Schedule(time=time(8, 30))
    assert from_json(None) == Schedule()


@given(JSON | st.dictionaries(st.sampled_from(["rhythm", "time", "timezone", "weekday", "cron"]), JSON))
def test_whatever_was_stored_is_a_schedule(value: Any):
    assert describe(from_json(value))
