"""The real bot in a local browser page: simcord plays Discord, on this computer only."""

import asyncio
import webbrowser
from typing import Any

import simcord
from discord import app_commands
from simcord import GuildHandle, MemberActor

from bot import console
from bot.cards.notices import problem_view, welcome_view
from bot.client import Papercord
from bot.errors import ConfigurationError
from bot.library import Library
from bot.state.result_lists import ResultLists
from bot.state.synced_commands import NothingSynced
from bot.wiring import Parts

_SLOW_ANSWER_SECONDS = 30.0


async def serve(parts: Parts, library: Library, *, port: int, open_browser: bool) -> None:
    """Serve the page until cancelled, or until the person ends it there."""
    bot = Papercord(
        library,
        ResultLists(parts.engine),
        NothingSynced(),
        models=[model.name for model in parts.models],
        shard_count=1,
    )
    async with simcord.run(bot, check_errors=False, settle_timeout=_SLOW_ANSWER_SECONDS) as world:
        # simcord watches the tree's errors, and would call an answer that explains one a failed action.
        vars(bot.tree).pop("on_error", None)
        guild = world.create_guild("Playground")
        channel = guild.create_text_channel("papers")
        reader = guild.add_member(world.create_user("you"))
        let_whole_lines_be_commands(bot, reader)
        await _name(bot, guild)
        await bot.get_partial_messageable(channel.id).send(view=welcome_view())
        try:
            async with world.preview(channel, viewers=[reader], layout="channel", port=port) as page:
                console.say(f"Playground: {page.url}\nOpen it in a browser; Ctrl-C ends it.")
                if open_browser:
                    await asyncio.to_thread(webbrowser.open, page.url)  # a text browser would hold the loop
                await page.wait_closed()
        except simcord.SetupError as error:
            raise ConfigurationError(f"the playground cannot open on port {port}: {error}") from error


async def _name(bot: Papercord, guild: GuildHandle) -> None:
    here = bot.get_guild(guild.id)
    if here:
        await here.me.edit(nick="Papercord")


def let_whole_lines_be_commands(bot: Papercord, reader: MemberActor) -> None:
    """Run `/find some words` typed as one line, the words being the first option; the page would send a message."""
    send = reader.send

    async def say(channel: simcord.ChannelHandle, words: str) -> Any:
        return await bot.get_partial_messageable(channel.id).send(view=problem_view(words))

    async def send_or_run(channel: simcord.ChannelHandle, content: str, **options: Any) -> Any:
        if not content.startswith("/"):
            return await send(channel, content, **options)
        name, _, words = content.removeprefix("/").partition(" ")
        command = bot.tree.get_command(name.lower())
        if not isinstance(command, app_commands.Command):
            return await say(channel, f"There is no command /{name}. Type / to see those that there are.")
        first = [parameter.name for parameter in command.parameters][:1]
        values = {option: words.strip() for option in first if words.strip()}
        try:
            return (await reader.slash(channel, command.name, **values)).response
        except simcord.SetupError as refusal:
            return await say(channel, str(refusal))

    setattr(reader, "send", send_or_run)  # noqa: B010 - the page calls it; simcord has no hook for this
