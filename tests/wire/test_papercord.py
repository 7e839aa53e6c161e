"""Papercord as a process against a loopback Discord: every request it sends is one that Discord would accept."""

import shutil
import sys
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from .loopback import LoopbackDiscord
from .process import BotProcess, running_bot
from .rules import COMPONENTS_V2, nested
from .world import TOKEN

pytestmark = [pytest.mark.wire, pytest.mark.model]
_READY = 60  # seconds; importing torch takes ten of them on a busy machine


@dataclass(frozen=True)
class Stage:
    server: LoopbackDiscord
    bot: BotProcess
    data: Path


def command(data: Path) -> tuple[str, ...]:
    return (sys.executable, "-m", "bot", "run", "--data", str(data))


@pytest.fixture
async def stage(tmp_path: Path, indexed_data: Path) -> AsyncGenerator[Stage, None]:
    data = tmp_path / "data"
    shutil.copytree(indexed_data, data)
    async with LoopbackDiscord() as server, running_bot(server, *command(data)) as bot:
        await bot.ready(within=_READY)
        yield Stage(server, bot, data)
        assert server.violations == []
        assert server.answer_violations == []


def texts(message: dict[str, Any]) -> str:
    return "\n".join(part["content"] for part in nested(message["components"]) if part["type"] == 10)


def custom_id(message: dict[str, Any], label: str) -> str:
    return next(part["custom_id"] for part in nested(message["components"]) if part.get("label") == label)


GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 0, 1 << 9, 1 << 12


async def test_it_logs_in_syncs_answers_and_stops_on_sigterm(stage: Stage):
    server = stage.server
    sync = await server.received("PUT", "/applications/*/commands")
    assert {entry["name"] for entry in sync.body} == {
        *("find", "paper", "similar", "latest", "top", "feed", "alert", "setup", "health"),
        *("ask", "summarize", "compare", "chat"),
        *("corpus", "help", "about"),
    }
    [identify] = [frame for frame in server.frames if frame["op"] == 2]
    assert identify["d"]["intents"] == GUILDS | GUILD_MESSAGES | DIRECT_MESSAGES, "none of them privileged"

    question = await server.slash("find", {"query": "speculative decoding on mobile"})
    deferral = await question.answered()
    assert deferral.body["type"] == 5
    assert deferral.at - question.at < 3
    card = await question.message()
    assert card["flags"] & COMPONENTS_V2
    assert card["flags"] & 64, "private in a server"
    assert "1 · [SpecMemo: Speculative Decoding is in Your Pocket]" in texts(card)

    assert await stage.bot.terminate() == 0
    said = stage.bot.output
    assert "Traceback" not in said
    assert "https://discord.com/oauth2/authorize?client_id=" in said
    assert TOKEN not in said


async def test_pages_abstracts_shares_and_autocomplete_over_the_wire(stage: Stage):
    server = stage.server
    card = await (await server.slash("find", {"query": "speculative decoding on mobile"})).message()
    turned = await server.press(card, custom_id(card, "▶"))
    assert (await turned.answered()).body == {"type": 6}
    second = await turned.message()
    assert second["id"] == card["id"]
    assert "6 · [" in texts(second)

    abstract = await (await server.press(second, custom_id(second, "Abstract"))).message()
    assert abstract["flags"] & 64
    shared = await server.press(abstract, custom_id(abstract, "Share"))
    public = await shared.followup()
    assert not public["flags"] & 64
    assert texts(public) == texts(await shared.message())

    typed = await server.autocomplete("paper", "paper", "specul")
    choices = (await typed.answered()).body["data"]["choices"]
    assert {"name": "SpecMemo: Speculative Decoding is in Your Pocket", "value": "2506.01986"} in choices


async def test_options_narrow_and_sort_over_the_wire(stage: Stage):
    server = stage.server
    options = {"query": "language models", "since": "2025-03", "has_code": True, "sort": "newest"}
    card = await (await server.slash("find", options)).message()
    assert "since 1 Mar 2025, with code" in texts(card).split("\n")[0]
    listed = await (await server.slash("find", {"query": "after:2025-06 has:code"})).message()
    assert texts(listed).startswith("2 papers since 1 Jun 2025, with code, newest first")

    typed = await server.autocomplete("find", "topic", "cs.c")
    choices = (await typed.answered()).body["data"]["choices"]
    assert {"name": "cs.CL · Computation and Language", "value": "cs.CL"} in choices


async def test_many_questions_at_once_are_each_acknowledged_in_time_and_answered(stage: Stage):
    asked = [await stage.server.slash("find", {"query": f"quantization {number}"}) for number in range(20)]
    for question in asked:
        acknowledgement = await question.answered()
        assert acknowledgement.body["type"] == 5
        assert acknowledgement.at - question.at < 3, "Discord's own limit"
    for number, question in enumerate(asked):
        assert f"quantization {number}" in texts(await question.message())


async def test_a_direct_message_is_answered_visibly_over_the_wire(stage: Stage):
    for name, options in [
        ("find", {"query": "quantization"}),
        ("paper", {"paper": "2505.01658"}),
        ("similar", {"paper": "2505.01658"}),
        ("help", {}),
        ("about", {}),
        ("paper", {"paper": "no such paper"}),
    ]:
        message = await (await stage.server.slash(name, options, guild=False)).message()
        assert not message["flags"] & 64, name


async def test_buttons_work_and_commands_are_not_synced_again_after_a_restart(stage: Stage):
    server = stage.server
    card = await (await server.slash("find", {"query": "speculative decoding on mobile"})).message()
    assert await stage.bot.terminate() == 0
    await stage.bot.start()
    await stage.bot.ready(within=_READY)
    turned = await (await server.press(card, custom_id(card, "▶"))).message()
    assert "6 · [" in texts(turned)
    assert len(server.sent("PUT", "/applications/*/commands")) == 1


async def test_a_refused_token_is_explained_in_one_line(tmp_path: Path, indexed_data: Path):
    data = tmp_path / "data"
    shutil.copytree(indexed_data, data)
    async with (
        LoopbackDiscord() as server,
        running_bot(server, *command(data), env={"DISCORD_TOKEN": "not-the-token"}) as bot,
    ):
        assert await bot.exit_code(within=_READY) == 1
        assert "Discord refused the token" in bot.output
        assert "Traceback" not in bot.output
