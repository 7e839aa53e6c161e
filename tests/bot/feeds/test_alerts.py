"""/alert: a reader is told of new papers by direct message, in a server, in private, and nobody else sees it."""

from datetime import time as time_of_day
from typing import Any

import pytest
import simcord

from bot.cards import custom_ids
from bot.errors import UnknownFeedError
from bot.feeds.aftermath import MESSAGES_CLOSED
from bot.feeds.desk import MOST_ALERTS
from bot.feeds.feed import Feed, Settings
from bot.feeds.schedule import Schedule
from tests.bot.conftest import Stage
from tests.bot.reading import buttons, text

from .asking import (
    HOSTILE,
    alerts,
    ask,
    bot_of,
    forged_button,
    forged_menu,
    ids,
    is_inert,
    labels,
    said,
    told,
)
from .conftest import Press

EXPLAINED = pytest.mark.simcord(check_errors=False)
QUERY = "speculative decoding"


async def added(stage: Stage, query: str = QUERY, **options: Any) -> Feed:
    await ask(stage, "alert add", query=query, **options)
    return (await alerts(stage))[-1]


async def in_private(stage: Stage, name: str, **options: Any) -> simcord.ResponseMessage:
    result = await stage.ada.user.slash(name, **options)
    assert not result.ephemeral, "in private everything is visible"
    assert result.response is not None
    return result.response


# Commands


async def test_an_alert_is_made_daily_unless_somebody_says(stage: Stage):
    shown = await said(stage, "alert add", query=QUERY)
    [alert] = await alerts(stage)
    assert alert.settings == Settings(QUERY)
    assert (alert.kind, alert.guild, alert.channel, alert.user) == ("alert", None, None, stage.ada.id)
    assert "**Comes** daily at 09:00 (UTC), as a direct message" in shown
    assert "**Next** <t:" in shown


async def test_it_comes_as_was_said(stage: Stage):
    alert = await added(stage, schedule="weekly", time="7:30", timezone="Europe/Berlin", threshold=0.6)
    assert alert.settings.schedule == Schedule("weekly", time_of_day(7, 30), "Europe/Berlin")
    assert (alert.settings.threshold, alert.settings.style) == (0.6, "digest")
    assert (await added(stage, "folding", schedule="instant")).settings.style == "cards"


@EXPLAINED
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"query": " "}, "Say what the papers are to be about"),
        ({"query": "x", "time": "25"}, "is no time of the day"),
        ({"query": "x", "timezone": "Atlantis"}, "There is no time zone"),
    ],
)
async def test_what_cannot_be_is_explained(stage: Stage, options: dict[str, Any], words: str):
    assert words in await said(stage, "alert add", **options)
    assert not await alerts(stage)


@EXPLAINED
async def test_the_same_again_and_too_many_are_refused(stage: Stage):
    await added(stage)
    assert "exactly this alert already" in await said(stage, "alert add", query=QUERY)
    for number in range(1, MOST_ALERTS):
        await bot_of(stage).office.desk.make_alert(stage.ada.id, Settings(f"topic {number}"))
    assert f"You have {MOST_ALERTS} alerts" in await said(stage, "alert add", query="one more")


async def test_they_are_listed_edited_paused_resumed_tested_and_removed(stage: Stage):
    assert "/alert add" in await said(stage, "alert list")
    await added(stage)
    assert "### 1 alert\n▶ speculative decoding" in await said(stage, "alert list")
    menus = await ask(stage, "alert edit", alert=QUERY)
    assert not any("style" in one or "role" in one for one in ids(menus))
    assert "**Paused**" in await said(stage, "alert pause", alert=QUERY)
    assert "**Next**" in await said(stage, "alert resume", alert=QUERY)
    assert ", rehearsed" in await said(stage, "alert test", alert=QUERY)
    question = await ask(stage, "alert remove", alert=QUERY)
    await stage.ada.click(question, label="Delete")
    assert "is deleted" in text(question.components)
    assert not await alerts(stage)


async def test_all_of_it_works_in_private_after_a_restart(stage: Stage):
    ada = stage.ada.user
    page = await in_private(stage, "alert add", query=QUERY)
    await stage.restart()
    await ada.click(page, label="Pause")
    assert (await alerts(stage))[0].is_paused
    await ada.click(page, label="Resume")
    assert not (await alerts(stage))[0].is_paused
    edit = (await ada.click(page, label="Edit")).response
    assert edit is not None
    number = (await alerts(stage))[0].number
    await ada.select(edit, ["instant"], custom_id=custom_ids.feed_choice(number, "rhythm"))
    assert "Saved." in text(edit.components)
    assert (await alerts(stage))[0].settings.style == "cards"
    form = await ada.click(edit, label="Topic and words")
    await ada.submit_modal(form, {"name": "Mine", "query": "protein folding"})
    assert text(edit.components).startswith("### Edit Mine")
    form = await ada.click(edit, label="Topic and words")
    assert (await alerts(stage))[0].settings.query == "protein folding"
    test = (await ada.click(page, label="Test")).response
    assert test is not None
    assert ", rehearsed" in text(test.components)
    await ada.click(page, label="Delete")
    await ada.click(page, label="Delete")
    assert not await alerts(stage)


async def test_they_are_offered_while_one_types_and_to_nobody_else(stage: Stage):
    alert = await added(stage)
    offered = await stage.ada.autocomplete(stage.channel, "alert pause", "alert", "dec")
    assert offered == [{"name": QUERY, "value": str(alert.number)}]
    assert await stage.ben.autocomplete(stage.channel, "alert pause", "alert", "") == []
    assert (await stage.ada.user.autocomplete("alert add", "timezone", "berl"))[0]["value"] == "Europe/Berlin"


# Whose they are


@EXPLAINED
async def test_another_readers_alert_is_no_alert_whatever_they_manage(stage: Stage):
    alert = await added(stage)
    for name in ("edit", "pause", "resume", "remove", "test"):
        result = await stage.ben.slash(stage.channel, f"alert {name}", alert=str(alert.number))
        assert "There is no such feed or alert here" in await told(result)
    for deed in ("test", "edit", "pause", "resume", "delete", "delete-now", "keep"):
        message = await forged_button(stage, custom_ids.feed_deed(deed, alert.number))
        assert "There is no such feed" in await told(await stage.ben.click(message, label="Press"))
    assert await alerts(stage) == [alert]


@EXPLAINED
async def test_a_servers_feed_is_no_alert_and_an_alert_no_feed(stage: Stage):
    alert = await added(stage)
    await stage.ada.slash(stage.channel, "feed create", channel=stage.channel)
    [feed] = await bot_of(stage).office.desk.of_guild(stage.ada.guild.id)
    assert "There is no such feed" in await said(stage, "alert edit", alert=str(feed.number))
    assert "There is no such feed" in await said(stage, "feed show", feed=str(alert.number))
    message = await stage.ada.user.slash("alert edit", alert=str(feed.number))
    assert "There is no such feed" in await told(message)


async def test_what_is_a_channels_cannot_be_chosen_for_an_alert(stage: Stage):
    alert = await added(stage)
    choices: list[tuple[custom_ids.Choice, str]] = [("style", "forum"), ("empty", "say"), ("role", "1")]
    for what, value in choices:
        message = await forged_menu(stage, custom_ids.feed_choice(alert.number, what), value)
        assert "too old" in await told(await stage.ada.select(message, [value]))
    assert await alerts(stage) == [alert]


async def test_an_alert_cannot_lose_its_topic(stage: Stage):
    alert = await added(stage)
    page = await ask(stage, "alert edit", alert=QUERY)
    form = await stage.ada.click(page, label="Topic and words")
    await stage.ada.submit_modal(form, {"name": "x", "query": "\u200b"})
    assert "Say what the papers are to be about" in text(page.components)
    assert await alerts(stage) == [alert]


async def test_queries_act_nowhere(stage: Stage):
    page = await ask(stage, "alert add", query=HOSTILE)
    listed = await ask(stage, "alert list")
    number = str((await alerts(stage))[0].number)
    assert is_inert(page, listed, await ask(stage, "alert edit", alert=number))


# Direct messages


async def test_why_this_is_answered_in_the_direct_message(press: Press):
    stage = press.stage
    await added(stage, "speculative decoding drafts tokens", schedule="instant")
    await press.arrive("Fast drafts")
    await press.go()
    [message] = stage.ada.user.dm_channel.history()
    shown = await told(await stage.ada.user.click(message, label="Why this?"))
    assert "### Why speculative decoding drafts tokens posted this" in shown
    assert "Fast drafts" in shown


async def closed(press: Press, *queries: str) -> None:
    """Alerts that were paused because their reader takes no direct messages."""
    for query in queries:
        await added(press.stage, query, schedule="instant")
    press.stage.env.inject_error(
        "POST", "/channels/*/messages", status=403, code=50007, message="Cannot send messages to this user"
    )
    await press.arrive("Fast drafts")
    await press.go()
    assert all(alert.is_paused for alert in await alerts(press.stage))


async def test_whose_alerts_were_paused_by_closed_messages_is_told_once_at_their_next_command(press: Press):
    stage = press.stage
    await closed(press, "speculative decoding drafts tokens", "decoding with small models")
    assert not (await stage.ben.slash(stage.channel, "about")).followups
    result = await stage.ada.slash(stage.channel, "about")
    [notice] = result.followups
    assert notice.ephemeral
    shown = text(notice.components)
    assert "### 2 alerts of yours are paused" in shown
    assert "**speculative decoding drafts tokens**" in shown
    assert "direct messages" in shown
    assert not (await stage.ada.slash(stage.channel, "about")).followups

    await stage.restart()
    assert labels(notice) == {
        "Resume speculative decoding drafts tokens",
        "Resume decoding with small models",
    }
    answers = [await stage.ada.click(notice, label=label) for label in sorted(labels(notice))]
    assert all(answer.ephemeral for answer in answers)
    assert labels(notice), "the notice stays, for the other one"
    assert not any(alert.is_paused for alert in await alerts(stage))
    await press.go()
    assert len(stage.ada.user.dm_channel.history()) >= 1


async def test_the_list_says_why_they_are_paused(press: Press):
    await closed(press, "speculative decoding drafts tokens")
    assert "You take no direct messages from me" in await said(press.stage, "alert list")
    [alert] = await alerts(press.stage)
    assert alert.why == MESSAGES_CLOSED


async def test_twenty_paused_alerts_fit_one_message(stage: Stage):
    bot = bot_of(stage)
    for number in range(MOST_ALERTS):
        alert = await bot.office.desk.make_alert(stage.ada.id, Settings(f"{number} {HOSTILE}" + "x" * 200))
        await bot.office.desk._feeds.pause(alert.number, MESSAGES_CLOSED, untold=True)
    [notice] = (await stage.ada.slash(stage.channel, "about")).followups
    assert len(buttons(notice.components)) == MOST_ALERTS
    assert is_inert(notice)


async def test_a_command_is_answered_though_telling_fails(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    async def fails(_user: int) -> list[Feed]:
        raise UnknownFeedError

    monkeypatch.setattr(bot_of(stage).office.desk, "untold", fails)
    result = await stage.ada.slash(stage.channel, "about")
    assert result.response is not None
    assert not result.followups
    assert "could not be told of alerts" in caplog.text
