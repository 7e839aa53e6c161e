"""How close two texts are in meaning, by the encoders that search."""

from collections.abc import Sequence
from typing import Protocol

from retrieval.ensemble import Ensemble


class Meaning(Protocol):
    """What a check asks about meaning."""

    def similarity(self, claim: str, sentences: Sequence[str]) -> float:
        """The cosine of a claim and the closest of the sentences, or of all of them as one text. Blocks."""
        ...


class EnsembleMeaning:
    """Meaning as the search's own encoders see it."""

    def __init__(self, ensemble: Ensemble) -> None:
        self._ensemble = ensemble

    def similarity(self, claim: str, sentences: Sequence[str]) -> float:
        """As promised above, from -1 to 1. Raises ModelError."""
        texts = [claim, *sentences, *([" ".join(sentences)] if len(sentences) > 1 else [])]
        rows = self._ensemble.encode_questions(texts)
        return float((rows[1:] @ rows[0]).max())
