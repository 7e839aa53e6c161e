"""Whose turn it was and is, written down: in a file that processes share, or in memory for one alone."""

import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from corpus.errors import RefusedError

_FILE = "pace.db"
_LOCK_SECONDS = 5.0  # for another process's turn in the ledger, which takes a thousandth of one
_TABLES = (
    "CREATE TABLE IF NOT EXISTS turn (ticket INTEGER PRIMARY KEY, service TEXT NOT NULL, busy_until REAL NOT NULL)",
    "CREATE TABLE IF NOT EXISTS rest (service TEXT PRIMARY KEY, until REAL NOT NULL)",
)


class TurnLedger:
    """Times are seconds since 1970: they outlive the process, and a restart of the machine.

    Every method raises RefusedError where the file cannot be used. Called on the event loop: what is read and written
    are a few rows.
    """

    def __init__(self, folder: Path | None) -> None:
        self._place = str(folder / _FILE) if folder else ":memory:"
        with self._in_words():
            if folder:
                folder.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(self._place, timeout=_LOCK_SECONDS, isolation_level=None)
        try:
            with self._in_words():
                # No write-ahead log: two processes that make one at once do not wait for each other.
                self._database.execute("PRAGMA synchronous = NORMAL")
            with self.alone():
                for table in _TABLES:
                    self._database.execute(table)
        except RefusedError:
            self._database.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self._database.close()

    @contextmanager
    def alone(self) -> Generator[None, None, None]:
        """No other process reads or writes the ledger in here; an error takes back what was written."""
        with self._in_words():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def busy_until(self, service: str, after: float, latest: float) -> Sequence[float]:
        """When the service's turns were over, or at the latest will be, as far as that is later than `after`.

        Others are forgotten: no longer of interest, or, beyond `latest`, of a clock that was set back since.
        """
        self._database.execute(
            "DELETE FROM turn WHERE service = ? AND NOT busy_until BETWEEN ? AND ?", (service, after, latest)
        )
        rows = self._database.execute("SELECT busy_until FROM turn WHERE service = ?", (service,))
        return [until for (until,) in rows]

    def take(self, service: str, busy_until: float) -> int:
        """The ticket of a new turn."""
        row = self._database.execute(
            "INSERT INTO turn (service, busy_until) VALUES (?, ?) RETURNING ticket", (service, busy_until)
        ).fetchone()
        return int(row[0])

    def end(self, ticket: int, when: float) -> None:
        """The turn is over."""
        with self.alone():
            self._database.execute("UPDATE turn SET busy_until = ? WHERE ticket = ?", (when, ticket))

    def rest(self, service: str, until: float) -> None:
        """The service is not to be asked before; an earlier time than is known changes nothing."""
        with self.alone():
            self._database.execute(
                "INSERT INTO rest VALUES (?, ?) ON CONFLICT (service) DO UPDATE SET until = max(until, excluded.until)",
                (service, until),
            )

    def resting_until(self, service: str, now: float, longest: float) -> float:
        """Until when the service is not to be asked; `now` or earlier where it may be.

        A rest longer than `longest` was noted by a clock that was set back since, and is none.
        """
        row = self._database.execute(
            "SELECT until FROM rest WHERE service = ? AND until <= ?", (service, now + longest)
        ).fetchone()
        return float(row[0]) if row else now

    @contextmanager
    def _in_words(self) -> Generator[None, None, None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise RefusedError(
                f"no host is asked: {self._place}, where it is kept when each was asked last, cannot be used "
                f"({error}). If it is damaged, delete it"
            ) from error
