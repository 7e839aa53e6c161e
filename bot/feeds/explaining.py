"""Why a paper is in a feed or not, what a feed would have posted, and which threshold lets enough through."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

from bot.errors import UnknownPaperError
from bot.feeds.assessing import Assessment, Assessor
from bot.feeds.composing import choose
from bot.feeds.delivery import lane_of, place_of
from bot.feeds.feed import Feed
from bot.feeds.judging import Candidate, Check, checks
from bot.feeds.news import Arrival, Newsstand
from bot.feeds.rehearsed import Judged, Rehearsed, Why
from bot.state.outbox import Outbox
from bot.state.posted import Posted, PostedPapers
from corpus.paper import Paper
from retrieval.topic_scores import DEFAULT_THRESHOLD, threshold_for

USUAL_A_DAY = 3.0
_MOST_KEPT_OUT = 10
_PASSED = {
    "more": "It fitted, but more papers came at once than this takes.",
    "old": "It fitted, but was older than what is caught up with after a pause.",
}
_STANDING = {"posted", "threading"}


class Explainer:
    """Explains the feeds of one database."""

    def __init__(
        self,
        newsstand: Newsstand,
        assessor: Assessor,
        posted: PostedPapers,
        outbox: Outbox,
        clock: Callable[[], datetime],
    ) -> None:
        self._newsstand = newsstand
        self._assessor = assessor
        self._posted = posted
        self._outbox = outbox
        self._clock = clock

    async def why(self, feed: Feed, paper: Paper) -> Why:
        """Rule by rule, whether this paper is for this feed, and where it was posted. Raises UnknownPaperError."""
        arrivals = await self._newsstand.arrivals([paper.id])
        if not arrivals:
            raise UnknownPaperError("Nothing is known of how this paper came.")
        assessment = await self._assessor.assess([feed], arrivals, today=self._clock().date())
        found = _checks(feed, assessment, assessment.candidate(feed, arrivals[0]))
        rules = tuple((check.holds, check.words) for check in found)
        failed = next((check for check in found if not check.holds), None)
        posted, url = await self._where(feed, arrivals[0])
        if posted:
            return Why(paper, feed.name, rules, "It is in a post of this channel.", posted, url)
        passed = await self._posted.passed_over(arrivals[0].names)
        reason = next((why for (number, _), why in passed.items() if number == feed.number), None)
        if failed:
            verdict = f"It is kept out: {failed.words}."
        elif reason:
            verdict = _PASSED[reason]
        elif arrivals[0].number <= feed.seen:
            verdict = "It fits now, but did not when it came; this looks at a paper once."
        else:
            verdict = "It fits, and comes with the next post."
        return Why(paper, feed.name, rules, verdict)

    async def why_posted(self, feed: Feed, delivery: str) -> list[Why]:
        """Why each paper of a message is in it, by the scores it had then."""
        scores = await self._posted.papers_in(delivery)
        arrivals = await self._newsstand.arrivals(scores)
        assessment = await self._assessor.assess([feed], arrivals, today=self._clock().date())
        return [
            Why(
                arrival.paper,
                feed.name,
                tuple(
                    (True, check.words)
                    for check in _checks(feed, assessment, assessment.candidate(feed, arrival))
                    if check.holds
                ),
                "",
            )
            for arrival in sorted(arrivals, key=lambda one: -(scores.get(one.paper.id) or 0))
        ]

    async def rehearse(self, feed: Feed, days: int, per_day: float = USUAL_A_DAY) -> Rehearsed:
        """What the feed would have posted of the papers that came in the last days, had it been there."""
        now = self._clock()
        arrivals = await self._newsstand.lately(now - timedelta(days=days))
        assessment = await self._assessor.assess([feed], arrivals, today=now.date())
        wish, threshold = assessment.wishes[feed.number], _threshold(feed)
        posted, kept_out = list[Judged](), list[Judged]()
        for day, of_day in groupby(arrivals, key=lambda arrival: arrival.at.date()):
            seen = [_as_if_new(assessment.candidate(feed, arrival), feed) for arrival in of_day]
            choice = choose(feed, wish, seen, threshold, now=now, is_late=False)
            posted += [Judged(one.paper, one.score, day) for one in choice.fitting]
            chosen = {one.paper.id for one in choice.fitting}
            for one in seen:
                if one.paper.id not in chosen:
                    failed = next(
                        (check for check in checks(feed, wish, one, threshold) if not check.holds), None
                    )
                    reason = failed.words if failed else "more came on that day than it takes"
                    kept_out.append(Judged(one.paper, one.score, day, reason))
        span = (
            max(1.0, min(float(days), (now - arrivals[0].at) / timedelta(days=1)))
            if arrivals
            else float(days)
        )
        return Rehearsed(
            feed.number,
            feed.name,
            feed.settings.query,
            days,
            len(arrivals),
            tuple(sorted(posted, key=_best)),
            tuple(sorted(kept_out, key=_best)[:_MOST_KEPT_OUT]),
            threshold if wish.topic else None,
            _proposed(feed, assessment, arrivals, span, per_day) if wish.topic else None,
            per_day,
        )

    async def _where(self, feed: Feed, arrival: Arrival) -> tuple[str | None, str | None]:
        here = [
            one
            for one in await self._posted.posted_among(arrival.names)
            if one.feed == feed.number or (one.place, one.lane) == (place_of(feed), lane_of(feed))
        ]
        return await self._describe(here[0], feed) if here else (None, None)

    async def _describe(self, posted: Posted, feed: Feed) -> tuple[str | None, str | None]:
        delivery = await self._outbox.get(posted.delivery)
        if delivery is None:
            return None, None
        if delivery.state not in _STANDING or not delivery.message:
            state = {"waiting": "waits to be posted", "sending": "is being posted"}.get(
                delivery.state, "was set aside"
            )
            return f"It {state}{f': {delivery.reason}' if delivery.reason else ''}.", None
        when = (delivery.done or delivery.made).strftime("%d %b %Y %H:%M UTC").lstrip("0")
        url = f"https://discord.com/channels/{feed.guild or '@me'}/{delivery.channel}/{delivery.message}"
        return f"Posted {when}", url


def _checks(feed: Feed, assessment: Assessment, candidate: Candidate) -> Sequence[Check]:
    return list(checks(feed, assessment.wishes[feed.number], candidate, _threshold(feed)))


def _threshold(feed: Feed) -> float:
    return DEFAULT_THRESHOLD if feed.settings.threshold is None else feed.settings.threshold


def _as_if_new(candidate: Candidate, feed: Feed) -> Candidate:
    return replace(candidate, number=max(candidate.number, feed.start + 1))


def _proposed(
    feed: Feed, assessment: Assessment, arrivals: Sequence[Arrival], days: float, per_day: float
) -> float | None:
    """The threshold for so many a day, of the papers that keep to all the other rules."""
    wish = assessment.wishes[feed.number]
    seen = [_as_if_new(assessment.candidate(feed, arrival), feed) for arrival in arrivals]
    scores = [
        one.score
        for one in seen
        if one.score is not None and all(check.holds for check in checks(feed, wish, one, 0.0))
    ]
    return threshold_for(scores, days, per_day) if scores else None


def _best(judged: Judged) -> tuple[float, float]:
    return (-(judged.score or 0), -(judged.paper.upvotes or 0))
