"""The bot is down, clocks jump, papers come twice: each feed posts once a time, and each paper once."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from typing import Any

import pytest

from bot.feeds.schedule import Schedule

from .feeding import DAILY, Feeding, Stages
from .papers import paper, put_papers

pytest_plugins = ["tests.wire.feed_stages"]
pytestmark = [pytest.mark.wire, pytest.mark.asyncio(loop_scope="session")]
_HOUR, _DAY = 3_600, 86_400


def set_to(stage: Feeding, hour: int, minute: int = 0) -> None:
    """Let it be that time of tomorrow, in UTC, for the bot."""
    tomorrow = stage.staging.now().date() + timedelta(days=1)
    stage.staging.set_clock(datetime.combine(tomorrow, time_of_day(hour, minute), UTC))


# How long it is down, and how many days before its return the papers were listed that came meanwhile.
ABSENCES: dict[str, tuple[float, Iterable[int]]] = {
    "3 hours": (3 * _HOUR, [0] * 12),
    "3 days": (3 * _DAY, [0, 1, 2, 3] * 3),
    "30 days": (30 * _DAY, [*range(30), *[0] * 8]),
}


@pytest.mark.parametrize("absence", ABSENCES)
async def test_after_a_pause_each_feed_catches_up_with_one_digest_and_counts_the_rest_fault_10(
    stage: Feeding, absence: str
):
    seconds, ages = ABSENCES[absence]
    world = stage.server.world
    digest, forum = world.guild.add_text_channel("digest"), world.guild.add_forum("forum")
    set_to(stage, 8)
    await stage.feed(world.channel)
    await stage.feed(digest, style="digest", schedule=DAILY)
    await stage.feed(forum, style="forum", max_items=5)
    await stage.start()
    await stage.settle()
    await stage.stop()
    stage.step(seconds)
    today = stage.staging.now().date()
    fit, old = list[str](), list[str]()
    for age in ages:
        ids = await stage.arrive(1, listed=today - timedelta(days=age))
        (fit if age <= 3 else old).extend(ids)
    await stage.start()
    await stage.finish()
    await stage.settle()
    for channel, most in ((world.channel, 10), (digest, 10), (forum, 5)):
        [words] = stage.said(channel)
        assert f"{most} new papers" in words
        assert "Catching up after a pause" in words
        assert f"{len(fit) - most} more fit and are not listed: more came than a post takes" in words
        assert (f"{len(old)} more fit and were too old to catch up with" in words) == bool(old)
        assert f"{len(fit) + len(old)} papers came in all" in words
        posted = stage.posted(channel)
        assert posted.keys() < set(fit)
        assert posted.total() == most
    await stage.stop()
    await stage.start()
    for _ in range(2):  # neither is anything caught up with twice, nor comes what was passed over
        stage.step(_DAY)
        await stage.settle()
    assert [len(stage.said(channel)) for channel in (world.channel, digest, forum)] == [1] * 3


async def test_after_a_pause_in_which_nothing_came_nothing_is_said_fault_10(stage: Feeding):
    world = stage.server.world
    digest = world.guild.add_text_channel("digest")
    set_to(stage, 8)
    await stage.feed(world.channel)
    await stage.feed(digest, style="digest", schedule=DAILY)
    await stage.start()
    await stage.settle()
    await stage.stop()
    stage.step(30 * _DAY)
    await stage.start()
    await stage.settle()
    await stage.arrive(1)
    await stage.settle()
    [card] = stage.said(world.channel)
    assert "Catching up" not in card, "that one came in time"
    assert stage.said(digest) == []


async def test_a_clock_that_is_set_forth_and_back_posts_once_a_day_fault_11(stage: Feeding):
    channel = stage.server.world.channel

    async def passes(hours: float, posts: int) -> None:
        """That much time, of the clock at least; so many posts stand then."""
        stage.staging.step(hours * _HOUR)
        await stage.settle()
        assert len(stage.said(channel)) == posts, stage.staging.now()

    set_to(stage, 7, 30)
    await stage.feed(channel, style="digest", schedule=DAILY)
    await stage.start()
    first = await stage.arrive(1)
    await passes(0, 0)
    await passes(2, 1)  # 9:30: forth, over the time
    second = await stage.arrive(1)
    await passes(-2, 1)  # 7:30
    await passes(1.75, 1)  # 9:15: it is nine again
    await passes(-1, 1)
    await passes(3, 1)  # 11:15
    await passes(21.5, 1)  # 8:45 of the next day
    await passes(0.5, 2)  # 9:15
    await passes(-2, 2)
    await passes(2, 2)
    await passes(40 * 24, 2)  # a clock that was wrong for a while
    third = await stage.arrive(1)
    await passes(24, 3)
    await passes(-41 * 24, 3)
    fourth = await stage.arrive(1)
    await passes(24, 4)  # what it had put off is pulled back
    assert stage.posted(channel) == dict.fromkeys(first + second + third + fourth, 1)


async def test_a_feed_that_is_moved_to_another_zone_posts_once_a_local_day_fault_11(stage: Feeding):
    channel = stage.server.world.channel

    async def comes(hour: int, posts: int, *, tomorrow: bool = False) -> None:
        """A paper, then that time in UTC; so many posts stand then."""
        await stage.arrive(1)
        day = stage.staging.now().date() + timedelta(days=tomorrow)
        stage.staging.set_clock(datetime.combine(day, time_of_day(hour, 1), UTC))
        await stage.settle()
        assert len(stage.said(channel)) == posts, stage.staging.now()

    def nine_in(zone: str) -> Schedule:
        return Schedule("daily", time_of_day(9), zone)

    set_to(stage, 8)
    feed = await stage.feed(channel, style="digest", schedule=DAILY, max_items=50)
    await stage.start()
    await comes(9, 1)
    await stage.edit(feed, schedule=nine_in("America/New_York"))
    await comes(15, 1)  # after nine, on the same day of New York
    await comes(9, 1, tomorrow=True)
    await comes(15, 2)
    await stage.edit(feed, schedule=nine_in("Asia/Tokyo"))  # where it is tomorrow
    await comes(23, 2)
    await comes(1, 3, tomorrow=True)
    await stage.edit(feed, schedule=nine_in("Pacific/Kiritimati"))  # nine is 19:00 UTC of the day before
    await comes(18, 3)
    await comes(20, 4)
    await stage.edit(feed, schedule=nine_in("UTC"))
    await comes(10, 5, tomorrow=True)
    assert stage.posted(channel) == dict.fromkeys(stage.papers, 1)


# Moments in UTC around the change of the clock, and how many posts stand after each. Half past two does not come in March,
# and comes twice in October.
CHANGES = {
    "spring": [
        ("2027-03-27 01:29", 0),
        ("2027-03-27 01:31", 1),
        ("2027-03-28 00:59", 1),
        ("2027-03-28 01:01", 2),
        ("2027-03-28 01:31", 2),
        ("2027-03-29 00:29", 2),
        ("2027-03-29 00:31", 3),
        ("2027-03-29 01:31", 3),
    ],
    "autumn": [
        ("2027-10-30 00:29", 0),
        ("2027-10-30 00:31", 1),
        ("2027-10-31 00:29", 1),
        ("2027-10-31 00:31", 2),
        ("2027-10-31 01:31", 2),
        ("2027-11-01 00:31", 2),
        ("2027-11-01 01:29", 2),
        ("2027-11-01 01:31", 3),
    ],
}


async def test_when_the_clocks_change_it_posts_once_a_local_day_fault_11(stages: Stages):
    async def live(season: str) -> None:
        async with stages(season) as stage:
            channel = stage.server.world.channel
            moments = [(datetime.fromisoformat(f"{text}:00+00:00"), posts) for text, posts in CHANGES[season]]
            stage.staging.set_clock(moments[0][0] - timedelta(hours=1))
            in_berlin = Schedule("daily", time_of_day(2, 30), "Europe/Berlin")
            await stage.feed(channel, style="digest", schedule=in_berlin)
            await stage.start()
            await stage.settle()
            for moment, posts in moments:
                await stage.arrive(1)
                stage.staging.set_clock(moment)
                await stage.settle()
                assert len(stage.said(channel)) == posts, moment
            assert all(count == 1 for count in stage.posted(channel).values())

    await asyncio.gather(*map(live, CHANGES))


async def test_a_paper_of_two_sources_in_two_versions_under_two_titles_is_posted_once_fault_12(
    stage: Feeding,
):
    world = stage.server.world
    forum = world.guild.add_forum("forum")
    await stage.feed(world.channel)
    await stage.feed(forum, style="forum")
    await stage.start()

    async def is_told(title: str, source: str, **facts: Any) -> None:
        await put_papers(stage.data, [paper(1, title, **facts)], source=source, now=stage.staging.now())

    # Known by its title alone, then by its id, then by another title; while it runs, and between two runs.
    await is_told("Counting Fireflies", "daily-papers-page", arxiv_id=None)
    await stage.settle()
    for title, source, facts in (
        ("Counting fireflies", "arxiv", {"version": 1}),
        ("Counting Fireflies and Glowworms", "arxiv", {"version": 2}),
    ):
        await stage.stop()
        await is_told(title, source, **facts)
        await stage.start()
        await stage.settle()
        await is_told(title, "hugging-face", upvotes=5)
        await stage.settle()
    for channel in (world.channel, forum):
        assert len(stage.said(channel)) == 1


async def test_a_new_feed_posts_what_came_before_it_only_if_it_is_asked_to_fault_13(stage: Feeding):
    world = stage.server.world
    asking = world.guild.add_text_channel("asking")
    await stage.start()
    long_ago = await stage.arrive(2)
    stage.step(3 * _DAY)
    lately = await stage.arrive(2)
    stage.step(_HOUR / 2)
    options = {"schedule": "instant", "style": "cards"}
    for channel, days in ((world.channel, {}), (asking, {"backlog_days": 2})):
        made = await stage.server.slash("feed create", {"channel": channel} | options | days)
        await made.message()
    await stage.settle()
    assert stage.posted(world.channel) == {}
    assert stage.posted(asking) == dict.fromkeys(lately, 1)
    new = await stage.arrive(1)
    await stage.settle()
    assert stage.posted(world.channel) == dict.fromkeys(new, 1)
    assert stage.posted(asking) == dict.fromkeys(lately + new, 1)
    assert not set(long_ago) & stage.posted(asking).keys()
