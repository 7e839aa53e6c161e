"""Bring vectors and indexes up to date with the papers: encode what is new, move the rest."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

from corpus.store import PaperStore
from retrieval.ensemble import Ensemble
from retrieval.exact import ExactIndex
from retrieval.lexical import LexicalIndex
from retrieval.lexical_fields import Entry
from retrieval.paper_keys import key_of
from retrieval.representation import Matrix, PaperText
from retrieval.stored_vectors import StoredVectors

Blocking = Callable[..., Awaitable[Any]]
"""Runs a blocking function off the event loop and awaits its result."""
Progress = Callable[[int, int], None]
"""Told how much of some work is done, and how much there is."""
_CHUNK = 32  # papers encoded between two writes: what a crash costs at most, and a stop waits for
_ROWS = 500  # vectors moved at a time: questions wait for no more than that
_TEXTS = 2000  # papers in one commit of the text index


class WritableIndex(Protocol):
    """An index of vectors that can be brought up to date."""

    def contents(self) -> dict[str, str]:
        """The content hash of every paper in it, by id."""
        ...

    def put(self, ids: Sequence[str], content_hashes: Sequence[str], rows: Matrix) -> None:
        """Add papers, or replace their vectors."""
        ...

    def remove(self, ids: Sequence[str]) -> None:
        """Take papers out."""
        ...

    def seal(self) -> None:
        """It is whole now, and may be opened again."""
        ...


async def waiting(store: PaperStore, stored: StoredVectors) -> list[str]:
    """The ids of the papers without vectors of every model, one for each distinct content."""
    held = await stored.complete()
    contents = {content_hash: paper_id for paper_id, content_hash in (await store.contents()).items()}
    return [paper_id for content_hash, paper_id in contents.items() if content_hash not in held]


async def encode_missing(
    store: PaperStore,
    stored: StoredVectors,
    ensemble: Ensemble,
    run_blocking: Blocking,
    ids: Sequence[str],
    progress: Progress,
) -> None:
    """Make the vectors that these papers lack, and keep each chunk at once: interrupted, little is lost."""
    for start in range(0, len(ids), _CHUNK):
        papers = await store.get_many(ids[start : start + _CHUNK])
        texts = {paper.content_hash: PaperText(paper.title, paper.abstract) for paper in papers}
        await encode_and_keep(texts, stored, ensemble, run_blocking)
        progress(min(start + _CHUNK, len(ids)), len(ids))


async def encode_and_keep(
    texts: Mapping[str, PaperText], stored: StoredVectors, ensemble: Ensemble, run_blocking: Blocking
) -> None:
    """Make the vectors that some contents lack, by content hash, and keep them."""
    for encoder in ensemble.encoders:
        held = await stored.hashes_among(encoder.model.key, list(texts))
        missing = {content_hash: text for content_hash, text in texts.items() if content_hash not in held}
        if missing:
            made = await run_blocking(encoder.encode_papers, list(missing.values()))
            await stored.put(encoder.model.key, dict(zip(missing, made, strict=True)))


async def update_rows(
    store: PaperStore, stored: StoredVectors, ensemble: Ensemble, rows: ExactIndex, run_blocking: Blocking
) -> None:
    """Make the rows in memory those of the papers that have their vectors; nothing is encoded."""
    encoded = await stored.complete()
    wanted = {key: made_of for key, made_of in (await store.contents()).items() if made_of in encoded}
    changed, gone = _changes(wanted, rows.contents())
    await run_blocking(rows.remove, gone)
    await run_blocking(rows.reserve, len(wanted))
    for start in range(0, len(changed), _ROWS):
        ids = changed[start : start + _ROWS]
        hashes = [wanted[paper_id] for paper_id in ids]
        wholes = await stored.wholes(hashes)
        await run_blocking(_put_rows, rows, ensemble, ids, hashes, wholes)


def _put_rows(
    rows: ExactIndex, ensemble: Ensemble, ids: list[str], hashes: list[str], wholes: list[Matrix]
) -> None:
    rows.put(ids, hashes, ensemble.combine(wholes))


async def update_graph(rows: ExactIndex, graph: WritableIndex, run_blocking: Blocking) -> None:
    """Make an index hold what the rows in memory are."""
    wanted = rows.contents()
    changed, gone = _changes(wanted, await run_blocking(graph.contents))
    if gone:
        await run_blocking(graph.remove, gone)
    for start in range(0, len(changed), _ROWS):
        ids, vectors = await run_blocking(rows.rows_of, changed[start : start + _ROWS])
        await run_blocking(graph.put, ids, [wanted[paper_id] for paper_id in ids], vectors)
    if changed or gone or not wanted:
        await run_blocking(graph.seal)


def _changes(wanted: Mapping[str, str], held: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The ids whose content is not what is held, and those held that are not wanted."""
    changed = [paper_id for paper_id, content_hash in wanted.items() if held.get(paper_id) != content_hash]
    return changed, sorted(held.keys() - wanted.keys())


async def update_texts(store: PaperStore, index: LexicalIndex, run_blocking: Blocking) -> None:
    """Make the text index hold exactly the papers there are, as they are now."""
    revision = await store.revision()
    if index.revision == revision:
        return
    held: dict[int, int] = await run_blocking(index.contents)
    ids = list(await store.contents())
    for start in range(0, len(ids), _TEXTS):
        papers = await store.get_many(ids[start : start + _TEXTS])
        await run_blocking(_put_changed, index, [Entry(paper.id, paper) for paper in papers], held)
    if gone := sorted(held.keys() - set(map(key_of, ids))):
        await run_blocking(index.remove, gone)
    await run_blocking(index.seal, revision)


def _put_changed(index: LexicalIndex, entries: Sequence[Entry], held: Mapping[int, int]) -> None:
    changed = [entry for entry in entries if held.get(entry.key) != entry.fingerprint]
    if changed:
        index.put(changed)
