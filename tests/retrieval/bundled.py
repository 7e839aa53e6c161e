"""Where the bundled page is."""

from pathlib import Path

PAGE = Path(__file__).parents[2] / "corpus" / "data" / "daily-papers-page.txt"
