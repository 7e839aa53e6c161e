"""Papers side by side: every cell stands in the abstract, and what is not stated is not there."""

import pytest

from corpus.importing import bundled_papers
from corpus.paper import Paper
from retrieval.comparing import ROWS, Row, compare
from retrieval.representation import split_sentences
from tests.runaway import no_runaway

PAPERS = bundled_papers()
BY_ID = {paper.id: paper for paper in PAPERS}
GRID = compare(PAPERS)


def test_every_cell_is_a_sentence_of_its_paper_or_a_part_of_one():
    grid = GRID
    assert grid.paper_ids == tuple(paper.id for paper in PAPERS)
    assert tuple(grid.cells) == ROWS
    for row, cells in grid.cells.items():
        assert len(cells) == len(PAPERS)
        for number, (paper, one) in enumerate(zip(PAPERS, cells, strict=True), start=1):
            if one is None:
                continue
            assert one.number == number
            sentences = split_sentences(paper.abstract)
            assert one.quote in sentences or (
                (one.is_cut_before or one.is_cut_after) and any(one.quote in whole for whole in sentences)
            ), row
            assert one.quote == one.quote.strip()


# By eye, over all bundled abstracts: what each states of itself. A part of the cell stands here.
STATED: list[tuple[Row, dict[str, str]]] = [
    (
        "memory",
        {
            "2308.14352": "substantial memory savings",
            "2411.05007": "by 3.5×",
            "2506.01986": "by 65%",
            "t-d4b8a8b5735ef07f": "less than the two Java-based",
            "2507.20984": "1GB and 8GB",
            "2406.06282": "40% reduction",
        },
    ),
    (
        "hardware",
        {
            "2310.19509": "Qualcomm 855",
            "2311.01282": "NVIDIA and AMD GPUs",
            "2510.08666": "8× H800 GPUs",
            "2411.05007": "16GB laptop 4090 GPU",
            "2506.01986": "Nvidia Titan RTX",
            "2312.03788": "A100 40GB GPU",
            "2507.20984": "consumer CPUs",
            "2406.06282": "two smartphones",
            "2409.04992": "NVIDIA A6000 GPU",
            "2505.03745": "Xilinx Alveo U280 FPGA",
            "t-8b21073f4ca2d949": "P100 and P4000 GPUs",
        },
    ),
]


@pytest.mark.parametrize(("row", "expected"), STATED)
def test_what_the_bundled_papers_state_is_found_and_nothing_else(row: Row, expected: dict[str, str]):
    found = {paper.id: one.quote for paper, one in zip(PAPERS, GRID.cells[row], strict=True) if one}
    assert found.keys() == expected.keys()
    for paper_id, part in expected.items():
        assert part in found[paper_id]


@pytest.mark.parametrize(
    ("paper_id", "row", "part"),
    [
        ("2506.01986", "speed-up", "2x speedup"),
        ("2510.08666", "speed-up", "10× speedup"),
        ("2408.11743", "speed-up", "up to 2.8×"),
        ("2412.17560", "speed-up", "2.35×"),
        ("2411.05007", "model size", "12B FLUX.1"),
        ("2507.20984", "model size", "SmallThinker-21B-A3B"),
        ("2507.05123", "data", "SAMSum"),
        ("2412.09722", "data", "GSM8k"),
        ("2504.19483", "code", "We publish the code"),
    ],
)
def test_the_figure_is_in_the_cell(paper_id: str, row: Row, part: str):
    one = compare([BY_ID[paper_id]]).cells[row][0]
    assert one is not None
    assert part in one.quote


@pytest.mark.parametrize(
    ("paper_id", "row"),
    [
        ("2504.08850", "memory"),  # says what early exiting does for others
        ("2312.03788", "memory"),  # of other methods
        ("2408.01050", "code"),  # of open-source models in general
        ("2412.08237", "code"),  # of models that are rarely open-sourced
        ("2406.01698", "model size"),  # of models of the future
        ("2504.06261", "speed-up"),
    ],
)
def test_what_a_paper_says_of_others_is_not_its_own(paper_id: str, row: Row):
    assert compare([BY_ID[paper_id]]).cells[row][0] is None


def test_code_is_where_the_link_leads_and_a_link_beside_the_abstract_has_no_quote():
    link = "https://github.com/LY-Xie/SiD_Protein"
    shown = compare([BY_ID["2510.03095"]]).cells["code"][0]
    assert shown is not None
    assert (shown.link, link in shown.quote) == (link, True)
    beside = compare([Paper("A", "We do things.", links=("https://github.com/a/b",))]).cells["code"][0]
    assert beside is not None
    assert (beside.number, beside.quote, beside.link) == (1, "", "https://github.com/a/b")


def test_an_empty_abstract_states_nothing():
    grid = compare([Paper("A", "")])
    assert all(cells == (None,) for cells in grid.cells.values())
    assert all(cells == () for cells in compare([]).cells.values())


@pytest.mark.parametrize(
    "piece", ["1x speed ", "a-7B-", "9", "NVIDIA ", "GSM8k, ", "code is ", "10 GB memory, 2x "]
)
def test_an_abstract_made_to_be_slow_is_not(piece: str):
    with no_runaway():
        compare([Paper("A", piece * (10_000 // len(piece)))])
