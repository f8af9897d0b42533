"""A stretch of cases judged: which come out otherwise, which do not, and which must be left out.

Nothing is written here. The dry run judges without the tree; the run judges the same cases with it, and stores.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple, Protocol, TypeVar
from uuid import UUID

from app.calc.kalkulator import Art
from app.calc.kontrakt.json_tekst import les_egen_json, les_json, skriv_json
from app.calc.poster.katalog import katalogversjon
from app.calc.satser import satsversjon
from app.calc.versjon import REGELVERSJON
from app.db.arkiv import Lager
from app.db.ident import ny_id
from app.db.lager.beregninger import Tilstand, Versjoner
from app.db.lager.grunnlag import Grunnlag
from app.db.lager.massesaker import Beregningshode, Massehode, Massesak, NyPakket, Pakket
from app.db.lager.revisjon import NyRad
from app.db.lager.saker import Status
from app.services.kommuneoppsett.aarsoppsett import Aarsoppsett, OppsettManglerError, aarsoppsett
from app.services.kommuneoppsett.dokument import Kommuneoppsett, les_oppsettstekst
from app.services.masse.helt import krev_beregnet, pakket, regn_lagret, regn_med_oppslag
from app.services.masse.rad import Masseutfall, UnntakError, angrede_i
from app.services.masse.radinnhold import Maanedsbeloep
from app.services.masse.regning import (
    Forskjell,
    Regnere,
    Regnet,
    Sammenlignet,
    Stykke,
    Utslag,
    innen,
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

    saker: tuple[Massesak, ...]
    rekker: Mapping[UUID, tuple[Massehode, ...]]
    """The calculations that hold in the year, the newest first."""
    maater: "Mapping[UUID, tuple[Bytte, ...] | _Helt | None]"
    """How each case is calculated."""
    forrige: Mapping[UUID, tuple[Massehode, ...]]
    """The same for the year before, where the year has none."""
    tekster: Mapping[UUID, Pakket]
    grunnlag: Mapping[UUID, tuple[UUID, ...]]


class Vurdert(NamedTuple):
    """One case judged. Without an outcome it comes out as it was."""

    sak: Massesak
    utfall: Masseutfall | None = None
    foer_id: UUID | None = None
    """The newest calculation there was."""
    foer: Maanedsbeloep | None = None
    etter: Maanedsbeloep | None = None
    forskjell: Forskjell | None = None
    """The same two put together already, in the place of them."""
    tekst: str | None = None
    nye: tuple[NyPakket, ...] = ()
    """What is to be stored; only when the tree was asked for."""
    nye_grunnlag: tuple[Grunnlag, ...] = ()
    """What was looked up, to be stored with it."""
    rader: tuple[NyRad, ...] = ()
    """What the register is to say of look-ups made."""

    def __repr__(self) -> str:
        """No amounts."""
        return f"<Vurdert {self.utfall}>"


_HELE_AARET: Final = [("", "~")]
_UTEN_TEKSTER: Final = Pakket(None, None)
"""Of a calculation that never came to an amount."""


class Gjeldende(Protocol):
    """What a calculation is known by when it is put in the row of those that hold."""

    @property
    def id(self) -> UUID: ...
    @property
    def virkning_fra(self) -> date: ...


G = TypeVar("G", bound=Gjeldende)


def rekke(hoder: Iterable[G], angrede: frozenset[UUID] | set[UUID]) -> tuple[G, ...]:
    """The calculations that hold in a year, the newest first: each until the day a newer one takes over.

    Args:
        hoder: all of a case's year, the newest first.
        angrede: those that come from a run that was undone.
    """
    gjelder: list[G] = []
    for hode in hoder:
        if hode.id not in angrede and (not gjelder or hode.virkning_fra < gjelder[-1].virkning_fra):
            gjelder.append(hode)
    return tuple(gjelder)


async def les(lager: Lager, oppdrag: Oppdrag, saker: Sequence[Massesak], *, alt: bool = False) -> Lest:
    """Read what judging takes; texts only of those that must be calculated again."""
    if not saker:
        return Lest(saker=(), rekker={}, maater={}, forrige={}, tekster={}, grunnlag={})
    foerste, siste = saker[0].id, saker[-1].id
    tekster: dict[UUID, Pakket] = {}
    if alt:
        hoder = await lager.massesaker.hoder(foerste, siste, oppdrag.aar)
    else:
        naa = REGELVERSJON, satsversjon()
        hoder, tekster = await lager.massesaker.hoder_med_tekster(foerste, siste, oppdrag.aar, naa)
    angrede = await angrede_i(lager, foerste, siste)
    rekker = {sak.id: rekke(hoder.get(sak.id, ()), angrede) for sak in saker}
    await _kjenn_bytter(lager, oppdrag, rekker.values())
    maater = {sak.id: _hvordan(oppdrag, sak, rekker[sak.id]) for sak in saker}
    forrige: dict[UUID, tuple[Massehode, ...]] = {}
    if oppdrag.slag in BEGYNNER_AARET and not all(rekker.values()):
        gamle = await lager.massesaker.hoder(foerste, siste, oppdrag.aar - 1)
        forrige = {id_: rekke(gamle.get(id_, ()), angrede) for id_, alle in rekker.items() if not alle}
    trengs = [
        hode.id
        for sak in saker
        if maater[sak.id] is not None
        for hode in (*rekker[sak.id], *forrige.get(sak.id, ())[:1])
        if hode.tilstand == Tilstand.BEREGNET
    ]
    tekster |= await lager.massesaker.pakkede([id_ for id_ in trengs if id_ not in tekster], alt=alt)
    return Lest(
        saker=tuple(saker),
        rekker=rekker,
        maater=maater,
        forrige=forrige,
        tekster=tekster,
        grunnlag=await lager.massesaker.grunnlag(trengs) if alt else {},
    )


async def _kjenn_bytter(lager: Lager, oppdrag: Oppdrag, rekker: Iterable[Sequence[Massehode]]) -> None:
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
        nytt = bytte(aarsoppsett(foer, oppdrag.aar), oppdrag.aarsoppsett, tjeneste)
    except OppsettManglerError:
        return None
    # As the request holds it: it is put in there a thousand times.
    return None if nytt is None else les_egen_json(skriv_json(nytt))


class _Helt:
    """The case must be put together anew."""


_HELT: Final = _Helt()


def _hvordan(
    oppdrag: Oppdrag, sak: Massesak, gjelder: Sequence[Massehode]
) -> tuple[Bytte, ...] | _Helt | None:
    """How a case is calculated: from its kept requests, put together anew, or not at all."""
    if sak.status != Status.AAPEN or (gjelder and gjelder[0].tilstand != Tilstand.BEREGNET):
        return None
    if oppdrag.slag in SLAAR_OPP or (not gjelder and oppdrag.slag in BEGYNNER_AARET):
        return _HELT
    if oppdrag.trukket and any(hode.id in oppdrag.trukket for hode in gjelder):
        return None
    tjeneste = Sakstjeneste(sak.tjeneste)
    bytter = [oppdrag.bytter[hode.oppsett_versjon, tjeneste] for hode in gjelder]
    kjente = tuple(en for en in bytter if en is not None)
    if len(kjente) < len(bytter) or any(hode.sak_versjon != sak.versjon for hode in gjelder[:1]):
        return _HELT
    return None if _likt(gjelder, kjente) else kjente


def _likt(gjelder: Sequence[Massehode], bytter: Sequence[Bytte]) -> bool:
    """Whether rules, rates, setup and request are those each calculation was made with: then so is the answer."""
    if any(bytter):
        return False
    naa = REGELVERSJON, satsversjon()
    return all((hode.regelversjon, hode.satsversjon) == naa for hode in gjelder)


async def vurder(
    drift: Saksdrift, oppdrag: Oppdrag, lest: Lest, regnere: Regnere, *, med_tre: bool = False
) -> list[Vurdert]:
    """Judge every case that was read."""
    regnes = [sak for sak in lest.saker if isinstance(lest.maater[sak.id], tuple)]
    stykker = [_stykker(lest, sak) for sak in regnes]
    funnet: Sequence[Sammenlignet | Utslag] = (
        await regnere.regn_med_tre(stykker) if med_tre else await regnere.finn_forskjeller(stykker)
    )
    av = {sak.id: en for sak, en in zip(regnes, funnet, strict=True)}
    svar = []
    for sak in lest.saker:
        maate = lest.maater[sak.id]
        if maate is None:
            ett = _uten_regning(oppdrag, sak, lest.rekker[sak.id])
        elif isinstance(maate, tuple):
            ett = _vurdert(drift, oppdrag, lest, sak, av[sak.id])
        else:
            ett = await _helt(drift, oppdrag, lest, sak, med_tre=med_tre)
        if ett is not None:
            svar.append(ett)
    return svar


def _stykker(lest: Lest, sak: Massesak) -> list[Stykke]:
    """What of a case is calculated; each part with the months it holds for."""
    art, gjelder, maate = ART[Sakstjeneste(sak.tjeneste)], lest.rekker[sak.id], lest.maater[sak.id]
    if not isinstance(maate, tuple):
        raise TypeError("saken regnes ikke av det som er lagret")
    return [
        Stykke(art, lest.tekster.get(hode.id, _UTEN_TEKSTER), nytt, None, fra, til)
        for hode, nytt, (fra, til) in zip(gjelder, maate, _strekk(gjelder), strict=True)
    ]


def _uten_regning(oppdrag: Oppdrag, sak: Massesak, gjelder: tuple[Massehode, ...]) -> Vurdert | None:
    """A case that is not calculated: nothing is new, or something stands in the way."""
    if sak.status != Status.AAPEN:
        if not gjelder:
            return None
        return Vurdert(
            sak=sak,
            utfall=Masseutfall.AVSLUTTET,
            foer_id=gjelder[0].id,
            tekst=f"Saken ble avsluttet {sak.avsluttet_dato}. Se om dagene før skal beregnes på nytt.",
        )
    if not gjelder:
        return Vurdert(
            sak=sak,
            utfall=Masseutfall.INGEN_BEREGNING,
            tekst=f"Saken har ingen beregning for {oppdrag.aar}. Lag en hvis den skal ha det.",
        )
    if gjelder[0].tilstand != Tilstand.BEREGNET:
        return Vurdert(
            sak=sak,
            utfall=Masseutfall.UFULLSTENDIG,
            foer_id=gjelder[0].id,
            tekst="Den nyeste beregningen mangler noe. Avgjør det som står i den, og beregn på nytt.",
        )
    if any(hode.id in oppdrag.trukket for hode in gjelder):
        return Vurdert(
            sak=sak,
            utfall=Masseutfall.GRUNNLAG_TRUKKET,
            foer_id=gjelder[0].id,
            tekst="Skatteetaten har trukket tilbake tallene beregningen bygger på. Beregn saken på nytt.",
        )
    return Vurdert(sak, foer_id=gjelder[0].id)


def _vurdert(
    drift: Saksdrift, oppdrag: Oppdrag, lest: Lest, sak: Massesak, funnet: Sammenlignet | Utslag
) -> Vurdert:
    gjelder = lest.rekker[sak.id]
    foer_id = gjelder[0].id
    if isinstance(funnet, Forskjell):
        return Vurdert(sak, Masseutfall.ENDRET, foer_id, forskjell=funnet)
    feil = funnet.feil if isinstance(funnet, Sammenlignet) else funnet
    if feil is not None:
        return Vurdert(sak, Masseutfall.KAN_IKKE_BEREGNES, foer_id, tekst=feil)
    if funnet is None or isinstance(funnet, str) or not funnet.ulike:
        return Vurdert(sak, foer_id=foer_id)
    # The earliest first, so that the newest stays the newest.
    nye = tuple(_ny(drift, oppdrag, lest, gjelder[nr], en) for nr, en in reversed(funnet.ulike))
    return Vurdert(sak, Masseutfall.ENDRET, foer_id, funnet.foer, funnet.etter, nye=nye)


def _strekk(gjelder: Sequence[Massehode]) -> list[tuple[str, str]]:
    """The months each holds for, first and the one after the last; the first of them from New Year."""
    if len(gjelder) == 1:
        return _HELE_AARET
    skiller = [f"{hode.virkning_fra:%Y-%m}" for hode in gjelder]
    skiller[-1] = ""
    slutter = ["~", *skiller[:-1]]
    return list(zip(skiller, slutter, strict=True))


def _ny(drift: Saksdrift, oppdrag: Oppdrag, lest: Lest, foer: Massehode, regnet: Regnet) -> NyPakket:
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


async def _helt(drift: Saksdrift, oppdrag: Oppdrag, lest: Lest, sak: Massesak, *, med_tre: bool) -> Vurdert:
    gjelder = lest.rekker[sak.id]
    foer_id = gjelder[0].id if gjelder else None
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
        return Vurdert(sak=sak, utfall=feil.utfall, foer_id=foer_id, tekst=feil.tekst, rader=rader)
    etter = maaneder_i(les_json(ny.resultat or "null"))
    foer = _foer(oppdrag, lest, sak, etter)
    if gjelder:
        fra = f"{ny.virkning_fra:%Y-%m}" if ny.virkning_fra > gjelder[-1].virkning_fra else ""
        etter = {**innen(foer or {}, "", fra), **innen(etter, fra, "~")}
        if etter == foer:
            return Vurdert(sak=sak, foer_id=foer_id, rader=rader)
    return Vurdert(
        sak=sak,
        utfall=Masseutfall.ENDRET if gjelder else Masseutfall.NY,
        foer_id=foer_id,
        foer=foer,
        etter=etter,
        nye=(pakket(ny),) if med_tre else (),
        nye_grunnlag=nye_grunnlag if med_tre else (),
        rader=rader,
    )


def _foer(oppdrag: Oppdrag, lest: Lest, sak: Massesak, etter: Maanedsbeloep) -> Maanedsbeloep | None:
    """What is charged as it stands; in a year without a calculation, what December was in the year before."""
    gjelder = lest.rekker[sak.id]
    if gjelder:
        foer: dict[str, int] = {}
        for hode, (fra, til) in zip(gjelder, _strekk(gjelder), strict=True):
            foer |= innen(_maanedene(lest, hode), fra, til)
        return foer
    forrige = lest.forrige.get(sak.id, ())
    if not forrige or forrige[0].tilstand != Tilstand.BEREGNET:
        return None
    desember = _maanedene(lest, forrige[0]).get(f"{oppdrag.aar - 1:04d}-{_DESEMBER}")
    return None if desember is None else dict.fromkeys(etter, desember)


def _maanedene(lest: Lest, hode: Massehode) -> Maanedsbeloep:
    tekster = lest.tekster.get(hode.id)
    return {} if tekster is None or tekster.resultat is None else pakkede_maaneder(tekster.resultat)
