"""What a paper is filed under, and the float16 sentence vectors of earlier models, which nothing reads any more."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for name in ("categories", "keywords"):
        op.add_column("papers", sa.Column(name, sa.JSON, nullable=False, server_default="[]"))
    op.execute("DELETE FROM vectors")


def downgrade() -> None:
    op.execute("DELETE FROM vectors")
    for name in ("keywords", "categories"):
        op.drop_column("papers", name)
