"""An answer as a message: numbered quotes under their papers, or a model's claims above them, or the nearest misses. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from discord import ButtonStyle, ui

from bot.cards import custom_ids
from bot.cards.paging import Block, paged
from bot.cards.paper import (
    WIDE,
    describe_date,
    facts_line,
    framed,
    links_line,
    quiet_button,
    short_card,
)
from bot.cards.text import escaped, link
from bot.chat.answered import Answered
from bot.chat.replies import AnswerReply
from corpus.paper import Paper
from retrieval.answer import Quoted

_QUESTION = 150
_QUOTE = 1200  # characters: a sentence is quoted whole; only what is no sentence is longer
_QUOTES = 2400  # of all quotes in one frame
_CLAIMS = 3000  # of all claims in one frame
_DRAFT = 3600  # of all claims of a draft, which has one page
_CLAIM = 700
_NOTE = 300


def answer_view(
    reply: AnswerReply, *, number: int = 0, shareable: bool = False, is_slash: bool = False
) -> ui.LayoutView:
    """A page of an answer, counted from 0; one past the end is the last.

    `shareable` where only the asker sees it; `is_slash`: it answers a command, and a reply to it would carry no text, so
    that a button leads on.
    """
    answered = reply.answered
    pages = paged(list(_blocks(reply)))
    number = max(0, min(number, len(pages) - 1))
    view = ui.LayoutView(timeout=None)
    if is_slash or number:
        view.add_item(ui.TextDisplay(f"-# “{escaped(answered.question, _QUESTION)}”"))
    for block in pages[number]:
        view.add_item(block)
    if reply.answer_id:
        _add_row(view, pager_buttons(reply.answer_id, number, len(pages), custom_ids.answer_page))
        _add_row(view, _deeds(reply, shareable=shareable, number=number, is_slash=is_slash))
    return view


def draft_view(reply: AnswerReply) -> ui.LayoutView:
    """An answer that is still being written, as far as it is checked."""
    view = ui.LayoutView(timeout=None)
    [lines, *_] = [*_fitting(_claims(reply.answered), _DRAFT), []]
    view.add_item(framed("\n".join([*lines, "-# … writing, and checking each claim"])))
    return view


def sources_view(reply: AnswerReply) -> ui.LayoutView:
    """What an answer rests on: each sentence that it cites, with its paper."""
    answered = reply.answered
    view = ui.LayoutView(timeout=None)
    said = "rests on these sentences" if answered.quotes else "found no sentence; these papers were nearest"
    lead: ui.TextDisplay[Any] = ui.TextDisplay(
        f"-# The answer to “{escaped(answered.question, _QUESTION)}” {said}:"
    )
    blocks: list[Block] = [lead, *(_sources(reply) if answered.quotes else _misses(reply))]
    first, *more = paged(blocks)
    for block in first:
        view.add_item(block)
    if more and reply.answer_id:
        _add_row(view, [quiet_button("All of the answer", custom_ids.answer_page(reply.answer_id, 0))])
    return view


def pager_buttons(its_id: str, number: int, pages: int, custom_id: Any) -> list[ui.Button[Any]]:
    """◀ 1/2 ▶, or nothing for a single page. `custom_id` makes a button's from the id and the page."""
    if pages <= 1:
        return []
    return [
        _turn("◀", custom_id(its_id, number - 1), usable=number > 0),
        ui.Button(
            label=f"{number + 1}/{pages}",
            style=ButtonStyle.secondary,
            custom_id="nowhere:place",
            disabled=True,
        ),
        _turn("▶", custom_id(its_id, number + 1), usable=number < pages - 1),
    ]


def _turn(label: str, custom_id: str, *, usable: bool) -> ui.Button[Any]:
    shown = custom_id if usable else f"nowhere:{label}"
    return ui.Button(label=label, style=ButtonStyle.secondary, custom_id=shown, disabled=not usable)


def _add_row(view: ui.LayoutView, buttons: Sequence[ui.Button[Any]]) -> None:
    if buttons:
        view.add_item(ui.ActionRow(*buttons))


def _deeds(reply: AnswerReply, *, shareable: bool, number: int, is_slash: bool) -> list[ui.Button[Any]]:
    buttons: list[ui.Button[Any]] = []
    if is_slash:
        buttons.append(quiet_button("Follow up", custom_ids.follow_up(reply.answer_id)))
    if reply.answered.refused and not reply.answered.asked:
        buttons.append(quiet_button("Tell me when one appears", custom_ids.tell_me(reply.answer_id)))
    if shareable:
        custom_id = custom_ids.share_answer(reply.answer_id, number)
        buttons.append(ui.Button(label="Share", style=ButtonStyle.primary, custom_id=custom_id))
    return buttons


def _blocks(reply: AnswerReply) -> Iterator[Block]:
    answered = reply.answered
    if answered.refused:
        yield ui.TextDisplay(_refusal(reply))
        yield from _misses(reply)
        return
    if answered.claims:
        yield from (framed("\n".join(lines)) for lines in _fitting(_claims(answered), _CLAIMS))
        small = f"-# Written by {escaped(answered.model, 60)} from the sentences below; each claim was checked against them."
        yield ui.TextDisplay(small)
    elif answered.note:
        yield ui.TextDisplay(f"-# {escaped(answered.note, _NOTE)}")
    yield from _sources(reply)


def _refusal(reply: AnswerReply) -> str:
    answered = reply.answered
    note = [f"-# {escaped(answered.note, _NOTE)}"] if answered.note else []
    if answered.asked:
        these = (
            "This paper's abstract does" if len(answered.asked) == 1 else "The abstracts of these papers do"
        )
        return "\n".join([f"**{these} not say that.** The paper itself may.", *note])
    these = "this paper" if answered.corpus == 1 else f"these {answered.corpus:,} papers"
    said = (
        f"**Not in this corpus: no sentence of {these} answers “{escaped(answered.searched, _QUESTION)}”.**"
    )
    nearest = "The nearest papers, which are about something else or do not say it:"
    return "\n".join([f"{said} {nearest}" if answered.misses else said, *note])


def _misses(reply: AnswerReply) -> Iterator[Block]:
    for position, paper in enumerate(_in_order(reply.papers, reply.answered.misses), start=1):
        yield short_card(paper, position=position, sentence="", room=WIDE, is_miss=True)


def _claims(answered: Answered) -> list[str]:
    return [
        f"{escaped(claim.text, _CLAIM)} {''.join(f'**[{number}]**' for number in claim.cites)}"
        for claim in answered.claims
    ]


def _sources(reply: AnswerReply) -> Iterator[Block]:
    """Each paper with what is quoted of it."""
    order = {paper_id: place for place, paper_id in enumerate(reply.answered.shown)}
    quotes = sorted(reply.answered.quotes, key=lambda quote: (order[quote.paper_id], quote.number))
    for paper_id, of_paper in groupby(quotes, key=attrgetter("paper_id")):
        if paper := reply.papers.get(paper_id):
            *first, last = _fitting([_quote(quote) for quote in of_paper], _QUOTES)
            yield from (framed("\n".join(lines)) for lines in first)
            yield _source(paper, last)


def _quote(quote: Quoted) -> str:
    return f"> **[{quote.number}]** “{escaped(quote.sentence, _QUOTE)}”"


def _fitting(lines: Sequence[str], room: int) -> Iterator[list[str]]:
    """The lines in their order, as many together as take no more characters than that."""
    together: list[str] = []
    for line in lines:
        if together and sum(map(len, together)) + len(line) > room:
            yield together
            together = []
        together.append(line)
    if together:
        yield together


def _source(paper: Paper, lines: Sequence[str]) -> ui.Container[Any]:
    day = describe_date(paper.published) if paper.published else ""
    said = "\n".join(
        [*lines, f"### {link(paper.title, paper.url, WIDE.title)}", facts_line(paper, WIDE, day)]
    )
    buttons: ui.ActionRow[Any] = ui.ActionRow()
    buttons.add_item(quiet_button("Abstract", custom_ids.abstract(paper.id)))
    buttons.add_item(quiet_button("Similar", custom_ids.similar(paper.id)))
    return framed(said.rstrip(), links_line(paper, WIDE), buttons)


def _in_order(papers: Mapping[str, Paper], ids: Sequence[str]) -> list[Paper]:
    return [papers[paper_id] for paper_id in ids if paper_id in papers]
