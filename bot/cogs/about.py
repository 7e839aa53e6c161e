"""/help and /about: what the bot can do, what it knows, and where that comes from."""

from importlib.metadata import version

from discord import Interaction, app_commands
from discord.ext import commands

from bot.cards.notices import About, CommandHelp, about_view, command_help_view, help_view, problem_view
from bot.client import Papercord
from bot.responding import acknowledge, fill


class AboutCog(commands.Cog, name="About"):
    """The bot itself."""

    def __init__(self, bot: Papercord) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(command="One command, to read about it")
    async def help(
        self, interaction: Interaction, command: app_commands.Range[str, 1, 32] | None = None
    ) -> None:
        """Show what you can do here.

        Without a command: all of them, in a line each. With one: its options and how it is meant.
        """
        await acknowledge(interaction, private=None)
        known = self._commands()
        named = _bare(command or "")
        if command is None:
            await fill(interaction, help_view(list(known.values())))
        elif wanted := known.get(named) or self._group(named, known):
            await fill(interaction, command_help_view(wanted))
        else:
            await fill(
                interaction,
                problem_view(f"There is no command /{named}. There are:", [f"/{n}" for n in known]),
            )

    @app_commands.command()
    async def about(self, interaction: Interaction) -> None:
        """Show what this bot knows, and where that comes from.

        The size of the corpus, the newest paper's date, the source of titles and abstracts, and the encoder.
        """
        await acknowledge(interaction, private=None)
        summary = await self._bot.library.summary()
        about = About(version("papercord"), summary.papers, summary.newest, self._bot.models)
        await fill(interaction, about_view(about))

    @help.autocomplete("command")  # noqa: A003 - the command /help, not the builtin
    async def suggest(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:  # noqa: ARG002 - discord.py's shape
        """Commands that fit what was typed so far."""
        return [
            app_commands.Choice(name=f"/{name}", value=name)
            for name in self._commands()
            if _bare(typed) in name
        ]

    def _commands(self) -> dict[str, CommandHelp]:
        """Every command by name, as its docstring and its options describe it."""
        helps: dict[str, CommandHelp] = {}
        for command in self._bot.tree.walk_commands():
            if isinstance(command, app_commands.Command):
                paragraphs = (command.callback.__doc__ or "").strip().split("\n\n")
                explanation = "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
                options = {option.name: str(option.description) for option in command.parameters}
                helps[command.qualified_name] = CommandHelp(
                    command.qualified_name, command.description.rstrip("."), explanation, options
                )
        return helps

    def _group(self, name: str, known: dict[str, CommandHelp]) -> CommandHelp | None:
        """A group of commands, which lists them in place of options; None for a name that is none."""
        group = self._bot.tree.get_command(name)
        if not isinstance(group, app_commands.Group):
            return None
        inside = {f"/{one}": command.summary for one, command in known.items() if one.startswith(f"{name} ")}
        return CommandHelp(name, group.description, group.description, inside)


def _bare(typed: str) -> str:
    """The command's name, however it was typed: `/Corpus  import` is `corpus import`."""
    return " ".join(typed.split()).removeprefix("/").casefold()
