"""Who may do what in a channel, computed as Discord does. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntFlag
from functools import reduce
from operator import or_


class Permission(IntFlag):
    """Discord's permissions, those that the loopback server asks about."""

    NONE = 0
    MANAGE_CHANNELS = 1 << 4
    ADMINISTRATOR = 1 << 3
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38


EVERYTHING = Permission(2**53 - 1)
# What @everyone has in a new guild, as far as it concerns a bot that writes.
USUAL = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
)


@dataclass(frozen=True)
class Overwrite:
    """What a channel changes of the permissions of one role or one person."""

    allow: Permission = Permission.NONE
    deny: Permission = Permission.NONE

    def applied_to(self, permissions: Permission) -> Permission:
        return permissions & ~self.deny | self.allow


def in_guild(roles: Iterable[Permission]) -> Permission:
    """What the roles of a member, @everyone's included, give it together."""
    together = reduce(or_, roles, Permission.NONE)
    return EVERYTHING if together & Permission.ADMINISTRATOR else together


def in_channel(
    base: Permission,
    overwrites: Mapping[str, Overwrite],
    *,
    everyone_id: str,
    role_ids: Iterable[str],
    member_id: str,
) -> Permission:
    """What is left of the permissions in the guild, `base`, once the overwrites of a channel have applied.

    Those of @everyone come first, then all roles' together, then the member's own. Whoever does not see a
    channel can do nothing in it.
    """
    if base & Permission.ADMINISTRATOR:
        return EVERYTHING
    permissions = overwrites.get(everyone_id, Overwrite()).applied_to(base)
    of_roles = [overwrites[role_id] for role_id in role_ids if role_id in overwrites]
    together = Overwrite(
        reduce(or_, (overwrite.allow for overwrite in of_roles), Permission.NONE),
        reduce(or_, (overwrite.deny for overwrite in of_roles), Permission.NONE),
    )
    permissions = together.applied_to(permissions)
    permissions = overwrites.get(member_id, Overwrite()).applied_to(permissions)
    return permissions if permissions & Permission.VIEW_CHANNEL else Permission.NONE
