"""What a button carries across a restart: its custom id, written here and read back in bot.views. Pure.

Discord allows 100 characters; the longest of ours has 44.
"""

import re
from typing import Literal

ABSTRACT = re.compile(r"abstract:(?P<paper_id>[\w./-]{1,32})")
SIMILAR = re.compile(r"similar:(?P<paper_id>[\w./-]{1,32})")
PAGE = re.compile(r"page:(?P<list_id>[\w-]{1,22}):(?P<number>\d{1,3})")
SHARE_PAGE = re.compile(r"share-page:(?P<list_id>[\w-]{1,22}):(?P<number>\d{1,3})")
SHARE_PAPER = re.compile(r"share-paper:(?P<paper_id>[\w./-]{1,32})")
IMPORT = re.compile(r"import:(?P<pending>[\w-]{1,22})")
DROP_IMPORT = re.compile(r"drop-import:(?P<pending>[\w-]{1,22})")
POST = re.compile(r"post:(?P<token>[\w-]{1,24})")
POST_PAPER = re.compile(r"post-paper:(?P<token>[\w-]{1,24})")
"""A select: what is chosen is a paper's id."""
FEED_DEED = re.compile(r"feed-(?P<deed>test|edit|pause|resume|delete|delete-now|keep):(?P<number>\d{1,19})")
FEED_CHOICE = re.compile(r"feed-set:(?P<number>\d{1,19}):(?P<what>rhythm|style|sources|most|empty|role)")
"""A select of one setting."""
FEED_FORM_BUTTON = re.compile(r"feed-set:(?P<number>\d{1,19}):(?P<what>topic|time|limits)")
"""A button that opens the form of these settings."""
FEED_FORM = re.compile(r"feed-form:(?P<number>\d{1,19}):(?P<what>topic|time|limits)")
FEED_THRESHOLD = re.compile(r"feed-threshold:(?P<number>\d{1,19}):(?P<hundredths>\d{1,3})")
ANSWER_PAGE = re.compile(r"answer:(?P<answer_id>[\w-]{1,22}):(?P<number>\d{1,3})")
SHARE_ANSWER = re.compile(r"share-answer:(?P<answer_id>[\w-]{1,22}):(?P<number>\d{1,3})")
COMPARISON_PAGE = re.compile(r"comparison:(?P<answer_id>[\w-]{1,22}):(?P<number>\d{1,3})")
SHARE_COMPARISON = re.compile(r"share-comparison:(?P<answer_id>[\w-]{1,22}):(?P<number>\d{1,3})")
FOLLOW_UP = re.compile(r"follow-up:(?P<answer_id>[\w-]{1,22})")
TELL_ME = re.compile(r"tell-me:(?P<answer_id>[\w-]{1,22})")
TELL_ME_OF_LIST = re.compile(r"tell-me-list:(?P<list_id>[\w-]{1,22})")

_ALL = (
    ABSTRACT, SIMILAR, PAGE, SHARE_PAGE, SHARE_PAPER, IMPORT, DROP_IMPORT, POST, POST_PAPER, FEED_DEED, FEED_CHOICE,
    FEED_FORM_BUTTON, FEED_FORM, FEED_THRESHOLD, ANSWER_PAGE, SHARE_ANSWER, COMPARISON_PAGE, SHARE_COMPARISON, FOLLOW_UP,
    TELL_ME, TELL_ME_OF_LIST,
)  # fmt: skip

Deed = Literal["test", "edit", "pause", "resume", "delete", "delete-now", "keep"]
Choice = Literal["rhythm", "style", "sources", "most", "empty", "role"]
Form = Literal["topic", "time", "limits"]
Field = Literal["name", "query", "time", "zone", "weekday", "cron", "threshold", "upvotes", "most", "tags"]
"""A field of one of these forms, by its custom id."""

PASTE = "paste"
"""The form that papers are pasted into."""
PASTED = "pasted"
"""Its one field."""
FURTHER = "further"
"""The one field of the form that follows up on an answer."""


def is_known(custom_id: str) -> bool:
    """Whether a button is one of this version's."""
    return any(pattern.fullmatch(custom_id) for pattern in _ALL)


def abstract(paper_id: str) -> str:
    """Show the whole abstract of a paper."""
    return f"abstract:{paper_id}"


def similar(paper_id: str) -> str:
    """Find papers like this one."""
    return f"similar:{paper_id}"


def page(list_id: str, number: int) -> str:
    """Turn a list of results to this page, counted from 0."""
    return f"page:{list_id}:{number}"


def share_page(list_id: str, number: int) -> str:
    """Post this page of a list for everybody in the channel."""
    return f"share-page:{list_id}:{number}"


def share_paper(paper_id: str) -> str:
    """Post a paper for everybody in the channel."""
    return f"share-paper:{paper_id}"


def confirm_import(pending: str) -> str:
    """Take in what was looked at."""
    return f"import:{pending}"


def drop_import(pending: str) -> str:
    """Forget what was looked at."""
    return f"drop-import:{pending}"


def post(token: str) -> str:
    """Say why each paper of a feed's post is in it; by this the bot finds its own posts, so every post has it."""
    return f"post:{token}"


def post_paper(token: str) -> str:
    """Show the whole abstract of the paper that is chosen from a post."""
    return f"post-paper:{token}"


def feed_deed(deed: Deed, number: int) -> str:
    """Do that to a feed, or ask whether it is meant."""
    return f"feed-{deed}:{number}"


def feed_choice(number: int, what: Choice) -> str:
    """Set this of a feed to what is chosen."""
    return f"feed-set:{number}:{what}"


def feed_form_button(number: int, what: Form) -> str:
    """Open the form of these settings of a feed."""
    return f"feed-set:{number}:{what}"


def feed_form(number: int, what: Form) -> str:
    """Set what was written into the form."""
    return f"feed-form:{number}:{what}"


def feed_threshold(number: int, threshold: float) -> str:
    """Set a feed's threshold, which is carried in hundredths."""
    return f"feed-threshold:{number}:{round(threshold * 100)}"


def answer_page(answer_id: str, number: int) -> str:
    """Turn an answer to this page, counted from 0."""
    return f"answer:{answer_id}:{number}"


def share_answer(answer_id: str, number: int) -> str:
    """Post this page of an answer for everybody in the channel."""
    return f"share-answer:{answer_id}:{number}"


def comparison_page(answer_id: str, number: int) -> str:
    """Turn a comparison to this page, counted from 0."""
    return f"comparison:{answer_id}:{number}"


def share_comparison(answer_id: str, number: int) -> str:
    """Post this page of a comparison for everybody in the channel."""
    return f"share-comparison:{answer_id}:{number}"


def follow_up(answer_id: str) -> str:
    """Open the form in which somebody asks on after an answer; also that form."""
    return f"follow-up:{answer_id}"


def tell_me(answer_id: str) -> str:
    """Make an alert of a question that nothing here answers."""
    return f"tell-me:{answer_id}"


def tell_me_of_list(list_id: str) -> str:
    """Make an alert of a search that found nothing."""
    return f"tell-me-list:{list_id}"
