"""The smallest bot that does all the loopback server has to serve; run as a process by test_loopback.py."""

import asyncio
import io
import os
import re
import signal
from typing import Self

import discord
import yarl
from discord import app_commands, ui
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

Route.BASE = os.environ["PAPERCORD_DISCORD__API_BASE"]
DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["PAPERCORD_DISCORD__GATEWAY"])

SampleInteraction = discord.Interaction["SampleBot"]


def card(query: str, page: int) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    row = ui.ActionRow[ui.LayoutView]()
    row.add_item(NextPage(query, page + 1))
    row.add_item(ui.Button(label="arXiv", url="https://arxiv.org/abs/1706.03762"))
    title = ui.TextDisplay[ui.LayoutView](f"## {query}, page {page}\n@everyone [a link](https://arxiv.org)")
    picture = ui.Thumbnail[ui.LayoutView]("https://arxiv.org/icon.png")
    view.add_item(ui.Container(ui.Section(title, accessory=picture), row))
    return view


class NextPage(ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"page:(?P<page>\d+):(?P<query>.+)"):
    """A button that outlives the process: what it needs is in its custom_id."""

    def __init__(self, query: str, page: int) -> None:
        super().__init__(ui.Button(label="Next", custom_id=f"page:{page}:{query}"))
        self.query = query
        self.page = page

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction, __: ui.Item[ui.View], match: re.Match[str], /
    ) -> Self:
        return cls(match["query"], int(match["page"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(view=card(self.query, self.page))


class SampleBot(commands.AutoShardedBot):
    def __init__(self) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=0.1,  # there is one guild, and it is sent at once
        )

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait 5 s between shards, as Discord would have it."""

    async def setup_hook(self) -> None:
        self.add_dynamic_items(NextPage)
        groups = (Feed(name="feed", description="Feeds"),)
        for command in (find, paper, export, tell, guild_only, announce, note, pick, *groups):
            self.tree.add_command(command)
        await self.tree.sync()


@app_commands.command(description="Find papers")
async def find(interaction: SampleInteraction, query: str, limit: int = 3) -> None:
    await interaction.response.defer(thinking=True)
    await interaction.edit_original_response(view=card(query, 1))
    await interaction.followup.send(f"at most {limit}")


@app_commands.command(description="Show a paper")
async def paper(interaction: SampleInteraction, ref: str) -> None:
    await interaction.response.send_message(embed=discord.Embed(title=ref), ephemeral=True)


@paper.autocomplete("ref")
async def complete(_: SampleInteraction, text: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=f"{text} is all you need", value="1706.03762")]


@app_commands.command(description="Export a reading list")
async def export(interaction: SampleInteraction) -> None:
    await interaction.response.defer(ephemeral=True)
    await interaction.followup.send(file=discord.File(io.BytesIO(b"@article{}"), "list.bib"))


@app_commands.command(description="Write to me in private")
async def tell(interaction: SampleInteraction) -> None:
    await interaction.response.send_message("Look at your messages.")
    first = await interaction.user.send("Good morning.")
    await first.reply("This is your digest.")


@app_commands.command(description="Not for direct messages")
@app_commands.guild_only()
async def guild_only(interaction: SampleInteraction) -> None:
    await interaction.response.send_message("In a guild.")


@app_commands.command(description="Name a channel, a role and a person")
@app_commands.default_permissions(manage_guild=True)
@app_commands.guild_only()
async def announce(
    interaction: SampleInteraction, channel: discord.TextChannel, role: discord.Role, who: discord.Member
) -> None:
    may_send = interaction.app_permissions.send_messages
    await interaction.response.send_message(f"{channel.name}, {role.name}, {who.name}, {may_send}")


class Note(ui.Modal, title="A note"):
    """A form with a field and a menu, each with a label."""

    text = ui.Label[Self](text="Text", component=ui.TextInput[Self](custom_id="text", max_length=20))
    where = ui.Label[Self](
        text="Where", component=ui.ChannelSelect[Self](custom_id="where", required=False, min_values=0)
    )

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        text, where = self.text.component, self.where.component
        assert isinstance(text, ui.TextInput)
        assert isinstance(where, ui.ChannelSelect)
        named = [channel.name for channel in where.values]
        await interaction.response.send_message(f"Noted {text.value} in {named}", ephemeral=True)


@app_commands.command(description="Write a note")
async def note(interaction: SampleInteraction) -> None:
    await interaction.response.send_modal(Note())


class Pick(ui.View):
    """Two menus: of words, and of roles."""

    @ui.select(
        custom_id="words", options=[discord.SelectOption(label="One"), discord.SelectOption(label="Two")]
    )
    async def words(self, interaction: discord.Interaction, menu: ui.Select[Self]) -> None:
        await interaction.response.send_message(f"{interaction.user.name}: {menu.values}")

    @ui.select(custom_id="roles", cls=ui.RoleSelect[Self], max_values=2)
    async def roles(self, interaction: discord.Interaction, menu: ui.RoleSelect[Self]) -> None:
        await interaction.response.edit_message(content=str([role.name for role in menu.values]))


@app_commands.command(description="Choose from menus")
async def pick(interaction: SampleInteraction) -> None:
    await interaction.response.send_message("Choose.", view=Pick(timeout=None))


class Feed(app_commands.Group):
    @app_commands.command(description="Add a feed")
    async def add(self, interaction: SampleInteraction, url: str) -> None:
        await interaction.response.send_message(f"Added {url}.", suppress_embeds=True)


async def main() -> None:
    async with SampleBot() as bot:
        closing: list[asyncio.Task[None]] = []
        asyncio.get_running_loop().add_signal_handler(
            signal.SIGTERM, lambda: closing.append(asyncio.create_task(bot.close()))
        )
        await bot.start(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    discord.utils.setup_logging()
    asyncio.run(main())
