"""The application's commands, and how a person's words become the options of an interaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .clock import Clock
from .permissions import Permission
from .resolved import id_of
from .world import APPLICATION_ID

_CHAT_INPUT = 1
_BRANCHES = frozenset({1, 2})  # subcommand, subcommand group
_BOT_DM = 1
_GUILD_INSTALL = 0


@dataclass(frozen=True)
class Focus:
    """The option a person is typing in, and what stands there so far."""

    option: str
    text: str


class Commands:
    """What the bot has synced. Ids survive a new sync, as on Discord."""

    def __init__(self, clock: Clock) -> None:
        self.all: list[dict[str, Any]] = []
        self._clock = clock

    def overwrite(self, commands: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        ids = {(command["type"], command["name"]): command["id"] for command in self.all}
        self.all = []
        for command in commands:
            kind = command.get("type") or _CHAT_INPUT
            identity = {
                "id": ids.get((kind, command["name"])) or self._clock.snowflake(),
                "application_id": APPLICATION_ID,
                "version": self._clock.snowflake(),
            }
            installs = {"integration_types": command.get("integration_types") or [_GUILD_INSTALL]}
            may = command.get("default_member_permissions")  # a number on the way in, a text on the way out
            rights = {"default_member_permissions": None if may is None else str(may)}
            self.all.append({"description": "", **command, **installs, **rights, **identity, "type": kind})
        return self.all

    def find(self, name: str) -> dict[str, Any] | None:
        return next((command for command in self.all if command["name"] == name), None)


def invocation(
    command: Mapping[str, Any], path: Sequence[str], values: Mapping[str, Any], focus: Focus | None = None
) -> dict[str, Any]:
    """Write the `data` of an interaction; `path` leads through subcommands, `values` fill the options.

    Refuses, with an AssertionError, what Discord's client would not let a person send.
    """
    return {
        "id": command["id"],
        "type": command["type"],
        "name": command["name"],
        "options": _options(command, path, values, focus),
    }


def assert_usable(command: Mapping[str, Any], *, in_guild: bool, permissions: Permission) -> None:
    """Refuse, with an AssertionError, a command that Discord's client would not show to the person."""
    contexts = command.get("contexts")
    if not in_guild and contexts is not None and _BOT_DM not in contexts:
        raise AssertionError(f"/{command['name']} is not offered in direct messages: contexts are {contexts}")
    rights = command.get("default_member_permissions")
    wanted = Permission(int(rights or 0)) if rights != "0" else Permission.ADMINISTRATOR
    if in_guild and wanted & ~permissions:
        raise AssertionError(f"/{command['name']} is not shown to whoever has no {wanted!r}")


def _options(
    command: Mapping[str, Any], path: Sequence[str], values: Mapping[str, Any], focus: Focus | None
) -> list[dict[str, Any]]:
    declared = {option["name"]: option for option in command.get("options") or ()}
    if path:
        branch = declared.get(path[0])
        if branch is None or branch["type"] not in _BRANCHES:
            raise AssertionError(f"/{command['name']} has no subcommand {path[0]!r}, only {sorted(declared)}")
        inner = _options(branch, path[1:], values, focus)
        return [{"name": branch["name"], "type": branch["type"], "options": inner}]
    wanted = {*values, *([focus.option] if focus else ())}
    if unknown := wanted - declared.keys():
        raise AssertionError(f"/{command['name']} has no options {sorted(unknown)}, only {sorted(declared)}")
    required = {name for name, option in declared.items() if option.get("required")}
    if focus is None and (missing := required - values.keys()):
        raise AssertionError(f"/{command['name']} requires {sorted(missing)}")
    options = [
        {"name": name, "type": declared[name]["type"], "value": id_of(value)}
        for name, value in values.items()
    ]
    if focus:
        if not declared[focus.option].get("autocomplete"):
            raise AssertionError(f"option {focus.option!r} of /{command['name']} has no autocomplete")
        kind = declared[focus.option]["type"]
        options.append({"name": focus.option, "type": kind, "value": focus.text, "focused": True})
    return options
