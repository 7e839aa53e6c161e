"""The real bot in a local browser page: simcord plays Discord, on this computer only."""

import webbrowser
from typing import Any

import simcord
from simcord import GuildHandle, MemberActor

from bot import console
from bot.cards.notices import welcome_view
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
        library, ResultLists(parts.engine), NothingSynced(), model=parts.encoder.model.name, shard_count=1
    )
    async with simcord.run(bot, check_errors=False, settle_timeout=_SLOW_ANSWER_SECONDS) as world:
        guild = world.create_guild("Playground")
        channel = guild.create_text_channel("papers")
        reader = guild.add_member(world.create_user("you"))
        _let_whole_lines_be_commands(bot, reader)
        await _name(bot, guild)
        await bot.get_partial_messageable(channel.id).send(view=welcome_view())
        try:
            async with world.preview(channel, viewers=[reader], layout="channel", port=port) as page:
                console.say(f"Playground: {page.url}\nOpen it in a browser; Ctrl-C ends it.")
                if open_browser:
                    webbrowser.open(page.url)
                await page.wait_closed()
        except simcord.SetupError as error:
            raise ConfigurationError(f"the playground cannot open on port {port}: {error}") from error


async def _name(bot: Papercord, guild: GuildHandle) -> None:
    here = bot.get_guild(guild.id)
    if here:
        await here.me.edit(nick="Papercord")


def _let_whole_lines_be_commands(bot: Papercord, reader: MemberActor) -> None:
    """Run `/find some words` typed as one line, as Discord's own client does; the page would send it as a message."""
    send = reader.send

    async def send_or_run(channel: simcord.ChannelHandle, content: str, **options: Any) -> Any:
        name, _, words = content.removeprefix("/").partition(" ")
        command = bot.tree.get_command(name) if content.startswith("/") else None
        if command is None:
            return await send(channel, content, **options)
        required = [parameter.name for parameter in getattr(command, "parameters", []) if parameter.required]
        values = {required[0]: words.strip()} if required else {}
        result = await reader.slash(channel, name, **values)
        return result.response

    setattr(reader, "send", send_or_run)  # noqa: B010 - the page calls it; simcord has no hook for this
