"""/latest and /top: what came up, by day or by how it was received."""

from discord import Interaction, app_commands
from discord.ext import commands

from bot import clock
from bot.browsing import MOST_DAYS, PeriodName
from bot.client import Papercord
from bot.cogs.choices import category_choices
from bot.responding import acknowledge, show_list
from corpus.listing import Count

_TOPIC = "An arXiv category, such as cs.CL, or words that the papers are about"
_PRIVATE = "Whether only you see the answer (in a server: yes, unless you say no)"
_Topic = app_commands.Range[str, 1, 300]


class Listings(commands.Cog):
    """What came up lately."""

    def __init__(self, bot: Papercord) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(
        days=f"How many days to look back, up to {MOST_DAYS} (a week, unless you say)",
        topic=_TOPIC,
        private=_PRIVATE,
    )
    async def latest(
        self,
        interaction: Interaction[Papercord],
        days: app_commands.Range[int, 1, MOST_DAYS] = 7,
        topic: _Topic = "",
        private: bool | None = None,
    ) -> None:
        """Show the newest papers, of everything or of one topic.

        The papers that were announced in the last days, the newest first, and within a day the most upvoted. Where no
        announcement is known, the day of publication counts.

        A topic is an arXiv category (`cs.CL`), or words as in /find: then only papers that are about them are shown, each
        with its sentence that matches best. If none of these days is about them, the answer says so.
        """
        ephemeral = await acknowledge(interaction, private=private)
        today = clock.now().date()
        results = await self._bot.library.latest(days, topic, today=today)
        await show_list(interaction, results, shareable=ephemeral)

    @app_commands.command()
    @app_commands.describe(
        period="Papers announced in the last day, week, month (30 days) or year, or at any time",
        by="What is counted: upvotes (unless you say), comments, or stars of the code",
        topic=_TOPIC,
        private=_PRIVATE,
    )
    async def top(
        self,
        interaction: Interaction[Papercord],
        period: PeriodName,
        by: Count = "upvotes",
        topic: _Topic = "",
        private: bool | None = None,
    ) -> None:
        """Show the most upvoted, commented or starred papers.

        Upvotes and comments are of Hugging Face, stars of the code on GitHub, each as it was when the bot last looked. A
        paper whose count is not known is left out: unknown is not zero.

        A topic is an arXiv category (`cs.CL`), or words as in /find: then only papers that are about them are shown. If
        none of the period is about them, the answer says so.
        """
        ephemeral = await acknowledge(interaction, private=private)
        today = clock.now().date()
        results = await self._bot.library.top(period, by, topic, today=today)
        await show_list(interaction, results, shareable=ephemeral)

    @latest.autocomplete("topic")
    @top.autocomplete("topic")
    async def suggest(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:  # noqa: ARG002 - discord.py's shape
        """Categories that fit what was typed so far; any words may be typed all the same."""
        return category_choices(typed)
