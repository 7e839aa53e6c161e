"""The tables of docs/quality.md."""

import pytest

from benchmarks.quality_page import Row, quality_page
from retrieval.metrics import Interval, Scores

DEFAULT = Row("scifact", "hybrid (default)", Scores(0.7004, 0.8, 1, 0.65), None, 12.34, 4_608)
GAIN = Interval(-0.0312, -0.058, 0.0001)
LEAN = Row("scifact", "exact", Scores(0.669, 0.8, 0.9, 0.65), GAIN, 3, 12_000)
ELSEWHERE = Row("cacm", "hybrid (default)", Scores(0.4, 0.5, 0.6, 0.7), None, 1, 2)

PAGE = """\
Made by `python -m benchmarks.quality` on 2 cores of an AMD EPYC.

{legend}

### scifact

| pipeline | nDCG@10 | nDCG@10 against the default | recall@10 | recall@100 | MRR@10 | cpu-ms a question | bytes a paper |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| hybrid (default) | **.700** | — | .800 | **1.000** | .650 | 12.3 | **4,608** |
| exact | .669 | −.031 [−.058, .000] | .800 | .900 | .650 | **3.0** | 12,000 |

### cacm

| pipeline | nDCG@10 | nDCG@10 against the default | recall@10 | recall@100 | MRR@10 | cpu-ms a question | bytes a paper |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| hybrid (default) | .400 | — | .500 | .600 | .700 | 1.0 | 2 |
"""


def page(*rows: Row) -> str:
    return quality_page(rows, command="python -m benchmarks.quality", machine="2 cores of an AMD EPYC")


def test_the_page_names_command_and_machine_and_has_a_table_a_collection():
    text = page(DEFAULT, LEAN, ELSEWHERE)
    legend = text.split("\n\n")[1]
    assert text == PAGE.format(legend=legend)
    assert "Bold is the best" in legend
    assert "95 %" in legend


def test_rows_of_one_collection_need_not_come_together():
    assert page(DEFAULT, ELSEWHERE, LEAN) == page(DEFAULT, LEAN, ELSEWHERE)


def test_what_looks_the_same_as_the_best_is_bold_too():
    almost = Row("scifact", "other", Scores(0.7001, 0.8, 0.9, 0.65), None, 5, 9_000)
    assert page(DEFAULT, LEAN, almost).count("**.700**") == 2


@pytest.mark.parametrize(
    ("interval", "shown"),
    [
        (Interval(0.0123, 0.004, 0.02), "+.012 [+.004, +.020]"),
        (Interval(-0.0001, -0.01, 0.01), ".000 [−.010, +.010]"),
    ],
)
def test_differences_carry_their_sign_unless_they_round_to_nothing(interval: Interval, shown: str):
    assert shown in page(Row("cacm", "exact", ELSEWHERE.scores, interval, 1, 2))


def test_a_bar_in_a_pipelines_name_does_not_break_its_table():
    assert r"| a\|b |" in page(Row("cacm", "a|b", ELSEWHERE.scores, None, 1, 2))
