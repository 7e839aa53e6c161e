"""What Discord tells of channels and permissions, for the feeds: what closes is paused, and what opens goes on."""

import logging
from collections.abc import Generator
from contextlib import contextmanager

import discord
from discord.ext import commands

from bot.client import Papercord
from bot.feeds.access import missing_to_post
from bot.feeds.places import has_threads

log = logging.getLogger(__name__)
_CHANNEL_GONE, _THREAD_GONE = "the channel was deleted", "the thread was deleted"
_SERVER_LEFT = "I was removed from the server"


class FeedEvents(commands.Cog):
    """Listens; nothing is ever raised here, since nobody would hear of it."""

    def __init__(self, bot: Papercord) -> None:
        self._bot = bot

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Its feeds are off."""
        with _logged("a deleted channel"):
            await self._bot.office.aftermath.gone(channel.id, _CHANNEL_GONE)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, thread: discord.RawThreadDeleteEvent) -> None:
        """Its feeds are off; a thread that is deleted with its channel is told of, too."""
        with _logged("a deleted thread"):
            await self._bot.office.aftermath.gone(thread.thread_id, _THREAD_GONE)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """All of its feeds are off; an outage is none of this."""
        with _logged("a server that was left"):
            await self._bot.office.aftermath.left(guild.id, _SERVER_LEFT)

    @commands.Cog.listener()
    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """Its permissions may have changed; a new topic or place in the list opens nothing."""
        if before.overwrites != after.overwrites:
            await self._look_again(after.guild)

    @commands.Cog.listener()
    async def on_thread_update(self, before: discord.Thread, after: discord.Thread) -> None:
        """It may be unlocked."""
        if (before.locked, before.archived) != (after.locked, after.archived):
            await self._look_again(after.guild)

    @commands.Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """A role of ours may have got permissions."""
        if before.permissions != after.permissions:
            await self._look_again(after.guild)

    @commands.Cog.listener()
    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """We may have got a role; without the intent for it we hear of no other member."""
        changed = (before.roles, before.timed_out_until) != (after.roles, after.timed_out_until)
        if after == after.guild.me and changed:
            await self._look_again(after.guild)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """An outage is over."""
        await self._look_again(guild)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """We are back."""
        await self._look_again(guild)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """What was changed while we were away is not told."""
        with _logged("servers that were left"):
            here = {guild.id for guild in self._bot.guilds}  # those that have an outage, too
            await self._bot.office.aftermath.left_all_but(here, _SERVER_LEFT)
        await self._look_again(*self._bot.guilds)

    async def _look_again(self, *guilds: discord.Guild) -> None:
        """Let every place of these servers that was closed go on, where we may post by now."""
        with _logged("what may be open again"):
            closed = [one.place for one in await self._bot.office.outbox.closed()]
            for guild in guilds:
                channels = [guild.get_channel_or_thread(place) for place in closed if not guild.unavailable]
                for channel in filter(None, channels):
                    await self._try_again(channel)

    async def _try_again(self, channel: discord.abc.GuildChannel | discord.Thread) -> None:
        office = self._bot.office
        settings = [
            feed.settings
            for feed in await office.desk.of_guild(channel.guild.id)
            if feed.channel == channel.id
        ]
        if not missing_to_post(channel, has_threads=has_threads(channel, settings)):
            await office.aftermath.reopen(channel.id)
            office.desk.ring()


@contextmanager
def _logged(what: str) -> Generator[None, None, None]:
    try:
        yield
    except Exception:
        log.exception("The feeds could not be told of %s", what)
