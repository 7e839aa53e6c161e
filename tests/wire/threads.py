"""Threads: posts of a forum, and conversations beside a text channel."""

from collections.abc import Sequence
from typing import Any

from .channels import Channel, GuildChannel, Kind
from .events import Event
from .people import Person
from .permissions import Permission


class Thread(Channel):
    """A thread; who may do what in it, its parent says."""

    def __init__(
        self,
        parent: GuildChannel,
        thread_id: str,
        name: str,
        owner: Person,
        *,
        made: str,
        kind: Kind = Kind.PUBLIC_THREAD,
        tags: Sequence[str] = (),
        archive_minutes: int = 4320,
    ) -> None:
        """`made` is when, as Discord writes it; `tags` are ids."""
        super().__init__(thread_id, kind, parent.guild)
        self.parent = parent
        self.name = name
        self.owner = owner
        self.tags = list(tags)
        self.is_archived = False
        self.is_locked = False
        self.messages = 0
        self._made = made
        self.archived_at = made
        self._archive_minutes = archive_minutes

    @property
    def is_post(self) -> bool:
        """Whether it is a post of a forum."""
        return self.parent.kind is Kind.FORUM

    def permissions_of(self, person: Person) -> Permission:
        return self.parent.permissions_of(person)

    def archive(self, *, lock: bool = False) -> None:
        """Put it away; a message opens it again, unless it is locked."""
        self.change(is_archived=True, is_locked=lock)

    def change(
        self,
        *,
        name: str | None = None,
        is_archived: bool | None = None,
        is_locked: bool | None = None,
        tags: Sequence[str] | None = None,
    ) -> None:
        """Change what is not None, and tell the bot."""
        self.name = self.name if name is None else name
        self.is_locked = self.is_locked if is_locked is None else is_locked
        self.tags = self.tags if tags is None else list(tags)
        if is_archived is not None and is_archived != self.is_archived:
            self.is_archived = is_archived
            self.archived_at = self.parent.guild.clock.stamp()
        self.parent.guild.announce(Event("THREAD_UPDATE", self.payload(), self.guild_id))

    def delete(self) -> None:
        guild = self.parent.guild
        guild.forget(self)
        data = {"id": self.id, "guild_id": guild.id, "parent_id": self.parent.id, "type": self.kind}
        guild.announce(Event("THREAD_DELETE", data, guild.id))

    def payload(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "type": self.kind,
            "guild_id": self.guild_id,
            "parent_id": self.parent.id,
            "name": self.name,
            "owner_id": self.owner.id,
            "last_message_id": self.last_message_id,
            "message_count": self.messages,
            "member_count": 1,
            "total_message_sent": self.messages,
            "rate_limit_per_user": 0,
            "flags": 0,
            "applied_tags": list(self.tags),
            "thread_metadata": {
                "archived": self.is_archived,
                "archive_timestamp": self.archived_at,
                "auto_archive_duration": self._archive_minutes,
                "locked": self.is_locked,
                "create_timestamp": self._made,
            },
        }
