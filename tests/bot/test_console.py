"""What the command line prints of a list: the bot's own headline and notes, and nothing that steers the terminal."""

import re
import time
from typing import Any

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from bot.console import page_json, print_page, progress_bar
from bot.results import Page, Result

from .test_cards import PAPER, page

SENTENCE = (
    "We decode speculatively on a phone, and measure decoding of long texts at a speed that nobody expected."
)
ESCAPE = "\x1b"


def printed(shown: Page, *, terminal: bool = False) -> str:
    @click.command()
    def show() -> None:
        print_page(shown)

    return CliRunner().invoke(show, color=terminal).output


def listed(*marks: tuple[int, int], sentence: str = SENTENCE, **changes: Any) -> Page:
    return page(results=(Result(PAPER, 0.5, sentence, marks),), **changes)


def test_the_headline_the_notes_and_the_suggestion_come_before_the_papers():
    shown = listed(narrowed="by song", selected=7, notes=("A note.",), suggestion="decoding")
    assert printed(shown).split("\n")[:5] == [
        "Closest to “a question”, of 7 papers by song",
        "A note.",
        "Did you mean: decoding",
        "",
        "1. A Title  0.500",
    ]


def test_matching_words_are_underlined_on_a_terminal_wherever_the_line_is_broken():
    shown = printed(listed((3, 9), (44, 52), (49, 57)), terminal=True)
    underlined = re.findall(r"\x1b\[4m(.*?)\x1b\[0m", shown, re.DOTALL)
    assert underlined[0] == "decode"
    assert "".join(" ".join(underlined[1:]).split()) == SENTENCE[44:57].replace(" ", "")
    assert ESCAPE not in printed(listed((3, 9)))


def test_a_near_miss_has_nothing_that_matches():
    assert "\x1b[4m" not in printed(listed((3, 9), found=False), terminal=True)


@given(st.text(max_size=200), st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), max_size=5))
def test_no_text_of_a_paper_steers_the_terminal(text: str, marks: list[tuple[int, int]]):
    shown = printed(listed(*marks, sentence=text, asked=text, narrowed=text, selected=3, notes=(text,)))
    assert all(character.isprintable() or character == "\n" for character in shown)


@pytest.mark.parametrize(
    ("changes", "more"),
    [
        ({}, {}),
        ({"narrowed": "with code", "selected": 2}, {"narrowed": "with code"}),
        ({"notes": ("A note.",), "suggestion": "x"}, {"notes": ["A note."], "suggestion": "x"}),
    ],
)
def test_json_has_what_the_contract_says_and_more_where_there_is_more(
    changes: dict[str, Any], more: dict[str, Any]
):
    shown = page_json({"query": "q"}, listed(**changes), 1.25)
    assert {name: shown.pop(name) for name in ("query", "found", "took_ms")} == {
        "query": "q",
        "found": True,
        "took_ms": 1.2,
    }
    [result] = shown.pop("results")
    assert set(result) == {"id", "title", "url", "date", "score", "sentence"}
    assert shown == more


def test_on_a_terminal_a_bar_is_shown_while_something_is_done_and_not_for_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("rich.console.Console.is_terminal", True)
    with progress_bar("Encoding papers"):
        assert capsys.readouterr().err == "", "nothing is to be done, and the bot lives on"
    with progress_bar("Encoding papers") as progress:
        progress(32, 64)
        assert "Encoding papers" in capsys.readouterr().err
        progress(64, 64)
        capsys.readouterr()
        time.sleep(0.3)
        assert capsys.readouterr().err == "", "it is no longer drawn"
