"""Builds a model's fast path out of its sentence-transformers form, and checks the one against the other.

With `sentence_transformer.py` the only file that knows sentence-transformers and torch.
"""

import inspect
import logging
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from retrieval.encoder import Model
from retrieval.errors import ModelError
from retrieval.model_files import ModelFiles
from retrieval.onnx_encoder import OnnxEncoder
from retrieval.onnx_folder import (
    MODEL_FILE,
    TOKENIZER_FILE,
    NoFastPathError,
    OnnxSettings,
    Pooling,
    write_settings,
)
from retrieval.representation import Matrix, PaperText
from retrieval.sentence_transformer import load_sentence_transformer

_MAX_TOKENS = 256  # an abstract's median; ranking was measured with it
_OPSET = 17
_LIKE_ENOUGH = 0.98  # int8 per channel keeps about .994
_FAMILIES = {("Transformer", "Pooling"), ("Transformer", "Pooling", "Normalize")}
_POOLINGS: tuple[Pooling, ...] = ("mean", "cls")

_SAMPLES = (
    PaperText("Robots that fold laundry", ""),
    PaperText(
        "Guessing several tokens ahead on a phone",
        "A small model proposes tokens and a large one checks them together. We show how to share one cache between "
        "the two, and halve the waiting time on three phones (2.1x, p < 0.01) without changing any answer.",
    ),
    PaperText(
        "What graph networks know about molecules",
        "Message passing is limited by distance. We measure how far a signal travels in practice, on 14 data sets of "
        "molecules. Most tasks need no more than three hops; where they do, a virtual node is enough. Code is at "
        "https://example.org/hops, and all splits are published with it.",
    ),
    PaperText("A very long abstract", "Every sentence says a little more about the same experiment. " * 40),
)
_QUESTIONS = (
    "speculative decoding on mobile",
    "how far does a signal travel in a graph neural network?",
    "a",
)


def export(files: ModelFiles, model: Model, folder: Path) -> None:
    """Fill an empty folder with the fast path of a model; takes seconds, and torch.

    Raises NoFastPathError where the model is of another kind, or its fast path answers otherwise than the model
    itself; ModelError where it cannot be loaded; OSError where the folder cannot be written.
    """
    reference: Any = load_sentence_transformer(files, attn_implementation="eager", dtype="float32")
    settings = _settings(reference, model)
    reference.max_seq_length = settings.max_tokens
    (folder / TOKENIZER_FILE).write_text(reference.tokenizer.backend_tokenizer.to_str(), encoding="utf-8")
    with _quiet():
        try:
            _write_model(reference, folder / MODEL_FILE)
        except (OSError, MemoryError):  # of this computer, not of this model
            raise
        except Exception as error:  # the exporter fails in as many ways as there are models
            raise NoFastPathError(f"it cannot be exported to ONNX ({_first_line(error)})") from error
    try:
        _check(OnnxEncoder(folder, settings), reference)
    except NoFastPathError:
        raise
    except ModelError as error:
        raise NoFastPathError(f"its ONNX form does not run ({_first_line(error)})") from error
    write_settings(folder, settings)


def _settings(reference: Any, model: Model) -> OnnxSettings:
    family = tuple(type(module).__name__ for module in reference)
    if family not in _FAMILIES or reference.truncate_dim is not None:
        raise NoFastPathError(f"it is made of {', '.join(family)}, not of a transformer with pooling alone")
    pooling = reference[1].pooling_mode
    if pooling not in _POOLINGS or not reference[1].include_prompt:
        raise NoFastPathError(f"its pooling is {pooling!r}, not the mean or the first token")
    if not getattr(reference.tokenizer, "is_fast", False):
        raise NoFastPathError("its tokenizer has no fast form")
    prompts: dict[str, str] = reference.prompts
    default = prompts.get(reference.default_prompt_name or "", "")
    documents = [prompts[name] for name in ("document", "passage", "corpus") if name in prompts]
    return OnnxSettings(
        model=model,
        dimension=reference.get_embedding_dimension(),
        pooling=pooling,
        max_tokens=min(_MAX_TOKENS, reference.max_seq_length or _MAX_TOKENS),
        query_prompt=prompts.get("query", default),
        document_prompt=documents[0] if documents else default,
    )


def _write_model(reference: Any, path: Path) -> None:
    import torch  # noqa: PLC0415 - seconds; only to build
    from onnxruntime import quantization  # noqa: PLC0415 # pyright: ignore[reportMissingTypeStubs]

    exporter: Any = torch.onnx  # neither is fully typed
    quantizer: Any = quantization

    network = reference[0].auto_model.eval()
    example = reference.tokenizer(["hello world this is", "a b"], return_tensors="pt", padding=True)
    taken = inspect.signature(network.forward).parameters
    names = [
        name
        for name in ("input_ids", "attention_mask", "token_type_ids")
        if name in example and name in taken
    ]

    class LastState(torch.nn.Module):
        """The network by position, as the exporter wants it, answering with the last layer's states alone."""

        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
            return self.network(**dict(zip(names, tensors, strict=True))).last_hidden_state

    with TemporaryDirectory(dir=path.parent) as scratch:
        full = str(Path(scratch) / MODEL_FILE)
        exporter.export(
            LastState(),
            tuple(example[name] for name in names),
            full,
            input_names=names,
            output_names=["last_hidden_state"],
            dynamic_axes={name: {0: "batch", 1: "tokens"} for name in (*names, "last_hidden_state")},
            opset_version=_OPSET,
            dynamo=False,
        )
        int8 = quantization.QuantType.QInt8
        quantizer.quantize_dynamic(full, str(path), per_channel=True, weight_type=int8)


def _check(fast: OnnxEncoder, reference: Any) -> None:
    papers = np.stack([made.whole for made in fast.encode_papers(_SAMPLES)])
    asked = fast.encode_questions(_QUESTIONS)
    expected_papers = reference.encode_document(
        [paper.whole for paper in _SAMPLES], normalize_embeddings=True
    )
    expected_asked = reference.encode_query(list(_QUESTIONS), normalize_embeddings=True)
    cosines = [*_cosines(papers, expected_papers), *_cosines(asked, expected_asked)]
    mean = float(np.mean(cosines))
    if not mean >= _LIKE_ENOUGH:  # said this way round, NaN fails too
        raise NoFastPathError(
            f"in 8-bit numbers its vectors are too far from its own (mean cosine {mean:.3f})"
        )


def _cosines(ours: Matrix, theirs: Matrix) -> list[float]:
    return (ours * theirs).sum(axis=1).tolist()


@contextmanager
def _quiet() -> Generator[None]:
    """Both exporters print advice for their own developers."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
