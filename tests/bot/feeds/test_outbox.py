"""The outbox, change by change, and the poster that sends what it holds."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.feeds.delivery import Delivery, Plan, delivery_id
from bot.feeds.feed import Feed
from bot.feeds.post import Item, Post
from bot.feeds.poster import Poster
from bot.feeds.sending import NotTakenError, Standing
from bot.state.outbox import Outbox
from corpus.paper import Paper
from tests.bot.feeds.conftest import Newsroom
from tests.bot.feeds.test_outbox_random_lives import Discord, FakeMessenger, Fate, Misfortune

COUNTS = {"looked_at": 9, "below": 3, "left": 2, "too_old": 1}


def post(*titles: str, **facts: object) -> Post:
    return replace(Post("digest", "Morning", "", tuple(Item(Paper(one, "")) for one in titles)), **facts)


def plan(feed: Feed, *posts: Post, slot: str = "event 1", seen: int | None = None) -> Plan:
    return Plan(feed, slot, posts, (), feed.seen + 1 if seen is None else seen, None, feed.due)


@pytest.fixture
def outbox(newsroom: Newsroom) -> Outbox:
    return newsroom.parts.outbox


@pytest.fixture
async def feed(newsroom: Newsroom) -> Feed:
    return await newsroom.feed()


@pytest.fixture
def discord() -> Discord:
    return Discord(memory=timedelta(minutes=5))


@pytest.fixture
def poster(newsroom: Newsroom, discord: Discord, engine: AsyncEngine) -> Poster:
    return poster_of(newsroom, FakeMessenger(discord, Fate(), engine), newsroom.parts.outbox)


def poster_of(newsroom: Newsroom, messenger: FakeMessenger, outbox: Outbox) -> Poster:
    return Poster(outbox, messenger, newsroom.parts.aftermath, asyncio.Event(), newsroom.time)


async def look(poster: Poster, discord: Discord, newsroom: Newsroom, *, after: float = 0) -> None:
    """Send what can be sent some seconds later."""
    newsroom.time.go(seconds=after)
    discord.real += timedelta(seconds=after)
    await poster.look()
    await asyncio.gather(*poster._under_way.values())
    assert poster.failures() == []


async def queue(newsroom: Newsroom, feed: Feed, *posts: Post, slot: str = "event 1") -> None:
    """Messages, later than all before."""
    known = await newsroom.known(feed)
    assert await newsroom.parts.outbox.commit(plan(known, *posts, slot=slot), now=newsroom.time())
    newsroom.time.go(seconds=1)


async def next_ones(newsroom: Newsroom, *, busy: Sequence[int] = ()) -> list[Delivery]:
    return await newsroom.parts.outbox.next_waiting(newsroom.time(), busy=busy, limit=9)


def names(deliveries: Sequence[Delivery]) -> list[list[str]]:
    return [[item.paper.title for item in one.post.items] for one in deliveries if one.post]


async def states(newsroom: Newsroom, feed: Feed) -> list[str]:
    return [one.state for one in await newsroom.queued(feed)]


# The outbox


async def test_messages_and_how_far_the_feed_is_are_one_change(
    newsroom: Newsroom, outbox: Outbox, feed: Feed
):
    assert await outbox.commit(plan(feed, post("A"), post("B")), now=newsroom.time())
    assert (await newsroom.known(feed)).seen == feed.seen + 1
    assert names(await newsroom.queued(feed)) == [["A"], ["B"]]


@pytest.mark.parametrize("change", ["planned", "paused", "deleted", "put off"])
async def test_nothing_is_queued_for_a_feed_that_changed_meanwhile(
    newsroom: Newsroom, outbox: Outbox, feed: Feed, change: str
):
    match change:
        case "planned":
            await newsroom.parts.feeds.change(feed.number, seen=feed.seen + 5)
        case "paused":
            await newsroom.parts.office.desk.pause(feed)
        case "deleted":
            await newsroom.parts.office.desk.delete(feed)
        case _:
            await newsroom.parts.feeds.change(feed.number, due=newsroom.time())
    assert not await outbox.commit(plan(feed, post("A")), now=newsroom.time())
    assert await newsroom.queued(feed) == []


async def test_a_paper_that_stands_in_a_place_already_takes_the_whole_plan_back(
    newsroom: Newsroom, outbox: Outbox, feed: Feed
):
    """The last defence: the planner asks first."""
    await queue(newsroom, feed, post("A"))
    known = await newsroom.known(feed)
    with pytest.raises(Exception, match="UNIQUE"):
        await outbox.commit(plan(known, post("B"), post("A"), slot="event 2"), now=newsroom.time())
    assert names(await newsroom.queued(feed)) == [["A"]]
    assert await newsroom.known(feed) == known


async def test_a_message_has_the_same_id_whoever_computes_it_and_discord_takes_it():
    assert delivery_id(1, "event 2", "0") == delivery_id(1, "event 2", "0")
    ids = {
        delivery_id(feed, f"event {slot}", str(part))
        for feed in (1, 11)
        for slot in (1, 11)
        for part in (1, 11)
    }
    assert len(ids) == 8
    assert all(len(one) <= 25 for one in ids)


async def test_each_place_has_its_turn_and_the_longest_waiting_is_first(newsroom: Newsroom, feed: Feed):
    other = await newsroom.feed(channel=12)
    await queue(newsroom, other, post("A"), post("B"))
    await queue(newsroom, feed, post("C"), post("D"))
    assert names(await next_ones(newsroom)) == [["A"], ["C"]]
    assert names(await next_ones(newsroom, busy=[12])) == [["C"]]


async def test_a_message_that_is_put_off_holds_back_those_behind_it(
    newsroom: Newsroom, outbox: Outbox, feed: Feed
):
    await queue(newsroom, feed, post("A"), post("B"))
    [first] = await next_ones(newsroom)
    await outbox.put_off(
        first.id, until=newsroom.time() + timedelta(minutes=1), reason="Discord asks to wait"
    )
    assert await next_ones(newsroom) == []
    newsroom.time.go(minutes=1)
    assert names(await next_ones(newsroom)) == [["A"]]


async def test_a_message_that_may_stand_holds_back_those_behind_it(
    newsroom: Newsroom, outbox: Outbox, feed: Feed
):
    await queue(newsroom, feed, post("A"), post("B"))
    [first] = await next_ones(newsroom)
    await outbox.claim([first.id], now=newsroom.time())
    await outbox.doubt(first.id, until=newsroom.time() + timedelta(minutes=1), reason="no answer")
    assert await next_ones(newsroom) == []
    await outbox.stands(first.id, channel=11, message=1, now=newsroom.time(), lacks_thread=True)
    assert names(await next_ones(newsroom)) == [["B"]]


@pytest.mark.parametrize("hours", [-2, -1.5])
async def test_a_clock_that_is_set_back_holds_nothing_back_fault_11(
    newsroom: Newsroom, outbox: Outbox, feed: Feed, hours: float
):
    other = await newsroom.feed(channel=12)
    await queue(newsroom, feed, post("A"))
    await queue(newsroom, other, post("B"))
    first, second = await next_ones(newsroom)
    later = newsroom.time() + timedelta(minutes=1)
    await outbox.put_off(first.id, until=later, reason="Discord asks to wait")
    await outbox.claim([second.id], now=newsroom.time())
    await outbox.doubt(second.id, until=later, reason="no answer")
    newsroom.time.go(hours=hours)
    assert [one.id for one in await next_ones(newsroom)] == [first.id]
    assert [one.id for one in await outbox.unsettled(newsroom.time())] == [second.id]


async def test_what_a_feed_has_not_posted_waits_while_somebody_has_it_paused(newsroom: Newsroom, feed: Feed):
    other = await newsroom.feed(name="Other", query="-x")
    await queue(newsroom, feed, post("A"))
    await queue(newsroom, other, post("B"))
    await newsroom.parts.office.desk.pause(feed)
    assert names(await next_ones(newsroom)) == [["B"]]
    await newsroom.parts.office.desk.resume(await newsroom.known(feed))
    assert names(await next_ones(newsroom)) == [["A"]]


async def test_somebody_is_told_though_their_feed_is_paused(newsroom: Newsroom, outbox: Outbox, feed: Feed):
    await newsroom.parts.office.desk.pause(feed)
    for _ in range(2):
        await outbox.tell(feed.number, 7, "It is paused", slot="closed", now=newsroom.time())
    assert [one.lane for one in await next_ones(newsroom)] == ["notice"]
    assert await newsroom.told() == ["It is paused"]


async def test_only_what_still_waits_is_claimed(newsroom: Newsroom, outbox: Outbox, feed: Feed):
    other = await newsroom.feed(channel=12)
    await queue(newsroom, feed, post("A"))
    await queue(newsroom, other, post("B"))
    first, second = await next_ones(newsroom)
    await newsroom.parts.office.desk.delete(feed)
    assert await outbox.claim([first.id, second.id], now=newsroom.time()) == {second.id}
    assert await outbox.claim([second.id], now=newsroom.time()) == set()


async def test_what_a_deleted_feed_had_not_sent_may_be_posted_by_another(
    newsroom: Newsroom, outbox: Outbox, feed: Feed
):
    await queue(newsroom, feed, post("Sent"), post("Unsent"))
    [first] = await next_ones(newsroom)
    await outbox.claim([first.id], now=newsroom.time())
    await newsroom.parts.office.desk.delete(feed)
    other = await newsroom.feed(name="Other", query="-x")
    await queue(newsroom, other, post("Unsent"), slot="event 2")
    known = await newsroom.known(other)
    with pytest.raises(Exception, match="UNIQUE"):
        await outbox.commit(plan(known, post("Sent"), slot="event 3"), now=newsroom.time())


async def test_halves_of_a_message_keep_its_place_and_the_counts_stand_in_the_first(
    newsroom: Newsroom, outbox: Outbox, feed: Feed
):
    await queue(newsroom, feed, post("A", "B", "C", role=5, **COUNTS))
    await queue(newsroom, feed, post("D"), slot="event 2")
    [whole] = await next_ones(newsroom)
    await outbox.claim([whole.id], now=newsroom.time())
    await outbox.split(whole, now=newsroom.time())
    first, second, later = await newsroom.queued(feed)
    assert names([first, second, later]) == [["A"], ["B", "C"], ["D"]]
    assert (first.post, second.post) == (
        post("A", role=5, **COUNTS),
        post("B", "C", looked_at=2),
    )
    assert names(await next_ones(newsroom)) == [["A"]]
    assert await outbox.totals() == {"split": 1, "waiting": 3}


async def test_papers_of_a_half_are_explained_by_the_half(newsroom: Newsroom, outbox: Outbox, feed: Feed):
    await newsroom.arrive("A", "B")
    known = await newsroom.parts.feeds.known(feed.number)
    assert known
    items = [await newsroom.paper(title) for title in "AB"]
    whole = Post("digest", "Morning", "", tuple(Item(one) for one in items))
    await queue(newsroom, feed, whole)
    [delivery] = await newsroom.queued(feed)
    await outbox.split(delivery, now=newsroom.time())
    explainer = newsroom.parts.office.explainer
    assert await explainer.why_posted(feed, delivery.id) == []
    half = (await newsroom.queued(feed))[1]
    assert [one.paper.title for one in await explainer.why_posted(feed, half.id)] == ["B"]


async def test_what_waited_too_long_is_given_up_and_its_papers_are_counted(
    newsroom: Newsroom, outbox: Outbox, feed: Feed
):
    other = await newsroom.feed(channel=12)
    await queue(newsroom, feed, post("A", "B"), post("C"))
    await queue(newsroom, other, post("D"))
    newsroom.time.go(days=1)
    await queue(newsroom, feed, post("E"), slot="event 2")
    assert await outbox.expire(11, before=newsroom.time() - timedelta(hours=1), now=newsroom.time()) == 3
    assert await states(newsroom, feed) == ["expired", "expired", "waiting"]
    assert await states(newsroom, other) == ["waiting"]


# The poster


async def test_what_waits_is_sent_in_order_one_by_one_in_each_place(
    poster: Poster, discord: Discord, newsroom: Newsroom, feed: Feed
):
    other = await newsroom.feed(channel=12)
    await queue(newsroom, feed, post("A"), post("B"))
    await queue(newsroom, other, post("C"))
    await look(poster, discord, newsroom)
    assert names([one.delivery for one in discord.accepted]) == [["A"], ["C"]]
    await look(poster, discord, newsroom)
    assert await states(newsroom, feed) == ["posted", "posted"]
    assert discord.wrongs == []


@pytest.mark.parametrize("luck", ["lost", "broken"])
async def test_an_answer_that_is_lost_doubles_nothing_and_reorders_nothing_fault_2(
    poster: Poster, discord: Discord, newsroom: Newsroom, feed: Feed, luck: Misfortune
):
    discord.luck.append(luck)
    await queue(newsroom, feed, post("A"), post("B"))
    for _ in range(10):
        await look(poster, discord, newsroom, after=1)
    assert names([one.delivery for one in discord.accepted]) == [["A"], ["B"]]
    assert discord.wrongs == []


async def test_a_refusal_while_a_message_is_sent_again_is_no_proof_that_it_does_not_stand(
    poster: Poster, discord: Discord, newsroom: Newsroom, feed: Feed
):
    """The answer is lost, the channel may not be read, and when the same is sent again Discord asks to wait."""
    discord.unreadable.add(11)
    discord.luck.extend(["lost", "later"])
    await queue(newsroom, feed, post("A"))
    for seconds in (0, 2, 2000, 1):
        await look(poster, discord, newsroom, after=seconds)
    assert names([one.delivery for one in discord.accepted if one.delivery.place == 11]) == [["A"]]


async def test_a_message_that_may_stand_is_not_halved_though_it_is_not_taken_again(
    poster: Poster, discord: Discord, newsroom: Newsroom, feed: Feed
):
    discord.unreadable.add(11)
    discord.luck.append("lost")
    await queue(newsroom, feed, post("A", "B"))
    await look(poster, discord, newsroom)
    discord.refused.add("B")
    for _ in range(3):
        await look(poster, discord, newsroom, after=2)
    assert names([one.delivery for one in discord.accepted if one.delivery.place == 11]) == [["A", "B"]]
    assert await states(newsroom, feed) == ["unknown"]


async def test_a_message_that_nobody_can_know_of_is_not_sent_again_and_that_is_told(
    poster: Poster, discord: Discord, newsroom: Newsroom, feed: Feed
):
    discord.unreadable.add(11)
    discord.luck.append("lost")
    await queue(newsroom, feed, post("A"))
    await look(poster, discord, newsroom)
    await look(poster, discord, newsroom, after=61)
    assert await states(newsroom, feed) == ["unknown"]
    assert len(await newsroom.told()) == 1


class Unlookable(FakeMessenger):
    """Discord does not take the question whether a message stands."""

    async def find(self, delivery: Delivery) -> Standing | None:  # noqa: ARG002
        raise NotTakenError("Discord says: Unknown Message (404, 10008)")


async def test_a_message_that_can_never_be_looked_for_does_not_stay_under_way(
    discord: Discord, newsroom: Newsroom, feed: Feed, engine: AsyncEngine
):
    poster = poster_of(newsroom, Unlookable(discord, Fate(), engine), newsroom.parts.outbox)
    discord.luck.append("lost")
    await queue(newsroom, feed, post("A"))
    await look(poster, discord, newsroom)
    await look(poster, discord, newsroom, after=61)
    assert await states(newsroom, feed) == ["unknown"]


async def test_a_message_that_is_found_standing_opens_its_channel(
    poster: Poster, discord: Discord, newsroom: Newsroom, feed: Feed
):
    await queue(newsroom, feed, post("A"))
    [delivery] = await next_ones(newsroom)
    await newsroom.parts.outbox.close(11, "I lack Send Messages", now=newsroom.time(), again=[timedelta(0)])
    await newsroom.parts.feeds.pause(feed.number, "I lack Send Messages")
    discord.luck.append("lost")
    await look(poster, discord, newsroom)
    assert (await newsroom.known(feed)).is_paused
    await look(poster, discord, newsroom, after=2)
    assert [one.delivery.id for one in discord.accepted] == [delivery.id]
    assert not (await newsroom.known(feed)).is_paused


async def test_where_discord_asks_to_wait_with_a_thread_it_is_waited_fault_8(
    poster: Poster, discord: Discord, newsroom: Newsroom
):
    feed = await newsroom.feed(channel=101, style="forum", query="-x")
    thread = replace(post("A"), form="thread")
    await queue(newsroom, feed, thread)
    await look(poster, discord, newsroom)
    assert [one.has_thread for one in discord.accepted] == [True]
    await queue(newsroom, feed, replace(post("B"), form="thread"), slot="event 2")
    await poster.look()
    discord.luck.extend([None, "later"])
    await asyncio.gather(*poster._under_way.values())
    assert await states(newsroom, feed) == ["posted", "threading"]
    await look(poster, discord, newsroom, after=29)
    assert await states(newsroom, feed) == ["posted", "threading"]
    await look(poster, discord, newsroom, after=1)
    assert await states(newsroom, feed) == ["posted", "posted"]
    assert [one.has_thread for one in discord.accepted] == [True, True]


async def test_where_discord_asks_to_wait_everywhere_nothing_is_sent_fault_8(
    poster: Poster, discord: Discord, newsroom: Newsroom, feed: Feed
):
    other = await newsroom.feed(channel=12)
    discord.luck.append("later everywhere")
    await queue(newsroom, feed, post("A"))
    await look(poster, discord, newsroom)
    await queue(newsroom, other, post("B"))
    await look(poster, discord, newsroom, after=43)
    assert discord.accepted == []
    await look(poster, discord, newsroom, after=2)
    assert len(discord.accepted) == 2


class DeletingOutbox(Outbox):
    """Somebody deletes a feed between the look for its messages and their claim."""

    def __init__(self, engine: AsyncEngine, newsroom: Newsroom, feed: Feed) -> None:
        super().__init__(engine)
        self._newsroom, self._feed = newsroom, feed

    async def claim(self, ids: Sequence[str], *, now: datetime) -> set[str]:
        await self._newsroom.parts.office.desk.delete(self._feed)
        return await super().claim(ids, now=now)


async def test_a_message_that_is_dropped_before_it_is_claimed_is_not_sent(
    discord: Discord, newsroom: Newsroom, feed: Feed, engine: AsyncEngine
):
    messenger = FakeMessenger(discord, Fate(), engine)
    poster = poster_of(newsroom, messenger, DeletingOutbox(engine, newsroom, feed))
    await queue(newsroom, feed, post("A"))
    await look(poster, discord, newsroom)
    assert discord.accepted == []
