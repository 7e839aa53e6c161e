import json
import shutil
import sqlite3
from collections.abc import AsyncGenerator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from bot.bench.children import BenchError
from bot.bench.folder import _store, _take_vectors, own_settings
from bot.config import Settings
from corpus.database import open_database
from corpus.errors import UnreadableSourceError
from corpus.store import PaperStore
from tests.bot.bench.test_papers_file import row, written


def test_the_bench_has_a_folder_and_a_database_of_its_own():
    settings = Settings.model_validate(
        {"data": "data", "storage": {"database_url": "postgresql+asyncpg://x/y"}}
    )
    own = own_settings(settings, 10_000)
    assert own.data == Path("data/bench/10000").absolute()
    assert own.database_url.startswith("sqlite")
    assert own_settings(settings, 0).data.name == "bundled"


def test_vectors_of_another_size_are_taken_over(tmp_path: Path, bundled_database: Path):
    for size in ("52", "104"):
        (tmp_path / size).mkdir()
        shutil.copy(bundled_database, tmp_path / size / "papercord.db")
    with closing(sqlite3.connect(tmp_path / "104" / "papercord.db")) as connection, connection:
        connection.execute("DELETE FROM vectors")
        connection.execute("DELETE FROM papers WHERE id > '2511'")
        wanted = {row[0] for row in connection.execute("SELECT content_hash FROM papers")}
    _take_vectors(tmp_path / "104")
    with closing(sqlite3.connect(tmp_path / "104" / "papercord.db")) as connection:
        taken = {row[0] for row in connection.execute("SELECT content_hash FROM vectors")}
    assert 0 < len(wanted) < 52
    assert taken == wanted


@pytest.fixture
async def empty(tmp_path: Path) -> AsyncGenerator[PaperStore, None]:
    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/empty.db") as engine:
        yield PaperStore(engine)


def file_of(tmp_path: Path, *rows: Mapping[str, object]) -> Path:
    return written(tmp_path, *map(json.dumps, rows))


async def test_papers_are_stored_once_and_an_interrupted_run_goes_on(tmp_path: Path, empty: PaperStore):
    file = file_of(tmp_path, *map(row, range(5)))
    await _store(empty, file, 2)
    first = await empty.told_of("2401.00000")
    assert list(await empty.contents()) == ["2401.00000", "2401.00001"]
    await _store(empty, file, 4)
    assert len(await empty.contents()) == 4
    assert await empty.told_of("2401.00000") == first
    paper = await empty.get("2401.00002")
    assert paper
    assert (paper.title, paper.code_url) == ("A paper α 2", "https://github.com/some/thing")


async def test_papers_without_an_arxiv_id_are_known_again(tmp_path: Path, empty: PaperStore):
    rows = [row(number) | {"id": f"acl:{number}"} for number in range(3)]
    await _store(empty, file_of(tmp_path, *rows), 2)
    revision = await empty.revision()
    await _store(empty, file_of(tmp_path, *rows), 2)
    assert await empty.revision() == revision
    await _store(empty, file_of(tmp_path, *rows), 3)
    assert len(await empty.contents()) == 3


async def test_papers_of_another_file_are_refused(tmp_path: Path, store: PaperStore):
    with pytest.raises(BenchError, match="papers of another file"):
        await _store(store, file_of(tmp_path, *map(row, range(3))), 3)


async def test_a_broken_line_is_named_while_papers_are_stored(tmp_path: Path, empty: PaperStore):
    with pytest.raises(UnreadableSourceError, match="line 2: it has no title"):
        await _store(empty, file_of(tmp_path, row(0), {"id": "2401.00001"}), 2)
