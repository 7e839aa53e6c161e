"""A name that a paper does not have gives away that it does not answer; an ordinary word does not."""

import pytest

from retrieval.names import foreign_names

TEXT = "XGrammar runs on NVIDIA GPUs with Llama-2-7B. Windows of attention."


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("does XGrammar run on Linux?", ["Linux"]),
        ("does XGrammar run on Windows?", []),
        ("is it fast on an Apple Watch?", ["Apple", "Watch"]),
        ("how good is it on GSM8K?", ["GSM8K"]),
        ("how fast is it on the GPU?", []),
        ("Linux?", []),  # the first word has a capital anyway
        ("How Does The Engine Decode Long Structured Outputs", []),  # so has every word of a title
        ("", []),
    ],
)
def test_names_that_the_paper_does_not_have(question: str, names: list[str]):
    assert foreign_names(question, TEXT) == names
