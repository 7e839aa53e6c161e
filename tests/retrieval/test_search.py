"""Words and meaning together: each finds what the other misses, and every hit says what the stages gave it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from retrieval.corpus_words import CorpusWords
from retrieval.ensemble import Ensemble
from retrieval.exact import ExactIndex
from retrieval.expansion import Expansion
from retrieval.indexes import Indexes
from retrieval.lexical_fields import stem
from retrieval.query import Filters
from retrieval.representation import Matrix
from retrieval.search import Hit, Mode, Rules, Search
from tests.retrieval.making import FixedEncoder, ask, paper, texts_of, unit_rows

PAPERS = {
    "phone": paper(
        "LLMs on a smartphone", "We run language models on handheld hardware.", published=date(2024, 1, 1)
    ),
    "server": paper("Serving on a cluster", "We batch requests across accelerators.", upvotes=5),
    "bread": paper("Bread", "Dough rises overnight.", published=date(2025, 1, 1)),
}
AXES = {"phone": [1, 0, 0], "server": [0, 1, 0], "bread": [0, 0, 1]}
RULES = Rules(lexical_weight=0.5, feedback_weight=0.0)
Meanings = Mapping[str, Sequence[float]]


def rows_of(vectors: Meanings, names: Sequence[str]) -> ExactIndex:
    rows = ExactIndex(len(next(iter(vectors.values()))))
    if names:
        rows.put(list(names), ["hash"] * len(names), unit_rows([vectors[name] for name in names]))
    return rows


def search(
    meanings: Meanings, *, rules: Rules = RULES, indexed: Sequence[str] = tuple(AXES)
) -> tuple[Search, FixedEncoder]:
    encoder = FixedEncoder(meanings)
    indexes = Indexes(rows_of(AXES, indexed), texts_of(PAPERS))
    return Search(Ensemble([encoder], [1.0]), indexes, rules), encoder


def names(hits: Sequence[Hit]) -> list[str]:
    return [hit.paper_id for hit in hits]


def test_meaning_finds_a_paper_that_shares_no_word():
    finder, _ = search({"pocket chatbots": [0.9, 0.1, 0.1]})
    [ranking] = finder.find([ask("pocket chatbots")])
    assert ranking.hits[0].paper_id == "phone"
    assert ranking.matches.scores == {}


def test_a_rare_word_finds_a_paper_whose_meaning_is_not_the_nearest():
    finder, _ = search({"dough": [0.5, 0.4, 0.45]})
    [both, by_meaning_alone] = finder.find([ask("dough"), ask("dough", mode="semantic")])
    assert both.hits[0].paper_id == "bread"
    assert by_meaning_alone.hits[0].paper_id == "phone"


def test_the_request_is_not_what_is_searched_unless_the_rules_keep_it():
    question = "Could you list some papers about dough?"
    finder, encoder = search({"dough": [0, 0, 1]})
    [ranking] = finder.find([ask(question)])
    assert (ranking.topic, encoder.asked) == ("dough", ["dough"])
    finder, encoder = search({question: [0, 0, 1]}, rules=replace(RULES, drops_request=False))
    finder.find([ask(question)])
    assert encoder.asked == [question]


def test_a_hit_says_what_each_stage_gave_it():
    finder, _ = search({"dough": [0.6, 0, 0.8]})
    [ranking] = finder.find([ask("dough")])
    best, second, *_ = ranking.hits
    assert best.cosines == (pytest.approx(0.8),)
    assert best.lexical == ranking.matches.scores["bread"] > 0
    assert best.score == best.fused == pytest.approx(1.0)
    assert (second.paper_id, second.lexical) == ("phone", 0.0)
    assert ranking.best_cosines == (pytest.approx(0.8),)


def test_a_hit_says_what_each_encoder_thought():
    encoders = [FixedEncoder({"q": [1, 0]}, "one"), FixedEncoder({"q": [0.6, 0.8]}, "other")]
    ensemble = Ensemble(encoders, [1, 3])
    rows = ExactIndex(ensemble.dimension)
    rows.put(["a"], ["hash"], ensemble.combine([unit_rows([[0, 1]]), unit_rows([[0, 1]])]))
    [ranking] = Search(ensemble, Indexes(rows, texts_of({})), RULES).find([ask("q")])
    assert ranking.hits[0].cosines == pytest.approx((0.0, 0.8), abs=1e-6)
    assert ranking.best_cosines == pytest.approx((0.0, 0.8), abs=1e-6)


def test_a_paper_that_is_not_encoded_yet_is_found_by_its_words():
    finder, _ = search({"dough": [0.6, 0, 0.8]}, indexed=["phone", "server"])
    [ranking] = finder.find([ask("dough")])
    [bread] = [hit for hit in ranking.hits if hit.paper_id == "bread"]
    assert bread.cosines == ()
    assert bread.lexical > 0
    assert bread.fused == 0.5, "what the words give, and nothing for a meaning that nobody knows yet"
    [by_meaning] = finder.find([ask("dough", mode="semantic")])
    assert "bread" not in names(by_meaning.hits)


def test_before_there_are_vectors_words_alone_answer():
    finder, _ = search({"dough": [0, 0, 1]}, indexed=[])
    [ranking] = finder.find([ask("dough")])
    assert names(ranking.hits) == ["bread"]
    assert ranking.best_cosines == ()


def test_an_empty_corpus_finds_nothing():
    ensemble = Ensemble([FixedEncoder({"dough": [0, 0, 1]})], [1.0])
    finder = Search(ensemble, Indexes(ExactIndex(3), texts_of({})), RULES)
    for mode in ("hybrid", "semantic", "exact"):
        [ranking] = finder.find([ask("dough", mode=mode)])
        assert ranking.hits == ()


def test_a_question_far_from_everything_still_shows_the_nearest():
    finder, _ = search({"offside rule in football": [0.1, 0.2, -0.9]})
    [ranking] = finder.find([ask("offside rule in football")])
    assert names(ranking.hits)[0] == "server"
    assert max(ranking.best_cosines) < 0.3


def test_the_exact_mode_lists_only_papers_that_share_a_word_and_encodes_nothing():
    finder, encoder = search({"dough": [0.6, 0, 0.8]})
    [ranking] = finder.find([ask("dough", mode="exact")])
    assert names(ranking.hits) == ["bread"]
    assert (ranking.hits[0].cosines, ranking.best_cosines, encoder.asked) == ((), (), [])


def test_questions_asked_together_are_answered_as_each_alone_and_encoded_at_once():
    meanings = {"dough": [0.6, 0, 0.8], "pocket chatbots": [0.9, 0.1, 0.1], "cluster": [0, 1, 0]}
    asks = [
        ask("dough"),
        ask("pocket chatbots"),
        ask("dough"),
        ask("cluster", mode="exact"),
        ask("cluster", 1),
    ]
    asks.append(ask("dough", filters=Filters(without=("overnight",))))
    together, encoder = search(meanings)
    rankings = together.find(asks)
    assert sorted(encoder.asked) == ["cluster", "dough", "pocket chatbots"]
    for one, ranking in zip(asks, rankings, strict=True):
        alone, _ = search(meanings)
        assert alone.find([one]) == [ranking]


def test_a_question_that_was_asked_before_is_not_encoded_again():
    finder, encoder = search({"dough": [0, 0, 1]})
    finder.find([ask("dough")])
    finder.find([ask("dough", 1), ask("papers about dough")])
    np.testing.assert_allclose(finder.question_vector("dough"), [0, 0, 1])
    assert encoder.asked == ["dough"]


def test_no_more_are_shown_than_asked_for():
    finder, _ = search({"dough": [0.6, 0, 0.8]})
    assert [len(finder.find([ask("dough", limit)])[0].hits) for limit in (1, 2, 3)] == [1, 2, 3]


@pytest.mark.parametrize("mode", ["hybrid", "semantic", "exact"])
def test_only_papers_that_pass_the_filters_are_found_whatever_the_mode(mode: Mode):
    finder, _ = search({"dough on a smartphone": [0.7, 0, 0.7]})
    filters = Filters(after=date(2024, 6, 1))
    [ranking] = finder.find([ask("dough on a smartphone", mode=mode, filters=filters)])
    assert names(ranking.hits) == ["bread"]
    assert ranking.selected == 1


def test_filters_that_nothing_passes_find_nothing():
    finder, _ = search({"dough": [0, 0, 1]})
    [ranking] = finder.find([ask("dough", filters=Filters(min_upvotes=6))])
    assert (ranking.hits, ranking.selected) == ((), 0)


def test_filters_without_words_list_the_newest_first_and_what_has_no_date_last():
    finder, encoder = search({"unasked": [1, 0, 0]})
    [ranking] = finder.find([ask("", filters=Filters(without=("zebra",)))])
    assert names(ranking.hits) == ["bread", "phone", "server"]
    assert (ranking.topic, ranking.selected, encoder.asked) == ("", 3, [])


def test_nothing_asked_is_nothing_found():
    finder, _ = search({"unasked": [1, 0, 0]})
    assert finder.find([ask("")])[0].hits == ()


class Nearby:
    """A graph that has an answer ready."""

    def __init__(self, found: Sequence[str]) -> None:
        self.found = list(found)
        self.asked = 0

    def nearest(self, vectors: Matrix, limit: int) -> list[list[str]]:
        self.asked += 1
        return [self.found[:limit] for _ in vectors]


def test_a_filter_that_many_papers_pass_is_answered_by_the_graph_and_one_that_few_pass_by_comparing_them(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("retrieval.search._FEW", 2)
    finder, _ = search({"dough": [0.1, 0.2, 0.9]})
    graph = finder.indexes.graph = Nearby(["bread", "server", "phone"])
    many = Filters(without=("zebra",))
    [ranking] = finder.find([ask("dough", mode="semantic", filters=many)])
    assert (names(ranking.hits), graph.asked) == (["bread", "server", "phone"], 1)
    few = Filters(without=("overnight",))
    [ranking] = finder.find([ask("dough", mode="semantic", filters=few)])
    assert (names(ranking.hits), graph.asked) == (["server", "phone"], 1)


def test_where_too_few_of_the_nearest_pass_a_filter_all_that_pass_are_compared(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("retrieval.search._FEW", 1)
    finder, _ = search({"dough": [0.1, 0.2, 0.9]})
    graph = finder.indexes.graph = Nearby(["bread"])
    [ranking] = finder.find([ask("dough", mode="semantic", filters=Filters(without=("overnight",)))])
    assert (names(ranking.hits), graph.asked, ranking.selected) == (["server", "phone"], 1, 2)


def test_what_the_best_papers_have_in_common_lifts_their_like():
    vectors = {"a": [1, 0, 0.1], "b": [1, 0.1, 0], "far": [0.96, 0, -1.5]}
    encoder = FixedEncoder({"q": [1, 0.2, -0.3]})
    rows = rows_of(vectors, list(vectors))
    for weight, closer in ((0.0, False), (0.5, True)):
        rules = Rules(lexical_weight=0.0, feedback_weight=weight)
        [ranking] = Search(Ensemble([encoder], [1.0]), Indexes(rows, texts_of({})), rules).find([ask("q")])
        by_id = {hit.paper_id: hit for hit in ranking.hits}
        assert (by_id["a"].score > by_id["a"].fused) is closer
        assert names(sorted(ranking.hits, key=lambda hit: -hit.score)) == names(ranking.hits)


def test_other_words_are_looked_for_where_the_rules_and_the_mode_say_so():
    words = CorpusWords(stem, "test")
    for one in [paper("Large language models (LLMs)", ""), *PAPERS.values()]:
        words.add(one.title, one.abstract)
    finder, _ = search({"LLMs": [1, 0, 0]})
    finder.indexes.expansion = Expansion(words, lambda _: np.empty((0, 3), np.float32), well_formed=bool)
    [hybrid, semantic] = finder.find([ask("LLMs"), ask("LLMs", mode="semantic")])
    assert [extra.term for extra in hybrid.extras] == ["large language models"]
    assert semantic.extras == ()
    assert finder.marks("LLMs", ["Large models of LLM", ""]) == [[(0, 5), (6, 12), (16, 19)], []]
    plain, _ = search({"LLMs": [1, 0, 0]}, rules=replace(RULES, expands=False))
    plain.indexes.expansion = finder.indexes.expansion
    assert plain.find([ask("LLMs")])[0].extras == ()


def test_the_papers_most_like_one_come_without_it_nearest_first():
    vectors = {"a": [1, 0, 0], "b": [0.9, 0.1, 0], "c": [0, 1, 0], "d": [0.8, 0.3, 0]}
    encoder = Ensemble([FixedEncoder({"q": [1, 0, 0]})], [1.0])
    finder = Search(encoder, Indexes(rows_of(vectors, list(vectors)), texts_of({})), RULES)
    ranking = finder.similar("a", 2)
    assert ranking is not None
    assert names(ranking.hits) == ["b", "d"]
    assert ranking.hits[0].score == pytest.approx(float(unit_rows([[0.9, 0.1, 0]])[0][0]))
    assert finder.similar("unknown", 2) is None


def test_without_words_the_highest_of_all_that_pass_come_first():
    finder, _ = search({"unasked": [1, 0, 0]})
    everything = Filters(without=("zebra",))
    [newest, most] = finder.find(
        [ask("", 1, filters=everything), replace(ask("", 1, filters=everything), order="upvotes")]
    )
    assert (names(newest.hits), names(most.hits)) == (["bread"], ["server"])


def test_a_search_by_meaning_alone_is_judged_by_its_words_too():
    finder, _ = search({"dough": [0, 0, 1]})
    [hybrid, semantic] = finder.find([ask("dough"), ask("dough", mode="semantic")])
    assert semantic.matches.terms == hybrid.matches.terms == 1, "without a word, nothing would count as found"
    assert semantic.matches.share == hybrid.matches.share > 0
    assert semantic.matches.scores == {}
    assert all(hit.lexical == 0 for hit in semantic.hits)
