"""Imports that somebody looked at and did not confirm yet: kept for a day, without who it was."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import DoneAlreadyError, ExpiredListError
from bot.state.tables import pending_imports
from corpus.database import reading, writing

KEPT = timedelta(days=1)
MOST = 20
"""How many are kept at once; each may have megabytes."""
_DONE = b""  # nothing is kept that has no content, so this says that it was taken in


@dataclass(frozen=True, slots=True)
class PendingImport:
    """A file or paste, as it was given."""

    name: str
    content: bytes


class PendingImports:
    """The pending imports of one database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def keep(self, name: str, content: bytes, *, now: datetime) -> str:
        """Remember one, forget those past their time; the new one's id, which cannot be guessed."""
        pending = secrets.token_urlsafe(9)
        row = {"id": pending, "name": name, "content": content, "made": now}
        made = pending_imports.c.made
        newest = select(pending_imports.c.id).order_by(made.desc()).limit(MOST - 1)
        async with writing(self._engine) as connection:
            await connection.execute(
                pending_imports.delete().where(or_(made < now - KEPT, pending_imports.c.id.not_in(newest)))
            )
            await connection.execute(insert(pending_imports).values(row))
        return pending

    async def get(self, pending: str, *, now: datetime) -> PendingImport:
        """The one with this id.

        Raises ExpiredListError for one that is not kept, and DoneAlreadyError for one that was taken in.
        """
        query = select(pending_imports).where(
            pending_imports.c.id == pending, pending_imports.c.made >= now - KEPT
        )
        async with reading(self._engine) as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise ExpiredListError
        if row.content == _DONE:
            raise DoneAlreadyError
        return PendingImport(row.name, row.content)

    async def mark_done(self, pending: str) -> None:
        """It is taken in: its content goes, and for the rest of its day it is known that it was."""
        async with writing(self._engine) as connection:
            await connection.execute(
                pending_imports.update().where(pending_imports.c.id == pending).values(name="", content=_DONE)
            )

    async def forget(self, pending: str) -> None:
        """Nobody wants it any more."""
        async with writing(self._engine) as connection:
            await connection.execute(pending_imports.delete().where(pending_imports.c.id == pending))
