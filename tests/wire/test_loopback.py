"""A real discord.py bot, as a process, lives in the loopback Discord as it would in the real one."""

import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest

from .faults import limits
from .gateway import Op
from .loopback import LoopbackDiscord
from .process import BotProcess, running_bot
from .rules import COMPONENTS_V2, nested
from .specification import discord_specification
from .watch import NeverHappenedError
from .world import APPLICATION_ID, HUMAN_ID

SAMPLE_BOT = (sys.executable, "-m", f"{__package__}.sample_bot")
pytestmark = pytest.mark.wire


@dataclass(frozen=True)
class Stage:
    server: LoopbackDiscord
    bot: BotProcess


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with LoopbackDiscord() as server, running_bot(server, *SAMPLE_BOT) as bot:
        await server.wait_ready()
        yield Stage(server, bot)
        assert server.violations == []
        assert server.answer_violations == []


async def test_a_bot_logs_in_syncs_its_commands_and_stops_on_sigterm(stage: Stage):
    sync = await stage.server.received("PUT", "/applications/*/commands")
    assert [command["name"] for command in sync.body] == [
        "find",
        "paper",
        "export",
        "tell",
        "guild_only",
        "announce",
        "note",
        "pick",
        "feed",
    ]
    assert all(command["id"].isdigit() for command in stage.server.commands)
    [identify] = [frame for frame in stage.server.frames if frame["op"] == Op.IDENTIFY]
    assert identify["d"]["intents"] == 1
    assert identify["d"]["shard"] == [0, 1]
    assert await stage.bot.terminate() == 0
    assert "Traceback" not in stage.bot.output


@pytest.mark.parametrize("guild", [True, False], ids=["guild", "direct message"])
async def test_a_slash_command_is_answered_with_a_card_whose_button_turns_the_page(stage: Stage, guild: bool):
    interaction = await stage.server.slash("find", {"query": "attention"}, guild=guild)
    deferral = await interaction.answered()
    assert deferral.body["type"] == 5
    assert 0 < deferral.at - interaction.at < 3
    card = await interaction.message()
    assert card["flags"] == COMPONENTS_V2
    assert card["interaction_metadata"]["user"]["id"] == HUMAN_ID
    assert sorted(part["id"] for part in nested(card["components"])) == list(range(1, 8))
    assert (await interaction.followup())["content"] == "at most 3"

    press = await stage.server.press(card, "page:2:attention")
    assert (await press.answered()).body == {"type": 6}
    turned = await press.message()
    assert turned["id"] == card["id"]
    assert "page 2" in turned["components"][0]["components"][0]["components"][0]["content"]
    with pytest.raises(AssertionError, match="no button"):
        await stage.server.press(card, "page:2:attention")


async def test_an_option_is_completed_while_it_is_typed(stage: Stage):
    typing = await stage.server.autocomplete("paper", "ref", "Attention")
    answered = await typing.answered()
    assert answered.body["type"] == 8
    assert answered.body["data"]["choices"] == [{"name": "Attention is all you need", "value": "1706.03762"}]


async def test_an_immediate_answer_a_subcommand_and_a_file_arrive(stage: Stage):
    shown = await (await stage.server.slash("paper", {"ref": "1706.03762"})).message()
    assert shown["embeds"][0]["title"] == "1706.03762"
    assert shown["flags"] == 1 << 6
    added = await (await stage.server.slash("feed add", {"url": "https://arxiv.org"})).message()
    assert added["content"] == "Added https://arxiv.org."
    exported = await (await stage.server.slash("export")).message()
    assert [attachment["filename"] for attachment in exported["attachments"]] == ["list.bib"]
    upload = await stage.server.received("POST", "/webhooks/*")
    assert list(upload.files.values()) == [b"@article{}"]


async def test_a_bot_can_write_to_a_person_and_reply_to_itself(stage: Stage):
    await stage.server.slash("tell")
    reply = await stage.server.received("POST", "/channels/*/messages", number=2)
    assert reply.body["content"] == "This is your digest."


async def test_what_was_sent_over_a_broken_line_arrives_once_the_bot_resumes(stage: Stage):
    await stage.server.slash("paper", {"ref": "before"})
    stage.server.gateway.cut_connections()
    interaction = await stage.server.slash("paper", {"ref": "meanwhile"})
    assert (await interaction.message())["embeds"][0]["title"] == "meanwhile"
    await stage.server.wait_ready()
    operations = [frame["op"] for frame in stage.server.frames]
    assert operations.count(Op.IDENTIFY) == 1
    assert operations.count(Op.RESUME) == 1


async def test_a_fault_takes_the_place_of_an_answer(stage: Stage):
    limited = stage.server.faults.add(limits(0.01), path="*/@original", times=1)
    interaction = await stage.server.slash("find", {"query": "attention"})
    assert (await interaction.message())["flags"] == COMPONENTS_V2
    assert len(limited.hits) == 1
    assert len([r for r in stage.server.requests if r.path.endswith("/@original")]) == 2


async def test_discords_client_would_not_send_what_we_refuse(stage: Stage):
    with pytest.raises(AssertionError, match="requires"):
        await stage.server.slash("find")
    with pytest.raises(AssertionError, match="has no options"):
        await stage.server.slash("find", {"query": "x", "year": 2024})
    with pytest.raises(AssertionError, match="no autocomplete"):
        await stage.server.autocomplete("find", "query", "x")
    with pytest.raises(AssertionError, match="not offered in direct messages"):
        await stage.server.slash("guild_only", guild=False)


async def test_two_shards_identify_and_both_are_served():
    async with LoopbackDiscord(shards=2) as server, running_bot(server, *SAMPLE_BOT) as bot:
        await server.wait_ready()
        for guild in (True, False):
            interaction = await server.slash("paper", {"ref": "1706.03762"}, guild=guild)
            await interaction.message()
        assert await bot.terminate() == 0


async def test_a_wrong_token_is_refused():
    async with LoopbackDiscord() as server:
        async with running_bot(server, *SAMPLE_BOT, env={"DISCORD_TOKEN": "wrong"}) as bot:
            assert await bot.exit_code() == 1
        assert "Improper token" in bot.output


async def test_an_original_response_can_be_fetched_and_deleted_and_is_then_gone(stage: Stage):
    interaction = await stage.server.slash("paper", {"ref": "1706.03762"})
    message = await interaction.message()
    original = f"{stage.server.api_base}/webhooks/{APPLICATION_ID}/{interaction.token}/messages/@original"
    async with aiohttp.ClientSession() as client:
        assert (await (await client.get(original)).json())["id"] == message["id"]
        assert (await client.delete(original)).status == 204
        assert (await (await client.get(original)).json())["code"] == 10008


async def test_a_second_sync_keeps_the_ids_of_commands(stage: Stage):
    ids = {command["name"]: command["id"] for command in stage.server.commands}
    async with running_bot(stage.server, *SAMPLE_BOT):
        await stage.server.received("PUT", "/applications/*/commands", number=2)
    assert {command["name"]: command["id"] for command in stage.server.commands} == ids


def test_an_answer_of_ours_that_discord_would_not_give_is_noticed():
    specification = discord_specification()
    assert specification.answer_violations("GET", "/gateway", 200, {}) == [
        "body: 'url' is a required property"
    ]
    assert specification.answer_violations("GET", "/gateway", 204, None) == ["/gateway never answers 204"]


async def test_a_wait_that_fails_tells_what_was_received():
    async with LoopbackDiscord() as server, aiohttp.ClientSession() as client:
        await client.get(f"{server.api_base}/nowhere")
        with pytest.raises(
            NeverHappenedError, match=r"(?s)the bot on the gateway: not within .*GET /nowhere"
        ):
            await server.wait_ready(within=0.01)
        assert server.requests[0].violations == (
            "Discord has no route GET /nowhere",
            "the loopback server does not serve GET /nowhere",
        )


async def test_an_unknown_or_already_answered_interaction_is_refused_with_discords_codes(stage: Stage):
    interaction = await stage.server.slash("paper", {"ref": "1706.03762"})
    await interaction.message()
    url = f"{stage.server.api_base}/interactions/{interaction.id}"
    async with aiohttp.ClientSession() as client:
        again = await client.post(f"{url}/{interaction.token}/callback", json={"type": 5})
        assert (await again.json())["code"] == 40060
        unknown = await client.post(f"{url}/other/callback", json={"type": 5})
        assert (await unknown.json())["code"] == 10062
