"""What a source gives: its accounts of papers, and where it could not be read, and why."""

from dataclasses import dataclass

from corpus.account import Account


@dataclass(frozen=True, slots=True)
class Rejected:
    """One record that could not be read: where it stands (`line 12`, `record 3 (2501.00001)`), and why in words."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything one file or answer gave.

    `wanted` are arXiv ids that were only named, to be looked up.
    """

    accounts: tuple[Account, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    wanted: tuple[str, ...] = ()
