"""Is a message said to the bot, and what is said in it? Pure, but for discord.py's values."""

import re

import discord

_KINDS = {discord.MessageType.default, discord.MessageType.reply}


def said_to(me: discord.ClientUser, message: discord.Message) -> str | None:
    """What was said to the bot; None if it was said to others, or by a bot.

    In its direct messages everything is; in a server what mentions it, and what replies to it. Of a reply without a mention no
    word may arrive; then it is taken for said to others.
    """
    if message.author.bot or message.webhook_id is not None or message.type not in _KINDS:
        return None
    is_mentioned = message.guild is None or me in message.mentions
    if not is_mentioned and (not message.content or replied_to(me, message) is None):
        return None
    return re.sub(rf"<@!?{me.id}>", " ", message.content).strip()


def replied_to(me: discord.ClientUser, message: discord.Message) -> int | None:
    """The id of the bot's message that this one replies to, if it does."""
    reference = message.reference
    answered = reference.resolved if reference else None
    return answered.id if isinstance(answered, discord.Message) and answered.author.id == me.id else None
