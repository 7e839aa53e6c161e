"""The loopback Discord as tests see it: point the bot at it, act as a person, look at what it answered."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from .commands import Focus, assert_usable, invocation
from .gateway import Gateway
from .interaction import Interaction, Kind
from .messages import Messages
from .recorder import API_PATH, Fault, Recorder, Request
from .rest import Rest
from .rules import nested
from .specification import discord_specification
from .watch import Watch
from .world import DM_CHANNEL_ID, GUILD_ID

_GATEWAY_PATH = "/gateway/"
_BUTTON = 2


class LoopbackDiscord:
    """REST and gateway on a free port of 127.0.0.1, for as long as the context lasts."""

    def __init__(self, shards: int = 1) -> None:
        self.messages = Messages()
        self._watch = Watch(self._account)
        self._gateway = Gateway(shards, self._watch)
        self._rest = Rest(shards, self._gateway, self.messages)
        self._recorder = Recorder(discord_specification(), self._watch)
        app = web.Application(middlewares=[self._recorder.middleware()])
        self._rest.add_routes(app.router)
        app.router.add_get(_GATEWAY_PATH, self._gateway.handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        self._address = ""

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self._address = f"{host}:{port}"
        self._gateway.url = self.gateway_url
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._gateway.cut_connections()
        await self._runner.cleanup()

    @property
    def api_base(self) -> str:
        return f"http://{self._address}{API_PATH}"

    @property
    def gateway_url(self) -> str:
        return f"ws://{self._address}{_GATEWAY_PATH}"

    @property
    def requests(self) -> list[Request]:
        """Every REST request so far, in order."""
        return self._recorder.requests

    @property
    def violations(self) -> list[str]:
        """All that was wrong with any request, in words; a test of the bot expects []."""
        return [f"{request}: {fault}" for request in self.requests for fault in request.violations]

    @property
    def answer_violations(self) -> list[str]:
        """Where our own answers are not what Discord's document promises; every test expects []."""
        return self._recorder.answer_violations

    @property
    def faults(self) -> list[Fault]:
        """Functions asked before routing; the first answer one of them returns is sent instead of ours."""
        return self._recorder.faults

    @property
    def frames(self) -> list[dict[str, Any]]:
        """Everything the bot said on the gateway, in order: heartbeats, IDENTIFY, RESUME, presence."""
        return self._gateway.frames

    @property
    def commands(self) -> list[dict[str, Any]]:
        """The global commands as last synced, with the ids they were given."""
        return self._rest.commands.all

    async def wait_ready(self, within: float = 20) -> None:
        """Wait until every shard is connected and was sent its guilds."""
        await self._watch.until(lambda: self._gateway.is_ready() or None, "the bot on the gateway", within)

    async def received(self, method: str, path: str, number: int = 1, within: float = 10) -> Request:
        """Wait for the `number`-th request of a method to a path, which may hold `*`."""

        def nth() -> Request | None:
            fitting = [r for r in self.requests if r.method == method and fnmatchcase(r.path, path)]
            return fitting[number - 1] if len(fitting) >= number else None

        return await self._watch.until(nth, f"request {number} of {method} {path}", within)

    async def slash(
        self, name: str, options: Mapping[str, Any] | None = None, *, guild: bool = True
    ) -> Interaction:
        """Use a slash command as the person, in the guild or in a DM; subcommands are `feed add`."""
        return await self._command(Kind.COMMAND, name, options or {}, guild=guild)

    async def autocomplete(
        self,
        name: str,
        focused_option: str,
        text: str,
        options: Mapping[str, Any] | None = None,
        *,
        guild: bool = True,
    ) -> Interaction:
        """Type `text` into an option that completes; `options` are those already filled in."""
        focus = Focus(focused_option, text)
        return await self._command(Kind.AUTOCOMPLETE, name, options or {}, focus, guild=guild)

    async def press(self, message: Mapping[str, Any], custom_id: str) -> Interaction:
        """Press a button of a message, as the message is now."""
        current = self.messages.get(message["id"])
        if current is None:
            raise AssertionError(f"message {message['id']} is gone")
        buttons = {c["custom_id"]: c for c in nested(current["components"]) if c.get("custom_id")}
        button = buttons.get(custom_id)
        if button is None or button["type"] != _BUTTON or button.get("disabled"):
            raise AssertionError(f"no button {custom_id!r} to press among {list(buttons.values())}")
        data = {"component_type": _BUTTON, "custom_id": custom_id, "id": button["id"]}
        in_guild = current["channel_id"] != DM_CHANNEL_ID
        return await self._begin(Kind.COMPONENT, data, in_guild=in_guild, source=current)

    def cut_gateway(self) -> None:
        """Break every gateway connection as a failing network does; what is sent meanwhile waits for RESUME."""
        self._gateway.cut_connections()

    async def _command(
        self, kind: Kind, name: str, values: Mapping[str, Any], focus: Focus | None = None, *, guild: bool
    ) -> Interaction:
        root, *path = name.split()
        command = await self._watch.until(
            lambda: self._rest.commands.find(root), f"a synced command {root!r}", within=10
        )
        assert_usable(command, in_guild=guild)
        return await self._begin(kind, invocation(command, path, values, focus), in_guild=guild)

    async def _begin(
        self, kind: Kind, data: Mapping[str, Any], *, in_guild: bool, source: Mapping[str, Any] | None = None
    ) -> Interaction:
        interaction = Interaction(kind, data, in_guild, self._watch, self.messages, source)
        self._rest.interactions[interaction.token] = interaction
        await self._gateway.dispatch(
            "INTERACTION_CREATE", interaction.event(), GUILD_ID if in_guild else None
        )
        return interaction

    def _account(self) -> str:
        requests = "\n".join(f"  {request}" for request in self.requests[-20:])
        frames = [frame["op"] for frame in self.frames]
        return (
            f"Gateway operations received: {frames}. Commands: {[c['name'] for c in self.commands]}. "
            f"The last requests of {len(self.requests)}:\n{requests}"
        )
