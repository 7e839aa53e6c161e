"""The sentences that carry problem, method and result, word for word."""

import pytest

from corpus.importing import bundled_papers
from corpus.paper import Paper
from retrieval.representation import split_sentences
from retrieval.summing_up import Summary, sum_up

PAPERS = {paper.id: paper for paper in bundled_papers()}


def parts(summary: Summary) -> list[str]:
    return [part for part in (summary.problem, summary.method, summary.result) if part is not None]


def test_every_part_is_another_sentence_of_the_abstract():
    for paper in PAPERS.values():
        found = parts(sum_up(paper))
        assert set(found) <= set(split_sentences(paper.abstract))
        assert len(set(found)) == len(found)


def test_every_bundled_paper_has_a_method_and_most_have_the_rest():
    summaries = [sum_up(paper) for paper in PAPERS.values()]
    assert all(one.method for one in summaries)
    assert sum(one.problem is not None for one in summaries) >= 38
    assert sum(one.result is not None for one in summaries) >= 45


@pytest.mark.parametrize(
    ("paper_id", "problem", "method", "result"),
    [
        ("2309.04255", "limited memory capacity", "we introduce LLMCad", "9.3x faster"),
        ("2411.15100", "non-negligible overhead", "we propose XGrammar", "100x speedup"),
        ("2506.01986", "significant challenge", "engine named SpecMemo", "2x speedup"),
        ("2406.06282", None, "introduces PowerInfer-2", "29.2x speed increase"),
        ("2504.08850", None, "we present SpecEE", "2.25x and 2.43x"),
        ("2503.04398", "great demands", "technique named Speculative MoE", "significantly boost"),
        ("2310.18361", "lacking modern IT", "proposed system provides", "potential to ease"),
        ("2502.07056", None, "introduces Deep Agent", None),
        ("2504.19483", None, "We propose utilizing", "suggest that reasoning performance"),
    ],
)
def test_the_parts_are_what_a_reader_would_take(
    paper_id: str, problem: str | None, method: str, result: str | None
):
    summary = sum_up(PAPERS[paper_id])
    for found, expected in ((summary.problem, problem), (summary.method, method), (summary.result, result)):
        if expected is None:
            assert found is None
        else:
            assert found is not None
            assert expected in found


@pytest.mark.parametrize("abstract", ["", "   ", "Bees.", "https://github.com/a/b"])
def test_what_says_nothing_of_the_kind_has_no_parts(abstract: str):
    assert sum_up(Paper("A", abstract)) == Summary(None, None, None)
