"""Faults a provider should never have, ordered so that a client can be seen to refuse them."""

from dataclasses import dataclass
from enum import Enum
from itertools import count
from typing import Final


class Plantet(Enum):
    """What is wrong with the login. ``forklaring`` says it in Norwegian, for the documentation."""

    FEIL_NONCE = "FEIL_NONCE"
    UTEN_NONCE = "UTEN_NONCE"
    FEIL_AUD = "FEIL_AUD"
    FLERE_AUD = "FLERE_AUD"
    FREMMED_AUD_MED_AZP = "FREMMED_AUD_MED_AZP"
    FREMMED_AZP = "FREMMED_AZP"
    FEIL_ISS = "FEIL_ISS"
    FEIL_ACR = "FEIL_ACR"
    UTEN_ACR = "UTEN_ACR"
    UTLOEPT = "UTLOEPT"
    UTSTEDT_FRAM_I_TID = "UTSTEDT_FRAM_I_TID"
    UTEN_EXP = "UTEN_EXP"
    UTEN_SUB = "UTEN_SUB"
    FEIL_AT_HASH = "FEIL_AT_HASH"
    GAMMEL_INNLOGGING = "GAMMEL_INNLOGGING"
    ALG_NONE = "ALG_NONE"
    HS256_MED_OFFENTLIG_NOEKKEL = "HS256_MED_OFFENTLIG_NOEKKEL"
    UKJENT_KID = "UKJENT_KID"
    UTEN_KID = "UTEN_KID"
    FREMMED_NOEKKEL = "FREMMED_NOEKKEL"
    UKJENT_CRIT = "UKJENT_CRIT"
    UTEN_ID_TOKEN = "UTEN_ID_TOKEN"  # noqa: S105 – the name of a fault
    UTEN_DETALJER = "UTEN_DETALJER"
    TOMME_DETALJER = "TOMME_DETALJER"
    FREMMED_VIRKSOMHET = "FREMMED_VIRKSOMHET"
    UGYLDIG_ORGNR = "UGYLDIG_ORGNR"
    TO_VIRKSOMHETER = "TO_VIRKSOMHETER"
    FEIL_DETALJTYPE = "FEIL_DETALJTYPE"
    FEIL_RESSURS = "FEIL_RESSURS"
    UKJENT_HANDLING = "UKJENT_HANDLING"
    DETALJER_BARE_I_ID_TOKEN = "DETALJER_BARE_I_ID_TOKEN"  # noqa: S105 – the name of a fault
    ULIK_KOPI = "ULIK_KOPI"
    UTEN_FLERFAKTOR = "UTEN_FLERFAKTOR"
    FREMMED_TID = "FREMMED_TID"
    UTEN_ROLLER = "UTEN_ROLLER"
    FEIL_ISS_I_RETUR = "FEIL_ISS_I_RETUR"
    UTEN_ISS_I_RETUR = "UTEN_ISS_I_RETUR"
    FEIL_STATE = "FEIL_STATE"
    UTEN_STATE = "UTEN_STATE"
    FREMMED_KODE = "FREMMED_KODE"

    @property
    def forklaring(self) -> str:
        """What the client gets."""
        return _FORKLARINGER[self]

    def gjelder(self, system: str) -> bool:
        """Whether the provider says anything this could be wrong in."""
        return self not in (BARE_ENTRA if system == "ansattporten" else BARE_ANSATTPORTEN)


I_RETUR: Final = frozenset(
    {
        Plantet.FEIL_ISS_I_RETUR,
        Plantet.UTEN_ISS_I_RETUR,
        Plantet.FEIL_STATE,
        Plantet.UTEN_STATE,
        Plantet.FREMMED_KODE,
    }
)
"""What is wrong in the callback; the rest is wrong in the token response."""

I_TOKENSVARET: Final = frozenset(Plantet) - I_RETUR

BARE_ANSATTPORTEN: Final = frozenset(
    {
        Plantet.FEIL_ACR,
        Plantet.UTEN_ACR,
        Plantet.UTEN_DETALJER,
        Plantet.TOMME_DETALJER,
        Plantet.FREMMED_VIRKSOMHET,
        Plantet.UGYLDIG_ORGNR,
        Plantet.TO_VIRKSOMHETER,
        Plantet.FEIL_DETALJTYPE,
        Plantet.FEIL_RESSURS,
        Plantet.UKJENT_HANDLING,
        Plantet.DETALJER_BARE_I_ID_TOKEN,
        Plantet.ULIK_KOPI,
        Plantet.FEIL_ISS_I_RETUR,
        Plantet.UTEN_ISS_I_RETUR,
    }
)
BARE_ENTRA: Final = frozenset({Plantet.UTEN_FLERFAKTOR, Plantet.FREMMED_TID, Plantet.UTEN_ROLLER})

_FORKLARINGER: Final = {
    Plantet.FEIL_NONCE: "`nonce` er en annen enn den det ble spurt med.",
    Plantet.UTEN_NONCE: "`nonce` mangler.",
    Plantet.FEIL_AUD: "`aud` er en annen klient.",
    Plantet.FLERE_AUD: "`aud` er en liste med vår klient og en annen, `azp` er vår.",
    Plantet.FREMMED_AUD_MED_AZP: "`aud` er en annen klient, `azp` er vår.",
    Plantet.FREMMED_AZP: "`aud` er vår klient, `azp` en annen.",
    Plantet.FEIL_ISS: "`iss` i id_token er en annen utsteder.",
    Plantet.FEIL_ACR: "`acr` er lavere enn det ble bedt om.",
    Plantet.UTEN_ACR: "`acr` mangler.",
    Plantet.UTLOEPT: "id_token var utløpt for et minutt siden.",
    Plantet.UTSTEDT_FRAM_I_TID: "`iat` er et minutt fram i tid.",
    Plantet.UTEN_EXP: "`exp` mangler.",
    Plantet.UTEN_SUB: "`sub` mangler.",
    Plantet.FEIL_AT_HASH: "`at_hash` hører til et annet access_token.",
    Plantet.GAMMEL_INNLOGGING: "`auth_time` er et døgn gammel.",
    Plantet.ALG_NONE: "id_token er ikke signert (`alg: none`).",
    Plantet.HS256_MED_OFFENTLIG_NOEKKEL: "id_token er signert med HS256 og den offentlige nøkkelen.",
    Plantet.UKJENT_KID: "`kid` finnes ikke i JWKS.",
    Plantet.UTEN_KID: "Hodet har ingen `kid`.",
    Plantet.FREMMED_NOEKKEL: "Riktig `kid`, men signert med en annen nøkkel.",
    Plantet.UKJENT_CRIT: "Hodet har `crit` med et felt ingen kjenner.",
    Plantet.UTEN_ID_TOKEN: "Tokensvaret har ikke noe id_token.",
    Plantet.UTEN_DETALJER: "`authorization_details` mangler både i svaret og i id_token.",
    Plantet.TOMME_DETALJER: "`authorized_parties` mangler.",
    Plantet.FREMMED_VIRKSOMHET: "Virksomheten er et firma som ikke er en kommune hos oss.",
    Plantet.UGYLDIG_ORGNR: "Organisasjonsnummeret har feil kontrollsiffer.",
    Plantet.TO_VIRKSOMHETER: "To virksomheter, men bare én er valgt.",
    Plantet.FEIL_DETALJTYPE: "`type` er en annen enn det ble bedt om.",
    Plantet.FEIL_RESSURS: "`resource` er en annen enn det ble bedt om.",
    Plantet.UKJENT_HANDLING: "`actions` har bare en handling ingen ba om.",
    Plantet.DETALJER_BARE_I_ID_TOKEN: "`authorization_details` står bare i id_token, ikke i tokensvaret.",
    Plantet.ULIK_KOPI: "id_token sier en annen virksomhet enn tokensvaret.",
    Plantet.UTEN_FLERFAKTOR: "`amr` har ikke `mfa`.",
    Plantet.FREMMED_TID: "`tid` er en ukjent tenant.",
    Plantet.UTEN_ROLLER: "`roles` mangler.",
    Plantet.FEIL_ISS_I_RETUR: "`iss` i retur er en annen utsteder.",
    Plantet.UTEN_ISS_I_RETUR: "`iss` mangler i retur.",
    Plantet.FEIL_STATE: "`state` i retur er en annen enn den det ble spurt med.",
    Plantet.UTEN_STATE: "`state` mangler i retur.",
    Plantet.FREMMED_KODE: "`code` i retur er ikke gitt av noen.",
}


@dataclass(slots=True)
class Plan:
    """An order. ``antall`` is how many times it will still happen; None is for ever."""

    nummer: int
    system: str
    feil: Plantet
    antall: int | None = None
    truffet: int = 0


class Planer:
    """The orders of every provider."""

    def __init__(self) -> None:
        self.alle: list[Plan] = []
        self._numre = count(1)

    def plant(self, system: str, feil: Plantet, antall: int | None = None) -> Plan:
        """Order a fault."""
        plan = Plan(next(self._numre), system, feil, antall)
        self.alle.append(plan)
        return plan

    def trekk(self, system: str, blant: frozenset[Plantet]) -> frozenset[Plantet]:
        """The faults that hit this time."""
        treff = [
            plan for plan in self.alle if plan.system == system and plan.feil in blant and plan.antall != 0
        ]
        for plan in treff:
            plan.truffet += 1
            if plan.antall is not None:
                plan.antall -= 1
        return frozenset(plan.feil for plan in treff)

    def nullstill(self) -> None:
        """Take every order away."""
        self.alle.clear()
