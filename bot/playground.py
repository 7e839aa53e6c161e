"""The real bot in a local browser page: simcord plays Discord, on this computer only."""

import asyncio
import webbrowser
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import simcord
from discord import Permissions
from simcord import GuildHandle

from bot import console
from bot.cards.notices import welcome_view
from bot.chat_wiring import ChatParts
from bot.client import Papercord
from bot.curator import Curator
from bot.errors import ConfigurationError
from bot.feeds.loop import kept_posting
from bot.state.result_lists import ResultLists
from bot.state.synced_commands import NothingSynced
from bot.typed_lines import let_whole_lines_be_commands
from bot.wiring import Parts

_SLOW_ANSWER_SECONDS = 30.0
_LOOK_SECONDS = 1.0


async def serve(parts: Parts, curator: Curator, chat: ChatParts, *, port: int, open_browser: bool) -> None:
    """Serve the page until cancelled, or until the person ends it there."""
    bot = Papercord(
        parts.library,
        ResultLists(parts.engine),
        NothingSynced(),
        curator=curator,
        office=parts.feeds.office,
        chat=chat,
        models=[model.name for model in parts.models],
        shard_count=1,
    )
    async with simcord.run(bot, check_errors=False, settle_timeout=_SLOW_ANSWER_SECONDS) as world:
        # simcord watches the tree's errors, and would call an answer that explains one a failed action.
        vars(bot.tree).pop("on_error", None)
        guild = world.create_guild("Playground")
        channel = guild.create_text_channel("papers")
        guild.create_forum_channel("paper-forum")
        # Who tries this out may do what a bot's owner may, in a server that shows them the commands for it.
        keeper = guild.create_role("keeper", permissions=Permissions(manage_guild=True))
        reader = guild.add_member(world.create_user("you"), roles=[keeper])
        bot.let_own(reader.id)
        let_whole_lines_be_commands(bot, reader, guild)
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
                async with _shown_as_it_comes(page, channel):
                    await page.wait_closed()
        except simcord.SetupError as error:
            raise ConfigurationError(f"the playground cannot open on port {port}: {error}") from error


@asynccontextmanager
async def _shown_as_it_comes(
    page: simcord.Preview, channel: simcord.ChannelHandle
) -> AsyncGenerator[None, None]:
    """What feeds post is shown at once; by itself the page looks again only after something was done there."""

    async def look() -> None:
        shown = channel.last_message
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            last = channel.last_message
            if last and (shown is None or last.id != shown.id) and last.interaction_metadata is None:
                await page.refresh()
            shown = last

    task = asyncio.create_task(look())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _name(bot: Papercord, guild: GuildHandle) -> None:
    here = bot.get_guild(guild.id)
    if here:
        await here.me.edit(nick="Papercord")
