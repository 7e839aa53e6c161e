"""What a person typed into a search: the words to find by meaning, and the filters. Pure.

    title:  author:  org:  cat:  id:  after:  before:  has:code  min_upvotes:  "a phrase"  -without

Nothing is an error: what is not understood is searched as words, and a note says so.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from retrieval.query_dates import several_words
from retrieval.query_filters import Filters, both, describe, in_words
from retrieval.query_operators import OPERATORS, filters_of, meant

__all__ = ["Filters", "Query", "describe", "narrowed", "parse"]

MOST_NOTES = 5
LONGEST_NOTE = 200  # characters
_MOST_QUOTED = 40  # characters of a person's text in a note
_MOST_USES = 20  # of one operator, of phrases, of exclusions: a database has to read them all
_STRAIGHT_QUOTES = str.maketrans(dict.fromkeys("“”„‟＂", '"'))
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_PUNCTUATION = ",;.!?"  # behind an excluded word

# Blanks are single ones here. A quotation mark opens only where a word could begin: 12" is a size.
_TOKEN = re.compile(
    r"""[ ]?
        (?P<minus> (?<!\S) - (?= [^\W\d_] | " ) )?
        (?: (?P<operator> [a-zA-Z][a-zA-Z_-]{0,19} ) : (?P<blank> [ ]? ) )?
        (?: "(?P<quoted> [^"]* )" | (?P<bare> [^ ]+ ) )?""",
    re.VERBOSE,
)
_NAMED = re.compile(r"([a-zA-Z][a-zA-Z_-]{0,19}):")
_EXCLUSION = re.compile(r'-(?=[^\W\d_]|")')
_MARKS = re.compile(r'"+|-(?=[^\W\d_]|")')


@dataclass(frozen=True, slots=True)
class Query:
    """A search as it was understood."""

    text: str
    """As typed, without blanks around it; control characters and halves of characters are blanks."""
    words: str
    """What is searched by meaning: plain words and the words of phrases. Empty if there are only filters."""
    filters: Filters
    notes: tuple[str, ...] = ()
    """For the reader: what was not understood, in plain words, at most `MOST_NOTES` of `LONGEST_NOTE`."""


def parse(text: str, *, today: date) -> Query:
    """The query in what a person typed; never raises, and takes time in proportion to the text."""
    reader = _Reader(_in_one_line(text), today)
    reader.read()
    typed = _UNPRINTABLE.sub(" ", text).strip()
    query = Query(typed, " ".join(reader.words), reader.filters, tuple(reader.notes))
    return _checked(query)


def narrowed(
    query: Query,
    *,
    since: str | None,
    until: str | None,
    author: str | None,
    org: str | None,
    topic: str | None,
    has_code: bool | None,
    min_upvotes: int | None,
    today: date,
) -> Query:
    """The query with a command's options added to its filters; an option that is not understood gives a note."""
    options = {
        "since": ("after", since),
        "until": ("before", until),
        "author": ("author", author),
        "org": ("org", org),
        "topic": ("cat", topic),
        "has_code": ("has", "code" if has_code else None),
        "min_upvotes": ("min_upvotes", None if min_upvotes is None else str(min_upvotes)),
    }
    filters, notes = query.filters, list(query.notes)
    for option, (operator, typed) in options.items():
        value = _in_one_line(typed or "").replace('"', "").strip()
        if not value:
            continue
        found = filters_of(operator, value, today)
        if found:
            filters = both(filters, found)
        else:
            notes.insert(0, _misunderstood(option, operator, value))
    return _checked(replace(query, filters=filters, notes=tuple(notes)))


class _Reader:
    """Goes through a text once, from left to right, and gathers what it says."""

    def __init__(self, text: str, today: date) -> None:
        self._text = text
        self._today = today
        self._uses: Counter[str] = Counter()
        self.words: list[str] = []
        self.filters = Filters()
        self.notes: list[str] = []

    def read(self) -> None:
        position = 0
        while position < len(self._text):
            # Something always matches: a blank or a word at least, or an operator and its colon.
            match = _TOKEN.match(self._text, position)
            position = self._take(match) if match else len(self._text)

    def _take(self, match: re.Match[str]) -> int:
        """Understand one token; where the next one begins."""
        name = match["operator"] or ""
        known = name.lower() in OPERATORS
        slip_of = meant(name.lower())
        if (match["bare"] or "").startswith('"'):
            self.notes.append("A quotation mark is not closed; what follows it was read word by word.")
        if match["minus"] and (known or slip_of):
            self.notes.append(
                f"-{name}: was left aside; only words and phrases can be excluded, such as -survey."
            )
            return _value(match)[1]
        if known:
            return self._take_operator(match, name.lower())
        if slip_of:
            self.notes.append(f"{name}: is no operator; did you mean {slip_of}:?")
            value, end = _value(match)
            self.words += _plain_words(f"{name} {value}")
            return end
        if name:
            return self._take_word_with_colon(match)
        self._take_words(match)
        return match.end()

    def _take_operator(self, match: re.Match[str], name: str) -> int:
        value, end = _value(match)
        if not value:
            self.notes.append(f"{name}: lacks its value; it takes {OPERATORS[name].takes}.")
        elif self._may_use(f"{name}:"):
            if OPERATORS[name].is_date and match["bare"]:
                value, end = self._several_words(match.start("bare")) or (value, end)
            found = filters_of(name, value, self._today)
            if found:
                self.filters = both(self.filters, found)
                return end
            self.notes.append(_misunderstood(name, name, value))
        self.words += _plain_words(value)
        return end

    def _several_words(self, start: int) -> tuple[str, int] | None:
        """A date without quotation marks, such as `after:May 2024`, and where it ends."""
        value = several_words(self._text, start, self._today)
        end = start + len(value)
        return (value, end + self._text.startswith((",", ";"), end)) if value else None

    def _take_word_with_colon(self, match: re.Match[str]) -> int:
        """`LLM:`, a ratio such as `a:b`, an address: a word up to the next blank, whatever is in it."""
        start = match.start("operator")
        end = self._text.find(" ", start)
        word = self._text[start : end if end >= 0 else None]
        if match["minus"]:
            self._exclude(word.rstrip(_PUNCTUATION + ":"))
        else:
            self.words.append(word)
        return start + len(word)

    def _take_words(self, match: re.Match[str]) -> None:
        phrase = match["quoted"]
        if match["minus"]:
            self._exclude(match["bare"].rstrip(_PUNCTUATION) if phrase is None else phrase)
        elif phrase is None:
            self.words += _plain_words(match["bare"] or "")
        else:
            self.words += _plain_words(phrase)
            if _says_something(phrase) and self._may_use("phrases"):
                self.filters = both(self.filters, Filters(phrases=(phrase.strip(),)))

    def _exclude(self, typed: str) -> None:
        value = typed.strip('" ')
        if _says_something(value) and self._may_use("exclusions"):
            self.filters = both(self.filters, Filters(without=(value,)))

    def _may_use(self, what: str) -> bool:
        self._uses[what] += 1
        if self._uses[what] <= _MOST_USES:
            return True
        self.notes.append(f"Only the first {_MOST_USES} {what} were heeded.")
        return False


def _value(match: re.Match[str]) -> tuple[str, int]:
    """The value behind an operator's colon, and where it ends; empty if something else comes behind the blank."""
    if match["quoted"] is not None:
        return match["quoted"].strip(), match.end()
    bare = match["bare"] or ""
    named = _NAMED.match(bare)
    if match["blank"] and (_EXCLUSION.match(bare) or (named and named[1].lower() in OPERATORS)):
        return "", match.start("bare")
    return bare.lstrip('"').rstrip(",;"), match.end()


def _plain_words(text: str) -> Iterator[str]:
    """The words of a text without what would be read as an operator if they were typed as they are."""
    for word in text.split():
        position = 0
        while position < len(word):
            if marks := _MARKS.match(word, position):
                position = marks.end()
            elif (named := _NAMED.match(word, position)) and _is_operator(named[1].lower()):
                yield named[1]
                position = named.end()
            else:
                yield word[position:]
                break


def _is_operator(name: str) -> bool:
    return name in OPERATORS or meant(name) is not None


def _says_something(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _in_one_line(text: str) -> str:
    """The text with straight quotation marks, single blanks, and no control characters."""
    return " ".join(_UNPRINTABLE.sub(" ", text.translate(_STRAIGHT_QUOTES)).split())


def _misunderstood(name: str, operator: str, value: str) -> str:
    quoted = value if len(value) <= _MOST_QUOTED else value[: _MOST_QUOTED - 1] + "…"
    return f"{name}:{quoted} is not understood; {name}: takes {OPERATORS[operator].takes}."


def _checked(query: Query) -> Query:
    """The query with a note if its dates exclude each other, and no more notes than a reader wants."""
    notes = list(query.notes)
    if query.filters.after and query.filters.before and query.filters.after > query.filters.before:
        after, before = in_words(query.filters.after), in_words(query.filters.before)
        notes.insert(0, f"Nothing is found: no day is both since {after} and until {before}.")
    return replace(query, notes=tuple(dict.fromkeys(notes))[:MOST_NOTES])
