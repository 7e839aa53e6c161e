"""REST: what the bot answers to interactions, by their tokens."""

from typing import Any

from aiohttp import web

from .answers import answer, nothing
from .interaction import Callback, Interaction
from .messages import EPHEMERAL, LOADING, Messages
from .recorder import API_PATH
from .refusals import No, Refusal
from .request import RECORDED
from .world import APPLICATION_ID


class InteractionRoutes:
    """The callback, and the messages that follow; `under_way` are the interactions by token."""

    def __init__(self, messages: Messages) -> None:
        self.under_way: dict[str, Interaction] = {}
        self._messages = messages

    def add_to(self, router: web.UrlDispatcher) -> None:
        webhook = f"{API_PATH}/webhooks/{APPLICATION_ID}/{{token}}"
        router.add_post(f"{API_PATH}/interactions/{{id}}/{{token}}/callback", self._callback)
        router.add_post(webhook, self._followup)
        router.add_get(f"{webhook}/messages/{{message_id}}", self._show)
        router.add_patch(f"{webhook}/messages/{{message_id}}", self._edit)
        router.add_delete(f"{webhook}/messages/{{message_id}}", self._delete)

    async def _callback(self, request: web.Request) -> web.Response:
        interaction = self.under_way.get(request.match_info["token"])
        if interaction is None or interaction.id != request.match_info["id"]:
            raise Refusal(No.UNKNOWN_INTERACTION)
        if interaction.callback is not None:
            raise Refusal(No.ALREADY_ACKNOWLEDGED)
        recorded = request[RECORDED]
        interaction.take_callback(recorded)
        if not _is_true(request, "with_response"):
            return nothing()
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
        return answer(message) if _is_true(request, "wait") else nothing()

    async def _show(self, request: web.Request) -> web.Response:
        _, message = self._message(request)
        return answer(message)

    async def _edit(self, request: web.Request) -> web.Response:
        interaction, message = self._message(request)
        return answer(interaction.edit(message["id"], request[RECORDED].body))

    async def _delete(self, request: web.Request) -> web.Response:
        _, message = self._message(request)
        self._messages.delete(message["id"])
        return nothing()

    def _answered(self, request: web.Request) -> Interaction:
        """Return the interaction whose token is in the path; before its callback the token opens nothing."""
        interaction = self.under_way.get(request.match_info["token"])
        if interaction is None or interaction.callback is None:
            raise Refusal(No.UNKNOWN_WEBHOOK)
        return interaction

    def _message(self, request: web.Request) -> tuple[Interaction, dict[str, Any]]:
        interaction = self._answered(request)
        message_id = request.match_info["message_id"]
        if message_id == "@original":
            message_id = interaction.original or ""
        message = self._messages.get(message_id)
        if message is None:
            raise Refusal(No.UNKNOWN_MESSAGE)
        return interaction, message


def _is_true(request: web.Request, name: str) -> bool:
    return request.query.get(name, "false").lower() in {"1", "true"}
