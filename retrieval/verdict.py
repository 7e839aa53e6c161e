"""Is there anything in the corpus on this question? Pure: the search brings the evidence.

A corpus always has a nearest paper, so a ranking alone cannot say "not in this corpus". The calibrated rule is a
logistic regression over the evidence. It was fitted on questions of 52, 10,000 and 100,000 papers (a half of
benchmarks/refusal, tests/retrieval's, and autoscholar's); `_PAPERS`, `_BASE` and `_SAID` were then set by hand with both
halves in view. It holds for the default pair of encoders only.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_SENTENCE = 11.8
_CORPUS = 18.8
_LEXICAL = 3.82
_WORDS = 1.5  # a long question has more chances to be near something, but it also says what it wants
_PAPERS = -1.0  # the best of many papers is nearer by chance alone
_MATCH = -12.6
_COVERED = 5.95
_SAID = 2.5
_BASE = -16.1
"""The coefficients. `python -m benchmarks.refusal` counts what they get right."""

_LEAST_PAPERS = 50  # below, the score is as for this many
_PAPERS_UNIT = 52  # the smallest corpus it was fitted on
_SURE_MATCH = 1.15  # more than this says nothing more about how well a label fits

_SINGLE_WORD_SHARE = 2.0
_MEANT = 0.45
"""One frequent word ("what time is it") gets a share over 2 by its repetitions in one abstract. It counts in full only
where meaning agrees: among 10,000 papers the sentence similarity of "translation" and "attention" is .49 and .51, that
of "time" and "people" .32 and .41."""

MIN_EVIDENCE = 0.7
"""For encoders that the calibrated rule was not fitted for; set with each of the default encoders alone, on the 52 bundled
papers."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the stages of a search found out about a question; a refusal is explained with it.

    `similarities` is the best cosine over the corpus, for each encoder in the order of the ensemble.
    `sentence_similarity` is the best cosine by the first encoder of the first three hits or one of their sentences.
    `lexical_share` is the best BM25 score divided by the sum of the question's idf: how much of what its words are
    worth one paper has; seldom over 3. `words` counts the distinct terms that the text index sees in the question.
    `papers` is the size of the corpus. `match` and `covered` are of `retrieval.topics`: how close the question is to
    what people ask about, and how close the papers come to the same topics; at most 1.5 each. `floors` is the cosine
    with the papers that are furthest from the question, for each encoder; empty where it is not known. `is_said`: some
    paper says the question's words, two or more, just so.
    """

    similarities: tuple[float, ...]
    sentence_similarity: float
    lexical_share: float
    words: int
    papers: int
    match: float
    covered: float
    floors: tuple[float, ...] = ()
    is_said: bool = False


Verdict = Callable[[Evidence], bool]
"""Whether the corpus has something on the question."""


def is_found(evidence: Evidence, strictness: float = 0.0) -> bool:
    """The calibrated verdict; for the default pair of encoders.

    `strictness` moves the line, in units of the score: .6 refuses some 4 of 100 absent topics more and 2 of 100
    questions that have an answer, −.6 about the reverse. Nothing is found in an empty corpus, or where a question has no
    word of its own. Raises ValueError for evidence of other than two encoders.
    """
    if not evidence.papers or not evidence.words:
        return False
    return score(evidence) >= strictness


def score(evidence: Evidence) -> float:
    """The log odds that the corpus has something on the question. Raises ValueError as `contributions` does."""
    return math.fsum(contributions(evidence).values())


def contributions(evidence: Evidence) -> dict[str, float]:
    """What each field of the evidence adds to the score or takes from it; `base` is what it starts from.

    Raises ValueError for evidence of other than two encoders: the rule was not fitted for it.
    """
    if len(evidence.similarities) != 2:  # noqa: PLR2004 - the pair it was fitted for
        raise ValueError(
            f"the calibrated verdict is for a pair of encoders, not {len(evidence.similarities)}"
        )
    return {
        "base": _BASE,
        "similarities": _CORPUS * evidence.similarities[1],
        "sentence_similarity": _SENTENCE * evidence.sentence_similarity,
        "lexical_share": _LEXICAL * _counted_share(evidence),
        "words": _WORDS * math.log(max(evidence.words, 1)),
        "papers": _PAPERS * math.log(max(evidence.papers, _LEAST_PAPERS) / _PAPERS_UNIT),
        "match": _MATCH * min(evidence.match, _SURE_MATCH),
        "covered": _COVERED * evidence.covered,
        "is_said": _SAID * evidence.is_said,
    }


def has_enough(
    evidence: Evidence, min_evidence: float = MIN_EVIDENCE, weights: Sequence[float] | None = None
) -> bool:
    """The plain verdict, for any encoders: meaning and words together reach a threshold.

    Meaning is the mean of the similarities, weighted as the ensemble weights its encoders (alike by default). Each counts
    from its floor up to 1: what one model says of two strangers another says of twins. Raises ValueError if there is not
    one weight, and one floor if any, for each similarity.
    """
    if not evidence.papers or not evidence.similarities:
        return False
    shares = [1.0] * len(evidence.similarities) if weights is None else weights
    floors = evidence.floors or [0.0] * len(evidence.similarities)
    parts = zip(shares, evidence.similarities, floors, strict=True)
    meaning = math.fsum(share * _above(floor, cosine) for share, cosine, floor in parts) / math.fsum(shares)
    return meaning + evidence.lexical_share >= min_evidence


def _above(floor: float, cosine: float) -> float:
    """How much of the way from the floor up to 1; none where the floor is 1."""
    return (cosine - floor) / (1 - floor) if floor < 1 else 0.0


def _counted_share(evidence: Evidence) -> float:
    if evidence.words > 1 or evidence.sentence_similarity >= _MEANT:
        return evidence.lexical_share
    return min(evidence.lexical_share, _SINGLE_WORD_SHARE)
