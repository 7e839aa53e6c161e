"""The real bot in a local browser page: simcord plays Discord, on this computer only."""

import asyncio
import webbrowser
from typing import Any

import simcord
from discord import AppCommandOptionType, Permissions, app_commands
from simcord import GuildHandle, MemberActor

from bot import console
from bot.cards.notices import problem_view, welcome_view
from bot.client import Papercord
from bot.curator import Curator
from bot.errors import ConfigurationError
from bot.feeds.loop import kept_posting
from bot.state.result_lists import ResultLists
from bot.state.synced_commands import NothingSynced
from bot.wiring import Parts

_SLOW_ANSWER_SECONDS = 30.0


async def serve(parts: Parts, curator: Curator, *, port: int, open_browser: bool) -> None:
    """Serve the page until cancelled, or until the person ends it there."""
    bot = Papercord(
        parts.library,
        ResultLists(parts.engine),
        NothingSynced(),
        curator=curator,
        office=parts.feeds.office,
        models=[model.name for model in parts.models],
        shard_count=1,
    )
    async with simcord.run(bot, check_errors=False, settle_timeout=_SLOW_ANSWER_SECONDS) as world:
        # simcord watches the tree's errors, and would call an answer that explains one a failed action.
        vars(bot.tree).pop("on_error", None)
        guild = world.create_guild("Playground")
        channel = guild.create_text_channel("papers")
        # Who tries this out may do what a bot's owner may, in a server that shows them the commands for it.
        keeper = guild.create_role("keeper", permissions=Permissions(manage_guild=True))
        reader = guild.add_member(world.create_user("you"), roles=[keeper])
        bot.let_own(reader.id)
        let_whole_lines_be_commands(bot, reader)
        await _name(bot, guild)
        await bot.get_partial_messageable(channel.id).send(view=welcome_view())
        loop = parts.feeds.loop(bot, visited=lambda: True, ready=bot.wait_until_ready)
        try:
            async with (
                kept_posting(loop),
                world.preview(channel, viewers=[reader], layout="channel", port=port) as page,
            ):
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
        command, words = _command(bot, content.removeprefix("/"))
        if isinstance(command, str):
            return await say(channel, command)
        values = _first_option(command, words.strip())
        try:
            answer = await reader.slash(channel, command.qualified_name, **values)
        except simcord.SetupError as refusal:
            return await say(channel, str(refusal))
        if answer.modal is not None:  # the page shows a form only to a command that was chosen from its list
            return await say(
                channel,
                f"/{command.qualified_name} opens a form or takes a file: choose it from the list that opens with “/”.",
            )
        return answer.response

    setattr(reader, "send", send_or_run)  # noqa: B010 - the page calls it; simcord has no hook for this


def _first_option(command: app_commands.Command[Any, ..., Any], words: str) -> dict[str, Any]:
    """The words as the command's first option, a number where it wants one; none where it wants a file."""
    first = command.parameters[0] if command.parameters and words else None
    if first is None or first.type is AppCommandOptionType.attachment:
        return {}
    is_number = first.type is AppCommandOptionType.integer and words.isdecimal()
    return {first.name: int(words) if is_number else words}


def _command(bot: Papercord, line: str) -> tuple[app_commands.Command[Any, ..., Any] | str, str]:
    """The command that a line names, and the rest of it; in place of a command, words on why it is none."""
    name, _, rest = line.partition(" ")
    command = bot.tree.get_command(name.lower())
    while isinstance(command, app_commands.Group):
        name, _, after = rest.strip().partition(" ")
        inside = command.get_command(name.lower())
        if inside is None:
            there = ", ".join(f"/{one.qualified_name}" for one in command.commands)
            return f"/{command.qualified_name} needs one of its commands: {there}.", ""
        command, rest = inside, after
    if command is None:
        return f"There is no command /{name}. Type / to see those that there are.", ""
    return command, rest
