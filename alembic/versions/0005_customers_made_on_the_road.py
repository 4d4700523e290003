"""customers made on the road

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from app.customers.search import alike_keys

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BATCH = 1000


def upgrade() -> None:
    op.create_table(
        "merge_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("one_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("signs", sa.JSON(), nullable=False),
        sa.Column("metres", sa.Float(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["one_id"], ["customer.id"]),
        sa.ForeignKeyConstraint(["other_id"], ["customer.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("one_id", "other_id"),
    )
    op.create_index("ix_merge_proposal_other_id", "merge_proposal", ["other_id"])
    op.create_table(
        "merger",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("gone_id", sa.Uuid(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_by_id", sa.Uuid(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["gone_id"], ["customer.id"]),
        sa.ForeignKeyConstraint(["kept_id"], ["customer.id"]),
        sa.ForeignKeyConstraint(["merged_by_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["undone_by_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_merger_gone_id", "merger", ["gone_id"])
    add_to_customer(sa.Column("alike_keys", sa.String(), nullable=False, server_default=""))
    add_to_customer(sa.Column("merged_into_id", sa.Uuid(), sa.ForeignKey("customer.id")))
    add_to_customer(sa.Column("added_by_id", sa.Uuid(), sa.ForeignKey("person.id")))
    add_to_customer(sa.Column("added_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_customer_merged_into_id", "customer", ["merged_into_id"])
    op.create_index("customer_added", "customer", ["added_by_id", "added_at"])
    spell_the_names(op.get_bind())


def add_to_customer(column: sa.Column) -> None:
    """References with the column: SQLite would make the table anew, which others point at."""
    op.add_column("customer", column, inline_references=True)


def spell_the_names(connection: sa.Connection) -> None:
    """By today's rule: a later one spells them anew."""
    columns = (sa.column("id", sa.Uuid()), sa.column("name"), sa.column("short_name"))
    known = connection.execute(sa.select(*columns).select_from(sa.table("customer"))).all()
    spelling = (
        sa.update(sa.table("customer", sa.column("id", sa.Uuid()), sa.column("alike_keys")))
        .where(sa.column("id", sa.Uuid()) == sa.bindparam("key"))
        .values(alike_keys=sa.bindparam("spelling"))
    )
    for start in range(0, len(known), BATCH):
        batch = known[start : start + BATCH]
        rows = [{"key": row.id, "spelling": alike_keys(row.name, row.short_name)} for row in batch]
        connection.execute(spelling, rows)
