"""How long a question takes from end to end, beside the sum of its unavoidable parts, each timed alone.

The parts of a question are timed right after it, so that whatever else slows the machine slows both. They are: encoding
it with every encoder; the text index's query; the graph's query of the same depth or, where it is filtered, the scan of
the papers that pass; finding out which pass; reading the sentences that the verdict looks at. What the search has to
do beside them (finding words to add, fusing, judging, handing over between threads) is no part of the sum.
"""

from dataclasses import dataclass

from bot.bench.figures import Figure, Target, p50, p95
from bot.bench.questions import NARROWINGS, Asked, Questions
from bot.bench.stopwatch import Stopwatch
from bot.library import ResultList
from bot.wiring import Parts
from retrieval.finder import JUDGED, Found
from retrieval.query_filters import Filters
from retrieval.question import topic_of
from retrieval.search import CANDIDATES, Ask

STEP = "find"
_WARMING = 20  # questions before the first that counts
_AT_MOST = 200  # questions of a kind
_UNFILTERED = "unfiltered"
_TO_ITS_PARTS = Target(1.5)
_TO_UNFILTERED = Target(2.0)


@dataclass(frozen=True, slots=True)
class Times:
    """Of one kind of question, in milliseconds: the whole, the sums of the parts, each part, and the page of cards."""

    whole: list[float]
    sums: list[float]
    parts: dict[str, list[float]]
    page: list[float]


async def measure(parts: Parts, questions: Questions, papers: int) -> list[Figure]:
    """Every kind of question, one reader at a time."""
    for asked in questions.take(min(_WARMING, papers // 5)):
        await parts.finder.find(_ask(parts, asked, Filters()))
    count = min(_AT_MOST, papers)
    taken = {
        _UNFILTERED: await _times(parts, [(asked, Filters()) for asked in questions.take(count)]),
    }
    for narrowing in NARROWINGS:
        asked = questions.take(count, lambda paper, of=narrowing.of: of(paper) is not None)
        filtered = [(one, filters) for one in asked if (filters := narrowing.of(one.paper))]
        if filtered:
            taken[narrowing.name] = await _times(parts, filtered)
    return [figure for name, times in taken.items() for figure in figures(name, times, taken, papers)]


def figures(name: str, times: Times, every: dict[str, Times], papers: int) -> list[Figure]:
    """What is said of one kind of question among all."""
    told = [
        Figure(
            STEP,
            f"find, {name}, {share.__name__}",
            papers,
            share(times.whole),
            "ms",
            "its parts alone",
            share(times.sums),
            _TO_ITS_PARTS,
        )
        for share in (p50, p95)
    ]
    if name != _UNFILTERED:
        told.append(
            Figure(
                STEP,
                f"find, {name}, p95 to unfiltered",
                papers,
                p95(times.whole),
                "ms",
                "unfiltered p95",
                p95(every[_UNFILTERED].whole),
                _TO_UNFILTERED,
            )
        )
    told += [
        Figure(STEP, f"part of {name}: {part}, p50", papers, p50(taken), "ms")
        for part, taken in times.parts.items()
    ]
    return [*told, Figure(STEP, f"page of cards, {name}, p50", papers, p50(times.page), "ms")]


async def _times(parts: Parts, questions: list[tuple[Asked, Filters]]) -> Times:
    whole, alone, page = Stopwatch(), Stopwatch(), Stopwatch()
    for asked, filters in questions:
        found = await whole.of_waiting("find", parts.finder.find(_ask(parts, asked, filters)))
        await _parts_alone(parts, alone, asked.words, filters, found)
        ranking = found.ranking
        listed = ResultList("find", asked.words, found.found, ranking.hits, topic=ranking.topic)
        await page.of_waiting("page", parts.library.page(listed, 0))
    return Times(whole.times["find"], alone.sums(), alone.times, page.times["page"])


async def _parts_alone(parts: Parts, watch: Stopwatch, words: str, filters: Filters, found: Found) -> None:
    indexes, topic = parts.indexes, topic_of(words)
    extras = found.ranking.extras
    vectors = watch.of("encode", lambda: parts.ensemble.encode_questions([topic]))
    watch.of("text query", lambda: indexes.texts.matching(topic, CANDIDATES, extras=extras, filters=filters))
    if filters:
        passing = watch.of("filter", lambda: indexes.texts.selected(filters))
        watch.of("scan", lambda: indexes.rows.nearest(vectors, CANDIDATES, among=passing))
    else:
        watch.of("graph query", lambda: indexes.nearest(vectors, CANDIDATES))
    best = map(indexes.rows.content_hash, (hit.paper_id for hit in found.ranking.hits[:JUDGED]))
    read = parts.vectors.sentences(parts.ensemble.sentence_encoder.model.key, [one for one in best if one])
    await watch.of_waiting("sentences", read)


def _ask(parts: Parts, asked: Asked, filters: Filters) -> Ask:
    return Ask(asked.query(filters), parts.settings.retrieval.results)
