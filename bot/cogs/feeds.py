"""/feed: those who manage a server let new papers be posted in its channels."""

import discord
from discord import Interaction, app_commands
from discord.ext import commands

from bot.cards.feed_notes import ran_view
from bot.cards.feed_reports import history_view, rehearsal_view, why_view
from bot.cards.feeds import ORIGINS, confirm_delete_view
from bot.cogs.administrators import AdministratorsCog
from bot.cogs.choices import feed_choices, paper_choices, zone_choices
from bot.errors import FeedTroubleError
from bot.feeds.explaining import USUAL_A_DAY
from bot.feeds.feed import FEWEST, MOST, Feed, Style
from bot.feeds.options import Timing, read_days
from bot.feeds.orders import MOST_UPVOTES, Order, feed_settings
from bot.feeds.places import KINDS, Given, chosen_channel, require_fit
from bot.feeds.schedule import Rhythm
from bot.responding import acknowledge, fill, follow_up
from bot.views.feed_pages import edit_page, feed_page, feeds_page
from bot.views.feeds import USUAL_DAYS, resumed

_MOST_DAYS = 90
_MEASURED_DAYS = 30
"""That a threshold is proposed from."""
_FEED = "A feed: its name (choose from the list)"
_PAPER = "A title (choose from the list), an arXiv id, or a link to the paper"
_Given = app_commands.Range[str, 1, 100]
_Short = app_commands.Range[str, 1, 100]
_PerDay = app_commands.Range[float, 0.05, 100.0]
_USUAL = "It is made with the usual settings: whatever comes, as one digest a day. Change here what you like."


class FeedChannel(app_commands.Transformer):
    """A channel that feeds can post in; that it is one is looked at again when it is used."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """A channel, for Discord."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """The channels that Discord offers."""
        return list(KINDS)

    async def transform(self, interaction: Interaction, value: Given, /) -> Given:  # noqa: ARG002 - discord.py's shape
        """The channel as Discord tells of it."""
        return value


ChannelOption = app_commands.Transform[Given, FeedChannel]


@app_commands.default_permissions(manage_guild=True)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
class Feeds(
    AdministratorsCog,
    commands.GroupCog,
    name="Feeds",
    group_name="feed",
    group_description="Let new papers be posted in a channel (for who manages the server)",
):
    """Channels' feeds."""

    @app_commands.command()
    @app_commands.describe(
        channel="Where it posts: a text, announcement or forum channel, or a thread",
        query="What the papers are about, as for /find (everything, unless you say)",
        sources="Whose papers count: hugging-face, arxiv, files; several with commas (all, unless you say)",
        schedule="When it posts: at once, or what came since the last time (daily, unless you say)",
        time="The time of the day, such as 8:30 (09:00, unless you say)",
        timezone="A city, such as Europe/Berlin (UTC, unless you say)",
        cron="Five fields, such as 30 8 * * 1-5, in place of a schedule",
        threshold="How much a paper must be about the topic, from 0 to 1; /feed test proposes one",
        min_upvotes="Only papers that got at least so many upvotes",
        max_items="The most papers at a time",
        style="A message a paper, one digest, or a forum post or thread a paper",
        mention_role="A role that each post mentions",
        skip_empty="Whether it says nothing when nothing came (yes, unless you say no)",
        backlog_days="Of how many days before now papers count as new (none, unless you say)",
    )
    async def create(
        self,
        interaction: Interaction,
        channel: ChannelOption,
        query: app_commands.Range[str, 1, 300] = "",
        sources: _Short | None = None,
        schedule: Rhythm | None = None,
        time: _Short | None = None,
        timezone: _Short | None = None,
        cron: _Short | None = None,
        threshold: app_commands.Range[float, 0.0, 1.0] | None = None,
        min_upvotes: app_commands.Range[int, 0, MOST_UPVOTES] | None = None,
        max_items: app_commands.Range[int, FEWEST, MOST] | None = None,
        style: Style | None = None,
        mention_role: discord.Role | None = None,
        skip_empty: bool | None = None,
        backlog_days: app_commands.Range[int, 0, _MOST_DAYS] | None = None,
    ) -> None:
        """Let new papers be posted in a channel, on time and each once.

        With the channel alone it posts every day at 09:00 UTC what came, as one digest; then menus open to change that. The
        query is as for /find: words are the topic, `"a phrase"` must occur, `-survey` must not, `cat:cs.CL` is a category.

        What was here before is not posted, unless you give `backlog_days`. If I may not post there, I say what is missing, and
        nothing is made.
        """
        await acknowledge(interaction, private=True)
        order = Order(
            query,
            sources,
            Timing(schedule, time, timezone, cron=cron),
            threshold,
            min_upvotes,
            max_items,
            style,
            mention_role.id if mention_role else None,
            skip_empty,
            backlog_days,
        )
        feed = await self._make(interaction, channel, order)
        await fill(interaction, await feed_page(self._bot, feed))
        if order == Order():
            await follow_up(interaction, edit_page(feed, _USUAL), private=True)

    @app_commands.command()
    async def list(self, interaction: Interaction) -> None:
        """Show the feeds of this server.

        Each with its channel, its topic, when it posts next, and why it is paused, if it is.
        """
        await acknowledge(interaction, private=True)
        feeds = await self._bot.office.desk.of_guild(interaction.guild_id or 0)
        await fill(interaction, feeds_page(feeds, "feed"))

    @app_commands.command()
    @app_commands.describe(feed=_FEED)
    async def show(self, interaction: Interaction, feed: _Given) -> None:
        """Show one feed: its settings, when it posts next, what is wrong with it."""
        await acknowledge(interaction, private=True)
        await fill(interaction, await feed_page(self._bot, await self._named(interaction, feed)))

    @app_commands.command()
    @app_commands.describe(feed=_FEED)
    async def edit(self, interaction: Interaction, feed: _Given) -> None:
        """Change a feed, by menus and forms.

        Everything but its channel: for another channel make another feed.
        """
        await acknowledge(interaction, private=True)
        await fill(interaction, edit_page(await self._named(interaction, feed)))

    @app_commands.command()
    @app_commands.describe(feed=_FEED)
    async def pause(self, interaction: Interaction, feed: _Given) -> None:
        """Stop a feed until you let it go on.

        What it has not posted yet waits.
        """
        await acknowledge(interaction, private=True)
        paused = await self._bot.office.desk.pause(await self._named(interaction, feed))
        await fill(interaction, await feed_page(self._bot, paused))

    @app_commands.command()
    @app_commands.describe(feed=_FEED)
    async def resume(self, interaction: Interaction, feed: _Given) -> None:
        """Let a feed that is paused go on.

        What it missed comes as one digest, as far as it is not older than three days, or a week for a weekly feed.
        """
        await acknowledge(interaction, private=True)
        going = await resumed(self._bot, await self._named(interaction, feed))
        await fill(interaction, await feed_page(self._bot, going))

    @app_commands.command()
    @app_commands.describe(feed=_FEED)
    async def delete(self, interaction: Interaction, feed: _Given) -> None:
        """Delete a feed, after asking once more.

        What it has posted stays, and is not posted again.
        """
        await acknowledge(interaction, private=True)
        await fill(interaction, confirm_delete_view(await self._named(interaction, feed)))

    @app_commands.command()
    @app_commands.describe(
        feed=_FEED,
        last="How far to look back, such as 7d, 2w or 30d (a week, unless you say)",
        per_day=f"How many papers a day you would like, to propose a threshold ({USUAL_A_DAY:g}, unless you say)",
    )
    async def test(
        self,
        interaction: Interaction,
        feed: _Given,
        last: _Short | None = None,
        per_day: _PerDay = USUAL_A_DAY,
    ) -> None:
        """Show what a feed would have posted lately, with scores.

        Nothing is posted. The best of the papers that were kept out are shown, too, each with the reason, and a threshold is
        proposed that lets about so many papers a day through as you would like.
        """
        await acknowledge(interaction, private=True)
        tested = await self._named(interaction, feed)
        days = read_days(last) if last else USUAL_DAYS
        await fill(
            interaction, rehearsal_view(await self._bot.office.explainer.rehearse(tested, days, per_day))
        )

    @app_commands.command()
    @app_commands.describe(feed=_FEED, paper=_PAPER)
    async def why(
        self, interaction: Interaction, feed: _Given, paper: app_commands.Range[str, 1, 300]
    ) -> None:
        """Show why a feed posted a paper, or did not.

        Rule by rule: when it came, who told of it, its upvotes, its score on the topic; and where it was posted.
        """
        await acknowledge(interaction, private=True)
        asked = await self._named(interaction, feed)
        why = await self._bot.office.explainer.why(asked, await self._bot.library.paper(paper))
        await fill(interaction, why_view(why))

    @app_commands.command()
    @app_commands.describe(feed=_FEED)
    async def run(self, interaction: Interaction, feed: _Given) -> None:
        """Post now what has come since the last time.

        Its schedule stays as it is, and nothing is posted twice.
        """
        await acknowledge(interaction, private=True)
        named = await self._named(interaction, feed)
        await fill(interaction, ran_view(named, await self._bot.office.desk.run(named)))

    @app_commands.command()
    @app_commands.describe(feed=_FEED)
    async def history(self, interaction: Interaction, feed: _Given) -> None:
        """Show what a feed has posted lately, and what became of each message."""
        await acknowledge(interaction, private=True)
        named = await self._named(interaction, feed)
        deliveries, totals = await self._bot.office.desk.history(named)
        await fill(interaction, history_view(named, deliveries, totals=totals))

    @app_commands.command()
    @app_commands.describe(feed=_FEED, target_per_day="About how many papers a day you would like")
    async def threshold(self, interaction: Interaction, feed: _Given, target_per_day: _PerDay) -> None:
        """Propose a threshold for about so many papers a day.

        It is reckoned from the papers of the last month, and set when you press its button.
        """
        await acknowledge(interaction, private=True)
        named = await self._named(interaction, feed)
        rehearsed = await self._bot.office.explainer.rehearse(named, _MEASURED_DAYS, target_per_day)
        if rehearsed.proposed is None:
            raise FeedTroubleError(
                f"There is nothing to reckon from: “{named.name}” has no topic, or no paper of the last month could be scored on it."
            )
        await fill(interaction, rehearsal_view(rehearsed))

    @show.autocomplete("feed")
    @edit.autocomplete("feed")
    @pause.autocomplete("feed")
    @resume.autocomplete("feed")
    @delete.autocomplete("feed")
    @test.autocomplete("feed")
    @why.autocomplete("feed")
    @run.autocomplete("feed")
    @history.autocomplete("feed")
    @threshold.autocomplete("feed")
    async def suggest(self, interaction: Interaction, typed: str) -> "_Choices":
        """This server's feeds whose name or channel fits what was typed so far."""
        guild = interaction.guild
        if guild is None or not self._may_see(interaction):
            return []
        feeds = await self._bot.office.desk.of_guild(guild.id)
        known = {feed.channel: guild.get_channel_or_thread(feed.channel) for feed in feeds if feed.channel}
        return feed_choices(
            feeds, typed, {number: channel.name for number, channel in known.items() if channel}
        )

    @create.autocomplete("timezone")
    async def suggest_zone(self, interaction: Interaction, typed: str) -> "_Choices":  # noqa: ARG002 - discord.py's shape
        """Time zones that fit what was typed so far."""
        return zone_choices(typed)

    @create.autocomplete("sources")
    async def suggest_source(self, interaction: Interaction, typed: str) -> "_Choices":  # noqa: ARG002
        """Sources that fit the last word, behind those that stand there already."""
        before, _, last = typed.rpartition(",")
        begun = f"{before.strip()}, " if before.strip() else ""
        return [
            app_commands.Choice(name=f"{begun}{origin}"[:100], value=f"{begun}{origin}"[:100])
            for origin in ORIGINS
            if last.strip().casefold() in origin
        ]

    @why.autocomplete("paper")
    async def suggest_paper(self, interaction: Interaction, typed: str) -> "_Choices":
        """Titles and ids that fit what was typed so far."""
        return await paper_choices(self._bot.library, typed) if self._may_see(interaction) else []

    async def _named(self, interaction: Interaction, given: str) -> Feed:
        return await self._bot.office.desk.named(given, guild=interaction.guild_id or 0)

    async def _make(self, interaction: Interaction, given: Given, order: Order) -> Feed:
        """Nothing half: it is made when all is known to be right."""
        channel = await chosen_channel(self._bot, interaction.guild_id, given)
        settings = feed_settings(order, is_forum=isinstance(channel, discord.ForumChannel))
        require_fit(channel, settings)
        return await self._bot.office.desk.make_feed(
            channel.guild.id, channel.id, interaction.user.id, settings
        )


_Choices = list[app_commands.Choice[str]]
