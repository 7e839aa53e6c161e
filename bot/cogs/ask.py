"""/ask, /summarize and /compare: what papers say, in their own words."""

import re
from collections.abc import Sequence

from discord import Interaction, app_commands
from discord.ext import commands

from bot import clock
from bot.cards.replies import reply_view
from bot.chat.answering import MOST_ASKED
from bot.chat.replies import Level, Reply
from bot.client import Papercord
from bot.cogs.choices import category_choices, paper_choices
from bot.errors import UnclearRequestError
from bot.responding import acknowledge, fill, where_of
from bot.views.answers import written_live
from retrieval.query_filters import Filters
from retrieval.query_operators import filters_of

_PAPER = "A title (choose from the list), an arXiv id, or a link to the paper"
_PRIVATE = "Whether only you see the answer (in a server: yes, unless you say no)"
_GivenPaper = app_commands.Range[str, 1, 300]


class Ask(commands.Cog):
    """Answers and comparisons."""

    def __init__(self, bot: Papercord) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(
        question="What you want to know, in your own words",
        paper="Only this paper answers",
        topic="Only papers of this arXiv category answer, such as cs.CL",
        private=_PRIVATE,
    )
    async def ask(
        self,
        interaction: Interaction,
        question: app_commands.Range[str, 1, MOST_ASKED],
        paper: _GivenPaper | None = None,
        topic: app_commands.Range[str, 1, 100] | None = None,
        private: bool | None = None,
    ) -> None:
        """Answer a question with what the papers say.

        Sentences of the abstracts that answer it, word for word and numbered, each with its paper. If no sentence here
        answers it, the answer says so, with the nearest papers. “Follow up” asks on: `and on a phone?`

        In direct messages no command is needed: just write.
        """
        ephemeral = await acknowledge(interaction, private=private)
        papers = [(await self._bot.library.paper(paper)).id] if paper else []
        filters = _of_topic(topic)
        async with written_live(interaction) as drafts:
            reply = await self._bot.talk.ask(
                question, where_of(interaction), papers=papers, filters=filters, on_draft=drafts.offer
            )
        await fill(interaction, reply_view(reply, shareable=ephemeral, is_slash=True))

    @app_commands.command()
    @app_commands.describe(
        paper=_PAPER,
        level="The problem, the method and the result (full), or one sentence (brief)",
        private=_PRIVATE,
    )
    async def summarize(
        self,
        interaction: Interaction,
        paper: _GivenPaper,
        level: Level = "full",
        private: bool | None = None,
    ) -> None:
        """Show what a paper says: problem, method, result.

        The sentences of its abstract that carry them, word for word. Give the paper as for /paper.
        """
        await acknowledge(interaction, private=private)
        found = await self._bot.library.paper(paper)
        summed = await self._bot.talk.summarise([found], where_of(interaction), level)
        await fill(interaction, reply_view(summed))

    @app_commands.command()
    @app_commands.describe(
        paper1=_PAPER,
        paper2="The second paper",
        paper3="A third",
        paper4="A fourth",
        paper5="A fifth",
        aspects="What to compare, such as: speed, memory (everything, unless you say)",
        private=_PRIVATE,
    )
    async def compare(
        self,
        interaction: Interaction,
        paper1: _GivenPaper,
        paper2: _GivenPaper,
        paper3: _GivenPaper | None = None,
        paper4: _GivenPaper | None = None,
        paper5: _GivenPaper | None = None,
        aspects: app_commands.Range[str, 1, 200] = "",
        private: bool | None = None,
    ) -> None:
        """Put two to five papers beside each other.

        What each abstract states of result, speed-up, memory, hardware, model size, data and code, quoted; what it does not
        state is said to be not stated.
        """
        ephemeral = await acknowledge(interaction, private=private)
        given = [one for one in (paper1, paper2, paper3, paper4, paper5) if one]
        papers = [await self._bot.library.paper(one) for one in given]
        reply: Reply = await self._bot.talk.compare(papers, _parts(aspects), where_of(interaction))
        await fill(interaction, reply_view(reply, shareable=ephemeral))

    @ask.autocomplete("paper")
    @summarize.autocomplete("paper")
    @compare.autocomplete("paper1")
    @compare.autocomplete("paper2")
    @compare.autocomplete("paper3")
    @compare.autocomplete("paper4")
    @compare.autocomplete("paper5")
    async def suggest(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:  # noqa: ARG002 - discord.py's shape
        """Titles and ids that fit what was typed so far."""
        return await paper_choices(self._bot.library, typed)

    @ask.autocomplete("topic")
    async def suggest_topic(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:  # noqa: ARG002 - discord.py's shape
        """Categories that fit what was typed so far."""
        return category_choices(typed)


def _of_topic(topic: str | None) -> Filters | None:
    """What a category lets through. Raises UnclearRequestError for one that is none."""
    if not topic:
        return None
    filters = filters_of("cat", topic.strip(), clock.now().date())
    if not filters:
        raise UnclearRequestError(f"“{topic}” is no arXiv category. Choose one from the list, such as cs.CL.")
    return filters


def _parts(aspects: str) -> Sequence[str]:
    return re.split(r"[,;]|\band\b", aspects)
