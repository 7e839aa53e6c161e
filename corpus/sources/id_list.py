"""A list of arXiv ids and links, for papers that somebody wants and says nothing of. Pure.

One or several a line, between blanks, commas or semicolons, as bullets or not; what stands behind a `#` is a comment. Links
to arXiv, Hugging Face and alphaXiv are known, in Markdown too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.errors import UnreadableSourceError
from corpus.paper import parse_arxiv_id
from corpus.sources.quoting import short
from corpus.sources.reading import Reading, Rejected
from corpus.sources.source import Context, Format

_EXPECTED = (
    "arXiv ids (2501.00001) or links to papers on arXiv, Hugging Face or alphaXiv, one or several a line"
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_BULLET = re.compile(r"(?:[-*+•]|[0-9]{1,6}[.)])\s+(?:\[[ xX]\]\s+)?")
_COMMENT = re.compile(r"(?:^|\s)#.*")  # not the `#` inside a link
_MASKED_LINK = re.compile(r"\[[^\]\[]{0,300}\]\((?P<url>[^\s()]+)\)")
_PREFIX = re.compile(r"\barxiv:[ \t]{1,8}", re.IGNORECASE)
_PARTING = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    ids: list[str]
    others: list[str]


def recognises(beginning: str) -> bool:
    """Are most of the lines ids and links, and nothing else? The last one may be cut off."""
    are_ids = [not line.others for line in _lines(beginning)]
    return sum(are_ids) * 2 > len(are_ids)


def parse_ids(text: str, context: Context) -> Reading:
    """Every id once, in order; what is none is named with its line.

    Prose that an id stands in is not a list of ids: of a line that is more of that than of ids nothing is taken.
    Raises UnreadableSourceError for a text without a single id to be taken.
    """
    wanted: dict[str, None] = {}
    rejected: list[Rejected] = []
    for line in _lines(text, context.first):
        where = f"line {line.number}"
        if len(line.others) > len(line.ids):
            rejected.append(
                Rejected(where, f"“{short(line.text)}” is no list of arXiv ids or links to papers")
            )
            continue
        wanted |= dict.fromkeys(line.ids)
        rejected += [
            Rejected(where, f"“{short(other)}” is no arXiv id and no link to a paper")
            for other in line.others
        ]
    if not wanted:
        stopped = f"stopped at {rejected[0].where}: {rejected[0].why}" if rejected else "found nothing at all"
        raise UnreadableSourceError(f"expected {_EXPECTED}; {stopped}")
    return Reading(rejected=tuple(rejected), wanted=tuple(wanted))


def _lines(text: str, first: int = 1) -> Iterator[_Line]:
    """Every line that says something."""
    for number, line in enumerate(_LINE_END.split(text.removeprefix("\ufeff")), start=first):
        said = _BULLET.sub("", _COMMENT.sub("", line).strip(), count=1)
        said = _PREFIX.sub("arXiv:", _MASKED_LINK.sub(r"\g<url>", said))
        ids: list[str] = []
        others: list[str] = []
        for token in filter(None, _PARTING.split(said)):
            arxiv_id = parse_arxiv_id(token)
            if arxiv_id:
                ids.append(arxiv_id)
            else:
                others.append(token)
        if ids or others:
            yield _Line(number, line.strip(), ids, others)


FORMATS = (
    Format(
        name="ids",
        description="a list of arXiv ids, or of links to papers on arXiv, Hugging Face or alphaXiv",
        account="ids",
        recognises=recognises,
        parse=parse_ids,
    ),
)
