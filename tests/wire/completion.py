"""What Discord adds to the components, embeds and attachments that a bot sends."""

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

from .clock import Clock
from .rules import nested

_MENU = {"min_values": 1, "max_values": 1}
_UNSAID: dict[int, dict[str, Any]] = {
    3: _MENU,
    5: _MENU,
    6: _MENU,
    7: _MENU,
    8: _MENU,
    11: {"description": None, "spoiler": False},
    14: {"spacing": 1, "divider": True},
    17: {"accent_color": None, "spoiler": False},
}
"""By the type of a component, what it has where the bot does not say."""


def complete_components(components: Iterable[dict[str, Any]], clock: Clock) -> None:
    """Give components without an `id` the next free one from 1 on, media theirs, and all what was not said."""
    flat = list(nested(components))
    taken = {component["id"] for component in flat if component.get("id")}
    free = (number for number in count(1) if number not in taken)
    for component in flat:
        if not component.get("id"):
            component["id"] = next(free)
        for field, value in _UNSAID.get(component["type"], {}).items():
            component.setdefault(field, value)
        for item in component.get("items", ()):
            item.setdefault("description", None)
            item.setdefault("spoiler", False)
        for shown in (component, *component.get("items", ())):
            if "media" in shown:
                media = shown["media"]
                shown["media"] = {"id": clock.snowflake(), "proxy_url": media["url"], **media}


def completed_embeds(embeds: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{"type": "rich", **embed} for embed in embeds]


def uploaded(attachment: Mapping[str, Any], clock: Clock) -> dict[str, Any]:
    """Turn the index of a file in the request into an attachment with an address."""
    if "url" in attachment:
        return dict(attachment)
    attachment_id = clock.snowflake()
    url = f"https://cdn.discordapp.com/attachments/{attachment_id}/{attachment['filename']}"
    return {**attachment, "id": attachment_id, "size": 0, "url": url, "proxy_url": url}
