"""A follow-up as a question of its own: "and on a phone?" after speculative decoding. Pure."""

import re

from retrieval.question import topic_of

_LEADING_ON = re.compile(
    r"\A(?:(?:and|but|so|ok(?:ay)?|then|also|plus|hm+|well|what about|how about|what if)\b[\s,.:…-]*)+",
    re.IGNORECASE,
)
_SAYS_WHERE = re.compile(
    r"(?:on|in|at|for|with|without|under|from|by|using|during|via|after|before|across|over|between)\b",
    re.IGNORECASE,
)
_STANDS_FOR_IT = re.compile(
    r"\b(?:it|they|them)\b|\b(?:this|that|these|those)\b(?=\s+(?:is|are|was|were|do|does|did|work|works|help|helps|need|needs|run|"
    r"runs|cost|costs|compare|compares)\b|\W*$)",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_END = " \t\r\n,:;?!."


def joined(previous_topic: str, followup: str) -> str:
    """The follow-up with the topic that it is about: put for "it", before "on a phone", or behind.

    A follow-up that has all of the topic's words stays as it is, and so does one without a topic before it.
    """
    topic = topic_of(previous_topic).strip(_END)
    rest = _LEADING_ON.sub("", followup.strip(), count=1)
    if not _WORD.search(rest):
        return topic or followup.strip()
    if not topic or _words(topic) <= _words(rest):
        return rest
    if _STANDS_FOR_IT.search(rest):
        return _STANDS_FOR_IT.sub(lambda _: topic, rest, count=1)
    if _SAYS_WHERE.match(rest):
        return f"{topic} {rest}"
    bare = rest.rstrip(_END)
    return f"{bare}, {topic}{'?' if rest.rstrip().endswith('?') else ''}"


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}
