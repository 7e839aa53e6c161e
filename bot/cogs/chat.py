"""/chat: what a conversation rests on, and its end."""

from discord import Interaction, app_commands
from discord.ext import commands

from bot.cards.replies import reply_view
from bot.chat.replies import Said
from bot.client import Papercord
from bot.responding import acknowledge, fill, where_of


class Chat(
    commands.GroupCog,
    name="Conversation",
    group_name="chat",
    group_description="The conversation that is going on",
):
    """Conversations."""

    def __init__(self, bot: Papercord) -> None:
        self._bot = bot

    @app_commands.command()
    async def reset(self, interaction: Interaction) -> None:
        """Forget what was said here, and begin anew.

        I remember your conversation in each channel for half an hour, in memory only: the last list, the last answer and
        what it rests on.
        """
        await acknowledge(interaction, private=True)
        forgotten = self._bot.talk.forget(where_of(interaction))
        await fill(interaction, reply_view(Said("forgotten" if forgotten else "nothing to forget")))

    @app_commands.command()
    async def sources(self, interaction: Interaction) -> None:
        """Show what the last answer here rests on.

        Each sentence that it cites, with its paper.
        """
        await acknowledge(interaction, private=True)
        await fill(interaction, reply_view(await self._bot.talk.sources(where_of(interaction))))
