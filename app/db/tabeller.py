"""Every table. A table with a ``kommune`` belongs to that kommune, and its rows refer only to rows of the same.

Amounts stand in documents that only our own code reads, exactly as they were made; what is searched or sorted
by has a column of its own.
"""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    column,
    false,
)

from app.db.typer import Komprimert, Kryptert, Tidspunkt

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_ORGNR: Final = String(9)
_AV: Final = String(200)
_LISTE: Final = String(20)


def _kommune() -> Column[str]:
    return Column("kommune", _ORGNR, primary_key=True)


def _id() -> Column[Any]:
    return Column("id", Uuid, primary_key=True)


def _peker(til: str, *kolonner: str) -> ForeignKeyConstraint:
    """A reference within the same kommune."""
    maal = [f"{til}.kommune", f"{til}.id"]
    return ForeignKeyConstraint(["kommune", *kolonner], maal)


kommune = Table(
    "kommune",
    metadata,
    _kommune(),
    Column("navn", String(200), nullable=False),
    Column("opprettet", Tidspunkt, nullable=False),
)

kommuneoppsett = Table(
    "kommuneoppsett",
    metadata,
    _kommune(),
    Column("versjon", Integer, primary_key=True),
    Column("innhold", Text, nullable=False),
    Column("av", _AV, nullable=False),
    Column("opprettet", Tidspunkt, nullable=False),
    ForeignKeyConstraint(["kommune"], ["kommune.kommune"]),
)
"""Append-only: what a kommune had decided is never changed, only followed by a new version."""

person = Table(
    "person",
    metadata,
    _kommune(),
    _id(),
    Column("ident_hash", LargeBinary, nullable=False),
    Column("ident_kryptert", Kryptert, nullable=False),
    Column("navn_kryptert", Kryptert),
    Column("opprettet", Tidspunkt, nullable=False),
    ForeignKeyConstraint(["kommune"], ["kommune.kommune"]),
    Index(None, "kommune", "ident_hash", unique=True),
    # The event lists name a person once for every kommune that follows them.
    Index(None, "ident_hash"),
)

navneord = Table(
    "navneord",
    metadata,
    _kommune(),
    Column("person_id", Uuid, primary_key=True),
    Column("merke", LargeBinary, primary_key=True),
    _peker("person", "person_id"),
    Index(None, "kommune", "merke"),
)
"""What a person's name is found by: keyed marks of the beginnings of its words, and some that mean nothing so that
their number does not tell how long the name is."""

sak = Table(
    "sak",
    metadata,
    _kommune(),
    _id(),
    Column("tjeneste", String(30), nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("referanse", String(100)),
    Column("status", String(20), nullable=False),
    Column("versjon", Integer, nullable=False),
    Column("opprettet", Tidspunkt, nullable=False),
    Column("endret", Tidspunkt, nullable=False),
    Column("avsluttet_dato", Date),
    Column("avsluttet_grunn", String(30)),
    _peker("person", "person_id"),
    Index(None, "kommune", "referanse"),
    Index(None, "kommune", "person_id"),
    # Two open cases about the same service would charge the same person twice.
    Index(
        "uq_sak_aapen",
        "kommune",
        "person_id",
        "tjeneste",
        unique=True,
        sqlite_where=column("status") == "AAPEN",
        postgresql_where=column("status") == "AAPEN",
    ),
)

sak_versjon = Table(
    "sak_versjon",
    metadata,
    _kommune(),
    Column("sak_id", Uuid, primary_key=True),
    Column("versjon", Integer, primary_key=True),
    Column("innhold", Komprimert, nullable=False),
    Column("av", _AV, nullable=False),
    Column("opprettet", Tidspunkt, nullable=False),
    _peker("sak", "sak_id"),
)

sak_person = Table(
    "sak_person",
    metadata,
    _kommune(),
    Column("sak_id", Uuid, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    _peker("sak", "sak_id"),
    _peker("person", "person_id"),
    Index(None, "kommune", "person_id"),
)
"""Everybody a sak is about, as its newest version says: for search, and for those who follow changes."""

grunnlag = Table(
    "grunnlag",
    metadata,
    _kommune(),
    _id(),
    Column("person_id", Uuid, nullable=False),
    Column("sak_id", Uuid, nullable=False),
    Column("aar", Integer, nullable=False),
    Column("tjeneste", String(30), nullable=False),
    Column("api", String(40), nullable=False),
    Column("utfall", String(30), nullable=False),
    Column("mangel", Text),
    Column("raasvar", Kryptert),
    Column("innhold_hash", String(64)),
    Column("ajourholdt", Tidspunkt),
    Column("skatteoppgjoersdato", Date),
    Column("korrelasjonsid", String(100)),
    Column("hentet", Tidspunkt, nullable=False),
    Column("hentet_av", _AV, nullable=False),
    Column("raasvar_slettet", Tidspunkt),
    Column("trukket", Tidspunkt),
    _peker("person", "person_id"),
    _peker("sak", "sak_id"),
    Index(None, "kommune", "sak_id"),
    Index(None, "kommune", "person_id", "aar"),
    Index(None, "hentet"),
)
"""What one API answered about one person and year, once. Only the answer itself may be taken away later, and only
that Skatteetaten has withdrawn it (``trukket``) may be added."""

manuell_post = Table(
    "manuell_post",
    metadata,
    _kommune(),
    _id(),
    Column("sak_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("aar", Integer, nullable=False),
    Column("slag", String(20), nullable=False),
    Column("innhold", Text, nullable=False),
    Column("begrunnelse", Text, nullable=False),
    Column("vedlegg", String(200)),
    Column("av", _AV, nullable=False),
    Column("opprettet", Tidspunkt, nullable=False),
    Column("opphevet", Tidspunkt),
    Column("opphevet_av", _AV),
    _peker("sak", "sak_id"),
    _peker("person", "person_id"),
    Index(None, "kommune", "sak_id"),
)

beregning = Table(
    "beregning",
    metadata,
    _kommune(),
    _id(),
    Column("sak_id", Uuid, nullable=False),
    Column("sak_versjon", Integer, nullable=False),
    Column("oppsett_versjon", Integer, nullable=False),
    Column("aar", Integer, nullable=False),
    Column("virkning_fra", Date, nullable=False),
    Column("tilstand", String(20), nullable=False),
    Column("foreloepig", Boolean, nullable=False),
    Column("svar", Komprimert, nullable=False),
    Column("inn", Komprimert),
    Column("kilder", Komprimert),
    Column("resultat", Komprimert),
    Column("resultat_hash", String(64)),
    Column("egenandel_aar_oere", BigInteger),
    Column("regelversjon", String(40), nullable=False),
    Column("satsversjon", String(64), nullable=False),
    Column("katalogversjon", String(64), nullable=False),
    Column("kodeversjon", String(64), nullable=False),
    Column("av", _AV, nullable=False),
    Column("opprettet", Tidspunkt, nullable=False),
    _peker("sak", "sak_id"),
    CheckConstraint("(resultat IS NULL) = (resultat_hash IS NULL)", name="resultat_og_hash"),
    Index(None, "kommune", "sak_id"),
)
"""Immutable. Without a result it says what was missing; that is in ``svar`` like everything else it answered."""

beregning_grunnlag = Table(
    "beregning_grunnlag",
    metadata,
    _kommune(),
    Column("beregning_id", Uuid, primary_key=True),
    Column("grunnlag_id", Uuid, primary_key=True),
    _peker("beregning", "beregning_id"),
    _peker("grunnlag", "grunnlag_id"),
    Index(None, "kommune", "grunnlag_id"),
)

vedtak = Table(
    "vedtak",
    metadata,
    _kommune(),
    _id(),
    Column("sak_id", Uuid, nullable=False),
    Column("beregning_id", Uuid, nullable=False),
    Column("art", String(20), nullable=False),
    Column("fra", Date, nullable=False),
    Column("til", Date),
    Column("erstatter", Uuid),
    Column("begrunnelse", Text),
    Column("av", _AV, nullable=False),
    Column("opprettet", Tidspunkt, nullable=False),
    Column("til_godkjenning", Boolean, nullable=False, server_default=false()),
    _peker("sak", "sak_id"),
    _peker("beregning", "beregning_id"),
    _peker("vedtak", "erstatter"),
    Index(None, "kommune", "sak_id"),
    # One vedtak is replaced once; two that both replace it would both be in force. One that waits for a second person
    # may be refused, and another made in its place; the case is held while that is decided.
    Index(
        None,
        "kommune",
        "erstatter",
        unique=True,
        sqlite_where=column("til_godkjenning") == false(),
        postgresql_where=column("til_godkjenning") == false(),
    ),
)

vedtaksavgjoerelse = Table(
    "vedtaksavgjoerelse",
    metadata,
    _kommune(),
    Column("vedtak_id", Uuid, primary_key=True),
    Column("sak_id", Uuid, nullable=False),
    Column("utfall", String(20), nullable=False),
    Column("begrunnelse", Text),
    Column("av", _AV, nullable=False),
    Column("opprettet", Tidspunkt, nullable=False),
    _peker("vedtak", "vedtak_id"),
    _peker("sak", "sak_id"),
    Index(None, "kommune", "sak_id"),
)
"""What a second person said of a decision that waited for one. Never changed."""

etteroppgjoer = Table(
    "etteroppgjoer",
    metadata,
    _kommune(),
    _id(),
    Column("sak_id", Uuid, nullable=False),
    Column("aar", Integer, nullable=False),
    Column("endelig_id", Uuid, nullable=False),
    Column("inn", Komprimert, nullable=False),
    Column("kilder", Komprimert, nullable=False),
    Column("resultat", Komprimert, nullable=False),
    Column("resultat_hash", String(64), nullable=False),
    Column("sum_oere", BigInteger, nullable=False),
    Column("retning", String(20), nullable=False),
    Column("regelversjon", String(40), nullable=False),
    Column("satsversjon", String(64), nullable=False),
    Column("katalogversjon", String(64), nullable=False),
    Column("kodeversjon", String(64), nullable=False),
    Column("av", _AV, nullable=False),
    Column("opprettet", Tidspunkt, nullable=False),
    _peker("sak", "sak_id"),
    _peker("beregning", "endelig_id"),
    Index(None, "kommune", "sak_id"),
    Index(None, "kommune", "endelig_id", unique=True),
)

brev = Table(
    "brev",
    metadata,
    _kommune(),
    _id(),
    Column("sak_id", Uuid, nullable=False),
    Column("vedtak_id", Uuid),
    Column("etteroppgjoer_id", Uuid),
    Column("spraak", String(2), nullable=False),
    Column("malversjon", String(20), nullable=False),
    Column("pdf_kryptert", Kryptert, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("av", _AV, nullable=False),
    Column("opprettet", Tidspunkt, nullable=False),
    _peker("sak", "sak_id"),
    _peker("vedtak", "vedtak_id"),
    _peker("etteroppgjoer", "etteroppgjoer_id"),
    CheckConstraint("(vedtak_id IS NULL) <> (etteroppgjoer_id IS NULL)", name="ett"),
    Index(None, "kommune", "sak_id"),
    Index(None, "kommune", "vedtak_id", "spraak", unique=True),
    Index(None, "kommune", "etteroppgjoer_id", "spraak", unique=True),
)
"""Immutable: the letter as it was when somebody first asked for it. Only the key it is encrypted under may change."""

idempotens = Table(
    "idempotens",
    metadata,
    _kommune(),
    Column("klient", String(200), primary_key=True),
    Column("noekkel", String(100), primary_key=True),
    Column("rute", String(200), nullable=False),
    Column("kropp_hash", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("hoder", Text, nullable=False),
    Column("svar", Kryptert, nullable=False),
    Column("opprettet", Tidspunkt, nullable=False),
    Index(None, "opprettet"),
)
"""The first answer to every key, encrypted, so that a repeat gets the same bytes."""

revisjon = Table(
    "revisjon",
    metadata,
    _kommune(),
    Column("nr", BigInteger, primary_key=True, autoincrement=False),
    Column("tidspunkt", Tidspunkt, nullable=False),
    Column("handling", String(40), nullable=False),
    Column("utfall", String(20), nullable=False),
    Column("personmerke", String(64)),
    Column("sak_id", Uuid),
    Column("innhold", Text, nullable=False),
    Column("forrige", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index(None, "kommune", "personmerke"),
    Index(None, "kommune", "sak_id"),
    Index(None, "kommune", "tidspunkt"),
)
"""Append-only and chained: ``hash`` covers the row and the hash before it."""

revisjon_hode = Table(
    "revisjon_hode",
    metadata,
    _kommune(),
    Column("nr", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)
"""The newest row of each chain; taken first in every transaction that appends, so that rows stand in line."""

oppslagsplass = Table(
    "oppslagsplass",
    metadata,
    Column("virksomhet", _ORGNR, primary_key=True),
    Column("api", String(40), primary_key=True),
    Column("nr", Integer, primary_key=True, autoincrement=False),
    Column("eier", Uuid),
    Column("utloeper", BigInteger, nullable=False),
)
"""The calls an enterprise may have in flight at one API, one row each; ``utloeper`` is milliseconds since 1970 on
the database's clock. Nothing here belongs to a kommune: the processes share it."""

hendelsesliste = Table(
    "hendelsesliste",
    metadata,
    Column("liste", _LISTE, primary_key=True),
    Column("neste", BigInteger, nullable=False),
    Column("mandat", BigInteger, nullable=False),
    Column("lest", Tidspunkt),
    Column("siste_hendelse", Tidspunkt),
    Column("opprettet", Tidspunkt, nullable=False),
)
"""How far each of Skatteetaten's lists has been read: the number the next page begins at. The list is read once for
the service, so this belongs to no kommune. Moved only together with what was found on the page."""

pekerflytting = Table(
    "pekerflytting",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("liste", _LISTE, nullable=False),
    Column("fra", BigInteger, nullable=False),
    Column("til", BigInteger, nullable=False),
    Column("begrunnelse", Text, nullable=False),
    Column("av", _AV, nullable=False),
    Column("opprettet", Tidspunkt, nullable=False),
)
"""Every time the place in a list was set by hand or mended, and why."""

uleselig_hendelse = Table(
    "uleselig_hendelse",
    metadata,
    Column("liste", _LISTE, primary_key=True),
    Column("sekvensnummer", BigInteger, primary_key=True, autoincrement=False),
    Column("felt", String(300), nullable=False),
    Column("tilstand", String(20), nullable=False),
    Column("forsoek", Integer, nullable=False),
    Column("mottatt", Tidspunkt, nullable=False),
    Column("avsluttet", Tidspunkt),
    Column("avsluttet_av", _AV),
    Column("begrunnelse", Text),
    Index(None, "tilstand"),
)
"""Events of which only the number can be read. Whose they are is unknown, so nothing else of them is kept: they are
read again from the list."""

lederskap = Table(
    "lederskap",
    metadata,
    Column("navn", String(40), primary_key=True),
    Column("eier", Uuid),
    Column("mandat", BigInteger, nullable=False),
    Column("utloeper", BigInteger, nullable=False),
)
"""Who does what only one may do at a time. ``mandat`` grows with every holder; ``utloeper`` is milliseconds since 1970
on the database's clock."""

hendelse = Table(
    "hendelse",
    metadata,
    _kommune(),
    Column("liste", _LISTE, primary_key=True),
    Column("sekvensnummer", BigInteger, primary_key=True, autoincrement=False),
    Column("person_id", Uuid, nullable=False),
    Column("periode", String(20)),
    Column("type", String(20), nullable=False),
    Column("registrert", Tidspunkt),
    Column("ajourholdt", Tidspunkt),
    Column("mottatt", Tidspunkt, nullable=False),
    _peker("person", "person_id"),
    Index(None, "kommune", "person_id"),
    Index(None, "mottatt"),
)
"""An event about somebody the kommune follows. Those about others are never stored."""

arbeid = Table(
    "arbeid",
    metadata,
    _kommune(),
    Column("person_id", Uuid, primary_key=True),
    Column("liste", _LISTE, primary_key=True),
    Column("aar", Integer, primary_key=True, autoincrement=False),
    Column("bestilt", BigInteger, nullable=False),
    Column("gjort", BigInteger, nullable=False),
    Column("grunn", String(20), nullable=False),
    Column("slettet", Boolean, nullable=False),
    Column("ny_identitet", Boolean, nullable=False),
    Column("tilstand", String(20), nullable=False),
    Column("forsoek", Integer, nullable=False),
    Column("neste_forsoek", Tidspunkt, nullable=False),
    Column("feil", String(200)),
    Column("opprettet", Tidspunkt, nullable=False),
    Column("endret", Tidspunkt, nullable=False),
    _peker("person", "person_id"),
    Index(None, "tilstand", "neste_forsoek"),
)
"""What is to be fetched anew, one row per person, list and income year however many events there were. ``bestilt`` is
how many times it was asked for, ``gjort`` how many of them are seen to; year 0 is every year in use."""

oppgave = Table(
    "oppgave",
    metadata,
    _kommune(),
    _id(),
    Column("sak_id", Uuid, nullable=False),
    Column("slag", String(40), nullable=False),
    Column("aar", Integer, nullable=False),
    Column("tilstand", String(20), nullable=False),
    Column("hast", Integer, nullable=False),
    Column("frist", Date),
    Column("innhold", Komprimert, nullable=False),
    Column("versjon", Integer, nullable=False),
    Column("opprettet", Tidspunkt, nullable=False),
    Column("endret", Tidspunkt, nullable=False),
    Column("lukket_av", _AV),
    Column("begrunnelse", Text),
    _peker("sak", "sak_id"),
    Index(None, "kommune", "sak_id"),
    Index(None, "kommune", "tilstand", "hast"),
    Index(
        "uq_oppgave_aapen",
        "kommune",
        "sak_id",
        "slag",
        "aar",
        unique=True,
        sqlite_where=column("tilstand") == "AAPEN",
        postgresql_where=column("tilstand") == "AAPEN",
    ),
)
"""Something for a caseworker to decide. There is one open of each kind per case and year; news is put into it."""

endring = Table(
    "endring",
    metadata,
    _kommune(),
    Column("sekvensnummer", BigInteger, primary_key=True, autoincrement=False),
    Column("type", String(40), nullable=False),
    Column("sak_id", Uuid),
    Column("gjelder", Uuid),
    Column("aar", Integer),
    Column("tidspunkt", Tidspunkt, nullable=False),
)
"""What has happened in a kommune's cases, for the vendors that follow: which, never whose or how much."""

endring_hode = Table(
    "endring_hode",
    metadata,
    _kommune(),
    Column("sekvensnummer", BigInteger, nullable=False),
)
"""The newest number of each kommune's list; taken first, so that numbers become visible in order."""

webhook = Table(
    "webhook",
    metadata,
    _kommune(),
    _id(),
    Column("url", Text, nullable=False),
    Column("typer", Text, nullable=False),
    Column("beskrivelse", String(200)),
    Column("hemmelighet", Kryptert, nullable=False),
    Column("forrige_hemmelighet", Kryptert),
    Column("forrige_til", Tidspunkt),
    Column("tilstand", String(20), nullable=False),
    Column("versjon", Integer, nullable=False),
    Column("av", _AV, nullable=False),
    Column("opprettet", Tidspunkt, nullable=False),
    Column("endret", Tidspunkt, nullable=False),
    ForeignKeyConstraint(["kommune"], ["kommune.kommune"]),
)

webhooklevering = Table(
    "webhooklevering",
    metadata,
    _kommune(),
    Column("webhook_id", Uuid, primary_key=True),
    Column("sekvensnummer", BigInteger, primary_key=True, autoincrement=False),
    Column("tilstand", String(20), nullable=False),
    Column("forsoek", Integer, nullable=False),
    Column("neste_forsoek", Tidspunkt, nullable=False),
    Column("status", Integer),
    Column("feil", String(100)),
    Column("opprettet", Tidspunkt, nullable=False),
    Column("endret", Tidspunkt, nullable=False),
    _peker("webhook", "webhook_id"),
    ForeignKeyConstraint(["kommune", "sekvensnummer"], ["endring.kommune", "endring.sekvensnummer"]),
    # Each receiver's own queue, so that a long one does not lie in front of the others.
    Index(None, "tilstand", "kommune", "webhook_id", "neste_forsoek"),
)
"""The outbox: put here in the same transaction as what it tells of."""

avstemming = Table(
    "avstemming",
    metadata,
    _kommune(),
    _id(),
    Column("fra", Tidspunkt, nullable=False),
    Column("til", Tidspunkt, nullable=False),
    Column("utfall", String(20), nullable=False),
    Column("innhold", Komprimert, nullable=False),
    Column("signatur", Text, nullable=False),
    Column("av", _AV, nullable=False),
    Column("opprettet", Tidspunkt, nullable=False),
    ForeignKeyConstraint(["kommune"], ["kommune.kommune"]),
)
"""Immutable: what a reconciliation found and mended, signed."""

massekjoering = Table(
    "massekjoering",
    metadata,
    _kommune(),
    _id(),
    Column("slag", String(30), nullable=False),
    Column("aar", Integer, nullable=False),
    Column("virkning_fra", Date, nullable=False),
    Column("tilstand", String(20), nullable=False),
    Column("innhold", Komprimert, nullable=False),
    Column("av", _AV, nullable=False),
    Column("opprettet", Tidspunkt, nullable=False),
    Column("kjoert", Tidspunkt),
    Column("angret", Tidspunkt),
    Column("angret_av", _AV),
    ForeignKeyConstraint(["kommune"], ["kommune.kommune"]),
)

masserad = Table(
    "masserad",
    metadata,
    _kommune(),
    Column("kjoering_id", Uuid, primary_key=True),
    Column("sak_id", Uuid, primary_key=True),
    Column("foer_id", Uuid),
    Column("etter_id", Uuid),
    Column("utfall", String(30), nullable=False),
    Column("endring_oere", BigInteger),
    Column("innhold", Komprimert),
    _peker("massekjoering", "kjoering_id"),
    _peker("sak", "sak_id"),
    Index(None, "kommune", "sak_id"),
)
"""One case in a mass run: what was charged before and what after, or why it was left out."""

bruker = Table(
    "bruker",
    metadata,
    _kommune(),
    Column("bruker", _AV, primary_key=True),
    Column("navn", Kryptert),
    Column("rolle", String(20), nullable=False),
    Column("tilbyder", String(40), nullable=False),
    Column("opprettet", Tidspunkt, nullable=False),
    Column("sist_innlogget", Tidspunkt, nullable=False),
    Column("merke", String(64)),
    ForeignKeyConstraint(["kommune"], ["kommune.kommune"]),
)
"""Who the opaque ids of the audit register are: everybody who has logged in, by the name the provider gave."""

sesjon = Table(
    "sesjon",
    metadata,
    _kommune(),
    Column("noekkel_hash", LargeBinary, primary_key=True),
    Column("sid_hash", LargeBinary),
    Column("bruker", _AV, nullable=False),
    Column("rolle", String(20), nullable=False),
    Column("eid_nivaa", String(40), nullable=False),
    Column("tilbyder", String(40), nullable=False),
    Column("innhold", Kryptert, nullable=False),
    Column("opprettet", Tidspunkt, nullable=False),
    Column("sist_brukt", Tidspunkt, nullable=False),
    Column("utloeper", Tidspunkt, nullable=False),
    ForeignKeyConstraint(["kommune", "bruker"], ["bruker.kommune", "bruker.bruker"]),
    # Found by what the browser or the provider shows, before anybody knows which kommune it is.
    Index(None, "noekkel_hash", unique=True),
    Index(None, "sid_hash"),
    Index(None, "sist_brukt"),
    Index(None, "utloeper"),
)
"""A user who is logged in. What the browser shows, and what the provider calls the session, are hashed under a key."""

innlogging = Table(
    "innlogging",
    metadata,
    Column("tilstand_hash", LargeBinary, primary_key=True),
    Column("nettleser_hash", LargeBinary, nullable=False),
    Column("tilbyder", String(40), nullable=False),
    Column("innhold", Kryptert, nullable=False),
    Column("utloeper", Tidspunkt, nullable=False),
    Index(None, "utloeper"),
)
"""A login that has begun: of nobody yet, for one browser, used once and for a few minutes."""

fakturakjoering = Table(
    "fakturakjoering",
    metadata,
    _kommune(),
    Column("nr", Integer, primary_key=True, autoincrement=False),
    Column("maaned", String(7), nullable=False),
    Column("antall", Integer, nullable=False),
    Column("sum_oere", BigInteger, nullable=False),
    Column("uavklarte", Komprimert, nullable=False),
    Column("av", _AV, nullable=False),
    Column("opprettet", Tidspunkt, nullable=False),
    ForeignKeyConstraint(["kommune"], ["kommune.kommune"]),
)

fakturalinje = Table(
    "fakturalinje",
    metadata,
    _kommune(),
    _id(),
    Column("kjoering", Integer, nullable=False),
    Column("sak_id", Uuid, nullable=False),
    Column("slag", String(20), nullable=False),
    Column("periode", String(7), nullable=False),
    Column("nr", Integer, nullable=False),
    Column("beloep_oere", BigInteger, nullable=False),
    Column("vedtak_id", Uuid),
    Column("etteroppgjoer_id", Uuid),
    Column("opprettet", Tidspunkt, nullable=False),
    ForeignKeyConstraint(["kommune", "kjoering"], ["fakturakjoering.kommune", "fakturakjoering.nr"]),
    _peker("sak", "sak_id"),
    Index(None, "kommune", "kjoering"),
    # Two who run at the same time would otherwise give the same line twice.
    Index(None, "kommune", "sak_id", "periode", "nr", unique=True),
)
"""Never changed. Decisions are named, not referred to: an erasure takes them out and puts them back."""
