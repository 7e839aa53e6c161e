"""Who uses the loopback Discord: people and the bot, as Discord's API writes them."""

from dataclasses import dataclass, field
from typing import Any

from .clock import Clock

JOINED = "2026-01-01T00:00:00.000000+00:00"


@dataclass(eq=False)
class Person:
    """Somebody with an account; a bot is one too. `takes_messages` False: nobody may write to them in private."""

    id: str
    name: str
    is_bot: bool = False
    takes_messages: bool = True

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    def user(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "username": self.name,
            "global_name": None if self.is_bot else self.name.title(),
            "discriminator": "0",
            "avatar": None,
            "bot": self.is_bot,
            "flags": 0,
            "public_flags": 0,
            "primary_guild": None,
        }


@dataclass(eq=False)
class Member:
    """A person in a guild, with the roles they have there; @everyone is never among them."""

    person: Person
    roles: list[str] = field(default_factory=list[str])

    def payload(self) -> dict[str, Any]:
        return {
            "user": self.person.user(),
            "roles": list(self.roles),
            "joined_at": JOINED,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "pending": False,
            "nick": None,
            "avatar": None,
        }


class People:
    """Everybody, by id."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_id: dict[str, Person] = {}

    def add(self, name: str, *, person_id: str | None = None, is_bot: bool = False) -> Person:
        person = Person(person_id or self._clock.snowflake(), name, is_bot)
        self._by_id[person.id] = person
        return person

    def get(self, person_id: str) -> Person | None:
        return self._by_id.get(person_id)
