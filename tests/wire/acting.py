"""What people do: use commands, press, choose, fill in, write."""

from collections.abc import Mapping
from typing import Any

from .channels import Channel
from .commands import Commands, Focus, assert_usable, invocation
from .events import Event, Intent
from .forms import chosen, submission
from .gateway import Gateway
from .interaction import Interaction, Kind
from .messages import Messages
from .people import Person
from .resolved import id_of, resolved
from .rules import nested
from .watch import Watch
from .world import World

_BUTTON = 2
_STRING_MENU = 3
_MENUS = frozenset({3, 5, 6, 7, 8})


class Acting:
    """Each deed is Mira's, unless somebody else is named by `by`.

    A command is used in the channel of the default guild, or in another; in direct messages with `guild=False`.
    """

    world: World
    messages: Messages
    gateway: Gateway
    _commands: Commands
    _interactions: dict[str, Interaction]
    _watch: Watch

    async def slash(
        self,
        name: str,
        options: Mapping[str, Any] | None = None,
        *,
        by: Person | None = None,
        channel: Channel | None = None,
        guild: bool = True,
        forged: bool = False,
    ) -> Interaction:
        """Use a slash command; subcommands are `feed add`, values may be people, roles and channels.

        `forged`: send it even though Discord's client would not show the command to the person.
        """
        by, channel = self._who_and_where(by, channel, guild=guild)
        return await self._use(Kind.COMMAND, name, options or {}, by, channel, forged=forged)

    async def autocomplete(
        self,
        name: str,
        focused_option: str,
        text: str,
        options: Mapping[str, Any] | None = None,
        *,
        by: Person | None = None,
        channel: Channel | None = None,
        guild: bool = True,
    ) -> Interaction:
        """Type `text` into an option that completes; `options` are those already filled in."""
        by, channel = self._who_and_where(by, channel, guild=guild)
        focus = Focus(focused_option, text)
        return await self._use(Kind.AUTOCOMPLETE, name, options or {}, by, channel, focus=focus)

    async def press(
        self, message: Mapping[str, Any], custom_id: str, *, by: Person | None = None
    ) -> Interaction:
        """Press a button of a message, as the message is now."""
        current, button = self._component(message, custom_id, frozenset({_BUTTON}), "button", "press")
        data = {"component_type": _BUTTON, "custom_id": custom_id, "id": button["id"]}
        return self._begin(Kind.COMPONENT, data, by or self.world.owner, self._place(current), current)

    async def choose(
        self, message: Mapping[str, Any], custom_id: str, *values: Any, by: Person | None = None
    ) -> Interaction:
        """Choose from a menu of a message: its values, or people, roles and channels."""
        current, menu = self._component(message, custom_id, _MENUS, "menu", "choose from")
        picked = [id_of(value) for value in values]
        offered = {option["value"] for option in menu.get("options") or ()}
        if menu["type"] == _STRING_MENU and (unknown := set(picked) - offered):
            raise AssertionError(f"menu {custom_id!r} offers no {sorted(unknown)}, only {sorted(offered)}")
        person, place = by or self.world.owner, self._place(current)
        data: dict[str, Any] = {
            "component_type": menu["type"],
            "custom_id": custom_id,
            "id": menu["id"],
            "values": picked,
        }
        if menu["type"] != _STRING_MENU:
            data["resolved"] = resolved(picked, self.world, person, place)
        return self._begin(Kind.COMPONENT, data, person, place, current)

    async def submit(
        self, opened: Interaction, values: Mapping[str, Any], *, by: Person | None = None
    ) -> Interaction:
        """Fill in the form that answered an interaction, by custom ids, and send it."""
        person = by or opened.by
        data = submission(await opened.form(), values)
        if picked := chosen(data):
            data["resolved"] = resolved(picked, self.world, person, opened.channel)
        source = self.messages.get(opened.source["id"]) if opened.source else None
        return self._begin(Kind.FORM, data, person, opened.channel, source, cause=opened)

    def say(
        self,
        content: str,
        *,
        by: Person | None = None,
        channel: Channel | None = None,
        reply_to: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Write a message: to the bot in private, unless a channel is named."""
        person = by or self.world.owner
        body: dict[str, Any] = {"content": content}
        if reply_to is not None:
            body["message_reference"] = {"message_id": reply_to["id"]}
        return self.messages.create(channel or self.world.direct(person), body, author=person)

    def rewrite(self, message: Mapping[str, Any], content: str) -> dict[str, Any]:
        """Change what a person wrote."""
        return self.messages.edit(message["id"], {"content": content})

    def remove(self, message: Mapping[str, Any]) -> None:
        """Delete a message, whoever wrote it, as moderators may."""
        self.messages.delete(message["id"])

    async def _use(
        self,
        kind: Kind,
        name: str,
        values: Mapping[str, Any],
        by: Person,
        channel: Channel,
        *,
        focus: Focus | None = None,
        forged: bool = False,
    ) -> Interaction:
        root, *path = name.split()
        command = await self._watch.until(
            lambda: self._commands.find(root), f"a synced command {root!r}", within=30
        )
        if not forged:
            permissions = channel.permissions_of(by)
            assert_usable(command, in_guild=channel.guild is not None, permissions=permissions)
        data = invocation(command, path, values, focus)
        if named := resolved(map(id_of, values.values()), self.world, by, channel):
            data["resolved"] = named
        return self._begin(kind, data, by, channel)

    def _begin(
        self,
        kind: Kind,
        data: Mapping[str, Any],
        by: Person,
        channel: Channel,
        source: Mapping[str, Any] | None = None,
        *,
        cause: Interaction | None = None,
    ) -> Interaction:
        interaction = Interaction(
            kind, data, by, channel, self.world, self._watch, self.messages, source, cause
        )
        self._interactions[interaction.token] = interaction
        self.gateway.demand(Event("INTERACTION_CREATE", interaction.event(), channel.guild_id, Intent.ALWAYS))
        return interaction

    def _who_and_where(
        self, by: Person | None, channel: Channel | None, *, guild: bool
    ) -> tuple[Person, Channel]:
        person = by or self.world.owner
        return person, channel or (self.world.channel if guild else self.world.direct(person))

    def _component(
        self, message: Mapping[str, Any], custom_id: str, kinds: frozenset[int], what: str, deed: str
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """The message as it is now, and what of it is to be used."""
        current = self.messages.get(message["id"])
        if current is None:
            raise AssertionError(f"message {message['id']} is gone")
        there = {part["custom_id"]: part for part in nested(current["components"]) if part.get("custom_id")}
        component = there.get(custom_id)
        if component is None or component["type"] not in kinds or component.get("disabled"):
            raise AssertionError(f"no {what} {custom_id!r} to {deed} among {list(there.values())}")
        return current, component

    def _place(self, message: Mapping[str, Any]) -> Channel:
        return self.world.channels[message["channel_id"]]
