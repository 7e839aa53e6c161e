"""The bot's application, as Discord writes it."""

from typing import Any

from .world import APPLICATION_ID, World


def application(world: World) -> dict[str, Any]:
    return {
        "id": APPLICATION_ID,
        "name": "Papercord",
        "description": "",
        "icon": None,
        "bot": world.bot.user(),
        "bot_public": True,
        "bot_require_code_grant": False,
        "owner": world.owner.user(),
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
        "approximate_guild_count": len(world.guilds_of_bot()),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
    }


def me(world: World) -> dict[str, Any]:
    """The bot as it sees itself."""
    return world.bot.user() | {"locale": "en-US", "mfa_enabled": True}
