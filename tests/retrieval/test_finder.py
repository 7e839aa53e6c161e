"""What readers get: a ranking with a verdict that rests on evidence, and the sentences that answer."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from corpus.paper import Paper
from corpus.store import PaperStore
from retrieval.corpus_words import CorpusWords
from retrieval.ensemble import Ensemble
from retrieval.expansion import Expansion
from retrieval.finder import Finder
from retrieval.indexes import Indexes
from retrieval.lexical_fields import stem
from retrieval.query import Filters
from retrieval.representation import PaperVectors, split_sentences
from retrieval.search import Ask, Ranking, Rules, Search
from retrieval.stored_vectors import StoredVectors
from retrieval.verdict import Evidence
from tests.conftest import WORDS, at_once
from tests.retrieval.making import FixedEncoder, ask, unit_rows

SPECMEMO = "2506.01986"
RULES = Rules(lexical_weight=0.5, feedback_weight=0.0)


class Judge:
    """Says what it was told to say, and keeps the evidence it was given."""

    def __init__(self, *, says: bool) -> None:
        self.says = says
        self.seen: list[Evidence] = []

    def __call__(self, evidence: Evidence) -> bool:
        self.seen.append(evidence)
        return self.says


def finder_with(judge: Judge, indexes: Indexes, vectors: StoredVectors, ensemble: Ensemble = WORDS) -> Finder:
    search = Search(ensemble, indexes, RULES)

    async def alone(one: Ask) -> Ranking:
        [ranking] = search.find([one])
        return ranking

    return Finder(search, ensemble, vectors, judge, alone, at_once)


@pytest.fixture
def judge() -> Judge:
    return Judge(says=True)


@pytest.fixture
def finder(judge: Judge, indexes: Indexes, vectors: StoredVectors) -> Finder:
    return finder_with(judge, indexes, vectors)


@pytest.fixture
async def specmemo(store: PaperStore) -> Paper:
    paper = await store.get(SPECMEMO)
    assert paper is not None
    return paper


@pytest.mark.parametrize("says", [True, False])
async def test_the_verdict_decides_whether_what_is_nearest_is_found(
    finder: Finder, judge: Judge, *, says: bool
):
    judge.says = says
    answer = await finder.find(ask("speculative decoding on mobile"))
    assert answer.found is says
    assert answer.ranking.hits[0].paper_id == SPECMEMO, "a refusal shows the nearest misses"
    assert judge.seen == [answer.evidence]


async def test_the_evidence_is_what_the_stages_found_out(finder: Finder):
    answer = await finder.find(ask("speculative decoding on mobile"))
    seen, ranking = answer.evidence, answer.ranking
    assert seen is not None
    assert seen.similarities == ranking.best_cosines
    assert seen.lexical_share == ranking.matches.share > 0
    assert (seen.words, seen.papers) == (3, 52)
    assert seen.sentence_similarity >= max(hit.cosines[0] for hit in ranking.hits[:3])
    assert (seen.match, seen.covered) == (0.0, 0.0), "no topics were learned"


async def test_one_sentence_on_the_question_is_evidence_though_its_paper_is_about_else(
    finder: Finder, specmemo: Paper
):
    sentence = split_sentences(specmemo.abstract)[-1]
    answer = await finder.find(ask(sentence))
    assert answer.evidence is not None
    assert answer.evidence.sentence_similarity == pytest.approx(1.0, abs=0.02)
    assert answer.evidence.sentence_similarity > answer.evidence.similarities[0]


async def test_in_exact_mode_a_word_in_common_is_found_and_nothing_is_judged(finder: Finder, judge: Judge):
    there = await finder.find(ask("speculative", mode="exact"))
    absent = await finder.find(ask("sourdough", mode="exact"))
    assert (there.found, bool(there.ranking.hits), there.evidence) == (True, True, None)
    assert (absent.found, absent.ranking.hits) == (False, ())
    assert judge.seen == []


async def test_filters_alone_list_what_passes_and_nothing_is_judged(finder: Finder, judge: Judge):
    some = await finder.find(ask("", 60, filters=Filters(titles=("decoding",))))
    none = await finder.find(ask("", filters=Filters(titles=("sourdough",))))
    assert some.found
    assert some.ranking.selected == len(some.ranking.hits) > 0
    assert (none.found, none.ranking.selected) == (False, 0)
    assert judge.seen == []


async def test_before_there_are_vectors_a_word_in_common_is_found(
    judge: Judge, indexes: Indexes, vectors: StoredVectors
):
    indexes.rows.remove(list(indexes.rows.contents()))
    answer = await finder_with(judge, indexes, vectors).find(ask("speculative decoding"))
    assert (answer.found, answer.evidence) == (True, None)


async def test_a_quote_is_the_closest_sentence_word_for_word_with_the_questions_words_marked(
    finder: Finder, specmemo: Paper
):
    quote = (await finder.quotes_for_topic("speculative decoding on mobile", [specmemo]))[SPECMEMO]
    assert quote.text in split_sentences(specmemo.abstract)
    words = {quote.text[begin:end].lower() for begin, end in quote.marks}
    assert words
    assert words <= {"speculative", "decoding", "mobile"}


async def test_a_paper_without_vectors_is_quoted_by_the_questions_words(finder: Finder, specmemo: Paper):
    text = "It was never encoded. Decoding is drafted. So be it."
    new = Paper("New", text)
    other = Paper("Other", "Bread rises.")
    quotes = await finder.quotes_for_topic("drafted decoding", [new, other, specmemo])
    assert quotes[new.id].text == "Decoding is drafted."
    assert quotes[new.id].marks
    assert quotes.keys() == {new.id, SPECMEMO}, "a paper without any of the words has no quote"


async def test_a_paper_is_quoted_where_it_is_closest_to_another(finder: Finder, store: PaperStore):
    like = await finder.similar(SPECMEMO, 3)
    assert like is not None
    papers = await store.get_many([hit.paper_id for hit in like.hits])
    assert SPECMEMO not in {paper.id for paper in papers}
    quotes = await finder.quotes_for_paper(SPECMEMO, papers)
    for paper in papers:
        assert quotes[paper.id].text in split_sentences(paper.abstract)
    assert await finder.similar("unknown", 3) is None
    assert await finder.quotes_for_paper("unknown", papers) == {}


async def test_sentences_are_compared_with_the_part_of_the_encoder_that_reads_them(
    indexes: Indexes, vectors: StoredVectors, judge: Judge
):
    meanings: Mapping[str, Sequence[float]] = {"q": [1, 0]}
    blind, reader = FixedEncoder({"q": [0, 1]}, "blind"), FixedEncoder(meanings, "reader")
    blind.reads_sentences = False
    ensemble = Ensemble([blind, reader], [1, 1])
    indexes.rows = type(indexes.rows)(ensemble.dimension)
    rows = ensemble.combine([unit_rows([[0, 1]]), unit_rows([[0.6, 0.8]])])
    indexes.rows.put(["a"], ["content"], rows)
    finder = finder_with(judge, indexes, vectors, ensemble)
    whole = (await finder.find(ask("q"))).evidence
    assert whole is not None
    assert whole.similarities == pytest.approx((1.0, 0.6), abs=1e-6)
    assert whole.sentence_similarity == pytest.approx(0.6, abs=1e-6), "no sentence was encoded"
    sentences = unit_rows([[0, 1], [0.8, 0.6]])
    await vectors.put(reader.model.key, {"content": PaperVectors(unit_rows([[0.6, 0.8]])[0], sentences)})
    closer = (await finder.find(ask("q"))).evidence
    assert closer is not None
    assert closer.sentence_similarity == pytest.approx(0.8, abs=0.01)


async def test_misspelt_words_are_put_right_once_the_corpus_taught_them(finder: Finder):
    assert await finder.did_you_mean("speculatve decoding") is None
    words = CorpusWords(stem, "test")
    for _ in range(3):
        words.add("Speculative decoding", "")
    finder.search.indexes.expansion = Expansion(
        words, lambda _: np.empty((0, 3), np.float32), well_formed=lambda _: False
    )
    assert await finder.did_you_mean("speculatve decoding") == "speculative decoding"
