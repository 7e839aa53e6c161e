"""Which words of the corpus mean nearly the same as a word? The nearest by cosine of their vectors. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.representation import Matrix, Vector

_KEPT = 8  # neighbours of a word: some of them stand in the question already
_MOST_REMEMBERED = 50_000  # words


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A word of the corpus, its stem, and how near it is."""

    word: str
    stem: str
    cosine: float


class Neighbours:
    """Finds near words among those it was made of, and remembers what it found.

    The rows stay float32 (61 MB for 40,000 words of 384 dimensions): numpy has no fast product for float16.
    """

    def __init__(self, words: Sequence[str], stems: Sequence[str], rows: Matrix) -> None:
        """Every word has a row, and no two have the same stem."""
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

    def of(
        self, stems: Sequence[str], vectors: Mapping[str, Vector], *, least: float
    ) -> dict[str, list[Neighbour]]:
        """The neighbours of each stem with at least this cosine, nearest first, never of the same stem.

        `vectors` brings those of stems it does not know; a stem that has neither gets none. What is remembered holds
        for the `least` it was asked with: ask always with the same.
        """
        if len(self._remembered) > _MOST_REMEMBERED:
            self._remembered.clear()
        wanted = {stem: self._vector(stem, vectors) for stem in stems if stem not in self._remembered}
        unseen = {stem: vector for stem, vector in wanted.items() if vector is not None}
        if unseen and self._words:
            # One product for all: it is bound by the reading of the rows.
            cosines = np.stack(list(unseen.values())) @ self._rows.T
            for stem, row in zip(unseen, cosines, strict=True):
                self._remembered[stem] = self._nearest(stem, row, least)
        return {stem: self._remembered.get(stem, []) for stem in stems}

    def _vector(self, stem: str, vectors: Mapping[str, Vector]) -> Vector | None:
        row = self._row_of.get(stem)
        return vectors.get(stem) if row is None else self._rows[row]

    def _nearest(self, stem: str, cosines: Vector, least: float) -> list[Neighbour]:
        near = np.flatnonzero(cosines >= least)
        best = near[np.argsort(-cosines[near], kind="stable")][: _KEPT + 1]
        rows: list[int] = best.tolist()
        found = [Neighbour(self._words[row], self._stems[row], float(cosines[row])) for row in rows]
        return [neighbour for neighbour in found if neighbour.stem != stem][:_KEPT]
