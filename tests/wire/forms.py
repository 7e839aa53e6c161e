"""A form (modal) as a person fills it in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from itertools import count
from typing import Any

from .resolved import id_of


class Part(IntEnum):
    """The components of a form."""

    ROW = 1
    STRING_MENU = 3
    TEXT_INPUT = 4
    USER_MENU = 5
    ROLE_MENU = 6
    MENTIONABLE_MENU = 7
    CHANNEL_MENU = 8
    TEXT = 10
    LABEL = 18


_MENUS = frozenset(part for part in Part if part.name.endswith("_MENU"))


def submission(form: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Write the `data` of a form's interaction; what `values` leave out stays as the form proposes it.

    Refuses, with an AssertionError, what Discord's client would not let a person send.
    """
    fields = list(_fields(form["components"]))
    if unknown := values.keys() - {field["custom_id"] for field in fields}:
        raise AssertionError(f"the form has no fields {sorted(unknown)}")
    numbers = count(1)
    components = [_filled(component, values, numbers) for component in form["components"]]
    return {"custom_id": form["custom_id"], "components": components}


def chosen(submitted: Mapping[str, Any]) -> list[str]:
    """All that was chosen from the menus of a submission."""
    return [value for field in _fields(submitted["components"]) for value in field.get("values", ())]


def _fields(components: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for component in components:
        if component["type"] == Part.LABEL:
            yield component["component"]
        elif component["type"] == Part.ROW:
            yield from component["components"]


def _filled(
    component: Mapping[str, Any], values: Mapping[str, Any], numbers: Iterator[int]
) -> dict[str, Any]:
    filled: dict[str, Any] = {"type": component["type"], "id": next(numbers)}
    match component["type"]:
        case Part.LABEL:
            return filled | {"component": _filled(component["component"], values, numbers)}
        case Part.ROW:
            inner = [_filled(part, values, numbers) for part in component["components"]]
            return filled | {"components": inner}
        case Part.TEXT:
            return filled
        case Part.TEXT_INPUT:
            text = values.get(component["custom_id"], component.get("value") or "")
            _refuse_text(component, text)
            return filled | {"custom_id": component["custom_id"], "value": text}
        case kind if kind in _MENUS:
            picked = [id_of(value) for value in _as_list(values.get(component["custom_id"], ()))]
            if component.get("required", True) and not picked:
                raise AssertionError(f"the form wants something chosen in {component['custom_id']!r}")
            return filled | {"custom_id": component["custom_id"], "values": picked}
        case kind:
            raise AssertionError(f"nobody here knows how to fill in a component of type {kind}")


def _refuse_text(field: Mapping[str, Any], text: str) -> None:
    least, most = field.get("min_length") or 0, field.get("max_length") or 4000
    if not text and not field.get("required", True):
        return
    if not max(least, 1) <= len(text) <= most:
        raise AssertionError(
            f"{field['custom_id']!r} takes {max(least, 1)} to {most} characters, not {len(text)}"
        )


def _as_list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else [value]
