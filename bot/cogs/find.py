"""/find: papers by what they are about."""

from discord import Interaction, app_commands
from discord.ext import commands

from bot import clock
from bot.client import Papercord
from bot.cogs.choices import category_choices
from bot.responding import acknowledge, show_list
from bot.results import Sort
from retrieval.query import narrowed, parse
from retrieval.search import Mode

MAX_QUESTION = 300  # characters: a question, not an abstract
_Short = app_commands.Range[str, 1, 100]


class Find(commands.Cog):
    """Searching."""

    def __init__(self, bot: Papercord) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(
        query="What the papers are about, in your own words",
        sort="The order of the papers that are found",
        since="Not older than this: 2024-05, “16 May 2024”, 30d, last month",
        until="Not newer than this: a date, or how long ago",
        author="An author's name, or a part of it",
        org="An organisation's name, or a part of it",
        topic="An arXiv category, such as cs.CL",
        has_code="Only papers that link to code",
        min_upvotes="Only papers with at least so many upvotes",
        mode="By words and meaning (hybrid), by meaning alone, or by words alone",
        private="Whether only you see the answer (in a server: yes, unless you say no)",
    )
    async def find(
        self,
        interaction: Interaction[Papercord],
        query: app_commands.Range[str, 1, MAX_QUESTION],
        sort: Sort = "relevance",
        since: _Short | None = None,
        until: _Short | None = None,
        author: _Short | None = None,
        org: _Short | None = None,
        topic: _Short | None = None,
        has_code: bool | None = None,
        min_upvotes: app_commands.Range[int, 0, 1_000_000] | None = None,
        mode: Mode = "hybrid",
        private: bool | None = None,
    ) -> None:
        """Find papers by what they are about.

        Ask in your own words, for example `speculative decoding on mobile`, or `do four-bit weights cost accuracy`. The
        papers closest to it, in words and in meaning, come first, each with the sentence of its abstract that matches
        best. If no paper here is about it, the answer says so.

        Narrow it by the options, or in the query itself: `author:han` `org:nvidia` `cat:cs.CL` `title:"world models"`
        `id:2506.01986` `after:2024-05` `before:"last month"` `has:code` `min_upvotes:10`. `"A phrase"` in quotation marks
        must occur as it stands, and `-survey` must not occur. Without any other words you get the newest of those papers.
        """
        ephemeral = await acknowledge(interaction, private=private)
        today = clock.now().date()
        asked = narrowed(
            parse(query, today=today),
            since=since,
            until=until,
            author=author,
            org=org,
            topic=topic,
            has_code=has_code,
            min_upvotes=min_upvotes,
            today=today,
        )
        results = await self._bot.library.find(asked, mode=mode, sort=sort)
        await show_list(interaction, results, asked, shareable=ephemeral)

    @find.autocomplete("topic")
    async def suggest(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:  # noqa: ARG002 - discord.py's shape
        """Categories that fit what was typed so far."""
        return category_choices(typed)
