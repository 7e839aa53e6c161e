"""What a paper is, how it is named, and how two accounts of one paper become one. Pure."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote_plus, urlsplit

# https://info.arxiv.org/help/arxiv_identifier.html: YYMM.NNNN(N) since April 2007, archive/YYMMNNN before.
_NEW_STYLE = r"\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}"
_OLD_STYLE = r"[a-z][a-z-]{1,9}(?:\.[A-Z]{2})?/\d{2}(?:0[1-9]|1[0-2])\d{3}"
_ARXIV_ID = re.compile(rf"(?P<id>{_NEW_STYLE}|{_OLD_STYLE})(?:v\d+)?", re.ASCII)
_BARE_HOST = re.compile(
    r"(?:www\.|export\.)?(?:arxiv\.org|huggingface\.co|hf\.co|alphaxiv\.org)/", re.IGNORECASE
)
_ARXIV_HOSTS = {"arxiv.org", "www.arxiv.org", "export.arxiv.org", "alphaxiv.org", "www.alphaxiv.org"}
_HUGGING_FACE_HOSTS = {"huggingface.co", "www.huggingface.co", "hf.co"}
_CODE_HOSTS = {"github.com", "gitlab.com", "bitbucket.org", "codeberg.org"}
_TITLE_ID_DIGITS = 16
_MAX_SEARCH = 75  # encoded characters


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper, as far as it is known. `None` and `()` mean unknown, which is not the same as zero.

    `title` and `abstract` are for reading and searching; the `raw_` ones are the source's own characters.
    """

    title: str
    abstract: str
    raw_title: str
    raw_abstract: str
    arxiv_id: str | None = None
    authors: tuple[str, ...] = ()
    authors_count: int | None = None
    organisation: str | None = None
    published: date | None = None
    upvotes: int | None = None
    comments: int | None = None
    links: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The arXiv id without a version, else a key made from the title."""
        return self.arxiv_id or title_id(self.title)

    @property
    def url(self) -> str:
        """Where a reader finds it on Hugging Face: its page, or the search for its title."""
        if self.arxiv_id:
            return f"https://huggingface.co/papers/{self.arxiv_id}"
        return f"https://huggingface.co/papers?q={_search_words(self.title)}"

    @property
    def arxiv_url(self) -> str | None:
        """The abstract's page on arXiv, where the id is known."""
        return f"https://arxiv.org/abs/{self.arxiv_id}" if self.arxiv_id else None

    @property
    def pdf_url(self) -> str | None:
        """The PDF on arXiv, where the id is known."""
        return f"https://arxiv.org/pdf/{self.arxiv_id}" if self.arxiv_id else None

    @property
    def code_url(self) -> str | None:
        """The first link of the abstract that leads to a code host over https."""
        for link in self.links:
            parts = urlsplit(link)
            if parts.scheme == "https" and parts.netloc.lower() in _CODE_HOSTS and parts.path.strip("/"):
                return link
        return None

    @property
    def content_hash(self) -> str:
        """Changes when, and only when, what is encoded changes."""
        return hashlib.sha256(f"{self.title}\n{self.abstract}".encode()).hexdigest()[:32]


def _search_words(title: str) -> str:
    """As many whole words from the title's beginning as keep an address short, encoded."""
    encoded = ""
    for word in title.split():
        longer = f"{encoded}+{quote_plus(word)}".lstrip("+")
        if len(longer) > _MAX_SEARCH:
            break
        encoded = longer
    return encoded


def title_id(title: str) -> str:
    """A key for a title that survives case, spaces, accents and punctuation: `t-` and 16 hex digits."""
    kept = (
        character
        for character in unicodedata.normalize("NFKD", title).casefold()
        # Accents are combining characters of a class; the vowel signs of many scripts are not.
        if character.isalnum() or character in "+#" or unicodedata.category(character) in {"Mc", "Mn"}
        if not unicodedata.combining(character)
    )
    letters = "".join(kept) or title
    return "t-" + hashlib.sha256(letters.encode()).hexdigest()[:_TITLE_ID_DIGITS]


def parse_arxiv_id(text: str) -> str | None:
    """The arXiv id, without a version, that a person typed: bare, `arXiv:…`, or in a link; else None."""
    text = text.strip().strip("<>")
    if _BARE_HOST.match(text):
        text = "https://" + text
    text = _id_in_link(text) if "://" in text else re.sub(r"^arxiv:\s*", "", text, flags=re.IGNORECASE)
    match = _ARXIV_ID.fullmatch(text)
    return match["id"] if match else None


def _id_in_link(link: str) -> str:
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").lower()
    except ValueError:  # a broken host, such as https://[
        return ""
    path = None
    if host in _ARXIV_HOSTS:
        path = re.fullmatch(r"/(?:abs|pdf|html|overview)/(.+?)(?:\.pdf)?/?", parts.path)
    elif host in _HUGGING_FACE_HOSTS:
        path = re.fullmatch(r"/papers/([^/]+)/?", parts.path)
    return path[1] if path else ""


def merge(known: Paper, told: Paper) -> Paper:
    """Both accounts as one: the newer account's facts, and the older one's wherever the newer has none."""
    authors = told.authors or known.authors
    abstract = told if told.abstract else known
    return replace(
        told,
        abstract=abstract.abstract,
        raw_abstract=abstract.raw_abstract,
        arxiv_id=told.arxiv_id or known.arxiv_id,
        authors=authors,
        authors_count=told.authors_count
        or len(told.authors)
        or known.authors_count
        or len(known.authors)
        or None,
        organisation=told.organisation or known.organisation,
        published=told.published or known.published,
        upvotes=known.upvotes if told.upvotes is None else told.upvotes,
        comments=known.comments if told.comments is None else told.comments,
        links=(*told.links, *(link for link in known.links if link not in told.links)),
        categories=told.categories or known.categories,
        keywords=told.keywords or known.keywords,
    )
