"""Does a message refer to the papers in hand: by a word for them, by their names, or by asking what a card tells? Pure."""

import re

_BACK = re.compile(
    r"\b(?:it|its|they|them|their|theirs|these|those|this|that|both|either|neither|which(?: one| of)?|the (?:paper|papers|method|"
    r"approach|authors?|first|second|other|former|latter))\b",
    re.IGNORECASE,
)
_FACTS = re.compile(
    r"\bwho (?:wrote|made|published|is behind|are behind|did)\b|\bauthors?\b|\bwhen (?:was|were|did)\b.*\b(?:published|publish|released|out|written|"
    r"appear|come out)\b|\bhow old\b|\b(?:publication date|link|links|url|pdf|upvotes?|github|repo(?:sitory)?)\b|"
    r"\b(?:is|are|does|do|where|any|have|has|get|see|find|show)\b[^.?!]{0,30}\b(?:code|implementation|open[- ]source\w*)\b",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\A\W*(?:(?:can you|could you|please|now|and|ok)\W+)*(?:compare|contrast|(?:what(?:'s| is) the )?differences? between|how does)\s+"
    r"(?P<one>.{2,80}?)\s+(?:compares? (?:to|with|against)|with|to|and|vs\.?|versus|against)\s+(?P<other>.{2,80}?)\W*\Z",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST = 300  # characters of a message that is read


def refers_back(text: str) -> bool:
    """Whether it speaks of something that was spoken of: "is it fast", "which one"."""
    return _BACK.search(text[:_LONGEST]) is not None


def asks_for_facts(text: str) -> bool:
    """Whether it asks what a paper's card tells, and its abstract seldom: authors, day, links, code."""
    return _FACTS.search(text[:_LONGEST]) is not None


def sides_of(text: str) -> tuple[str, ...]:
    """The two things that it asks to compare, as it names them; none if it does not."""
    match = _COMPARES.match(text) if len(text) <= _LONGEST else None
    return (match["one"], match["other"]) if match else ()
