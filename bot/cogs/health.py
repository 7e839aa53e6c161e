"""/health: whether the bot does its work."""

from discord import Interaction, app_commands

from bot.cards.health import health_view
from bot.cogs.administrators import AdministratorsCog
from bot.responding import acknowledge, fill
from bot.server_health import server_health


class HealthCog(AdministratorsCog, name="Health"):
    """How the bot is."""

    @app_commands.command()
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def health(self, interaction: Interaction) -> None:
        """Show whether the bot does its work, and what is stopped.

        When it last looked for what is due, what waits to be posted, what was set aside, which feeds of this server are
        paused and why, and how quickly Discord answers.
        """
        await acknowledge(interaction, private=True)
        health = await server_health(
            self._bot.office,
            self._bot.library,
            guild=interaction.guild_id or 0,
            latency=self._bot.latency,
            late=self._bot.punctuality.late,
            is_owner=await self._bot.is_owner(interaction.user),
        )
        await fill(interaction, health_view(health))
