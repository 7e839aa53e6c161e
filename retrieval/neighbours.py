"""Which words of the corpus mean nearly the same as a word? The nearest by cosine of their vectors. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.representation import Matrix, Vector

LEAST = 0.5
"""The lowest cosine that is kept in a table."""
_TOGETHER = 256  # words; times 40,000 that is 40 MB
_KEPT = 8  # neighbours of a word: some of them stand in the question already
_MOST_REMEMBERED = 50_000  # words


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A word of the corpus, its stem, and how near it is."""

    word: str
    stem: str
    cosine: float


@dataclass(frozen=True, slots=True)
class NearTable:
    """The nearest of every word, found beforehand: `places` (w, n) of int32, -1 where there are fewer, and `cosines`."""

    places: NDArray[np.int32]
    cosines: Matrix

    @classmethod
    def of(cls, rows: Matrix) -> "NearTable":
        """Compare every row with every other: 40,000 words take half a minute, once."""
        return cls.joined([cls.part(rows, start) for start in cls.starts(rows)])

    @staticmethod
    def starts(rows: Matrix) -> range:
        """Where the parts begin, for somebody who cannot wait for the whole."""
        return range(0, len(rows), _TOGETHER)

    @classmethod
    def part(cls, rows: Matrix, start: int) -> "NearTable":
        """The part that begins there."""
        products = rows[start : start + _TOGETHER] @ rows.T
        places = np.full((len(products), _KEPT), -1, np.int32)
        cosines = np.zeros((len(products), _KEPT), np.float32)
        for number, product in enumerate(products):
            product[start + number] = -1.0  # not the word itself
            best = _best(product, LEAST)[:_KEPT]
            places[number, : len(best)] = best
            cosines[number, : len(best)] = product[best]
        return cls(places, cosines)

    @classmethod
    def joined(cls, parts: Sequence["NearTable"]) -> "NearTable":
        """All parts in order as one."""
        none = cls(np.empty((0, _KEPT), np.int32), np.empty((0, _KEPT), np.float32))
        return cls(
            np.concatenate([none.places, *(part.places for part in parts)]),
            np.concatenate([none.cosines, *(part.cosines for part in parts)]),
        )


class Neighbours:
    """Finds near words among those it was made of, and remembers what it found.

    The rows stay float32 (61 MB for 40,000 words of 384 dimensions): numpy has no fast product for float16.
    """

    def __init__(
        self, words: Sequence[str], stems: Sequence[str], rows: Matrix, table: NearTable | None = None
    ) -> None:
        """Every word has a row, and no two have the same stem. With a `table` of these rows nothing is compared."""
        self.table = table
        self._words = list(words)
        self._stems = list(stems)
        self._rows = rows
        self._row_of = {stem: row for row, stem in enumerate(self._stems)}
        self._remembered: dict[str, list[Neighbour]] = {}

    def __len__(self) -> int:
        return len(self._words)

    def knows(self, stem: str) -> bool:
        """Whether it answers for a word of this stem without a vector."""
        return stem in self._row_of or stem in self._remembered

    def cosines(self, stems: Iterable[str], wanted: Vector) -> dict[str, float]:
        """How near the words of those stems that it knows are to a unit vector."""
        rows = {stem: self._row_of[stem] for stem in stems if stem in self._row_of}
        near = self._rows[list(rows.values())] @ wanted if rows else ()
        return dict(zip(rows, map(float, near), strict=True))

    def of(
        self, stems: Sequence[str], vectors: Mapping[str, Vector], *, least: float
    ) -> dict[str, list[Neighbour]]:
        """The neighbours of each stem with at least this cosine, nearest first, never of the same stem.

        `vectors` brings those of stems it does not know; a stem that has neither gets none. What is remembered holds
        for the `least` it was asked with: ask always with the same.
        """
        if len(self._remembered) > _MOST_REMEMBERED:
            self._remembered.clear()
        if self.table:
            self._look_up(stems, self.table, least)
        wanted = {stem: self._vector(stem, vectors) for stem in stems if stem not in self._remembered}
        unseen = {stem: vector for stem, vector in wanted.items() if vector is not None}
        if unseen and self._words:
            # One product for all: it is bound by the reading of the rows.
            cosines = np.stack(list(unseen.values())) @ self._rows.T
            for stem, row in zip(unseen, cosines, strict=True):
                best = _best(row, least)
                self._remembered[stem] = self._named(stem, best, row[best])
        return {stem: self._remembered.get(stem, []) for stem in stems}

    def _vector(self, stem: str, vectors: Mapping[str, Vector]) -> Vector | None:
        row = self._row_of.get(stem)
        return vectors.get(stem) if row is None else self._rows[row]

    def _look_up(self, stems: Sequence[str], table: NearTable, least: float) -> None:
        for stem in stems:
            row = self._row_of.get(stem)
            if row is not None and stem not in self._remembered:
                near = (table.places[row] >= 0) & (table.cosines[row] >= least)
                self._remembered[stem] = self._named(stem, table.places[row][near], table.cosines[row][near])

    def _named(self, stem: str, places: NDArray[Any], cosines: Vector) -> list[Neighbour]:
        found = [
            Neighbour(self._words[place], self._stems[place], cosine)
            for place, cosine in zip(map(int, places), map(float, cosines), strict=True)
        ]
        return [neighbour for neighbour in found if neighbour.stem != stem][:_KEPT]


def _best(cosines: Vector, least: float) -> NDArray[np.intp]:
    """The places of the highest cosines that reach `least`, one more than is kept: one may be the word itself."""
    near = np.flatnonzero(cosines >= least)
    return near[np.argsort(-cosines[near], kind="stable")][: _KEPT + 1]
