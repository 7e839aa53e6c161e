"""Hugging Face's API: what its JSON says, and what damaged and hostile JSON does."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.account import Account
from corpus.errors import UnreadableSourceError
from corpus.sources.hugging_face import FORMATS, SOURCES
from corpus.sources.hugging_face_json import parse_json, recognises
from corpus.sources.reading import Reading
from corpus.sources.source import Context, Validator

TODAY = date(2026, 11, 23)
CONTEXT = Context(TODAY)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ETAG = Validator("https://huggingface.co/api/daily_papers", '"v1"', None)
DAILY, SEARCH = SOURCES
FIELDS = [
    *("authors", "publishedAt", "submittedOnDailyAt", "upvotes", "numComments", "organization"),
    *("ai_summary", "ai_keywords", "githubRepo", "githubStars", "projectPage"),
    *("thumbnail", "mediaUrl", "mediaUrls"),
]


def paper(arxiv_id: Any = "2611.00001", **fields: Any) -> dict[str, Any]:
    return {"id": arxiv_id, "title": "Counting\n  Fireflies", "summary": "We count.\nThey glow.", **fields}


def record(
    arxiv_id: Any = "2611.00001", *, around: Mapping[str, Any] | None = None, **fields: Any
) -> dict[str, Any]:
    return {"paper": paper(arxiv_id, **fields), "title": "Counting Fireflies", **(around or {})}


def read(value: Any) -> Reading:
    return parse_json(json.dumps(value), CONTEXT)


def only(value: Any) -> Account:
    reading = read(value)
    assert not reading.rejected
    (account,) = reading.accounts
    return account


def refusals(value: Any) -> list[tuple[str, str]]:
    return [(rejected.where, rejected.why) for rejected in read(value).rejected]


# What the JSON says


def test_a_daily_record_is_told_in_the_sites_own_characters():
    told = only(
        [
            record(
                authors=[{"name": "Ada Lund"}, {"name": "Bo Li", "hidden": True}],
                publishedAt="2026-11-19T00:00:00.000Z",
                submittedOnDailyAt="2026-11-20T01:02:03.000Z",
                upvotes=12,
                ai_summary="Fireflies are counted.",
                ai_keywords=["fireflies", "counting", "fireflies"],
                githubRepo="https://github.com/lund/fireflies",
                githubStars=0,
                projectPage="https://fireflies.example.org/",
                organization={"name": "lab", "fullname": "The Lab"},
                around={
                    "publishedAt": "2026-11-18T19:00:00.000Z",
                    "numComments": 3,
                    "thumbnail": "https://cdn-thumbnails.huggingface.co/2611.00001.png",
                    "mediaUrls": ["https://cdn-uploads.huggingface.co/a.mp4"],
                    "submitterOrganization": {"name": "somebody else"},
                },
            )
        ]
    )
    assert told == Account(
        title="Counting\n  Fireflies",
        abstract="We count.\nThey glow.",
        arxiv_id="2611.00001",
        authors=("Ada Lund", "Bo Li"),
        authors_count=2,
        organisation="The Lab",
        published=date(2026, 11, 19),
        listed=date(2026, 11, 20),
        upvotes=12,
        comments=3,
        stars=0,
        keywords=("fireflies", "counting"),
        links=("https://github.com/lund/fireflies",),
        project="https://fireflies.example.org/",
        thumbnail="https://cdn-thumbnails.huggingface.co/2611.00001.png",
        media=("https://cdn-uploads.huggingface.co/a.mp4",),
        summary="Fireflies are counted.",
    )


def test_what_a_record_does_not_say_stays_unsaid():
    assert only([record()]) == Account(
        title="Counting\n  Fireflies", abstract="We count.\nThey glow.", arxiv_id="2611.00001"
    )


def test_one_bare_paper_a_list_of_them_and_an_archivers_envelope_say_the_same():
    bare = paper(upvotes=4, numComments=2)
    shapes = (
        bare,
        [bare],
        {"paper": bare, "numComments": 2},
        {"status": "success", "count": 1, "data": [bare]},
    )
    assert {only(shape) for shape in shapes} == {only(bare)}
    assert (only(bare).upvotes, only(bare).comments) == (4, 2)


def test_a_day_without_papers_is_read_as_no_papers():
    assert read([]) == read({"status": "success", "count": 0, "data": []}) == Reading()


def test_a_paper_without_an_abstract_is_a_paper():
    assert only([{"paper": {"id": "2611.00001", "title": "Maps"}}]).abstract == ""


def test_the_title_around_a_paper_stands_in_for_one_that_it_lacks():
    assert only([record(title=None)]).title == "Counting Fireflies"


def test_no_votes_and_no_comments_are_said_and_not_the_same_as_nothing_said():
    told = only([record(upvotes=0, around={"numComments": 0})])
    assert (told.upvotes, told.comments) == (0, 0)


def test_what_stands_around_a_paper_or_only_in_it_is_told_alike():
    said = {"organization": {"name": "lab"}, "mediaUrls": ["https://cdn-uploads.huggingface.co/a.mp4"]}
    around = {"paper": {"id": "2611.00001", "title": "Maps"}, "summary": "We fold.", **said}
    inside = {"paper": {"id": "2611.00001", "title": "Maps", "summary": "We fold.", **said}}
    assert only([around]) == only([inside])
    assert only([around]).organisation == "lab"


def test_the_short_name_of_an_organisation_stands_in_for_its_full_one():
    assert only([record(organization={"name": "lab", "fullname": " "})]).organisation == "lab"


def test_the_day_of_a_time_with_an_offset_is_that_in_utc():
    assert only([record(publishedAt="2026-11-19T20:00:00-05:00")]).published == date(2026, 11, 20)


def test_the_oldest_shapes_drawn_picture_is_a_thumbnail_and_not_the_authors_media():
    drawn = "https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/2405.15738.png"
    uploaded = "https://cdn-uploads.huggingface.co/a.mp4"
    first, second = read([record(around={"mediaUrl": url}) for url in (drawn, uploaded)]).accounts
    assert (first.thumbnail, first.media) == (drawn, ())
    assert (second.thumbnail, second.media) == (None, (uploaded,))


def test_the_same_paper_twice_is_told_twice():
    assert len(read([record(upvotes=1), record(upvotes=2)]).accounts) == 2


# What is refused, and what is left out


def test_a_record_in_pythons_notation_is_refused_by_itself_with_its_number():
    assert refusals(
        [record(), "{'paper': {'id': '2412.07730', 'authors': [{'_id': '67590ae29500a8d4bb970a6b', 'name'"]
    ) == [
        (
            "record 2",
            "is a text, not an object; it begins “{'paper': {'id': '2412.07730', 'authors': [{'_id': '67590ae…”",
        )
    ]


@pytest.mark.parametrize(
    ("value", "where", "why"),
    [
        (7, "record 1", "is a number, not an object"),
        (None, "record 1", "is null, not an object"),
        (True, "record 1", "is true or false, not an object"),
        ([], "record 1", "is a list, not an object"),
        ({"paper": []}, "record 1", "its “paper” is a list, not an object"),
        ({}, "record 1", "it has no id"),
        (record(None), "record 1", "it has no id"),
        (record(" "), "record 1", "it has no id"),
        (record(2611.00001), "record 1", "its id is a number, not an arXiv id"),
        (
            record("blog/\u202efoo"),
            "record 1",
            "its id “blog/\N{REPLACEMENT CHARACTER}foo” is not an arXiv id",
        ),
        ({"paper": {"id": "2611.00001"}}, "record 1 (2611.00001)", "it has no title"),
        (
            record(publishedAt="2031-01-01T00:00:00Z"),
            "record 1 (2611.00001)",
            "its date 2031-01-01 lies in the future",
        ),
        (
            record(submittedOnDailyAt="2026-11-26T00:00:00Z"),
            "record 1 (2611.00001)",
            "its date 2026-11-26 lies in the future",
        ),
    ],
)
def test_a_record_that_is_no_paper_is_refused_in_words(value: Any, where: str, why: str):
    assert refusals([value]) == [(where, why)]


def test_a_date_two_days_ahead_is_another_time_zones_and_not_the_future():
    assert only([record(publishedAt="2026-11-25T23:59:59Z")]).published == date(2026, 11, 25)


@pytest.mark.parametrize(
    "fields",
    [
        {"upvotes": "12"},
        {"upvotes": True},
        {"upvotes": -1},
        {"upvotes": 2**31},
        {"upvotes": 3.0},
        {"githubStars": None},
        {"authors": None},
        {"authors": [None, 7, {"name": None}, {"name": " "}, {}]},
        {"publishedAt": "yesterday"},
        {"publishedAt": 1763942400},
        {"publishedAt": "2026-02-30T00:00:00Z"},
        {"publishedAt": "0001-01-01T00:00:00+14:00"},
        {"organization": "The Lab"},
        {"organization": {"name": ["lab"]}},
        {"ai_keywords": {"a": 1}},
        {"ai_keywords": [None, ""]},
        {"ai_summary": []},
        {"around": {"numComments": "many", "thumbnail": {}, "mediaUrl": [], "mediaUrls": [3]}},
    ],
)
def test_a_field_of_another_kind_is_left_out_and_the_paper_kept(fields: dict[str, Any]):
    assert only([record(**fields)]) == only([record()])


def test_a_number_of_five_thousand_digits_costs_the_field_and_not_the_answer():
    text = json.dumps([record(upvotes="N")]).replace('"N"', "9" * 5000)
    (account,) = parse_json(text, CONTEXT).accounts
    assert account.upvotes is None


@pytest.mark.parametrize(
    "url",
    [
        "http://github.com/lund/fireflies",
        "github.com/lund/fireflies",
        "javascript:alert(1)",
        "https://user:secret@github.com/lund",
        "https://github.com@evil.example",
        "https://github.com:8443/lund",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://",
        "https://gith\u0443b.com/lund",
        "https://github.com\\@evil.example/",
        "https://github.com/lund fireflies",
        "https://github.com/lund>",
        "https://github.com/\u202egpj.exe",
        "https://github.com/\ud800",
        "https://github.com/" + "a" * 3000,
    ],
)
def test_an_address_that_hides_where_it_leads_is_left_out(url: Any):
    fields = {"githubRepo": url, "projectPage": url, "around": {"thumbnail": url, "mediaUrls": [url]}}
    assert only([record(**fields)]) == only([record()])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n",
        "<!doctype html><html><body>Just a moment…</body></html>",
        '[{"paper": {"id": "2611.00001", "title": "Cou',
        '{"error": "Invalid date"}',
        '{"url": "https://export.arxiv.org/api", "status_code": 200, "body": "<?xml?>"}',
        '{"data": {"paper": 1}}',
        '"papers"',
        "null",
        "NaN",
        "[" * 200_000,
        '{"data":' * 200_000,
        '{"id": "2611.00001", "title": "A"}\n{"id": "2611.00002", "title": "B"}',
        "[" + "{}," * 60_000 + "{}]",
    ],
)
def test_what_is_not_hugging_faces_json_is_unreadable_with_what_was_expected(text: str):
    with pytest.raises(UnreadableSourceError, match="expected JSON of Hugging Face's papers"):
        parse_json(text, CONTEXT)


def test_a_cut_answer_says_where_it_stops():
    with pytest.raises(UnreadableSourceError, match=r"stopped at line 2, column \d+"):
        parse_json('[\n{"paper": {"id": "2611.00001"', CONTEXT)


def test_an_error_in_json_is_unreadable_and_named():
    with pytest.raises(UnreadableSourceError, match="found an object with “error”"):
        parse_json('{"error": "Invalid date"}', CONTEXT)


KEYS = st.sampled_from([*FIELDS, "paper", "data", "id", "title", "summary", "name", "fullname"])
TEXTS = st.text(st.characters(codec=None), max_size=20) | st.sampled_from(
    [
        "2611.00001",
        "cs/0701001v2",
        "https://a.org/b",
        "2026-11-20",
        "9999-12-31T23:59:59-12:00",
        "\ud800",
        "\0",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS | TEXTS, inner, max_size=8),
    max_leaves=40,
)
RECORDS = st.lists(
    st.fixed_dictionaries({"paper": st.dictionaries(KEYS, JSON).map(lambda fields: paper() | fields)}) | JSON
)


@given(JSON | RECORDS)
@example([record("2611.00001", title="\ud800", ai_summary="\0", upvotes=float("nan"))])
def test_any_json_gives_each_record_once_as_an_account_or_a_reason_or_is_unreadable(value: Any):
    try:
        reading = parse_json(json.dumps(value), CONTEXT)
    except UnreadableSourceError as error:
        str(error).encode()
        return
    records = value if isinstance(value, list) else [value]
    if isinstance(value, dict) and "paper" not in value and not {"id", "title"} <= value.keys():
        records = value["data"]
    assert len(reading.accounts) + len(reading.rejected) == len(records)
    for rejected in reading.rejected:
        assert f"{rejected.where}: {rejected.why}".isprintable()
    for account in reading.accounts:
        json.dumps(account.as_json(), ensure_ascii=False).encode()
        assert account.arxiv_id
        assert account.title.strip()


@given(st.text(st.characters(codec=None)) | st.text('[{]}",:paper\\\n0 '))
def test_any_text_is_read_or_unreadable(text: str):
    recognises(text)
    try:
        parse_json(text, CONTEXT)
    except UnreadableSourceError as error:
        str(error).encode()


@given(st.text("https:/.@[]?#\\ \t\u0430\u202ea1-", max_size=30).map("https://a.org".__add__) | st.text())
def test_every_address_that_is_kept_is_https_and_names_its_host_plainly(url: str):
    for link in only([record(githubRepo=url)]).links:
        parts = urlsplit(link)
        assert parts.scheme == "https"
        assert parts.netloc == parts.hostname
        assert link.isprintable()
        assert " " not in link


# What is recognised


@pytest.mark.parametrize(
    "value",
    [
        [record(authors=[{"_id": "1", "name": "Ada"}])],
        [paper(upvotes=3)],
        paper(publishedAt="2026-11-19T00:00:00Z"),
        [],
        {"status": "success", "date": "2025-01-10", "count": 1, "data": ["{'paper': {'id': '2501.05441'"]},
        {"status": "success", "date": "2025-01-11", "count": 0, "data": []},
        ["{'paper': {'id': '2412.07730'"],
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_hugging_faces_json_is_recognised_printed_either_way(value: Any, indent: int | None):
    assert recognises(json.dumps(value, indent=indent))


def test_a_paper_is_recognised_whose_authors_fill_all_that_is_seen():
    authors = [{"_id": str(number), "name": "Ada", "hidden": False} for number in range(500)]
    assert recognises(json.dumps({"id": "2611.00001", "authors": authors, "upvotes": 1})[:2000])


@pytest.mark.parametrize(
    "text",
    [
        '{"id": "2611.00001", "title": "A", "abstract": "B", "upvotes": 3}',
        '{"id": "2611.00001", "title": "A", "upvotes": 1}\n{"id": "2611.00002", "title": "B", "upvotes": 2}\n',
        '{"id": "2503.13444", "authors": ["Ye Liu"], "title": "A", "summary": "B"}',
        '{"url": "https://export.arxiv.org/api", "status_code": 200, "body": "<?xml version=\'1.0\'?>"}',
        '{"url": "https://huggingface.co/api", "body": "[{\\"paper\\": {\\"upvotes\\": 3}}]"}',
        '[{"title": "A", "summary": "it says \\"upvotes\\": 3"}]',
        "<!doctype html>",
        "Daily Papers",
        "[1] A reference. upvotes: 3",
        "",
    ],
)
def test_other_texts_are_not_taken_for_hugging_faces(text: str):
    assert not recognises(text)


def test_the_format_and_both_sources_speak_for_hugging_face():
    assert [(format_.name, format_.account) for format_ in FORMATS] == [("hugging-face", "hugging-face")]
    assert [(source.name, source.account) for source in SOURCES] == [
        ("hugging-face-daily", "hugging-face"),
        ("hugging-face-search", "hugging-face"),
    ]
