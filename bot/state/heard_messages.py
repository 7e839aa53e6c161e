"""Which messages were heard and answered: Discord tells of one again after a lost connection, and it is answered once."""

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.state.tables import heard_messages
from corpus.database import reading, writing

KEPT = timedelta(days=30)
"""Discord repeats the last minutes only; but so long somebody may reply to an answer."""
Known = Literal["new", "unanswered", "answered"]


class HeardMessages:
    """The messages that one database knows of: their ids, those of the answers, and what these show."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def hear(self, message_id: int, *, now: datetime) -> Known:
        """What is known of a message; a new one is written down, and those past their time are forgotten."""
        async with writing(self._engine) as connection:
            await connection.execute(heard_messages.delete().where(heard_messages.c.made < now - KEPT))
            row = (await connection.execute(select(heard_messages).filter_by(id=message_id))).one_or_none()
            if row is None:
                await connection.execute(insert(heard_messages).values(id=message_id, made=now))
                return "new"
            return "unanswered" if row.answer is None else "answered"

    async def answered(self, message_id: int, answer: int, kept: str) -> None:
        """It is answered by this message, which shows what is kept under that name."""
        async with writing(self._engine) as connection:
            await connection.execute(
                update(heard_messages).filter_by(id=message_id).values(answer=answer, kept=kept)
            )

    async def shown_in(self, answer: int) -> str:
        """The name of what one of our answers shows; "" if it is none, or shows nothing that is kept."""
        async with reading(self._engine) as connection:
            found = select(heard_messages.c.kept).where(heard_messages.c.answer == answer)
            return (await connection.execute(found)).scalars().first() or ""


class HeardInMemory:
    """The same for a Discord that begins empty each time, such as the playground's: its ids come again."""

    def __init__(self) -> None:
        self._answers: dict[int, tuple[int, str] | None] = {}

    async def hear(self, message_id: int, *, now: datetime) -> Known:  # noqa: ARG002 - the port's shape
        """What is known of a message."""
        if message_id not in self._answers:
            self._answers[message_id] = None
            return "new"
        return "answered" if self._answers[message_id] else "unanswered"

    async def answered(self, message_id: int, answer: int, kept: str) -> None:
        """It is answered by this message, which shows what is kept under that name."""
        self._answers[message_id] = answer, kept

    async def shown_in(self, answer: int) -> str:
        """The name of what one of our answers shows."""
        known = [one for one in self._answers.values() if one and one[0] == answer]
        return known[0][1] if known else ""
