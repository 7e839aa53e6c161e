"""A conversation over the wire: what is said to the bot is answered once, and what was said before is known."""

import asyncio

import pytest

from .channels import Channel
from .conversing import ANSWER, ASKED, announce, answers_in, custom_id, tell, words
from .events import Event, Intent
from .faults import delays
from .feeding import Feeding, words_of
from .people import Person
from .permissions import Permission
from .world import BOT_ID

pytest_plugins = ["tests.wire.feed_stages", "tests.wire.talk_stages"]
pytestmark = [pytest.mark.wire, pytest.mark.asyncio(loop_scope="session")]
MENTION = f"<@{BOT_ID}>"
LISTED = "papers on speculative decoding"


async def test_a_direct_message_is_answered_once_by_a_regular_message_after_typing(
    hall: Feeding, guest: Person
):
    answer = await tell(hall, ASKED, by=guest)
    assert ANSWER in words_of(answer)
    await answers_in(hall, hall.server.world.direct(guest), by=guest)
    inbox = f"/channels/{hall.server.world.direct(guest).id}"
    asked = [(r.method, r.path) for r in hall.server.requests if r.path.startswith(inbox)]
    assert asked == [("POST", f"{inbox}/typing"), ("POST", f"{inbox}/messages")] * 2
    first = hall.server.sent("POST", f"{inbox}/messages")[0].body
    assert first["nonce"]
    assert first["enforce_nonce"] is True
    assert "message_reference" not in first
    assert first["allowed_mentions"] == {"parse": []}


async def test_a_mention_is_answered_by_a_reply_that_pings_nobody(
    hall: Feeding, guest: Person, room: Channel
):
    asked = hall.server.say(f"{MENTION} {ASKED}", by=guest, channel=room)
    [answer] = await hall.server.wait_posted(room)
    assert ANSWER in words_of(answer)
    [request] = hall.server.sent("POST", f"/channels/{room.id}/messages")
    assert request.body["message_reference"]["message_id"] == int(asked["id"])
    assert request.body["message_reference"]["fail_if_not_exists"] is False
    assert request.body["allowed_mentions"] == {"parse": [], "replied_user": False}
    assert request.body["nonce"] == asked["id"]
    assert len(hall.server.sent("POST", f"/channels/{room.id}/typing")) == 1


async def test_a_reply_goes_on_with_the_list_or_the_answer_that_it_replies_to_whoever_writes_it(
    hall: Feeding, guest: Person, room: Channel
):
    other = hall.server.world.add_person("ada")
    listed = await tell(hall, f"{MENTION} {LISTED}", by=guest, channel=room)
    answer = await tell(hall, f"{MENTION} {ASKED}", by=guest, channel=room)
    second = await tell(hall, "2", by=other, channel=room, reply_to=listed)
    assert "### [Scaling Laws for Speculative Decoding]" in words_of(second)
    further = await tell(hall, "and how is it verified?", by=other, channel=room, reply_to=answer)
    assert "LLMCad" in words_of(further)
    assert "verif" in words_of(further)
    again = await tell(hall, "1", by=guest, channel=room, reply_to=listed)
    assert "### [SpecMemo" in words_of(again)
    assert len(words(hall, room)) == 5


async def test_a_reply_to_an_answer_of_before_a_restart_goes_on(talk: Feeding):
    channel, other = talk.server.world.channel, talk.server.world.add_person("ada")
    await talk.start()
    listed = await tell(talk, f"{MENTION} {LISTED}", channel=channel)
    answer = await tell(talk, f"{MENTION} {ASKED}", channel=channel)
    compared = await tell(talk, "compare 1 and 2", channel=channel, reply_to=listed)
    await talk.stop()
    await talk.start()
    further = await tell(talk, "and how is it verified?", by=other, channel=channel, reply_to=answer)
    assert "LLMCad" in words_of(further)
    second = await tell(talk, "2", by=other, channel=channel, reply_to=listed)
    assert "### [Scaling Laws for Speculative Decoding]" in words_of(second)
    summed = await tell(talk, "summarise them", channel=channel, reply_to=compared)
    assert "SpecMemo" in words_of(summed)
    assert "Scaling Laws" in words_of(summed)


async def test_what_is_said_to_others_or_by_no_person_is_not_answered(
    hall: Feeding, guest: Person, room: Channel
):
    world = hall.server.world
    hall.server.say(ASKED, by=guest, channel=room)
    hall.server.say("<@1> how fast is LLMCad?", by=guest, channel=room)
    mine = hall.server.say("look at this", by=world.owner, channel=room)
    hall.server.say(ASKED, by=guest, channel=room, reply_to=mine)
    for changes in (
        {"author": world.people.add("robot", is_bot=True).user()},
        {"webhook_id": "1100000000000000099"},
        *({"type": kind} for kind in (6, 7, 8, 18, 20, 23, 24)),
    ):
        announce(hall, room, f"{MENTION} {ASKED}", **changes)
    assert await answers_in(hall, room) == []
    assert await answers_in(hall, room, by=guest) == []


async def test_a_reply_of_which_no_word_arrives_is_not_answered_since_it_may_be_said_to_others(
    hall: Feeding, guest: Person, room: Channel
):
    shown = await (
        await hall.server.slash("find", {"query": "speculative decoding", "private": False}, channel=room)
    ).message()
    hall.server.say("a nice one!", by=guest, channel=room, reply_to=shown)
    assert len(await answers_in(hall, room, by=guest)) == 1, "the list itself"
    assert "no words" in words_of(await tell(hall, MENTION, by=guest, channel=room))


async def test_what_is_edited_is_answered_anew_in_place_and_a_preview_changes_nothing(
    hall: Feeding, guest: Person
):
    server, inbox = hall.server, hall.server.world.direct(guest)
    asked = server.say("how fast is SpecMemo?", by=guest)
    [first] = await server.wait_posted(inbox)
    server.messages.edit(asked["id"], {"embeds": [{"title": "A preview"}]})
    server.rewrite(asked, ASKED)
    edit = await server.received("PATCH", f"/channels/{inbox.id}/messages/{first['id']}")
    assert ANSWER in words_of(edit.body)
    [said] = await answers_in(hall, inbox, by=guest)
    assert ANSWER in said
    assert len(server.sent("PATCH", f"/channels/{inbox.id}/*")) == 1


async def test_a_mention_that_is_edited_is_answered_anew_in_place(
    hall: Feeding, guest: Person, room: Channel
):
    asked = hall.server.say(f"{MENTION} hello", by=guest, channel=room)
    [first] = await hall.server.wait_posted(room)
    hall.server.rewrite(asked, f"{MENTION} {ASKED}")
    edit = await hall.server.received("PATCH", f"/channels/{room.id}/messages/{first['id']}")
    assert edit.body["allowed_mentions"] == {"parse": []}
    assert [ANSWER in said for said in words(hall, room)] == [True]


async def test_what_is_deleted_before_it_is_answered_is_not_answered(hall: Feeding, guest: Person):
    server, inbox = hall.server, hall.server.world.direct(guest)
    slow = server.faults.add(delays(0.3), "POST", "/channels/*/typing", channel=inbox)
    gone = server.say(ASKED, by=guest)
    await hall.until(lambda: slow.hits, "typing")
    server.remove(gone)
    slow.lift()
    assert await answers_in(hall, inbox, by=guest) == []


async def test_many_that_are_deleted_at_once_are_not_answered(hall: Feeding, guest: Person, room: Channel):
    server = hall.server
    slow = server.faults.add(delays(0.3), "POST", "/channels/*/typing", channel=room)
    gone = [server.say(f"{MENTION} {ASKED}", by=guest, channel=room) for _ in range(3)]
    await hall.until(lambda: slow.hits, "typing")
    bulk = {"ids": [one["id"] for one in gone], "channel_id": room.id, "guild_id": room.guild_id}
    server.world.announce(Event("MESSAGE_DELETE_BULK", bulk, room.guild_id, Intent.GUILD_MESSAGES))
    slow.lift()
    assert await answers_in(hall, room, by=guest) == []


async def test_an_answer_outlives_its_question(hall: Feeding, guest: Person):
    asked = hall.server.say(ASKED, by=guest)
    inbox = hall.server.world.direct(guest)
    await hall.server.wait_posted(inbox)
    hall.server.remove(asked)
    [said] = await answers_in(hall, inbox, by=guest)
    assert ANSWER in said


async def test_several_messages_at_once_are_each_answered_in_order(
    hall: Feeding, guest: Person, room: Channel
):
    server = hall.server
    inbox = server.world.direct(guest)
    for text in (LISTED, "1", "2", "how fast is LLMCad?", "thanks"):
        server.say(text, by=guest)
    said = await server.wait_posted(inbox, 5)
    for message, begins in zip(
        said, ("Closest", "### [SpecMemo", "### [Scaling", "> **[1]**", "You"), strict=True
    ):
        assert words_of(message).startswith(begins)
    asked = [server.say(f"{MENTION} {ASKED}", by=guest, channel=room) for _ in range(5)]
    answers = await server.wait_posted(room, 5)
    assert [one["message_reference"]["message_id"] for one in answers] == [one["id"] for one in asked]


async def test_several_people_at_once_are_each_answered_once(hall: Feeding, room: Channel):
    server = hall.server
    people = [server.world.add_person(f"reader{number}") for number in range(6)]
    asked = [server.say(f"{MENTION} {ASKED}", by=one, channel=room) for one in people]
    for one in people:
        server.say(LISTED, by=one)
    answers = await server.wait_posted(room, 6)
    assert {one["message_reference"]["message_id"] for one in answers} == {one["id"] for one in asked}
    for one in people:
        await server.wait_posted(server.world.direct(one))
        assert "Scaling Laws" in words_of(await tell(hall, "2", by=one))
        assert len(await answers_in(hall, server.world.direct(one), by=one)) == 2


async def test_the_answer_of_a_command_leads_on_by_a_form(hall: Feeding, guest: Person, room: Channel):
    server = hall.server
    asked = await server.slash("ask", {"question": ASKED}, by=guest, channel=room)
    answer = await asked.message()
    assert ANSWER in words_of(answer)
    opened = await server.press(answer, custom_id(answer, "follow-up"), by=guest)
    further = await (await server.submit(opened, {"further": "and how is it verified?"}, by=guest)).message()
    assert "and how is it verified?" in words_of(further)
    assert "LLMCad" in words_of(further)
    assert custom_id(further, "follow-up") != custom_id(answer, "follow-up")
    assert ANSWER in words_of(server.messages.get(answer["id"]) or {})


async def test_an_alert_is_made_of_a_question_that_nothing_answers_once(hall: Feeding, guest: Person):
    answer = await tell(hall, "how many bananas does a monkey eat?", by=guest)
    button = custom_id(answer, "tell-me")
    for shown in await asyncio.gather(
        *[(await hall.server.press(answer, button, by=guest)).message() for _ in range(3)]
    ):
        assert "bananas" in words_of(shown) or "already" in words_of(shown)
    [(query, is_paused)] = hall.rows(
        "SELECT json_extract(settings, '$.query'), is_paused FROM feeds WHERE user_id = ?", int(guest.id)
    )
    assert "bananas" in query
    assert not is_paused


async def test_a_conversation_shows_its_sources_and_is_forgotten(hall: Feeding, guest: Person):
    server = hall.server
    direct = server.world.direct(guest)
    nothing = await (await server.slash("chat reset", by=guest, channel=direct)).message()
    assert "no conversation" in words_of(nothing)
    await tell(hall, ASKED, by=guest)
    sources = await (await server.slash("chat sources", by=guest, channel=direct)).message()
    assert ANSWER in words_of(sources)
    done = await (await server.slash("chat reset", by=guest, channel=direct)).message()
    assert "Forgotten" in words_of(done)
    none = await (await server.slash("chat sources", by=guest, channel=direct)).message()
    assert "no answer yet" in words_of(none)
    assert "Search for something first" in words_of(await tell(hall, "2", by=guest))


async def test_where_it_may_not_write_it_says_nothing_and_goes_on(
    hall: Feeding, guest: Person, room: Channel
):
    assert room.guild
    hall.server.world.guild.channels[room.id].forbid(Permission.SEND_MESSAGES)
    hall.server.say(f"{MENTION} {ASKED}", by=guest, channel=room)
    await hall.server.received("POST", f"/channels/{room.id}/messages")
    await tell(hall, ASKED, by=guest)
    assert words(hall, room) == []
    assert hall.bot
    assert "Traceback" not in hall.bot.output
