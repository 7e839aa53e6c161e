"""Answers and comparisons, kept so that their buttons work after a restart."""

import secrets
from datetime import datetime, timedelta
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.chat.answered import Answered, Compared
from bot.errors import ExpiredListError
from bot.state.tables import answers
from corpus.database import reading, writing

KEPT = timedelta(days=30)
_T = TypeVar("_T")
_ANSWER, _COMPARISON = TypeAdapter(Answered), TypeAdapter(Compared)


class KeptAnswers:
    """The kept answers of one database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def keep(self, answer: Answered | Compared, *, now: datetime) -> str:
        """Remember it, forget those past their time; the new one's id, which cannot be guessed."""
        answer_id = secrets.token_urlsafe(9)
        match answer:
            case Answered():
                kind, content = "answer", _ANSWER.dump_python(answer, mode="json")
            case Compared():
                kind, content = "comparison", _COMPARISON.dump_python(answer, mode="json")
        async with writing(self._engine) as connection:
            await connection.execute(answers.delete().where(answers.c.made < now - KEPT))
            await connection.execute(
                insert(answers).values(id=answer_id, kind=kind, content=content, made=now)
            )
        return answer_id

    async def answer(self, answer_id: str) -> Answered:
        """The answer with this id. Raises ExpiredListError for one that is not kept, or not as this version keeps them."""
        return await self._get(_ANSWER, "answer", answer_id)

    async def comparison(self, answer_id: str) -> Compared:
        """The comparison with this id. Raises ExpiredListError."""
        return await self._get(_COMPARISON, "comparison", answer_id)

    async def _get(self, adapter: TypeAdapter[_T], kind: str, answer_id: str) -> _T:
        async with reading(self._engine) as connection:
            found = select(answers.c.content).where(answers.c.id == answer_id, answers.c.kind == kind)
            content = (await connection.execute(found)).scalar_one_or_none()
        try:
            return adapter.validate_python(content)
        except ValidationError as error:
            raise ExpiredListError from error
