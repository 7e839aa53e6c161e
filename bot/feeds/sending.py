"""What posting takes from Discord, and all the ways in which it can fail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.errors import BotError
from bot.feeds.delivery import Delivery


class SendingError(BotError):
    """A message was not posted, or may not have been. The text says why, for an administrator."""


class PlaceGoneError(SendingError):
    """The channel, the server or the person is not there any more."""


class PlaceClosedError(SendingError):
    """Discord does not let us post there, for now."""


class NotTakenError(SendingError):
    """Discord does not take this message, however often it is sent."""


class LaterError(SendingError):
    """It was not sent, and can be after some seconds; `everywhere`: until then nothing can be sent at all."""

    def __init__(self, words: str, seconds: float, *, everywhere: bool = False) -> None:
        super().__init__(words)
        self.seconds = seconds
        self.everywhere = everywhere


class UnclearError(SendingError):
    """It may have been posted: no answer came, or none that says."""


class CannotLookError(SendingError):
    """What stands in the channel may not be read."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a message stands, and whether the thread is still missing that it is to have."""

    channel: int
    message: int
    lacks_thread: bool = False


class Messenger(Protocol):
    """What brings messages to Discord."""

    async def send(self, delivery: Delivery) -> Standing:
        """Post it, with its id as nonce. Raises SendingError."""
        ...

    async def add_thread(self, delivery: Delivery) -> None:
        """Give a message that stands its thread, if it has none. Raises SendingError."""
        ...

    async def find(self, delivery: Delivery) -> Standing | None:
        """Where it stands, if it does. Raises SendingError, and CannotLookError where that cannot be known."""
        ...

    def remembers(self, delivery: Delivery, *, now: datetime) -> bool:
        """Whether Discord certainly still knows the nonce, so that sending again posts nothing twice."""
        ...
