"""What came of taking papers in: counts, and what was refused and why. Pure."""

import dataclasses
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Self

_KEPT = 10_000  # refusals: a file of nothing else would fill the memory


@dataclass(frozen=True, slots=True)
class Changes:
    """What taking in some accounts changed: how many of them told something new, and the papers that are new."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    new_ids: tuple[str, ...] = ()

    @property
    def read(self) -> int:
        """How many accounts there were."""
        return self.new + self.updated + self.unchanged + self.skipped

    def __add__(self, other: Self) -> Self:
        """Both together."""
        mine, others = dataclasses.astuple(self), dataclasses.astuple(other)
        return type(self)(*(one + another for one, another in zip(mine, others, strict=True)))


@dataclass(frozen=True, slots=True)
class Refusal:
    """One record or file that was not taken in: where it stands, and why in words."""

    where: str
    why: str


@dataclass(slots=True)
class Report:
    """What an import or a visit to a source did, added up while it goes on.

    `read` counts records: all of those that are stored, skipped or rejected. Skipped are announcements of new versions of
    papers that are not known, and of their cross-lists: such a paper is not new. Of very many refusals only the first are
    listed, and the others counted as unlisted.
    """

    read: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    rejected: list[Refusal] = field(default_factory=list[Refusal])
    unlisted: int = 0

    def add(self, changes: Changes) -> None:
        """Some records more."""
        self.read += changes.read
        self.new += changes.new
        self.updated += changes.updated
        self.unchanged += changes.unchanged
        self.skipped += changes.skipped

    def reject(self, refusals: Iterable[Refusal]) -> None:
        """Some more that were not taken in."""
        for refusal in refusals:
            self.read += 1
            if len(self.rejected) < _KEPT:
                self.rejected.append(refusal)
            else:
                self.unlisted += 1

    @property
    def refused(self) -> int:
        """How many were not taken in, also of those that are not listed."""
        return len(self.rejected) + self.unlisted


@dataclass(slots=True)
class Visit:
    """What a visit to one source did; `failure` says in words why it ended early, None where it did not."""

    report: Report = field(default_factory=Report)
    failure: str | None = None

    def counts(self) -> dict[str, int]:
        """The report in numbers."""
        counts = asdict(self.report) | {"rejected": self.report.refused}
        del counts["unlisted"]
        return counts
