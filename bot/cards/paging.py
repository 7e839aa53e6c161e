"""Blocks of a long answer as pages, each of which fits a message. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any

from discord import ui

Block = ui.Container[Any] | ui.TextDisplay[Any]
_CHARACTERS = 3800  # of the 4,000 that Discord allows: the rest is for what stands around the blocks
_COMPONENTS = 34  # of 40, for the same reason


def paged(blocks: Sequence[Block]) -> list[list[Block]]:
    """The blocks in their order, as many on a page as fit it; at least one page."""
    pages: list[list[Block]] = [[]]
    characters = components = 0
    for block in blocks:
        parts = list(_parts(block))
        more = sum(len(part.content) for part in parts if isinstance(part, ui.TextDisplay))
        if pages[-1] and (characters + more > _CHARACTERS or components + len(parts) > _COMPONENTS):
            pages.append([])
            characters = components = 0
        pages[-1].append(block)
        characters += more
        components += len(parts)
    return pages


def _parts(item: Any) -> Iterator[Any]:
    """The item and everything in it."""
    yield item
    for child in getattr(item, "children", ()):
        yield from _parts(child)
    if accessory := getattr(item, "accessory", None):
        yield from _parts(accessory)
