"""What is understood of what people type into a search."""

import time
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from retrieval.query import LONGEST_NOTE, MOST_NOTES, Filters, Query, describe, narrowed, parse
from retrieval.query_dates import days
from tests.runaway import no_runaway

TODAY = date(2024, 5, 16)  # a Thursday
NO_OPTIONS: dict[str, Any] = {
    "since": None,
    "until": None,
    "author": None,
    "org": None,
    "topic": None,
    "has_code": None,
    "min_upvotes": None,
}
PIECES = [
    *(
        "author:",
        "AUTHER:",
        "title:",
        "org:",
        "cat:",
        "id:",
        "after:",
        "before:",
        "befor:",
        "has:",
        "min_upvotes:",
    ),
    *(
        "LLM:",
        "3:1",
        "-",
        "--",
        '"',
        "“",
        "”",
        '""',
        " ",
        " ",
        ",",
        ":",
        "\n",
        "\x00",
        "\ud800",
        "-5",
        "e-mail",
    ),
    *(
        "han",
        "code",
        "cake",
        "2024",
        "2024-05",
        "May 2024",
        "last month",
        "30d",
        "cs.CL",
        "2405.01234",
        "état",
    ),
]
QUERIES = st.text() | st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
PLAIN = st.text(alphabet="abcé漢 -’.,?!'()\t\n0123456789").filter(
    lambda text: not any(word[0] == "-" and word[1:2].isalpha() for word in text.split())
)


def understood(text: str) -> Query:
    return parse(text, today=TODAY)


def with_options(query: Query, **options: Any) -> Query:
    return narrowed(query, **{**NO_OPTIONS, **options}, today=TODAY)


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("title:attention", Filters(titles=("attention",))),
        ('title:"world models"', Filters(titles=("world models",))),
        ("author:han author:he", Filters(authors=("han", "he"))),
        ('Author:"song han"', Filters(authors=("song han",))),
        ("AUTHOR: han", Filters(authors=("han",))),
        ("author:“song han”", Filters(authors=("song han",))),
        ("author:han, org:mit;", Filters(authors=("han",), organisations=("mit",))),
        ("cat:cs.CL", Filters(categories=("cs.CL",))),
        ("cat:CS.cl,physics.AO-PH", Filters(categories=("cs.CL", "physics.ao-ph"))),
        ("cat:hep-th cat:cs", Filters(categories=("hep-th", "cs"))),
        ("id:2405.01234v2", Filters(ids=("2405.01234",))),
        ("id:https://arxiv.org/abs/2405.01234,hep-th/9901001", Filters(ids=("2405.01234", "hep-th/9901001"))),
        ("id:T-0123456789ABCDEF", Filters(ids=("t-0123456789abcdef",))),
        ("after:2024-05-16", Filters(after=date(2024, 5, 16))),
        ("before:2023", Filters(before=date(2023, 12, 31))),
        ("has:code", Filters(has_code=True)),
        ("has: Code", Filters(has_code=True)),
        ("min_upvotes:10", Filters(min_upvotes=10)),
        ("min_upvotes:0", Filters(min_upvotes=0)),
        ("-survey", Filters(without=("survey",))),
        ('-"large language"', Filters(without=("large language",))),
        ("-survey, -C++", Filters(without=("survey", "C++"))),
    ],
)
def test_an_operator_filters_and_is_no_word_of_the_search(text: str, filters: Filters):
    assert understood(text) == Query(text, "", filters)
    assert filters
    assert understood(f"graph {text}, nets").filters == filters
    assert understood(f"graph {text} nets") == Query(f"graph {text} nets", "graph nets", filters)


def test_a_phrase_must_occur_and_its_words_are_searched_too():
    query = understood('robots "chain of\n thought" -toy')
    assert query.words == "robots chain of thought"
    assert query.filters == Filters(phrases=("chain of thought",), without=("toy",))


def test_a_minus_excludes_only_behind_a_blank():
    assert understood('"graph"-based nets') == Query(
        '"graph"-based nets', "graph based nets", Filters(phrases=("graph",))
    )


def test_the_same_name_twice_is_one_filter():
    assert understood("author:han author:Han").filters.authors == ("han",)


def test_of_two_dates_or_counts_the_narrower_holds():
    query = understood("after:2022 after:2023 before:2025 before:2024 min_upvotes:5 min_upvotes:3")
    assert query.filters == Filters(after=date(2023, 1, 1), before=date(2024, 12, 31), min_upvotes=5)


@pytest.mark.parametrize(
    "text",
    [
        "on-device speech for state-of-the-art phones",
        "LLM: a survey",
        "RL: foo and a:b",
        "Chat: a survey, Water: another, authority: a third, auto: more",
        "mixing 3:1 at ratio:4",
        "what is in https://example.org/title:x?author=han",
        "losses of -5 and -0.3 dB",
        "a - b -- c ->",
        'a 12" screen and a 15" one',
        "(author:han)",
        "cafés à l'état ’quoted’ 漢字",
    ],
)
def test_what_only_looks_like_an_operator_is_plain_words(text: str):
    assert understood(text) == Query(text, text, Filters())


def test_nothing_is_filtered_by_nothing():
    for text in ("", "  \n ", '""', "“”", '"', '-""', "\x00"):
        assert not understood(text).words
        assert not understood(text).filters


@pytest.mark.parametrize(
    ("text", "words", "note"),
    [
        ("auther:han vision", "auther han vision", "auther: is no operator; did you mean author:?"),
        ("autor: han", "autor han", "autor: is no operator; did you mean author:?"),
        ('Titel:"a b"', "Titel a b", "Titel: is no operator; did you mean title:?"),
        ("befor:2024", "befor 2024", "befor: is no operator; did you mean before:?"),
        ("min_upvote:3", "min_upvote 3", "min_upvote: is no operator; did you mean min_upvotes:?"),
        ("since:2024", "since 2024", "since: is no operator; did you mean after:?"),
        ("after:someday rain", "someday rain", "after:someday is not understood; after: takes a date"),
        ("after:2024-13 x", "2024-13 x", "after: takes a date"),
        ("before:5/6/2024 x", "5/6/2024 x", "before: takes a date"),
        ("min_upvotes:many", "many", "min_upvotes: takes a number"),
        ("min_upvotes:²", "²", "min_upvotes: takes a number"),
        ("has:cake", "cake", "has: takes only code"),
        ("id:xyz", "xyz", "id: takes an arXiv id"),
        ("cat:cake", "cake", "cat: takes an arXiv category"),
        ('author:"..." x', "... x", "author: takes a name"),
        ("vision author:", "vision", "author: lacks its value; it takes a name"),
        ("author: -toy x", "x", "author: lacks its value"),
        ('author:"" x', "x", "author: lacks its value"),
        ("-author:han vision", "vision", "only words and phrases can be excluded"),
        ("-author: han vision", "vision", "only words and phrases can be excluded"),
        ('vision "transformers for all', "vision transformers for all", "A quotation mark is not closed"),
    ],
)
def test_what_is_not_understood_is_searched_as_words_and_explained(text: str, words: str, note: str):
    query = understood(text)
    assert query.words == words
    assert query.filters in (Filters(), Filters(without=("toy",)))
    assert len(query.notes) == 1
    assert note in query.notes[0]


def test_an_operator_behind_an_operator_is_not_its_value():
    query = understood("author: org:mit")
    assert query.filters == Filters(organisations=("mit",))
    assert "author: lacks its value" in query.notes[0]


def test_dates_that_exclude_each_other_are_pointed_out():
    query = understood("x after:2025 before:2024")
    assert query.filters == Filters(after=date(2025, 1, 1), before=date(2024, 12, 31))
    assert query.notes == ("Nothing is found: no day is both since 1 Jan 2025 and until 31 Dec 2024.",)
    assert not understood("after:2024 before:2024").notes


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024/2", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-05-16", date(2024, 5, 16), date(2024, 5, 16)),
        ("May 2024", date(2024, 5, 1), date(2024, 5, 31)),
        ("february 2023", date(2023, 2, 1), date(2023, 2, 28)),
        ("16 May 2024", date(2024, 5, 16), date(2024, 5, 16)),
        ("May 16th, 2024", date(2024, 5, 16), date(2024, 5, 16)),
        ("16-May-2024", date(2024, 5, 16), date(2024, 5, 16)),
        ("Q2 2024", date(2024, 4, 1), date(2024, 6, 30)),
        ("december", date(2023, 12, 1), date(2023, 12, 31)),
        ("30d", date(2024, 4, 16), date(2024, 4, 16)),
        ("2w", date(2024, 5, 2), date(2024, 5, 2)),
        ("3m", date(2024, 2, 16), date(2024, 2, 16)),
        ("1y", date(2023, 5, 16), date(2023, 5, 16)),
        ("3 months", date(2024, 2, 16), date(2024, 2, 16)),
        ("3 months ago", date(2024, 2, 16), date(2024, 2, 16)),
        ("a year ago", date(2023, 5, 16), date(2023, 5, 16)),
        ("today", TODAY, TODAY),
        ("yesterday", date(2024, 5, 15), date(2024, 5, 15)),
        ("last monday", date(2024, 5, 13), date(2024, 5, 13)),
        ("last week", date(2024, 5, 6), date(2024, 5, 12)),
        ("this week", date(2024, 5, 13), date(2024, 5, 19)),
        ("last month", date(2024, 4, 1), date(2024, 4, 30)),
        ("last-month", date(2024, 4, 1), date(2024, 4, 30)),
        ("Past Month", date(2024, 4, 1), date(2024, 4, 30)),
        ("last year", date(2023, 1, 1), date(2023, 12, 31)),
    ],
)
def test_after_takes_the_first_day_of_what_is_named_and_before_the_last(text: str, first: date, last: date):
    assert understood(f'after:"{text}" x').filters == Filters(after=first)
    assert understood(f'before: "{text}" x').filters == Filters(before=last)


@pytest.mark.parametrize(
    "text",
    [
        "May 2024",
        "16 May 2024",
        "May 16, 2024",
        "last week",
        "past month",
        "3 months ago",
        "2 weeks",
        "Q2 2024",
    ],
)
def test_a_date_of_several_words_needs_no_quotation_marks(text: str):
    quoted = understood(f'after:"{text}" "vision" models')
    for bare in (f"after:{text} models", f"after: {text}, models"):
        assert understood(bare).filters == replace(quoted.filters, phrases=())
        assert understood(bare).words == "models"


@pytest.mark.parametrize("text", ["after:2024 may fail", "after:yesterday 5 may fail", "after:30d may fail"])
def test_a_date_does_not_swallow_the_words_behind_it(text: str):
    assert understood(text).words.endswith("may fail")
    assert understood(text).filters.after in (date(2024, 1, 1), date(2024, 5, 15), date(2024, 4, 16))


@pytest.mark.parametrize("text", ["5", "a", "12:30", "2024-02-30", "9999y", "0000", "x" * 5000, "31 april"])
def test_what_is_no_date_is_none(text: str):
    assert days(text, TODAY) is None


def test_a_months_end_is_counted_back_to_the_end_of_a_shorter_month():
    assert understood("after:1m").filters.after == date(2024, 4, 16)
    assert parse("after:1m", today=date(2024, 3, 31)).filters.after == date(2024, 2, 29)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_the_machines_time_zone_does_not_move_a_day(zone: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert understood("after:yesterday before:today").filters == Filters(
            after=date(2024, 5, 15), before=TODAY
        )
    finally:
        monkeypatch.undo()
        time.tzset()


def test_options_are_filters_too():
    query = narrowed(
        understood("vision author:he after:2020"),
        since="last month",
        until="2024",
        author="Song Han",
        org="MIT",
        topic="cs.cv",
        has_code=True,
        min_upvotes=3,
        today=TODAY,
    )
    assert query.text == "vision author:he after:2020"
    assert query.words == "vision"
    assert not query.notes
    assert query.filters == Filters(
        authors=("he", "Song Han"),
        organisations=("MIT",),
        categories=("cs.CV",),
        after=date(2024, 4, 1),
        before=date(2024, 12, 31),
        has_code=True,
        min_upvotes=3,
    )


def test_options_that_are_left_out_change_nothing():
    query = understood('vision "a b" auther:x')
    assert with_options(query) == query
    assert with_options(query, author=" ", has_code=False) == query


def test_an_option_that_is_not_understood_is_explained_under_its_own_name_and_not_searched():
    query = with_options(understood("vision"), since="someday", topic="cake", min_upvotes=-1)
    assert query.words == "vision"
    assert not query.filters
    assert sorted(note.split(" is ")[0] for note in query.notes) == [
        "min_upvotes:-1",
        "since:someday",
        "topic:cake",
    ]


def test_an_option_against_a_typed_date_is_pointed_out():
    query = with_options(understood("before:2020"), since="2024")
    assert "no day is both since 1 Jan 2024 and until 31 Dec 2020" in query.notes[0]


def test_filters_are_said_in_words():
    assert describe(understood('x author:"song han" after:2024 has:code').filters) == (
        "by song han, since 1 Jan 2024, with code"
    )
    everything = (
        'title:rope org:mit cat:cs,math.GT id:2405.01234 before:2024 min_upvotes:1 "a b" -toy -survey '
        "author:a author:b author:c author:d author:e"
    )
    assert describe(understood(everything).filters) == (
        "title with “rope”, by a, b, c and 2 more, from mit, in cs or math.GT, only 2405.01234, until 31 Dec 2024, "
        "with at least 1 upvote, saying “a b”, without toy or survey"
    )
    assert not describe(Filters())


def test_a_headline_stays_short_whatever_was_typed():
    many = " ".join(f'author:"{"x" * 500}{n}" title:{"y" * 500}{n} org:o{n} -w{n} "p {n}"' for n in range(30))
    assert len(describe(understood(many).filters)) < 1000


def test_one_operator_can_be_used_twenty_times_and_what_is_more_is_searched_as_words():
    query = understood(" ".join(f"author:name{n}" for n in range(25)))
    assert len(query.filters.authors) == 20
    assert query.words == "name20 name21 name22 name23 name24"
    assert query.notes == ("Only the first 20 author: were heeded.",)


@pytest.mark.parametrize(
    "piece",
    [
        '"',
        '-"',
        "author:",
        "ab: ",
        "after:last week ",
        "auther:",
        'a:"',
        "-a",
        "has:after:",
        "“”",
        '-"a',
        "after:1 x ",
    ],
)
def test_time_grows_with_the_text_and_not_faster(piece: str):
    understood("after:yesterday")  # dateparser loads
    with no_runaway():
        understood(piece * (200_000 // len(piece)))


@given(QUERIES)
@example('""-foo')
@example('"-author:han" has:after:2024 -"-x"')
@example("author:" * 1000)
@settings(deadline=None)
def test_whatever_is_typed_is_a_query_whose_words_mean_the_same_when_typed_again(text: str):
    query = understood(text)
    again = understood(query.words)
    assert again.words == query.words
    assert not again.filters
    assert understood(query.text) == query
    assert len(query.notes) <= MOST_NOTES
    assert all(len(note) <= LONGEST_NOTE for note in query.notes)
    assert describe(query.filters) if query.filters else not describe(query.filters)
    assert understood(query.text) == query


@given(PLAIN)
def test_plain_text_is_searched_as_it_is_apart_from_blanks(text: str):
    typed = text.translate({ord("\t"): " ", ord("\n"): " "}).strip()
    assert understood(text) == Query(typed, " ".join(text.split()), Filters())


@given(QUERIES, QUERIES, QUERIES)
@settings(deadline=None)
def test_whatever_is_chosen_as_option_the_words_stay(text: str, day: str, name: str):
    query = understood(text)
    chosen = with_options(query, since=day, until=day, author=name, org=name, topic=name)
    assert (chosen.text, chosen.words) == (query.text, query.words)
    assert all(len(note) <= LONGEST_NOTE for note in chosen.notes)


@given(
    st.dates(date(1991, 1, 1), date(2100, 1, 1)),
    st.sampled_from(
        ["{:%Y}", "{:%Y-%m}", "{:%Y-%m-%d}", "{:%B %Y}", "{:%d %B %Y}", "{:%B %d, %Y}", "{:%d %b %Y}"]
    ),
)
@settings(deadline=None)
def test_a_day_lies_within_its_own_month_and_year(day: date, pattern: str):
    text = pattern.format(day)
    named = days(text, TODAY)
    assert named
    assert named.first <= day <= named.last
    assert not understood(f'after:"{text}" before:"{text}"').notes


@given(
    st.dates(date(1991, 1, 1), date(2100, 1, 1)),
    st.sampled_from(
        ["today", "yesterday", "last week", "this week", "last month", "this month", "last year", "may"]
    )
    | st.from_regex(r"[1-9][0-9]?[dwmy]", fullmatch=True),
)
@settings(deadline=None)
def test_on_any_day_a_period_begins_before_it_ends_and_not_in_the_future(today: date, text: str):
    named = days(text, today)
    assert named
    assert named.first <= named.last
    assert named.first <= today


def test_the_text_as_typed_has_no_control_characters_and_no_halves_of_characters():
    assert understood(" a\x00“b”\ud800  c\n").text == "a “b”   c"


@given(QUERIES)
def test_every_text_can_be_kept_in_a_database(text: str):
    kept = understood(text).text
    assert "\x00" not in kept
    assert kept.encode().decode() == kept
