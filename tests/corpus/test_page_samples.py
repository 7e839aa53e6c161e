"""Pages that others saved as Markdown or exported: what a person counts in them."""

from datetime import date
from pathlib import Path

import pytest

from corpus.sources.daily_papers_page import parse_page
from corpus.sources.reading import Reading
from tests.conftest import SHARED

PAGES = SHARED / "samples" / "hf_page_text"
pytestmark = pytest.mark.skipif(not PAGES.exists(), reason=f"there are no saved pages in {PAGES}")


def read(name: str) -> Reading:
    reading = parse_page(Path(PAGES / f"{name}.excerpt.md").read_text("utf-8"), today=date(2026, 11, 24))
    assert reading.rejected == ()
    return reading


def test_the_search_saved_as_markdown_has_three_papers():
    facts = [
        (one.arxiv_id, one.upvotes, one.organisation, one.authors_count, one.published, one.comments)
        for one in read("search_firecrawl_markdown").accounts
    ]
    assert facts == [
        ("2606.00683", 101, "OCC", None, date(2026, 5, 29), 6),
        ("2502.20581", None, None, 3, date(2025, 2, 27), None),
        ("2609.00319", None, None, 10, date(2026, 8, 30), None),
    ]


def test_titles_and_abstracts_of_the_markdown_are_whole_and_bare():
    first, second, third = read("search_firecrawl_markdown").accounts
    assert second.title == (
        "The Noisy Path from Source to Citation: Measuring How Scholars Engage with Past Research"
    )
    assert first.abstract.startswith("Recent progress in the development")
    assert first.abstract.endswith("and refusal (MuSiQue-Un) benchmarks.")
    assert second.abstract.startswith(
        "Academic citations are widely used for evaluating research and tracing knowledge"
    )
    assert second.abstract.endswith("and the potential for distortion of evidence.")
    assert third.abstract.endswith("auditing generative health search.")
    assert not [one for one in (first, second, third) if {"\\", "[", "]"} & set(one.title + one.abstract)]


def test_the_search_exported_by_a_notebook_has_two_papers():
    facts = [
        (
            one.arxiv_id,
            one.title,
            one.upvotes,
            one.organisation,
            one.authors_count,
            one.published,
            one.comments,
        )
        for one in read("search_notebook_export").accounts
    ]
    assert facts == [
        (
            "2104.13100", "Shellcode_IA32: A Dataset for Automatic Shellcode Generation",
            None, None, 6, date(2021, 4, 26), None,
        ),
        ("2510.21057", "Soft Instruction De-escalation Defense", 5, "Google", None, date(2025, 10, 23), 1),
    ]  # fmt: skip


def test_the_trending_papers_are_three_each_told_once_with_a_models_words_and_no_abstract():
    accounts = read("trending_text").accounts
    assert [(one.title, one.authors_count, one.stars, one.links, one.abstract) for one in accounts] == [
        (
            "Agent Lightning: Train ANY AI Agents with Reinforcement Learning",
            8, 11_300, ("https://github.com/microsoft/agent-lightning",), "",
        ),
        (
            "ShapeR: Robust Conditional 3D Shape Generation from Casual Captures",
            None, 476, ("https://github.com/facebookresearch/ShapeR",), "",
        ),
        (
            "SmolDocling: An ultra-compact vision-language model for end-to-end multi-modal document conversion",
            None, 50_800, ("https://github.com/docling-project/docling",), "",
        ),
    ]  # fmt: skip
    assert [(one.summary or "")[:24] for one in accounts] == [
        "Agent Lightning is a fle",
        "ShapeR generates high-fi",
        "SmolDocling is a compact",
    ]
    assert (accounts[2].summary or "").endswith("a new markup format.")
