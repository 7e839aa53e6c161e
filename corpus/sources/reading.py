"""What a source gives: the papers it could read, and where it could not, and why."""

from dataclasses import dataclass

from corpus.paper import Paper


@dataclass(frozen=True, slots=True)
class Rejected:
    """One record that could not be read: the line it stands at (from 1), and why in words."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything one file or answer gave."""

    papers: tuple[Paper, ...]
    rejected: tuple[Rejected, ...] = ()
