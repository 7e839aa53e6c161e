"""What is not a paper: help, about, the playground's welcome, and what went wrong. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from discord import Colour, ui

from bot.cards.paper import ACCENT, describe_date
from bot.cards.text import escaped

_PROBLEM = Colour(0xD9822B)
_LINE = 400
_ALONE = 2000  # characters of what went wrong, where no suggestions follow


@dataclass(frozen=True, slots=True)
class CommandHelp:
    """A command as `/help` explains it. `options` maps each option's name to what it is for."""

    name: str
    summary: str
    explanation: str
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class About:
    """The figures of `/about`."""

    version: str
    papers: int
    newest: date | None
    models: Sequence[str]


def problem_view(words: str, suggestions: Sequence[str] = ()) -> ui.LayoutView:
    """What went wrong, and what to do about it."""
    said = escaped(words, _LINE if suggestions else _ALONE)
    lines = [said, *(f"- {escaped(suggestion, _LINE)}" for suggestion in suggestions)]
    return notice_view("\n".join(lines), _PROBLEM)


def help_view(commands: Sequence[CommandHelp]) -> ui.LayoutView:
    """Every command in a line."""
    lines = [f"**/{command.name}** — {command.summary}" for command in commands]
    return notice_view(
        "### Papers, found by what they are about\n"
        "Ask in your own words. Answers come with the sentence that matches, and links to the paper.\n\n"
        + "\n".join(lines)
        + "\n\n-# Try `/find speculative decoding on mobile`, or `/help find` for one command."
    )


def command_help_view(command: CommandHelp) -> ui.LayoutView:
    """One command, whole."""
    options = [f"- `{name}` {purpose}" for name, purpose in command.options.items()]
    return notice_view("\n".join([f"### /{command.name}", command.explanation, "", *options]).rstrip())


def about_view(about: About) -> ui.LayoutView:
    """What this bot is, what it knows, and where that comes from."""
    newest = f", the newest of {describe_date(about.newest)}" if about.newest else ""
    return notice_view(
        f"### Papercord {about.version}\n"
        f"Finds research papers by their words and their meaning: **{about.papers:,} papers**{newest}.\n"
        f"Titles and abstracts are arXiv metadata (CC0), listed by Hugging Face Daily Papers. Papercord belongs to "
        f"neither. Every sentence shown is quoted from the paper's own abstract.\n"
        f"-# The models that read the papers: {escaped(', '.join(about.models), 200)}. Of messages the bot reads "
        f"only those said to it: direct messages, mentions and replies. It keeps their ids, and what stands behind buttons, for 30 "
        f"days, without who asked; conversations for half an hour, in memory; feeds and alerts, with who made them, until they "
        f"are deleted."
    )


def welcome_view() -> ui.LayoutView:
    """The first message of the playground."""
    return notice_view(
        "### This is the playground\n"
        "The real bot, with its real commands, buttons and index, on a page that only this computer sees. "
        "No Discord account is needed.\n\n"
        "Type one of these below and press Enter:\n"
        "```\n/find speculative decoding on mobile\n```\n"
        "```\nHow much faster is speculative decoding?\n```\n"
        "-# Then go on: *and on a phone?*, *like 2*, *only with code*. What you write here mentions me; in my direct messages "
        "plain text is enough. `/latest 90`, `/top all`, `/paper`, `/similar` and `/help` work too, and `/corpus status`: here you are the bot's "
        "owner. "
        "Choose a command from the list that opens with “/” to see its options and suggestions."
    )


def notice_view(text: str, colour: Colour = ACCENT) -> ui.LayoutView:
    """Words of our own in a frame."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay(text), accent_colour=colour))
    return view
