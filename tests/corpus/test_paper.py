"""What a paper is called, and how two accounts of it become one."""

import dataclasses
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.paper import Paper, parse_arxiv_id, title_id

NEW_STYLE = st.from_regex(r"[0-9]{2}(0[1-9]|1[0-2])\.[0-9]{4,5}", fullmatch=True)
OLD_STYLE = st.from_regex(
    r"(hep-th|math\.GT|cs|cond-mat|q-bio)/[0-9]{2}(0[1-9]|1[0-2])[0-9]{3}", fullmatch=True
)
SHAPES = (
    "{}",
    "  {}\n",
    "arXiv:{}",
    "arxiv: {}",
    "arxiv.org/abs/{}",
    "www.arxiv.org/abs/{}",
    "https://arxiv.org/abs/{}",
    "<https://arxiv.org/abs/{}>",
    "http://export.arxiv.org/abs/{}",
    "https://arxiv.org/abs/{}?context=cs#comments",
    "https://arxiv.org/pdf/{}",
    "https://arxiv.org/pdf/{}.pdf",
    "https://arxiv.org/html/{}/",
    "https://ARXIV.org/abs/{}",
    "https://www.alphaxiv.org/overview/{}",
)
HUGGING_FACE_SHAPES = (
    "https://huggingface.co/papers/{}",
    "hf.co/papers/{}",
    "https://huggingface.co/papers/{}/",
)

TITLES = st.text(alphabet="abAB é-", min_size=1, max_size=6)


def a_paper(title: str = "On Bees", abstract: str = "Bees are many.", **facts: Any) -> Paper:
    return Paper(title=title, abstract=abstract, **facts)


@given(NEW_STYLE | OLD_STYLE, st.sampled_from(SHAPES), st.sampled_from(["", "v1", "v12"]))
def test_an_arxiv_id_is_found_in_every_shape_people_write_it_in_without_its_version(
    arxiv_id: str, shape: str, version: str
):
    assert parse_arxiv_id(shape.format(arxiv_id + version)) == arxiv_id


@given(NEW_STYLE, st.sampled_from(HUGGING_FACE_SHAPES), st.sampled_from(["", "v2"]))
def test_an_arxiv_id_is_found_in_links_to_hugging_face(arxiv_id: str, shape: str, version: str):
    assert parse_arxiv_id(shape.format(arxiv_id + version)) == arxiv_id


@given(NEW_STYLE | OLD_STYLE)
def test_the_links_of_a_paper_lead_back_to_its_id(arxiv_id: str):
    paper = a_paper(arxiv_id=arxiv_id)
    assert parse_arxiv_id(paper.arxiv_url or "") == arxiv_id
    assert parse_arxiv_id(paper.pdf_url or "") == arxiv_id


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bees",
        "2513.00001",
        "2500.00001",
        "2501.123",
        "2501.123456",
        "2501.00001v",
        "x2501.00001",
        "2501.00001 2501.00002",
        "https://example.org/abs/2501.00001",
        "https://arxiv.org.example.org/abs/2501.00001",
        "https://arxiv.org/list/cs.CL/recent",
        "https://arxiv.org/abs/",
        "https://huggingface.co/papers?q=2501.00001",
        "https://huggingface.co/example/2501.00001",
    ],
)
def test_what_names_no_arxiv_paper_gives_no_id(text: str):
    assert parse_arxiv_id(text) is None


@given(st.text(max_size=60))
def test_any_text_a_person_types_gives_an_id_or_none(text: str):
    found = parse_arxiv_id(text)
    assert found is None or found in text


@pytest.mark.parametrize("text", ["https://[", "http://[::1/abs/2501.00001", "https://[bees]/abs/2501.00001"])
def test_a_link_with_a_broken_host_gives_no_id(text: str):
    assert parse_arxiv_id(text) is None


@pytest.mark.parametrize("text", ["２５01.00001", "2501.0000١", "2501.0०001"])
def test_digits_of_another_script_are_no_arxiv_id(text: str):
    found = parse_arxiv_id(text)
    assert found is None or found.isascii()


@pytest.mark.parametrize("text", ["Arxiv.org/abs/2501.00001", "HuggingFace.co/papers/2501.00001"])
def test_a_host_may_be_written_in_capitals_without_a_scheme_too(text: str):
    assert parse_arxiv_id(text) == "2501.00001"


@pytest.mark.parametrize(
    "twin",
    [
        "on bees: a naive view",
        "On  Bees — A Naïve View",
        "ON BEES, A NAIVE VIEW.",
        "On Bees: A Nai\u0308ve View",
    ],
)
def test_a_title_key_survives_case_spaces_accents_and_punctuation(twin: str):
    assert title_id(twin) == title_id("On Bees: A Naive View")


def test_different_titles_have_different_keys():
    titles = ["On Bees", "On Bees II", "On Bears", "关于蜜蜂", "关于熊", "О пчёлах"]
    assert len({title_id(title) for title in titles}) == len(titles)


@pytest.mark.parametrize(
    ("one", "other"), [("Compiling C", "Compiling C++"), ("???", "!!!"), ("की किताब", "का किताब")]
)
def test_titles_that_differ_in_meaning_have_different_keys(one: str, other: str):
    assert title_id(one) != title_id(other)


def test_the_key_of_a_title_is_written_down_in_databases_and_must_not_change():
    assert title_id("On Bees") == "t-ae9fa6742abf14a7"


def test_a_paper_goes_by_its_arxiv_id_else_by_its_title():
    assert a_paper(arxiv_id="2501.00001").id == "2501.00001"
    assert a_paper().id == title_id("On Bees")


def test_a_paper_without_an_id_links_to_the_search_for_its_title():
    paper = a_paper("Bees & Bears: 50% / 50%?")
    address, query = paper.url.split("?", 1)
    assert address == "https://huggingface.co/papers"
    assert parse_qs(query) == {"q": ["Bees & Bears: 50% / 50%?"]}
    assert paper.arxiv_url is None
    assert paper.pdf_url is None


def test_a_paper_with_an_id_links_to_its_own_pages():
    paper = a_paper(arxiv_id="2501.00001")
    assert paper.url == "https://huggingface.co/papers/2501.00001"
    assert paper.arxiv_url == "https://arxiv.org/abs/2501.00001"
    assert paper.pdf_url == "https://arxiv.org/pdf/2501.00001"


@pytest.mark.parametrize(
    ("links", "code"),
    [
        ((), None),
        (("https://example.org/bees",), None),
        (("https://github.com/",), None),
        (("http://github.com/example/bees",), None),
        (("https://github.com.example.org/bees",), None),
        (("https://github.com@example.org/bees",), None),
        (("https://example.org", "https://GitHub.com/example/bees"), "https://GitHub.com/example/bees"),
        (("https://gitlab.com/a/b", "https://github.com/a/b"), "https://gitlab.com/a/b"),
    ],
)
def test_the_code_link_is_the_first_that_leads_to_a_code_host(links: tuple[str, ...], code: str | None):
    assert a_paper(links=links).code_url == code


def test_the_content_hash_follows_title_and_abstract_and_nothing_else():
    paper = a_paper()
    same = dataclasses.replace(paper, arxiv_id="2501.00001", upvotes=3)
    assert same.content_hash == paper.content_hash
    assert a_paper(title="On Bears").content_hash != paper.content_hash
    assert a_paper(abstract="Bees are few.").content_hash != paper.content_hash
