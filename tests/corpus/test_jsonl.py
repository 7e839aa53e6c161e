"""Papers as JSON Lines: what is read of a line, what is left out, and when a line is refused."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.account import Account
from corpus.sources.jsonl import parse_lines
from corpus.sources.reading import Reading
from corpus.sources.source import Context
from tests.conftest import SHARED
from tests.runaway import no_runaway

CONTEXT = Context(date(2026, 11, 24))
SAMPLES = sorted((SHARED / "samples" / "arxiv_jsonl").glob("*.jsonl"))


def read(text: str) -> Reading:
    return parse_lines(text, CONTEXT)


def account(**said: Any) -> Account:
    reading = read(json.dumps({"title": "On Bees"} | said))
    assert reading.rejected == ()
    return reading.accounts[0]


def why(line: str) -> str:
    reading = read(line)
    assert reading.accounts == ()
    (rejected,) = reading.rejected
    assert rejected.where == "line 1"
    return rejected.why


def test_a_line_with_every_field_gives_every_field():
    told = account(
        id="2501.00001v2", abstract="Bees are\nmany.", authors=["Ada Lovelace", "Alan Turing"], date="2025-01-01",
        listed="2025-01-03", upvotes=3, comments=0, comment="9 pages", categories=["cs.CL"], keywords=["bees"],
        code="https://github.com/example/bees", stars=7, project="https://example.org/bees",
        organisation="Hive", doi="10.1000/bees", journal="Bees, 2025",
    )  # fmt: skip
    assert told == Account(
        title="On Bees", abstract="Bees are\nmany.", arxiv_id="2501.00001", version=2,
        authors=("Ada Lovelace", "Alan Turing"), published=date(2025, 1, 1), listed=date(2025, 1, 3), upvotes=3,
        comments=0, note="9 pages", categories=("cs.CL",), keywords=("bees",),
        links=("https://github.com/example/bees",), stars=7, project="https://example.org/bees",
        organisation="Hive", doi="10.1000/bees", journal="Bees, 2025",
    )  # fmt: skip


def test_a_title_is_enough():
    assert account() == Account(title="On Bees")


@pytest.mark.parametrize("name", ["id", "_id"])
@pytest.mark.parametrize(
    ("said", "arxiv_id", "version", "key"),
    [
        ("2501.00001", "2501.00001", None, None),
        ("2501.00001v12", "2501.00001", 12, None),
        ("arXiv:2501.00001v1", "2501.00001", 1, None),
        ("hep-th/9901001v3", "hep-th/9901001", 3, None),
        ("https://arxiv.org/abs/2501.00001v2", "2501.00001", 2, None),
        ("https://arxiv.org/pdf/2501.00001v2.pdf", "2501.00001", 2, None),
        ("https://huggingface.co/papers/2501.00001", "2501.00001", None, None),
        (" acl:2024.acl-long.1 ", None, None, "acl:2024.acl-long.1"),
        ("10.1000/bees.1", None, None, "10.1000/bees.1"),
        ("https://aclanthology.org/2024.acl-long.1", None, None, "https://aclanthology.org/2024.acl-long.1"),
        ("x:" + "y" * 198, None, None, "x:" + "y" * 198),
        ("x:" + "y" * 199, None, None, None),
        ("", None, None, None),
    ],
)
def test_an_id_is_arxivs_or_the_files_own(
    name: str, said: str, arxiv_id: str | None, version: int | None, key: str | None
):
    told = account(**{name: said})
    assert (told.arxiv_id, told.version, told.key) == (arxiv_id, version, key)


@pytest.mark.parametrize("said", ["1", "17", "paper-3", "row 5", 17, 2501.00001, {"$oid": "5f"}])
def test_the_number_of_a_row_is_no_name_of_a_paper_for_two_files_have_it(said: object):
    assert account(id=said) == Account(title="On Bees")


def test_a_row_may_have_both_a_number_and_a_name():
    assert account(id="17", _id="2501.00001").arxiv_id == "2501.00001"
    assert account(_id="17", id="acl:2024.acl-long.1").key == "acl:2024.acl-long.1"
    assert account(id="17", _id="acl:2024.acl-long.1").key == "acl:2024.acl-long.1"


@pytest.mark.parametrize("name", ["url", "abs", "pdf"])
def test_a_link_tells_the_id_where_the_id_does_not(name: str):
    link = {name: "https://arxiv.org/abs/2501.00001v3"}
    assert account(**link).arxiv_id == account(id="acl:1", **link).arxiv_id == "2501.00001"
    assert account(**link).version == 3
    assert account(**link, id="2502.00002").arxiv_id == "2502.00002"
    assert account(**{name: "https://example.org/2501.00001"}).arxiv_id is None


def test_the_version_may_stand_for_itself():
    assert account(id="2501.00001", version=4).version == 4
    assert account(id="2501.00001v2", version=4).version == 2
    assert account(id="2501.00001", version=0).version is None


@pytest.mark.parametrize("name", ["abstract", "summary", "text"])
def test_an_abstract_goes_by_three_names(name: str):
    assert account(**{name: r"8\times $x$"}).abstract == r"8\times $x$"


@pytest.mark.parametrize(
    "authors",
    [
        ["Ada Lovelace", "Alan Turing", "Grace Hopper"],
        [{"name": "Ada Lovelace"}, {"name": "Alan Turing"}, {"name": "Grace Hopper"}],
        ["Ada Lovelace", "", None, 5, {"name": None}, {"name": "Alan Turing"}, "Grace Hopper"],
        "Ada Lovelace, Alan Turing, Grace Hopper",
        "Ada Lovelace, Alan Turing and Grace Hopper",
        "Ada Lovelace and Alan Turing and Grace Hopper",
        "Ada Lovelace, Alan Turing,\n  and Grace Hopper",
        "Ada Lovelace; Alan Turing;Grace Hopper;",
    ],
)
def test_authors_come_in_every_usual_shape(authors: object):
    assert account(authors=authors).authors == ("Ada Lovelace", "Alan Turing", "Grace Hopper")


def test_semicolons_let_commas_stand_in_names():
    assert account(authors="Lovelace, Ada; Turing, Alan").authors == ("Lovelace, Ada", "Turing, Alan")


def test_a_name_with_and_in_it_is_one_name():
    assert account(authors="Fernando Sandoval, Anders Andersson").authors == (
        "Fernando Sandoval", "Anders Andersson",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2025-01-31", date(2025, 1, 31)),
        ("2025-01-31T23:30:00", date(2025, 1, 31)),
        ("2025-01-31T23:30:00.000Z", date(2025, 1, 31)),
        ("2025-01-31T23:30:00-05:00", date(2025, 2, 1)),
        ("2025-01", None),
        ("2025", None),
        ("2025-02-30", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        (2025, None),
    ],
)
@pytest.mark.parametrize(
    ("name", "field"),
    [("date", "published"), ("published", "published"), ("listed", "listed"), ("daily", "listed")],
)
def test_days_are_iso_days_or_times_and_a_month_is_none(
    name: str, field: str, said: object, day: date | None
):
    assert getattr(account(**{name: said}), field) == day


def test_comments_are_a_number_or_the_authors_note():
    assert (account(comments=5).comments, account(comments=5).note) == (5, None)
    assert (account(comments="9 pages").comments, account(comments="9 pages").note) == (None, "9 pages")
    assert account(comments="9 pages", comment="10 pages").note == "10 pages"


def test_categories_and_keywords_may_be_one_text():
    told = account(categories="cs.CL cs.LG,stat.ML", keywords="bees, honey bees; swarms")
    assert told.categories == ("cs.CL", "cs.LG", "stat.ML")
    assert told.keywords == ("bees", "honey bees", "swarms")


@pytest.mark.parametrize("name", ["organisation", "organization"])
def test_an_organisation_is_spelt_both_ways(name: str):
    assert account(**{name: "Hive"}).organisation == "Hive"


@pytest.mark.parametrize("number", [-1, 2**31, True, False, 3.0, "3", None, [3], float("nan")])
@pytest.mark.parametrize("name", ["upvotes", "comments", "stars", "version"])
def test_what_is_no_count_is_left_out(name: str, number: object):
    told = account(id="2501.00001", **{name: number})
    assert getattr(told, name) is None


@pytest.mark.parametrize(
    "name",
    ["abstract", "authors", "categories", "keywords", "code", "project", "organisation", "doi", "journal", "comment"],
)  # fmt: skip
@pytest.mark.parametrize("value", [7, True, None, {"a": 1}, [[1], {}, None], "", "  "])
def test_a_field_of_another_type_is_left_out_and_the_line_is_read(name: str, value: object):
    assert account(**{name: value}) == Account(title="On Bees")


@pytest.mark.parametrize(
    "link",
    ["http://github.com/a/b", "javascript:alert(1)", "https://me:secret@github.com/a", "https://127.0.0.1/a"],
)
def test_code_and_project_are_plain_https(link: str):
    told = account(code=[link, "https://github.com/example/bees"], project=link)
    assert (told.links, told.project) == (("https://github.com/example/bees",), None)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id": "2501.00001"}', "it has no title"),
        ('{"title": "  "}', "it has no title"),
        ('{"title": 7}', "it has no title"),
        ('["On Bees"]', "is not a JSON object: “["),
        ("7", "is not a JSON object: “7”"),
        ('{"title": "On Bees', "is not JSON: Unterminated string"),
        ("On Bees", "is not JSON: Expecting value at column 1 of “On Bees”"),
        ('{"title": "On Bees", "upvotes": ' + "9" * 5000 + "}", "a number without end"),
        ('{"title": "On Bees", "x": ' + "[" * 100_000, "nested hundreds deep"),
        ('{"title": "On Bees", "date": "2026-11-27"}', "its date 2026-11-27 lies in the future"),
        ('{"title": "On Bees", "daily": "2031-01-01"}', "its date 2031-01-01 lies in the future"),
    ],
)
def test_a_line_that_is_no_paper_is_refused_in_words(line: str, said: str):
    assert said in why(line)


def test_two_days_ahead_is_a_matter_of_clocks():
    assert account(date="2026-11-26").published == date(2026, 11, 26)


def test_a_refused_line_is_named_by_its_number_and_the_others_are_read():
    text = '\ufeff{"title": "On Bees"}\r\n\n  \n{"title": 7}\n{"title": "On\u2028Bears"}\n'
    reading = parse_lines(text, Context(CONTEXT.today, first=101))
    assert [one.title for one in reading.accounts] == ["On Bees", "On\u2028Bears"]
    assert [one.where for one in reading.rejected] == ["line 104"]


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    [
        "id", "_id", "title", "abstract", "summary", "text", "authors", "date", "published", "listed", "daily", "url",
        "abs", "pdf", "upvotes", "comments", "comment", "categories", "keywords", "code", "stars", "project",
        "organisation", "organization", "doi", "journal", "version",
    ]
)  # fmt: skip


@settings(deadline=None)
@given(
    st.one_of(
        st.text(),
        st.lists(st.dictionaries(FIELDS, JSON).map(json.dumps)).map("\n".join),
        st.dictionaries(FIELDS, JSON).map(lambda said: json.dumps(said | {"title": "On Bees"})),
    )
)
@example("\ufeff")
@example('{"title": "\\ud800"}')
def test_any_text_is_a_reading_in_which_every_line_is_told_or_refused(text: str):
    reading = read(text)
    lines = [line for line in text.removeprefix("\ufeff").split("\n") if line.strip()]
    assert len(reading.accounts) + len(reading.rejected) == len(lines)
    for one in reading.accounts:
        assert Account.from_json(one.as_json()).as_json() == one.as_json()


@pytest.mark.parametrize("text", [" " * 1_000_000, ", " * 300_000, " and" * 200_000, ";" * 1_000_000])
@pytest.mark.parametrize("name", ["authors", "keywords", "categories", "code", "date", "id"])
def test_a_text_of_blanks_and_commas_is_read_in_a_moment(name: str, text: str):
    with no_runaway():
        account(**{name: f"a{text}b"})


@pytest.mark.skipif(
    not SAMPLES, reason=f"there are no recorded lists in {SHARED / 'samples' / 'arxiv_jsonl'}"
)
@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_the_recorded_lists_are_read_completely(file: Any):
    text = file.read_text("utf-8")
    reading = read(text)
    said = [json.loads(line) for line in text.splitlines()]
    assert reading.rejected == ()
    assert [
        (one.arxiv_id, one.title, one.abstract, one.authors, one.categories, one.note)
        for one in reading.accounts
    ] == [
        (
            one["id"],
            one["title"],
            one["summary"],
            tuple(one["authors"]),
            tuple(one["categories"]),
            one["comment"],
        )
        for one in said
    ]
