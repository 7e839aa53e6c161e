"""REST: who the bot is, which commands it has, whom it may write to."""

from aiohttp import web

from .answers import answer
from .application import application, me
from .commands import Commands
from .gateway import Gateway
from .recorder import API_PATH
from .refusals import No, Refusal
from .request import RECORDED
from .world import APPLICATION_ID, TOKEN, World


class Rest:
    """Answers what concerns no channel."""

    def __init__(self, world: World, shards: int, gateway: Gateway) -> None:
        self.commands = Commands(world.clock)
        self._world = world
        self._shards = shards
        self._gateway = gateway

    def add_to(self, router: web.UrlDispatcher) -> None:
        commands = f"{API_PATH}/applications/{APPLICATION_ID}/commands"
        router.add_get(f"{API_PATH}/users/@me", self._me)
        router.add_get(f"{API_PATH}/users/{{user_id}}", self._user)
        router.add_post(f"{API_PATH}/users/@me/channels", self._direct)
        router.add_get(f"{API_PATH}/oauth2/applications/@me", self._application)
        router.add_get(f"{API_PATH}/applications/@me", self._application)
        router.add_get(f"{API_PATH}/gateway", self._gateway_address)
        router.add_get(f"{API_PATH}/gateway/bot", self._gateway_address)
        router.add_get(commands, self._commands)
        router.add_put(commands, self._sync)

    async def _me(self, request: web.Request) -> web.Response:
        # Only here: it is the first thing a bot asks, and with a wrong token also the last.
        if request.headers.get("Authorization") != f"Bot {TOKEN}":
            raise Refusal(No.UNAUTHORIZED)
        return answer(me(self._world))

    async def _user(self, request: web.Request) -> web.Response:
        person = self._world.people.get(request.match_info["user_id"])
        if person is None:
            raise Refusal(No.UNKNOWN_USER)
        return answer(person.user())

    async def _direct(self, request: web.Request) -> web.Response:
        """Open direct messages; whether somebody takes them shows only when one is sent."""
        person = self._world.people.get(str(request[RECORDED].body["recipient_id"]))
        if person is None or person is self._world.bot:
            raise Refusal(No.INVALID_RECIPIENT)
        return answer(self._world.direct(person).payload())

    async def _application(self, _: web.Request) -> web.Response:
        return answer(application(self._world))

    async def _gateway_address(self, _: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
        return answer({"url": self._gateway.url, "shards": self._shards, "session_start_limit": limit})

    async def _commands(self, _: web.Request) -> web.Response:
        return answer(self.commands.all)

    async def _sync(self, request: web.Request) -> web.Response:
        return answer(self.commands.overwrite(request[RECORDED].body or []))
