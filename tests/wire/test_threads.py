"""Threads: posts of a forum with their tags, threads on messages, and finding them again."""

from typing import Any

import pytest

from .loopback import LoopbackDiscord
from .permissions import Permission
from .plain_bot import SILENT, Api, listening
from .refusals import No
from .threads import Thread
from .world import CHANNEL_ID, GUILD_ID

pytestmark = pytest.mark.wire


def post(name: str, *tags: str) -> dict[str, Any]:
    return {"name": name, "applied_tags": list(tags), "message": {"content": f"About {name}", **SILENT}}


async def listed(api: Api, path: str, **query: str) -> list[str]:
    return [thread["id"] for thread in (await api.get(path, **query)).body["threads"]]


async def test_a_post_of_a_forum_is_a_thread_with_a_first_message(server: LoopbackDiscord, api: Api):
    forum = server.world.guild.add_forum("posts", tags=["cs.CL", "cs.IR"])
    async with listening(server) as bot:
        made = await api.post(f"/channels/{forum.id}/threads", post("Attention", forum.tag("cs.CL").id))
        assert made.status == 201
        assert made.body["message"]["content"] == "About Attention"
        assert made.body["message"]["id"] == made.body["id"]
        assert made.body["applied_tags"] == [forum.tag("cs.CL").id]
        assert (await bot.told("THREAD_CREATE"))["newly_created"]
        assert (await bot.told("MESSAGE_CREATE"))["channel_id"] == made.body["id"]
    more = await api.send(made.body["id"], "And one more thing")
    assert [message["id"] for message in server.posted(forum)] == [made.body["id"], more.body["id"]]
    assert (await api.get(f"/channels/{made.body['id']}")).body["message_count"] == 2


async def test_a_forum_refuses_unknown_tags_and_if_it_wants_one_a_post_without(
    server: LoopbackDiscord, api: Api
):
    forum = server.world.guild.add_forum("posts", tags=["cs.CL"], requires_tag=True)
    path = f"/channels/{forum.id}/threads"
    assert (await api.post(path, post("Attention"))).code == No.TAG_REQUIRED.code
    assert (await api.post(path, post("Attention", "5"))).code == No.UNKNOWN_TAG.code
    forum.forbid(Permission.SEND_MESSAGES)
    refused = await api.post(path, post("Attention", forum.tag("cs.CL").id))
    assert refused.code == No.MISSING_PERMISSIONS.code
    assert server.posted(forum) == []
    forum.permit(Permission.SEND_MESSAGES)
    forum.set_tags(["cs.CL"], required=False)
    assert (await api.post(path, post("Attention"))).status == 201


async def test_a_message_has_one_thread_at_most_and_it_has_its_id(server: LoopbackDiscord, api: Api):
    message = (await api.send(CHANNEL_ID)).body
    path = f"/channels/{CHANNEL_ID}/messages/{message['id']}/threads"
    server.world.channel.forbid(Permission.CREATE_PUBLIC_THREADS)
    assert (await api.post(path, {"name": "Talk"})).code == No.MISSING_PERMISSIONS.code
    server.world.channel.permit(Permission.CREATE_PUBLIC_THREADS)
    made = await api.post(path, {"name": "Talk"})
    assert (made.status, made.body["id"]) == (201, message["id"])
    again = await api.post(path, {"name": "Talk"})
    assert (again.status, again.code) == (400, No.THREAD_EXISTS.code)
    shown = await api.get(f"/channels/{CHANNEL_ID}/messages/{message['id']}")
    assert shown.body["thread"]["name"] == "Talk"
    server.world.channel.forbid(Permission.SEND_MESSAGES)
    assert (await api.send(made.body["id"])).status == 200
    server.world.channel.forbid(Permission.SEND_MESSAGES_IN_THREADS)
    assert (await api.send(made.body["id"])).code == No.MISSING_PERMISSIONS.code
    assert [message["id"] for message in server.posted(CHANNEL_ID)] == [message["id"]]


async def test_a_thread_of_a_text_channel_is_public_only_if_it_is_said(api: Api):
    path = f"/channels/{CHANNEL_ID}/threads"
    assert (await api.post(path, {"name": "Talk"})).code == No.MISSING_PERMISSIONS.code
    assert (await api.post(path, {"name": "Talk", "type": 11})).body["type"] == 11


async def test_threads_are_listed_while_they_are_active_and_when_they_are_archived(
    server: LoopbackDiscord, api: Api
):
    forum = server.world.guild.add_forum("posts")
    path = f"/channels/{forum.id}/threads"
    ids = [(await api.post(path, post(name))).body["id"] for name in ("first", "second", "third")]
    active, archived = f"/guilds/{GUILD_ID}/threads/active", f"{path}/archived/public"
    assert await listed(api, active) == ids
    patched = await api.call("PATCH", f"/channels/{ids[0]}", {"archived": True})
    assert patched.body["thread_metadata"]["archived"]
    assert await listed(api, active) == ids[1:]
    assert await listed(api, archived) == ids[:1]
    for thread_id in ids[1:]:
        server.world.guild.threads[thread_id].archive()
    page = (await api.get(archived, limit="2")).body
    assert [thread["id"] for thread in page["threads"]] == [ids[2], ids[1]]
    assert page["has_more"]
    before = page["threads"][1]["thread_metadata"]["archive_timestamp"]
    assert await listed(api, archived, before=before) == ids[:1]
    forum.forbid(Permission.READ_MESSAGE_HISTORY)
    assert (await api.get(archived)).code == No.MISSING_PERMISSIONS.code
    forum.forbid(Permission.VIEW_CHANNEL)
    assert await listed(api, active) == []


async def test_a_message_opens_an_archived_thread_unless_it_is_locked(server: LoopbackDiscord, api: Api):
    forum = server.world.guild.add_forum("posts")
    thread_id = (await api.post(f"/channels/{forum.id}/threads", post("Attention"))).body["id"]
    thread = server.world.guild.threads[thread_id]
    thread.archive()
    assert (await api.send(thread_id)).status == 200
    assert not thread.is_archived
    thread.archive(lock=True)
    assert (await api.send(thread_id)).code == No.THREAD_IS_ARCHIVED.code
    thread.delete()
    assert (await api.send(thread_id)).code == No.UNKNOWN_CHANNEL.code


async def test_the_thread_of_somebody_else_is_changed_only_with_the_right_to(
    server: LoopbackDiscord, api: Api
):
    world, channel = server.world, server.world.channel
    thread = Thread(channel, world.clock.snowflake(), "Talk", world.owner, made=world.clock.stamp())
    world.guild.add_thread(thread)
    path = f"/channels/{thread.id}"
    refused = await api.call("PATCH", path, {"name": "Papers"})
    assert refused.code == No.MISSING_PERMISSIONS.code
    channel.permit(Permission.MANAGE_THREADS)
    assert (await api.call("PATCH", path, {"name": "Papers", "locked": True})).body["name"] == "Papers"
