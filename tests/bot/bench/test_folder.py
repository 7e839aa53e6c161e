import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.bench.children import BenchError
from bot.bench.folder import _store, _take_vectors, own_settings
from bot.config import Settings
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


async def test_papers_are_stored_once_and_those_of_another_file_are_refused(
    tmp_path: Path, store: PaperStore
):
    import json  # noqa: PLC0415

    file = written(tmp_path, *(json.dumps(row(number)) for number in range(3)))
    with pytest.raises(BenchError, match="papers of another file"):
        await _store(store, file, 3)
