"""How much is a paper about a topic, by itself? A score from 0 to 1 that does not depend on what else there is.

The search's scores rank the papers of one question, and say nothing beside another's. A feed has a topic and a threshold, and
needs a score that means the same next year. Cosines alone do not: the papers on one topic may be further from it than strangers
are from another. So each encoder's cosine counts from a floor of the topic's own, its mean cosine with a few texts about
nothing in particular; how much of the way from there up to 1, weighted as the ensemble weights its encoders, is bent by a
logistic curve to a score.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.ensemble import Ensemble
from retrieval.indexing import Blocking
from retrieval.question import topic_of
from retrieval.representation import Matrix, PaperText, Vector
from retrieval.stored_vectors import StoredVectors

DEFAULT_THRESHOLD = 0.5
"""What a paper must reach unless somebody says otherwise."""

LEAST_THRESHOLD = 0.2
"""Below, what passes is mostly about something else, however little a feed gets."""

_MIDDLE = 0.40
_STEEPNESS = 12.0

_REMEMBERED = 2000
_ENCODED_AT_ONCE = 50
_READ_AT_ONCE = 500

_PLAIN_PAPERS = (
    PaperText("A new method", "We propose a new method. Experiments show that it outperforms the state of the art."),
)


class TopicScores:
    """Scores papers for topics, from their stored vectors."""

    def __init__(self, ensemble: Ensemble, stored: StoredVectors, run_blocking: Blocking) -> None:
        self._ensemble = ensemble
        self._stored = stored.only([encoder.model.key for encoder in ensemble.encoders])
        self._run_blocking = run_blocking
        self._plain: list[Vector] | None = None
        self._made: dict[str, tuple[Vector, float]] = {}

    async def scores(self, topics: Sequence[str], content_hashes: Sequence[str]) -> NDArray[np.float64]:
        """Each paper's score for each topic, shape (topics, papers); NaN for a paper that is not encoded yet."""
        asked = await self._asked([topic_of(topic) for topic in topics])
        held = await self._held(content_hashes)
        known = list(dict.fromkeys(one for one in content_hashes if one in held))
        wholes = await self._stored.wholes(known)
        return await self._run_blocking(_scores, asked, known, wholes, content_hashes)

    async def _held(self, content_hashes: Sequence[str]) -> set[str]:
        held = set(content_hashes)
        for encoder in self._ensemble.encoders:
            found: set[str] = set()
            wanted = sorted(held)
            for start in range(0, len(wanted), _READ_AT_ONCE):
                found |= await self._stored.hashes_among(encoder.model.key, wanted[start : start + _READ_AT_ONCE])
            held = found
        return held

    async def _asked(self, topics: Sequence[str]) -> list[tuple[Vector, float]]:
        if self._plain is None:
            self._plain = await self._run_blocking(_plain, self._ensemble)
        found = {topic: self._made.pop(topic) for topic in dict.fromkeys(topics) if topic in self._made}
        new = [topic for topic in dict.fromkeys(topics) if topic not in found]
        for start in range(0, len(new), _ENCODED_AT_ONCE):
            chunk = new[start : start + _ENCODED_AT_ONCE]
            rows = await self._run_blocking(_encode, self._ensemble, self._plain, chunk)
            found.update(zip(chunk, rows, strict=True))
        self._made.update(found)
        while len(self._made) > _REMEMBERED:
            del self._made[next(iter(self._made))]
        return [found[topic] for topic in topics]


def _plain(ensemble: Ensemble) -> list[Vector]:
    return [
        np.mean([paper.whole for paper in encoder.encode_papers(_PLAIN_PAPERS)], axis=0) for encoder in ensemble.encoders
    ]


def _encode(ensemble: Ensemble, plain: Sequence[Vector], topics: Sequence[str]) -> list[tuple[Vector, float]]:
    parts: list[Matrix] = []
    offsets = np.zeros(len(topics))
    for encoder, weight, centre in zip(ensemble.encoders, ensemble.weights, plain, strict=True):
        rows = encoder.encode_questions(topics)
        floors = rows @ centre
        scale = weight / np.maximum(1 - floors, 0.05)
        parts.append(rows * scale[:, np.newaxis])
        offsets += scale * floors
    return list(zip(np.concatenate(parts, axis=1), offsets.tolist(), strict=True))


def _scores(
    asked: list[tuple[Vector, float]], known: list[str], wholes: list[Matrix], content_hashes: Sequence[str]
) -> NDArray[np.float64]:
    places = {content_hash: place for place, content_hash in enumerate(known)}
    scores = np.full((len(asked), len(content_hashes)), np.nan)
    columns = [place for place, one in enumerate(content_hashes) if one in places]
    if not asked or not columns:
        return scores
    rows = np.concatenate(wholes, axis=1)[[places[content_hashes[column]] for column in columns]]
    shares = np.stack([vector for vector, _ in asked]) @ rows.T - np.array([[offset] for _, offset in asked])
    scores[:, columns] = 1 / (1 + np.exp(-_STEEPNESS * (shares - _MIDDLE)))
    return scores


def threshold_for(scores: Sequence[float], days: float, per_day: float) -> float:
    """Preliminary."""
    ranked = sorted((one for one in scores if not math.isnan(one)), reverse=True)
    wanted = round(days * per_day)
    if not ranked or len(ranked) <= wanted:
        return LEAST_THRESHOLD
    middle = (ranked[wanted - 1] + ranked[wanted]) / 2 if wanted else ranked[0] + 0.01
    return max(LEAST_THRESHOLD, min(1.0, round(middle, 2)))
