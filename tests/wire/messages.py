"""The messages of the loopback Discord, completed as Discord completes what a bot sends."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import UTC, datetime
from itertools import count
from typing import Any

from . import world
from .rules import nested

EPHEMERAL = 1 << 6
LOADING = 1 << 7
_EDITABLE: dict[str, Any] = {"content": "", "embeds": [], "components": [], "attachments": []}


class Messages:
    """All messages by id; a message handed out is a copy, so it stays what it was when it was seen."""

    def __init__(self) -> None:
        self._by_id: dict[str, dict[str, Any]] = {}

    def create(
        self, channel_id: str, body: Mapping[str, Any], metadata: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Post a message as the bot; `metadata` tells of the interaction it answers."""
        message: dict[str, Any] = {
            "id": world.snowflake(),
            "channel_id": channel_id,
            "type": 0 if metadata is None else 20,
            "author": world.BOT,
            "application_id": world.APPLICATION_ID,
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
            "timestamp": datetime.now(UTC).isoformat(),
            "edited_timestamp": None,
        }
        if metadata is not None:
            message["interaction_metadata"] = dict(metadata)
            message["webhook_id"] = world.APPLICATION_ID
        if body.get("nonce") is not None:
            message["nonce"] = body["nonce"]
        self._by_id[message["id"]] = message
        return self._write(message, body)

    def edit(self, message_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Change what the body names and leave the rest; the placeholder of a deferral becomes a message."""
        message = self._by_id[message_id]
        if message["flags"] & LOADING:
            message["flags"] &= ~LOADING
        else:
            message["edited_timestamp"] = datetime.now(UTC).isoformat()
        return self._write(message, body)

    def get(self, message_id: str) -> dict[str, Any] | None:
        return deepcopy(self._by_id.get(message_id))

    def delete(self, message_id: str) -> None:
        del self._by_id[message_id]

    def _write(self, message: dict[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
        for field, empty in _EDITABLE.items():
            if field in body:
                message[field] = deepcopy(body[field] or empty)
        message["flags"] |= body.get("flags") or 0
        _complete(message["components"])
        message["attachments"] = [_uploaded(attachment) for attachment in message["attachments"]]
        return deepcopy(message)


def _complete(components: Iterable[dict[str, Any]]) -> None:
    """Give components without an `id` the next free one from 1 on, and media theirs, as Discord does."""
    flat = list(nested(components))
    taken = {component["id"] for component in flat if component.get("id")}
    free = (number for number in count(1) if number not in taken)
    for component in flat:
        if not component.get("id"):
            component["id"] = next(free)
        for shown in (component, *component.get("items", ())):
            if "media" in shown:
                media = shown["media"]
                shown["media"] = {"id": world.snowflake(), "proxy_url": media["url"], **media}


def _uploaded(attachment: Mapping[str, Any]) -> dict[str, Any]:
    """Turn the index of a file in the request into an attachment with an address."""
    if "url" in attachment:
        return dict(attachment)
    attachment_id = world.snowflake()
    url = f"https://cdn.discordapp.com/attachments/{attachment_id}/{attachment['filename']}"
    return {**attachment, "id": attachment_id, "size": 0, "url": url, "proxy_url": url}
