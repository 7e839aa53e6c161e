"""The bot's own tables, in the corpus's database: one database, one chain of migrations."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from corpus.tables import metadata

# The lists behind buttons. No one's name or id is in here.
result_lists = Table(
    "result_lists",
    metadata,
    Column("id", String(22), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("asked", Text, nullable=False),
    Column("found", Boolean, nullable=False),
    Column("hits", JSON, nullable=False),
    Column("details", JSON, nullable=False, server_default="{}"),
    Column("made", DateTime(timezone=True), nullable=False, index=True),
)

# Imports that were looked at and wait to be confirmed. No one's name or id is in here either.
pending_imports = Table(
    "pending_imports",
    metadata,
    Column("id", String(22), primary_key=True),
    Column("name", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("made", DateTime(timezone=True), nullable=False, index=True),
)

# Which commands Discord was last told of, by application.
synced_commands = Table(
    "synced_commands",
    metadata,
    Column("application", String(128), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
)

# Channels' feeds and readers' alerts: what they want, and how far they are.
feeds = Table(
    "feeds",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(8), nullable=False),  # feed, alert
    Column("name", Text, nullable=False),
    Column("guild", BigInteger, index=True),
    Column("channel", BigInteger, index=True),
    Column("user_id", BigInteger, nullable=False, index=True),
    Column("settings", JSON, nullable=False),
    Column("made", DateTime(timezone=True), nullable=False),
    Column("start", Integer, nullable=False),
    Column("seen", Integer, nullable=False),
    Column("is_paused", Boolean, nullable=False, server_default=false()),
    Column("why", Text, nullable=False, server_default=""),
    Column(
        "is_untold", Boolean, nullable=False, server_default=false()
    ),  # its reader does not know of the pause yet
    Column("ran", DateTime(timezone=True)),
    Column("due", DateTime(timezone=True), index=True),
    sqlite_autoincrement=True,
)

# The outbox: every message that a feed has posted or is to post. Its id is the nonce that Discord is given with it, and
# stands in the message. `place` is a channel or, of direct messages, a person; `lane` is what a paper comes once in there.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("feed", Integer, nullable=False, index=True),
    Column("lane", String(8), nullable=False),  # cards, digest, alert, notice
    Column("place", BigInteger, nullable=False),
    Column("slot", String(40), nullable=False),
    Column("part", Integer, nullable=False),
    Column("post", JSON),  # frozen; gone when it is posted
    Column("state", String(12), nullable=False),
    Column("papers", Integer, nullable=False),
    Column("made", DateTime(timezone=True), nullable=False),
    Column("not_before", DateTime(timezone=True), nullable=False),
    Column("claimed", DateTime(timezone=True)),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("channel", BigInteger),
    Column("message", BigInteger),
    Column("done", DateTime(timezone=True)),
    Column("reason", Text, nullable=False, server_default=""),
    UniqueConstraint("feed", "slot", "part", name="uq_deliveries_feed_slot_part"),
    Index("ix_deliveries_state_not_before", "state", "not_before"),
    Index("ix_deliveries_place_state", "place", "state"),
)

# Which papers a place was sent, or is to be: each once a lane. Rows outlive papers that turn out to be others.
posted_papers = Table(
    "posted_papers",
    metadata,
    Column("paper_id", String(32), primary_key=True),
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    Column("lane", String(8), primary_key=True),
    Column("feed", Integer, nullable=False, index=True),
    Column("delivery", String(24), nullable=False, index=True),
    Column("score", Float),
)

# Papers that fitted a feed and were more than it takes, or too old to be caught up with: they are not looked at again.
passed_papers = Table(
    "passed_papers",
    metadata,
    Column("feed", Integer, primary_key=True, autoincrement=False),
    Column("paper_id", String(32), primary_key=True),
    Column("why", String(8), nullable=False),  # more, old
    Column("at", DateTime(timezone=True), nullable=False),
)

# Places that Discord does not let us post in: since when, how often it was tried, and when it is again.
closed_places = Table(
    "closed_places",
    metadata,
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("not_before", DateTime(timezone=True), nullable=False),
    Column("reason", Text, nullable=False),
)

# How the feeds' loops are, for whoever asks from outside the process.
loop_states = Table(
    "loop_states",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("ticked", DateTime(timezone=True), nullable=False),
    Column("errors", Integer, nullable=False, server_default="0"),
    Column("last_error", Text, nullable=False, server_default=""),
)

# Answers and comparisons behind buttons. Like lists, without who asked.
answers = Table(
    "answers",
    metadata,
    Column("id", String(22), primary_key=True),
    Column("kind", String(16), nullable=False),  # answer, comparison
    Column("content", JSON, nullable=False),
    Column("made", DateTime(timezone=True), nullable=False, index=True),
)

# Messages that were heard, and the message that answers each: what Discord tells twice is answered once.
heard_messages = Table(
    "heard_messages",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("answer", BigInteger, index=True),
    Column(
        "kept", String(200), nullable=False, server_default=""
    ),  # the list, answer or papers that it shows
    Column("made", DateTime(timezone=True), nullable=False, index=True),
)
