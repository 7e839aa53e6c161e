"""How an endpoint wants to be asked. They differ in what they take; one refusal teaches it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from bot.llm.reply import SCHEMA

Shape = Literal["schema", "object", "text"]
_WEAKER: Mapping[Shape, Shape] = {"schema": "object", "object": "text"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """Which of the optional parameters an endpoint takes; at first all of them."""

    shape: Shape = "schema"
    """How it is told to answer in JSON: by schema, by any object, or by the words of the prompt alone."""
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    temperature: bool = True
    usage: bool = True
    """Whether it counts tokens while streaming."""

    def parameters(self, most_tokens: int) -> dict[str, Any]:
        """The optional parameters of a request."""
        chosen: dict[str, Any] = {self.limit: most_tokens}
        if self.temperature:
            chosen["temperature"] = 0
        if self.usage:
            chosen["stream_options"] = {"include_usage": True}
        if self.shape == "schema":
            schema = {"name": "answer", "strict": True, "schema": SCHEMA}
            chosen["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif self.shape == "object":
            chosen["response_format"] = {"type": "json_object"}
        return chosen

    def after(self, refusal: str) -> "Dialect | None":
        """How to ask after this refusal of a request (400, 404, 422, 501); None: there is no other way."""
        said = refusal.lower()
        if self.limit == "max_tokens" and "max_completion_tokens" in said:
            return replace(self, limit="max_completion_tokens")
        if self.temperature and "temperature" in said:
            return replace(self, temperature=False)
        if self.usage and "stream_options" in said:
            return replace(self, usage=False)
        if self.shape in _WEAKER:
            return replace(self, shape=_WEAKER[self.shape])
        if self.usage or self.temperature:  # it does not say what it dislikes
            return replace(self, usage=False, temperature=False)
        return None
