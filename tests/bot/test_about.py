"""/help and /about, and what Discord is told of the commands."""

import re

import discord

from .conftest import Stage
from .reading import text

PRIVILEGED = discord.Intents(members=True, presences=True, message_content=True).value


async def test_help_names_every_command(stage: Stage):
    answer = (await stage.ada.slash(stage.channel, "help")).response
    assert answer is not None
    group = ("corpus status", "corpus sync", "corpus import", "corpus add")
    for name in ("find", "paper", "similar", "latest", "top", *group, "help", "about"):
        assert f"**/{name}** — " in text(answer.components)


async def test_help_explains_one_command_and_its_options(stage: Stage):
    answer = (await stage.ada.slash(stage.channel, "help", command="/find")).response
    assert answer is not None
    assert "in words and in meaning" in text(answer.components)
    assert "`query`" in text(answer.components)
    for operator in (
        "author:",
        "org:",
        "cat:",
        "title:",
        "id:",
        "after:",
        "before:",
        "has:code",
        "min_upvotes:",
    ):
        assert operator in text(answer.components)
    unknown = (await stage.ada.slash(stage.channel, "help", command="fnid")).response
    assert unknown is not None
    assert "There is no command /fnid" in text(unknown.components)


async def test_help_explains_a_command_of_a_group_and_lists_a_groups_commands(stage: Stage):
    for typed in ("corpus import", "/corpus import", "/Corpus  Import "):
        answer = (await stage.ada.slash(stage.channel, "help", command=typed)).response
        assert answer is not None
        shown = text(answer.components)
        assert shown.startswith("### /corpus import\nImport papers from a file or a paste."), typed
        assert "- `file` A page, JSON" in shown
    group = (await stage.ada.slash(stage.channel, "help", command="/corpus")).response
    assert group is not None
    assert "- `/corpus add` Add one paper" in text(group.components)
    assert "- `/corpus status` Show what is in the corpus" in text(group.components)


async def test_help_offers_the_commands_of_groups_while_one_types(stage: Stage):
    choices = await stage.ada.autocomplete(stage.channel, "help", "command", "/corpus  i")
    assert choices == [{"name": "/corpus import", "value": "corpus import"}]
    assert len(await stage.ada.autocomplete(stage.channel, "help", "command", "corpus")) == 4


async def test_about_says_what_is_known_and_where_it_comes_from(stage: Stage):
    answer = (await stage.ada.slash(stage.channel, "about")).response
    assert answer is not None
    assert "**52 papers**, the newest of 24 Nov 2025" in text(answer.components)
    assert "CC0" in text(answer.components)
    assert "The models that read the papers: words." in text(answer.components)
    assert "only those said to it" in text(answer.components)


async def test_commands_work_in_servers_and_direct_messages_for_both_kinds_of_install(stage: Stage):
    for command in stage.env.bot.tree.get_commands():  # type: ignore[attr-defined]
        if command.name in {"corpus", "feed", "health", "setup"}:
            continue  # for servers alone: see test_corpus and test_feed_rights
        payload = command.to_dict(stage.env.bot.tree)  # type: ignore[attr-defined]
        assert payload["contexts"] == [0, 1, 2], command.name
        assert payload["integration_types"] == [0, 1], command.name


async def test_the_bot_asks_for_no_privileged_intent_and_pings_nobody(stage: Stage):
    bot = stage.env.bot
    assert bot.intents == discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
    assert not bot.intents.value & PRIVILEGED
    assert bot.allowed_mentions is not None
    assert bot.allowed_mentions.to_dict() == {
        "parse": [],
        "replied_user": False,
    } or bot.allowed_mentions.to_dict() == {"parse": []}


async def test_discord_is_told_of_the_commands_once_not_at_every_start(stage: Stage):
    def syncs() -> int:
        return sum(
            entry.method == "PUT" and entry.path.endswith("/commands") for entry in stage.env.http_requests
        )

    before = syncs()
    assert before == 1
    await stage.restart()
    assert syncs() == before


async def test_the_invite_link_asks_for_what_feeds_take_and_no_more(stage: Stage):
    links = stage.env.bot.invite_links()  # type: ignore[attr-defined]
    [asked] = re.findall(r"permissions=(\d+)", links["to a server"])
    assert {name for name, value in discord.Permissions(int(asked)) if value} == {
        *("read_messages", "send_messages", "send_messages_in_threads", "create_public_threads"),
        "read_message_history",
    }
    assert "scope=bot+applications.commands" in links["to a server"]
    assert "integration_type=1" in links["to yourself"]
