"""The REST routes the bot uses, answered from the state of the loopback Discord."""

from typing import Any

from aiohttp import web

from . import world
from .commands import Commands
from .gateway import Gateway
from .interaction import Callback, Interaction
from .messages import EPHEMERAL, LOADING, Messages
from .recorder import API_PATH, RECORDED, Refusal, answer

_CHANNELS = {world.CHANNEL_ID, world.DM_CHANNEL_ID}


class Rest:
    """Answers requests; knows commands, messages, and the interactions that are under way."""

    def __init__(self, shards: int, gateway: Gateway, messages: Messages) -> None:
        self.commands = Commands()
        self.interactions: dict[str, Interaction] = {}  # by token
        self._shards = shards
        self._gateway = gateway
        self._messages = messages

    def add_routes(self, router: web.UrlDispatcher) -> None:
        commands = f"{API_PATH}/applications/{world.APPLICATION_ID}/commands"
        webhook = f"{API_PATH}/webhooks/{world.APPLICATION_ID}/{{token}}"
        router.add_get(f"{API_PATH}/users/@me", self._me)
        router.add_post(f"{API_PATH}/users/@me/channels", self._dm_channel)
        router.add_get(f"{API_PATH}/oauth2/applications/@me", self._application)
        router.add_get(f"{API_PATH}/applications/@me", self._application)
        router.add_get(f"{API_PATH}/gateway", self._gateway_address)
        router.add_get(f"{API_PATH}/gateway/bot", self._gateway_address)
        router.add_get(commands, self._commands)
        router.add_put(commands, self._sync)
        router.add_post(f"{API_PATH}/channels/{{channel_id}}/messages", self._channel_message)
        router.add_post(f"{API_PATH}/interactions/{{id}}/{{token}}/callback", self._callback)
        router.add_post(webhook, self._followup)
        router.add_get(f"{webhook}/messages/{{message_id}}", self._show)
        router.add_patch(f"{webhook}/messages/{{message_id}}", self._edit)
        router.add_delete(f"{webhook}/messages/{{message_id}}", self._delete)

    async def _me(self, request: web.Request) -> web.Response:
        # Only here: it is the first thing a bot asks, and with a wrong token also the last.
        if request.headers.get("Authorization") != f"Bot {world.TOKEN}":
            raise Refusal(401, 0, "401: Unauthorized")
        return answer(world.me())

    async def _application(self, _: web.Request) -> web.Response:
        return answer(world.application())

    async def _gateway_address(self, _: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
        return answer({"url": self._gateway.url, "shards": self._shards, "session_start_limit": limit})

    async def _commands(self, _: web.Request) -> web.Response:
        return answer(self.commands.all)

    async def _sync(self, request: web.Request) -> web.Response:
        return answer(self.commands.overwrite(request[RECORDED].body or []))

    async def _dm_channel(self, _: web.Request) -> web.Response:
        return answer(world.dm_channel())

    async def _channel_message(self, request: web.Request) -> web.Response:
        channel_id = request.match_info["channel_id"]
        if channel_id not in _CHANNELS:
            raise Refusal(404, 10003, "Unknown Channel")
        return answer(self._messages.create(channel_id, request[RECORDED].body))

    async def _callback(self, request: web.Request) -> web.Response:
        interaction = self.interactions.get(request.match_info["token"])
        if interaction is None or interaction.id != request.match_info["id"]:
            raise Refusal(404, 10062, "Unknown interaction")
        if interaction.callback is not None:
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        recorded = request[RECORDED]
        interaction.take_callback(recorded)
        if not _is_true(request, "with_response"):
            return web.Response(status=204)
        return answer(self._callback_response(interaction, recorded.body["type"]))

    def _callback_response(self, interaction: Interaction, kind: int) -> dict[str, Any]:
        response: dict[str, Any] = {"id": interaction.id, "type": interaction.kind}
        message = self._messages.get(interaction.original) if interaction.original else None
        if message is None:
            return {"interaction": response}
        response |= {
            "response_message_id": message["id"],
            "response_message_loading": bool(message["flags"] & LOADING),
            "response_message_ephemeral": bool(message["flags"] & EPHEMERAL),
        }
        if kind not in {Callback.MESSAGE, Callback.UPDATE}:
            return {"interaction": response}  # what is only deferred has nothing to show yet
        return {"interaction": response, "resource": {"type": kind, "message": message}}

    async def _followup(self, request: web.Request) -> web.Response:
        message = self._answered(request).post(request[RECORDED].body)
        return answer(message) if _is_true(request, "wait") else web.Response(status=204)

    async def _show(self, request: web.Request) -> web.Response:
        _, message = self._message(request)
        return answer(message)

    async def _edit(self, request: web.Request) -> web.Response:
        interaction, message = self._message(request)
        return answer(interaction.edit(message["id"], request[RECORDED].body))

    async def _delete(self, request: web.Request) -> web.Response:
        _, message = self._message(request)
        self._messages.delete(message["id"])
        return web.Response(status=204)

    def _answered(self, request: web.Request) -> Interaction:
        """Return the interaction whose token is in the path; before its callback the token opens nothing."""
        interaction = self.interactions.get(request.match_info["token"])
        if interaction is None or interaction.callback is None:
            raise Refusal(404, 10015, "Unknown Webhook")
        return interaction

    def _message(self, request: web.Request) -> tuple[Interaction, dict[str, Any]]:
        interaction = self._answered(request)
        message_id = request.match_info["message_id"]
        if message_id == "@original":
            message_id = interaction.original or ""
        message = self._messages.get(message_id)
        if message is None:
            raise Refusal(404, 10008, "Unknown Message")
        return interaction, message


def _is_true(request: web.Request, name: str) -> bool:
    return request.query.get(name, "false").lower() in {"1", "true"}
