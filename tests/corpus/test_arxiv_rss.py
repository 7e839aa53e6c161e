"""What arXiv announces on a day: what is news and what is not, names between commas, days, and damaged feeds."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.account import Account
from corpus.errors import UnreadableSourceError
from corpus.sources.arxiv_rss import parse_announcement, parse_rss, recognises
from corpus.sources.reading import Reading
from corpus.sources.source import Context

CONTEXT = Context(date(2026, 11, 23))
MONDAY = "Mon, 23 Nov 2026 00:00:00 -0500"


def item(
    about: str = "2611.00001v1",
    kind: str = "new",
    *,
    title: str = "Counting Fireflies",
    abstract: str = "We count.\n  They glow.",
    creator: str = "Ada Lund, Bo Li",
    day: str = MONDAY,
    more: str = "",
) -> str:
    return (
        f"<item><title>{title}</title><link>https://arxiv.org/abs/{about.partition('v')[0]}</link>"
        f"<description>arXiv:{about} Announce Type: {kind} \nAbstract: {abstract}</description>"
        f'<guid isPermaLink="false">oai:arXiv.org:{about}</guid><category>cs.CL</category><category>cs.LG</category>'
        f"<pubDate>{day}</pubDate><arxiv:announce_type>{kind}</arxiv:announce_type>"
        f"<dc:creator>{creator}</dc:creator>{more}</item>"
    )


def announcement(*items: str, day: str = MONDAY) -> str:
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:atom="http://www.w3.org/2005/Atom" version="2.0"><channel><title>cs.CL updates on arXiv.org</title>'
        '<link>http://rss.arxiv.org/rss/cs.CL</link><atom:link href="http://rss.arxiv.org/rss/cs.CL" rel="self"/>'
        f"<pubDate>{day}</pubDate><skipDays><day>Saturday</day></skipDays>{''.join(items)}</channel></rss>"
    )


def only(*items: str) -> Account:
    reading = parse_rss(announcement(*items), CONTEXT)
    assert not reading.rejected
    (account,) = reading.accounts
    return account


def refusals(*items: str) -> list[tuple[str, str]]:
    return [(one.where, one.why) for one in parse_rss(announcement(*items), CONTEXT).rejected]


# What an announcement says


def test_a_new_paper_is_told_without_the_line_above_its_abstract():
    more = "<arxiv:DOI>10.1000/bees.3</arxiv:DOI><arxiv:journal_reference>J. Bees 3</arxiv:journal_reference>"
    assert only(item(more=more)) == Account(
        title="Counting Fireflies",
        abstract="We count.\n  They glow.",
        arxiv_id="2611.00001",
        version=1,
        authors=("Ada Lund", "Bo Li"),
        listed=date(2026, 11, 23),
        categories=("cs.CL", "cs.LG"),
        journal="J. Bees 3",
        doi="10.1000/bees.3",
    )


@pytest.mark.parametrize("kind", ["cross", "replace", "replace-cross"])
def test_new_versions_and_cross_lists_are_no_news_and_no_day_on_which_a_paper_came_up(kind: str):
    told = only(item("2009.13987v3", kind))
    assert (told.is_news, told.listed, told.published, told.version) == (False, None, None, 3)


def test_a_paper_is_listed_on_the_day_that_is_written_and_not_on_that_of_another_zone():
    late = "Thu, 19 Nov 2026 23:30:00 -0500"
    assert only(item(day=late)).listed == date(2026, 11, 19)


def test_a_paper_without_a_day_is_listed_on_that_of_the_announcement():
    assert only(item(day="")).listed == date(2026, 11, 23)


def test_the_announcements_own_day_is_told_and_else_the_newest_of_its_papers():
    earlier = "Fri, 20 Nov 2026 00:00:00 -0500"
    assert parse_announcement(announcement(item(day=earlier)), CONTEXT).day == date(2026, 11, 23)
    assert parse_announcement(announcement(item(day=earlier), day=""), CONTEXT).day == date(2026, 11, 20)
    assert parse_announcement(announcement(day="soon"), CONTEXT).day is None


def test_a_weekends_announcement_is_an_empty_reading_with_a_day():
    told = parse_announcement(announcement(day="Sat, 21 Nov 2026 00:00:00 -0500"), CONTEXT)
    assert (told.reading, told.day) == (Reading(), date(2026, 11, 21))


@pytest.mark.parametrize(
    ("creator", "names"),
    [
        ("Ada Lund", ("Ada Lund",)),
        ("Ada Lund, ,Bo Li,", ("Ada Lund", "Bo Li")),
        (r"Jos\'e {\L}ubowski, M\"uller", (r"Jos\'e {\L}ubowski", r"M\"uller")),
        ("Ada Lund (Lab of Bees, Ulm), Bo Li (MIT)", ("Ada Lund", "Bo Li")),
        ("Ada Lund (1), Bo Li (2) ((1) Ulm, (2) MIT)", ("Ada Lund", "Bo Li")),
        ("Wei (Sam) Li, Bo Li", ("Wei (Sam) Li", "Bo Li")),
        ("Ada Lund (Ulm, Bo Li", ("Ada Lund (Ulm", "Bo Li")),
        ("Ada) Lund (, Bo Li", ("Ada) Lund (", "Bo Li")),
        ("", ()),
    ],
)
def test_names_stand_between_commas_and_affiliations_in_matching_parentheses(
    creator: str, names: tuple[str, ...]
):
    assert only(item(creator=creator)).authors == names


def test_an_abstract_that_is_a_notice_of_withdrawal_is_the_note():
    told = only(item("2009.13987v3", "replace", abstract="This paper has been withdrawn by the authors"))
    assert (told.withdrawn, told.abstract, told.note) == (
        True,
        "",
        "This paper has been withdrawn by the authors",
    )


def test_without_the_authors_comment_nothing_is_said_against_a_withdrawal():
    assert only(item()).withdrawn is None


def test_the_version_is_found_where_the_guid_does_not_have_it():
    bare = item().replace("oai:arXiv.org:2611.00001v1", "oai:arXiv.org:2611.00001")
    assert only(bare).version == 1


def test_the_link_names_the_paper_where_nothing_else_does():
    bare = item().replace("oai:arXiv.org:2611.00001v1", "7").replace("arXiv:2611.00001v1 ", "")
    assert (only(bare).arxiv_id, only(bare).version) == ("2611.00001", None)


def test_an_announcement_type_is_found_in_the_description_too():
    bare = item(kind="cross").replace("<arxiv:announce_type>cross</arxiv:announce_type>", "")
    assert only(bare).is_news is False


def test_old_style_ids_are_announced_as_well():
    assert only(item("hep-ex/0307015v2", "replace")).arxiv_id == "hep-ex/0307015"


# What is rejected and refused


def test_records_that_cannot_be_read_are_rejected_one_by_one():
    reading = parse_rss(
        announcement(
            item(title=""),
            item("abc"),
            item(kind="sold"),
            item(day="Mon, 30 Nov 2026 00:00:00 -0500"),
            item(),
        ),
        CONTEXT,
    )
    assert [(one.where, one.why) for one in reading.rejected] == [
        ("record 1 (2611.00001)", "it has no title"),
        ("record 2", "neither “oai:arXiv.org:abc” nor its link names an arXiv id"),
        ("record 3 (2611.00001)", "it is announced as “sold”, not as new, cross, replace, replace-cross"),
        ("record 4 (2611.00001)", "its date 2026-11-30 lies in the future"),
    ]
    assert len(reading.accounts) == 1


def test_an_atom_feed_is_no_announcement():
    with pytest.raises(UnreadableSourceError, match="found an Atom feed"):
        parse_rss("<feed/>", CONTEXT)


def test_an_announcement_is_recognised_by_its_beginning():
    assert recognises(announcement(item())[:4000])
    assert recognises('<rss version="2.0"><channel><link>https://rss.arxiv.org/rss/cs.CL</link>')


@pytest.mark.parametrize(
    "beginning",
    [
        "",
        '<html><rss xmlns:arxiv="http://arxiv.org/schemas/atom">',
        '<feed xmlns:arxiv="http://arxiv.org/schemas/atom">',
        "<rss><channel><item><link>https://rss.arxiv.org/rss/cs.CL</link>",
        "<rss><channel><title>Our blog</title>",
    ],
)
def test_another_feed_is_not_recognised(beginning: str):
    assert not recognises(beginning)


@given(st.one_of(st.text(), st.binary().map(lambda raw: raw.decode("utf-8", "surrogateescape"))))
@settings(deadline=None)
def test_any_text_is_read_or_refused(text: str):
    with suppress(UnreadableSourceError):
        assert isinstance(parse_rss(text, CONTEXT), Reading)


VALUE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=40).map(
    lambda text: text.replace("&", "&amp;").replace("<", "&lt;")
)


@given(VALUE, VALUE, VALUE, VALUE, VALUE)
@settings(deadline=None)
def test_any_value_in_any_field_leaves_a_reading(
    about: str, kind: str, abstract: str, creator: str, day: str
):
    text = announcement(item(about, kind, abstract=abstract, creator=creator, day=day), item(), day=day)
    try:
        reading = parse_rss(text, CONTEXT)
    except UnreadableSourceError:  # characters that XML forbids, such as U+FFFF
        return
    assert len(reading.accounts) + len(reading.rejected) == 2
