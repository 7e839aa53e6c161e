"""LaTeX remains become readable; text without them is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.latex import readable

# Everything but backslashes; dollars and the words that lost their backslash have tests of their own.
PLAIN = st.text(st.characters(codec="utf-8", exclude_characters="\\$")).filter(
    lambda text: not any(word in text for word in ("times", "approx", "sim", "pm", "geq", "leq"))
)


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        (r"na\"{\i}vely", "naïvely"),
        (r"G\"odel and Erd\H{o}s", "Gödel and Erdős"),
        (r"10-30\% of", "10-30% of"),
        (r"{\Lambda}-shaped", "Λ-shaped"),
        (r"R\&D \#1 \_x", "R&D #1 _x"),
        ("8times faster, 3.5times smaller", "8× faster, 3.5× smaller"),
        ("approx60% of sim9 million", "≈60% of ~9 million"),
        ("3pm0.5, geq7, leq8", "3±0.5, ≥7, ≤8"),
        (r"$\alpha$-stable", "α-stable"),
        (r"100$\times$ faster and 20% better", "100× faster and 20% better"),
        (r"$\mathcal{O}(n^2)$ time", "𝒪(n^2) time"),
        (r"\emph{very} \textbf{bold}", "very bold"),
        (r"costs \$5 or $6", "costs $5 or $6"),
        (r"~9 million, 50\%, R&D, #1", "~9 million, 50%, R&D, #1"),
    ],
)
def test_latex_remains_are_readable(raw: str, plain: str):
    assert readable(raw) == plain


@pytest.mark.parametrize(
    "text",
    [
        "at least four times, or even eight times longer",
        "sim2real and simple, approximately timeless",
        "20% of Q4_0 & Q5_K -- ~9 million for $5 or $6 #1",
        "{'a': [1, 2]} `code` ``quoted'' 2^10 x_1",
        "O(n) <cit.> — naïve “quotes” 关于 🤗",
        "at 3pm we met",
    ],
)
def test_text_without_latex_is_left_alone(text: str):
    assert readable(text) == text


@given(PLAIN)
def test_text_without_latex_is_unchanged_but_for_whitespace(text: str):
    assert readable(text) == " ".join(text.split())


@given(st.text(alphabet="ab \\{}$%^_&~#\"'`-10", max_size=40).filter(lambda text: "\\" in text))
def test_any_remains_give_one_line_of_text(text: str):
    assert "\n" not in readable(text)


@given(st.text(max_size=40))
def test_readable_text_reads_the_same_again_where_no_remains_are_left(text: str):
    once = readable(text)
    if "\\" not in once and "$" not in once:
        assert readable(once) == once


def test_a_percent_sign_within_a_formula_does_not_eat_the_rest_of_the_abstract():
    assert readable(r"It gains $\approx 10%$ over the best. It is open.").endswith("It is open.")


@pytest.mark.parametrize(
    "text",
    ["It falls from $3 per 10^6 tokens to $1 each.", "From $5 for Q4_0 to $9 for all."],
)
def test_two_prices_are_not_a_formula(text: str):
    assert readable(text) == text


@pytest.mark.parametrize(
    ("raw", "kept"),
    [(r"in C:\Users\name as \% is", "Users"), (r"the \methodname works", "methodname")],
)
def test_an_unknown_macro_leaves_its_name_behind(raw: str, kept: str):
    assert kept in readable(raw)


def test_a_formula_of_one_letter_loses_its_dollars():
    assert readable(r"where $n$ is \emph{large}") == "where n is large"


@pytest.mark.parametrize("raw", [r"see \href{https://a.org}{here}", r"see \href", r"see \sqrt"])
def test_a_macro_that_pylatexenc_fails_at_never_fails_the_paper(raw: str):
    assert readable(raw).startswith("see")


@pytest.mark.parametrize("raw", [r"see \frac", r"see \url"])
def test_a_macro_without_its_argument_shows_no_template(raw: str):
    assert "%s" not in readable(raw)


def test_a_thousand_open_braces_never_fail():
    assert isinstance(readable("\\% " + "{" * 3000), str)
