"""What Discord demands, and we demand of ourselves, of messages and commands beyond the OpenAPI document."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

MAX_CONTENT = 2_000
MAX_EMBED_CHARACTERS = 6_000  # over all embeds of a message
MAX_COMPONENTS = 40  # nested ones and accessories counted
MAX_TEXT_DISPLAY_CHARACTERS = 4_000  # over all text displays of a message
MAX_CUSTOM_ID = 100
COMPONENTS_V2 = 1 << 15

_BUTTON, _TEXT_DISPLAY = 2, 10
_V2_TYPES = frozenset({9, 10, 11, 12, 13, 14, 17})
_LINK_STYLE = 5
_CHAT_INPUT = 1
_SUBCOMMAND_TYPES = frozenset({1, 2})

_COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")
_MARKDOWN_LINK = re.compile(r"(?<!\\)\[[^\]\n]*(?<!\\)\]\(<?([^)>\s]*)")


def message_violations(message: Mapping[str, Any]) -> list[str]:
    """Judge the body of a message that is sent or edited."""
    components = list(nested(message.get("components") or ()))
    return [
        *_length_violations(message, components),
        *_layout_violations(message, components),
        *_custom_id_violations(components),
        *_link_violations(message, components),
        *_mention_violations(message, components),
    ]


def command_violations(commands: Iterable[Mapping[str, Any]]) -> list[str]:
    """Judge the commands of a bulk overwrite."""
    return [
        violation
        for command in commands
        if (command.get("type") or _CHAT_INPUT) == _CHAT_INPUT
        for violation in _named_violations(command, command.get("name", ""))
    ]


def nested(components: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield every component of a message, depth first, accessories included."""
    for component in components:
        yield component
        yield from nested(component.get("components") or ())
        if accessory := component.get("accessory"):
            yield from nested([accessory])


def _length_violations(message: Mapping[str, Any], components: list[dict[str, Any]]) -> Iterator[str]:
    measures = {
        "characters of content": (len(message.get("content") or ""), MAX_CONTENT),
        "characters over all embeds": (
            sum(len(text) for text in _embed_texts(message)),
            MAX_EMBED_CHARACTERS,
        ),
        "components": (len(components), MAX_COMPONENTS),
        "characters over all text displays": (
            sum(len(text) for text in _display_texts(components)),
            MAX_TEXT_DISPLAY_CHARACTERS,
        ),
    }
    for what, (length, limit) in measures.items():
        if length > limit:
            yield f"{length} {what}, {limit} are allowed"


def _layout_violations(message: Mapping[str, Any], components: list[dict[str, Any]]) -> Iterator[str]:
    if (message.get("flags") or 0) & COMPONENTS_V2:
        for field in ("content", "embeds", "poll", "sticker_ids"):
            if message.get(field):
                yield f"{field} beside the components-v2 flag"
    elif kinds := sorted({component["type"] for component in components} & _V2_TYPES):
        yield f"component types {kinds} without the components-v2 flag"


def _custom_id_violations(components: list[dict[str, Any]]) -> Iterator[str]:
    counted = Counter(component["custom_id"] for component in components if component.get("custom_id"))
    for custom_id, times in counted.items():
        if len(custom_id) > MAX_CUSTOM_ID:
            yield f"custom_id of {len(custom_id)} characters, {MAX_CUSTOM_ID} are allowed: {custom_id!r}"
        if times > 1:
            yield f"custom_id {custom_id!r} stands {times} times in one message"


def _link_violations(message: Mapping[str, Any], components: list[dict[str, Any]]) -> Iterator[str]:
    for component in components:
        if component.get("type") == _BUTTON and component.get("style") == _LINK_STYLE:
            url = component.get("url")
            if not _is_web(url):
                yield f"link button {component.get('label')!r} leads to {url!r}, not to http(s)"
    for text in (message.get("content") or "", *_embed_texts(message), *_display_texts(components)):
        for url in _MARKDOWN_LINK.findall(text):
            if not _is_web(url):
                yield f"markdown link leads to {url!r}, not to http(s)"


def _mention_violations(message: Mapping[str, Any], components: list[dict[str, Any]]) -> Iterator[str]:
    """Titles and abstracts may contain `@everyone`: whatever shows text must forbid pings.

    Embeds never ping. A deferred answer pings when it is filled, so edits are judged like new messages.
    """
    if not message.get("content") and not any(_display_texts(components)):
        return
    allowed = message.get("allowed_mentions")
    if not isinstance(allowed, Mapping) or allowed.get("parse") != []:
        yield f"a text without allowed_mentions.parse = [] may ping: allowed_mentions is {allowed!r}"


def _named_violations(command: Mapping[str, Any], path: str) -> Iterator[str]:
    """Judge a command or subcommand, then its options, naming each by its path (`feed add url`)."""
    name = command.get("name", "")
    if name != name.lower() or not _COMMAND_NAME.fullmatch(name):
        yield f"the name of /{path} must be lower-case letters, digits, - and _"
    if not command.get("description"):
        yield f"/{path} has no description"
    optional_before = None
    for option in command.get("options") or ():
        if option.get("required") and optional_before:
            yield f"/{path}: required option {option['name']!r} after optional {optional_before!r}"
        if not option.get("required") and option.get("type") not in _SUBCOMMAND_TYPES:
            optional_before = option.get("name")
        yield from _named_violations(option, f"{path} {option.get('name', '')}")


def _embed_texts(message: Mapping[str, Any]) -> Iterator[str]:
    for embed in message.get("embeds") or ():
        yield embed.get("title") or ""
        yield embed.get("description") or ""
        yield (embed.get("footer") or {}).get("text") or ""
        yield (embed.get("author") or {}).get("name") or ""
        for field in embed.get("fields") or ():
            yield field["name"]
            yield field["value"]


def _display_texts(components: Iterable[dict[str, Any]]) -> Iterator[str]:
    for component in components:
        if component.get("type") == _TEXT_DISPLAY:
            yield component.get("content") or ""


def _is_web(url: object) -> bool:
    return isinstance(url, str) and re.match(r"https?://[^/\s]", url) is not None
