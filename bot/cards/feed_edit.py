"""A feed's settings to be changed: menus for what can be chosen, forms for what is written. Pure."""

from typing import Any

from discord import Object, Role, SelectOption, TextStyle, ui

from bot.cards import custom_ids
from bot.cards.custom_ids import Field
from bot.cards.feeds import ORIGINS, row_of, view_of
from bot.cards.paper import quiet_button
from bot.cards.text import escaped, visible
from bot.feeds.feed import FEWEST, MOST, Feed, Style
from bot.feeds.schedule import Rhythm

USUAL = "usual"
"""The choice of as many papers as the style takes."""
SKIP, SAY = "skip", "say"
"""The choices for when nothing comes."""
NAME, QUERY = 80, 300
"""Characters that the form of name and query takes."""
_ZONE, _CRON, _TAGS, _SHORT = 64, 100, 200, 12
_OFFERED = (
    1,
    3,
    5,
    10,
    15,
    20,
    25,
    30,
    40,
    50,
)  # papers at a time; any other number is written into the form
_RHYTHMS: dict[Rhythm, str] = {
    "instant": "At once, as papers come",
    "daily": "Every day",
    "weekdays": "On weekdays",
    "weekly": "Once a week",
    "cron": "By a cron expression…",
}
_STYLES: dict[Style, str] = {
    "cards": "A message for each paper",
    "digest": "One digest of all",
    "forum": "A forum post or thread for each paper",
}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def edit_view(feed: Feed, *, when: str, said: str = "") -> ui.LayoutView:
    """What can be changed of a feed; `said` is what came of the last change, `when` as for `feed_view`.

    An alert has no style, mentions nobody, and says nothing when nothing comes.
    """
    number, settings = feed.number, feed.settings
    name = escaped(feed.name, NAME) or f"{feed.kind} {number}"
    posts = "Comes" if feed.kind == "alert" else "Posts"
    parts: list[str | ui.Item[Any]] = [
        f"### Edit {name}\n**{posts}** {when}",
        escaped(said, 500),
        row_of(_menu(feed, "rhythm", _RHYTHMS, settings.schedule.rhythm)),
        row_of(_sources(feed)),
        row_of(_most(feed)),
    ]
    if feed.kind == "feed":
        empty = {SKIP: "Say nothing when nothing comes", SAY: "Say so when nothing comes"}
        parts += [
            row_of(_menu(feed, "style", _STYLES, settings.style)),
            row_of(_menu(feed, "empty", empty, SKIP if settings.skip_empty else SAY)),
            row_of(_role(feed)),
        ]
    forms = row_of(
        quiet_button("Topic and words", custom_ids.feed_form_button(number, "topic")),
        quiet_button("Time and zone", custom_ids.feed_form_button(number, "time")),
        quiet_button("Threshold and limits", custom_ids.feed_form_button(number, "limits")),
    )
    return view_of(*parts, forms)


def topic_form(feed: Feed) -> ui.Modal:
    """What it is called, and what it is about."""
    return _form(
        feed,
        "topic",
        "Topic and words",
        _field("Name", "name", feed.name, NAME, is_required=True),
        _field(
            "Topic and words",
            "query",
            feed.settings.query,
            QUERY,
            hint="As for /find: a topic, “a phrase” in quotes, -without, cat:cs.CL. Empty: everything.",
            is_long=True,
            is_required=feed.kind == "alert",
        ),
    )


def time_form(feed: Feed) -> ui.Modal:
    """When it posts; which of it counts, the rhythm says."""
    schedule = feed.settings.schedule
    return _form(
        feed,
        "time",
        "Time and zone",
        _field("Time of the day", "time", f"{schedule.time:%H:%M}", _SHORT, is_required=True),
        _field(
            "Time zone",
            "zone",
            schedule.timezone,
            _ZONE,
            hint="A city, such as Europe/Berlin, or UTC.",
            is_required=True,
        ),
        _field(
            "Day of the week",
            "weekday",
            _WEEKDAYS[schedule.weekday],
            _SHORT,
            hint="For once a week.",
        ),
        _field(
            "Cron expression",
            "cron",
            schedule.cron if schedule.rhythm == "cron" else "",  # one of long ago must not count by itself
            _CRON,
            hint="Minute, hour, day, month, weekday, such as 30 8 * * 1-5. Written here, it is what counts.",
        ),
    )


def limits_form(feed: Feed) -> ui.Modal:
    """How much of what comes it lets through."""
    settings = feed.settings
    threshold = "" if settings.threshold is None else f"{settings.threshold:.2f}"
    fields = [
        _field(
            "Least score",
            "threshold",
            threshold,
            _SHORT,
            hint="From 0 to 1, such as 0.56: how much a paper must be about the topic. Empty: the usual.",
        ),
        _field("Least upvotes", "upvotes", _number(settings.min_upvotes), _SHORT, hint="Empty: any number."),
        _field(
            "Most papers at a time",
            "most",
            _number(settings.max_items),
            _SHORT,
            hint=f"From {FEWEST} to {MOST}. Empty: as many as usual.",
        ),
    ]
    if feed.kind == "feed" and settings.style == "forum":
        hint = "Names of the forum’s tags, with commas between them. Empty: those that fit the paper."
        fields.append(_field("Forum tags", "tags", ", ".join(settings.tags), _TAGS, hint=hint))
    return _form(feed, "limits", "Threshold and limits", *fields)


def _menu(feed: Feed, what: custom_ids.Choice, words: dict[Any, str], present: str) -> ui.Select[Any]:
    options = [
        SelectOption(label=label, value=value, default=value == present) for value, label in words.items()
    ]
    return ui.Select(custom_id=custom_ids.feed_choice(feed.number, what), options=options)


def _sources(feed: Feed) -> ui.Select[Any]:
    options = [
        SelectOption(label=f"Told by {name}", value=origin, default=origin in feed.settings.sources)
        for origin, name in ORIGINS.items()
    ]
    return ui.Select(
        custom_id=custom_ids.feed_choice(feed.number, "sources"),
        placeholder="From every source: choose some",
        required=False,
        min_values=0,
        max_values=len(options),
        options=options,
    )


def _most(feed: Feed) -> ui.Select[Any]:
    present = feed.settings.max_items
    numbers = sorted({*_OFFERED, *([] if present is None else [present])})
    words = {USUAL: "As many papers as usual at a time"} | {
        str(number): f"At most {number} paper{'' if number == 1 else 's'} at a time" for number in numbers
    }
    return _menu(feed, "most", words, USUAL if present is None else str(present))


def _role(feed: Feed) -> ui.RoleSelect[Any]:
    role = feed.settings.mention_role
    return ui.RoleSelect(
        custom_id=custom_ids.feed_choice(feed.number, "role"),
        placeholder="Mentions nobody: choose a role",
        min_values=0,
        default_values=[] if role is None else [Object(role, type=Role)],
    )


def _field(
    text: str,
    name: Field,
    present: str,
    most: int,
    *,
    hint: str | None = None,
    is_long: bool = False,
    is_required: bool = False,
) -> ui.Label[Any]:
    """A field that holds what is set at present."""
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id=name,
        style=TextStyle.paragraph if is_long else TextStyle.short,
        default=visible(present)[:most] or None,
        required=is_required,
        max_length=most,
    )
    return ui.Label(text=text, description=hint, component=field)


def _form(feed: Feed, what: custom_ids.Form, title: str, *fields: ui.Label[Any]) -> ui.Modal:
    """The form. Its custom id says what it is of, so discord.py need not remember it, and a restart does not matter."""
    form = ui.Modal(title=title, custom_id=custom_ids.feed_form(feed.number, what))
    for field in fields:
        form.add_item(field)
    form.stop()
    return form


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
