"""Skatteetaten's event lists: what was read, what is to be done about it, and what it led to."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_VERN = {
    "avstemming": ("UPDATE", "DELETE"),
    "endring": ("UPDATE",),
    "hendelse": ("UPDATE",),
    "pekerflytting": ("UPDATE", "DELETE"),
}
"""What is never changed. An event goes when the person goes."""


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "endring",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("sekvensnummer", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("sak_id", sa.Uuid(), nullable=True),
        sa.Column("gjelder", sa.Uuid(), nullable=True),
        sa.Column("aar", sa.Integer(), nullable=True),
        sa.Column("tidspunkt", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kommune", "sekvensnummer", name=op.f("pk_endring")),
    )
    op.create_table(
        "endring_hode",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("sekvensnummer", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kommune", name=op.f("pk_endring_hode")),
    )
    op.create_table(
        "hendelsesliste",
        sa.Column("liste", sa.String(length=20), nullable=False),
        sa.Column("neste", sa.BigInteger(), nullable=False),
        sa.Column("mandat", sa.BigInteger(), nullable=False),
        sa.Column("lest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("siste_hendelse", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opprettet", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("liste", name=op.f("pk_hendelsesliste")),
    )
    op.create_table(
        "lederskap",
        sa.Column("navn", sa.String(length=40), nullable=False),
        sa.Column("eier", sa.Uuid(), nullable=True),
        sa.Column("mandat", sa.BigInteger(), nullable=False),
        sa.Column("utloeper", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("navn", name=op.f("pk_lederskap")),
    )
    op.create_table(
        "pekerflytting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("liste", sa.String(length=20), nullable=False),
        sa.Column("fra", sa.BigInteger(), nullable=False),
        sa.Column("til", sa.BigInteger(), nullable=False),
        sa.Column("begrunnelse", sa.Text(), nullable=False),
        sa.Column("av", sa.String(length=200), nullable=False),
        sa.Column("opprettet", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pekerflytting")),
    )
    op.create_table(
        "uleselig_hendelse",
        sa.Column("liste", sa.String(length=20), nullable=False),
        sa.Column("sekvensnummer", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("felt", sa.String(length=300), nullable=False),
        sa.Column("tilstand", sa.String(length=20), nullable=False),
        sa.Column("forsoek", sa.Integer(), nullable=False),
        sa.Column("mottatt", sa.DateTime(timezone=True), nullable=False),
        sa.Column("avsluttet", sa.DateTime(timezone=True), nullable=True),
        sa.Column("avsluttet_av", sa.String(length=200), nullable=True),
        sa.Column("begrunnelse", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("liste", "sekvensnummer", name=op.f("pk_uleselig_hendelse")),
    )
    op.create_index(op.f("ix_uleselig_hendelse_tilstand"), "uleselig_hendelse", ["tilstand"], unique=False)
    op.create_table(
        "avstemming",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fra", sa.DateTime(timezone=True), nullable=False),
        sa.Column("til", sa.DateTime(timezone=True), nullable=False),
        sa.Column("utfall", sa.String(length=20), nullable=False),
        sa.Column("innhold", sa.LargeBinary(), nullable=False),
        sa.Column("signatur", sa.Text(), nullable=False),
        sa.Column("av", sa.String(length=200), nullable=False),
        sa.Column("opprettet", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["kommune"], ["kommune.kommune"], name=op.f("fk_avstemming_kommune")),
        sa.PrimaryKeyConstraint("kommune", "id", name=op.f("pk_avstemming")),
    )
    op.create_table(
        "massekjoering",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slag", sa.String(length=30), nullable=False),
        sa.Column("aar", sa.Integer(), nullable=False),
        sa.Column("virkning_fra", sa.Date(), nullable=False),
        sa.Column("tilstand", sa.String(length=20), nullable=False),
        sa.Column("innhold", sa.LargeBinary(), nullable=False),
        sa.Column("av", sa.String(length=200), nullable=False),
        sa.Column("opprettet", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kjoert", sa.DateTime(timezone=True), nullable=True),
        sa.Column("angret", sa.DateTime(timezone=True), nullable=True),
        sa.Column("angret_av", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["kommune"], ["kommune.kommune"], name=op.f("fk_massekjoering_kommune")),
        sa.PrimaryKeyConstraint("kommune", "id", name=op.f("pk_massekjoering")),
    )
    op.create_table(
        "webhook",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("typer", sa.Text(), nullable=False),
        sa.Column("beskrivelse", sa.String(length=200), nullable=True),
        sa.Column("hemmelighet", sa.LargeBinary(), nullable=False),
        sa.Column("forrige_hemmelighet", sa.LargeBinary(), nullable=True),
        sa.Column("forrige_til", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tilstand", sa.String(length=20), nullable=False),
        sa.Column("versjon", sa.Integer(), nullable=False),
        sa.Column("av", sa.String(length=200), nullable=False),
        sa.Column("opprettet", sa.DateTime(timezone=True), nullable=False),
        sa.Column("endret", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["kommune"], ["kommune.kommune"], name=op.f("fk_webhook_kommune")),
        sa.PrimaryKeyConstraint("kommune", "id", name=op.f("pk_webhook")),
    )
    op.create_table(
        "arbeid",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("liste", sa.String(length=20), nullable=False),
        sa.Column("aar", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("bestilt", sa.BigInteger(), nullable=False),
        sa.Column("gjort", sa.BigInteger(), nullable=False),
        sa.Column("grunn", sa.String(length=20), nullable=False),
        sa.Column("slettet", sa.Boolean(), nullable=False),
        sa.Column("ny_identitet", sa.Boolean(), nullable=False),
        sa.Column("tilstand", sa.String(length=20), nullable=False),
        sa.Column("forsoek", sa.Integer(), nullable=False),
        sa.Column("neste_forsoek", sa.DateTime(timezone=True), nullable=False),
        sa.Column("feil", sa.String(length=200), nullable=True),
        sa.Column("opprettet", sa.DateTime(timezone=True), nullable=False),
        sa.Column("endret", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["kommune", "person_id"],
            ["person.kommune", "person.id"],
            name=op.f("fk_arbeid_kommune_person_id"),
        ),
        sa.PrimaryKeyConstraint("kommune", "person_id", "liste", "aar", name=op.f("pk_arbeid")),
    )
    op.create_index(
        op.f("ix_arbeid_tilstand_neste_forsoek"), "arbeid", ["tilstand", "neste_forsoek"], unique=False
    )
    op.create_table(
        "hendelse",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("liste", sa.String(length=20), nullable=False),
        sa.Column("sekvensnummer", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("periode", sa.String(length=20), nullable=True),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("registrert", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ajourholdt", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mottatt", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["kommune", "person_id"],
            ["person.kommune", "person.id"],
            name=op.f("fk_hendelse_kommune_person_id"),
        ),
        sa.PrimaryKeyConstraint("kommune", "liste", "sekvensnummer", name=op.f("pk_hendelse")),
    )
    op.create_index(op.f("ix_hendelse_kommune_person_id"), "hendelse", ["kommune", "person_id"], unique=False)
    op.create_index(op.f("ix_hendelse_mottatt"), "hendelse", ["mottatt"], unique=False)
    op.create_table(
        "webhooklevering",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("sekvensnummer", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tilstand", sa.String(length=20), nullable=False),
        sa.Column("forsoek", sa.Integer(), nullable=False),
        sa.Column("neste_forsoek", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("feil", sa.String(length=100), nullable=True),
        sa.Column("opprettet", sa.DateTime(timezone=True), nullable=False),
        sa.Column("endret", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["kommune", "sekvensnummer"],
            ["endring.kommune", "endring.sekvensnummer"],
            name=op.f("fk_webhooklevering_kommune_sekvensnummer"),
        ),
        sa.ForeignKeyConstraint(
            ["kommune", "webhook_id"],
            ["webhook.kommune", "webhook.id"],
            name=op.f("fk_webhooklevering_kommune_webhook_id"),
        ),
        sa.PrimaryKeyConstraint("kommune", "webhook_id", "sekvensnummer", name=op.f("pk_webhooklevering")),
    )
    op.create_index(
        op.f("ix_webhooklevering_tilstand_kommune_webhook_id_neste_forsoek"),
        "webhooklevering",
        ["tilstand", "kommune", "webhook_id", "neste_forsoek"],
        unique=False,
    )
    op.create_table(
        "masserad",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("kjoering_id", sa.Uuid(), nullable=False),
        sa.Column("sak_id", sa.Uuid(), nullable=False),
        sa.Column("foer_id", sa.Uuid(), nullable=True),
        sa.Column("etter_id", sa.Uuid(), nullable=True),
        sa.Column("utfall", sa.String(length=30), nullable=False),
        sa.Column("endring_oere", sa.BigInteger(), nullable=True),
        sa.Column("innhold", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["kommune", "kjoering_id"],
            ["massekjoering.kommune", "massekjoering.id"],
            name=op.f("fk_masserad_kommune_kjoering_id"),
        ),
        sa.ForeignKeyConstraint(
            ["kommune", "sak_id"], ["sak.kommune", "sak.id"], name=op.f("fk_masserad_kommune_sak_id")
        ),
        sa.PrimaryKeyConstraint("kommune", "kjoering_id", "sak_id", name=op.f("pk_masserad")),
    )
    op.create_index(op.f("ix_masserad_kommune_sak_id"), "masserad", ["kommune", "sak_id"], unique=False)
    op.create_table(
        "oppgave",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sak_id", sa.Uuid(), nullable=False),
        sa.Column("slag", sa.String(length=40), nullable=False),
        sa.Column("aar", sa.Integer(), nullable=False),
        sa.Column("tilstand", sa.String(length=20), nullable=False),
        sa.Column("hast", sa.Integer(), nullable=False),
        sa.Column("frist", sa.Date(), nullable=True),
        sa.Column("innhold", sa.LargeBinary(), nullable=False),
        sa.Column("versjon", sa.Integer(), nullable=False),
        sa.Column("opprettet", sa.DateTime(timezone=True), nullable=False),
        sa.Column("endret", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lukket_av", sa.String(length=200), nullable=True),
        sa.Column("begrunnelse", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["kommune", "sak_id"], ["sak.kommune", "sak.id"], name=op.f("fk_oppgave_kommune_sak_id")
        ),
        sa.PrimaryKeyConstraint("kommune", "id", name=op.f("pk_oppgave")),
    )
    op.create_index(op.f("ix_oppgave_kommune_sak_id"), "oppgave", ["kommune", "sak_id"], unique=False)
    op.create_index(
        op.f("ix_oppgave_kommune_tilstand_hast"), "oppgave", ["kommune", "tilstand", "hast"], unique=False
    )
    op.create_index(
        "uq_oppgave_aapen",
        "oppgave",
        ["kommune", "sak_id", "slag", "aar"],
        unique=True,
        sqlite_where=sa.text("tilstand = 'AAPEN'"),
        postgresql_where=sa.text("tilstand = 'AAPEN'"),
    )
    op.add_column("grunnlag", sa.Column("trukket", sa.DateTime(timezone=True), nullable=True))
    _sett_vern()


def downgrade() -> None:
    """Back."""
    _ta_vern()
    op.drop_column("grunnlag", "trukket")
    op.drop_index(
        "uq_oppgave_aapen",
        table_name="oppgave",
        sqlite_where=sa.text("tilstand = 'AAPEN'"),
        postgresql_where=sa.text("tilstand = 'AAPEN'"),
    )
    op.drop_index(op.f("ix_oppgave_kommune_tilstand_hast"), table_name="oppgave")
    op.drop_index(op.f("ix_oppgave_kommune_sak_id"), table_name="oppgave")
    op.drop_table("oppgave")
    op.drop_index(op.f("ix_masserad_kommune_sak_id"), table_name="masserad")
    op.drop_table("masserad")
    op.drop_index(
        op.f("ix_webhooklevering_tilstand_kommune_webhook_id_neste_forsoek"), table_name="webhooklevering"
    )
    op.drop_table("webhooklevering")
    op.drop_index(op.f("ix_hendelse_mottatt"), table_name="hendelse")
    op.drop_index(op.f("ix_hendelse_kommune_person_id"), table_name="hendelse")
    op.drop_table("hendelse")
    op.drop_index(op.f("ix_arbeid_tilstand_neste_forsoek"), table_name="arbeid")
    op.drop_table("arbeid")
    op.drop_table("webhook")
    op.drop_table("massekjoering")
    op.drop_table("avstemming")
    op.drop_index(op.f("ix_uleselig_hendelse_tilstand"), table_name="uleselig_hendelse")
    op.drop_table("uleselig_hendelse")
    op.drop_table("pekerflytting")
    op.drop_table("lederskap")
    op.drop_table("hendelsesliste")
    op.drop_table("endring_hode")
    op.drop_table("endring")


def _sett_vern() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for tabell, handlinger in _VERN.items():
        if postgresql:
            op.execute(
                sa.text(
                    f"CREATE TRIGGER vern_{tabell}_truncate BEFORE TRUNCATE ON {tabell} "
                    "FOR EACH STATEMENT EXECUTE FUNCTION egenandel_uforanderlig()"
                )
            )
        for handling in handlinger:
            gjoer = (
                "FOR EACH ROW EXECUTE FUNCTION egenandel_uforanderlig()"
                if postgresql
                else "FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'raden er uforanderlig'); END"
            )
            op.execute(
                sa.text(
                    f"CREATE TRIGGER vern_{tabell}_{handling.lower()} BEFORE {handling} ON {tabell} {gjoer}"
                )
            )


def _ta_vern() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for tabell, handlinger in _VERN.items():
        paa = f" ON {tabell}" if postgresql else ""
        for handling in (*handlinger, *(("truncate",) if postgresql else ())):
            op.execute(sa.text(f"DROP TRIGGER vern_{tabell}_{handling.lower()}{paa}"))
