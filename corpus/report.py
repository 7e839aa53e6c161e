"""What came of taking papers in: counts, and what was refused and why. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from corpus.taking_in import Changes


@dataclass(frozen=True, slots=True)
class Refusal:
    """One record or file that was not taken in: where it stands, and why in words."""

    where: str
    why: str


@dataclass(slots=True)
class Report:
    """What an import or a visit to a source did, added up while it goes on.

    `read` counts records: all of those that are stored, skipped or rejected. Skipped are announcements of new versions of
    papers that are not known, and of their cross-lists: such a paper is not new.
    """

    read: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    rejected: list[Refusal] = field(default_factory=list[Refusal])

    def add(self, changes: Changes) -> None:
        """Some records more."""
        self.read += changes.read
        self.new += changes.new
        self.updated += changes.updated
        self.unchanged += changes.unchanged
        self.skipped += changes.skipped

    def reject(self, refusals: Iterable[Refusal]) -> None:
        """Some more that were not taken in."""
        refusals = list(refusals)
        self.read += len(refusals)
        self.rejected += refusals
