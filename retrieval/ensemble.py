"""Several encoders as one: vectors side by side, so that one dot product is the weighted sum of their cosines. Pure."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from retrieval.encoder import Encoder
from retrieval.representation import Matrix, Vector


class Ensemble:
    """Encoders in a fixed order, with weights that sum to 1."""

    def __init__(self, encoders: Sequence[Encoder], weights: Sequence[float]) -> None:
        """Scale the weights. Raises ValueError unless there is one positive weight an encoder."""
        if not encoders or len(encoders) != len(weights):
            raise ValueError(f"{len(encoders)} encoders cannot have {len(weights)} weights")
        if not all(0 < weight < float("inf") for weight in weights):
            raise ValueError(f"weights are positive numbers, not {list(weights)}")
        self.encoders = tuple(encoders)
        self.weights = tuple(weight / sum(weights) for weight in weights)

    @property
    def sentence_place(self) -> int:
        """Which encoder is asked for single sentences and words: the first that reads them, if any does."""
        return next((place for place, one in enumerate(self.encoders) if one.reads_sentences), 0)

    @property
    def sentence_encoder(self) -> Encoder:
        """The encoder at that place."""
        return self.encoders[self.sentence_place]

    def unit_parts(self, vector: Vector) -> list[Vector]:
        """Every encoder's part of one combined vector, of length 1 again."""
        parts = zip(self.parts(vector[np.newaxis]), self.weights, strict=True)
        return [part[0] / np.float32(weight**0.5) for part, weight in parts]

    @property
    def dimension(self) -> int:
        """The length of a combined vector."""
        return sum(self._dimensions)

    @property
    def key(self) -> str:
        """Names every model and its weight: what a combined index was made with."""
        named = zip(self.encoders, self.weights, strict=True)
        return " + ".join(f"{weight:.6g} {encoder.model.key}" for encoder, weight in named)

    def encode_questions(self, questions: Sequence[str]) -> Matrix:
        """One unit row a question, shape (n, dimension). Raises ModelError."""
        return self.combine([encoder.encode_questions(questions) for encoder in self.encoders])

    def combine(self, wholes: Sequence[Matrix]) -> Matrix:
        """Every encoder's unit rows, (n, d_k) each, as unit rows [√w₁·v₁, √w₂·v₂, …] of shape (n, dimension)."""
        parts = zip(wholes, self.weights, strict=True)
        return np.concatenate([rows * np.float32(weight**0.5) for rows, weight in parts], axis=1)

    def parts(self, rows: Matrix) -> list[Matrix]:
        """Every encoder's part of combined rows, shape (n, d_k): views, nothing is copied.

        They are not divided back: a row of part k has length √w_k.
        """
        ends = np.cumsum([0, *self._dimensions]).tolist()
        return [rows[:, begin:end] for begin, end in pairwise(ends)]

    def cosines(self, rows: Matrix, question: Vector) -> Matrix:
        """What every encoder thinks of every row, shape (n, encoders): cosines with one combined question's row."""
        pairs = zip(self.parts(rows), self.parts(question[np.newaxis]), self.weights, strict=True)
        return np.stack([ours @ theirs[0] / np.float32(weight) for ours, theirs, weight in pairs], axis=1)

    @property
    def _dimensions(self) -> list[int]:
        return [encoder.dimension for encoder in self.encoders]
