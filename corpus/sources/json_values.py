"""Values out of JSON objects that anybody may have written: each is what it should be, or is left out. Pure."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import cast

from corpus.sources.plain_links import plain_https

_LARGEST = 2**31 - 1  # what a database's integer holds; no paper has so many of anything
_ISO_DAY = len("2025-01-31")
_AND = re.compile(r", (?:and )?| and ")


def as_object(value: object) -> dict[str, object] | None:
    """The object, if it is one."""
    return cast("dict[str, object]", value) if isinstance(value, dict) else None


def text_of(value: object) -> str | None:
    """The text as it stands; None for what is blank or no text."""
    return value if isinstance(value, str) and value.strip() else None


def texts_of(value: object) -> tuple[str, ...]:
    """Texts from a list, each once; or from one text, in which commas or semicolons part them."""
    if isinstance(value, str):
        return tuple(dict.fromkeys(_stripped(value.replace(";", ",").split(","))))
    return tuple(dict.fromkeys(text for text in map(text_of, _items(value)) if text))


def names_of_people(value: object) -> tuple[str, ...]:
    """Names in order: from a list of texts or of objects with a `name`, or from one text.

    In a text semicolons part names, else commas and “and” do.
    """
    if isinstance(value, str):
        names = " ".join(value.split())
        return tuple(_stripped(names.split(";") if ";" in names else _AND.split(names)))
    named = (
        entry if isinstance(entry, str) else (as_object(entry) or {}).get("name") for entry in _items(value)
    )
    return tuple(name for name in map(text_of, named) if name)


def count_of(value: object) -> int | None:
    """A whole number that a database holds, from 0; True is no number of anything."""
    return value if type(value) is int and 0 <= value <= _LARGEST else None


def day_of(value: object) -> date | None:
    """The day of an ISO day or time, in UTC where its zone is told; a month or a year alone is none."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    try:
        if len(text) <= _ISO_DAY:
            return date.fromisoformat(text)
        time = datetime.fromisoformat(text)
        return (time.astimezone(UTC) if time.tzinfo else time).date()
    except (ValueError, OverflowError):  # not a time, or one hours before the year 1
        return None


def address_of(value: object) -> str | None:
    """An https address that a reader may be led to."""
    return plain_https(value.strip()) if isinstance(value, str) else None


def addresses_of(value: object) -> tuple[str, ...]:
    """The same of one address, or of a list of them, each once."""
    values = [value] if isinstance(value, str) else _items(value)
    return tuple(dict.fromkeys(address for address in map(address_of, values) if address))


def _stripped(parts: Iterable[str]) -> Iterable[str]:
    return filter(None, (part.strip() for part in parts))


def _items(value: object) -> Iterable[object]:
    return cast("list[object]", value) if isinstance(value, list) else ()
