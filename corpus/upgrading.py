"""Bring the tables up to date: the one file that knows alembic, which takes a quarter of a second to load."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from corpus.errors import DatabaseError

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run the migrations that the database lacks, up to that one. Raises DatabaseError where it has others."""
    configuration = Config()
    configuration.set_main_option("script_location", MIGRATIONS.as_posix().replace("%", "%%"))
    configuration.attributes["connection"] = connection
    try:
        command.upgrade(configuration, revision)
    except CommandError as error:
        raise DatabaseError(
            f"the database was written by another, probably newer Papercord ({error}). Use that version, or another "
            "data folder."
        ) from error
