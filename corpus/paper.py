"""What a paper is, and how it is named. Pure."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
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
_ID_DIGITS = 16
_MAX_SEARCH = 75  # encoded characters


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper, as far as it is known: the best of what its sources say. `None` and `()` mean unknown, not zero.

    `title` and `abstract` are for reading and searching. `version` is arXiv's latest that is known, `listed` the day on
    which a source announced it, `summary` a model's words and not the authors', `note` the authors' comment. `id` is the
    arXiv id without a version, else a key made from the title, or from a source's own name for it.
    """

    title: str
    abstract: str
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
    version: int | None = None
    withdrawn: bool = False
    listed: date | None = None
    stars: int | None = None
    project: str | None = None
    thumbnail: str | None = None
    media: tuple[str, ...] = ()
    summary: str | None = None
    note: str | None = None
    journal: str | None = None
    doi: str | None = None
    id: str = ""

    def __post_init__(self) -> None:
        """Give it its id."""
        object.__setattr__(self, "id", self.arxiv_id or self.id or title_id(self.title))

    @property
    def day(self) -> date | None:
        """The day it came up: when it was listed, else when it was published."""
        return self.listed or self.published

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
    return "t-" + _letters_hash(title)


def abstract_id(abstract: str) -> str:
    """The same for an abstract: `a-` and 16 hex digits."""
    return "a-" + _letters_hash(abstract)


def key_id(key: str) -> str:
    """The same for a source's own name of a paper, every character of which counts: `k-` and 16 hex digits."""
    return "k-" + hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:_ID_DIGITS]


def _letters_hash(text: str) -> str:
    kept = (
        character
        for character in unicodedata.normalize("NFKD", text).casefold()
        # Accents are combining characters of a class; the vowel signs of many scripts are not.
        if character.isalnum() or character in "+#" or unicodedata.category(character) in {"Mc", "Mn"}
        if not unicodedata.combining(character)
    )
    letters = "".join(kept) or text
    return hashlib.sha256(letters.encode("utf-8", "replace")).hexdigest()[:_ID_DIGITS]


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
