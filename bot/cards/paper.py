"""One paper as a card: short in a list, whole on its own. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from discord import ButtonStyle, Colour, ui

from bot.cards import custom_ids
from bot.cards.text import Span, emphasised, escaped, is_linkable, link
from corpus.paper import Paper

ACCENT = Colour(0x4F6BED)
_MUTED = Colour(0x80848E)
_SHOWN_AUTHORS = 3
_ABSTRACT = 3000  # characters; a message has room for 4,000


@dataclass(frozen=True, slots=True)
class Room:
    """How many characters the texts of a card may take."""

    title: int
    name: int
    sentence: int


WIDE = Room(title=180, name=60, sentence=300)


def short_card(
    paper: Paper,
    *,
    position: int,
    sentence: str,
    marks: Sequence[Span] = (),
    room: Room,
    is_miss: bool = False,
) -> ui.Container[Any]:
    """A paper in a list: title, facts, the sentence that matched, links, and what can be done with it.

    `marks` are the sentence's words that match. Six components, so that five cards fit a message. A near miss is muted.
    """
    lines = [f"### {position} · {link(paper.title, paper.url, room.title)}", _facts(paper, room)]
    if sentence:
        lines.append(f"> {emphasised(sentence, marks, room.sentence)}")
    buttons: ui.ActionRow[Any] = ui.ActionRow()
    buttons.add_item(_button("Abstract", custom_ids.abstract(paper.id)))
    buttons.add_item(_button("Similar", custom_ids.similar(paper.id)))
    text = "\n".join(line for line in lines if line)
    return _card(text, _links(paper), buttons, accent=_MUTED if is_miss else ACCENT)


def whole_card(paper: Paper, *, shareable: bool) -> ui.LayoutView:
    """A paper on its own, with its abstract. `shareable` where only the asker sees it."""
    lines = [f"### {link(paper.title, paper.url, WIDE.title)}", _facts(paper, WIDE)]
    buttons: ui.ActionRow[Any] = ui.ActionRow()
    buttons.add_item(_button("Similar", custom_ids.similar(paper.id)))
    if shareable:
        custom_id = custom_ids.share_paper(paper.id)
        buttons.add_item(ui.Button(label="Share", style=ButtonStyle.primary, custom_id=custom_id))
    abstract = escaped(paper.abstract, _ABSTRACT) or "*No abstract is known.*"
    view = ui.LayoutView(timeout=None)
    view.add_item(
        _card("\n".join(line for line in lines if line), ui.Separator(), abstract, _links(paper), buttons)
    )
    return view


def describe_date(day: date) -> str:
    """A day as people of every country read it: 16 May 2025."""
    return f"{day.day} {day:%b %Y}"


def _button(label: str, custom_id: str) -> ui.Button[Any]:
    return ui.Button(label=label, style=ButtonStyle.secondary, custom_id=custom_id)


def _card(*parts: str | ui.Item[Any], accent: Colour = ACCENT) -> ui.Container[Any]:
    card: ui.Container[Any] = ui.Container(accent_colour=accent)
    for part in parts:
        card.add_item(ui.TextDisplay(part) if isinstance(part, str) else part)
    return card


def _facts(paper: Paper, room: Room) -> str:
    """Who, when, and how it was received; what is unknown is left out, and a zero is not."""
    facts = [
        _who(paper, room),
        describe_date(paper.published) if paper.published else "",
        "" if paper.upvotes is None else f"▲ {paper.upvotes}",
        "" if paper.comments is None else f"💬 {paper.comments}",
    ]
    return " · ".join(fact for fact in facts if fact)


def _who(paper: Paper, room: Room) -> str:
    if paper.authors:
        names = ", ".join(escaped(name, room.name) for name in paper.authors[:_SHOWN_AUTHORS])
        more = max(len(paper.authors), paper.authors_count or 0) - min(len(paper.authors), _SHOWN_AUTHORS)
        return f"{names} + {more}" if more > 0 else names
    if paper.organisation:
        return escaped(paper.organisation, room.name)
    if paper.authors_count:
        return f"{paper.authors_count} author{'s' if paper.authors_count > 1 else ''}"
    return ""


def _links(paper: Paper) -> str:
    named = {
        "Hugging Face" if paper.arxiv_id else "Search on Hugging Face": paper.url,
        "arXiv": paper.arxiv_url,
        "PDF": paper.pdf_url,
        "Code": paper.code_url,
    }
    usable = {name: url for name, url in named.items() if url and is_linkable(url)}
    return "-# " + " · ".join(link(name, url, len(name)) for name, url in usable.items())
