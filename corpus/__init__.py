"""What papers are, where they come from, and where they are kept."""
