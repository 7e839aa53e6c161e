"""One interaction: the event that begins it, and the answers the bot has given so far."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any
from uuid import uuid4

from . import world
from .messages import LOADING, Messages
from .recorder import Request
from .watch import Watch


class Kind(IntEnum):
    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4


class Callback(IntEnum):
    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7


@dataclass
class Interaction:
    """A handle for tests (`answered`, `message`, `followup`) and the state behind the bot's REST answers."""

    kind: Kind
    data: Mapping[str, Any]
    in_guild: bool
    watch: Watch
    messages: Messages
    source: Mapping[str, Any] | None = None  # the message whose button was pressed
    id: str = field(default_factory=world.snowflake)
    token: str = field(default_factory=lambda: f"loopback-{uuid4().hex}")
    at: float = field(default_factory=time.monotonic)
    callback: Request | None = None
    original: str | None = None  # the id of @original, once there is one
    filled: bool = False  # whether @original shows this interaction's answer
    followups: list[str] = field(default_factory=list[str])

    @property
    def channel_id(self) -> str:
        return world.CHANNEL_ID if self.in_guild else world.DM_CHANNEL_ID

    async def answered(self, within: float = 10) -> Request:
        """Wait for the callback; its `body` holds type and data, its `at` less ours is the time it took."""
        return await self.watch.until(lambda: self.callback, f"an answer to {self}", within)

    async def message(self, within: float = 10) -> dict[str, Any]:
        """Wait until the original response is there: sent at once, or filled in after a deferral."""
        return await self.watch.until(self._filled_message, f"the message answering {self}", within)

    async def followup(self, number: int = 1, within: float = 10) -> dict[str, Any]:
        """Wait for the `number`-th message that the bot posted beside the original response."""

        def nth() -> dict[str, Any] | None:
            return self.messages.get(self.followups[number - 1]) if len(self.followups) >= number else None

        return await self.watch.until(nth, f"follow-up {number} to {self}", within)

    def event(self) -> dict[str, Any]:
        """Write INTERACTION_CREATE. In a DM Discord omits `guild_id` and sends `user` for `member`."""
        event: dict[str, Any] = {
            "id": self.id,
            "application_id": world.APPLICATION_ID,
            "type": self.kind,
            "data": self.data,
            "token": self.token,
            "version": 1,
            "channel_id": self.channel_id,
            "app_permissions": world.BOT_PERMISSIONS,
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": self._owners,
            "attachment_size_limit": 10 * 1024 * 1024,
        }
        if self.source is not None:
            event["message"] = self.source
        if not self.in_guild:
            return event | {"channel": world.dm_channel(), "user": world.HUMAN, "context": 1}
        return event | {
            "channel": world.channel(),
            "guild": {"id": world.GUILD_ID, "locale": "en-US", "features": []},
            "guild_id": world.GUILD_ID,
            "guild_locale": "en-US",
            "member": world.human_member(),
            "context": 0,
        }

    def take_callback(self, callback: Request) -> None:
        """Do to @original what the first answer asks for."""
        body = callback.body
        data = body.get("data") or {}
        match body["type"]:
            case Callback.MESSAGE:
                self.original = self._create(data)["id"]
                self.filled = True
            case Callback.DEFERRED_MESSAGE:
                self.original = self._create({"flags": (data.get("flags") or 0) | LOADING})["id"]
            case Callback.DEFERRED_UPDATE if self.source is not None:
                self.original = self.source["id"]
            case Callback.UPDATE if self.source is not None:
                self.original = self.source["id"]
                self.messages.edit(self.source["id"], data)
                self.filled = True
            case _:
                pass  # choices and modals leave no message
        self.callback = callback

    def edit(self, message_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Change one of the interaction's messages; changing @original is what fills it."""
        self.filled = self.filled or message_id == self.original
        return self.messages.edit(message_id, body)

    def post(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Post a follow-up; the first one after a deferral takes the place of "thinking…"."""
        placeholder = self.messages.get(self.original) if self.original else None
        if placeholder is not None and placeholder["flags"] & LOADING:
            self.filled = True
            return self.messages.edit(placeholder["id"], body)
        message = self._create(body)
        self.followups.append(message["id"])
        return message

    def _create(self, body: Mapping[str, Any]) -> dict[str, Any]:
        metadata: dict[str, Any] = {
            "id": self.id,
            "type": self.kind,
            "user": world.HUMAN,
            "authorizing_integration_owners": self._owners,
        }
        if self.source is not None:
            metadata["interacted_message_id"] = self.source["id"]
        return self.messages.create(self.channel_id, body, metadata)

    def _filled_message(self) -> dict[str, Any] | None:
        return self.messages.get(self.original) if self.filled and self.original else None

    @property
    def _owners(self) -> dict[str, str]:
        # "0" is the installation in a guild; Discord names guild 0 when the bot is used in its DMs.
        return {"0": world.GUILD_ID if self.in_guild else "0"}

    def __str__(self) -> str:
        what = self.data.get("name") or self.data.get("custom_id")
        return f"the {self.kind.name.lower()} {what!r}"
