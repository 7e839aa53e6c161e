"""Conversation: what a message to the bot is. Pure."""
