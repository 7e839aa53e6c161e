from dataclasses import replace
from datetime import date

import pytest

from bot.bench.questions import NARROWINGS, Questions, by_author, in_year, in_year_with_code
from corpus.importing import bundled_papers
from corpus.paper import Paper

PAPERS = bundled_papers()


def test_no_question_comes_twice_and_all_have_4_to_14_words():
    every = [asked.words for asked in Questions(PAPERS).take(10_000)]
    assert len(every) > 3 * len(PAPERS)
    assert len({words.lower() for words in every}) == len(every)
    assert {len(words.split()) for words in every} <= set(range(4, 15))


def test_the_same_papers_give_the_same_questions():
    assert Questions(PAPERS).take(60) == Questions(PAPERS).take(60)


def test_a_question_has_no_mark_that_the_query_language_reads():
    [asked] = Questions([Paper('title:Attention -is "all" you: need', "")]).take(5)
    assert asked.words == "title Attention is all"


@pytest.mark.slow
def test_papers_that_do_not_fit_keep_their_questions_for_later():
    supply = Questions(PAPERS)
    fitting = supply.take(3, lambda paper: paper is PAPERS[2])
    others = supply.take(2)
    assert {asked.paper.id for asked in fitting} == {PAPERS[2].id}
    assert [asked.paper.id for asked in others] == [PAPERS[0].id, PAPERS[1].id]
    everything = [asked.words for asked in [*fitting, *others, *supply.take(10_000)]]
    assert sorted(everything) == sorted(asked.words for asked in Questions(PAPERS).take(10_000))


def test_a_filter_is_made_for_the_paper_that_the_question_was_cut_from():
    paper = replace(PAPERS[0], published=date(2024, 5, 2), authors=("Ada Lovelace", "Ben"))
    year = in_year(paper)
    assert year
    assert (year.after, year.before) == (date(2024, 1, 1), date(2024, 12, 31))
    assert in_year_with_code(paper) == replace(year, has_code=True)
    author = by_author(paper)
    assert author
    assert author.authors == ("Ada Lovelace",)
    assert [narrowing.of(replace(paper, published=None, authors=())) for narrowing in NARROWINGS] == [
        None
    ] * 3
