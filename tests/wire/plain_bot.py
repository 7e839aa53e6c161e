"""A bot of a few lines, plain requests and a plain websocket: what the loopback server is tested with."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import aiohttp

from .events import Intent
from .gateway import Op
from .loopback import LoopbackDiscord
from .watch import Watch
from .world import TOKEN

SILENT: dict[str, Any] = {"allowed_mentions": {"parse": []}}
EVERY_INTENT = (
    Intent.GUILDS
    | Intent.GUILD_MEMBERS
    | Intent.GUILD_MESSAGES
    | Intent.DIRECT_MESSAGES
    | Intent.MESSAGE_CONTENT
)


@dataclass(frozen=True)
class Response:
    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def code(self) -> int:
        """Discord's own code of a refusal."""
        return self.body["code"]


class Api:
    """Requests to the server, as the bot."""

    def __init__(self, server: LoopbackDiscord) -> None:
        self._server = server

    async def __aenter__(self) -> Self:
        self._client = aiohttp.ClientSession(headers={"Authorization": f"Bot {TOKEN}"})
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.close()

    async def call(self, method: str, path: str, body: Any = None, **query: Any) -> Response:
        url = f"{self._server.api_base}{path}"
        async with self._client.request(method, url, json=body, params=query) as response:
            is_json = response.content_type == "application/json"
            told = await response.json() if is_json else await response.text()
            return Response(response.status, dict(response.headers), told)

    async def get(self, path: str, **query: Any) -> Response:
        return await self.call("GET", path, **query)

    async def post(self, path: str, body: Any) -> Response:
        return await self.call("POST", path, body)

    async def send(self, channel_id: str, content: str = "Good morning.", **more: Any) -> Response:
        """Post a message that pings nobody."""
        return await self.post(f"/channels/{channel_id}/messages", {"content": content, **SILENT, **more})


@dataclass
class Listener:
    """A connection to the gateway: `events` are those that were told, as (name, data)."""

    socket: aiohttp.ClientWebSocketResponse
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list[tuple[str, dict[str, Any]]])
    other: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    sequence: int = 0
    session_id: str = ""

    def __post_init__(self) -> None:
        self._watch = Watch(lambda: f"Heard: {self.names()}, {self.other}")

    async def read(self) -> None:
        """Until the connection ends."""
        async for message in self.socket:
            payload = message.json()
            if payload["op"] == Op.DISPATCH:
                self.sequence = payload["s"]
                self.session_id = payload["d"].get("session_id", self.session_id)
                self.events.append((payload["t"], payload["d"]))
            else:
                self.other.append(payload)
            self._watch.ring()
        self._watch.ring()

    async def say(self, op: Op, data: Any) -> None:
        await self.socket.send_json({"op": op, "d": data})

    async def told(self, name: str, number: int = 1) -> dict[str, Any]:
        """Wait for the `number`-th event of a name."""

        def nth() -> dict[str, Any] | None:
            data = [data for told, data in self.events if told == name]
            return data[number - 1] if len(data) >= number else None

        return await self._watch.until(nth, f"{name} {number}", within=30)

    async def heard(self, op: Op) -> dict[str, Any]:
        """Wait for a payload that is no event."""
        return await self._watch.until(
            lambda: next((payload for payload in self.other if payload["op"] == op), None), op.name, within=5
        )

    async def closed(self) -> int:
        """Wait for the end of the connection, and return its code."""
        return await self._watch.until(lambda: self.socket.close_code, "the end", within=30)

    def names(self) -> list[str]:
        """What was told since the guilds, in order."""
        return [name for name, _ in self.events if name not in {"READY", "GUILD_CREATE"}]


@asynccontextmanager
async def listening(
    server: LoopbackDiscord, intents: int = EVERY_INTENT, resume: Listener | None = None
) -> AsyncGenerator[Listener, None]:
    """On the gateway, identified with these intents, or resuming what another heard."""
    async with aiohttp.ClientSession() as client, client.ws_connect(server.gateway_url) as socket:
        listener = Listener(socket)
        reading = asyncio.create_task(listener.read())
        if resume is None:
            await listener.say(Op.IDENTIFY, {"token": TOKEN, "intents": int(intents), "properties": {}})
            await server.wait_ready()
        else:
            last = {"token": TOKEN, "session_id": resume.session_id, "seq": resume.sequence}
            await listener.say(Op.RESUME, last)
        yield listener
        reading.cancel()
