"""/alert: a reader is told of new papers by direct message."""

import logging
from typing import Any, Literal

from discord import Interaction, app_commands
from discord.ext import commands

from bot.cards.feed_notes import stopped_view
from bot.cards.feed_reports import rehearsal_view
from bot.cards.feeds import confirm_delete_view
from bot.client import Papercord
from bot.cogs.choices import feed_choices, zone_choices
from bot.feeds.feed import Feed
from bot.feeds.options import Timing
from bot.feeds.orders import alert_settings
from bot.responding import acknowledge, fill, follow_up
from bot.views.feed_pages import edit_page, feed_page, feeds_page
from bot.views.feeds import USUAL_DAYS, resumed

log = logging.getLogger(__name__)
_ALERT = "An alert: its name (choose from the list)"
_Given = app_commands.Range[str, 1, 100]
_Short = app_commands.Range[str, 1, 100]


class Alerts(
    commands.GroupCog,
    name="Alerts",
    group_name="alert",
    group_description="Be told of new papers by direct message",
):
    """Readers' alerts."""

    def __init__(self, bot: Papercord) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(
        query="What the papers are about, as for /find",
        schedule="When I tell you: at once, or what came since the last time (daily, unless you say)",
        time="The time of the day, such as 8:30 (09:00, unless you say)",
        timezone="A city, such as Europe/Berlin (UTC, unless you say)",
        threshold="How much a paper must be about the topic, from 0 to 1; /alert test proposes one",
    )
    async def add(
        self,
        interaction: Interaction,
        query: app_commands.Range[str, 1, 300],
        schedule: Literal["instant", "daily", "weekly"] = "daily",
        time: _Short | None = None,
        timezone: _Short | None = None,
        threshold: app_commands.Range[float, 0.0, 1.0] | None = None,
    ) -> None:
        """Be told of new papers on a topic by direct message.

        The query is as for /find: words are the topic, `"a phrase"` must occur, `-survey` must not, `cat:cs.CL` is a
        category. A weekly alert comes on Mondays; its Edit button offers other days. I can tell you only if you take direct
        messages from me.
        """
        await acknowledge(interaction, private=True)
        settings = alert_settings(query, Timing(schedule, time, timezone), threshold)
        alert = await self._bot.office.desk.make_alert(interaction.user.id, settings)
        await fill(interaction, await feed_page(self._bot, alert))

    @app_commands.command()
    async def list(self, interaction: Interaction) -> None:
        """Show your alerts.

        Each with its topic, when it comes next, and why it is paused, if it is.
        """
        await acknowledge(interaction, private=True)
        alerts = await self._bot.office.desk.of_user(interaction.user.id)
        await fill(interaction, feeds_page(alerts, "alert"))

    @app_commands.command()
    @app_commands.describe(alert=_ALERT)
    async def edit(self, interaction: Interaction, alert: _Given) -> None:
        """Change an alert, by menus and forms."""
        await acknowledge(interaction, private=True)
        await fill(interaction, edit_page(await self._named(interaction, alert)))

    @app_commands.command()
    @app_commands.describe(alert=_ALERT)
    async def pause(self, interaction: Interaction, alert: _Given) -> None:
        """Stop an alert until you let it go on."""
        await acknowledge(interaction, private=True)
        paused = await self._bot.office.desk.pause(await self._named(interaction, alert))
        await fill(interaction, await feed_page(self._bot, paused))

    @app_commands.command()
    @app_commands.describe(alert=_ALERT)
    async def resume(self, interaction: Interaction, alert: _Given) -> None:
        """Let an alert that is paused go on.

        What it missed comes as one message, as far as it is not older than three days, or a week for a weekly alert.
        """
        await acknowledge(interaction, private=True)
        going = await resumed(self._bot, await self._named(interaction, alert))
        await fill(interaction, await feed_page(self._bot, going))

    @app_commands.command()
    @app_commands.describe(alert=_ALERT)
    async def remove(self, interaction: Interaction, alert: _Given) -> None:
        """Remove an alert, after asking once more."""
        await acknowledge(interaction, private=True)
        await fill(interaction, confirm_delete_view(await self._named(interaction, alert)))

    @app_commands.command()
    @app_commands.describe(alert=_ALERT)
    async def test(self, interaction: Interaction, alert: _Given) -> None:
        """Show what an alert would have told you in the last week, with scores.

        The best of the papers that were kept out are shown, too, each with the reason, and a threshold is proposed.
        """
        await acknowledge(interaction, private=True)
        tested = await self._named(interaction, alert)
        await fill(interaction, rehearsal_view(await self._bot.office.explainer.rehearse(tested, USUAL_DAYS)))

    @edit.autocomplete("alert")
    @pause.autocomplete("alert")
    @resume.autocomplete("alert")
    @remove.autocomplete("alert")
    @test.autocomplete("alert")
    async def suggest(self, interaction: Interaction, typed: str) -> "_Choices":
        """The reader's alerts whose name fits what was typed so far."""
        return feed_choices(await self._bot.office.desk.of_user(interaction.user.id), typed, {})

    @add.autocomplete("timezone")
    async def suggest_zone(self, interaction: Interaction, typed: str) -> "_Choices":  # noqa: ARG002 - discord.py's shape
        """Time zones that fit what was typed so far."""
        return zone_choices(typed)

    @commands.Cog.listener()
    async def on_app_command_completion(self, interaction: Interaction, _command: Any) -> None:
        """Whose alerts were stopped because they take no direct messages hears of it here, where they are heard."""
        try:
            # They count as told before they are: a word that does not arrive stands in /alert list all the same.
            if alerts := await self._bot.office.desk.untold(interaction.user.id):
                await follow_up(interaction, stopped_view(alerts), private=True)
        except Exception:
            log.exception("User %s could not be told of alerts that are paused", interaction.user.id)

    async def _named(self, interaction: Interaction, given: str) -> Feed:
        return await self._bot.office.desk.named(given, user=interaction.user.id)


_Choices = list[app_commands.Choice[str]]
