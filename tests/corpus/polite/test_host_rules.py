import socket
from collections.abc import AsyncGenerator
from urllib.parse import urlsplit

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from corpus.errors import RefusedError
from corpus.polite.client import Limits, PoliteClient
from corpus.polite.host_rules import is_public, mirror_problem, redirect_target
from corpus.sources.source import Answer, Pace

from .misbehaving_server import MisbehavingServer, answers

HOST = "huggingface.co"
QUICK = Pace("Hugging Face", 1000, 1.0, 8)
LIMITS = Limits(first_pause=0.01, answer=5.0)


@pytest.fixture
async def server() -> AsyncGenerator[MisbehavingServer, None]:
    async with MisbehavingServer() as server:
        yield server


@pytest.fixture
async def client(server: MisbehavingServer) -> AsyncGenerator[PoliteClient, None]:
    mirrors = {HOST: server.address}
    async with PoliteClient({HOST: QUICK}, version="1", mirrors=mirrors, limits=LIMITS) as client:
        yield client


# Redirects.


async def test_a_redirect_on_the_same_host_is_followed_and_keeps_the_condition(server, client):
    server.script("/old", answers(status=307, headers={"Location": "/new?p=2#top"}))
    server.script("/new", answers("here", headers={"ETag": '"v1"'}))
    answer = await client.get(f"https://{HOST}/old")
    assert answer
    assert answer.text == "here"
    assert answer.validator
    assert answer.validator.url == f"https://{HOST}/old"
    assert [(one.path, one.query) for one in server.arrivals] == [("/old", ""), ("/new", "p=2")]


async def test_a_redirect_in_a_circle_ends(server, client):
    server.script("/old", answers(status=302, headers={"Location": "/old"}))
    with pytest.raises(RefusedError, match="on and on"):
        await client.get(f"https://{HOST}/old")
    assert len(server.arrivals) == 4


async def test_a_redirect_to_another_port_of_this_machine_is_not_followed(server, client):
    async with MisbehavingServer() as other:
        server.script("/old", answers(status=302, headers={"Location": f"{other.address}/secret?key=1"}))
        with pytest.raises(
            RefusedError, match=rf"sent us on to {other.address}/secret, which is not followed"
        ):
            await client.get(f"https://{HOST}/old")
    assert other.arrivals == []


TRICKS = [
    "http://huggingface.co/",
    "https://evil.example/",
    "//evil.example/",
    "https://huggingface.co@evil.example/",
    "https://ada:pass@huggingface.co/",
    "https://huggingface.co:8443/",
    "https://huggingface.co.evil.example/",
    "https://huggingface.co.",
    "https://169.254.169.254/latest",
    "https://[::ffff:127.0.0.1]/",
    "https://2130706433/",
    "ftp://huggingface.co/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "https://[",
    "https://huggingface.co:99999/",
    "",
]


@pytest.mark.parametrize("location", TRICKS)
def test_a_trick_is_refused(location):
    with pytest.raises(RefusedError):
        redirect_target(URL("https://huggingface.co/api"), location)


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("new", "https://huggingface.co/new"),
        ("/new?p=2#top", "https://huggingface.co/new?p=2"),
        ("https://HuggingFace.co:443/new", "https://huggingface.co/new"),
        ("//huggingface.co/new", "https://huggingface.co/new"),
        ("../../..", "https://huggingface.co/"),
        ("/\\evil.example", "https://huggingface.co/%5Cevil.example"),
    ],
)
def test_a_redirect_to_the_same_host_leads_there(location, target):
    assert str(redirect_target(URL("https://huggingface.co/api"), location)) == target


PARTS = [
    *(
        "https:",
        "http:",
        "//",
        "/",
        "\\",
        "@",
        ":",
        ":443",
        "?",
        "#",
        "%2f",
        "%40",
        "..",
        "[::1]",
        "huggingface.co",
    ),
    *(
        "evil.example",
        "127.0.0.1",
        "\udcff",
        "\t",
        "\r",
        "\n",
        " ",
        "\N{FULLWIDTH SOLIDUS}",
        "\N{IDEOGRAPHIC FULL STOP}",
    ),
]
LOCATIONS = (
    st.text()
    | st.lists(st.sampled_from(PARTS) | st.text(max_size=3), max_size=8).map("".join)
    | st.sampled_from(TRICKS)
)


@given(LOCATIONS, st.sampled_from(["https://huggingface.co/api?q=1", "http://127.0.0.1:8123/api"]))
def test_no_location_leads_to_another_origin(location, asked):
    try:
        target = redirect_target(URL(asked), location)
    except RefusedError:
        return
    # Read by another parser than the one that decided.
    there, here = urlsplit(str(target)), urlsplit(asked)
    assert (there.scheme, there.netloc) == (here.scheme, here.netloc)
    assert str(target).isascii()
    assert str(target).isprintable()


# Mirrors.


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8123",
        "http://localhost:8123/",
        "http://[::1]:8123",
        "https://hf-mirror.com",
        "https://10.0.0.5",
    ],
)
def test_a_mirror_is_https_or_on_this_machine(address):
    assert mirror_problem(HOST, address, {HOST}) == ""


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://hf-mirror.com", "make it https"),
        ("http://10.0.0.5", "make it https"),
        ("http://127.1", "make it https"),
        ("http://localhost.evil.example", "make it https"),
        ("https://ada:pass@hf-mirror.com", "password"),
        ("https://hf-mirror.com/hub", "without a path"),
        ("https://hf-mirror.com?x=1", "without a path"),
        ("hf-mirror.com", "not a web address"),
        ("ftp://hf-mirror.com", "not a web address"),
        ("https://", "not a web address"),
        ("https://[", "not a web address"),
        ("", "not a web address"),
    ],
)
def test_another_mirror_is_not(address, words):
    problem = mirror_problem(HOST, address, {HOST})
    assert words in problem
    assert "pass@" not in problem
    with pytest.raises(RefusedError, match=words):
        PoliteClient({HOST: QUICK}, version="1", mirrors={HOST: address})


def test_a_mirror_is_of_a_host_that_is_asked():
    assert "no host that is asked" in mirror_problem("other.example", "https://hf-mirror.com", {HOST})


# Addresses.


class Resolver(AbstractResolver):
    """Names resolve to what the test says."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in self.addresses
        ]

    async def close(self) -> None:
        """Nothing is open."""


PRIVATE = [
    *("127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "0.0.0.0"),  # noqa: S104 - not bound to
    *("::1", "fe80::1%2", "fd00::1", "fec0::1", "::ffff:10.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::1"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_inside_a_network_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["151.101.3.42", "2a04:4e42::810", "64:ff9b::9765:32a", "::ffff:151.101.3.42"]
)
def test_an_address_of_the_internet_is_public(address):
    assert is_public(address)


async def test_a_host_is_not_asked_if_one_of_its_addresses_is_private():
    resolver = Resolver("151.101.3.42", "169.254.169.254")
    async with PoliteClient({HOST: QUICK}, version="1", resolver=resolver, limits=LIMITS) as client:
        with pytest.raises(RefusedError, match=r"huggingface\.co resolves to 169\.254\.169\.254"):
            await client.get(f"https://{HOST}/")


async def test_this_machine_is_asked_only_as_a_mirror(server):
    server.script("/", answers("mirrored"))
    async with PoliteClient({"localhost": QUICK}, version="1", limits=LIMITS) as client:
        with pytest.raises(RefusedError, match="localhost resolves to"):
            await client.get("https://localhost/")
    mirrors = {HOST: f"http://localhost:{server.port}"}
    async with PoliteClient({HOST: QUICK}, version="1", mirrors=mirrors, limits=LIMITS) as client:
        assert await client.get(f"https://{HOST}/") == Answer("mirrored")


def test_hosts_are_declared_by_name():
    with pytest.raises(ValueError, match="by name"):
        PoliteClient({"10.0.0.1": QUICK}, version="1")
