"""Which of the addresses that a paper brings may a card show? Pure: whoever told of it may have written anything."""

import re

from corpus.paper import Paper

# https, a host in plain letters, and printable ASCII behind it: no credentials, no port, no figures for a host, and
# nothing that ends a link early.
_PLAIN = re.compile(
    r"https://(?P<host>(?:[a-z0-9-]+\.)+[a-z]{2,})(?:[/?#][!#-;=?-\[\]^_a-~]*)?", re.ASCII | re.IGNORECASE
)
_PICTURES = "cdn-thumbnails.huggingface.co"
_LONGEST = 200  # characters; Hugging Face's pictures take some 80, and a longer link finds no room on a card


def project_address(paper: Paper) -> str | None:
    """The project's page; None where it is no plain https address, or leads where the card leads anyway."""
    if _host(paper.project) is None or paper.project in {paper.url, paper.code_url, paper.arxiv_url}:
        return None
    return paper.project


def picture_address(paper: Paper) -> str | None:
    """The picture of the paper, of the one host that a card shows pictures of."""
    return paper.thumbnail if _host(paper.thumbnail) == _PICTURES else None


def _host(url: str | None) -> str | None:
    """The host of a plain address, in small letters; None for any other."""
    match = _PLAIN.fullmatch(url) if url and len(url) <= _LONGEST else None
    return match["host"].lower() if match else None
