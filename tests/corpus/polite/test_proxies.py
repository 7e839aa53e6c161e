import asyncio
import shutil
import ssl
import subprocess
from base64 import b64encode
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from corpus.errors import RefusedError, UnreachableError
from corpus.polite.client import Limits, PoliteClient
from corpus.sources.source import Answer, Pace

from .misbehaving_server import MisbehavingServer, answers

HOST = "huggingface.co"
HOSTS = {HOST: Pace("Hugging Face", 1000, 1.0, 8)}
LIMITS = Limits(first_pause=0.01, answer=5.0)


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@asynccontextmanager
async def tunnel(port: int) -> AsyncGenerator[int, None]:
    """The port of a proxy that leads every CONNECT to one port of this machine."""

    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(65_536):
            writer.write(piece)
        writer.close()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pour(reader, inner_writer), pour(inner_reader, writer), return_exceptions=True)

    async with await asyncio.start_server(handle, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


async def test_the_proxy_of_the_environment_is_asked_and_resolves_the_name(monkeypatch):
    async with MisbehavingServer() as proxy:
        proxy.script(f"{HOST}:443", answers(status=403))
        monkeypatch.setenv("HTTPS_PROXY", f"http://ada:pass@127.0.0.1:{proxy.port}")
        async with PoliteClient(HOSTS, version="1", limits=LIMITS) as client:
            with pytest.raises(RefusedError) as caught:
                await client.get(f"https://{HOST}/api")
    (arrival,) = proxy.arrivals
    assert (arrival.method, arrival.host) == ("CONNECT", HOST)
    assert arrival.headers["Proxy-Authorization"] == f"Basic {b64encode(b'ada:pass').decode()}"
    assert f"the proxy {proxy.address} answered" in str(caught.value)
    assert "pass" not in str(caught.value)


async def test_a_proxy_that_is_down_is_named(monkeypatch):
    async with MisbehavingServer() as gone:
        pass
    monkeypatch.setenv("HTTPS_PROXY", f"127.0.0.1:{gone.port}")
    async with PoliteClient(HOSTS, version="1", limits=LIMITS) as client:
        with pytest.raises(
            UnreachableError, match=rf"the proxy http://127.0.0.1:{gone.port}.* cannot be reached"
        ):
            await client.get(f"https://{HOST}/api")


async def test_a_proxy_of_another_kind_is_refused_rather_than_passed_by(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:1080")
    async with PoliteClient(HOSTS, version="1", limits=LIMITS) as client:
        with pytest.raises(RefusedError, match="HTTPS_PROXY is not an http:// address"):
            await client.get(f"https://{HOST}/api")


async def test_this_machine_is_not_asked_through_a_proxy(monkeypatch):
    async with MisbehavingServer() as proxy, MisbehavingServer() as mirror:
        mirror.script("/api", answers("mirrored"))
        monkeypatch.setenv("HTTP_PROXY", proxy.address)
        async with PoliteClient(HOSTS, version="1", mirrors={HOST: mirror.address}) as client:
            assert await client.get(f"https://{HOST}/api") == Answer("mirrored")
    assert proxy.arrivals == []


async def test_passwords_of_netrc_stay_here(monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login ada password pass\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    async with MisbehavingServer() as mirror:
        mirror.script("/api", answers())
        async with PoliteClient(HOSTS, version="1", mirrors={HOST: mirror.address}) as client:
            await client.get(f"https://{HOST}/api")
    assert "Authorization" not in mirror.arrivals[0].headers


@pytest.fixture
def own_certificate(tmp_path: Path) -> ssl.SSLContext:
    """A certificate for the host that nobody else signed."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("no openssl here, which makes the certificate")
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    options = f"-newkey rsa:2048 -nodes -days 2 -subj /CN={HOST} -addext subjectAltName=DNS:{HOST}".split()
    command = [openssl, "req", "-x509", *options, "-out", str(certificate), "-keyout", str(key)]
    subprocess.run(command, check=True, capture_output=True)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
    return tls


async def test_a_certificate_that_nobody_signed_is_refused(monkeypatch, own_certificate):
    async with MisbehavingServer(own_certificate) as server, tunnel(server.port) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        async with PoliteClient(HOSTS, version="1", limits=LIMITS) as client:
            with pytest.raises(RefusedError, match=r"certificate of huggingface\.co"):
                await client.get(f"https://{HOST}/api")
    assert server.arrivals == []
