"""Which topics do people ask about, and which of them does the corpus cover? Pure, but for reading the labels.

The labels of topics.txt span the sciences and ordinary life. A question far from every paper and close to a label
that no paper is close to is about something that this corpus has not; a question that is only worded unusually is
close to no label. The nearest paper alone cannot tell the two apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

import numpy as np

from retrieval.representation import Matrix, Vector

ENCODER_WEIGHTS = (0.5, 1.0)
"""What the cosines of the default pair, MiniLM and bge-small, count in `match` and `covered`."""
_TEMPERATURE = 0.05  # of the softmax: a label .15 below the closest one has a twentieth of its say
_CHUNK = 4096  # rows; times 512 labels that is 8 MB


@cache
def labels() -> tuple[str, ...]:
    """The names of the topics; they are encoded as questions are."""
    text = resources.files("retrieval").joinpath("topics.txt").read_text("utf-8")
    return tuple(line for line in text.splitlines() if line)


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics as the encoders see them, and what a corpus has on each.

    Each tuple has an entry for each encoder, in the order of the ensemble: `vectors` one unit row a label, `coverage`
    the highest cosine of any paper with each label, of shape (labels,). It only grows: after papers were taken out it
    is too high, until it is made again from the rows that are left.
    """

    vectors: tuple[Matrix, ...]
    coverage: tuple[Vector, ...]

    @classmethod
    def uncovered(cls, vectors: Sequence[Matrix]) -> "Topics":
        """The topics before any paper is known."""
        return cls(tuple(vectors), tuple(np.full(len(rows), -1.0, np.float32) for rows in vectors))

    def covered_by(self, rows: Sequence[Matrix], lengths: Sequence[float] | None = None) -> "Topics":
        """The topics with these papers beside those known: a matrix for each encoder, one row a paper.

        `lengths` says how long the rows of each encoder are where they are not of length 1: the parts of a matrix
        that holds several encoders' vectors side by side are scaled. Raises ValueError for another number of matrices
        or lengths than there are encoders.
        """
        scales = [1.0] * len(rows) if lengths is None else lengths
        parts = zip(self.vectors, self.coverage, rows, scales, strict=True)
        return replace(self, coverage=tuple(_raised(*part) for part in parts))

    def features(self, question: Sequence[Vector]) -> tuple[float, float]:
        """How close a question is to the topics near it (`match`), and how close the papers come to them (`covered`).

        Both are means over the labels, weighted by a softmax of the question's closeness to each; closeness is the sum
        of the encoders' cosines by `ENCODER_WEIGHTS`. `question` has a unit vector for each encoder. Raises ValueError
        for other than the pair of encoders that the weights are for.
        """
        asked = [rows @ vector for rows, vector in zip(self.vectors, question, strict=True)]
        closeness = _weighted(asked)
        say = np.exp((closeness - closeness.max()) / _TEMPERATURE)
        say /= say.sum()
        return float(say @ closeness), float(say @ _weighted(self.coverage))


def _raised(vectors: Matrix, coverage: Vector, rows: Matrix, scale: float) -> Vector:
    """The coverage by these rows too, in chunks: 100,000 papers against every label at once are 200 MB."""
    best = coverage
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        best = np.maximum(best, (chunk @ vectors.T).max(axis=0) / np.float32(scale))
    return best


def _weighted(cosines: Sequence[Vector]) -> Vector:
    return np.array(ENCODER_WEIGHTS, np.float32) @ np.stack(cosines)
