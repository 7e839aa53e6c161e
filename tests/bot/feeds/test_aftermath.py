"""What follows from how a message fared: feeds are paused and go on, and their makers are told, once."""

from datetime import timedelta
from typing import Any

import pytest

from bot.feeds.aftermath import MESSAGES_CLOSED, Aftermath
from bot.feeds.delivery import Delivery
from bot.feeds.feed import BY_HAND, Feed
from bot.feeds.sending import NotTakenError, PlaceClosedError, PlaceGoneError, SendingError
from bot.state.feeds import FeedStore
from bot.state.outbox import Outbox
from tests.bot.feeds.conftest import Newsroom

CLOSED = PlaceClosedError("I lack Send Messages.")


async def queued(newsroom: Newsroom, feed: Feed, *titles: str) -> Delivery:
    """The message in which papers come."""
    await newsroom.arrive(*(titles or ("Drafts",)))
    await newsroom.plan()
    return (await newsroom.queued(feed))[-1]


async def fails(
    newsroom: Newsroom, delivery: Delivery, error: SendingError, *, looking: bool = False
) -> None:
    """It is sent, and that fails."""
    await newsroom.parts.outbox.claim([delivery.id], now=newsroom.time())
    await newsroom.parts.aftermath.failed(delivery, error, looking=looking)


async def state(newsroom: Newsroom, delivery: Delivery) -> str:
    known = await newsroom.parts.outbox.get(delivery.id)
    assert known
    return known.state


async def close(newsroom: Newsroom, delivery: Delivery) -> None:
    """It is tried for more than an hour."""
    for minutes in (0, 20, 45):
        newsroom.time.go(minutes=minutes)
        await fails(newsroom, delivery, CLOSED)


async def test_a_closed_channel_pauses_its_feeds_after_three_tries_and_an_hour_fault_6(newsroom: Newsroom):
    feed, other = await newsroom.feed(name="One"), await newsroom.feed(name="Two", query="-x")
    delivery = await queued(newsroom, feed)
    for minutes, is_paused in ((0, False), (20, False), (30, False), (10, True)):
        newsroom.time.go(minutes=minutes)
        await fails(newsroom, delivery, CLOSED)
        assert (await newsroom.known(feed)).is_paused == is_paused
    assert (await newsroom.known(other)).why == "I lack Send Messages."
    assert await state(newsroom, delivery) == "waiting"
    assert sorted(await newsroom.told()) == [
        "The feed “One” is paused: I lack Send Messages.",
        "The feed “Two” is paused: I lack Send Messages.",
    ]
    newsroom.time.go(hours=1)
    await fails(newsroom, delivery, CLOSED)
    assert len(await newsroom.told()) == 2


async def test_a_closed_channel_is_left_alone_between_the_tries(newsroom: Newsroom):
    delivery = await queued(newsroom, await newsroom.feed())
    outbox = newsroom.parts.outbox
    waits: list[int] = []
    for _ in range(5):
        await fails(newsroom, delivery, CLOSED)
        minutes = 0
        while not await outbox.next_waiting(newsroom.time(), busy=[newsroom.maker], limit=9):
            newsroom.time.go(minutes=5)
            minutes += 5
        waits.append(minutes)
    assert waits == [20, 45, 60, 60, 60]


async def test_a_channel_that_opens_lets_its_feeds_go_on_and_none_that_somebody_paused_fault_6(
    newsroom: Newsroom,
):
    feed, by_hand = await newsroom.feed(), await newsroom.feed(name="Stopped", query="-x")
    await newsroom.parts.office.desk.pause(by_hand)
    delivery = await queued(newsroom, feed)
    await close(newsroom, delivery)
    await newsroom.parts.aftermath.posted(delivery)
    assert not (await newsroom.known(feed)).is_paused
    assert (await newsroom.known(by_hand)).why == BY_HAND
    assert await newsroom.parts.outbox.closed() == []


async def test_whoever_lets_one_feed_go_on_lets_the_others_of_its_channel_go_on_if_that_is_open(
    newsroom: Newsroom,
):
    feed, other = await newsroom.feed(), await newsroom.feed(name="Other", query="-x")
    delivery = await queued(newsroom, feed)
    await close(newsroom, delivery)
    await newsroom.parts.office.desk.resume(await newsroom.known(feed))
    [again] = await newsroom.parts.outbox.next_waiting(newsroom.time(), busy=[newsroom.maker], limit=9)
    assert (await newsroom.known(other)).is_paused
    await newsroom.parts.aftermath.posted(again)
    assert not (await newsroom.known(other)).is_paused


async def test_a_channel_opens_whatever_words_the_last_refusal_had(newsroom: Newsroom):
    feed = await newsroom.feed()
    delivery = await queued(newsroom, feed)
    await close(newsroom, delivery)
    await fails(newsroom, delivery, PlaceClosedError("Discord says: Missing Access (403, 50001)"))
    await newsroom.parts.aftermath.reopen(newsroom.channel)
    assert not (await newsroom.known(feed)).is_paused


async def test_what_waited_longer_than_three_days_is_given_up_when_a_channel_opens(newsroom: Newsroom):
    feed = await newsroom.feed()
    old = await queued(newsroom, feed, "Old")
    newsroom.time.go(hours=73)
    young = await queued(newsroom, feed, "Young")
    await fails(newsroom, old, CLOSED)
    await newsroom.parts.aftermath.reopen(newsroom.channel)
    assert [await state(newsroom, one) for one in (old, young)] == ["expired", "waiting"]


async def test_posting_in_an_open_channel_changes_nothing(newsroom: Newsroom):
    feed = await newsroom.feed()
    delivery = await queued(newsroom, feed)
    await newsroom.parts.feeds.pause(feed.number, "I lack Send Messages.")
    await newsroom.parts.aftermath.posted(delivery)
    assert (await newsroom.known(feed)).is_paused


async def test_a_channel_that_is_gone_pauses_its_feeds_and_forgets_what_waited_there_fault_5(
    newsroom: Newsroom,
):
    feed, other = await newsroom.feed(), await newsroom.feed(channel=12)
    first = await queued(newsroom, feed, "One", "Two")
    await fails(newsroom, first, PlaceGoneError("the channel is not there any more"))
    assert [(await newsroom.known(one)).is_paused for one in (feed, other)] == [True, False]
    assert [one.state for one in await newsroom.queued(feed)] == ["refused"]
    assert [one.state for one in await newsroom.queued(other)] == ["waiting"] * 2
    await newsroom.parts.aftermath.gone(newsroom.channel, "the channel was deleted")
    assert await newsroom.told() == ["The feed “All new papers” is paused: the channel is not there any more"]


async def test_who_paused_a_feed_is_not_told_that_its_channel_is_gone(newsroom: Newsroom):
    feed = await newsroom.feed()
    await newsroom.parts.office.desk.pause(feed)
    await newsroom.parts.aftermath.gone(newsroom.channel, "the channel was deleted")
    assert await newsroom.told() == []


async def test_a_server_that_was_left_stops_its_feeds_and_no_others(newsroom: Newsroom):
    feed = await newsroom.feed()
    newsroom.guild = 2
    other = await newsroom.feed(channel=12)
    await newsroom.parts.aftermath.left_all_but([2], "I was removed from the server")
    assert [(await newsroom.known(one)).is_paused for one in (feed, other)] == [True, False]
    assert len(await newsroom.told()) == 1


async def test_a_reader_who_takes_no_messages_has_all_alerts_paused_and_hears_of_it_later(newsroom: Newsroom):
    alert, other = await newsroom.alert(), await newsroom.alert(query="-x")
    delivery = await queued(newsroom, alert)
    await fails(newsroom, delivery, PlaceClosedError("Cannot send messages to this user"))
    assert [(await newsroom.known(one)).why for one in (alert, other)] == [MESSAGES_CLOSED] * 2
    assert await state(newsroom, delivery) == "waiting"
    newsroom.time.go(days=2)
    assert await newsroom.parts.outbox.next_waiting(newsroom.time(), busy=[], limit=9) == []
    untold = await newsroom.parts.office.desk.untold(newsroom.maker)
    assert [one.number for one in untold] == [alert.number, other.number]
    await newsroom.parts.office.desk.resume(await newsroom.known(alert))
    [waits] = await newsroom.parts.outbox.next_waiting(newsroom.time(), busy=[], limit=9)
    assert waits.id == delivery.id


async def test_a_message_that_discord_does_not_take_is_halved_until_one_paper_is_set_aside_fault_7(
    newsroom: Newsroom,
):
    feed = await newsroom.feed(style="digest")
    await queued(newsroom, feed, *(f"Paper {number}" for number in range(5)))
    for _ in range(20):
        for one in await newsroom.queued(feed):
            items = one.post.items if one.post and one.state == "waiting" else ()
            if any(item.paper.title == "Paper 3" for item in items):
                await fails(newsroom, one, NotTakenError("Invalid Form Body (400, 50035)"))
    refused = [one for one in await newsroom.queued(feed) if one.state == "refused"]
    assert [item.paper.title for one in refused if one.post for item in one.post.items] == ["Paper 3"]
    assert [one.reason for one in refused] == ["Invalid Form Body (400, 50035)"]
    waiting = [one for one in await newsroom.queued(feed) if one.state == "waiting"]
    assert sum(one.papers for one in waiting) == 4


async def test_whether_a_message_stands_that_nobody_can_know_is_told_its_maker(newsroom: Newsroom):
    feed = await newsroom.feed(name="Morning")
    delivery = await queued(newsroom, feed)
    await newsroom.parts.aftermath.lost(delivery, "I may not read what stands in #papers")
    await newsroom.parts.aftermath.lost(delivery, "I may not read what stands in #papers")
    assert await state(newsroom, delivery) == "unknown"
    [told] = await newsroom.told()
    assert "a post of The feed “Morning”" in told or "a post of the feed “Morning”" in told
    assert "Read Message History" in told


async def test_of_a_deleted_feed_nobody_is_told_anything(newsroom: Newsroom):
    feed = await newsroom.feed()
    delivery = await queued(newsroom, feed)
    await newsroom.parts.outbox.claim([delivery.id], now=newsroom.time())
    await newsroom.parts.office.desk.delete(feed)
    await newsroom.parts.aftermath.lost(delivery, "unreadable")
    assert (await state(newsroom, delivery), await newsroom.told()) == ("unknown", [])


@pytest.mark.parametrize("error", [CLOSED, PlaceGoneError("gone"), NotTakenError("no")])
async def test_who_cannot_be_told_is_not_told_that(newsroom: Newsroom, error: SendingError):
    await newsroom.parts.aftermath.gone((await newsroom.feed()).channel or 0, "the channel was deleted")
    [notice] = await newsroom.parts.outbox.next_waiting(newsroom.time(), busy=[], limit=9)
    await fails(newsroom, notice, error)
    assert (await state(newsroom, notice), await newsroom.told()) == ("refused", [])
    assert await newsroom.parts.outbox.closed() == []


class Killed(BaseException):
    """The process ends."""


class MortalFeeds(FeedStore):
    """Dies before it pauses one."""

    async def pause(self, number: int, why: str, *, untold: bool = False) -> bool:  # noqa: ARG002
        raise Killed


class MortalOutbox(Outbox):
    """Dies before it gives a message up."""

    async def end(self, *_arguments: Any, **_others: Any) -> None:
        raise Killed


async def test_killed_before_a_feed_is_paused_its_maker_is_told_once_all_the_same(
    newsroom: Newsroom, engine: Any
):
    feed = await newsroom.feed()
    dying = Aftermath(newsroom.parts.outbox, MortalFeeds(engine), newsroom.time)
    with pytest.raises(Killed):
        await dying.gone(newsroom.channel, "the channel was deleted")
    newsroom.time.go(minutes=1)
    await newsroom.parts.aftermath.gone(newsroom.channel, "the channel was deleted")
    assert (await newsroom.known(feed)).is_paused
    assert len(await newsroom.told()) == 1


async def test_killed_before_a_message_is_given_up_its_maker_is_told_once_all_the_same(
    newsroom: Newsroom, engine: Any
):
    delivery = await queued(newsroom, await newsroom.feed())
    dying = Aftermath(MortalOutbox(engine), newsroom.parts.feeds, newsroom.time)
    with pytest.raises(Killed):
        await dying.lost(delivery, "unreadable")
    await newsroom.parts.aftermath.lost(delivery, "unreadable")
    assert await state(newsroom, delivery) == "unknown"
    assert len(await newsroom.told()) == 1


async def test_looking_into_a_closed_place_is_tried_again_within_an_hour(newsroom: Newsroom):
    delivery = await queued(newsroom, await newsroom.feed())
    await fails(newsroom, delivery, CLOSED, looking=True)
    assert await newsroom.parts.outbox.unsettled(newsroom.time()) == []
    newsroom.time.time += timedelta(hours=1)
    assert [one.id for one in await newsroom.parts.outbox.unsettled(newsroom.time())] == [delivery.id]
