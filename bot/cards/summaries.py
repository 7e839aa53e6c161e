"""What papers say, in sentences of their own: the problem, the method, the result. Pure."""

from discord import ui

from bot.cards import custom_ids
from bot.cards.paper import WIDE, describe_date, facts_line, framed, links_line, quiet_button
from bot.cards.text import escaped, link
from bot.chat.replies import Level, Summed
from corpus.paper import Paper
from retrieval.summing_up import Summary

_SENTENCE = 900
_ROOM = 3600  # characters of the sentences of all papers together


def summaries_view(summed: Summed) -> ui.LayoutView:
    """Each paper in a frame of its own."""
    view = ui.LayoutView(timeout=None)
    limit = min(_SENTENCE, _ROOM // max(1, 3 * len(summed.papers)))
    for paper, summary in summed.papers:
        day = describe_date(paper.published) if paper.published else ""
        head = f"### {link(paper.title, paper.url, WIDE.title // 2)}\n{facts_line(paper, WIDE, day)}".rstrip()
        buttons = ui.ActionRow(
            quiet_button("Abstract", custom_ids.abstract(paper.id)),
            quiet_button("Similar", custom_ids.similar(paper.id)),
        )
        said = _said(paper, summary, summed.level, limit)
        view.add_item(framed(head, said, links_line(paper, WIDE), buttons))
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
