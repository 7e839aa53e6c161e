"""Is a text written as titles are? Pure."""

from bot.chat.message import Message

_SHORTEST = 4  # words
_LETTERS = 4  # of a word that a title writes with a capital
_MOST_SMALL = 0.2  # of those words
_LEAST_CAPITAL = 2


def looks_like_title(message: Message) -> bool:
    """Whether it is like "How Far Are We from Intelligent Visual Reasoning?"; in capitals throughout it is only loud."""
    typed = [message.text[word.start : word.end] for word in message.words]
    long = [word for word in typed if len(word) >= _LETTERS and word[0].isalpha() and "/" not in word]
    capital = [word for word in long if word[0].isupper()]
    if len(typed) < _SHORTEST or len(capital) < _LEAST_CAPITAL or all(word.isupper() for word in capital):
        return False
    return sum(word[0].islower() for word in long) <= _MOST_SMALL * len(long)
