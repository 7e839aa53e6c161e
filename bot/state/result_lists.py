"""Lists of results, kept so that their buttons work after a restart."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import ExpiredListError
from bot.library import ResultList
from bot.state.tables import result_lists
from corpus.database import reading, writing
from retrieval.search import Hit

KEPT = timedelta(days=30)
_DETAILS = ("topic", "narrowed", "selected", "sort", "notes", "suggestion")


class ResultLists:
    """The kept lists of one database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def keep(self, results: ResultList, *, now: datetime) -> str:
        """Remember a list, forget those past their time; the new one's id, which cannot be guessed."""
        list_id = secrets.token_urlsafe(9)
        row = {
            "id": list_id,
            "kind": results.kind,
            "asked": results.asked,
            "found": results.found,
            "details": {name: getattr(results, name) for name in _DETAILS},
            "hits": [[hit.paper_id, hit.score] for hit in results.hits],
            "made": now,
        }
        async with writing(self._engine) as connection:
            await connection.execute(result_lists.delete().where(result_lists.c.made < now - KEPT))
            await connection.execute(insert(result_lists).values(row))
        return list_id

    async def get(self, list_id: str) -> ResultList:
        """The list with this id. Raises ExpiredListError for one that is not kept."""
        async with reading(self._engine) as connection:
            row = (
                await connection.execute(select(result_lists).where(result_lists.c.id == list_id))
            ).one_or_none()
        if row is None:
            raise ExpiredListError
        hits = tuple(Hit(paper_id, score) for paper_id, score in row.hits)
        details = {name: value for name, value in row.details.items() if name in _DETAILS}
        details.setdefault("topic", row.asked)  # of a list that was kept before there were details
        details["notes"] = tuple(details.get("notes", ()))
        return ResultList(row.kind, row.asked, row.found, hits, **details)
