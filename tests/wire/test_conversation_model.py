"""Answers that a language model writes, over the wire: shown while they are written, and true, in the place of one message."""

import asyncio
import itertools
import json
from typing import Any

import pytest

from tests.bot.llm.speaking_server import PATH, answer, hangs, says
from tests.corpus.polite.misbehaving_server import MisbehavingServer

from .conversing import (
    ANSWER,
    ASKED,
    ASKED_OF_FIREFLIES,
    WRITING,
    answers_in,
    assert_honest,
    claims,
    custom_id,
    finished,
    repeats,
    tell,
    with_model,
    words,
)
from .faults import delays
from .faults import hangs as never_answers
from .faults import says as tells
from .feeding import Feeding, words_of
from .interaction import Interaction
from .people import Person
from .world import BOT_ID

pytest_plugins = ["tests.wire.feed_stages", "tests.wire.talk_stages"]
pytestmark = [pytest.mark.wire, pytest.mark.asyncio(loop_scope="session")]
MENTION = f"<@{BOT_ID}>"
WRITTEN = "Written by m from the sentences below"
LIES = (
    "LLMCad is sold by its authors for nine dollars a month.",
    ANSWER.replace("9.3x", "93x"),
    ANSWER.replace("faster", "slower"),
    ANSWER.replace("up to", "at least"),
    ANSWER.replace("LLMCad", "EdgeMoE"),
    ANSWER.replace("existing inference engines", "llama.cpp"),
    ANSWER.replace(".", " (arXiv:2401.00001).", 1),
    ANSWER.replace("engines.", "engines, see http://evil.example."),
    ANSWER.replace("engines.", "engines, see discord.gg/abcdef."),
    ANSWER.replace("existing inference engines", "[existing inference engines](http://evil.example)"),
    ANSWER.replace("engines.", "engines ![](//evil.example/x.png)."),
    ANSWER.replace("engines.", "engines @everyone."),
    ANSWER.replace("engines.", f"engines <@{BOT_ID}> <@&{BOT_ID}>."),
    ANSWER.replace("engines.", "engines [7]."),
    ANSWER.replace("faster", "fa\u200bster"),
    ANSWER.replace("engines.", "engines\u202e.moc.live"),
    "HACKED http://evil.example",
)


async def filled(interaction: Interaction) -> dict[str, Any]:
    """What answers a command or form, when it is no draft any more."""
    answer = await interaction.message()
    while WRITING in words_of(answer):
        await asyncio.sleep(0.02)
        answer = await interaction.message()
    return answer


async def test_a_written_answer_grows_in_the_place_of_one_message_not_too_often(
    study: Feeding, model: MisbehavingServer, guest: Person
):
    inbox = study.server.world.direct(guest)
    model.script(PATH, claims(repeats(6), pause=0.4))
    shown = words_of(await tell(study, ASKED, by=guest))
    assert WRITTEN in shown
    assert shown.startswith(f"{ANSWER} **[1]**\n")
    assert "**[6]**\n-#" in shown
    here = [r for r in study.server.requests if r.path.startswith(f"/channels/{inbox.id}/messages")]
    assert [r.method for r in here] == ["POST", *["PATCH"] * (len(here) - 1)]
    drafts = [r.at for r in here if WRITING in words_of(r.body)]
    assert len(drafts) >= 2
    assert min(later - earlier for earlier, later in itertools.pairwise(drafts)) > 1.2
    assert len(words(study, inbox)) == 1
    allowed = {line.rsplit(" **[", 1)[0] for line in shown.splitlines()[:6]}
    assert_honest(study, allowed, f"/channels/{inbox.id}")


async def test_a_written_answer_of_a_command_leads_on_by_a_form(
    study: Feeding, model: MisbehavingServer, guest: Person
):
    model.script(PATH, claims(repeats(3), pause=0.05))
    server = study.server
    asked = await server.slash("ask", {"question": ASKED}, by=guest)
    answer = await filled(asked)
    opened = await server.press(answer, custom_id(answer, "follow-up"), by=guest)
    further = await server.submit(opened, {"further": "and is it verified?"}, by=guest)
    for shown in (words_of(answer), words_of(await filled(further))):
        assert WRITTEN in shown
        assert "LLMCad" in shown
    assert asked.followups == further.followups == []


@pytest.mark.parametrize("is_alone", [False, True], ids=["among truths", "alone"])
async def test_a_model_that_lies_is_not_heard_fault_32(
    study: Feeding, model: MisbehavingServer, is_alone: bool
):
    truths = [] if is_alone else [(ANSWER, [1])]
    for number, lie in enumerate(LIES):
        liar = study.server.world.add_person(f"liar{number}")
        model.script(PATH, says(answer(*truths, (lie, [1])), letters=40))
        shown = words_of(await tell(study, ASKED, by=liar))
        assert (WRITTEN in shown) != is_alone, lie
        assert ("does not stand in the papers" in shown) == is_alone
        assert ANSWER in shown
        inbox = study.server.world.direct(liar)
        assert_honest(study, {ANSWER}, f"/channels/{inbox.id}")


async def test_a_model_that_would_obey_an_abstract_is_not_shown_its_orders_fault_32(
    study: Feeding, model: MisbehavingServer, guest: Person
):
    asked = []
    model.script(
        PATH, says(answer(("HACKED http://evil.example", [1]), ("As told: HACKED.", [2])), asked=asked)
    )
    shown = words_of(await tell(study, ASKED_OF_FIREFLIES, by=guest))
    assert "Fireflies light a lantern for 7 nights" in shown
    assert WRITTEN not in shown
    assert "weighs 40 grams" in json.dumps(asked)
    assert "HACKED" not in json.dumps(asked)
    assert_honest(study, (), f"/channels/{study.server.world.direct(guest).id}")


async def test_what_is_edited_while_it_is_answered_is_answered_once_as_it_is_now(
    study: Feeding, model: MisbehavingServer, guest: Person
):
    inbox = study.server.world.direct(guest)
    model.script(PATH, claims(repeats(4), pause=0.2))
    asked = study.server.say("how fast is SpecMemo?", by=guest)
    await study.server.wait_posted(inbox)
    study.server.rewrite(asked, ASKED)
    await study.until(lambda: ANSWER in words(study, inbox)[0], "the answer to what it says now")
    [said] = await answers_in(study, inbox, by=guest)
    assert ANSWER in said


async def test_what_is_deleted_while_its_answer_grows_leaves_no_half_answer(
    study: Feeding, model: MisbehavingServer, guest: Person
):
    inbox = study.server.world.direct(guest)
    model.script(PATH, claims(repeats(4), pause=0.2))
    asked = study.server.say(ASKED, by=guest)
    [draft] = await study.server.wait_posted(inbox)
    assert WRITING in words_of(draft)
    study.server.remove(asked)
    assert WRITTEN in words_of(await finished(study, inbox))


async def test_a_draft_that_arrived_although_discord_did_not_say_so_becomes_the_answer(
    study: Feeding, model: MisbehavingServer, guest: Person
):
    inbox = study.server.world.direct(guest)
    model.script(PATH, claims(repeats(3), pause=0.1))
    study.server.faults.add(never_answers(done=True), "POST", channel=inbox, when=tells(WRITING), times=1)
    assert WRITTEN in words_of(await tell(study, ASKED, by=guest))
    assert len(words(study, inbox)) == 1


async def test_a_draft_that_discord_is_slow_to_show_does_not_take_the_place_of_the_answer(
    study: Feeding, model: MisbehavingServer, guest: Person
):
    server, inbox = study.server, study.server.world.direct(guest)
    model.script(PATH, claims(repeats(5), pause=0.4))
    slow = server.faults.add(delays(1), "PATCH", channel=inbox, when=tells(WRITING), times=1)
    await tell(study, ASKED, by=guest)
    await study.until(lambda: any(one.request in slow.hits for one in server.answers), "the draft at Discord")
    assert WRITTEN in words_of(await finished(study, inbox))


async def test_killed_while_its_answer_grows_and_told_again_it_finishes_that_answer_fault_21(
    talk: Feeding, model: MisbehavingServer
):
    inbox = talk.server.world.direct(talk.server.world.owner)
    model.script(PATH, claims(repeats(4), pause=0.3), hangs())
    bot = await talk.start(with_model(model, deadline_seconds=20))
    talk.server.say(ASKED)
    await talk.server.wait_posted(inbox)
    await bot.kill()
    assert WRITING in words(talk, inbox)[0]
    await talk.start()  # now without a model
    talk.server.gateway.replay("MESSAGE_CREATE", last=2)
    await finished(talk, inbox)
    [said] = await answers_in(talk, inbox)
    assert ANSWER in said


async def test_ended_while_answers_are_written_it_quotes_instead_fault_25(
    talk: Feeding, model: MisbehavingServer
):
    server, inbox = talk.server, talk.server.world.direct(talk.server.world.owner)
    model.script(PATH, claims(repeats(2)))
    bot = await talk.start(with_model(model, deadline_seconds=60))
    edited = server.say("how fast is SpecMemo?")
    answered = await filled(await server.slash("ask", {"question": ASKED}))
    await finished(talk, inbox)
    model.script(PATH, claims(repeats(2), pause=30))
    asked = await server.slash("ask", {"question": ASKED})
    opened = await server.press(answered, custom_id(answered, "follow-up"))
    further = await server.submit(opened, {"further": "and how is it verified?"})
    server.say(f"{MENTION} {ASKED}", channel=server.world.channel)
    server.rewrite(edited, ASKED)
    await talk.until(lambda: len(model.arrivals) >= 6, "four questions to the model")
    await asyncio.sleep(0.2)  # for their first claims
    assert await bot.terminate(within=10) == 0
    for shown in (
        words_of(await asked.message()),
        words_of(await further.message()),
        *words(talk, server.world.channel),
        *words(talk, inbox),
    ):
        assert "> **[1]**" in shown
        assert WRITING not in shown
    assert len(words(talk, server.world.channel)) == len(words(talk, inbox)) == 1
    assert "Traceback" not in bot.output
