"""How the bot answers an interaction: acknowledge at once, fill in later, and explain what went wrong."""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord import Interaction, ui

from bot import clock
from bot.cards.notices import problem_view
from bot.cards.results import results_view
from bot.errors import (
    READABLE_ERRORS,
    BlankQuestionError,
    BusyError,
    CorpusTroubleError,
    DoneAlreadyError,
    ExpiredListError,
    FeedTroubleError,
    NotAdministratorError,
    NotOwnerError,
    StillGoingError,
    UnclearRequestError,
    UnknownFeedError,
    UnknownPaperError,
    words_for,
)

if TYPE_CHECKING:
    from bot.client import Papercord
    from bot.library import ResultList
    from retrieval.query import Query

log = logging.getLogger(__name__)
_REFUSED: dict[type[BaseException], str] = {
    NotOwnerError: "is the owner's",
    NotAdministratorError: "is for those who manage the server",
}
_EXPECTED = (
    BlankQuestionError,
    BusyError,
    CorpusTroubleError,
    DoneAlreadyError,
    ExpiredListError,
    FeedTroubleError,
    StillGoingError,
    UnclearRequestError,
    UnknownFeedError,
    UnknownPaperError,
)
# https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
_NOT_AWAITED = {
    10008: "its reader dismissed it",
    10015: "its time is up",
    10062: "its time is up",
    40060: "it was answered",
    50027: "its time is up",
}


async def acknowledge(interaction: Interaction, *, private: bool | None) -> bool:
    """Tell Discord that an answer is coming; whether only the asker will see it.

    Private where others are present, unless asked otherwise; in the bot's own direct messages always visible.
    """
    with_bot_alone = interaction.guild_id is None and not interaction.context.private_channel
    ephemeral = not with_bot_alone and private is not False
    await interaction.response.defer(ephemeral=ephemeral, thinking=True)
    return ephemeral


async def fill(interaction: Interaction, view: ui.LayoutView) -> None:
    """Put the answer where the acknowledgement stands."""
    await interaction.edit_original_response(view=_unlistened(view))


async def follow_up(interaction: Interaction, view: ui.LayoutView, *, private: bool) -> None:
    """Send one more message in answer to an interaction that is acknowledged."""
    await interaction.followup.send(view=_unlistened(view), ephemeral=private)


async def show_list(
    interaction: "Interaction[Papercord]",
    results: "ResultList",
    query: "Query | None" = None,
    *,
    shareable: bool,
) -> None:
    """Answer with the first page of a list, and remember it: "2" is of it from now on. `query` is the search that gave it."""
    client = interaction.client
    list_id = await client.lists.keep(results, now=clock.now())
    client.talk.remember(where_of(interaction), results, list_id, query)
    page = await client.library.page(results, 0)
    await fill(interaction, results_view(page, list_id=list_id, shareable=shareable))


def where_of(interaction: Interaction) -> tuple[int, int]:
    """The conversation that a command or button belongs to: its person and its place."""
    return interaction.user.id, interaction.channel_id or 0


def is_private(interaction: Interaction) -> bool:
    """Whether the message of a button is seen by one person alone."""
    return interaction.message is not None and interaction.message.flags.ephemeral


def is_own(interaction: Interaction) -> bool:
    """Whether the one who pressed is the one whom the message answers."""
    message = interaction.message
    if message is None or is_private(interaction) or interaction.guild_id is None:
        return True
    if message.interaction_metadata is None:
        replied = message.reference.resolved if message.reference else None
        return not isinstance(replied, discord.Message) or replied.author.id == interaction.user.id
    return message.interaction_metadata.user.id == interaction.user.id


async def explain(interaction: Interaction, error: BaseException) -> None:
    """Tell the reader, and only the reader, what went wrong; the log gets the rest."""
    if isinstance(error, discord.HTTPException) and (why := _NOT_AWAITED.get(error.code)):
        log.warning(
            "Discord no longer waits for an answer to %s: %s (%s).", _name(interaction), why, error.code
        )
        return
    if refused := _REFUSED.get(type(error)):
        # What was given with it stays out of the log: it is a stranger's.
        log.warning("%s %s, and was refused to user %s.", _name(interaction), refused, interaction.user.id)
    else:
        note_failure(_name(interaction), error)
    view = problem_view(words_for(error), details_of(error))
    try:
        if not interaction.response.is_done():
            await interaction.response.send_message(view=_unlistened(view), ephemeral=True)
        elif interaction.type is discord.InteractionType.component:
            await follow_up(interaction, view, private=True)
        else:
            await fill(interaction, view)
    except (
        discord.HTTPException,
        aiohttp.ClientError,
        OSError,
        RuntimeError,
    ) as failure:  # the last: the session is closed
        log.warning("The reader of %s could not be told what went wrong: %s", _name(interaction), failure)


def _unlistened(view: ui.LayoutView) -> ui.LayoutView:
    """The view, stopped: its buttons are answered by bot.views, so discord.py need not remember every message."""
    view.stop()
    return view


def note_failure(what: str, error: BaseException) -> None:
    """Write down what failed and why, unless it is the reader's to know alone."""
    if not isinstance(error, _EXPECTED):
        traceback = None if isinstance(error, READABLE_ERRORS) else error
        log.error("%s failed: %s", what, error, exc_info=traceback)


def details_of(error: BaseException) -> Sequence[str]:
    """What is listed below the words for an error."""
    if isinstance(error, UnknownPaperError):
        return error.suggestions
    return error.notes if isinstance(error, BlankQuestionError) else ()


def _name(interaction: Interaction) -> str:
    if isinstance(interaction.command, discord.app_commands.Command):
        return f"/{interaction.command.qualified_name}"
    kind = "form" if interaction.type is discord.InteractionType.modal_submit else "button"
    return f"the {kind} {(interaction.data or {}).get('custom_id', '?')}"
