"""Keeps what a search asks in step with the papers: encodes, opens what is whole, rebuilds what is not, swaps it in.

Questions are answered meanwhile from what there is: from words before there are vectors, by comparing all vectors
before there is a graph.
"""

import logging
import time
from collections.abc import Sequence
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
    ) -> None:
        """`learned` is what follows from the papers beside the indexes, in this order."""
        self._store = store
        self._stored = stored
        self._ensemble = ensemble
        self._indexes = indexes
        self._run = run_blocking
        self._folders = folders
        self._owns = owns
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
        """The papers' words, and the vectors that there are."""
        await self._update_texts(rebuild=rebuild)
        await self._update_rows()

    async def _encode(self, progress: Progress) -> int:
        """Encode what waits, and let it be found slice by slice."""
        ids = await waiting(self._store, self._stored)
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

    async def _learn(self, *, rebuild: bool) -> None:
        """What follows from the rows follows at once: without the topics the verdict would call anything found."""
        for part in self._learned:
            await part.learn(rebuild=rebuild)

    async def _update_rows(self) -> None:
        await update_rows(self._store, self._stored, self._ensemble, self._indexes.rows, self._run)

    async def _update_texts(self, *, rebuild: bool) -> None:
        """Open the index that is whole, or build one beside it, and ask it from then on."""
        if not self._owns:
            await self._read_texts()
            return
        texts = self._indexes.texts
        if texts.folder is None or not texts.folder.exists():
            texts = None if rebuild else await self._run(self._whole_texts)
        try:
            await self._fill_texts(None if rebuild else texts)
        except LexicalIndexError as error:
            log.warning("The text index is rebuilt: %s", error)
            await self._fill_texts(None)

    async def _fill_texts(self, texts: LexicalIndex | None) -> None:
        if texts is None:
            begun: LexicalIndex = await self._run(self._begin_texts)
            texts = begun
        if len(texts) >= len(self._indexes.texts):
            self._indexes.texts = (
                texts  # while it is brought up to date, it knows more than what is asked now
            )
        await update_texts(self._store, texts, self._run)
        self._indexes.texts = texts
        await self._run(self._generations().keep_only, texts.folder)

    async def _read_texts(self) -> None:
        texts = await self._run(self._whole_texts)
        if texts is None or texts.revision != await self._store.revision():
            texts = LexicalIndex()  # the owner is writing the one in the folder, or there is none
        await update_texts(self._store, texts, self._run)
        self._indexes.texts = texts

    def _whole_texts(self) -> LexicalIndex | None:
        generation = self._generations().whole()
        try:
            return LexicalIndex(generation) if generation else None
        except LexicalIndexError as error:
            log.warning("The text index is rebuilt: %s", error)
            return None

    def _begin_texts(self) -> LexicalIndex:
        try:
            return LexicalIndex(self._generations().begin())
        except OSError as error:
            raise LexicalIndexError(
                f"the text index cannot be written to {self._folders.texts}: {error}. Check the folder's permissions "
                "and the free space."
            ) from error

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
        try:
            await self._fill(None if rebuild else graph)
        except VectorIndexError as error:
            log.warning("The vector index is rebuilt: %s", error)
            self._indexes.graph = None
            await self._fill(None)

    async def _fill(self, graph: vectors.ChromaIndex | None) -> None:
        folder, key = self._folders.graph, self._ensemble.key
        if graph is None:
            begun: vectors.ChromaIndex = await self._run(lambda: vectors.begin(folder, made_with=key))
            graph = begun
        await update_graph(self._indexes.rows, graph, self._run)
        self._indexes.graph = graph
        await self._run(vectors.settle, folder, graph)


def _within(progress: Progress, before: int, total: int) -> Progress:
    """The progress of a part, told as that of the whole."""
    return lambda done, _: progress(before + done, total)
