"""Bring vectors and index up to date with the papers: encode what is new, move the rest."""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from corpus.paper import Paper
from corpus.store import PaperStore
from retrieval.lexical import LexicalIndex, Text
from retrieval.representation import Matrix, PaperVectors, represent, slices_of, texts_to_encode
from retrieval.stored_vectors import StoredVectors

Blocking = Callable[..., Awaitable[Any]]
"""Runs a blocking function off the event loop and awaits its result."""
_CHUNK = 16  # papers encoded between two writes: what a crash costs at most, and a stop waits for
_TEXTS = 5000  # papers in one commit of the text index


class PassageEncoder(Protocol):
    """Texts to unit vectors, one row a text."""

    def encode_passages(self, passages: Sequence[str]) -> Matrix:
        """One row a text."""
        ...


class WritableIndex(Protocol):
    """An index that can be brought up to date."""

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


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What bringing the index up to date took: papers in all, encoded now and taken from the store, seconds."""

    papers: int
    encoded: int
    reused: int
    seconds: float


async def bring_up_to_date(
    store: PaperStore,
    stored: StoredVectors,
    encoder: PassageEncoder,
    index: WritableIndex,
    run_blocking: Blocking,
    progress: Callable[[int, int], None],
) -> IndexReport:
    """Encode what is new and make the index hold every paper."""
    started = time.perf_counter()
    encoded = await encode_missing(store, stored, encoder, run_blocking, progress)
    await update_index(stored, index, run_blocking)
    papers = len(await store.contents())
    return IndexReport(papers, encoded, papers - encoded, round(time.perf_counter() - started, 3))


async def waiting(store: PaperStore, stored: StoredVectors) -> list[str]:
    """The ids of the papers without vectors, one for each distinct content."""
    held = await stored.hashes()
    contents = {content_hash: paper_id for paper_id, content_hash in (await store.contents()).items()}
    return [paper_id for content_hash, paper_id in contents.items() if content_hash not in held]


async def encode_missing(
    store: PaperStore,
    stored: StoredVectors,
    encoder: PassageEncoder,
    run_blocking: Blocking,
    progress: Callable[[int, int], None],
) -> int:
    """Make the vectors that are missing and keep each chunk at once; how many papers that were.

    `progress` is called with the number done and the total. Interrupted, it goes on where it stopped.
    """
    papers = await store.get_many(await waiting(store, stored))
    await encode_and_keep(papers, stored, encoder, run_blocking, progress)
    return len(papers)


async def encode_and_keep(
    papers: Sequence[Paper],
    stored: StoredVectors,
    encoder: PassageEncoder,
    run_blocking: Blocking,
    progress: Callable[[int, int], None],
) -> None:
    """Make these papers' vectors, and keep each chunk at once."""
    # Texts of like length in one batch: padding is most of the waste.
    papers = sorted(papers, key=lambda paper: len(paper.abstract))
    for start in range(0, len(papers), _CHUNK):
        chunk = papers[start : start + _CHUNK]
        await stored.put(await run_blocking(encode_papers, encoder, chunk))
        progress(start + len(chunk), len(papers))


async def update_index(stored: StoredVectors, index: WritableIndex, run_blocking: Blocking) -> None:
    """Make the index hold exactly the papers that have a vector; nothing is encoded."""
    held: dict[str, str] = await run_blocking(index.contents)
    gone = set(held)
    async for ids, hashes, rows in stored.of_papers():
        gone.difference_update(ids)
        changed = [
            position for position, paper_id in enumerate(ids) if held.get(paper_id) != hashes[position]
        ]
        if changed:
            new_ids = [ids[position] for position in changed]
            new_hashes = [hashes[position] for position in changed]
            await run_blocking(index.put, new_ids, new_hashes, rows[changed])
    if gone:
        await run_blocking(index.remove, sorted(gone))
    await run_blocking(index.seal)


async def update_texts(store: PaperStore, index: LexicalIndex, run_blocking: Blocking) -> None:
    """Make the text index hold exactly the papers there are."""
    held: dict[str, str] = await run_blocking(index.contents)
    wanted = await store.contents()
    changed = [paper_id for paper_id, content_hash in wanted.items() if held.get(paper_id) != content_hash]
    for start in range(0, len(changed), _TEXTS):
        papers = await store.get_many(changed[start : start + _TEXTS])
        texts = {paper.id: Text(paper.content_hash, paper.title, paper.abstract) for paper in papers}
        await run_blocking(index.put, texts)
    if gone := sorted(held.keys() - wanted.keys()):
        await run_blocking(index.remove, gone)
    await run_blocking(index.seal)


def encode_papers(encoder: PassageEncoder, papers: Sequence[Paper]) -> dict[str, PaperVectors]:
    """The vectors of some papers, by content hash."""
    texts = [texts_to_encode(paper.title, paper.abstract) for paper in papers]
    rows = encoder.encode_passages([text for of_paper in texts for text in of_paper])
    places = slices_of([len(of_paper) for of_paper in texts])
    return {paper.content_hash: represent(rows[place]) for paper, place in zip(papers, places, strict=True)}
