"""/paper and /similar: one paper, and those like it."""

from discord import Interaction, app_commands
from discord.ext import commands

from bot.cards.paper import whole_card
from bot.client import Papercord
from bot.cogs.choices import paper_choices
from bot.responding import acknowledge, fill, show_list

_PAPER = "A title (choose from the list), an arXiv id, or a link to the paper"
_PRIVATE = "Whether only you see the answer (in a server: yes, unless you say no)"
_GivenPaper = app_commands.Range[str, 1, 300]


class Papers(commands.Cog):
    """Papers one by one."""

    def __init__(self, bot: Papercord) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(paper=_PAPER, private=_PRIVATE)
    async def paper(self, interaction: Interaction, paper: _GivenPaper, private: bool | None = None) -> None:
        """Show one paper with its abstract and links.

        Type words of the title and choose from the list, or give an arXiv id (`2506.01986`), or a link to arXiv or
        Hugging Face.
        """
        ephemeral = await acknowledge(interaction, private=private)
        found = await self._bot.library.paper(paper)
        await fill(interaction, whole_card(found, shareable=ephemeral))

    @app_commands.command()
    @app_commands.describe(paper=_PAPER, private=_PRIVATE)
    async def similar(
        self, interaction: Interaction[Papercord], paper: _GivenPaper, private: bool | None = None
    ) -> None:
        """Find papers like one that you know.

        Give the paper as for /paper. The papers closest to it in meaning come first, each with its sentence that is
        nearest to that paper.
        """
        ephemeral = await acknowledge(interaction, private=private)
        results = await self._bot.library.similar(await self._bot.library.paper(paper))
        await show_list(interaction, results, shareable=ephemeral)

    @paper.autocomplete("paper")
    @similar.autocomplete("paper")
    async def suggest(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:  # noqa: ARG002 - discord.py's shape
        """Titles and ids that fit what was typed so far."""
        return await paper_choices(self._bot.library, typed)
