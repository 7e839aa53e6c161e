"""/paper and /similar."""

import pytest

from .conftest import Stage
from .reading import buttons, text, titles

SPECMEMO = "SpecMemo: Speculative Decoding is in Your Pocket"


@pytest.mark.parametrize(
    "given",
    [
        "2506.01986",
        "2506.01986v2",
        "arXiv:2506.01986",
        "https://arxiv.org/abs/2506.01986v1",
        "https://arxiv.org/pdf/2506.01986",
        "https://huggingface.co/papers/2506.01986",
        SPECMEMO,
        SPECMEMO.upper(),
        "SpecMemo",
    ],
)
async def test_a_paper_is_shown_by_id_link_or_title(stage: Stage, given: str):
    card = (await stage.ada.slash(stage.channel, "paper", paper=given)).response
    assert card is not None
    assert titles(card.components) == [SPECMEMO]
    shown = text(card.components)
    assert shown.count("speculative decoding") > 3, "the whole abstract is there"
    assert set(buttons(card.components)) == {"Similar", "Share"}


async def test_code_found_in_the_abstract_is_linked_and_its_bare_address_is_not(stage: Stage):
    card = (await stage.ada.slash(stage.channel, "paper", paper="2505.01658")).response
    assert card is not None
    address = "https://github.com/sihyeong/Awesome-LLM-Inference-Engine"
    assert f"[Code]({address})" in text(card.components)
    assert f"`{address}`" in text(card.components)


async def test_an_unknown_count_is_not_shown_as_zero(stage: Stage):
    card = (await stage.ada.slash(stage.channel, "paper", paper="2510.08666")).response
    assert card is not None
    assert "💬" not in text(card.components)
    assert "▲" not in text(card.components)
    assert "author" not in text(card.components).split("\n")[1]


async def test_a_paper_without_an_arxiv_id_links_to_a_search_for_its_title(stage: Stage):
    card = (await stage.ada.slash(stage.channel, "paper", paper="DeepPeep")).response
    assert card is not None
    assert "https://huggingface.co/papers?q=DeepPeep" in text(card.components)
    assert "arxiv.org" not in text(card.components)
    similar = (await stage.ada.click(card, label="Similar")).response
    assert similar is not None
    assert "DeepPeep: Exploiting" not in titles(similar.components)


async def test_autocomplete_offers_titles_by_their_words_and_gives_ids(stage: Stage):
    choices = await stage.ada.autocomplete(stage.channel, "paper", "paper", "specul dec")
    assert {"name": SPECMEMO, "value": "2506.01986"} in [
        {"name": choice["name"], "value": choice["value"]} for choice in choices
    ]
    assert len(await stage.ada.autocomplete(stage.channel, "similar", "paper", "")) == 25
    [by_id] = await stage.ada.autocomplete(stage.channel, "paper", "paper", "2506.019")
    assert by_id["name"] == SPECMEMO
    assert all(
        len(choice["name"]) <= 100
        for choice in await stage.ada.autocomplete(stage.channel, "paper", "paper", "a")
    )


@pytest.mark.simcord(check_errors=False)
async def test_something_that_is_no_paper_gets_words_that_help(stage: Stage):
    unknown = (await stage.ada.slash(stage.channel, "paper", paper="zzz nothing")).response
    assert unknown is not None
    assert "Choose one from the list" in text(unknown.components)
    elsewhere = (await stage.ada.slash(stage.channel, "paper", paper="1706.03762")).response
    assert elsewhere is not None
    assert "1706.03762 is not in this corpus" in text(elsewhere.components)
    several = (await stage.ada.slash(stage.channel, "paper", paper="speculative decoding")).response
    assert several is not None
    assert "Did you mean" in text(several.components)
    assert "(2506.01986)" in text(several.components)


async def test_similar_papers_leave_the_paper_itself_out(stage: Stage):
    answer = (await stage.ada.slash(stage.channel, "similar", paper="2506.01986")).response
    assert answer is not None
    assert f"Most like **{SPECMEMO}**, of 52 papers" in text(answer.components)
    assert SPECMEMO not in titles(answer.components)
    assert len(titles(answer.components)) == 5


@pytest.mark.simcord(check_errors=False)
async def test_a_blank_paper_is_no_paper(stage: Stage):
    answer = (await stage.ada.slash(stage.channel, "paper", paper="  ")).response
    assert answer is not None
    assert "No paper here has that title" in text(answer.components)


async def test_a_paper_can_be_shared(stage: Stage):
    private = (await stage.ada.slash(stage.channel, "paper", paper="2506.01986")).response
    assert private is not None
    [public] = (await stage.ada.click(private, label="Share")).followups
    assert not public.ephemeral
    assert titles(public.components) == [SPECMEMO]
    assert "Share" not in buttons(private.components)
