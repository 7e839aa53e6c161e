"""Every paper's vector in memory: exact cosines of any papers, and the nearest of few. Made from SQL at each start."""

from collections.abc import Iterable, Sequence
from threading import Lock

import numpy as np

from retrieval.representation import Matrix, Vector

_GROWTH = 1.25
_COPYING = 5  # gathering a row before it is compared costs as much as comparing so many where they lie


class ExactIndex:
    """Unit rows by paper id. One thread may change it while others ask."""

    def __init__(self, dimension: int) -> None:
        self._lock = Lock()
        self.changes = 0
        """Another number after every change."""
        self._ids: list[str] = []
        self._hashes: dict[str, str] = {}
        self._places: dict[str, int] = {}
        self._room: Matrix = np.empty((0, dimension), dtype=np.float32)

    def __len__(self) -> int:
        return len(self._ids)

    def contents(self) -> dict[str, str]:
        """The content hash of every paper in it, by id."""
        with self._lock:
            return dict(self._hashes)

    def content_hash(self, paper_id: str) -> str | None:
        """The content that a paper's vector was made from; None for a paper that has no vector."""
        return self._hashes.get(paper_id)

    def reserve(self, rows: int) -> None:
        """Make room for that many rows in all, so that filling it copies nothing."""
        with self._lock:
            self._grow(rows)

    def put(self, ids: Sequence[str], content_hashes: Sequence[str], rows: Matrix) -> None:
        """Add papers, or replace their vectors."""
        with self._lock:
            self.changes += 1
            new = [paper_id for paper_id in ids if paper_id not in self._places]
            needed = len(self._ids) + len(new)
            if needed > len(self._room):
                self._grow(int(needed * _GROWTH))
            for paper_id in new:
                self._places[paper_id] = len(self._ids)
                self._ids.append(paper_id)
            self._room[[self._places[paper_id] for paper_id in ids]] = rows
            self._hashes.update(zip(ids, content_hashes, strict=True))

    def remove(self, ids: Iterable[str]) -> None:
        """Take papers out: the last row takes the place of each."""
        with self._lock:
            for paper_id in ids:
                self.changes += 1
                place = self._places.pop(paper_id)
                del self._hashes[paper_id]
                last = self._ids.pop()
                if last != paper_id:
                    self._ids[place] = last
                    self._places[last] = place
                    self._room[place] = self._room[len(self._ids)]

    def seal(self) -> None:
        """Nothing to do: it ends with the process."""

    def nearest(self, vectors: Matrix, limit: int, *, among: Sequence[str] | None = None) -> list[list[str]]:
        """For each of the (q, d) unit rows the papers closest to it, best first; `among` names the only ones."""
        with self._lock:
            places = None if among is None else self._known(among)
            rows = self._room[: len(self._ids)]
            if places is None:
                similarities = vectors @ rows.T
            elif len(places) * _COPYING < len(rows):
                similarities = vectors @ rows[places].T
            else:
                similarities = (vectors @ rows.T)[:, places]
            return [[self._name(place, places) for place in _best(row, limit)] for row in similarities]

    def rows_of(self, ids: Sequence[str]) -> tuple[list[str], Matrix]:
        """Those of the papers that have a vector, in this order, and their (n, d) vectors."""
        with self._lock:
            known = [paper_id for paper_id in ids if paper_id in self._places]
            return known, self._room[[self._places[paper_id] for paper_id in known]]

    def vector_of(self, paper_id: str) -> Vector | None:
        """The vector of one paper; None if it has none."""
        with self._lock:
            place = self._places.get(paper_id)
            return None if place is None else self._room[place].copy()

    def background(self, size: int) -> Matrix:
        """`size` rows, evenly spread; all if there are fewer."""
        with self._lock:
            count = len(self._ids)
            return self._room[np.linspace(0, count, min(size, count), endpoint=False, dtype=np.intp)]

    def chunks(self, size: int) -> Iterable[Matrix]:
        """All rows, a few at a time."""
        for start in range(0, len(self), size):
            with self._lock:
                chunk = self._room[start : min(start + size, len(self._ids))].copy()
            yield chunk  # unlocked: what is done with it takes time, and questions wait for the lock

    def _known(self, ids: Sequence[str]) -> list[int]:
        return [place for place in map(self._places.get, ids) if place is not None]

    def _name(self, place: int, places: list[int] | None) -> str:
        return self._ids[place if places is None else places[place]]

    def _grow(self, rows: int) -> None:
        if rows > len(self._room):
            room = np.empty((rows, self._room.shape[1]), dtype=np.float32)
            room[: len(self._ids)] = self._room[: len(self._ids)]
            self._room = room


def _best(scores: Vector, limit: int) -> list[int]:
    """The places of the highest scores, highest first."""
    if limit < len(scores):
        top = np.argpartition(-scores, limit)[:limit]
        return top[np.argsort(-scores[top], kind="stable")].tolist()
    return np.argsort(-scores, kind="stable").tolist()
