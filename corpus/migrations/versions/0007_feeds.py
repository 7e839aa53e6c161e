"""Feeds and alerts, their outbox, and what they have posted."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "feeds",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("guild", sa.BigInteger),
        sa.Column("channel", sa.BigInteger),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("seen", sa.Integer, nullable=False),
        sa.Column("is_paused", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("why", sa.Text, nullable=False, server_default=""),
        sa.Column("is_untold", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("ran", sa.DateTime(timezone=True)),
        sa.Column("due", sa.DateTime(timezone=True)),
        sqlite_autoincrement=True,
    )
    for column in ("guild", "channel", "user_id", "due"):
        op.create_index(f"ix_feeds_{column}", "feeds", [column])
    _outbox()
    op.create_table(
        "closed_places",
        sa.Column("place", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "loop_states",
        sa.Column("name", sa.String(16), primary_key=True),
        sa.Column("ticked", sa.DateTime(timezone=True), nullable=False),
        sa.Column("errors", sa.Integer, nullable=False, server_default="0"),
        sa.Column("last_error", sa.Text, nullable=False, server_default=""),
    )


def _outbox() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(24), primary_key=True),
        sa.Column("feed", sa.Integer, nullable=False),
        sa.Column("lane", sa.String(8), nullable=False),
        sa.Column("place", sa.BigInteger, nullable=False),
        sa.Column("slot", sa.String(40), nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("post", sa.JSON),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("papers", sa.Integer, nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed", sa.DateTime(timezone=True)),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("channel", sa.BigInteger),
        sa.Column("message", sa.BigInteger),
        sa.Column("done", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.UniqueConstraint("feed", "slot", "part", name="uq_deliveries_feed_slot_part"),
    )
    op.create_index("ix_deliveries_feed", "deliveries", ["feed"])
    op.create_index("ix_deliveries_state_not_before", "deliveries", ["state", "not_before"])
    op.create_index("ix_deliveries_place_state", "deliveries", ["place", "state"])
    op.create_table(
        "posted_papers",
        sa.Column("paper_id", sa.String(32), primary_key=True),
        sa.Column("place", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("lane", sa.String(8), primary_key=True),
        sa.Column("feed", sa.Integer, nullable=False),
        sa.Column("delivery", sa.String(24), nullable=False),
        sa.Column("score", sa.Float),
    )
    op.create_index("ix_posted_papers_feed", "posted_papers", ["feed"])
    op.create_index("ix_posted_papers_delivery", "posted_papers", ["delivery"])
    op.create_table(
        "passed_papers",
        sa.Column("feed", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("paper_id", sa.String(32), primary_key=True),
        sa.Column("why", sa.String(8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    for table in ("passed_papers", "posted_papers", "deliveries", "loop_states", "closed_places", "feeds"):
        op.drop_table(table)
