"""What is a message to the bot? Rules, in the order in which they are asked; tests/bot/chat/messages.jsonl shows them. Pure."""

from bot.chat.acts import act_in, only_points, opened
from bot.chat.fixed import fixed_in
from bot.chat.meanings import (
    Compare,
    Empty,
    FollowUp,
    Help,
    Intent,
    Like,
    More,
    Narrow,
    OpenPaper,
    Pick,
    Question,
    Reset,
    Search,
    SmallTalk,
    Sources,
    Summarise,
)
from bot.chat.message import READ, Message, read
from bot.chat.narrow import has_operators, narrowed_by, only_operators
from bot.chat.questions import leans_on_itself, looks_like_title, question_in
from bot.chat.requests import papers_of, requested, topic_of
from bot.chat.small_talk import said_before_more, small_talk, thanks_first

__all__ = [
    "READ", "Compare", "Empty", "FollowUp", "Help", "Intent", "Like", "More", "Narrow", "OpenPaper", "Pick", "Question",
    "Reset", "Search", "SmallTalk", "Sources", "Summarise", "intent_of",
]  # fmt: skip


def intent_of(text: str, *, shown: int, has_context: bool) -> Intent:
    """What a message is.

    `shown` is how many results the last answer of the conversation listed, `has_context` whether anything was retrieved in
    it. Never raises; only the first `READ` characters are read.
    """
    message = read(text)
    if not message.words:
        return Empty()
    after = has_context or shown > 0
    return _whole(message, shown, after=after) or _after_small_talk(message, shown, after=after)


def _whole(message: Message, shown: int, *, after: bool) -> Intent | None:
    """What only a whole message is: something said in few fixed words, or done with the last results."""
    if has_operators(message):
        narrows = shown > 0 and only_operators(message)
        return Narrow(message.text) if narrows else None
    if fixed := fixed_in(message):
        return fixed
    if after and leans_on_itself(message):
        return FollowUp(message.text)
    if kind := small_talk(message.keys):
        return SmallTalk(kind)
    if act := act_in(message, shown=shown):
        return act
    if message.ids and only_points(message):
        return OpenPaper(message.ids)
    if search := papers_of(message):
        return search
    return None if looks_like_title(message) and not after else narrowed_by(message, lax=after)


def _after_small_talk(message: Message, shown: int, *, after: bool) -> Intent:
    """What a message is whose first words may only greet or thank."""
    greeted = said_before_more(message.keys)
    rest = message.since(greeted)
    if 0 < greeted < len(message.keys):
        found = _whole(rest, shown, after=after) or _asked(rest, shown, after=after)
        if found:
            return found
        if thanks_first(message.keys):
            return SmallTalk("thanks")
        return Search(topic_of(rest if message.pauses_before(greeted) else message))
    return _asked(message, shown, after=after) or Search(topic_of(message))


def _asked(message: Message, shown: int, *, after: bool) -> Intent | None:
    """A request for papers, a question, or papers that are named."""
    if has_operators(message):
        return Search(message.text)
    title = looks_like_title(message)
    if not message.ids and (search := requested(message, lenient=not title)):
        return search
    return question_in(message, shown=shown, has_context=after) or opened(message)
