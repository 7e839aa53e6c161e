"""Conversations over the wire, where things go wrong: told twice, killed, refused, ended. Each message has one answer."""

import pytest

from .channels import Channel
from .conversing import ANSWER, ASKED, answers_in, custom_id, tell, words
from .faults import delays, refuses
from .feeding import Feeding, words_of
from .people import Person
from .refusals import No

pytest_plugins = ["tests.wire.feed_stages", "tests.wire.talk_stages"]
pytestmark = [pytest.mark.wire, pytest.mark.asyncio(loop_scope="session")]


async def test_a_message_told_again_after_a_resume_is_answered_once_fault_21(hall: Feeding, guest: Person):
    server = hall.server
    await tell(hall, ASKED, by=guest)
    server.gateway.ask_to_reconnect()
    for _ in range(3):
        server.gateway.replay("MESSAGE_CREATE", last=2)
    assert len(await answers_in(hall, server.world.direct(guest), by=guest)) == 1


async def test_a_message_told_again_while_it_is_answered_is_answered_once_fault_21(
    hall: Feeding, guest: Person
):
    inbox = hall.server.world.direct(guest)
    slow = hall.server.faults.add(delays(0.3), "POST", channel=inbox)
    hall.server.say(ASKED, by=guest)
    for _ in range(3):
        hall.server.gateway.replay("MESSAGE_CREATE")
    await hall.server.wait_posted(inbox)
    slow.lift()
    assert len(await answers_in(hall, inbox, by=guest)) == 1


async def test_a_message_told_again_to_a_restarted_bot_is_answered_once_fault_21(talk: Feeding):
    talk.server.nonce_memory = 0
    await talk.start()
    await tell(talk, ASKED)
    await talk.stop()
    await talk.start()
    talk.server.gateway.replay("MESSAGE_CREATE", last=2)
    assert len(await answers_in(talk, talk.server.world.direct(talk.server.world.owner))) == 1


@pytest.mark.parametrize("point", ["before hearing", "after hearing", "before noting", "after noting"])
async def test_killed_at_any_point_of_an_answer_and_told_again_it_answers_once_fault_21(
    talk: Feeding, point: str
):
    inbox = talk.server.world.direct(talk.server.world.owner)
    await talk.start()
    talk.staging.crash(point)
    talk.server.say(ASKED)
    assert talk.bot
    assert await talk.bot.exit_code() == -9
    stood = len(words(talk, inbox))
    assert stood == ("noting" in point)
    await talk.start()
    talk.server.gateway.replay("MESSAGE_CREATE", last=1 + stood)
    [said] = await answers_in(talk, inbox)
    assert ANSWER in said
    await talk.until(lambda: unanswered(talk) == 0, "every answer written down")


@pytest.mark.parametrize("no", [No.UNKNOWN_INTERACTION, No.ALREADY_ACKNOWLEDGED])
async def test_a_refused_acknowledgement_is_followed_by_nothing_and_no_traceback_fault_20(
    hall: Feeding, room: Channel, no: No
):
    server = hall.server
    asked = await server.slash("ask", {"question": ASKED}, channel=room)
    answer = await asked.message()
    opened = await server.press(answer, custom_id(answer, "follow-up"))
    await opened.form()
    begun = len(server.requests)
    refused = server.faults.add(refuses(no), "POST", "/interactions/*/callback")
    await server.slash("ask", {"question": ASKED}, channel=room)
    await server.slash("compare", {"paper1": "2309.04255", "paper2": "2506.01986"}, channel=room)
    await server.press(answer, custom_id(answer, "follow-up"))
    await server.submit(opened, {"further": "and on a phone?"})
    await hall.until(lambda: len(refused.hits) == 4, "four refusals")
    refused.lift()
    await (await server.slash("about", channel=room)).message()
    later = [r for r in server.requests[begun:] if not r.path.endswith("/callback")]
    assert [r.method for r in later] == ["PATCH"], "only /about was answered"
    assert hall.bot
    assert "Traceback" not in hall.bot.output


@pytest.mark.parametrize("no", [No.UNKNOWN_MESSAGE, No.UNKNOWN_WEBHOOK])
async def test_an_answer_that_its_reader_dismissed_is_let_be_without_a_traceback(
    hall: Feeding, room: Channel, no: No
):
    server = hall.server
    gone = server.faults.add(refuses(no), "PATCH", "/webhooks/*/messages/@original")
    await server.slash("ask", {"question": ASKED}, channel=room)
    await hall.until(lambda: gone.hits, "a refusal")
    await tell(hall, "hello", by=server.world.add_person("ada"))
    gone.lift()
    assert len(gone.hits) == 1
    assert hall.bot
    assert "Traceback" not in hall.bot.output


async def test_ended_in_the_middle_of_answers_it_finishes_them_fault_25(talk: Feeding):
    server = talk.server
    await talk.start()
    server.faults.add(delays(1), "POST", "/channels/*/messages")
    server.faults.add(delays(1), "PATCH", "/webhooks/*")
    asked = await server.slash("ask", {"question": ASKED})
    opened = await server.slash("about")
    server.say(ASKED)
    inbox = server.world.direct(server.world.owner)
    await server.received("POST", f"/channels/{inbox.id}/messages")
    await asked.answered()
    await opened.answered()
    assert talk.bot
    assert await talk.bot.terminate(within=10) == 0
    assert ANSWER in words_of(await asked.message(within=1))
    assert [ANSWER in said for said in words(talk, inbox)] == [True]
    assert unanswered(talk) == 0


def unanswered(stage: Feeding) -> int:
    """How many messages were heard of which no answer is written down."""
    [(number,)] = stage.rows("SELECT count(*) FROM heard_messages WHERE answer IS NULL")
    return number
