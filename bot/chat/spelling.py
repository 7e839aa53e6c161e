"""Which word of the rules was meant by a slip of the keyboard? Pure.

Two neighbouring letters exchanged, or, in words of five letters and more, one lost or doubled. A wrong letter is never
repaired: "never" is not "newer", nor "starch" "search".
"""

from functools import lru_cache

from rapidfuzz.distance import OSA

_SHORTEST = 3  # letters
_SHORTEST_WITH_A_LOSS = 5
_SHORT_FORMS = {
    "wat": "what",
    "wht": "what",
    "wut": "what",
    "wats": "whats",
    "pls": "please",
    "plz": "please",
    "u": "you",
    "ur": "your",
    "r": "are",
    "w": "with",
    ">": "over",
    ">=": "min",
}
# Words of their own, however much like a slip they look.
_OWN = frozenset(("fist", "hell", "here", "pages", "show", "than", "their", "tree", "were"))
_WORDS = """
    about abstract anything between code compare compared difference exclude explain find first fourth goodbye
    hello help how like looking more most newer newest next only open paper papers please recent results search
    second similar since something sources summarise summarize summary thank thanks that the there these third
    those upvotes want what whats when where which who why with without
"""
_RIGHT = tuple(_WORDS.split())


@lru_cache(maxsize=4_000)
def meant(word: str) -> str:
    """The word of the rules that a folded word stands for; the word itself, where it stands for none."""
    if word in _SHORT_FORMS:
        return _SHORT_FORMS[word]
    if word in _RIGHT or word in _OWN or len(word) < _SHORTEST or not word.isalpha():
        return word
    return next((right for right in _RIGHT if _is_slip(word, right)), word)


def _is_slip(word: str, right: str) -> bool:
    if abs(len(word) - len(right)) > 1 or OSA.distance(word, right, score_cutoff=1) > 1:
        return False
    if len(word) == len(right):
        return sorted(word) == sorted(right)
    longer, shorter = (word, right) if len(word) > len(right) else (right, word)
    is_inflection = longer[:-1] == shorter and longer[-1] in "sd"
    return len(longer) >= _SHORTEST_WITH_A_LOSS and word[0] == right[0] and not is_inflection
