"""What options and menus name (people, roles, channels), as Discord shows it beside their ids."""

from collections.abc import Iterable
from typing import Any

from .channels import Channel
from .guilds import Role
from .people import Person
from .world import World

Named = Person | Role | Channel


def id_of(value: Any) -> Any:
    """The id of somebody or something, and whatever else as it is."""
    return value.id if isinstance(value, Named) else value


def resolved(ids: Iterable[Any], world: World, by: Person, where: Channel) -> dict[str, dict[str, Any]]:
    """Tell of each id that is somebody's or something's in sight of where it is named."""
    found: dict[str, dict[str, Any]] = {}

    def add(kind: str, value_id: str, value: dict[str, Any]) -> None:
        found.setdefault(kind, {})[value_id] = value

    guild = where.guild
    for value_id in ids:
        person, channel = world.people.get(value_id), world.channels.get(value_id)
        if person is not None:
            add("users", person.id, person.user())
            if guild is not None:
                member = guild.member(person).payload()
                del member["user"]
                permissions = where.permissions_of(person)
                add("members", person.id, member | {"permissions": str(int(permissions))})
        elif channel is not None:
            permissions = str(int(channel.permissions_of(by)))
            add("channels", channel.id, channel.payload() | {"permissions": permissions})
        elif guild is not None and value_id in guild.roles:
            add("roles", value_id, guild.roles[value_id].payload())
    return found
