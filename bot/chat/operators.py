"""Does a message use the operators of the query language? Pure."""

import re

from bot.chat.message import Message
from retrieval.query_operators import OPERATORS

_OPERATOR = re.compile(rf'(?<!\S)(?:{"|".join(OPERATORS)}):(?:"[^"]*"|[^\s"]+)', re.IGNORECASE)


def has_operators(message: Message) -> bool:
    """Whether there is an operator with its value, such as `author:han`."""
    return _OPERATOR.search(message.text) is not None


def only_operators(message: Message) -> bool:
    """Whether there is nothing else."""
    return not _OPERATOR.sub("", message.text).strip()
