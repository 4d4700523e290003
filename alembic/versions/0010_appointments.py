"""appointments, visits that must be, plans that were cancelled

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("planned_visit", sa.Column("at_minute", sa.Integer(), nullable=True))
    op.add_column(
        "planned_visit",
        sa.Column("must", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "planned_visit", sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("visit", sa.Column("next_minute", sa.Integer(), nullable=True))
