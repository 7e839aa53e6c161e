"""The gateway: sessions that outlive their connection, so that RESUME replays what was missed."""

import contextlib
import itertools
import json
import zlib
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any
from uuid import uuid4

from aiohttp import WSMsgType, web

from . import world
from .watch import Watch

HEARTBEAT_INTERVAL_MS = 41_250  # Discord's own; discord.py also beats once at HELLO
_AUTHENTICATION_FAILED = 4004


class Op(IntEnum):
    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    RESUME = 6
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class Line:
    """One websocket of the bot, plain or as a single zlib stream flushed at the end of every message."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self._request = request
        self._deflate = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None

    async def send(self, payload: dict[str, Any]) -> None:
        text = json.dumps(payload)
        # A line that broke under our hands loses nothing: the session keeps what RESUME will replay.
        with contextlib.suppress(ConnectionError):
            if self._deflate is None:
                await self.socket.send_str(text)
            else:
                data = self._deflate.compress(text.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
                await self.socket.send_bytes(data)

    def cut(self) -> None:
        """Break the connection without a word, as a failing network does."""
        if self._request.transport is not None:
            self._request.transport.abort()


@dataclass
class Session:
    """All events a shard was sent since it identified; an event's sequence number is its place, from 1 on."""

    shard: int
    line: Line | None
    id: str = field(default_factory=lambda: uuid4().hex)
    sent: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    async def dispatch(self, event: str, data: Any) -> None:
        payload = {"op": Op.DISPATCH, "t": event, "s": len(self.sent) + 1, "d": data}
        self.sent.append(payload)
        if self.line is not None:
            await self.line.send(payload)


class Gateway:
    """Accepts the bot's connections and sends it events."""

    def __init__(self, shards: int, watch: Watch) -> None:
        self.url = ""  # known once the server listens
        self.frames: list[dict[str, Any]] = []  # everything the bot said, in order
        self._shards = shards
        self._watch = watch
        self._sessions: dict[int, Session] = {}
        self._lines: set[Line] = set()

    def is_ready(self) -> bool:
        connected = [session for session in self._sessions.values() if session.line is not None]
        return len(connected) == self._shards

    async def dispatch(self, event: str, data: Any, guild_id: str | None) -> None:
        """Send an event to the shard of its guild; direct messages belong to shard 0."""
        shard = (int(guild_id) >> 22) % self._shards if guild_id else 0
        if shard not in self._sessions:
            raise AssertionError(f"no {event} can be sent: shard {shard} of the bot never identified")
        await self._sessions[shard].dispatch(event, data)

    def cut_connections(self) -> None:
        for line in self._lines:
            line.cut()

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        if request.query.get("compress", "zlib-stream") != "zlib-stream":
            raise web.HTTPBadRequest(text="the loopback gateway speaks zlib-stream and plain JSON only")
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        line = Line(request, socket)
        self._lines.add(line)
        try:
            await line.send({"op": Op.HELLO, "d": {"heartbeat_interval": HEARTBEAT_INTERVAL_MS}})
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._hear(line, json.loads(message.data))
        finally:
            self._lines.remove(line)
            for session in self._sessions.values():
                if session.line is line:
                    session.line = None
            self._watch.ring()
        return socket

    async def _hear(self, line: Line, frame: dict[str, Any]) -> None:
        self.frames.append(frame)
        match frame["op"]:
            case Op.HEARTBEAT:
                await line.send({"op": Op.HEARTBEAT_ACK})
            case Op.IDENTIFY:
                await self._identify(line, frame["d"])
            case Op.RESUME:
                await self._resume(line, frame["d"])
            case _:
                pass  # presence updates and the like are only kept in `frames`
        self._watch.ring()

    async def _identify(self, line: Line, data: dict[str, Any]) -> None:
        if data["token"] != world.TOKEN:
            await line.socket.close(code=_AUTHENTICATION_FAILED)
            return
        shard, shards = data.get("shard", (0, 1))
        session = Session(shard, line)
        guilds = [world.guild()] if (int(world.GUILD_ID) >> 22) % shards == shard else []
        ready = {
            "v": 10,
            "user": world.BOT,
            "application": {"id": world.APPLICATION_ID, "flags": 0},
            "guilds": [{"id": guild["id"], "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": [shard, shards],
        }
        await session.dispatch("READY", ready)
        for guild in guilds:
            await session.dispatch("GUILD_CREATE", guild)
        self._sessions[shard] = session

    async def _resume(self, line: Line, data: dict[str, Any]) -> None:
        known = [session for session in self._sessions.values() if session.id == data["session_id"]]
        if not known:
            await line.send({"op": Op.INVALID_SESSION, "d": False})
            return
        session = known[0]
        # Read while it grows: an event of this very moment must not fall between replay and live line.
        for missed in itertools.islice(session.sent, data["seq"], None):
            await line.send(missed)
        session.line = line
        await session.dispatch("RESUMED", {})
