"""The slash commands, one file a feature."""
