"""What the owner sees of the corpus keeps Discord's limits and stays inert, whatever files, sources and papers say."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.corpus import added_view, imported_view, preview_view, status_view, visits_view
from bot.results import CorpusStatus
from corpus.report import Refusal, Report, Visit
from corpus.source_state import SourceState

from .reading import buttons, parts, text
from .test_cards import FULL, HOSTILE_PAPERS, PAPER, WORST, assert_within_limits, components
from .test_text import TEXTS, outside_code

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LONG = "what went wrong is told at length, and then some. " * 40
HOSTILE = TEXTS | st.sampled_from([WORST[:900], LONG[:900]])
COUNTS = st.integers(0, 2**31)
TIMES = st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
REFUSALS = st.lists(st.builds(Refusal, HOSTILE, HOSTILE), max_size=9)
REPORTS = st.builds(Report, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, REFUSALS)
VISITS = st.builds(Visit, REPORTS, st.none() | HOSTILE)
STATES = st.builds(
    SourceState,
    source=HOSTILE,
    watermark=st.none() | HOSTILE,
    started=TIMES,
    ended=TIMES,
    failure=st.none() | HOSTILE,
    counts=st.none() | st.dictionaries(st.sampled_from(["new", "updated", "rejected"]), COUNTS),
    next_visit=TIMES,
)
BY_SOURCE = st.dictionaries(HOSTILE, COUNTS, max_size=20)
STATUSES = st.builds(
    CorpusStatus,
    papers=COUNTS,
    newest=st.none() | st.dates(),
    sources=BY_SOURCE,
    days=st.dictionaries(st.dates(), BY_SOURCE, max_size=8),
    states=st.lists(STATES, max_size=30),
    waiting=COUNTS,
)
_OURS = re.compile(r"^(?:### |> |-# |- )+|\*\*[\w ,]+\*\*|<t:-?\d+:R>")


def assert_inert(shown: list[dict[str, Any]]) -> None:
    """Nothing but what the card itself marks is marked, and nothing pings or leads anywhere."""
    assert_within_limits(shown)
    for line in text(shown).split("\n"):
        bare = _OURS.sub("", outside_code(line))
        assert not re.search(r"://|\[|<[@#:t]|@everyone|@here|discord\.gg/|www\.\w", bare, re.IGNORECASE), (
            line
        )
        assert not re.search(r"[*_`~|]", bare), line


def report(**counts: Any) -> Report:
    return replace(Report(), **counts)


def shown(view: Any) -> str:
    return text(components(view))


@given(STATUSES)
def test_fault_31_no_status_acts_or_outgrows_a_message(status: CorpusStatus):
    assert_inert(components(status_view(status)))


@pytest.mark.slow
@given(st.dictionaries(HOSTILE, VISITS, max_size=30))
def test_fault_31_no_visit_acts_or_outgrows_a_message(visits: dict[str, Visit]):
    assert_inert(components(visits_view(visits)))


@given(HOSTILE, REPORTS, st.sampled_from([None, "a-b_c4567890"]), st.booleans())
def test_fault_31_no_import_acts_or_outgrows_a_message(
    name: str, report: Report, pending: str | None, is_cut: bool
):
    for view in (preview_view(name, report, pending, is_cut=is_cut), imported_view(name, report, pending)):
        assert_inert(components(view))
        assert bool(buttons(components(view))) is (pending is not None)


@given(HOSTILE_PAPERS, st.booleans(), st.booleans())
def test_fault_31_a_paper_that_was_added_keeps_within_its_card(paper: Any, is_new: bool, is_updated: bool):
    assert_within_limits(components(added_view(paper, is_new=is_new, is_updated=is_updated)))


@pytest.mark.parametrize("abstract", [WORST, "a" * 9000, "*" * 9000, "A sentence. " * 400, ""])
def test_a_whole_card_makes_room_for_the_line_above_it(abstract: str):
    for fields in ({"abstract": abstract}, FULL | {"abstract": abstract}):
        view = components(added_view(replace(PAPER, **fields), is_new=False, is_updated=True))
        assert_within_limits(view)
        assert text(view).startswith("**Known already**, brought up to date.\n### [")
        if len(abstract) > 4000:
            assert sum(len(part["content"]) for part in parts(view) if part["type"] == 10) > 3900


def test_of_many_refusals_the_first_are_shown_and_the_rest_counted():
    refusals = [Refusal(f"line {number}", "it has no title") for number in range(1, 301)]
    said = shown(preview_view("x", report(new=1, rejected=refusals), "p"))
    assert "- line 1: it has no title\n" in said
    assert "- line 5: it has no title\n- … and 295 more" in said
    assert "line 6:" not in said


def test_hundreds_of_the_worst_refusals_and_failures_fit_one_message():
    counts = {"new": 2**31, "updated": 2**31, "unchanged": 2**31, "skipped": 2**31}
    worst = report(**counts, rejected=[Refusal(WORST, WORST)] * 900)
    for view in (
        preview_view(WORST, worst, "p" * 22, is_cut=True),
        imported_view(WORST, worst, "p" * 22),
        visits_view({f"{number} {WORST}": Visit(worst, WORST) for number in range(40)}),
        visits_view({WORST: Visit(worst, WORST)}),
    ):
        assert_inert(components(view))


def test_what_was_skipped_is_said():
    said = shown(visits_view({"arxiv-new:cs.CL": Visit(report(skipped=9))}))
    assert "-# 9 skipped: new versions and cross-lists" in said
    assert "skipped" not in shown(visits_view({"arxiv-new:cs.CL": Visit()}))


def test_every_one_of_twelve_failing_sources_is_named():
    lines = [f"arxiv-search:cat:cs.{number}" for number in range(12)]
    state = SourceState("", "2026-11-21", NOW, NOW, LONG, {"new": 3}, NOW + timedelta(hours=1))
    states = [replace(state, source=line) for line in lines]
    status = CorpusStatus(1, None, {}, {}, states, 0)
    for said in (
        shown(status_view(status)),
        shown(visits_view({line: Visit(report(), LONG) for line in lines})),
    ):
        assert all(f"`{line}`" in said for line in lines)


def test_no_source_at_all_is_said():
    assert "None is configured: `sources` in config.toml" in shown(visits_view({}))
    said = shown(status_view(CorpusStatus(0, None, {}, {}, [], 0)))
    assert said.startswith("### 0 papers\n")
    assert "None is configured" in said
