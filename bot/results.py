"""What is shown, as it is handed to the cards: a page of results, the state of the corpus. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from corpus.paper import Paper
from corpus.source_state import SourceState

PAGE_SIZE = 5
Kind = Literal["find", "similar", "latest", "top"]
Sort = Literal["relevance", "newest", "upvotes", "comments"]
Order = Sort | Literal["stars"]


@dataclass(frozen=True, slots=True)
class Result:
    """One paper of a list, and its sentence that matches best."""

    paper: Paper
    score: float
    sentence: str
    marks: tuple[tuple[int, int], ...] = ()
    """Where words of the question stand in the sentence: starts and ends."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, ready to be shown.

    `number` counts from 0, `asked` is in words, `listed` how many papers the whole list has, `narrowed` what the filters
    let through, or the period (in words; empty: everything), `selected` how many papers pass them, `notes` what a reader
    should know, `suggestion` the question without slips.
    """

    kind: Kind
    asked: str
    found: bool
    corpus_size: int
    number: int
    pages: int
    results: tuple[Result, ...]
    listed: int = 0
    narrowed: str = ""
    selected: int | None = None
    sort: Order = "relevance"
    notes: tuple[str, ...] = ()
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class CorpusStatus:
    """`sources` counts papers by who told of them, `days` new papers of the last days by source, newest day first.

    `states` is how each configured source is read, `waiting` how many papers are still to be encoded.
    """

    papers: int
    newest: date | None
    sources: Mapping[str, int]
    days: Mapping[date, Mapping[str, int]]
    states: Sequence[SourceState]
    waiting: int
