"""What a test arranges for a staged bot, before or while it runs: what time it is, and where it dies."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from .staged_bot import CLOCK_FILE, CRASH_FILE, CRASH_POINTS, TALK_POINTS


class Staging:
    """Two files in a folder, which the bot reads again and again; they outlive it, so a restart changes nothing."""

    def __init__(self, folder: Path) -> None:
        self._clock_file = folder / "clock"
        self._crash_file = folder / "crash"
        self._offset = 0.0

    @property
    def env(self) -> dict[str, str]:
        """For `running_bot`."""
        return {CLOCK_FILE: str(self._clock_file), CRASH_FILE: str(self._crash_file)}

    def command(self, *arguments: str) -> tuple[str, ...]:
        """The bot's command line, staged: `command("run", "--data", "…")`."""
        return (sys.executable, "-m", f"{__package__}.staged_bot", *arguments)

    def now(self) -> datetime:
        """What the bot takes this moment for."""
        return datetime.now(UTC) + timedelta(seconds=self._offset)

    def step(self, seconds: float) -> None:
        """Move the bot's clock; a negative number sets it back. The server's own is another."""
        self._offset += seconds
        _write(self._clock_file, str(self._offset))

    def set_clock(self, moment: datetime) -> None:
        """Let it be that moment for the bot, and go on from there."""
        self.step((moment - self.now()).total_seconds())

    def crash(self, point: str, nth: int = 1) -> None:
        """Let the bot die when it reaches a point of `CRASH_POINTS` or `TALK_POINTS` for the n-th time from now."""
        if point not in (points := CRASH_POINTS | TALK_POINTS):
            raise AssertionError(f"no crash point {point!r}, only {sorted(points)}")
        _write(self._crash_file, f"{point} {nth}")

    def fail(self, point: str, nth: int = 1) -> None:
        """Let something be raised in the bot there, once; in place of a crash."""
        self.crash(point, nth)
        _write(self._crash_file, f"raise {point} {nth}")

    def disarm(self) -> None:
        """Let it live."""
        self._crash_file.unlink(missing_ok=True)

    @property
    def is_armed(self) -> bool:
        """Whether a crash is still to come."""
        return self._crash_file.exists()


def _write(file: Path, text: str) -> None:
    """Replace a file in one step: the bot reads all of the old text or all of the new."""
    new = file.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    new.replace(file)
