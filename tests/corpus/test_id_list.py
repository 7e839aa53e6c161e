"""Lists of arXiv ids and links: which papers are wanted, and which words are none."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableSourceError
from corpus.paper import parse_arxiv_id
from corpus.sources.id_list import parse_ids, recognises
from corpus.sources.reading import Reading, Rejected
from corpus.sources.source import Context
from tests.runaway import no_runaway

LIST = """\
# What we read this week

2501.00001
arXiv:2501.00002v3  # the second version had a mistake
arxiv: 2501.00003
- https://arxiv.org/abs/2501.00004
* <https://huggingface.co/papers/2501.00005>
• https://www.alphaxiv.org/overview/2501.00006
1. [On Bees](https://arxiv.org/pdf/2501.00007v2.pdf)
- [x] hep-th/9901001
2501.00008, 2501.00009;2501.00001
"""
WANTED = (
    *(f"2501.0000{number}" for number in range(1, 8)), "hep-th/9901001", "2501.00008", "2501.00009",
)  # fmt: skip


def read(text: str) -> Reading:
    return parse_ids(text, Context(date(2026, 11, 24)))


def test_every_usual_way_to_list_papers_is_read_each_paper_once_and_in_order():
    assert read(LIST) == Reading(wanted=WANTED)


@pytest.mark.parametrize("line_end", ["\r\n", "\r"], ids=["Windows", "old Macintosh"])
def test_line_ends_make_no_difference(line_end: str):
    assert read("\ufeff" + LIST.replace("\n", line_end)) == read(LIST)


def test_a_word_that_is_no_id_is_named_with_its_line_and_the_ids_beside_it_are_taken():
    reading = read("2501.00001, 2501.0002x\n\n2599.00003\n2501.00004\n")
    assert reading.wanted == ("2501.00001", "2501.00004")
    assert reading.rejected == (
        Rejected("line 1", "“2501.0002x” is no arXiv id and no link to a paper"),
        Rejected("line 3", "“2599.00003” is no list of arXiv ids or links to papers"),
    )


def test_an_id_in_prose_is_not_wanted():
    reading = read("2501.00001\nfor the proof see arXiv:2501.00002\nhttps://example.org/2501.00003\n")
    assert reading.wanted == ("2501.00001",)
    assert [rejected.where for rejected in reading.rejected] == ["line 2", "line 3"]


@pytest.mark.parametrize(
    ("text", "said"), [("", "found nothing"), ("# none\n", "found nothing"), ("On Bees", "line 1")]
)
def test_a_text_without_an_id_is_refused(text: str, said: str):
    with pytest.raises(UnreadableSourceError, match=f"expected arXiv ids .*{said}"):
        read(text)


@pytest.mark.parametrize("text", [LIST, "2501.00001", "2501.00001\nOn Bees\n2501.00002"])
def test_a_list_is_recognised(text: str):
    assert recognises(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# 2501.00001",
        "see arXiv:2501.00001",
        "On Bees\n2501.00001\n",
        "On Bees\nBees are many.\n2501.00001",
    ],
)
def test_prose_with_an_id_is_not_recognised(text: str):
    assert not recognises(text)


@given(
    st.one_of(st.text(), st.lists(st.sampled_from([*LIST.split("\n"), "On Bees", "[", "#"])).map("\n".join))
)
def test_any_text_is_wanted_ids_or_one_clear_error(text: str):
    try:
        reading = read(text)
    except UnreadableSourceError as error:
        assert str(error).startswith("expected arXiv ids")  # noqa: PT017 - some texts raise nothing
    else:
        assert [parse_arxiv_id(one) for one in reading.wanted] == list(reading.wanted)
        assert len(set(reading.wanted)) == len(reading.wanted)


@pytest.mark.parametrize(
    "piece", ["[", "[a](b", "arxiv: ", " ", "- ", "#", " #", "https://", "2501.00001 ", "1. "]
)
def test_a_line_without_end_is_read_in_a_moment(piece: str):
    with no_runaway():
        read("2501.00001\n" + piece * 100_000)
