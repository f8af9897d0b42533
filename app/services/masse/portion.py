"""A stretch of cases judged: which come out otherwise, which do not, and which must be left out.

Nothing is written here. The dry run judges without the tree; the run judges the same cases with it, and stores.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from app.calc.kalkulator import Art
from app.calc.kontrakt.json_tekst import les_json
from app.calc.poster.katalog import katalogversjon
from app.calc.satser import satsversjon
from app.calc.versjon import REGELVERSJON
from app.db.arkiv import Lager
from app.db.ident import ny_id
from app.db.lager.beregninger import Tilstand, Versjoner
from app.db.lager.grunnlag import Grunnlag
from app.db.lager.massesaker import Beregningshode, NyPakket, Pakket
from app.db.lager.revisjon import NyRad
from app.db.lager.saker import Sak, Status
from app.services.kommuneoppsett.aarsoppsett import Aarsoppsett, OppsettManglerError, aarsoppsett
from app.services.kommuneoppsett.dokument import Kommuneoppsett, les_oppsettstekst
from app.services.masse.helt import krev_beregnet, pakket, regn_lagret, regn_med_oppslag
from app.services.masse.rad import Masseutfall, UnntakError, angrede_i
from app.services.masse.regning import (
    Maanedsbeloep,
    Regnere,
    Regnet,
    Stykke,
    maaneder_i,
    pakkede_maaneder,
)
from app.services.masse.slag import BEGYNNER_AARET, SLAAR_OPP, Masseslag
from app.services.masse.tilpasning import Bytte, bytte
from app.services.sak.drift import Kall, Saksdrift
from app.services.sak.rader import Sakstjeneste

ART: Final = {
    Sakstjeneste.LANGTIDSOPPHOLD: Art.LANGTIDSOPPHOLD,
    Sakstjeneste.PRAKTISK_BISTAND: Art.PRAKTISK_BISTAND,
}
_DESEMBER: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Oppdrag:
    """What is to be done to every case."""

    slag: Masseslag
    aar: int
    virkning_fra: date
    kall: Kall
    """Who does it: ourselves."""
    oppsett_versjon: int
    aarsoppsett: Aarsoppsett
    trukket: frozenset[UUID]
    """Calculations made from something Skatteetaten has withdrawn since."""
    bytter: dict[tuple[int, Sakstjeneste], Bytte | None] = field(default_factory=dict)
    """What the setup of now changes in a request made under an earlier version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lest:
    """What was read of a stretch of cases."""

    saker: tuple[Sak, ...]
    rekker: Mapping[UUID, tuple[Beregningshode, ...]]
    """The calculations that hold in the year, the newest first."""
    forrige: Mapping[UUID, tuple[Beregningshode, ...]]
    """The same for the year before, where the year has none."""
    tekster: Mapping[UUID, Pakket]
    grunnlag: Mapping[UUID, tuple[UUID, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vurdert:
    """One case judged. Without an outcome it comes out as it was."""

    sak: Sak
    utfall: Masseutfall | None = None
    rekke: tuple[Beregningshode, ...] = ()
    foer: Maanedsbeloep | None = field(default=None, repr=False)
    etter: Maanedsbeloep | None = field(default=None, repr=False)
    tekst: str | None = None
    nye: tuple[NyPakket, ...] = ()
    """What is to be stored; only when the tree was asked for."""
    nye_grunnlag: tuple[Grunnlag, ...] = ()
    """What was looked up, to be stored with it."""
    rader: tuple[NyRad, ...] = ()
    """What the register is to say of look-ups made."""

    @property
    def foer_id(self) -> UUID | None:
        """The newest calculation there was."""
        return self.rekke[0].id if self.rekke else None


def rekke(
    hoder: Iterable[Beregningshode], angrede: frozenset[UUID] | set[UUID]
) -> tuple[Beregningshode, ...]:
    """The calculations that hold in a year, the newest first: each until the day a newer one takes over.

    Args:
        hoder: all of a case's year, the newest first.
        angrede: those that come from a run that was undone.
    """
    gjelder: list[Beregningshode] = []
    for hode in hoder:
        if hode.id not in angrede and (not gjelder or hode.virkning_fra < gjelder[-1].virkning_fra):
            gjelder.append(hode)
    return tuple(gjelder)


async def les(lager: Lager, oppdrag: Oppdrag, saker: Sequence[Sak], *, alt: bool = False) -> Lest:
    """Read what judging takes; texts only of those that must be calculated again."""
    if not saker:
        return Lest(saker=(), rekker={}, forrige={}, tekster={}, grunnlag={})
    foerste, siste = saker[0].id, saker[-1].id
    hoder = await lager.massesaker.hoder(foerste, siste, oppdrag.aar)
    angrede = await angrede_i(lager, foerste, siste)
    rekker = {sak.id: rekke(hoder.get(sak.id, ()), angrede) for sak in saker}
    await _kjenn_bytter(lager, oppdrag, rekker.values())
    forrige: dict[UUID, tuple[Beregningshode, ...]] = {}
    if oppdrag.slag in BEGYNNER_AARET and not all(rekker.values()):
        gamle = await lager.massesaker.hoder(foerste, siste, oppdrag.aar - 1)
        forrige = {id_: rekke(gamle.get(id_, ()), angrede) for id_, alle in rekker.items() if not alle}
    trengs = [
        hode.id
        for sak in saker
        if _hvordan(oppdrag, sak, rekker[sak.id]) is not None
        for hode in (*rekker[sak.id], *forrige.get(sak.id, ())[:1])
        if hode.tilstand is Tilstand.BEREGNET
    ]
    return Lest(
        saker=tuple(saker),
        rekker=rekker,
        forrige=forrige,
        tekster=await lager.massesaker.pakkede(trengs, alt=alt),
        grunnlag=await lager.massesaker.grunnlag(trengs) if alt else {},
    )


async def _kjenn_bytter(lager: Lager, oppdrag: Oppdrag, rekker: Iterable[Sequence[Beregningshode]]) -> None:
    for versjon in {hode.oppsett_versjon for alle in rekker for hode in alle}:
        if (versjon, Sakstjeneste.LANGTIDSOPPHOLD) in oppdrag.bytter:
            continue
        lagret = await lager.kommuner.oppsett(versjon)
        for tjeneste in Sakstjeneste:
            oppdrag.bytter[versjon, tjeneste] = (
                None if lagret is None else _bytte(les_oppsettstekst(lagret.innhold), oppdrag, tjeneste)
            )


def _bytte(foer: Kommuneoppsett, oppdrag: Oppdrag, tjeneste: Sakstjeneste) -> Bytte | None:
    try:
        return bytte(aarsoppsett(foer, oppdrag.aar), oppdrag.aarsoppsett, tjeneste)
    except OppsettManglerError:
        return None


class _Helt:
    """The case must be put together anew."""


_HELT: Final = _Helt()


def _hvordan(
    oppdrag: Oppdrag, sak: Sak, gjelder: Sequence[Beregningshode]
) -> tuple[Bytte, ...] | _Helt | None:
    """How a case is calculated: from its kept requests, put together anew, or not at all."""
    if sak.status is not Status.AAPEN or (gjelder and gjelder[0].tilstand is not Tilstand.BEREGNET):
        return None
    if oppdrag.slag in SLAAR_OPP or (not gjelder and oppdrag.slag in BEGYNNER_AARET):
        return _HELT
    if any(hode.id in oppdrag.trukket for hode in gjelder):
        return None
    tjeneste = Sakstjeneste(sak.tjeneste)
    bytter = [oppdrag.bytter[hode.oppsett_versjon, tjeneste] for hode in gjelder]
    kjente = tuple(en for en in bytter if en is not None)
    if len(kjente) < len(bytter) or any(hode.sak_versjon != sak.versjon for hode in gjelder[:1]):
        return _HELT
    return None if _likt(gjelder, kjente) else kjente


def _likt(gjelder: Sequence[Beregningshode], bytter: Sequence[Bytte]) -> bool:
    """Whether rules, rates, setup and request are those each calculation was made with: then so is the answer."""
    return not any(bytter) and all(
        (hode.versjoner.regelversjon, hode.versjoner.satsversjon) == (REGELVERSJON, satsversjon())
        for hode in gjelder
    )


async def vurder(
    drift: Saksdrift, oppdrag: Oppdrag, lest: Lest, regnere: Regnere, *, med_tre: bool = False
) -> list[Vurdert]:
    """Judge every case that was read."""
    maater = {sak.id: _hvordan(oppdrag, sak, lest.rekker[sak.id]) for sak in lest.saker}
    stykker: list[Stykke] = []
    steder: dict[UUID, int] = {}
    for sak in lest.saker:
        maate = maater[sak.id]
        if isinstance(maate, tuple):
            steder[sak.id] = len(stykker)
            stykker += [
                Stykke(art=ART[Sakstjeneste(sak.tjeneste)], tekster=lest.tekster[hode.id], bytte=nytt)
                for hode, nytt in zip(lest.rekker[sak.id], maate, strict=True)
            ]
    regnet = await regnere.regn(stykker, med_tre=med_tre)
    svar = []
    for sak in lest.saker:
        maate, gjelder = maater[sak.id], lest.rekker[sak.id]
        if maate is None:
            ett = _uten_regning(oppdrag, sak, gjelder)
        elif isinstance(maate, tuple):
            start = steder[sak.id]
            ett = _fra_regnet(drift, oppdrag, lest, sak, regnet[start : start + len(gjelder)])
        else:
            ett = await _helt(drift, oppdrag, lest, sak, med_tre=med_tre)
        if ett is not None:
            svar.append(ett)
    return svar


def _uten_regning(oppdrag: Oppdrag, sak: Sak, gjelder: tuple[Beregningshode, ...]) -> Vurdert | None:
    """A case that is not calculated: nothing is new, or something stands in the way."""
    if sak.status is not Status.AAPEN:
        if not gjelder:
            return None
        return Vurdert(
            sak=sak,
            utfall=Masseutfall.AVSLUTTET,
            rekke=gjelder,
            tekst=f"Saken ble avsluttet {sak.avsluttet_dato}. Se om dagene før skal beregnes på nytt.",
        )
    if not gjelder:
        return Vurdert(
            sak=sak,
            utfall=Masseutfall.INGEN_BEREGNING,
            tekst=f"Saken har ingen beregning for {oppdrag.aar}. Lag en hvis den skal ha det.",
        )
    if gjelder[0].tilstand is not Tilstand.BEREGNET:
        return Vurdert(
            sak=sak,
            utfall=Masseutfall.UFULLSTENDIG,
            rekke=gjelder,
            tekst="Den nyeste beregningen mangler noe. Avgjør det som står i den, og beregn på nytt.",
        )
    if any(hode.id in oppdrag.trukket for hode in gjelder):
        return Vurdert(
            sak=sak,
            utfall=Masseutfall.GRUNNLAG_TRUKKET,
            rekke=gjelder,
            tekst="Skatteetaten har trukket tilbake tallene beregningen bygger på. Beregn saken på nytt.",
        )
    return Vurdert(sak=sak, rekke=gjelder)


def _fra_regnet(
    drift: Saksdrift, oppdrag: Oppdrag, lest: Lest, sak: Sak, regnet: Sequence[Regnet]
) -> Vurdert:
    gjelder = lest.rekker[sak.id]
    feil = next((en.feil for en in regnet if en.etter is None), None)
    if feil is not None:
        return Vurdert(sak=sak, utfall=Masseutfall.KAN_IKKE_BEREGNES, rekke=gjelder, tekst=feil)
    foer: dict[str, int] = {}
    etter: dict[str, int] = {}
    ulike = []
    for hode, en, (fra, til) in zip(gjelder, regnet, _strekk(gjelder), strict=True):
        egne = _innen(en.foer or {}, fra, til), _innen(en.etter or {}, fra, til)
        foer |= egne[0]
        etter |= egne[1]
        if egne[0] != egne[1]:
            ulike.append((hode, en))
    if not ulike:
        return Vurdert(sak=sak, rekke=gjelder)
    return Vurdert(
        sak=sak,
        utfall=Masseutfall.ENDRET,
        rekke=gjelder,
        foer=foer,
        etter=etter,
        # The earliest first, so that the newest stays the newest.
        nye=tuple(_ny(drift, oppdrag, lest, hode, en) for hode, en in reversed(ulike) if en.ny is not None),
    )


def _strekk(gjelder: Sequence[Beregningshode]) -> list[tuple[str, str]]:
    """The months each holds for, first and the one after the last; the first of them from New Year."""
    skiller = [f"{hode.virkning_fra:%Y-%m}" for hode in gjelder]
    skiller[-1] = ""
    slutter = ["~", *skiller[:-1]]
    return list(zip(skiller, slutter, strict=True))


def _innen(maaneder: Maanedsbeloep, fra: str, til: str) -> dict[str, int]:
    return {maaned: beloep for maaned, beloep in maaneder.items() if fra <= maaned < til}


def _ny(drift: Saksdrift, oppdrag: Oppdrag, lest: Lest, foer: Beregningshode, regnet: Regnet) -> NyPakket:
    if regnet.ny is None:
        raise ValueError("beregningen er gjort uten treet")
    naa = oppdrag.kall.naa
    hode = Beregningshode(
        id=ny_id(naa),
        sak_id=foer.sak_id,
        sak_versjon=foer.sak_versjon,
        oppsett_versjon=oppdrag.oppsett_versjon,
        aar=foer.aar,
        virkning_fra=foer.virkning_fra,
        tilstand=Tilstand.BEREGNET,
        foreloepig=foer.foreloepig,
        resultat_hash=regnet.resultat_hash,
        egenandel_aar_oere=regnet.aar_oere,
        versjoner=Versjoner(REGELVERSJON, satsversjon(), katalogversjon(), drift.kodeversjon),
        av=oppdrag.kall.av,
    )
    return NyPakket(hode=hode, tekster=regnet.ny, opprettet=naa, grunnlag=lest.grunnlag.get(foer.id, ()))


async def _helt(drift: Saksdrift, oppdrag: Oppdrag, lest: Lest, sak: Sak, *, med_tre: bool) -> Vurdert:
    gjelder = lest.rekker[sak.id]
    nye_grunnlag: tuple[Grunnlag, ...] = ()
    rader: tuple[NyRad, ...] = ()
    try:
        if oppdrag.slag in SLAAR_OPP:
            hentet = await regn_med_oppslag(drift, oppdrag.kall, sak.id, oppdrag.aar)
            ny, nye_grunnlag, rader = hentet.ferdig.beregning, hentet.ferdig.nye, hentet.rader
            krev_beregnet(ny)
        else:
            ny = await regn_lagret(drift, oppdrag.kall, sak.id, oppdrag.aar)
    except UnntakError as feil:
        return Vurdert(sak=sak, utfall=feil.utfall, rekke=gjelder, tekst=feil.tekst, rader=rader)
    etter = maaneder_i(les_json(ny.resultat or "null"))
    foer = _foer(oppdrag, lest, sak, etter)
    if gjelder:
        fra = f"{ny.virkning_fra:%Y-%m}" if ny.virkning_fra > gjelder[-1].virkning_fra else ""
        etter = {**_innen(foer or {}, "", fra), **_innen(etter, fra, "~")}
        if etter == foer:
            return Vurdert(sak=sak, rekke=gjelder, rader=rader)
    return Vurdert(
        sak=sak,
        utfall=Masseutfall.ENDRET if gjelder else Masseutfall.NY,
        rekke=gjelder,
        foer=foer,
        etter=etter,
        nye=(pakket(ny),) if med_tre else (),
        nye_grunnlag=nye_grunnlag if med_tre else (),
        rader=rader,
    )


def _foer(oppdrag: Oppdrag, lest: Lest, sak: Sak, etter: Maanedsbeloep) -> Maanedsbeloep | None:
    """What is charged as it stands; in a year without a calculation, what December was in the year before."""
    gjelder = lest.rekker[sak.id]
    if gjelder:
        foer: dict[str, int] = {}
        for hode, (fra, til) in zip(gjelder, _strekk(gjelder), strict=True):
            foer |= _innen(_maanedene(lest, hode), fra, til)
        return foer
    forrige = lest.forrige.get(sak.id, ())
    if not forrige or forrige[0].tilstand is not Tilstand.BEREGNET:
        return None
    desember = _maanedene(lest, forrige[0]).get(f"{oppdrag.aar - 1:04d}-{_DESEMBER}")
    return None if desember is None else dict.fromkeys(etter, desember)


def _maanedene(lest: Lest, hode: Beregningshode) -> Maanedsbeloep:
    tekster = lest.tekster.get(hode.id)
    return {} if tekster is None or tekster.resultat is None else pakkede_maaneder(tekster.resultat)
