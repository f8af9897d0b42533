"""Letters as they were when they were made."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_FAST = "kommune, id, sak_id, vedtak_id, etteroppgjoer_id, spraak, malversjon, sha256, av, opprettet"
"""The letter itself may be encrypted under a new key."""


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "brev",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sak_id", sa.Uuid(), nullable=False),
        sa.Column("vedtak_id", sa.Uuid(), nullable=True),
        sa.Column("etteroppgjoer_id", sa.Uuid(), nullable=True),
        sa.Column("spraak", sa.String(length=2), nullable=False),
        sa.Column("malversjon", sa.String(length=20), nullable=False),
        sa.Column("pdf_kryptert", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("av", sa.String(length=200), nullable=False),
        sa.Column("opprettet", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(vedtak_id IS NULL) <> (etteroppgjoer_id IS NULL)", name=op.f("ck_brev_ett")),
        sa.ForeignKeyConstraint(
            ["kommune", "etteroppgjoer_id"],
            ["etteroppgjoer.kommune", "etteroppgjoer.id"],
            name=op.f("fk_brev_kommune_etteroppgjoer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["kommune", "sak_id"], ["sak.kommune", "sak.id"], name=op.f("fk_brev_kommune_sak_id")
        ),
        sa.ForeignKeyConstraint(
            ["kommune", "vedtak_id"], ["vedtak.kommune", "vedtak.id"], name=op.f("fk_brev_kommune_vedtak_id")
        ),
        sa.PrimaryKeyConstraint("kommune", "id", name=op.f("pk_brev")),
    )
    op.create_index(op.f("ix_brev_kommune_sak_id"), "brev", ["kommune", "sak_id"], unique=False)
    op.create_index(
        op.f("ix_brev_kommune_vedtak_id_spraak"), "brev", ["kommune", "vedtak_id", "spraak"], unique=True
    )
    op.create_index(
        op.f("ix_brev_kommune_etteroppgjoer_id_spraak"),
        "brev",
        ["kommune", "etteroppgjoer_id", "spraak"],
        unique=True,
    )
    if op.get_bind().dialect.name == "postgresql":
        gjoer = "EXECUTE FUNCTION egenandel_uforanderlig()"
        op.execute(
            sa.text(f"CREATE TRIGGER vern_brev_truncate BEFORE TRUNCATE ON brev FOR EACH STATEMENT {gjoer}")
        )
    else:
        gjoer = "BEGIN SELECT RAISE(ABORT, 'raden er uforanderlig'); END"
    op.execute(
        sa.text(f"CREATE TRIGGER vern_brev_update BEFORE UPDATE OF {_FAST} ON brev FOR EACH ROW {gjoer}")
    )


def downgrade() -> None:
    """Backwards."""
    op.drop_index(op.f("ix_brev_kommune_etteroppgjoer_id_spraak"), table_name="brev")
    op.drop_index(op.f("ix_brev_kommune_vedtak_id_spraak"), table_name="brev")
    op.drop_index(op.f("ix_brev_kommune_sak_id"), table_name="brev")
    op.drop_table("brev")
