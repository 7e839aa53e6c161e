"""Asking the outside: at a pace, within bounds, and only who was declared."""
