"""What a person sees of a message: its texts, its buttons, its links."""

import re
from collections.abc import Iterator
from typing import Any


def parts(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every component, nested ones behind their parents."""
    for component in components:
        yield component
        yield from parts(component.get("components", []))


def text(components: list[dict[str, Any]]) -> str:
    """All text displays, in order."""
    return "\n".join(part["content"] for part in parts(components) if part["type"] == 10)


def buttons(components: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The buttons by label; of several with one label the first."""
    found: dict[str, dict[str, Any]] = {}
    for part in parts(components):
        if part["type"] == 2:
            found.setdefault(part["label"], part)
    return found


def titles(components: list[dict[str, Any]]) -> list[str]:
    """The linked titles of the cards, in order."""
    return re.findall(r"^### (?:\d+ · )?\[(.+)\]\(", text(components), re.MULTILINE)
