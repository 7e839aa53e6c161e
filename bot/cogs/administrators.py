"""What the commands of those who manage a server have in common."""

from discord import Interaction, app_commands
from discord.ext import commands

from bot.client import Papercord
from bot.errors import NotAdministratorError


class AdministratorsCog(commands.Cog):
    """Commands that a server may show to anybody, and that only those may run who manage it."""

    def __init__(self, bot: Papercord) -> None:
        self._bot = bot

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Whoever a server lets see these commands, the bot looks itself."""
        try:
            self._bot.require_administrator(interaction)
        except NotAdministratorError as error:
            raise app_commands.CheckFailure from error  # discord.py takes no other error here
        return True

    def _may_see(self, interaction: Interaction) -> bool:
        """Whether to offer names while one types: that is not checked by discord.py."""
        try:
            self._bot.require_administrator(interaction)
        except NotAdministratorError:
            return False
        return True
