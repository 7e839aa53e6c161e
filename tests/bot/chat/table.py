"""The messages that show what the rules decide, in two halves: they were tuned on one, and the other was only counted."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.chat.intents import intent_of


@dataclass(frozen=True)
class Row:
    """A message, what it is, and those fields of it that matter."""

    half: str
    text: str
    shown: int
    context: bool
    intent: str
    fields: dict[str, Any]

    def failure(self) -> str | None:
        """What the rules say instead of what the table says."""
        found = intent_of(self.text, shown=self.shown, has_context=self.context)
        said = json.loads(json.dumps(asdict(found)))
        right = type(found).__name__ == self.intent and all(
            said[name] == self.fields[name] for name in self.fields
        )
        where = f"shown {self.shown}, {'after' if self.context else 'before'} anything was found"
        return None if right else f"{self.text!r} ({where}) is {self.intent} {self.fields}, not {found}"


def rows() -> list[Row]:
    """Every line of the table."""
    lines = (Path(__file__).parent / "messages.jsonl").read_text("utf-8").splitlines()
    return [Row(**json.loads(line)) for line in lines]
