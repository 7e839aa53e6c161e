"""What a question asks for, what a sentence states, and which paper a question names."""

import pytest

from retrieval.names import calls_by_name, coined, foreign_names, title_names
from retrieval.sought import sought_by
from retrieval.statements import Aspect, stated


def nothing_known(_word: str) -> bool:
    return False


@pytest.mark.parametrize(
    ("question", "answers", "does_not"),
    [
        (
            "which GPUs was it measured on?",
            "On P100 and P4000 GPUs it holds.",
            "It runs on GPUs in the cloud.",
        ),
        ("how many watts does it draw?", "It draws 11.5 W.", "It has a 4.07x energy efficiency."),
        ("how much memory does it take?", "It consumes only 8GB of memory.", "It runs on a A100 40GB GPU."),
        ("how many times faster is it?", "It is 9.3x faster than others.", "It saves memory by 3.5×."),
        ("seqdialn ndcg?", "It achieves 62.54% NDCG.", "It achieves 62.54% accuracy."),
        ("how long does training take?", "Training takes 3 hours.", "Training is short."),
        ("what license does it have?", "It is under the MIT license.", "It is open-source."),
        ("how many tokens per second?", "It exceeds 20 tokens/s on CPUs.", "It is 2x faster."),
        ("in which languages was it tried?", "It was tried on English and Urdu.", "It was tried on text."),
    ],
)
def test_a_question_for_some_kind_of_thing_is_answered_by_a_sentence_that_states_it(
    question: str, answers: str, does_not: str
):
    sought = sought_by(question)[0]
    assert sought.fit(answers) == 1.0
    assert sought.fit(does_not) == 0.0


def test_a_number_of_something_else_is_half_of_what_is_asked():
    sought = sought_by("how many models were compared?")[0]
    assert sought.fit("We compare 20 large models.") == 1.0
    assert sought.fit("We compare 4 datasets.") == 0.5
    assert sought.fit("We compare datasets.") == 0.0
    assert sought.fit("(1) We compare GPT-4 at 50%.") == 0.0, "list marks, names and shares count nothing"


@pytest.mark.parametrize("question", ["why is it slow?", "how does it work", "speculative decoding", ""])
def test_most_questions_ask_for_no_kind_of_thing(question: str):
    assert sought_by(question) == []


def test_two_things_are_told_apart():
    kinds = sought_by("how fast is it, and how much memory does it need?")
    assert {aspect for kind in kinds for aspect in kind.aspects} == {"speed-up", "memory"}


@pytest.mark.parametrize(
    ("aspect", "sentence", "expected"),
    [
        ("speed-up", "We reduce the memory by 3.5×, achieving 3.0× speedup.", ["3.0×"]),
        ("memory", "We reduce the memory by 3.5×, achieving 3.0× speedup.", ["3.5×"]),
        ("speed-up", "It is 2.25x and 2.43x faster.", ["2.25x and 2.43x"]),
        ("score", "The accuracy rises by 6.1%.", ["6.1%"]),
        ("speed-up", "The accuracy rises by 6.1%.", []),
        ("model size", "A Llama2-7B and our 32B model, not 4 bits.", ["Llama2-7B", "32B"]),
        ("hardware", "We use a single NVIDIA A100 GPU and memory.", ["single NVIDIA A100 GPU"]),
        ("data", "It is evaluated on GSM8k and the BEIR benchmark.", ["GSM8k", "BEIR"]),
        ("code", "Models are rarely open-sourced.", []),
        ("code", "The code will be publicly available.", ["code will be publicly available"]),
    ],
)
def test_figures_and_names_are_read_from_sentences(aspect: Aspect, sentence: str, expected: list[str]):
    assert [sentence[slice(*one.span)].strip() for one in stated(aspect, sentence)] == expected


def test_a_title_names_its_subject():
    assert title_names("SpecMemo: Speculative Decoding is in Your Pocket") == ("SpecMemo",)
    assert title_names("Hogwild! Inference: Parallel Generation") == ("Hogwild",)
    assert title_names("Qwen2.5-1M Technical Report") == ("Qwen2.5-1M",)
    assert title_names("An Evaluation of Large Language Models on Text Summarization") == ()
    assert title_names("") == ()


@pytest.mark.parametrize("typed", ["PowerInfer-2", "powerinfer-2's", "powerinfer2?", "(PowerInfer 2)"])
def test_a_paper_is_named_in_any_spelling(typed: str):
    assert calls_by_name(f"how fast is {typed} really", "PowerInfer-2: Fast Inference", nothing_known)


def test_a_name_that_is_an_ordinary_word_must_be_written_as_the_title_writes_it():
    title = "GReaTer: Gradients over Reasoning"
    assert calls_by_name("how good is GReaTer", title, "greater".__eq__)
    assert not calls_by_name("is the speed greater", title, "greater".__eq__)
    assert not calls_by_name("nothing of it", title, nothing_known)


def test_names_that_a_paper_does_not_have_are_told():
    text = "SpecMemo runs Llama-2-70B on GPUs with MT-Bench."
    assert foreign_names("AWQ or GPTQ at 3 bits?", text) == ["AWQ", "GPTQ", "3"]
    assert foreign_names("does specmemo run Llama-2 on the GPU, on MT-Bench?", text) == []
    assert coined("SpecMemo and GSM8k of a Titan") == ["SpecMemo", "GSM8k"]
