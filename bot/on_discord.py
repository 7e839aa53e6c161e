"""Papercord on Discord, from login to the end."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot import console
from bot.chat_wiring import ChatParts
from bot.client import Papercord
from bot.config import Discord
from bot.curator import Curator
from bot.errors import ConfigurationError
from bot.feeds.loop import kept_posting
from bot.state.result_lists import ResultLists
from bot.state.synced_commands import SyncedCommands
from bot.wiring import Parts

_PATIENCE_SECONDS, _FAREWELL_SECONDS = 3.0, 1.0
_ANSWERS = ("CommandTree-invoker", "discord-ui-", "discord.py: on_")
"""How the names begin that discord.py gives to tasks that answer commands and buttons, and forms, messages and edits."""


async def serve(parts: Parts, curator: Curator, chat: ChatParts, token: str) -> None:
    """Log in, print the invite links, and stay until cancelled. Raises ConfigurationError for a refused token."""
    _point_at(parts.settings.discord)
    lists, record = ResultLists(parts.engine), SyncedCommands(parts.engine)
    async with Papercord(
        parts.library,
        lists,
        record,
        curator=curator,
        office=parts.feeds.office,
        chat=chat,
        models=[model.name for model in parts.models],
    ) as bot:
        try:
            await bot.login(token)
        except discord.LoginFailure as error:
            raise ConfigurationError(
                "Discord refused the token. Copy it again from https://discord.com/developers/applications "
                "(Bot, Reset Token) into DISCORD_TOKEN."
            ) from error
        except (discord.HTTPException, ValueError) as error:
            raise ConfigurationError(
                f"Discord did not let the bot in: {str(error).splitlines()[0]}. Check DISCORD_TOKEN, and try again later."
            ) from error
        except aiohttp.ClientConnectionError as error:
            raise ConfigurationError(f"Discord cannot be reached: {error}. Check the network.") from error
        for where, link in bot.invite_links().items():
            console.say(f"Add it {where}: {link}")
        loop = parts.feeds.loop(bot, visited=parts.visited.is_set, ready=bot.wait_until_ready)
        async with _connected(bot, chat) as connection:
            async with kept_posting(loop):
                await asyncio.wait({connection})
            connection.result()


@asynccontextmanager
async def _connected(bot: Papercord, chat: ChatParts) -> AsyncGenerator[asyncio.Task[None], None]:
    """On the gateway for as long as the context lasts; at its end answers that are under way may end, too.

    The task of the connection is given, which ends by itself only where there is none to be had any more.
    """
    # In a task of its own: while it logs in, discord.py waits in ways that swallow a cancellation before Python 3.12
    # (https://github.com/python/cpython/issues/86296), and the process would not end.
    connection = asyncio.create_task(bot.connect())
    try:
        yield connection
    finally:
        chat.hurry()
        if answers := [task for task in asyncio.all_tasks() if task.get_name().startswith(_ANSWERS)]:
            await asyncio.wait(answers, timeout=_PATIENCE_SECONDS)
        connection.cancel()
        await bot.close()
        await asyncio.wait({connection}, timeout=_FAREWELL_SECONDS)


def _point_at(discord_settings: Discord) -> None:
    """Send discord.py to a REST proxy or a test server, where one is set."""
    discord.VoiceClient.warn_nacl = False  # it has no voice to speak with
    discord.VoiceClient.warn_dave = False
    if discord_settings.api_base:
        Route.BASE = discord_settings.api_base.rstrip("/")
    if discord_settings.gateway:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(discord_settings.gateway)
