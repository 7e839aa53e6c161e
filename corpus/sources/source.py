"""What a file of corpus/sources offers: formats that are read, and sources that are fetched from.

A module there may define `FORMATS` and `SOURCES`, tuples of these; corpus.catalogue finds them by themselves.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from corpus.sources.reading import Reading

_AHEAD = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Context:
    """What a parser may need beside the text: the day of the reading, and, where it is known, that of the saving.

    `first` is the number of the text's first line, for formats that are read in pieces.
    """

    today: date
    visited: date | None = None
    first: int = 1

    @property
    def latest(self) -> date:
        """The last day that a record can be of: clocks and time zones differ by less than two days."""
        return self.today + _AHEAD


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of text that papers are read from.

    `recognises` sees the first few thousand characters, without blanks before them. `parse` raises UnreadableSourceError
    for a text that is not of its kind, and rejects records, never the whole, where only a record is wrong. `account` names
    whose word it is that the texts carry. With `by_line` every line stands for itself, and a long file is read in pieces.
    """

    name: str
    description: str
    account: str
    recognises: Callable[[str], bool]
    parse: Callable[[str, Context], Reading]
    by_line: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a service may be asked: `requests` in `seconds`, over at most `connections` at once.

    Hosts of one `service` share one pace.
    """

    service: str
    requests: int
    seconds: float
    connections: int


@dataclass(frozen=True, slots=True)
class Validator:
    """What an answer is recognised by when it is asked for again. RFC 9110, 8.8."""

    url: str
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host answered, at most 10 MB, with status 200."""

    text: str
    validator: Validator | None = None


class Get(Protocol):
    """Asks a host that the source declares, politely; of any other it raises RefusedError."""

    async def __call__(
        self, url: str, params: Mapping[str, str] | None = None, *, fresh: bool = False
    ) -> Answer | None:
        """The answer; None where it is the one that was kept before (never with `fresh`, nor in a dry run).

        Raises NotThereError for 404 and 410, RefusedError for what else the host will not answer (its text is in the
        error), and UnreachableError where a later time may help.
        """
        ...


@dataclass(frozen=True, slots=True)
class Window:
    """What is asked of a source: everything since its watermark, or since a day that somebody named."""

    now: datetime
    watermark: str | None = None
    since: date | None = None

    def first_day(self, *, otherwise: timedelta) -> date:
        """The day that was named; else that of the watermark (a text that begins with a day); else so long ago."""
        if self.since:
            return self.since
        return date.fromisoformat(self.watermark[:10]) if self.watermark else self.now.date() - otherwise


@dataclass(frozen=True, slots=True)
class Batch:
    """What is stored together: what one or a few answers gave, and how far the source is then read.

    `watermark` is an ISO day or time, which sorts as text; None leaves it, and one that lies before what is known does, too.
    What lies behind it is not asked for again, so it must not pass a day that may still change. `validator` is kept with the batch, so that
    an answer counts as known only once its papers are stored.
    """

    reading: Reading = field(default_factory=Reading)
    watermark: str | None = None
    validator: Validator | None = None


Fetch = Callable[[Get, str, Window], AsyncIterator[Batch]]
"""The batches of a window, oldest first; the text is the argument of the source's line in the configuration.

Ends at the first failure by raising it: what was yielded before is kept.
"""


@dataclass(frozen=True, slots=True)
class Source:
    """A place that papers are fetched from.

    `account` names whose word it is. Hosts that several sources declare have one pace. `check` returns what is wrong with an
    argument, as the end of “the source x …”; "" where it is fine.
    """

    name: str
    description: str
    account: str
    hosts: Mapping[str, Pace]
    fetch: Fetch
    check: Callable[[str], str]
