"""Which web addresses does a text contain? Pure."""

from functools import cache
from typing import Any, cast

from linkify_it import LinkifyIt  # pyright: ignore[reportMissingTypeStubs]


@cache
def _linkifier() -> LinkifyIt:
    # Only addresses with a scheme: `e.g.in` and `vLLM.ai` in running text are not links.
    return LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})


def find_links(text: str) -> tuple[str, ...]:
    """Every http(s) address of the text, once each, in order; sentence punctuation is not part of one."""
    if "://" not in text:  # most texts have none, and looking closely takes a quarter of a millisecond
        return ()
    matches = cast("list[Any]", _linkifier().match(text) or [])  # pyright: ignore[reportUnknownMemberType]
    urls = (str(match.url).rstrip(".:*`") for match in matches if match.schema in {"http:", "https:"})
    return tuple(dict.fromkeys(urls))
