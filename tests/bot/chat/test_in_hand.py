"""What is said of papers in hand is told from what stands by itself."""

import pytest

from bot.chat.in_hand import asks_for_facts, refers_back, sides_of
from tests.runaway import no_runaway


@pytest.mark.parametrize("text", ["is it fast", "which one is faster?", "what do they use", "and the paper?"])
def test_words_for_what_was_spoken_of_refer_back(text: str):
    assert refers_back(text)


@pytest.mark.parametrize("text", ["how fast is MARLIN?", "and on a phone?", "quantization", ""])
def test_other_words_do_not(text: str):
    assert not refers_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "who wrote it?",
        "does it have code?",
        "where is the code",
        "when was it published?",
        "link?",
        "the pdf please",
    ],
)
def test_what_a_card_tells_is_asked_of_the_card(text: str):
    assert asks_for_facts(text)


@pytest.mark.parametrize("text", ["how fast is it?", "how much memory does it need", "which GPUs?", ""])
def test_what_an_abstract_says_is_not(text: str):
    assert not asks_for_facts(text)


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("compare it with MARLIN", ("it", "MARLIN")),
        ("can you compare MARLIN and GQSA?", ("MARLIN", "GQSA")),
        ("what's the difference between vLLM and TGI?", ("vLLM", "TGI")),
        ("how does EdgeMoE compare to LLMCad", ("EdgeMoE", "LLMCad")),
        ("compare", ()),
        ("how fast is MARLIN with vLLM?", ()),
        ("", ()),
    ],
)
def test_two_papers_are_compared_by_their_names(text: str, sides: tuple[str, ...]):
    assert sides_of(text) == sides


@pytest.mark.parametrize("piece", ["compare ", "with and ", "who did ", "is code "])
def test_no_text_takes_long(piece: str):
    with no_runaway():
        text = piece * 100_000
        refers_back(text)
        asks_for_facts(text)
        sides_of(text)
        sides_of(text[:300])
