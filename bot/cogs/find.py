"""/find: papers by what they are about."""

from datetime import UTC, datetime

from discord import Interaction, app_commands
from discord.ext import commands

from bot.cards.results import results_view
from bot.client import Papercord
from bot.responding import acknowledge, fill

MAX_QUESTION = 300  # characters: a question, not an abstract


class Find(commands.Cog):
    """Searching."""

    def __init__(self, bot: Papercord) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(
        query="What the papers are about, in your own words",
        private="Whether only you see the answer (in a server: yes, unless you say no)",
    )
    async def find(
        self,
        interaction: Interaction,
        query: app_commands.Range[str, 1, MAX_QUESTION],
        private: bool | None = None,
    ) -> None:
        """Find papers by what they are about.

        Ask in your own words, for example `speculative decoding on mobile`, or `do four-bit weights cost accuracy`. The
        papers closest to it, in words and in meaning, come first, each with the sentence of its abstract that matches best. If no paper
        here is about it, the answer says so.
        """
        ephemeral = await acknowledge(interaction, private=private)
        results = await self._bot.library.find(query)
        list_id = await self._bot.lists.keep(results, now=datetime.now(UTC))
        page = await self._bot.library.page(results, 0)
        await fill(interaction, results_view(page, list_id=list_id, shareable=ephemeral))
