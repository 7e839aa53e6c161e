"""What arXiv's API and announcements gave others who recorded it, each read here a second time, by hand."""

import json
from datetime import date
from email.utils import parsedate_to_datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from corpus.account import Account
from corpus.errors import UnreadableSourceError
from corpus.sources.arxiv import FORMATS
from corpus.sources.arxiv_atom import parse_atom, parse_page, parse_recorded
from corpus.sources.arxiv_rss import parse_announcement
from corpus.sources.source import Context
from tests.conftest import SHARED

ANSWERS = SHARED / "samples" / "arxiv_atom"
RECORDED = sorted(ANSWERS.glob("*.json"))
ERRORS = {"id_abc_s0_m100_b79c8dcf6bc3"}
WHOLE = [file for file in RECORDED if file.stem not in ERRORS]
ANNOUNCED = sorted((SHARED / "samples" / "arxiv_rss").glob("*.xml"))
CONTEXT = Context(date(2026, 11, 23))
NAMES = {
    "a": "http://www.w3.org/2005/Atom",
    "arxiv": "http://arxiv.org/schemas/atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "o": "http://a9.com/-/spec/opensearch/1.1/",
}

pytestmark = pytest.mark.skipif(
    not RECORDED or not ANNOUNCED, reason=f"there are no recorded answers in {ANSWERS.parent}"
)
each_answer = pytest.mark.parametrize("file", WHOLE, ids=lambda file: file.stem)


def mended(text: str) -> str:
    """The recordings hold `WÃ¼bben` and `$Î±$`: UTF-8 that somebody took for Latin-1."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def said(element: ET.Element, path: str) -> str | None:
    return mended(element.findtext(path, "", NAMES).strip()) or None


def read_by_hand(entry: ET.Element) -> Account:
    arxiv_id, _, version = entry.findtext("a:id", "", NAMES).partition("/abs/")[2].rpartition("v")
    primary = [one.attrib["term"] for one in entry.findall("arxiv:primary_category", NAMES)]
    terms = [one.attrib["term"] for one in entry.findall("a:category", NAMES)]
    return Account(
        title=said(entry, "a:title") or "",
        abstract=said(entry, "a:summary") or "",
        arxiv_id=arxiv_id,
        version=int(version),
        authors=tuple(mended(one.text or "") for one in entry.findall("a:author/a:name", NAMES)),
        published=date.fromisoformat(entry.findtext("a:published", "", NAMES)[:10]),
        categories=tuple(dict.fromkeys(primary + terms)),
        note=said(entry, "arxiv:comment"),
        journal=said(entry, "arxiv:journal_ref"),
        doi=said(entry, "arxiv:doi"),
        withdrawn=False,
    )


@each_answer
def test_a_recorded_answer_is_read_as_another_reader_reads_it(file: Path):
    body = json.loads(file.read_text("utf-8"))["body"]
    root = ET.fromstring(body)  # noqa: S314 - another reader than ours, of files at hand
    page = parse_page(body, CONTEXT)
    assert page.reading.rejected == ()
    assert list(page.reading.accounts) == [read_by_hand(entry) for entry in root.findall("a:entry", NAMES)]
    assert str(page.total) == root.findtext("o:totalResults", None, NAMES)
    assert str(page.start) == root.findtext("o:startIndex", None, NAMES)


@each_answer
def test_a_recording_and_the_answer_in_it_say_the_same(file: Path):
    body = file.with_suffix(".xml").read_text("utf-8")
    assert parse_recorded(file.read_text("utf-8"), CONTEXT) == parse_atom(body, CONTEXT)


@pytest.mark.parametrize("stem", sorted(ERRORS))
def test_a_recorded_error_is_told_in_arxivs_words(stem: str):
    for suffix, parse in ((".json", parse_recorded), (".xml", parse_atom)):
        with pytest.raises(UnreadableSourceError) as caught:
            parse((ANSWERS / stem).with_suffix(suffix).read_text("utf-8"), CONTEXT)
        assert str(caught.value) == "arXiv answered: incorrect id format for abc"


def test_every_recording_is_recognised_by_its_own_format_only():
    recognised = {
        file.name: [known.name for known in FORMATS if known.recognises(file.read_text("utf-8")[:4000])]
        for file in [*RECORDED, *ANSWERS.glob("*.xml"), *ANNOUNCED]
    }
    of = {".json": "arxiv-recorded", ".xml": "arxiv-atom"}
    rss = {file.name for file in ANNOUNCED}
    assert recognised == {
        name: ["arxiv-rss" if name in rss else of[Path(name).suffix]] for name in recognised
    }


def test_letters_that_were_spoilt_on_the_way_are_whole_again_in_names_too():
    told = parse_atom((ANSWERS / "id_1707.08567_s0_m100_6a1afebfc6a3.xml").read_text("utf-8"), CONTEXT)
    assert "Dirk Wübben" in told.accounts[0].authors


def test_an_answer_of_which_a_paper_is_missing_tells_the_other():
    (file,) = ANSWERS.glob("id_0808.05394_1707.08567*.xml")
    assert [account.arxiv_id for account in parse_atom(file.read_text("utf-8"), CONTEXT).accounts] == [
        "1707.08567"
    ]


@pytest.mark.parametrize("file", ANNOUNCED, ids=lambda file: file.stem)
def test_a_recorded_announcement_is_read_as_another_reader_reads_it(file: Path):
    text = file.read_text("utf-8")
    channel = ET.fromstring(text)[0]  # noqa: S314 - another reader than ours, of files at hand
    told = parse_announcement(text, CONTEXT)
    assert told.day == parsedate_to_datetime(channel.findtext("pubDate", "")).date()
    assert told.reading.rejected == ()
    items = channel.findall("item")
    assert len(told.reading.accounts) == len(items)
    for account, item in zip(told.reading.accounts, items, strict=True):
        kind = item.findtext("arxiv:announce_type", "", NAMES)
        arxiv_id, _, version = item.findtext("guid", "").removeprefix("oai:arXiv.org:").rpartition("v")
        assert account == Account(
            title=item.findtext("title", ""),
            abstract=item.findtext("description", "").partition("\nAbstract: ")[2].strip(),
            arxiv_id=arxiv_id,
            version=int(version),
            authors=tuple(item.findtext("dc:creator", "", NAMES).split(", ")),
            listed=told.day if kind == "new" else None,
            categories=tuple(one.text or "" for one in item.findall("category")),
            doi=said(item, "arxiv:DOI"),
            is_news=kind == "new",
        )
