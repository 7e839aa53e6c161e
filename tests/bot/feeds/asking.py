"""What a person does with feeds and alerts, and what only a forger could."""

from typing import Any, cast

import discord
import simcord
from simcord.backend.models import Overwrite
from simcord.enums import InteractionType, OptionType, OverwriteType

from bot.client import Papercord
from bot.feeds.feed import Feed
from tests.bot.conftest import Stage
from tests.bot.reading import buttons, parts, text

HOSTILE = "@everyone <@&1> [free](https://evil.example) <#1> `x` ### **b**"
EVERYTHING = discord.Permissions.all().value


async def ask(stage: Stage, name: str, **options: Any) -> simcord.ResponseMessage:
    """What an administrator is answered, and nobody else sees."""
    result = await stage.ada.slash(stage.channel, name, **options)
    assert result.ephemeral
    assert result.response is not None
    return result.response


async def said(stage: Stage, name: str, **options: Any) -> str:
    return text((await ask(stage, name, **options)).components)


async def create(stage: Stage, **options: Any) -> simcord.InteractionResult:
    """A feed is asked for."""
    return await stage.ada.slash(stage.channel, "feed create", **{"channel": stage.channel} | options)


async def feeds(stage: Stage) -> list[Feed]:
    return await bot_of(stage).office.desk.of_guild(stage.ada.guild.id)


async def alerts(stage: Stage) -> list[Feed]:
    return await bot_of(stage).office.desk.of_user(stage.ada.id)


async def made(stage: Stage, **options: Any) -> Feed:
    """The feed that was asked for."""
    await create(stage, **options)
    return (await feeds(stage))[-1]


def bot_of(stage: Stage) -> Papercord:
    assert isinstance(stage.env.bot, Papercord)
    return stage.env.bot


def deny(stage: Stage, channel: simcord.ChannelHandle, *names: str) -> None:
    """The bot loses these permissions in a channel; without names it gets all back."""
    denied = discord.Permissions(**dict.fromkeys(names, True)).value
    overwrite = Overwrite(bot_id(stage), OverwriteType.MEMBER, allow=EVERYTHING & ~denied, deny=denied)
    stage.env.backend.set_overwrite(channel.id, overwrite)


def bot_id(stage: Stage) -> int:
    assert stage.env.bot.user is not None
    return stage.env.bot.user.id


def ids(message: simcord.ResponseMessage) -> set[str]:
    return {part["custom_id"] for part in parts(message.components) if "custom_id" in part}


def components(message: discord.Message) -> list[dict[str, Any]]:
    """What a message that was posted shows, as Discord has it."""
    return [cast("dict[str, Any]", part.to_dict()) for part in message.components]


def labels(message: simcord.ResponseMessage) -> set[str]:
    return set(buttons(message.components))


async def message_with(stage: Stage, item: discord.ui.Item[Any], channel: Any = None) -> discord.Message:
    """A message of the bot's with this alone in it."""
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.ActionRow(item))
    view.stop()
    target = stage.env.bot.get_channel((channel or stage.channel).id)
    assert isinstance(target, discord.abc.Messageable)
    return await target.send(view=view)


async def forged_button(stage: Stage, custom_id: str) -> discord.Message:
    return await message_with(stage, discord.ui.Button(label="Press", custom_id=custom_id))


async def forged_menu(stage: Stage, custom_id: str, *values: str) -> discord.Message:
    options = [discord.SelectOption(label=value, value=value) for value in values]
    return await message_with(stage, discord.ui.Select(custom_id=custom_id, options=options))


async def told(result: simcord.InteractionResult) -> str:
    """What a press was answered, however."""
    messages = [*([result.response] if result.response else []), *result.followups]
    return "\n".join(text(message.components) for message in messages)


async def create_in(
    stage: Stage, number: int, *, kind: int = 0, guild: int | None = None, may: int = EVERYTHING
) -> str:
    """What is answered where Discord hands over a channel that its own list would not offer."""
    command = stage.env.backend.find_command("feed", None)
    assert command is not None
    value = {"type": int(OptionType.CHANNEL), "name": "channel", "value": str(number)}
    channel = {"id": str(number), "type": kind, "name": "x", "permissions": str(may), "flags": 0}
    if guild:
        channel["guild_id"] = str(guild)
    data = {
        "id": command["id"],
        "name": "feed",
        "type": 1,
        "options": [{"type": int(OptionType.SUBCOMMAND), "name": "create", "options": [value]}],
        "resolved": {"channels": {str(number): channel}},
    }
    return await told(
        await stage.ada._dispatch_interaction(InteractionType.APPLICATION_COMMAND, stage.channel, data)
    )


def is_inert(*messages: simcord.ResponseMessage) -> bool:
    """Whether nothing in the texts pings or leads anywhere."""
    shown = "\n".join(text(message.components) for message in messages)
    return (
        "@everyone" not in shown and "](https://evil" not in shown and "<@&1>" not in shown.replace("\\<", "")
    )
