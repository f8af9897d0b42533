"""What has been decided, fetched, calculated or seen is never changed; the database itself refuses."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_VERN = {
    "revisjon": ("UPDATE", "DELETE"),
    "kommuneoppsett": ("UPDATE", "DELETE"),
    "sak_versjon": ("UPDATE",),
    "beregning": ("UPDATE",),
    "beregning_grunnlag": ("UPDATE",),
    "vedtak": ("UPDATE",),
    "etteroppgjoer": ("UPDATE",),
    # It may be withdrawn, and that is all.
    "manuell_post": (
        "UPDATE OF kommune, id, sak_id, person_id, aar, slag, innhold, begrunnelse, vedlegg, av, opprettet",
    ),
    # The answer itself may be taken away, or encrypted under a new key; what it was may not change.
    "grunnlag": (
        "UPDATE OF kommune, id, person_id, sak_id, aar, tjeneste, api, utfall, mangel, innhold_hash, "
        "ajourholdt, skatteoppgjoersdato, korrelasjonsid, hentet, hentet_av",
    ),
}


def upgrade() -> None:
    """Put the guards up."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    if postgresql:
        op.execute(
            sa.text(
                "CREATE FUNCTION egenandel_uforanderlig() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'raden er uforanderlig' USING ERRCODE = 'check_violation'; END $$"
            )
        )
        # A row's guard does not see the whole table emptied; SQLite has no such statement.
        for tabell in _VERN:
            op.execute(
                sa.text(
                    f"CREATE TRIGGER vern_{tabell}_truncate BEFORE TRUNCATE ON {tabell} "
                    "FOR EACH STATEMENT EXECUTE FUNCTION egenandel_uforanderlig()"
                )
            )
    for tabell, handlinger in _VERN.items():
        for handling in handlinger:
            gjoer = (
                "FOR EACH ROW EXECUTE FUNCTION egenandel_uforanderlig()"
                if postgresql
                else "FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'raden er uforanderlig'); END"
            )
            op.execute(
                sa.text(f"CREATE TRIGGER {_navn(tabell, handling)} BEFORE {handling} ON {tabell} {gjoer}")
            )


def downgrade() -> None:
    """Take the guards down."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for tabell, handlinger in _VERN.items():
        for handling in handlinger:
            op.execute(
                sa.text(f"DROP TRIGGER {_navn(tabell, handling)}" + (f" ON {tabell}" if postgresql else ""))
            )
    if postgresql:
        for tabell in _VERN:
            op.execute(sa.text(f"DROP TRIGGER vern_{tabell}_truncate ON {tabell}"))
        op.execute(sa.text("DROP FUNCTION egenandel_uforanderlig()"))


def _navn(tabell: str, handling: str) -> str:
    return f"vern_{tabell}_{handling.split(maxsplit=1)[0].lower()}"
