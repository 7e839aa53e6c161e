"""What a button carries across a restart: its custom id, written here and read back in bot.views. Pure.

Discord allows 100 characters; the longest of ours has 44.
"""

import re

ABSTRACT = re.compile(r"abstract:(?P<paper_id>[\w./-]{1,32})")
SIMILAR = re.compile(r"similar:(?P<paper_id>[\w./-]{1,32})")
PAGE = re.compile(r"page:(?P<list_id>[\w-]{1,22}):(?P<number>\d{1,3})")
SHARE_PAGE = re.compile(r"share-page:(?P<list_id>[\w-]{1,22}):(?P<number>\d{1,3})")
SHARE_PAPER = re.compile(r"share-paper:(?P<paper_id>[\w./-]{1,32})")
IMPORT = re.compile(r"import:(?P<pending>[\w-]{1,22})")
DROP_IMPORT = re.compile(r"drop-import:(?P<pending>[\w-]{1,22})")

_ALL = (ABSTRACT, SIMILAR, PAGE, SHARE_PAGE, SHARE_PAPER, IMPORT, DROP_IMPORT)

PASTE = "paste"
"""The form that papers are pasted into."""
PASTED = "pasted"
"""Its one field."""


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
