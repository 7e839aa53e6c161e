"""The stage for tests: a real database and index over the bundled papers, and an encoder that needs no weights."""

import asyncio
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.library import Library
from bot.worker import Worker
from corpus.database import open_database
from corpus.importing import import_bundled
from corpus.store import PaperStore
from retrieval.exact import load_exact_index
from retrieval.indexing import encode_missing, update_texts
from retrieval.lexical import LexicalIndex
from retrieval.representation import Matrix
from retrieval.search import Rules, Search
from retrieval.stored_vectors import StoredVectors

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SHARED = Path(__file__).parents[2] / "shared"


class WordEncoder:
    """Texts to unit vectors by the words they share: no meaning, but exact, instant and without weights."""

    DIMENSION = 2048

    def encode_questions(self, questions: Sequence[str]) -> Matrix:
        return self.encode_passages(questions)

    def encode_passages(self, passages: Sequence[str]) -> Matrix:
        rows = np.zeros((len(passages), self.DIMENSION), dtype=np.float32)
        for row, text in zip(rows, passages, strict=True):
            for word in re.findall(r"[a-z]{4,}", text.lower()):
                row[crc32(word.encode()) % self.DIMENSION] += 1
            row[0] += 1e-3  # a text without words has a direction too
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


async def at_once(function, *args):
    """Stands for the worker's thread where a test needs none."""
    return function(*args)


@pytest.fixture(scope="session")
def bundled_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the bundled papers and their vectors, to copy: made once."""
    file = tmp_path_factory.mktemp("bundled") / "papercord.db"

    async def make() -> None:
        async with open_database(f"sqlite+aiosqlite:///{file}") as engine:
            store = PaperStore(engine)
            await import_bundled(store, now=NOW)
            stored = StoredVectors(engine, "words")
            await encode_missing(store, stored, WordEncoder(), at_once, lambda _done, _total: None)

    asyncio.run(make())
    return file


@pytest.fixture(scope="session")
def indexed_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as `papercord index` leaves it, with the real model's vectors; copy it. Made once."""
    folder = tmp_path_factory.mktemp("indexed") / "data"
    command = [sys.executable, "-m", "bot", "--data", str(folder), "index"]
    subprocess.run(command, cwd=Path(__file__).parents[1], check=True, capture_output=True, timeout=300)
    return folder


@pytest.fixture
async def engine(tmp_path: Path, bundled_database: Path) -> AsyncGenerator[AsyncEngine, None]:
    """A database of the test's own, with the bundled papers."""
    shutil.copy(bundled_database, tmp_path / "papercord.db")
    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/papercord.db") as engine:
        yield engine


@pytest.fixture
def store(engine: AsyncEngine) -> PaperStore:
    return PaperStore(engine)


@pytest.fixture
def vectors(engine: AsyncEngine) -> StoredVectors:
    return StoredVectors(engine, "words")


@pytest.fixture
async def library(store: PaperStore, vectors: StoredVectors) -> AsyncGenerator[Library, None]:
    """The bundled papers, found by their words."""
    texts = LexicalIndex()
    await update_texts(store, texts, at_once)
    rules = Rules(lexical_weight=0.5, min_evidence=0.55)
    search = Search(WordEncoder(), await load_exact_index(vectors), texts, rules)
    async with Worker(max_waiting=8) as worker:
        yield Library(store, vectors, search, worker, results=12)
