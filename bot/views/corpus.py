"""The buttons of an import, and the form that papers are pasted into: the owner's, after a restart too."""

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from discord import Interaction, TextStyle, ui

from bot.cards import custom_ids
from bot.cards.corpus import dropped_view, imported_view, preview_view
from bot.responding import acknowledge, explain, fill
from bot.views.buttons import PaperButton
from bot.views.forms import fields_of

if TYPE_CHECKING:
    from bot.client import Papercord

MOST_PASTED = 4000  # characters; Discord's limit
PASTED_NAME = "the pasted text"


class OwnersButton(PaperButton, template=r"(?!)"):
    """A button for the owner alone; what it stands on is changed by it."""

    async def pressed(self, interaction: "Interaction[Papercord]") -> None:
        """Refuse it to strangers; acknowledge it to the owner."""
        await interaction.client.require_owner(interaction)
        await interaction.response.defer()
        await self.pressed_by_owner(interaction)

    @abstractmethod
    async def pressed_by_owner(self, interaction: "Interaction[Papercord]") -> None:
        """Ask, render, send."""


class ConfirmImportButton(OwnersButton, template=custom_ids.IMPORT):
    """Takes in what was looked at."""

    async def pressed_by_owner(self, interaction: "Interaction[Papercord]") -> None:
        """Put what came of it in the preview's place."""
        done = await interaction.client.curator.confirm(self.match["pending"])
        await fill(interaction, imported_view(done.name, done.report, done.pending))


class DropImportButton(OwnersButton, template=custom_ids.DROP_IMPORT):
    """Forgets what was looked at."""

    async def pressed_by_owner(self, interaction: "Interaction[Papercord]") -> None:
        """Say so in the preview's place."""
        await interaction.client.curator.drop(self.match["pending"])
        await fill(interaction, dropped_view())


CORPUS_BUTTONS = (ConfirmImportButton, DropImportButton)


def paste_form() -> ui.Modal:
    """The form. It is answered by `answer_pasted`, so discord.py need not remember it, and a restart does not matter."""
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id=custom_ids.PASTED,
        style=TextStyle.paragraph,
        placeholder="2506.01986\nhttps://huggingface.co/papers/2506.01986",
        max_length=MOST_PASTED,
    )
    label: ui.Label[Any] = ui.Label(
        text="A page, JSON, or arXiv ids and links",
        description="Up to 4,000 characters. For more, save it as a file and attach that to /corpus import.",
        component=field,
    )
    form = ui.Modal(title="Import papers", custom_id=custom_ids.PASTE)
    form.add_item(label)
    form.stop()
    return form


async def answer_pasted(interaction: "Interaction[Papercord]") -> None:
    """Show what importing the paste would change; a failure is explained to the one who pasted."""
    try:
        await interaction.client.require_owner(interaction)
        await acknowledge(interaction, private=True)
        pasted = fields_of(interaction).get(custom_ids.PASTED, "")
        preview = await interaction.client.curator.preview(PASTED_NAME, pasted.encode("utf-8", "replace"))
        view = preview_view(PASTED_NAME, preview.report, preview.pending, is_cut=len(pasted) >= MOST_PASTED)
        await fill(interaction, view)
    except Exception as error:  # noqa: BLE001 - the last place where the one who pasted can be told
        await explain(interaction, error)
