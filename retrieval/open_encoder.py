"""Which encoder a model's name means, made ready: the fast path where there is one, built at the first need."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from retrieval.encoder import Encoder, Model
from retrieval.errors import ModelError
from retrieval.model_files import PACKAGED_BGE, ModelFiles, find_model
from retrieval.onnx_encoder import OnnxEncoder
from retrieval.onnx_folder import FAST_VARIANT, NoFastPathError, OnnxSettings, read_settings, write_refusal
from retrieval.sentence_transformer import SentenceTransformerEncoder

_BGE_TOKENS = 192
_UNFINISHED = ".building"


def open_encoder(name: str, *, models_folder: Path, say: Callable[[str], None]) -> Encoder:
    """The encoder of a packaged model, a sentence-transformers folder or a Hugging Face id.

    Fast paths are kept in `models_folder`. Opening one costs a moment and no torch; building one takes seconds, and
    `say` is told so in words, as it is where a model has none. Raises ModelError.
    """
    files = find_model(name)
    if name == PACKAGED_BGE:
        return OnnxEncoder(files.folder, _packaged_bge(files))
    try:
        return _fast(files, models_folder, say)
    except NoFastPathError as reason:
        say(f"The model {files.name} is used as it is, which is slower: {reason}.")
        return SentenceTransformerEncoder(files)


def model_named(name: str, *, models_folder: Path) -> Model:
    """The model that `open_encoder` would read papers with, without opening or preparing it. Raises ModelError.

    One that was never opened is said to have a fast path.
    """
    files = find_model(name)
    if name == PACKAGED_BGE:
        return _packaged_bge(files).model
    model = _fast_model(files)
    try:
        read_settings(_folder_of(model, models_folder), model)
    except NoFastPathError:
        return SentenceTransformerEncoder(files).model
    except ModelError:  # not made yet, damaged or of another version
        pass
    return model


def _packaged_bge(files: ModelFiles) -> OnnxSettings:
    # Beyond 192 tokens it gains nothing here (nDCG@10 on autoscholar and scifact, fused), and costs a third more.
    model = Model(files.name, files.revision, f"int8-{_BGE_TOKENS}-tokens")
    return OnnxSettings(model, dimension=384, pooling="cls", max_tokens=_BGE_TOKENS)


def _fast(files: ModelFiles, models_folder: Path, say: Callable[[str], None]) -> Encoder:
    model = _fast_model(files)
    folder = _folder_of(model, models_folder)
    try:
        return _open(folder, model)
    except NoFastPathError:
        raise
    except ModelError:  # missing, damaged or of another version: made below
        pass
    try:
        models_folder.mkdir(parents=True, exist_ok=True)
        with FileLock(models_folder / ".lock"):
            return _open_or_build(files, model, folder, say)
    except OSError as error:
        raise ModelError(
            f"the fast path of {model.name} cannot be written to {models_folder}: {error}"
        ) from error


def _fast_model(files: ModelFiles) -> Model:
    return Model(files.name, files.revision, FAST_VARIANT)


def _folder_of(model: Model, models_folder: Path) -> Path:
    return models_folder / re.sub(r"[^\w.-]", "_", f"{model.name}-{model.revision}-{model.variant}")


def _open_or_build(files: ModelFiles, model: Model, folder: Path, say: Callable[[str], None]) -> Encoder:
    """The lock is ours, so whatever is unfinished was left by a process that died."""
    try:
        return _open(folder, model)  # another process may have made it while this one waited
    except NoFastPathError:
        raise
    except ModelError:
        say(f"Preparing the model {model.name} for fast use, once: this takes up to a minute …")
        _build(files, model, folder)
        return _open(folder, model)


def _open(folder: Path, model: Model) -> Encoder:
    return OnnxEncoder(folder, read_settings(folder, model))


def _build(files: ModelFiles, model: Model, folder: Path) -> None:
    from retrieval.onnx_export import export  # noqa: PLC0415 - only to build

    unfinished = folder.parent / _UNFINISHED
    try:
        _empty(unfinished)
        try:
            export(files, model, unfinished)
        except NoFastPathError as reason:
            _empty(unfinished)
            write_refusal(unfinished, model, str(reason))
        if folder.exists():
            shutil.rmtree(folder)
        unfinished.replace(folder)  # readers without the lock see a whole folder or none
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
