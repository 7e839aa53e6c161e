"""What was written into a form."""

from collections.abc import Mapping
from typing import Any, cast

from discord import Interaction


def fields_of(interaction: Interaction) -> Mapping[str, str]:
    """What stands in the form's fields, which are in labels, by their custom ids."""
    data = cast("dict[str, Any]", interaction.data or {})
    fields = [part.get("component", {}) for part in data.get("components", [])]
    return {
        str(field["custom_id"]): str(field.get("value") or "") for field in fields if "custom_id" in field
    }
