"""The line above a list says what was asked, of which papers, in which order; the small lines what else to know."""

from typing import Any

import pytest
from hypothesis import given

from bot.cards.results import results_view
from bot.headline import headline

from .reading import text
from .test_cards import PAPER, components, page
from .test_text import TEXTS, outside_code

BY_SONG = "by song han, since 1 Jan 2024"


def line(*papers: Any, **changes: Any) -> str:
    return headline(
        page(*papers, **changes),
        quoted=lambda words: words,
        strong=lambda words: f"**{words}**" if words else "",
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Closest to “a question”, of 52 papers"),
        ({"corpus_size": 1}, "Closest to “a question”, of 1 paper"),
        (
            {"narrowed": BY_SONG, "selected": 7},
            "Closest to “a question”, of 7 papers by song han, since 1 Jan 2024",
        ),
        (
            {"narrowed": "title with “worlds”", "selected": 7},
            "Closest to “a question”, of 7 papers: title with “worlds”",
        ),
        ({"sort": "upvotes"}, "Closest to “a question”, of 52 papers, most upvotes first"),
        (
            {"asked": "", "narrowed": "by song han", "selected": 7, "listed": 7},
            "7 papers by song han, newest first",
        ),
        (
            {"asked": "", "narrowed": "with code", "selected": 1200, "listed": 15, "sort": "comments"},
            "1,200 papers with code, most comments first, the first 15",
        ),
        (
            {"found": False},
            "**Nothing in these 52 papers is about “a question”.** The nearest misses, which are about something else:",
        ),
        (
            {"found": False, "narrowed": BY_SONG, "selected": 1},
            (
                "**Nothing in this 1 paper by song han, since 1 Jan 2024, is about “a question”.** "
                "The nearest misses, which are about something else:"
            ),
        ),
        (
            {"found": False, "narrowed": BY_SONG, "selected": 0},
            (
                "**None of the 52 papers here passes the filters: by song han, since 1 Jan 2024.** "
                "Leave some of them out to find more."
            ),
        ),
        ({"kind": "similar", "asked": "A Title"}, "Most like **A Title**, of 52 papers"),
    ],
)
def test_a_headline_says(changes: dict[str, Any], said: str):
    assert line(PAPER, **changes) == said


def test_notes_and_a_suggestion_are_small_lines_below_the_headline_of_the_first_page():
    values: dict[str, Any] = {
        "notes": ("One *note*.", "Another."),
        "suggestion": "speculative decoding",
        "pages": 2,
    }
    shown = text(components(results_view(page(PAPER, **values), list_id="x", shareable=False))).split("\n")
    assert shown[1:4] == [
        "-# Did you mean `speculative decoding`?",
        "-# One \\*note\\*.",
        "-# Another.",
    ]
    second = text(components(results_view(page(PAPER, **values, number=1), list_id="x", shareable=False)))
    assert "-# Did you mean" not in second
    assert "note" not in second


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_nothing_in_a_headline_acts(asked: str, narrowed: str, note: str, suggestion: str):
    shown = text(
        components(
            results_view(
                page(asked=asked, narrowed=narrowed, selected=3, notes=(note,), suggestion=suggestion),
                list_id="x",
                shareable=False,
            )
        )
    )
    lines = shown.split("\n")
    assert len(lines) <= 3
    assert all(small.startswith("-# ") for small in lines[1:])
    for bare in map(outside_code, lines):
        assert "://" not in bare
        assert not any(mark in bare for mark in ("*", "_", "`", "~", "|", "<@", "<t:", "@everyone", "@here"))
