"""One paper as a card: short in a list, whole on its own. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from discord import ButtonStyle, Colour, ui

from bot.cards import custom_ids
from bot.cards.addresses import picture_address, project_address
from bot.cards.text import Span, emphasised, escaped, is_linkable, link, visible
from corpus.paper import Paper

ACCENT = Colour(0x4F6BED)
_MUTED = Colour(0x80848E)
_SHOWN_AUTHORS = 3
_MESSAGE = 4000  # characters that Discord allows in all
_SHOWN_KEYWORDS, _KEYWORD = 5, 40
_NOTE = 150  # characters; longer ones are seldom for readers
_WHY_WITHDRAWN = 300
_UNITS = {"M": 1_000_000, "k": 1000}


@dataclass(frozen=True, slots=True)
class Room:
    """How many characters the texts of a card may take, and whether there is room for links that a paper brings."""

    title: int
    name: int
    sentence: int
    own_links: bool = True


WIDE = Room(title=180, name=60, sentence=300)
# For papers whose texts are long even when cut: five cards of the last fit whatever they say.
_ROOMS = (
    WIDE,
    Room(title=120, name=40, sentence=150),
    Room(title=80, name=20, sentence=60),
    Room(title=80, name=20, sentence=60, own_links=False),
)


def roomiest(build: Callable[[Room], ui.LayoutView]) -> ui.LayoutView:
    """The view with the most room that keeps within what Discord allows."""
    view = build(WIDE)
    for room in _ROOMS[1:]:
        if view.content_length() <= _MESSAGE:
            break
        view = build(room)
    return view


def short_card(
    paper: Paper,
    *,
    position: int,
    sentence: str,
    marks: Sequence[Span] = (),
    room: Room,
    is_miss: bool = False,
    by_day: bool = False,
) -> ui.Container[Any]:
    """A paper in a list: title, facts, the sentence that matched, links, and what can be done with it.

    `marks` are the sentence's words that match; `by_day`: the list is one of days, so the card says on which the paper came
    up. Six components, so that five cards fit a message. A near miss is muted.
    """
    facts = facts_line(paper, room, days_of(paper) if by_day else _published(paper))
    lines = [f"### {position} · {link(paper.title, paper.url, room.title)}", facts]
    if sentence:
        lines.append(f"> {emphasised(sentence, marks, room.sentence)}")
    buttons: ui.ActionRow[Any] = ui.ActionRow()
    buttons.add_item(quiet_button("Abstract", custom_ids.abstract(paper.id)))
    buttons.add_item(quiet_button("Similar", custom_ids.similar(paper.id)))
    text = "\n".join(line for line in lines if line)
    return framed(text, links_line(paper, room), buttons, accent=_MUTED if is_miss else ACCENT)


def whole_card(paper: Paper, *, shareable: bool) -> ui.LayoutView:
    """A paper on its own, with its abstract and all that is known of it. `shareable` where only the asker sees it."""
    facts = facts_line(paper, WIDE, days_of(paper), _version(paper))
    head = "\n".join(line for line in (f"### {link(paper.title, paper.url, WIDE.title)}", facts) if line)
    small = "\n".join(line for line in (keywords_line(paper), _note(paper), links_line(paper, WIDE)) if line)
    abstract = escaped(paper.abstract, _MESSAGE - len(head) - len(small)) or "*No abstract is known.*"
    buttons: ui.ActionRow[Any] = ui.ActionRow()
    buttons.add_item(quiet_button("Similar", custom_ids.similar(paper.id)))
    if shareable:
        custom_id = custom_ids.share_paper(paper.id)
        buttons.add_item(ui.Button(label="Share", style=ButtonStyle.primary, custom_id=custom_id))
    view = ui.LayoutView(timeout=None)
    view.add_item(framed(with_picture(head, paper), ui.Separator(), abstract, small, buttons))
    return view


def describe_date(day: date) -> str:
    """A day as people of every country read it: 16 May 2025."""
    return f"{day.day} {day:%b %Y}"


def quiet_button(label: str, custom_id: str) -> ui.Button[Any]:
    """A button beside a paper's text, which is what matters."""
    return ui.Button(label=label, style=ButtonStyle.secondary, custom_id=custom_id)


def framed(*parts: str | ui.Item[Any], accent: Colour = ACCENT) -> ui.Container[Any]:
    """The parts one below the other, in a frame."""
    card: ui.Container[Any] = ui.Container(accent_colour=accent)
    for part in parts:
        card.add_item(ui.TextDisplay(part) if isinstance(part, str) else part)
    return card


def with_picture(text: str, paper: Paper) -> str | ui.Item[Any]:
    """The text with the paper's picture beside it, where there is one."""
    picture = picture_address(paper)
    if picture is None:
        return text
    shown: ui.Thumbnail[Any] = ui.Thumbnail(picture, description="Hugging Face's picture of this paper")
    section: ui.Section[Any] = ui.Section(text, accessory=shown)
    return section


def facts_line(paper: Paper, room: Room, *more: str, named: int = _SHOWN_AUTHORS) -> str:
    """Who, when, and how it was received; what is unknown is left out, and a zero is not. A withdrawal comes first.

    `more` stands behind the authors, of whom so many are `named`.
    """
    facts = [
        "**Withdrawn**" if paper.withdrawn else "",
        _who(paper, room, named),
        *more,
        "" if paper.upvotes is None else f"▲ {paper.upvotes}",
        "" if paper.comments is None else f"💬 {paper.comments}",
        "" if paper.stars is None else f"⭐ {_compact(paper.stars)}",
    ]
    return " · ".join(fact for fact in facts if fact)


def _published(paper: Paper) -> str:
    return describe_date(paper.published) if paper.published else ""


def days_of(paper: Paper) -> str:
    """When it was published and, if that is another day, when it was listed: `14 Nov 2025 (listed 17 Nov)`."""
    published, listed = paper.published, paper.listed
    if not listed or listed == published:
        return _published(paper)
    if not published:
        return f"listed {describe_date(listed)}"
    day = f"{listed.day} {listed:%b}" if listed.year == published.year else describe_date(listed)
    return f"{describe_date(published)} (listed {day})"


def _version(paper: Paper) -> str:
    return f"v{paper.version}" if paper.version and paper.version > 1 else ""


def _compact(count: int) -> str:
    """`999`, `11.3k`, `2M`: never more than there are."""
    for unit, size in _UNITS.items():
        if count >= size:
            tenths = count * 10 // size
            return f"{tenths // 10}.{tenths % 10}".removesuffix(".0") + unit
    return str(count)


def _who(paper: Paper, room: Room, named: int) -> str:
    if paper.authors:
        names = ", ".join(escaped(name, room.name) for name in paper.authors[:named])
        more = max(len(paper.authors), paper.authors_count or 0) - min(len(paper.authors), named)
        return f"{names} + {more}" if more > 0 else names
    if paper.organisation:
        return escaped(paper.organisation, room.name)
    if paper.authors_count:
        return f"{paper.authors_count} author{'s' if paper.authors_count > 1 else ''}"
    return ""


def keywords_line(paper: Paper) -> str:
    """The first of its keywords; empty where none is known."""
    shown = [escaped(keyword, _KEYWORD) for keyword in paper.keywords[:_SHOWN_KEYWORDS]]
    words = " · ".join(word for word in shown if word)
    return f"-# Keywords: {words}" if words else ""


def _note(paper: Paper) -> str:
    """The authors' comment, if it is short ("13 pages, accepted at …") or says why the paper was withdrawn."""
    note = visible((paper.note or "")[:_MESSAGE])
    if not note or (len(note) > _NOTE and not paper.withdrawn):
        return ""
    return f"-# The authors' note: {escaped(note, _WHY_WITHDRAWN)}"


def links_line(paper: Paper, room: Room) -> str:
    """Where it can be read, and what it brings."""
    named = {
        "Hugging Face" if paper.arxiv_id else "Search on Hugging Face": paper.url,
        "arXiv": paper.arxiv_url,
        "PDF": paper.pdf_url,
    }
    if room.own_links:
        named |= {"Code": paper.code_url, "Project": project_address(paper)}
    usable = {name: url for name, url in named.items() if url and is_linkable(url)}
    return "-# " + " · ".join(link(name, url, len(name)) for name, url in usable.items())
