"""/find narrowed and sorted: by operators in the query, and by the command's options."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from corpus.paper import Paper
from corpus.store import PaperStore
from retrieval.indexes import Indexes
from retrieval.indexing import update_texts
from tests.conftest import NOW, account_of, at_once

from .conftest import Stage
from .reading import buttons, text, titles

TOPIC = "speculative decoding of language models"


@pytest.fixture(autouse=True)
async def papers(store: PaperStore, indexes: Indexes) -> dict[str, Paper]:
    """The bundled papers on speculation, with what the page does not tell of them; by the first word of the title."""
    told: dict[str, Any] = {
        "2506.01986": {
            "authors": ("Song Han", "Ada Byron"),
            "organisation": "NVIDIA",
            "categories": ("cs.CL",),
            "upvotes": 5,
            "comments": 1,
        },
        "2505.07858": {
            "authors": ("Song Han",),
            "categories": ("cs.LG",),
            "upvotes": 40,
            "comments": 0,
            "links": ("https://github.com/some/code",),
        },
        "2504.08850": {
            "authors": ("Lin Song",),
            "organisation": "Mila Lab",
            "categories": ("cs.CL", "cs.AR"),
            "upvotes": 12,
            "comments": 9,
        },
        "2503.04398": {"authors": ("Grace Hopper",), "categories": ("cs.DC",)},
    }
    known = await store.get_many(list(told))
    changed = [replace(paper, **told[paper.id]) for paper in known]
    said = [account_of(paper) for paper in changed]
    await store.put(said, source="test", now=NOW + timedelta(hours=1))
    await update_texts(store, indexes.texts, at_once)
    return {paper.id: paper for paper in changed}


async def found(stage: Stage, query: str, **options: Any) -> tuple[list[str], str]:
    """The titles and the text of the first page."""
    answer = (await stage.ada.slash(stage.channel, "find", query=query, **options)).response
    assert answer is not None
    return titles(answer.components), text(answer.components)


@pytest.mark.parametrize(
    ("operators", "options", "said"),
    [
        ('author:"song han"', {"author": "song han"}, "of 2 papers by song han"),
        ("author:song", {"author": "song"}, "of 3 papers by song"),
        ("org:nvidia", {"org": "nvidia"}, "of 1 paper from nvidia"),
        ("cat:cs.CL", {"topic": "cs.CL"}, "of 2 papers in cs.CL"),
        ("cat:cs", {"topic": "cs"}, "of 4 papers in cs"),
        ("min_upvotes:12", {"min_upvotes": 12}, "with at least 12 upvotes"),
        ("after:2025-05-09", {"since": "2025-05-09"}, "since 9 May 2025"),
        ("before:2024-12", {"until": "2024-12"}, "until 31 Dec 2024"),
        ("has:code author:song", {"has_code": True, "author": "song"}, "of 1 paper by song, with code"),
    ],
)
async def test_an_operator_and_its_option_give_the_same_papers(
    stage: Stage, operators: str, options: dict[str, Any], said: str
):
    by_operators, headline = await found(stage, f"{TOPIC} {operators}")
    by_options, other_headline = await found(stage, TOPIC, **options)
    assert by_operators == by_options
    assert by_operators
    assert said in headline.split("\n")[0]
    assert headline.split("\n")[0] == other_headline.split("\n")[0]
    assert f"Closest to “{TOPIC}”" in headline or "is about" in headline


async def test_the_papers_are_those_that_pass(stage: Stage, papers: dict[str, Paper]):
    shown, _ = await found(stage, TOPIC, author="song")
    assert set(shown) == {papers[paper].title for paper in ("2506.01986", "2505.07858", "2504.08850")}
    shown, _ = await found(stage, TOPIC, author="song", topic="cs.CL", since="2025-05")
    assert shown == [papers["2506.01986"].title]
    shown, _ = await found(stage, f"{TOPIC} -scaling author:song")
    assert papers["2505.07858"].title not in shown
    shown, _ = await found(stage, 'title:"in your pocket" decoding')
    assert shown == [papers["2506.01986"].title]
    shown, _ = await found(stage, '"scaling laws" decoding')
    assert papers["2505.07858"].title in shown


async def test_has_code_set_to_false_narrows_nothing(stage: Stage):
    assert await found(stage, TOPIC, has_code=False) == await found(stage, TOPIC)


@pytest.mark.parametrize("options", [{"since": "5/6"}, {"until": "whenever"}, {"topic": "biscuits"}])
async def test_an_option_that_is_not_understood_gives_a_note_and_the_papers_all_the_same(
    stage: Stage, options: dict[str, Any]
):
    [(option, value)] = options.items()
    shown, said = await found(stage, TOPIC, **options)
    assert shown
    assert f"-# {option}:{value} is not understood; {option}: takes " in said


async def test_a_slip_in_an_operator_gets_a_suggestion_and_notes_stand_on_the_first_page_only(stage: Stage):
    answer = (await stage.ada.slash(stage.channel, "find", query=f"{TOPIC} auhtor:han")).response
    assert answer is not None
    note = "-# auhtor: is no operator; did you mean author:?"
    assert note in text(answer.components).split("\n")
    await stage.ada.click(answer, label="▶")
    assert "2/3" in buttons(answer.components)
    assert note not in text(answer.components)
    await stage.restart()
    await stage.ada.click(answer, label="◀")
    assert note in text(answer.components).split("\n"), "it is kept with the list"


async def test_the_order_can_be_chosen_and_the_headline_says_it(stage: Stage, papers: dict[str, Paper]):
    orders = {
        "newest": (["2506.01986", "2505.07858", "2504.08850"], "newest first"),
        "upvotes": (["2505.07858", "2504.08850", "2506.01986"], "most upvotes first"),
        "comments": (["2504.08850", "2506.01986", "2505.07858"], "most comments first"),
    }
    for sort, (ids, said) in orders.items():
        shown, headline = await found(stage, TOPIC, author="song", sort=sort)
        assert shown == [papers[paper].title for paper in ids], sort
        assert headline.split("\n")[0] == f"Closest to “{TOPIC}”, of 3 papers by song, {said}"


async def test_papers_without_a_count_come_last(stage: Stage, papers: dict[str, Paper]):
    shown, _ = await found(stage, "cat:cs", sort="upvotes")
    assert shown[-1] == papers["2503.04398"].title


async def test_a_query_of_operators_alone_lists_the_newest_first(stage: Stage, papers: dict[str, Paper]):
    shown, said = await found(stage, "author:song")
    assert shown == [papers[paper].title for paper in ("2506.01986", "2505.07858", "2504.08850")]
    assert said.startswith("3 papers by song, newest first\n")
    assert ">" not in said, "there is no sentence that matches"
    by_upvotes, said = await found(stage, "author:song", sort="upvotes")
    assert by_upvotes[0] == papers["2505.07858"].title
    assert said.startswith("3 papers by song, most upvotes first\n")


async def test_of_more_papers_than_a_list_has_the_first_are_said_to_be_the_first(stage: Stage):
    _, said = await found(stage, "before:2027")
    assert said.startswith("49 papers until 31 Dec 2027, newest first, the first 12\n")


async def test_filters_that_no_paper_passes_are_named_and_nothing_is_said_of_what_papers_are_about(
    stage: Stage,
):
    for query in (f"{TOPIC} author:nobody has:code", "author:nobody has:code"):
        shown, said = await found(stage, query)
        assert shown == []
        assert said == (
            "**None of the 52 papers here passes the filters: by nobody, with code.** "
            "Leave some of them out to find more."
        )


async def test_a_question_that_none_of_the_passing_papers_is_about_says_of_which_papers(stage: Stage):
    _, said = await found(stage, "sourdough fermentation author:song cat:cs")
    assert said.startswith(
        "**Nothing in these 3 papers by song, in cs, is about “sourdough fermentation”.** The nearest misses"
    )


async def test_exact_mode_needs_the_words_and_semantic_mode_does_not(stage: Stage):
    exact, _ = await found(stage, "smartphone pocket speculation", mode="exact")
    assert exact[0] == "SpecMemo: Speculative Decoding is in Your Pocket"
    nothing, said = await found(stage, "sourdough", mode="exact")
    assert nothing == []
    assert "Nothing in these 52 papers is about “sourdough”" in said
    near, _ = await found(stage, "sourdough", mode="semantic")
    assert near, "something is always nearest in meaning"


@pytest.mark.simcord(check_errors=False)
async def test_an_operator_without_a_value_alone_is_answered_with_what_to_do(stage: Stage):
    _, said = await found(stage, "author:")
    assert said == (
        "Please say what the papers are about, in your own words.\n"
        "- author: lacks its value; it takes a name, such as han or “song han”."
    ).replace("“song han”", '"song han"')


async def test_hostile_options_stay_in_their_place(stage: Stage):
    _, said = await found(stage, TOPIC, author="@everyone **x** [a](https://evil.example)")
    headline = said.split("\n")[0]
    assert "@everyone" not in headline
    assert "](https://evil" not in headline
    assert "\\*\\*x" in headline


async def test_while_one_types_a_topic_categories_are_offered_with_their_names(stage: Stage):
    choices = await stage.ada.autocomplete(stage.channel, "find", "topic", "cs.c", query="x")
    assert {"name": "cs.CL · Computation and Language", "value": "cs.CL"} in [
        {"name": choice["name"], "value": choice["value"]} for choice in choices
    ]
    by_name = await stage.ada.autocomplete(stage.channel, "find", "topic", "robot", query="x")
    assert [choice["value"] for choice in by_name] == ["cs.RO"]
    assert len(await stage.ada.autocomplete(stage.channel, "find", "topic", "", query="x")) == 25
    assert await stage.ada.autocomplete(stage.channel, "find", "topic", "zzz", query="x") == []


async def test_the_options_are_those_of_the_catalogue_and_keep_discords_limits(stage: Stage):
    command: Any = stage.env.bot.tree.get_command("find")  # type: ignore[attr-defined]
    payload = command.to_dict(stage.env.bot.tree)  # type: ignore[attr-defined]
    assert [option["name"] for option in payload["options"]] == [
        *("query", "sort", "since", "until", "author", "org", "topic", "has_code", "min_upvotes", "mode"),
        "private",
    ]
    assert all(1 <= len(option["description"]) <= 100 for option in payload["options"])
    assert [option["name"] for option in payload["options"] if option.get("required")] == ["query"]
    assert {choice["value"] for choice in payload["options"][1]["choices"]} == {
        "relevance", "newest", "upvotes", "comments",
    }  # fmt: skip


def test_every_category_offered_is_one_that_the_search_understands():
    from bot.arxiv_categories import CATEGORIES  # noqa: PLC0415
    from retrieval.query_operators import filters_of  # noqa: PLC0415

    for code in CATEGORIES:
        filters = filters_of("cat", code, date(2026, 1, 1))
        assert filters is not None
        assert filters.categories == (code,)
