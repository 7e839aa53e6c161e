"""/feed create, list, show and the rest, as those use them who manage a server."""

from datetime import time as time_of_day
from typing import Any

import discord
import pytest
from simcord.enums import ChannelType

from bot.feeds.feed import Settings
from bot.feeds.schedule import Schedule
from tests.bot.conftest import Stage
from tests.bot.reading import buttons, text
from tests.conftest import NOW

from .asking import (
    HOSTILE,
    ask,
    bot_of,
    create,
    create_in,
    deny,
    feeds,
    ids,
    is_inert,
    labels,
    made,
    said,
    told,
)
from .conftest import Press

EXPLAINED = pytest.mark.simcord(check_errors=False)
"""Of a test whose command raises what its answer explains."""
TOMORROW = "<t:1795510800:R>"  # 24 Nov 2026, 09:00 UTC
ABOUT = {"query": "speculative decoding"}


# Making one


async def test_with_a_channel_alone_it_is_made_as_usual_and_menus_open(stage: Stage):
    result = await create(stage)
    [feed] = await feeds(stage)
    assert feed.settings == Settings()
    assert (feed.guild, feed.channel, feed.user) == (stage.ada.guild.id, stage.channel.id, stage.ada.id)
    assert result.ephemeral
    assert result.response is not None
    shown = text(result.response.components)
    assert f"**Posts** daily at 09:00 (UTC) in <#{stage.channel.id}>, as one digest" in shown
    assert TOMORROW in shown
    assert "⚠" not in shown
    [menus] = result.followups
    assert menus.ephemeral
    assert "made with the usual settings" in text(menus.components)
    assert f"feed-set:{feed.number}:rhythm" in ids(menus)


async def test_what_was_said_is_set_and_no_menus_open(stage: Stage):
    role = stage.ada.guild.create_role("readers", mentionable=True)
    result = await create(
        stage,
        query="speculative decoding -survey",
        sources="hugging-face, arxiv",
        schedule="weekdays",
        time="8:30",
        timezone="berlin",
        threshold=0.561,
        min_upvotes=5,
        max_items=7,
        style="cards",
        mention_role=role,
        skip_empty=False,
        backlog_days=3,
    )
    [feed] = await feeds(stage)
    assert feed.settings == Settings(
        "speculative decoding -survey",
        ("hugging-face", "arxiv"),
        Schedule("weekdays", time_of_day(8, 30), "Europe/Berlin"),
        0.56,
        5,
        7,
        "cards",
        role.id,
        skip_empty=False,
        backlog_days=3,
    )
    assert feed.name == "speculative decoding -survey"
    assert "⚠" not in await told(result)
    assert not result.followups


async def test_what_comes_at_once_comes_one_by_one_unless_somebody_says(stage: Stage):
    assert (await made(stage, schedule="instant")).settings.style == "cards"
    assert (await made(stage, schedule="instant", style="digest")).settings.style == "digest"
    assert (await made(stage, cron="30 8 * * 1-5")).settings.schedule.rhythm == "cron"


async def test_forums_announcements_and_threads_can_be_posted_in(stage: Stage):
    guild = stage.ada.guild
    forum, news = guild.create_forum_channel("forum"), guild.create_news_channel("news")
    assert (await made(stage, channel=forum)).settings.style == "forum"
    assert (await made(stage, channel=news)).settings.style == "digest"
    channel = stage.env.bot.get_channel(stage.channel.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.create_thread(name="a thread", type=discord.ChannelType.public_thread)
    [thread] = stage.channel.threads
    feed = await made(stage, channel=thread)
    assert (feed.channel, feed.settings.style) == (thread.id, "digest")


@EXPLAINED
async def test_a_thread_holds_no_threads(stage: Stage):
    channel = stage.env.bot.get_channel(stage.channel.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.create_thread(name="a thread", type=discord.ChannelType.public_thread)
    shown = await told(await create(stage, channel=stage.channel.threads[0], style="forum"))
    assert "In a thread there are no other threads" in shown
    assert not await feeds(stage)


@EXPLAINED
async def test_a_feed_that_could_not_post_is_not_made_and_each_missing_permission_is_named(stage: Stage):
    deny(stage, stage.channel, "send_messages", "create_public_threads", "view_channel")
    shown = await said(stage, "feed create", channel=stage.ada.guild.channels["papers"], style="forum")
    for name in ("View Channel", "Send Messages", "Create Public Threads"):
        assert name in shown
    assert not await feeds(stage)


async def test_without_reading_the_history_it_is_made_with_a_warning_of_what_follows(stage: Stage):
    deny(stage, stage.channel, "read_message_history")
    shown = await told(await create(stage, **ABOUT))
    assert "⚠ The bot lacks the permission “Read Message History” there" in shown
    assert "it is not made again, and may be missing" in shown
    assert len(await feeds(stage)) == 1


@EXPLAINED
async def test_a_channel_of_another_server_is_refused_in_words(stage: Stage):
    other = stage.env.create_guild("Others").create_text_channel("theirs")
    for number in (other.id, 4711):
        for claimed in (None, stage.ada.guild.id):
            assert "no channel of this server" in await create_in(stage, number, guild=claimed)
    assert not await feeds(stage)


@EXPLAINED
async def test_a_channel_that_holds_no_posts_and_one_that_the_person_does_not_see_are_refused(stage: Stage):
    voice = stage.ada.guild.create_voice_channel("voice")
    assert "Feeds post in text" in await create_in(stage, voice.id, kind=ChannelType.VOICE)
    assert "You do not see that channel" in await create_in(stage, stage.channel.id, may=0)
    assert not await feeds(stage)


@EXPLAINED
async def test_a_role_is_mentioned_if_it_is_no_crowd_and_it_is_said_where_nobody_would_notice(stage: Stage):
    guild = stage.ada.guild
    assert "I do not mention" in await told(await create(stage, mention_role=guild.default_role))
    assert not await feeds(stage)
    readers = guild.create_role("readers")
    assert "⚠" not in await told(await create(stage, mention_role=readers))
    deny(stage, stage.channel, "mention_everyone")
    shown = await told(await create(stage, mention_role=readers))
    assert "All Roles" in shown
    assert "is not notified" in shown


@EXPLAINED
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"time": "25:00"}, "is no time of the day"),
        (
            {"timezone": "Berlinn"},
            "There is no time zone “Berlinn”: write its city, such as Europe/Berlin, or UTC.",
        ),
        ({"timezone": "EST"}, "write America/New\\_York or America/Panama."),
        ({"cron": "* * * * *"}, "runs too often"),
        ({"cron": "8 Uhr"}, "does not have five fields"),
        ({"schedule": "cron"}, "needs its expression"),
        ({"sources": "twitter"}, "is no source. There are: hugging-face, arxiv, files."),
    ],
)
async def test_what_cannot_be_is_explained_and_nothing_is_made(
    stage: Stage, options: dict[str, Any], words: str
):
    shown = await told(await create(stage, **options))
    assert words in shown
    assert "Error" not in shown
    assert not await feeds(stage)


async def test_what_was_not_understood_of_the_query_is_said(stage: Stage):
    assert "⚠ after: lacks its value" in await told(await create(stage, query="decoding after:"))


# Looking at them


async def test_the_list_names_all_feeds_and_says_how_to_make_the_first(stage: Stage):
    assert "/feed create" in await said(stage, "feed list")
    await made(stage, **ABOUT)
    await made(stage)
    shown = await said(stage, "feed list")
    assert "### 2 feeds" in shown
    assert f"▶ speculative decoding · <#{stage.channel.id}> · “speculative decoding”" in shown


async def test_a_feed_is_meant_by_its_number_or_its_whole_name(stage: Stage):
    feed = await made(stage, **ABOUT)
    for given in (str(feed.number), "speculative decoding", " Speculative DECODING "):
        assert "### ▶ speculative decoding" in await said(stage, "feed show", feed=given)


@EXPLAINED
@pytest.mark.parametrize("given", ["speculative", "4711", "9" * 30, "²", "-1", " ", HOSTILE])
async def test_what_is_no_feed_is_said_in_words(stage: Stage, given: str):
    await made(stage, **ABOUT)
    assert "There is no such feed or alert here any more" in await said(stage, "feed show", feed=given)


@EXPLAINED
async def test_a_name_that_two_have_is_to_be_chosen_from_the_list(stage: Stage):
    await made(stage, **ABOUT)
    await made(stage, **ABOUT)
    assert "2 go by the name “speculative decoding”" in await said(stage, "feed show", feed=ABOUT["query"])


async def test_a_feed_whose_name_is_a_number_is_found_too(stage: Stage):
    await made(stage, query="2026")
    assert "### ▶ 2026" in await said(stage, "feed show", feed="2026")


async def test_feeds_are_offered_by_name_and_channel_while_one_types(stage: Stage):
    other = stage.ada.guild.create_text_channel("systems")
    first, second = await made(stage, **ABOUT), await made(stage, channel=other)
    await ask(stage, "feed pause", feed=str(second.number))

    async def offered(typed: str) -> list[dict[str, Any]]:
        return await stage.ada.autocomplete(stage.channel, "feed show", "feed", typed)

    assert [choice["value"] for choice in await offered("")] == [str(first.number), str(second.number)]
    one = {"name": "speculative decoding · #papers", "value": str(first.number)}
    assert await offered("DECOD") == [one]
    assert await offered("#systems") == [
        {"name": "All new papers · #systems · paused", "value": str(second.number)}
    ]
    assert await offered("nothing") == []


async def test_zones_sources_and_papers_are_offered_while_one_types(stage: Stage):
    zones = await stage.ada.autocomplete(stage.channel, "feed create", "timezone", "berl")
    assert zones[0]["value"] == "Europe/Berlin"
    sources = await stage.ada.autocomplete(stage.channel, "feed create", "sources", "arxiv, h")
    assert [choice["value"] for choice in sources] == ["arxiv, hugging-face"]
    papers = await stage.ada.autocomplete(stage.channel, "feed why", "paper", "specmemo")
    assert papers[0]["value"] == "2506.01986"


# Changing and stopping them


async def test_edit_opens_the_menus(stage: Stage):
    feed = await made(stage, **ABOUT)
    assert f"feed-set:{feed.number}:topic" in ids(await ask(stage, "feed edit", feed=str(feed.number)))


async def test_it_is_paused_and_goes_on(stage: Stage):
    feed = await made(stage, **ABOUT)
    paused = await ask(stage, "feed pause", feed=str(feed.number))
    assert "**Paused**: somebody paused it" in text(paused.components)
    assert "Resume" in labels(paused)
    going = await ask(stage, "feed resume", feed=str(feed.number))
    assert "Pause" in labels(going)
    assert TOMORROW in text(going.components)


@EXPLAINED
async def test_it_does_not_go_on_where_it_could_not_post(stage: Stage):
    feed = await made(stage, **ABOUT)
    await ask(stage, "feed pause", feed=str(feed.number))
    deny(stage, stage.channel, "send_messages")
    assert "I lack Send Messages there" in await said(stage, "feed resume", feed=str(feed.number))
    assert (await feeds(stage))[0].is_paused


async def test_deleting_asks_once_more(stage: Stage):
    feed = await made(stage, **ABOUT)
    question = await ask(stage, "feed delete", feed=str(feed.number))
    assert labels(question) == {"Delete", "Keep"}
    await stage.ada.click(question, label="Keep")
    assert "### ▶ speculative decoding" in text(question.components)
    question = await ask(stage, "feed delete", feed=str(feed.number))
    await stage.ada.click(question, label="Delete")
    assert text(question.components) == "**speculative decoding** is deleted."
    assert not labels(question)
    assert not await feeds(stage)


# What it does


async def test_what_it_would_have_posted_is_shown_with_scores_and_a_threshold_to_choose(press: Press):
    stage = press.stage
    feed = await made(stage, query="speculative decoding drafts tokens")
    await press.arrive("Fast drafts")
    await press.arrive("Structures", about="folding")
    shown = await ask(stage, "feed test", feed=str(feed.number), last="2w", per_day=0.1)
    assert "would have been posted in the last 14 days" in text(shown.components)
    assert "Fast drafts" in text(shown.components)
    assert "for about 0.1 a day" in text(shown.components)
    [use] = [one for label, one in buttons(shown.components).items() if label.startswith("Use ")]
    proposed = float(use["label"].removeprefix("Use "))
    answer = await stage.ada.click(shown, label=use["label"])
    assert f"The least score is {proposed:.2f} now. Saved." in await told(answer)
    assert (await feeds(stage))[0].settings.threshold == proposed
    assert press.said() == []


@EXPLAINED
async def test_how_far_to_look_back_is_limited(stage: Stage):
    feed = await made(stage)
    assert "90 days are the most" in await said(stage, "feed test", feed=str(feed.number), last="a year")


async def test_a_threshold_is_proposed_for_so_many_a_day(press: Press):
    feed = await made(press.stage, query="speculative decoding drafts tokens")
    await press.arrive("Fast drafts")
    shown = await ask(press.stage, "feed threshold", feed=str(feed.number), target_per_day=1)
    assert "for about 1 a day" in text(shown.components)


@EXPLAINED
async def test_without_a_topic_there_is_no_threshold_to_propose(stage: Stage):
    feed = await made(stage)
    assert "has no topic" in await said(stage, "feed threshold", feed=str(feed.number), target_per_day=3)


async def test_why_says_it_rule_by_rule(stage: Stage):
    feed = await made(stage, **ABOUT)
    shown = await said(stage, "feed why", feed=str(feed.number), paper="SpecMemo")
    assert "✗ it was here before this was made" in shown
    assert "kept out" in shown


@EXPLAINED
async def test_why_of_no_paper_is_explained(stage: Stage):
    feed = await made(stage, **ABOUT)
    assert "No paper here has that title" in await said(
        stage, "feed why", feed=str(feed.number), paper="no such paper at all"
    )


async def test_run_posts_at_once_what_came_and_history_says_what_became_of_it(press: Press):
    stage = press.stage
    feed = str((await made(stage)).number)
    assert "Nothing has been posted yet" in await said(stage, "feed history", feed=feed)
    assert "has nothing to post" in await said(stage, "feed run", feed=feed)
    await press.arrive("Fast drafts", "Faster drafts")
    assert "posts now: 1 message" in await said(stage, "feed run", feed=feed)
    assert press.parts.bell.is_set()
    assert "a digest of 2 papers · waiting" in await said(stage, "feed history", feed=feed)
    await press.post()
    [post] = press.said()
    assert "Fast drafts" in post
    assert "In all: 1 posted" in await said(stage, "feed history", feed=feed)
    assert f"1 post so far, the last <t:{NOW.timestamp():.0f}:R>" in await said(stage, "feed show", feed=feed)


@EXPLAINED
async def test_what_is_paused_is_not_run(stage: Stage):
    feed = str((await made(stage, **ABOUT)).number)
    await ask(stage, "feed pause", feed=feed)
    assert "is paused: somebody paused it" in await said(stage, "feed run", feed=feed)


# What others wrote


async def test_names_and_queries_act_nowhere(stage: Stage):
    result = await create(stage, query=HOSTILE)
    assert result.response is not None
    number = str((await feeds(stage))[0].number)
    shown = [
        await ask(stage, f"feed {name}", feed=number)
        for name in ("show", "edit", "pause", "delete", "history", "test")
    ]
    assert is_inert(result.response, *shown, await ask(stage, "feed list"))
    assert all("@everyone" not in str(buttons(one.components)) for one in shown)


async def test_a_channel_that_is_gone_is_said_at_its_feed(stage: Stage):
    feed = await made(stage, channel=stage.ada.guild.create_text_channel("short-lived"))
    guild = bot_of(stage).get_guild(stage.ada.guild.id)
    assert guild is not None
    assert feed.channel is not None
    guild._channels.pop(feed.channel)  # as if it went while the bot was away
    shown = await said(stage, "feed show", feed=str(feed.number))
    assert "⚠ I do not see its channel at the moment" in shown
