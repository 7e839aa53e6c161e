"""A corpus that is fetched: more facts of a paper, accounts by version, events, and how far each source is read."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_CHUNK = 500
_PAPER = sa.ForeignKey("papers.id", name="fk_events_paper_id", onupdate="CASCADE", ondelete="CASCADE")


def upgrade() -> None:
    for column in (
        sa.Column("version", sa.Integer),
        sa.Column("withdrawn", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("listed", sa.Date),
        sa.Column("stars", sa.Integer),
        sa.Column("project", sa.Text),
        sa.Column("thumbnail", sa.Text),
        sa.Column("media", sa.JSON, nullable=False, server_default="[]"),
        sa.Column("summary", sa.Text),
        sa.Column("note", sa.Text),
        sa.Column("journal", sa.Text),
        sa.Column("doi", sa.Text),
        sa.Column("day", sa.Date),
    ):
        op.add_column("papers", column)
    op.execute("UPDATE papers SET day = published")
    op.create_index("ix_papers_day", "papers", ["day"])
    op.drop_column("papers", "raw_title")  # an account has them
    op.drop_column("papers", "raw_abstract")
    _accounts_by_version()
    op.create_table(
        "words",
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("paper_id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("said", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["papers.id"], name="fk_words_paper_id", onupdate="CASCADE", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", "source", "paper_id", "version", name="pk_words"),
    )
    op.create_index("ix_words_paper_id", "words", ["paper_id"])
    op.create_table(
        "events",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("paper_id", sa.String(32), _PAPER, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_paper_id", "events", ["paper_id"])
    op.create_table(
        "source_states",
        sa.Column("source", sa.String(640), primary_key=True),
        sa.Column("watermark", sa.String(64)),
        sa.Column("started", sa.DateTime(timezone=True)),
        sa.Column("ended", sa.DateTime(timezone=True)),
        sa.Column("failure", sa.Text),
        sa.Column("counts", sa.JSON, nullable=False, server_default="{}"),
        sa.Column("next_visit", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "validators",
        sa.Column("url", sa.String(2048), primary_key=True),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("kept", sa.DateTime(timezone=True), nullable=False),
    )


def _accounts_by_version() -> None:
    """One account a version; its title and abstract lose the word `raw`."""
    with op.batch_alter_table("accounts") as table:
        table.add_column(sa.Column("version", sa.Integer, nullable=False, server_default="0"))
        table.drop_constraint("pk_accounts", type_="primary")
        table.create_primary_key("pk_accounts", ["paper_id", "source", "version"])
    accounts = sa.table("accounts", sa.column("paper_id"), sa.column("source"), sa.column("told", sa.JSON))
    place = sa.tuple_(accounts.c.paper_id, accounts.c.source)
    connection, last = op.get_bind(), ("", "")
    while rows := connection.execute(
        sa.select(accounts.c.paper_id, accounts.c.source, accounts.c.told)
        .where(place > sa.tuple_(*last))
        .order_by(accounts.c.paper_id, accounts.c.source)
        .limit(_CHUNK)
    ).all():
        for paper_id, source, told in rows:
            renamed = {name.removeprefix("raw_"): value for name, value in told.items()}
            same = (accounts.c.paper_id == paper_id) & (accounts.c.source == source)
            connection.execute(accounts.update().where(same).values(told=renamed))
        last = (rows[-1][0], rows[-1][1])


def downgrade() -> None:
    msg = "accounts of several versions do not fit into the tables before; restore a copy of the database"
    raise NotImplementedError(msg)
