"""Runs the bot's command line with a clock that a test sets, and lets the process die where a test wants it to.

`python -m tests.wire.staged_bot run …` is `papercord run …`. The environment names two files, which staging.py
writes and this reads again every time: how many seconds the clock is off, and where and when to die.
"""

import functools
import importlib
import inspect
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

CLOCK_FILE = "STAGED_CLOCK"
CRASH_FILE = "STAGED_CRASH"
_RAISE = "raise "

# Where the process can die, by name: the module, the class ("" for a function of the module), the function, and
# whether before it runs or after it has returned. All modules named here are imported at the start.
CRASH_POINTS: dict[str, tuple[str, str, str, Literal["before", "after"]]] = {
    "after papers came": ("corpus.store", "PaperStore", "put", "after"),
    "before plan": ("bot.state.outbox", "Outbox", "commit", "before"),
    "after plan": ("bot.state.outbox", "Outbox", "commit", "after"),
    "before claim": ("bot.state.outbox", "Outbox", "claim", "before"),
    "after claim": ("bot.state.outbox", "Outbox", "claim", "after"),
    "after send": ("bot.feeds.messenger", "DiscordMessenger", "send", "after"),
    "after record": ("bot.state.outbox", "Outbox", "stands", "after"),
    "during reconcile": ("bot.feeds.messenger", "DiscordMessenger", "find", "after"),
    "after reconcile": ("bot.state.outbox", "Outbox", "put_off", "after"),
    "before thread": ("bot.feeds.messenger", "DiscordMessenger", "add_thread", "before"),
    "after thread": ("bot.feeds.messenger", "DiscordMessenger", "add_thread", "after"),
}
# The same, of conversations.
TALK_POINTS: dict[str, tuple[str, str, str, Literal["before", "after"]]] = {
    "before hearing": ("bot.state.heard_messages", "HeardMessages", "hear", "before"),
    "after hearing": ("bot.state.heard_messages", "HeardMessages", "hear", "after"),
    "before noting": ("bot.state.heard_messages", "HeardMessages", "answered", "before"),
    "after noting": ("bot.state.heard_messages", "HeardMessages", "answered", "after"),
}


def move_clock(clock: ModuleType, offset_file: Path) -> None:
    """Let `clock.now` tell the time that is as many seconds off as the file says; of no file, the true time."""
    true_now: Callable[[], datetime] = clock.now

    def now() -> datetime:
        try:
            return true_now() + timedelta(seconds=float(offset_file.read_text(encoding="ascii")))
        except FileNotFoundError:
            return true_now()

    clock.__dict__["now"] = now


class StagedError(Exception):
    """What a test lets the bot run into."""


def set_crash_point(name: str, crash_file: Path) -> None:
    """Let the process die at the point, when the file names it and says how many times it is still to be reached.

    With "raise " before the name, StagedError is raised there instead.
    """
    module_name, class_name, function_name, when = (CRASH_POINTS | TALK_POINTS)[name]
    module = importlib.import_module(module_name)
    owner = getattr(module, class_name) if class_name else module
    setattr(
        owner, function_name, _fatal(getattr(owner, function_name), when, lambda: _reach(name, crash_file))
    )


def _fatal(function: Callable[..., Any], when: Literal["before", "after"], reach: Callable[[], None]) -> Any:
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def awaited(*args: Any, **kwargs: Any) -> Any:
            if when == "before":
                reach()
            result = await function(*args, **kwargs)
            if when == "after":
                reach()
            return result

        return awaited

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        if when == "before":
            reach()
        result = function(*args, **kwargs)
        if when == "after":
            reach()
        return result

    return called


def _reach(name: str, crash_file: Path) -> None:
    """Count down, and at the last time die at once: no handler runs, nothing is closed. Or raise StagedError."""
    try:
        armed, _, left = crash_file.read_text(encoding="utf-8").rpartition(" ")
    except FileNotFoundError:
        return
    if armed.removeprefix(_RAISE) != name:
        return
    if int(left) > 1:
        crash_file.write_text(f"{armed} {int(left) - 1}", encoding="utf-8")
        return
    crash_file.unlink()  # disarmed for the next start
    if armed.startswith(_RAISE):
        raise StagedError(f"staged {name}")
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    if offset_file := os.environ.get(CLOCK_FILE):
        move_clock(importlib.import_module("bot.clock"), Path(offset_file))
    if crash_file := os.environ.get(CRASH_FILE):
        for name in CRASH_POINTS | TALK_POINTS:
            set_crash_point(name, Path(crash_file))
    sys.argv[0] = "papercord"
    importlib.import_module("bot.cli").main(prog_name="papercord")


if __name__ == "__main__":
    main()
