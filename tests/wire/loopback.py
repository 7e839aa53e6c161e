"""The loopback Discord as tests see it: point the bot at it, act as people, look at what it answered."""

from types import TracebackType
from typing import Any, Self

from aiohttp import web

from .acting import Acting
from .channel_routes import ChannelRoutes
from .channels import Channel
from .clock import Clock
from .faults import Faults
from .gateway import Gateway, Line
from .interaction_routes import InteractionRoutes
from .messages import Messages
from .nonces import Nonces
from .observing import Observing
from .recorder import API_PATH, Recorder
from .request import Request
from .rest import Rest
from .specification import discord_specification
from .thread_routes import ThreadRoutes
from .watch import Watch
from .world import World

_GATEWAY_PATH = "/gateway/"


class LoopbackDiscord(Acting, Observing):
    """REST and gateway on a free port of 127.0.0.1, for as long as the context lasts.

    `world` is who and what is there, and changes while the bot runs; `faults` is what goes wrong with requests,
    `gateway` what goes wrong with events.
    """

    def __init__(self, world: World | None = None, *, shards: int = 1) -> None:
        self.world = world or World()
        self.messages = Messages(self.world)
        self._nonces = Nonces(self.world.clock)
        self._watch = Watch(self._account)
        self._recorder = Recorder(discord_specification(), self.world.clock, self._watch)
        self.gateway = Gateway(self.world, shards, self._watch)
        rest = Rest(self.world, shards, self.gateway)
        interactions = InteractionRoutes(self.messages)
        self._commands, self._interactions = rest.commands, interactions.under_way
        app = web.Application(middlewares=[self._recorder.middleware()])
        channels = ChannelRoutes(self.world, self.messages, self._nonces)
        for routes in (rest, interactions, channels, ThreadRoutes(self.world, self.messages)):
            routes.add_to(app.router)
        app.router.add_get(_GATEWAY_PATH, self.gateway.handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        self._address = ""

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self._address = f"{host}:{port}"
        self.gateway.url = self.gateway_url
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.gateway.cut_connections()
        await self._runner.cleanup()

    @property
    def api_base(self) -> str:
        return f"http://{self._address}{API_PATH}"

    @property
    def gateway_url(self) -> str:
        return f"ws://{self._address}{_GATEWAY_PATH}"

    @property
    def clock(self) -> Clock:
        """What ids, timestamps, the memory for nonces and the `Date` of answers go by."""
        return self.world.clock

    @property
    def faults(self) -> Faults:
        """What goes wrong with requests: `server.faults.add(drops(done=True), "POST", "/channels/*/messages")`."""
        return self._recorder.faults

    @property
    def nonce_memory(self) -> float:
        """For how many seconds a nonce is remembered."""
        return self._nonces.memory

    @nonce_memory.setter
    def nonce_memory(self, seconds: float) -> None:
        self._nonces.memory = seconds

    @property
    def frames(self) -> list[dict[str, Any]]:
        """Everything the bot said on the gateway, in order: heartbeats, IDENTIFY, RESUME, presence."""
        return self.gateway.frames

    @property
    def commands(self) -> list[dict[str, Any]]:
        """The global commands as last synced, with the ids they were given."""
        return self._commands.all

    async def wait_ready(self, within: float = 30) -> None:
        """Wait until every shard is connected and was sent its guilds."""
        await self._watch.until(lambda: self.gateway.is_ready() or None, "the bot on the gateway", within)

    async def wait_gone(self, besides: frozenset[Line] = frozenset(), within: float = 30) -> None:
        """Wait until the bot has no connection but these."""
        await self._watch.until(lambda: self.gateway.lines <= besides or None, "the bot gone", within)

    async def received(self, method: str, path: str, number: int = 1, within: float = 30) -> Request:
        """Wait for the `number`-th request of a method to a path, which may hold `*`."""

        def nth() -> Request | None:
            fitting = self.sent(method, path)
            return fitting[number - 1] if len(fitting) >= number else None

        return await self._watch.until(nth, f"request {number} of {method} {path}", within)

    async def wait_posted(
        self, channel: Channel | str, number: int = 1, within: float = 30
    ) -> list[dict[str, Any]]:
        """Wait until the bot has written that many messages in a channel or forum; return all of them."""

        def enough() -> list[dict[str, Any]] | None:
            posted = self.posted(channel)
            return posted if len(posted) >= number else None

        return await self._watch.until(enough, f"{number} messages in the channel", within)

    def _account(self) -> str:
        requests = "\n".join(f"  {request}" for request in self.requests[-20:])
        frames = [frame["op"] for frame in self.frames]
        return (
            f"Gateway operations received: {frames}. Commands: {[c['name'] for c in self.commands]}. "
            f"The last requests of {len(self.requests)}:\n{requests}"
        )
