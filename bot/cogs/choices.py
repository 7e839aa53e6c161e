"""What is offered while one types: feeds, time zones, papers, categories. Whatever arrives in the end may be none of it."""

from collections.abc import Mapping, Sequence

from discord.app_commands import Choice

from bot.arxiv_categories import fitting
from bot.cards.text import shorten, visible
from bot.feeds.feed import Feed
from bot.feeds.zones import suggest_zones
from bot.library import Library

_MOST, _LENGTH = 25, 100  # Discord's limits


def feed_choices(feeds: Sequence[Feed], typed: str, channels: Mapping[int, str]) -> list[Choice[str]]:
    """Feeds by their names and their channels' names; the value is the number."""
    wanted = visible(typed).casefold().removeprefix("#")
    found: list[Choice[str]] = []
    for feed in feeds:
        channel = channels.get(feed.channel or 0, "")
        name = visible(feed.name) or f"{feed.kind} {feed.number}"
        if wanted in name.casefold() or wanted in channel.casefold() or wanted == str(feed.number):
            parts = [name, f"#{visible(channel)}" if channel else "", "paused" if feed.is_paused else ""]
            label = shorten(" · ".join(filter(None, parts)), _LENGTH)
            found.append(Choice(name=label, value=str(feed.number)))
    return found[:_MOST]


def zone_choices(typed: str) -> list[Choice[str]]:
    """Time zones."""
    return [Choice(name=zone, value=zone) for zone in suggest_zones(typed, _MOST)]


async def paper_choices(library: Library, typed: str) -> list[Choice[str]]:
    """Papers by title and id."""
    return [
        Choice(name=shorten(visible(paper.title), _LENGTH) or paper.id, value=paper.id)
        for paper in await library.suggest(typed, _MOST)
    ]


def category_choices(typed: str) -> list[Choice[str]]:
    """ArXiv's categories by code and name."""
    return [Choice(name=f"{code} · {name}", value=code) for code, name in fitting(typed, _MOST).items()]
