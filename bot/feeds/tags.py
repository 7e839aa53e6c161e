"""Which of a forum's tags fit a post."""

from collections.abc import Sequence

import discord

from bot.feeds.post import Post

MOST = 5  # Discord's limit for one post


def tags_for(forum: discord.ForumChannel, post: Post) -> Sequence[discord.ForumTag]:
    """The tags that were chosen, else those that are called like a category or keyword of the papers.

    A forum that asks for a tag gets its first one where none fits.
    """
    papers = [item.paper for item in post.items]
    named = post.tags or tuple(word for paper in papers for word in (*paper.categories, *paper.keywords))
    wanted = {name.casefold() for name in named}
    there = [tag for tag in forum.available_tags if not tag.moderated]
    fitting = [tag for tag in there if tag.name.casefold() in wanted]
    if not fitting and forum.flags.require_tag:
        fitting = there[:1]
    return fitting[:MOST]
