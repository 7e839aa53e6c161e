"""Answers behind buttons, and messages that were heard."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("id", sa.String(22), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answers"),
    )
    op.create_index("ix_answers_made", "answers", ["made"])
    op.create_table(
        "heard_messages",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("answer", sa.BigInteger, nullable=True),
        sa.Column("kept", sa.String(200), server_default="", nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_heard_messages"),
    )
    op.create_index("ix_heard_messages_answer", "heard_messages", ["answer"])
    op.create_index("ix_heard_messages_made", "heard_messages", ["made"])


def downgrade() -> None:
    op.drop_table("heard_messages")
    op.drop_table("answers")
