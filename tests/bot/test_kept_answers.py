"""An answer is read back as it was kept, for a month."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.chat.answered import Answered, Compared
from bot.errors import ExpiredListError
from bot.llm.claims import Claim
from bot.state.kept_answers import KEPT, KeptAnswers
from retrieval.answer import Quoted
from tests.conftest import NOW

ANSWERED = Answered(
    "how fast?", "MARLIN", "how fast is MARLIN?", False, (Quoted(1, "2501.00001", "Fast."),), ("2501.00002",), ("x",), 52,
    (Claim("It is fast.", (1,)),), "tiny", "a note",
)  # fmt: skip
COMPARED = Compared(("2501.00001", "2501.00002"), ("memory",), ("elegance",))


async def test_answers_and_comparisons_are_read_back_as_they_were(engine: AsyncEngine):
    kept = KeptAnswers(engine)
    answer_id = await kept.keep(ANSWERED, now=NOW)
    comparison_id = await kept.keep(COMPARED, now=NOW)
    assert await kept.answer(answer_id) == ANSWERED
    assert await kept.comparison(comparison_id) == COMPARED


async def test_one_is_not_taken_for_the_other_and_what_was_never_kept_has_expired(engine: AsyncEngine):
    kept = KeptAnswers(engine)
    answer_id = await kept.keep(ANSWERED, now=NOW)
    for asked in (kept.comparison(answer_id), kept.answer("nothing")):
        with pytest.raises(ExpiredListError):
            await asked


async def test_after_a_month_they_are_forgotten(engine: AsyncEngine):
    kept = KeptAnswers(engine)
    answer_id = await kept.keep(ANSWERED, now=NOW)
    await kept.keep(COMPARED, now=NOW + KEPT + timedelta(seconds=1))
    with pytest.raises(ExpiredListError):
        await kept.answer(answer_id)
