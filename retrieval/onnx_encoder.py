"""The fast path: a model's int8 form through onnxruntime. The only file that knows tokenizers.

Texts run one at a time and unpadded. Padded together, 16 questions cost a fifth to a third less, but int8 rounding is
chosen for the whole batch: a question's vector would depend on who asks at the same time (cosine .99 to itself asked
alone). Threads do not help with questions either: a run of half a millisecond is shorter than the handing over.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np

from retrieval.encoder import Model
from retrieval.errors import ModelError
from retrieval.onnx_folder import MODEL_FILE, TOKENIZER_FILE, OnnxSettings
from retrieval.representation import (
    Matrix,
    PaperText,
    PaperVectors,
    Vector,
    late_sentences,
    sentence_spans,
    unit,
    without_surrogates,
)

if TYPE_CHECKING:
    from tokenizers import Encoding

_SLOW_FUSION = "SkipLayerNormFusion"  # its kernel costs an eighth more than the two that it replaces (1.32)
_ERRORS_ONLY = 3  # onnxruntime warns about graphics cards it does not find
_FIELDS = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}

_In = TypeVar("_In")
_Out = TypeVar("_Out")


class OnnxEncoder:
    """A model in a folder with model.onnx and tokenizer.json.

    Safe for several threads: the session is, and the tokenizer is not changed after it was made.
    """

    def __init__(self, folder: Path, settings: OnnxSettings) -> None:
        """Load the model, which takes a fifth of a second. Raises ModelError."""
        self._settings = settings
        try:
            self._tokenizer = _tokenizer(folder / TOKENIZER_FILE, settings.max_tokens)
            self._session = _session(folder / MODEL_FILE)
            self._inputs = {given.name: _FIELDS[given.name] for given in self._session.get_inputs()}
            self._output = [self._session.get_outputs()[0].name]
        except Exception as error:  # both libraries raise plain exceptions without a common class
            raise ModelError(
                f"the model in {folder} cannot be loaded: {error}. If it belongs to a package, install that again."
            ) from error

    @property
    def model(self) -> Model:
        """Which one it is."""
        return self._settings.model

    @property
    def dimension(self) -> int:
        """The length of its vectors."""
        return self._settings.dimension

    @property
    def reads_sentences(self) -> bool:
        """Whether a paper's vectors have a row for each sentence: not where only the first token counts."""
        return self._settings.pooling == "mean"

    def knows(self, word: str) -> bool:
        """Whether a lower-case word is one of the tokens."""
        return self._tokenizer.token_to_id(word) is not None

    def encode_questions(self, questions: Sequence[str]) -> Matrix:
        """One unit row a question, shape (n, dimension), each read to the model's limit of tokens. Raises ModelError."""
        rows = [self._question(question) for question in questions]
        return np.stack(rows) if rows else np.empty((0, self.dimension), dtype=np.float32)

    def encode_papers(self, papers: Sequence[PaperText]) -> list[PaperVectors]:
        """The vectors of every paper, on every core. Raises ModelError.

        `whole` is made of the first `max_tokens` tokens. A mean-pooling model has a row for every sentence of the
        abstract, however long; a CLS-pooling one trains no token but the first, and has none.
        """
        return _side_by_side(self._paper, papers)

    def _question(self, question: str) -> Vector:
        return self._pooled(self._states(self._tokens(self._settings.query_prompt + question)))

    def _paper(self, paper: PaperText) -> PaperVectors:
        text = self._settings.document_prompt + paper.whole
        first = self._tokens(text)
        states = self._states(first)
        whole = self._pooled(states)
        if self._settings.pooling == "cls":
            return PaperVectors(whole, np.empty((0, self.dimension), dtype=np.float32))
        further = first.overflowing
        windows = np.concatenate([states, *map(self._states, further)])
        spans = [span for window in (first, *further) for span in window.offsets]
        sentences = sentence_spans(paper.abstract, start=len(text) - len(paper.abstract))
        return PaperVectors(whole, late_sentences(windows, spans, sentences, whole))

    def _tokens(self, text: str) -> "Encoding":
        try:
            return self._tokenizer.encode(without_surrogates(text))
        except Exception as error:  # tokenizers raises plain exceptions
            raise ModelError(f"the model {self.model.name} cannot read a text: {error}") from error

    def _states(self, tokens: "Encoding") -> Matrix:
        fed = {name: np.array([getattr(tokens, field)], np.int64) for name, field in self._inputs.items()}
        try:
            states = cast("Matrix", self._session.run(self._output, fed)[0][0])
        except Exception as error:  # onnxruntime's exceptions have no common class
            raise ModelError(f"the model {self.model.name} failed on a text: {error}") from error
        if states.shape[1:] != (self.dimension,) or not np.isfinite(states).all():
            raise ModelError(f"the model {self.model.name} answers with something that is no vector")
        return states

    def _pooled(self, states: Matrix) -> Vector:
        return unit(states[0] if self._settings.pooling == "cls" else states.mean(axis=0))


def _tokenizer(path: Path, max_tokens: int) -> Any:
    from tokenizers import Tokenizer  # noqa: PLC0415 - loaded with the model

    tokenizer: Any = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)  # what is beyond comes as `overflowing` windows
    return tokenizer


def _session(path: Path) -> Any:
    import onnxruntime  # noqa: PLC0415 # pyright: ignore[reportMissingTypeStubs] - loaded with the model

    ort: Any = onnxruntime
    options = ort.SessionOptions()
    options.log_severity_level = _ERRORS_ONLY
    options.intra_op_num_threads = (
        1  # texts run side by side instead, in one session: less memory, more a second
    )
    options.inter_op_num_threads = 1
    return ort.InferenceSession(
        str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=[_SLOW_FUSION]
    )


def _side_by_side(encode: Callable[[_In], _Out], texts: Sequence[_In]) -> list[_Out]:
    if len(texts) < 2:  # noqa: PLR2004 - one needs no threads
        return [encode(text) for text in texts]
    with ThreadPoolExecutor(min(len(texts), os.cpu_count() or 1), "encode") as threads:
        return list(threads.map(encode, texts))
