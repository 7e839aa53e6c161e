"""Ratios to their yardsticks as a picture: a bar for each, and where its target lies. SVG. Pure."""

from collections.abc import Sequence
from html import escape
from typing import Any

_WIDTH, _BAR, _GAP, _TOP = 860, 18, 10, 56
_LEFT, _RIGHT = 400, 70  # room for the names, and for the figures behind the bars
_REACHED, _MISSED, _INK, _FAINT = "#2f7d5b", "#b4532a", "#24292f", "#d0d7de"


def chart(figures: Sequence[dict[str, Any]], *, title: str) -> str:
    """The figures that have a ratio and a target, as the bench prints them in JSON."""
    shown = [figure for figure in figures if figure["ratio"] and figure["target"]]
    most = max((max(figure["ratio"], figure["target"]) for figure in shown), default=1.0)
    scale = (_WIDTH - _LEFT - _RIGHT) / most
    height = _TOP + len(shown) * (_BAR + _GAP) + _GAP
    rows = (_row(figure, _TOP + place * (_BAR + _GAP), scale) for place, figure in enumerate(shown))
    legend = "ratio to the yardstick; the line is the target, ◂ at most, ▸ at least"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" role="img"',
            f' viewBox="0 0 {_WIDTH} {height}" font-family="system-ui, sans-serif" font-size="13" fill="{_INK}">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
            f'<text x="12" y="22" font-size="15" font-weight="600">{escape(title)}</text>',
            f'<text x="12" y="42" fill="#57606a">{legend}</text>',
            *rows,
            "</svg>\n",
        ]
    )


def _row(figure: dict[str, Any], top: float, scale: float) -> str:
    colour = _REACHED if figure["reached"] else _MISSED
    width, line = figure["ratio"] * scale, _LEFT + figure["target"] * scale
    middle, sign = top + _BAR * 0.74, "▸" if figure["at_least"] else "◂"
    name = escape(f"{figure['name']} · {figure['papers']:,}")
    end = max(_LEFT + width, line + 12) + 6
    return (
        f'<text x="{_LEFT - 10}" y="{middle:.1f}" text-anchor="end">{name}</text>'
        f'<rect x="{_LEFT}" y="{top}" width="{width:.1f}" height="{_BAR}" rx="2" fill="{colour}"/>'
        f'<line x1="{line:.1f}" x2="{line:.1f}" y1="{top - 3}" y2="{top + _BAR + 3}" stroke="{_INK}" stroke-width="2"/>'
        f'<text x="{line + (3 if figure["at_least"] else -3):.1f}" y="{middle:.1f}" font-size="10" '
        f'text-anchor="{"start" if figure["at_least"] else "end"}" fill="{_FAINT if figure["ratio"] > figure["target"] else _INK}">{sign}</text>'
        f'<text x="{end:.1f}" y="{middle:.1f}">{figure["ratio"]:.2f} ×</text>'
    )
