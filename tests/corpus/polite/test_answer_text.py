import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.polite.answer_text import first_words, pause_asked
from tests.runaway import no_runaway


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", ""),
        ("Rate exceeded.\n", "Rate exceeded."),
        ('{"error": "Invalid date"}', '{"error": "Invalid date"}'),
        ("<html><head><title>403</title><style>p{}</style></head><p>Forbidden<br>here", "Forbidden here"),
        ("<feed><title>ArXiv Query: id=1</title><summary type='t'>bad id</summary></feed>", "bad id"),
        ("see https://arxiv.org/x?key=secret#y for more", "see https://arxiv.org/x for more"),
        ("a\x00b\x1b[31mc\N{RIGHT-TO-LEFT OVERRIDE}d", "a b [31mc d"),
    ],
)
def test_a_refusal_is_told_by_its_words(body, words):
    assert first_words(body) == words


def test_a_long_refusal_is_cut():
    assert first_words("word " * 1_000) == "word " * 39 + "word…"


@pytest.mark.parametrize("piece", ["<", "<script>", "<summary>", "</", "https://", "&#", " "])
def test_a_refusal_made_to_be_slow_is_not(piece):
    with no_runaway():
        first_words(piece * 1_000_000)


@given(st.text())
def test_any_refusal_makes_one_short_line(body):
    words = first_words(body)
    assert len(words) <= 200
    assert words.isprintable()


@given(
    st.text()
    | st.from_regex(r"\A[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{1,5} \d\d:\d\d:\d\d [A-Z+0-9-]{0,6}\Z")
)
def test_any_retry_after_is_some_seconds_or_nothing(value):
    pause = pause_asked(value, now=1.8e9)
    assert pause is None or pause >= 0


@pytest.mark.parametrize("value", ["soon", "-5", "1.5", "", "Mon, 99 Nov 2026", "\N{SUPERSCRIPT TWO}"])
def test_a_retry_after_that_nobody_understands_says_nothing(value):
    assert pause_asked(value, now=0.0) is None


def test_a_date_gone_by_asks_for_no_pause():
    assert pause_asked("Mon, 23 Nov 2026 12:00:00 GMT", now=4e9) == 0
