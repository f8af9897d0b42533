"""Why a token is refused: a word for our log, and a sentence for those mistakes that only their maker can mend."""

from enum import Enum


class Grunn(Enum):
    """The word, and what the caller is told besides the common text.

    Only reasons found after the signature tell anything: the caller then holds a token that Maskinporten made.
    """

    IKKE_BEARER = "ikke-bearer", None
    FOR_STORT = "for-stort", None
    ULESELIG = "uleselig", None
    ALGORITME = "algoritme", None
    UTEN_KID = "uten-kid", None
    CRIT = "crit", None
    UKJENT_NOEKKEL = "ukjent-noekkel", None
    SIGNATUR = "signatur", None
    UTSTEDER = "utsteder", None
    UTLOEPT = "utloept", None
    FRAM_I_TID = "fram-i-tid", None
    LEVETID = "levetid", None
    TOKENTYPE = "tokentype", None
    KLIENT = "klient", None
    SCOPE = "scope", None
    KONSUMENT = "konsument", None
    LEVERANDOER = "leverandoer", None
    DELEGERINGSKILDE = "delegeringskilde", None
    AUDIENCE = (
        "audience",
        "Tokenet er ikke hentet for dette API-et. Be Maskinporten om et med resource satt til API-ets ressurs.",
    )
    SYSTEMBRUKER = (
        "systembruker",
        "Systembruker (authorization_details) godtas ikke. Hent tokenet med consumer_org i stedet.",
    )
    PERSONBUNDET = "personbundet", "Tokenet er bundet til en person. Hent et uten pid."
    SENDERBUNDET = "senderbundet", "Tokenet er bundet til en nøkkel (cnf), og det godtas ikke."

    def __init__(self, kode: str, forklaring: str | None) -> None:
        self.kode = kode
        self.forklaring = forklaring


class UgyldigTokenError(Exception):
    """The token does not tell us who calls. Holds nothing of it."""

    def __init__(self, grunn: Grunn) -> None:
        super().__init__(grunn.kode)
        self.grunn = grunn
