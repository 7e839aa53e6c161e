"""The state of the corpus: what is in it, where from, how the sources are read, and what waits."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from bot.results import CorpusStatus
from corpus.source_states import SourceStates
from corpus.store import PaperStore
from retrieval.indexing import waiting
from retrieval.stored_vectors import StoredVectors

DAYS = 7
"""How many days are shown one by one, today among them."""


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
