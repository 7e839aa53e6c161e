"""What is searched when somebody asks for papers: the topic, without the words that only ask. Pure."""

import re
from dataclasses import replace

from bot.chat.meanings import Search
from bot.chat.message import Message
from bot.chat.narrow import narrowed_by
from bot.chat.periods import period_at
from bot.results import Sort

_POLITE = (
    r"(?:(?:please|ok|okay|now|so|well|and|then|also|hey|hi|hello|can you|could you|would you|will you|can u|id like|id love|"
    r"i would like|i want|i need|i am|im|we are|were|we need|help me|help us|lets|let us|to|try to|try|maybe|just|do a|"
    r"i d|you|me|is there|are there|were there|have there been|bitte|kannst du|peux-tu|puedes) )*"
)
_VERB = (
    r"(?:search(?:ing)?(?: for)?|find(?:ing)?|look(?:ing)?(?: up| for)?|show|list|give|get|fetch|recommend|suggest|point|"
    r"send|see|read|bring up|pull up|got|have|have got|know|know of|do you have|do you know(?: of| about)?|have you got|"
    r"have you|did you see|share|name|discover|explore|hunt for|any idea about|finde|suche|such|zeige?|gibt es|"
    r"cherche|trouve|montre|busca|buscar|encuentra|procura|procure|encontre|cerca|trova|hay|ha|y a-t-il)"
    r"(?: (?:me|us|for|to|of|some|mir|nach|moi|out))*"
)
_ANY = (
    r"(?:(?:any|some|a|an|the|good|great|nice|recent|new|newer|newest|latest|most recent|relevant|related|interesting|all|more|other|"
    r"few|couple of|lot of|best|top|most upvoted|most popular|most discussed|popular|current|important|key|seminal|existing|"
    r"prior|previous|research|scientific|academic|arxiv|different|similar|\d{1,2}|everything|anything|something|stuff|of your|your|"
    r"des|les|unos|os|as|de|ein|eine|einige|neue|artikel) )*"
)
_PAPERS = (
    r"(?:papers?|works?|articles?|research|literature|stud(?:y|ies)|publications?|preprints?|manuscripts?|arbeiten|artikel|"
    r"studien|forschung|articulos?|papiers?|artigos?|articoli|etudes?|trabalhos|estudios)(?: papers?| works?| articles?)?"
)
_ANYTHING = r"(?:anything|something|everything|stuff|material|things|more|info|information|the latest|whats new|results)"
_TREATING = (
    r"(?:(?:that|which|who|where|there|are|is|were|exist|do you have|have you got|have been|available|out there|published|written|"
    r"they|people|i should read|you have|you know) )*"
    r"(?:on|about|for|regarding|concerning|related to|relating to|relevant to|dealing with|deal with|deals with|around|covering|"
    r"cover|covers|covers|using|uses?|with|in the area of|in the field of|in|into|to do with|of|discuss(?:es|ing)?|"
    r"describ(?:es?|ing)|propos(?:es?|ing)|study|studies|studying|address(?:es|ing)?|treat|look(?:ing)? at|explor(?:es?|ing)|"
    r"investigat(?:es?|ing)|appl(?:y|ies|ying)|mention(?:s|ing)?|talk(?:s|ing)? about|say(?:s|ing)? about|introduc(?:es?|ing)|"
    r"improv(?:es?|ing)|evaluat(?:es?|ing)|where|that|which|how|uber|ueber|zu|zum|sur|sobre|su|acerca de|von)"
)
_ASKING = r"(?:(?:which|what|whats|are there|is there|do you have|do you know|welche|quels|que|gibt es) )?"
_LATEST = re.compile(r"(?:^|.* )(?:newest|latest|most recent|neueste)(?: |$)")
_UPVOTED = re.compile(r"(?:^|.* )(?:most (?:upvoted|popular)|popular)(?: |$)")
_DISCUSSED = re.compile(r"(?:^|.* )most discussed(?: |$)")

_FOR_PAPERS = re.compile(rf"{_POLITE}{_ASKING}(?:{_VERB} )?{_ANY}{_PAPERS} {_TREATING} ")
_FOR_ANYTHING = re.compile(
    rf"{_POLITE}{_ASKING}(?:{_VERB} )?{_ANY}{_ANYTHING}(?: (?:else|new|you have|there is|youve got|out there|that))*"
    r" (?:on|about|regarding|related to|to do with|around|dealing with|in|uber|sur|sobre) "
)
_FOR_TOPIC = re.compile(
    rf"{_POLITE}(?:search(?:ing)?(?: for)?|find(?:ing)?|look(?:ing)? (?:up|for)|hunt for|show me|find me|give me|send me|get me|"
    rf"recommend me|suggest me|get|finde|suche|such|cherche|busca|buscar|procura|procure|cerca)(?: (?:for|me|nach))* {_ANY}"
)
_OF_WHOM = re.compile(rf"{_POLITE}{_ASKING}(?:{_VERB} )?{_ANY}(?:{_PAPERS}|{_ANYTHING}|ones)(?: (?:that|are|is|were|written|made|out))* (?=(?:by|from|with|since|after|in|von) )")
_PAPERS_BEHIND = re.compile(r" (?:papers|articles|literature|publications|preprints)(?: please)?$")
_PLEASE_BEHIND = re.compile(r" (?:please|thanks|thank you|instead|bitte)$")
_NOT_TOPICS = frozenset(("it", "this", "that", "them", "me", "you"))


def requested(message: Message, *, lenient: bool) -> Search | None:
    """The search that a message asks for in so many words; `lenient` also where it only says "find" and a topic."""
    line = message.line
    if (match := _OF_WHOM.match(line)) and (found := narrowed_by(_from(message, match.end()), lax=False, loose=False)):
        return Search(found.query, found.sort or _sort(match[0]))
    patterns = (_FOR_PAPERS, _FOR_ANYTHING, _FOR_TOPIC) if lenient else (_FOR_PAPERS, _FOR_ANYTHING)
    for pattern in patterns:
        if match := pattern.match(line):
            topic = topic_of(_from(message, match.end()))
            if topic and topic.casefold() not in _NOT_TOPICS:
                return Search(topic, _sort(match[0]))
    return None


def topic_of(message: Message) -> str:
    """What a message is about, in the query language: its last "since 2024" is a filter."""
    line = message.line
    if behind := _PLEASE_BEHIND.search(line):
        line = line[: behind.start()]
    filters = ""
    for match in re.finditer(r" (?=(?:since|after|before|until|newer|older|from|seit|in the|over the|published) )", line):
        period = period_at(line, match.end())
        if period and period[1] == len(line):
            filters, line = period[0], line[: match.start()]
            break
    if behind := _PAPERS_BEHIND.search(line):
        line = line[: behind.start()]
    count = len(line.split())
    if count == 0:
        return filters
    if count == len(message.words):
        topic = message.text
    else:
        topic = message.text[: message.words[count - 1].end]
    topic = topic.strip(" \t,:;?!.…？！。¿") if not topic.endswith("...") else topic.strip(" ?.")
    return f"{topic} {filters}".strip()


def _from(message: Message, offset: int) -> Message:
    return message.since(message.line.count(" ", 0, offset))


def _sort(asked: str) -> Sort | None:
    if _LATEST.match(asked):
        return "newest"
    if _UPVOTED.match(asked):
        return "upvotes"
    return "comments" if _DISCUSSED.match(asked) else None
