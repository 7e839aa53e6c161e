"""How a paper becomes vectors. Pure.

A paper is one vector of its title and abstract, for the index, and one vector a sentence, to quote the sentence
that answers. A sentence's vector is the mean of its tokens' states in the run over the whole text ("late chunking",
Günther et al. 2024): the sentence keeps its context, and costs no run of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from syntok import segmenter  # pyright: ignore[reportMissingTypeStubs]

Matrix = NDArray[np.float32]
"""One row a text; every row has length 1, so a dot product is a cosine."""
Vector = NDArray[np.float32]
"""Of shape (dimension,) and length 1."""
Span = tuple[int, int]
"""Where a piece of a text begins and ends, in characters."""

RECIPE = f"title+abstract/late-sentences/syntok-{version('syntok')}"
"""Names this way of making vectors, and the sentence rules: vectors of another recipe are never mixed with these."""


@dataclass(frozen=True, slots=True)
class PaperText:
    """What is encoded of a paper."""

    title: str
    abstract: str

    @property
    def whole(self) -> str:
        """Title and abstract as one text."""
        return f"{self.title}. {self.abstract}"


@dataclass(frozen=True, slots=True)
class PaperVectors:
    """`whole` stands for the paper in the index, shape (d,).

    `sentences` has a row for each of `split_sentences(abstract)`, or shape (0, d) where the encoder has none.
    """

    whole: Vector
    sentences: Matrix


def split_sentences(text: str) -> list[str]:
    """The sentences of an English text, each as it stands there, without surrounding space."""
    paragraphs = cast("Iterable[Iterable[list[Any]]]", segmenter.analyze(text))  # pyright: ignore[reportUnknownMemberType]
    tokens = [sentence for paragraph in paragraphs for sentence in paragraph if sentence]
    pieces = (text[first.offset : last.offset + len(last.value)] for first, last in map(_ends, tokens))
    return [piece for piece in pieces if piece.strip()]


def sentence_spans(abstract: str, *, start: int) -> list[Span]:
    """Where each of `split_sentences(abstract)` stands in a text that has the abstract at `start`."""
    spans: list[Span] = []
    end = 0
    for sentence in split_sentences(abstract):
        begin = abstract.index(sentence, end)
        end = begin + len(sentence)
        spans.append((start + begin, start + end))
    return spans


def late_sentences(
    states: Matrix, tokens: Sequence[Span], sentences: Sequence[Span], whole: Vector
) -> Matrix:
    """One unit row a sentence: the mean of the states of the tokens inside it, or `whole` where there are none.

    `states` has shape (t, d) and need not be of length 1; `tokens` says where each of the t tokens stands, special
    tokens being empty spans; `sentences` are spans of the same text. The result has shape (len(sentences), d).
    """
    begins, ends = np.array(tokens, dtype=np.int64).reshape(-1, 2).T
    rows = np.empty((len(sentences), len(whole)), dtype=np.float32)
    for row, (begin, end) in zip(rows, sentences, strict=True):
        inside = (begins >= begin) & (ends <= end) & (ends > begins)
        row[:] = unit(states[inside].mean(axis=0)) if inside.any() else whole
    return rows


def without_surrogates(text: str) -> str:
    """The text with "?" for every lone surrogate, which no tokenizer takes; positions stay the same."""
    return text.encode("utf-8", "replace").decode()


def best_sentence(wanted: Vector, abstract: str, sentences: Matrix) -> str:
    """The sentence of the abstract closest to a vector, word for word; empty if none was encoded."""
    texts = split_sentences(abstract)
    if not texts or len(texts) != len(sentences):
        return ""
    return texts[int(np.argmax(sentences @ wanted))]


def unit(vector: Vector) -> Vector:
    """The same direction, of length 1; a vector of zeros stays one."""
    return vector / np.maximum(np.float32(np.linalg.norm(vector)), np.float32(1e-9))


def _ends(tokens: list[Any]) -> tuple[Any, Any]:
    return tokens[0], tokens[-1]
