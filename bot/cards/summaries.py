"""What papers say, in sentences of their own: the problem, the method, the result. Pure."""

from discord import ui

from bot.cards import custom_ids
from bot.cards.paper import Room, describe_date, facts_line, framed, links_line, quiet_button, roomiest
from bot.cards.text import escaped, link
from bot.chat.replies import Level, Summed
from corpus.paper import Paper
from retrieval.summing_up import Summary

_SENTENCES = 3  # times as long as the sentence of a card in a list


def summaries_view(summed: Summed) -> ui.LayoutView:
    """Each paper in a frame of its own."""
    return roomiest(lambda room: _view(summed, room))


def _view(summed: Summed, room: Room) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    for paper, summary in summed.papers:
        day = describe_date(paper.published) if paper.published else ""
        head = f"### {link(paper.title, paper.url, room.title)}\n{facts_line(paper, room, day)}".rstrip()
        buttons = ui.ActionRow(
            quiet_button("Abstract", custom_ids.abstract(paper.id)),
            quiet_button("Similar", custom_ids.similar(paper.id)),
        )
        said = _said(paper, summary, summed.level, _SENTENCES * room.sentence)
        view.add_item(framed(head, said, links_line(paper, room), buttons))
    return view


def _said(paper: Paper, summary: Summary, level: Level, limit: int) -> str:
    parts = {"Problem": summary.problem, "Method": summary.method, "Result": summary.result}
    if not any(parts.values()):
        return (
            "*The abstract says none of problem, method and result in a sentence of its own.*"
            if paper.abstract
            else "*No abstract is known.*"
        )
    if level == "brief":
        name, sentence = next((name, parts[name]) for name in ("Method", "Result", "Problem") if parts[name])
        parts = {name: sentence}
    return "\n".join(
        f"**{name}** · “{escaped(sentence, limit)}”" if sentence else f"**{name}** · *not stated*"
        for name, sentence in parts.items()
    )
