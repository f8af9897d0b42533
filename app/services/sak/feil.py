"""Why a case could not be served. No HTTP here; the edge gives each its status.

SakError
├── FinnesIkkeError      nothing of that id in this kommune
├── UtdatertError        changed by somebody else since
├── SamtidigError        somebody else stored the same meanwhile; do it again
├── KonfliktError        the case is in a state that does not allow it
└── UgyldigSakError      the request makes no sense for this case; lists every fault
"""

from enum import StrEnum
from typing import Final
from uuid import UUID

from app.calc.kontrakt.feil import Feil


class SakError(Exception):
    """Base; carries nothing personal."""


class FinnesIkkeError(SakError):
    """Nothing of that id in this kommune; whether another has it is nobody's business."""

    def __init__(self, hva: str) -> None:
        super().__init__(f"{hva} finnes ikke")
        self.hva = hva


class UtdatertError(SakError):
    """Somebody else has changed it since the version the change builds on."""


class Konflikt(StrEnum):
    """Stable words for states that do not allow what was asked."""

    SAK_FINNES = "sak-finnes"
    SAK_AVSLUTTET = "sak-avsluttet"
    KOMMUNEN_MANGLER_OPPSETT = "kommunen-mangler-oppsett"
    BEREGNING_UFULLSTENDIG = "beregning-ufullstendig"
    BEREGNING_FORELOEPIG = "beregning-foreloepig"
    BEREGNING_ANGRET = "beregning-angret"
    ULIKE_AAR = "ulike-aar"
    VEDTAK_OVERLAPPER = "vedtak-overlapper"
    VEDTAK_ALT_ERSTATTET = "vedtak-alt-erstattet"
    VEDTAK_VENTER = "vedtak-venter"
    VEDTAK_AVGJORT = "vedtak-avgjort"
    GODKJENNES_AV_EN_ANNEN = "godkjennes-av-en-annen"
    KREVER_GODKJENNING = "krever-godkjenning"
    FAKTURA_IKKE_SATT_OPP = "faktura-ikke-satt-opp"
    KOLONNEN_ER_FOR_SMAL = "kolonnen-er-for-smal"
    ETTEROPPGJOER_FINNES = "etteroppgjoer-finnes"
    INGEN_ENDELIG_BEREGNING = "ingen-endelig-beregning"
    INGEN_VEDTAK = "ingen-vedtak"
    TJENESTEN_TILBYS_IKKE = "tjenesten-tilbys-ikke"
    OPPGAVE_LUKKET = "oppgave-lukket"
    ARBEID_IKKE_STOPPET = "arbeid-ikke-stoppet"
    MASSEKJOERING_IKKE_KLAR = "massekjoering-ikke-klar"
    MASSEKJOERING_FORELDET = "massekjoering-foreldet"
    FOR_MANGE_WEBHOOKER = "for-mange-webhooker"


class KonfliktError(SakError):
    """The case is in a state that does not allow it; ``tekst`` says what to do instead."""

    def __init__(self, hva: Konflikt, tekst: str, gjelder: UUID | None = None) -> None:
        super().__init__(hva.value)
        self.hva = hva
        self.tekst = tekst
        self.gjelder = gjelder
        """What stands in the way."""


UKJENT_PERSON: Final = "ukjent-person"
ANNEN_KOMMUNE: Final = "annen-kommune"


class UgyldigSakError(SakError):
    """The request does not fit this case."""

    def __init__(self, *feil: Feil) -> None:
        super().__init__(f"{len(feil)} feil")
        self.feil = feil

    @property
    def gjelder_andre(self) -> bool:
        """Whether somebody outside the case, or another kommune, was asked about: that is noted as a refusal."""
        return any(en.kode in {UKJENT_PERSON, ANNEN_KOMMUNE} for en in self.feil)


class SamtidigError(SakError):
    """Somebody else stored the same in the meantime; doing it all again will succeed."""
