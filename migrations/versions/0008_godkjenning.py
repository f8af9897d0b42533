"""A decision may wait for a second person; what that person said is kept beside it and never changed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ERSTATTER = "ix_vedtak_kommune_erstatter"
_TABELL = "vedtaksavgjoerelse"


def upgrade() -> None:
    """Forwards."""
    op.add_column(
        "vedtak", sa.Column("til_godkjenning", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.drop_index(_ERSTATTER, table_name="vedtak")
    uten = sa.column("til_godkjenning") == sa.false()
    op.create_index(
        _ERSTATTER,
        "vedtak",
        ["kommune", "erstatter"],
        unique=True,
        sqlite_where=uten,
        postgresql_where=uten,
    )
    op.create_table(
        _TABELL,
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("vedtak_id", sa.Uuid(), nullable=False),
        sa.Column("sak_id", sa.Uuid(), nullable=False),
        sa.Column("utfall", sa.String(length=20), nullable=False),
        sa.Column("begrunnelse", sa.Text(), nullable=True),
        sa.Column("av", sa.String(length=200), nullable=False),
        sa.Column("opprettet", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["kommune", "vedtak_id"],
            ["vedtak.kommune", "vedtak.id"],
            name=op.f("fk_vedtaksavgjoerelse_kommune_vedtak_id"),
        ),
        sa.ForeignKeyConstraint(
            ["kommune", "sak_id"],
            ["sak.kommune", "sak.id"],
            name=op.f("fk_vedtaksavgjoerelse_kommune_sak_id"),
        ),
        sa.PrimaryKeyConstraint("kommune", "vedtak_id", name=op.f("pk_vedtaksavgjoerelse")),
    )
    op.create_index(
        op.f("ix_vedtaksavgjoerelse_kommune_sak_id"), _TABELL, ["kommune", "sak_id"], unique=False
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            sa.text(
                f"CREATE TRIGGER vern_{_TABELL}_truncate BEFORE TRUNCATE ON {_TABELL} "
                "FOR EACH STATEMENT EXECUTE FUNCTION egenandel_uforanderlig()"
            )
        )
        gjoer = "FOR EACH ROW EXECUTE FUNCTION egenandel_uforanderlig()"
    else:
        gjoer = "FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'raden er uforanderlig'); END"
    op.execute(sa.text(f"CREATE TRIGGER vern_{_TABELL}_update BEFORE UPDATE ON {_TABELL} {gjoer}"))


def downgrade() -> None:
    """Back."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    paa = f" ON {_TABELL}" if postgresql else ""
    for hva in ("update", *(("truncate",) if postgresql else ())):
        op.execute(sa.text(f"DROP TRIGGER vern_{_TABELL}_{hva}{paa}"))
    op.drop_index(op.f("ix_vedtaksavgjoerelse_kommune_sak_id"), table_name=_TABELL)
    op.drop_table(_TABELL)
    op.drop_index(_ERSTATTER, table_name="vedtak")
    op.create_index(_ERSTATTER, "vedtak", ["kommune", "erstatter"], unique=True)
    op.drop_column("vedtak", "til_godkjenning")
