"""A staged bot has the clock that a test sets, and dies where and when a test wants it to."""

import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest

from .process import ROOT
from .staged_bot import CRASH_POINTS, TALK_POINTS, move_clock, set_crash_point
from .staging import Staging

pytestmark = pytest.mark.wire
TRUE = datetime(2026, 11, 23, 12, tzinfo=UTC)

# Reads "[n]" for n from 1 on, in a coroutine too, and says so after each.
READER = """
import asyncio, json, sys
from pathlib import Path
from tests.wire import staged_bot

async def read(text):
    return json.loads(text)

sys.modules["__main__"].read = read
file, function, when = sys.argv[1:]
staged_bot.CRASH_POINTS = {"reading": (*(("__main__", "") if function == "read" else ("json", "")), function, when)}
staged_bot.set_crash_point("reading", Path(file))
for number in range(1, 5):
    text = f"[{number}]"
    result = asyncio.run(sys.modules["__main__"].read(text)) if function == "read" else json.loads(text)
    print(*result, flush=True)
"""


def test_the_clock_is_off_by_what_the_file_says_at_each_look(tmp_path: Path):
    clock = ModuleType("clock")
    clock.__dict__["now"] = lambda: TRUE
    staging = Staging(tmp_path)
    move_clock(clock, tmp_path / "clock")
    assert clock.now() == TRUE
    staging.step(3600)
    assert clock.now() == TRUE + timedelta(hours=1)
    staging.step(-7200)
    assert clock.now() == TRUE - timedelta(hours=1)


def test_the_clock_can_be_set_to_a_moment(tmp_path: Path):
    staging = Staging(tmp_path)
    staging.set_clock(TRUE)
    assert abs(staging.now() - TRUE) < timedelta(seconds=1)


@pytest.mark.parametrize("function", ["loads", "read"], ids=["function", "coroutine"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_the_process_dies_at_the_nth_time_and_is_then_disarmed(tmp_path: Path, function: str, when: str):
    crash_file = tmp_path / "crash"
    crash_file.write_text("reading 3", encoding="ascii")

    def run() -> tuple[int, Sequence[str]]:
        command = [sys.executable, "-c", READER, str(crash_file), function, when]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
        return done.returncode, done.stdout.split()

    assert run() == (-9, ["1", "2"])
    assert run() == (0, ["1", "2", "3", "4"])


def test_something_is_raised_at_the_nth_time_and_once(tmp_path: Path):
    crash_file = tmp_path / "crash"
    crash_file.write_text("raise reading 2", encoding="ascii")
    command = [sys.executable, "-c", READER, str(crash_file), "loads", "before"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout.split()) == (1, ["1"])
    assert "StagedError: staged reading" in done.stderr
    assert not crash_file.exists()


def test_every_crash_point_is_there_to_be_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name, (module, class_name, function, _) in (CRASH_POINTS | TALK_POINTS).items():
        owner = sys.modules.get(module) or __import__(module, fromlist=["_"])
        owner = getattr(owner, class_name) if class_name else owner
        monkeypatch.setattr(owner, function, getattr(owner, function))  # put back at the end
        set_crash_point(name, tmp_path / "crash")


def test_a_crash_point_that_there_is_not_is_refused(tmp_path: Path):
    with pytest.raises(AssertionError, match="no crash point 'after lunch'"):
        Staging(tmp_path).crash("after lunch")
