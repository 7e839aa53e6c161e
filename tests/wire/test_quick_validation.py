"""The quick validator finds wrong what the plain one finds wrong."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from .quick_validation import quick_validator
from .specification import DOCUMENT
from .test_specification import CARD

pytestmark = pytest.mark.wire
URI = "urn:discord"


@pytest.fixture(scope="module")
def document() -> Any:
    return json.loads(DOCUMENT.read_text(encoding="utf-8"))


def within(card: Any, *path: Any, value: Any) -> Any:
    """The card with one thing changed."""
    changed = json.loads(json.dumps(card))
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    "message",
    [
        CARD,
        {"content": None},
        {"content": 5},
        {"components": 5},
        {"components": [5]},
        {"components": [{}]},
        within(CARD, "components", 0, "type", value=99),
        within(CARD, "components", 0, "type", value=True),
        within(CARD, "components", 0, "components", 0, "accessory", value=None),
        within(CARD, "components", 0, "components", 0, "components", 0, "type", value=2),
        within(CARD, "components", 0, "components", 1, "components", 0, "style", value=77),
        within(CARD, "allowed_mentions", "parse", value=["nobody"]),
    ],
)
def test_both_agree(document: Any, message: Any):
    registry = Registry[Any]().with_resource(URI, DRAFT202012.create_resource(document))
    schema = {"$ref": f"{URI}#/components/schemas/MessageCreateRequest"}
    plain = Draft202012Validator(schema, registry=registry)
    quick = quick_validator(document)(schema, registry=registry)
    assert quick.is_valid(message) == plain.is_valid(message)
    places = [[list(error.absolute_path) for error in check.iter_errors(message)] for check in (quick, plain)]
    assert places[0] == places[1]
