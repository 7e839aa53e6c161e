"""Of several generations the newest that is whole is used; the others go when their successor is in use."""

from pathlib import Path

import pytest

from retrieval.generations import Generations
from retrieval.seal import seal, unseal


def files(generation: Path) -> list[Path]:
    return list(generation.glob("*.part"))


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    return Generations(tmp_path / "index", files)


def begun(generations: Generations, content: str = "x") -> Path:
    generation = generations.begin()
    (generation / "a.part").write_text(content)
    return generation


def whole(generations: Generations, content: str = "x") -> Path:
    generation = begun(generations, content)
    seal(generation, files(generation))
    return generation


def test_there_is_none_before_the_first(generations: Generations):
    assert generations.whole() is None


def test_the_newest_whole_one_is_used(generations: Generations):
    made = [whole(generations) for _ in range(12)]
    assert generations.whole() == made[-1]


def test_no_two_generations_ever_have_the_same_name(generations: Generations):
    first = begun(generations)
    (first / "a.part").unlink()
    first.rmdir()
    assert begun(generations).name != first.name


def test_one_that_is_being_built_is_passed_over(generations: Generations):
    old = whole(generations)
    begun(generations)
    assert generations.whole() == old


@pytest.mark.parametrize(
    "damage", ["cut", "changed", "gone", "one more", "unsealed", "seal cut", "seal is no object"]
)
def test_a_damaged_one_is_passed_over_for_the_one_before(generations: Generations, damage: str):
    old, new = whole(generations), whole(generations, "some content")
    part = new / "a.part"
    if damage == "cut":
        part.write_text("some")
    elif damage == "changed":
        part.write_text("Some content")
    elif damage == "gone":
        part.unlink()
    elif damage == "one more":
        (new / "b.part").write_text("")
    elif damage == "unsealed":
        unseal(new)
    else:
        (new / "seal.json").write_text('{"a' if damage == "seal cut" else "[]")
    assert generations.whole() == old


def test_files_that_the_seal_is_not_about_may_change(generations: Generations):
    generation = whole(generations)
    (generation / "a.lock").write_text("held")
    assert generations.whole() == generation


def test_what_else_lies_in_the_folder_is_never_used(generations: Generations, tmp_path: Path):
    folder = tmp_path / "index"
    folder.mkdir()
    for name in ("notes", "lost+found", "x-1", "²-1", "7", "7-"):
        other = folder / name
        other.mkdir()
        seal(other, [])
    (folder / "000009-file").write_text("no folder")
    (folder / "chroma.sqlite3").write_text("of an older version")
    assert generations.whole() is None
    generation = whole(generations)
    assert generations.whole() == generation


def test_when_one_is_in_use_all_else_goes(generations: Generations, tmp_path: Path):
    for _ in range(2):
        whole(generations)
    (tmp_path / "index" / "chroma.sqlite3").write_text("of an older version")
    (tmp_path / "index" / "notes").mkdir()
    kept = whole(generations)
    generations.keep_only(kept)
    assert list((tmp_path / "index").iterdir()) == [kept]


def test_what_cannot_be_dropped_is_left_and_said(
    generations: Generations, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    kept = whole(generations)
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "index" / "000000-link"
    link.symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    generations.keep_only(kept)
    assert link.exists()
    assert "cannot be removed" in caplog.text


def test_one_that_came_to_nothing_is_dropped_by_itself(generations: Generations, tmp_path: Path):
    kept = whole(generations)
    generations.drop(whole(generations))
    assert list((tmp_path / "index").iterdir()) == [kept]
