"""Brings the outbox's messages to Discord, looks there for those that may stand already, and says what went wrong."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import discord
from discord import AllowedMentions, ui

from bot.cards.posts import post_view, thread_name
from bot.feeds.access import missing_to_post
from bot.feeds.delivery import Delivery
from bot.feeds.post import Post
from bot.feeds.sending import (
    CannotLookError,
    LaterError,
    NotTakenError,
    PlaceClosedError,
    PlaceGoneError,
    Standing,
    UnclearError,
)
from bot.feeds.tags import tags_for
from bot.single_attempt import FailedAttemptError, single_attempt

# https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
_UNKNOWN_CHANNEL, _UNKNOWN_GUILD, _UNKNOWN_USER = 10003, 10004, 10013
_HAS_THREAD = 160004
_GONE = {
    _UNKNOWN_CHANNEL: "the channel is not there any more",
    _UNKNOWN_GUILD: "the server is not there any more",
    _UNKNOWN_USER: "this person is not there any more",
}
_UNAUTHORISED, _FORBIDDEN, _NOT_FOUND, _TOO_MANY = 401, 403, 404, 429
_SERVER_FAULT = 500
_NONCE_KEPT = timedelta(seconds=60)
"""Discord keeps a nonce for “the past few minutes”; this is certainly less."""
# Where a message is looked for: in the last so many whatever their time, since our clock may be wrong, and further back
# until well before it was claimed.
_READ_ANYWAY = 300
_CLOCKS_DIFFER = timedelta(hours=3)
_MOST_READ = 1000  # messages of a channel that are looked through
_MOST_POSTS_READ = 30  # of our own, in a forum; each is a request

_Channel = (
    discord.TextChannel | discord.ForumChannel | discord.Thread | discord.VoiceChannel | discord.StageChannel
)


class DiscordMessenger:
    """Posts as one bot."""

    def __init__(self, bot: discord.Client) -> None:
        self._bot = bot

    async def send(self, delivery: Delivery) -> Standing:
        """Post it, with its id as nonce. Raises SendingError."""
        post = delivery.post
        if post is None:
            raise NotTakenError("its text is not kept any more")
        view, mentions = _view(delivery, post), _mentions(post)
        with _in_words():
            if delivery.lane in {"alert", "notice"}:
                person = await self._bot.create_dm(discord.Object(delivery.place))
                sent = await person.send(view=view, nonce=delivery.id, allowed_mentions=mentions)
                return Standing(person.id, sent.id)
            channel = await self._channel(delivery.place)
            if missing := missing_to_post(channel, has_threads=post.form == "thread"):
                raise PlaceClosedError(f"I may not post in #{channel.name}: I lack {' and '.join(missing)}.")
            if isinstance(channel, discord.ForumChannel):
                tags = tags_for(channel, post)
                made = await channel.create_thread(
                    name=thread_name(post), view=view, applied_tags=tags, allowed_mentions=mentions
                )
                return Standing(made.thread.id, made.message.id)
            message = await channel.send(view=view, nonce=delivery.id, allowed_mentions=mentions)
            return Standing(channel.id, message.id, lacks_thread=_has_thread(channel, post))

    async def add_thread(self, delivery: Delivery) -> None:
        """Give a message that stands its thread, if it has none. Raises SendingError."""
        if delivery.post is None or delivery.channel is None or delivery.message is None:
            return
        try:
            with _in_words():
                channel = await self._channel(delivery.channel)
                if isinstance(channel, discord.TextChannel):
                    message = channel.get_partial_message(delivery.message)
                    await message.create_thread(name=thread_name(delivery.post))
        except NotTakenError as error:
            if not (
                isinstance(error.__cause__, discord.HTTPException) and error.__cause__.code == _HAS_THREAD
            ):
                raise

    async def find(self, delivery: Delivery) -> Standing | None:
        """Where it stands, if it does. Raises SendingError, and CannotLookError where that cannot be known."""
        with _in_words(looking=True):
            if delivery.lane in {"alert", "notice"}:
                person = await self._bot.create_dm(discord.Object(delivery.place))
                return await self._look_through(person, delivery)
            channel = await self._channel(delivery.place)
            if isinstance(channel, discord.ForumChannel):
                return await self._look_through_forum(channel, delivery)
            may = channel.permissions_for(channel.guild.me)
            if not may.view_channel or not may.read_message_history:
                raise CannotLookError(f"I may not read what stands in #{channel.name}")
            return await self._look_through(channel, delivery)

    def remembers(self, delivery: Delivery, *, now: datetime) -> bool:
        """Whether Discord certainly still knows the nonce, so that sending again posts nothing twice."""
        if delivery.claimed is None or isinstance(
            self._bot.get_channel(delivery.place), discord.ForumChannel
        ):
            return False  # a forum post has no nonce
        return timedelta(0) <= now - delivery.claimed < _NONCE_KEPT

    def may_post(self, place: int, *, has_threads: bool) -> bool:
        """Whether the permissions of a channel, as far as they are known, let us post there."""
        channel = self._bot.get_channel(place)
        return isinstance(channel, _Channel) and not missing_to_post(channel, has_threads=has_threads)

    async def _channel(self, place: int) -> _Channel:
        channel = self._bot.get_channel(place) or await self._bot.fetch_channel(place)
        if not isinstance(channel, _Channel):
            raise NotTakenError("this is no channel that messages are posted in")
        if channel.guild.unavailable:
            raise LaterError("Discord has an outage of this server", 60.0)
        return channel

    async def _look_through(self, channel: discord.abc.Messageable, delivery: Delivery) -> Standing | None:
        """Backwards from now to well before it was claimed, as far as anybody can be expected to read."""
        since, read = _claimed(delivery) - _CLOCKS_DIFFER, 0
        async for message in channel.history(limit=_MOST_READ):
            if message.created_at < since and read >= _READ_ANYWAY:
                return None
            if self._is_it(message, delivery):
                post = delivery.post
                lacks = post is not None and _has_thread(channel, post) and not message.flags.has_thread
                return Standing(message.channel.id, message.id, lacks_thread=lacks)
            read += 1
        if read >= _MOST_READ:
            raise CannotLookError("more was written in the channel since than I can look through")
        return None

    async def _look_through_forum(self, forum: discord.ForumChannel, delivery: Delivery) -> Standing | None:
        active = [thread for thread in await forum.guild.active_threads() if thread.parent_id == forum.id]
        archived = [thread async for thread in forum.archived_threads(limit=100)]
        ours = {thread.id: thread for thread in (*active, *archived) if thread.owner_id == forum.guild.me.id}
        for thread in sorted(ours.values(), key=lambda one: one.id, reverse=True)[:_MOST_POSTS_READ]:
            with suppress(
                discord.NotFound
            ):  # a moderator may have deleted the first message, and left the thread
                message = await thread.fetch_message(thread.id)
                if self._is_it(message, delivery):
                    return Standing(thread.id, message.id)
        return None

    def _is_it(self, message: discord.Message, delivery: Delivery) -> bool:
        me = self._bot.user
        if me is None or message.author.id != me.id:
            return False
        return message.nonce == delivery.id or any(
            delivery.id in its for its in _custom_ids(message.components)
        )


def _view(delivery: Delivery, post: Post) -> ui.LayoutView:
    view = post_view(post, token=delivery.id)
    view.stop()  # its buttons are answered by bot.views, so discord.py need not remember it
    return view


def _mentions(post: Post) -> AllowedMentions:
    if post.role is None:
        return AllowedMentions.none()
    return AllowedMentions(everyone=False, users=False, roles=[discord.Object(post.role)], replied_user=False)


def _has_thread(channel: object, post: Post) -> bool:
    """Whether a message is to have a thread: in a thread there are no others."""
    return post.form == "thread" and isinstance(channel, discord.TextChannel)


def _claimed(delivery: Delivery) -> datetime:
    return delivery.claimed or delivery.made


def _custom_ids(components: Any) -> Iterator[str]:
    """Of every button and menu, however deep."""
    for component in components:
        if its := getattr(component, "custom_id", None):
            yield str(its)
        yield from _custom_ids(getattr(component, "children", None) or ())
        if accessory := getattr(component, "accessory", None):
            yield from _custom_ids([accessory])


@contextmanager
def _in_words(*, looking: bool = False) -> Generator[None, None, None]:
    """Discord's failures as ours. Of a look nothing is unclear but what stands there."""
    try:
        with single_attempt():
            yield
    except FailedAttemptError as error:
        raise UnclearError(str(error)) from error
    except discord.RateLimited as error:
        raise LaterError("Discord asks to wait", error.retry_after) from error
    except discord.HTTPException as error:
        raise _meaning(error, looking=looking) from error
    except aiohttp.ClientConnectorError as error:
        raise LaterError(f"Discord cannot be reached: {error}", 10.0) from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise UnclearError(f"The connection to Discord broke: {error}") from error


def _meaning(error: discord.HTTPException, *, looking: bool) -> Exception:
    words = f"Discord says: {error.text or error.response.reason} ({error.status}, {error.code})"
    if error.status == _TOO_MANY:
        return LaterError(words, _retry_after(error), everywhere=True)
    if error.status == _UNAUTHORISED:
        return LaterError(words, 60.0, everywhere=True)
    if error.status == _FORBIDDEN:
        return CannotLookError(words) if looking else PlaceClosedError(f"I may not post there. {words}")
    if error.status == _NOT_FOUND and error.code in _GONE:
        return PlaceGoneError(_GONE[error.code])
    return UnclearError(words) if error.status >= _SERVER_FAULT else NotTakenError(words)


def _retry_after(error: discord.HTTPException) -> float:
    try:
        return max(1.0, float(error.response.headers.get("Retry-After", "60")))
    except ValueError:
        return 60.0
