"""May the bot do this here? Asked before every route of a channel."""

from .channels import Channel
from .guilds import Guild
from .permissions import Permission
from .refusals import No, Refusal
from .world import World


class Access:
    """Finds channels and guilds for the bot, or refuses them as Discord does."""

    def __init__(self, world: World) -> None:
        self._world = world

    def channel(self, channel_id: str, needed: Permission = Permission.NONE) -> Channel:
        """The channel, if the bot sees it and has all the permissions that are needed."""
        channel = self._world.channels.get(channel_id)
        if channel is None:
            raise Refusal(No.UNKNOWN_CHANNEL)
        granted = channel.permissions_of(self._world.bot)
        is_away = channel.guild is not None and not channel.guild.has_bot
        if is_away or not granted & Permission.VIEW_CHANNEL:
            raise Refusal(No.MISSING_ACCESS)
        if needed & ~granted:
            raise Refusal(No.MISSING_PERMISSIONS)
        return channel

    def may(self, channel: Channel, permission: Permission) -> bool:
        return bool(channel.permissions_of(self._world.bot) & permission)

    def guild(self, guild_id: str) -> Guild:
        """The guild, if the bot is in it."""
        guild = self._world.guilds.get(guild_id)
        if guild is None or not guild.has_bot:
            raise Refusal(No.UNKNOWN_GUILD)
        return guild
