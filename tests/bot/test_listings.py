"""/latest and /top: what came up, in order, and what is said of it."""

import re
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.browsing import last_days, named_period, read_topic, where_else
from bot.errors import BlankQuestionError
from bot.headline import headline
from corpus.account import Account
from corpus.store import PaperStore
from retrieval.indexes import Indexes
from retrieval.indexing import update_texts
from tests.conftest import NOW, account_of, at_once

from .conftest import Stage
from .reading import buttons, text, titles
from .test_cards import PAPER, page

TODAY = NOW.date()
SPECMEMO = "SpecMemo: Speculative Decoding is in Your Pocket"
SCALING = "Scaling Laws for Speculative Decoding"
SPECEE = "SpecEE: Accelerating Large Language Model Inference with Speculative Early Exiting"
SVDQUANT = "SVDQunat: Absorbing Outliers by Low-Rank Components for 4-Bit Diffusion Models"
TOPIC = "speculative decoding"


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def words(day: date) -> str:
    return f"{day.day} {day:%b} {day.year}"


@pytest.fixture(autouse=True)
def set_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands' alone: what Discord sends is dated by the real one."""
    monkeypatch.setattr("bot.cogs.listings.clock", SimpleNamespace(now=lambda: NOW))


@pytest.fixture(autouse=True)
async def papers(store: PaperStore, indexes: Indexes) -> None:
    """Four of the bundled papers came up lately; the other 48 long ago."""
    told: dict[str, dict[str, Any]] = {
        SPECMEMO: {"listed": ago(2), "upvotes": 5, "comments": 0, "categories": ("cs.CL",)},
        SCALING: {"listed": ago(2), "upvotes": 40, "categories": ("cs.LG",)},
        SPECEE: {"listed": ago(20), "upvotes": 300, "stars": 11_349, "categories": ("cs.CL", "cs.AR")},
        SVDQUANT: {"listed": ago(1), "categories": ("cs.CV",)},
    }
    for title, facts in told.items():
        [paper] = await store.by_title(title)
        await store.put([account_of(paper, **facts)], source="test", now=NOW + timedelta(hours=1))
    await update_texts(store, indexes.texts, at_once)


async def shown(stage: Stage, command: str, **options: Any) -> tuple[list[str], list[str]]:
    """The titles and the lines of the first page."""
    answer = (await stage.ada.slash(stage.channel, command, **options)).response
    assert answer is not None
    return titles(answer.components), text(answer.components).split("\n")


async def many(store: PaperStore, count: int) -> None:
    """More papers of today than a list has, on nothing that is asked for here."""
    told = [
        Account(f"Bees {number:02}", arxiv_id=f"2611.{number:05}", listed=TODAY, upvotes=number)
        for number in range(count)
    ]
    await store.put(told, source="test", now=NOW)


async def test_the_latest_are_those_of_the_last_week_newest_first_and_within_a_day_by_upvotes(stage: Stage):
    listed, lines = await shown(stage, "latest")
    assert listed == [SVDQUANT, SCALING, SPECMEMO]
    assert lines[0] == f"3 papers since {words(ago(7))}, newest first"


async def test_a_listed_paper_has_its_facts_and_no_sentence(stage: Stage):
    _, lines = await shown(stage, "latest")
    day = ago(2)
    listed = f"{day.day} {day:%b}" if day.year == 2025 else words(day)
    assert f"2 authors · 16 May 2025 (listed {listed}) · ▲ 5 · 💬 0" in lines
    assert not any(line.startswith(">") for line in lines)
    _, lines = await shown(stage, "top", period="all", by="stars")
    assert any(line.endswith("· ▲ 300 · ⭐ 11.3k") for line in lines)


async def test_how_many_days_can_be_said(stage: Stage):
    listed, lines = await shown(stage, "latest", days=30)
    assert listed == [SVDQUANT, SCALING, SPECMEMO, SPECEE]
    assert lines[0] == f"4 papers since {words(ago(30))}, newest first"
    listed, lines = await shown(stage, "latest", days=1)
    assert listed == [SVDQUANT]
    assert lines[0] == f"1 paper since {words(ago(1))}, newest first"


async def test_of_more_papers_than_a_list_has_the_headline_says_how_many_there_are(
    stage: Stage, store: PaperStore
):
    await many(store, 60)
    listed, lines = await shown(stage, "latest")
    assert listed == [f"Bees {number}" for number in (59, 58, 57, 56, 55)]
    assert lines[0] == f"The newest 50 of 63 papers since {words(ago(7))}"


async def test_a_paper_of_a_day_that_is_yet_to_come_does_not_stay_on_top(stage: Stage, store: PaperStore):
    await store.put([Account("From the Future", listed=ago(-400))], source="test", now=NOW)
    await store.put([Account("From Tomorrow's Time Zone", listed=ago(-1))], source="test", now=NOW)
    listed, _ = await shown(stage, "latest")
    assert listed[:2] == ["From Tomorrow's Time Zone", SVDQUANT]


@pytest.mark.parametrize(
    ("period", "listed"),
    [
        ("day", []),
        ("week", [SCALING, SPECMEMO]),
        ("month", [SPECEE, SCALING, SPECMEMO]),
        ("all", [SPECEE, SCALING, SPECMEMO]),
    ],
)
async def test_the_top_of_a_period_has_its_papers_with_a_count_the_most_upvoted_first(
    stage: Stage, period: str, listed: list[str]
):
    found, _ = await shown(stage, "top", period=period)
    assert found == listed


async def test_the_top_can_be_counted_by_comments_or_stars(stage: Stage):
    found, lines = await shown(stage, "top", period="month", by="comments")
    assert found == [SVDQUANT, SPECMEMO], "a zero is a count"
    assert lines[0] == "Most commented of the last month, of 4 papers"
    found, lines = await shown(stage, "top", period="year", by="stars")
    assert found == [SPECEE]
    assert lines[0].startswith("Most starred of the last year, of ")


async def test_papers_whose_count_is_unknown_are_left_out_and_the_reader_is_told(stage: Stage):
    _, lines = await shown(stage, "top", period="week")
    assert lines[:2] == [
        "Most upvoted of the last week, of 3 papers",
        "-# 1 more paper is left out: its upvotes are not known.",
    ]
    _, lines = await shown(stage, "top", period="all")
    assert lines[:2] == [
        "Most upvoted, of 52 papers",
        "-# 49 more papers are left out: their upvotes are not known.",
    ]


async def test_where_no_count_is_known_at_all_that_is_said(stage: Stage):
    found, lines = await shown(stage, "top", period="week", by="stars")
    assert (found, lines) == (
        [],
        ["**No stars are known of any of the 3 papers of the last week.** Try another count."],
    )
    found, lines = await shown(stage, "top", period="week", by="stars", topic=TOPIC)
    assert not found
    assert lines[0] == (
        f"**No stars are known of any paper on “{TOPIC}” among the 3 papers of the last week.** Try another count."
    )


async def test_a_topic_that_is_a_category_keeps_its_papers(stage: Stage):
    found, lines = await shown(stage, "latest", days=30, topic="CS.cl")
    assert found == [SPECMEMO, SPECEE]
    assert lines[0] == f"2 papers in cs.CL, since {words(ago(30))}, newest first"
    found, lines = await shown(stage, "top", period="month", topic="cs.CL")
    assert found == [SPECEE, SPECMEMO]
    assert lines[0] == "Most upvoted of the last month, in cs.CL, of 2 papers"
    found, _ = await shown(stage, "top", period="all", topic="cs")
    assert found == [SPECEE, SCALING, SPECMEMO]


async def test_a_topic_in_words_keeps_what_the_search_finds_of_the_period_each_with_its_sentence(
    stage: Stage,
):
    found, lines = await shown(stage, "latest", topic=TOPIC)
    assert found == [SCALING, SPECMEMO], "not the paper on other things, which is newer"
    assert lines[0] == f"The newest on “{TOPIC}”, of 3 papers since {words(ago(7))}"
    assert sum(line.startswith("> ") and "**" in line for line in lines) == 2
    found, lines = await shown(stage, "top", period="month", topic=TOPIC)
    assert found == [SPECEE, SCALING, SPECMEMO]
    assert lines[0] == f"Most upvoted of the last month on “{TOPIC}”, of 4 papers"


async def test_a_topic_in_words_of_all_time_is_searched_in_everything(stage: Stage):
    found, lines = await shown(stage, "top", period="all", topic=TOPIC)
    assert found == [SPECEE, SCALING, SPECMEMO]
    assert lines[0] == f"Most upvoted on “{TOPIC}”, of 52 papers"


async def test_words_and_operators_narrow_together(stage: Stage):
    found, lines = await shown(stage, "latest", days=30, topic=f"{TOPIC} cat:cs.CL -pocket")
    assert found == [SPECEE]
    assert lines[0] == (
        f"The newest on “{TOPIC}”, of 1 paper in cs.CL, without pocket, since {words(ago(30))}"
    )


async def test_a_topic_that_no_paper_of_the_period_is_about_is_said_not_to_be_found(stage: Stage):
    found, lines = await shown(stage, "latest", topic="sourdough fermentation")
    assert lines[0].startswith(
        f"**Nothing in these 3 papers since {words(ago(7))} is about “sourdough fermentation”.** The nearest misses"
    )
    assert set(found) <= {SVDQUANT, SCALING, SPECMEMO}
    _, lines = await shown(stage, "top", period="week", topic="sourdough fermentation")
    assert lines[0].startswith(
        "**Nothing in these 3 papers of the last week is about “sourdough fermentation”.**"
    )


async def test_what_is_about_a_topic_but_of_another_time_is_not_found(stage: Stage):
    _, lines = await shown(stage, "latest", days=1, topic=TOPIC)
    assert lines[0].startswith(f"**Nothing in this 1 paper since {words(ago(1))} is about “{TOPIC}”.**")


async def test_an_empty_period_says_so_and_what_to_try(stage: Stage):
    found, lines = await shown(stage, "latest", days=7, topic="cs.AR")
    assert (found, lines) == (
        [],
        [
            f"**No paper came up in cs.AR, since {words(ago(7))}.**",
            f"-# The newest here is of {words(ago(20))}: try days:20.",
        ],
    )
    found, lines = await shown(stage, "top", period="week", topic="cs.AR")
    assert lines == [
        "**There is no paper here of the last week, in cs.AR.**",
        f"-# The newest here is of {words(ago(20))}: try period:month.",
    ]
    _, lines = await shown(stage, "latest", topic="hep-th")
    assert lines[1] == "-# There is none of any other day, either."


async def test_what_is_advised_for_an_empty_period_finds_something(stage: Stage):
    for command, options in {"latest": {"days": 1}, "top": {"period": "week"}}.items():
        _, lines = await shown(stage, command, **options, topic="cs.AR")
        advised = re.search(r"try (\w+):(\w+)\.", lines[1])
        assert advised is not None
        value = int(advised[2]) if advised[2].isdigit() else advised[2]
        found, _ = await shown(stage, command, topic="cs.AR", **{advised[1]: value})
        assert found == [SPECEE]


@pytest.mark.simcord(check_errors=False)
async def test_a_topic_that_only_filters_is_answered_with_what_to_do(stage: Stage):
    for topic in ("author:song", "has:code", "author:"):
        _, lines = await shown(stage, "latest", topic=topic)
        assert lines[0] == "Please say what the papers are about, in your own words."
        assert "use /find" in lines[-1]


async def test_a_blank_topic_is_none(stage: Stage):
    assert await shown(stage, "latest", topic="  ") == await shown(stage, "latest")


async def test_a_listing_is_paged_kept_over_a_restart_and_shared(stage: Stage, store: PaperStore):
    await many(store, 60)
    answer = await stage.ada.slash(stage.channel, "top", period="day")
    assert answer.ephemeral
    first = answer.response
    assert first is not None
    assert "1/10" in buttons(first.components)
    await stage.restart()
    await stage.ada.click(first, label="▶")
    assert "2/10" in buttons(first.components)
    assert titles(first.components)[0] == "Bees 54"
    assert text(first.components).startswith("Most upvoted of the last day, of 61 papers\n")
    [public] = (await stage.ada.click(first, label="Share")).followups
    assert titles(public.components) == titles(first.components)


async def test_a_listing_can_be_for_everybody(stage: Stage):
    assert not (await stage.ada.slash(stage.channel, "latest", private=False)).ephemeral
    assert not (await stage.ada.slash(stage.channel, "top", period="all", private=False)).ephemeral


async def test_a_list_kept_over_a_restart_shows_the_sentences_of_its_topic(stage: Stage):
    private = (await stage.ada.slash(stage.channel, "top", period="all", topic=TOPIC)).response
    assert private is not None
    before = text(private.components)
    assert before.count("> ") == 3
    await stage.restart()
    [public] = (await stage.ada.click(private, label="Share")).followups
    assert text(public.components) == before


async def test_a_hostile_topic_stays_in_its_place(stage: Stage):
    for command, options in {"latest": {}, "top": {"period": "all"}}.items():
        _, lines = await shown(
            stage, command, **options, topic='@everyone decoding **x** [a](https://evil.example) -"<@1>"'
        )
        assert "@everyone" not in lines[0]
        assert "](https://evil" not in lines[0]
        assert "\\*\\*x" in lines[0]


async def test_the_options_are_those_of_the_catalogue_and_topics_are_offered(stage: Stage):
    options: dict[str, list[dict[str, Any]]] = {
        name: stage.env.bot.tree.get_command(name).to_dict(stage.env.bot.tree)["options"]  # type: ignore[attr-defined]
        for name in ("latest", "top")
    }
    assert [option["name"] for option in options["latest"]] == ["days", "topic", "private"]
    assert [option["name"] for option in options["top"]] == ["period", "by", "topic", "private"]
    assert (options["latest"][0]["min_value"], options["latest"][0]["max_value"]) == (1, 90)
    assert [choice["value"] for choice in options["top"][0]["choices"]] == [
        "day",
        "week",
        "month",
        "year",
        "all",
    ]
    assert [choice["value"] for choice in options["top"][1]["choices"]] == ["upvotes", "comments", "stars"]
    assert [option["name"] for option in options["top"] if option.get("required")] == ["period"]
    for command, others in {"latest": {}, "top": {"period": "all"}}.items():
        choices = await stage.ada.autocomplete(stage.channel, command, "topic", "cs.cl", **others)
        assert [choice["value"] for choice in choices] == ["cs.CL"]


async def test_help_explains_both(stage: Stage):
    for name, said in {"latest": "newest first", "top": "unknown is not zero"}.items():
        answer = (await stage.ada.slash(stage.channel, "help", command=name)).response
        assert answer is not None
        assert said in text(answer.components)
        assert "`topic`" in text(answer.components)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "latest", "sort": "newest"}, "The newest 50 of 1,204 papers since 17 Nov 2026"),
        (
            {"kind": "latest", "sort": "newest", "listed": 1204},
            "1,204 papers since 17 Nov 2026, newest first",
        ),
        (
            {"kind": "top", "sort": "upvotes", "narrowed": "of the last week", "selected": 312},
            "Most upvoted of the last week, of 312 papers",
        ),
        (
            {"kind": "top", "sort": "stars", "narrowed": "of the last week, without bees", "asked": "x"},
            "Most starred of the last week, without bees, on “x”, of 1,204 papers",
        ),
        ({"kind": "top", "sort": "comments", "narrowed": ""}, "Most commented, of 1,204 papers"),
        (
            {"kind": "latest", "sort": "newest", "selected": 0, "listed": 0, "found": False},
            "**No paper came up since 17 Nov 2026.**",
        ),
        (
            {"kind": "top", "narrowed": "", "selected": 0, "listed": 0, "found": False},
            "**There is no paper here.**",
        ),
    ],
)
def test_a_headline_says(changes: dict[str, Any], said: str):
    values = {"asked": "", "narrowed": "since 17 Nov 2026", "selected": 1204, "listed": 50} | changes
    assert headline(page(PAPER, **values), quoted=str, strong=lambda words: f"**{words}**") == said


def test_the_last_days_are_those_that_find_means_by_since():
    today = date(2026, 11, 24)
    assert last_days(7, today).first == date(2026, 11, 17)
    assert last_days(7, today).words == "since 17 Nov 2026"
    assert named_period("week", today).first == date(2026, 11, 17)
    assert named_period("year", today).first == date(2025, 11, 24)
    assert (named_period("all", today).first, named_period("all", today).last) == (None, None)


@pytest.mark.parametrize(
    ("back", "days", "advice"),
    [
        (8, True, "try days:8."),
        (90, True, "try days:90."),
        (91, True, "try /top period:year."),
        (400, True, "try /top period:all."),
        (2, False, "try period:week."),
        (8, False, "try period:month."),
        (365, False, "try period:year."),
        (366, False, "try period:all."),
    ],
)
def test_where_to_look_is_as_near_as_the_newest_paper(back: int, days: bool, advice: str):
    assert where_else(ago(back), days=days, today=TODAY).endswith(advice)


def test_a_topic_is_a_category_or_words():
    today = date(2026, 11, 24)
    assert read_topic("cs.CL", today).filters.categories == ("cs.CL",)
    assert read_topic(" cs.cl, stat.ML ", today).filters.categories == ("cs.CL", "stat.ML")
    assert read_topic("cat:hep-th", today).filters.categories == ("hep-th",)
    assert read_topic("cs.CL", today).words == ""
    assert read_topic("cs.CL papers", today).words == "cs.CL papers"
    assert not read_topic("", today).filters
    for only_filters in ("author:han", "cat:cs.CL has:code", "after:2024"):
        with pytest.raises(BlankQuestionError) as raised:
            read_topic(only_filters, today)
        assert "/find" in raised.value.notes[-1]
