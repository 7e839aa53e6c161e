"""Permissions are enforced as Discord does, and whatever changes is told on the gateway."""

import pytest

from .channels import GuildChannel
from .events import Intent
from .loopback import LoopbackDiscord
from .permissions import EVERYTHING, Overwrite, Permission, in_channel, in_guild
from .plain_bot import Api, listening
from .refusals import No
from .world import World

pytestmark = pytest.mark.wire
SEND, VIEW, HISTORY = (
    Permission.SEND_MESSAGES,
    Permission.VIEW_CHANNEL,
    Permission.READ_MESSAGE_HISTORY,
)


def granted(base: Permission, overwrites: dict[str, Overwrite]) -> Permission:
    return in_channel(base, overwrites, everyone_id="all", role_ids=["a", "b"], member_id="me")


def test_overwrites_apply_from_everyone_over_roles_to_the_member():
    base = VIEW | SEND
    assert granted(base, {}) == base
    assert granted(base, {"all": Overwrite(deny=SEND)}) == VIEW
    assert granted(base, {"all": Overwrite(deny=SEND), "a": Overwrite(allow=SEND)}) == base
    both = {"a": Overwrite(deny=SEND), "b": Overwrite(allow=SEND)}
    assert granted(base, both) == base, "what one role allows no other takes away"
    assert granted(base, {**both, "me": Overwrite(deny=SEND)}) == VIEW
    assert granted(base, {"stranger": Overwrite(deny=VIEW)}) == base


def test_who_does_not_see_a_channel_can_do_nothing_and_an_administrator_everything():
    assert granted(VIEW | SEND, {"all": Overwrite(deny=VIEW)}) == Permission.NONE
    assert granted(EVERYTHING, {"all": Overwrite(deny=VIEW)}) == EVERYTHING
    assert in_guild([VIEW, Permission.ADMINISTRATOR]) == EVERYTHING


@pytest.mark.parametrize(
    ("forbidden", "refusal"),
    [
        (SEND, No.MISSING_PERMISSIONS),
        (VIEW, No.MISSING_ACCESS),
        (Permission.EMBED_LINKS, No.MISSING_PERMISSIONS),
    ],
)
async def test_a_message_needs_permissions_that_come_and_go(
    server: LoopbackDiscord, api: Api, forbidden: Permission, refusal: No
):
    channel = server.world.channel
    embeds = [{"title": "An embed"}]
    channel.forbid(forbidden)
    refused = await api.send(channel.id, embeds=embeds)
    assert (refused.status, refused.code) == (refusal.status, refusal.code)
    channel.permit(forbidden)
    assert (await api.send(channel.id, embeds=embeds)).status == 200
    assert len(server.posted(channel)) == 1


async def test_roles_give_and_take_in_a_guild_of_ones_own(server: LoopbackDiscord, api: Api):
    guild = server.world.add_guild("Lab")
    channel = guild.add_text_channel("quiet")
    guild.everyone.set_permissions(VIEW)
    writers = guild.add_role("writers", SEND)
    assert (await api.send(channel.id)).code == No.MISSING_PERMISSIONS.code
    guild.give(server.world.bot, writers)
    assert (await api.send(channel.id)).status == 200
    channel.set_overwrite(writers, deny=SEND)
    assert (await api.send(channel.id)).code == No.MISSING_PERMISSIONS.code
    channel.set_overwrite(writers)
    guild.take(server.world.bot, writers)
    assert (await api.send(channel.id)).code == No.MISSING_PERMISSIONS.code


async def test_what_is_gone_is_unknown_and_where_the_bot_was_sent_away_it_has_no_access(
    server: LoopbackDiscord, api: Api
):
    guild = server.world.add_guild("Lab")
    first, second = guild.add_text_channel("first"), guild.add_text_channel("second")
    first.delete()
    assert (await api.send(first.id)).code == No.UNKNOWN_CHANNEL.code
    guild.kick_bot()
    assert (await api.send(second.id)).code == No.MISSING_ACCESS.code
    guild.add_bot()
    assert (await api.send(second.id)).status == 200
    guild.delete()
    assert (await api.get(f"/channels/{second.id}")).code == No.UNKNOWN_CHANNEL.code


async def test_an_empty_message_and_one_into_a_forum_are_refused(server: LoopbackDiscord, api: Api):
    forum = server.world.guild.add_forum("posts")
    assert (await api.send(server.world.channel.id, "")).code == No.EMPTY_MESSAGE.code
    assert (await api.send(forum.id)).code == No.NOT_A_TEXT_CHANNEL.code


async def test_a_channel_and_a_person_can_be_looked_at(server: LoopbackDiscord, api: Api):
    forum = server.world.guild.add_forum("posts", tags=["cs.CL"], requires_tag=True)
    sam = server.world.add_person("sam")
    assert (await api.get(f"/channels/{forum.id}")).body["available_tags"][0]["name"] == "cs.CL"
    direct = await api.post("/users/@me/channels", {"recipient_id": sam.id})
    assert (await api.get(f"/channels/{direct.body['id']}")).body["recipients"][0]["username"] == "sam"
    assert (await api.get(f"/users/{sam.id}")).body["global_name"] == "Sam"
    assert (await api.get("/users/1")).code == No.UNKNOWN_USER.code


async def test_who_takes_no_messages_refuses_them_and_nobody_else_does(server: LoopbackDiscord, api: Api):
    sam, kim = server.world.add_person("sam"), server.world.add_person("kim")
    sam.takes_messages = False
    answers = [await api.send(server.world.direct(person).id) for person in (sam, kim)]
    assert [answer.status for answer in answers] == [403, 200]
    assert answers[0].code == No.NO_PRIVATE_MESSAGES.code


async def test_every_change_is_told_as_it_happens(server: LoopbackDiscord):
    world, guild, channel = server.world, server.world.guild, server.world.channel
    async with listening(server, Intent.GUILDS) as bot:
        forum = guild.add_forum("posts", tags=["cs.CL"])
        channel.forbid(SEND)
        forum.set_tags(["cs.CL", "cs.IR"], required=True)
        role = guild.add_role("readers")
        role.set_permissions(VIEW)
        guild.give(world.bot, role)
        guild.give(world.owner, role)  # of others only a bot with the members intent hears
        channel.delete()
        guild.go_down()
        guild.come_back()
        guild.kick_bot()
        guild.add_text_channel("unseen")
        assert "unavailable" not in await bot.told("GUILD_DELETE", 2)
    assert bot.names() == [
        "CHANNEL_CREATE",
        "CHANNEL_UPDATE",
        "CHANNEL_UPDATE",
        "GUILD_ROLE_CREATE",
        "GUILD_ROLE_UPDATE",
        "GUILD_MEMBER_UPDATE",
        "CHANNEL_DELETE",
        "GUILD_DELETE",
        "GUILD_DELETE",
    ]
    [overwrite] = (await bot.told("CHANNEL_UPDATE"))["permission_overwrites"]
    assert overwrite == {"id": world.bot.id, "type": 1, "allow": "0", "deny": str(int(SEND))}
    before, after = await bot.told("CHANNEL_CREATE"), await bot.told("CHANNEL_UPDATE", 2)
    assert before["available_tags"] == after["available_tags"][:1]


async def test_a_thousand_channels_are_there_at_once_and_a_bot_is_told_of_them():
    world = World()
    channels: list[GuildChannel] = []
    for number in range(4):
        guild = world.add_guild(f"guild {number}")
        channels += [guild.add_text_channel(f"channel {n}") for n in range(250)]
    async with LoopbackDiscord(world) as server, listening(server) as bot:
        told = await bot.told("GUILD_CREATE", 5)
        assert len(told["channels"]) == 250
        assert len({channel.id for channel in channels}) == 1000
