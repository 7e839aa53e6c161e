"""Feeds and alerts in SQL: made, changed, stopped and started; and which of them have something to do."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import UnknownFeedError
from bot.feeds.feed import Feed, Kind, Settings
from bot.state.tables import closed_places, feeds, passed_papers
from corpus.database import reading, writing

_SETTINGS = TypeAdapter(Settings)
_CHUNK = 500  # values in one IN (…)
_UNREADABLE = "its settings cannot be read; delete it and make it anew"


class FeedStore:
    """The feeds of one database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def make(self, feed: Feed) -> Feed:
        """Keep a new one; it gets its number."""
        async with writing(self._engine) as connection:
            made = await connection.execute(insert(feeds).values(_row(feed)))
        [number] = made.inserted_primary_key or (0,)
        return replace(feed, number=number)

    async def get(self, number: int, *, guild: int | None = None, user: int | None = None) -> Feed:
        """A guild's feed, or a reader's alert, by its number. Raises UnknownFeedError for any other."""
        own = _owned(guild, user)
        async with reading(self._engine) as connection:
            query = select(feeds).where(feeds.c.number == number, own)
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise UnknownFeedError
        return _feed(row)

    async def known(self, number: int) -> Feed | None:
        """The one with this number, whosever it is; None if it is gone."""
        async with reading(self._engine) as connection:
            row = (await connection.execute(select(feeds).where(feeds.c.number == number))).one_or_none()
        return _feed(row) if row else None

    async def of_guild(self, guild: int) -> list[Feed]:
        """A guild's feeds, oldest first."""
        return await self._all(and_(feeds.c.kind == "feed", feeds.c.guild == guild))

    async def guilds(self) -> set[int]:
        """Every server that has a feed which is not paused."""
        query = select(feeds.c.guild).where(feeds.c.kind == "feed", ~feeds.c.is_paused).distinct()
        async with reading(self._engine) as connection:
            return {row.guild for row in await connection.execute(query)}

    async def of_user(self, user: int) -> list[Feed]:
        """A reader's alerts, oldest first."""
        return await self._all(and_(feeds.c.kind == "alert", feeds.c.user_id == user))

    async def of_channel(self, channel: int) -> list[Feed]:
        """The feeds that post in a channel."""
        return await self._all(and_(feeds.c.kind == "feed", feeds.c.channel == channel))

    async def paused(self) -> list[Feed]:
        """Every one that is paused."""
        return await self._all(feeds.c.is_paused)

    async def count(self) -> int:
        """How many there are."""
        async with reading(self._engine) as connection:
            return await connection.scalar(select(func.count()).select_from(feeds)) or 0

    async def due(self, now: datetime, last_event: int) -> list[Feed]:
        """Those whose time has come and, of those without a time, those that have not seen the last event."""
        timed = and_(feeds.c.due.is_not(None), feeds.c.due <= now)
        instant = and_(feeds.c.due.is_(None), feeds.c.seen < last_event)
        found = await self._all(and_(~feeds.c.is_paused, or_(timed, instant)))
        return [feed for feed in found if not feed.is_paused]

    async def due_after(self, time: datetime) -> list[Feed]:
        """Those whose next time is later than this."""
        found = await self._all(and_(~feeds.c.is_paused, feeds.c.due > time))
        return [feed for feed in found if not feed.is_paused]

    async def change(self, number: int, **values: Any) -> None:
        """Change some columns; `settings` are Settings."""
        if "settings" in values:
            values["settings"] = _SETTINGS.dump_python(values["settings"], mode="json")
        async with writing(self._engine) as connection:
            await connection.execute(update(feeds).where(feeds.c.number == number).values(**values))

    async def look_on(self, numbers: Sequence[int], *, seen: int, until: int) -> None:
        """These have looked at everything up to an event, and post nothing of it."""
        for start in range(0, len(numbers), _CHUNK):
            of_these = feeds.c.number.in_(numbers[start : start + _CHUNK]) & (feeds.c.seen == seen)
            async with writing(self._engine) as connection:
                await connection.execute(update(feeds).where(of_these).values(seen=until))

    async def pause(self, number: int, why: str, *, untold: bool = False) -> bool:
        """Stop it, for a reason in words; False if it was stopped before. `untold`: its reader is still to hear of it."""
        stopped = update(feeds).where(feeds.c.number == number, ~feeds.c.is_paused)
        async with writing(self._engine) as connection:
            done = await connection.execute(stopped.values(is_paused=True, why=why, is_untold=untold))
        return bool(done.rowcount)

    async def resume(self, number: int, *, due: datetime | None) -> None:
        """Let it go on; its channel is tried again at once."""
        async with writing(self._engine) as connection:
            row = (await connection.execute(select(feeds).where(feeds.c.number == number))).one_or_none()
            if row is None:
                return
            going = update(feeds).where(feeds.c.number == number)
            await connection.execute(going.values(is_paused=False, why="", is_untold=False, due=due))
            place = row.channel or row.user_id
            # The row stays until something is posted there: others may be paused because of it.
            closed = update(closed_places).where(closed_places.c.place == place)
            await connection.execute(closed.values(not_before=closed_places.c.since))

    async def delete(self, number: int) -> None:
        """Forget it; what it posted stays known, so that nothing is posted again."""
        async with writing(self._engine) as connection:
            await connection.execute(passed_papers.delete().where(passed_papers.c.feed == number))
            await connection.execute(feeds.delete().where(feeds.c.number == number))

    async def untold(self, user: int) -> list[Feed]:
        """A reader's alerts that were stopped without their knowing; from now on it counts as known."""
        unknowing = (feeds.c.user_id == user) & (feeds.c.kind == "alert") & feeds.c.is_untold
        found = await self._all(unknowing)
        if found:
            async with writing(self._engine) as connection:
                await connection.execute(update(feeds).where(unknowing).values(is_untold=False))
        return found

    async def _all(self, condition: Any) -> list[Feed]:
        async with reading(self._engine) as connection:
            rows = (await connection.execute(select(feeds).where(condition).order_by(feeds.c.number))).all()
        found = [_feed(row) for row in rows]
        for feed, row in zip(found, rows, strict=True):
            if feed.is_paused and not row.is_paused:
                await self.pause(feed.number, feed.why)
        return found


def _owned(guild: int | None, user: int | None) -> Any:
    if guild is not None:
        return and_(feeds.c.kind == "feed", feeds.c.guild == guild)
    return and_(feeds.c.kind == "alert", feeds.c.user_id == user)


def _row(feed: Feed) -> dict[str, Any]:
    return {
        "kind": feed.kind,
        "name": feed.name,
        "guild": feed.guild,
        "channel": feed.channel,
        "user_id": feed.user,
        "settings": _SETTINGS.dump_python(feed.settings, mode="json"),
        "made": feed.made,
        "start": feed.start,
        "seen": feed.seen,
        "is_paused": feed.is_paused,
        "why": feed.why,
        "ran": feed.ran,
        "due": feed.due,
    }


def _feed(row: Any) -> Feed:
    """The feed of a row; one whose settings cannot be read is paused, and has the usual ones."""
    kind: Kind = row.kind
    settings, is_paused, why = Settings(), True, _UNREADABLE
    with suppress(
        ValidationError
    ):  # somebody else, or another version, wrote to the database; the others go on
        settings, is_paused, why = _SETTINGS.validate_python(row.settings), row.is_paused, row.why
    return Feed(
        row.number,
        kind,
        row.name,
        row.guild,
        row.channel,
        row.user_id,
        settings,
        aware(row.made),
        row.start,
        row.seen,
        is_paused,
        why,
        aware(row.ran) if row.ran else None,
        aware(row.due) if row.due else None,
    )


def aware(time: datetime) -> datetime:
    """SQLite gives times back without their zone, which is UTC."""
    return time if time.tzinfo else time.replace(tzinfo=UTC)
