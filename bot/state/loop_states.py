"""How the loops that run beside the commands are: kept, so that another process can say."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.state.feeds import aware
from bot.state.tables import loop_states
from corpus.database import reading, writing

FEEDS = "feeds"
"""The loop that plans and posts."""


@dataclass(frozen=True, slots=True)
class LoopState:
    """When a loop last went round, how often something was raised in it since the bot was installed, and what last."""

    ticked: datetime
    errors: int
    last_error: str


class LoopStates:
    """The loops of one database's bot."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def get(self, name: str) -> LoopState | None:
        """The state of a loop; None if it never went round."""
        async with reading(self._engine) as connection:
            row = (
                await connection.execute(select(loop_states).where(loop_states.c.name == name))
            ).one_or_none()
        return LoopState(aware(row.ticked), row.errors, row.last_error) if row else None

    async def ticked(self, name: str, *, now: datetime, errors: int = 0, last_error: str = "") -> None:
        """It went round; `errors` more were raised in it, the last of which said so."""
        values: dict[str, object] = {"ticked": now, "errors": loop_states.c.errors + errors}
        if errors:
            values["last_error"] = last_error[:500]
        async with writing(self._engine) as connection:
            changed = await connection.execute(
                update(loop_states).where(loop_states.c.name == name).values(values)
            )
            if not changed.rowcount:
                row = {"name": name, "ticked": now, "errors": errors, "last_error": last_error[:500]}
                await connection.execute(insert(loop_states).values(row))
