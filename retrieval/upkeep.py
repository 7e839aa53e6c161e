"""Keeps what a search asks in step with the papers: encodes, opens what is whole, rebuilds what is not, swaps it in.

Questions are answered meanwhile from what there is: from words before there are vectors, by comparing all vectors
before there is a graph.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from corpus.store import PaperStore
from retrieval import vectors
from retrieval.ensemble import Ensemble
from retrieval.errors import LexicalIndexError, VectorIndexError
from retrieval.generations import Generations
from retrieval.indexes import Indexes
from retrieval.indexing import (
    Blocking,
    Progress,
    encode_missing,
    update_graph,
    update_rows,
    update_texts,
    waiting,
)
from retrieval.lexical import LexicalIndex, index_files
from retrieval.stored_vectors import StoredVectors

log = logging.getLogger(__name__)
_SLICE = 2000  # papers encoded before they can be found
_MANY = 500  # papers that take long enough to say how long
_SAMPLE = 16
Expect = Callable[[int, float], None]
"""Told how many papers are to be encoded, and about how many seconds that takes, before it begins."""


def _unsaid(_papers: int, _seconds: float) -> None:
    pass


def _unseen(_done: int, _total: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the derived files of one corpus are; all of them may be deleted at any time."""

    texts: Path
    graph: Path


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What a round took: papers in all, encoded now and taken from the store, seconds."""

    papers: int
    encoded: int
    reused: int
    seconds: float


class Learned(Protocol):
    """Something that is learned from the papers, such as their acronyms."""

    async def learn(self, *, rebuild: bool) -> None:
        """Bring it up to date."""
        ...


class Upkeep:
    """Brings the indexes of one corpus up to date, as its owner (who writes files) or beside the owner (who does not)."""

    def __init__(
        self,
        store: PaperStore,
        stored: StoredVectors,
        ensemble: Ensemble,
        indexes: Indexes,
        run_blocking: Blocking,
        learned: Sequence[Learned],
        folders: Folders,
        *,
        owns: bool,
        expect: Expect = _unsaid,
    ) -> None:
        """`learned` is what follows from the papers beside the indexes, in this order; `expect` hears of long work."""
        self._store = store
        self._stored = stored
        self._ensemble = ensemble
        self._indexes = indexes
        self._run = run_blocking
        self._folders = folders
        self._owns = owns
        self._expect = expect
        self._learned = learned
        self._seen = ""  # the papers that the last whole round was about

    async def catch_up(self, progress: Progress, *, rebuild: bool = False) -> IndexReport:
        """One round, after which everything is found; `rebuild` makes files anew that are whole. Raises RetrievalError."""
        started = time.perf_counter()
        revision = await self._store.revision()
        if revision == self._seen and not rebuild and self._stands():
            # To look at every paper and find nothing new would keep the event loop from others each time.
            papers = len(self._indexes.texts)
            return IndexReport(papers, 0, papers, round(time.perf_counter() - started, 3))
        await self.read(rebuild=rebuild)
        await self._learn(rebuild=rebuild)
        encoded = await self._encode(progress) if self._owns else 0
        if self._owns:
            await self._update_graph(rebuild=rebuild)
        papers = len(await self._store.contents())
        self._seen = revision
        return IndexReport(papers, encoded, papers - encoded, round(time.perf_counter() - started, 3))

    def _stands(self) -> bool:
        """Whether what was written is still there, and in use."""
        graph, texts = self._indexes.graph, self._indexes.texts
        return (
            isinstance(graph, vectors.ChromaIndex)
            and graph.folder.exists()
            and texts.folder is not None
            and texts.folder.exists()
        )

    async def read(self, *, rebuild: bool = False) -> None:
        """The papers' words, and the vectors that there are; what takes a moment comes first.

        To build a text index takes a minute with 100,000 papers, and meaning answers meanwhile.
        """
        texts = None if rebuild else await self._open_texts()
        await self._update_rows()
        await self._update_texts(texts)

    async def _encode(self, progress: Progress) -> int:
        """Encode what waits, and let it be found slice by slice."""
        ids = await waiting(self._store, self._stored)
        if len(ids) >= _MANY:
            await self._say_how_long(ids)
        for start in range(0, len(ids), _SLICE):
            await encode_missing(
                self._store,
                self._stored,
                self._ensemble,
                self._run,
                ids[start : start + _SLICE],
                _within(progress, start, len(ids)),
            )
            await self._update_rows()
            await self._learn(rebuild=False)
        return len(ids)

    async def _say_how_long(self, ids: Sequence[str]) -> None:
        """Encode a few from all over the papers, as long and short as they come, and reckon from that."""
        sample = ids[:: len(ids) // _SAMPLE][:_SAMPLE]
        started = time.perf_counter()
        await encode_missing(self._store, self._stored, self._ensemble, self._run, sample, _unseen)
        self._expect(len(ids), (time.perf_counter() - started) / len(sample) * len(ids))

    async def _learn(self, *, rebuild: bool) -> None:
        """What follows from the rows follows at once: without the topics the verdict would call anything found."""
        for part in self._learned:
            await part.learn(rebuild=rebuild)

    async def _update_rows(self) -> None:
        await update_rows(self._store, self._stored, self._ensemble, self._indexes.rows, self._run)

    async def _open_texts(self) -> LexicalIndex | None:
        """The index that is whole, asked from now on; None if there is none."""
        texts = self._indexes.texts
        if not self._owns or texts.folder is None or not texts.folder.exists():
            texts = await self._run(self._whole_texts)
        if texts is not None and not self._owns and texts.revision != await self._store.revision():
            texts = None  # the owner is writing it
        if texts is not None:
            self._ask_meanwhile(texts)
        return texts

    def _ask_meanwhile(self, texts: LexicalIndex) -> None:
        """Before it is up to date it may know more than what is asked now."""
        if len(texts) >= len(self._indexes.texts):
            self._indexes.texts = texts

    async def _update_texts(self, texts: LexicalIndex | None) -> None:
        """Bring an index up to date, or build one beside it, and ask it from then on."""
        if texts is not None:
            try:
                await update_texts(self._store, texts, self._run)
            except LexicalIndexError as error:
                log.warning("The text index is rebuilt: %s", error)
                texts = None
        if texts is None:
            texts = await self._build_texts()
        self._indexes.texts = texts
        if self._owns:
            await self._run(self._generations().keep_only, texts.folder)

    async def _build_texts(self) -> LexicalIndex:
        texts: LexicalIndex = await self._run(self._begin_texts)
        try:
            self._ask_meanwhile(texts)
            await update_texts(self._store, texts, self._run)
        except Exception:
            if texts.folder:
                await self._run(self._generations().drop, texts.folder)  # or each round would leave another
            raise
        return texts

    def _whole_texts(self) -> LexicalIndex | None:
        generation = self._generations().whole()
        try:
            return LexicalIndex(generation) if generation else None
        except LexicalIndexError as error:
            log.warning("The text index is rebuilt: %s", error)
            return None

    def _begin_texts(self) -> LexicalIndex:
        if not self._owns:
            return LexicalIndex()
        try:
            generation = self._generations().begin()
        except OSError as error:
            raise LexicalIndexError(
                f"the text index cannot be written to {self._folders.texts}: {error}. Check the folder's permissions "
                "and the free space."
            ) from error
        try:
            return LexicalIndex(generation)
        except LexicalIndexError:
            self._generations().drop(generation)
            raise

    def _generations(self) -> Generations:
        return Generations(self._folders.texts, index_files)

    async def _update_graph(self, *, rebuild: bool) -> None:
        """Open the graph that is whole, or build one beside it, and ask it from then on."""
        folder, key = self._folders.graph, self._ensemble.key
        graph = self._indexes.graph if isinstance(self._indexes.graph, vectors.ChromaIndex) else None
        if graph is not None and not graph.folder.exists():
            graph = None  # deleted under it: Chroma goes on reading what it has open, and cannot write
        if graph is None and not rebuild:
            graph = await self._run(lambda: vectors.open_whole(folder, made_with=key))
        if graph is not None and not rebuild:
            try:
                await update_graph(self._indexes.rows, graph, self._run)
            except VectorIndexError as error:
                log.warning("The vector index is rebuilt: %s", error)
                self._indexes.graph = graph = None
        if graph is None or rebuild:
            graph = await self._build_graph()
        self._indexes.graph = graph
        await self._run(vectors.settle, folder, graph)

    async def _build_graph(self) -> vectors.ChromaIndex:
        folder, key = self._folders.graph, self._ensemble.key
        graph: vectors.ChromaIndex = await self._run(lambda: vectors.begin(folder, made_with=key))
        try:
            await update_graph(self._indexes.rows, graph, self._run)
        except Exception:
            await self._run(vectors.drop, folder, graph.folder)  # or each round would leave another
            raise
        return graph


def _within(progress: Progress, before: int, total: int) -> Progress:
    """The progress of a part, told as that of the whole."""
    return lambda done, _: progress(before + done, total)
