"""Users who are logged in, those who are about to be, and what the users' ids mean."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "innlogging",
        sa.Column("tilstand_hash", sa.LargeBinary(), nullable=False),
        sa.Column("nettleser_hash", sa.LargeBinary(), nullable=False),
        sa.Column("tilbyder", sa.String(length=40), nullable=False),
        sa.Column("innhold", sa.LargeBinary(), nullable=False),
        sa.Column("utloeper", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tilstand_hash", name=op.f("pk_innlogging")),
    )
    op.create_index(op.f("ix_innlogging_utloeper"), "innlogging", ["utloeper"], unique=False)
    op.create_table(
        "bruker",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("bruker", sa.String(length=200), nullable=False),
        sa.Column("navn", sa.LargeBinary(), nullable=True),
        sa.Column("rolle", sa.String(length=20), nullable=False),
        sa.Column("tilbyder", sa.String(length=40), nullable=False),
        sa.Column("opprettet", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sist_innlogget", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["kommune"], ["kommune.kommune"], name=op.f("fk_bruker_kommune")),
        sa.PrimaryKeyConstraint("kommune", "bruker", name=op.f("pk_bruker")),
    )
    op.create_table(
        "sesjon",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("noekkel_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sid_hash", sa.LargeBinary(), nullable=True),
        sa.Column("bruker", sa.String(length=200), nullable=False),
        sa.Column("rolle", sa.String(length=20), nullable=False),
        sa.Column("eid_nivaa", sa.String(length=40), nullable=False),
        sa.Column("tilbyder", sa.String(length=40), nullable=False),
        sa.Column("innhold", sa.LargeBinary(), nullable=False),
        sa.Column("opprettet", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sist_brukt", sa.DateTime(timezone=True), nullable=False),
        sa.Column("utloeper", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["kommune", "bruker"], ["bruker.kommune", "bruker.bruker"], name=op.f("fk_sesjon_kommune_bruker")
        ),
        sa.PrimaryKeyConstraint("kommune", "noekkel_hash", name=op.f("pk_sesjon")),
    )
    op.create_index(op.f("ix_sesjon_noekkel_hash"), "sesjon", ["noekkel_hash"], unique=True)
    op.create_index(op.f("ix_sesjon_sid_hash"), "sesjon", ["sid_hash"], unique=False)
    op.create_index(op.f("ix_sesjon_sist_brukt"), "sesjon", ["sist_brukt"], unique=False)
    op.create_index(op.f("ix_sesjon_utloeper"), "sesjon", ["utloeper"], unique=False)


def downgrade() -> None:
    """Back."""
    op.drop_index(op.f("ix_sesjon_utloeper"), table_name="sesjon")
    op.drop_index(op.f("ix_sesjon_sist_brukt"), table_name="sesjon")
    op.drop_index(op.f("ix_sesjon_sid_hash"), table_name="sesjon")
    op.drop_index(op.f("ix_sesjon_noekkel_hash"), table_name="sesjon")
    op.drop_table("sesjon")
    op.drop_table("bruker")
    op.drop_index(op.f("ix_innlogging_utloeper"), table_name="innlogging")
    op.drop_table("innlogging")
