"""Files become papers in the store, with a report of what came of them."""

import codecs
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from corpus.errors import UnreadableSourceError
from corpus.importing import Reader, import_bundled, import_material
from corpus.material import Material
from corpus.report import Refusal, Report
from corpus.store import PaperStore

NOW = datetime(2025, 3, 20, 12, tzinfo=UTC)
FixturePath = Callable[[str], Path]
PAGE = "Daily Papers\n\nMar 14\n\nOn Bees\n\nBees are many.\n\n  • 6 authors\n·\nFeb 2 5\n"


async def import_files(
    store: PaperStore, paths: Sequence[Path], *, visited: date | None = None, now: datetime = NOW
) -> Report:
    materials = [Material.of_path(path) for path in paths]
    return await import_material(store, materials, Reader(now=now, visited=visited))


def saved(folder: Path, content: str | bytes, name: str = "page.txt") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


async def test_the_bundled_page_imports_52_papers_and_a_second_time_changes_nothing(store: PaperStore):
    assert await import_bundled(store, now=NOW) == Report(read=52, new=52)
    before = await store.get_many(list(await store.contents()))
    assert await import_bundled(store, now=NOW) == Report(read=52, unchanged=52)
    assert await store.get_many(list(await store.contents())) == before
    assert len(before) == 52


async def test_most_papers_of_the_bundled_page_go_by_their_arxiv_id(store: PaperStore):
    await import_bundled(store, now=NOW)
    ids = list(await store.contents())
    assert sum(not paper_id.startswith("t-") for paper_id in ids) == 50


async def test_the_bundled_page_saved_by_a_person_is_the_same_papers(
    store: PaperStore, tmp_path: Path, bundled_page: str
):
    await import_bundled(store, now=NOW)
    page = saved(tmp_path, bundled_page.replace("\n", "\r\n"))
    report = await import_files(store, [page], visited=date(2025, 12, 8))
    assert report == Report(read=52, unchanged=52)


@pytest.mark.parametrize("name", ["another_search", "windows_line_ends", "hard_wrapped", "no_blank_lines"])
async def test_a_page_by_hand_is_imported_twice_and_changes_nothing(
    store: PaperStore, fixture_path: FixturePath, name: str
):
    path = fixture_path(name)
    assert await import_files(store, [path]) == Report(read=4, new=4)
    assert await import_files(store, [path]) == Report(read=4, unchanged=4)


async def test_the_same_page_in_other_dresses_is_the_same_papers(
    store: PaperStore, fixture_path: FixturePath
):
    paths = [
        fixture_path(name)
        for name in ("another_search", "windows_line_ends", "hard_wrapped", "header_cut_off")
    ]
    assert await import_files(store, paths) == Report(read=16, new=4, unchanged=12)


async def test_a_broken_record_is_named_by_file_and_line_and_the_others_are_stored(
    store: PaperStore, fixture_path: FixturePath
):
    report = await import_files(store, [fixture_path("date_garbled")])
    assert (report.read, report.new) == (4, 3)
    (refusal,) = report.rejected
    assert refusal.where == "date_garbled.txt line 27"
    assert isinstance(refusal, Refusal)
    assert "N@v 24" in refusal.why
    assert (await store.summary()).papers == 3


async def test_votes_that_grew_between_two_visits_update_the_paper(store: PaperStore, tmp_path: Path):
    await import_files(store, [saved(tmp_path, PAGE)])
    report = await import_files(store, [saved(tmp_path, PAGE.replace("Feb 2 5", "Feb 2 6"))])
    assert report == Report(read=1, updated=1)
    (paper,) = await store.by_title("On Bees")
    assert paper.comments == 6


async def test_a_shorter_account_of_a_paper_loses_nothing_that_is_known(store: PaperStore, tmp_path: Path):
    await import_files(store, [saved(tmp_path, PAGE)])
    bare = "Daily Papers\n\nMar 14\n\nOn Bees\n\nBees are many.\n"
    assert await import_files(store, [saved(tmp_path, bare)]) == Report(read=1, unchanged=1)
    (paper,) = await store.by_title("On Bees")
    assert (paper.authors_count, paper.published, paper.comments) == (6, date(2025, 2, 2), 5)


async def test_an_unreadable_file_is_named_and_leaves_the_store_as_it_was(
    store: PaperStore, fixture_path: FixturePath, tmp_path: Path
):
    letter = saved(tmp_path, "Dear Ada,\n\nthe bees are well.\n", "letter.txt")
    with pytest.raises(UnreadableSourceError, match=r"^letter\.txt .*expected a title.*stopped at line"):
        await import_files(store, [fixture_path("another_search"), letter])
    assert (await store.summary()).papers == 0


async def test_an_empty_file_is_said_to_be_empty(store: PaperStore, tmp_path: Path):
    with pytest.raises(UnreadableSourceError, match="empty"):
        await import_files(store, [saved(tmp_path, "")])


async def test_no_files_are_no_papers(store: PaperStore):
    assert await import_files(store, []) == Report()


async def test_a_file_that_is_not_there_and_a_folder_are_refused_in_words(store: PaperStore, tmp_path: Path):
    with pytest.raises(UnreadableSourceError, match="No such file"):
        await import_files(store, [tmp_path / "missing.txt"])
    with pytest.raises(UnreadableSourceError, match="directory"):
        await import_files(store, [tmp_path])


async def test_a_file_that_is_not_utf_8_is_refused_with_the_line(store: PaperStore, tmp_path: Path):
    with pytest.raises(UnreadableSourceError, match="line 9 is not UTF-8"):
        await import_files(store, [saved(tmp_path, PAGE.encode().replace("•".encode(), b"\x95"))])
    with pytest.raises(UnreadableSourceError, match="line 1 is not UTF-8"):
        await import_files(store, [saved(tmp_path, PAGE.encode("utf-16"))])


async def test_the_line_that_is_not_utf_8_is_right_behind_a_byte_order_mark_too(
    store: PaperStore, tmp_path: Path
):
    page = codecs.BOM_UTF8 + PAGE.encode().replace(b"Bees are", b"\x95es are")
    with pytest.raises(UnreadableSourceError, match="line 7 is not UTF-8"):
        await import_files(store, [saved(tmp_path, page)])


async def test_a_byte_order_mark_is_no_part_of_the_page(store: PaperStore, tmp_path: Path):
    bare = codecs.BOM_UTF8 + PAGE.partition("Mar 14\n\n")[2].encode()
    await import_files(store, [saved(tmp_path, bare)])
    assert len(await store.by_title("On Bees")) == 1


async def test_the_day_a_person_names_gives_the_year(store: PaperStore, tmp_path: Path):
    await import_files(store, [saved(tmp_path, PAGE)], visited=date(2022, 3, 14))
    (paper,) = await store.by_title("On Bees")
    assert paper.published == date(2022, 2, 2)


async def test_the_day_a_person_names_holds_whatever_years_the_page_prints(store: PaperStore, tmp_path: Path):
    old = [f"Old {n}\n\nBees were many.\n\n  • 6 authors\n·\nMay {n}, 2021\n" for n in range(1, 10)]
    page = saved(tmp_path, "\n".join([PAGE, *old]))
    await import_files(store, [page], visited=date(2025, 3, 14))
    (paper,) = await store.by_title("On Bees")
    assert paper.published == date(2025, 2, 2)


async def test_a_number_that_no_database_holds_costs_one_record_at_most(store: PaperStore, tmp_path: Path):
    page = PAGE + f"\nOn Bears\n\nBears are few.\n\n  • {10**20} authors\n·\nFeb 1\n"
    await import_files(store, [saved(tmp_path, page)])
    assert len(await store.by_title("On Bees")) == 1


async def test_of_very_many_refusals_the_first_are_listed_and_all_are_counted(
    store: PaperStore, tmp_path: Path
):
    lines = '{"title": "On Bees"}\n' + "{}\n" * 12_000
    report = await import_files(store, [saved(tmp_path, lines, "papers.jsonl")])
    assert (report.read, report.new, report.refused) == (12_001, 1, 12_000)
    assert len(report.rejected) == 10_000
