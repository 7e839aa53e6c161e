"""The loopback Discord's own clock, and the ids that carry its time."""

from datetime import UTC, datetime, timedelta

_DISCORD_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_PER_MILLISECOND = 1 << 12
_ERAS = 1 << 10


class Clock:
    """Real time, moved by however much a test has stepped it."""

    def __init__(self) -> None:
        self._offset = timedelta()
        self._last: tuple[int, int] = (0, 0)  # millisecond of the newest id, and its number within that
        self._era = 0

    def now(self) -> datetime:
        """This moment, in UTC."""
        return datetime.now(UTC) + self._offset

    def step(self, seconds: float) -> None:
        """Move the clock; a negative number sets it back."""
        self._offset += timedelta(seconds=seconds)
        if seconds < 0:
            self._era = (self._era + 1) % _ERAS  # stands where Discord names its worker: ids stay unique
            self._last = (0, 0)

    def stamp(self) -> str:
        """This moment, as Discord writes it."""
        return self.now().isoformat(timespec="microseconds")

    def snowflake(self) -> str:
        """A new id with the time in it. Later ids are greater, unless the clock was set back in between."""
        millisecond, number = (self.now() - _DISCORD_EPOCH) // _MILLISECOND, 0
        if (millisecond, number) <= self._last:  # a burst of ids may run ahead of the clock
            millisecond, number = self._last[0], self._last[1] + 1
            if number == _PER_MILLISECOND:
                millisecond, number = millisecond + 1, 0
        self._last = (millisecond, number)
        return str(millisecond << 22 | self._era << 12 | number)


def moment_of(snowflake: str) -> datetime:
    """When an id was given."""
    return _DISCORD_EPOCH + (int(snowflake) >> 22) * _MILLISECOND
