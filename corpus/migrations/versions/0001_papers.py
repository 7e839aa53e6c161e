"""Papers, the ids they go by, what sources told of them, and their vectors."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "papers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("abstract", sa.Text, nullable=False),
        sa.Column("raw_title", sa.Text, nullable=False),
        sa.Column("raw_abstract", sa.Text, nullable=False),
        sa.Column("arxiv_id", sa.String(32)),
        sa.Column("authors", sa.JSON, nullable=False),
        sa.Column("authors_count", sa.Integer),
        sa.Column("organisation", sa.Text),
        sa.Column("published", sa.Date),
        sa.Column("upvotes", sa.Integer),
        sa.Column("comments", sa.Integer),
        sa.Column("links", sa.JSON, nullable=False),
        sa.Column("content_hash", sa.String(32), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_papers"),
        sa.UniqueConstraint("arxiv_id"),
    )
    op.create_index("ix_papers_content_hash", "papers", ["content_hash"])
    op.create_table(
        "aliases",
        sa.Column("alias", sa.String(32), nullable=False),
        sa.Column("paper_id", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["papers.id"], name="fk_aliases_paper_id", onupdate="CASCADE", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("alias", "paper_id", name="pk_aliases"),
    )
    op.create_index("ix_aliases_paper_id", "aliases", ["paper_id"])
    op.create_table(
        "accounts",
        sa.Column("paper_id", sa.String(32), nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("told", sa.JSON, nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["papers.id"], name="fk_accounts_paper_id", onupdate="CASCADE", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("paper_id", "source", name="pk_accounts"),
    )
    op.create_table(
        "vectors",
        sa.Column("model", sa.String(255), nullable=False),
        sa.Column("content_hash", sa.String(32), nullable=False),
        sa.Column("whole", sa.LargeBinary, nullable=False),
        sa.Column("sentences", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("model", "content_hash", name="pk_vectors"),
    )


def downgrade() -> None:
    for table in ("vectors", "accounts", "aliases", "papers"):
        op.drop_table(table)
