"""A guild: its roles, members, channels and threads, and what the bot is told when they change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .channels import REQUIRE_TAG, Channel, GuildChannel, Kind, Tag
from .clock import Clock
from .events import Announce, Event, Intent
from .people import JOINED, Member, Person
from .permissions import EVERYTHING, USUAL, Overwrite, Permission, in_channel, in_guild
from .threads import Thread


@dataclass(eq=False)
class Role:
    """A role; @everyone's has the id of its guild."""

    guild: "Guild"
    id: str
    name: str
    permissions: Permission

    @property
    def mention(self) -> str:
        return f"<@&{self.id}>"

    def set_permissions(self, permissions: Permission) -> None:
        """Change what the role may do, and tell the bot."""
        self.permissions = permissions
        data = {"guild_id": self.guild.id, "role": self.payload()}
        self.guild.announce(Event("GUILD_ROLE_UPDATE", data, self.guild.id))

    def payload(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "permissions": str(int(self.permissions)),
            "position": 0 if self.id == self.guild.id else 1,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }


class Guild:
    """A guild that the bot was added to. `channels` and `threads` are its own, by id."""

    def __init__(
        self,
        guild_id: str,
        name: str,
        owner: Person,
        bot: Person,
        *,
        clock: Clock,
        announce: Announce,
        everywhere: dict[str, Channel],
    ) -> None:
        """`everywhere` are the channels of the world, which those of the guild are added to."""
        self.id = guild_id
        self.name = name
        self.owner = owner
        self.bot = bot
        self.clock = clock
        self.announce = announce
        self.has_bot = True
        self.is_down = False
        self.channels: dict[str, GuildChannel] = {}
        self.threads: dict[str, Thread] = {}
        self.everyone = Role(self, guild_id, "@everyone", USUAL)
        self.roles = {self.everyone.id: self.everyone}
        self._members = {person.id: Member(person) for person in (bot, owner)}
        self._everywhere = everywhere

    def new_id(self) -> str:
        return self.clock.snowflake()

    def add_text_channel(self, name: str, *, channel_id: str | None = None) -> GuildChannel:
        """Make a text channel."""
        return self._add(GuildChannel(self, channel_id or self.new_id(), name))

    def add_forum(self, name: str, tags: Iterable[str] = (), *, requires_tag: bool = False) -> GuildChannel:
        """Make a forum, whose posts can, or must, be marked with these tags."""
        forum = GuildChannel(self, self.new_id(), name, Kind.FORUM)
        forum.tags = [Tag(self.new_id(), tag) for tag in tags]
        forum.flags = REQUIRE_TAG if requires_tag else 0
        return self._add(forum)

    def add_thread(self, thread: Thread) -> None:
        """Take in a new thread, and tell the bot."""
        self.threads[thread.id] = self._everywhere[thread.id] = thread
        self.announce(Event("THREAD_CREATE", thread.payload() | {"newly_created": True}, self.id))

    def add_role(self, name: str, permissions: Permission = Permission.NONE) -> Role:
        """Make a role that nobody has yet."""
        role = Role(self, self.new_id(), name, permissions)
        self.roles[role.id] = role
        data = {"guild_id": self.id, "role": role.payload()}
        self.announce(Event("GUILD_ROLE_CREATE", data, self.id))
        return role

    def member(self, person: Person) -> Member:
        """A person as a member; whoever does something in a guild is one."""
        return self._members.setdefault(person.id, Member(person))

    def give(self, person: Person, *roles: Role) -> None:
        """Let a member have these roles too."""
        member = self.member(person)
        self._set_roles(member, [*member.roles, *(role.id for role in roles)])

    def take(self, person: Person, *roles: Role) -> None:
        """Let a member no longer have these roles."""
        member, gone = self.member(person), {role.id for role in roles}
        self._set_roles(member, [role for role in member.roles if role not in gone])

    def permissions_of(self, person: Person, overwrites: Mapping[str, Overwrite] | None = None) -> Permission:
        """What a member may do in the guild or, with its overwrites, in a channel. The owner may do everything."""
        if person is self.owner:
            return EVERYTHING
        role_ids = self.member(person).roles
        base = in_guild(self.roles[role_id].permissions for role_id in (self.id, *role_ids))
        if overwrites is None:
            return base
        return in_channel(base, overwrites, everyone_id=self.id, role_ids=role_ids, member_id=person.id)

    def kick_bot(self) -> None:
        """Send the bot away; the guild stays, out of its reach."""
        self.has_bot = False
        self.announce(Event("GUILD_DELETE", {"id": self.id}, self.id))

    def add_bot(self) -> None:
        """Add the bot again."""
        self.has_bot = True
        self.announce(Event("GUILD_CREATE", self.payload(), self.id))

    def delete(self) -> None:
        """Take the guild away, with everything in it."""
        for channel in list(self.channels.values()):
            self.forget(channel)
        self.kick_bot()

    def go_down(self) -> None:
        """An outage of Discord's: the bot is told that the guild cannot be reached."""
        self.is_down = True
        self.announce(Event("GUILD_DELETE", {"id": self.id, "unavailable": True}, self.id))

    def come_back(self) -> None:
        """The end of the outage."""
        self.is_down = False
        self.announce(Event("GUILD_CREATE", self.payload(), self.id))

    def forget(self, channel: GuildChannel | Thread) -> None:
        """Take a channel away without a word; a channel's threads go with it."""
        del self._everywhere[channel.id]
        if isinstance(channel, Thread):
            del self.threads[channel.id]
            return
        del self.channels[channel.id]
        for thread in [thread for thread in self.threads.values() if thread.parent is channel]:
            self.forget(thread)

    def payload(self) -> dict[str, Any]:
        """The guild as GUILD_CREATE carries it to a bot without the members intent."""
        return {
            "id": self.id,
            "name": self.name,
            "owner_id": self.owner.id,
            "unavailable": False,
            "joined_at": JOINED,
            "large": False,
            "member_count": len(self._members),
            "members": [self.member(self.bot).payload()],
            "channels": [channel.payload() for channel in self.channels.values()],
            "threads": [thread.payload() for thread in self.visible_threads()],
            "roles": [role.payload() for role in self.roles.values()],
            **_UNREMARKABLE,
        }

    def visible_threads(self) -> list[Thread]:
        """The threads that are open and that the bot sees."""
        return [
            thread
            for thread in self.threads.values()
            if not thread.is_archived and thread.permissions_of(self.bot) & Permission.VIEW_CHANNEL
        ]

    def _add(self, channel: GuildChannel) -> GuildChannel:
        self.channels[channel.id] = self._everywhere[channel.id] = channel
        self.announce(Event("CHANNEL_CREATE", channel.payload(), self.id))
        return channel

    def _set_roles(self, member: Member, role_ids: list[str]) -> None:
        member.roles = role_ids
        # Of itself a bot hears without having asked for it.
        intent = Intent.ALWAYS if member.person is self.bot else Intent.GUILD_MEMBERS
        data = member.payload() | {"guild_id": self.id}
        self.announce(Event("GUILD_MEMBER_UPDATE", data, self.id, intent))


# What every guild here has in common, and the bot never looks at.
_UNREMARKABLE: dict[str, Any] = {
    "emojis": [],
    "stickers": [],
    "features": [],
    "voice_states": [],
    "presences": [],
    "stage_instances": [],
    "guild_scheduled_events": [],
    "soundboard_sounds": [],
    "icon": None,
    "splash": None,
    "banner": None,
    "description": None,
    "afk_channel_id": None,
    "afk_timeout": 300,
    "system_channel_id": None,
    "system_channel_flags": 0,
    "verification_level": 0,
    "default_message_notifications": 0,
    "explicit_content_filter": 0,
    "mfa_level": 0,
    "nsfw_level": 0,
    "premium_tier": 0,
    "preferred_locale": "en-US",
}
