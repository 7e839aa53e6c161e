"""Papers beside each other, row by row: what each abstract states, in its own words. Pure."""

from collections.abc import Iterator

from discord import ButtonStyle, ui

from bot.cards import custom_ids
from bot.cards.answers import pager_buttons
from bot.cards.paging import Block, paged
from bot.cards.paper import WIDE, describe_date, facts_line, framed, links_line
from bot.cards.text import escaped, is_linkable, link
from bot.chat.replies import Comparison
from retrieval.comparing import Cell, Row

_TITLE = 120
_CELL = 450
_UNKNOWN = 200
_NAMES: dict[Row, str] = {
    "result": "Result", "speed-up": "Speed-up", "memory": "Memory", "hardware": "Hardware", "model size": "Model size",
    "data": "Data", "code": "Code",
}  # fmt: skip
_NOT_STATED = "*not stated*"
_FEW = 3  # papers, of which there is room for more than titles


def comparison_view(comparison: Comparison, *, number: int = 0, shareable: bool = False) -> ui.LayoutView:
    """A page of a comparison, counted from 0; one past the end is the last."""
    pages = paged(list(_blocks(comparison)))
    number = max(0, min(number, len(pages) - 1))
    view = ui.LayoutView(timeout=None)
    for block in pages[number]:
        view.add_item(block)
    buttons = pager_buttons(comparison.answer_id, number, len(pages), custom_ids.comparison_page)
    if shareable:
        custom_id = custom_ids.share_comparison(comparison.answer_id, number)
        buttons.append(ui.Button(label="Share", style=ButtonStyle.primary, custom_id=custom_id))
    if buttons:
        view.add_item(ui.ActionRow(*buttons))
    return view


def _blocks(comparison: Comparison) -> Iterator[Block]:
    yield ui.TextDisplay("\n".join(_head(comparison)))
    cells = comparison.grid.cells
    for row in comparison.compared.rows:
        if any(cells[row]):
            said = [f"{place} · {_cell(cell)}" for place, cell in enumerate(cells[row], start=1)]
            yield framed("\n".join([f"**{_NAMES[row]}**", *said]))
    if silent := [_NAMES[row] for row in comparison.compared.rows if not any(cells[row])]:
        yield ui.TextDisplay(f"**{', '.join(silent)}**: {_NOT_STATED} by any of them")


def _head(comparison: Comparison) -> Iterator[str]:
    yield "What each abstract states, in its own words:"
    for place, paper in enumerate(comparison.papers, start=1):
        yield f"**{place} · {link(paper.title, paper.url, _TITLE)}**"
        if len(comparison.papers) <= _FEW:
            day = describe_date(paper.published) if paper.published else ""
            if facts := facts_line(paper, WIDE, day):
                yield f"-# {facts}"
            yield links_line(paper, WIDE)
    if unknown := comparison.compared.unknown:
        yield f"-# I do not read abstracts for {escaped(', '.join(unknown), _UNKNOWN)}; these are the rows that I know."


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return _NOT_STATED
    start, end = "… " * cell.is_cut_before, " …" * cell.is_cut_after
    parts = [f"“{start}{escaped(cell.quote, _CELL)}{end}”"] if cell.quote else []
    if cell.link and is_linkable(cell.link):
        parts.append(link("Code", cell.link, len("Code")))
    return " ".join(parts) or _NOT_STATED
