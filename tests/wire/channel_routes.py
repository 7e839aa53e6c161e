"""REST: channels, and the messages in them."""

from typing import Any

from aiohttp import web

from .access import Access
from .answers import answer, nothing
from .channels import Channel, DirectChannel, Kind
from .messages import Messages
from .nonces import Nonces
from .permissions import Permission
from .recorder import API_PATH
from .refusals import No, Refusal
from .request import RECORDED
from .threads import Thread
from .world import World

_PAGE, _MOST = 50, 100
_VISIBLE = ("content", "embeds", "components", "attachments", "sticker_ids", "poll")


class ChannelRoutes:
    """What the bot may read, write, change and delete, and where."""

    def __init__(self, world: World, messages: Messages, nonces: Nonces) -> None:
        self._world = world
        self._access = Access(world)
        self._messages = messages
        self._nonces = nonces

    def add_to(self, router: web.UrlDispatcher) -> None:
        channel = f"{API_PATH}/channels/{{channel_id}}"
        router.add_get(channel, self._channel)
        router.add_post(f"{channel}/typing", self._type)
        router.add_get(f"{channel}/messages", self._history)
        router.add_post(f"{channel}/messages", self._post)
        router.add_get(f"{channel}/messages/{{message_id}}", self._show)
        router.add_patch(f"{channel}/messages/{{message_id}}", self._edit)
        router.add_delete(f"{channel}/messages/{{message_id}}", self._delete)

    async def _channel(self, request: web.Request) -> web.Response:
        return answer(self._access.channel(request.match_info["channel_id"]).payload())

    async def _type(self, request: web.Request) -> web.Response:
        self._access.channel(request.match_info["channel_id"], Permission.SEND_MESSAGES)
        return nothing()

    async def _post(self, request: web.Request) -> web.Response:
        """Post a message; one whose nonce is remembered, and enforced, was posted already and is shown again.

        Also if it was deleted meanwhile: nothing says that Discord forgets a nonce with its message.
        """
        body = request[RECORDED].body
        channel = self._access.channel(request.match_info["channel_id"])
        self._refuse_unless_writable(channel, request)
        nonce = body.get("nonce")
        if nonce is not None and body.get("enforce_nonce"):
            first = self._nonces.first(self._world.bot.id, nonce)
            if first is not None and (message := self._messages.ever(first)) is not None:
                return answer(message | {"nonce": nonce})
        if isinstance(channel, Thread) and channel.is_archived:
            channel.change(is_archived=False)
        message = self._messages.create(channel, body)
        if nonce is not None:
            self._nonces.remember(self._world.bot.id, nonce, message["id"])
        return answer(message)

    def _refuse_unless_writable(self, channel: Channel, request: web.Request) -> None:
        recorded = request[RECORDED]
        body = recorded.body
        if isinstance(channel, DirectChannel) and not channel.person.takes_messages:
            raise Refusal(No.NO_PRIVATE_MESSAGES)
        if channel.kind is Kind.FORUM:
            raise Refusal(No.NOT_A_TEXT_CHANNEL)
        is_thread = isinstance(channel, Thread)
        needed = Permission.SEND_MESSAGES_IN_THREADS if is_thread else Permission.SEND_MESSAGES
        self._access.channel(channel.id, needed | needed_for(body, has_files=bool(recorded.files)))
        if isinstance(channel, Thread) and channel.is_archived and channel.is_locked:
            raise Refusal(No.THREAD_IS_ARCHIVED)
        refuse_if_empty(body)
        self._refuse_unless_referable(channel, body.get("message_reference"))

    def _refuse_unless_referable(self, channel: Channel, reference: dict[str, Any] | None) -> None:
        if reference is None:
            return
        if not self._access.may(channel, Permission.READ_MESSAGE_HISTORY):
            raise Refusal(No.REPLY_WITHOUT_HISTORY)
        is_there = self._messages.get(str(reference["message_id"])) is not None
        if not is_there and reference.get("fail_if_not_exists", True):
            raise Refusal(No.INVALID_FORM)

    async def _history(self, request: web.Request) -> web.Response:
        """The messages of a channel, newest first.

        To whoever may not read the history Discord does not say no: it shows an empty channel.
        """
        channel = self._access.channel(request.match_info["channel_id"])
        if not self._access.may(channel, Permission.READ_MESSAGE_HISTORY):
            return answer([])
        limit = min(int(request.query.get("limit", _PAGE)), _MOST)
        all_of_them = self._messages.within(channel.id)
        return answer(list(reversed(_page(all_of_them, request, limit))))

    async def _show(self, request: web.Request) -> web.Response:
        return answer(self._message(request, Permission.READ_MESSAGE_HISTORY))

    async def _edit(self, request: web.Request) -> web.Response:
        message = self._message(request)
        if message["author"]["id"] != self._world.bot.id:
            raise Refusal(No.NOT_THE_AUTHOR)
        return answer(self._messages.edit(message["id"], request[RECORDED].body))

    async def _delete(self, request: web.Request) -> web.Response:
        message = self._message(request)
        is_own = message["author"]["id"] == self._world.bot.id
        channel = self._world.channels[message["channel_id"]]
        if not is_own and not self._access.may(channel, Permission.MANAGE_MESSAGES):
            raise Refusal(No.MISSING_PERMISSIONS)
        self._messages.delete(message["id"])
        return nothing()

    def _message(self, request: web.Request, needed: Permission = Permission.NONE) -> dict[str, Any]:
        channel = self._access.channel(request.match_info["channel_id"], needed)
        message = self._messages.get(request.match_info["message_id"])
        if message is None or message["channel_id"] != channel.id:
            raise Refusal(No.UNKNOWN_MESSAGE)
        return message


def needed_for(body: dict[str, Any], *, has_files: bool) -> Permission:
    """What a message needs beyond the right to write."""
    needed = Permission.EMBED_LINKS if body.get("embeds") else Permission.NONE
    return needed | (Permission.ATTACH_FILES if has_files else Permission.NONE)


def refuse_if_empty(body: dict[str, Any]) -> None:
    if not any(body.get(field) for field in _VISIBLE):
        raise Refusal(No.EMPTY_MESSAGE)


def _page(messages: list[dict[str, Any]], request: web.Request, limit: int) -> list[dict[str, Any]]:
    """Those nearest to `before`, `after` or `around`, or the newest; oldest first."""
    query = request.query
    if "before" in query:
        return [m for m in messages if int(m["id"]) < int(query["before"])][-limit:]
    if "after" in query:
        return [m for m in messages if int(m["id"]) > int(query["after"])][:limit]
    if "around" in query:
        middle = int(query["around"])
        older = [m for m in messages if int(m["id"]) < middle][-(limit // 2) :]
        return older + [m for m in messages if int(m["id"]) >= middle][: limit - len(older)]
    return messages[-limit:]
