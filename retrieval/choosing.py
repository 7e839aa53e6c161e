"""Which sentences answer a question best, and how many of them are worth quoting? Pure.

Every sentence of the best papers is scored by its meaning, by the words it shares with the question, by whether it states
what is asked for ("how much memory"), and by its paper. The best is quoted, and further ones that come near it and say
something else.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from retrieval.acronyms import without_plurals
from retrieval.expansion import Extra
from retrieval.lexical_fields import stems
from retrieval.names import title_names
from retrieval.representation import Matrix, Vector
from retrieval.sought import Sought

MOST_QUOTES = 4
MOST_PAPERS = 3
_ADVERT = re.compile(
    r"(?:(?:in|with|through) this (?:paper|work|study|report),? |to (?:this end|address \w+ \w+|tackle [\w ]{3,30}),? )?"
    r"(?:we|this (?:paper|work|report|study|technical \w+)) (?:\w+ )?(?:propos|present|introduc|develop)\w*\b",
    re.IGNORECASE,
)
_STRANGERS = 0.5
"""The cosine of two sentences of a paper that have no more than it in common: they were read together."""
# How near another paper's sentence must be, by its meaning or by its words, beside the best.
_AS_NEAR, _AS_MANY = 0.1, 0.6
_STEMS = stems()


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part of a score counts, and when a sentence is worth quoting beside the best.

    `further` and `other_paper` are how far below the best a further sentence may be, in its paper and in another;
    `repetition` what likeness to a quoted one takes from it.
    """

    cosine: float = 1.0
    share: float = 0.7
    fit: float = 0.6
    paper: float = 0.25
    name: float = 1.2
    title: float = 0.25
    advert: float = 0.07
    further: float = 0.28
    other_paper: float = 0.16
    repetition: float = 0.1


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Source:
    """A paper that may answer: its sentences with their unit vectors (none where it is not encoded), and how it ranks.

    `rank` is from 0 to 1; `is_named`: the question calls the paper by its name.
    """

    paper_id: str
    title: str
    sentences: Sequence[str]
    vectors: Matrix | None
    rank: float
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as sentences are compared with it.

    `vector` is of the encoder that reads sentences, None where meaning is not known; `extras` are other words for its own.
    """

    topic: str
    vector: Vector | None
    extras: Sequence[Extra]
    sought: Sequence[Sought]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence as it is judged; each part goes from 0 to about 1.

    `share` is what it has of the worth of the question's words, `title` what its paper's title has, `fits` what it has
    of each kind of thing that is asked for.
    """

    source: Source
    place: int
    cosine: float
    share: float
    title: float
    fits: tuple[float, ...]
    is_advert: bool

    @property
    def fit(self) -> float:
        """What it has of any of the things that are asked for."""
        return max(self.fits, default=0.0)

    @property
    def sentence(self) -> str:
        """Word for word."""
        return self.source.sentences[self.place]

    def score(self, weights: Weights = WEIGHTS) -> float:
        """How well it answers, beside others for the same question."""
        return (
            weights.cosine * self.cosine
            + weights.share * self.share
            + weights.title * self.title
            + weights.fit * self.fit
            + weights.paper * self.source.rank
            + weights.name * self.source.is_named
            - weights.advert * self.is_advert
        )


def candidates(asked: Asked, sources: Sequence[Source]) -> list[Candidate]:
    """Every sentence of the papers, judged."""
    words = _Words(asked, sources)
    return [
        Candidate(
            source,
            place,
            cosine,
            words.share(sentence),
            words.share(source.title),
            tuple(sought.fit(sentence) for sought in asked.sought),
            _ADVERT.match(sentence) is not None,
        )
        for source in sources
        for place, (sentence, cosine) in enumerate(
            zip(source.sentences, _cosines(asked.vector, source), strict=True)
        )
    ]


def chosen(found: Sequence[Candidate], weights: Weights | None = None) -> list[Candidate]:
    """The sentences to quote: the best first, then what else its paper says, then other papers."""
    if not found:
        return []
    weights = weights or WEIGHTS
    scores = {id(one): one.score(weights) for one in found}
    best = max(found, key=lambda one: scores[id(one)])
    picked = [best]
    rest = sorted((one for one in found if one.sentence != best.sentence), key=lambda one: -scores[id(one)])
    while rest and len(picked) < MOST_QUOTES:
        worth = [
            scores[id(one)] - weights.repetition * _likeness(one, picked) + weights.fit * _adds(one, picked)
            for one in rest
        ]
        place = max(range(len(rest)), key=worth.__getitem__)
        one = rest.pop(place)
        if worth[place] < scores[id(best)] - max(weights.further, weights.other_paper) - weights.repetition:
            break
        if _may_join(one, scores[id(best)] - worth[place], picked, weights):
            picked.append(one)
            rest = [other for other in rest if other.sentence != one.sentence]
    order = list(dict.fromkeys(one.source.paper_id for one in picked))
    return sorted(picked, key=lambda one: order.index(one.source.paper_id))


def _may_join(one: Candidate, below: float, picked: Sequence[Candidate], weights: Weights) -> bool:
    papers, best = {other.source.paper_id for other in picked}, picked[0]
    if one.source.paper_id == best.source.paper_id:
        return below <= weights.further
    if best.source.is_named and not one.source.is_named:
        return False
    if one.cosine < best.cosine - _AS_NEAR and one.share < best.share * _AS_MANY:
        return False  # a number of the kind that is asked for, of something else
    return below <= weights.other_paper and len(papers | {one.source.paper_id}) <= MOST_PAPERS


def _likeness(one: Candidate, picked: Sequence[Candidate]) -> float:
    """How like a sentence that is quoted already, from 0 to 1."""
    likeness = 0.0
    for other in picked:
        if one.source.vectors is not None and other.source.vectors is not None:
            cosine = float(one.source.vectors[one.place] @ other.source.vectors[other.place])
            likeness = max(likeness, (cosine - _STRANGERS) / (1 - _STRANGERS))
    return likeness


def _adds(one: Candidate, picked: Sequence[Candidate]) -> float:
    """What it has of a thing that is asked for and that no quoted sentence has."""
    so_far = [max(fits) for fits in zip(*(other.fits for other in picked), strict=True)]
    return max((fit - has for fit, has in zip(one.fits, so_far, strict=True)), default=0.0)


def _cosines(vector: Vector | None, source: Source) -> list[float]:
    if vector is None or source.vectors is None or len(source.vectors) != len(source.sentences):
        return [0.0] * len(source.sentences)
    return (source.vectors @ vector).tolist()


class _Words:
    """What the question's words are worth among these papers, and what of it a text has.

    The name of a paper that is asked about says which paper, and nothing about its sentences.
    """

    def __init__(self, asked: Asked, sources: Sequence[Source]) -> None:
        texts = [stems_of(sentence) for source in sources for sentence in (*source.sentences, source.title)]
        self._others = {
            frozenset(stems_of(extra.term)): (stems_of(extra.because), extra.weight) for extra in asked.extras
        }
        held: Counter[str] = Counter(stem for text in texts for stem in text)
        names = {
            stem
            for source in sources
            if source.is_named
            for name in title_names(source.title)
            for stem in stems_of(name)
        }
        wanted = stems_of(asked.topic)
        self._worth = {
            stem: math.log(1 + (len(texts) + 0.5) / (held[stem] + 0.5)) for stem in (wanted - names) or wanted
        }

    def share(self, text: str) -> float:
        """From 0 to 1; another word for one of the question's counts by its weight."""
        has = stems_of(text)
        held = {stem: 1.0 for stem in self._worth if stem in has}
        for term, (because, weight) in self._others.items():
            if term and term <= has:
                for stem in because & self._worth.keys():
                    held[stem] = max(held.get(stem, 0.0), weight)
        whole = math.fsum(self._worth.values())
        return math.fsum(self._worth[stem] * part for stem, part in held.items()) / whole if whole else 0.0


@lru_cache(maxsize=8192)
def stems_of(text: str) -> frozenset[str]:
    """The stems of a text's words; stop words have none."""
    return frozenset(_STEMS.analyze(without_plurals(text)))
