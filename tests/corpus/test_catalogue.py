"""What can be read and fetched is found by itself, told by its looks, and configured by a line."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import corpus.sources
from corpus.catalogue import configured, format_of, formats, hosts, sources
from corpus.errors import UnknownSourceError, UnreadableSourceError
from tests.conftest import SHARED

PAGE = "daily-papers-page"
EXAMPLES = {
    "arxiv-atom": (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        "<id>https://arxiv.org/api/x</id><title>arXiv Query: search_query=all:bees</title>\n</feed>"
    ),
    "arxiv-recorded": (
        '{"url": "https://export.arxiv.org/api/query?id_list=2501.00001", "status_code": 200, "headers": {}, '
        '"body": "<?xml version=\\"1.0\\"?><feed></feed>"}'
    ),
    "arxiv-rss": (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss xmlns:arxiv="http://arxiv.org/schemas/atom" version="2.0">\n'
        "<channel><title>cs.CL updates on arXiv.org</title><link>http://rss.arxiv.org/rss/cs.CL</link></channel></rss>"
    ),
    "hugging-face": (
        '[{"paper": {"id": "2501.00001", "title": "On Bees", "summary": "Bees are many.", "upvotes": 3, '
        '"publishedAt": "2025-01-01T00:00:00.000Z"}, "title": "On Bees", "numComments": 1}]'
    ),
    "ids": "# this week\n2501.00001\nhttps://arxiv.org/abs/2501.00002\n",
    "jsonl": '{"id": "2501.00001", "title": "On Bees", "abstract": "Bees are many."}\n{"title": "On Bears"}\n',
    PAGE: "Daily Papers\n\nDec 8\n\nOn Bees\n\nBees are many.\n\n  • 6 authors\n·\nMay 2 5\n",
}
SAMPLES = {
    "hf_daily/*.json": "hugging-face",
    "arxiv_atom/*.xml": "arxiv-atom",
    "arxiv_atom/*.json": "arxiv-recorded",
    "arxiv_rss/*.xml": "arxiv-rss",
    "arxiv_jsonl/*.jsonl": "jsonl",
    "hf_page_text/*.md": PAGE,
}

NEW = """
from corpus.sources.reading import Reading
from corpus.sources.source import Format, Source

FORMATS = (Format("bees", "a bee a line", "bees", lambda text: text.startswith("bzz"), lambda text, context: Reading()),)
SOURCES = (Source("hive", "the hive", "bees", {}, lambda get, argument, window: None, lambda argument: ""),)
"""


@pytest.fixture
def drawer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that is a part of corpus/sources for as long as the test runs."""
    before = set(sys.modules)
    monkeypatch.setattr(corpus.sources, "__path__", [*corpus.sources.__path__, str(tmp_path)])
    yield tmp_path
    for name in set(sys.modules) - before:
        if name.startswith("corpus.sources."):
            del sys.modules[name]
            delattr(corpus.sources, name.rpartition(".")[2])


# Found by themselves


def test_a_file_that_is_put_into_the_package_is_found_and_one_that_is_taken_out_is_gone(
    drawer: Path, monkeypatch: pytest.MonkeyPatch
):
    (drawer / "bees_of_ours.py").write_text(NEW, "utf-8")
    assert formats()["bees"].description == "a bee a line"
    assert configured("hive:of:bees") == (sources()["hive"], "of:bees")
    assert format_of("bzz").name == "bees"
    assert list(formats())[-1] == PAGE
    monkeypatch.undo()
    assert "bees" not in formats()
    assert "hive" not in sources()


@pytest.mark.parametrize("name", ["jsonl", PAGE])
def test_two_of_one_name_are_a_mistake_that_is_seen_at_once(drawer: Path, name: str):
    (drawer / "bees_of_ours.py").write_text(NEW.replace('"bees"', f'"{name}"', 1), "utf-8")
    with pytest.raises(ValueError, match=f"two of corpus/sources are called {name}"):
        formats()


def test_every_format_and_source_says_in_one_line_what_it_is():
    for one in (*formats().values(), *sources().values()):
        assert one.name == one.name.strip().lower()
        assert ":" not in one.name
        assert 10 < len(one.description) < 120
        assert "\n" not in one.description


def test_a_host_may_be_asked_equally_often_whichever_source_asks():
    for source in sources().values():
        assert {host: hosts()[host] for host in source.hosts} == source.hosts


# Told by their looks


def test_every_format_has_an_example_here():
    assert EXAMPLES.keys() == formats().keys()


@pytest.mark.parametrize("before", ["", "\ufeff", "\n \r\n\t", "\ufeff\n\n"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_recognised_by_its_own_format_and_by_no_other(name: str, before: str):
    takers = [one.name for one in formats().values() if one.recognises(EXAMPLES[name])]
    assert [taker for taker in takers if taker != PAGE] == [name] * (name != PAGE)
    assert format_of(before + EXAMPLES[name]).name == name


@given(st.sampled_from(sorted(EXAMPLES)), st.text(" \t\r\n", max_size=20), st.integers(0, 20_000))
def test_neither_blanks_before_nor_length_change_what_a_text_is(name: str, blanks: str, length: int):
    behind = "\n" + "\n" * length if name != "arxiv-recorded" else " " * length
    assert format_of(blanks + EXAMPLES[name] + behind).name == name


@pytest.mark.parametrize(("files", "name"), SAMPLES.items(), ids=SAMPLES.values())
def test_recorded_files_are_what_they_are(files: str, name: str):
    found = sorted((SHARED / "samples").glob(files))
    if not found:
        pytest.skip(f"there is no recorded {files} in {SHARED / 'samples'}")
    assert {file.name: format_of(file.read_text("utf-8")).name for file in found} == {
        file.name: name for file in found
    }


def test_the_bundled_page_is_a_page(bundled_page: str):
    assert format_of(bundled_page).name == PAGE


@pytest.mark.parametrize("page", ["<!DOCTYPE html>\n<html></html>", "<html>", "", "On Bees"])
def test_what_a_person_took_for_a_page_is_left_to_its_parser_to_refuse(page: str):
    assert format_of(page).name == PAGE


@pytest.mark.parametrize(
    "text", ["<collection><volume/></collection>", '{"bees": 7}', "[]\n[]", "{", '["bees"]']
)
def test_a_text_of_no_format_is_refused_with_all_that_can_be_read(text: str):
    with pytest.raises(UnreadableSourceError) as caught:
        format_of(text)
    for one in formats().values():
        assert f"{one.name}: {one.description}" in str(caught.value)


@given(st.text())
def test_any_text_is_of_one_format_or_refused(text: str):
    try:
        assert format_of(text).name in formats()
    except UnreadableSourceError as error:
        assert "is none of what can be read" in str(error)  # noqa: PT017 - most texts raise nothing


def test_a_format_that_is_named_is_taken_whatever_the_text_looks_like():
    assert format_of(EXAMPLES["jsonl"], PAGE).name == PAGE


def test_a_format_that_is_not_known_is_refused_with_the_names_of_those_that_are():
    with pytest.raises(UnknownSourceError, match="“json1” is no format: did you mean jsonl") as caught:
        format_of("", "json1")
    assert all(name in str(caught.value) for name in formats())


# Configured by a line


def test_a_line_is_a_name_or_a_name_and_an_argument():
    assert configured("hugging-face-daily") == (sources()["hugging-face-daily"], "")
    assert configured(" hugging-face-search : bees: a survey ") == (
        sources()["hugging-face-search"], "bees: a survey",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("huging-face-daily", "“huging-face-daily” is no source: did you mean hugging-face-daily"),
        ("Hugging-Face-Daily", "did you mean hugging-face-daily"),
        ("bees", "“bees” is no source. There are .*hugging-face-daily, "),
        ("", "“” is no source"),
        (":bees", "“” is no source"),
        ("hugging-face-daily:bees", "the source hugging-face-daily takes nothing behind its name"),
        ("hugging-face-search", "the source hugging-face-search needs the words"),
        ("hugging-face-search: ", "the source hugging-face-search needs the words"),
    ],
)
def test_a_line_that_asks_for_nothing_there_is_refused_in_words(line: str, said: str):
    with pytest.raises(UnknownSourceError, match=said):
        configured(line)
