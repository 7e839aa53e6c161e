"""What is said in a conversation, as messages. Pure."""

from discord import ui

from bot.cards.answers import answer_view, sources_view
from bot.cards.comparison import comparison_view
from bot.cards.notices import notice_view
from bot.cards.paper import Room, roomiest, short_card, whole_card
from bot.cards.results import results_view
from bot.cards.summaries import summaries_view
from bot.chat.replies import (
    AnswerReply,
    Comparison,
    Listed,
    Reply,
    Rests,
    Said,
    Shown,
    Summed,
    Talked,
)
from corpus.paper import Paper

_LEAD = (
    "Ask me a question about the papers, or say what you are looking for. I answer with sentences from their abstracts, and say "
    "so when none of them answers."
)
_WORDS: dict[Talked, str] = {
    "greeting": f"Hello! {_LEAD}\n-# For example: *how much memory does speculative decoding need on a phone?*",
    "thanks": "You are welcome.",
    "farewell": "Goodbye!",
    "praise": "Thank you, I am glad it helps.",
    "insult": "I am sorry that was no help. Say it in other words, or /find with filters may reach what I missed.",
    "acknowledgement": "Good. Ask on whenever you like.",
    "empty": f"I read no words in that. {_LEAD}",
    "forgotten": "Forgotten: we begin anew.",
    "nothing to forget": "There is nothing to forget here: no conversation is going on.",
    "help": (
        "### What you can say\n"
        "- a question: *does quantization hurt long contexts?*, and then: *and on a phone?*\n"
        "- what you look for: *papers on speculative decoding since 2024*\n"
        "- a link or id of arXiv or Hugging Face: its card\n"
        "- of the last results: *2*, *like 2*, *compare 1 and 3*, *summarise 2*, *only with code*, *newer than 2024*, *more*, *back*\n"
        "- *sources* for what an answer rests on, *new* to begin anew\n"
        "-# I remember a conversation for half an hour, in memory only. /help lists the commands."
    ),
}  # fmt: skip


def reply_view(reply: Reply, *, shareable: bool = False, is_slash: bool = False) -> ui.LayoutView:
    """The message. `shareable` where only the asker sees it, `is_slash` where it answers a command."""
    match reply:
        case Said(kind):
            view = notice_view(_WORDS[kind])
        case Shown(papers):
            view = whole_card(papers[0], shareable=shareable) if len(papers) == 1 else _cards(papers)
        case Listed(page, list_id):
            view = results_view(page, list_id=list_id, shareable=shareable)
        case AnswerReply():
            view = answer_view(reply, shareable=shareable, is_slash=is_slash)
        case Comparison():
            view = comparison_view(reply, shareable=shareable)
        case Summed():
            view = summaries_view(reply)
        case Rests(answer):
            view = sources_view(answer)
    return view


def _cards(papers: tuple[Paper, ...]) -> ui.LayoutView:
    def build(room: Room) -> ui.LayoutView:
        view = ui.LayoutView(timeout=None)
        for position, paper in enumerate(papers, start=1):
            view.add_item(short_card(paper, position=position, sentence="", room=room))
        return view

    return roomiest(build)
