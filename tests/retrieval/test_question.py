"""What a question is about: the words that only ask for papers go, the topic stays word for word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.question import topic_of


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        (
            "Are there any papers that study quantization of key value caches?",
            "quantization of key value caches",
        ),
        ("could you list some works on soft prompts", "soft prompts"),
        ("I'm looking for research about sarcasm in NLP.", "sarcasm in NLP"),
        ("Which papers discuss the threat of gradient inversion?", "threat of gradient inversion"),
        ("please show me studies using graph neural networks", "graph neural networks"),
        ("where can I find details of ChatGLM?", "details of ChatGLM"),
    ],
)
def test_a_request_is_reduced_to_its_topic(question: str, topic: str):
    assert topic_of(question) == topic


@pytest.mark.parametrize(
    "question",
    [
        "speculative decoding on mobile",
        "0-dimensional biomaterials show inductive properties.",
        "attention is all you need",
        "on-device inference for phones",
    ],
)
def test_keywords_and_claims_stay_whole(question: str):
    assert topic_of(question) == question


@pytest.mark.parametrize("question", ["any papers?", "what is this about?", "??"])
def test_a_question_of_nothing_but_request_words_stays_whole(question: str):
    assert topic_of(question) == question


@given(st.text(min_size=1, max_size=400))
def test_a_topic_is_a_part_of_its_question(question: str):
    assert topic_of(question) in question
    if question.strip():
        assert topic_of(question)
