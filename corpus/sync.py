"""Visits to the configured sources: fetch, store, remember how far, one batch after the other.

A batch is one transaction: its papers, the events that tell of them, and the source's new watermark. Whatever is
interrupted is asked for again the next time, and what was stored by then is recognised.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from corpus.catalogue import configured, written
from corpus.errors import CorpusError, FetchError, SyncingError, UnreadableSourceError
from corpus.polite.host_rules import in_full
from corpus.report import Refusal, Visit
from corpus.source_state import ReadTo
from corpus.source_states import SourceStates
from corpus.sources.reading import Reading
from corpus.sources.source import Answer, Batch, Get, Source, Validator, Window
from corpus.store import PaperStore

log = logging.getLogger(__name__)
_UNEXPECTED = "something unexpected went wrong; the log says what"


class Client(Protocol):
    """What leaves the machine: corpus.polite.client."""

    async def get(
        self, url: str, params: Mapping[str, str] | None = None, *, validator: Validator | None = None
    ) -> Answer | None:
        """The answer; None where it is still the one of `validator`. Raises FetchError."""
        ...


class Sync:
    """The visits of one corpus, never two at once."""

    def __init__(
        self,
        store: PaperStore,
        states: SourceStates,
        client: Client,
        lines: Sequence[str],
        clock: Callable[[], datetime],
    ) -> None:
        """`lines` are the sources as the configuration has them. Raises UnknownSourceError."""
        self._store = store
        self._states = states
        self._client = client
        self._sources = {written(line): configured(line) for line in lines}
        self._clock = clock
        self._visiting = asyncio.Lock()

    @property
    def lines(self) -> list[str]:
        """The configured sources."""
        return list(self._sources)

    async def run(
        self, lines: Sequence[str] | None = None, *, since: date | None = None, dry_run: bool = False
    ) -> dict[str, Visit]:
        """Visit some sources (None: all that are configured), one after the other; a failure of one leaves the others.

        `since` is the day from which on everything is asked for. With `dry_run` nothing is stored.
        Raises SyncingError while another run goes on, and UnknownSourceError.
        """
        chosen = {written(line): configured(line) for line in lines} if lines is not None else self._sources
        if self._visiting.locked():
            raise SyncingError("new papers are being fetched already; look again in a moment")
        async with self._visiting:
            return {
                line: await self._visit(line, source, argument, since, dry_run=dry_run)
                for line, (source, argument) in chosen.items()
            }

    async def _visit(
        self, line: str, source: Source, argument: str, since: date | None, *, dry_run: bool
    ) -> Visit:
        state, now = await self._states.get(line), self._clock()
        visit = Visit()
        batches = source.fetch(self._get(keeps=not dry_run), argument, Window(now, state.watermark, since))
        if dry_run:
            readings: list[Reading] = []
            await _attempt(_fetch_all(batches, readings), line, visit)
            await self._rehearse(readings, source, now, visit)
            return visit
        await self._states.begin(line, now=now)
        keep = _keeps_watermark(state.watermark, since)
        await _attempt(self._store_all(batches, line, source, now, visit, keeps_watermark=keep), line, visit)
        await self._states.end(line, now=self._clock(), counts=visit.counts(), failure=visit.failure)
        return visit

    async def _store_all(
        self,
        batches: AsyncIterator[Batch],
        line: str,
        source: Source,
        now: datetime,
        visit: Visit,
        *,
        keeps_watermark: bool,
    ) -> None:
        async for batch in batches:
            watermark = None if keeps_watermark else batch.watermark
            read_to = ReadTo(line, watermark, batch.validator)
            changes = await self._store.put(
                batch.reading.accounts, source=source.account, now=now, read_to=read_to
            )
            visit.report.add(changes)
            visit.report.reject(_refusals(batch.reading))

    async def _rehearse(
        self, readings: Sequence[Reading], source: Source, now: datetime, visit: Visit
    ) -> None:
        async with self._store.rehearsal() as put:
            for reading in readings:
                visit.report.add(await put(reading.accounts, source=source.account, now=now))
                visit.report.reject(_refusals(reading))

    def _get(self, *, keeps: bool) -> Get:
        async def get(
            url: str, params: Mapping[str, str] | None = None, *, fresh: bool = False
        ) -> Answer | None:
            asked = str(in_full(url, params))
            validator = await self._states.validator(asked) if keeps and not fresh else None
            return await self._client.get(url, params, validator=validator)

        return get


async def _fetch_all(batches: AsyncIterator[Batch], readings: list[Reading]) -> None:
    """Before a rehearsal, which keeps others from writing: a host may take its time."""
    async for batch in batches:
        readings.append(batch.reading)  # noqa: PERF401 - what came before a failure would be stored


async def _attempt(work: Coroutine[Any, Any, None], line: str, visit: Visit) -> None:
    """Do it, or note in words why not: the other sources are visited all the same."""
    try:
        await work
    except (FetchError, UnreadableSourceError) as error:
        visit.failure = str(error)
        log.warning("%s: %s", line, error)
    except CorpusError:
        raise  # the database's: the others would fail alike
    except Exception:
        visit.failure = _UNEXPECTED
        log.exception("%s: the visit failed", line)


def _keeps_watermark(watermark: str | None, since: date | None) -> bool:
    """Whether the days between the watermark and `since` are left out, and would be for good if it moved."""
    return bool(watermark and since and since.isoformat() > watermark[:10])


def _refusals(reading: Reading) -> list[Refusal]:
    return [Refusal(rejected.where, rejected.why) for rejected in reading.rejected]
