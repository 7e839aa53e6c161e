"""What the bot itself must remember across a restart."""
