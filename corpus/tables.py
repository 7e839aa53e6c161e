"""The tables of the corpus. The migrations build them; a test holds the two together."""

from sqlalchemy import (
    JSON,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

papers = Table(
    "papers",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("title", Text, nullable=False),
    Column("abstract", Text, nullable=False),
    Column("raw_title", Text, nullable=False),
    Column("raw_abstract", Text, nullable=False),
    Column("arxiv_id", String(32), unique=True),
    Column("authors", JSON, nullable=False),
    Column("authors_count", Integer),
    Column("organisation", Text),
    Column("published", Date),
    Column("upvotes", Integer),
    Column("comments", Integer),
    Column("links", JSON, nullable=False),
    Column("categories", JSON, nullable=False, server_default="[]"),
    Column("keywords", JSON, nullable=False, server_default="[]"),
    Column("content_hash", String(32), nullable=False, index=True),
    Column("first_seen", DateTime(timezone=True), nullable=False),
    Column("updated", DateTime(timezone=True), nullable=False),
)


def _paper_id(*, index: bool = False) -> Column[str]:
    """The paper that a row hangs on: it goes where the paper's id goes, and goes with the paper."""
    paper = ForeignKey("papers.id", onupdate="CASCADE", ondelete="CASCADE")
    return Column("paper_id", String(32), paper, primary_key=True, index=index)


# Every id a paper was ever found under: its own, and one for each title a source gave it. Two papers may
# share a title, so an alias can lead to more than one.
aliases = Table("aliases", metadata, Column("alias", String(32), primary_key=True), _paper_id(index=True))

# What each source last said of a paper, whole, so that merging loses nothing.
accounts = Table(
    "accounts",
    metadata,
    _paper_id(),
    Column("source", String(64), primary_key=True),
    Column("told", JSON, nullable=False),
    Column("told_at", DateTime(timezone=True), nullable=False),
)

# Keyed by the model that made them and the content they stand for: they outlive every index, and a paper that is
# renamed or merged keeps its own. `whole` is one little-endian float32 vector, `sentences` a row of int8 for each
# sentence of the abstract.
vectors = Table(
    "vectors",
    metadata,
    Column("model", String(255), primary_key=True),
    Column("content_hash", String(32), primary_key=True),
    Column("whole", LargeBinary, nullable=False),
    Column("sentences", LargeBinary, nullable=False),
)
