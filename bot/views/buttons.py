"""The buttons of cards and pagers."""

import re
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Self, cast

from discord import Interaction, ui

from bot.cards import custom_ids
from bot.cards.paper import whole_card
from bot.cards.results import results_view
from bot.responding import acknowledge, explain, fill, follow_up, is_own, is_private, show_list, where_of

if TYPE_CHECKING:
    from bot.client import Papercord


class PaperButton(ui.DynamicItem[ui.Button[Any]], template=r"(?!)"):
    """A button that knows only its custom id. Subclasses say what a press does."""

    def __init__(self, custom_id: str, match: re.Match[str]) -> None:
        super().__init__(ui.Button(custom_id=custom_id))
        self.match = match

    @classmethod
    async def from_custom_id(
        cls,
        interaction: Interaction,  # noqa: ARG003 - discord.py hands it over
        item: ui.Item[Any],  # noqa: ARG003
        match: re.Match[str],
        /,
    ) -> Self:
        """The button that was pressed, after a restart too."""
        return cls(match[0], match)

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Whether Discord still waits for an answer."""
        return cast("Interaction[Papercord]", interaction).client.is_punctual(interaction)

    async def callback(self, interaction: Interaction) -> Any:
        """Discord's entry: a failure is explained to the one who pressed."""
        try:
            await self.pressed(cast("Interaction[Papercord]", interaction))
        except Exception as error:  # noqa: BLE001 - the last place where a reader can be told
            await explain(interaction, error)

    @abstractmethod
    async def pressed(self, interaction: "Interaction[Papercord]") -> None:
        """Acknowledge, ask, render, send."""


class AbstractButton(PaperButton, template=custom_ids.ABSTRACT):
    """Shows a paper with its whole abstract."""

    async def pressed(self, interaction: "Interaction[Papercord]") -> None:
        """Answer with a new message."""
        private = await acknowledge(interaction, private=None)
        paper = await interaction.client.library.paper(self.match["paper_id"])
        await fill(interaction, whole_card(paper, shareable=private))


class SimilarButton(PaperButton, template=custom_ids.SIMILAR):
    """Finds the papers most like one."""

    async def pressed(self, interaction: "Interaction[Papercord]") -> None:
        """Answer with a new message."""
        private = await acknowledge(interaction, private=None)
        library = interaction.client.library
        results = await library.similar(await library.paper(self.match["paper_id"]))
        await show_list(interaction, results, shareable=private)


class PageButton(PaperButton, template=custom_ids.PAGE):
    """Turns a list to another page."""

    async def pressed(self, interaction: "Interaction[Papercord]") -> None:
        """Turn one's own list in place; a stranger on a public list gets a private copy of the page."""
        own = is_own(interaction)
        if own:
            await interaction.response.defer()
        else:
            await interaction.response.defer(ephemeral=True, thinking=True)
        list_id = self.match["list_id"]
        results = await interaction.client.lists.get(list_id)
        page = await interaction.client.library.page(results, int(self.match["number"]))
        interaction.client.talk.turned(where_of(interaction), list_id, page.number)
        private = not own or is_private(interaction)
        await fill(interaction, results_view(page, list_id=list_id, shareable=private))


class SharePageButton(PaperButton, template=custom_ids.SHARE_PAGE):
    """Posts a page of a private list for everybody in the channel."""

    async def pressed(self, interaction: "Interaction[Papercord]") -> None:
        """Post the page, then take the button off it, so that a second press does not post it twice."""
        await interaction.response.defer()
        list_id = self.match["list_id"]
        results = await interaction.client.lists.get(list_id)
        page = await interaction.client.library.page(results, int(self.match["number"]))
        await follow_up(interaction, results_view(page, list_id=list_id, shareable=False), private=False)
        await fill(interaction, results_view(page, list_id=list_id, shareable=False))


class SharePaperButton(PaperButton, template=custom_ids.SHARE_PAPER):
    """Posts a paper for everybody in the channel."""

    async def pressed(self, interaction: "Interaction[Papercord]") -> None:
        """Post the card, then take the button off the private one."""
        await interaction.response.defer()
        paper = await interaction.client.library.paper(self.match["paper_id"])
        await follow_up(interaction, whole_card(paper, shareable=False), private=False)
        await fill(interaction, whole_card(paper, shareable=False))


ALL_BUTTONS = (AbstractButton, SimilarButton, PageButton, SharePageButton, SharePaperButton)
