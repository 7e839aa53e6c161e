"""How much is a paper about a topic, by itself? A score from 0 to 1 that does not depend on what else there is.

The search's scores rank the papers of one question, and say nothing beside another's. A feed has a topic and a threshold,
and needs scores that mean the same for every topic, and next year. A cosine does not: "quantization" is further from every
paper on it than "diffusion language models" from papers on something else. What makes the difference is how close a topic
is to any paper at all; so each encoder's cosine counts from a floor of the topic's own, its mean cosine with a few papers
of other fields. They are written down here, so that a floor never moves.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.ensemble import Ensemble
from retrieval.indexing import Blocking
from retrieval.question import topic_of
from retrieval.representation import Matrix, PaperText, Vector
from retrieval.stored_vectors import StoredVectors

TopicMatrix = NDArray[np.float64]
"""Of shape (topics, papers), from 0 to 1; NaN for a paper without vectors."""

DEFAULT_THRESHOLD = 0.5
"""What a paper must reach unless somebody says otherwise: rather too few papers than wrong ones."""
LEAST_THRESHOLD = 0.2
"""The lowest that is proposed: of what comes between here and the default, most is beside the topic already."""

_NEEDED = 0.30
_NEEDED_BY_LENGTH = 0.04
"""The way from a topic's floor up to 1 that makes a score of .5: for a single word, and more for each unit of the logarithm
of the number of words, since a long topic has more in it that a paper may touch. Set where F0.5 is best for autoscholar's
topics, of some 10 words, and for keywords, of some 2, together; by itself the former would have .01 more, the latter .04 less
(`python -m benchmarks.feed_topics`)."""
_STEEPNESS = 12.0
"""Of the logistic curve: a paper at the floor scores .03, and the best on a topic .8 and more. It decides on no paper at the
default threshold; a probability would be steeper, and crowd the scores that a threshold is chosen among."""
_LEAST_ROOM = 0.05  # between a floor and 1: no encoder that is worth the name leaves less

_REMEMBERED = 2000  # topics: 6 MB at 768 dimensions
_ENCODED_AT_ONCE = 25  # topics; whatever else the worker has to do waits for no more than that
_READ_AT_ONCE = 500  # contents in one IN (…); databases limit the parameters of a statement

_OPENING = (
    "Recent advances in large language models and deep learning have led to remarkable progress, yet existing approaches "
    "remain limited in efficiency, robustness and generalization. To address these challenges, we propose a novel "
    "framework that is simple, effective and scalable across diverse tasks and domains."
)
_CLOSING = (
    "Extensive experiments on several benchmarks demonstrate that the proposed method consistently outperforms "
    "state-of-the-art baselines. Our code and models are publicly available. We conduct comprehensive evaluations and "
    "ablation studies, and our findings provide insights for future research."
)
_SUBJECTS = {
    "Reading Scenes with Fewer Labels": "Object detectors need many boxes drawn by hand. We train on images with coarse "
    "labels and refine the regions that the network proposes, which improves average precision on two benchmarks.",
    "Policies That Explore": "Reinforcement learning agents often stop too early to explore. We add a bonus for states "
    "that are hard to predict, and show higher returns in games and in simulated control.",
    "Rates for Stochastic Gradients": "We analyse stochastic gradient descent on non-convex objectives. Under mild "
    "smoothness we prove convergence rates that match the lower bound up to logarithmic factors.",
    "Segmenting Organs": "We present a network that segments organs and lesions in CT and MRI scans. Trained on few "
    "annotated patients, it reaches the agreement of radiologists on three hospitals' data.",
    "Drawing What Is Described": "We generate images from text with a latent diffusion model. A guidance of the layout "
    "improves the faithfulness to the prompt, as people judge it, at no loss of quality.",
    "Fooled by Small Changes": "Deep classifiers err on inputs that were changed imperceptibly. We propose a defence with "
    "certified guarantees, and evaluate it against strong adaptive attacks.",
    "A Corpus of Questions": "We introduce a dataset of questions that need several documents to answer. Baselines of "
    "retrieval and reading stay far behind people, and we analyse where they fail.",
    "Forecasting Many Series": "We forecast energy demand and traffic with a transformer over patches of time series. It "
    "handles missing values and long horizons, and outperforms statistical baselines.",
    "Who Is Treated Fairly": "We audit classifiers for bias against groups of people. Common metrics of fairness "
    "conflict, and we discuss what practitioners and regulators should ask of such systems.",
    "Causes from Observations": "We estimate effects of treatments from observational data with hidden confounders. A "
    "doubly robust estimator is consistent under assumptions that can be tested.",
    "Looking and Answering": "We align an image encoder with a language model to answer questions on pictures and charts. "
    "Instruction tuning on few, careful examples reduces hallucinated objects.",
    "Learning Without Labels": "We learn visual representations by contrasting augmented views. Without labels, features "
    "transfer to classification and segmentation about as well as supervised ones.",
    "Understanding Videos": "We recognise actions in long videos by sampling informative frames. A memory of earlier "
    "clips keeps the cost low, and accuracy improves on three benchmarks.",
    "Gaussian Processes, Faster": "We approximate posteriors of Gaussian processes with sparse inducing points. "
    "Uncertainty estimates stay calibrated while the cost becomes linear in the data.",
    "Relations Between Entities": "We extract entities and relations from sentences and complete knowledge graphs with "
    "them. Joint training with distant supervision improves F1 on news and on biomedical text.",
    "Driving in Traffic": "We predict the motion of vehicles and pedestrians and plan the path of a self-driving car. "
    "Evaluation in closed loop shows fewer collisions than imitation alone.",
}
_ANY_PAPERS = tuple(
    PaperText(title, f"{_OPENING} {subject} {_CLOSING}") for title, subject in _SUBJECTS.items()
)
"""A floor is the mean cosine with these. What every abstract says matters most: with it these 16 do as well as 500 real
papers of many fields, without it less well, and so do the 52 bundled ones, which are all of one field."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A topic, ready to be compared: a paper's way above the floors is `row` · its vectors side by side − `floor`.

    `needed` is the way that makes a score of .5.
    """

    row: Vector
    floor: float
    needed: float


class TopicScores:
    """Scores papers for topics, by the vectors in one database.

    Only these matter: the topic, the paper, the encoders and their weights. Safe for several tasks of one event loop.
    """

    def __init__(self, ensemble: Ensemble, stored: StoredVectors, run_blocking: Blocking) -> None:
        self._ensemble = ensemble
        self._stored = stored.only([encoder.model.key for encoder in ensemble.encoders])
        self._run_blocking = run_blocking
        self._any_papers: list[Vector] = []
        self._remembered: dict[str, _Asked] = {}

    async def scores(self, topics: Sequence[str], content_hashes: Sequence[str]) -> TopicMatrix:
        """How much each paper is about each topic; a leading request ("papers about …") is no part of it.

        Each topic is encoded once, as long as not thousands of others are asked for. Raises ModelError.
        """
        held = await self._held(content_hashes)
        wholes = await self._stored.wholes(held) if held else []
        asked = await self._asked([topic_of(topic) for topic in topics])
        return await self._run_blocking(_compared, asked, held, wholes, content_hashes)

    async def _held(self, content_hashes: Iterable[str]) -> list[str]:
        """Those of the contents that every encoder has read, each once."""
        held = list(dict.fromkeys(content_hashes))
        for encoder in self._ensemble.encoders:
            chunks = (held[start : start + _READ_AT_ONCE] for start in range(0, len(held), _READ_AT_ONCE))
            found = [await self._stored.hashes_among(encoder.model.key, chunk) for chunk in chunks]
            held = sorted(set[str]().union(*found))
        return held

    async def _asked(self, topics: Sequence[str]) -> list[_Asked]:
        wanted = list(dict.fromkeys(topics))
        found = {topic: self._remembered[topic] for topic in wanted if topic in self._remembered}
        new = [topic for topic in wanted if topic not in found]
        if new and not self._any_papers:
            self._any_papers = await self._run_blocking(_any_papers, self._ensemble)
        for start in range(0, len(new), _ENCODED_AT_ONCE):
            chunk = new[start : start + _ENCODED_AT_ONCE]
            made = await self._run_blocking(_read, self._ensemble, self._any_papers, chunk)
            found.update(zip(chunk, made, strict=True))
        self._remember(found)
        return [found[topic] for topic in topics]

    def _remember(self, found: dict[str, _Asked]) -> None:
        for topic, asked in found.items():
            self._remembered.pop(topic, None)
            self._remembered[topic] = asked  # the most recent last
        while len(self._remembered) > _REMEMBERED:
            del self._remembered[next(iter(self._remembered))]


def threshold_for(scores: Sequence[float], days: float, per_day: float) -> float:
    """The threshold that lets about `per_day` papers a day through, by the scores of those of the last days.

    It lies between two scores and has two digits, so that it can be copied. Where scores are closer than that, it is on the
    side that comes nearer to what is wanted, the higher at a draw. At least one paper is let through, unless none scores
    `LEAST_THRESHOLD`: it is never lower, though fewer come then than are wanted. Papers that are not encoded (NaN) do not
    count. Without any, it is the default. Raises ValueError unless both `days` and `per_day` are above 0.
    """
    if not (days > 0 and per_day > 0):
        raise ValueError(f"papers a day are asked for, in some days: not {per_day:g} in {days:g}")
    ranked = sorted((score for score in scores if not math.isnan(score)), reverse=True)
    if not ranked:
        return DEFAULT_THRESHOLD
    wanted = max(1, round(days * per_day))
    if wanted >= len(ranked):
        return LEAST_THRESHOLD
    hundredths = 100 * (ranked[wanted - 1] + ranked[wanted]) / 2
    either = (math.ceil(hundredths) / 100, math.floor(hundredths) / 100)
    nearest = min(either, key=lambda threshold: _missed_by(ranked, threshold, wanted))
    return max(LEAST_THRESHOLD, nearest)


def _missed_by(scores: Sequence[float], threshold: float, wanted: int) -> int:
    return abs(sum(score >= threshold for score in scores) - wanted)


def _any_papers(ensemble: Ensemble) -> list[Vector]:
    """The mean of their vectors, for every encoder: a topic's mean cosine with them is its cosine with that."""
    wholes = ([made.whole for made in encoder.encode_papers(_ANY_PAPERS)] for encoder in ensemble.encoders)
    return [np.stack(rows).mean(axis=0, dtype=np.float32) for rows in wholes]


def _read(ensemble: Ensemble, any_papers: Sequence[Vector], topics: Sequence[str]) -> list[_Asked]:
    """The topics as they are compared.

    The way from a floor up to 1 is (cosine − floor) / (1 − floor); the encoders' are summed by weight.
    """
    parts: list[Matrix] = []
    floors = np.zeros(len(topics))
    for encoder, weight, centre in zip(ensemble.encoders, ensemble.weights, any_papers, strict=True):
        rows = encoder.encode_questions(topics)
        floor: Vector = rows @ centre
        scale = (weight / np.maximum(1 - floor, _LEAST_ROOM)).astype(np.float32)
        parts.append(rows * scale[:, np.newaxis])
        floors += floor * scale
    together: Matrix = np.concatenate(parts, axis=1)
    made = zip(topics, together, floors.tolist(), strict=True)
    return [_Asked(row, floor, _needed(topic)) for topic, row, floor in made]


def _needed(topic: str) -> float:
    return _NEEDED + _NEEDED_BY_LENGTH * math.log(max(1, len(topic.split())))


def _compared(
    asked: Sequence[_Asked], held: Sequence[str], wholes: Sequence[Matrix], content_hashes: Sequence[str]
) -> TopicMatrix:
    scores = np.full((len(asked), len(content_hashes)), np.nan)
    if not asked or not held:
        return scores
    rows = np.concatenate(wholes, axis=1)
    way = np.stack([one.row for one in asked]) @ rows.T - np.array([[one.floor] for one in asked])
    above = way - np.array([[one.needed] for one in asked])
    places = {content_hash: place for place, content_hash in enumerate(held)}
    columns = [column for column, content_hash in enumerate(content_hashes) if content_hash in places]
    known = [places[content_hashes[column]] for column in columns]
    scores[:, columns] = (1 / (1 + np.exp(-_STEEPNESS * above)))[:, known]
    return scores
