"""The stage for tests: a real database and index over the bundled papers, and an encoder that needs no weights."""

import asyncio
import dataclasses
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pytest
from filelock import FileLock
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.batching import Batcher
from bot.library import Library
from bot.worker import Worker
from corpus.account import Account
from corpus.database import open_database
from corpus.importing import import_bundled
from corpus.paper import Paper
from corpus.store import PaperStore
from retrieval.encoder import Model
from retrieval.ensemble import Ensemble
from retrieval.exact import ExactIndex
from retrieval.finder import Finder
from retrieval.indexes import Indexes
from retrieval.indexing import encode_missing, update_rows, update_texts, waiting
from retrieval.lexical import LexicalIndex
from retrieval.representation import Matrix, PaperText, PaperVectors, split_sentences
from retrieval.search import Ask, Ranking, Rules, Search
from retrieval.stored_vectors import StoredVectors
from retrieval.verdict import has_enough

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SHARED = Path(__file__).parents[2] / "shared"


class WordEncoder:
    """Texts to unit vectors by the words they share: no meaning, but exact, instant and without weights."""

    dimension = 2048
    model = Model("words", "1", "float32")
    reads_sentences = True

    def knows(self, word: str) -> bool:  # noqa: ARG002 - it has no vocabulary
        return False

    def encode_questions(self, questions: Sequence[str]) -> Matrix:
        rows = np.zeros((len(questions), self.dimension), dtype=np.float32)
        for row, text in zip(rows, questions, strict=True):
            for word in re.findall(r"[a-z]{4,}", text.lower()):
                row[crc32(word.encode()) % self.dimension] += 1
            row[0] += 1e-3  # a text without words has a direction too
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def encode_papers(self, papers: Sequence[PaperText]) -> list[PaperVectors]:
        return [
            PaperVectors(
                self.encode_questions([f"{paper.title}. {paper.abstract}"])[0],
                self.encode_questions(split_sentences(paper.abstract)),
            )
            for paper in papers
        ]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take minutes begin first: of two workers, none is then left alone with one at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def account_of(paper: Paper, **changes: Any) -> Account:
    """What somebody says who knows of a paper what is known already, and something else."""
    said = {
        field.name: getattr(paper, field.name) for field in dataclasses.fields(paper) if field.name != "id"
    }
    return Account(**said | changes)


WORDS = Ensemble([WordEncoder()], [1.0])


def nothing(_done: int, _total: int) -> None:
    """Stands for a progress bar."""


async def at_once(function, *args):
    """Stands for the worker's thread where a test needs none."""
    return function(*args)


@pytest.fixture(scope="session")
def bundled_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the bundled papers and their vectors, to copy: made once."""
    file = tmp_path_factory.mktemp("bundled") / "papercord.db"

    async def make() -> None:
        async with open_database(f"sqlite+aiosqlite:///{file}") as engine:
            store, stored = PaperStore(engine), StoredVectors(engine, [WordEncoder.model.key])
            await import_bundled(store, now=NOW)
            ids = await waiting(store, stored)
            await encode_missing(store, stored, WORDS, at_once, ids, nothing)

    asyncio.run(make())
    return file


@pytest.fixture(scope="session")
def bundled_texts(bundled_database: Path) -> Path:
    """The text index of that database, to copy: made once."""
    folder = bundled_database.parent / "texts"
    folder.mkdir()

    async def make() -> None:
        async with open_database(f"sqlite+aiosqlite:///{bundled_database}") as engine:
            await update_texts(PaperStore(engine), LexicalIndex(folder), at_once)

    asyncio.run(make())
    return folder


@pytest.fixture(scope="session")
def indexed_data(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A data folder as `papercord index` leaves it, with the real model's vectors; copy it. Made once."""
    root = tmp_path_factory.getbasetemp()
    if worker_id != "master":  # several processes share the work, and this folder
        root = root.parent
    folder = root / "indexed"
    with FileLock(root / "indexed.lock"):
        if not folder.exists():
            command = [sys.executable, "-m", "bot", "--data", str(folder), "index"]
            subprocess.run(
                command, cwd=Path(__file__).parents[1], check=True, capture_output=True, timeout=300
            )
    return folder


@pytest.fixture(scope="session")
def ready_models(indexed_data: Path) -> Path:
    """The models' folder with their fast paths in it, to read or to copy: building them takes half a minute."""
    return indexed_data / "models"


@pytest.fixture(scope="session")
def lay_models(indexed_data: Path) -> Callable[[Path], None]:
    """Puts into a data folder what was made of the models, and nothing of the papers."""

    def lay(data: Path) -> None:
        shutil.copytree(indexed_data / "models", data / "models")
        shutil.copy(indexed_data / "topics.npz", data)

    return lay


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
    return StoredVectors(engine, [WordEncoder.model.key])


@pytest.fixture
async def indexes(store: PaperStore, vectors: StoredVectors, bundled_texts: Path, tmp_path: Path) -> Indexes:
    """The bundled papers, ready to be searched."""
    texts = shutil.copytree(bundled_texts, tmp_path / "bundled-texts")
    indexes = Indexes(ExactIndex(WORDS.dimension), LexicalIndex(texts))
    await update_texts(store, indexes.texts, at_once)
    await update_rows(store, vectors, WORDS, indexes.rows, at_once)
    return indexes


@pytest.fixture
async def library(
    store: PaperStore, vectors: StoredVectors, indexes: Indexes
) -> AsyncGenerator[Library, None]:
    """The bundled papers, found by their words."""
    search = Search(WORDS, indexes, Rules(lexical_weight=0.5, feedback_weight=0.0))
    async with Worker(max_waiting=8) as worker:

        async def together(asks: Sequence[Ask]) -> list[Ranking]:
            return await worker.run(search.find, asks)

        batches = Batcher(together, max_waiting=8)
        finder = Finder(search, WORDS, vectors, has_enough, batches.ask, worker.run)
        yield Library(store, finder, results=12)
