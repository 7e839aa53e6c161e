"""Files before they are papers: what is bounded of them, and what is not."""

import gzip
import io
from pathlib import Path

import pytest

from corpus.errors import UnreadableSourceError
from corpus.material import Line, Material

MB = 2**20


def read(material: Material) -> list[Line]:
    return [line for piece in material.pieces(1000) for line in piece]


@pytest.mark.parametrize("packed", [True, False])
def test_no_more_is_unpacked_than_the_bound(packed: bool):
    content = (b"x" * 499 + b"\n") * 4000
    given = gzip.compress(content) if packed else content
    assert len(read(Material.of_bytes("x", given, most=len(content)))) == 4000
    bounded = Material.of_bytes("x.gz", given, most=len(content) - 1)
    with pytest.raises(UnreadableSourceError, match=r"x\.gz has more than 1\.90735 MB of text"):
        read(bounded)
    with pytest.raises(UnreadableSourceError, match="from the command line"):
        bounded.text()
    assert bounded.head().startswith("xxx"), "its beginning is short enough"


def test_one_line_without_an_end_is_bounded_too():
    bomb = Material.of_bytes("x.gz", gzip.compress(b"x" * 40 * MB), most=16 * MB)
    with pytest.raises(UnreadableSourceError, match="more than 16 MB"):
        read(bomb)


def test_lines_of_next_to_nothing_are_bounded_by_their_number():
    with pytest.raises(UnreadableSourceError, match="more than 4,096 lines"):
        read(Material.of_bytes("x", b"{}\n" * 4097, most=MB))
    assert len(read(Material.of_bytes("x", b"{}\n" * 4096, most=MB))) == 4096


def test_a_file_of_the_command_line_has_no_bound(tmp_path: Path):
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress((b"x" * 999 + b"\n") * 70_000))
    material = Material.of_path(path)
    assert sum(1 for piece in material.pieces(1000) for _ in piece) == 70_000


def test_more_than_fits_on_standard_input_is_refused_rather_than_cut(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("corpus.material._MAX_WHOLE", 2**20)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'{"title": "On Bees"}\n' * 60_000)))
    with pytest.raises(UnreadableSourceError, match="larger than 1 MB; save it to a file"):
        Material.of_path(Path("-"))
