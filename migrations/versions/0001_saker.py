"""The first tables: kommuner, persons, cases, figures, decisions, and the audit register."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "idempotens",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("klient", sa.String(length=200), nullable=False),
        sa.Column("noekkel", sa.String(length=100), nullable=False),
        sa.Column("rute", sa.String(length=200), nullable=False),
        sa.Column("kropp_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("hoder", sa.Text(), nullable=False),
        sa.Column("svar", sa.LargeBinary(), nullable=False),
        sa.Column("opprettet", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kommune", "klient", "noekkel", name=op.f("pk_idempotens")),
    )
    with op.batch_alter_table("idempotens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotens_opprettet"), ["opprettet"], unique=False)

    op.create_table(
        "kommune",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("navn", sa.String(length=200), nullable=False),
        sa.Column("opprettet", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kommune", name=op.f("pk_kommune")),
    )
    op.create_table(
        "revisjon",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("nr", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tidspunkt", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handling", sa.String(length=40), nullable=False),
        sa.Column("utfall", sa.String(length=20), nullable=False),
        sa.Column("personmerke", sa.String(length=64), nullable=True),
        sa.Column("sak_id", sa.Uuid(), nullable=True),
        sa.Column("innhold", sa.Text(), nullable=False),
        sa.Column("forrige", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("kommune", "nr", name=op.f("pk_revisjon")),
    )
    with op.batch_alter_table("revisjon", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_revisjon_kommune_personmerke"), ["kommune", "personmerke"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_revisjon_kommune_sak_id"), ["kommune", "sak_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_revisjon_kommune_tidspunkt"), ["kommune", "tidspunkt"], unique=False
        )

    op.create_table(
        "revisjon_hode",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("nr", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("kommune", name=op.f("pk_revisjon_hode")),
    )
    op.create_table(
        "kommuneoppsett",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("versjon", sa.Integer(), nullable=False),
        sa.Column("innhold", sa.Text(), nullable=False),
        sa.Column("av", sa.String(length=200), nullable=False),
        sa.Column("opprettet", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["kommune"], ["kommune.kommune"], name=op.f("fk_kommuneoppsett_kommune")),
        sa.PrimaryKeyConstraint("kommune", "versjon", name=op.f("pk_kommuneoppsett")),
    )
    op.create_table(
        "person",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ident_hash", sa.LargeBinary(), nullable=False),
        sa.Column("ident_kryptert", sa.LargeBinary(), nullable=False),
        sa.Column("navn_kryptert", sa.LargeBinary(), nullable=True),
        sa.Column("opprettet", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["kommune"], ["kommune.kommune"], name=op.f("fk_person_kommune")),
        sa.PrimaryKeyConstraint("kommune", "id", name=op.f("pk_person")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_ident_hash"), ["ident_hash"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_person_kommune_ident_hash"), ["kommune", "ident_hash"], unique=True
        )

    op.create_table(
        "sak",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tjeneste", sa.String(length=30), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("referanse", sa.String(length=100), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("versjon", sa.Integer(), nullable=False),
        sa.Column("opprettet", sa.DateTime(timezone=True), nullable=False),
        sa.Column("endret", sa.DateTime(timezone=True), nullable=False),
        sa.Column("avsluttet_dato", sa.Date(), nullable=True),
        sa.Column("avsluttet_grunn", sa.String(length=30), nullable=True),
        sa.ForeignKeyConstraint(
            ["kommune", "person_id"], ["person.kommune", "person.id"], name=op.f("fk_sak_kommune_person_id")
        ),
        sa.PrimaryKeyConstraint("kommune", "id", name=op.f("pk_sak")),
    )
    with op.batch_alter_table("sak", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sak_kommune_person_id"), ["kommune", "person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sak_kommune_referanse"), ["kommune", "referanse"], unique=False)

    op.create_table(
        "beregning",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sak_id", sa.Uuid(), nullable=False),
        sa.Column("sak_versjon", sa.Integer(), nullable=False),
        sa.Column("oppsett_versjon", sa.Integer(), nullable=False),
        sa.Column("aar", sa.Integer(), nullable=False),
        sa.Column("virkning_fra", sa.Date(), nullable=False),
        sa.Column("tilstand", sa.String(length=20), nullable=False),
        sa.Column("foreloepig", sa.Boolean(), nullable=False),
        sa.Column("svar", sa.LargeBinary(), nullable=False),
        sa.Column("inn", sa.LargeBinary(), nullable=True),
        sa.Column("kilder", sa.LargeBinary(), nullable=True),
        sa.Column("resultat", sa.LargeBinary(), nullable=True),
        sa.Column("resultat_hash", sa.String(length=64), nullable=True),
        sa.Column("egenandel_aar_oere", sa.BigInteger(), nullable=True),
        sa.Column("regelversjon", sa.String(length=40), nullable=False),
        sa.Column("satsversjon", sa.String(length=64), nullable=False),
        sa.Column("katalogversjon", sa.String(length=64), nullable=False),
        sa.Column("kodeversjon", sa.String(length=64), nullable=False),
        sa.Column("av", sa.String(length=200), nullable=False),
        sa.Column("opprettet", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(resultat IS NULL) = (resultat_hash IS NULL)", name=op.f("ck_beregning_resultat_og_hash")
        ),
        sa.ForeignKeyConstraint(
            ["kommune", "sak_id"], ["sak.kommune", "sak.id"], name=op.f("fk_beregning_kommune_sak_id")
        ),
        sa.PrimaryKeyConstraint("kommune", "id", name=op.f("pk_beregning")),
    )
    with op.batch_alter_table("beregning", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_beregning_kommune_sak_id"), ["kommune", "sak_id"], unique=False)

    op.create_table(
        "grunnlag",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sak_id", sa.Uuid(), nullable=False),
        sa.Column("aar", sa.Integer(), nullable=False),
        sa.Column("tjeneste", sa.String(length=30), nullable=False),
        sa.Column("api", sa.String(length=40), nullable=False),
        sa.Column("utfall", sa.String(length=30), nullable=False),
        sa.Column("mangel", sa.Text(), nullable=True),
        sa.Column("raasvar", sa.LargeBinary(), nullable=True),
        sa.Column("innhold_hash", sa.String(length=64), nullable=True),
        sa.Column("ajourholdt", sa.DateTime(timezone=True), nullable=True),
        sa.Column("skatteoppgjoersdato", sa.Date(), nullable=True),
        sa.Column("korrelasjonsid", sa.String(length=100), nullable=True),
        sa.Column("hentet", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hentet_av", sa.String(length=200), nullable=False),
        sa.Column("raasvar_slettet", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["kommune", "person_id"],
            ["person.kommune", "person.id"],
            name=op.f("fk_grunnlag_kommune_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["kommune", "sak_id"], ["sak.kommune", "sak.id"], name=op.f("fk_grunnlag_kommune_sak_id")
        ),
        sa.PrimaryKeyConstraint("kommune", "id", name=op.f("pk_grunnlag")),
    )
    with op.batch_alter_table("grunnlag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grunnlag_hentet"), ["hentet"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_grunnlag_kommune_person_id_aar"), ["kommune", "person_id", "aar"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_grunnlag_kommune_sak_id"), ["kommune", "sak_id"], unique=False)

    op.create_table(
        "manuell_post",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sak_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("aar", sa.Integer(), nullable=False),
        sa.Column("slag", sa.String(length=20), nullable=False),
        sa.Column("innhold", sa.Text(), nullable=False),
        sa.Column("begrunnelse", sa.Text(), nullable=False),
        sa.Column("vedlegg", sa.String(length=200), nullable=True),
        sa.Column("av", sa.String(length=200), nullable=False),
        sa.Column("opprettet", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opphevet", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opphevet_av", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["kommune", "person_id"],
            ["person.kommune", "person.id"],
            name=op.f("fk_manuell_post_kommune_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["kommune", "sak_id"], ["sak.kommune", "sak.id"], name=op.f("fk_manuell_post_kommune_sak_id")
        ),
        sa.PrimaryKeyConstraint("kommune", "id", name=op.f("pk_manuell_post")),
    )
    with op.batch_alter_table("manuell_post", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_manuell_post_kommune_sak_id"), ["kommune", "sak_id"], unique=False
        )

    op.create_table(
        "sak_person",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("sak_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kommune", "person_id"],
            ["person.kommune", "person.id"],
            name=op.f("fk_sak_person_kommune_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["kommune", "sak_id"], ["sak.kommune", "sak.id"], name=op.f("fk_sak_person_kommune_sak_id")
        ),
        sa.PrimaryKeyConstraint("kommune", "sak_id", "person_id", name=op.f("pk_sak_person")),
    )
    with op.batch_alter_table("sak_person", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sak_person_kommune_person_id"), ["kommune", "person_id"], unique=False
        )

    op.create_table(
        "sak_versjon",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("sak_id", sa.Uuid(), nullable=False),
        sa.Column("versjon", sa.Integer(), nullable=False),
        sa.Column("innhold", sa.LargeBinary(), nullable=False),
        sa.Column("av", sa.String(length=200), nullable=False),
        sa.Column("opprettet", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["kommune", "sak_id"], ["sak.kommune", "sak.id"], name=op.f("fk_sak_versjon_kommune_sak_id")
        ),
        sa.PrimaryKeyConstraint("kommune", "sak_id", "versjon", name=op.f("pk_sak_versjon")),
    )
    op.create_table(
        "beregning_grunnlag",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("beregning_id", sa.Uuid(), nullable=False),
        sa.Column("grunnlag_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kommune", "beregning_id"],
            ["beregning.kommune", "beregning.id"],
            name=op.f("fk_beregning_grunnlag_kommune_beregning_id"),
        ),
        sa.ForeignKeyConstraint(
            ["kommune", "grunnlag_id"],
            ["grunnlag.kommune", "grunnlag.id"],
            name=op.f("fk_beregning_grunnlag_kommune_grunnlag_id"),
        ),
        sa.PrimaryKeyConstraint("kommune", "beregning_id", "grunnlag_id", name=op.f("pk_beregning_grunnlag")),
    )
    with op.batch_alter_table("beregning_grunnlag", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_beregning_grunnlag_kommune_grunnlag_id"), ["kommune", "grunnlag_id"], unique=False
        )

    op.create_table(
        "etteroppgjoer",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sak_id", sa.Uuid(), nullable=False),
        sa.Column("aar", sa.Integer(), nullable=False),
        sa.Column("endelig_id", sa.Uuid(), nullable=False),
        sa.Column("inn", sa.LargeBinary(), nullable=False),
        sa.Column("kilder", sa.LargeBinary(), nullable=False),
        sa.Column("resultat", sa.LargeBinary(), nullable=False),
        sa.Column("resultat_hash", sa.String(length=64), nullable=False),
        sa.Column("sum_oere", sa.BigInteger(), nullable=False),
        sa.Column("retning", sa.String(length=20), nullable=False),
        sa.Column("regelversjon", sa.String(length=40), nullable=False),
        sa.Column("satsversjon", sa.String(length=64), nullable=False),
        sa.Column("katalogversjon", sa.String(length=64), nullable=False),
        sa.Column("kodeversjon", sa.String(length=64), nullable=False),
        sa.Column("av", sa.String(length=200), nullable=False),
        sa.Column("opprettet", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["kommune", "endelig_id"],
            ["beregning.kommune", "beregning.id"],
            name=op.f("fk_etteroppgjoer_kommune_endelig_id"),
        ),
        sa.ForeignKeyConstraint(
            ["kommune", "sak_id"], ["sak.kommune", "sak.id"], name=op.f("fk_etteroppgjoer_kommune_sak_id")
        ),
        sa.PrimaryKeyConstraint("kommune", "id", name=op.f("pk_etteroppgjoer")),
    )
    with op.batch_alter_table("etteroppgjoer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_etteroppgjoer_kommune_sak_id"), ["kommune", "sak_id"], unique=False
        )

    op.create_table(
        "vedtak",
        sa.Column("kommune", sa.String(length=9), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sak_id", sa.Uuid(), nullable=False),
        sa.Column("beregning_id", sa.Uuid(), nullable=False),
        sa.Column("art", sa.String(length=20), nullable=False),
        sa.Column("fra", sa.Date(), nullable=False),
        sa.Column("til", sa.Date(), nullable=True),
        sa.Column("erstatter", sa.Uuid(), nullable=True),
        sa.Column("begrunnelse", sa.Text(), nullable=True),
        sa.Column("av", sa.String(length=200), nullable=False),
        sa.Column("opprettet", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["kommune", "beregning_id"],
            ["beregning.kommune", "beregning.id"],
            name=op.f("fk_vedtak_kommune_beregning_id"),
        ),
        sa.ForeignKeyConstraint(
            ["kommune", "erstatter"],
            ["vedtak.kommune", "vedtak.id"],
            name=op.f("fk_vedtak_kommune_erstatter"),
        ),
        sa.ForeignKeyConstraint(
            ["kommune", "sak_id"], ["sak.kommune", "sak.id"], name=op.f("fk_vedtak_kommune_sak_id")
        ),
        sa.PrimaryKeyConstraint("kommune", "id", name=op.f("pk_vedtak")),
    )
    with op.batch_alter_table("vedtak", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_vedtak_kommune_erstatter"), ["kommune", "erstatter"], unique=True
        )
        batch_op.create_index(batch_op.f("ix_vedtak_kommune_sak_id"), ["kommune", "sak_id"], unique=False)


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("vedtak", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vedtak_kommune_sak_id"))
        batch_op.drop_index(batch_op.f("ix_vedtak_kommune_erstatter"))

    op.drop_table("vedtak")
    with op.batch_alter_table("etteroppgjoer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_etteroppgjoer_kommune_sak_id"))

    op.drop_table("etteroppgjoer")
    with op.batch_alter_table("beregning_grunnlag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_beregning_grunnlag_kommune_grunnlag_id"))

    op.drop_table("beregning_grunnlag")
    op.drop_table("sak_versjon")
    with op.batch_alter_table("sak_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sak_person_kommune_person_id"))

    op.drop_table("sak_person")
    with op.batch_alter_table("manuell_post", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_manuell_post_kommune_sak_id"))

    op.drop_table("manuell_post")
    with op.batch_alter_table("grunnlag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_grunnlag_kommune_sak_id"))
        batch_op.drop_index(batch_op.f("ix_grunnlag_kommune_person_id_aar"))
        batch_op.drop_index(batch_op.f("ix_grunnlag_hentet"))

    op.drop_table("grunnlag")
    with op.batch_alter_table("beregning", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_beregning_kommune_sak_id"))

    op.drop_table("beregning")
    with op.batch_alter_table("sak", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sak_kommune_referanse"))
        batch_op.drop_index(batch_op.f("ix_sak_kommune_person_id"))

    op.drop_table("sak")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_kommune_ident_hash"))
        batch_op.drop_index(batch_op.f("ix_person_ident_hash"))

    op.drop_table("person")
    op.drop_table("kommuneoppsett")
    op.drop_table("revisjon_hode")
    with op.batch_alter_table("revisjon", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_revisjon_kommune_tidspunkt"))
        batch_op.drop_index(batch_op.f("ix_revisjon_kommune_sak_id"))
        batch_op.drop_index(batch_op.f("ix_revisjon_kommune_personmerke"))

    op.drop_table("revisjon")
    op.drop_table("kommune")
    with op.batch_alter_table("idempotens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotens_opprettet"))

    op.drop_table("idempotens")
