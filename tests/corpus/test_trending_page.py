"""The page of trending papers: what a model says of papers, and which buttons stand below."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.account import Account
from corpus.errors import UnreadableSourceError
from corpus.sources.daily_papers_page import parse_page
from corpus.sources.reading import Reading, Rejected
from corpus.sources.trending_page import is_trending

HEAD = "Get trending papers in your email inbox!\n\n## Trending Papers\n\n## by AK and the research community\n\n"
BEES = """\
### How Many Bees
  Make a Swarm?

BeeNet counts bees, and
the swarm that they make.
- 8 authors
[LINK: GitHub 11.3k](https://github.com/example/bees)

"""
MAPS = "### [Folding Maps](https://huggingface.co/papers/2502.00002)\n\n[Maps are folded.](https://huggingface.co/papers/2502.00002)\n\n"


def read(text: str) -> Reading:
    return parse_page(text, today=date(2026, 11, 24))


def test_a_record_is_a_title_a_models_words_and_buttons():
    assert read(HEAD + BEES).accounts == (
        Account(
            title="How Many Bees Make a Swarm?",
            summary="BeeNet counts bees, and the swarm that they make.",
            authors_count=8,
            stars=11_300,
            links=("https://github.com/example/bees",),
        ),
    )


def test_a_paper_that_stands_there_twice_is_told_once():
    assert len(read(HEAD + BEES + MAPS + BEES + MAPS).accounts) == 2


def test_the_links_around_a_title_and_to_arxiv_tell_the_id():
    button = "[GitHub 7](https://github.com/example/bees) [arXiv Page](https://arxiv.org/abs/2606.00001)\n"
    bees, maps = read(HEAD + BEES + button + MAPS).accounts
    assert (bees.arxiv_id, maps.arxiv_id, maps.title, maps.summary) == (
        "2606.00001", "2502.00002", "Folding Maps", "Maps are folded.",
    )  # fmt: skip


@pytest.mark.parametrize(
    "address",
    ["http://github.com/example/bees", "https://me:secret@github.com/example/bees", "javascript:alert(1)"],
)
def test_code_is_linked_over_plain_https_only(address: str):
    assert read(HEAD + BEES.replace("https://github.com/example/bees", address)).accounts[0].links == ()


def test_a_title_with_nothing_below_is_named_with_its_line():
    reading = read(HEAD + "### On Nothing\n\n" + BEES)
    assert reading.rejected == (Rejected("line 7", "no text below the title “On Nothing”"),)
    assert len(reading.accounts) == 1


def test_a_page_without_papers_is_refused():
    with pytest.raises(UnreadableSourceError, match="expected a page of trending papers"):
        read(HEAD)


@pytest.mark.parametrize(
    "text", ["[Trending Papers](https://huggingface.co/papers/trending)\n", "Trending Papers\n\nOn Bees\n"]
)
def test_a_page_that_only_names_the_trending_papers_is_another(text: str):
    assert not is_trending(text)


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(st.sampled_from([*BEES.split("\n"), *MAPS.split("\n"), "[", "### "]), st.text(max_size=9))
    )
)
def test_any_such_page_is_papers_or_one_clear_error(lines: list[str]):
    try:
        reading = read("\n".join([HEAD, *lines]))
    except UnreadableSourceError as error:
        assert "expected" in str(error)  # noqa: PT017 - some texts raise nothing
    else:
        assert all(account.title and account.summary for account in reading.accounts)
