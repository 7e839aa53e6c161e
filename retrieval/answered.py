"""Do these sentences answer the question, or are they only near it? Pure.

The verdict of `retrieval.verdict` says whether the corpus has the topic. A question on a topic that is here, for something
that no abstract says ("how many watts does it draw?"), passes it. What gives such a question away is that no sentence
states the kind of thing that is asked for, or that a name in it stands nowhere in the paper.

A logistic rule; its coefficients were fitted on the `tune` half of benchmarks/answers, and rounded.
"""

import math
from dataclasses import dataclass

_TOPIC = 0.25
_COSINE = 3.0
_SHARE = 1.5
_MISSING = -3.5
_LACKING = -5.0
_BASE = -0.1

_SURE = 6.0  # of the topic, either way: more says nothing more
_MOST_MISSING = 2
_GIVEN = 3.0
"""What a topic's score gains where the papers are given: "how fast is it?" names no topic, and need not."""
_ENOUGH_WORDS = 0.3  # where no meaning is known


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a verdict on an answer rests on.

    `topic` is the score of `verdict.score`, None where the encoders are not those that it was fitted for; `found` its
    verdict. `cosine` and `share` are the highest of a quoted sentence, meaning and words; None for a paper that is not
    encoded. `missing` counts the names in the question that the paper does not have; `lacking`, from 0 to 1, says how far
    the sentences are from stating the kind of thing that is asked for. `given`: the papers were chosen by the reader.
    """

    found: bool
    topic: float | None
    cosine: float | None
    share: float
    missing: int
    lacking: float
    given: bool = False


def is_answered(grounds: Grounds) -> bool:
    """Whether the sentences are worth showing as an answer."""
    if grounds.topic is None or grounds.cosine is None:
        enough = grounds.cosine is not None or grounds.share >= _ENOUGH_WORDS
        return (grounds.found or grounds.given) and enough and grounds.lacking < 1 and not grounds.missing
    return math.fsum(contributions(grounds).values()) >= 0


def contributions(grounds: Grounds) -> dict[str, float]:
    """What each of the grounds adds to the log odds that it is an answer, or takes from them."""
    topic = (grounds.topic or 0.0) + _GIVEN * grounds.given
    return {
        "base": _BASE,
        "topic": _TOPIC * max(-_SURE, min(_SURE, topic)),
        "cosine": _COSINE * (grounds.cosine or 0.0),
        "share": _SHARE * grounds.share,
        "missing": _MISSING * min(grounds.missing, _MOST_MISSING),
        "lacking": _LACKING * grounds.lacking,
    }
