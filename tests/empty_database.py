"""An empty database with all tables, to copy: making it takes as long as a dozen tests, so it is made once."""

import contextlib
import sqlite3
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine

from corpus.upgrading import upgrade


def lay_database(file: Path) -> str:
    """Put one there if there is none, and return its address."""
    if not file.exists():
        file.write_bytes(_empty())
    return f"sqlite+aiosqlite:///{file}"


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        engine = create_engine(f"sqlite:///{file}")
        with engine.begin() as connection:
            upgrade(connection)
        engine.dispose()
        with contextlib.closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")  # as every open one is
        return file.read_bytes()
