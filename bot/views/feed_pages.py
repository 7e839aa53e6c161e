"""A feed or an alert as its people see it: gathered, and made a page."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from discord import ui

from bot import clock
from bot.cards.feed_edit import edit_view
from bot.cards.feeds import feed_view, feeds_view
from bot.feeds.feed import Feed, Kind
from bot.feeds.places import problems_of
from bot.feeds.schedule import describe
from retrieval.query import parse

if TYPE_CHECKING:
    from bot.client import Papercord


async def feed_page(client: "Papercord", feed: Feed) -> ui.LayoutView:
    """Its settings, what is wrong with it, and what can be done with it."""
    history, totals = await client.office.desk.history(feed)
    last = next((delivery.done for delivery in history if delivery.state == "posted"), None)
    misread = parse(feed.settings.query, today=clock.now().date()).notes
    return feed_view(
        feed,
        when=describe(feed.settings.schedule),
        problems=[*problems_of(client, feed), *misread],
        posts=totals.get("posted", 0) + totals.get("threading", 0),
        last=last,
    )


def feeds_page(feeds: Sequence[Feed], kind: Kind) -> ui.LayoutView:
    """All of them, each in a line or two."""
    return feeds_view([(feed, describe(feed.settings.schedule)) for feed in feeds], kind=kind)


def edit_page(feed: Feed, said: str = "") -> ui.LayoutView:
    """What can be changed of it; `said` is what came of the last change."""
    return edit_view(feed, when=describe(feed.settings.schedule), said=said)
