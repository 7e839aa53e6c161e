"""Messages: nonces, history, edits and deletions, and what of it the bot is told."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest

from .clock import moment_of
from .events import Intent
from .loopback import LoopbackDiscord
from .permissions import Permission
from .plain_bot import SILENT, Api, listening
from .refusals import No
from .world import BOT_ID, CHANNEL_ID

pytestmark = pytest.mark.wire
MESSAGES = f"/channels/{CHANNEL_ID}/messages"


async def test_a_nonce_that_is_remembered_posts_nothing_new_wherever_and_only_if_enforced(
    server: LoopbackDiscord, api: Api
):
    other = server.world.guild.add_text_channel("other")
    once = {"nonce": "feed-1-paper-2", "enforce_nonce": True}
    first = await api.send(CHANNEL_ID, "first", **once)
    assert first.body["nonce"] == "feed-1-paper-2"
    for channel_id in (CHANNEL_ID, other.id):
        again = await api.send(channel_id, "again", **once)
        assert (again.status, again.body) == (200, first.body)
    await api.send(CHANNEL_ID, "third", nonce="feed-1-paper-2")
    assert [message["content"] for message in server.posted(CHANNEL_ID)] == ["first", "third"]
    assert server.posted(other) == []
    assert "nonce" not in (await api.get(MESSAGES)).body[0]
    assert "nonce" not in (await api.get(f"{MESSAGES}/{first.body['id']}")).body


@pytest.mark.parametrize(("memory", "later", "posted"), [(300, 240, 1), (300, 301, 2), (0, 0, 2)])
async def test_a_nonce_is_remembered_for_as_long_as_is_set(
    server: LoopbackDiscord, api: Api, memory: float, later: float, posted: int
):
    server.nonce_memory = memory
    await api.send(CHANNEL_ID, nonce=7, enforce_nonce=True)
    server.clock.step(later)
    await api.send(CHANNEL_ID, nonce="7", enforce_nonce=True)
    assert len(server.posted(CHANNEL_ID)) == posted


async def test_a_nonce_outlives_its_message(server: LoopbackDiscord, api: Api):
    first = await api.send(CHANNEL_ID, nonce="a", enforce_nonce=True)
    server.remove(first.body)
    again = await api.send(CHANNEL_ID, nonce="a", enforce_nonce=True)
    assert again.body["id"] == first.body["id"]
    assert server.posted(CHANNEL_ID) == []
    assert [message["id"] for message in server.deleted(CHANNEL_ID)] == [first.body["id"]]


async def test_the_history_is_paged_as_discord_pages_it(server: LoopbackDiscord, api: Api):
    ids = [(await api.send(CHANNEL_ID, str(number))).body["id"] for number in range(6)]
    server.say("Not a word of the bot's", channel=server.world.channel)

    async def contents(**query: str) -> Sequence[str]:
        return [message["content"] for message in (await api.get(MESSAGES, **query)).body]

    assert await contents(limit="2") == ["Not a word of the bot's", "5"]
    assert await contents(before=ids[3], limit="2") == ["2", "1"]
    assert await contents(after=ids[1], limit="2") == ["3", "2"]
    assert await contents(around=ids[2], limit="3") == ["3", "2", "1"]
    assert len(await contents()) == 7
    assert len(server.posted(CHANNEL_ID)) == 6


async def test_a_history_that_may_not_be_read_looks_empty_and_a_single_message_is_refused(
    server: LoopbackDiscord, api: Api
):
    message = (await api.send(CHANNEL_ID)).body
    server.world.channel.forbid(Permission.READ_MESSAGE_HISTORY)
    assert (await api.get(MESSAGES)).body == []
    assert (await api.get(f"{MESSAGES}/{message['id']}")).code == No.MISSING_PERMISSIONS.code
    reply = await api.send(CHANNEL_ID, "re", message_reference={"message_id": message["id"]})
    assert reply.code == No.REPLY_WITHOUT_HISTORY.code
    server.world.channel.forbid(Permission.VIEW_CHANNEL)
    assert (await api.get(MESSAGES)).code == No.MISSING_ACCESS.code


async def test_a_message_is_changed_by_its_author_and_deleted_by_moderators_too(
    server: LoopbackDiscord, api: Api
):
    own = (await api.send(CHANNEL_ID, "tpyo")).body
    edited = await api.call("PATCH", f"{MESSAGES}/{own['id']}", {"content": "typo", **SILENT})
    assert edited.body["content"] == "typo"
    assert edited.body["edited_timestamp"]
    other = server.say("Mine.", channel=server.world.channel)
    path = f"{MESSAGES}/{other['id']}"
    assert (await api.call("PATCH", path, {"content": "ours", **SILENT})).code == No.NOT_THE_AUTHOR.code
    assert (await api.call("DELETE", path)).code == No.MISSING_PERMISSIONS.code
    server.world.channel.permit(Permission.MANAGE_MESSAGES)
    assert (await api.call("DELETE", path)).status == 204
    assert (await api.get(path)).code == No.UNKNOWN_MESSAGE.code
    assert (await api.call("DELETE", f"{MESSAGES}/{own['id']}")).status == 204
    assert [message["content"] for message in server.deleted(CHANNEL_ID)] == ["typo"]


async def test_a_reply_names_what_it_answers_or_is_refused(server: LoopbackDiscord, api: Api):
    first = (await api.send(CHANNEL_ID)).body
    reply = (await api.send(CHANNEL_ID, "re", message_reference={"message_id": first["id"]})).body
    assert reply["type"] == 19
    assert reply["referenced_message"]["id"] == first["id"]
    server.remove(first)
    gone = {"message_id": first["id"]}
    assert (await api.send(CHANNEL_ID, "re", message_reference=gone)).code == No.INVALID_FORM.code
    lenient = gone | {"fail_if_not_exists": False}
    assert (await api.send(CHANNEL_ID, "re", message_reference=lenient)).status == 200


async def test_the_bot_hears_of_its_own_messages_and_of_peoples_if_it_asked_to(
    server: LoopbackDiscord, api: Api
):
    async with listening(server, Intent.GUILDS | Intent.GUILD_MESSAGES) as bot:
        own = (await api.send(CHANNEL_ID, "Mine", nonce="n")).body
        told = await bot.told("MESSAGE_CREATE")
        assert told["nonce"] == "n"
        assert told["content"] == "Mine"
        hidden = server.say("Not for you", channel=server.world.channel)
        server.say(f"<@{BOT_ID}> for you", channel=server.world.channel)
        server.say("and so is this", channel=server.world.channel, reply_to=own)
        server.rewrite(hidden, "Still not")
        server.remove(hidden)
        server.say("In private, which it did not ask for")
        assert await bot.told("MESSAGE_DELETE") == {
            "id": hidden["id"],
            "channel_id": CHANNEL_ID,
            "guild_id": server.world.guild.id,
        }
    heard = [data["content"] for name, data in bot.events if name == "MESSAGE_CREATE"]
    assert heard == ["Mine", "", f"<@{BOT_ID}> for you", "and so is this"]
    assert (await bot.told("MESSAGE_UPDATE"))["content"] == ""


async def test_a_reply_to_the_answer_of_a_command_arrives_empty(server: LoopbackDiscord):
    channel = server.world.channel
    async with listening(server, Intent.GUILDS | Intent.GUILD_MESSAGES) as bot:
        own = server.messages.create(channel, {"content": "Found"}, {"id": "1", "type": 2})
        server.say("tell me more", channel=channel, reply_to=own)
        assert (await bot.told("MESSAGE_CREATE", 2))["content"] == ""


async def test_direct_messages_carry_their_words_and_no_guild(server: LoopbackDiscord):
    sam = server.world.add_person("sam")
    async with listening(server, Intent.DIRECT_MESSAGES) as bot:
        server.say("speculative decoding", by=sam)
        told = await bot.told("MESSAGE_CREATE")
    assert (told["content"], told["author"]["username"]) == ("speculative decoding", "sam")
    assert told.keys().isdisjoint({"guild_id", "member"})
    assert told["channel_id"] == server.world.direct(sam).id


async def test_ids_timestamps_and_the_date_of_answers_follow_the_servers_clock(
    server: LoopbackDiscord, api: Api
):
    before = (await api.send(CHANNEL_ID)).body
    server.clock.step(3600)
    after = await api.send(CHANNEL_ID)
    gap = moment_of(after.body["id"]) - moment_of(before["id"])
    assert 3600 <= gap.total_seconds() < 3660
    for said in (
        datetime.fromisoformat(after.body["timestamp"]),
        parsedate_to_datetime(after.headers["Date"]),
    ):
        assert abs(server.clock.now() - said) < timedelta(seconds=10)


async def test_ids_stay_unique_and_in_order_in_a_burst_and_unique_when_the_clock_goes_back(
    server: LoopbackDiscord,
):
    burst = [server.clock.snowflake() for _ in range(20_000)]
    server.clock.step(-0.01)
    once_more = [server.clock.snowflake() for _ in range(20_000)]
    assert sorted(set(burst), key=int) == burst
    assert moment_of(once_more[0]) < moment_of(burst[-1])
    assert set(burst).isdisjoint(once_more)
