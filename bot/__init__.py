"""Papercord on Discord: commands, cards, the playground and the command line."""
