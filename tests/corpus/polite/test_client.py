import asyncio
import gzip
from collections.abc import AsyncGenerator

import pytest

from corpus.errors import NotThereError, RefusedError, UnreachableError
from corpus.polite.client import Limits, PoliteClient, contact_problem, user_agent
from corpus.sources.source import Answer, Pace, Validator

from .misbehaving_server import (
    MisbehavingServer,
    answers,
    bomb,
    breaks_off,
    drips,
    floods,
    resets,
)

HOST = "papers.example"
URL = f"https://{HOST}/list"
QUICK = Pace("Papers", 1000, 1.0, 8)
LIMITS = Limits(first_pause=0.01, answer=5.0)


@pytest.fixture
async def server() -> AsyncGenerator[MisbehavingServer, None]:
    async with MisbehavingServer() as server:
        yield server


@pytest.fixture
async def client(server: MisbehavingServer) -> AsyncGenerator[PoliteClient, None]:
    async with client_of(server) as client:
        yield client


def client_of(server: MisbehavingServer, *, limits: Limits = LIMITS, contact: str = "") -> PoliteClient:
    return PoliteClient(
        {HOST: QUICK}, version="1.2", contact=contact, mirrors={HOST: server.address}, limits=limits
    )


async def test_an_answer_is_its_text(server, client):
    server.script("/list", answers("Attention is all you need – naïvely"))
    assert await client.get(URL) == Answer("Attention is all you need – naïvely")


async def test_what_is_asked_arrives_as_it_was_meant(server, client):
    server.script("/a b/list", answers())
    await client.get(f"https://{HOST}/a b/list?x=1", {"query": 'cat:cs.CL AND ti:"a+b" & c=d'})
    (arrival,) = server.arrivals
    assert arrival.path == "/a b/list"
    assert arrival.query == "x=1&query=cat:cs.CL+AND+ti:%22a%2Bb%22+%26+c%3Dd"


async def test_hosts_see_who_asks_and_whom_to_write_to(server):
    server.script("/list", answers())
    async with client_of(server, contact="ada@example.org") as client:
        await client.get(URL)
    assert server.arrivals[0].headers["User-Agent"] == "Papercord/1.2 (mailto:ada@example.org)"


def test_a_contact_is_a_mail_address_or_a_web_address_or_nothing():
    assert user_agent("1", "") == "Papercord/1"
    assert user_agent("1", "mailto:ada@example.org") == "Papercord/1 (mailto:ada@example.org)"
    assert user_agent("1", "https://example.org/bot") == "Papercord/1 (https://example.org/bot)"


@pytest.mark.parametrize("contact", ["a\r\nX-Evil: 1", "a\nb", "a b", "a)", "ädä@example.org", "a\x00"])
def test_a_contact_that_is_more_than_one_word_is_refused(contact):
    assert "contact" in contact_problem(contact)
    with pytest.raises(RefusedError, match="contact"):
        PoliteClient({}, version="1", contact=contact)


async def test_cookies_are_not_kept(server, client):
    server.script("/list", answers(headers={"Set-Cookie": "who=ada"}))
    await client.get(URL)
    await client.get(URL)
    assert "Cookie" not in server.arrivals[1].headers


# Asking again for what is known.


async def test_a_validator_is_made_of_what_the_host_gave(server, client):
    server.script(
        "/list",
        answers("x", headers={"ETag": '"v1"', "Last-Modified": "Mon, 23 Nov 2026 12:00:00 GMT"}),
        answers("x", headers={"ETag": 'W/"v2"'}),
        answers("x"),
    )
    url = f"{URL}?p=1"
    first, second, third = [await client.get(URL, {"p": "1"}) for _ in range(3)]
    assert first == Answer("x", Validator(url, '"v1"', "Mon, 23 Nov 2026 12:00:00 GMT"))
    assert second == Answer("x", Validator(url, 'W/"v2"', None))
    assert third == Answer("x")


@pytest.mark.parametrize("etag", ['"naïve"', f'"{"v" * 2_000}"'])
async def test_a_header_that_may_not_survive_being_sent_back_makes_no_validator(server, client, etag):
    server.script("/list", answers("x", headers={"ETag": etag}))
    assert await client.get(URL) == Answer("x")


async def test_what_has_not_changed_is_none(server, client):
    server.script("/list", answers(status=304))
    assert await client.get(URL, validator=Validator(URL, '"v1"', "Mon, 23 Nov 2026 12:00:00 GMT")) is None
    headers = server.arrivals[0].headers
    assert headers["If-None-Match"] == '"v1"'
    assert headers["If-Modified-Since"] == "Mon, 23 Nov 2026 12:00:00 GMT"


async def test_the_validator_of_another_address_is_not_sent(server, client):
    server.script("/list", answers("new"))
    assert await client.get(URL, validator=Validator(f"{URL}?p=2", '"v1"', None)) == Answer("new")
    assert "If-None-Match" not in server.arrivals[0].headers


async def test_nothing_new_is_no_answer_to_who_knows_nothing(server, client):
    server.script("/list", answers(status=304))
    with pytest.raises(RefusedError, match="304"):
        await client.get(URL)


# What the host refuses.


@pytest.mark.parametrize("status", [404, 410])
async def test_what_is_not_there_is_said_so_once(server, client, status):
    server.script("/list", answers(status=status))
    with pytest.raises(NotThereError, match=rf"{HOST} .*https://{HOST}/list \({status}\)"):
        await client.get(URL, {"key": "secret"})
    assert len(server.arrivals) == 1


async def test_a_refusal_says_why_in_the_hosts_own_words(server, client):
    feed = (
        '<?xml version="1.0"?><feed><title>ArXiv Query: search_query=&amp;id_list=1234</title><entry><title>Error</title>'
        "<summary>incorrect id format\n for 1234 &lt;see https://arxiv.org/help?token=1&gt;</summary></entry></feed>"
    )
    server.script("/list", answers(feed, status=400))
    with pytest.raises(RefusedError) as caught:
        await client.get(URL, {"key": "secret"})
    assert str(caught.value) == (
        f"{HOST} (asked at {server.address}) answered 400 Bad Request: incorrect id format for 1234 "
        "<see https://arxiv.org/help"
    )
    assert len(server.arrivals) == 1


@pytest.mark.parametrize("status", [204, 206, 300, 401, 403, 451, 499])
async def test_any_other_status_is_refused(server, client, status):
    server.script("/list", answers(status=status))
    with pytest.raises(RefusedError, match=str(status)):
        await client.get(URL)


async def test_an_undeclared_host_is_not_asked(server, client):
    for url in (
        "https://other.example/",
        f"http://{HOST}/",
        f"https://{HOST}:8443/",
        f"https://{HOST}@evil.example/",
    ):
        with pytest.raises(RefusedError, match="not asked"):
            await client.get(url)
    assert server.arrivals == []


# What passes.


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
async def test_a_failure_that_passes_is_not_noticed(server, client, status):
    server.script("/list", answers(status=status), answers(status=status), answers("at last"))
    assert await client.get(URL) == Answer("at last")
    assert len(server.arrivals) == 3


async def test_a_failure_that_stays_ends_after_four_tries(server, client):
    server.script("/list", answers(status=500))
    with pytest.raises(UnreachableError, match="500 Internal Server Error, 4 times in a row"):
        await client.get(URL)
    assert len(server.arrivals) == 4


async def test_a_connection_that_is_lost_is_tried_again_and_every_try_is_counted(server, client):
    # aiohttp would ask a second time by itself, at once: eight arrivals.
    server.script("/list", resets())
    with pytest.raises(UnreachableError, match="closed the connection"):
        await client.get(URL)
    assert len(server.arrivals) == 4


async def test_an_answer_that_breaks_off_is_asked_again_and_half_of_it_is_never_given(server, client):
    server.script("/list", breaks_off(), answers("whole"))
    assert await client.get(URL) == Answer("whole")


async def test_an_answer_that_always_breaks_off_is_unreachable(server, client):
    server.script("/list", breaks_off())
    with pytest.raises(UnreachableError, match="broke off"):
        await client.get(URL)


async def test_a_port_where_nobody_listens_is_unreachable():
    async with MisbehavingServer() as gone:
        pass
    async with client_of(gone) as client:
        with pytest.raises(UnreachableError, match="cannot be connected to, 4 times"):
            await client.get(URL)


async def test_a_port_that_does_not_speak_http_is_refused():
    async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as other:
        mirrors = {HOST: f"http://127.0.0.1:{other.sockets[0].getsockname()[1]}"}
        async with PoliteClient({HOST: QUICK}, version="1", mirrors=mirrors, limits=LIMITS) as client:
            with pytest.raises(RefusedError, match="not HTTP"):
                await client.get(URL)


async def test_an_answer_a_byte_at_a_time_is_given_up_and_not_asked_for_again(server):
    server.script("/list", drips(0.05))
    async with client_of(server, limits=Limits(answer=0.3)) as client:
        with pytest.raises(UnreachableError, match=r"within 0\.3 seconds"):
            await client.get(URL)
    assert len(server.arrivals) == 1


# What is too much, or not text.


@pytest.mark.parametrize("says_so", [True, False])
async def test_fifty_megabytes_are_refused(server, client, says_so):
    server.script("/list", floods(50, says_so=says_so))
    with pytest.raises(RefusedError, match="more than 10 MB"):
        await client.get(URL)
    assert len(server.arrivals) == 1


async def test_a_bomb_is_measured_by_what_comes_out(server, client):
    small, large = bomb(9), bomb(200)
    assert len(large) < 1_000_000
    compressed = {"Content-Encoding": "gzip"}
    server.script("/list", answers(small, headers=compressed), answers(large, headers=compressed))
    answer = await client.get(URL)
    assert answer
    assert len(answer.text) == 9_000_000
    with pytest.raises(RefusedError, match="more than 10 MB"):
        await client.get(URL)


async def test_what_calls_itself_compressed_and_is_not_gives_nothing(server, client):
    server.script("/list", answers(b"plain", headers={"Content-Encoding": "gzip"}))
    with pytest.raises((RefusedError, UnreachableError), match=HOST):
        await client.get(URL)


async def test_a_compressed_answer_is_read(server, client):
    server.script("/list", answers(gzip.compress(b"small"), headers={"Content-Encoding": "gzip"}))
    assert await client.get(URL) == Answer("small")
    assert "gzip" in server.arrivals[0].headers["Accept-Encoding"]


async def test_the_charset_is_the_hosts_and_otherwise_utf_8(server, client):
    def in_charset(charset: str):
        return {"Content-Type": f"text/plain; charset={charset}"}

    server.script(
        "/list",
        answers("naïve".encode("latin-1"), headers=in_charset("ISO-8859-1")),
        answers("naïve", headers=in_charset("no-such-charset")),
        answers("naïve", headers=in_charset("punycode")),
        answers(b"\xef\xbb\xbfna\xc3\xafve"),
        answers("naïve".encode("latin-1")),
    )
    for _ in range(4):
        assert await client.get(URL) == Answer("naïve")
    with pytest.raises(RefusedError, match="not text in UTF-8"):
        await client.get(URL)
