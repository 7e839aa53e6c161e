"""What is a question about? Its topic, without the words that only ask for papers. Pure.

"Could you list some papers that use diffusion models for graphs?" asks for *diffusion models for graphs*. Only the leading
run of such words goes, and only where the question begins as a request: in the middle of a topic "work" or "show" may
be its substance, and a claim or a few keywords stay whole.
"""

import re

_REQUEST = re.compile(
    r"\W*(?:(?:hi|hello|hey|please|pls)\W+)*"
    r"(?:is|are|was|were|do|does|did|has|have|can|could|would|will|may|tell|give|show|list|name|provide|mention|suggest|"
    r"recommend|point|find|share|identify|cite|search|look(?:ing)?|i|i['’]m|we|what|which|who|whose|where|when|how|any|"
    r"some|in (?:what|which)|papers?|works?|research|stud(?:y|ies)|articles?|methods? (?:for|to|that))\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w[\w'’.+-]*")
_FUNCTION_WORDS = """
    a about also an and any are as at be been being between both by can could did do does for from had has have how i if
    i'm in into is it its may me might more most my of on or other our please should some such that the their there these
    they this those to us was we were what when where which who whom whose why will with without would you your
"""
_ASKING = """
    find give hello hey hi know like list look looking mention name need point provide provided provides recommend search
    seeking show showed shown shows suggest suggested suggests tell want
"""
_LITERATURE = """
    article articles author authors example examples literature paper papers publication publications reference references
    report reports research researcher researchers researches resource resources studies study work works
    concept currently early existing exist exists ever few first idea key notable previous prior recent related relevant
    several topic field area approach approaches technique techniques method methods
"""
_TREATING = """
    address addressed addresses addressing adopt adopted adopts aim aimed aims apply applied applies applying attempt
    attempted attempts cited concerning conduct conducted consider considered considers demonstrate demonstrated
    demonstrates describe described describes describing develop developed developing develops discuss discussed discusses
    discussing done employ employed employing employs examine examined examines examining explore explored explores
    exploring focus focused focuses focusing help helps introduce introduced introduces introducing investigate
    investigated investigates investigating made make makes mentioned present presented presenting presents propose proposed
    proposes proposing regarding relate reported studied studying tried tries try use used uses using utilize utilized
    utilizes utilizing
"""
_ASKS_FOR_PAPERS = frozenset(f"{_FUNCTION_WORDS}{_ASKING}{_LITERATURE}{_TREATING}".split())


def topic_of(question: str) -> str:
    """The question without its leading request; the question itself where there is none or nothing else is left."""
    if not _REQUEST.match(question):
        return question.strip()
    end = 0
    for word in _WORD.finditer(question):
        if word[0].lower().rstrip(".").replace("’", "'") not in _ASKS_FOR_PAPERS:
            break
        end = word.end()
    topic = question[end:].strip(" \t\r\n,:;?!.")
    return topic if re.search(r"\w", topic) else question.strip()
