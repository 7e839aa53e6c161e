"""The extractive answer: quotes that stand in the abstracts word for word, or a refusal with the nearest misses."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.importing import bundled_papers
from corpus.paper import Paper
from corpus.store import PaperStore
from retrieval.answer import Answer
from retrieval.answers import Answerer
from retrieval.choosing import MOST_PAPERS, MOST_QUOTES
from retrieval.finder import Finder
from retrieval.indexes import Indexes
from retrieval.representation import split_sentences
from retrieval.search import Ask, Ranking, Rules, Search
from retrieval.stored_vectors import StoredVectors
from retrieval.verdict import Evidence, has_enough
from tests.conftest import WORDS, at_once

SPECMEMO, LLMCAD, SPECEE, SCALING_LAWS = "2506.01986", "2309.04255", "2504.08850", "2505.07858"
SENTENCES = {paper.id: split_sentences(paper.abstract) for paper in bundled_papers()}
SOME_WORDS = sorted({word for sentences in SENTENCES.values() for one in sentences for word in one.split()})


def answerer_over(
    store: PaperStore, vectors: StoredVectors, indexes: Indexes, verdict=has_enough
) -> Answerer:
    search = Search(WORDS, indexes, Rules(lexical_weight=0.5, feedback_weight=0.0))

    async def alone(one: Ask) -> Ranking:
        [ranking] = search.find([one])
        return ranking

    finder = Finder(search, WORDS, vectors, verdict, alone, at_once)
    return Answerer(finder, store.get_many, vectors, WORDS, at_once)


def always(_evidence: Evidence) -> bool:
    return True


@pytest.fixture
def answerer(store: PaperStore, vectors: StoredVectors, indexes: Indexes) -> Answerer:
    return answerer_over(store, vectors, indexes)


@pytest.fixture
def credulous(store: PaperStore, vectors: StoredVectors, indexes: Indexes) -> Answerer:
    """One to whom every topic is in the corpus."""
    return answerer_over(store, vectors, indexes, always)


def check(answer: Answer) -> None:
    """What holds whatever was asked."""
    assert answer.refused is (not answer.quotes)
    assert [quote.number for quote in answer.quotes] == list(range(1, len(answer.quotes) + 1))
    assert len(answer.quotes) <= MOST_QUOTES
    papers = [quote.paper_id for quote in answer.quotes]
    assert len(set(papers)) <= MOST_PAPERS
    assert papers == sorted(papers, key=papers.index), "a paper's quotes stand together"
    for quote in answer.quotes:
        assert quote.sentence in SENTENCES[quote.paper_id]
    assert len({quote.sentence for quote in answer.quotes}) == len(answer.quotes)
    if answer.quotes:
        assert answer.misses == ()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    question=st.one_of(
        st.text(max_size=80), st.lists(st.sampled_from(SOME_WORDS), min_size=1, max_size=12).map(" ".join)
    )
)
async def test_whatever_is_asked_quotes_are_verbatim_and_numbered_from_1(credulous: Answerer, question: str):
    answer = await credulous.answer(question)
    check(answer)
    assert answer.question == question


async def test_a_question_is_answered_by_the_sentence_that_says_it(answerer: Answerer):
    answer = await answerer.answer("which token tree does the smaller LLM construct?")
    check(answer)
    assert answer.quotes[0].paper_id == LLMCAD
    assert "construct a token tree" in answer.quotes[0].sentence


async def test_what_is_not_here_is_refused_with_the_nearest_misses(answerer: Answerer):
    answer = await answerer.answer("how long must sourdough rise before baking bread?")
    assert answer.refused
    assert len(answer.misses) <= 3
    assert set(answer.misses) <= SENTENCES.keys()


async def test_nothing_asked_is_refused_without_misses(answerer: Answerer):
    for question in ("", "  \n"):
        assert await answerer.answer(question) == Answer(question, refused=True)
    assert await answerer.answer("speculative decoding", among=[]) == Answer(
        "speculative decoding", refused=True
    )


async def test_a_paper_that_is_named_answers_though_others_share_more_words(credulous: Answerer):
    question = "what does SpecEE say on speculative decoding memory for mobile devices and chatbots"
    answer = await credulous.answer(question)
    check(answer)
    assert {quote.paper_id for quote in answer.quotes} == {SPECEE}
    assert (await credulous.answer(question.lower())).quotes == answer.quotes


async def test_a_question_for_a_figure_is_answered_by_a_sentence_that_has_one(credulous: Answerer):
    answer = await credulous.answer("specmemo speedup?")
    assert answer.quotes[0].paper_id == SPECMEMO
    assert any("2x speedup" in quote.sentence for quote in answer.quotes)


async def test_a_figure_that_no_sentence_states_is_refused_and_the_paper_is_the_nearest_miss(
    credulous: Answerer,
):
    for question in (
        "how many watts does SpecMemo draw?",
        "on which phones was LLMCad tested?",
        "how many seconds does LLMCad take per token?",
    ):
        answer = await credulous.answer(question)
        assert answer.refused, question
        assert answer.misses[0] in {SPECMEMO, LLMCAD}


async def test_only_the_papers_that_are_given_answer(credulous: Answerer):
    answer = await credulous.answer("speculative decoding on mobile devices", among=[LLMCAD])
    check(answer)
    assert {quote.paper_id for quote in answer.quotes} == {LLMCAD}
    assert (await credulous.answer("decoding", among=["unknown"])).refused


async def test_two_things_asked_are_both_quoted(credulous: Answerer):
    answer = await credulous.answer("how fast is PowerInfer-2 and how much memory does it need?")
    said = " ".join(quote.sentence for quote in answer.quotes)
    assert "40% reduction in memory" in said
    assert "29.2x" in said or "11.68 tokens per second" in said


async def test_a_paper_in_the_conversation_comes_before_others_that_answer_as_well(credulous: Answerer):
    question = "inference"
    first = (await credulous.answer(question)).quotes[0].paper_id
    came_first: list[str] = []
    for other in SENTENCES:
        answer = await credulous.answer(question, context=[other])
        check(answer)
        assert answer.quotes[0].paper_id in {first, other}
        came_first.append(answer.quotes[0].paper_id)
    assert len(set(came_first)) > 1


async def test_a_paper_in_the_conversation_that_is_gone_or_beside_the_question_does_no_harm(
    credulous: Answerer,
):
    plain = await credulous.answer("SpecMemo speedup")
    assert (await credulous.answer("SpecMemo speedup", context=["unknown", LLMCAD])).quotes == plain.quotes
    only = await credulous.answer("speculative decoding", among=[SPECMEMO], context=[LLMCAD])
    assert {quote.paper_id for quote in only.quotes} == {SPECMEMO}


async def test_papers_without_vectors_are_quoted_by_their_words(
    store: PaperStore, vectors: StoredVectors, indexes: Indexes
):
    indexes.rows.remove(list(indexes.rows.contents()))
    unread = vectors.only(["another"])
    search = Search(WORDS, indexes, Rules(lexical_weight=0.5, feedback_weight=0.0))

    async def alone(one: Ask) -> Ranking:
        [ranking] = search.find([one])
        return ranking

    async def none_encoded(ids: Sequence[str]) -> list[Paper]:
        return [Paper(one.title, one.abstract + " ", one.arxiv_id) for one in await store.get_many(ids)]

    answerer = Answerer(
        Finder(search, WORDS, unread, has_enough, alone, at_once), none_encoded, unread, WORDS, at_once
    )
    answer = await answerer.answer("compact LLM generating straightforward tokens in memory")
    check(answer)
    assert answer.quotes[0].paper_id == LLMCAD
    assert (await answerer.answer("sourdough decoding rises in warm kitchens overnight")).refused
