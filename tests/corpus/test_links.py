"""Web addresses are found whole, once each, and without the sentence around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.latex import readable
from corpus.links import find_links

ADDRESSES = st.from_regex(r"https?://[a-z]{2,8}\.(org|com|ai)(/[A-Za-z0-9_-]{1,8}){0,3}", fullmatch=True)


@given(
    ADDRESSES,
    st.sampled_from(["{}", "Code: {}.", "({})", "See {}, please", "<{}>", '"{}"', "is at {}!", "{};"]),
)
def test_an_address_is_found_without_the_punctuation_around_it(address: str, sentence: str):
    assert find_links(sentence.format(address)) == (address,)


@given(st.lists(ADDRESSES, max_size=5))
def test_every_address_is_found_once_and_in_order(addresses: list[str]):
    assert find_links(" and ".join(addresses)) == tuple(dict.fromkeys(addresses))


@given(st.text(max_size=80))
def test_a_link_is_part_of_its_text(text: str):
    assert all(link in text and link.lower().startswith("http") for link in find_links(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "e.g.in vLLM.ai",
        "github.com/a/b",
        "a@example.org",
        "ftp://example.org/a",
        "//example.org",
        "http://",
        "https:// x",
    ],
)
def test_running_text_is_no_link(text: str):
    assert find_links(text) == ()


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("https://example.org/a_b-c~d?e=f&g=h#i.", ("https://example.org/a_b-c~d?e=f&g=h#i",)),
        ("https://en.example.org/wiki/Bee_(insect)", ("https://en.example.org/wiki/Bee_(insect)",)),
        (r"\url{https://example.org/a_b}.", ("https://example.org/a_b",)),
        ("[code](https://example.org/a)", ("https://example.org/a",)),
        ("HTTPS://Example.org/A", ("HTTPS://Example.org/A",)),
        ("more at https://example.org/a...", ("https://example.org/a",)),
    ],
)
def test_addresses_as_abstracts_write_them(text: str, links: tuple[str, ...]):
    assert find_links(text) == links


@pytest.mark.parametrize(
    "text",
    [
        "**https://example.org/a**",
        "https://example.org/a:",
    ],
)
def test_other_marks_around_an_address_are_not_part_of_it_either(text: str):
    assert find_links(text) == ("https://example.org/a",)


def test_an_escaped_underscore_is_an_underscore_in_the_link():
    assert find_links(readable(r"https://github.com/example/bee\_count")) == (
        "https://github.com/example/bee_count",
    )
