"""One open case per person and service, and one etteroppgjør per final calculation."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    aapen = sa.column("status") == "AAPEN"
    op.create_index(
        "uq_sak_aapen",
        "sak",
        ["kommune", "person_id", "tjeneste"],
        unique=True,
        sqlite_where=aapen,
        postgresql_where=aapen,
    )
    op.create_index(
        "ix_etteroppgjoer_kommune_endelig_id", "etteroppgjoer", ["kommune", "endelig_id"], unique=True
    )


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_etteroppgjoer_kommune_endelig_id", table_name="etteroppgjoer")
    op.drop_index("uq_sak_aapen", table_name="sak")
