"""When does a feed post? Pure: the caller brings the clock."""

from dataclasses import dataclass
from datetime import time
from typing import Literal

Rhythm = Literal["instant", "daily", "weekdays", "weekly", "cron"]


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a feed posts, by the clock on the wall of an IANA time zone.

    `instant` posts as papers come. `time` is of the day for `daily`, `weekdays` and `weekly`, `weekday` counts from Monday,
    0; `cron` is five fields, for that rhythm alone.
    """

    rhythm: Rhythm = "daily"
    time: time = time(9)
    timezone: str = "UTC"
    weekday: int = 0
    cron: str = ""
