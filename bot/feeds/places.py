"""Where a feed may post: the channels that people can choose, what the bot lacks there, and which role it can mention."""

from collections.abc import Iterable, Sequence

import discord
from discord import ChannelType, app_commands

from bot.cards.feeds import missing_permissions
from bot.cards.health import CheckedChannel
from bot.errors import FeedTroubleError
from bot.feeds.access import missing_to_look, missing_to_post
from bot.feeds.feed import Feed, Settings

Channel = discord.TextChannel | discord.ForumChannel | discord.Thread
"""An announcement channel is a text channel."""
Given = app_commands.AppCommandChannel | app_commands.AppCommandThread
"""A channel as Discord hands it over with a command: with what the one who chose it may do there."""
KINDS = (
    ChannelType.text,
    ChannelType.news,
    ChannelType.forum,
    ChannelType.public_thread,
    ChannelType.private_thread,
    ChannelType.news_thread,
)
_UNSEEN = "I do not see its channel at the moment: it is deleted, archived, or hidden from me."
_NOT_HERE = (
    "That is no channel of this server that I can see. Choose one from the list, or let me see it first."
)
_NO_MEMBER = (
    "I am not in this server myself, or Discord has an outage of it. Who runs it adds me with my invite link."
)


async def chosen_channel(bot: discord.Client, guild_id: int | None, given: Given) -> Channel:
    """The channel that a person chose, if it is of their server, they see it, and it can hold posts.

    Raises FeedTroubleError.
    """
    guild = _server(bot, guild_id)
    if guild is None:
        raise FeedTroubleError(_NO_MEMBER)
    channel = guild.get_channel_or_thread(given.id) or await _fetched(guild, given.id)
    if channel.guild.id != guild.id:
        raise FeedTroubleError(_NOT_HERE)
    if not given.permissions.view_channel:
        raise FeedTroubleError("You do not see that channel yourself, so I post nothing there for you.")
    if not isinstance(channel, Channel) or channel.type not in KINDS:
        raise FeedTroubleError("Feeds post in text, announcement and forum channels, and in threads.")
    return channel


def require_fit(channel: Channel, settings: Settings, *, before: Settings | None = None) -> None:
    """Raises FeedTroubleError where a feed could not post, naming all that is missing; `before`: only if that is new."""
    if before is None or settings.mention_role != before.mention_role:
        _require_role(channel.guild, settings.mention_role)
    if before is not None and settings.style == before.style:
        return
    if settings.style == "forum" and isinstance(channel, discord.Thread):
        raise FeedTroubleError("In a thread there are no other threads. Choose cards or a digest.")
    require_open(channel, settings)


def require_open(channel: Channel, settings: Settings) -> None:
    """Raises FeedTroubleError where the bot may not post, naming each permission that it lacks."""
    if missing := missing_to_post(channel, has_threads=has_threads(channel, [settings])):
        raise FeedTroubleError(
            f"I may not post in #{channel.name}: I lack {_and(missing)} there. Give me that, then try again; /setup shows "
            "what I may do."
        )
    if _is_locked(channel):
        raise FeedTroubleError(f"#{channel.name} is locked, so that I cannot post there. Unlock it first.")


def has_threads(channel: object, of_feeds: Iterable[Settings]) -> bool:
    """Whether a feed posts each paper with a thread of its own there; a forum needs no more than to be posted in."""
    return isinstance(channel, discord.TextChannel) and any(one.style == "forum" for one in of_feeds)


def channel_of(bot: discord.Client, feed: Feed) -> Channel | None:
    """Where a feed posts, as far as Discord has told of it."""
    guild = _server(bot, feed.guild)
    channel = guild.get_channel_or_thread(feed.channel) if guild and feed.channel else None
    return channel if isinstance(channel, Channel) else None


def problems_of(bot: discord.Client, feed: Feed) -> list[str]:
    """What keeps a feed from posting in its channel, or could, in words; an alert has no channel."""
    if feed.kind == "alert":
        return []
    channel = channel_of(bot, feed)
    if channel is None:
        return [_UNSEEN]
    missing = missing_to_post(channel, has_threads=has_threads(channel, [feed.settings]))
    said = missing_permissions([*missing, *missing_to_look(channel)])
    if _is_locked(channel):
        said.append("The thread is locked, so that nothing can be posted there.")
    return [*said, *_silent_role(channel, feed.settings.mention_role)]


def checked_places(bot: discord.Client, feeds: Sequence[Feed]) -> list[CheckedChannel]:
    """What the bot may do in every channel that these feeds post in, each once."""
    by_place: dict[int, list[Feed]] = {}
    for feed in feeds:
        by_place.setdefault(feed.channel or 0, []).append(feed)
    return [
        checked_channel(channel, there)
        if (channel := channel_of(bot, there[0]))
        else CheckedChannel(place, len(there), is_seen=False)
        for place, there in by_place.items()
    ]


def checked_channel(channel: Channel, feeds: Sequence[Feed]) -> CheckedChannel:
    """What the bot may do in a channel, for the feeds that post in it; it may be none."""
    threaded = has_threads(channel, [feed.settings for feed in feeds])
    missing = [*missing_to_post(channel, has_threads=threaded), *missing_to_look(channel)]
    wanted = ["View Channel", "Send Messages", "Read Message History"]
    if isinstance(channel, discord.Thread):
        wanted[1] = "Send Messages in Threads"
    if threaded:
        wanted.insert(2, "Create Public Threads")
    held = tuple(one for one in wanted if one not in missing)
    roles = [words for feed in feeds for words in _silent_role(channel, feed.settings.mention_role)]
    return CheckedChannel(
        channel.id, len(feeds), held=held, missing=tuple(missing), others=tuple(dict.fromkeys(roles))
    )


def _server(bot: discord.Client, guild_id: int | None) -> discord.Guild | None:
    """A server that the bot is in, and that Discord has told of."""
    guild = bot.get_guild(guild_id or 0)
    return None if guild is None or guild.unavailable else guild


async def _fetched(guild: discord.Guild, number: int) -> discord.abc.GuildChannel | discord.Thread:
    """A channel that Discord did not tell of: an archived thread. Raises FeedTroubleError."""
    try:
        return await guild.fetch_channel(number)
    except (discord.HTTPException, discord.InvalidData) as error:
        raise FeedTroubleError(_NOT_HERE) from error


def _require_role(guild: discord.Guild, number: int | None) -> None:
    if number is None:
        return
    role = guild.get_role(number)
    if role is None:
        raise FeedTroubleError("That role is not of this server. Choose another.")
    if role.is_default():
        raise FeedTroubleError("I do not mention @everyone. Choose a role that people can take, or leave.")


def _silent_role(channel: Channel, number: int | None) -> list[str]:
    if number is None:
        return []
    role = channel.guild.get_role(number)
    if role is None:
        return ["The role that it mentions is not there any more."]
    if role.mentionable or channel.permissions_for(channel.guild.me).mention_everyone:
        return []
    return missing_permissions(["mention_everyone"])


def _is_locked(channel: Channel) -> bool:
    return (
        isinstance(channel, discord.Thread)
        and channel.locked
        and not channel.permissions_for(channel.guild.me).manage_threads
    )


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
