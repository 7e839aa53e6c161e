"""The tables of the corpus. The migrations build them; a test holds the two together."""

from sqlalchemy import (
    JSON,
    Boolean,
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
    false,
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
    Column("version", Integer),
    Column("withdrawn", Boolean, nullable=False, server_default=false()),
    Column("listed", Date),
    Column("stars", Integer),
    Column("project", Text),
    Column("thumbnail", Text),
    Column("media", JSON, nullable=False, server_default="[]"),
    Column("summary", Text),
    Column("note", Text),
    Column("journal", Text),
    Column("doi", Text),
    Column("day", Date, index=True),  # when it came up: Paper.day
    Column("content_hash", String(32), nullable=False, index=True),
    Column("first_seen", DateTime(timezone=True), nullable=False),
    Column("updated", DateTime(timezone=True), nullable=False),
)


def _paper_id(*, index: bool = False) -> Column[str]:
    """The paper that a row hangs on: it goes where the paper's id goes, and goes with the paper."""
    paper = ForeignKey("papers.id", onupdate="CASCADE", ondelete="CASCADE")
    return Column("paper_id", String(32), paper, primary_key=True, index=index)


# Every name a paper was ever found under: one for each title, abstract and key a source gave it. Two papers may share a
# title, so an alias can lead to more than one.
aliases = Table("aliases", metadata, Column("alias", String(32), primary_key=True), _paper_id(index=True))

# What each source last said of each version of a paper, whole: a paper's row is made of these, and of nothing else.
accounts = Table(
    "accounts",
    metadata,
    _paper_id(),
    Column("source", String(64), primary_key=True),
    Column("version", Integer, primary_key=True, server_default="0", autoincrement=False),  # 0: it names none
    Column("told", JSON, nullable=False),
    Column("told_at", DateTime(timezone=True), nullable=False),
)

# The digests of a source's last word on each version of a paper. There is more than one where it said several things at
# one time, as a file can.
words = Table(
    "words",
    metadata,
    Column("digest", String(32), primary_key=True),
    Column("source", String(64), primary_key=True),
    _paper_id(index=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("said", DateTime(timezone=True), nullable=False),
)

# What happened to papers, in order: a number is never given twice, so whoever remembers the last one it saw misses none.
events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column(
        "paper_id",
        String(32),
        ForeignKey("papers.id", onupdate="CASCADE", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("kind", String(16), nullable=False),  # new, updated
    Column("source", String(64), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    sqlite_autoincrement=True,
)

# How far each configured source is read, and how the last visit went.
source_states = Table(
    "source_states",
    metadata,
    Column("source", String(640), primary_key=True),  # its line in the configuration
    Column("watermark", String(64)),
    Column("started", DateTime(timezone=True)),
    Column("ended", DateTime(timezone=True)),
    Column("failure", Text),
    Column("counts", JSON, nullable=False, server_default="{}"),
    Column("next_visit", DateTime(timezone=True)),
)

# What answers are recognised by when they are asked for again.
validators = Table(
    "validators",
    metadata,
    Column("url", String(2048), primary_key=True),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("kept", DateTime(timezone=True), nullable=False),
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
