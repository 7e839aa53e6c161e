"""Which names stand in a text, and which paper goes by one of them? Pure.

A name is a word that is written as no ordinary word is ("SpecMemo", "GSM8K", "vLLM"), or what a title puts before its
colon. People type names in lower case and without their signs: "powerinfer2" is "PowerInfer-2".
"""

import re
from collections.abc import Callable
from functools import lru_cache

KnowsWord = Callable[[str], bool]
"""Whether a lower-case word is an ordinary one."""

_TOKEN = re.compile(r"[^\W_][\w.+/-]*[\w+]|[^\W_]")
_COINED = re.compile(r"[^\W_]*(?:[^\W\d_]\d|\d[^\W\d_]|[a-z][A-Z]|[A-Z]{2})[\w+.-]*|[^\W\d_]+\+\+?")
_HEAD = re.compile(r"([^:]{2,40}?)(?:!|\s--|:|\sTechnical Report\b)")
_MOST_HEAD_WORDS = 3
_MOST_NAME_WORDS = 3
_COMMON = frozenset(
    ["ai", "api", "cpu", "gb", "gpu", "kv", "llm", "ml", "moe", "nlp", "os", "pc", "ram", "ui", "vram"]
)
_PROPER = re.compile(r"(?<=[^.?!:]\s)[A-Z][a-z]{2,}\b")
_SIGNS = re.compile(r"[\W_]+")
_POSSESSIVE = re.compile(r"['’]s\b")


def folded(text: str) -> str:
    """A name as one may type it: its letters and digits, in lower case."""
    return _SIGNS.sub("", _POSSESSIVE.sub("", text)).casefold()


def coined(text: str) -> list[str]:
    """The words of a text that are written as names are, as they stand there."""
    return [token for token in _TOKEN.findall(_POSSESSIVE.sub("", text)) if _COINED.match(token)]


@lru_cache(maxsize=4096)
def title_names(title: str) -> tuple[str, ...]:
    """What a title calls its subject: what stands before its colon, if that is short, and its first word if coined."""
    names: list[str] = []
    if (head := _HEAD.match(title)) and len(head[1].split()) <= _MOST_HEAD_WORDS:
        names.append(head[1].strip())
    first = title.split(maxsplit=1)[0].rstrip(":,!") if title.split() else ""
    if first and _COINED.match(first):
        names.append(first)
    return tuple(dict.fromkeys(name.strip("\"'“”") for name in names))


def runs_of(question: str) -> dict[str, str]:
    """Every run of up to three words of a question, as `folded` has it, and as it was typed."""
    words = _POSSESSIVE.sub("", question).split()
    runs: dict[str, str] = {}
    for length in range(1, _MOST_NAME_WORDS + 1):
        for start in range(len(words) - length + 1):
            typed = " ".join(words[start : start + length]).strip(" \t,;:?!.()\"'“”")
            runs.setdefault(folded(typed), typed)
    runs.pop("", None)
    return runs


def calls_by_name(question: str, title: str, knows: KnowsWord) -> bool:
    """Whether a question names the subject of a title.

    A name that is also an ordinary word ("GReaTer") must be written as the title writes it.
    """
    runs = runs_of(question)
    for name in title_names(title):
        typed = runs.get(folded(name))
        if typed is None:
            continue
        if " " in name or not knows(name.casefold()) or typed == name:
            return True
    return False


def foreign_names(question: str, text: str) -> list[str]:
    """The names and figures of a question that stand nowhere in a text, as typed. What everybody writes about is no name."""
    whole = folded(text)
    bare = _POSSESSIVE.sub("", question)
    typed = [
        token
        for token in _TOKEN.findall(bare)
        if (_COINED.match(token) or token.isdigit()) and folded(token).removesuffix("s") not in _COMMON
    ]
    return [
        name for name in dict.fromkeys(typed + _proper(bare)) if folded(name).removesuffix("s") not in whole
    ]


def _proper(question: str) -> list[str]:
    """Words with a capital within a sentence ("on Windows"), unless most of the words have one."""
    words = question.split()
    capitals = sum(word[:1].isupper() for word in words[1:])
    return _PROPER.findall(question) if capitals <= max(_MOST_NAME_WORDS, len(words) // 2) else []
