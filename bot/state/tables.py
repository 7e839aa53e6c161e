"""The bot's own tables, in the corpus's database: one database, one chain of migrations."""

from sqlalchemy import JSON, Boolean, Column, DateTime, LargeBinary, String, Table, Text

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
