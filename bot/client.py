"""The bot as Discord sees it: no privileged intent, no pings, commands told to Discord when they changed."""

import hashlib
import json
import logging
from collections.abc import Sequence
from typing import Protocol

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands
from discord.http import Route

from bot import clock
from bot.cards.custom_ids import FEED_FORM, FOLLOW_UP, PASTE, is_known
from bot.chat.turns import Turns
from bot.chat_wiring import ChatParts
from bot.curator import Curator
from bot.errors import ExpiredListError, NotAdministratorError, NotOwnerError
from bot.feeds.office import Office
from bot.library import Library
from bot.punctuality import Punctuality
from bot.responding import explain
from bot.single_attempt import end_if_failed
from bot.state.result_lists import ResultLists

log = logging.getLogger(__name__)

# What the bot is added with. Answering commands takes no permission in a server; feeds post, and look whether a post stands.
PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    read_message_history=True,
)
_SCOPES = ("bot", "applications.commands")
_WITH_CUSTOM_ID = (discord.InteractionType.component, discord.InteractionType.modal_submit)


class CommandRecord(Protocol):
    """Remembers which commands Discord was last told of."""

    async def fingerprint(self, application: str) -> str | None:
        """What Discord was last told for this application; None before the first time."""
        ...

    async def record(self, application: str, fingerprint: str) -> None:
        """Discord now has this."""
        ...


class PapercordTree(app_commands.CommandTree["Papercord"]):
    """The commands; every failure of one is explained to its reader."""

    async def on_error(
        self, interaction: discord.Interaction["Papercord"], error: app_commands.AppCommandError, /
    ) -> None:
        """Unwrap what discord.py wrapped, and say it in words."""
        await explain(interaction, error.__cause__ or error)

    async def interaction_check(self, interaction: discord.Interaction["Papercord"], /) -> bool:
        """Whether Discord still waits for an answer."""
        return interaction.client.is_punctual(interaction)


class Papercord(commands.AutoShardedBot):
    """The bot."""

    def __init__(
        self,
        library: Library,
        lists: ResultLists,
        record: CommandRecord,
        *,
        curator: Curator,
        office: Office,
        chat: ChatParts,
        models: Sequence[str],
        shard_count: int | None = None,
    ) -> None:
        """`models` are the encoders' names, for /about; `shard_count` None lets Discord decide."""
        self.punctuality = Punctuality(clock.now)
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self.punctuality.hear)
        trace.on_request_end.append(end_if_failed)
        super().__init__(
            command_prefix=commands.when_mentioned,  # discord.py wants one; without message intents none arrives
            help_command=None,
            tree_cls=PapercordTree,
            # None of them privileged: the text of a message is there only if it is said to the bot.
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            shard_count=shard_count,
            http_trace=trace,
        )
        self.library = library
        self.lists = lists
        self.curator = curator
        self.office = office
        self.talk = chat.talk
        self.heard = chat.heard
        self.turns = Turns(chat.heard, clock.now)
        self.models = tuple(models)
        self._record = record

    async def on_message(self, message: discord.Message, /) -> None:
        """Nothing: discord.py would look for commands with a prefix. What is said to the bot, bot.cogs.messages hears."""

    async def setup_hook(self) -> None:
        """Before the gateway: commands, buttons, and telling Discord of the commands if they changed."""
        from bot.cogs.about import AboutCog  # noqa: PLC0415 - cogs know the client's type
        from bot.cogs.alerts import Alerts  # noqa: PLC0415
        from bot.cogs.ask import Ask  # noqa: PLC0415
        from bot.cogs.chat import Chat  # noqa: PLC0415
        from bot.cogs.corpus import CorpusCog  # noqa: PLC0415
        from bot.cogs.feed_events import FeedEvents  # noqa: PLC0415
        from bot.cogs.feeds import Feeds  # noqa: PLC0415
        from bot.cogs.find import Find  # noqa: PLC0415
        from bot.cogs.health import HealthCog  # noqa: PLC0415
        from bot.cogs.listings import Listings  # noqa: PLC0415
        from bot.cogs.messages import Messages  # noqa: PLC0415
        from bot.cogs.papers import Papers  # noqa: PLC0415
        from bot.cogs.setup import SetupCog  # noqa: PLC0415
        from bot.views.answers import ANSWER_BUTTONS  # noqa: PLC0415
        from bot.views.buttons import ALL_BUTTONS  # noqa: PLC0415
        from bot.views.corpus import CORPUS_BUTTONS  # noqa: PLC0415
        from bot.views.feed_forms import FORM_BUTTONS  # noqa: PLC0415
        from bot.views.feeds import FEED_BUTTONS  # noqa: PLC0415
        from bot.views.posts import POST_BUTTONS  # noqa: PLC0415

        for cog in (
            Find,
            Listings,
            Papers,
            Alerts,
            Feeds,
            FeedEvents,
            SetupCog,
            HealthCog,
            CorpusCog,
            AboutCog,
            Ask,
            Chat,
            Messages,
        ):
            await self.add_cog(cog(self))
        self.add_dynamic_items(
            *ALL_BUTTONS, *ANSWER_BUTTONS, *CORPUS_BUTTONS, *FEED_BUTTONS, *FORM_BUTTONS, *POST_BUTTONS
        )
        if self.user:
            await self.is_owner(
                self.user
            )  # asks who owns the application, so that no command has to wait for it
        await self._sync_commands()

    async def on_interaction(self, interaction: discord.Interaction["Papercord"]) -> None:
        """Answer forms, and explain a button or form of another version of this bot; buttons are answered by bot.views."""
        from bot.views.answers import answer_follow_up  # noqa: PLC0415 - views know the client's type
        from bot.views.corpus import answer_pasted  # noqa: PLC0415
        from bot.views.feed_forms import answer_feed_form  # noqa: PLC0415

        custom_id = str((interaction.data or {}).get("custom_id", ""))
        is_form = interaction.type is discord.InteractionType.modal_submit
        if is_form and not self.is_punctual(interaction):
            return
        if is_form and custom_id == PASTE:
            await answer_pasted(interaction)
        elif is_form and (match := FEED_FORM.fullmatch(custom_id)):
            await answer_feed_form(interaction, match)
        elif is_form and (match := FOLLOW_UP.fullmatch(custom_id)):
            await answer_follow_up(interaction, match)
        elif interaction.type in _WITH_CUSTOM_ID and not is_known(custom_id):
            await explain(interaction, ExpiredListError())

    def is_punctual(self, interaction: discord.Interaction) -> bool:
        """Whether Discord still waits for an answer; if not, there is nobody to give it to."""
        if self.punctuality.is_late(interaction.created_at):
            log.warning(
                "Interaction %s came too late to be answered (%d so far).",
                interaction.id,
                self.punctuality.late,
            )
            return False
        return True

    async def on_ready(self) -> None:
        """Say so; comes again after every lost session."""
        log.info("Connected as %s, in %d servers.", self.user, len(self.guilds))

    async def require_owner(self, interaction: discord.Interaction) -> None:
        """Raises NotOwnerError for whoever does not own the application or is not of its team, and outside of servers."""
        if interaction.guild_id is None or not await self.is_owner(interaction.user):
            raise NotOwnerError

    def require_administrator(self, interaction: discord.Interaction) -> None:
        """Raises NotAdministratorError for whoever may not manage the server, and outside of servers."""
        may = interaction.permissions
        if interaction.guild_id is None or not (may.manage_guild or may.administrator):
            raise NotAdministratorError

    def let_own(self, *user_ids: int) -> None:
        """Take these people for the owners, whoever owns the application: for a Discord that is only played."""
        self.owner_id, self.owner_ids = None, set(user_ids)

    def invite_links(self) -> dict[str, str]:
        """Where an administrator adds the bot to a server, and where a person adds it to themselves."""
        application = self.application_id or 0
        user = discord.utils.oauth_url(application, scopes=("applications.commands",))
        return {
            "to a server": discord.utils.oauth_url(application, permissions=PERMISSIONS, scopes=_SCOPES),
            "to yourself": f"{user}&integration_type=1",
        }

    async def _sync_commands(self) -> None:
        payload = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        fingerprint = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
        application = f"{self.application_id}@{Route.BASE}"
        if await self._record.fingerprint(application) == fingerprint:
            log.info("Discord knows the commands already.")
            return
        try:
            await self.tree.sync()
        except discord.HTTPException as error:
            log.warning(
                "Discord did not take the commands (%s): it keeps the old ones until the next start.", error
            )
            return
        await self._record.record(application, fingerprint)
        log.info("Told Discord of %d commands.", len(payload))
