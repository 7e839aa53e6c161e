"""/health: those who manage a server see whether the bot does its work, and of other servers only counts."""

from dataclasses import replace
from datetime import timedelta

import discord
import pytest

from bot.cards.health import Health, health_view
from bot.state.loop_states import FEEDS
from tests.bot.reading import text
from tests.conftest import NOW

from .asking import HOSTILE, ask, deny, is_inert, made, said, told
from .conftest import Press


def shown(health: Health) -> str:
    return text(health_view(health).to_components())


WELL = Health(NOW, NOW, 3, 1, 2, 0, 0, 40, 0, 0, 52, latency=0.045)


async def test_it_says_what_is_due_what_waits_and_what_was_posted(
    press: Press, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.clock.now", press.time)
    await press.feed()
    await press.arrive("Fast drafts")
    await press.go()
    await press.arrive("Faster drafts")
    await press.plan()
    await press.parts.states.ticked(FEEDS, now=NOW)
    answer = await said(press.stage, "health")
    assert f"✓ **Feeds’ loop** last went round <t:{NOW.timestamp():.0f}:R>" in answer
    assert "**Feeds and alerts** 1, of which 0 due now" in answer
    assert "1 posted · 1 waiting · 0 set aside · 0 perhaps posted" in answer
    assert "**Errors** none" in answer
    assert "**Papers** 54" in answer
    assert "**Gateway latency** " in answer


async def test_only_this_servers_paused_feeds_are_named(press: Press):
    stage = press.stage
    other = stage.env.create_guild("Others")
    role = other.create_role("keepers", permissions=discord.Permissions(manage_guild=True))
    channel, eve = (
        other.create_text_channel("theirs"),
        other.add_member(stage.env.create_user("eve"), roles=[role]),
    )
    await eve.slash(channel, "feed create", channel=channel, query="their secret")
    await ask(stage, "alert add", query="my own secret")
    for number in ("1", "2"):
        await press.parts.feeds.pause(int(number), "why they are")
    await press.parts.feeds.pause((await made(stage, query=HOSTILE)).number, f"why ours is {HOSTILE}")
    answer = await ask(stage, "health")
    assert "secret" not in text(answer.components)
    assert "why ours is" in text(answer.components)
    assert "Paused in other places: 2" in text(answer.components)
    assert is_inert(answer)


async def test_what_went_wrong_is_the_owners_to_read(press: Press):
    await press.parts.states.ticked(FEEDS, now=NOW, errors=2, last_error="disk /srv/papercord is full")
    assert "2, the last: disk /srv/papercord is full" in await said(press.stage, "health")
    theirs = await told(await press.stage.ben.slash(press.stage.channel, "health"))
    assert "**Errors** 2; the operator’s log says more" in theirs
    assert "/srv" not in theirs


async def test_a_loop_that_stands_still_is_marked():
    assert "✓ **Feeds’ loop**" in shown(WELL)
    assert "⚠ **Feeds’ loop** last went round" in shown(replace(WELL, ticked=NOW - timedelta(minutes=3)))
    assert "has not gone round yet" in shown(replace(WELL, ticked=None))


async def test_a_latency_that_is_no_number_is_said_so():
    assert "**Gateway latency** 45 ms" in shown(WELL)
    assert "**Gateway latency** not known" in shown(replace(WELL, latency=None))


async def test_fifty_paused_feeds_with_long_reasons_fit_one_message():
    paused = tuple((f"{number} {HOSTILE}" * 5, HOSTILE * 10) for number in range(50))
    assert len(shown(replace(WELL, paused=paused, last_error=HOSTILE * 50, errors=1))) <= 4000


async def test_a_channel_that_is_closed_is_counted(press: Press):
    deny(press.stage, press.stage.channel, "send_messages")
    await press.parts.outbox.close(press.stage.channel.id, "x", now=NOW, again=[timedelta(days=1)])
    assert "**Channels closed to me** 1" in await said(press.stage, "health")
