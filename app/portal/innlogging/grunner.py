"""Why nobody was logged in: a word for our log and the register, and the page that tells the user what to do."""

from enum import Enum

from app.services.tilgang import Aktoer


class Avvisningsside(Enum):
    """The pages; the template has their texts."""

    OPPSETT = "oppsett", 503
    UTILGJENGELIG = "utilgjengelig", 503
    BORTE = "borte", 400
    SVAR = "svar", 400
    AVBRUTT = "avbrutt", 400
    NIVAA = "nivaa", 403
    FLERFAKTOR = "flerfaktor", 403
    REPRESENTASJON = "representasjon", 403
    KOMMUNE = "kommune", 403
    ROLLE = "rolle", 403
    ROLLER = "roller", 403

    def __init__(self, kode: str, status: int) -> None:
        self.kode = kode
        self.status = status


class Grunn(Enum):
    """The word, and the page.

    What is wrong with a provider's answer is told to the log only: the user can do nothing about it but try again.
    """

    IKKE_SATT_OPP = "ikke-satt-opp", Avvisningsside.OPPSETT
    UTILGJENGELIG = "tilbyder-utilgjengelig", Avvisningsside.UTILGJENGELIG
    UKJENT_FORSOEK = "ukjent-forsoek", Avvisningsside.BORTE
    AVBRUTT = "avbrutt", Avvisningsside.AVBRUTT
    TILBYDEREN_AVSLO = "tilbyderen-avslo", Avvisningsside.SVAR
    UTSTEDER_I_RETUR = "utsteder-i-retur", Avvisningsside.SVAR
    UTEN_KODE = "uten-kode", Avvisningsside.SVAR
    KODEN_AVVIST = "koden-avvist", Avvisningsside.SVAR
    UTEN_ID_TOKEN = "uten-id-token", Avvisningsside.SVAR
    ULESELIG = "uleselig", Avvisningsside.SVAR
    ALGORITME = "algoritme", Avvisningsside.SVAR
    UTEN_KID = "uten-kid", Avvisningsside.SVAR
    CRIT = "crit", Avvisningsside.SVAR
    UKJENT_NOEKKEL = "ukjent-noekkel", Avvisningsside.SVAR
    SIGNATUR = "signatur", Avvisningsside.SVAR
    UTSTEDER = "utsteder", Avvisningsside.SVAR
    MOTTAKER = "mottaker", Avvisningsside.SVAR
    UTLOEPT = "utloept", Avvisningsside.SVAR
    FRAM_I_TID = "fram-i-tid", Avvisningsside.SVAR
    NONCE = "nonce", Avvisningsside.SVAR
    AT_HASH = "at-hash", Avvisningsside.SVAR
    UTEN_SUBJEKT = "uten-subjekt", Avvisningsside.SVAR
    GAMMEL_INNLOGGING = "gammel-innlogging", Avvisningsside.SVAR
    LAVT_NIVAA = "lavt-nivaa", Avvisningsside.NIVAA
    UTEN_FLERFAKTOR = "uten-flerfaktor", Avvisningsside.FLERFAKTOR
    REPRESENTASJON = "representasjon", Avvisningsside.REPRESENTASJON
    UKJENT_TENANT = "ukjent-tenant", Avvisningsside.KOMMUNE
    UKJENT_KOMMUNE = "ukjent-kommune", Avvisningsside.KOMMUNE
    MANGLER_ROLLE = "mangler-rolle", Avvisningsside.ROLLE
    ROLLER_STRIDER = "roller-strider", Avvisningsside.ROLLER

    def __init__(self, kode: str, side: Avvisningsside) -> None:
        self.kode = kode
        self.side = side


class InnloggingAvvistError(Exception):
    """Nobody is logged in. Holds nothing of what the provider said.

    Attributes:
        grunn: why.
        hvem: somebody of a kommune, with no rights, when that much is known.
    """

    def __init__(self, grunn: Grunn, hvem: Aktoer | None = None) -> None:
        super().__init__(grunn.kode)
        self.grunn = grunn
        self.hvem = hvem
