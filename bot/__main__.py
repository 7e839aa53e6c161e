"""`python -m bot` is `papercord`."""

from bot.cli import main

main(prog_name="papercord")
