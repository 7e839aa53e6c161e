"""Which papers does arXiv say are withdrawn?"""

import pytest

from .test_arxiv_atom import ABSTRACT, answer, entry, only, with_comment


@pytest.mark.parametrize(
    "comment",
    [
        "This paper has been withdrawn",
        "12 pages; this paper has been withdrawn by the author due to an error in Lemma 2",
        "Withdrawn",
        "Withdrawn: the bound is wrong",
        "Paper withdrawn due to a mistake",
        "arXiv admin note: This submission has been withdrawn by arXiv administrators due to overlap",
        "4 figures, withdrawn by the authors",
        "The manuscript is withdrawn from arXiv",
        "this preprint is hereby\n  withdrawn",
    ],
)
def test_a_comment_may_say_that_a_paper_was_withdrawn(comment: str):
    told = with_comment(comment)
    assert (told.withdrawn, told.abstract) == (True, ABSTRACT.strip())


@pytest.mark.parametrize(
    "comment",
    [
        "12 pages",
        "Withdrawn from ICLR 2026, revised",
        "This paper was withdrawn from ICLR 2026 and is submitted elsewhere",
        "Withdrawn ICLR submission",
        "Replaces arXiv:2101.00001, withdrawn by the author",
        "An earlier version was withdrawn by the authors",
        "Extends a paper that has been withdrawn",
        "Section 4, which was withdrawn by the authors, is back",
        "A study of withdrawn drugs",
        "arXiv admin note: substantial text overlap with arXiv:2101.00001",
    ],
)
def test_a_comment_may_speak_of_withdrawal_and_mean_something_else(comment: str):
    assert with_comment(comment).withdrawn is False


@pytest.mark.parametrize(
    "notice",
    [
        "this paper has been withdrawn",
        "[This article was withdrawn by the authors: an error was found]",
        "The following paper has been withdrawn from consideration for publication, for it has mistakes.",
        "Paper is withdrawn due to further study.",
        "- Paper withdrawn by the author -",
        "Withdrawn. Never submitted.",
        "Withdrawn for revision",
        "arXiv admin note: This submissions has been withdrawn by arXiv",
    ],
)
def test_an_abstract_that_is_only_a_notice_becomes_the_note(notice: str):
    told = only(answer(entry(summary=notice)))
    assert (told.withdrawn, told.abstract, told.note) == (True, "", notice)


def test_a_notice_stands_before_the_comment_and_not_twice():
    told = with_comment("9 pages", summary="This paper has been withdrawn.")
    assert (told.abstract, told.note) == ("", "This paper has been withdrawn. 9 pages")
    told = with_comment("This paper has been\nwithdrawn. 9 pages", summary="This paper has been withdrawn.")
    assert (told.abstract, told.note) == ("", "This paper has been\nwithdrawn. 9 pages")


def test_an_abstract_behind_a_notice_stays_an_abstract():
    text = f"[This paper has been withdrawn by the author] {ABSTRACT}".strip()
    told = only(answer(entry(summary=text)))
    assert (told.withdrawn, told.abstract, told.note) == (True, text, None)


@pytest.mark.parametrize(
    "abstract",
    [
        "Many drugs have been withdrawn from the market, at a cost of billions.",
        "Papers are withdrawn from journals for many reasons, which we survey.",
        "We ask what readers do when this paper has been withdrawn by the authors.",
        "A plate is withdrawn from a bath.",
        "Withdrawn consent is a problem of data sets.",
        "This paper studies how submissions are withdrawn.",
        "",
    ],
)
def test_a_paper_about_withdrawal_is_not_withdrawn(abstract: str):
    told = only(answer(entry(summary=abstract)))
    assert (told.withdrawn, told.abstract) == (False, abstract)
