"""The names of a claim: models, data sets, acronyms, companies; and whether a text has them. Pure."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from bot.llm.figures import is_figure
from bot.llm.words import STOPWORDS, Word, are_alike, root, roots_of, words_of

_LOWER_CASE = """adobe alibaba alphabet amazon amd anthropic apple arm baidu bard bert bytedance chatgpt chinese claude cohere
    copilot deepmind deepseek discord facebook falcon gemini gemma github gitlab google gpt groq grok huawei ibm intel
    jax keras kimi llama microsoft mistral moonshot nvidia ollama openai oracle palm perplexity pytorch qualcomm qwen
    reddit samsung snapdragon sonnet stanford tencent tensorflow tesla tiktok twitter whisper wikipedia xai xiaomi
    youtube"""
_LOWER_CASE_NAMES = frozenset(_LOWER_CASE.split())
_FIRST = """according additionally all although another any apart applied as at authors based because besides beyond compared
    despite due each equipped evaluated even every experiments finally first five for four from given here however in
    instead its like limitations many measured most no none not notably of on one only other others our out over overall
    paper papers rather researchers results seven several since six some such tests than that the their then there
    therefore these they this those three through thus to together two under unlike until upon using when where whereas
    while with within without work yet combined integrated deployed built trained"""
_STARTERS = frozenset(_FIRST.split())
_VERBISH = re.compile(
    r".*(?:es|ed|[^aiosu]s)|is|are|was|were|has|have|had|can|could|will|would|may|might|does|did|runs?|beats?"
)
_IN_BRACKETS = re.compile(r"\(([A-Z][\w-]{1,14})\)")
_GIVES_NAME = re.compile(
    r"\b(?:we|paper|work|study|brief)\b[^.]{0,40}?\b(?:propos|introduc|present|develop|creat|design|describ)\w*|"
    r"\b(?:called|named|dubbed|termed)\b",
    re.IGNORECASE,
)
_NAME_REACH = 12  # words after such a verb
_PARTS = re.compile(r"[-/_()\s]+")
_SHORT_ACRONYMS = frozenset({"ai", "kv", "ml", "rl"})
_SHORTEST_ACRONYM = 2  # letters: any two words begin with some two letters
_LONGEST_RUN = 6  # parts of a source that a claim may have written as one


def missing_names(claim: str, texts: Iterable[str]) -> list[str]:
    """The names of a claim that stand in none of the texts."""
    texts = tuple(texts)
    held = frozenset[str]().union(*map(_held, texts))
    words = frozenset[str]().union(*map(roots_of, texts))
    return [
        name for name, starts in names_in(claim) if not _is_there(name, claim, held, words, starts=starts)
    ]


def names_in(text: str) -> Iterator[tuple[str, bool]]:
    """Every name as it stands there; with True those that only stand first, where any word has a capital."""
    words = words_of(text)
    for word in words:
        first = word.place == 0
        if _looks_like_a_name(word, first=first):
            yield word.text, False
        elif first and word.text[:1].isupper() and _may_be_subject(word, words):
            yield word.text, True


@lru_cache(maxsize=256)
def own_names(abstract: str) -> str:
    """The names that an abstract gives to what is its own, in a line: "we propose XGrammar", "… Framework (CMRF)"."""
    found = [match.group(1) for match in _IN_BRACKETS.finditer(abstract)]
    for match in _GIVES_NAME.finditer(abstract):
        following = words_of(abstract[match.end() : match.end() + 120])[:_NAME_REACH]
        named = (word.text for word in following if _looks_like_a_name(word, first=False))
        found += [name for name, _ in zip(named, range(1), strict=False)]
    return " ".join(dict.fromkeys(found))


def compact(text: str) -> str:
    """A name without the signs that people write or leave out, in lower case and in the singular."""
    bare = re.sub(r"[-/_()\s']", "", text).lower()
    return bare[:-1] if bare.endswith("s") and len(bare) > 2 and not bare.endswith("ss") else bare  # noqa: PLR2004 - "os"


def _looks_like_a_name(word: Word, *, first: bool) -> bool:
    if is_figure(word.text) or word.is_boundary:
        return False
    if word.lower in _LOWER_CASE_NAMES:
        return True
    parts = [part for part in re.split(r"[-/]", word.text) if part]
    return any(_is_name_part(part, first=first and number == 0) for number, part in enumerate(parts))


def _is_name_part(part: str, *, first: bool) -> bool:
    """Capitals inside, digits beside letters or odd signs; a capital at the beginning, unless a sentence begins there."""
    if re.search(r"[^\W\d_]", part) is None:
        return bool(re.search(r"\d.*[^\d.,%x+~<>$]|[^\d.,%x+~<>$].*\d", part))  # 2:4
    if re.search(r"[@_:+#]|\d|\w\.\w", part) and not is_figure(part):
        return True
    return any(map(str.isupper, part[1:])) or (part[0].isupper() and not first and part != "I")


def _may_be_subject(word: Word, words: tuple[Word, ...]) -> bool:
    """Whether a word at the beginning may be somebody's name: "Gemini generates", not "Expert weights"."""
    if word.lower in _STARTERS or word.lower in STOPWORDS or word.lower.endswith("ing"):
        return False
    return len(words) > 1 and _VERBISH.fullmatch(words[1].lower) is not None


def _is_there(name: str, claim: str, held: frozenset[str], roots: frozenset[str], *, starts: bool) -> bool:
    if compact(name) in held:
        return True
    if starts:
        return any(are_alike(root(name.lower()), one) for one in roots)
    parts = [part for part in re.split(r"[-/]", name) if part]
    if len(parts) > 1 and all(compact(part) in held or _is_plain(part, roots) for part in parts):
        return True
    return _spelt_out(name, claim, held)


def _is_plain(part: str, roots: frozenset[str]) -> bool:
    """Whether a part of a compound is an ordinary word: in small letters, or said by the text in any form."""
    return part.isalpha() and (part.islower() or root(part.lower()) in roots or part.lower() in _STARTERS)


def _spelt_out(name: str, claim: str, held: frozenset[str]) -> bool:
    """Whether an acronym of the claim is written in full there, or words in full here as an acronym there."""
    letters = compact(name)
    if f"initials:{letters}" in held and (len(letters) > _SHORTEST_ACRONYM or letters in _SHORT_ACRONYMS):
        return True
    parts = [part for word in words_of(claim) for part in _PARTS.split(word.text) if part]
    for begin in range(len(parts)):
        for end in range(begin + 2, min(begin + _LONGEST_RUN, len(parts)) + 1):
            run = parts[begin:end]
            if name in run and compact("".join(run)) in held:  # Hugging Face, HuggingFace
                return True
            initials = "".join(part[0] for part in run).lower()
            is_named = any(compact(part) == initials for part in run)  # the acronym beside a strange word
            if not is_named and any(part in name for part in run) and f"acronym:{initials}" in held:
                return True
    return False


@lru_cache(maxsize=512)
def _held(text: str) -> frozenset[str]:
    """Every run of name parts as one, and the initials of every run of words."""
    parts = [part for word in words_of(text) for part in _PARTS.split(word.text) if part]
    found = {f"acronym:{compact(part)}" for part in parts if sum(map(str.isupper, part)) > 1}
    for begin in range(len(parts)):
        for end in range(begin + 1, min(begin + _LONGEST_RUN, len(parts)) + 1):
            run = parts[begin:end]
            found.add(compact("".join(run)))
            if len(run) > 1 and all(part[0].isalpha() for part in run):
                found.add(compact("initials:" + "".join(part[0] for part in run)))
    return frozenset(found)
