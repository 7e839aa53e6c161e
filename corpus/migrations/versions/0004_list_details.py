"""What a kept list was narrowed to, and what its reader was told."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("result_lists", sa.Column("details", sa.JSON, nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("result_lists", "details")
