"""What is searched when somebody asks for papers: the topic, without the words that only ask. Pure."""

import re

from bot.chat.meanings import Search
from bot.chat.message import Message, vocabulary
from bot.chat.narrow import limits, narrowed_by
from bot.results import Sort

_POLITE = (
    r"(?:(?:please|ok|okay|now|so|well|and|then|also|hey|hi|hello|can|could|would|will|do|id|i|like|love|want|need|am|im|we|"
    r"you|me|us|help|lets|let|to|try|maybe|just|is|are|was|were|have|there|been|interested in|what about|how about|bitte|kannst|du|peux-tu|puedes) )*"
)
_VERB = (
    r"(?:(?:search(?:ing)?|find(?:ing)?|look(?:ing)?|show|list|give|get|fetch|recommend|suggest|point|send|direct|see|read|bring|pull|got|"
    r"have|know|share|name|mention|provide|identify|cite|discover|explore|hunt|any idea|finde|suche|such|zeige?|gibt|"
    r"cherche|trouve|montre|busca|buscar|encuentra|procura|procure|encontre|cerca|trova|hay|y a-t-il)"
    r"(?: (?:me|us|for|to|towards?|of|about|some|mir|nach|moi|out|up|es))* )"
)
_ANY = (
    r"(?:(?:any|some|a|an|the|good|great|nice|recent|new|newer|newest|latest|most recent|relevant|related|interesting|all|more|"
    r"other|few|couple of|lot of|best|top|most upvoted|most popular|most discussed|popular|current|important|key|seminal|existing|"
    r"prior|previous|research|scientific|academic|arxiv|different|similar|foundational|initial|examples? of|\d{1,2}|everything|"
    r"anything|something|stuff|of your|your|des|les|unos|os|as|de|ein|eine|einige|neue) )*"
)
_PAPERS = (
    r"(?:papers?|works?|articles?|research(?:es)?|literature|stud(?:y|ies)|publications?|preprints?|references?|arbeiten|artikel|studien|"
    r"forschung|articulos?|papiers?|artigos?|articoli|etudes?|trabalhos|estudios)(?: (?:papers?|works?|articles?|stud(?:y|ies)))?"
)
_ANYTHING = r"(?:anything|something|everything|stuff|material|things|more|info|information|the latest|whats new|results)"
_WHICH = r"(?:which|what|whats|any|welche|quels|que) "
_ABOUT = (
    r"(?:on|about|for|regarding|concerning|related to|relating to|relevant to|dealing with|that|which|where|who|using|around|"
    r"covering|discussing|exploring|describing|proposing|studying|in|uber|ueber|zu|zum|sur|sobre|su|acerca de)"
)
_LATEST = re.compile(r"(?:^|.* )(?:newest|latest|most recent|neueste)(?: |$)")
_UPVOTED = re.compile(r"(?:^|.* )(?:most (?:upvoted|popular)|popular)(?: |$)")
_DISCUSSED = re.compile(r"(?:^|.* )most discussed(?: |$)")

# "Papers on x", "do you have recent work that uses x"; and, asked for, papers that do anything at all.
_PAPERS_ABOUT = re.compile(
    rf"{_POLITE}(?:{_WHICH})?{_VERB}?{_ANY}{_PAPERS} (?:(?:out there|available|published) )?{_ABOUT} "
)
_PAPERS_ASKED_FOR = re.compile(
    rf"{_POLITE}(?:(?:{_WHICH}|{_VERB}){_ANY}{_PAPERS} |(?:is|are|was|were|have) there (?:been )?{_ANY}{_PAPERS} "
    rf"|(?:what|which) (?:are|is) {_ANY}{_PAPERS} (?=that|which|on|about|for|in)|ha(?:ve|s) {_ANY}{_PAPERS} )"
    r"(?!(?:is|are|was|were|do|does|should) (?:the|it|they|best|better|most|you recommend|i read|i start)\b)"
)
_ANYTHING_ABOUT = re.compile(
    rf"{_POLITE}(?:{_WHICH})?{_VERB}?{_ANY}{_ANYTHING}(?: (?:else|new|you have|there is|youve got|out there|that|papers?))*"
    r" (?:on|about|regarding|related to|to do with|around|dealing with|in|uber|sur|sobre) "
)
_TOPIC = re.compile(
    rf"{_POLITE}(?:search(?:ing)?(?: for)?|find(?:ing)?|look(?:ing)? (?:up|for)|read about|hunt for|(?:show|find|give|send|get|recommend|"
    rf"suggest) me|finde|suche|such|cherche|busca|buscar|procura|procure|cerca)(?: (?:for|me|nach))* {_ANY}"
)
_OF_WHOM = re.compile(
    rf"{_POLITE}(?:{_WHICH})?{_VERB}?{_ANY}(?:{_PAPERS}|everything)(?: (?:that|are|is|were|written|made|out))* "
    r"(?=(?:by|from|with|since|after|von) )"
)
_TREATING = re.compile(
    r"(?:(?:that|which|who|where|there|are|is|were|exist|do|you|have|has|got|been|available|out|published|written|about|on|for|"
    r"regarding|concerning|related|to|relating|relevant|dealing|deals?|with|around|cover(?:s|ing)?|us(?:e|es|ed|ing)|of|in|"
    r"(?:the )?(?:area|field|topic|subject) of|discuss(?:es|ed|ing)?|describ(?:es?|ed|ing)|propos(?:es?|ed|ing)|"
    r"stud(?:y|ies|ied|ying)|address(?:es|ed|ing)?|treats?|looks?(?:ing)?|at|explor(?:es?|ed|ing)|examin(?:es?|ed|ing)|"
    r"investigat(?:es?|ed|ing)|appl(?:y|ies|ied|ying)|mention(?:s|ed|ing)?|talk(?:s|ing)?|introduc(?:es?|ed|ing)|"
    r"present(?:s|ed|ing)?|uber|ueber|zu|zum|sur|la|le|les|el|los|sobre|acerca|de) )*"
)
_PAPERS_BEHIND = re.compile(r" (?:papers|articles|literature|publications|preprints)(?: please)?$")
_PLEASE_BEHIND = re.compile(r" (?:please|thanks|thank you|instead|bitte)$")
_LATELY = "after:30d"
_WHEN = r"(?: (?:today|lately|recently|now|right now|these days|this (?:week|month)|here|in the corpus))*"
_WHATS_NEW = re.compile(
    rf"(?:whats|what is|anything|show me whats|was gibts|quoi de|que hay de) (?:new|neues|neuf|nuevo){_WHEN}"
)
_TRENDING = re.compile(rf"(?:(?:whats|what is|anything|show me whats) )?(?:trending|hot)(?: papers)?{_WHEN}")
_NEW_PAPERS = re.compile(
    rf"(?:show me |show |list |any )?(?:the )?(?:new|newest|latest|recent) papers{_WHEN}"
)
_MAY_FILTER = vocabulary(
    "since after before until newer older from with more over in published seit bis last past"
)
_POSSESSIVE = re.compile(
    r"(?P<name>[^\W\d_][\w. -]{1,40})['’]s? (?:papers|work|works|publications|articles)\W*"
)
_MOST_FILTER_WORDS = 12
_NOT_TOPICS = frozenset(("it", "this", "that", "them", "me", "you", "these", "those", "us"))


def requested(message: Message, *, lenient: bool) -> Search | None:
    """The search that a message asks for in so many words; `lenient` also where it only says "find" and a topic."""
    line = message.line
    for pattern in (_PAPERS_ABOUT, _ANYTHING_ABOUT, _PAPERS_ASKED_FOR, *((_TOPIC,) if lenient else ())):
        if match := pattern.match(line):
            treating = _TREATING.match(line, match.end())
            topic = topic_of(_from(message, treating.end() if treating else match.end()), asked=True)
            if topic and topic.casefold() not in _NOT_TOPICS:
                return Search(topic, _sort(match[0]))
    return None


def news_in(message: Message, *, after: bool) -> Search | None:
    """The search for what is new or popular, whatever it is about."""
    if _TRENDING.fullmatch(message.line):
        return Search(_LATELY, "upvotes")
    new = _WHATS_NEW.fullmatch(message.line) or (not after and _NEW_PAPERS.fullmatch(message.line))
    return Search(_LATELY, "newest") if new else None


def papers_of(message: Message) -> Search | None:
    """The search for papers of somebody, of some time, with code: "papers by song han since 2024"."""
    if whose := _POSSESSIVE.fullmatch(message.text):
        return Search(f'author:"{whose["name"].strip()}"')
    match = _OF_WHOM.match(message.line)
    if not match or limits(message):
        return None
    found = narrowed_by(_from(message, match.end()), after=False, strict=True)
    return Search(found.query, found.sort or _sort(match[0])) if found else None


def topic_of(message: Message, *, asked: bool = False) -> str:
    """What a message is about, in the query language.

    "Since 2024" at its end is a filter; if papers are `asked` for, "with code" and "from nvidia" are too.
    """
    line = message.line
    if behind := _PLEASE_BEHIND.search(line):
        line = line[: behind.start()]
    filters = ""
    end = len(line.split())
    for index in range(max(1, end - _MOST_FILTER_WORDS), end):
        if message.keys[index] in _MAY_FILTER and (found := _filters(message, index, end, asked=asked)):
            filters, end = found, index
            break
    if behind := _PAPERS_BEHIND.search(" ".join(message.keys[:end])):
        end -= len(behind[0].split())
    topic = message.text if end == len(message.words) else message.text[: message.words[end - 1].end]
    topic = topic.strip(" ?." if topic.endswith("...") else " \t,:;?!.…？！。¿")
    return f"{topic} {filters}".strip()


def _filters(message: Message, index: int, end: int, *, asked: bool) -> str | None:
    """The filters that the words up to an end are, from a word on; `asked`: of any kind, else only of time and upvotes."""
    rest = Message(message.text[: message.words[end - 1].end], message.words[:end]).since(index)
    found = narrowed_by(rest, after=False, strict=True)
    if not found or found.sort or "author:" in found.query:
        return None
    kinds = {part.partition(":")[0] for part in found.query.split() if ":" in part}
    return found.query if asked or kinds <= {"after", "before", "min_upvotes"} else None


def _from(message: Message, offset: int) -> Message:
    return message.since(message.line.count(" ", 0, offset))


def _sort(asked: str) -> Sort | None:
    if _LATEST.match(asked):
        return "newest"
    if _UPVOTED.match(asked):
        return "upvotes"
    return "comments" if _DISCUSSED.match(asked) else None
