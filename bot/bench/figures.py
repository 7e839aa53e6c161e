"""What was measured, beside its yardstick and its target. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_MEDIAN, _NEARLY_ALL = 0.50, 0.95


@dataclass(frozen=True, slots=True)
class Target:
    """How large the ratio to the yardstick may be or, where there is no yardstick, the value itself."""

    limit: float
    at_least: bool = False

    def is_reached_by(self, measured: float) -> bool:
        """Whether it is; the limit itself counts."""
        return measured >= self.limit if self.at_least else measured <= self.limit


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: `value` in `unit`, at `papers` papers; `yardstick`, if there is one, is in the same unit.

    `against` names the yardstick in words. Without `target` it is told for information.
    """

    step: str
    name: str
    papers: int
    value: float
    unit: str
    against: str = ""
    yardstick: float | None = None
    target: Target | None = None

    @property
    def ratio(self) -> float | None:
        """The value in terms of its yardstick; None where there is none."""
        return self.value / self.yardstick if self.yardstick else None

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; None where nothing was aimed at."""
        if self.target is None:
            return None
        return self.target.is_reached_by(self.value if self.ratio is None else self.ratio)

    def as_json(self) -> dict[str, Any]:
        """The ratio beside the absolute figures."""
        return {
            "step": self.step,
            "name": self.name,
            "papers": self.papers,
            "value": _rounded(self.value),
            "unit": self.unit,
            "against": self.against or None,
            "yardstick": _rounded(self.yardstick),
            "ratio": _rounded(self.ratio),
            "target": self.target and self.target.limit,
            "at_least": self.target and self.target.at_least,
            "reached": self.reached,
        }


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that this share of the values does not exceed (nearest rank). Raises ValueError for none."""
    if not values:
        raise ValueError("nothing was measured")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def p50(values: Sequence[float]) -> float:
    """What half of them do not exceed."""
    return percentile(values, _MEDIAN)


def p95(values: Sequence[float]) -> float:
    """What 19 of 20 do not exceed."""
    return percentile(values, _NEARLY_ALL)


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
