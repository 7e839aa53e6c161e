"""Which sentences are quoted, how many, and from where."""

from collections.abc import Sequence

import numpy as np

from retrieval.choosing import Asked, Candidate, Source, candidates, chosen
from retrieval.expansion import Extra
from retrieval.sought import sought_by
from tests.retrieval.making import unit_rows


def asked(topic: str, vector: Sequence[float] | None = None, extras: Sequence[Extra] = ()) -> Asked:
    return Asked(topic, None if vector is None else unit_rows([vector])[0], extras, sought_by(topic))


def source(
    paper_id: str,
    sentences: Sequence[str],
    vectors: Sequence[Sequence[float]] | None = None,
    *,
    rank: float = 1.0,
    named: bool = False,
) -> Source:
    rows = None if vectors is None else unit_rows(vectors)
    return Source(paper_id, paper_id, sentences, rows, rank, is_named=named)


def quoted(found: Sequence[Candidate]) -> list[str]:
    return [one.sentence for one in found]


def test_the_sentence_nearest_in_meaning_comes_first_and_distant_ones_not_at_all():
    one = source("a", ["far", "near", "opposite"], [[1, 0.2], [0, 1], [0, -1]])
    assert quoted(chosen(candidates(asked("x", [0, 1]), [one]))) == ["near"]


def test_where_no_meaning_is_known_words_decide_and_the_rare_ones_most():
    one = source("a", ["Models are large.", "Models have experts.", "Models and models."])
    assert quoted(chosen(candidates(asked("experts of models"), [one])))[0] == "Models have experts."


def test_other_words_for_the_questions_count_by_their_weight():
    one = source("a", ["It runs on a smartphone.", "It runs on a desk."])
    extra = Extra("smartphone", 0.8, "handset")
    [first, second] = candidates(asked("handset", extras=[extra]), [one])
    assert (first.share, second.share) == (0.8, 0.0)


def test_a_sentence_that_only_advertises_counts_less():
    one = source("a", ["In this paper, we propose pruning experts.", "The router is for pruning experts."])
    assert quoted(chosen(candidates(asked("pruning experts"), [one])))[0].startswith("The router")


def test_the_same_sentence_is_not_quoted_twice():
    one, other = (source(name, ["Near it."], [[0, 1]]) for name in "ab")
    assert len(chosen(candidates(asked("x", [0, 1]), [one, other]))) == 1


def test_a_named_paper_answers_alone_and_first():
    near = source("near", ["Near one.", "Near two."], [[0, 1], [0.1, 1]])
    named = source("named", ["Half way."], [[1, 1]], rank=0.5, named=True)
    found = chosen(candidates(asked("x", [0, 1]), [near, named]))
    assert [one.source.paper_id for one in found] == ["named"]


def test_vectors_that_do_not_fit_the_sentences_are_passed_over():
    one = source("a", ["One.", "Two."], [[0, 1]])
    assert [one.cosine for one in candidates(asked("x", [0, 1]), [one])] == [0.0, 0.0]


def test_papers_without_an_abstract_give_nothing():
    assert chosen(candidates(asked("x"), [source("a", [], np.empty((0, 2)).tolist() or None)])) == []
