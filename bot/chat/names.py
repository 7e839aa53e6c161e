"""Whose papers, or papers without what, are meant at a place of a message: "by song han", "from nvidia", "no surveys". Pure."""

import re
from dataclasses import dataclass
from typing import Literal

from bot.chat.message import Message, phrases, vocabulary

Operator = Literal["author", "org", "-", ""]  # "": words to search

_MOST_WORDS: dict[Operator, int] = {
    "author": 4,
    "org": 2,
    "-": 3,
    "": 4,
}  # "from pixels to actions" is a topic
_MOST_WORDS_OF_KNOWN = 4
_PUBLISHED = r"(?:(?:written|authored|made|published|released|done) )?"
_LEADS: tuple[tuple[Operator, re.Pattern[str]], ...] = (
    ("author", re.compile(rf"{_PUBLISHED}(?:by|authors?|von|auteur|autor)(?: author)? ")),
    ("org", re.compile(rf"{_PUBLISHED}(?:from|aus|org|organi[sz]ation)(?: the)? ")),
    (
        "-",
        re.compile(
            r"(?:without|no|not|exclude|excluding|except|minus|but not|but no|ohne|sans|sin|sem|senza|nothing|leave out|keine?|"
            r"(?:remove|drop|skip|hide)(?= (?:\w+ ){0,2}\w+$))"
            r"(?: (?:about|on|for|by|any|the|from|mentioning|over|uber))* "
        ),
    ),
    ("", re.compile(r"(?:about|on|regarding|concerning|using|uber|sur|sobre|that use|mentioning) ")),
)
_ENDS = vocabulary("""
    about after of and at before but by first from in least more newer no not older on only or over please since sort sorted that
    until which who with without bitte mit nur ohne seit und
""")
_PAPERS = vocabulary("paper papers article articles work works ones")
_NO_NAMES = phrases("""
    all | date | default | doubt | far | hand | here | idea | it | itself | me | more | now | problem | scratch | thanks |
    the way | them | then | there | way | you
""")
_ORGANISATIONS = phrases("""
    adobe | ai2 | alibaba | amazon | anthropic | apple | baidu | berkeley | bytedance | cmu | cohere | deepmind | deepseek |
    epfl | eth | eth zurich | facebook | google | google deepmind | harvard | huawei | hugging face | huggingface | ibm | inria |
    intel | meta | microsoft | mila | mistral | mit | moonshot | nvidia | openai | oxford | princeton | qualcomm | qwen |
    salesforce | samsung | sony | stanford | tencent | tsinghua | xai
""")
_INSTITUTIONAL = vocabulary("ai college corp group inc institute lab labs research team university")


@dataclass(frozen=True, slots=True)
class Name:
    """What stands behind "by" and the like: `text` as it was written, up to the word `end`."""

    operator: Operator
    text: str
    end: int

    @property
    def filter(self) -> str:
        """In the query language."""
        value = f'"{self.text}"' if self.operator and (" " in self.text or ":" in self.text) else self.text
        return f"{self.operator}:{value}" if self.operator in {"author", "org"} else f"{self.operator}{value}"


def name_at(message: Message, index: int) -> Name | None:
    """The name, with the words that lead to it, that begins at a word."""
    for operator, lead in _LEADS:
        if match := lead.match(message.line, message.offsets[index]):
            found = another(message, message.index_at(match.end()), operator)
            if found:
                return found
    return None


def another(message: Message, first: int, operator: Operator) -> Name | None:
    """The name that begins at a word, where it is one of the same kind as another."""
    keys = message.keys
    end = first
    while end < len(keys) and keys[end] not in _ENDS and (end == first or not message.pauses_before(end)):
        end += 1
    behind = end
    while end > first + 1 and keys[end - 1] in _PAPERS:
        end -= 1
    name = keys[first:end]
    known = _is_organisation(name)
    most = _MOST_WORDS_OF_KNOWN if known else _MOST_WORDS[operator]
    if not 0 < len(name) <= most or " ".join(name) in _NO_NAMES:
        return None
    kind: Operator = "org" if operator == "author" and known else operator
    return Name(kind, message.between(first, end).replace('"', ""), behind)


def _is_organisation(name: tuple[str, ...]) -> bool:
    return " ".join(name) in _ORGANISATIONS or bool(_INSTITUTIONAL.intersection(name))
