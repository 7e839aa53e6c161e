"""What of a lying model's claims reaches a reader, over questions that the papers answer."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from bot.bench.lying_model import lying_model
from bot.chat_wiring import open_answering
from bot.wiring import Parts
from retrieval.indexing import Progress


async def lied_to(parts: Parts, questions: Sequence[str], progress: Progress) -> dict[str, Any]:
    """Ask them all of a model that lies. `lies_shown` should be 0; `shown` has them by kind.

    `written` counts answers in the model's words; the others are quoted, since too few of its claims held. `neither` counts
    claims that are no truth and no lie as they were told: changed on the way.
    """
    with lying_model() as (address, lies):
        chosen = {"base_url": address, "model": "liar", "questions_a_day": 0, "tokens_a_day": 0}
        llm = parts.settings.llm.model_copy(update=chosen)
        shown: list[str] = []
        written = 0
        async with open_answering(parts, llm) as answering:
            for number, question in enumerate(questions, start=1):
                answered = await answering.answer(question, person="the evaluation")
                shown += [claim.text for claim in answered.claims]
                written += bool(answered.claims)
                progress(number, len(questions))
    kinds = Counter(lies.told[text] for text in shown if text in lies.told)
    return {
        "questions": len(questions),
        "written": written,
        "claims_shown": len(shown),
        "lies_told": len(lies.told),
        "lies_shown": kinds.total(),
        "neither": sum(text not in lies.told and text not in lies.truths for text in shown),
        "shown": dict(kinds),
    }
