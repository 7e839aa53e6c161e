"""The database opens with its tables up to date, or says in words why it cannot."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.ext.asyncio import AsyncEngine

import bot.state.tables as bot_tables
from corpus.account import Account
from corpus.best import Told
from corpus.database import newest_revision, open_database
from corpus.errors import DatabaseError
from corpus.paper import Paper, title_id
from corpus.report import Changes
from corpus.store import PaperStore
from corpus.tables import metadata
from corpus.upgrading import MIGRATIONS, upgrade


async def opened(url: str) -> str:
    async with open_database(url) as engine:
        return engine.dialect.name


async def refusal(url: str) -> str:
    with pytest.raises(DatabaseError) as caught:
        await opened(url)
    return str(caught.value)


async def set_revision(url: str, revision: str) -> None:
    async with open_database(url) as engine, engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})


async def test_the_migrations_build_exactly_the_tables_that_the_code_uses(engine: AsyncEngine):
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    assert bot_tables.result_lists.metadata is metadata
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_a_database_is_opened_again_with_what_it_holds(database_url: str):
    async with open_database(database_url) as engine, engine.begin() as connection:
        await connection.execute(text("INSERT INTO synced_commands VALUES ('bees', 'x')"))
    async with open_database(database_url) as engine, engine.connect() as connection:
        assert await connection.scalar(text("SELECT application FROM synced_commands")) == "bees"


def make_as_of(revision: str, url: str) -> None:
    """The database as an older Papercord made it."""
    with create_engine(url.replace("+aiosqlite", "")).begin() as connection:
        upgrade(connection, revision)


def test_the_migration_that_is_the_last_by_its_number_is_the_last_by_what_it_follows():
    assert newest_revision() == ScriptDirectory(str(MIGRATIONS)).get_current_head()


_OPENS = """
import asyncio, sys
from corpus.database import open_database

async def main():
    async with open_database(sys.argv[1]):
        print("alembic" in sys.modules)

asyncio.run(main())
"""


def test_alembic_is_loaded_only_where_tables_are_not_up_to_date(database_url: str):
    command = [sys.executable, "-c", _OPENS, database_url]
    assert [subprocess.run(command, check=True, capture_output=True, text=True).stdout for _ in range(2)] == [
        "True\n",
        "False\n",
    ]


async def test_the_first_database_is_brought_up_to_date_and_keeps_its_papers_and_what_was_told_of_them(
    database_url: str, tmp_path: Path
):
    make_as_of("0001", database_url)
    told = '{"raw_title": "t", "raw_abstract": "a", "published": "2025-05-02"}'
    with sqlite3.connect(tmp_path / "papers.db") as connection:
        connection.executescript(
            "INSERT INTO papers (id, title, abstract, raw_title, raw_abstract, authors, links, content_hash, published,"
            " first_seen, updated) VALUES ('1', 't', 'a', 't', 'a', '[]', '[]', 'h', '2025-05-02', '2026-01-01',"
            " '2026-01-01');"
        )
        connection.execute("INSERT INTO aliases VALUES (?, '1')", [title_id("t")])
        connection.execute(
            "INSERT INTO accounts VALUES ('1', 'page', ?, '2026-01-01 00:00:00.000000')", [told]
        )
    connection.close()
    async with open_database(database_url) as engine:
        store = PaperStore(engine)
        paper = await store.get("1")
        assert paper == Paper("t", "a", published=date(2025, 5, 2), id="1")
        account = Account("t", "a", published=date(2025, 5, 2))
        assert await store.told_of("1") == [Told(account, "page", datetime(2026, 1, 1, tzinfo=UTC))]
        again = await store.put([account], source="page", now=datetime(2026, 2, 1, tzinfo=UTC))
        assert again == Changes(unchanged=1)


async def test_foreign_keys_are_enforced(engine: AsyncEngine):
    async with engine.connect() as connection:
        assert await connection.scalar(text("PRAGMA foreign_keys")) == 1


async def test_a_transaction_that_fails_takes_its_tables_back(engine: AsyncEngine):
    async def fail() -> None:
        async with engine.begin() as connection:
            await connection.execute(text("CREATE TABLE bees (id INTEGER)"))
            raise RuntimeError("midway")

    with pytest.raises(RuntimeError, match="midway"):
        await fail()
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = 'bees'")) == 0


async def test_a_database_of_a_newer_version_is_refused_clearly_and_left_alone(
    database_url: str, tmp_path: Path
):
    await set_revision(database_url, "9999")
    said = await refusal(database_url)
    assert "9999" in said
    assert "newer Papercord" in said
    with sqlite3.connect(tmp_path / "papers.db") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]
    connection.close()


async def test_a_refused_database_is_closed(database_url: str):
    await set_revision(database_url, "9999")
    before = set(threading.enumerate())
    await refusal(database_url)
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=10)
        assert not thread.is_alive()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "bees",
        "papers.db",
        "bees+bears://x",
        "sqlite+aiosqlite://host/papers.db",
        "sqlite+bees:///papers.db",
    ],
)
async def test_a_url_of_no_usable_database_is_refused_with_an_example(url: str):
    said = await refusal(url)
    assert "storage.database_url" in said
    assert "sqlite+aiosqlite:///data/papercord.db" in said


@pytest.mark.parametrize(
    "shape", ["sqlite:///{}/papers.db", "postgresql+asyncpg://ada@localhost:port/papers"]
)
async def test_a_url_without_the_async_driver_or_with_a_broken_port_is_refused_with_an_example(
    shape: str, tmp_path: Path
):
    assert "sqlite+aiosqlite:///data/papercord.db" in await refusal(shape.format(tmp_path))


async def test_a_folder_that_is_not_there_is_said_to_be_the_reason(tmp_path: Path):
    said = await refusal(f"sqlite+aiosqlite:///{tmp_path}/missing/papers.db")
    assert "missing/papers.db" in said
    assert "unable to open database file" in said
    assert "folder" in said


async def test_a_folder_and_a_file_that_is_no_database_are_refused(tmp_path: Path):
    assert "unable to open" in await refusal(f"sqlite+aiosqlite:///{tmp_path}")
    (tmp_path / "notes.txt").write_text("Bees are many. " * 100)
    assert "not a database" in await refusal(f"sqlite+aiosqlite:///{tmp_path}/notes.txt")
    assert (tmp_path / "notes.txt").read_text().startswith("Bees are many.")


async def test_a_password_is_never_shown():
    pytest.importorskip("asyncpg", reason="papercord[postgres] is not installed")
    said = await refusal("postgresql+asyncpg://ada:honeycomb@127.0.0.1:1/papers")
    assert "honeycomb" not in said
    assert "ada" in said


async def test_a_new_database_that_another_process_writes_to_is_waited_for(database_url: str, tmp_path: Path):
    path = tmp_path / "papers.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("BEGIN IMMEDIATE")
    other.execute("CREATE TABLE bees (id INTEGER)")
    opening = asyncio.create_task(opened(database_url))
    await asyncio.sleep(0.5)
    other.execute("COMMIT")
    other.close()
    assert await opening == "sqlite"


async def test_a_database_with_two_recorded_revisions_is_refused_in_words(database_url: str):
    async with open_database(database_url) as engine, engine.begin() as connection:
        await connection.execute(text("INSERT INTO alembic_version VALUES ('0001')"))
    assert await refusal(database_url)


async def test_a_file_that_cannot_be_opened_is_refused_before_the_driver_starts_a_thread_that_outlives_the_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    asked: list[object] = []
    monkeypatch.setattr("aiosqlite.connect", lambda *arguments, **_options: asked.append(arguments))
    with pytest.raises(DatabaseError, match="cannot be opened"):
        async with open_database(f"sqlite+aiosqlite:///{tmp_path}/no/such/folder/x.db"):
            pass
    assert asked == []
