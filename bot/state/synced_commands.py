"""Which commands was Discord last told of? Discord allows 200 creations a day and server."""

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.state.tables import synced_commands
from corpus.database import reading, writing


class SyncedCommands:
    """The fingerprints of one database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def fingerprint(self, application: str) -> str | None:
        """The fingerprint last recorded for this application; None before the first."""
        query = select(synced_commands.c.fingerprint).where(synced_commands.c.application == application)
        async with reading(self._engine) as connection:
            return await connection.scalar(query)

    async def record(self, application: str, fingerprint: str) -> None:
        """Remember what Discord now has."""
        async with writing(self._engine) as connection:
            await connection.execute(
                synced_commands.delete().where(synced_commands.c.application == application)
            )
            await connection.execute(
                insert(synced_commands).values(application=application, fingerprint=fingerprint)
            )


class NothingSynced:
    """The record of a Discord that begins empty each time, such as the playground's."""

    async def fingerprint(self, application: str) -> str | None:  # noqa: ARG002 - the port's shape
        """Nothing was ever synced."""
        return None

    async def record(self, application: str, fingerprint: str) -> None:
        """Forgotten with the playground."""
