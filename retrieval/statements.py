"""What a sentence states in figures and names: speed-ups, memory, hardware, model sizes, data, code. Pure.

Patterns, precise rather than greedy: what they find is shown as what a paper says of itself. A bare figure ("2.3×",
"65 %") belongs to the nearest word that says of what, with a comma between the two being far.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Aspect = Literal[
    "speed-up", "memory", "hardware", "model size", "data", "code",
    "rate", "time", "energy", "power", "bytes", "money", "score", "count", "licence", "language",
]  # fmt: skip
Span = tuple[int, int]

_DIGITS = r"\d{1,9}(?:[.,]\d{1,9}){0,3}"
_NUMBER = rf"(?<![\w.])[~≈>+]?{_DIGITS}"
_FEW = r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|millions?|billions?)"
_RANGE = rf"{_NUMBER}(?:\s?[x×]?\s?(?:-|–|to|and)\s?{_DIGITS})?"
_FACTOR = re.compile(
    rf"{_RANGE}(?:\s?[x×](?!\w)(?!\s(?:[A-Z]\w*\s)?[A-Z]+\d)|\s?-?\s?fold\b|\s?times\b)|\b{_FEW}(?:[- ]?fold\b| times\b)|\btwice\b"
)
_PERCENT = re.compile(rf"{_RANGE}\s?(?:%|percent(?:age points?)?\b)")
_BARE = re.compile(rf"{_NUMBER}(?= (?:higher|throughput|lower|faster)\b)")

_SPEED = re.compile(
    r"\b(?:speed[\w-]*|fast(?:er)?|slow(?:er|down)|throughput|latency|accelerat\w+|runtime|(?:inference|decoding|run|"
    r"training) time|tokens (?:per|/) ?s\w*|performance loss|overheads?)\b|\bspeed",
    re.IGNORECASE,
)
_MEMORY = re.compile(r"\b(?:memory|VRAM|RAM|footprint)\b", re.IGNORECASE)
_ENERGY = re.compile(
    r"\b(?:energy|power (?:draw|consumption|efficiency)|watts?|battery|joules?)\b", re.IGNORECASE
)
_QUALITY = re.compile(
    r"\b(?:accura\w+|F1|BLEU|ROUGE(?:-\w+)?|NDCG(?:@\d+)?|MRR|precision|recall|score[sd]?|gains?|coefficient|perplexity|"
    r"error(?: rate)?|pass@\d+|resolution rate|win rate|predictive performance|quality|percentage points?|acceptance rate)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:cost|data|retention|size[sd]?|parameters|context|downtime|interruption rate|sparse|sparsity|checks?|"
    r"interfaces?)\b",
    re.IGNORECASE,
)
_OF_WHAT: dict[str, re.Pattern[str]] = {
    "speed-up": _SPEED, "memory": _MEMORY, "energy": _ENERGY, "score": _QUALITY, "other": _OTHER,
}  # fmt: skip
_REACH = 70  # characters between a figure and the word that says of what it is
_LONGEST_WORD = 40
_BREAK = 45  # what a comma or semicolon between the two counts, in characters

_BYTES = re.compile(rf"{_RANGE}\s?(?:[KMGT]i?B)\b(?!(?:\s[\w-]+){{0,2}}\s(?:GPUs?|cards?)\b)")
_LESS_MEMORY = re.compile(
    r"\bmemory\b[^.;]{0,120}\b(?:less|lower|smaller) than\b|\b(?:less|lower|smaller) memory\b|\bmemory savings?\b",
    re.IGNORECASE,
)
_HARDWARE = re.compile(
    rf"(?:(?:(?<!\d)\d{{1,4}}×? ?|{_FEW} |single |an? )?(?:(?:NVIDIA|Nvidia|AMD|Intel|Apple|Qualcomm|Xilinx|Huawei|Google) )*"
    r"(?:(?:A100|H100|H200|H800|H20|B200|V100|P100|P40|P4000|A6000|A5000|A40|A10G?|L40S?|T4|K80|MI\d{3}X?|"
    r"(?:GeForce )?(?:RTX|GTX) ?\w+(?: Ti)?|Titan \w+|laptop \d{4}|Snapdragon(?: [\w+]+){1,3}|Qualcomm \d{3,4}|"
    r"Jetson(?: (?:AGX|Orin|Nano|Xavier|TX\d))*|Alveo \w+|Raspberry Pi(?: \d\w?)?|TPU ?v\d\w*|Ascend(?: \d+\w?)?|Kirin \d+|"
    r"Exynos \d+|Xeon(?: \w+)?|EPYC(?: \w+)?|Cortex-\w+|iPhone(?: \d+(?: Pro)?)?|Pixel \d\w?|M[1-4] (?:Pro|Max|Ultra)|"
    r"ZCU\d+|VCK\d+|U280|U250|MacBook\w*)(?: \d+ ?GB)?(?: (?:laptop )?\d{4})?)"
    r"(?: (?:GPUs?|CPUs?|FPGAs?|NPUs?|SoCs?|phones?|smartphones?))?)"
    rf"|(?:{_FEW}|single|one|(?<!\d)\d{{1,4}}×?) (?:small |consumer |commodity |server )*(?:GPUs?|CPUs?|smartphones|phones|FPGAs?)\b"
    r"|\b(?:NVIDIA|Nvidia) and AMD GPUs\b|\b(?:ordinary |commodity )?consumer (?:CPUs?|GPUs?)\b|\bARM and WebAssembly\b"
)
_SIZE = re.compile(
    r"(?<![\w.])(?:[\w.]{1,30}-){0,4}?\w{0,30}?(?<![\d.])\d{1,6}(?:\.\d{1,6})?B(?![\w@])(?:-[\w.]{1,30}){0,6}"
    r"|(?<![\w.])\d{1,9}(?:\.\d{1,9})?\s?(?:billion|million|M|trillion)[ -](?:parameters?|params?)\b"
)
_KNOWN_DATA = (
    r"(?:GSM-?8[kK]|MMLU(?:-Pro)?|BBH|FOLIO|HumanEval\+?|MATH-?500|MATH|AIME ?(?:20)?\d\d|AIME|MT-Bench|SWE-[Bb]ench"
    r"(?:[ -](?:Verified|Lite))?|BEIR|CNN/Daily ?Mail|NewsRoom|SAMSum|XSum|ImageNet(?:-\w+)?|COCO|SQuAD|GLUE|SuperGLUE|"
    r"VisDial(?: v[\d.]+)?|WebVoyager|Mind2Web(?:-Live)?|GAIA(?:-web)?|GPQA(?:-Diamond)?|WikiText-?\d*|LongBench|RULER|"
    r"VCR|A-OKVQA|DailyLife-MRC|LV-Bench|LiveCodeBench|MBPP|CIFAR-?\d+|MNIST|MS ?MARCO|HotpotQA|TriviaQA|LibriSpeech)"
)
_NAME = r"[A-Z][\w/+.-]{0,30}[A-Z0-9][\w/+.-]{0,30}"
_DATA = re.compile(
    rf"\b{_KNOWN_DATA}(?:(?:,? and |, (?:and )?){_KNOWN_DATA})*(?![\w-])"
    rf"|\b{_NAME}(?: v\d\S*)?\)? (?:test(?:-std)? )?(?:datasets?|benchmarks?|corpus|test set)\b"
    rf"|\bdatasets: [A-Z][^.;]+"
)
_CODE = re.compile(
    r"https?://(?:www\.)?(?:github|gitlab|bitbucket|huggingface|codeberg)\.\w+/\S+|\bhf\.co/\S+"
    r"|\b(?:code|implementation|models?|weights)\b[^.;]{0,60}\b(?:is|are|will be) (?!rarely|not)(?:\w+ ){0,2}(?:available|released|open)"
    r"|\b(?:we|and|publicly) (?:\w+ ){0,2}(?:release|publish|open-source)\b[^.;]{0,60}\b(?:code|weights)\b"
    r"|\bopen-sourced?\b(?= (?:on|at|under|platform|framework|implementation))|\bpublicly available at\b",
    re.IGNORECASE,
)
_RATE = re.compile(
    rf"{_RANGE} (?:tokens|requests|frames|samples|images|queries|words)\s?(?:/|per )\s?s\w*", re.IGNORECASE
)
_TIME = re.compile(
    rf"{_RANGE}[\s-]?(?:ms|milliseconds?|s(?=[\s.,])|secs?|seconds?|minutes?|mins?|hours?|days?|weeks?)\b"
    rf"|\b{_FEW} (?:seconds?|minutes?|hours?|days?|weeks?)\b"
)
_POWER = re.compile(rf"{_RANGE}\s?(?:m?W|kWh|mJ|J|joules?|watts?)\b")
_MONEY = re.compile(rf"[$€£]\s?\d|{_RANGE} (?:dollars|USD|euros?|cents)\b")
_LICENCE = re.compile(r"\b(?:licen[cs]ed?|MIT|Apache|GPL|BSD|CC BY)\b")
_LANGUAGE = re.compile(
    r"\b(?:English|Chinese|German|French|Spanish|Japanese|Korean|Arabic|Hindi|Urdu|Russian|Portuguese|multilingual|"
    r"C\+\+|Python|Rust|Java|JavaScript|TypeScript|CUDA)(?!\w)"
)
_COUNT = re.compile(
    rf"(?<![\w.(-])[~≈>+]?{_DIGITS}(?!\d)(?![\w.)-]*[B)])(?!\s?(?:%|[x×]|times\b|-?fold))(?!:\d)"
    rf"|(?<!\d)\d{{1,3}}(?=-bits?\b)|\b(?:single|both|{_FEW})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A figure or name in a sentence, and where it stands there. `is_exact`: it is a figure with its measure, not words."""

    span: Span
    is_exact: bool = True


def stated(aspect: Aspect, sentence: str) -> list[Statement]:
    """What a sentence states of an aspect, in its order."""
    found = [*_measured(aspect, sentence), *_direct(aspect, sentence)]
    return sorted(found, key=lambda one: one.span)


def has_figure(sentence: str) -> bool:
    """Whether there is any figure that measures something: a factor, a share, a size."""
    return any(
        pattern.search(sentence) for pattern in (_FACTOR, _PERCENT, _BYTES, _RATE, _TIME, _POWER, _MONEY)
    )


_DIRECT: dict[Aspect, tuple[re.Pattern[str], ...]] = {
    "hardware": (_HARDWARE,),
    "model size": (_SIZE,),
    "data": (_DATA,),
    "code": (_CODE,),
    "rate": (_RATE,),
    "time": (_TIME,),
    "energy": (_POWER,),
    "power": (_POWER,),
    "bytes": (_BYTES,),
    "money": (_MONEY,),
    "licence": (_LICENCE,),
    "language": (_LANGUAGE,),
    "count": (_COUNT,),
    "memory": (_BYTES,),
    "speed-up": (_RATE,),
}


def _direct(aspect: Aspect, sentence: str) -> Iterator[Statement]:
    for pattern in _DIRECT.get(aspect, ()):
        for match in pattern.finditer(sentence):
            yield Statement(match.span())
    if aspect == "memory":
        for match in _LESS_MEMORY.finditer(sentence):
            yield Statement(match.span(), is_exact=False)


def _measured(aspect: Aspect, sentence: str) -> Iterator[Statement]:
    """The factors and shares of this aspect."""
    if aspect not in _OF_WHAT:
        return
    for pattern in (_FACTOR, _PERCENT, _BARE):
        for match in pattern.finditer(sentence):
            if _of_what(match.span(), sentence) == aspect:
                yield Statement(match.span())


def _of_what(figure: Span, sentence: str) -> str | None:
    """Which kind of thing a figure measures, by the nearest word that says so."""
    around = max(0, figure[0] - _LONGEST_WORD - _REACH), figure[1] + _LONGEST_WORD + _REACH
    distances = [
        (_distance(figure, match.span(), sentence), kind)
        for kind, pattern in _OF_WHAT.items()
        for match in pattern.finditer(sentence, *around)
    ]
    reached = [(distance, kind) for distance, kind in distances if distance <= _REACH]
    return min(reached)[1] if reached else None


def _distance(figure: Span, word: Span, sentence: str) -> int:
    between = sentence[figure[1] : word[0]] if word[0] >= figure[1] else sentence[word[1] : figure[0]]
    return len(between) + _BREAK * len(re.findall(r"[,;](?=\s)", between))
