"""What Discord remembers of nonces: the same one of the same author, soon after, is the same message."""

from .clock import Clock


class Nonces:
    """`memory` is in seconds of the server's clock; Discord says no more than "the past few minutes"."""

    def __init__(self, clock: Clock) -> None:
        self.memory = 300.0
        self._clock = clock
        self._seen: dict[tuple[str, str], tuple[float, str]] = {}

    def first(self, author_id: str, nonce: str | int) -> str | None:
        """The id of the message that this nonce was remembered for, if it still is."""
        at, message_id = self._seen.get((author_id, str(nonce)), (float("-inf"), None))
        return message_id if self._now() - at < self.memory else None

    def remember(self, author_id: str, nonce: str | int, message_id: str) -> None:
        self._seen[author_id, str(nonce)] = (self._now(), message_id)

    def _now(self) -> float:
        return self._clock.now().timestamp()
