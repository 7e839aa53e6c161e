"""Direct messages, mentions and replies: a conversation without commands."""

import asyncio
import logging
from contextlib import suppress

import aiohttp
import discord
from discord import ui
from discord.ext import commands

from bot.cards.answers import draft_view
from bot.cards.notices import problem_view
from bot.cards.replies import reply_view
from bot.chat.addressed import replied_to, said_to
from bot.chat.answered import Answered
from bot.chat.drafts import Drafts
from bot.chat.replies import AnswerReply, kept_as
from bot.chat.turns import Given, Respond, Turn
from bot.client import Papercord
from bot.errors import words_for
from bot.responding import details_of, note_failure
from corpus.errors import CorpusError

log = logging.getLogger(__name__)
_TYPING_SECONDS = 8.0  # Discord shows it for ten
_PATIENCE_SECONDS = (
    1.0  # for “typing” to be shown before the answer is: behind it, it would stay for ten seconds
)


class Messages(commands.Cog):
    """Hears what is said to the bot."""

    def __init__(self, bot: Papercord) -> None:
        self._bot = bot

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer what is said to the bot."""
        text = self._said(message)
        if text is not None:
            where = (message.author.id, message.channel.id)
            try:
                await self._bot.turns.take(message.id, where, text, self._respond_to(message))
            except CorpusError as error:  # it could not be written down, so a word of that is all there is
                note_failure(f"message {message.id}", error)
                with suppress(discord.HTTPException, aiohttp.ClientError, OSError):
                    await message.channel.send(view=problem_view(words_for(error)), nonce=str(message.id))

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Answer anew, in place, what says something else now."""
        message = payload.message
        text = self._said(message)
        if text is not None:
            await self._bot.turns.edit(message.id, text, self._respond_to(message))

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Do not answer what is gone."""
        self._bot.turns.delete(payload.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Do not answer what is gone."""
        for message_id in payload.message_ids:
            self._bot.turns.delete(message_id)

    def _said(self, message: discord.Message) -> str | None:
        return said_to(self._bot.user, message) if self._bot.user else None

    def _respond_to(self, message: discord.Message) -> Respond:
        async def respond(turn: Turn) -> Given | None:
            return await _Answer(self._bot, message, turn).give()

        return respond


class _Answer:
    """The one message that answers a message."""

    def __init__(self, bot: Papercord, message: discord.Message, turn: Turn) -> None:
        self._bot = bot
        self._message = message
        self._turn = turn
        self._sent = turn.answer
        self._may_stand = turn.is_told_again  # a message of the same nonce, with other words
        self._is_typing = asyncio.Event()

    async def give(self) -> Given | None:
        """Work it out and send it, or say what is wrong. Raises nothing."""
        typing = asyncio.create_task(self._type())
        kept = ""
        try:
            view, kept = await self._view()
            with suppress(TimeoutError):
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    await self._is_typing.wait()
            typing.cancel()
            if not self._turn.is_gone or self._sent is not None:  # what is begun is finished
                await self._show(view)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as failure:
            log.warning("Message %s could not be answered: %s", self._message.id, failure)
        finally:
            typing.cancel()
        return Given(self._sent, kept) if self._sent else None

    async def _view(self) -> tuple[ui.LayoutView, str]:
        where, talk = self._turn.where, self._bot.talk
        edited, self._turn.before = self._turn.before, self._turn.before or talk.before(where)
        try:
            me = self._bot.user
            if me and (answer := replied_to(me, self._message)):
                await talk.resume(where, await self._bot.heard.shown_in(answer))
            async with Drafts(self._draft) as drafts:
                reply = await talk.reply(self._turn.text, where, drafts.offer, before=edited)
            return reply_view(reply), kept_as(reply)
        except Exception as error:  # noqa: BLE001 - the last place where a reader can be told
            note_failure(f"message {self._message.id}", error)
            return problem_view(words_for(error), details_of(error)), ""

    async def _draft(self, answered: Answered) -> None:
        if not self._turn.is_gone:
            await self._show(draft_view(AnswerReply(answered, {})))

    async def _show(self, view: ui.LayoutView) -> None:
        """Send it, or put it in the place of what was sent."""
        view.stop()  # its buttons are answered by bot.views
        if self._sent is None:
            # Discord answers a nonce that it knows with the message that it knows, and leaves that as it is. So it is edited
            # where one may stand: a draft of before a crash, or one of which Discord did not tell in time.
            may_stand, self._may_stand = self._may_stand, True
            self._sent = await self._send(view)
            if not may_stand:
                return
        sent = self._bot.get_partial_messageable(self._message.channel.id).get_partial_message(self._sent)
        await sent.edit(view=view, allowed_mentions=self._bot.allowed_mentions)

    async def _send(self, view: ui.LayoutView) -> int:
        channel = self._message.channel
        nonce = str(self._message.id)  # by which Discord knows it, if it is sent again after a crash
        if self._message.guild is None:
            sent = await channel.send(view=view, nonce=nonce)
        else:  # a reply, so that it shows whom it answers; who asked is not pinged for it
            reference = self._message.to_reference(fail_if_not_exists=False)
            sent = await channel.send(view=view, nonce=nonce, reference=reference, mention_author=False)
        return sent.id

    async def _type(self) -> None:
        with suppress(discord.HTTPException, aiohttp.ClientError, OSError):
            while True:
                try:
                    await self._message.channel.typing()
                finally:
                    self._is_typing.set()
                await asyncio.sleep(_TYPING_SECONDS)
