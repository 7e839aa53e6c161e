"""The button and the menu of what feeds post: anybody who sees the post may use them."""

from typing import TYPE_CHECKING

from discord import Interaction, Thread

from bot.cards import custom_ids
from bot.cards.feed_reports import why_post_view
from bot.cards.paper import whole_card
from bot.errors import ExpiredListError
from bot.feeds.delivery import Delivery
from bot.responding import acknowledge, fill
from bot.views.buttons import PaperButton
from bot.views.feeds import values_of

if TYPE_CHECKING:
    from bot.client import Papercord


class WhyPostedButton(PaperButton, template=custom_ids.POST):
    """Says why each paper of a post is in it."""

    async def pressed(self, interaction: "Interaction[Papercord]") -> None:
        """Answer with a new message."""
        await acknowledge(interaction, private=None)
        office = interaction.client.office
        delivery = await office.outbox.get(self.match["token"])
        feed = await office.desk.posted_by(_if_here(delivery, interaction))
        whys = await office.explainer.why_posted(feed, self.match["token"])
        await fill(interaction, why_post_view(whys))


class PostPaperMenu(PaperButton, template=custom_ids.POST_PAPER):
    """Shows a paper of a digest with its whole abstract."""

    async def pressed(self, interaction: "Interaction[Papercord]") -> None:
        """Answer with a new message."""
        private = await acknowledge(interaction, private=None)
        if len(chosen := values_of(interaction)) != 1:
            raise ExpiredListError
        paper = await interaction.client.library.paper(chosen[0])
        await fill(interaction, whole_card(paper, shareable=private))


POST_BUTTONS = (WhyPostedButton, PostPaperMenu)


def _if_here(delivery: Delivery | None, interaction: Interaction) -> Delivery | None:
    """The message, if it is one of this channel: what another server's feed wants is nobody's business here."""
    if delivery is None:
        return None
    channel = interaction.channel
    here = {interaction.channel_id, channel.parent_id if isinstance(channel, Thread) else None}
    if interaction.guild_id is None:
        here.add(interaction.user.id)  # whose alert it is
    return delivery if here & {delivery.channel, delivery.place} - {None} else None
