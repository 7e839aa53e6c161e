"""The state of the corpus: what is in it, where from, how the sources are read, and what waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from corpus.source_states import SourceState, SourceStates
from corpus.store import PaperStore
from retrieval.indexing import waiting
from retrieval.stored_vectors import StoredVectors

DAYS = 7
"""How many days are shown one by one, today among them."""


@dataclass(frozen=True, slots=True)
class CorpusStatus:
    """`sources` counts papers by who told of them, `days` new papers of the last days by source, newest day first.

    `states` is how each configured source is read, `waiting` how many papers are still to be encoded.
    """

    papers: int
    newest: date | None
    sources: Mapping[str, int]
    days: Mapping[date, Mapping[str, int]]
    states: Sequence[SourceState]
    waiting: int


async def corpus_status(
    store: PaperStore, states: SourceStates, stored: StoredVectors, lines: Sequence[str], *, now: datetime
) -> CorpusStatus:
    """The state now; `lines` are the configured sources."""
    summary = await store.summary()
    first = now.astimezone(UTC).date() - timedelta(days=DAYS - 1)
    return CorpusStatus(
        papers=summary.papers,
        newest=summary.newest,
        sources=summary.sources,
        days=await store.arrivals(since=datetime.combine(first, time(), UTC)),
        states=[await states.get(line) for line in lines],
        waiting=len(await waiting(store, stored)),
    )
