"""The stage for tests of the upkeep: processes over one data folder, as it was left by an owner."""

import asyncio
import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from corpus.database import open_database
from corpus.paper import Paper
from corpus.store import PaperStore
from retrieval.encoder import Model
from retrieval.ensemble import Ensemble
from retrieval.exact import ExactIndex
from retrieval.indexes import Indexes
from retrieval.indexing import Blocking
from retrieval.learning import LearnedWords
from retrieval.lexical import LexicalIndex
from retrieval.search import Mode, Ranking, Rules, Search
from retrieval.stored_vectors import StoredVectors
from retrieval.upkeep import Folders, IndexReport, Upkeep
from retrieval.vectors import ChromaIndex
from tests.conftest import NOW, account_of, at_once, nothing
from tests.retrieval.making import CountingEncoder, ask

RULES = Rules(lexical_weight=0.5, feedback_weight=0.2)


QUESTIONS = (
    "speculative decoding of large language models on mobile devices with limited memory",
    "compression of key value caches for long context inference without loss of accuracy",
    "inference engines that schedule requests for language models across many accelerators",
)


MODES: tuple[Mode, ...] = ("hybrid", "semantic", "exact")


SPECMEMO = "2506.01986"


NEW = Model("new words", "2", "float32")


class Process:
    """A start of the program over a data folder: nothing in memory, all on the disk and in the database."""

    def __init__(
        self,
        engine: AsyncEngine,
        data: Path,
        *,
        encoder: CountingEncoder | None = None,
        ensemble: Ensemble | None = None,
        owns: bool = True,
        learns: bool = False,
        run: Blocking = at_once,
    ) -> None:
        self.encoder = encoder or CountingEncoder()
        ensemble = ensemble or Ensemble([self.encoder], [1.0])
        self.ensemble = ensemble
        self.store = PaperStore(engine)
        self.indexes = Indexes(ExactIndex(ensemble.dimension), LexicalIndex())
        self.search = Search(ensemble, self.indexes, RULES)
        stored = StoredVectors(engine, [one.model.key for one in ensemble.encoders])
        words = LearnedWords(
            self.store, ensemble.sentence_encoder, self.indexes, run, data / "words.npz", owns=owns
        )
        learned = [words] if learns else []
        folders = Folders(data / "texts", data / "graph")
        self.upkeep = Upkeep(self.store, stored, ensemble, self.indexes, run, learned, folders, owns=owns)

    async def catch_up(self, *, rebuild: bool = False) -> IndexReport:
        return await self.upkeep.catch_up(nothing, rebuild=rebuild)

    @property
    def graph(self) -> ChromaIndex:
        assert isinstance(self.indexes.graph, ChromaIndex)
        return self.indexes.graph

    def find(self, question: str, mode: Mode = "hybrid") -> Ranking:
        [ranking] = self.search.find([ask(question, 10, mode=mode)])
        return ranking

    def answers(self) -> list[list[str]]:
        """The best ten papers for every question in every mode, and the nearest five by the graph alone."""
        found = [self.find(question, mode) for question in QUESTIONS for mode in MODES]
        rows = self.ensemble.encode_questions(QUESTIONS)
        return [[hit.paper_id for hit in one.hits] for one in found] + self.graph.nearest(rows, 5)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory, bundled_database: Path) -> tuple[Path, list[list[str]]]:
    """A data folder as a process leaves it, and what that answered; copy it."""
    data = tmp_path_factory.mktemp("ready") / "data"
    data.mkdir()
    shutil.copy(bundled_database, data / "papercord.db")

    async def make() -> list[list[str]]:
        async with open_database(f"sqlite+aiosqlite:///{data}/papercord.db") as engine:
            process = Process(engine, data)
            await process.catch_up()
            return process.answers()

    return data, asyncio.run(make())


@pytest.fixture
def before(ready: tuple[Path, list[list[str]]]) -> list[list[str]]:
    return ready[1]


@pytest.fixture
def data(ready: tuple[Path, list[list[str]]], tmp_path: Path) -> Path:
    """The data folder after the process has ended."""
    return shutil.copytree(ready[0], tmp_path / "data", ignore=shutil.ignore_patterns("papercord.db*"))


def only(folder: Path) -> Path:
    """The one generation in a folder."""
    [generation] = folder.iterdir()
    return generation


def digests(data: Path) -> dict[str, str]:
    """Every derived file and its digest."""
    return {
        path.relative_to(data).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(data.rglob("*"))
        if path.is_file() and not path.name.startswith("papercord.db")
    }


async def change(store: PaperStore, minutes: int = 1) -> Paper:
    """SpecMemo is about bread from now on."""
    known = await store.get(SPECMEMO)
    assert known is not None
    text = f"Sourdough rises overnight, {minutes} times."
    await store.put([account_of(known, abstract=text)], source="test", now=NOW + timedelta(minutes=minutes))
    return replace(known, abstract=text)


async def rebuilt(engine: AsyncEngine, data: Path, name: str) -> Process:
    """A start that is expected to build an index anew, and to encode no paper for it."""
    there = {path.name for path in (data / name).glob("*")} if (data / name).is_dir() else set()
    process = Process(engine, data)
    await process.catch_up()
    assert only(data / name).name not in there, "a new generation, and the old ones are gone"
    assert process.encoder.papers == []
    return process


class Pausing:
    """Runs blocking functions at once, but stands still before a named one, as a slow disk would."""

    def __init__(self, before: str) -> None:
        self.before = before
        self.reached, self.go_on = asyncio.Event(), asyncio.Event()

    async def __call__(self, function: Callable[..., Any], *arguments: Any) -> Any:
        if function.__qualname__ == self.before:
            self.reached.set()
            await self.go_on.wait()
        return function(*arguments)

    def at_rest(self, process: Process) -> "Resting":
        """A round of the process stands still inside, and is finished behind."""
        return Resting(self, process)


class Resting:
    def __init__(self, pausing: Pausing, process: Process) -> None:
        self.pausing = pausing
        self.process = process

    async def __aenter__(self) -> None:
        self.round = asyncio.create_task(self.process.catch_up())
        reached = asyncio.create_task(self.pausing.reached.wait())
        await asyncio.wait({self.round, reached}, return_when=asyncio.FIRST_COMPLETED)
        assert self.pausing.reached.is_set(), "the round never came to this function"

    async def __aexit__(self, *_: object) -> None:
        self.pausing.go_on.set()
        await self.round
