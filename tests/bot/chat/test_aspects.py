"""What somebody wants compared is read in their own words."""

import pytest

from bot.chat.aspects import rows_for
from retrieval.comparing import ROWS


@pytest.mark.parametrize(
    ("aspects", "rows"),
    [
        ([], ROWS),
        (["  "], ROWS),
        (["speed"], ("speed-up",)),
        (["memory use", "how fast they are"], ("speed-up", "memory")),
        (["GPUs"], ("hardware",)),
        (["which datasets"], ("data",)),
        (["github"], ("code",)),
        (["number of parameters"], ("model size",)),
        (["accuracy"], ("result",)),
    ],
)
def test_rows_are_found_by_words_for_them_in_their_usual_order(aspects: list[str], rows: tuple[str, ...]):
    assert rows_for(aspects) == (rows, ())


def test_what_no_row_is_about_is_told_and_all_rows_are_shown():
    assert rows_for(["the weather"]) == (ROWS, ("the weather",))
    assert rows_for(["speed", "elegance"]) == (("speed-up",), ("elegance",))
