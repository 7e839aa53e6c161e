"""Is a message only a condition on the last results, or an order of them? Pure.

Every word must belong to a condition or lead to one: "only with code", "the ones by song han since 2024", "newest first".
"""

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date

from bot.chat.meanings import Narrow
from bot.chat.message import Message, folded, phrases
from bot.chat.periods import period_at
from bot.results import Sort
from retrieval.query_operators import OPERATORS, filters_of

_MOST_NAME_WORDS = 4
_MOST_UNKNOWN_WORDS = 2  # "from pixels to actions" is a topic
_MOST_FREE_WORDS = 4


def _words(texts: str) -> frozenset[str]:
    return frozenset(map(folded, texts.split()))


_GLUE = _words("""
    a also am an and any anything are available be but can could do does filter for from get give got had has have having i id
    if in is it just keep leave let like limit list me narrow need now of ok okay once one ones only or papers paper
    please published restrict results result same sind so some something that the them then there these those to want we
    were which who whose will with work works would you show see down but
    aber auch bitte die das der den nur und von mit zeig zeige mir welche
    avec de des et les le la montre moi que seulement uniquement
    con de las los que solo solamente muestra y com os as so apenas mostre e
""")
_LIMITING = _words("only just nur solo seulement uniquement apenas soltanto")
_ASKING = _words("are can could did do does has have is was were what which who why how any")
_THE_ONES = frozenset(("ones", "those", "these", "them"))
_CODE = re.compile(
    r"(?:(?:with|has|have|having|includ(?:e|es|ing)|link(?:s|ing)? to|mit|avec|con|com|w) )?"
    r"(?:(?:available|public|released|open source|open-source|open|source|github|their|the|a|any|some|official) )*"
    r"(?:code|codes|codigo|codice|github|repo|repos|repository|implementation|implementations|open-source|opensource)"
    r"(?: (?:is|are))?(?: (?:available|released|public|on github|attached|linked|repo|repository|link|links))*(?= |$)"
)
_LEAST = re.compile(
    r"(?:(?:with|having|has|have|mit) )?(?:a )?(?P<strict>more than|over|above|mehr als)?"
    r"(?:at least|min|minimum|minimum of|mindestens)? ?(?P<count>\d{1,6})(?P<plus>\+| plus| or more)? "
    r"(?:upvotes?|votes?|likes?)(?= |$)"
)
_VOTES_OVER = re.compile(
    r"(?:upvotes?|votes?|likes?) (?P<strict>more than|over|above)?(?:at least|min)? ?(?P<count>\d{1,6})(?= |$)"
)
_SORTS: tuple[tuple[Sort, re.Pattern[str]], ...] = tuple(
    (sort, re.compile(rf"(?:{pattern})(?: first| ones?| papers?| zuerst| results)*(?= |$)"))
    for sort, pattern in (
        (
            "newest",
            r"(?:(?:sort|sorted|order|ordered|rank|ranked)(?: them| it| these)? )?(?:by )?(?:the )?"
            r"(?:newest|latest|most recent|more recent|newer|fresher|freshest|neueste|neuere|neuer|neusten"
            r"|plus recents?|mas recientes?|mais recentes?|recency|(?<=by )(?:date|time|year|age))|recent|(?:sort|sorted) new"
            r"|sortiert nach datum|nach datum",
        ),
        (
            "upvotes",
            r"(?:(?:sort|sorted|order|ordered|rank|ranked)(?: them| it| these)? )?(?:by )?(?:the )?"
            r"(?:(?:most|more) (?:upvoted|upvotes|popular|liked|voted|votes|likes)|(?:top|best|highest)[ -](?:rated|voted|upvoted)"
            r"|popular|popularity|(?<=by )(?:number of |most )?(?:upvotes?|votes?|likes?))|beliebteste",
        ),
        (
            "comments",
            r"(?:(?:sort|sorted|order|ordered|rank|ranked)(?: them| it| these)? )?(?:by )?(?:the )?"
            r"(?:most (?:discussed|commented|comments)|(?<=by )(?:number of |most )?(?:comments?|discussions?))",
        ),
        (
            "relevance",
            r"(?:sort|sorted|order|ordered|rank|ranked)(?: them| it| these)? by (?:the )?(?:relevance|best match|relevancy)"
            r"|by relevance|most relevant",
        ),
    )
)
_CATEGORY = re.compile(
    r"(?:(?:in|cat|category|from|of) )?(?P<value>(?:cs|stat|math|eess|physics|q-bio|q-fin|econ|cond-mat|astro-ph|nlin)"
    r"\.[a-z-]{2,10}|(?<=cat )[a-z-]{2,8}|(?<=category )[a-z-]{2,8})(?= |$)"
)
_BY = re.compile(
    r"(?:(?:written|authored|made|published|released|done) )?(?:by|author|authors|von|auteur|autor)(?: author)? "
)
_FROM = re.compile(
    r"(?:(?:made|published|released) )?(?:from|aus|org|organisation|organization|by)(?: the)? "
)
_NOT = re.compile(
    r"(?:without|no|not|exclude|excluding|except|minus|but not|but no|ohne|sans|sin|sem|senza|nothing"
    r"|leave out|keine?|(?:remove|drop|skip|hide)(?= (?:\w+ ){0,2}\w+$))(?: (?:about|on|for|by|any|the|from|mentioning|over|uber))* "
)
_ABOUT = re.compile(r"(?:about|on|regarding|concerning|using|uber|sur|sobre|that use|mentioning) ")
_STOPS = _words("""
    and but from since with without after before newer older sorted sort in until only please by first that which
    und seit mit ohne nur bitte on about at least over more no not who
""")
_NO_NAME = phrases("""
        it
        them
        far
        the way
        me
        you
        default
        itself
        hand
        now
        scratch
        then
        here
        idea
        way
        problem
        thanks
        more
        there
        all
        doubt
        date
""")
ORGANISATIONS = phrases("""
        adobe
        ai2
        alibaba
        allen ai
        amazon
        anthropic
        apple
        baidu
        berkeley
        bytedance
        cmu
        cohere
        deepmind
        deepseek
        epfl
        eth
        eth zurich
        facebook
        google
        google deepmind
        google research
        harvard
        huawei
        hugging face
        huggingface
        ibm
        inria
        intel
        meta
        meta ai
        microsoft
        microsoft research
        mila
        mistral
        mit
        moonshot
        nvidia
        openai
        oxford
        princeton
        qualcomm
        qwen
        salesforce
        samsung
        sony
        stanford
        tencent
        tsinghua
        xai
""")
_INSTITUTIONAL = frozenset(
    ("ai", "college", "corp", "group", "inc", "institute", "lab", "labs", "research", "team", "university")
)


def narrowed_by(message: Message, *, lax: bool, loose: bool = True) -> Narrow | None:
    """The condition or order that a message is as a whole, if it is one.

    `lax`: something was found before, so that "no surveys" and "only vision" are conditions too. Without `loose`, names are
    read only behind "by" and "from", and nothing is a condition by its place.
    """
    reader = _Reader(message, lax=lax, loose=loose)
    return reader.read()


@dataclass
class _Reader:
    """Goes through the words once, from left to right."""

    message: Message
    lax: bool
    loose: bool
    filters: list[str] = field(default_factory=list[str])
    sort: Sort | None = None
    limiting: bool = False
    last: str | None = None  # the operator of the last name, which "and" may go on with

    def read(self) -> Narrow | None:
        keys = self.message.keys
        if not keys or (len(keys) == 1 and not self._is_order()) or keys in _NOT_CONDITIONS:
            return None
        index = 0
        while index < len(keys):
            index_behind = self._condition(index) or self._another_name(index)
            if index_behind is None and keys[index] in _GLUE | _LIMITING:
                self.limiting |= keys[index] in _LIMITING | _THE_ONES
                index_behind = index + 1
            if index_behind is None:
                index_behind = self._free_words(index)
            if index_behind is None:
                return None
            index = index_behind
        if not self.filters and self.sort is None:
            return None
        return Narrow(" ".join(dict.fromkeys(self.filters)), self.sort)

    def _is_order(self) -> bool:
        """One word alone is a condition only if it is an order, a category or an operator; "code" may be a topic."""
        key = self.message.keys[0]
        return any(pattern.fullmatch(key) for _, pattern in _SORTS) or bool(_CATEGORY.fullmatch(key))

    def _condition(self, index: int) -> int | None:
        """Where the condition that begins here ends, taken in; None if none does."""
        line, start = self.message.line, self._offset(index)
        if period := period_at(line, start):
            return self._take(*period)
        for sort, pattern in _SORTS:
            if match := pattern.match(line, start):
                self.sort = sort
                return self._index(match.end())
        if match := _LEAST.match(line, start) or _VOTES_OVER.match(line, start):
            count = int(match["count"]) + bool(match["strict"])
            return self._take(f"min_upvotes:{count}", match.end())
        if match := _CODE.match(line, start):
            return self._take("has:code", match.end())
        if match := _CATEGORY.match(line, start):
            return self._category(match)
        return (
            self._name(index, start)
            if self.loose or index == 0 or self.message.keys[index] in {"by", "from"}
            else None
        )

    def _category(self, match: re.Match[str]) -> int | None:
        found = filters_of("cat", match["value"], date.min)
        return self._take("cat:" + ",".join(found.categories), match.end()) if found else None

    def _name(self, index: int, start: int) -> int | None:
        line = self.message.line
        for operator, pattern in (("author", _BY), ("org", _FROM), ("-", _NOT), ("", _ABOUT)):
            match = pattern.match(line, start)
            if not match or (operator in {"-", ""} and not (self.lax and self.loose)):
                continue
            if operator == "" and not self.limiting:
                continue
            first = self._index(match.end())
            end = self._name_end(first)
            name = self.message.keys[first:end]
            if end == first or " ".join(name) in _NO_NAME:
                continue
            if operator == "org" and len(name) > _MOST_UNKNOWN_WORDS and not is_organisation(name):
                continue
            return self._take_name(operator, first, end)
        return None

    def _name_end(self, first: int) -> int:
        keys = self.message.keys
        end = first
        while end < len(keys) and end - first < _MOST_NAME_WORDS and keys[end] not in _STOPS:
            if end > first and self.message.pauses_before(end):
                break
            end += 1
        return end

    def _take_name(self, operator: str, first: int, end: int) -> int:
        if operator == "author" and is_organisation(self.message.keys[first:end]):
            operator = "org"
        name = self.message.between(first, end).replace('"', "")
        quoted = f'"{name}"' if " " in name or ":" in name else name
        self.last = operator
        if operator == "":
            self.filters.append(name)
        else:
            self.filters.append(operator + quoted if operator == "-" else f"{operator}:{quoted}")
        return end

    def _another_name(self, index: int) -> int | None:
        """Where "and benchmarks" ends, behind "no surveys"."""
        keys = self.message.keys
        if not self.last or keys[index] not in {"and", "or", "nor", "und", "oder"} or index + 1 >= len(keys):
            return None
        if keys[index + 1] in _GLUE or self._starts_condition(index + 1):
            return None
        end = self._name_end(index + 1)
        return self._take_name(self.last, index + 1, end) if end > index + 1 else None

    def _starts_condition(self, index: int) -> bool:
        before = list(self.filters), self.sort, self.last
        starts = self._condition(index) is not None
        self.filters, self.sort, self.last = before
        return starts

    def _free_words(self, index: int) -> int | None:
        """What "only" and "just the ones" limit to, in words that are searched."""
        rest = len(self.message.keys) - index
        asks = self.message.keys[0] in _ASKING
        if not (self.lax and self.loose and self.limiting) or rest > _MOST_FREE_WORDS or self.filters or asks:
            return None
        self.filters.append(self.message.between(index, index + rest))
        return index + rest

    def _take(self, filters: str, end: int) -> int:
        self.filters.append(filters)
        return self._index(end)

    def _offset(self, index: int) -> int:
        return self._offsets[index]

    def _index(self, offset: int) -> int:
        return bisect_left(self._offsets, offset)

    def __post_init__(self) -> None:
        self._offsets: list[int] = []
        offset = 0
        for key in self.message.keys:
            self._offsets.append(offset)
            offset += len(key) + 1


def is_organisation(keys: tuple[str, ...]) -> bool:
    """Whether a name is one of an organisation rather than of a person."""
    return " ".join(keys) in ORGANISATIONS or bool(_INSTITUTIONAL.intersection(keys))


def limits(message: Message) -> bool:
    """Whether it says that what was found is too much: "only", "just"."""
    return bool(_LIMITING.intersection(message.keys))


def has_operators(message: Message) -> bool:
    """Whether the query language's operators are used."""
    return _OPERATOR.search(message.text) is not None


def only_operators(message: Message) -> bool:
    """Whether there is nothing else than operators with their values."""
    return not _OPERATOR.sub("", message.text).strip()


_OPERATOR = re.compile(rf'(?<!\S)(?:{"|".join(OPERATORS)}):(?:"[^"]*"|[^\s"]+)', re.IGNORECASE)
_NOT_CONDITIONS = frozenset(
    tuple(line.split())
    for line in phrases("""
        just kidding
        just curious
        just looking
        just asking
        just testing
        just a test
        is it code
        is code available
        is the code available
        is there code
        is there any code
        does it have code
    """)
)
