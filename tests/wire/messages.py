"""The messages of the loopback Discord, completed as Discord completes what is sent, and told of on the gateway."""

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from .channels import Channel
from .completion import complete_components, completed_embeds, uploaded
from .events import Event, Intent
from .people import Person
from .permissions import Permission
from .threads import Thread
from .world import APPLICATION_ID, World

EPHEMERAL = 1 << 6
LOADING = 1 << 7
HAS_THREAD = 1 << 5
_EDITABLE: dict[str, Any] = {"content": "", "embeds": [], "components": [], "attachments": []}
_ORDINARY, _REPLY, _COMMAND_ANSWER = 0, 19, 20
_MENTION = re.compile(r"<@!?(\d+)>")


class Messages:
    """All messages by id; a message handed out is a copy, so it stays what it was when it was seen."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._clock = world.clock
        self._by_id: dict[str, dict[str, Any]] = {}
        self._deleted: dict[str, dict[str, Any]] = {}
        self._of_channel: dict[str, list[str]] = {}

    def create(
        self,
        channel: Channel,
        body: Mapping[str, Any],
        metadata: Mapping[str, Any] | None = None,
        *,
        author: Person | None = None,
        message_id: str | None = None,
    ) -> dict[str, Any]:
        """Post a message, as the bot unless somebody is named; `metadata` tells of the interaction it answers.

        Only what is returned here, and the event, carry the nonce.
        """
        author = author or self._world.bot
        message = self._blank(message_id or self._clock.snowflake(), channel, author)
        if metadata is not None:
            message |= {
                "type": _COMMAND_ANSWER,
                "interaction_metadata": dict(metadata),
                "webhook_id": APPLICATION_ID,
            }
        self._refer(message, body.get("message_reference"))
        self._by_id[message["id"]] = message
        self._of_channel.setdefault(channel.id, []).append(message["id"])
        channel.last_message_id = message["id"]
        if isinstance(channel, Thread):
            channel.messages += 1
        written = self._write(message, body)
        if body.get("nonce") is not None:
            written["nonce"] = body["nonce"]
        self._tell("MESSAGE_CREATE", channel, written)
        return written

    def edit(self, message_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Change what the body names and leave the rest; the placeholder of a deferral becomes a message."""
        message = self._by_id[message_id]
        if message["flags"] & LOADING:
            message["flags"] &= ~LOADING
        else:
            message["edited_timestamp"] = self._clock.stamp()
        written = self._write(message, body)
        self._tell("MESSAGE_UPDATE", self._world.channels.get(message["channel_id"]), written)
        return written

    def get(self, message_id: str) -> dict[str, Any] | None:
        return deepcopy(self._by_id.get(message_id))

    def ever(self, message_id: str) -> dict[str, Any] | None:
        """A message, even if it was deleted."""
        return self.get(message_id) or deepcopy(self._deleted.get(message_id))

    def within(self, channel_id: str) -> list[dict[str, Any]]:
        """The messages of a channel that everybody in it sees, oldest first."""
        ids = sorted(self._of_channel.get(channel_id, ()), key=int)
        there = (self._by_id[message_id] for message_id in ids if message_id in self._by_id)
        return [deepcopy(message) for message in there if not message["flags"] & EPHEMERAL]

    def deleted_within(self, channel_id: str) -> list[dict[str, Any]]:
        """What was deleted of a channel, oldest first."""
        ids = self._of_channel.get(channel_id, ())
        return [deepcopy(self._deleted[message_id]) for message_id in ids if message_id in self._deleted]

    def delete(self, message_id: str) -> None:
        message = self._deleted[message_id] = self._by_id.pop(message_id)
        channel = self._world.channels.get(message["channel_id"])
        self._tell("MESSAGE_DELETE", channel, {"id": message_id, "channel_id": message["channel_id"]})

    def start_thread(self, thread: Thread) -> None:
        """Show on the message of the same id that a thread hangs on it."""
        message = self._by_id[thread.id]
        message["flags"] |= HAS_THREAD
        message["thread"] = thread.payload()

    def _blank(self, message_id: str, channel: Channel, author: Person) -> dict[str, Any]:
        of_bot = {"application_id": APPLICATION_ID} if author is self._world.bot else {}
        return {
            "id": message_id,
            "channel_id": channel.id,
            "type": _ORDINARY,
            "author": author.user(),
            **of_bot,
            "content": "",
            "embeds": [],
            "attachments": [],
            "components": [],
            "mentions": [],
            "mention_roles": [],
            "mention_everyone": False,
            "pinned": False,
            "tts": False,
            "flags": 0,
            "timestamp": self._clock.stamp(),
            "edited_timestamp": None,
        }

    def _refer(self, message: dict[str, Any], reference: Mapping[str, Any] | None) -> None:
        """Make a reply of it. Whoever is replied to is mentioned, except by an answer to a command.

        A reply to what answered a command arrives empty: Discord does not count it as one to the bot.
        """
        referenced = self._by_id.get(str(reference["message_id"])) if reference else None
        if referenced is None:
            return
        message["type"] = _REPLY
        message["message_reference"] = {
            "type": 0,
            "channel_id": referenced["channel_id"],
            "message_id": referenced["id"],
        }
        message["referenced_message"] = deepcopy(referenced)
        message["referenced_message"].pop("referenced_message", None)
        if referenced["type"] != _COMMAND_ANSWER:
            message["mentions"] = [referenced["author"]]

    def _write(self, message: dict[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
        for field, empty in _EDITABLE.items():
            if field in body:
                message[field] = deepcopy(body[field] or empty)
        message["flags"] |= body.get("flags") or 0
        message["embeds"] = completed_embeds(message["embeds"])
        complete_components(message["components"], self._clock)
        message["attachments"] = [uploaded(attachment, self._clock) for attachment in message["attachments"]]
        if message["author"]["id"] != self._world.bot.id:  # the bot, by its own rules, mentions nobody
            self._mention(message)
        return deepcopy(message)

    def _mention(self, message: dict[str, Any]) -> None:
        known = {user["id"] for user in message["mentions"]}
        named = (self._world.people.get(mentioned) for mentioned in _MENTION.findall(message["content"]))
        message["mentions"] += [person.user() for person in named if person and person.id not in known]

    def _tell(self, name: str, channel: Channel | None, data: dict[str, Any]) -> None:
        """Tell the bot of a message in a channel that it sees; in direct messages Discord omits `guild_id`."""
        if channel is None or data.get("flags", 0) & EPHEMERAL:
            return
        if channel.guild is None:
            self._world.announce(Event(name, data, None, Intent.DIRECT_MESSAGES))
            return
        if not channel.permissions_of(self._world.bot) & Permission.VIEW_CHANNEL:
            return
        data = data | {"guild_id": channel.guild.id}
        author = self._world.people.get(data["author"]["id"]) if "author" in data else None
        if author is not None:
            member = channel.guild.member(author).payload()
            data["member"] = {key: value for key, value in member.items() if key != "user"}
        veiled = None if self._is_for_bot(data) else data | {f: v for f, v in _EDITABLE.items() if f in data}
        self._world.announce(Event(name, data, channel.guild.id, Intent.GUILD_MESSAGES, veiled))

    def _is_for_bot(self, message: Mapping[str, Any]) -> bool:
        """Whether its words reach the bot without the message content intent."""
        concerned = [message.get("author"), *message.get("mentions", ())]
        return any(user and user["id"] == self._world.bot.id for user in concerned)
