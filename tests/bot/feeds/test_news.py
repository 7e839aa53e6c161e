"""The papers that came since a feed looked last."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.feeds.news import News, Newsstand
from corpus.events import Events
from tests.bot.feeds.conftest import Newsroom


@pytest.fixture
def stand(newsroom: Newsroom, engine: AsyncEngine) -> Newsstand:
    return Newsstand(newsroom.store, Events(engine))


async def news_after(stand: Newsstand, newsroom: Newsroom, after: int) -> News:
    return await stand.news(after=after, until=await newsroom.parts.events.last(), now=newsroom.time())


def came(news: News) -> list[str]:
    return [one.paper.title for one in news.came]


def changed(news: News) -> list[str]:
    return [one.paper.title for one in news.changed]


async def test_papers_come_oldest_first_with_who_told_of_them_and_all_their_names(
    newsroom: Newsroom, stand: Newsstand
):
    last = await newsroom.parts.events.last()
    await newsroom.put("First", source="page")
    await newsroom.put("Second", source="arxiv", arxiv_id="2611.00002")
    await newsroom.put("First", source="arxiv", arxiv_id="2611.00001")
    news = await news_after(stand, newsroom, last)
    assert came(news) == ["First", "Second"]
    assert news.came[0].sources == {"page", "arxiv"}
    assert {"2611.00001", *(name for name in news.came[0].names if name.startswith("t-"))} <= news.came[
        0
    ].names
    assert any(name.startswith("t-") for name in news.came[0].names)
    assert (news.came[0].number, news.came[0].changed) == (last + 1, last + 3)
    assert news.came[0].at == newsroom.time()
    assert news.changed == ()


async def test_nothing_that_happened_before_or_after_the_two_events_is_news(
    newsroom: Newsroom, stand: Newsstand
):
    await newsroom.put("Before")
    after = await newsroom.parts.events.last()
    await newsroom.put("Between")
    until = await newsroom.parts.events.last()
    await newsroom.put("Behind")
    assert came(await stand.news(after=after, until=until, now=newsroom.time())) == ["Between"]


async def test_a_paper_that_came_before_and_changed_since_is_told_apart(newsroom: Newsroom, stand: Newsstand):
    await newsroom.put("Known", upvotes=1)
    last = await newsroom.parts.events.last()
    await newsroom.put("Known", upvotes=2)
    await newsroom.put("New")
    news = await news_after(stand, newsroom, last)
    assert (came(news), changed(news)) == (["New"], ["Known"])
    assert news.changed[0].changed == last + 1


@pytest.mark.parametrize(("days", "is_told"), [(29, True), (31, False)])
async def test_what_changes_is_news_for_thirty_days(
    newsroom: Newsroom, stand: Newsstand, days: int, is_told: bool
):
    await newsroom.put("Slowly liked", upvotes=1)
    last = await newsroom.parts.events.last()
    newsroom.time.go(days=days)
    await newsroom.put("Slowly liked", upvotes=90)
    assert changed(await news_after(stand, newsroom, last)) == (["Slowly liked"] if is_told else [])


async def test_of_more_than_are_looked_at_the_newest_are_and_the_others_are_counted(
    newsroom: Newsroom, stand: Newsstand, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.feeds.news.MOST", 3)
    last = await newsroom.parts.events.last()
    await newsroom.put(*(f"Number {number}" for number in range(7)))
    news = await news_after(stand, newsroom, last)
    assert (came(news), news.uncounted) == (["Number 4", "Number 5", "Number 6"], 4)
    news = await news_after(stand, newsroom, last + 4)
    assert (len(news.came), news.uncounted) == (3, 0)


async def test_each_feed_hears_of_what_is_behind_the_last_event_that_it_saw(
    newsroom: Newsroom, stand: Newsstand
):
    last = await newsroom.parts.events.last()
    await newsroom.put("Known")
    await newsroom.put("Known", upvotes=9)
    await newsroom.put("New")
    news = await news_after(stand, newsroom, last)
    heard = {
        seen: (
            [one.paper.title for one in news.new(last + seen)],
            [one.paper.title for one in news.again(last + seen)],
        )
        for seen in range(4)
    }
    assert heard == {0: (["Known", "New"], []), 1: (["New"], ["Known"]), 2: (["New"], []), 3: ([], [])}


async def test_two_papers_that_turn_out_to_be_one_came_once_when_the_first_did(
    newsroom: Newsroom, stand: Newsstand
):
    last = await newsroom.parts.events.last()
    await newsroom.put("Under one title", about="folding", source="page")
    await newsroom.put("Under another", arxiv_id="2611.00001")
    await newsroom.put("Under one title", about="folding", arxiv_id="2611.00001", source="arxiv")
    news = await news_after(stand, newsroom, last)
    assert [one.number for one in news.came] == [last + 1]


async def test_the_papers_of_the_last_days_are_those_that_came_then(newsroom: Newsroom, stand: Newsstand):
    newsroom.time.go(days=10)
    await newsroom.put("Long ago")
    newsroom.time.go(days=3)
    await newsroom.put("Lately")
    since = newsroom.time() - timedelta(days=2)
    assert [one.paper.title for one in await stand.lately(since)] == ["Lately"]


async def test_papers_that_are_not_known_any_more_are_left_out(stand: Newsstand):
    assert await stand.arrivals(["2611.99999"]) == []
    assert await stand.arrivals([]) == []
