"""The line above a list: what was asked, of which papers, in which order, and whether any is about it. Pure."""

from collections.abc import Callable

from bot.results import Order, Page

Words = Callable[[str], str]

_ORDERS: dict[Order, str] = {
    "relevance": "",
    "newest": "newest first",
    "upvotes": "most upvotes first",
    "comments": "most comments first",
    "stars": "most stars first",
}
_MOST: dict[Order, str] = {
    "upvotes": "Most upvoted",
    "comments": "Most commented",
    "stars": "Most starred",
}


def headline(page: Page, *, quoted: Words, strong: Words) -> str:
    """The line; `quoted` makes the texts of readers and papers safe, `strong` emphasises."""
    if page.kind == "similar":
        return _similar(page, quoted=quoted, strong=strong)
    if page.kind in {"latest", "top"} and (page.found or not page.asked or page.selected == 0):
        return _of_a_period(page, quoted=quoted, strong=strong)
    if not page.found and page.selected == 0:
        everything = _count(page.corpus_size)
        none = strong(f"None of the {everything} here passes the filters: {quoted(page.narrowed)}.")
        return f"{none} Leave some of them out to find more."
    if not page.asked:
        return _of_filters_alone(page, quoted)
    if page.found:
        parts = [f"Closest to “{quoted(page.asked)}”", f"of {_searched(page, quoted)}", _ORDERS[page.sort]]
        return ", ".join(part for part in parts if part)
    searched = _searched(page, quoted)
    these = "this" if _size(page) == 1 else "these"
    comma = "," if ", " in page.narrowed else ""
    nothing = strong(f"Nothing in {these} {searched}{comma} is about “{quoted(page.asked)}”.")
    return f"{nothing} The nearest misses, which are about something else:" if page.results else nothing


def _similar(page: Page, *, quoted: Words, strong: Words) -> str:
    asked = strong(quoted(page.asked))
    if page.results:
        narrowed = f", {quoted(page.narrowed)}" if page.narrowed else ""
        return f"Most like {asked}, of {_count(page.corpus_size)}{narrowed}"
    if page.found:
        return f"There is no other paper here to compare {asked} with."
    return f"{asked} is not indexed yet, so it has nothing to be compared by. The operator can index it."


def _of_a_period(page: Page, *, quoted: Words, strong: Words) -> str:
    """A listing by day or by a count; what was asked may be empty."""
    on = f"on “{quoted(page.asked)}”" if page.asked else ""
    if page.selected == 0:
        came_up = "No paper came up" if page.kind == "latest" else "There is no paper here"
        return strong(f"{came_up} {quoted(page.narrowed)}".rstrip() + ".")
    if not page.listed:
        alone = "of" if _size(page) == 1 else "of any of"
        known = f"of any paper {on} among" if on else alone
        unknown = strong(f"No {page.sort} are known {known} the {_searched(page, quoted)}.")
        return f"{unknown} Try another count."
    if page.kind == "top":
        narrowed = quoted(page.narrowed)
        lead = f"{_MOST[page.sort]} {narrowed}".rstrip() + ("," if on and ", " in narrowed else "")
        return f"{lead} {on}".rstrip() + f", of {_count(_size(page))}"
    if on:
        return f"The newest {on}, of {_searched(page, quoted)}"
    if page.listed < _size(page):
        return f"The newest {page.listed:,} of {_searched(page, quoted)}"
    return f"{_searched(page, quoted)}, newest first"


def _of_filters_alone(page: Page, quoted: Words) -> str:
    order = _ORDERS[page.sort] or _ORDERS["newest"]  # there is nothing to be relevant to
    first = f", the first {page.listed:,}" if page.listed < _size(page) else ""
    return f"{_searched(page, quoted)}, {order}{first}"


def _searched(page: Page, quoted: Words) -> str:
    """The papers that were searched: `52 papers`, or `7 papers by song han, since 1 Jan 2024`."""
    papers = _count(_size(page))
    if not page.narrowed:
        return papers
    # The filters of a title and of ids are no continuation of a sentence.
    joint = ": " if page.narrowed.startswith(("title ", "only ")) else " "
    return f"{papers}{joint}{quoted(page.narrowed)}"


def _size(page: Page) -> int:
    return page.corpus_size if page.selected is None else page.selected


def _count(papers: int) -> str:
    return f"{papers:,} paper{'' if papers == 1 else 's'}"
