"""Why a paper is in a feed or not, what a feed would have posted, and which threshold lets enough through."""

from typing import Any

import pytest

from bot.errors import UnknownPaperError
from bot.feeds.feed import Feed
from bot.feeds.rehearsed import Rehearsed, Why
from bot.feeds.schedule import Schedule
from corpus.paper import Paper
from tests.bot.feeds.conftest import DECODING, Newsroom, days_ago

DAILY = Schedule("daily")


async def why(newsroom: Newsroom, feed: Feed, title: str) -> Why:
    return await newsroom.parts.office.explainer.why(await newsroom.known(feed), await newsroom.paper(title))


async def rehearse(newsroom: Newsroom, days: int = 30, per_day: float = 3.0, **settings: Any) -> Rehearsed:
    """What a feed would have posted of what came in the last days, the bundled papers not among it."""
    feed = await newsroom.feed(**settings)
    return await newsroom.parts.office.explainer.rehearse(feed, days, per_day)


def failed(said: Why) -> list[str]:
    return [words for holds, words in said.rules if not holds]


async def test_a_paper_from_before_the_feed_is_kept_out(newsroom: Newsroom):
    await newsroom.arrive("Early")
    said = await why(newsroom, await newsroom.feed(), "Early")
    assert said.verdict == "It is kept out: it was here before this was made."
    assert (said.posted, said.url) == (None, None)


async def test_a_paper_of_another_source_is_kept_out(newsroom: Newsroom):
    feed = await newsroom.feed(sources=("arxiv",))
    await newsroom.arrive("Told elsewhere", source="hugging-face")
    said = await why(newsroom, feed, "Told elsewhere")
    assert said.verdict == "It is kept out: told by arXiv: it was by Hugging Face."


async def test_a_paper_with_excluded_words_is_kept_out(newsroom: Newsroom):
    feed = await newsroom.feed(query="-protein")
    await newsroom.arrive("Structures", about="folding")
    assert (await why(newsroom, feed, "Structures")).verdict == "It is kept out: without protein."


async def test_a_paper_with_few_upvotes_is_kept_out(newsroom: Newsroom):
    feed = await newsroom.feed(query="min_upvotes:20", min_upvotes=10)
    await newsroom.arrive("Hardly liked", upvotes=15)
    said = await why(newsroom, feed, "Hardly liked")
    assert said.verdict == "It is kept out: at least 20 upvotes: they are 15."


async def test_a_paper_on_something_else_is_kept_out_with_its_score(newsroom: Newsroom):
    feed = await newsroom.feed(query=DECODING)
    await newsroom.arrive("Structures", about="folding")
    [words] = failed(await why(newsroom, feed, "Structures"))
    assert words.startswith(f"about “{DECODING}”: 0.")
    assert words.endswith("and 0.50 is needed")


async def test_a_paper_that_is_not_read_yet_is_said_so(newsroom: Newsroom):
    feed = await newsroom.feed(query=DECODING)
    await newsroom.put("Unread")
    assert "read for meaning: it is not yet" in (await why(newsroom, feed, "Unread")).verdict


async def test_a_paper_that_fits_comes_next(newsroom: Newsroom):
    feed = await newsroom.feed(query=DECODING, threshold=0.3, sources=("arxiv",))
    await newsroom.arrive("Fits", source="arxiv")
    said = await why(newsroom, feed, "Fits")
    assert said.verdict == "It fits, and comes with the next post."
    assert [holds for holds, _ in said.rules] == [True] * 3


async def test_a_paper_that_waits_is_posted_or_set_aside_is_said_with_where(newsroom: Newsroom):
    feed = await newsroom.feed()
    await newsroom.arrive("Posted")
    await newsroom.plan()
    assert (await why(newsroom, feed, "Posted")).posted == "It waits to be posted."
    [delivery] = await newsroom.queued(feed)
    outbox = newsroom.parts.outbox
    await outbox.claim([delivery.id], now=newsroom.time())
    assert (await why(newsroom, feed, "Posted")).posted == "It is being posted."
    await outbox.stands(delivery.id, channel=11, message=99, now=newsroom.time(), lacks_thread=False)
    said = await why(newsroom, feed, "Posted")
    assert said.posted == "Posted 23 Nov 2026 12:00 UTC"
    assert said.url == "https://discord.com/channels/1/11/99"
    await outbox.end(delivery.id, "refused", now=newsroom.time(), reason="Discord says no")
    said = await why(newsroom, feed, "Posted")
    assert (said.posted, said.url) == ("It was set aside: Discord says no.", None)


async def test_a_paper_that_another_feed_of_the_channel_posted_is_said_so(newsroom: Newsroom):
    await newsroom.feed()
    other = await newsroom.feed(name="Other", query="-nothing")
    await newsroom.arrive("Shared")
    await newsroom.plan()
    assert (await why(newsroom, other, "Shared")).verdict == "It is in a post of this channel."


async def test_the_address_of_an_alert_is_of_no_server(newsroom: Newsroom):
    alert = await newsroom.alert()
    await newsroom.arrive("For Ada")
    await newsroom.plan()
    [delivery] = await newsroom.queued(alert)
    await newsroom.parts.outbox.stands(
        delivery.id, channel=5, message=6, now=newsroom.time(), lacks_thread=False
    )
    assert (await why(newsroom, alert, "For Ada")).url == "https://discord.com/channels/@me/5/6"


async def test_a_paper_that_was_one_too_many_is_said_so(newsroom: Newsroom):
    feed = await newsroom.feed(max_items=1)
    await newsroom.arrive("Liked more", upvotes=9)
    await newsroom.arrive("Liked less", upvotes=1)
    await newsroom.plan()
    said = await why(newsroom, feed, "Liked less")
    assert said.verdict == "It fitted, but more papers came at once than this takes."


async def test_a_paper_that_was_too_old_after_a_pause_is_said_so(newsroom: Newsroom):
    feed = await newsroom.feed()
    await newsroom.arrive("Old", listed=days_ago(9))
    await newsroom.plan(was_down=True)
    said = await why(newsroom, feed, "Old")
    assert said.verdict == "It fitted, but was older than what is caught up with after a pause."


async def test_a_paper_that_fits_only_since_the_feed_was_edited_is_said_so(newsroom: Newsroom):
    feed = await newsroom.feed(query="-drafts")
    await newsroom.arrive("Drafts")
    await newsroom.plan()
    await newsroom.parts.office.desk.change(await newsroom.known(feed), (await newsroom.feed()).settings)
    assert (await why(newsroom, feed, "Drafts")).verdict.startswith("It fits now, but did not when it came")


async def test_a_paper_that_is_not_known_is_an_error_in_words(newsroom: Newsroom):
    with pytest.raises(UnknownPaperError):
        await newsroom.parts.office.explainer.why(await newsroom.feed(), Paper("Nobody told of it", ""))


async def test_each_paper_of_a_message_is_explained_best_first(newsroom: Newsroom):
    feed = await newsroom.feed(query=DECODING, threshold=0.2, style="digest")
    await newsroom.arrive("Speculative decoding drafts tokens", "Beside it")
    await newsroom.plan()
    [delivery] = await newsroom.queued(feed)
    explained = await newsroom.parts.office.explainer.why_posted(feed, delivery.id)
    assert [one.paper.title for one in explained] == ["Speculative decoding drafts tokens", "Beside it"]
    assert all(holds for one in explained for holds, _ in one.rules)
    assert await newsroom.parts.office.explainer.why_posted(feed, "unknown") == []


async def test_a_rehearsal_tells_what_would_have_been_posted_though_it_came_before_the_feed(
    newsroom: Newsroom,
):
    newsroom.time.go(days=40)
    await newsroom.arrive("Drafts")
    await newsroom.arrive("Structures", about="folding")
    would = await rehearse(newsroom, query=DECODING, threshold=0.4)
    assert [one.paper.title for one in would.posted] == ["Drafts"]
    [kept] = would.kept_out
    assert (kept.paper.title, kept.day) == ("Structures", newsroom.time().date())
    assert kept.reason.startswith(f"about “{DECODING}”: 0.")
    assert (would.looked_at, would.days, would.threshold) == (2, 30, 0.4)


async def test_a_rehearsal_keeps_to_what_a_post_takes_each_day(newsroom: Newsroom):
    newsroom.time.go(days=40)
    for day in range(3):
        await newsroom.arrive(*(f"Day {day}, number {n}" for n in range(4)))
        newsroom.time.go(days=1)
    would = await rehearse(newsroom, max_items=2, style="digest", schedule=DAILY)
    assert sorted(one.day.day for one in would.posted if one.day) == [2, 2, 3, 3, 4, 4]
    assert {one.reason for one in would.kept_out} == {"more came on that day than it takes"}


async def test_a_rehearsal_looks_back_no_further_than_it_is_asked_to(newsroom: Newsroom):
    newsroom.time.go(days=40)
    await newsroom.arrive("Long ago")
    newsroom.time.go(days=8)
    await newsroom.arrive("Lately")
    assert [one.paper.title for one in (await rehearse(newsroom, 7)).posted] == ["Lately"]


async def test_a_rehearsal_proposes_the_threshold_for_so_many_papers_a_day(newsroom: Newsroom):
    newsroom.time.go(days=40)
    for n in range(6):
        await newsroom.arrive(f"{'speculative decoding ' * n}paper {n}", about="folding")
    newsroom.time.go(hours=23)
    few = await rehearse(newsroom, 7, 1.0, query=DECODING)
    many = await rehearse(newsroom, 7, 4.0, query=DECODING)
    assert few.proposed
    assert many.proposed
    assert few.proposed > many.proposed
    again = await rehearse(newsroom, 7, 4.0, query=DECODING, threshold=many.proposed)
    assert len(again.posted) == 4
    assert (again.threshold, again.per_day) == (many.proposed, 4.0)


async def test_a_rehearsal_proposes_nothing_without_a_topic_or_without_papers(newsroom: Newsroom):
    newsroom.time.go(days=40)
    assert (await rehearse(newsroom, 7, query=DECODING)).proposed is None
    await newsroom.arrive("Drafts")
    without = await rehearse(newsroom, 7)
    assert (without.proposed, without.threshold) == (None, None)


async def test_a_proposal_counts_no_papers_that_another_rule_keeps_out(newsroom: Newsroom):
    newsroom.time.go(days=40)
    await newsroom.arrive("Drafts", source="arxiv")
    assert (await rehearse(newsroom, 7, query=DECODING, sources=("files",))).proposed is None


async def test_a_rehearsal_shows_the_best_ten_that_are_kept_out(newsroom: Newsroom):
    newsroom.time.go(days=40)
    await newsroom.arrive(*(f"Structures {n}" for n in range(12)), about="folding")
    await newsroom.arrive("Speculative decoding, nearly")
    would = await rehearse(newsroom, query=DECODING, threshold=1.0)
    assert len(would.kept_out) == 10
    assert would.kept_out[0].paper.title == "Speculative decoding, nearly"
