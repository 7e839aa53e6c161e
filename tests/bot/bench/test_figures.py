import pytest

from bot.bench.figures import Figure, Target, p50, p95, percentile
from bot.bench.report import cells, lines_of


def figure(value: float, yardstick: float | None = None, target: Target | None = None) -> Figure:
    return Figure(
        "find", "find, p95", 10_000, value, "ms", "its parts" if yardstick else "", yardstick, target
    )


def test_half_and_nineteen_of_twenty_do_not_exceed_a_percentile():
    values = [float(value) for value in range(20, 0, -1)]
    assert (p50(values), p95(values), percentile(values, 1.0)) == (10.0, 19.0, 20.0)
    assert p50([7.0]) == p95([7.0]) == 7.0
    with pytest.raises(ValueError, match="nothing was measured"):
        p50([])


def test_a_target_is_for_the_ratio_where_there_is_a_yardstick_and_for_the_value_where_there_is_none():
    assert figure(15.0, 10.0, Target(1.5)).reached is True
    assert figure(15.1, 10.0, Target(1.5)).reached is False
    assert figure(2.9, None, Target(3.0)).reached is True
    assert figure(29.0, 10.0, Target(3.0, at_least=True)).reached is False
    assert figure(29.0).reached is None


def test_json_has_the_ratio_beside_the_absolute_figures():
    told = figure(15.0, 12.0, Target(1.5)).as_json()
    assert (told["value"], told["yardstick"], told["ratio"], told["reached"]) == (15.0, 12.0, 1.25, True)
    assert (told["target"], told["at_least"]) == (1.5, False)
    assert figure(15.0).as_json()["ratio"] is None


def test_a_table_says_what_is_not_reached():
    missed = figure(30.0, 12.0, Target(1.5))
    assert cells(missed) == ("find, p95", "10,000", "30 ms", "12 ms", "2.50 ×", "≤ 1.5 ×", "NOT reached")
    heading, line, plain = lines_of([missed, figure(1234.5)])
    assert heading.index("measured") < heading.index("ratio")
    assert line.endswith("NOT reached")
    assert plain.endswith("1,234 ms")
