"""One interaction: the event that begins it, and the answers the bot has given so far."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any
from uuid import uuid4

from .channels import Channel
from .messages import LOADING, Messages
from .people import Person
from .request import Request
from .watch import Watch
from .world import APPLICATION_ID, World


class Kind(IntEnum):
    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    FORM = 5


class Callback(IntEnum):
    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    FORM = 9


@dataclass(eq=False)
class Interaction:
    """A handle for tests (`answered`, `message`, `followup`, `form`) and the state behind the bot's REST answers."""

    kind: Kind
    data: Mapping[str, Any]
    by: Person
    channel: Channel
    world: World
    watch: Watch
    messages: Messages
    source: Mapping[str, Any] | None = None  # the message whose button was pressed
    cause: "Interaction | None" = None  # what opened the form that is submitted
    at: float = field(default_factory=time.monotonic)
    callback: Request | None = None
    original: str | None = None  # the id of @original, once there is one
    filled: bool = False  # whether @original shows this interaction's answer
    followups: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self.id = self.world.clock.snowflake()
        self.token = f"loopback-{uuid4().hex}"

    async def answered(self, within: float = 30) -> Request:
        """Wait for the callback; its `body` holds type and data, its `at` less ours is the time it took."""
        return await self.watch.until(lambda: self.callback, f"an answer to {self}", within)

    async def message(self, within: float = 30) -> dict[str, Any]:
        """Wait until the original response is there: sent at once, or filled in after a deferral."""
        return await self.watch.until(self._filled_message, f"the message answering {self}", within)

    async def followup(self, number: int = 1, within: float = 30) -> dict[str, Any]:
        """Wait for the `number`-th message that the bot posted beside the original response."""

        def nth() -> dict[str, Any] | None:
            return self.messages.get(self.followups[number - 1]) if len(self.followups) >= number else None

        return await self.watch.until(nth, f"follow-up {number} to {self}", within)

    async def form(self, within: float = 30) -> dict[str, Any]:
        """Wait for the answer, which has to be a form: its custom_id, title and components."""
        body = (await self.answered(within)).body
        if body["type"] != Callback.FORM:
            raise AssertionError(
                f"{self} was answered with a callback of type {body['type']}, not with a form"
            )
        return body["data"]

    def event(self) -> dict[str, Any]:
        """Write INTERACTION_CREATE. In a DM Discord omits `guild_id` and sends `user` for `member`."""
        granted = self.channel.permissions_of(self.by)
        event: dict[str, Any] = {
            "id": self.id,
            "application_id": APPLICATION_ID,
            "type": self.kind,
            "data": self.data,
            "token": self.token,
            "version": 1,
            "channel_id": self.channel.id,
            "channel": self.channel.payload(),
            "app_permissions": str(int(self.channel.permissions_of(self.world.bot))),
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": self._owners,
            "attachment_size_limit": 10 * 1024 * 1024,
        }
        if self.source is not None:
            event["message"] = self.source
        guild = self.channel.guild
        if guild is None:
            return event | {"user": self.by.user(), "context": 1}
        return event | {
            "guild": {"id": guild.id, "locale": "en-US", "features": []},
            "guild_id": guild.id,
            "guild_locale": "en-US",
            "member": guild.member(self.by).payload() | {"permissions": str(int(granted))},
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
                pass  # choices and forms leave no message
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

    def metadata(self) -> dict[str, Any]:
        """What a message that answers this tells of it."""
        told: dict[str, Any] = {
            "id": self.id,
            "type": self.kind,
            "user": self.by.user(),
            "authorizing_integration_owners": self._owners,
        }
        if self.cause is not None:
            return told | {"triggering_interaction_metadata": self.cause.metadata()}
        return told | ({"interacted_message_id": self.source["id"]} if self.source else {})

    def _create(self, body: Mapping[str, Any]) -> dict[str, Any]:
        return self.messages.create(self.channel, body, self.metadata())

    def _filled_message(self) -> dict[str, Any] | None:
        return self.messages.get(self.original) if self.filled and self.original else None

    @property
    def _owners(self) -> dict[str, str]:
        # "0" is the installation in a guild; Discord names guild 0 when the bot is used in its DMs.
        return {"0": self.channel.guild_id or "0"}

    def __str__(self) -> str:
        what = self.data.get("name") or self.data.get("custom_id")
        return f"the {self.kind.name.lower()} {what!r} of {self.by.name}"
