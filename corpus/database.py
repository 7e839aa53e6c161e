"""Open the one database, and bring its tables up to date."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, inspect, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from corpus.errors import DatabaseError

_VERSIONS = Path(__file__).parent / "migrations" / "versions"
_BUSY_TIMEOUT_SECONDS = 15
_WRITES = {"writes": True}
_OWNER = 0x6F776E6572  # an advisory lock's number, PostgreSQL only


@asynccontextmanager
async def open_database(url: str) -> AsyncGenerator[AsyncEngine, None]:
    """The database at `url`, its tables up to date, closed at the end. Raises DatabaseError."""
    engine = _engine(url)
    try:
        await _bring_up_to_date(engine)
        yield engine
    finally:
        await engine.dispose()


@asynccontextmanager
async def held_alone(engine: AsyncEngine) -> AsyncGenerator[None, None]:
    """A database on a server for this process alone, for as long as it is connected; SQLite's is guarded by its folder.

    Raises DatabaseError if another process holds it.
    """
    if engine.dialect.name != "postgresql":
        yield
        return
    # Without a transaction, which would keep the server from clearing up for as long as it is open.
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        if not await connection.scalar(text("SELECT pg_try_advisory_lock(:it)"), {"it": _OWNER}):
            raise DatabaseError(
                f"the database {without_password(str(engine.url))} is in use by another Papercord. Stop that one, or give "
                "this one a database of its own."
            )
        yield


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncGenerator[AsyncConnection, None]:
    """A connection to read from. Raises DatabaseError in place of the driver's errors."""
    with _in_words("read"):
        async with engine.connect() as connection:
            yield connection


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncGenerator[AsyncConnection, None]:
    """One transaction: all of it is kept or, on an error, none. Raises DatabaseError for the driver's errors."""
    with _in_words("written"):
        async with engine.execution_options(**_WRITES).begin() as connection:
            yield connection


@asynccontextmanager
async def rolled_back(engine: AsyncEngine) -> AsyncGenerator[AsyncConnection, None]:
    """A transaction that can write, and of which nothing is kept. Raises DatabaseError."""
    with _in_words("read"):
        async with (
            engine.execution_options(**_WRITES).connect() as connection,
            connection.begin() as transaction,
        ):
            yield connection
            await transaction.rollback()


def without_password(url: str) -> str:
    """The database's address as it may be shown."""
    try:
        address = make_url(url)
    except (SQLAlchemyError, ValueError):
        return "(not a database address)"
    return address.set(query={}).render_as_string(hide_password=True)


def _engine(url: str) -> AsyncEngine:
    try:
        engine = create_async_engine(url)
    except (SQLAlchemyError, ImportError, ValueError, TypeError) as error:
        raise DatabaseError(
            "storage.database_url is not a database that can be used: it looks like "
            "sqlite+aiosqlite:///data/papercord.db or postgresql+asyncpg://user@host/name "
            "(for the latter, install papercord[postgres])"
        ) from error
    if engine.dialect.name == "sqlite":
        # The driver's own transaction handling commits before DDL; with it off and BEGIN said by us, a
        # migration is one transaction. https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#pysqlite-serializable
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_SECONDS * 1000}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # Whoever will write waits for the other writer here; one that began by reading would fail at its first write.
    writes = _WRITES.items() <= connection.get_execution_options().items()
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


async def _bring_up_to_date(engine: AsyncEngine) -> None:
    try:
        if engine.dialect.name == "sqlite" and engine.url.database:
            await asyncio.to_thread(_refuse_unopenable, engine.url.database)
        async with engine.connect() as connection:
            is_current = await connection.run_sync(_is_current)
        if not is_current:
            async with engine.execution_options(**_WRITES).begin() as connection:
                await connection.run_sync(_migrate)
    except (SQLAlchemyError, sqlite3.Error, OSError, ValueError, TypeError) as error:
        raise DatabaseError(
            f"the database {without_password(str(engine.url))} cannot be opened or brought up to date: "
            f"{_reason(error)}. Check that the folder exists, may be written and has space, and that the server runs."
        ) from error


def _refuse_unopenable(file: str) -> None:
    # aiosqlite's thread outlives a failed connect, and prints a traceback when the loop has closed before it answers:
    # https://github.com/omnilib/aiosqlite/issues/241
    sqlite3.connect(file).close()


def _is_current(connection: Connection) -> bool:
    # Asked at every start, so without loading alembic.
    if not inspect(connection).has_table("alembic_version"):
        return False
    return connection.scalars(text("SELECT version_num FROM alembic_version")).all() == [newest_revision()]


@cache
def newest_revision() -> str:
    """The number of the newest migration, by which its file's name begins."""
    return max(file.name for file in _VERSIONS.glob("[0-9]*_*.py")).partition("_")[0]


def _migrate(connection: Connection) -> None:
    if not _is_current(connection):  # another process may have done it while this one waited
        from corpus.upgrading import upgrade  # noqa: PLC0415 - see _is_current

        upgrade(connection)


@contextmanager
def _in_words(what: str) -> Generator[None, None, None]:
    try:
        yield
    except (SQLAlchemyError, OverflowError) as error:
        raise DatabaseError(f"the database cannot be {what}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    original = getattr(error, "orig", None)
    return str(original or error).split("\n", 1)[0]
