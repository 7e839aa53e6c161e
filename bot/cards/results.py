"""A page of results: a line that says what this is, the cards, and the pager. Pure."""

from discord import ButtonStyle, ui

from bot.cards import custom_ids
from bot.cards.paper import WIDE, Room, short_card
from bot.cards.text import escaped
from bot.results import PAGE_SIZE, Page

_ASKED = 150  # characters of the question that are repeated
_MESSAGE = 4000  # characters that Discord allows in all
# For papers whose texts are long even when cut: the last fits whatever they say.
_NARROWER = (Room(title=120, name=40, sentence=150), Room(title=80, name=20, sentence=60))


def results_view(page: Page, *, list_id: str, shareable: bool) -> ui.LayoutView:
    """One page of a list. `shareable` where only the asker sees it."""
    view = _view(page, list_id, WIDE, shareable=shareable)
    for room in _NARROWER:
        if view.content_length() <= _MESSAGE:
            break
        view = _view(page, list_id, room, shareable=shareable)
    return view


def _view(page: Page, list_id: str, room: Room, *, shareable: bool) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(_headline(page)))
    is_miss = not page.found
    for offset, result in enumerate(page.results):
        position = page.number * PAGE_SIZE + offset + 1
        sentence = "" if is_miss else result.sentence  # there is nothing for it to match
        view.add_item(
            short_card(result.paper, position=position, sentence=sentence, room=room, is_miss=is_miss)
        )
    pager = _pager(page, list_id, shareable=shareable)
    if pager.children:
        view.add_item(pager)
    return view


def _headline(page: Page) -> str:
    asked = escaped(page.asked, _ASKED)
    papers = f"{page.corpus_size:,} paper{'s' if page.corpus_size != 1 else ''}"
    if page.kind == "similar":
        if page.results:
            return f"Most like **{asked}**, of {papers}"
        if page.found:
            return f"There is no other paper here to compare **{asked}** with."
        return (
            f"**{asked}** is not indexed yet, so it has nothing to be compared by. The operator can index it."
        )
    if page.found:
        return f"Closest to “{asked}”, of {papers}"
    if page.results:
        return f"**Nothing in these {papers} is about “{asked}”.** The nearest misses, which are about something else:"
    return f"**Nothing in these {papers} is about “{asked}”.**"


def _pager(page: Page, list_id: str, *, shareable: bool) -> ui.ActionRow[ui.LayoutView]:
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    if page.pages > 1:
        row.add_item(_turn("◀", list_id, page.number - 1, usable=page.number > 0))
        row.add_item(_place(f"{page.number + 1}/{page.pages}"))
        row.add_item(_turn("▶", list_id, page.number + 1, usable=page.number < page.pages - 1))
    if shareable and page.results:
        custom_id = custom_ids.share_page(list_id, page.number)
        row.add_item(ui.Button(label="Share", style=ButtonStyle.primary, custom_id=custom_id))
    return row


def _turn(label: str, list_id: str, number: int, *, usable: bool) -> ui.Button[ui.LayoutView]:
    custom_id = custom_ids.page(list_id, number) if usable else f"nowhere:{label}"
    return ui.Button(label=label, style=ButtonStyle.secondary, custom_id=custom_id, disabled=not usable)


def _place(label: str) -> ui.Button[ui.LayoutView]:
    return ui.Button(label=label, style=ButtonStyle.secondary, custom_id="nowhere:place", disabled=True)
