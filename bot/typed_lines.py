"""In the playground, a command can be typed as one line, and everything else is said to the bot."""

import re
from collections.abc import Mapping
from typing import Any

import simcord
from discord import AppCommandOptionType, app_commands
from simcord import GuildHandle, MemberActor

from bot.cards.notices import problem_view
from bot.client import Papercord


def let_whole_lines_be_commands(bot: Papercord, reader: MemberActor, guild: GuildHandle) -> None:
    """Run `/find some words sort:newest` typed as one line; the page would send a message. Other lines mention the bot.

    Options are named as Discord shows them; what comes before them is the first option.
    """
    send = reader.send

    async def say(channel: simcord.ChannelHandle, words: str) -> Any:
        return await bot.get_partial_messageable(channel.id).send(view=problem_view(words))

    async def send_or_run(channel: simcord.ChannelHandle, content: str, **options: Any) -> Any:
        if not content.startswith("/"):
            me = bot.user.mention if bot.user else ""
            said = content if me in content else f"{me} {content}"
            return await send(channel, said, **options)
        command, words = _command(bot, content.removeprefix("/"))
        if isinstance(command, str):
            return await say(channel, command)
        try:
            values = _options(command, words.strip(), guild)
        except ValueError as mistake:
            return await say(channel, str(mistake))
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


def _options(command: app_commands.Command[Any, ..., Any], line: str, guild: GuildHandle) -> dict[str, Any]:
    """The values of a command's options. Raises ValueError, in words, for one that cannot be what its option takes."""
    options = {option.name: option for option in command.parameters}
    if not options:
        return {}
    names = "|".join(map(re.escape, options))
    before, *named = re.split(rf"(?:^|(?<=\s))({names}):", line)
    given = dict(zip(named[::2], named[1::2], strict=True))
    first = next(iter(options.values()))
    if before.strip() and first.type is not AppCommandOptionType.attachment:
        given.setdefault(first.name, before)
    return {name: _value(options[name], typed.strip(), guild) for name, typed in given.items()}


def _value(option: app_commands.Parameter, typed: str, guild: GuildHandle) -> Any:
    wanted = f"{option.name} is "
    match option.type:
        case AppCommandOptionType.integer if typed.lstrip("-").isdecimal():
            return int(typed)
        case AppCommandOptionType.integer:
            raise ValueError(f"{wanted}a whole number, not “{typed}”.")
        case AppCommandOptionType.number:
            try:
                return float(typed)
            except ValueError:
                raise ValueError(f"{wanted}a number, not “{typed}”.") from None
        case AppCommandOptionType.boolean:
            return typed.casefold() in {"true", "yes", "1"}
        case AppCommandOptionType.channel:
            return _named(guild.channels, typed.lstrip("#"), f"{wanted}a channel, such as #papers.")
        case AppCommandOptionType.role:
            return _named(guild.roles, typed.lstrip("@"), f"{wanted}a role of this server.")
        case _:
            return typed


def _named(there: Mapping[str, Any], name: str, words: str) -> Any:
    if name not in there:
        raise ValueError(words)
    return there[name]


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
