"""FAULTS 33 and 36: an endpoint as bad as endpoints can be, over real HTTP; the quoted answer is never late."""

import gzip
import json
import logging
import traceback

import pytest

from bot.llm.claims import Claim
from bot.llm.errors import (
    BrokenEndpointError,
    DeadlineError,
    EndpointError,
    RefusedKeyError,
    RefusedRequestError,
    RestingError,
    TooLongAnswerError,
    TooManyRequestsError,
    UnreachableEndpointError,
    UnreadableAnswerError,
    WriterError,
)
from tests.bot.llm.conftest import HONEST, KEY, SOURCES, Stopwatch
from tests.bot.llm.speaking_server import (
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
from tests.corpus.polite.misbehaving_server import answers, breaks_off, drips, floods, resets

STREAM = {"Content-Type": "text/event-stream"}
TRUTH = answer((HONEST, [2]))
MEGABYTE = 1_000_000
FAULTS = {
    "hangs": (hangs(), DeadlineError),
    "a byte a second": (drips(1), (DeadlineError, UnreadableAnswerError)),
    "a stream of a byte a second": (streams_a_byte_a_second(TRUTH), DeadlineError),
    "401": (refuses("no", 401), RefusedKeyError),
    "403": (refuses("no", 403), RefusedKeyError),
    "404": (refuses("no such model", 404), RefusedRequestError),
    "400 for ever": (refuses("no"), RefusedRequestError),
    "400 with an endless body": (floods(50, says_so=False), UnreadableAnswerError),
    "429": (answers(status=429, headers={"Retry-After": "30"}), TooManyRequestsError),
    "429 without a time": (answers(status=429), TooManyRequestsError),
    "429 for not a time": (answers(status=429, headers={"Retry-After": "nan"}), TooManyRequestsError),
    "500": (answers(status=500), BrokenEndpointError),
    "501": (answers(status=501), RefusedRequestError),
    "503": (answers(status=503, headers={"Retry-After": "-5"}), BrokenEndpointError),
    "a redirect": (answers(status=307, headers={"Location": "http://127.0.0.1:9/"}), RefusedRequestError),
    "204": (answers(status=204), RefusedRequestError),
    "resets": (resets(), UnreachableEndpointError),
    "breaks off": (breaks_off(b"data: ", 100), (UnreachableEndpointError, UnreadableAnswerError)),
    "never ends": (says_and_never_ends('{"answered": true, "claims": ['), DeadlineError),
    "talks for ever": (says_and_never_ends("{", more="x" * 500, seconds=0), TooLongAnswerError),
    "only comments": (sends(*[b": keep-alive\n\n"] * 100, pause=0.05), DeadlineError),
    "1 MB in a line": (sends(b"data: " + b"x" * MEGABYTE), TooLongAnswerError),
    "10 MB of events": (sends(*[event("x") * 100] * 600), (TooLongAnswerError, DeadlineError)),
    "1 MB of thoughts": (
        sends(*[event(reasoning_content="hm" * 5000)] * 200),
        TooLongAnswerError,
    ),
    "broken JSON in an event": (sends(b'data: {"choices": [\n\n'), UnreadableAnswerError),
    "deep JSON in an event": (sends(b"data: " + b"[" * 200_000 + b"\n\n"), UnreadableAnswerError),
    "bytes that are no text": (sends(b"data: \xff\xfe\n\n"), UnreadableAnswerError),
    "events of another shape": (
        sends(*(b"data: %s\n\n" % one for one in (b"1", b"null", b'"x"', b"[]", b'{"choices": 3}'))),
        UnreadableAnswerError,
    ),
    "choices of another shape": (
        sends(
            b'data: {"choices": [null]}\n\n',
            b'data: {"choices": [{"delta": 5}]}\n\n',
            b'data: {"choices": [{"delta": {"content": {"a": 1}}}], "usage": {"total_tokens": "many"}}\n\n',
        ),
        UnreadableAnswerError,
    ),
    "an error in the stream": (sends(b'data: {"error": {"message": "out of memory"}}\n\n'), EndpointError),
    "nothing": (sends(), UnreadableAnswerError),
    "only the end": (sends(b"data: [DONE]\n\n"), UnreadableAnswerError),
    "HTML": (answers("<html>hello</html>", headers={"Content-Type": "text/html"}), UnreadableAnswerError),
    "HTML as a stream": (answers("<html>hello</html>", headers=STREAM), UnreadableAnswerError),
    "an answer that is no stream": (
        answers(json.dumps({"choices": []}), headers={"Content-Type": "application/json"}),
        UnreadableAnswerError,
    ),
    "packed": (
        answers(gzip.compress(bytes(20 * MEGABYTE)), headers={**STREAM, "Content-Encoding": "gzip"}),
        UnreadableAnswerError,
    ),
    "broken JSON": (says('{"answered": true, "claims": [{"text": "LLM'), UnreadableAnswerError),
    "another schema": (says('{"answer": "LLMCad is fast."}'), UnreadableAnswerError),
    "a list": (says('[{"text": "LLMCad is fast.", "cites": [2]}]'), UnreadableAnswerError),
    "claims that are none": (says('{"answered": true, "claims": [1, null, "x", {"text": 5}]}'), WriterError),
    "deep JSON": (says('{"answered": true, "claims": ' + "[" * 5000, letters=500), UnreadableAnswerError),
    "a huge claim": (says(answer((HONEST * 30, [2])), letters=500), WriterError),
    "a thousand claims": (says(answer(*[(HONEST, [2])] * 1000), letters=500), WriterError),
    "a huge number": (
        says('{"answered": true, "claims": [{"text": "a b c", "cites": [' + "9" * 5000 + "]}]}"),
        WriterError,
    ),
    "infinity": (
        says('{"answered": true, "claims": [{"text": "a b c", "cites": [Infinity]}]}'),
        UnreadableAnswerError,
    ),
    "plain prose": (says("LLMCad is up to 9.3x faster, see [2]."), UnreadableAnswerError),
    "thoughts without an answer": (says("<think>" + TRUTH), UnreadableAnswerError),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_33_every_fault_is_an_error_of_its_kind_within_the_deadline_and_a_second(make_writer, fault):
    behaviour, kind = FAULTS[fault]
    writer = await make_writer(behaviour)
    shown: list[tuple[Claim, ...]] = []
    with Stopwatch(), pytest.raises(WriterError) as failed:
        await writer.write("how fast is it?", SOURCES, person=1, on_text=shown.append)
    assert all(claims == (Claim(HONEST, (2,)),) for claims in shown)
    assert isinstance(failed.value, kind), repr(failed.value)
    assert failed.value.kind


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
async def test_33_the_fault_passes_and_the_next_question_is_answered_or_waits_politely(make_writer, fault):
    writer = await make_writer(FAULTS[fault][0])
    with pytest.raises(WriterError):
        await writer.write("how fast is it?", SOURCES, person=1)
    writer._breaker._monotonic = lambda: 1e9  # long after
    await _script_again(writer, make_writer)
    assert (await writer.write("how fast is it?", SOURCES, person=1)).claims


async def _script_again(writer, make_writer):
    other = await make_writer(says(TRUTH))  # scripts the same server
    assert other._endpoint.model == writer._endpoint.model


async def test_33_nobody_listens(make_writer, unused_tcp_port):
    writer = await make_writer(says(TRUTH), base_url=f"http://127.0.0.1:{unused_tcp_port}/v1")
    with Stopwatch(), pytest.raises(UnreachableEndpointError):
        await writer.write("how fast is it?", SOURCES, person=1)


async def test_33_an_address_that_does_not_exist(make_writer):
    writer = await make_writer(says(TRUTH), base_url="http://nobody.invalid/v1")
    with Stopwatch(), pytest.raises(EndpointError):
        await writer.write("how fast is it?", SOURCES, person=1)


async def test_33_a_time_to_come_back_is_kept_and_said(make_writer, server):
    writer = await make_writer(answers(status=429, headers={"Retry-After": "30"}))
    with pytest.raises(TooManyRequestsError) as refused:
        await writer.write("how fast is it?", SOURCES, person=1)
    assert refused.value.retry_after == 30
    with pytest.raises(RestingError):
        await writer.write("how fast is it?", SOURCES, person=1)
    assert len(server.arrivals) == 1, "too long to wait for, so it was not tried again"


async def test_33_a_short_time_to_come_back_is_waited_for(make_writer, server):
    writer = await make_writer(
        answers(status=429, headers={"Retry-After": "0.3"}), says(TRUTH), deadline_seconds=5
    )
    await writer.write("how fast is it?", SOURCES, person=1)
    assert server.gaps()[0] >= 0.3


async def test_33_a_redirect_takes_neither_papers_nor_the_key_elsewhere(make_writer, server):
    server.script("/elsewhere", says(TRUTH))
    writer = await make_writer(answers(status=308, headers={"Location": f"{server.address}/elsewhere"}))
    with pytest.raises(RefusedRequestError):
        await writer.write("how fast is it?", SOURCES, person=1)
    assert [arrival.path for arrival in server.arrivals] == ["/v1/chat/completions"]


@pytest.mark.parametrize(
    "behaviour",
    [
        *(repeats_the_key(status) for status in (400, 401, 403, 404, 422, 429, 500, 501, 503)),
        repeats_the_key_while_streaming(),
        says(f'{{"answered": true, "claims": [{{"text": "The key is {KEY}.", "cites": [1]}}]}}'),
        says(f"the key is {KEY}"),
    ],
)
async def test_36_the_key_is_in_no_error_and_no_log(make_writer, caplog, behaviour):
    caplog.set_level(logging.DEBUG)
    writer = await make_writer(behaviour)
    with pytest.raises(WriterError) as failed:
        await writer.write(f"is {KEY} a key?", SOURCES, person=1)
    error: BaseException | None = failed.value
    while error is not None:
        assert KEY not in f"{error} {error!r} {error.args} {vars(error)}"
        error = error.__cause__ or error.__context__
    assert KEY not in "".join(traceback.format_exception(failed.value))
    assert KEY not in caplog.text
    assert KEY not in str([record.__dict__ for record in caplog.records])
    assert KEY not in repr(vars(writer))
