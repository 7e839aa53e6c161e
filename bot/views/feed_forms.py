"""The forms of a feed's settings: a button opens each, and what is written is read here; after a restart too."""

import re
from typing import TYPE_CHECKING, cast

from discord import Interaction, ui

from bot.cards import custom_ids
from bot.cards.feed_edit import limits_form, time_form, topic_form
from bot.errors import FeedTroubleError
from bot.feeds.feed import Feed
from bot.feeds.orders import written
from bot.responding import acknowledge, explain, fill
from bot.views.feed_pages import edit_page
from bot.views.feeds import FeedItem, changed, own_feed
from bot.views.forms import fields_of

if TYPE_CHECKING:
    from bot.client import Papercord

_FORMS = {"topic": topic_form, "time": time_form, "limits": limits_form}


class FormButton(FeedItem, template=custom_ids.FEED_FORM_BUTTON):
    """Opens a form."""

    async def pressed_for(self, interaction: "Interaction[Papercord]", feed: Feed) -> None:
        """The form, with what is set at present."""
        await interaction.response.send_modal(_form(self.match["what"], feed))


FORM_BUTTONS = (FormButton,)


async def answer_feed_form(interaction: "Interaction[Papercord]", match: re.Match[str]) -> None:
    """Set what was written; what is wrong with it is said to the one who wrote it, and nothing is changed."""
    try:
        feed = await own_feed(interaction, int(match["number"]))
        await _acknowledge(interaction)
        try:
            settings, name = written(feed, cast("custom_ids.Form", match["what"]), fields_of(interaction))
            feed, said = await changed(interaction.client, feed, settings, name)
        except FeedTroubleError as error:
            said = f"Nothing is changed. {error}"
        await fill(interaction, edit_page(feed, said))
    except Exception as error:  # noqa: BLE001 - the last place where the one who wrote can be told
        await explain(interaction, error)


def _form(what: str, feed: Feed) -> ui.Modal:
    return _FORMS[what](feed)


async def _acknowledge(interaction: Interaction) -> None:
    """The menus that the form was opened from are to show what it changed."""
    if interaction.message:
        await interaction.response.defer()
    else:
        await acknowledge(interaction, private=True)
