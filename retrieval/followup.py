"""A follow-up as a question of its own: "and on a phone?" after "how fast is speculative decoding?". Pure."""

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
# What a question begins with before it comes to what it is about: "how much faster is", "which gpus was", "what is the".
_ASKS = re.compile(
    r"\A(?:(?:please|can you|could you|tell me|explain|i wonder|do you know)\s+)*"
    r"(?:(?:how|what|which|why|when|where|who|whose)\b\s*(?:[\w-]+\s+){0,4}?"
    r"(?:is|are|was|were|does|do|did|can|could|will|would|should|has|have|had|about|'s)\b"
    r"|(?:what|how|why|who|where|which)\b|(?:is|are|was|were|does|do|did|can|could|will|would|should|has|have)\b(?:\s+there\b)?)"
    r"\s*(?:(?:the|an?|some|any|there)\s+)*",
    re.IGNORECASE,
)
_PART_OF = re.compile(
    r"\A(?:(?:typical|best|main|exact|average|actual)\s+)?(?:speed-?ups?|speed|latency|throughput|accuracy|memory(?: footprint| usage)?|cost|price|"
    r"size|performance|quality|result|gain|overhead|difference|idea|method|point|license|licence|name)s?\s+(?:of|for|in|behind|with|from)\s+"
    r"(?:the\s+)?",
    re.IGNORECASE,
)
_ENDS_WITH_DEED = re.compile(
    r"\s+(?:needs?|costs?|takes?|works?|runs?|works? like|gets?|uses?|requires?|mean|do|have|tested on|run on|trained on|evaluated on|"
    r"measured on|compared (?:to|with)|faster|slower|better|worse)\W*\Z",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_END = " \t\r\n,:;?!."


def subject_of(question: str) -> str:
    """What a question is about, without the words that only ask; the question itself where nothing else is left."""
    asked = question.strip(_END)
    rest = _ASKS.sub("", asked, count=1) if _ASKS.match(asked) else topic_of(asked)
    rest = _PART_OF.sub("", rest, count=1)
    rest = _ENDS_WITH_DEED.sub("", rest, count=1).strip(_END)
    return rest if _WORD.search(rest) and not _STANDS_FOR_IT.fullmatch(rest) else asked


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
