"""Any sentence-transformers model, through that library: the way in for every model, and the reference for the fast one.

With `onnx_export.py` the only file that knows sentence-transformers and torch.
"""

import os
from collections.abc import Sequence
from threading import RLock
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.encoder import Model
from retrieval.errors import ModelError
from retrieval.model_files import ModelFiles
from retrieval.representation import Matrix, PaperText, PaperVectors, split_sentences, without_surrogates

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_QUESTION_THREADS = 1  # on few cores more make single questions slower and their times erratic


def load_sentence_transformer(files: ModelFiles, **options: Any) -> "SentenceTransformer":
    """The model in memory, with torch, which takes seconds. Raises ModelError."""
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - seconds: torch
    from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415

    disable_progress_bar()  # it draws one for every load
    try:
        return SentenceTransformer(
            str(files.folder),
            device="cpu",
            trust_remote_code=False,
            local_files_only=True,
            model_kwargs={"use_safetensors": True, **options},
        )
    except (OSError, ValueError, ImportError, RuntimeError, KeyError) as error:
        raise ModelError(
            f"the model in {files.folder} cannot be loaded: {error}. Papercord loads sentence-transformers "
            "folders with safetensors weights and without code of their own."
        ) from error


class SentenceTransformerEncoder:
    """A model in float32, a run for every sentence: slower than the fast path, but no model is foreign to it.

    Safe for several threads, which take turns: its tokenizer is shared, and answers two at once with "Already borrowed".
    """

    def __init__(self, files: ModelFiles) -> None:
        """Take the files; the weights (and torch) load at the first use."""
        self.model = Model(files.name, files.revision, "float32")
        self._files = files
        self._turn = RLock()
        self._loaded: SentenceTransformer | None = None
        self._known: frozenset[str] | None = None
        self.reads_sentences = True

    @property
    def dimension(self) -> int:
        """The length of its vectors; loads the model. Raises ModelError."""
        dimension = self._load().get_embedding_dimension()
        if dimension is None:
            raise ModelError(f"the model {self.model.name} does not say how long its vectors are")
        return dimension

    def knows(self, word: str) -> bool:
        """Whether a lower-case word is one of the tokens; loads the model. Raises ModelError."""
        if self._known is None:
            with self._turn:
                self._known = frozenset(self._load().tokenizer.get_vocab())  # made anew at every call
        return word in self._known

    def encode_questions(self, questions: Sequence[str]) -> Matrix:
        """One unit row a question, by the model's own prompt for queries. Raises ModelError."""
        return self._rows("encode_query", questions, threads=_QUESTION_THREADS)

    def encode_papers(self, papers: Sequence[PaperText]) -> list[PaperVectors]:
        """Whole texts and every sentence, by the model's own prompt for documents, on every core. Raises ModelError."""
        texts = [[paper.whole, *split_sentences(paper.abstract)] for paper in papers]
        rows = self._rows(
            "encode_document", [text for own in texts for text in own], threads=os.cpu_count() or 1
        )
        ends = np.cumsum([len(own) for own in texts]).tolist()
        return [
            PaperVectors(rows[end - len(own)], rows[end - len(own) + 1 : end])
            for own, end in zip(texts, ends, strict=True)
        ]

    def _rows(self, method: str, texts: Sequence[str], *, threads: int) -> Matrix:
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        encode: Any = getattr(self._load(), method)
        import torch  # noqa: PLC0415 - seconds; loaded with the model

        with self._turn:
            torch.set_num_threads(threads)
            try:
                rows = encode(
                    [without_surrogates(text) for text in texts],
                    normalize_embeddings=True,
                    convert_to_numpy=True,
                    show_progress_bar=False,
                )
            except RuntimeError as error:
                raise ModelError(f"the model {self.model.name} failed on a text: {error}") from error
        return np.asarray(rows, dtype=np.float32)

    def _load(self) -> "SentenceTransformer":
        with self._turn:
            if self._loaded is None:
                self._loaded = load_sentence_transformer(self._files)
            return self._loaded
