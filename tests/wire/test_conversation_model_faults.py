"""A language model that fails in every way, over the wire: the answer is then quoted, in time, and nobody else waits."""

import json
import time

import pytest

from tests.bot.llm.speaking_server import (
    PATH,
    answer,
    event,
    hangs,
    refuses,
    repeats_the_key,
    repeats_the_key_while_streaming,
    says,
    says_and_never_ends,
    sends,
    streams_a_byte_a_second,
)
from tests.corpus.polite.misbehaving_server import (
    Behaviour,
    MisbehavingServer,
    answers,
    breaks_off,
    floods,
    resets,
)

from .conversing import ANSWER, ASKED, KEY, claims, repeats, tell, with_model, words
from .feeding import Feeding, words_of
from .people import Person

pytest_plugins = ["tests.wire.feed_stages", "tests.wire.talk_stages"]
pytestmark = [pytest.mark.wire, pytest.mark.asyncio(loop_scope="session")]
DEADLINE_SECONDS = 1.5
SLACK = 5.0
"""Seconds for a machine that runs two test suites at once; what is not in time at all takes ten and more."""
WRITTEN = "Written by m from the sentences below"
AWAY = "The language model is not available right now, so here are the papers' own sentences."
LATE = "The language model took too long, so here are the papers' own sentences."
OVER = 1_100_000  # bytes
FAILURES = {
    "never answers": (hangs(), LATE),
    "never ends": (says_and_never_ends('{"answered": true, "claims": [', seconds=0.05), LATE),
    "never ends after a whole answer": (says_and_never_ends(answer((ANSWER, [1])), seconds=0.05), WRITTEN),
    "a byte a second": (streams_a_byte_a_second("{"), LATE),
    "a megabyte of words": (sends(*[event("so " * 5_000)] * 70), AWAY),
    "a megabyte without an end of line": (sends(b"x" * OVER), AWAY),
    "a megabyte of nothing": (floods(2, says_so=False), AWAY),
    "garbage in place of events": (sends(b"data: {garbage\n\n"), AWAY),
    "garbage in place of an answer": (says("{nonsense, and more"), AWAY),
    "no stream": (answers("<html>a page</html>"), AWAY),
    "a reset": (resets(), AWAY),
    "half an answer": (breaks_off(), AWAY),
    "500 with the key in it": (repeats_the_key(500), AWAY),
    "an error with the key in it, in the stream": (repeats_the_key_while_streaming(), AWAY),
    "does not know": (
        says(answer(answered=False)),
        "The language model finds no full answer in these sentences; they are what comes closest.",
    ),
}


@pytest.mark.parametrize(("behaviour", "said"), FAILURES.values(), ids=FAILURES)
async def test_a_model_that_fails_leaves_the_quoted_answer_in_time_and_is_used_again_fault_33(
    study: Feeding, model: MisbehavingServer, guest: Person, behaviour: Behaviour, said: str
):
    model.script(PATH, behaviour)
    begun = time.monotonic()
    shown = words_of(await tell(study, ASKED, by=guest))
    assert time.monotonic() - begun < DEADLINE_SECONDS + 1 + SLACK
    assert said in shown
    assert f"“{ANSWER}”" in shown
    assert_key_is_nowhere(study)
    model.script(PATH, claims(repeats(2)))
    assert WRITTEN in words_of(await tell(study, ASKED, by=guest))


async def test_nobody_waits_while_the_model_does_not_answer_fault_33(
    study: Feeding, model: MisbehavingServer, guest: Person
):
    server, other = study.server, study.server.world.add_person("ada")
    model.script(PATH, hangs())
    asked = len(model.arrivals)
    server.say(ASKED, by=guest)
    slash = await server.slash("ask", {"question": ASKED}, by=guest)
    await study.until(lambda: len(model.arrivals) == asked + 2, "both questions before the model")
    begun, beats = time.monotonic(), len(server.frames)
    about = await server.slash("about", by=other)
    await about.message()
    assert "Closest to" in words_of(await tell(study, "papers on speculative decoding", by=other))
    assert time.monotonic() - begun < 1.0 + SLACK
    assert words(study, server.world.direct(guest)) == []
    await server.wait_posted(server.world.direct(guest))
    assert LATE in words_of(await slash.message())
    assert sum(frame["op"] == 1 for frame in server.frames[beats:]) >= 2


async def test_an_endpoint_that_wants_fewer_requests_is_left_alone_for_as_long_as_it_says_fault_33(
    talk: Feeding, model: MisbehavingServer
):
    model.script(PATH, answers(status=429, headers={"Retry-After": "30"}))
    await talk.start(with_model(model, deadline_seconds=DEADLINE_SECONDS))
    asked = len(model.arrivals)
    for _ in range(2):
        begun = time.monotonic()
        assert AWAY in words_of(await tell(talk, ASKED))
        assert time.monotonic() - begun < 1.0 + SLACK
    assert len(model.arrivals) == asked + 1


@pytest.mark.parametrize(
    ("behaviour", "logged"),
    [
        (repeats_the_key(401), "refuses the key (401)"),
        (refuses("no " * 400_000), "refuses the request (400)"),
    ],
    ids=["401", "a megabyte of 400"],
)
async def test_an_endpoint_that_refuses_is_asked_once_and_the_key_is_read_nowhere_fault_33(
    talk: Feeding, model: MisbehavingServer, behaviour: Behaviour, logged: str
):
    model.script(PATH, behaviour)
    bot = await talk.start(with_model(model, deadline_seconds=DEADLINE_SECONDS))
    asked = len(model.arrivals)
    assert AWAY in words_of(await tell(talk, ASKED))
    assert KEY in model.arrivals[asked].headers["Authorization"]
    known = len(model.arrivals)
    assert AWAY in words_of(await tell(talk, ASKED))
    assert len(model.arrivals) == known
    assert logged in bot.output
    await talk.stop()
    assert_key_is_nowhere(talk)


async def test_where_nobody_listens_it_quotes_at_once_fault_33(talk: Feeding):
    async with MisbehavingServer() as gone:
        pass
    await talk.start(with_model(gone, deadline_seconds=DEADLINE_SECONDS))
    begun = time.monotonic()
    for _ in range(4):
        shown = words_of(await tell(talk, ASKED))
        assert AWAY in shown
        assert ANSWER in shown
    assert time.monotonic() - begun < 4 * (DEADLINE_SECONDS + 1 + SLACK)


def assert_key_is_nowhere(stage: Feeding) -> None:
    """Neither in what the bot wrote, nor in what it sent to Discord, nor in its database."""
    assert stage.bot
    assert KEY not in stage.bot.output
    assert KEY not in json.dumps([request.body for request in stage.server.requests])
    for file in stage.data.glob("papercord.db*"):
        assert KEY.encode() not in file.read_bytes()
