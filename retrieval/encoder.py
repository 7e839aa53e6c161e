"""The port to a model that turns texts into vectors: what a search and an index ask of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from retrieval.representation import RECIPE, Matrix, PaperText, PaperVectors

__all__ = ["Encoder", "Model", "PaperText"]


@dataclass(frozen=True, slots=True)
class Model:
    """Which weights make the vectors, and in what arithmetic."""

    name: str
    revision: str
    """Changes when any of the model's files does."""
    variant: str
    """"float32", "int8" or "int8-per-channel"."""

    @property
    def key(self) -> str:
        """What its vectors are stored under: vectors of two keys are never mixed."""
        return f"{self.name}@{self.revision}/{self.variant}/{RECIPE}"


class Encoder(Protocol):
    """One model, ready to encode."""

    @property
    def model(self) -> Model:
        """Which one it is."""
        ...

    @property
    def dimension(self) -> int:
        """The length of its vectors."""
        ...

    @property
    def reads_sentences(self) -> bool:
        """Whether a paper's vectors have a row for each sentence."""
        ...

    def knows(self, word: str) -> bool:
        """Whether a lower-case word is one to the model, not a string of pieces: then it is no slip of the fingers."""
        ...

    def encode_questions(self, questions: Sequence[str]) -> Matrix:
        """One unit row a question, of shape (n, dimension). Raises ModelError."""
        ...

    def encode_papers(self, papers: Sequence[PaperText]) -> list[PaperVectors]:
        """The vectors of every paper, in the papers' order. Raises ModelError."""
        ...
