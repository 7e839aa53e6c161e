"""The lists behind the bot's buttons, and which commands Discord was told of."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "result_lists",
        sa.Column("id", sa.String(22), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("found", sa.Boolean, nullable=False),
        sa.Column("hits", sa.JSON, nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_result_lists"),
    )
    op.create_index("ix_result_lists_made", "result_lists", ["made"])
    op.create_table(
        "synced_commands",
        sa.Column("application", sa.String(128), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("application", name="pk_synced_commands"),
    )


def downgrade() -> None:
    op.drop_table("synced_commands")
    op.drop_table("result_lists")
