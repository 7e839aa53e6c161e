"""The outbox in SQL: what is to be posted, is being posted, was posted. Each change is one transaction.

docs/decisions/0011 explains the order of row and deed.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import and_, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.feeds.delivery import Delivery, Lane, Plan, State, delivery_id, lane_of, place_of
from bot.feeds.feed import BY_HAND
from bot.feeds.post import Post
from bot.state.feeds import aware
from bot.state.tables import closed_places, deliveries, feeds, passed_papers, posted_papers
from corpus.database import reading, writing

_POST = TypeAdapter(Post)
_MOST_PASSED = 1000  # papers of one time that are remembered as passed over
LONGEST_WAIT = timedelta(hours=1)
"""Before a message is tried again. What is to wait longer was put off by a clock that was set back since."""


@dataclass(frozen=True, slots=True)
class Closed:
    """A place that Discord does not let us post in: since when, how often it was tried, and why."""

    place: int
    since: datetime
    tries: int
    reason: str


class Outbox:
    """The outbox of one database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def commit(self, plan: Plan, *, now: datetime) -> bool:
        """Queue what a feed posts, with how far the feed is then; False if the feed was changed meanwhile."""
        feed = plan.feed
        async with writing(self._engine) as connection:
            unchanged = (feeds.c.number == feed.number) & (feeds.c.seen == feed.seen) & ~feeds.c.is_paused
            unchanged &= feeds.c.due.is_(None) if feed.due is None else feeds.c.due == feed.due
            moved = update(feeds).where(unchanged).values(seen=plan.seen, ran=plan.ran, due=plan.due)
            if not (await connection.execute(moved)).rowcount:
                return False
            named = [
                (delivery_id(feed.number, plan.slot, str(n)), n, post) for n, post in enumerate(plan.posts)
            ]
            rows = [
                _row(feed.number, lane_of(feed), place_of(feed), plan.slot, number, post, now) | {"id": its}
                for its, number, post in named
            ]
            await _many(connection, deliveries, rows)
            await _many(
                connection, posted_papers, [row for its, _, post in named for row in _papers(plan, its, post)]
            )
            passed = [
                {"feed": feed.number, "paper_id": paper_id, "why": why, "at": now}
                for paper_id, why in plan.passed[:_MOST_PASSED]
            ]
            known = (passed_papers.c.feed == feed.number) & passed_papers.c.paper_id.in_(
                [row["paper_id"] for row in passed]
            )
            await connection.execute(passed_papers.delete().where(known))
            await _many(connection, passed_papers, passed)
        return True

    async def tell(self, feed: int, user: int, words: str, *, slot: str, now: datetime) -> None:
        """Queue a word to one person, once a slot."""
        its = delivery_id(feed, slot, str(user))
        post = Post("notice", "", words, ())
        async with writing(self._engine) as connection:
            if not await connection.scalar(select(deliveries.c.id).where(deliveries.c.id == its)):
                row = _row(feed, "notice", user, slot, 0, post, now) | {"id": its}
                await connection.execute(insert(deliveries).values(row))

    async def next_waiting(self, now: datetime, *, busy: Collection[int], limit: int) -> list[Delivery]:
        """Of every place that is open, and not busy, the message that has waited longest; the longest waiting first.

        A place in which one before it may or may not stand is posted in when that is known. What a feed queued before
        somebody paused it stays until it goes on.
        """
        turn = func.row_number().over(
            partition_by=deliveries.c.place,
            order_by=(deliveries.c.made, deliveries.c.feed, deliveries.c.slot, deliveries.c.part),
        )
        by_hand = select(feeds.c.number).where(feeds.c.is_paused, feeds.c.why == BY_HAND)
        is_next = (deliveries.c.state == "waiting") & (
            deliveries.c.feed.not_in(by_hand) | (deliveries.c.lane == "notice")
        )
        first = (
            select(deliveries.c.id, turn.label("turn"))
            .where(is_next | (deliveries.c.state == "sending"))
            .subquery()
        )
        query = (
            select(deliveries)
            .join(first, and_(first.c.id == deliveries.c.id, first.c.turn == 1))
            .outerjoin(closed_places, closed_places.c.place == deliveries.c.place)
            .where(
                deliveries.c.state == "waiting",
                _is_time(now),
                closed_places.c.place.is_(None) | (closed_places.c.not_before <= now),
                deliveries.c.place.not_in(list(busy)),
            )
            .order_by(deliveries.c.made, deliveries.c.feed)
            .limit(limit)
        )
        return await self._read(query)

    async def claim(self, ids: Sequence[str], *, now: datetime) -> set[str]:
        """They are being sent from now on: whoever finds them so after a crash looks into the channel first.

        Those that are: others were dropped meanwhile, and may not be sent.
        """
        waiting = deliveries.c.id.in_(ids) & (deliveries.c.state == "waiting")
        async with writing(self._engine) as connection:
            there = set((await connection.execute(select(deliveries.c.id).where(waiting))).scalars())
            claimed = update(deliveries).where(waiting)
            await connection.execute(
                claimed.values(state="sending", claimed=now, tries=deliveries.c.tries + 1)
            )
        return there

    async def unsettled(self, now: datetime) -> list[Delivery]:
        """Those that are neither posted nor certain not to be, and those that lack their thread."""
        half = deliveries.c.state.in_(["sending", "threading"]) & _is_time(now)
        return await self._read(select(deliveries).where(half).order_by(deliveries.c.claimed))

    async def stands(
        self, its: str, *, channel: int, message: int, now: datetime, lacks_thread: bool
    ) -> None:
        """It is posted. Its text is not needed any more, unless it is to have a thread."""
        if lacks_thread:
            await self._note(its, state="threading", channel=channel, message=message)
        else:
            await self._note(
                its, state="posted", channel=channel, message=message, done=now, post=None, reason=""
            )

    async def put_off(self, its: str, *, until: datetime, reason: str) -> None:
        """It is certain that it does not stand; it is sent later."""
        await self._note(its, state="waiting", not_before=until, reason=reason)

    async def doubt(self, its: str, *, until: datetime, reason: str) -> None:
        """It may stand; it is looked for later."""
        await self._note(its, not_before=until, reason=reason)

    async def end(self, its: str, state: State, *, now: datetime, reason: str) -> None:
        """It is not tried again."""
        await self._note(its, state=state, done=now, reason=reason)

    async def split(self, delivery: Delivery, *, now: datetime) -> None:
        """Two messages in its place, each with a half of its papers: one of them is what Discord does not take.

        Counts and mention stand in the first, as they do in every first part.
        """
        if delivery.post is None:
            return
        items, middle = delivery.post.items, len(delivery.post.items) // 2
        halves = (
            replace(delivery.post, items=items[:middle]),
            replace(
                delivery.post,
                items=items[middle:],
                looked_at=len(items) - middle,
                below=0,
                left=0,
                too_old=0,
                role=None,
            ),
        )
        async with writing(self._engine) as connection:
            row = (await connection.execute(select(deliveries).where(deliveries.c.id == delivery.id))).one()
            parts = await connection.scalar(
                select(func.max(deliveries.c.part)).where(
                    deliveries.c.feed == delivery.feed, deliveries.c.slot == row.slot
                )
            )
            await connection.execute(
                update(deliveries)
                .where(deliveries.c.id == delivery.id)
                .values(state="split", done=now, post=None)
            )
            for number, half in enumerate(halves, start=(parts or 0) + 1):
                its = delivery_id(delivery.feed, row.slot, str(number))
                # It has waited as long as the whole has.
                new = _row(
                    delivery.feed, delivery.lane, delivery.place, row.slot, number, half, aware(row.made)
                )
                await connection.execute(insert(deliveries).values(new | {"id": its}))
                ids = [item.paper.id for item in half.items]
                theirs = (posted_papers.c.delivery == delivery.id) & posted_papers.c.paper_id.in_(ids)
                await connection.execute(update(posted_papers).where(theirs).values(delivery=its))

    async def close(self, place: int, reason: str, *, now: datetime, again: Sequence[timedelta]) -> Closed:
        """Note that a place cannot be posted in; it is tried again after the n-th of these times, at last always the last.

        What is paused for it is so for the reason that is given last: by that `reopen` knows it.
        """
        async with writing(self._engine) as connection:
            query = select(closed_places).where(closed_places.c.place == place)
            row = (await connection.execute(query)).one_or_none()
            tries, since = (row.tries + 1, aware(row.since)) if row else (1, now)
            values = {"tries": tries, "not_before": now + again[min(tries, len(again)) - 1], "reason": reason}
            if row:
                await connection.execute(
                    update(closed_places).where(closed_places.c.place == place).values(**values)
                )
                paused = (feeds.c.channel == place) & feeds.c.is_paused & (feeds.c.why == row.reason)
                await connection.execute(update(feeds).where(paused).values(why=reason))
            else:
                await connection.execute(insert(closed_places).values(place=place, since=since, **values))
        return Closed(place, since, tries, reason)

    async def open(self, place: int) -> None:
        """A place can be posted in again, and the feeds go on that are paused because it could not."""
        async with writing(self._engine) as connection:
            reasons = select(closed_places.c.reason).where(closed_places.c.place == place)
            paused = (feeds.c.channel == place) & feeds.c.is_paused & feeds.c.why.in_(reasons)
            await connection.execute(
                update(feeds).where(paused).values(is_paused=False, why="", is_untold=False)
            )
            await connection.execute(closed_places.delete().where(closed_places.c.place == place))

    async def closed(self) -> list[Closed]:
        """Every place that is closed."""
        async with reading(self._engine) as connection:
            rows = await connection.execute(select(closed_places).order_by(closed_places.c.since))
            return [Closed(row.place, aware(row.since), row.tries, row.reason) for row in rows]

    async def expire(self, place: int, *, before: datetime, now: datetime) -> int:
        """Give up what has waited in a place since before that time; how many papers these were."""
        stale = (
            (deliveries.c.place == place) & (deliveries.c.state == "waiting") & (deliveries.c.made < before)
        )
        async with writing(self._engine) as connection:
            papers = await connection.scalar(select(func.sum(deliveries.c.papers)).where(stale)) or 0
            gone = update(deliveries).where(stale)
            await connection.execute(
                gone.values(state="expired", done=now, post=None, reason="it waited too long")
            )
        return papers

    async def drop(self, feed: int) -> None:
        """Forget what a feed has not sent yet, as if it never was: its papers may be posted again. What is told stays."""
        unsent = (
            (deliveries.c.feed == feed) & (deliveries.c.state == "waiting") & (deliveries.c.lane != "notice")
        )
        async with writing(self._engine) as connection:
            ids = select(deliveries.c.id).where(unsent)
            await connection.execute(posted_papers.delete().where(posted_papers.c.delivery.in_(ids)))
            await connection.execute(deliveries.delete().where(unsent))

    async def history(self, feed: int, *, limit: int) -> list[Delivery]:
        """A feed's messages, the newest first."""
        of_feed = (
            (deliveries.c.feed == feed) & (deliveries.c.lane != "notice") & (deliveries.c.state != "split")
        )
        newest = (deliveries.c.made.desc(), deliveries.c.part.desc())
        return await self._read(select(deliveries).where(of_feed).order_by(*newest).limit(limit))

    async def get(self, its: str) -> Delivery | None:
        """The message with this id."""
        found = await self._read(select(deliveries).where(deliveries.c.id == its))
        return found[0] if found else None

    async def totals(self, feed: int | None = None) -> dict[State, int]:
        """How many messages are in each state, of one feed or of all."""
        query = select(deliveries.c.state, func.count()).where(deliveries.c.lane != "notice")
        if feed is not None:
            query = query.where(deliveries.c.feed == feed)
        async with reading(self._engine) as connection:
            return dict((await connection.execute(query.group_by(deliveries.c.state))).all())

    async def _read(self, query: Any) -> list[Delivery]:
        async with reading(self._engine) as connection:
            return [_delivery(row) for row in await connection.execute(query)]

    async def _note(self, its: str, **values: Any) -> None:
        async with writing(self._engine) as connection:
            await connection.execute(update(deliveries).where(deliveries.c.id == its).values(**values))


def _is_time(now: datetime) -> Any:
    return (deliveries.c.not_before <= now) | (deliveries.c.not_before > now + LONGEST_WAIT)


def _row(
    feed: int, lane: Lane, place: int, slot: str, part: int, post: Post, now: datetime
) -> dict[str, Any]:
    return {
        "feed": feed,
        "lane": lane,
        "place": place,
        "slot": slot,
        "part": part,
        "post": _POST.dump_python(post, mode="json"),
        "state": "waiting",
        "papers": len(post.items),
        "made": now,
        "not_before": now,
    }


def _papers(plan: Plan, delivery: str, post: Post) -> list[dict[str, Any]]:
    return [
        {
            "paper_id": item.paper.id,
            "place": place_of(plan.feed),
            "lane": lane_of(plan.feed),
            "feed": plan.feed.number,
            "delivery": delivery,
            "score": item.score,
        }
        for item in post.items
    ]


async def _many(connection: AsyncConnection, table: Any, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        await connection.execute(insert(table), rows)


def _delivery(row: Any) -> Delivery:
    post = None
    if row.post:
        with suppress(ValidationError):  # another version wrote it; without its text it is set aside, alone
            post = _POST.validate_python(row.post)
    return Delivery(
        row.id,
        row.feed,
        row.lane,
        row.place,
        post,
        row.state,
        row.papers,
        aware(row.made),
        aware(row.claimed) if row.claimed else None,
        row.tries,
        row.channel,
        row.message,
        aware(row.done) if row.done else None,
        row.reason,
    )
