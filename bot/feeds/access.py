"""What the bot may do in a channel, and which permission it lacks: by what Discord told, without a request."""

import discord

_NAMES = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "create_public_threads": "Create Public Threads",
    "read_message_history": "Read Message History",
}


def missing_to_post(channel: discord.abc.GuildChannel | discord.Thread, *, has_threads: bool) -> list[str]:
    """The names of the permissions without which nothing can be posted; `has_threads`: with a thread for each paper."""
    wanted = ["view_channel", "send_messages"]
    if isinstance(channel, discord.Thread):
        wanted = ["view_channel", "send_messages_in_threads"]
    elif isinstance(channel, discord.ForumChannel):
        wanted = ["view_channel", "send_messages"]
    elif has_threads:
        wanted += ["create_public_threads"]
    return _missing(channel, wanted)


def missing_to_look(channel: discord.abc.GuildChannel | discord.Thread) -> list[str]:
    """The names of those without which the bot cannot see whether a message stands, after its connection broke."""
    return _missing(channel, ["read_message_history"])


def _missing(channel: discord.abc.GuildChannel | discord.Thread, wanted: list[str]) -> list[str]:
    may = channel.permissions_for(channel.guild.me)
    return [_NAMES[name] for name in wanted if not getattr(may, name)]
