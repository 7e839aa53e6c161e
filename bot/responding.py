"""How the bot answers an interaction: acknowledge at once, fill in later, and explain what went wrong."""

import logging
from collections.abc import Sequence

import aiohttp
import discord
from discord import Interaction, ui

from bot.cards.notices import problem_view
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
    UnknownFeedError,
    UnknownPaperError,
    words_for,
)

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
    UnknownFeedError,
    UnknownPaperError,
)
# https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
_UNKNOWN_INTERACTION, _ALREADY_ACKNOWLEDGED = 10062, 40060


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


async def explain(interaction: Interaction, error: BaseException) -> None:
    """Tell the reader, and only the reader, what went wrong; the log gets the rest."""
    if isinstance(error, discord.HTTPException) and error.code in {
        _UNKNOWN_INTERACTION,
        _ALREADY_ACKNOWLEDGED,
    }:
        log.warning("Discord no longer waits for an answer to %s (%s).", _name(interaction), error.code)
        return
    if refused := _REFUSED.get(type(error)):
        # What was given with it stays out of the log: it is a stranger's.
        log.warning("%s %s, and was refused to user %s.", _name(interaction), refused, interaction.user.id)
    elif not isinstance(error, _EXPECTED):
        traceback = None if isinstance(error, READABLE_ERRORS) else error
        log.error("%s failed: %s", _name(interaction), error, exc_info=traceback)
    view = problem_view(words_for(error), _details(error))
    try:
        if not interaction.response.is_done():
            await interaction.response.send_message(view=_unlistened(view), ephemeral=True)
        elif interaction.type is discord.InteractionType.component:
            await follow_up(interaction, view, private=True)
        else:
            await fill(interaction, view)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as failure:
        log.warning("The reader of %s could not be told what went wrong: %s", _name(interaction), failure)


def _unlistened(view: ui.LayoutView) -> ui.LayoutView:
    """The view, stopped: its buttons are answered by bot.views, so discord.py need not remember every message."""
    view.stop()
    return view


def _details(error: BaseException) -> Sequence[str]:
    """What is listed below the words for an error."""
    if isinstance(error, UnknownPaperError):
        return error.suggestions
    return error.notes if isinstance(error, BlankQuestionError) else ()


def _name(interaction: Interaction) -> str:
    if isinstance(interaction.command, discord.app_commands.Command):
        return f"/{interaction.command.qualified_name}"
    kind = "form" if interaction.type is discord.InteractionType.modal_submit else "button"
    return f"the {kind} {(interaction.data or {}).get('custom_id', '?')}"
