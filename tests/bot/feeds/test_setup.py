"""/setup: channel by channel, each permission that is missing, and where nothing is."""

import discord
import pytest

from bot.cards.health import CheckedChannel, setup_view
from tests.bot.conftest import Stage
from tests.bot.reading import text

from .asking import bot_of, deny, made, said

EXPLAINED = pytest.mark.simcord(check_errors=False)


async def test_where_nothing_is_missing_it_says_so_and_what_is_there(stage: Stage):
    await made(stage)
    shown = await said(stage, "setup")
    assert "Nothing is missing." in shown
    assert f"✓ **<#{stage.channel.id}>** · 1 feed: nothing is missing" in shown
    assert "✓ View Channel, Send Messages, Read Message History" in shown
    assert "✗" not in shown


async def test_each_missing_permission_is_named_with_what_fails_and_those_that_are_there(stage: Stage):
    fine = stage.ada.guild.create_text_channel("fine")
    await made(stage, style="forum")
    await made(stage)
    await made(stage, channel=fine)
    deny(stage, stage.channel, "send_messages", "create_public_threads")
    shown = await said(stage, "setup")
    assert "Something is missing in 1 channel." in shown
    assert shown.count("<#") == 2, "each channel once"
    assert f"✗ **<#{stage.channel.id}>** · 2 feeds" in shown
    assert "-# ✗ Send Messages: without it nothing can be posted" in shown
    assert "-# ✗ Create Public Threads: without it papers get no thread of their own" in shown
    assert "-# ✓ View Channel, Read Message History" in shown
    assert shown.index(str(stage.channel.id)) < shown.index(str(fine.id)), "what is wrong comes first"


async def test_one_channel_can_be_given_with_or_without_feeds(stage: Stage):
    other = stage.ada.guild.create_text_channel("other")
    await made(stage)
    deny(stage, other, "read_message_history")
    shown = await said(stage, "setup", channel=other)
    assert str(stage.channel.id) not in shown
    assert "✗ Read Message History" in shown
    assert "it is not made again" in shown


async def test_a_thread_needs_another_permission(stage: Stage):
    channel = stage.env.bot.get_channel(stage.channel.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.create_thread(name="a thread", type=discord.ChannelType.public_thread)
    deny(stage, stage.channel, "send_messages_in_threads")
    shown = await said(stage, "setup", channel=stage.channel.threads[0])
    assert "✗ Send Messages in Threads: without it nothing can be posted in threads" in shown


async def test_before_the_first_feed_the_channel_is_checked_where_it_is_asked(stage: Stage):
    shown = await said(stage, "setup")
    assert f"✓ **<#{stage.channel.id}>**: nothing is missing" in shown
    assert "make one with `/feed create`" in shown


async def test_a_role_that_nobody_would_notice_is_named(stage: Stage):
    role = stage.ada.guild.create_role("quiet")
    await made(stage, mention_role=role)
    deny(stage, stage.channel, "mention_everyone")
    shown = await said(stage, "setup")
    assert "Something is missing in 1 channel." in shown
    assert "is not notified" in shown


async def test_a_channel_that_is_gone_is_named(stage: Stage):
    feed = await made(stage)
    guild = bot_of(stage).get_guild(stage.ada.guild.id)
    assert guild is not None
    other = stage.ada.guild.create_text_channel("elsewhere")
    guild._channels.pop(feed.channel or 0)
    result = await stage.ada.slash(other, "setup")
    assert result.response is not None
    assert "deleted, archived, or hidden from me" in text(result.response.components)


async def test_fifty_channels_where_all_is_missing_fit_one_message():
    names = ("View Channel", "Send Messages", "Create Public Threads", "Read Message History")
    channels = [CheckedChannel(10**18 + number, 50, missing=names) for number in range(50)]
    shown = text(setup_view(channels).to_components())
    assert len(shown) <= 4000
    assert "more" in shown
