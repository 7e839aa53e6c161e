"""A JSON Schema validator that does not try the alternatives that cannot be meant.

Discord's document describes a component as one of a dozen, told apart by their `type`; trying them all, at every
depth, takes ten times as long as looking at the type first. What is found wrong is the same.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast
from urllib.parse import unquote

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

_TYPES: dict[str, Callable[[Any], bool]] = {
    "null": lambda value: value is None,
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
}


def quick_validator(document: Mapping[str, Any]) -> Any:
    """The validator class for schemas that refer to this document."""
    choice = _Choice(document)
    return cast("Any", extend(Draft202012Validator, {"oneOf": choice.one_of, "anyOf": choice.any_of}))


class _Choice:
    """`oneOf` and `anyOf`."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._referred: dict[str, Mapping[str, Any]] = {}

    def one_of(self, validator: Any, schemas: Any, value: Any, _: Any) -> Iterator[ValidationError]:
        valid, context = self._tried(validator, schemas, value)
        if valid > 1:
            yield ValidationError(f"{value!r} is valid under {valid} of the given schemas")
        if not valid:
            yield ValidationError(f"{value!r} is not valid under any of the given schemas", context=context)

    def any_of(self, validator: Any, schemas: Any, value: Any, _: Any) -> Iterator[ValidationError]:
        valid, context = self._tried(validator, schemas, value)
        if not valid:
            yield ValidationError(f"{value!r} is not valid under any of the given schemas", context=context)

    def _tried(
        self, validator: Any, schemas: list[Mapping[str, Any]], value: Any
    ) -> tuple[int, list[ValidationError]]:
        """How many of them the value is, and all that keeps it from being the others."""
        meant = [number for number, schema in enumerate(schemas) if self._may_be(schema, value)]
        valid, context = 0, list[ValidationError]()
        for number in meant or range(len(schemas)):
            errors = list(validator.descend(value, schemas[number], schema_path=number))
            valid += not errors
            context += errors
        return valid, context

    def _may_be(self, schema: Mapping[str, Any], value: Any) -> bool:
        """False only where the value certainly is no such thing."""
        while "$ref" in schema and len(schema) == 1:
            schema = self._refer(schema["$ref"])
        if "const" in schema:
            return schema["const"] == value
        is_type = _TYPES.get(kind) if isinstance(kind := schema.get("type"), str) else None
        if is_type is not None and not is_type(value):
            return False
        if isinstance(value, dict) and "type" in value:
            possible = schema.get("properties", {}).get("type", {}).get("enum")
            return possible is None or value["type"] in possible
        return True

    def _refer(self, reference: str) -> Mapping[str, Any]:
        if reference not in self._referred:
            schema: Any = self._document
            for step in reference.partition("#")[2].split("/")[1:]:
                schema = schema[unquote(step).replace("~1", "/").replace("~0", "~")]
            self._referred[reference] = schema
        return self._referred[reference]
