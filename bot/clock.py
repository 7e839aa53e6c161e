"""What time is it? The one place that looks at the machine's clock; called as `clock.now()`, so that it can be set."""

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)
