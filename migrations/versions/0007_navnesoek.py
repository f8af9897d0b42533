"""Keyed marks that a person is found by name with. Names from before get theirs with «egenandel noekkel navneindeks»."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "navneord",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("merke", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kommune", "person_id"],
            ["person.kommune", "person.id"],
            name=op.f("fk_navneord_kommune_person_id"),
        ),
        sa.PrimaryKeyConstraint("kommune", "person_id", "merke", name=op.f("pk_navneord")),
    )
    op.create_index(op.f("ix_navneord_kommune_merke"), "navneord", ["kommune", "merke"], unique=False)


def downgrade() -> None:
    """Back."""
    op.drop_index(op.f("ix_navneord_kommune_merke"), table_name="navneord")
    op.drop_table("navneord")
