"""The buttons and menus of feeds and alerts: for who manages the server, or whose alert it is; after a restart too."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from discord import Interaction

from bot.cards import custom_ids
from bot.cards.feed_notes import deleted_view
from bot.cards.feed_reports import rehearsal_view
from bot.cards.feeds import confirm_delete_view
from bot.errors import ExpiredListError, FeedTroubleError, UnknownFeedError
from bot.feeds.feed import Feed, Settings
from bot.feeds.orders import chosen, in_words
from bot.feeds.places import channel_of, problems_of, require_fit, require_open
from bot.responding import acknowledge, fill
from bot.views.buttons import PaperButton
from bot.views.feed_pages import edit_page, feed_page

if TYPE_CHECKING:
    from bot.client import Papercord

USUAL_DAYS = 7
"""That a rehearsal looks back, if nobody says."""
_WHOLE = 100  # hundredths


async def own_feed(interaction: "Interaction[Papercord]", number: int) -> Feed:
    """The reader's alert with this number, or, for who manages the server, the feed of it.

    Raises UnknownFeedError, NotAdministratorError.
    """
    client = interaction.client
    with suppress(UnknownFeedError):
        return await client.office.desk.feed(number, user=interaction.user.id)
    if interaction.guild_id is None:
        raise UnknownFeedError
    client.require_administrator(interaction)
    return await client.office.desk.feed(number, guild=interaction.guild_id)


async def resumed(client: "Papercord", feed: Feed) -> Feed:
    """Let it go on, where it can post. Raises FeedTroubleError."""
    if channel := channel_of(client, feed):
        require_open(channel, feed.settings)
    with in_words():
        return await client.office.desk.resume(feed)


async def changed(
    client: "Papercord", feed: Feed, settings: Settings, name: str | None = None
) -> tuple[Feed, str]:
    """The feed with other settings, and what is to be said of that. Raises FeedTroubleError; then it stays as it was."""
    channel = channel_of(client, feed)
    if channel:
        require_fit(channel, settings, before=feed.settings)
    with in_words():
        after = await client.office.desk.change(feed, settings, **({} if name is None else {"name": name}))
    problems = problems_of(client, after)
    return after, " ".join(["Saved.", *(f"⚠ {problem}" for problem in problems)])


class FeedItem(PaperButton, template=r"(?!)"):
    """Something to press or choose of one feed; strangers are refused."""

    async def pressed(self, interaction: "Interaction[Papercord]") -> None:
        """Look whose it is, at every press."""
        await self.pressed_for(interaction, await own_feed(interaction, int(self.match["number"])))

    @abstractmethod
    async def pressed_for(self, interaction: "Interaction[Papercord]", feed: Feed) -> None:
        """Acknowledge, ask, render, send."""


class DeedButton(FeedItem, template=custom_ids.FEED_DEED):
    """Tests, edits, pauses, resumes and deletes."""

    async def pressed_for(self, interaction: "Interaction[Papercord]", feed: Feed) -> None:
        """A test and the menus come as a message of their own; the rest is put in place of what was pressed."""
        client, deed = interaction.client, cast("custom_ids.Deed", self.match["deed"])
        if deed in {"test", "edit"} or not _is_of(feed, interaction):
            await acknowledge(interaction, private=True)
        else:
            await interaction.response.defer()
        match deed:
            case "test":
                rehearsed = await client.office.explainer.rehearse(feed, USUAL_DAYS)
                view = rehearsal_view(rehearsed)
            case "edit":
                view = edit_page(feed)
            case "pause":
                view = await feed_page(client, await client.office.desk.pause(feed))
            case "resume":
                view = await feed_page(client, await resumed(client, feed))
            case "keep":
                view = await feed_page(client, feed)
            case "delete":
                view = confirm_delete_view(feed)
            case "delete-now":
                await client.office.desk.delete(feed)
                view = deleted_view(feed)
        await fill(interaction, view)


class ChoiceMenu(FeedItem, template=custom_ids.FEED_CHOICE):
    """Sets one setting to what is chosen."""

    async def pressed_for(self, interaction: "Interaction[Papercord]", feed: Feed) -> None:
        """Show the menus as they are then, and what is wrong with the choice."""
        await interaction.response.defer()
        try:
            settings = chosen(feed, cast("custom_ids.Choice", self.match["what"]), values_of(interaction))
            feed, said = await changed(interaction.client, feed, settings)
        except FeedTroubleError as error:
            said = str(error)
        await fill(interaction, edit_page(feed, said))


class ThresholdButton(FeedItem, template=custom_ids.FEED_THRESHOLD):
    """Sets the threshold that was proposed."""

    async def pressed_for(self, interaction: "Interaction[Papercord]", feed: Feed) -> None:
        """Say so in a message of its own: the proposal stays to be looked at."""
        hundredths = int(self.match["hundredths"])
        if hundredths > _WHOLE:
            raise ExpiredListError
        await acknowledge(interaction, private=True)
        settings = replace(feed.settings, threshold=hundredths / _WHOLE)
        feed, said = await changed(interaction.client, feed, settings)
        await fill(interaction, edit_page(feed, f"The least score is {hundredths / _WHOLE:.2f} now. {said}"))


FEED_BUTTONS = (DeedButton, ChoiceMenu, ThresholdButton)


def values_of(interaction: Interaction) -> Sequence[str]:
    """What was chosen from a menu."""
    data = cast("dict[str, Any]", interaction.data or {})
    return [str(value) for value in data.get("values", [])]


def _is_of(feed: Feed, interaction: Interaction) -> bool:
    """Whether the message is about this feed alone, so that what becomes of it can take the message's place."""
    ids = _custom_ids(interaction.message.components if interaction.message else ())
    matches = (custom_ids.FEED_DEED.fullmatch(one) for one in ids)
    return {int(match["number"]) for match in matches if match} <= {feed.number}


def _custom_ids(components: Any) -> Iterator[str]:
    for component in components:
        if its := getattr(component, "custom_id", None):
            yield str(its)
        yield from _custom_ids(getattr(component, "children", None) or ())
