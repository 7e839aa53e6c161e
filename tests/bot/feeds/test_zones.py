"""Time zones as people type them: what is understood, what is refused with which words, and what is suggested."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.feeds.zones import ScheduleError, read_zone, suggest_zones

ALL = suggest_zones("", 1000)
LONGEST_QUOTE = 60


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("  europe/BERLIN ", "Europe/Berlin"),
        ("America/New York", "America/New_York"),
        ("america / new_york", "America/New_York"),
        ("new york", "America/New_York"),
        ("Berlin", "Europe/Berlin"),
        ("louisville", "America/Kentucky/Louisville"),
        ("port-au-prince", "America/Port-au-Prince"),
        ("Stockholm", "Europe/Stockholm"),
        ("Singapore", "Asia/Singapore"),
        ("Asia/Calcutta", "Asia/Calcutta"),
        ("us/pacific", "US/Pacific"),
        ("Jamaica", "America/Jamaica"),
        ("japan", "Japan"),
        ("utc", "UTC"),
        ("Z", "UTC"),
        ("Etc/UTC", "UTC"),
        ("gmt", "GMT"),
        ("pst8pdt", "PST8PDT"),
        ("Etc/GMT-2", "Etc/GMT-2"),
    ],
)
def test_a_zone_is_known_by_its_name_or_its_city_however_it_is_written(typed: str, zone: str):
    assert read_zone(typed) == zone


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("PST", "“PST” is not one place’s time all year round: write America/Los_Angeles or Asia/Manila"),
        (
            "ist",
            "“ist” is not one place’s time all year round: write Asia/Kolkata, Asia/Jerusalem or Europe/Dublin",
        ),
        ("AKST", "“AKST” is not one place’s time all year round: write America/Anchorage"),
        (
            "UTC+2",
            "“UTC+2” is an offset, which knows no summer time: write a city, such as Europe/Berlin, or UTC",
        ),
        (
            "+05:30",
            "“+05:30” is an offset, which knows no summer time: write a city, such as Europe/Berlin, or UTC",
        ),
        (
            "UTC −3",
            "“UTC −3” is an offset, which knows no summer time: write a city, such as Europe/Berlin, or UTC",
        ),
        ("Europe/Berln", "there is no time zone “Europe/Berln”: did you mean Europe/Berlin,"),
        ("kathman", "there is no time zone “kathman”: did you mean Asia/Kathmandu?"),
        ("Mordor", "there is no time zone “Mordor”: write its city, such as Europe/Berlin, or UTC"),
        (" ", "there is no time zone “”: write its city, such as Europe/Berlin, or UTC"),
    ],
)
def test_what_is_no_zone_is_refused_with_what_to_write(typed: str, words: str):
    with pytest.raises(ScheduleError) as refused:
        read_zone(typed)
    assert str(refused.value).startswith(words)


@pytest.mark.parametrize("typed", ["CET", "EST", "MST", "HST", "EET", "WET", "MET"])
def test_an_abbreviation_that_is_also_a_zone_of_the_database_is_refused_since_people_mean_another(typed: str):
    assert ZoneInfo(typed)
    with pytest.raises(ScheduleError, match="write "):
        read_zone(typed)
    assert typed not in ALL


@settings(deadline=None)  # the first reads the names of all zones
@given(st.text(max_size=300))
@example("Berlin" + " " * 500 + "x")
@example("../../etc/passwd")
@example("Europe/\0Berlin")
@example("\u202e@everyone" * 1000)
def test_whatever_is_typed_is_a_zone_or_is_refused_in_a_few_words_that_print(typed: str):
    zone = words = ""
    try:
        zone = read_zone(typed)
    except ScheduleError as refused:
        words = str(refused)
    assert zone in ALL or (words.isprintable() and 0 < len(words) < LONGEST_QUOTE + 180)


def test_the_city_that_begins_so_is_suggested_first():
    assert suggest_zones("berl", 5) == ("Europe/Berlin",)
    assert suggest_zones("kath", 5)[0] == "Asia/Kathmandu"
    assert suggest_zones("york", 5)[0] == "America/New_York"


def test_of_two_cities_that_begin_so_the_one_whose_time_more_countries_keep_is_first():
    assert suggest_zones("ber", 2) == ("Europe/Berlin", "Atlantic/Bermuda")
    assert suggest_zones("lon", 2) == ("Europe/London", "Arctic/Longyearbyen")


def test_other_names_of_a_zone_come_after_all_zones_of_places():
    assert suggest_zones("europe/k", 9) == (
        "Europe/Kaliningrad",
        "Europe/Kirov",
        "Europe/Kyiv",
        "Europe/Kiev",
    )
    assert suggest_zones("us/pac", 9) == ("US/Pacific",)
    assert suggest_zones("pacific", 100).index("US/Pacific") > suggest_zones("pacific", 100).index(
        "Pacific/Wallis"
    )


def test_an_abbreviation_suggests_what_it_may_mean():
    assert suggest_zones("pst", 2) == ("America/Los_Angeles", "Asia/Manila")


def test_nothing_typed_suggests_utc_first():
    assert suggest_zones(" ", 25)[0] == "UTC"


def test_nothing_is_suggested_for_what_is_no_zone():
    assert suggest_zones("Mordor", 25) == ()
    assert suggest_zones("e" * 10_000, 25) == ()


def test_every_zone_that_is_suggested_is_read_as_itself():
    assert len(ALL) > 500
    assert [read_zone(zone) for zone in ALL] == list(ALL)
    for zone in ALL:
        ZoneInfo(zone)


@settings(deadline=None)  # the first reads the names of all zones
@given(st.text(max_size=12) | st.sampled_from(ALL), st.integers(0, 25))
def test_no_more_are_suggested_than_asked_for_and_none_twice(typed: str, limit: int):
    suggested = suggest_zones(typed, limit)
    assert len(suggested) <= limit
    assert len(set(suggested)) == len(suggested)
