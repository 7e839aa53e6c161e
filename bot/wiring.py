"""The one place that builds real objects."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.config import Settings
from bot.errors import NotReadyError
from bot.library import Library
from bot.worker import Worker
from corpus.database import open_database
from corpus.importing import import_bundled
from corpus.store import PaperStore
from retrieval.encoder import SentenceTransformerEncoder
from retrieval.exact import load_exact_index
from retrieval.indexing import IndexReport, bring_up_to_date, encode_missing, update_texts, waiting
from retrieval.lexical import LexicalIndex
from retrieval.search import Rules, Search, TextIndex, VectorIndex
from retrieval.stored_vectors import StoredVectors
from retrieval.vectors import ChromaIndex

Mode = Literal["hybrid", "semantic", "exact"]
"""Search by words and meaning, by meaning alone, or by words alone."""
Progress = Callable[[int, int], None]
"""Told how much of some work is done, and how much there is."""


class Parts:
    """What every command is made of. The model's files are looked for by those that need them."""

    def __init__(self, settings: Settings, engine: AsyncEngine, worker: Worker) -> None:
        self.settings = settings
        self.engine = engine
        self.worker = worker
        self.store = PaperStore(engine)

    @cached_property
    def encoder(self) -> SentenceTransformerEncoder:
        """The model of the settings, not loaded yet. Raises ModelError."""
        return SentenceTransformerEncoder(self.settings.retrieval.model)

    @cached_property
    def vectors(self) -> StoredVectors:
        """That model's vectors."""
        return StoredVectors(self.engine, self.encoder.model.key)

    def rules(self, mode: Mode) -> Rules:
        """How papers are ranked and judged, by the settings."""
        chosen = self.settings.retrieval
        weights: dict[Mode, float] = {"hybrid": chosen.lexical_weight, "exact": 1.0, "semantic": 0.0}
        return Rules(lexical_weight=weights[mode], min_evidence=chosen.min_evidence)

    def library(self, index: VectorIndex, texts: TextIndex, mode: Mode = "hybrid") -> Library:
        """The papers, found through these indexes."""
        search = Search(self.encoder, index, texts, self.rules(mode))
        return Library(self.store, self.vectors, search, self.worker, results=self.settings.retrieval.results)


@asynccontextmanager
async def open_parts(settings: Settings) -> AsyncGenerator[Parts, None]:
    """Everything over one open database, which is made if there is none."""
    if not settings.storage.database_url:
        settings.data.mkdir(parents=True, exist_ok=True)
    async with (
        open_database(settings.database_url) as engine,
        Worker(settings.retrieval.max_waiting) as worker,
    ):
        yield Parts(settings, engine, worker)


async def fill_if_empty(parts: Parts) -> None:
    """Give an empty corpus the bundled paper set, unless the settings say otherwise."""
    if parts.settings.corpus.bundled and not (await parts.store.summary()).papers:
        await import_bundled(parts.store, now=datetime.now(UTC))


async def owned_index(
    parts: Parts, progress: Progress, *, rebuild: bool = False
) -> tuple[ChromaIndex, IndexReport]:
    """The Chroma index with every paper in it. The caller owns the data folder."""
    index = await parts.worker.run(ChromaIndex, parts.settings.index_folder, model=parts.encoder.model)
    if rebuild:
        await parts.worker.run(index.clear)
    report = await bring_up_to_date(
        parts.store, parts.vectors, parts.encoder, index, parts.worker.run, progress
    )
    return index, report


async def owned_texts(parts: Parts, *, rebuild: bool = False) -> LexicalIndex:
    """The text index with every paper in it. The caller owns the data folder."""
    texts = await parts.worker.run(LexicalIndex, parts.settings.texts_folder)
    if rebuild:
        await parts.worker.run(texts.clear)
    await update_texts(parts.store, texts, parts.worker.run)
    return texts


async def encode_all(parts: Parts, progress: Progress) -> int:
    """Make the vectors that are missing; how many were made. The caller owns the data folder."""
    return await encode_missing(parts.store, parts.vectors, parts.encoder, parts.worker.run, progress)


async def count_waiting(parts: Parts) -> int:
    """How many papers, of distinct contents, have no vector yet."""
    return len(await waiting(parts.store, parts.vectors))


async def reading_library(parts: Parts, mode: Mode = "hybrid") -> Library:
    """The library of a command that only reads: from SQL and an exact scan, beside a running bot.

    Raises NotReadyError while there is nothing to scan: an empty answer would say something about the papers.
    """
    index = await load_exact_index(parts.vectors)
    if not len(index):
        raise NotReadyError(
            "no paper can be searched yet: they are being encoded by another process, or wait for "
            "`papercord index`. Try again in a minute."
        )
    texts = await parts.worker.run(
        LexicalIndex
    )  # of its own, in memory: the bot may be writing the one in the folder
    await update_texts(parts.store, texts, parts.worker.run)
    return parts.library(index, texts, mode)
