"""What is due is found out, chosen and queued: in time, together, and one feed's trouble is no other's."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import time as time_of_day
from datetime import timedelta
from typing import Any

import pytest

from bot.feeds.planner import Planner
from bot.feeds.schedule import Schedule
from corpus.account import Account
from corpus.paper import Paper
from retrieval.finder import Quote
from tests.bot.feeds.conftest import ABOUT, DECODING, Newsroom, NoQuotes

DAILY = Schedule("daily", time_of_day(9))


def topical(**settings: Any) -> dict[str, Any]:
    return {"query": DECODING, "threshold": 0.4} | settings


async def test_what_is_queued_is_asked_for_to_be_sent(newsroom: Newsroom):
    await newsroom.feed()
    await newsroom.plan()
    assert not newsroom.parts.bell.is_set()
    await newsroom.arrive("Drafts")
    assert await newsroom.plan() == 1
    assert newsroom.parts.bell.is_set()


async def test_a_topic_waits_for_papers_to_be_encoded_and_posts_those_before_them(newsroom: Newsroom):
    feed = await newsroom.feed(**topical())
    await newsroom.arrive("First")
    await newsroom.put("Second")
    await newsroom.put("Third")
    assert await newsroom.plan() == 1
    assert await newsroom.plan() == 0
    assert await newsroom.titles(feed) == ["First"]
    await newsroom.encode()
    assert await newsroom.plan() == 2
    assert sorted(await newsroom.titles(feed)) == ["First", "Second", "Third"]


async def test_a_feed_without_a_topic_waits_for_nothing(newsroom: Newsroom):
    feed = await newsroom.feed()
    await newsroom.put("Unread")
    await newsroom.plan()
    assert await newsroom.titles(feed) == ["Unread"]


async def test_a_feed_whose_time_has_come_waits_five_minutes_and_what_is_read_later_comes_next_time(
    newsroom: Newsroom,
):
    feed = await newsroom.feed(**topical(style="digest", schedule=DAILY))
    await newsroom.arrive("Read")
    await newsroom.put("Unread")
    newsroom.time.go(hours=21)
    assert await newsroom.plan() == 0
    newsroom.time.go(minutes=4, seconds=59)
    assert await newsroom.plan() == 0
    newsroom.time.go(seconds=1)
    assert await newsroom.plan() == 1
    assert await newsroom.titles(feed) == ["Read"]
    await newsroom.encode()
    newsroom.time.go(hours=24)
    await newsroom.plan()
    assert await newsroom.titles(feed) == ["Read", "Unread"]


async def test_a_paper_that_gets_its_upvotes_and_another_title_at_once_is_waited_for(newsroom: Newsroom):
    feed = await newsroom.feed(**topical(min_upvotes=5))
    await newsroom.arrive("Drafts", arxiv_id="2611.00001", version=1)
    await newsroom.plan()
    await newsroom.put("Better drafts", arxiv_id="2611.00001", version=2, upvotes=9)
    await newsroom.plan()
    await newsroom.encode()
    await newsroom.plan()
    assert await newsroom.titles(feed) == ["Better drafts"]


async def test_upvotes_are_noticed_though_another_feed_is_behind(newsroom: Newsroom):
    await newsroom.feed(channel=12, style="digest", schedule=DAILY)
    feed = await newsroom.feed(min_upvotes=5)
    newsroom.time.go(hours=20)
    await newsroom.arrive("Slowly liked")
    await newsroom.plan()
    await newsroom.arrive("Slowly liked", upvotes=9)
    newsroom.time.go(hours=1)
    assert await newsroom.plan() == 2
    assert await newsroom.titles(feed) == ["Slowly liked"]


async def test_a_feed_can_be_run_by_hand_and_its_time_stays(newsroom: Newsroom):
    feed = await newsroom.feed(style="digest", schedule=DAILY)
    await newsroom.arrive("By hand")
    assert await newsroom.parts.planner.plan_now(feed) == 1
    known = await newsroom.known(feed)
    assert (known.due, known.ran) == (feed.due, feed.ran)
    assert await newsroom.parts.planner.plan_now(known) == 0
    await newsroom.arrive("On time")
    newsroom.time.go(hours=21)
    await newsroom.plan()
    assert await newsroom.titles(feed) == ["By hand", "On time"]


async def test_running_by_hand_with_an_old_view_of_the_feed_posts_nothing_twice(newsroom: Newsroom):
    feed = await newsroom.feed()
    await newsroom.arrive("Once")
    await newsroom.plan()
    assert await newsroom.parts.planner.plan_now(feed) == 0
    assert await newsroom.titles(feed) == ["Once"]


async def test_a_time_that_a_clock_put_off_that_was_ahead_is_pulled_back(newsroom: Newsroom):
    newsroom.time.go(days=40)
    ahead, instant = await newsroom.feed(schedule=DAILY), await newsroom.feed()
    newsroom.time.go(days=-40)
    right = await newsroom.feed(schedule=DAILY)
    await newsroom.parts.planner.mend_times()
    assert (await newsroom.known(ahead)).due == right.due
    assert await newsroom.known(right) == right
    assert (await newsroom.known(instant)).due is None


async def test_a_time_within_a_day_is_left_alone_and_so_is_a_week(newsroom: Newsroom):
    feeds = [await newsroom.feed(schedule=one) for one in (DAILY, Schedule("weekly", weekday=6))]
    await newsroom.parts.planner.mend_times()
    assert [await newsroom.known(feed) for feed in feeds] == feeds


async def test_feeds_that_nothing_is_for_look_on_together(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
):
    quiet = [await newsroom.feed(**topical(), name=str(number)) for number in range(5)]
    loud = await newsroom.feed()
    transactions: list[Sequence[int]] = []
    look_on = newsroom.parts.feeds.look_on

    async def noting(numbers: Sequence[int], **events: int) -> None:
        transactions.append(numbers)
        await look_on(numbers, **events)

    monkeypatch.setattr(newsroom.parts.feeds, "look_on", noting)
    await newsroom.arrive("Structures", about="folding")
    assert await newsroom.plan() == 1
    last = await newsroom.parts.events.last()
    assert {(await newsroom.known(feed)).seen for feed in (*quiet, loud)} == {last}
    assert transactions == [[feed.number for feed in quiet]]
    assert await newsroom.plan() == 0
    assert len(transactions) == 1


class BrokenQuotes(NoQuotes):
    """Breaks at one topic."""

    async def quotes_for_topic(self, topic: str, papers: Sequence[Paper]) -> Mapping[str, Quote]:
        if topic == "drafts":
            raise RuntimeError("nothing can be quoted")
        return await super().quotes_for_topic(topic, papers)


@pytest.fixture
def broken(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> Planner:
    monkeypatch.setattr(newsroom.parts.planner, "_quoting", BrokenQuotes())
    return newsroom.parts.planner


async def test_a_feed_that_fails_leaves_the_others_rests_a_minute_and_is_counted(
    newsroom: Newsroom, broken: Planner, monkeypatch: pytest.MonkeyPatch
):
    failing = await newsroom.feed(query="drafts", threshold=0.0)
    other = await newsroom.feed(channel=12)
    await newsroom.arrive("Drafts")
    await newsroom.plan()
    assert (await newsroom.titles(failing), await newsroom.titles(other)) == ([], ["Drafts"])
    assert broken.failures() == [f"feed {failing.number}: nothing can be quoted"]
    assert broken.failures() == []
    newsroom.time.go(seconds=59)
    await newsroom.plan()
    assert broken.failures() == []
    monkeypatch.setattr(broken, "_quoting", NoQuotes())
    newsroom.time.go(seconds=1)
    await newsroom.plan()
    assert await newsroom.titles(failing) == ["Drafts"]


async def test_a_feed_whose_zone_is_not_known_any_more_is_paused_with_the_reason(newsroom: Newsroom):
    feed = await newsroom.feed(schedule=DAILY)
    schedule = replace(DAILY, timezone="Mars/Olympus")
    await newsroom.parts.feeds.change(feed.number, settings=replace(feed.settings, schedule=schedule))
    newsroom.time.go(days=1)
    other = await newsroom.feed()
    await newsroom.arrive("Drafts")
    await newsroom.plan()
    known = await newsroom.known(feed)
    assert known.is_paused
    assert "Mars/Olympus" in known.why
    assert await newsroom.titles(other) == ["Drafts"]


async def test_what_was_missed_comes_as_one_digest_and_says_so(newsroom: Newsroom):
    feed = await newsroom.feed()
    await newsroom.arrive("Missed", "Missed too")
    newsroom.time.go(hours=1, seconds=1)
    await newsroom.plan()
    [post] = await newsroom.posts(feed)
    assert (post.form, post.is_late, len(post.items)) == ("digest", True, 2)


async def test_after_a_downtime_whatever_is_due_is_late(newsroom: Newsroom):
    feed = await newsroom.feed()
    await newsroom.arrive("Missed", "Missed too")
    await newsroom.plan(was_down=True)
    [post] = await newsroom.posts(feed)
    assert (post.form, post.is_late) == ("digest", True)


async def test_a_time_that_nothing_was_queued_for_has_passed(newsroom: Newsroom):
    feed = await newsroom.feed(style="digest", schedule=DAILY)
    newsroom.time.go(hours=21)
    assert await newsroom.plan() == 0
    known = await newsroom.known(feed)
    assert known.ran == feed.due
    assert known.due == feed.due + timedelta(days=1) if feed.due else False


async def test_papers_without_a_topic_are_quoted_by_their_first_sentence(newsroom: Newsroom):
    feed = await newsroom.feed()
    await newsroom.arrive("Drafts")
    await newsroom.plan()
    [post] = await newsroom.posts(feed)
    assert post.items[0].sentence == ABOUT["decoding"].split(". ")[0] + "."
    assert post.items[0].paper.abstract == ""


async def test_a_paper_without_any_abstract_is_posted_without_a_sentence(newsroom: Newsroom):
    feed = await newsroom.feed(query="", threshold=0.0)
    await newsroom.store.put([Account("Only a title")], source="list", now=newsroom.time())
    await newsroom.plan()
    assert [item.sentence for post in await newsroom.posts(feed) for item in post.items] == [""]


async def test_of_a_flood_the_newest_are_looked_at_and_the_rest_is_counted(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.feeds.news.MOST", 5)
    feed = await newsroom.feed(style="digest", schedule=DAILY)
    await newsroom.put(*(f"Number {number}" for number in range(9)))
    newsroom.time.go(hours=21)
    await newsroom.plan()
    [post] = await newsroom.posts(feed)
    assert (post.looked_at, len(post.items)) == (9, 5)


async def test_a_paper_that_was_posted_by_its_title_alone_is_not_posted_again_beside_a_namesake(
    newsroom: Newsroom,
):
    await newsroom.feed()
    await newsroom.arrive("A common title", source="page")
    await newsroom.plan()
    await newsroom.arrive("A common title", source="arxiv", arxiv_id="2611.00001")
    other = await newsroom.feed(name="Behind", backlog_days=9)
    await newsroom.parts.feeds.change(other.number, seen=other.start - 1, start=other.start - 1)
    await newsroom.arrive("A common title", about="folding", source="arxiv", arxiv_id="2611.00002")
    await newsroom.plan()
    assert "2611.00001" not in [item.paper.id for post in await newsroom.posts(other) for item in post.items]


async def test_namesakes_with_ids_are_two_papers(newsroom: Newsroom):
    feed = await newsroom.feed()
    for number, about in enumerate(ABOUT):
        await newsroom.arrive("A common title", about=about, arxiv_id=f"2611.0000{number}")
        await newsroom.plan()
    assert await newsroom.titles(feed) == ["A common title"] * 2
