"""what a customer owes, how long a visit there takes

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("customer", sa.Column("owed", sa.BigInteger(), nullable=True))
    op.add_column("customer", sa.Column("owed_since", sa.Date(), nullable=True))
    op.add_column("customer", sa.Column("visit_minutes", sa.Integer(), nullable=True))
