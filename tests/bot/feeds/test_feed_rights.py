"""Who may do something with a server's feeds: those who manage it, there, and looked at by the bot itself."""

import logging
from typing import Any

import discord
import pytest
import simcord

from bot.cards import custom_ids
from tests.bot.conftest import Stage
from tests.bot.reading import text

from .asking import ask, bot_of, create, feeds, forged_button, forged_menu, made, said, told

EXPLAINED = pytest.mark.simcord(check_errors=False)
NEEDED = "Only those may do that who have the permission Manage Server"
COMMANDS: dict[str, dict[str, Any]] = {
    "feed create": {},
    "feed list": {},
    "feed test": {"feed": "1"},
    "feed why": {"feed": "1", "paper": "SpecMemo"},
    "feed threshold": {"feed": "1", "target_per_day": 3},
    "health": {},
    "setup": {},
    **{
        f"feed {name}": {"feed": "1"}
        for name in ("show", "edit", "pause", "resume", "delete", "run", "history")
    },
}
DEEDS = ("test", "edit", "pause", "resume", "delete", "delete-now", "keep")


@pytest.fixture
def cy(stage: Stage) -> simcord.MemberActor:
    """A member who manages nothing, and whom the server lets see the commands all the same."""
    for name in ("feed", "health", "setup"):
        command = stage.env.backend.find_command(name, None)
        assert command is not None
        command["default_member_permissions"] = None
    return stage.ada.guild.add_member(stage.env.create_user("cy"))


async def test_every_command_is_tried_below(stage: Stage):
    group = bot_of(stage).tree.get_command("feed")
    assert isinstance(group, discord.app_commands.Group)
    names = {command.qualified_name for command in group.walk_commands()}
    assert names | {"health", "setup"} == set(COMMANDS)


@EXPLAINED
@pytest.mark.parametrize("name", COMMANDS)
async def test_a_member_who_manages_nothing_is_refused_and_it_is_logged(
    stage: Stage, cy: simcord.MemberActor, caplog: pytest.LogCaptureFixture, name: str
):
    await made(stage, query="decoding")
    before = await feeds(stage)
    options = COMMANDS[name] | ({"channel": stage.channel} if name == "feed create" else {})
    with caplog.at_level(logging.WARNING):
        result = await cy.slash(stage.channel, name, **options)
    assert result.ephemeral
    assert (await told(result)).startswith(NEEDED)
    assert await feeds(stage) == before
    [record] = [record for record in caplog.records if "refused" in record.message]
    assert record.message == f"/{name} is for those who manage the server, and was refused to user {cy.id}."
    assert record.exc_info is None


@EXPLAINED
async def test_from_a_direct_message_they_are_refused(stage: Stage):
    for name in ("feed", "health", "setup"):
        command = stage.env.backend.find_command(name, None)
        assert command is not None
        command["contexts"] = [0, 1, 2]
    for name, options in COMMANDS.items():
        if name != "feed create":  # no channel can be given there
            assert "only in a server" in await told(await stage.ada.user.slash(name, **options)), name


async def test_an_administrator_may_all_of_it(stage: Stage):
    guild = stage.ada.guild
    role = guild.create_role("admins", permissions=discord.Permissions(administrator=True))
    root = guild.add_member(stage.env.create_user("root"), roles=[role])
    assert "No feeds yet" in await told(await root.slash(stage.channel, "feed list"))


async def test_a_stranger_is_offered_nothing_while_they_type(stage: Stage, cy: simcord.MemberActor):
    await made(stage, query="decoding")
    assert await cy.autocomplete(stage.channel, "feed show", "feed", "") == []
    assert await cy.autocomplete(stage.channel, "feed why", "paper", "specmemo") == []


@EXPLAINED
async def test_a_feed_of_another_server_is_no_feed_here(stage: Stage):
    other = stage.env.create_guild("Others")
    role = other.create_role("keepers", permissions=discord.Permissions(manage_guild=True))
    theirs, eve = (
        other.create_text_channel("theirs"),
        other.add_member(stage.env.create_user("eve"), roles=[role]),
    )
    await create(stage, query="decoding")
    [feed] = await feeds(stage)
    for name in ("show", "edit", "pause", "delete", "run"):
        shown = await told(await eve.slash(theirs, f"feed {name}", feed=str(feed.number)))
        assert "There is no such feed" in shown
    assert "No feeds yet" in await told(await eve.slash(theirs, "feed list"))
    assert await eve.autocomplete(theirs, "feed show", "feed", "") == []
    target = stage.env.bot.get_channel(theirs.id)
    assert isinstance(target, discord.TextChannel)
    for deed in DEEDS:
        view = discord.ui.LayoutView(timeout=None)
        button = discord.ui.Button[Any](label="Press", custom_id=custom_ids.feed_deed(deed, feed.number))
        view.add_item(discord.ui.ActionRow(button))
        view.stop()
        pressed = await eve.click(await target.send(view=view), label="Press")
        assert "There is no such feed" in await told(pressed)
    assert await feeds(stage) == [feed]


async def test_a_stranger_presses_and_chooses_in_vain(stage: Stage, cy: simcord.MemberActor):
    feed = await made(stage, query="decoding")
    ids = [
        *(custom_ids.feed_deed(deed, feed.number) for deed in DEEDS),
        custom_ids.feed_threshold(feed.number, 0.9),
        *(custom_ids.feed_form_button(feed.number, form) for form in ("topic", "time", "limits")),
    ]
    for custom_id in ids:
        result = await cy.click(await forged_button(stage, custom_id), label="Press")
        assert result.modal is None
        assert result.ephemeral
        assert NEEDED in await told(result)
    menu = await forged_menu(stage, custom_ids.feed_choice(feed.number, "rhythm"), "instant")
    assert NEEDED in await told(await cy.select(menu, ["instant"]))
    assert await feeds(stage) == [feed]


@pytest.mark.parametrize("number", [4711, 10**18, 10**19 - 1])
async def test_a_number_that_is_no_feed_is_said_in_words(stage: Stage, number: int):
    for deed in DEEDS:
        message = await forged_button(stage, custom_ids.feed_deed(deed, number))
        assert "There is no such feed" in await told(await stage.ada.click(message, label="Press"))
    message = await forged_menu(stage, custom_ids.feed_choice(number, "most"), "3")
    assert "There is no such feed" in await told(await stage.ada.select(message, ["3"]))
    message = await forged_button(stage, custom_ids.feed_form_button(number, "topic"))
    assert "There is no such feed" in await told(await stage.ada.click(message, label="Press"))


async def test_a_form_is_refused_to_whoever_manages_the_server_no_more(stage: Stage):
    feed = await made(stage, query="decoding")
    form = await stage.ada.click(
        await ask(stage, "feed edit", feed=str(feed.number)), label="Topic and words"
    )
    stage.env.backend.remove_member_role(
        stage.ada.guild.id, stage.ada.id, stage.ada.guild.roles["keepers"].id
    )
    result = await stage.ada.submit_modal(form, {"name": "Mine", "query": "else"})
    assert NEEDED in await told(result)
    assert await feeds(stage) == [feed]


async def test_discord_is_told_to_offer_them_in_servers_to_those_who_manage_them(stage: Stage):
    bot = bot_of(stage)
    for name in ("feed", "health", "setup"):
        command = bot.tree.get_command(name)
        assert command is not None
        payload: dict[str, Any] = dict(command.to_dict(bot.tree))
        assert payload["contexts"] == [0]
        assert payload["integration_types"] == [0]
        assert int(payload["default_member_permissions"]) == discord.Permissions(manage_guild=True).value


async def test_help_fits_one_message_and_explains_each_of_them(stage: Stage):
    answer = (await stage.ada.slash(stage.channel, "help")).response
    assert answer is not None
    assert len(text(answer.components)) <= 4000
    for name in COMMANDS:
        assert f"**/{name}** — " in text(answer.components)
    assert "- `channel` Where it posts" in await said(stage, "help", command="feed create")
