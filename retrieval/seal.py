"""Are an index's files what was written? A digest of each, noted when the index is whole, compared before it is opened.

Neither Chroma nor tantivy looks: both read a damaged file without an error and find less, or end the process. An index
that was not sealed, because the process was killed while it wrote, counts as damaged.
"""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from retrieval.errors import DamagedIndexError

_NAME = "seal.json"


def seal(folder: Path, files: Iterable[Path]) -> None:
    """Note what the files are now."""
    (folder / _NAME).write_text(json.dumps(_digests(folder, files)), "utf-8")


def unseal(folder: Path) -> None:
    """The files are about to change: until they are sealed again they count as damaged."""
    (folder / _NAME).unlink(missing_ok=True)


def refuse_damage(folder: Path, files: Iterable[Path]) -> None:
    """Raises DamagedIndexError unless the files are what was sealed; a folder that is not there is fine."""
    if not folder.exists():
        return
    noted = folder / _NAME
    if not noted.exists():
        raise DamagedIndexError("it was not closed in order")
    if json.loads(noted.read_text("utf-8")) != _digests(folder, files):
        raise DamagedIndexError("its files are not what was written")


def _digests(folder: Path, files: Iterable[Path]) -> dict[str, str]:
    digests: dict[str, str] = {}
    for path in sorted(files):
        with path.open("rb") as file:
            digests[path.relative_to(folder).as_posix()] = hashlib.file_digest(file, "sha256").hexdigest()
    return digests
