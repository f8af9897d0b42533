"""The user's own mark in the audit register, to find look-ups of oneself and of colleagues."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.add_column("bruker", sa.Column("merke", sa.String(length=64), nullable=True))


def downgrade() -> None:
    """Back."""
    op.drop_column("bruker", "merke")
