"""What kind of thing does a question ask for: a speed-up, a GPU's name, seconds, a link? Pure.

"Which GPUs was it measured on" is answered by no sentence without the name of one, however near it is otherwise.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.statements import Aspect, stated


@dataclass(frozen=True, slots=True)
class Sought:
    """What a question asks for: a sentence that states any of `aspects` may answer it.

    `is_strict`: no other can. `words` are beginnings of words one of which must be there too, such as a metric's name;
    `counted` is of what a number is asked.
    """

    aspects: tuple[Aspect, ...] = ()
    is_strict: bool = False
    words: tuple[str, ...] = ()
    counted: str = ""

    @property
    def weight(self) -> float:
        """What it says of an answer that it has nothing of it, from 0 to 1."""
        return 1.0 if self.is_strict else _MAY_BE_MEANT_OTHERWISE

    def fit(self, sentence: str) -> float:
        """From 0 to 1, how much a sentence has of it; a number of something else is half of what is asked."""
        if self.words and not any(_begins(word, sentence) for word in self.words):
            return 0.0
        if self.aspects and not any(stated(aspect, sentence) for aspect in self.aspects):
            return 0.0
        return _OF_SOMETHING_ELSE if self.counted and not _counts(self.counted, sentence) else 1.0


_OF_SOMETHING_ELSE = 0.5
_MAY_BE_MEANT_OTHERWISE = 0.5
_SHORTEST_STEM = 4
_MOST_READ = 500  # characters of a question


def _begins(word: str, sentence: str) -> bool:
    return re.search(rf"(?<![a-z]){re.escape(word)}", sentence.casefold()) is not None


def _counts(noun: str, sentence: str) -> bool:
    """Whether a number stands before the noun, with a few words between at most."""
    stem = noun.casefold().rstrip("s")
    beginning = re.escape(stem[: max(_SHORTEST_STEM, len(stem) - 2)])
    return any(
        re.match(rf"[\s-]+(?:[\w-]+\s+){{0,3}}{beginning}", sentence[one.span[1] :], re.IGNORECASE)
        for one in stated("count", sentence)
    )


def _asked(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_KINDS: Sequence[tuple[re.Pattern[str], Sought]] = [
    (_asked(r"\bhow many (?:watts?|joules?|kwh)\b"), Sought(("power",), is_strict=True)),
    (_asked(r"\bhow many (?:gb|gigabytes?|mb)\b"), Sought(("bytes",), is_strict=True)),
    # Metrics by their names: nothing else is that.
    (_asked(r"\b(?:rouge|bleu|ndcg|perplexity|wer|fid|mrr)\b(?:-\w+)?"), Sought(words=("$match",), is_strict=True)),
    (_asked(r"\bmean opinion score|\bMOS\b"), Sought(words=("mean opinion", "mos "), is_strict=True)),
    (_asked(r"\bhow much (?:power|energy|battery|electricity)|\b(?:energy|power) (?:use|consumption|draw)"),
     Sought(("energy",), is_strict=True)),
    (_asked(r"\bhow many (?:seconds?|minutes?|hours?|days?|milliseconds?|ms)\b|\bhow long (?:does|did|do|is|was|until)\b.*\b(?:take|train|run|optimi[sz]e|until|first token)\b"),
     Sought(("time",), is_strict=True)),
    (_asked(r"\b(?:dollars?|usd|euros?|price|pric(?:y|ey))\b|\bhow (?:expensive|much money)\b|\bwhat (?:does|did|do|would) .* cost\s*(?:\?|$)"), Sought(("money",), is_strict=False)),
    (_asked(r"\bin dollars\b|\bhow many (?:dollars|euros)\b"), Sought(("money",), is_strict=True)),
    (_asked(r"\b(?:licen[cs]e|licen[cs]ed)\b"), Sought(("licence",), is_strict=True)),
    (_asked(r"\bhow much (?:v?ram|gpu memory)\b|\b(?:v?ram|memory) (?:needed|required|footprint)\b"), Sought(("memory",), is_strict=True)),
    (_asked(r"\bmemory (?:use|usage|saving|compared|reduction)|\bhow much (?:less )?memory\b|\bhow much memory\b|\bRAM\b"), Sought(("memory",))),
    (_asked(r"\b(?:how many|what) times (?:as )?(?:fast\w*|quick\w*)\b|\bby (?:what|which) factor\b|\bhow many x\b"), Sought(("speed-up",), is_strict=True)),
    (_asked(r"\bhow (?:much )?(?:fast|faster|quick|quicker|slow|slower)\b|\bspeed-?ups?\b|\bhow much (?:of a )?(?:speed|throughput|latency)|\bthroughput (?:gain|improvement)|\blatency\b.*\b(?:add|cost|overhead)|\bspeed (?:on|of)\b"), Sought(("speed-up",))),
    (_asked(r"\bhow much latency\b"), Sought(("speed-up", "time"), is_strict=True)),
    (_asked(r"\btokens? ?(?:/|per|a) ?s(?:ec(?:ond)?)?\b|\btok/s\b"), Sought(("rate",))),
    (_asked(r"\bhow many tokens per second\b|\bhow many tokens? a second\b"), Sought(("rate",), is_strict=True)),
    (_asked(r"\b(?:which|what) (?:\w+ )?(?:gpus?|cpus?|graphics cards?|(?:smart)?phones?|handsets?|boards?|chips?|fpgas?|hardware|devices?|accelerators?)\b.*\b(?:test|measur|run|ran|shown|evaluat|tri|use|benchmark|deploy)"), Sought(("hardware",), is_strict=True)),
    (_asked(r"\b(?:vs\.?|versus)\b"), Sought(("speed-up", "memory", "energy", "score"))),
    (_asked(r"\b(?:accuracy|f1|scores?)\s*\??$|\bhow accurate\b|\bhow many (?:percent|points)\b|\bgain over\b|\bhow much (?:better|more accurate)\b"), Sought(("score", "speed-up"))),
    (_asked(r"\bhow many (?:percent|points)\b|\bhow accurate\b"), Sought(("score",), is_strict=True)),
    (_asked(r"\b(?:which|what) (?:data ?sets?|benchmarks?|corpora|tasks)\b"), Sought(("data",))),
    (_asked(r"\b(?:which|what|how many) (?:(?:programming|spoken|natural|human) )?languages?\b"), Sought(("language",), is_strict=True)),
    (_asked(r"\bwhere (?:is|are|can)\b.*\b(?:code|weights|models?|download|repo\w*|checkpoints?)\b|\b(?:source code|github|repo)\b"), Sought(("code",))),
    (_asked(r"\bhow many (?:[\w-]+ (?=[\w-]+s\b)){0,2}(?P<counted>[\w-]+)?"), Sought(("count",), is_strict=True)),
    (_asked(r"\bhow (?:much|big|large|bad)\b|\bwhat (?:share|fraction|percentage)\b"), Sought(("speed-up", "memory", "score", "energy", "count"))),
]  # fmt: skip


def sought_by(question: str) -> list[Sought]:
    """What a question asks for, the strictest first; a question with an "and" or a comma may ask for two things."""
    found: list[Sought] = []
    for pattern, sought in _KINDS:
        if match := pattern.search(question, 0, _MOST_READ):
            words = tuple(match[0].casefold() if word == "$match" else word for word in sought.words)
            counted = match.groupdict().get("counted") or ""
            found.append(replace(sought, words=words, counted=counted))
    if not found:
        return []
    first = next((one for one in found if one.is_strict), found[0])
    if not _TWO_THINGS.search(question):
        return [first]
    others = [
        one for one in found if len(one.aspects) == 1 and not one.counted and one.aspects != first.aspects
    ]
    return [first, *others[:1]]


_TWO_THINGS = re.compile(r"\band\b|,|&|\+\s", re.IGNORECASE)
