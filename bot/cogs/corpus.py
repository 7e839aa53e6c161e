"""/corpus: its owner looks after it."""

import aiohttp
import discord
from discord import Interaction, app_commands
from discord.ext import commands

from bot.cards.corpus import added_view, preview_view, status_view, visits_view
from bot.cards.text import shorten, visible
from bot.client import Papercord
from bot.errors import CorpusTroubleError, NotOwnerError
from bot.responding import acknowledge, fill
from bot.views.corpus import paste_form

MOST_ATTACHED = 10_000_000  # bytes
_MAX_CHOICES, _MAX_CHOICE = 25, 100  # Discord's limits


@app_commands.default_permissions(manage_guild=True)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
class CorpusCog(
    commands.GroupCog,
    name="Corpus",
    group_name="corpus",
    group_description="Look after the papers (the owner)",
):
    """What the owner does with the corpus."""

    def __init__(self, bot: Papercord) -> None:
        self._bot = bot

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Whoever a server lets see these commands: only the owner may run them."""
        try:
            await self._bot.require_owner(interaction)
        except (NotOwnerError, discord.HTTPException) as error:
            raise app_commands.CheckFailure from error  # discord.py takes no other error here
        return True

    @app_commands.command()
    async def status(self, interaction: Interaction) -> None:
        """Show what is in the corpus, and how its sources are read.

        How many papers there are and who told of them, how many came on each of the last days, when each source was visited
        and is visited next, what went wrong with it, and how many papers are still to be encoded. For the bot's owner.
        """
        await acknowledge(interaction, private=True)
        await fill(interaction, status_view(await self._bot.curator.status()))

    @app_commands.command()
    @app_commands.describe(
        source="One configured source, or how its name begins (all of them, unless you say)"
    )
    async def sync(
        self, interaction: Interaction, source: app_commands.Range[str, 1, 500] | None = None
    ) -> None:
        """Fetch new papers now.

        Visits the configured sources at once, and says for each what is new, updated, unchanged and unclear, and what went
        wrong. The bot visits them by itself, too. For the bot's owner.
        """
        await acknowledge(interaction, private=True)
        await fill(interaction, visits_view(await self._bot.curator.sync(source)))

    @app_commands.command(name="import")
    @app_commands.describe(
        file="A page, JSON, JSONL or a list of ids, up to 10 MB; without it you can paste one"
    )
    async def import_(self, interaction: Interaction, file: discord.Attachment | None = None) -> None:
        """Import papers from a file or a paste.

        A saved page of papers, JSON of Hugging Face, Atom or RSS of arXiv, JSONL with a paper a line (packed with gzip,
        too), or arXiv ids and links, which are looked up. It is read at once, and you see how many of its papers are known,
        new and unclear; nothing is stored before you press Import. Without a file a form opens, which takes 4,000
        characters. For the bot's owner.
        """
        if file is None:
            await interaction.response.send_modal(paste_form())
            return
        await acknowledge(interaction, private=True)
        preview = await self._bot.curator.preview(file.filename, await _content(file))
        await fill(interaction, preview_view(preview.name, preview.report, preview.pending))

    @app_commands.command()
    @app_commands.describe(paper="An arXiv id, or a link to arXiv or Hugging Face")
    async def add(self, interaction: Interaction, paper: app_commands.Range[str, 1, 300]) -> None:
        """Add one paper, or bring it up to date.

        Give an arXiv id (`2506.01986`), or a link to arXiv or Hugging Face. The paper is fetched from arXiv, its votes from
        Hugging Face, and shown with its abstract. For the bot's owner.
        """
        await acknowledge(interaction, private=True)
        added = await self._bot.curator.add(paper)
        await fill(interaction, added_view(added.paper, is_new=added.is_new, is_updated=added.is_updated))

    @sync.autocomplete("source")
    async def suggest(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Configured sources that fit what was typed so far, for the owner."""
        if not await self._bot.is_owner(interaction.user):
            return []
        wanted = typed.strip().casefold()
        fitting = [line for line in self._bot.curator.sources if wanted in line.casefold()]
        return [
            app_commands.Choice(name=shorten(visible(line), _MAX_CHOICE), value=line[:_MAX_CHOICE])
            for line in fitting[:_MAX_CHOICES]
        ]


async def _content(file: discord.Attachment) -> bytes:
    """The file's bytes. Raises CorpusTroubleError for a file that is too large, and where Discord does not give it."""
    if file.size > MOST_ATTACHED:
        raise CorpusTroubleError(
            f"{file.filename} has {file.size / 1e6:,.1f} MB, and 10 MB are the most here. Pack it with gzip, split it, or "
            "import it from the command line, which takes files of any size."
        )
    try:
        return await file.read()
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError) as error:
        raise CorpusTroubleError("Discord did not hand over the file. Please attach it again.") from error
