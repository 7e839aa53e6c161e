"""The gateway: sessions that outlive their connection, so that RESUME replays what was missed."""

import asyncio
import contextlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any
from uuid import uuid4

from aiohttp import WSMsgType, web

from .application import me
from .events import Event, Intent
from .watch import Watch
from .world import APPLICATION_ID, TOKEN, World

_AUTHENTICATION_FAILED = 4004


class Op(IntEnum):
    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    RESUME = 6
    RECONNECT = 7
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class Line:
    """One websocket of the bot, plain or as a single zlib stream flushed at the end of every message."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self._request = request
        self._deflate = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None
        self._texts: asyncio.Queue[str] = asyncio.Queue()

    def send(self, payload: Mapping[str, Any]) -> None:
        """Say something after all that was said before; `write` takes it to the wire."""
        self._texts.put_nowait(json.dumps(payload))

    async def write(self) -> None:
        """Write what is sent, until cancelled."""
        while True:
            text = await self._texts.get()
            # A line that broke under our hands loses nothing: the session keeps what RESUME will replay.
            with contextlib.suppress(ConnectionError):
                if self._deflate is None:
                    await self.socket.send_str(text)
                else:
                    data = self._deflate.compress(text.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
                    await self.socket.send_bytes(data)
            self._texts.task_done()

    async def close(self, code: int) -> None:
        """Close the connection, once all that was sent is written."""
        await self._texts.join()
        await self.socket.close(code=code)

    def cut(self) -> None:
        """Break the connection without a word, as a failing network does."""
        if self._request.transport is not None:
            self._request.transport.abort()


@dataclass(eq=False)
class Session:
    """All events a shard was sent since it identified; an event's sequence number is its place, from 1 on."""

    shard: int
    line: Line | None
    intents: int
    id: str = field(default_factory=lambda: uuid4().hex)
    sent: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])

    def dispatch(self, name: str, data: Any) -> None:
        payload = {"op": Op.DISPATCH, "t": name, "s": len(self.sent) + 1, "d": data}
        self.sent.append(payload)
        if self.line is not None:
            self.line.send(payload)

    def tell(self, event: Event) -> None:
        """Dispatch the event, if the bot asked to hear of such."""
        data = event.data_for(self.intents)
        if data is not None:
            self.dispatch(event.name, data)


class Gateway:
    """Accepts the bot's connections, sends it events, and misbehaves when told to.

    `frames` is everything the bot said, in order. `heartbeat_seconds` is what the next connection is asked for:
    Discord's own at first (discord.py also beats once at HELLO).
    """

    def __init__(self, world: World, shards: int, watch: Watch) -> None:
        self.url = ""  # known once the server listens
        self.frames: list[dict[str, Any]] = []
        self.answers_heartbeats = True
        self.heartbeat_seconds = 41.25
        self._world = world
        self._shards = shards
        self._watch = watch
        self._told: list[Event] = []
        self._sessions: dict[int, Session] = {}
        self._lines: set[Line] = set()
        world.listen(self.tell)

    @property
    def identifies(self) -> int:
        """How often the bot has identified."""
        return sum(frame["op"] == Op.IDENTIFY for frame in self.frames)

    async def beats(self, number: int, within: float = 60) -> None:
        """Wait until the bot has sent that many heartbeats since the beginning."""

        def enough() -> bool | None:
            return sum(frame["op"] == Op.HEARTBEAT for frame in self.frames) >= number or None

        await self._watch.until(enough, f"{number} heartbeats", within)

    def is_ready(self) -> bool:
        connected = [session for session in self._sessions.values() if session.line is not None]
        return len(connected) == self._shards

    @property
    def lines(self) -> frozenset[Line]:
        """The connections that are open."""
        return frozenset(self._lines)

    def tell(self, event: Event) -> None:
        """Send an event to the shard of its guild, if the bot is there and asked to hear of such."""
        self._told.append(event)
        if (session := self._session_of(event)) is not None:
            session.tell(event)

    def demand(self, event: Event) -> None:
        """Send an event that makes no sense without the bot: an AssertionError, where it never identified."""
        if self._session_of(event) is None:
            raise AssertionError(f"no {event.name} can be sent: its shard of the bot never identified")
        self.tell(event)

    def replay(self, name: str, last: int = 1) -> None:
        """Tell the last events of a name once more, as a RESUME may; also to a bot that was restarted since."""
        told = [event for event in self._told if event.name == name]
        if len(told) < last:
            raise AssertionError(f"{name} was told {len(told)} times so far, not {last}")
        for event in told[-last:]:
            if (session := self._session_of(event)) is not None:
                session.tell(event)

    def cut_connections(self) -> None:
        """Break every connection as a failing network does; what is sent meanwhile waits for RESUME."""
        for line in self._lines:
            line.cut()

    async def close_connections(self, code: int) -> None:
        """Close every connection with one of Discord's codes, such as 4000, or 4004 for a token that was revoked."""
        for line in list(self._lines):
            await line.close(code)

    def ask_to_reconnect(self) -> None:
        """Op 7, as before Discord restarts a machine."""
        for line in self._lines:
            line.send({"op": Op.RECONNECT, "d": None})

    def invalidate_sessions(self, *, resumable: bool) -> None:
        """Op 9; a session that is not resumable is forgotten."""
        if not resumable:
            self._sessions.clear()
        for line in self._lines:
            line.send({"op": Op.INVALID_SESSION, "d": resumable})

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        if request.query.get("compress", "zlib-stream") != "zlib-stream":
            raise web.HTTPBadRequest(text="the loopback gateway speaks zlib-stream and plain JSON only")
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        line = Line(request, socket)
        self._lines.add(line)
        writing = asyncio.create_task(line.write())
        try:
            line.send({"op": Op.HELLO, "d": {"heartbeat_interval": int(self.heartbeat_seconds * 1000)}})
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._hear(line, json.loads(message.data))
        finally:
            writing.cancel()
            self._lines.remove(line)
            for session in self._sessions.values():
                if session.line is line:
                    session.line = None
            self._watch.ring()
        return socket

    async def _hear(self, line: Line, frame: dict[str, Any]) -> None:
        self.frames.append(frame)
        match frame["op"]:
            case Op.HEARTBEAT if self.answers_heartbeats:
                line.send({"op": Op.HEARTBEAT_ACK})
            case Op.IDENTIFY:
                await self._identify(line, frame["d"])
            case Op.RESUME:
                self._resume(line, frame["d"])
            case _:
                pass  # presence updates and the like are only kept in `frames`
        self._watch.ring()

    async def _identify(self, line: Line, data: dict[str, Any]) -> None:
        if data["token"] != TOKEN:
            await line.close(_AUTHENTICATION_FAILED)
            return
        shard, shards = data.get("shard", (0, 1))
        session = Session(shard, line, data["intents"])
        guilds = [guild for guild in self._world.guilds_of_bot() if _shard_of(guild.id, shards) == shard]
        ready = {
            "v": 10,
            "user": me(self._world),
            "application": {"id": APPLICATION_ID, "flags": 0},
            "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": [shard, shards],
        }
        session.dispatch("READY", ready)
        for guild in guilds:
            if not guild.is_down:
                session.tell(Event("GUILD_CREATE", guild.payload(), guild.id, Intent.GUILDS))
        self._sessions[shard] = session

    def _resume(self, line: Line, data: dict[str, Any]) -> None:
        session = next((s for s in self._sessions.values() if s.id == data["session_id"]), None)
        if session is None:
            line.send({"op": Op.INVALID_SESSION, "d": False})
            return
        for missed in session.sent[data["seq"] :]:
            line.send(missed)
        session.line = line
        session.dispatch("RESUMED", {})

    def _session_of(self, event: Event) -> Session | None:
        return self._sessions.get(_shard_of(event.guild_id, self._shards))


def _shard_of(guild_id: str | None, shards: int) -> int:
    """Which shard hears of a guild; direct messages belong to shard 0."""
    return (int(guild_id) >> 22) % shards if guild_id else 0
