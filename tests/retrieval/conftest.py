"""The fixtures of the upkeep's tests."""

from tests.retrieval.upkeeping import before, data, ready

__all__ = ["before", "data", "ready"]
