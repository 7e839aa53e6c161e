"""The buttons of answers and comparisons, and the form that follows up on an answer."""

import re
from typing import TYPE_CHECKING, Any

from discord import Interaction, TextStyle, ui

from bot.cards import custom_ids
from bot.cards.answers import answer_view, draft_view
from bot.cards.comparison import comparison_view
from bot.cards.replies import reply_view
from bot.chat.answered import Answered
from bot.chat.answering import MOST_ASKED
from bot.chat.drafts import Drafts
from bot.chat.replies import AnswerReply
from bot.feeds.options import Timing
from bot.feeds.orders import alert_settings
from bot.responding import acknowledge, explain, fill, follow_up, is_own, is_private, where_of
from bot.views.buttons import PaperButton
from bot.views.feed_pages import feed_page
from bot.views.forms import fields_of
from retrieval.question import topic_of

if TYPE_CHECKING:
    from bot.client import Papercord

_TOPIC = 300  # characters of an alert's topic


def written_live(interaction: Interaction) -> Drafts:
    """Shows drafts where the acknowledgement stands."""

    async def show(answered: Answered) -> None:
        await fill(interaction, draft_view(AnswerReply(answered, {})))

    return Drafts(show)


class AnswerPageButton(PaperButton, template=custom_ids.ANSWER_PAGE):
    """Turns an answer to another page."""

    async def pressed(self, interaction: "Interaction[Papercord]") -> None:
        """Turn one's own in place; a stranger gets a private copy of the page."""
        own = await _acknowledged(interaction)
        reply = await interaction.client.talk.shown(self.match["answer_id"])
        private = not own or is_private(interaction)
        view = answer_view(
            reply,
            number=int(self.match["number"]),
            shareable=private,
            is_slash=not own or _is_slash(interaction),
        )
        await fill(interaction, view)


class ShareAnswerButton(PaperButton, template=custom_ids.SHARE_ANSWER):
    """Posts a page of a private answer for everybody in the channel."""

    async def pressed(self, interaction: "Interaction[Papercord]") -> None:
        """Post it, then take the button off it, so that a second press does not post it twice."""
        await interaction.response.defer()
        reply, number = (
            await interaction.client.talk.shown(self.match["answer_id"]),
            int(self.match["number"]),
        )
        await follow_up(interaction, answer_view(reply, number=number, is_slash=True), private=False)
        await fill(interaction, answer_view(reply, number=number, is_slash=True))


class ComparisonPageButton(PaperButton, template=custom_ids.COMPARISON_PAGE):
    """Turns a comparison to another page."""

    async def pressed(self, interaction: "Interaction[Papercord]") -> None:
        """Turn one's own in place; a stranger gets a private copy of the page."""
        own = await _acknowledged(interaction)
        comparison = await interaction.client.talk.shown_comparison(self.match["answer_id"])
        private = not own or is_private(interaction)
        await fill(
            interaction, comparison_view(comparison, number=int(self.match["number"]), shareable=private)
        )


class ShareComparisonButton(PaperButton, template=custom_ids.SHARE_COMPARISON):
    """Posts a page of a private comparison for everybody in the channel."""

    async def pressed(self, interaction: "Interaction[Papercord]") -> None:
        """Post it, then take the button off it, so that a second press does not post it twice."""
        await interaction.response.defer()
        comparison = await interaction.client.talk.shown_comparison(self.match["answer_id"])
        number = int(self.match["number"])
        await follow_up(interaction, comparison_view(comparison, number=number), private=False)
        await fill(interaction, comparison_view(comparison, number=number))


class FollowUpButton(PaperButton, template=custom_ids.FOLLOW_UP):
    """Opens the form in which somebody asks on."""

    async def pressed(self, interaction: "Interaction[Papercord]") -> None:
        """A form is itself the acknowledgement."""
        await interaction.response.send_modal(_form(self.match["answer_id"]))


class TellMeButton(PaperButton, template=custom_ids.TELL_ME):
    """Makes an alert of a question that nothing here answers."""

    async def pressed(self, interaction: "Interaction[Papercord]") -> None:
        """Show the alert, to the one who pressed."""
        await acknowledge(interaction, private=True)
        reply = await interaction.client.talk.shown(self.match["answer_id"])
        await _make_alert(interaction, topic_of(reply.answered.searched))


class TellMeOfListButton(PaperButton, template=custom_ids.TELL_ME_OF_LIST):
    """Makes an alert of a search that found nothing."""

    async def pressed(self, interaction: "Interaction[Papercord]") -> None:
        """Show the alert, to the one who pressed."""
        await acknowledge(interaction, private=True)
        results = await interaction.client.lists.get(self.match["list_id"])
        await _make_alert(interaction, results.topic or results.asked)


ANSWER_BUTTONS = (
    AnswerPageButton,
    ShareAnswerButton,
    ComparisonPageButton,
    ShareComparisonButton,
    FollowUpButton,
    TellMeButton,
    TellMeOfListButton,
)


def _form(answer_id: str) -> ui.Modal:
    """It is answered by `answer_follow_up`, so discord.py need not remember it, and a restart does not matter."""
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id=custom_ids.FURTHER,
        style=TextStyle.short,
        placeholder="and on a phone?",
        max_length=MOST_ASKED,
    )
    form = ui.Modal(title="Ask on", custom_id=custom_ids.follow_up(answer_id))
    form.add_item(ui.Label(text="What else do you want to know?", component=field))
    form.stop()
    return form


async def answer_follow_up(interaction: "Interaction[Papercord]", match: re.Match[str]) -> None:
    """What was written into the form is asked on, after that answer; after a restart too."""
    try:
        private = await acknowledge(interaction, private=None)
        talk = interaction.client.talk
        before = (await talk.shown(match["answer_id"])).answered
        async with written_live(interaction) as drafts:
            said = fields_of(interaction).get(custom_ids.FURTHER, "")
            reply = await talk.follow_up(said, where_of(interaction), before, drafts.offer)
        await fill(interaction, reply_view(reply, shareable=private, is_slash=True))
    except Exception as error:  # noqa: BLE001 - the last place where a reader can be told
        await explain(interaction, error)


async def _make_alert(interaction: "Interaction[Papercord]", topic: str) -> None:
    client = interaction.client
    settings = alert_settings(topic[:_TOPIC], Timing("daily"), None)
    alert = await client.office.desk.make_alert(interaction.user.id, settings)
    await fill(interaction, await feed_page(client, alert))


async def _acknowledged(interaction: Interaction) -> bool:
    """Acknowledge a press; whether it is on the presser's own message, which is then changed in place."""
    own = is_own(interaction)
    if own:
        await interaction.response.defer()
    else:
        await interaction.response.defer(ephemeral=True, thinking=True)
    return own


def _is_slash(interaction: Interaction) -> bool:
    """Whether the message answers a command, so that a reply to it would carry no text."""
    return interaction.message is not None and interaction.message.interaction_metadata is not None
