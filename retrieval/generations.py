"""An index's folder holds generations: the one in use and, for a while, the next one, which is built beside it."""

import logging
import secrets
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from retrieval.errors import DamagedIndexError
from retrieval.seal import refuse_damage

log = logging.getLogger(__name__)
Files = Callable[[Path], Iterable[Path]]
"""Which files of a generation the seal is about."""


class Generations:
    """The generations in one folder. Only the owner of the data folder begins and drops them; anybody may look."""

    def __init__(self, folder: Path, files: Files) -> None:
        self._folder = folder
        self._files = files

    def whole(self) -> Path | None:
        """The newest generation whose files are what was sealed; None if there is none."""
        for generation in self._newest_first():
            try:
                refuse_damage(generation, self._files(generation))
            except (DamagedIndexError, OSError, ValueError) as damage:
                log.warning("The index in %s is not used: %s.", generation, damage)
            else:
                return generation
        return None

    def begin(self) -> Path:
        """A new, empty generation. Raises OSError if the folder cannot be written."""
        self._folder.mkdir(parents=True, exist_ok=True)
        newest = next(iter(self._newest_first()), None)
        number = int(newest.name.split("-")[0]) + 1 if newest else 1
        # A name that never was: a library may remember a folder that it had open.
        generation = self._folder / f"{number:06}-{secrets.token_hex(4)}"
        generation.mkdir()
        return generation

    def keep_only(self, generation: Path) -> None:
        """Drop the others, and whatever else lies in the folder."""
        for path in self._folder.iterdir():
            if path != generation:
                self.drop(path)

    def drop(self, path: Path) -> None:
        """Remove a generation, or whatever lies there. What cannot be removed is left, and logged."""
        try:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        except OSError as error:
            log.warning("%s is no longer needed and cannot be removed: %s", path, error)

    def _newest_first(self) -> list[Path]:
        if not self._folder.is_dir():
            return []
        numbered = (path for path in self._folder.iterdir() if path.is_dir() and _is_generation(path.name))
        return sorted(numbered, key=lambda path: path.name, reverse=True)


def _is_generation(name: str) -> bool:
    number, _, rest = name.partition("-")
    return number.isascii() and number.isdecimal() and bool(rest)
