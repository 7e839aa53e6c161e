"""A command that Discord waits for no longer is not worked out; a wrong clock drops none."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.punctuality import Punctuality

TRUE = datetime(2026, 11, 23, 12, 0, 0, 500_000, tzinfo=UTC)


class Ours:
    """Our clock and its stopwatch."""

    def __init__(self, ahead: float = 0.0) -> None:
        self.ahead = timedelta(seconds=ahead)
        self.passed = 0.0

    def now(self) -> datetime:
        return TRUE + self.ahead + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return 1000 + self.passed


def punctuality(ours: Ours) -> Punctuality:
    made = Punctuality(ours.now, ours.monotonic)
    made.heard(format_datetime(TRUE.replace(microsecond=0), usegmt=True))
    return made


@pytest.mark.parametrize(("age", "late"), [(0, False), (2.4, False), (2.5, True), (10, True), (-1, False)])
@pytest.mark.parametrize("ahead", [0, 0.4, 5, -5, 7200, -7200, 86_400])
def test_what_is_two_and_a_half_seconds_old_is_late_whatever_our_clock_says(
    age: float, late: bool, ahead: float
):
    if 0 < abs(ahead) < 1:
        age -= ahead  # so small an error is not noticed, and the clock is believed
    assert punctuality(Ours(ahead)).is_late(TRUE - timedelta(seconds=age)) is late


def test_time_goes_on_between_two_answers_of_discord_also_while_our_clock_is_set():
    ours = Ours()
    waiting = punctuality(ours)
    ours.passed = 600
    ours.ahead = timedelta(hours=-2)
    now = TRUE + timedelta(seconds=600)
    assert not waiting.is_late(now - timedelta(seconds=1))
    assert waiting.is_late(now - timedelta(seconds=3))


def test_late_ones_are_counted():
    waiting = punctuality(Ours())
    for age in (0, 3, 5, 1):
        waiting.is_late(TRUE - timedelta(seconds=age))
    assert waiting.late == 2


def test_before_any_answer_of_discord_and_for_what_no_token_lives_so_long_nothing_is_late():
    assert not Punctuality(Ours().now).is_late(TRUE - timedelta(seconds=5))
    assert not punctuality(Ours()).is_late(TRUE - timedelta(days=300))


@pytest.mark.parametrize("date", ["", "soon", "Mon, 99 Nov 2026 12:00:00 GMT"])
def test_a_date_that_is_none_is_left_aside(date: str):
    waiting = Punctuality(Ours().now)
    waiting.heard(date)
    assert not waiting.is_late(TRUE - timedelta(seconds=5))
