"""/setup: what the bot may do in a server's channels, and what it lacks."""

from collections.abc import Sequence

from discord import Interaction, app_commands

from bot.cards.health import CheckedChannel, setup_view
from bot.cogs.administrators import AdministratorsCog
from bot.cogs.feeds import ChannelOption
from bot.feeds.feed import Feed
from bot.feeds.places import Channel, Given, checked_channel, checked_places, chosen_channel
from bot.responding import acknowledge, fill


class SetupCog(AdministratorsCog, name="Setup"):
    """What is still to be done in a server."""

    @app_commands.command()
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.describe(
        channel="One channel, whether or not feeds post there (all with feeds, unless you say)"
    )
    async def setup(self, interaction: Interaction, channel: ChannelOption | None = None) -> None:
        """Check what the bot may do, channel by channel.

        Each permission that it lacks where this server's feeds post is named, with what fails without it.
        """
        await acknowledge(interaction, private=True)
        feeds = await self._bot.office.desk.of_guild(interaction.guild_id or 0)
        checked = await self._checked(interaction, feeds, channel)
        await fill(interaction, setup_view(checked, has_feeds=bool(feeds)))

    async def _checked(
        self, interaction: Interaction, feeds: Sequence[Feed], given: Given | None
    ) -> list[CheckedChannel]:
        """The channel that was given; else all with feeds; where there is none yet, the one where it was asked."""
        channel = await chosen_channel(self._bot, interaction.guild_id, given) if given else None
        if channel is None and feeds:
            return checked_places(self._bot, feeds)
        here = channel or self._bot.get_channel(interaction.channel_id or 0)
        there = [feed for feed in feeds if channel and feed.channel == channel.id]
        return [checked_channel(here, there)] if isinstance(here, Channel) else []
