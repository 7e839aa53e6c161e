"""The buttons, menus and forms of a feed: each does what it says, after a restart too, and says what is wrong."""

from datetime import time as time_of_day

import discord
import pytest
import simcord

from bot.cards import custom_ids
from bot.feeds.feed import Feed
from bot.feeds.schedule import Schedule
from tests.bot.conftest import Stage
from tests.bot.reading import buttons, parts, text

from .asking import (
    HOSTILE,
    ask,
    bot_of,
    components,
    deny,
    feeds,
    forged_button,
    forged_menu,
    ids,
    is_inert,
    labels,
    made,
    told,
)
from .conftest import Press

ABOUT = {"query": "speculative decoding"}


async def the_feed(stage: Stage) -> Feed:
    [feed] = await feeds(stage)
    return feed


async def menus(stage: Stage, feed: Feed) -> simcord.ResponseMessage:
    return await ask(stage, "feed edit", feed=str(feed.number))


async def choose(
    stage: Stage, message: simcord.ResponseMessage, what: custom_ids.Choice, *values: object
) -> str:
    """What stands in place of the menus after a choice."""
    feed = await the_feed(stage)
    result = await stage.ada.select(message, values, custom_id=custom_ids.feed_choice(feed.number, what))
    assert not result.followups
    return text(message.components)


async def write(stage: Stage, message: simcord.ResponseMessage, label: str, **values: str) -> str:
    """What stands in place of the menus after a form."""
    form = await stage.ada.click(message, label=label)
    assert form.modal is not None
    present = {
        part["component"]["custom_id"]: part["component"].get("value", "")
        for part in form.modal["components"]
    }
    result = await stage.ada.submit_modal(form, present | values)
    assert not result.followups
    return text(message.components)


# Buttons


async def test_pausing_and_resuming_take_the_place_of_what_was_pressed(stage: Stage):
    feed = await made(stage, **ABOUT)
    page = await ask(stage, "feed show", feed=str(feed.number))
    await stage.ada.click(page, label="Pause")
    assert "**Paused**: somebody paused it" in text(page.components)
    assert (await the_feed(stage)).is_paused
    await stage.restart()
    await stage.ada.click(page, label="Resume")
    assert "**Next** " in text(page.components)
    assert not (await the_feed(stage)).is_paused


async def test_a_test_and_the_menus_come_as_messages_of_their_own(stage: Stage):
    feed = await made(stage, **ABOUT)
    page = await ask(stage, "feed show", feed=str(feed.number))
    await stage.restart()
    before = text(page.components)
    for label, words in (("Test", ", rehearsed"), ("Edit", "### Edit speculative decoding")):
        result = await stage.ada.click(page, label=label)
        assert result.ephemeral
        assert words in await told(result)
    assert text(page.components) == before


async def test_deleting_by_button_asks_once_more_and_a_second_press_finds_nothing(stage: Stage):
    feed = await made(stage, **ABOUT)
    page = await ask(stage, "feed show", feed=str(feed.number))
    await stage.ada.click(page, label="Delete")
    assert labels(page) == {"Delete", "Keep"}
    assert await feeds(stage) == [feed]
    again = await forged_button(stage, custom_ids.feed_deed("delete-now", feed.number))
    await stage.restart()
    await stage.ada.click(page, label="Delete")
    assert not await feeds(stage)
    assert "There is no such feed" in await told(await stage.ada.click(again, label="Press"))


async def test_it_does_not_go_on_by_button_where_it_could_not_post(stage: Stage):
    feed = await made(stage, **ABOUT)
    page = await ask(stage, "feed pause", feed=str(feed.number))
    deny(stage, stage.channel, "view_channel", "send_messages")
    result = await stage.ada.click(page, label="Resume")
    assert "I lack View Channel and Send Messages there" in await told(result)
    assert (await the_feed(stage)).is_paused


@pytest.mark.parametrize("hundredths", ["101", "999"])
async def test_a_threshold_above_one_is_none(stage: Stage, hundredths: str):
    feed = await made(stage, **ABOUT)
    message = await forged_button(stage, f"feed-threshold:{feed.number}:{hundredths}")
    assert "too old" in await told(await stage.ada.click(message, label="Press"))
    assert (await the_feed(stage)).settings == feed.settings


# Menus


async def test_each_menu_sets_what_is_chosen_and_shows_it(stage: Stage):
    page = await menus(stage, await made(stage, **ABOUT))
    await stage.restart()
    role = stage.ada.guild.create_role("readers", mentionable=True)
    assert "**Posts** on weekdays at 09:00 (UTC)\nSaved." in await choose(stage, page, "rhythm", "weekdays")
    assert "Saved." in await choose(stage, page, "style", "cards")
    await choose(stage, page, "sources", "arxiv", "files")
    await choose(stage, page, "most", "15")
    await choose(stage, page, "empty", "say")
    await choose(stage, page, "role", role)
    feed = await the_feed(stage)
    assert feed.due is not None
    assert feed.settings.schedule.rhythm == "weekdays"
    assert (feed.settings.style, feed.settings.sources) == ("cards", ("arxiv", "files"))
    assert (feed.settings.max_items, feed.settings.skip_empty) == (15, False)
    assert feed.settings.mention_role == role.id
    chosen = {
        option["value"]
        for part in parts(page.components)
        for option in part.get("options", [])
        if option.get("default")
    }
    assert {"weekdays", "cards", "arxiv", "files", "15", "say"} <= chosen
    await choose(stage, page, "sources")
    await choose(stage, page, "most", "usual")
    await choose(stage, page, "role")
    settings = (await the_feed(stage)).settings
    assert (settings.sources, settings.max_items, settings.mention_role) == ((), None, None)


async def test_cron_without_an_expression_is_to_be_written_into_the_form(stage: Stage):
    page = await menus(stage, await made(stage, **ABOUT))
    assert "into the form “Time and zone”" in await choose(stage, page, "rhythm", "cron")
    assert (await the_feed(stage)).settings.schedule.rhythm == "daily"
    shown = await write(stage, page, "Time and zone", cron="30 8 * * 1-5")
    assert "30 8 \\* \\* 1-5" in shown or "`30 8 * * 1-5`" in shown
    assert (await the_feed(stage)).settings.schedule == Schedule("cron", cron="30 8 * * 1-5")
    await choose(stage, page, "rhythm", "daily")
    await choose(stage, page, "rhythm", "cron")
    assert (await the_feed(stage)).settings.schedule.rhythm == "cron"


async def test_a_style_that_the_channel_does_not_take_is_refused_and_the_old_one_stays(stage: Stage):
    page = await menus(stage, await made(stage, **ABOUT))
    deny(stage, stage.channel, "create_public_threads")
    assert "I lack Create Public Threads there" in await choose(stage, page, "style", "forum")
    assert (await the_feed(stage)).settings.style == "digest"
    assert "Saved." in await choose(stage, page, "most", "3")


async def test_everyone_is_not_mentioned_and_a_silent_role_is_said(stage: Stage):
    page = await menus(stage, await made(stage, **ABOUT))
    assert "Choose a role that people can take" in await choose(
        stage, page, "role", stage.ada.guild.default_role
    )
    assert (await the_feed(stage)).settings.mention_role is None
    deny(stage, stage.channel, "mention_everyone")
    shown = await choose(stage, page, "role", stage.ada.guild.create_role("quiet"))
    assert "Saved. ⚠" in shown
    assert "is not notified" in shown


@pytest.mark.parametrize(
    ("what", "value"),
    [("rhythm", "hourly"), ("style", "loud"), ("sources", "twitter"), ("empty", "x")],
)
async def test_a_choice_that_is_none_changes_nothing(stage: Stage, what: custom_ids.Choice, value: str):
    feed = await made(stage, **ABOUT)
    message = await forged_menu(stage, custom_ids.feed_choice(feed.number, what), value)
    assert "too old" in await told(await stage.ada.select(message, [value]))
    assert await the_feed(stage) == feed


async def test_too_many_papers_are_none(stage: Stage):
    feed = await made(stage, **ABOUT)
    message = await forged_menu(stage, custom_ids.feed_choice(feed.number, "most"), "999")
    await stage.ada.select(message, ["999"])
    assert await the_feed(stage) == feed


async def test_a_role_of_another_server_is_refused(stage: Stage):
    feed = await made(stage, **ABOUT)
    other = stage.env.create_guild("Others").create_role("theirs")
    message = await forged_menu(stage, custom_ids.feed_choice(feed.number, "role"), str(other.id))
    await stage.ada.select(message, [str(other.id)])
    assert await the_feed(stage) == feed


# Forms


async def test_the_forms_open_with_what_is_set_and_set_what_is_written(stage: Stage):
    page = await menus(stage, await made(stage, **ABOUT))
    await stage.restart()
    shown = await write(stage, page, "Topic and words", name="Decoding watch", query="drafts -survey")
    assert shown.startswith("### Edit Decoding watch")
    await write(stage, page, "Time and zone", time="8pm", zone="tokyo", weekday="Fri")
    await write(stage, page, "Threshold and limits", threshold="0,6", upvotes="5", most="12")
    feed = await the_feed(stage)
    assert (feed.name, feed.settings.query) == ("Decoding watch", "drafts -survey")
    assert feed.settings.schedule == Schedule("daily", time_of_day(20), "Asia/Tokyo", weekday=4)
    assert (feed.settings.threshold, feed.settings.min_upvotes, feed.settings.max_items) == (0.6, 5, 12)
    await write(stage, page, "Threshold and limits", threshold="", upvotes="", most="")
    settings = (await the_feed(stage)).settings
    assert (settings.threshold, settings.min_upvotes, settings.max_items) == (None, None, None)


async def test_a_name_that_was_made_from_the_topic_goes_with_it(stage: Stage):
    page = await menus(stage, await made(stage, **ABOUT))
    await write(stage, page, "Topic and words", query="protein folding")
    assert (await the_feed(stage)).name == "protein folding"


@pytest.mark.parametrize(
    ("label", "values", "words"),
    [
        ("Topic and words", {"name": " "}, "Give it a name."),
        ("Time and zone", {"time": "25:00"}, "is no time of the day"),
        ("Time and zone", {"zone": "Atlantis"}, "There is no time zone “Atlantis”"),
        ("Time and zone", {"weekday": "Caturday"}, "is no weekday"),
        ("Time and zone", {"cron": "61 8 * * *"}, "is no minute"),
        ("Threshold and limits", {"threshold": "much"}, "a number from 0 to 1"),
        ("Threshold and limits", {"threshold": "nan"}, "a number from 0 to 1"),
        ("Threshold and limits", {"upvotes": "-1"}, "a whole number from 0"),
        ("Threshold and limits", {"most": "51"}, "a whole number from 1 to 50"),
    ],
)
async def test_what_cannot_be_is_explained_and_nothing_is_changed(
    stage: Stage, label: str, values: dict[str, str], words: str
):
    feed = await made(stage, **ABOUT)
    shown = await write(stage, await menus(stage, feed), label, **values)
    assert "Nothing is changed. " in shown
    assert words in shown
    assert "Error" not in shown
    assert await the_feed(stage) == feed


async def test_a_forums_tags_are_written_with_commas(stage: Stage):
    forum = stage.ada.guild.create_forum_channel("forum")
    page = await menus(stage, await made(stage, channel=forum, **ABOUT))
    await write(stage, page, "Threshold and limits", tags="agents, serving")
    assert (await the_feed(stage)).settings.tags == ("agents", "serving")
    assert "5 tags a post, and these are 6" in await write(
        stage, page, "Threshold and limits", tags="a,b,c,d,e,f"
    )


async def test_what_is_written_acts_nowhere(stage: Stage):
    page = await menus(stage, await made(stage, **ABOUT))
    await write(stage, page, "Topic and words", name=HOSTILE, query=HOSTILE)
    assert is_inert(page, await ask(stage, "feed list"), await ask(stage, "feed show", feed="1"))


async def test_a_form_of_a_feed_that_is_gone_is_explained(stage: Stage):
    feed = await made(stage, **ABOUT)
    form = await stage.ada.click(await menus(stage, feed), label="Topic and words")
    await bot_of(stage).office.desk.delete(feed)
    result = await stage.ada.submit_modal(form, {"name": "Late", "query": "late"})
    assert "There is no such feed" in await told(result)


# Posts


async def posted(press: Press, *titles: str) -> discord.Message:
    await press.arrive(*titles)
    await press.go()
    [message] = press.stage.channel.history()
    return message


def custom_id(message: discord.Message, beginning: str) -> str:
    found = [part.get("custom_id", "") for part in parts(components(message))]
    return next(one for one in found if one.startswith(beginning))


async def test_anybody_in_the_channel_learns_why_a_paper_was_posted_and_nobody_else_sees_it(press: Press):
    stage = press.stage
    await press.feed(query="speculative decoding drafts tokens", name="Decoding watch")
    message = await posted(press, "Fast drafts")
    await stage.restart()
    cy = stage.ada.guild.add_member(stage.env.create_user("cy"))
    result = await cy.click(message, label="Why this?")
    assert result.ephemeral
    shown = await told(result)
    assert "### Why Decoding watch posted this" in shown
    assert "Fast drafts" in shown
    assert "✓ about “speculative decoding drafts tokens”" in shown


async def test_a_paper_of_a_digest_is_read_by_choosing_it(press: Press):
    stage = press.stage
    await press.feed(style="digest")
    message = await posted(press, "Fast drafts", "Faster drafts")
    await stage.restart()
    menu = custom_id(message, "post-paper:")
    options = next(part["options"] for part in parts(components(message)) if part.get("custom_id") == menu)
    result = await stage.ben.select(message, [options[1]["value"]], custom_id=menu)
    assert result.ephemeral
    assert result.response is not None
    assert "A large model verifies the drafted tokens" in text(result.response.components)
    assert "Share" in buttons(result.response.components)


async def test_why_of_a_feed_that_is_deleted_is_said_in_words(press: Press):
    feed = await press.feed(name="Decoding watch")
    message = await posted(press, "Fast drafts")
    await press.parts.office.desk.delete(feed)
    shown = await told(await press.stage.ben.click(message, label="Why this?"))
    assert "What posted this is deleted" in shown


async def test_why_is_not_told_in_another_channel_than_the_posts(press: Press):
    stage = press.stage
    hidden = stage.ada.guild.create_text_channel("hidden")
    await press.feed(name="A secret", channel=hidden.id)
    await press.arrive("Fast drafts")
    await press.go()
    [message] = hidden.history()
    copy = await forged_button(stage, custom_id(message, "post:"))
    assert "A secret" not in await told(await stage.ben.click(copy, label="Press"))
    assert "A secret" in await told(await stage.ada.click(message, label="Why this?"))
    nowhere = await forged_button(stage, custom_ids.post("nowhere"))
    assert "is deleted" in await told(await stage.ben.click(nowhere, label="Press"))


async def test_a_paper_that_is_not_here_is_said_in_words(press: Press):
    message = await forged_menu(press.stage, custom_ids.post_paper("x"), "2611.99999")
    shown = await told(await press.stage.ben.select(message, ["2611.99999"]))
    assert "is not in this corpus" in shown


async def test_every_custom_id_of_the_menus_is_answered(stage: Stage):
    page = await menus(stage, await made(stage, **ABOUT))
    assert all(custom_ids.is_known(one) for one in ids(page))
