"""How much may be asked of the model in a day of UTC: by each person, and by all together.

Kept in memory: nothing about anybody is stored, and a restart begins the day anew. An operator who pays by the token
also sets a limit where the bill is made.
"""

from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from bot.llm.errors import BudgetSpentError, EndpointError


@dataclass(slots=True)
class Bill:
    """What one question costs; `tokens` is an estimate until the endpoint counts them, `asked` once it was asked."""

    tokens: int
    asked: bool = False


class Budget:
    """Counts questions and tokens. 0 for a limit: there is none."""

    def __init__(self, questions_a_day: int, tokens_a_day: int, now: Callable[[], datetime]) -> None:
        self._questions_a_day = questions_a_day
        self._tokens_a_day = tokens_a_day
        self._now = now
        self._day: date = date.min
        self._questions: Counter[int | str] = Counter()
        self._tokens = 0

    @property
    def tokens_today(self) -> int:
        """Spent today by all, and set aside for questions that are being answered."""
        self._begin_day()
        return self._tokens

    @contextmanager
    def question(self, person: int | str, estimate: int) -> Generator[Bill]:
        """One question of a person is answered inside; whoever answers writes the costs on the bill.

        Raises BudgetSpentError. Where the endpoint fails, its tokens are spent, but it is no question of the person's.
        """
        self._begin_day()
        if self._questions_a_day and self._questions[person] >= self._questions_a_day:
            raise BudgetSpentError("this person has asked the model as often as a person may in a day")
        if self._tokens_a_day and self._tokens + estimate > self._tokens_a_day:
            raise BudgetSpentError("the model's tokens of this day are spent")
        day, bill = self._day, Bill(estimate)
        self._questions[person] += 1
        self._tokens += estimate
        try:
            yield bill
        except BaseException as error:
            if day == self._day and (not bill.asked or isinstance(error, EndpointError)):
                self._questions[person] -= 1
            raise
        finally:
            if day == self._day:
                self._tokens += (bill.tokens if bill.asked else 0) - estimate

    def _begin_day(self) -> None:
        today = self._now().date()
        if today != self._day:
            self._day, self._tokens = today, 0
            self._questions.clear()
