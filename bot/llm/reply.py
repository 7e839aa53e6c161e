"""The one shape of a model's answer: its schema, and reading it whole or while it arrives. Pure.

{"answered": bool, "claims": [{"text": str, "cites": [int]}]}
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from pydantic_core import from_json

from bot.llm.claims import Claim
from bot.llm.errors import UnreadableAnswerError

MOST_CLAIMS = 8
MOST_CITES = 8
LONGEST_REPLY = 16_000  # characters; eight claims of 400 are 4,000
_LONGEST_TEXT = 2_000  # what is longer than a claim may be is dropped by the check, and counted
_THOUGHTS = ("</think>", "</thinking>", "</reasoning>", "<|message|>")
_OPEN_THOUGHTS = ("<think>", "<thinking>", "<reasoning>")

SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "answered": {"type": "boolean"},
        "claims": {
            "type": "array",
            "maxItems": MOST_CLAIMS,
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string"},
                    "cites": {"type": "array", "items": {"type": "integer"}},
                },
                "required": ["text", "cites"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["answered", "claims"],
    "additionalProperties": False,
}
"""Lengths are not in it: some endpoints refuse `maxLength`, and others make slow grammars of it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model said. `surplus` claims were more than there may be, or in no shape to be read."""

    answered: bool
    claims: tuple[Claim, ...]
    surplus: int


def read_reply(text: str) -> Reply:
    """A whole reply. Raises UnreadableAnswerError for what is not in the shape."""
    found = _loaded(_json_in(text), partial=False)
    answered, claims = found.get("answered"), found.get("claims")
    if not isinstance(answered, bool) or not isinstance(claims, list):
        raise UnreadableAnswerError("the model's answer lacks “answered” or “claims”")
    rows = cast("list[Any]", claims)
    read = [_claim(row) for row in rows[:MOST_CLAIMS]]
    kept = tuple(claim for claim in read if claim)
    return Reply(answered, kept, len(rows) - len(kept))


def finished_claims(text: str) -> tuple[Claim, ...]:
    """The claims that have arrived whole in a reply that is still being written: all but the one at its end."""
    try:
        found = _loaded(_json_in(text), partial=True)
    except UnreadableAnswerError:
        return ()
    claims = found.get("claims")
    if not isinstance(claims, list) or found.get("answered") is False:
        return ()
    read = map(_claim, cast("list[Any]", claims)[:-1][:MOST_CLAIMS])
    return tuple(claim for claim in read if claim)


def is_whole(text: str) -> bool:
    """Whether the reply is complete, whatever may follow it."""
    if not text.rstrip().endswith(("}", "```")):
        return False
    try:
        read_reply(text)
    except UnreadableAnswerError:
        return False
    return True


def _json_in(text: str) -> str:
    """The object in a reply, without what a model thought aloud before it and the fences around it."""
    for mark in _THOUGHTS:
        text = text.rpartition(mark)[2]
    if text.lstrip().startswith(_OPEN_THOUGHTS):
        return ""
    begin = text.find("{")
    if begin < 0:
        return ""
    text = text[begin:].rstrip()
    return text.removesuffix("```").rstrip()


def _loaded(text: str, *, partial: bool) -> Mapping[str, Any]:
    try:
        found = from_json(text, allow_partial=partial, allow_inf_nan=False)
    except ValueError:
        raise UnreadableAnswerError("the model's answer is no JSON") from None  # its text would be quoted
    if not isinstance(found, dict):
        raise UnreadableAnswerError("the model's answer is no JSON object")
    return cast("Mapping[str, Any]", found)


def _claim(row: object) -> Claim | None:
    if not isinstance(row, dict):
        return None
    fields = cast("Mapping[str, Any]", row)
    text, cites = fields.get("text"), fields.get("cites")
    if not isinstance(text, str) or not isinstance(cites, list) or not 0 < len(text) <= _LONGEST_TEXT:
        return None
    numbers = [_number(one) for one in cast("Sequence[Any]", cites)[: MOST_CITES + 1]]
    if len(numbers) > MOST_CITES or None in numbers:
        return None
    return Claim(text, tuple(dict.fromkeys(number for number in numbers if number is not None)))


def _number(cite: object) -> int | None:
    """A citation's number; small models write "1" or "[1]" for 1."""
    if isinstance(cite, bool):
        return None
    if isinstance(cite, int):
        return cite
    bare = cite.strip(" []") if isinstance(cite, str) else ""
    return int(bare) if bare.isascii() and bare.isdecimal() and len(bare) < 4 else None  # noqa: PLR2004 - three digits
