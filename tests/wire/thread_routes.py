"""REST: threads, which are posts of a forum or hang on a text channel."""

from datetime import datetime
from typing import Any

from aiohttp import web

from .access import Access
from .answers import answer
from .channel_routes import needed_for, refuse_if_empty
from .channels import REQUIRE_TAG, GuildChannel, Kind
from .messages import Messages
from .permissions import Permission
from .recorder import API_PATH
from .refusals import No, Refusal
from .request import RECORDED
from .threads import Thread
from .world import World

_MOST = 50


class ThreadRoutes:
    """Making threads, and finding them again."""

    def __init__(self, world: World, messages: Messages) -> None:
        self._world = world
        self._access = Access(world)
        self._messages = messages

    def add_to(self, router: web.UrlDispatcher) -> None:
        channel = f"{API_PATH}/channels/{{channel_id}}"
        router.add_post(f"{channel}/threads", self._create)
        router.add_post(f"{channel}/messages/{{message_id}}/threads", self._create_on_message)
        router.add_get(f"{channel}/threads/archived/public", self._archived)
        router.add_get(f"{API_PATH}/guilds/{{guild_id}}/threads/active", self._active)
        router.add_patch(channel, self._change)

    async def _create(self, request: web.Request) -> web.Response:
        channel = self._parent(request)
        if channel.kind is Kind.FORUM:
            return answer(self._post(channel, request), 201)
        body = request[RECORDED].body
        kind = Kind(body.get("type") or Kind.PRIVATE_THREAD)
        is_public = kind is Kind.PUBLIC_THREAD
        needed = Permission.CREATE_PUBLIC_THREADS if is_public else Permission.CREATE_PRIVATE_THREADS
        self._access.channel(channel.id, needed)
        return answer(self._made(channel, self._world.clock.snowflake(), body, kind).payload(), 201)

    def _post(self, forum: GuildChannel, request: web.Request) -> dict[str, Any]:
        """Make a post: a thread and its first message, which have the same id. Its nonce counts for nothing."""
        recorded = request[RECORDED]
        body, message = recorded.body, recorded.body["message"]
        needed = needed_for(message, has_files=bool(recorded.files))
        self._access.channel(forum.id, Permission.SEND_MESSAGES | needed)
        tags = [str(tag) for tag in body.get("applied_tags") or ()]
        if unknown := set(tags) - {tag.id for tag in forum.tags}:
            raise Refusal(No.UNKNOWN_TAG) from KeyError(*unknown)
        if forum.flags & REQUIRE_TAG and not tags:
            raise Refusal(No.TAG_REQUIRED)
        refuse_if_empty(message)
        thread = self._made(forum, self._world.clock.snowflake(), body, Kind.PUBLIC_THREAD, tags)
        first = self._messages.create(thread, message, message_id=thread.id)
        return thread.payload() | {"message": first}

    async def _create_on_message(self, request: web.Request) -> web.Response:
        channel = self._parent(request, Permission.CREATE_PUBLIC_THREADS)
        message_id = request.match_info["message_id"]
        message = self._messages.get(message_id)
        if message is None or message["channel_id"] != channel.id:
            raise Refusal(No.UNKNOWN_MESSAGE)
        if "thread" in message:
            raise Refusal(No.THREAD_EXISTS)
        thread = self._made(channel, message_id, request[RECORDED].body, Kind.PUBLIC_THREAD)
        self._messages.start_thread(thread)
        return answer(thread.payload(), 201)

    async def _active(self, request: web.Request) -> web.Response:
        return answer(_listed(self._access.guild(request.match_info["guild_id"]).visible_threads()))

    async def _archived(self, request: web.Request) -> web.Response:
        channel = self._parent(request, Permission.READ_MESSAGE_HISTORY)
        threads = [
            thread
            for thread in channel.guild.threads.values()
            if thread.parent is channel and thread.is_archived and thread.kind is Kind.PUBLIC_THREAD
        ]
        threads.sort(key=lambda thread: thread.archived_at, reverse=True)
        if before := request.query.get("before"):
            until = datetime.fromisoformat(before)
            threads = [t for t in threads if datetime.fromisoformat(t.archived_at) < until]
        limit = int(request.query.get("limit", _MOST))
        return answer(_listed(threads[:limit], has_more=len(threads) > limit))

    async def _change(self, request: web.Request) -> web.Response:
        """Rename, mark, close or open a thread: the bot its own, and those of others with MANAGE_THREADS."""
        thread = self._access.channel(request.match_info["channel_id"])
        if not isinstance(thread, Thread):
            raise Refusal(No.MISSING_PERMISSIONS)
        may_manage = self._access.may(thread, Permission.MANAGE_THREADS)
        body = request[RECORDED].body
        if not may_manage and (thread.owner is not self._world.bot or "locked" in body):
            raise Refusal(No.MISSING_PERMISSIONS)
        thread.change(
            name=body.get("name"),
            is_archived=body.get("archived"),
            is_locked=body.get("locked"),
            tags=body.get("applied_tags"),
        )
        return answer(thread.payload())

    def _parent(self, request: web.Request, needed: Permission = Permission.NONE) -> GuildChannel:
        channel = self._access.channel(request.match_info["channel_id"], needed)
        if not isinstance(channel, GuildChannel):
            raise Refusal(No.INVALID_FORM)
        return channel

    def _made(
        self,
        parent: GuildChannel,
        thread_id: str,
        body: dict[str, Any],
        kind: Kind,
        tags: list[str] | None = None,
    ) -> Thread:
        thread = Thread(
            parent,
            thread_id,
            body["name"],
            self._world.bot,
            made=self._world.clock.stamp(),
            kind=kind,
            tags=tags or (),
            archive_minutes=body.get("auto_archive_duration") or 4320,
        )
        parent.guild.add_thread(thread)
        return thread


def _listed(threads: list[Thread], *, has_more: bool = False) -> dict[str, Any]:
    return {"threads": [thread.payload() for thread in threads], "members": [], "has_more": has_more}
