"""Does Discord's own OpenAPI document, and what it leaves unsaid, allow this request?"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from jsonschema import FormatChecker, ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from .quick_validation import quick_validator
from .rules import command_violations, message_violations

DOCUMENT = Path(__file__).with_name("openapi.json")
_URI = "urn:discord"
# discord.py sends it with every forum post; Discord takes it, and its document does not list it.
_ASKED_BY_DISCORD_PY = "use_nested_fields"
_INT32 = 2**31

_formats = FormatChecker(formats=())


@_formats.checks("int32")
def _is_int32(value: object) -> bool:
    return not isinstance(value, int) or -_INT32 <= value < _INT32


@_formats.checks("uri")
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme)


@_formats.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@dataclass(frozen=True)
class Operation:
    """One method of one path template, with the parameters of a request already taken out of its path."""

    template: str
    method: str
    document: Mapping[str, Any]
    parameters: Mapping[str, Mapping[str, Any]]
    path_values: Mapping[str, str]


class Specification:
    """Discord's document, opened once; every validator is built when it is first needed."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._paths: Mapping[str, Mapping[str, Any]] = document["paths"]
        self._registry = Registry[Any]().with_resource(_URI, DRAFT202012.create_resource(document))
        self._validator = quick_validator(document)
        self._validators: dict[str, Any] = {}

    def violations(
        self,
        method: str,
        path: str,
        body: Any = None,
        query: Mapping[str, str] | None = None,
        *,
        multipart: bool = False,
    ) -> list[str]:
        """Say in words all that is wrong with a request; `path` begins below `/api/v10`.

        The body of a multipart request is its `payload_json`.
        """
        operation = self._operation(method, path)
        if operation is None:
            return [f"Discord has no route {method} {path}"]
        return [
            *self._parameter_violations(operation, query or {}),
            *self._body_violations(operation, body, multipart=multipart),
            *_unwritten_violations(operation, body),
        ]

    def answer_violations(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """Say what is wrong with an answer of ours; errors have no shape worth checking."""
        operation = self._operation(method, path)
        if operation is None or status >= HTTPStatus.BAD_REQUEST:
            return []
        declared = operation.document["responses"].get(str(status))
        if declared is None:
            return [f"{operation.template} never answers {status}"]
        if "content" not in declared:
            return [] if body is None else [f"{operation.template} answers {status} with no body"]
        return self._errors(declared["content"]["application/json"]["schema"], body)

    def _operation(self, method: str, path: str) -> Operation | None:
        for template, pattern in self._templates:
            match = pattern.fullmatch(path)
            item = self._paths[template]
            if match and method.lower() in item:
                document = item[method.lower()]
                declared = [*item.get("parameters", ()), *document.get("parameters", ())]
                parameters = {parameter["name"]: parameter for parameter in declared}
                return Operation(template, method.lower(), document, parameters, match.groupdict())
        return None

    @cached_property
    def _templates(self) -> list[tuple[str, re.Pattern[str]]]:
        """Each template with its pattern; `@me` and `@original` come before the ids they also look like."""
        by_freedom = sorted(self._paths, key=lambda template: template.count("{"))
        return [(template, _pattern(template)) for template in by_freedom]

    def _parameter_violations(self, operation: Operation, query: Mapping[str, str]) -> Iterator[str]:
        for place, values in (("path", operation.path_values), ("query", query)):
            for name, value in values.items():
                parameter = operation.parameters.get(name)
                if name == _ASKED_BY_DISCORD_PY:
                    continue
                if parameter is None or parameter["in"] != place:
                    yield f"{operation.template} takes no {place} parameter {name}"
                elif not any(
                    self._errors(parameter["schema"], reading) == [] for reading in _readings(value)
                ):
                    yield f"{place} parameter {name}={value!r} is not what {operation.template} asks for"
        for name, parameter in operation.parameters.items():
            if parameter["in"] == "query" and parameter.get("required") and name not in query:
                yield f"query parameter {name} is missing"

    def _body_violations(self, operation: Operation, body: Any, *, multipart: bool) -> Iterator[str]:
        request_body = operation.document.get("requestBody")
        if request_body is None or body is None:
            if body is not None:
                yield f"{operation.template} takes no body"
            elif request_body is not None and request_body.get("required"):
                yield f"{operation.template} needs a body"
            return
        content_type = "multipart/form-data" if multipart else "application/json"
        if content_type not in request_body["content"]:
            yield f"{operation.template} takes no {content_type}"
            return
        pointer = _pointer(
            "paths", operation.template, operation.method, "requestBody", "content", content_type, "schema"
        )
        yield from self._errors({"$ref": f"{_URI}#{pointer}"}, _tolerated(body))

    def _errors(self, schema: Mapping[str, Any], value: Any) -> list[str]:
        # Schemas of parameters refer to their own document as "#/…", so they are bound to its address.
        text = json.dumps(schema).replace('"#/', f'"{_URI}#/')
        if text not in self._validators:
            self._validators[text] = self._validator(
                json.loads(text), registry=self._registry, format_checker=_formats
            )
        return [_in_words(error) for error in self._validators[text].iter_errors(value)]


@lru_cache(maxsize=1)
def discord_specification() -> Specification:
    """Open the document that lies beside this file."""
    return Specification(json.loads(DOCUMENT.read_text(encoding="utf-8")))


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    return re.compile("".join(f"(?P<{p}>[^/]+)" if n % 2 else re.escape(p) for n, p in enumerate(parts)))


def _pointer(*steps: str) -> str:
    return "".join("/" + quote(step.replace("~", "~0").replace("/", "~1")) for step in steps)


def _readings(value: str) -> Iterator[Any]:
    """All that a parameter's text may stand for: Discord reads `1` as a number, a text, or true."""
    yield value
    yield [value]
    if value.lower() in {"true", "1", "false", "0"}:
        yield value.lower() in {"true", "1"}
    if re.fullmatch(r"-?\d+", value):
        yield int(value)


def _tolerated(body: Any) -> Any:
    """Rewrite the one harmless deviation of discord.py into what the document wants: ids as texts.

    `User.create_dm`, `Message.reply` and every upload send theirs as integers. Discord reads numbers as
    snowflakes too; the loss of digits that makes texts advisable happens in JavaScript, not in Discord.
    """
    match body:
        case {"recipient_id": int(recipient)}:
            return {**body, "recipient_id": str(recipient)}
        case {"message_reference": dict(reference)}:
            return {**body, "message_reference": _ids_as_texts(reference)}
        case {"attachments": list(attachments)}:
            return {**body, "attachments": [_ids_as_texts(attachment) for attachment in attachments]}
        case {"type": int(), "data": {"attachments": list()} as data}:
            return {**body, "data": _tolerated(data)}
        case _:
            return body


def _ids_as_texts(value: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: str(part) if key.endswith("id") and type(part) is int else part for key, part in value.items()
    }


def _in_words(error: ValidationError) -> str:
    """Name the place and the fault; in a choice of schemas, those of the alternative that was meant."""
    while error.context:
        error = min(_likeliest_alternative(error.context), key=lambda fault: len(fault.relative_path))
    place = "/".join(str(step) for step in error.absolute_path) or "body"
    return f"{place}: {error.message[:300]}"


def _likeliest_alternative(context: Iterable[ValidationError]) -> list[ValidationError]:
    """Of several failed alternatives, take the one whose own `type` fits, then the one with the fewest faults."""
    alternatives: dict[Any, list[ValidationError]] = {}
    for fault in context:
        alternatives.setdefault(fault.schema_path[0], []).append(fault)
    return min(
        alternatives.values(),
        key=lambda faults: (
            any(fault.validator == "type" and not fault.relative_path for fault in faults),
            any(list(fault.relative_path)[:1] == ["type"] for fault in faults),
            len(faults),
        ),
    )


def _unwritten_violations(operation: Operation, body: Any) -> list[str]:
    """Apply the rules the document does not know, where a message or a command is written."""
    match operation.method, operation.template, body:
        case "post", "/interactions/{interaction_id}/{interaction_token}/callback", {
            "type": 4 | 7,
            "data": dict(message),
        }:
            return message_violations(message)
        case "post", "/channels/{channel_id}/threads", {"message": dict(message)}:
            return message_violations(message)
        case (
            ("post", "/channels/{channel_id}/messages", dict(message))
            | ("patch", "/channels/{channel_id}/messages/{message_id}", dict(message))
            | ("post", "/webhooks/{webhook_id}/{webhook_token}", dict(message))
            | ("patch", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", dict(message))
            | ("patch", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", dict(message))
        ):
            return message_violations(message)
        case (
            "put",
            "/applications/{application_id}/commands"
            | "/applications/{application_id}/guilds/{guild_id}/commands",
            list(commands),
        ):
            return command_violations(commands)
        case _:
            return []
