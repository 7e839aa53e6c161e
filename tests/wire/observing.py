"""What can be seen of the bot: what it posted, what it asked for and how fast, what was wrong with that."""

from bisect import bisect_left
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

from .channels import Channel
from .messages import Messages
from .recorder import Recorder
from .request import Answer, Request
from .threads import Thread
from .world import BOT_ID, World


class Observing:
    """Looks; changes nothing."""

    world: World
    messages: Messages
    _recorder: Recorder

    @property
    def requests(self) -> list[Request]:
        """Every REST request so far, in order."""
        return self._recorder.requests

    @property
    def answers(self) -> list[Answer]:
        """Every answer so far, in order, but for those that were lost."""
        return self._recorder.answers

    @property
    def violations(self) -> list[str]:
        """All that was wrong with any request, in words; a test of the bot expects []."""
        return [f"{request}: {fault}" for request in self.requests for fault in request.violations]

    @property
    def answer_violations(self) -> list[str]:
        """Where our own answers are not what Discord's document promises; every test expects []."""
        return self._recorder.answer_violations

    def sent(self, method: str, path: str) -> list[Request]:
        """The requests of a method to a path, which may hold `*`."""
        return [r for r in self.requests if r.method == method and fnmatchcase(r.path, path)]

    def posted(self, channel: Channel | str) -> list[dict[str, Any]]:
        """What the bot wrote in a channel, or in all posts of a forum, and is there; oldest first."""
        return [m for c in self._with_posts(channel) for m in self.messages.within(c) if _is_of_bot(m)]

    def deleted(self, channel: Channel | str) -> list[dict[str, Any]]:
        """What the bot wrote there and is no longer there, whoever deleted it."""
        return [
            m for c in self._with_posts(channel) for m in self.messages.deleted_within(c) if _is_of_bot(m)
        ]

    def busiest_second(self, method: str = "*", path: str = "*") -> int:
        """The most requests of a method to a path (globs) within any second."""
        times = [
            request.at
            for request in self.requests
            if fnmatchcase(request.method, method) and fnmatchcase(request.path, path)
        ]
        return _most_within(times, 1.0)

    def most_invalid(self, minutes: float = 10) -> int:
        """The most answers within so many minutes, by the server's clock, that Discord counts as invalid requests.

        These are 401, 403, and 429 but for shared resources; of 10,000 in ten minutes an address is banned.
        """
        times = [answer.at.timestamp() for answer in self._recorder.answers if answer.is_invalid]
        return _most_within(sorted(times), minutes * 60)

    def _with_posts(self, channel: Channel | str) -> list[str]:
        channel_id = channel.id if isinstance(channel, Channel) else channel
        posts = [
            thread.id
            for thread in self.world.channels.values()
            if isinstance(thread, Thread) and thread.parent.id == channel_id and thread.is_post
        ]
        return [channel_id, *posts]


def _is_of_bot(message: dict[str, Any]) -> bool:
    return message["author"]["id"] == BOT_ID


def _most_within(times: Sequence[float], span: float) -> int:
    """The most of these moments, which are in order, within any span of that length."""
    return max((bisect_left(times, start + span) - number for number, start in enumerate(times)), default=0)
