"""A message as the rules read it: one line without Discord's markup, and its words in the form the rules know. Pure."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from bot.chat.spelling import meant
from corpus.paper import parse_arxiv_id

READ = 1_000  # characters of a message; what comes later is not read
_CUT = 4 * READ  # characters of it that are cleaned at all
_LONGEST_REPAIRED = 15  # letters of a word
_ID = "id="  # no other word has an equals sign

_INVISIBLE = re.compile(
    r"[\u00ad\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\u20e3]"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_FENCE = re.compile(r"```(?:[a-zA-Z0-9+-]{1,15}\n)?|`")
_QUOTE_MARK = re.compile(r"^[ \t]*>{1,3}[ \t]", re.MULTILINE)
_EMOJI = re.compile(r"<a?:\w{1,40}:\d{1,25}>")
_MENTIONS_BEFORE = re.compile(r"(?:\s|<@[!&]?\d{1,25}>)+")
_MENTION_BEHIND = re.compile(r"\s*<@[!&]?\d{1,25}>\s*\Z")
_COMBINING = re.compile(r"[\u0300-\u036f]")
_STRETCHED = re.compile(r"([a-z])\1{2,}")

_PLACE = r"""[^\s<>()\[\]"|]+"""
_TOKEN = re.compile(
    rf"""(?P<link> https?://{_PLACE}
            | (?:www\.|export\.)?(?:arxiv\.org|huggingface\.co|hf\.co|alphaxiv\.org)/{_PLACE} )
        | (?P<old> (?<![\w/.]) [a-z][a-z-]{{1,9}}(?:\.[A-Z]{{2}})?/\d{{7}}(?:v\d{{1,3}})?\b )
        | (?P<sign> (?<!\S) [<>]=? (?=[\s\d]) )
        | (?P<word> [^\W_]+ (?: [.'’+-]* [^\W_]+ )* \+{{0,2}} )""",
    re.IGNORECASE | re.VERBOSE,
)
_DOI = re.compile(r"\A(?:https?://(?:dx\.)?doi\.org/)?(?:10\.48550/)?arxiv\.(?=\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """`key` is how the rules know it: folded, repaired, an arXiv id marked as one. It stands at `start` to `end`."""

    key: str
    start: int
    end: int


@dataclass(frozen=True)
class Message:
    """One line, and its words."""

    text: str
    words: tuple[Word, ...]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Its words in the form the rules know."""
        return tuple(word.key for word in self.words)

    @cached_property
    def line(self) -> str:
        """The same with single blanks between them."""
        return " ".join(self.keys)

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """Where each word begins in the line."""
        lengths = (len(key) + 1 for key in self.keys[:-1])
        return tuple(accumulate(lengths, initial=0)) if self.keys else ()

    def index_at(self, offset: int) -> int:
        """The word that begins at a place of the line or next behind it."""
        return bisect_left(self.offsets, offset)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The arXiv ids in it, once each."""
        return tuple(dict.fromkeys(found for key in self.keys if (found := id_in(key))))

    @property
    def asks(self) -> bool:
        """Whether it ends as a question, or Spanish begins one."""
        return self.text.rstrip(" )\"'*_!.😀🙂🤔").endswith(("?", "？", "؟", "⁉")) or "¿" in self.text

    def since(self, index: int) -> "Message":
        """The message from one of its words on."""
        if index >= len(self.words):
            return Message("", ())
        start = self.words[index].start
        # A quotation mark, an exclusion's hyphen or a bracket belongs to the word behind it.
        while start > 0 and self.text[start - 1] in "\"'“„«(¿-[":
            start -= 1
        kept = self.words[index:]
        return Message(self.text[start:], tuple(Word(w.key, w.start - start, w.end - start) for w in kept))

    def between(self, first: int, end: int) -> str:
        """The words from one on, up to but not including another, as they were written."""
        return self.text[self.words[first].start : self.words[end - 1].end] if first < end else ""

    def gap_before(self, index: int) -> str:
        """What stands between a word and the one before it; nothing at the ends."""
        inside = 0 < index < len(self.words)
        return self.text[self.words[index - 1].end : self.words[index].start] if inside else ""

    def pauses_before(self, index: int) -> bool:
        """Whether something stronger than a blank stands before a word."""
        gap = self.gap_before(index)
        return any(mark in gap for mark in ",.;:!?\n—–！，。") or " - " in gap


def read(text: str) -> Message:
    """The message in what a person typed; takes time in proportion to its first few thousand characters."""
    cleaned = _INVISIBLE.sub("", text[:_CUT])
    cleaned = _FENCE.sub(" ", _EMOJI.sub(" ", _QUOTE_MARK.sub("", cleaned)))
    cleaned = " ".join(_CONTROL.sub(" ", cleaned)[:_CUT].split())
    if before := _MENTIONS_BEFORE.match(cleaned):
        cleaned = cleaned[before.end() :]
    while behind := _MENTION_BEHIND.search(cleaned[-40:]):
        cleaned = cleaned[: len(cleaned[:-40]) + behind.start()]
    line = cleaned[:READ].strip()
    return Message(line, tuple(_words(line)))


def folded(word: str) -> str:
    """A word in small letters without accents, apostrophes and letters held down."""
    small = unicodedata.normalize("NFKD", word).casefold()
    plain = unicodedata.normalize("NFC", _COMBINING.sub("", small).replace("'", "").replace("’", ""))
    return _STRETCHED.sub(r"\1", plain)


def id_in(key: str) -> str | None:
    """The arXiv id that a word is, if it is one."""
    return key.removeprefix(_ID) if key.startswith(_ID) else None


def in_threes(keys: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """Each word with the one before and the one behind it; empty at the ends."""
    return zip(("", *keys), keys, (*keys[1:], ""), strict=False)


def vocabulary(words: str) -> frozenset[str]:
    """Words between blanks, folded as a message is, to look words up in."""
    return frozenset(map(folded, words.split()))


def phrases(texts: str) -> frozenset[str]:
    """Phrases between upright lines, folded as a message is, to look lines up in."""
    return frozenset(" ".join(map(folded, phrase.split())) for phrase in texts.split("|"))


def _words(line: str) -> Iterator[Word]:
    for match in _TOKEN.finditer(line):
        typed = match[0].rstrip(".,;:!?'’*_`~|") if match["link"] else match[0]
        yield Word(_key(typed), match.start(), match.start() + len(typed))


def _key(typed: str) -> str:
    if any(character.isdigit() for character in typed):
        found = parse_arxiv_id(_DOI.sub("", typed))
        if found:
            return _ID + found
    if "://" in typed:
        return "link"
    key = folded(typed)
    return meant(key) if len(key) <= _LONGEST_REPAIRED else key
