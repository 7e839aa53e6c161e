"""Is a claim stronger than its sentence, or no statement about it at all? Pure.

Each function gives a reason, or "" where there is none.
"""

import re
from collections.abc import Sequence

from bot.llm.denial import NEGATION
from bot.llm.words import words_of

_STRONG_WORDS = (
    (
        r"all|every|everything|everyone|each|any|anything|entire(?:ly)?|whole|complete(?:ly)?|total(?:ly)?|fully|always|"
        r"universal\w*|world|ever|everywhere"
    ),
    r"never|impossible|absolutely",
    r"perfect|perfectly|flawless\w*|exact|exactly|lossless\w*|error-free",
    r"guarantee\w*|prov(?:e|es|en|ed|ing)|proofs?|formal\w*|certain\w*|definit\w*|theorem\w*",
    (
        r"best|fastest|largest|smallest|highest|lowest|cheapest|leading|greatest|strongest|state-of-the-art|sota|top|"
        r"unrivall?ed|unmatched|unprecedented|optimal"
    ),
    r"first|novel|only|sole|solely|unique\w*|merely|just",
    r"solv(?:e|es|ed|ing)|cur(?:e|es|ed|ing)|resolv\w+|resolutions?|fix(?:es|ed)?",
    r"eliminat\w*|remov\w*|zero|nothing",
    r"human-level|superhuman|agi",
    r"must|mandatory|required?|requires",
    r"recommend\w*|should",
    r"causes?|caused|causing",
)
_STRONG = tuple(map(re.compile, _STRONG_WORDS))
"""Kinds of strength: a claim may have a word of one only where its sentence has one of the same."""
# What speaks against somebody: a claim may have such a word only where its sentence has one, whichever it is.
_AGAINST = re.compile(
    r"loss(?:es)?|los(?:e|es|ing|t)|worse\w*|wors[te]|harm\w*|hurts?|fail\w*|lack\w*|limit(?:s|ed|ations?)?|expense|drawbacks?|"
    r"unable|skip\w*|stop\w*|wait\w*|slow\w*|suffer\w*|degrad\w*|declin\w*|risk\w*|leak\w*|vulnerab\w*|attack\w*|errors?|wrong\w*|"
    r"erroneous\w*|mistak\w*|poor\w*|weak\w*|costly|expensive|impractical|burden\w*|problem\w*|trouble\w*|difficult\w*|struggl\w*|"
    r"hard|hamper\w*|bottleneck\w*|penalt\w*|drops?|overheads?|challeng\w*|insufficient|inefficien\w*|ignor\w*|neglect\w*|"
    r"abandon\w*|unsafe|unreliable|unstable|crash\w*|broken|sacrific\w*|sensitiv\w*|hallucinat\w*|issues?|behind|"
    r"restrict\w*|constrain\w*|cripple\w*|prohibitive\w*|steal\w*|theft|threat\w*|malicious|huge|reduction|accuracy drop|cost|costs"
)
_FOR = re.compile(
    r"improv\w*|enhanc\w*|benefi\w*|better|best|boost\w*|gain\w*|help\w*|superior\w*|excel\w*|succe\w+|outperform\w*|"
    r"surpass\w*|beats?|strong\w*|win|wins|advan\w+|attractive"
)
_COMING = re.compile(r"\b(?:will|to be) (?:be |soon be )?(?:\w+ )?(?:available|released|published|open|made)")
_THERE = re.compile(r"available|releas\w*|publish\w*|open-?sourc\w*")
_PROMISE = re.compile(r"\b(?:will|later|soon|plans?|promis\w*|to be|intend\w*|announc\w*|forthcoming)\b")
_POSSIBLE = re.compile(r"\b(?:potential\w*|promis\w*|may|might|could|can|aims?|intended)\b")
_ADDRESS = re.compile(
    r"you|your|yours|i|i'm|i've|me|my|click|visit|subscribe|passwords?|instructions?|instructed|ignore|dear|please|"
    r"hacked|jailbreak\w*"
)


def addresses_reader(claim: str, evidence: str) -> str:
    """A claim speaks of papers, not of itself and not to its reader."""
    said = {word.lower for word in words_of(evidence)}
    strange = any(_ADDRESS.fullmatch(word.lower) and word.lower not in said for word in words_of(claim))
    return "speaks to the reader" if strange else ""


def says_more(claim: str, evidence: str) -> str:
    """Whether a claim is stronger than its sentence."""
    ours, theirs = words_of(claim), [word.lower for word in words_of(evidence)]
    negated = any(NEGATION.fullmatch(word.lower) for word in ours)
    for group in _STRONG:
        strong = [word.lower for word in ours if group.fullmatch(word.lower)]
        if (
            strong
            and not has_word(group, theirs)
            and not (negated and set(strong) <= {"any", "all", "every"})
        ):
            return "is stronger than its sentence"
    if any(_AGAINST.fullmatch(word.lower) for word in ours) and not has_word(_AGAINST, theirs):
        return "speaks against somebody, unlike its sentence"
    if (
        any(_FOR.fullmatch(word.lower) for word in ours)
        and not has_word(_FOR, theirs)
        and has_word(_AGAINST, theirs)
    ):
        return "speaks for somebody, unlike its sentence"
    if (
        _COMING.search(evidence.lower())
        and _THERE.search(claim.lower())
        and not _PROMISE.search(claim.lower())
    ):
        return "says that is there what is only announced"
    if re.search(r"\bpotential to\b", evidence.lower()) and not _POSSIBLE.search(claim.lower()):
        return "says that is so what only may be"
    return ""


def has_word(pattern: re.Pattern[str], words: Sequence[str]) -> bool:
    """Whether one of the words, or a part of a compound, is of a kind."""
    return any(pattern.fullmatch(part) for word in words for part in (word, *word.split("-")))
