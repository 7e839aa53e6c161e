"""A page of results, as it is shown: what the library hands to the cards. Pure."""

from dataclasses import dataclass
from typing import Literal

from corpus.paper import Paper

PAGE_SIZE = 5
Kind = Literal["find", "similar"]


@dataclass(frozen=True, slots=True)
class Result:
    """One paper of a list, and its sentence that matches best."""

    paper: Paper
    score: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, ready to be shown. `number` counts from 0, `asked` is in words."""

    kind: Kind
    asked: str
    found: bool
    corpus_size: int
    number: int
    pages: int
    results: tuple[Result, ...]
