"""A feed's text: what dialects say alike, and that no text, however hostile, does more than be refused."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableSourceError
from corpus.sources.feed import Feed, read_feed
from tests.runaway import no_runaway

ATOM = "http://www.w3.org/2005/Atom"
BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def atom(entry: str, head: str = "") -> Feed:
    return read_feed(f'<feed xmlns="{ATOM}">{head}<entry>{entry}</entry></feed>')


def rss(item: str, head: str = "") -> Feed:
    dc = "http://purl.org/dc/elements/1.1/"
    return read_feed(f'<rss version="2.0" xmlns:dc="{dc}"><channel>{head}<item>{item}</item></channel></rss>')


def refusal(text: str) -> str:
    with pytest.raises(UnreadableSourceError) as caught:
        read_feed(text)
    return str(caught.value)


# What is read


def test_atom_and_rss_say_the_same_in_their_own_words():
    (one,) = atom(
        "<id>urn:1</id><link href='https://a.example/1'/><title>Maps</title><summary>We fold.</summary>"
        "<published>2026-11-20T00:00:00Z</published><author><name>Ada Lund</name></author>"
        "<category term='cs.CL'/>"
    ).entries
    (other,) = rss(
        "<guid isPermaLink='false'>urn:1</guid><link>https://a.example/1</link><title>Maps</title>"
        "<description>We fold.</description><pubDate>2026-11-20T00:00:00Z</pubDate>"
        "<dc:creator>Ada Lund</dc:creator><category>cs.CL</category>"
    ).entries
    assert one == other
    assert one.authors == ("Ada Lund",)


def test_texts_keep_their_signs_and_line_ends_and_lose_the_blanks_around_them():
    (entry,) = atom(
        "<title>  a &lt; b &amp;amp; c</title><summary>\n  $x^2$,\n  R&amp;D <![CDATA[<b>]]>\n</summary>"
    ).entries
    assert (entry.title, entry.summary) == ("a < b &amp; c", "$x^2$,\n  R&D <b>")


def test_letters_spoilt_on_the_way_are_mended_and_whole_ones_left():
    (entry,) = atom(
        "<title>WÃ¼bben</title><author><name>WÃ¼bben</name></author><author><name>Müller</name></author>"
    ).entries
    assert (entry.title, entry.authors) == ("Wübben", ("Wübben", "Müller"))


def test_of_markup_in_a_text_the_words_are_kept():
    (entry,) = atom("<title type='xhtml'><div>H<sub>2</sub>O and <i>us</i></div></title>").entries
    assert entry.title == "H2O and us"


def test_several_creators_are_several_authors():
    (entry,) = rss("<dc:creator>Ada Lund</dc:creator><dc:creator>Bo Li</dc:creator>").entries
    assert entry.authors == ("Ada Lund", "Bo Li")


@pytest.mark.parametrize("prefix", ["arxiv", "x"])
def test_further_vocabularies_go_by_one_name_whatever_prefix_a_feed_chose(prefix: str):
    declared = f'xmlns:{prefix}="http://arxiv.org/schemas/atom"'
    (entry,) = atom(
        f'<{prefix}:comment {declared}>5 pages</{prefix}:comment><{prefix}:primary_category {declared} term="cs.CL"/>'
    ).entries
    assert entry.others == {"arxiv_comment": "5 pages", "arxiv_primary_category": "cs.CL"}


def test_the_characters_of_the_text_count_and_not_the_encoding_that_it_names():
    feed = read_feed(
        '<?xml version="1.0" encoding="ISO-8859-1"?><rss><channel><item><title>Žluť</title></item></channel></rss>'
    )
    assert feed.entries[0].title == "Žluť"


def test_the_date_of_the_whole_feed_is_told():
    assert rss("", "<pubDate>Fri, 20 Nov 2026 00:00:00 -0500</pubDate>").published.startswith("Fri, 20")


def test_a_feed_without_entries_is_a_feed():
    assert read_feed("<rss><channel><title>weekend</title></channel></rss>").entries == ()


# What is refused


def test_nothing_at_all_is_no_feed():
    assert "nothing at all" in refusal(" \n")


@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html><html><body>Too many requests<br></body></html>",
        "<HTML><head><title>503</title>",
        '<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>',
    ],
)
def test_an_html_page_is_called_one(page: str):
    assert "an HTML page" in refusal(page)


def test_a_feed_cut_anywhere_is_refused():
    whole = f'<feed xmlns="{ATOM}"><entry><title>Maps</title></entry></feed>'
    for end in range(1, len(whole)):
        assert "broken or cut off" in refusal(whole[:end])


def test_other_xml_is_named_by_its_first_element():
    assert "<rdf>" in refusal("<RDF/>")


@pytest.mark.parametrize(
    "declared",
    [
        f'<!ENTITY l0 "ha">{BOMB}',
        '<!ENTITY l9 SYSTEM "file:///etc/hostname">',
        '<!ENTITY % l9 SYSTEM "https://evil.example/x.dtd"> %l9;',
    ],
)
def test_entities_are_refused_before_they_grow_or_reach_for_anything(declared: str):
    with no_runaway():
        assert "not safe" in refusal(f"<!DOCTYPE feed [{declared}]><feed><title>&l9;</title></feed>")


def test_a_text_is_never_taken_for_an_address_or_a_files_name(tmp_path: Path):
    file = tmp_path / "feed.xml"
    file.write_text("<rss><channel><item><title>Maps</title></item></channel></rss>")
    assert "broken" in refusal(str(file))
    assert "broken" in refusal(file.as_uri())


@pytest.mark.parametrize("text", ["<rss>\ud800</rss>", "<rss>\0</rss>", "<rss>&nbsp;</rss>"])
def test_characters_that_xml_does_not_have_are_refused(text: str):
    assert refusal(text).startswith("expected an Atom or RSS feed")


@pytest.mark.parametrize(
    "inside",
    [
        "<item>" * 5_000 + "</item>" * 5_000,
        f"<item xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:creator>{'a' * 500_000}</dc:creator></item>",
        "<item>" + "".join(f"<category>{n}</category>" for n in range(5_000)) + "</item>",
        "<item/>" * 30_000,
    ],
    ids=["nested", "endless word", "categories", "items"],
)
def test_what_would_take_hours_to_interpret_is_refused_at_once(inside: str):
    with no_runaway():
        refusal(f"<rss><channel>{inside}</channel></rss>")


@pytest.mark.parametrize(
    "other",
    [
        "<tags>" + ",".join(map(str, range(50_000))) + "</tags>",
        "<m:rating xmlns:m='http://search.yahoo.com/mrss/'/><m:license xmlns:m='http://search.yahoo.com/mrss/'/>",
        "<g:pos xmlns:g='http://www.opengis.net/gml'>1 x</g:pos>",
    ],
    ids=["tags", "media", "places"],
)
def test_elements_that_nobody_asks_for_reach_no_interpreter(other: str):
    with no_runaway():
        (entry,) = rss(f"{other}<title>Maps</title>").entries
        assert (entry.title, entry.categories) == ("Maps", ())


MARKUP = st.lists(
    st.sampled_from(
        [
            *("<feed>", "</feed>", "<rss>", "</rss>", "<channel>", "</channel>", "<entry>", "</entry>"),
            *(
                "<item>",
                "</item>",
                "<title>",
                "</title>",
                "<link href='http://['/>",
                "<id>",
                "</id>",
                "&amp;",
            ),
            *(
                "<!DOCTYPE a>",
                "<?xml version='1.0'?>",
                "<![CDATA[",
                "]]>",
                "<!--",
                "-->",
                "x",
                "\x00",
                "\ud800",
            ),
        ]
    ),
    max_size=12,
).map("".join)


@given(st.one_of(st.text(), st.binary().map(lambda raw: raw.decode("utf-8", "surrogateescape")), MARKUP))
@example("<feed><link>http://[</link></feed>")
@example("<rss><channel><item><link>http://[::</link></item></channel></rss>")
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_feed_or_refused(text: str):
    with suppress(UnreadableSourceError):
        assert isinstance(read_feed(text), Feed)
