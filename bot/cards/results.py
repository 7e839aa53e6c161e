"""A page of results: lines that say what this is, the cards, and the pager. Pure."""

from discord import ButtonStyle, ui

from bot.cards import custom_ids
from bot.cards.paper import Room, quiet_button, roomiest, short_card
from bot.cards.text import code, escaped
from bot.headline import headline
from bot.results import PAGE_SIZE, Page

_ASKED = 150  # characters of the question that are repeated, and of what narrows it
_NOTE = 200  # characters
_NOTES = 600  # characters of all of them; five cards at their narrowest leave about a thousand


def results_view(page: Page, *, list_id: str, shareable: bool) -> ui.LayoutView:
    """One page of a list. `shareable` where only the asker sees it."""
    return roomiest(lambda room: _view(page, list_id, room, shareable=shareable))


def _view(page: Page, list_id: str, room: Room, *, shareable: bool) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay("\n".join([_headline(page), *_small_lines(page)])))
    is_miss = not page.found
    for offset, result in enumerate(page.results):
        position = page.number * PAGE_SIZE + offset + 1
        sentence = "" if is_miss else result.sentence  # there is nothing for it to match
        view.add_item(
            short_card(
                result.paper,
                position=position,
                sentence=sentence,
                marks=() if is_miss else result.marks,
                room=room,
                is_miss=is_miss,
                by_day=page.kind in {"latest", "top"},
            )
        )
    pager = _pager(page, list_id, shareable=shareable)
    if pager.children:
        view.add_item(pager)
    return view


def _headline(page: Page) -> str:
    return headline(
        page, quoted=lambda text: escaped(text, _ASKED), strong=lambda text: f"**{text}**" if text else ""
    )


def _small_lines(page: Page) -> list[str]:
    """What the reader should know, below the headline of the first page."""
    if page.number:
        return []
    lines = [f"-# {escaped(note, _NOTE)}" for note in page.notes]
    if page.suggestion:
        lines.insert(0, f"-# Did you mean {code(page.suggestion, _NOTE)}?")
    kept: list[str] = []
    for line in lines:
        if sum(map(len, kept)) + len(line) <= _NOTES:
            kept.append(line)
    return kept


def _pager(page: Page, list_id: str, *, shareable: bool) -> ui.ActionRow[ui.LayoutView]:
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    if page.pages > 1:
        row.add_item(_turn("◀", list_id, page.number - 1, usable=page.number > 0))
        row.add_item(_place(f"{page.number + 1}/{page.pages}"))
        row.add_item(_turn("▶", list_id, page.number + 1, usable=page.number < page.pages - 1))
    if shareable and page.results:
        custom_id = custom_ids.share_page(list_id, page.number)
        row.add_item(ui.Button(label="Share", style=ButtonStyle.primary, custom_id=custom_id))
    if page.kind == "find" and not page.found and page.asked:
        row.add_item(quiet_button("Tell me when one appears", custom_ids.tell_me_of_list(list_id)))
    return row


def _turn(label: str, list_id: str, number: int, *, usable: bool) -> ui.Button[ui.LayoutView]:
    custom_id = custom_ids.page(list_id, number) if usable else f"nowhere:{label}"
    return ui.Button(label=label, style=ButtonStyle.secondary, custom_id=custom_id, disabled=not usable)


def _place(label: str) -> ui.Button[ui.LayoutView]:
    return ui.Button(label=label, style=ButtonStyle.secondary, custom_id="nowhere:place", disabled=True)
