"""What the gateway tells the bot, and who hears of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntFlag
from typing import Any


class Intent(IntFlag):
    """What a bot asked to hear of when it identified."""

    ALWAYS = 0
    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_MESSAGES = 1 << 9
    DIRECT_MESSAGES = 1 << 12
    MESSAGE_CONTENT = 1 << 15


@dataclass(frozen=True)
class Event:
    """One event. `guild_id` None: of no guild, so it goes to shard 0.

    `veiled` is the data for a bot without the message content intent, where that makes a difference.
    """

    name: str
    data: Mapping[str, Any]
    guild_id: str | None
    intent: Intent = Intent.GUILDS
    veiled: Mapping[str, Any] | None = None

    def data_for(self, intents: int) -> Mapping[str, Any] | None:
        """What a session with these intents is told; None: nothing."""
        if self.intent & ~intents:
            return None
        if self.veiled is not None and not intents & Intent.MESSAGE_CONTENT:
            return self.veiled
        return self.data


Announce = Callable[[Event], None]
