"""How far a source is read, how the last visit went, and when the next is. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from corpus.sources.source import Validator


@dataclass(frozen=True, slots=True)
class ReadTo:
    """How far a source is read once a batch is stored. `source` is its line in the configuration."""

    source: str
    watermark: str | None = None
    validator: Validator | None = None


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is known of a source. `failure` is why the last visit ended early, in words; None where it did not.

    `counts` is what the last visit that ended took in; None before one has.
    """

    source: str
    watermark: str | None = None
    started: datetime | None = None
    ended: datetime | None = None
    failure: str | None = None
    counts: Mapping[str, int] | None = None
    next_visit: datetime | None = None
