"""What the owner sees of the corpus: its state, visits to its sources, imports before and after, a paper added. Pure."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from discord import ButtonStyle, Colour, ui
from discord.utils import format_dt

from bot.cards import custom_ids
from bot.cards.paper import ACCENT, describe_date, whole_card
from bot.cards.text import code, escaped, shorten
from bot.results import CorpusStatus
from corpus.paper import Paper
from corpus.report import Refusal, Report, Visit
from corpus.source_state import SourceState

_DONE = Colour(0x3BA55D)
_MESSAGE = 4000  # characters that Discord allows in all
_NAME = 80  # characters of a file's name, or of a source's line
_WHERE, _WHY = 100, 250  # characters of where a record stands that was refused, and why
_SHOWN_REFUSALS = 5
_SOURCES = 2600  # characters of what is said of all sources
_FAILURE = 400  # of why one of them failed, where there are few
_NO_SOURCES = "None is configured: `sources` in config.toml names those that are visited."
_IN_BACKGROUND = "-# New papers are found by their words at first. They are encoded in the background."


def status_view(status: CorpusStatus) -> ui.LayoutView:
    """What is in the corpus, where from, what came lately, and how each source is read."""
    newest = f", the newest of {describe_date(status.newest)}" if status.newest else ""
    waiting = f"{status.waiting:,} wait to be encoded" if status.waiting else "none waits to be encoded"
    told = _fitting(
        [f"{papers:,} by {escaped(name, 40)}" for name, papers in status.sources.items()], 300, ", "
    )
    by_source = f"\n-# As told by: {told}. Several may tell of one paper." if told else ""
    days = [
        f"- {describe_date(day)}: "
        + _fitting([f"{papers:,} by {escaped(name, 40)}" for name, papers in sources.items()], 200, ", ")
        for day, sources in status.days.items()
    ]
    return _notice(
        f"### {_papers(status.papers)}{newest}\n{waiting.capitalize()}.{by_source}",
        f"**New by day**\n{_fitting(days, 600) or '- none in the last days'}",
        f"**Sources**\n{_sources(status.states)}",
    )


def visits_view(visits: Mapping[str, Visit]) -> ui.LayoutView:
    """What visiting the sources did, source by source."""
    if not visits:
        return _notice(_NO_SOURCES)
    said = [_visit(line, visit, _SOURCES // len(visits)) for line, visit in visits.items()]
    came = any(visit.report.new or visit.report.updated for visit in visits.values())
    return _notice(_fitting(said, _SOURCES, "\n\n"), _IN_BACKGROUND if came else "")


def preview_view(name: str, report: Report, pending: str | None, *, is_cut: bool = False) -> ui.LayoutView:
    """What an import would change, with a button that makes it so. `is_cut`: the paste may have lost its end."""
    known = report.unchanged + report.updated
    updates = f" ({report.updated:,} of them would be updated)" if report.updated else ""
    lines = [
        _heading(name),
        f"**{known:,} known**{updates}, **{report.new:,} new**, **{report.refused:,} unclear**",
        *_also_skipped(report),
        *_refusals(report.rejected),
    ]
    if pending is None:
        lines.append(
            "There is nothing in it to take in."
            if report.rejected or report.skipped
            else "All of it is known already."
        )
    small = [
        "-# The form takes 4,000 characters, and this has as many: its end may be missing. Attach a file for more."
        if is_cut
        else "",
        "-# Nothing is stored yet. The button works for a day." if pending else "",
    ]
    return _notice("\n".join(lines), "\n".join(filter(None, small)), _import_buttons(pending, "Import"))


def imported_view(name: str, report: Report, pending: str | None) -> ui.LayoutView:
    """What an import changed; `pending` where papers that it names could not be asked for, and can be once more."""
    lines = [
        _heading(name),
        f"Imported: {_done(report)}",
        *_also_skipped(report),
        *_refusals(report.rejected),
    ]
    small = [
        _IN_BACKGROUND if report.new or report.updated else "",
        "-# Papers that could not be asked for can be asked for again, for a day." if pending else "",
    ]
    colour = ACCENT if pending else _DONE
    buttons = _import_buttons(pending, "Try again")
    return _notice("\n".join(lines), "\n".join(filter(None, small)), buttons, colour=colour)


def dropped_view() -> ui.LayoutView:
    """An import that is not wanted any more."""
    return _notice("Nothing is imported.")


def added_view(paper: Paper, *, is_new: bool, is_updated: bool) -> ui.LayoutView:
    """A paper's whole card below what became of it."""
    known = "brought up to date" if is_updated else "and nothing has changed"
    line = "**Added.** It is encoded in the background." if is_new else f"**Known already**, {known}."
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(line))
    for part in _card_within(paper, _MESSAGE - len(line)).children:
        view.add_item(part)
    return view


def _card_within(paper: Paper, room: int) -> ui.LayoutView:
    """The whole card in so many characters: of its abstract as much as there is room for."""

    def card(kept: int) -> ui.LayoutView:
        shorter = paper.abstract if kept >= len(paper.abstract) else shorten(paper.abstract, kept)
        return whole_card(replace(paper, abstract=shorter if kept else ""), shareable=False)

    whole = card(len(paper.abstract))
    if whole.content_length() <= room:
        return whole
    fitting = bisect_right(range(_MESSAGE), room, key=lambda kept: card(kept).content_length())
    return card(max(0, fitting - 1))


def _sources(states: Sequence[SourceState]) -> str:
    if not states:
        return _NO_SOURCES
    room = max(80, min(_FAILURE, _SOURCES // len(states) - 3 * _NAME))
    return _fitting([_state(state, room) for state in states], _SOURCES)


def _state(state: SourceState, room: int) -> str:
    """How a source is read; why it failed in so many characters."""
    read = f"read up to {escaped(state.watermark, 30)}" if state.watermark else ""
    planned = (
        f"next visit {format_dt(state.next_visit, 'R')}" if state.next_visit else "next visit not planned"
    )
    facts = " · ".join(fact for fact in (_last_visit(state), read, planned) if fact)
    line = f"{code(state.source, _NAME)} {facts}"
    return f"{line}\n> {escaped(state.failure, room)}" if state.failure else line


def _last_visit(state: SourceState) -> str:
    ended = f"visited {format_dt(state.ended, 'R')}: {_outcome(state)}" if state.ended else ""
    if not state.started or (state.ended and state.started <= state.ended):
        return ended or "never visited"
    begun = f"a visit began {format_dt(state.started, 'R')} and has not ended"
    return f"{begun}; {ended}" if ended else begun


def _outcome(state: SourceState) -> str:
    counts = state.counts or {}
    told = f"{counts.get('new', 0):,} new, {counts.get('updated', 0):,} updated"
    rejected = counts.get("rejected", 0)
    return told + (f", {rejected:,} unclear" if rejected else "") + (", **failed**" if state.failure else "")


def _visit(line: str, visit: Visit, room: int) -> str:
    """What a visit did, in about so many characters."""
    report = visit.report
    said = [
        f"{code(line, _NAME)} {_done(report)}",
        *_also_skipped(report),
    ]
    if visit.failure:
        said.append(f"> Ended early: {escaped(visit.failure, max(80, min(_FAILURE, room // 2)))}")
    return "\n".join([*said, *_refusals(report.rejected, room - sum(map(len, said)))])


def _done(report: Report) -> str:
    took_in = f"**{report.new:,} new**, **{report.updated:,} updated**"
    return f"{took_in}, {report.unchanged:,} unchanged, {report.refused:,} unclear"


def _also_skipped(report: Report) -> list[str]:
    if not report.skipped:
        return []
    return [f"-# {report.skipped:,} skipped: new versions and cross-lists of papers that are not here."]


def _refusals(refused: Sequence[Refusal], room: int = _SOURCES) -> list[str]:
    """The first of them, and how many there are beside."""
    shown = [f"- {escaped(one.where, _WHERE)}: {escaped(one.why, _WHY)}" for one in refused[:_SHOWN_REFUSALS]]
    while shown and sum(map(len, shown)) > room:
        shown.pop()
    more = len(refused) - len(shown)
    return [*shown, f"- … and {more:,} more"] if more else shown


def _fitting(lines: Sequence[str], room: int, joint: str = "\n") -> str:
    """As many of the lines as there is room for, and how many were left out."""
    kept = list(lines)
    while kept and len(joint.join(kept)) > room:
        kept.pop()
    more = len(lines) - len(kept)
    return joint.join([*kept, f"… and {more:,} more"] if more else kept)


def _heading(name: str) -> str:
    return f"### {escaped(name, _NAME) or 'A file without a name'}"


def _papers(count: int) -> str:
    return f"{count:,} paper{'' if count == 1 else 's'}"


def _import_buttons(pending: str | None, label: str) -> ui.ActionRow[Any] | str:
    if pending is None:
        return ""
    confirm, drop = custom_ids.confirm_import(pending), custom_ids.drop_import(pending)
    row: ui.ActionRow[Any] = ui.ActionRow()
    row.add_item(ui.Button(label=label, style=ButtonStyle.success, custom_id=confirm))
    row.add_item(ui.Button(label="Cancel", style=ButtonStyle.secondary, custom_id=drop))
    return row


def _notice(*parts: str | ui.Item[Any], colour: Colour = ACCENT) -> ui.LayoutView:
    """The parts one below the other; empty texts are left out, which Discord does not take."""
    container: ui.Container[Any] = ui.Container(accent_colour=colour)
    for part in filter(None, parts):
        container.add_item(ui.TextDisplay(part) if isinstance(part, str) else part)
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    return view
