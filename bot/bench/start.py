"""How long a process takes from its start to its first answer, and the bot to its being there, with ready indexes."""

from statistics import median

from bot.bench import children
from bot.bench.figures import Figure, Target
from bot.bench.questions import Questions
from bot.config import Settings

STEP = "start"
_TIMES = 5
_PATIENCE_SECONDS = 120.0
_TARGET = Target(3.0)
_TARGETS_AT = 10_000  # papers; for more it is told without a target


async def measure(own: Settings, questions: Questions, papers: int) -> list[Figure]:
    """The median of some starts; the first start, which fills the system's file cache, does not count."""
    answers = [await _first_answer(own, asked.words) for asked in questions.take(_TIMES + 1)]
    pages = [await _playground(own) for _ in range(_TIMES // 2 + 1)]
    target = _TARGET if papers <= _TARGETS_AT else None
    return [
        Figure(STEP, "process start to first answer", papers, median(answers[1:]), "s", target=target),
        Figure(STEP, "process start to the playground's page", papers, median(pages), "s"),
    ]


async def _first_answer(own: Settings, words: str) -> float:
    _, seconds = await children.run("-m", "bot", "find", words, "--json", settings=own)
    return seconds


async def _playground(own: Settings) -> float:
    command = ("-m", "bot", "playground", "--no-browser", "--port", "0")
    return await children.until_line(
        *command, settings=own, beginning="Playground:", patience=_PATIENCE_SECONDS
    )
