"""People of all kinds use commands, menus and forms of a real discord.py bot, anywhere they may."""

import sys
from collections.abc import AsyncIterator

import pytest

from .channels import GuildChannel
from .loopback import LoopbackDiscord
from .people import Person
from .permissions import EVERYTHING, Permission
from .process import BotProcess, running_bot
from .refusals import No
from .world import World

SAMPLE_BOT = (sys.executable, "-m", f"{__package__}.sample_bot")
pytestmark = pytest.mark.wire


class Lab:
    """A world with a guild of Kim's, where Sam is a guest."""

    def __init__(self) -> None:
        self.world = World()
        self.kim: Person = self.world.add_person("kim")
        self.sam: Person = self.world.add_person("sam")
        self.guild = self.world.add_guild("Lab", owner=self.kim)
        self.channel: GuildChannel = self.guild.add_text_channel("lab")


@pytest.fixture
def lab() -> Lab:
    return Lab()


@pytest.fixture
async def server(lab: Lab) -> AsyncIterator[LoopbackDiscord]:
    async with LoopbackDiscord(lab.world) as server:
        yield server
        assert server.violations == []
        assert server.answer_violations == []


@pytest.fixture
async def bot(server: LoopbackDiscord) -> AsyncIterator[BotProcess]:
    async with running_bot(server, *SAMPLE_BOT) as bot:
        await bot.ready()
        yield bot


@pytest.mark.usefixtures("bot")
async def test_options_name_channels_roles_and_people_and_rights_are_heeded(
    lab: Lab, server: LoopbackDiscord
):
    role = lab.guild.add_role("readers")
    options = {"channel": lab.channel, "role": role, "who": lab.sam}
    lab.channel.forbid(Permission.SEND_MESSAGES)
    told = await (await server.slash("announce", options, by=lab.kim, channel=lab.channel)).message()
    assert told["content"] == "lab, readers, sam, False"
    assert told["channel_id"] == lab.channel.id
    assert told["interaction_metadata"]["user"]["id"] == lab.kim.id

    with pytest.raises(AssertionError, match="not shown to whoever has no"):
        await server.slash("announce", options, by=lab.sam, channel=lab.channel)
    forged = await server.slash("announce", options, by=lab.sam, channel=lab.channel, forged=True)
    member = forged.event()["member"]
    assert not int(member["permissions"]) & Permission.MANAGE_GUILD
    await forged.answered()
    lab.guild.give(lab.sam, lab.guild.add_role("staff", EVERYTHING))
    await (await server.slash("announce", options, by=lab.sam, channel=lab.channel)).message()


@pytest.mark.usefixtures("bot")
async def test_a_form_is_filled_in_and_sent(lab: Lab, server: LoopbackDiscord):
    opened = await server.slash("note", by=lab.sam, channel=lab.channel)
    form = await opened.form()
    assert form["title"] == "A note"
    sent = await server.submit(opened, {"text": "Fireflies", "where": [lab.channel]})
    assert (await sent.message())["content"] == "Noted Fireflies in ['lab']"
    [inner, _] = sent.data["components"]
    assert inner == {
        "type": 18,
        "id": 1,
        "component": {"type": 4, "id": 2, "custom_id": "text", "value": "Fireflies"},
    }
    private = await server.slash("note", by=lab.sam, guild=False)
    assert "Noted x in []" in (await (await server.submit(private, {"text": "x"})).message())["content"]
    for values, words in (
        ({"text": "x" * 21}, "takes 1 to 20 characters, not 21"),
        ({}, "takes 1 to 20 characters, not 0"),
        ({"texts": "x"}, "has no fields"),
    ):
        with pytest.raises(AssertionError, match=words):
            await server.submit(opened, values)
    told = await server.slash("paper", {"ref": "x"}, by=lab.sam, channel=lab.channel)
    with pytest.raises(AssertionError, match="not with a form"):
        await told.form()


@pytest.mark.usefixtures("bot")
async def test_anybody_chooses_from_menus(lab: Lab, server: LoopbackDiscord):
    shown = await (await server.slash("pick", by=lab.kim, channel=lab.channel)).message()
    chosen = await server.choose(shown, "words", "Two", by=lab.sam)
    assert (await chosen.message())["content"] == "sam: ['Two']"
    with pytest.raises(AssertionError, match=r"offers no \['Three'\]"):
        await server.choose(shown, "words", "Three")
    roles = [lab.guild.add_role(name) for name in ("readers", "writers")]
    edited = await (await server.choose(shown, "roles", *roles, by=lab.sam)).message()
    assert edited["content"] == "['readers', 'writers']"
    with pytest.raises(AssertionError, match="no button 'words' to press"):
        await server.press(edited, "words")


async def test_a_bot_comes_back_whatever_the_gateway_does_and_when_it_is_killed(
    lab: Lab, server: LoopbackDiscord, bot: BotProcess
):
    async def answers() -> None:
        told = await server.slash("paper", {"ref": "x"}, by=lab.sam, channel=lab.channel)
        await told.message()

    server.gateway.ask_to_reconnect()
    await answers()
    await server.gateway.close_connections(4000)
    await answers()
    assert server.gateway.identifies == 1
    server.gateway.invalidate_sessions(resumable=False)
    await server.wait_ready()
    await answers()
    assert server.gateway.identifies == 2
    server.gateway.replay("INTERACTION_CREATE")
    again = await server.received("POST", "/interactions/*", number=4)
    await bot.restart()
    [refused] = [answer for answer in server.answers if answer.request is again]
    assert refused.status == No.ALREADY_ACKNOWLEDGED.status
    await answers()
    assert server.gateway.identifies == 3


async def test_a_bot_that_ends_at_once_is_not_waited_for(server: LoopbackDiscord):
    async with running_bot(server, sys.executable, "-c", "print('Alas'); raise SystemExit(3)") as bot:
        with pytest.raises(AssertionError, match="ended with 3"):
            await bot.ready()
        assert bot.output == "Alas\n"
