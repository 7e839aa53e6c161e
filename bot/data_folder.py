"""One process owns the data folder: Chroma's files do not survive two."""

import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from bot.errors import DataInUseError, UnusableFolderError


@contextmanager
def owned(folder: Path) -> Generator[None, None, None]:
    """The folder, made if need be, for this process alone. Raises DataInUseError, naming the owner, or UnusableFolderError."""
    owner = folder / "owner.pid"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "papercord.lock")
        lock.acquire(blocking=False)
    except Timeout as error:
        raise DataInUseError(
            f"the data folder {folder} is in use by another Papercord{_pid(owner)}. Stop that one, or give this one "
            "a folder of its own with --data. `find`, `similar` and `status` work meanwhile."
        ) from error
    except OSError as error:
        raise UnusableFolderError(f"the data folder {folder} cannot be used: {error.strerror}") from error
    try:
        owner.write_text(f"{os.getpid()}\n", "utf-8")
        yield
    finally:
        owner.unlink(missing_ok=True)
        lock.release()


def is_owned(folder: Path) -> bool:
    """Whether some process, another or this one, owns the folder now."""
    if not (folder / "papercord.lock").exists():
        return False
    try:
        with owned(folder):
            return False
    except DataInUseError:
        return True
    except UnusableFolderError:
        return False


def _pid(owner: Path) -> str:
    with suppress(OSError, ValueError):
        return f" (process {int(owner.read_text('utf-8'))})"
    return ""
