"""What has been given to the finance system, line by line, so that nothing is given twice."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TABELLER = ("fakturakjoering", "fakturalinje")


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "fakturakjoering",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("nr", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("maaned", sa.String(length=7), nullable=False),
        sa.Column("antall", sa.Integer(), nullable=False),
        sa.Column("sum_oere", sa.BigInteger(), nullable=False),
        sa.Column("uavklarte", sa.LargeBinary(), nullable=False),
        sa.Column("av", sa.String(length=200), nullable=False),
        sa.Column("opprettet", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["kommune"], ["kommune.kommune"], name=op.f("fk_fakturakjoering_kommune")),
        sa.PrimaryKeyConstraint("kommune", "nr", name=op.f("pk_fakturakjoering")),
    )
    op.create_table(
        "fakturalinje",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kjoering", sa.Integer(), nullable=False),
        sa.Column("sak_id", sa.Uuid(), nullable=False),
        sa.Column("slag", sa.String(length=20), nullable=False),
        sa.Column("periode", sa.String(length=7), nullable=False),
        sa.Column("nr", sa.Integer(), nullable=False),
        sa.Column("beloep_oere", sa.BigInteger(), nullable=False),
        sa.Column("vedtak_id", sa.Uuid(), nullable=True),
        sa.Column("etteroppgjoer_id", sa.Uuid(), nullable=True),
        sa.Column("opprettet", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["kommune", "kjoering"],
            ["fakturakjoering.kommune", "fakturakjoering.nr"],
            name=op.f("fk_fakturalinje_kommune_kjoering"),
        ),
        sa.ForeignKeyConstraint(
            ["kommune", "sak_id"], ["sak.kommune", "sak.id"], name=op.f("fk_fakturalinje_kommune_sak_id")
        ),
        sa.PrimaryKeyConstraint("kommune", "id", name=op.f("pk_fakturalinje")),
    )
    op.create_index(
        op.f("ix_fakturalinje_kommune_kjoering"), "fakturalinje", ["kommune", "kjoering"], unique=False
    )
    op.create_index(
        op.f("ix_fakturalinje_kommune_sak_id_periode_nr"),
        "fakturalinje",
        ["kommune", "sak_id", "periode", "nr"],
        unique=True,
    )
    postgresql = op.get_bind().dialect.name == "postgresql"
    gjoer = (
        "FOR EACH ROW EXECUTE FUNCTION egenandel_uforanderlig()"
        if postgresql
        else "FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'raden er uforanderlig'); END"
    )
    for tabell in _TABELLER:
        op.execute(sa.text(f"CREATE TRIGGER vern_{tabell}_update BEFORE UPDATE ON {tabell} {gjoer}"))
        if postgresql:
            op.execute(
                sa.text(
                    f"CREATE TRIGGER vern_{tabell}_truncate BEFORE TRUNCATE ON {tabell} "
                    "FOR EACH STATEMENT EXECUTE FUNCTION egenandel_uforanderlig()"
                )
            )


def downgrade() -> None:
    """Back."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for tabell in reversed(_TABELLER):
        paa = f" ON {tabell}" if postgresql else ""
        for hva in ("update", *(("truncate",) if postgresql else ())):
            op.execute(sa.text(f"DROP TRIGGER vern_{tabell}_{hva}{paa}"))
    op.drop_index(op.f("ix_fakturalinje_kommune_sak_id_periode_nr"), table_name="fakturalinje")
    op.drop_index(op.f("ix_fakturalinje_kommune_kjoering"), table_name="fakturalinje")
    op.drop_table("fakturalinje")
    op.drop_table("fakturakjoering")
