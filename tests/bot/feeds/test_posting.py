"""New papers reach a channel by themselves: on time, each once, the right ones."""

from datetime import time as time_of_day
from datetime import timedelta

import pytest

from bot.feeds.messenger import DiscordMessenger
from bot.feeds.schedule import Schedule
from corpus.account import Account
from tests.bot.feeds.conftest import ABOUT, Press

DAILY = Schedule("daily", time_of_day(9))
WEEKLY = Schedule("weekly", time_of_day(9), weekday=0)


async def test_a_paper_that_comes_is_posted_at_once_and_once(press: Press):
    await press.feed()
    await press.arrive("Fast drafts")
    await press.go()
    await press.go()
    [said] = press.said()
    assert "Fast drafts" in said


async def test_a_new_feed_posts_no_backlog_fault_13(press: Press):
    await press.arrive("Before it was made")
    await press.feed()
    await press.go()
    assert press.said() == []


async def test_a_new_feed_posts_the_backlog_of_the_days_it_was_asked_for(press: Press):
    press.time.go(days=40)  # the bundled papers are older
    await press.arrive("Long ago")
    press.time.go(days=3)
    await press.arrive("Lately")
    press.time.go(hours=1)
    await press.feed(backlog_days=2, style="digest", schedule=DAILY)
    press.time.go(days=1)
    await press.go()
    [said] = press.said()
    assert "Lately" in said
    assert "Long ago" not in said


async def test_a_digest_comes_at_its_time_with_all_of_the_day_best_first(press: Press):
    await press.feed(style="digest", schedule=DAILY, name="Morning")
    await press.arrive("Liked less", upvotes=3)
    await press.arrive("Liked more", upvotes=30)
    await press.go()
    assert press.said() == []
    press.time.go(hours=21)
    await press.go()
    [said] = press.said()
    assert said.index("Liked more") < said.index("Liked less")
    press.time.go(hours=1)
    await press.go()
    assert len(press.said()) == 1


async def test_an_empty_day_is_skipped_or_said_as_was_chosen(press: Press):
    await press.feed(style="digest", schedule=DAILY, name="Quiet")
    await press.feed(style="digest", schedule=DAILY, name="Talkative", skip_empty=False)
    press.time.go(days=1)
    await press.go()
    [said] = press.said()
    assert "Talkative" in said


async def test_only_papers_about_the_topic_are_posted_and_the_others_are_counted(press: Press):
    await press.feed(
        query="speculative decoding drafts tokens", threshold=0.4, style="digest", schedule=DAILY
    )
    await press.arrive("Drafts")
    await press.arrive("Structures", about="folding")
    press.time.go(days=1)
    await press.go()
    [said] = press.said()
    assert "Drafts" in said
    assert "Structures" not in said


async def test_words_that_are_excluded_keep_a_paper_out(press: Press):
    await press.feed(query="-protein")
    await press.arrive("Drafts")
    await press.arrive("Structures", about="folding")
    await press.go()
    [said] = press.said()
    assert "Drafts" in said


async def test_a_paper_that_is_not_encoded_yet_is_waited_for_and_nothing_behind_it_is_lost(press: Press):
    await press.feed(query="speculative decoding drafts tokens", threshold=0.4)
    told = [Account(title=f"Drafts {n}", abstract=ABOUT["decoding"]) for n in "ab"]
    await press.store.put(told[:1], source="arxiv", now=press.time())
    await press.go()
    assert press.said() == []
    await press.store.put(told[1:], source="arxiv", now=press.time())
    await press.encode()
    await press.go()
    assert sorted("Drafts a" in said for said in press.said()) == [False, True]
    assert len(press.said()) == 2


async def test_a_paper_comes_when_it_gets_the_upvotes_that_are_asked_for_and_once(press: Press):
    await press.feed(min_upvotes=10)
    for upvotes in (2, 9, 10, 11, 50):
        await press.arrive("Slowly liked", upvotes=upvotes)
        await press.go()
        press.time.go(hours=1)
    [said] = press.said()
    assert "Slowly liked" in said


async def test_a_paper_of_another_source_comes_when_the_chosen_one_tells_of_it(press: Press):
    await press.feed(sources=("hugging-face",))
    await press.arrive("Told twice", source="arxiv", arxiv_id="2611.00001")
    await press.go()
    assert press.said() == []
    await press.arrive("Told twice", source="hugging-face", arxiv_id="2611.00001", upvotes=1)
    await press.go()
    assert len(press.said()) == 1


async def test_one_paper_from_two_sources_as_two_versions_and_retitled_is_one_post_fault_12(press: Press):
    await press.feed()
    await press.arrive("A paper without an id", source="daily-papers-page")
    await press.go()
    await press.arrive("A Paper without an ID", source="arxiv", arxiv_id="2611.00002", version=1)
    await press.go()
    await press.arrive("Now called otherwise", source="arxiv", arxiv_id="2611.00002", version=2)
    await press.arrive("Now called otherwise", source="hugging-face", arxiv_id="2611.00002", upvotes=7)
    await press.go()
    assert len(press.said()) == 1


async def test_two_feeds_of_one_channel_post_a_paper_once_and_a_digest_may_name_it_again(press: Press):
    await press.feed(name="One")
    await press.feed(name="Two", query="-nothing")
    await press.feed(name="Week", style="digest", schedule=WEEKLY)
    await press.arrive("Wanted by all")
    await press.go()
    assert len(press.said()) == 1
    press.time.go(days=7)
    await press.go()
    assert len(press.said()) == 2


async def test_two_channels_have_each_their_own(press: Press):
    other = press.server.create_text_channel("other")
    await press.feed()
    await press.feed(channel=other.id)
    await press.arrive("For both")
    await press.go()
    assert len(press.said()) == len(press.said(other)) == 1


@pytest.mark.parametrize("away", [timedelta(hours=3), timedelta(days=3), timedelta(days=30)])
async def test_after_a_pause_there_is_one_digest_and_the_rest_is_counted_fault_10(
    press: Press, away: timedelta
):
    await press.feed(style="digest", schedule=DAILY, max_items=5)
    press.time.go(hours=20)
    press.time.time += away
    for day in range(away.days + 1):
        listed = (press.time() - timedelta(days=day)).date()
        await press.arrive(*(f"Of day {day}, number {n}" for n in range(4)), listed=listed)
    await press.go(was_down=True)
    await press.go()
    assert len(press.said()) <= 1
    press.time.go(days=1)
    await press.go()
    said = "\n".join(press.said())
    assert len(press.said()) <= 2
    assert sum(line.count("Of day") for line in [said]) <= 10
    assert "Of day 9" not in said


async def test_a_flood_comes_as_one_digest(press: Press):
    await press.feed()
    await press.arrive(*(f"Number {n}" for n in range(150)))
    await press.go()
    [said] = press.said()
    assert said.count("Number") >= 10


async def test_the_role_is_mentioned_once_a_time_and_nobody_else(press: Press):
    role = press.server.create_role("readers")
    await press.feed(mention_role=role.id)
    await press.arrive("@everyone come <@&1>", "And another")
    await press.go()
    first, second = press.said()
    assert first.startswith(f"<@&{role.id}>")
    assert "<@" not in first.replace(f"<@&{role.id}>", "").replace("\\<@", "")
    assert f"<@&{role.id}>" not in second


async def test_a_forum_gets_a_post_a_paper_with_the_tags_that_fit(press: Press):
    forum = press.server.create_forum_channel("papers-forum")
    await press.feed(channel=forum.id, style="forum")
    await press.arrive("First of the forum", "Second of the forum", keywords=("agents",))
    await press.go()
    await press.go()
    assert sorted(str(thread.name) for thread in forum.threads) == [
        "First of the forum",
        "Second of the forum",
    ]


async def test_a_text_channel_gets_a_thread_a_paper(press: Press):
    await press.feed(style="forum")
    await press.arrive("To be discussed")
    await press.go()
    await press.go()
    assert [thread.name for thread in press.stage.channel.threads] == ["To be discussed"]
    totals = await press.parts.outbox.totals()
    assert totals == {"posted": 1}


async def test_a_digest_in_a_forum_is_one_post(press: Press):
    forum = press.server.create_forum_channel("papers-forum")
    await press.feed(channel=forum.id, style="digest", schedule=DAILY, name="Morning")
    await press.arrive("One", "Two")
    press.time.go(days=1)
    await press.go()
    assert len(forum.threads) == 1


async def test_an_alert_comes_as_a_direct_message(press: Press):
    await press.parts.office.desk.make_alert(press.stage.ada.id, (await press.feed()).settings)
    await press.arrive("For Ada")
    await press.go()
    [_, sent] = [*press.said(), *press.said(press.stage.ada.user.dm_channel)]
    assert "For Ada" in sent


async def test_a_channel_that_is_gone_pauses_its_feed_and_its_maker_is_told_once_fault_5(press: Press):
    feed = await press.feed(channel=999)
    await press.arrive("For nobody")
    await press.go()
    await press.go()
    known = await press.parts.feeds.known(feed.number)
    assert known
    assert known.is_paused
    [told] = press.said(press.stage.ada.user.dm_channel)
    assert "All new papers" in told
    assert "is paused" in told


async def test_what_a_paused_feed_has_queued_waits_and_others_in_the_channel_go_on(press: Press):
    first = await press.feed(name="First")
    await press.arrive("Queued by the first")
    await press.plan()
    await press.parts.office.desk.pause(first)
    await press.feed(name="Second")
    press.time.go(minutes=1)
    await press.arrive("Wanted by the second")
    await press.go()
    [said] = press.said()
    assert "Wanted by the second" in said
    await press.parts.office.desk.resume(await press.parts.office.desk.feed(first.number, guild=press.guild))
    await press.go()
    assert "Queued by the first" in press.said()[1]


async def test_a_forum_post_whose_beginning_was_deleted_does_not_end_the_look_for_others(press: Press):
    forum = press.server.create_forum_channel("papers-forum")
    feed = await press.feed(channel=forum.id, style="forum")
    await press.arrive("First of the forum")
    await press.go()
    [posted] = await press.queued(feed)
    # In this Discord no post has the id of its first message: each looks as if that were deleted.
    assert posted.channel != posted.message
    assert await DiscordMessenger(press.stage.env.bot).find(posted) is None
