"""Each rule of the specification can fail, and a correct request breaks none."""

from collections.abc import Mapping
from typing import Any

import pytest

from .rules import COMPONENTS_V2
from .specification import discord_specification

SILENT: dict[str, Any] = {"allowed_mentions": {"parse": []}}
CHANNEL = "/channels/1/messages"
WEBHOOK = "/webhooks/1/token"
ORIGINAL = "/webhooks/1/token/messages/@original"
CALLBACK = "/interactions/1/token/callback"
COMMANDS = "/applications/1/commands"


def violations(method: str, path: str, body: Any = None, query: Mapping[str, str] | None = None) -> list[str]:
    return discord_specification().violations(method, path, body, query)


def text(content: str) -> dict[str, Any]:
    return {"type": 10, "content": content}


def button(**fields: Any) -> dict[str, Any]:
    return {"type": 2, "style": 2, "label": "Save", **fields}


def layout(*components: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"flags": COMPONENTS_V2, "components": list(components), **SILENT, **fields}


def row(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(buttons)}


def command(**fields: Any) -> dict[str, Any]:
    return {"type": 1, "name": "find", "description": "Find papers", **fields}


def option(name: str, **fields: Any) -> dict[str, Any]:
    return {"type": 3, "name": name, "description": "What to look for", **fields}


CARD = layout(
    {
        "type": 17,
        "components": [
            {
                "type": 9,
                "components": [text("## Attention\n[arXiv](https://arxiv.org) \\[1\\](see below)")],
                "accessory": {"type": 11, "media": {"url": "https://arxiv.org/icon.png"}},
            },
            row(button(custom_id="save:1"), button(style=5, url="https://arxiv.org")),
        ],
    }
)


@pytest.mark.parametrize(
    ("method", "path", "body", "query"),
    [
        ("GET", "/users/@me", None, {}),
        ("PATCH", ORIGINAL, CARD, {}),
        ("POST", WEBHOOK, CARD, {"wait": "1", "with_components": "1"}),
        ("POST", CHANNEL, {"content": "x" * 2000, **SILENT}, {}),
        ("POST", CHANNEL, {"embeds": [{"title": "An embed pings nobody"}]}, {}),
        ("POST", CALLBACK, {"type": 5, "data": {"flags": 64}}, {"with_response": "true"}),
        ("POST", CALLBACK, {"type": 6}, {}),
        ("POST", CALLBACK, {"type": 8, "data": {"choices": [{"name": "a", "value": "b"}]}}, {}),
        ("PUT", COMMANDS, [command(options=[option("query", required=True), option("year")])], {}),
        ("PUT", COMMANDS, [{"type": 3, "name": "Find Papers Like This"}], {}),
        ("POST", "/users/@me/channels", {"recipient_id": 5}, {}),
        ("POST", CHANNEL, {"message_reference": {"message_id": 5}, "content": "re", **SILENT}, {}),
        ("POST", WEBHOOK, {"attachments": [{"id": 0, "filename": "list.bib"}]}, {}),
    ],
)
def test_a_correct_request_breaks_no_rule(method: str, path: str, body: Any, query: Mapping[str, str]):
    assert violations(method, path, body, query) == []


@pytest.mark.parametrize(
    ("method", "path", "body", "query", "words"),
    [
        ("GET", "/users/@you/friends", None, {}, "no route GET /users/@you/friends"),
        ("DELETE", "/users/@me", None, {}, "no route DELETE"),
        ("POST", "/channels/papers/messages", SILENT, {}, "path parameter channel_id='papers'"),
        ("POST", WEBHOOK, SILENT, {"wait": "perhaps"}, "query parameter wait='perhaps'"),
        ("POST", WEBHOOK, SILENT, {"hold": "1"}, "takes no query parameter hold"),
        ("GET", "/users/@me", {}, {}, "takes no body"),
        ("POST", CHANNEL, None, {}, "needs a body"),
        ("POST", CALLBACK, {"type": 99}, {}, "99"),
        ("POST", CALLBACK, {"data": {}}, {}, "'type' is a required property"),
        ("POST", CALLBACK, {"type": 8, "data": {"choices": [{"name": "a"}]}}, {}, "data/choices/0: 'value'"),
        ("POST", "/users/@me/channels", {"recipient_id": "mira"}, {}, "recipient_id"),
        ("POST", CHANNEL, {"embeds": [{"url": "arxiv"}]}, {}, "embeds/0/url: 'arxiv' is not a 'uri'"),
        ("POST", CHANNEL, {"embeds": [{"timestamp": "2026-01-01T10:00"}]}, {}, "not a 'date-time'"),
        ("PATCH", ORIGINAL, layout(text("x") | {"id": 2**31}), {}, "components/0/id"),
    ],
)
def test_what_discords_document_forbids_is_said_in_words(
    method: str, path: str, body: Any, query: Mapping[str, str], words: str
):
    assert words in "\n".join(violations(method, path, body, query))


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"content": "x" * 2001, **SILENT}, "2001 characters of content"),
        (
            {"embeds": [{"description": "x" * 3000, "footer": {"text": "y"}}, {"description": "x" * 3000}]},
            "6001 characters over all embeds",
        ),
        (
            layout(*[row(*[button(custom_id=f"{r}:{n}") for n in range(4)]) for r in range(9)]),
            "45 components",
        ),
        (layout(text("x" * 2000), text("y" * 2001)), "4001 characters over all text displays"),
        (layout(text("x"), content="y"), "content beside the components-v2 flag"),
        (layout(text("x"), embeds=[{"title": "y"}]), "embeds beside the components-v2 flag"),
        (layout(text("x"), flags=0), "[10] without the components-v2 flag"),
        (layout(row(button(custom_id="x" * 101))), "custom_id of 101 characters"),
        (layout(row(button(custom_id="save"), button(custom_id="save"))), "'save' stands 2 times"),
        (layout(row(button(style=5, url="file:///etc/passwd"))), "link button 'Save' leads to 'file:"),
        (layout(text("[a paper](javascript:alert)")), "markdown link leads to 'javascript:alert'"),
        ({"content": "[a paper](<arxiv.org>)", **SILENT}, "markdown link leads to 'arxiv.org'"),
        ({"embeds": [{"description": "[a paper]()"}]}, "markdown link leads to ''"),
        ({"content": "@everyone"}, "may ping: allowed_mentions is None"),
        ({"content": "x", "allowed_mentions": {"parse": ["users"]}}, "may ping"),
        (layout(text("@everyone"), allowed_mentions=None), "may ping"),
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", CHANNEL),
        ("PATCH", "/channels/1/messages/2"),
        ("POST", WEBHOOK),
        ("PATCH", ORIGINAL),
        ("PATCH", "/webhooks/1/token/messages/2"),
        ("POST", CALLBACK),
    ],
)
def test_what_the_document_does_not_know_of_messages_is_judged_wherever_one_is_written(
    method: str, path: str, message: dict[str, Any], words: str
):
    body = {"type": 4, "data": message} if path == CALLBACK else message
    assert words in "\n".join(violations(method, path, body))


@pytest.mark.parametrize(
    ("commands", "words"),
    [
        ([command(name="Find")], "the name of /Find must be lower-case"),
        ([command(name="find it")], "the name of /find it must be lower-case"),
        ([command(options=[option("Query")])], "the name of /find Query must be lower-case"),
        ([command(description="")], "/find has no description"),
        (
            [command(options=[option("year"), option("query", required=True)])],
            "/find: required option 'query' after optional 'year'",
        ),
        (
            [
                command(
                    options=[
                        {
                            "type": 1,
                            "name": "add",
                            "description": "Add",
                            "options": [option("label"), option("url", required=True)],
                        }
                    ]
                )
            ],
            "/find add: required option 'url' after optional 'label'",
        ),
    ],
)
def test_what_the_document_does_not_know_of_commands_is_judged(commands: list[Any], words: str):
    assert words in "\n".join(violations("PUT", COMMANDS, commands))
