"""What a folder with a fast path holds: the model, its tokenizer, and how states become vectors. Read and written."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from retrieval.encoder import Model
from retrieval.errors import ModelError
from retrieval.model_files import digest_of

FAST_VARIANT = "int8-per-channel"  # one scale a matrix ruins the vectors: mean cosine .936 to float32
MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
_SETTINGS_FILE = "encoder.json"
_FORMAT = 1  # raised when what is written, or how it is exported, changes: older folders are then made anew

Pooling = Literal["mean", "cls"]


class NoFastPathError(ModelError):
    """This model runs through sentence-transformers only; the text says why."""


@dataclass(frozen=True, slots=True)
class OnnxSettings:
    """How a model's token states become vectors."""

    model: Model
    dimension: int
    pooling: Pooling
    max_tokens: int
    query_prompt: str = ""
    document_prompt: str = ""


def write_settings(folder: Path, settings: OnnxSettings) -> None:
    """Complete a folder that has the model and the tokenizer. Raises OSError."""
    digests = {name: digest_of(folder / name) for name in (MODEL_FILE, TOKENIZER_FILE)}
    _write(folder, {**asdict(settings), "digests": digests})


def write_refusal(folder: Path, model: Model, reason: str) -> None:
    """Note that this model has no fast path, so that no start tries again. Raises OSError."""
    _write(folder, {"model": asdict(model), "refused": reason})


def read_settings(folder: Path, model: Model) -> OnnxSettings:
    """How to use the fast path in a folder.

    Raises NoFastPathError where one was tried in vain, and ModelError where the folder is missing, damaged, another
    model's or another version's.
    """
    try:
        held = cast("dict[str, Any]", json.loads((folder / _SETTINGS_FILE).read_text(encoding="utf-8")))
        if held["format"] != _FORMAT or Model(**held["model"]) != model:
            raise ModelError(f"{folder} was made for another model or by another version of Papercord")
        if "refused" in held:
            raise NoFastPathError(str(held["refused"]))
        settings = OnnxSettings(
            model=model,
            dimension=int(held["dimension"]),
            pooling=held["pooling"],
            max_tokens=int(held["max_tokens"]),
            query_prompt=str(held["query_prompt"]),
            document_prompt=str(held["document_prompt"]),
        )
        whole = all(digest_of(folder / name) == digest for name, digest in held["digests"].items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{folder} is missing or damaged: {error}") from error
    if not whole or settings.pooling not in get_args(Pooling):
        raise ModelError(f"{folder} is damaged")
    return settings


def _write(folder: Path, content: dict[str, Any]) -> None:
    text = json.dumps({"format": _FORMAT, **content}, indent=2, sort_keys=True)
    (folder / _SETTINGS_FILE).write_text(text + "\n", encoding="utf-8")
