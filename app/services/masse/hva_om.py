"""What if: every case on assumed rates, for a budget. Nothing is stored, and nothing in it is a charge."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from app.calc.beloep import NULL
from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.json_tekst import les_json
from app.calc.kontrakt.lesing import (
    BELOEP_MED_FORTEGN,
    Boolsk,
    Dato,
    Heltall,
    Kanskje,
    Liste,
    Objekt,
    Tall,
    Tekst,
    felt,
)
from app.calc.satser.antatte import Antakelse, AntakelseError, Antakelser, antatte_satser
from app.db.lager.beregninger import Tilstand
from app.db.lager.massesaker import Massesak, Pakket
from app.services.masse.portion import ART, rekke
from app.services.masse.rad import angrede_i, kroner
from app.services.masse.regning import Regnere, Regnet, Stykke
from app.services.revisjon import Handling
from app.services.sak.drift import Kall, Saksdrift
from app.services.sak.feil import UgyldigSakError
from app.services.sak.forespoersler import AAR
from app.services.sak.rader import Sakstjeneste

_PORSJON: Final = 4_000
_MAANEDER: Final = 12
_GRENSER: Final = (-2_000, -1_000, -500, -100, 0, 100, 500, 1_000, 2_000)
"""Kroner a month between the steps of the histogram; exactly none has a step of its own."""
_UTEN_INSTITUSJON: Final = "(ingen institusjon)"
_SATS = Tall(4, NULL, Decimal(10) ** 9, hva="sats")
_SAKER: Final = Heltall(0, 10**9)
MERKE: Final = "ANTATT: regnet med satser som ikke er vedtatt. Ikke egenandel, og ikke grunnlag for vedtak."


@dataclass(frozen=True, slots=True)
class AntattSats:
    """One rate that is assumed."""

    id: str = felt(Tekst(60), "Satsens id, for eksempel grunnbeloep")
    gjelder_fra: date = felt(Dato(), "Første dag den antas å gjelde")
    verdi: Decimal = felt(_SATS, "Verdien")


@dataclass(frozen=True, slots=True)
class HvaOm:
    """What is assumed, and for which year."""

    aar: int = felt(AAR, "Året det regnes for")
    bygger_paa: int | None = felt(
        Kanskje(AAR), "Året beregningene tas fra; utelatt betyr det samme. Inntektene holdes uendret", None
    )
    satser: tuple[AntattSats, ...] = felt(Liste(Objekt(AntattSats), 200), "Antatte satser", ())
    videreforer_til: date | None = felt(
        Kanskje(Dato()), "Satser som ikke er vedtatt så langt, antas uendret til og med denne dagen", None
    )


HVA_OM: Final = Objekt(HvaOm)


@dataclass(frozen=True, slots=True)
class Gruppesum:
    """Sums of a group of cases."""

    navn: str = felt(Tekst(200), "Tjenesten eller institusjonen")
    saker: int = felt(_SAKER, "Saker")
    foer: Decimal = felt(BELOEP_MED_FORTEGN, "Sum for året før, kroner")
    etter: Decimal = felt(BELOEP_MED_FORTEGN, "Sum for året etter, kroner")
    endring: Decimal = felt(BELOEP_MED_FORTEGN, "Endring, kroner")


@dataclass(frozen=True, slots=True)
class Soeyle:
    """How many change by so much a month, on average over the year."""

    fra: int | None = felt(
        Kanskje(Heltall(-(10**6), 10**6)), "Fra, kroner i måneden; null er uten nedre grense"
    )
    til: int | None = felt(
        Kanskje(Heltall(-(10**6), 10**6)), "Til, kroner i måneden; null er uten øvre grense"
    )
    saker: int = felt(_SAKER, "Saker")


@dataclass(frozen=True, slots=True)
class HvaOmUt:
    """A budget, and that it is one."""

    antatt: bool = felt(Boolsk(), "Alltid true: dette er ikke egenandel")
    merke: str = felt(Tekst(200), "Hva tallene er, i ord")
    satsversjon: str = felt(Tekst(64), "Fingeravtrykk av de antatte satsene; begynner med antatt-")
    aar: int = felt(AAR, "Året det er regnet for")
    bygger_paa: int = felt(AAR, "Året beregningene er tatt fra")
    saker: int = felt(_SAKER, "Saker som er regnet")
    utelatt: int = felt(_SAKER, "Åpne saker uten en beregning som kan regnes om")
    foer: Decimal = felt(BELOEP_MED_FORTEGN, "Sum for året før, kroner")
    etter: Decimal = felt(BELOEP_MED_FORTEGN, "Sum for året etter, kroner")
    endring: Decimal = felt(BELOEP_MED_FORTEGN, "Endring, kroner")
    betaler_mindre: int = felt(_SAKER, "Saker som betaler mindre")
    betaler_mer: int = felt(_SAKER, "Saker som betaler mer")
    uendret: int = felt(_SAKER, "Saker der året koster det samme")
    fordeling: tuple[Soeyle, ...] = felt(Liste(Objekt(Soeyle), 20), "Saker etter endring i måneden")
    tjenester: tuple[Gruppesum, ...] = felt(Liste(Objekt(Gruppesum), 10), "Per tjeneste")
    institusjoner: tuple[Gruppesum, ...] = felt(Liste(Objekt(Gruppesum), 10_000), "Per institusjon")


def antakelsene(oenske: HvaOm) -> Antakelser:
    """What is assumed, as the rates take it.

    Raises:
        UgyldigSakError: a rate that is not one, or a value it cannot have.
    """
    antatt = Antakelser(
        tuple(Antakelse(en.id, en.gjelder_fra, en.verdi) for en in oenske.satser), oenske.videreforer_til
    )
    try:
        antatte_satser(antatt)
    except AntakelseError as feil:
        raise UgyldigSakError(Feil("/satser", "antakelse", str(feil))) from None
    return antatt


@dataclass(slots=True)
class _Regnskap:
    """Sums so far, in øre; a group is the service or the institution."""

    saker: int = 0
    utelatt: int = 0
    endringer: Counter[int] = field(default_factory=Counter)
    """How many change by so much over the year."""
    grupper: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))

    def tell(self, sak: Massesak, institusjon: str | None, regnet: Regnet) -> None:
        """One case."""
        if regnet.etter is None or regnet.foer is None:
            self.utelatt += 1
            return
        foer, etter = sum(regnet.foer.values()), sum(regnet.etter.values())
        self.saker += 1
        self.endringer[etter - foer] += 1
        for slag, navn in (("tjeneste", sak.tjeneste), ("institusjon", institusjon)):
            if navn is not None:
                gruppe = self.grupper[slag, navn]
                gruppe[0], gruppe[1], gruppe[2] = gruppe[0] + 1, gruppe[1] + foer, gruppe[2] + etter


async def hva_om(
    drift: Saksdrift,
    kall: Kall,
    oenske: HvaOm,
    regnere: Regnere,
    framdrift: Callable[[int, int], None] | None = None,
) -> HvaOmUt:
    """Calculate every open case with the assumed rates, from the newest calculation of the year it builds on.

    Args:
        drift: the service.
        kall: who asks; that they did is noted.
        oenske: what is assumed.
        regnere: the processes that calculate.
        framdrift: told how many of how many are done.

    Raises:
        UgyldigSakError: assumptions that cannot be used.
    """
    antatt, kommune = antakelsene(oenske), kall.aktoer.kommune
    bygger_paa = oenske.bygger_paa or oenske.aar
    async with drift.arkiv.skriv(kommune) as lager:
        totalt = await lager.massesaker.antall(list(Sakstjeneste), date.max)
        rad = kall.rad(Handling.MASSEKJOERING_LEST, formaal="budsjett med antatte satser", aar=[bygger_paa])
        await lager.revisjon.noter(kall.naa, rad)
    regnskap, etter, sett = _Regnskap(), None, 0
    while True:
        saker, tekster, institusjoner = await _les(drift, kommune, bygger_paa, etter)
        if not saker:
            break
        med = [sak for sak in saker if sak.id in tekster]
        stykker = [_stykke(sak, tekster[sak.id], oenske.aar, bygger_paa) for sak in med]
        for sak, regnet in zip(med, await regnere.regn(stykker, antatt=antatt), strict=True):
            regnskap.tell(sak, institusjoner.get(sak.id), regnet)
        regnskap.utelatt += len(saker) - len(med)
        etter, sett = saker[-1].id, sett + len(saker)
        if framdrift is not None:
            framdrift(sett, totalt)
    return _ut(oenske.aar, bygger_paa, antatte_satser(antatt).versjon, regnskap)


def _stykke(sak: Massesak, tekster: Pakket, aar: int, bygger_paa: int) -> Stykke:
    return Stykke(
        art=ART[Sakstjeneste(sak.tjeneste)], tekster=tekster, aar=None if aar == bygger_paa else aar
    )


async def _les(
    drift: Saksdrift, kommune: str, aar: int, etter: UUID | None
) -> tuple[list[Massesak], Mapping[UUID, Pakket], Mapping[UUID, str]]:
    async with drift.arkiv.les(kommune) as lager:
        saker = await lager.massesaker.neste(list(Sakstjeneste), date.max, etter, _PORSJON)
        if not saker:
            return [], {}, {}
        hoder = await lager.massesaker.hoder(saker[0].id, saker[-1].id, aar)
        angrede = await angrede_i(lager, saker[0].id, saker[-1].id)
        gjelder = {sak.id: rekke(hoder.get(sak.id, ()), angrede)[:1] for sak in saker}
        valgte = {id_: en[0].id for id_, en in gjelder.items() if en and en[0].tilstand == Tilstand.BEREGNET}
        tekster = await lager.massesaker.pakkede(list(valgte.values()))
        innhold = await lager.massesaker.innhold(saker[0].id, saker[-1].id)
    institusjoner = {
        sak.id: _institusjon(innhold.get((sak.id, sak.versjon)))
        for sak in saker
        if sak.tjeneste == Sakstjeneste.LANGTIDSOPPHOLD
    }
    return saker, {id_: tekster[beregning] for id_, beregning in valgte.items()}, institusjoner


def _institusjon(innhold: str | None) -> str:
    """Where the newest stay of the case is."""
    opphold = [] if innhold is None else les_json(innhold).get("opphold", [])
    siste: dict[str, str] = max(opphold, key=lambda en: str(en["fra"]), default={})
    return siste.get("institusjon") or _UTEN_INSTITUSJON


def _ut(aar: int, bygger_paa: int, satsversjon: str, regnskap: _Regnskap) -> HvaOmUt:
    foer, etter = (
        sum(en[nr] for (slag, _), en in regnskap.grupper.items() if slag == "tjeneste") for nr in (1, 2)
    )
    endringer = regnskap.endringer
    return HvaOmUt(
        antatt=True,
        merke=MERKE,
        satsversjon=satsversjon,
        aar=aar,
        bygger_paa=bygger_paa,
        saker=regnskap.saker,
        utelatt=regnskap.utelatt,
        foer=_kroner(foer),
        etter=_kroner(etter),
        endring=_kroner(etter - foer),
        betaler_mindre=sum(antall for oere, antall in endringer.items() if oere < 0),
        betaler_mer=sum(antall for oere, antall in endringer.items() if oere > 0),
        uendret=endringer[0],
        fordeling=tuple(_fordeling(endringer)),
        tjenester=_grupper(regnskap, "tjeneste"),
        institusjoner=_grupper(regnskap, "institusjon"),
    )


def _fordeling(endringer: Mapping[int, int]) -> list[Soeyle]:
    """By change a month: below a step, exactly none, above."""
    trinn = [
        *zip((None, *(g for g in _GRENSER if g < 0)), (*(g for g in _GRENSER if g < 0), 0), strict=True),
        (0, 0),
        *zip((0, *(g for g in _GRENSER if g > 0)), (*(g for g in _GRENSER if g > 0), None), strict=True),
    ]
    return [Soeyle(fra=fra, til=til, saker=_innenfor(endringer, fra, til)) for fra, til in trinn]


def _innenfor(endringer: Mapping[int, int], fra: int | None, til: int | None) -> int:
    """Lower steps hold their lower limit, upper ones their upper: everybody is in one."""

    def er(oere: int) -> bool:
        kroner_i_aaret = Decimal(oere) / 100
        nedre = None if fra is None else Decimal(fra) * _MAANEDER
        oevre = None if til is None else Decimal(til) * _MAANEDER
        if fra == til:
            return oere == 0
        if til is not None and til <= 0:
            return (
                oere < 0
                and (nedre is None or kroner_i_aaret >= nedre)
                and kroner_i_aaret < Decimal(til) * _MAANEDER
            )
        return (
            oere > 0
            and (nedre is None or kroner_i_aaret > nedre)
            and (oevre is None or kroner_i_aaret <= oevre)
        )

    return sum(antall for oere, antall in endringer.items() if er(oere))


def _grupper(regnskap: _Regnskap, slag: str) -> tuple[Gruppesum, ...]:
    return tuple(
        Gruppesum(
            navn=navn, saker=saker, foer=_kroner(foer), etter=_kroner(etter), endring=_kroner(etter - foer)
        )
        for (en, navn), (saker, foer, etter) in sorted(regnskap.grupper.items())
        if en == slag
    )


def _kroner(oere: int) -> Decimal:
    return kroner(oere) or NULL
