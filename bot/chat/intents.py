"""What is a message to the bot? Rules, in the order in which they are asked; tests/bot/chat/messages.jsonl shows them. Pure."""

from bot.chat.acts import act_in, opened
from bot.chat.fixed import fixed_in
from bot.chat.following import follows, follows_at_once
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
from bot.chat.naming import numbers_in
from bot.chat.narrow import narrowed_by
from bot.chat.operators import has_operators, only_operators
from bot.chat.questions import asks, wants_explanation
from bot.chat.requests import news_in, papers_of, requested, topic_of
from bot.chat.small_talk import said_before_more, small_talk, thanks_first
from bot.chat.titles import looks_like_title

__all__ = [
    "READ", "Compare", "Empty", "FollowUp", "Help", "Intent", "Like", "More", "Narrow", "OpenPaper", "Pick", "Question",
    "Reset", "Search", "SmallTalk", "Sources", "Summarise", "intent_of",
]  # fmt: skip

_LONGEST_ACT = 40  # words; what is longer tells or asks something


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
        return Narrow(message.text) if shown > 0 and only_operators(message) else None
    if len(message.words) > _LONGEST_ACT:
        return None
    kind = small_talk(message.keys)
    return (
        fixed_in(message)
        or (FollowUp(message.text) if after and follows_at_once(message) else None)
        or (SmallTalk(kind) if kind else None)
        or act_in(message, shown=shown)
        or opened(message, most=0)
        or news_in(message, after=after)
        or papers_of(message)
        or (narrowed_by(message, after=after) if after or not looks_like_title(message) else None)
    )


def _after_small_talk(message: Message, shown: int, *, after: bool) -> Intent:
    """What a message is whose first words may only greet or thank."""
    greeted = said_before_more(message.keys)
    if not 0 < greeted < len(message.keys):
        return _asked(message, shown, after=after) or _about(message)
    rest = message.since(greeted)
    if found := _whole(rest, shown, after=after) or _asked(rest, shown, after=after):
        return found
    if thanks_first(message.keys):
        return SmallTalk("thanks")
    return _about(rest if message.pauses_before(greeted) else message)


def _asked(message: Message, shown: int, *, after: bool) -> Intent | None:
    """A request for papers, a question, or papers that are named."""
    if has_operators(message):
        return Search(message.text)
    requests = not message.ids and not wants_explanation(message)
    search = requested(message, lenient=not looks_like_title(message)) if requests else None
    return search or _question(message, shown, after=after) or opened(message)


def _question(message: Message, shown: int, *, after: bool) -> Question | FollowUp | None:
    if looks_like_title(message):
        return None
    asking = asks(message)
    numbers = numbers_in(message, shown=shown) if asking else ()
    if after and (numbers or follows(message, asking=asking)):
        return FollowUp(message.text, numbers, message.ids)
    return Question(message.text, numbers, message.ids) if asking else None


def _about(message: Message) -> Search:
    return Search(topic_of(message) or message.text)
