"""/find when words are misspelt, or in another language: what was meant is offered, or shown and said."""

import pytest

from corpus.store import PaperStore
from retrieval.indexes import Indexes
from retrieval.learning import expansion_by, learn_words
from tests.conftest import WordEncoder

from .conftest import Stage
from .reading import text, titles


@pytest.fixture(autouse=True)
async def _knows_words(store: PaperStore, indexes: Indexes) -> None:
    papers = await store.get_many(list(await store.contents()))
    words = learn_words(papers, WordEncoder().encode_questions)
    indexes.expansion = expansion_by(WordEncoder(), words)


async def found(stage: Stage, query: str, **options: str) -> tuple[list[str], list[str]]:
    answer = (await stage.ada.slash(stage.channel, "find", query=query, **options)).response
    assert answer is not None
    return titles(answer.components), text(answer.components).split("\n")


async def test_where_something_is_found_what_was_meant_is_only_offered(stage: Stage):
    shown, lines = await found(stage, "speculative decoding on a smartphne")
    assert shown[0].startswith("SpecMemo")
    assert lines[0] == "Closest to “speculative decoding on a smartphne”, of 52 papers"
    assert lines[1].startswith("-# Did you mean `speculative decoding on a smartphone`?")


async def test_where_nothing_is_found_the_papers_on_what_was_meant_are_shown_and_this_is_said(stage: Stage):
    shown, lines = await found(stage, "speculativ decodng", mode="semantic")
    assert "Speculative Decoding" in shown[0]
    assert lines[0] == "Closest to “speculative decoding”, of 52 papers"
    assert lines[1] == "-# Nothing is about “speculativ decodng”; this is for “speculative decoding”."
    assert not any("Did you mean" in line for line in lines)


async def test_what_was_meant_is_sought_within_the_same_filters(stage: Stage):
    shown, lines = await found(stage, "speculativ decodng", mode="semantic", since="2025-05-10")
    assert shown[0].startswith("SpecMemo")
    assert "since 10 May 2025" in lines[0]
    assert "this is for “speculative decoding”" in lines[1]


async def test_where_what_was_meant_is_not_found_either_it_stays_an_offer(stage: Stage):
    _, lines = await found(stage, "sourdogh smartphne breadd kneadd yeastt crustt", mode="semantic")
    assert lines[0].startswith("**Nothing in these 52 papers is about “sourdogh smartphne breadd")
    assert lines[1].startswith("-# Did you mean `sourdogh smartphone")


async def test_filters_that_no_paper_passes_are_said_whatever_was_misspelt(stage: Stage):
    _, lines = await found(stage, "speculativ decodng author:nobody")
    assert lines[0].startswith("**None of the 52 papers here passes the filters: by nobody.**")


async def test_a_question_in_another_language_is_said_to_be_one_and_has_no_slips(stage: Stage):
    _, lines = await found(stage, "Arbeiten über speculativ decodng")
    assert (
        lines[1]
        == "-# This looks like German. The papers are English, and so is the search: asking in English finds more."
    )
    assert not any("Did you mean" in line for line in lines)


async def test_a_question_without_slips_gets_no_small_line(stage: Stage):
    _, lines = await found(stage, "speculative decoding")
    assert lines[1].startswith("### 1 · ")
