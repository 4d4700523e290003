"""signed orders

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sales_order", schema=None) as batch_op:
        for name in ("signature", "signed_by"):
            batch_op.add_column(sa.Column(name, sa.String(), server_default="", nullable=False))
