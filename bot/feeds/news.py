"""The papers that came since a feed looked last, with all that its rules ask of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from corpus.events import Events
from corpus.paper import Paper
from corpus.store import PaperStore

MOST = 5000
"""Papers that are looked at at a time, the newest; of an import of a hundred thousand nobody reads the rest."""
_MAY_STILL_FIT = timedelta(days=30)
"""How long a paper that came may yet get the upvotes, or be told of by the source, that a feed waits for."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A paper that came: by which event and when, told by whom, and under every name it ever had.

    `changed` is the last event, of those that are looked at, by which something else became known of it; 0: none.
    """

    number: int
    at: datetime
    paper: Paper
    sources: frozenset[str]
    names: frozenset[str]
    changed: int = 0


@dataclass(frozen=True, slots=True)
class News:
    """What happened behind an event, up to another: papers that came, oldest first, and others that changed lately.

    `uncounted` is how many more came, before the oldest of these.
    """

    after: int
    until: int
    came: tuple[Arrival, ...]
    changed: tuple[Arrival, ...]
    uncounted: int = 0

    def new(self, seen: int) -> list[Arrival]:
        """The papers that came behind an event."""
        return [one for one in self.came if one.number > seen]

    def again(self, seen: int) -> list[Arrival]:
        """Those that came up to it, and changed behind it."""
        return [one for one in (*self.came, *self.changed) if one.number <= seen < one.changed]


class Newsstand:
    """The news of one corpus."""

    def __init__(self, store: PaperStore, events: Events) -> None:
        self._store = store
        self._events = events

    async def news(self, *, after: int, until: int, now: datetime) -> News:
        """What happened behind `after`, up to `until`."""
        new = await self._events.newest(after=after, until=until, limit=MOST, kind="new")
        changes = await self._events.newest(after=after, until=until, limit=MOST, kind="updated")
        total = (
            await self._events.count(after=after, until=until, kind="new") if len(new) == MOST else len(new)
        )
        last = {event.paper_id: event.number for event in changes}
        came = await self.arrivals([event.paper_id for event in new], last)
        known = {arrival.paper.id for arrival in came}
        changed = await self.arrivals(last.keys() - known, last)
        still = [one for one in changed if one.number <= after and one.at > now - _MAY_STILL_FIT]
        return News(after, until, tuple(came), tuple(still), total - len(new))

    async def arrivals(
        self, paper_ids: Collection[str], changed: Mapping[str, int] | None = None
    ) -> list[Arrival]:
        """These papers with how they came, oldest first; those that are gone are left out."""
        ids = list(paper_ids)
        events = await self._events.arrivals_of(ids)
        papers = await self._store.get_many(ids)
        sources, names = await self._store.sources_of(ids), await self._store.names_of(ids)
        found = [
            Arrival(
                events[paper.id].number,
                events[paper.id].at,
                paper,
                frozenset(sources[paper.id]),
                frozenset(names[paper.id]),
                (changed or {}).get(paper.id, 0),
            )
            for paper in papers
            if paper.id in events
        ]
        return sorted(found, key=lambda arrival: arrival.number)

    async def lately(self, since: datetime) -> Sequence[Arrival]:
        """The papers that came since then, oldest first."""
        before = await self._events.last_before(since)
        new = await self._events.newest(after=before, until=await self._events.last(), limit=MOST, kind="new")
        return await self.arrivals([event.paper_id for event in new])
