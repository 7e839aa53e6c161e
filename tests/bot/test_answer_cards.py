"""Answers, comparisons and summaries keep Discord's limits, quote whole sentences, and nothing in them acts."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import custom_ids
from bot.cards.answers import answer_view, draft_view, sources_view
from bot.cards.comparison import comparison_view
from bot.cards.replies import reply_view
from bot.cards.summaries import summaries_view
from bot.chat.answered import Answered, Compared
from bot.chat.replies import AnswerReply, Comparison, Shown, Summed
from bot.llm.claims import Claim
from corpus.paper import Paper
from retrieval.answer import Quoted
from retrieval.comparing import compare
from retrieval.summing_up import Summary

from .reading import buttons, parts, text, titles
from .test_cards import FULL, HOSTILE_PAPERS, PAPER, WORST, assert_within_limits, components
from .test_text import TEXTS, outside_code

_ID = "a-b_c"
_OURS = re.compile(r"^(?:### (?:\d+ · )?|-# |> )+|\*\*[^*]+\*\*|\*[a-z][^*]+\*|\]\(https://[!-~]+?\)")
SENTENCES = TEXTS | st.just(WORST)
CLAIMS = st.lists(st.builds(Claim, SENTENCES.filter(bool), st.just((1,))), max_size=8).map(tuple)


def papers(*made: Paper) -> list[Paper]:
    """With ids of their own."""
    return [replace(one, arxiv_id=f"2501.{place:05}", id="") for place, one in enumerate(made, start=1)]


def answer(*quoted: tuple[Paper, str], **more: Any) -> AnswerReply:
    known = {paper.id: paper for paper, _ in quoted}
    quotes = tuple(
        Quoted(number, paper.id, sentence) for number, (paper, sentence) in enumerate(quoted, start=1)
    )
    return AnswerReply(Answered("a question?", "a", "a question?", False, quotes, **more), known, _ID)


def refusal(*nearest: Paper, **more: Any) -> AnswerReply:
    misses = tuple(paper.id for paper in nearest)
    answered = Answered("a question?", "a", "a question?", True, misses=misses, corpus=52)
    return AnswerReply(replace(answered, **more), {paper.id: paper for paper in nearest}, _ID)


def pages(reply: AnswerReply) -> list[list[dict[str, Any]]]:
    shown = [components(answer_view(reply, number=0, shareable=True, is_slash=True))]
    count = next((label for label in buttons(shown[0]) if re.fullmatch(r"1/\d+", label)), "1/1")
    others = range(1, int(count.split("/")[1]))
    return shown + [
        components(answer_view(reply, number=number, shareable=True, is_slash=True)) for number in others
    ]


def assert_nothing_acts(shown: list[dict[str, Any]]) -> None:
    assert_within_limits(shown)
    ids = [part["custom_id"] for part in parts(shown) if "custom_id" in part]
    assert all(custom_ids.is_known(one) or one.startswith("nowhere:") for one in ids)
    for line in text(shown).split("\n"):
        bare = _OURS.sub("", outside_code(line))
        assert not re.search(r"://|<[@#:t]|@everyone|@here|discord\.gg/|www\.\w", bare, re.IGNORECASE), line
        assert not re.search(r"[*_`~|]", bare), line


@settings(max_examples=40, deadline=None)  # the worst texts take long
@given(
    st.lists(st.tuples(HOSTILE_PAPERS, st.lists(SENTENCES, min_size=1, max_size=4)), min_size=1, max_size=3),
    CLAIMS,
    SENTENCES,
)
def test_nothing_that_an_answer_shows_acts(
    told: list[tuple[Paper, list[str]]], claims: tuple[Claim, ...], words: str
):
    known = papers(*(paper for paper, _ in told))
    quoted = [
        (paper, sentence) for paper, (_, sentences) in zip(known, told, strict=True) for sentence in sentences
    ]
    reply = answer(*quoted, claims=claims, model=words, note=words)
    reply = replace(reply, answered=replace(reply.answered, question=words, searched=words))
    for shown in pages(reply):
        assert_nothing_acts(shown)
    for view in (draft_view(reply), sources_view(reply)):
        assert_nothing_acts(components(view))
    refused = refusal(*known, question=words, searched=words, note=words)
    for shown in pages(refused):
        assert_nothing_acts(shown)


@settings(max_examples=25, deadline=None)
@given(st.lists(HOSTILE_PAPERS, min_size=2, max_size=5), SENTENCES)
def test_nothing_that_a_comparison_or_a_summary_shows_acts(told: list[Paper], words: str):
    known = tuple(papers(*told))
    compared = Compared(tuple(paper.id for paper in known), unknown=(words,))
    comparison = Comparison(compared, known, compare(known), _ID)
    for number in range(4):
        assert_nothing_acts(components(comparison_view(comparison, number=number, shareable=True)))
    summary = Summary(words, None, words)
    summed = Summed(tuple((paper, summary) for paper in known[:3]))
    assert_within_limits(components(summaries_view(summed)))


def test_the_longest_answer_there_can_be_is_paged_and_every_sentence_of_it_is_shown():
    known = papers(*[replace(PAPER, **FULL)] * 3)
    sentences = [f"Sentence {number} {'of many words ' * 60}ends." for number in range(24)]
    quoted = [(known[number // 8], sentence) for number, sentence in enumerate(sentences)]
    claims = tuple(Claim(f"Claim {n} {'x' * 380}.", (n,)) for n in range(1, 9))
    shown = pages(answer(*quoted, claims=claims, model="m"))
    assert len(shown) > 1
    for page in shown:
        assert_within_limits(page)
    whole = "\n".join(text(page) for page in shown)
    for sentence in sentences:
        assert f"“{sentence}”" in whole, "whole, word for word"
    for claim in claims:
        assert claim.text in whole


def test_quotes_are_numbered_and_stand_with_their_paper():
    first, second = papers(replace(PAPER, title="First"), replace(PAPER, title="Second"))
    shown = text(
        components(answer_view(answer((first, "It is fast."), (second, "It is slow."), (first, "So."))))
    )
    assert shown.index("**[1]** “It is fast.”") < shown.index("**[3]** “So.”") < shown.index("[First]")
    assert shown.index("[First]") < shown.index("**[2]** “It is slow.”") < shown.index("[Second]")


def test_a_written_answer_says_so_and_cites_by_number():
    [paper] = papers(PAPER)
    reply = answer((paper, "It is 2x as fast."), claims=(Claim("It is twice as fast.", (1,)),), model="tiny")
    shown = text(components(answer_view(reply)))
    assert "It is twice as fast. **[1]**" in shown
    assert "Written by tiny" in shown
    assert "“It is 2x as fast.”" in shown


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "no sentence of these 52 papers answers “a question?”"),
        ({"corpus": 1}, "no sentence of this paper answers"),
        ({"asked": ("2501.00001",)}, "This paper's abstract does not say that."),
        ({"asked": ("2501.00001", "2501.00002")}, "The abstracts of these papers do not say that."),
        ({"note": "This looks like German."}, "-# This looks like German."),
    ],
)
def test_a_refusal_says_of_what(changes: dict[str, Any], words: str):
    assert words in text(components(answer_view(refusal(*papers(PAPER), **changes))))


def test_what_is_not_here_can_be_waited_for_but_not_what_one_paper_does_not_say():
    tell = "Tell me when one appears"
    assert tell in buttons(components(answer_view(refusal(*papers(PAPER)))))
    assert tell not in buttons(components(answer_view(refusal(*papers(PAPER), asked=("2501.00001",)))))


def test_only_the_answer_to_a_command_has_a_button_to_follow_up():
    [paper] = papers(PAPER)
    assert "Follow up" in buttons(components(answer_view(answer((paper, "So.")), is_slash=True)))
    assert "Follow up" not in buttons(components(reply_view(answer((paper, "So.")))))


def test_a_comparison_quotes_and_says_what_is_not_stated():
    fast = "We show a 2.3x speedup over vLLM on an A100 GPU. Code is available at https://github.com/a/b."
    told = papers(
        replace(PAPER, title="Fast", abstract=fast), replace(PAPER, title="Quiet", abstract="We muse.")
    )
    comparison = Comparison(Compared(tuple(one.id for one in told)), tuple(told), compare(told), _ID)
    shown = text(components(comparison_view(comparison)))
    assert "**Speed-up**\n1 · “We show a 2.3x speedup over vLLM on an A100 GPU.”\n2 · *not stated*" in shown
    assert re.search(r"\*\*Memory.*\*\*: \*not stated\* by any of them", shown)


def test_a_summary_can_be_one_sentence():
    [paper] = papers(PAPER)
    summary = Summary("It is hard.", "We do it.", "It works.")
    full = text(components(summaries_view(Summed(((paper, summary),)))))
    brief = text(components(summaries_view(Summed(((paper, summary),), "brief"))))
    assert all(sentence in full for sentence in ("It is hard.", "We do it.", "It works."))
    assert "We do it." in brief
    assert "It works." not in brief
    assert titles(components(summaries_view(Summed(((paper, summary),))))) == ["A Title"]


def test_every_custom_id_of_an_answer_is_read_back_as_it_was_written():
    for write, pattern in [
        (custom_ids.answer_page, custom_ids.ANSWER_PAGE),
        (custom_ids.share_answer, custom_ids.SHARE_ANSWER),
        (custom_ids.comparison_page, custom_ids.COMPARISON_PAGE),
        (custom_ids.share_comparison, custom_ids.SHARE_COMPARISON),
    ]:
        match = pattern.fullmatch(write(_ID, 3))
        assert match is not None
        assert (match["answer_id"], match["number"]) == (_ID, "3")
    assert custom_ids.FOLLOW_UP.fullmatch(custom_ids.follow_up(_ID))
    assert custom_ids.TELL_ME.fullmatch(custom_ids.tell_me(_ID))
    assert custom_ids.TELL_ME_OF_LIST.fullmatch(custom_ids.tell_me_of_list(_ID))


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_papers_of_the_worst_text_fit_a_message_however_they_are_shown(count: int):
    worst = papers(*[replace(PAPER, **FULL)] * count)
    assert_within_limits(components(reply_view(Shown(tuple(worst)), shareable=True)))
    summary = Summary(*[f"{WORST} {'long ' * 300}."] * 3)
    summed = Summed(tuple((paper, summary) for paper in worst[:3]))
    assert_within_limits(components(reply_view(summed)))
    for page in pages(refusal(*worst[:3], question=WORST, searched=WORST, note=WORST)):
        assert_within_limits(page)
    compared = Comparison(Compared(tuple(one.id for one in worst)), tuple(worst), compare(worst), _ID)
    for number in range(6):
        assert_within_limits(components(comparison_view(compared, number=number, shareable=True)))
