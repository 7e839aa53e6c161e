"""Who lives in the loopback Discord (a guild, its channel, a bot, a person), as Discord's API writes them."""

import itertools
import time
from typing import Any

APPLICATION_ID = "1100000000000000001"
BOT_ID = APPLICATION_ID  # Discord gives an application and its bot the same id
HUMAN_ID = "1100000000000000002"
GUILD_ID = "1100000000000000003"
CHANNEL_ID = "1100000000000000004"
DM_CHANNEL_ID = "1100000000000000005"

TOKEN = "loopback-token"  # noqa: S105 - opens nothing but this server

_DISCORD_EPOCH_MS = 1_420_070_400_000
_JOINED = "2026-01-01T00:00:00.000000+00:00"
# The person owns the guild, so no command is closed to them; the bot has what an invitation usually gives.
_OWNER_PERMISSIONS = str(2**53 - 1)
BOT_PERMISSIONS = str(1 << 10 | 1 << 11 | 1 << 14 | 1 << 15 | 1 << 16 | 1 << 31)

_increments = itertools.count()


def snowflake() -> str:
    """Return a new id that carries the time, as discord.py reads it back (`Interaction.created_at`)."""
    milliseconds = int(time.time() * 1000) - _DISCORD_EPOCH_MS
    return str(milliseconds << 22 | next(_increments) % 4096)


def user(user_id: str, name: str, *, bot: bool = False) -> dict[str, Any]:
    return {
        "id": user_id,
        "username": name,
        "global_name": None if bot else name.title(),
        "discriminator": "0",
        "avatar": None,
        "bot": bot,
        "flags": 0,
        "public_flags": 0,
        "primary_guild": None,
    }


BOT = user(BOT_ID, "papercord", bot=True)
HUMAN = user(HUMAN_ID, "mira")


def me() -> dict[str, Any]:
    """Write the bot as it sees itself."""
    return BOT | {"locale": "en-US", "mfa_enabled": True}


def member(of_user: dict[str, Any]) -> dict[str, Any]:
    return {
        "user": of_user,
        "roles": [],  # ids; @everyone is never listed
        "joined_at": _JOINED,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "nick": None,
        "avatar": None,
    }


def human_member() -> dict[str, Any]:
    """Write the person as an interaction carries them: with their permissions in the channel."""
    return member(HUMAN) | {"permissions": _OWNER_PERMISSIONS}


def application() -> dict[str, Any]:
    return {
        "id": APPLICATION_ID,
        "name": "Papercord",
        "description": "",
        "icon": None,
        "bot": BOT,
        "bot_public": True,
        "bot_require_code_grant": False,
        "owner": HUMAN,
        "team": None,
        "verify_key": "0" * 64,
        "type": None,
        "flags": 0,
        "flags_new": "0",
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [],
        "approximate_guild_count": 1,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
    }


def channel() -> dict[str, Any]:
    return {
        "id": CHANNEL_ID,
        "type": 0,
        "guild_id": GUILD_ID,
        "name": "papers",
        "position": 0,
        "permission_overwrites": [],
        "parent_id": None,
        "topic": None,
        "nsfw": False,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "flags": 0,
    }


def dm_channel() -> dict[str, Any]:
    return {"id": DM_CHANNEL_ID, "type": 1, "recipients": [HUMAN], "last_message_id": None, "flags": 0}


def guild() -> dict[str, Any]:
    """Write the guild as GUILD_CREATE carries it to a bot without the members intent."""
    everyone = {
        "id": GUILD_ID,
        "name": "@everyone",
        "permissions": BOT_PERMISSIONS,
        "position": 0,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
    return {
        "id": GUILD_ID,
        "name": "Reading group",
        "owner_id": HUMAN_ID,
        "unavailable": False,
        "joined_at": _JOINED,
        "large": False,
        "member_count": 2,
        "members": [member(BOT)],
        "channels": [channel()],
        "threads": [],
        "roles": [everyone],
        "emojis": [],
        "stickers": [],
        "features": [],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "icon": None,
        "splash": None,
        "banner": None,
        "description": None,
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "preferred_locale": "en-US",
    }
