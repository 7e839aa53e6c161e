"""Anybody's XML is read only if it is whole and plain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableSourceError
from corpus.sources.plain_xml import name_of, read_xml

BOMB = '<!DOCTYPE a [<!ENTITY a "bees"><!ENTITY b "&a;&a;&a;">]><bees>&b;</bees>'


def test_plain_xml_of_the_right_root_is_read_whatever_its_case_and_namespace():
    root = read_xml(
        '<Bees xmlns="urn:x"><bee>Ada</bee></Bees>', expected="expected bees", roots=frozenset({"bees"})
    )
    assert (name_of(root), "".join(root.itertext())) == ("bees", "Ada")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "nothing at all"),
        ("<bees><bee>", "broken or cut off"),
        (BOMB, "entities, which is not safe"),
        ("<bears/>", "begins with <bears>"),
        ("<html><body/></html>", "an HTML page"),
        ("<!doctype html>\n<html>", "an HTML page"),
        ("<bees>\ud800</bees>", "characters that are none"),
    ],
)
def test_anything_else_is_refused_in_words(text: str, why: str):
    with pytest.raises(UnreadableSourceError, match=f"expected bees; .*{why}"):
        read_xml(text, expected="expected bees", roots=frozenset({"bees"}))


@given(st.text())
def test_any_text_is_xml_or_refused(text: str):
    try:
        read_xml(text, expected="expected bees", roots=frozenset({"bees"}))
    except UnreadableSourceError as error:
        assert str(error).startswith("expected bees; ")  # noqa: PT017 - most texts raise nothing else
