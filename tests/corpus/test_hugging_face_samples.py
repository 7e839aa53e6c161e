"""Days of Hugging Face's API as others recorded them, each counted here a second time, by hand."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from corpus.account import Account
from corpus.sources.hugging_face_json import parse_json, recognises
from corpus.sources.reading import Reading
from corpus.sources.source import Context
from tests.conftest import SHARED

DAYS = SHARED / "samples" / "hf_daily"
RECORDED = sorted(DAYS.glob("*.json"))
BROKEN = {"2024-12-11": 26, "2025-01-10": 9}  # the archiver wrote Python's notation
WHOLE = [file for file in RECORDED if file.stem not in BROKEN]
CONTEXT = Context(date(2026, 11, 23))

pytestmark = pytest.mark.skipif(not RECORDED, reason=f"there are no recorded days in {DAYS}")
each_whole_day = pytest.mark.parametrize("file", WHOLE, ids=lambda file: file.stem)


def reading_of(file: Path) -> Reading:
    return parse_json(file.read_text("utf-8"), CONTEXT)


def pairs(file: Path) -> list[tuple[dict[str, Any], Account]]:
    """What stands in the file beside what was read of it."""
    return list(zip(json.loads(file.read_text("utf-8")), reading_of(file).accounts, strict=True))


def test_the_recorded_days_hold_241_papers_in_twelve_files():
    ids = [account.arxiv_id for file in WHOLE for account in reading_of(file).accounts]
    assert (len(WHOLE), len(ids), len(set(ids))) == (12, 241, 241)


@each_whole_day
def test_every_record_of_a_recorded_day_is_a_paper(file: Path):
    reading = reading_of(file)
    records = json.loads(file.read_text("utf-8"))
    assert reading.rejected == ()
    assert [account.arxiv_id for account in reading.accounts] == [record["paper"]["id"] for record in records]


@each_whole_day
def test_titles_and_abstracts_keep_every_character(file: Path):
    for record, account in pairs(file):
        assert (account.title, account.abstract) == (record["paper"]["title"], record["paper"]["summary"])


@each_whole_day
def test_votes_comments_and_stars_add_up(file: Path):
    records = json.loads(file.read_text("utf-8"))
    accounts = reading_of(file).accounts
    assert sum(account.upvotes or 0 for account in accounts) == sum(r["paper"]["upvotes"] for r in records)
    assert sum(account.comments or 0 for account in accounts) == sum(r["numComments"] for r in records)
    stars = [r["paper"]["githubStars"] for r in records if "githubStars" in r["paper"]]
    assert [account.stars for account in accounts if account.stars is not None] == stars


@each_whole_day
def test_every_author_is_named_in_order_hidden_or_not(file: Path):
    for record, account in pairs(file):
        names = [author["name"] for author in record["paper"]["authors"]]
        assert (list(account.authors), account.authors_count) == (names, len(names))


@each_whole_day
def test_code_projects_media_and_thumbnails_are_all_kept(file: Path):
    for record, account in pairs(file):
        paper = record["paper"]
        assert list(account.links) == ([paper["githubRepo"]] if "githubRepo" in paper else [])
        assert account.project == paper.get("projectPage")
        assert list(account.media) == record.get("mediaUrls", [])
        assert account.thumbnail == (record.get("thumbnail") or record["mediaUrl"])


@each_whole_day
def test_summaries_keywords_and_organisations_are_all_kept(file: Path):
    for record, account in pairs(file):
        paper = record["paper"]
        assert account.summary == paper.get("ai_summary")
        assert set(account.keywords) == set(paper.get("ai_keywords", []))
        assert account.organisation == paper.get("organization", {}).get("fullname")


@each_whole_day
def test_a_paper_is_listed_on_the_day_of_the_file_and_published_before(file: Path):
    for record, account in pairs(file):
        assert account.published
        assert account.published.isoformat() == record["paper"]["publishedAt"][:10]
        assert account.published <= date.fromisoformat(file.stem)
        assert account.listed == (
            date.fromisoformat(file.stem) if "submittedOnDailyAt" in record["paper"] else None
        )


@pytest.mark.parametrize(("day", "records"), BROKEN.items())
def test_a_broken_day_is_refused_record_by_record(day: str, records: int):
    reading = reading_of(DAYS / f"{day}.json")
    assert reading.accounts == ()
    assert [rejected.where for rejected in reading.rejected] == [f"record {n + 1}" for n in range(records)]
    assert all(
        rejected.why.startswith("is a text, not an object; it begins “{'paper': {'id': '")
        for rejected in reading.rejected
    )


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.stem)
def test_every_recorded_day_is_recognised_by_its_beginning(file: Path):
    assert recognises(file.read_text("utf-8")[:2000])


@pytest.mark.parametrize("folder", ["acl_xml", "arxiv_atom", "arxiv_jsonl", "arxiv_rss", "hf_page_text"])
def test_no_other_recorded_text_is_taken_for_hugging_faces(folder: str):
    files = list((SHARED / "samples" / folder).iterdir())
    assert files
    assert not [file.name for file in files if recognises(file.read_text("utf-8")[:4000].lstrip())]
