"""The calls in flight that all processes share."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "oppslagsplass",
        sa.Column("virksomhet", sa.String(length=9), nullable=False),
        sa.Column("api", sa.String(length=40), nullable=False),
        sa.Column("nr", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("eier", sa.Uuid(), nullable=True),
        sa.Column("utloeper", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("virksomhet", "api", "nr", name=op.f("pk_oppslagsplass")),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("oppslagsplass")
