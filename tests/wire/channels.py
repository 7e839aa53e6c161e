"""Where messages stand: text channels and forums of a guild, and a person's direct messages."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from .events import Event
from .people import Person
from .permissions import USUAL, Overwrite, Permission

if TYPE_CHECKING:
    from .guilds import Guild, Role

REQUIRE_TAG = 1 << 4
_ROLE, _MEMBER = 0, 1


class Kind(IntEnum):
    TEXT = 0
    DIRECT = 1
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15


class Channel(ABC):
    """Anything with a channel's id. `guild` is None for direct messages."""

    def __init__(self, channel_id: str, kind: Kind, guild: "Guild | None") -> None:
        self.id = channel_id
        self.kind = kind
        self.guild = guild
        self.last_message_id: str | None = None

    @property
    def guild_id(self) -> str | None:
        return self.guild.id if self.guild else None

    @property
    def mention(self) -> str:
        return f"<#{self.id}>"

    @abstractmethod
    def permissions_of(self, person: Person) -> Permission:
        """What somebody may do here."""

    @abstractmethod
    def payload(self) -> dict[str, Any]:
        """This channel as Discord writes it."""


class DirectChannel(Channel):
    """What a person and the bot write to each other."""

    def __init__(self, channel_id: str, person: Person) -> None:
        super().__init__(channel_id, Kind.DIRECT, None)
        self.person = person

    def permissions_of(self, person: Person) -> Permission:  # noqa: ARG002 - both may do the same
        return USUAL

    def payload(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "type": self.kind,
            "recipients": [self.person.user()],
            "last_message_id": self.last_message_id,
            "flags": 0,
        }


@dataclass(frozen=True)
class Tag:
    """What the posts of a forum can be marked with."""

    id: str
    name: str

    def payload(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "moderated": False,
            "emoji_id": None,
            "emoji_name": None,
        }


class GuildChannel(Channel):
    """A text channel or a forum. Whatever is changed, the bot hears of."""

    guild: "Guild"  # never None here

    def __init__(self, guild: "Guild", channel_id: str, name: str, kind: Kind = Kind.TEXT) -> None:
        super().__init__(channel_id, kind, guild)
        self.guild = guild
        self.name = name
        self.tags: list[Tag] = []
        self.flags = 0
        self._position = len(guild.channels)
        self._overwrites: dict[str, Overwrite] = {}

    def permissions_of(self, person: Person) -> Permission:
        return self.guild.permissions_of(person, self._overwrites)

    def set_overwrite(
        self,
        whom: "Person | Role",
        *,
        allow: Permission = Permission.NONE,
        deny: Permission = Permission.NONE,
    ) -> None:
        """Replace what this channel changes for a person or a role."""
        self._overwrites[whom.id] = Overwrite(allow, deny)
        self._changed()

    def forbid(self, permissions: Permission, whom: "Person | Role | None" = None) -> None:
        """Take permissions away, from the bot if nobody is named."""
        old = self._overwrite_of(whom)
        self.set_overwrite(
            whom or self.guild.bot, allow=old.allow & ~permissions, deny=old.deny | permissions
        )

    def permit(self, permissions: Permission, whom: "Person | Role | None" = None) -> None:
        """Give permissions, to the bot if nobody is named."""
        old = self._overwrite_of(whom)
        self.set_overwrite(
            whom or self.guild.bot, allow=old.allow | permissions, deny=old.deny & ~permissions
        )

    def tag(self, name: str) -> Tag:
        """The tag of that name."""
        return next(tag for tag in self.tags if tag.name == name)

    def set_tags(self, names: Iterable[str], *, required: bool | None = None) -> None:
        """Change a forum's tags, and whether a post must have one; tags that stay keep their ids."""
        known = {tag.name: tag for tag in self.tags}
        self.tags = [known.get(name) or Tag(self.guild.new_id(), name) for name in names]
        if required is not None:
            self.flags = self.flags & ~REQUIRE_TAG | (REQUIRE_TAG if required else 0)
        self._changed()

    def rename(self, name: str) -> None:
        self.name = name
        self._changed()

    def delete(self) -> None:
        """Take the channel away, with the threads in it."""
        self.guild.forget(self)
        self.guild.announce(Event("CHANNEL_DELETE", self.payload(), self.guild.id))

    def payload(self) -> dict[str, Any]:
        payload: dict[str, Any] = {
            "id": self.id,
            "type": self.kind,
            "guild_id": self.guild.id,
            "name": self.name,
            "position": self._position,
            "permission_overwrites": [
                {
                    "id": whom,
                    "type": _ROLE if whom in self.guild.roles else _MEMBER,
                    "allow": str(int(overwrite.allow)),
                    "deny": str(int(overwrite.deny)),
                }
                for whom, overwrite in self._overwrites.items()
            ],
            "parent_id": None,
            "topic": None,
            "nsfw": False,
            "last_message_id": self.last_message_id,
            "rate_limit_per_user": 0,
            "flags": self.flags,
        }
        if self.kind is Kind.FORUM:
            payload |= {
                "available_tags": [tag.payload() for tag in self.tags],
                "default_reaction_emoji": None,
                "default_sort_order": None,
                "default_forum_layout": 0,
            }
        return payload

    def _overwrite_of(self, whom: "Person | Role | None") -> Overwrite:
        return self._overwrites.get((whom or self.guild.bot).id, Overwrite())

    def _changed(self) -> None:
        self.guild.announce(Event("CHANNEL_UPDATE", self.payload(), self.guild.id))
