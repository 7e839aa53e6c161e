"""From questions, or a paper, to ranked papers. Blocking: the event loop calls it through a worker."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Literal, Protocol

import numpy as np

from retrieval.expansion import Extra
from retrieval.fusion import Scores, fed_back, stretched
from retrieval.indexes import Indexes
from retrieval.lexical import Matches
from retrieval.query import Filters, Query
from retrieval.question import topic_of
from retrieval.representation import Matrix, Vector

CANDIDATES = 200  # papers that each stage proposes
_BACKGROUND = 1000  # papers that stand for the corpus, to tell near from far
_REMEMBERED = 1000  # questions: 3 MB at 768 dimensions
# Up to here the papers that pass a filter are named and compared one by one; of more, the graph is asked for so many
# that enough of them should pass, thrice what chance would take: years and topics go together. Measured by
# `papercord bench`: among 100,000 papers both ways take 14 ms here, and the graph 7 ms where 42,000 pass (the other 20).
_FEW = 20_000
_SPARE = 3
_MOST_FETCHED = 2000

Mode = Literal["hybrid", "semantic", "exact"]
"""Search by words and meaning, by meaning alone, or by words alone."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A search: what for, in which mode, and how many papers at most.

    Where nothing but filters is asked, the papers with the highest `order` come first, one of `lexical_fields.NUMBERS`.
    """

    query: Query
    limit: int
    mode: Mode = "hybrid"
    order: str = "published"


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper in a ranking; higher scores are better.

    What the stages gave it: `cosines` by encoder (empty where the paper has no vectors yet, or meaning was not
    asked), its BM25 score `lexical`, and `fused`, the score before the feedback of the best.
    """

    paper_id: str
    score: float
    cosines: tuple[float, ...] = ()
    lexical: float = 0.0
    fused: float = 0.0


@dataclass(frozen=True, slots=True)
class Ranking:
    """Hits, best first.

    `topic` is what was searched, `extras` the words that were added to it, `selected` how many papers pass the
    filters (None: there are none), `matches` what the words found, `best_cosines` the highest by each encoder, whichever
    paper it is, and `floors` its cosine with the papers furthest from the question.
    """

    hits: tuple[Hit, ...]
    topic: str = ""
    extras: tuple[Extra, ...] = ()
    selected: int | None = None
    matches: Matches = field(default_factory=Matches)
    best_cosines: tuple[float, ...] = ()
    floors: tuple[float, ...] = ()


class QuestionEncoder(Protocol):
    """Questions to unit rows that the index's rows can be compared with."""

    def encode_questions(self, questions: Sequence[str]) -> Matrix:
        """One row a question."""
        ...

    def cosines(self, rows: Matrix, question: Vector) -> Matrix:
        """What every encoder thinks of every row, shape (n, encoders)."""
        ...

    @property
    def weights(self) -> tuple[float, ...]:
        """Every encoder's share of meaning; they sum to 1."""
        ...

    @property
    def sentence_place(self) -> int:
        """Which of them reads single words."""
        ...

    def unit_parts(self, vector: Vector) -> list[Vector]:
        """Every encoder's part of one row."""
        ...


@dataclass(frozen=True, slots=True)
class Rules:
    """How a ranking is made: each stage can be weakened or switched off.

    `lexical_weight` is the share of the words in a score, the rest is meaning's; `feedback_weight` the share of what
    the best papers have in common; `expands` whether other words for the question's are looked for, and
    `drops_request` whether "are there any papers on" is taken off.
    """

    lexical_weight: float
    feedback_weight: float
    expands: bool = True
    drops_request: bool = True


class Search:
    """Search by words and by meaning, over the indexes as they stand. Several threads may ask at once."""

    def __init__(self, encoder: QuestionEncoder, indexes: Indexes, rules: Rules) -> None:
        self.indexes = indexes
        self._encoder = encoder
        self._rules = rules
        self._background: Matrix | None = None
        self._vectors = _Remembered(encoder)
        self._expanding = Lock()  # what it remembers is changed by every question

    def find(self, asks: Sequence[Ask]) -> list[Ranking]:
        """The papers that each question is about, best first; waiting questions are best asked together."""
        topics = [self._topic(ask) for ask in asks]
        with_meaning = [
            topic for ask, topic in zip(asks, topics, strict=True) if topic and ask.mode != "exact"
        ]
        vectors = self._vectors.of(with_meaning)
        unfiltered = list(
            dict.fromkeys(
                topic
                for ask, topic in zip(asks, topics, strict=True)
                if topic in vectors and not ask.query.filters and ask.mode != "exact"
            )
        )
        depth = max([CANDIDATES, *(ask.limit for ask in asks)])
        rows = np.stack([vectors[topic] for topic in unfiltered]) if unfiltered else None
        found = [] if rows is None else self.indexes.nearest(rows, depth)
        near: dict[str, list[str]] = dict(zip(unfiltered, found, strict=True))
        return [
            self._rank(ask, topic, None, None)
            if ask.mode == "exact"
            else self._rank(ask, topic, vectors.get(topic), near.get(topic))
            for ask, topic in zip(asks, topics, strict=True)
        ]

    def similar(self, paper_id: str, limit: int) -> Ranking | None:
        """The papers closest in meaning to this one, without it; None if this one is not encoded yet."""
        vector = self.indexes.rows.vector_of(paper_id)
        if vector is None:
            return None
        near = self.indexes.nearest(vector[np.newaxis], limit + 1)[0]
        ids, rows = self.indexes.rows.rows_of([other for other in near if other != paper_id][:limit])
        scores = rows @ vector
        return Ranking(tuple(Hit(ids[place], float(scores[place])) for place in _descending(scores)))

    def question_vector(self, topic: str) -> Vector:
        """What the encoders made of a topic, one combined unit row."""
        return self._vectors.of([topic])[topic]

    def marks(self, topic: str, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """Where in each text words of the topic stand: starts and ends."""
        extras = self._extras(topic, "hybrid")
        return [self.indexes.texts.marks(topic, text, extras) for text in texts]

    def _topic(self, ask: Ask) -> str:
        words = ask.query.words
        return topic_of(words) if self._rules.drops_request else words.strip()

    def _extras(self, topic: str, mode: Mode) -> tuple[Extra, ...]:
        expansion = self.indexes.expansion
        if expansion is None or not self._rules.expands or mode == "semantic":
            return ()
        with self._expanding:
            return tuple(expansion.extras(topic))

    def _emphasis(self, topic: str, vector: Vector | None) -> dict[str, float]:
        """What the topic's words count beside one another, where the corpus is too small to tell."""
        expansion = self.indexes.expansion
        if expansion is None or vector is None or not self._rules.expands:
            return {}
        return expansion.emphasis(topic, self._encoder.unit_parts(vector)[self._encoder.sentence_place])

    def _rank(self, ask: Ask, topic: str, vector: Vector | None, near: list[str] | None) -> Ranking:
        filters = ask.query.filters
        depth = max(CANDIDATES, ask.limit)
        count = self.indexes.texts.count(filters) if filters else None
        if not topic:
            listed = self.indexes.texts.listed(filters, ask.order, ask.limit) if filters else []
            return Ranking(tuple(Hit(paper_id, 1.0) for paper_id in listed), selected=count)
        extras = self._extras(topic, ask.mode)
        matches = self.indexes.texts.matching(
            topic, depth, extras=extras, emphasis=self._emphasis(topic, vector), filters=filters
        )
        if ask.mode == "semantic":
            matches = replace(matches, scores={})  # the verdict hears the words, the ranking does not
        if vector is not None and count is not None:
            near = self._near_passing(vector, filters, count, depth)
        candidates = list(dict.fromkeys(matches.scores) | dict.fromkeys(near or []))
        floors = self._floors(vector) if vector is not None else ()
        hits = self._scored(candidates, matches, vector, floors, ask.mode)
        cosines = [hit.cosines for hit in hits if hit.cosines]
        best = tuple(np.max(cosines, axis=0).tolist()) if cosines else ()
        return Ranking(tuple(hits[: ask.limit]), topic, extras, count, matches, best, floors)

    def _near_passing(self, vector: Vector, filters: Filters, count: int, depth: int) -> list[str]:
        """The nearest of the papers that pass the filters, by whichever way is cheaper."""
        texts, row = self.indexes.texts, vector[np.newaxis]
        fetched = int(_SPARE * depth * len(self.indexes.rows) / max(1, count))
        if count > _FEW and fetched <= _MOST_FETCHED:
            near = self.indexes.nearest(row, fetched)[0]
            passing = texts.passing(filters, near)
            found = [other for other in near if other in passing][:depth]
            if len(found) >= min(depth, count):
                return found  # else what is asked for and what passes are at odds, and only comparing all of it is sure
        return self.indexes.nearest_among(row, depth, texts.selected(filters))[0]

    def _scored(
        self,
        candidates: Sequence[str],
        matches: Matches,
        vector: Vector | None,
        floors: Sequence[float],
        mode: Mode,
    ) -> list[Hit]:
        lexical = np.array([matches.scores.get(paper_id, 0.0) for paper_id in candidates])
        by_words = stretched(lexical, floor=0.0)
        if vector is None:
            return _in_order(candidates, by_words, by_words, lexical, None)
        cosines, rows = self._compared(candidates, vector)
        by_meaning: Scores = np.zeros(len(candidates))
        for column, (weight, floor) in enumerate(zip(self._encoder.weights, floors, strict=True)):
            known = np.nan_to_num(cosines[:, column], nan=floor).astype(np.float64)
            by_meaning += weight * stretched(known, floor=floor)
        share = 0.0 if mode == "semantic" else self._rules.lexical_weight
        fused = share * by_words + (1 - share) * by_meaning
        return _in_order(
            candidates, fed_back(fused, rows, self._rules.feedback_weight), fused, lexical, cosines
        )

    def _compared(self, candidates: Sequence[str], vector: Vector) -> tuple[Matrix, Matrix]:
        """Every encoder's cosine with every candidate (NaN where it has no vectors yet), and their rows (zeros)."""
        known, found = self.indexes.rows.rows_of(candidates)
        places = {paper_id: place for place, paper_id in enumerate(candidates)}
        at = [places[paper_id] for paper_id in known]
        rows = np.zeros((len(candidates), len(vector)), dtype=np.float32)
        rows[at] = found
        cosines = np.full((len(candidates), len(self._encoder.weights)), np.nan, dtype=np.float32)
        cosines[at] = self._encoder.cosines(found, vector)
        return cosines, rows

    def _floors(self, vector: Vector) -> tuple[float, ...]:
        """For every encoder, how similar the question is to the papers that are furthest from it."""
        size = min(_BACKGROUND, len(self.indexes.rows))
        if self._background is None or len(self._background) < size:
            self._background = self.indexes.rows.background(_BACKGROUND)
        if not len(self._background):
            return (0.0,) * len(self._encoder.weights)
        return tuple(self._encoder.cosines(self._background, vector).min(axis=0).tolist())


class _Remembered:
    """Questions that were encoded before need not be again: a list is asked for at each of its pages."""

    def __init__(self, encoder: QuestionEncoder) -> None:
        self._encoder = encoder
        self._lock = Lock()
        self._made: dict[str, Vector] = {}

    def of(self, topics: Sequence[str]) -> dict[str, Vector]:
        """The vector of every topic; those that are new are encoded together."""
        wanted = dict.fromkeys(topics)
        with self._lock:
            found = {topic: self._made.pop(topic) for topic in wanted if topic in self._made}
        new = [topic for topic in wanted if topic not in found]
        if new:
            found.update(zip(new, self._encoder.encode_questions(new), strict=True))
        with self._lock:
            self._made.update(found)  # the most recent last
            while len(self._made) > _REMEMBERED:
                del self._made[next(iter(self._made))]
        return found


def _descending(scores: Scores | Vector) -> list[int]:
    """The places of the scores, the highest first."""
    return [int(place) for place in np.argsort(-scores, kind="stable")]


def _in_order(
    candidates: Sequence[str], scores: Scores, fused: Scores, lexical: Scores, cosines: Matrix | None
) -> list[Hit]:
    meaning: list[tuple[float, ...]] = [()] * len(candidates)
    if cosines is not None:
        # All rows at once: looking at them one by one took a tenth of the search.
        unknown: list[bool] = np.any(np.isnan(cosines), axis=1).tolist()
        rows: list[list[float]] = cosines.tolist()
        meaning = [() if without else tuple(row) for row, without in zip(rows, unknown, strict=True)]
    columns = (candidates, scores.tolist(), meaning, lexical.tolist(), fused.tolist())
    hits = [Hit(*values) for values in zip(*columns, strict=True)]
    return [hits[place] for place in _descending(scores)]
