"""What arXiv's API answers: papers in both servers' spelling, notices of withdrawal, errors, and damaged answers."""

import json
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.account import Account
from corpus.errors import UnreadableSourceError
from corpus.sources.arxiv_atom import (
    id_and_version,
    parse_atom,
    parse_page,
    parse_recorded,
    recognises,
    recognises_recorded,
)
from corpus.sources.reading import Reading
from corpus.sources.source import Context

CONTEXT = Context(date(2026, 11, 23))
ABSTRACT = "We ask whether bees can count. " * 20
AN_ERROR = (
    "<entry><id>https://arxiv.org/api/errors#malformed</id><title>Error</title>"
    "<summary>incorrect id format for bees</summary></entry>"
)


def entry(
    about: str = "2611.00001v2",
    *,
    title: str = "Counting\n  Fireflies",
    summary: str = "We count.\n  They glow.",
    published: str = "2026-11-19T23:30:00Z",
    more: str = "",
) -> str:
    return (
        f"<entry><id>http://arxiv.org/abs/{about}</id><updated>2026-11-20T00:00:00Z</updated>"
        f"<title>{title}</title><summary>{summary}</summary><published>{published}</published>{more}</entry>"
    )


def answer(*entries: str, total: int | str | None = None, start: int = 0) -> str:
    """In the spelling of the server that answers since 2026."""
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" '
        'xmlns="http://www.w3.org/2005/Atom"><id>https://arxiv.org/api/x</id><title>arXiv Query: bees</title>'
        f"<opensearch:totalResults>{len(entries) if total is None else total}</opensearch:totalResults>"
        f"<opensearch:startIndex>{start}</opensearch:startIndex>{''.join(entries)}</feed>"
    )


def only(text: str) -> Account:
    reading = parse_atom(text, CONTEXT)
    assert not reading.rejected
    (account,) = reading.accounts
    return account


def refusals(*entries: str) -> list[tuple[str, str]]:
    return [(one.where, one.why) for one in parse_atom(answer(*entries), CONTEXT).rejected]


def with_comment(comment: str, summary: str = ABSTRACT) -> Account:
    return only(answer(entry(summary=summary, more=f"<arxiv:comment>{comment}</arxiv:comment>")))


# What an answer says


def test_an_entry_is_told_in_the_authors_own_characters():
    more = (
        "<category term='cs.LG'/><category term='cs.CL'/><arxiv:comment>5 pages,\n  2 figures</arxiv:comment>"
        "<arxiv:primary_category term='cs.CL'/><arxiv:journal_ref>J. Bees 3 (2026)</arxiv:journal_ref>"
        "<author><name>Ada Lund</name><arxiv:affiliation>The Lab</arxiv:affiliation></author>"
        "<author><name>Bo Li</name></author><arxiv:doi>10.1000/bees.3</arxiv:doi>"
        "<link href='https://doi.org/10.1000/bees.3' rel='related' title='doi'/>"
    )
    assert only(answer(entry(more=more))) == Account(
        title="Counting\n  Fireflies",
        abstract="We count.\n  They glow.",
        arxiv_id="2611.00001",
        version=2,
        authors=("Ada Lund", "Bo Li"),
        published=date(2026, 11, 19),
        categories=("cs.CL", "cs.LG"),
        note="5 pages,\n  2 figures",
        journal="J. Bees 3 (2026)",
        doi="10.1000/bees.3",
        withdrawn=False,
    )


def test_the_older_servers_spelling_says_the_same():
    of_arxiv = 'xmlns:arxiv="http://arxiv.org/schemas/atom"'
    old = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        '<link href="http://arxiv.org/api/query?id_list=2611.00001" rel="self" type="application/atom+xml"/>'
        '<title type="html">ArXiv Query: id_list=2611.00001</title><id>http://arxiv.org/api/x</id>'
        '<opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">1</opensearch:totalResults>'
        "<entry><id>http://arxiv.org/abs/2611.00001v2</id><published>2026-11-19T23:30:00Z</published>"
        "<title>Counting\n  Fireflies</title><summary>  We count.\n  They glow.\n</summary>"
        f"<arxiv:comment {of_arxiv}>5 pages</arxiv:comment>"
        f'<arxiv:primary_category {of_arxiv} term="cs.CL" scheme="http://arxiv.org/schemas/atom"/>'
        '<category term="cs.CL" scheme="http://arxiv.org/schemas/atom"/></entry></feed>'
    )
    new = answer(
        entry(
            more="<arxiv:comment>5 pages</arxiv:comment><category term='cs.CL'/>"
            "<arxiv:primary_category term='cs.CL'/>"
        )
    )
    assert only(old) == only(new)
    assert parse_page(old, CONTEXT).total == 1


@pytest.mark.parametrize(
    ("link", "named"),
    [
        ("http://arxiv.org/abs/2202.12139v1", ("2202.12139", 1)),
        ("https://arxiv.org/abs/quant-ph/0201082v12", ("quant-ph/0201082", 12)),
        ("https://export.arxiv.org/abs/math.GT/0309136v2", ("math.GT/0309136", 2)),
        ("http://arxiv.org/abs/0808.05394", ("0808.05394", None)),
        ("oai:arXiv.org:2609.26811v3", ("2609.26811", 3)),
        ("https://example.org/abs/2202.12139v1", None),
        ("https://arxiv.org/abs/abc", None),
        ("", None),
    ],
)
def test_an_id_and_its_version_are_read_from_both_styles_and_schemes(link: str, named: object):
    assert id_and_version(link) == named


def test_where_a_page_stands_in_the_whole_answer_is_told():
    page = parse_page(answer(entry(), entry("2611.00002v1", title=""), total=214_881, start=20), CONTEXT)
    assert (page.total, page.start) == (214_881, 20)
    assert page.ids == ("http://arxiv.org/abs/2611.00001v2", "http://arxiv.org/abs/2611.00002v1")


def test_a_total_that_is_no_number_is_not_known():
    assert parse_page(answer(total="many"), CONTEXT).total is None


def test_an_answer_without_papers_is_an_empty_reading():
    assert parse_atom(answer(), CONTEXT) == Reading()


def test_an_entry_without_a_title_or_an_id_is_rejected_and_the_others_are_read():
    partial = (
        "<entry><id>http://arxiv.org/abs/0808.05394v1</id><updated>1970-01-01T00:00:00Z</updated></entry>"
    )
    nameless = "<entry><title>Maps</title></entry>"
    other = "<entry><id>https://example.org/7</id><title>Maps</title></entry>"
    reading = parse_atom(answer(partial, nameless, other, entry()), CONTEXT)
    assert [(one.where, one.why) for one in reading.rejected] == [
        ("record 1 (0808.05394)", "it has no title"),
        ("record 2", "it has no id"),
        ("record 3", "its id “https://example.org/7” is not an arXiv id"),
    ]
    assert [account.arxiv_id for account in reading.accounts] == ["2611.00001"]


def test_a_paper_of_next_week_is_rejected_and_one_of_tomorrow_is_not():
    assert refusals(entry(published="2026-11-25T23:00:00Z")) == []
    assert refusals(entry(published="2026-11-26T00:00:00Z")) == [
        ("record 1 (2611.00001)", "its date 2026-11-26 lies in the future")
    ]


@pytest.mark.parametrize("published", ["", "yesterday", "0001-01-01T00:00:00+23:59"])
def test_a_date_that_is_none_is_not_told(published: str):
    assert only(answer(entry(published=published))).published is None


def test_an_error_is_told_in_arxivs_words():
    with pytest.raises(UnreadableSourceError) as caught:
        parse_atom(answer(AN_ERROR), CONTEXT)
    assert str(caught.value) == "arXiv answered: incorrect id format for bees"


# Recordings, and what is none


def recorded(body: object, status: object = 200) -> str:
    return json.dumps({"url": "https://export.arxiv.org/api/query?x", "status_code": status, "body": body})


def test_a_recorded_answer_says_what_is_in_it():
    assert parse_recorded(recorded(answer(entry())), CONTEXT) == parse_atom(answer(entry()), CONTEXT)


def test_a_recorded_error_is_told_in_arxivs_words_whatever_its_status():
    for status in (200, 400):
        with pytest.raises(UnreadableSourceError) as caught:
            parse_recorded(recorded(answer(AN_ERROR), status), CONTEXT)
        assert str(caught.value) == "arXiv answered: incorrect id format for bees"


@pytest.mark.parametrize("body", [answer(entry()), "Rate exceeded."])
def test_a_recorded_failure_is_never_read_as_papers(body: str):
    with pytest.raises(UnreadableSourceError, match="arXiv answered with status 503"):
        parse_recorded(recorded(body, 503), CONTEXT)


@pytest.mark.parametrize(
    "text", ["", "[]", "{", "[" * 100_000, "7", recorded(None), recorded("<feed/>", None), recorded(["x"])]
)
def test_json_that_is_no_recording_is_refused(text: str):
    with pytest.raises(UnreadableSourceError, match="recorded as JSON"):
        parse_recorded(text, CONTEXT)


def test_an_rss_feed_is_no_answer_of_the_api():
    with pytest.raises(UnreadableSourceError, match="found an RSS feed"):
        parse_atom("<rss><channel/></rss>", CONTEXT)


def test_an_answer_is_recognised_by_its_beginning():
    assert recognises(answer(entry())[:4000])
    assert recognises('<feed xmlns="http://www.w3.org/2005/Atom"><id>http://arxiv.org/api/x</id>')
    assert not recognises_recorded(answer(entry()))
    assert recognises_recorded(recorded(answer(entry()))[:4000])
    assert not recognises(recorded(answer(entry())))


@pytest.mark.parametrize(
    "beginning",
    [
        "",
        "<!DOCTYPE html><html><feed>arxiv.org/api/",
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><summary>see https://arxiv.org/api/</summary>',
        '<feed xmlns:arxiv="http://arxiv.org/schemas/atom"><id>http://rss.arxiv.org/atom/cs.CL</id>',
        '<rss xmlns:arxiv="http://arxiv.org/schemas/atom">',
        '{"url": "https://example.org/", "status_code": 200}',
    ],
)
def test_what_only_looks_like_an_answer_is_not_recognised(beginning: str):
    assert not recognises(beginning)
    assert not recognises_recorded(beginning)


SOME_TEXT = st.one_of(st.text(), st.binary().map(lambda raw: raw.decode("utf-8", "surrogateescape")))


@given(SOME_TEXT)
@settings(deadline=None)
def test_any_text_is_read_or_refused(text: str):
    for parse in (parse_atom, parse_recorded):
        with suppress(UnreadableSourceError):
            assert isinstance(parse(text, CONTEXT), Reading)


VALUE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=40).map(
    lambda text: text.replace("&", "&amp;").replace("<", "&lt;")
)


@given(VALUE, VALUE, VALUE, VALUE, VALUE)
@settings(deadline=None)
def test_any_value_in_any_field_leaves_a_reading(
    about: str, title: str, summary: str, day: str, comment: str
):
    more = f"<arxiv:comment>{comment}</arxiv:comment><author><name>{comment}</name></author>"
    text = answer(entry(about, title=title, summary=summary, published=day, more=more), entry())
    try:
        reading = parse_atom(text, CONTEXT)
    except UnreadableSourceError:  # characters that XML forbids, such as U+FFFF
        return
    assert len(reading.accounts) + len(reading.rejected) == 2
