"""Many look-ups at once for many kommuner, with every kind of fault, and an account of what came of it.

Time is virtual, so that minutes of tokens, waits and breakers pass in seconds. The figures are compared with
the sandbox's own persons, read another way than the look-up reads them.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import ceil
from time import perf_counter
from typing import Any, Final

from app.calc.poster.langtidsgrunnlag import Langtidsgrunnlag
from app.calc.poster.paragraf_3 import langtidsgrunnlag
from app.calc.poster.paragraf_10 import Husstandsgrunnlag, husstandsgrunnlag
from app.sandbox.forstyrrelser import OVERALT, Art
from app.sandbox.sandkasse import MASKINPORTEN, Sandkasse
from app.sandbox.skatteetaten import oppslag as kilde
from app.sandbox.skatteetaten.api import APIER, BSA, SSG
from app.sandbox.skatteetaten.feil import alle_koder
from app.sandbox.syntetisk import organisasjonsnummer
from app.services.mangler import Grunn
from app.services.oppslag import Hentet, Oppslag, paragraf_3, paragraf_10
from tests.calc.poster.lesing import skatt, svar
from tests.integrasjon.verden import gi_tilgang, innstillinger, koblet, ny_sandkasse
from tests.integrasjon.virtuell_tid import kjoer

AAR: Final = 2024
"""A year every person of the crowd has settled."""

SEKUNDER_PER_TOKEN: Final = 90
_RUNDER_MED_FEIL: Final = 3
_MELLOM_RUNDER: Final = 120.0
"""Virtual seconds before those without a figure are asked about again, as a work queue would."""

Figur = tuple[object, ...]


@dataclass
class Regnskap:
    """What came of it."""

    oppslag: int
    kommuner: int
    virtuelle_sekunder: float = 0.0
    sekunder: float = 0.0
    forespoersler: int = 0
    forstyrret: int = 0
    arter: set[str] = field(default_factory=set)
    """Kinds of fault that happened, as API and kind or code."""
    rett_i_foerste_runde: int = 0
    rett: int = 0
    gale: int = 0
    """Figures that differ from the truth, also those without tax."""
    tapt: int = 0
    """Look-ups that ended in neither a figure nor a reason."""
    uten_svar_til_slutt: int = 0
    grunner: Counter[Grunn] = field(default_factory=Counter)
    mest_i_luften: int = 0
    over_taket: int = 0
    tokenkall: Counter[str] = field(default_factory=Counter)

    @property
    def mest_tokenkall(self) -> int:
        """Grants of the key that had most."""
        return max(self.tokenkall.values(), default=0)

    @property
    def tillatte_tokenkall(self) -> int:
        """One, and one for each 90 seconds begun."""
        return 1 + ceil(self.virtuelle_sekunder / SEKUNDER_PER_TOKEN)

    @property
    def andel_forstyrret(self) -> float:
        """Share of all requests that were disturbed."""
        return self.forstyrret / self.forespoersler if self.forespoersler else 0.0


def bevis(
    antall: int, kommuner: int, *, andel: float = 0.2, ventetid: float = 1.0, froe: int = 1349
) -> Regnskap:
    """Do it.

    Args:
        antall: look-ups, all begun at once.
        kommuner: spread over this many.
        andel: share of requests to disturb.
        ventetid: virtual seconds each answer takes.
        froe: seed of the faults and of the kommuner's own figures.
    """
    personer = ceil(antall / kommuner)
    sandkasse = ny_sandkasse(personer)
    sandkasse.omgivelser.ventetid = ventetid
    orgnre = [organisasjonsnummer(32_000_000 + nummer * 100) for nummer in range(kommuner)]
    for orgnr in orgnre:
        gi_tilgang(sandkasse, orgnr)
    jobber = [(orgnr, nummer) for nummer in range(personer) for orgnr in orgnre][:antall]
    fasit = {jobb: _fasit(sandkasse, *jobb, froe) for jobb in jobber}
    _bestill(sandkasse, andel, froe)
    regnskap = Regnskap(antall, kommuner)
    start = perf_counter()
    kjoer(_alt(sandkasse, orgnre, jobber, fasit, regnskap))
    regnskap.sekunder = perf_counter() - start
    return regnskap


def _fasit(sandkasse: Sandkasse, orgnr: str, nummer: int, froe: int) -> Figur:
    """The truth of one person in one kommune; every fifth person differs from kommune to kommune."""
    kallenavn = sandkasse.befolkning.flokk.kallenavn(nummer)
    person = sandkasse.befolkning.person(kallenavn, orgnr)
    if nummer % 5 == 0:
        oppgjoer = person.oppgjoer[AAR]
        assert oppgjoer.fastland is not None
        tillegg = random.Random(f"{froe}:{orgnr}:{nummer}").randrange(1, 99_999)
        tall = replace(oppgjoer.fastland, beloep=_med_tillegg(oppgjoer.fastland.beloep, tillegg))
        sandkasse.befolkning.sett_oppgjoer(kallenavn, AAR, replace(oppgjoer, fastland=tall), orgnr)
        person = sandkasse.befolkning.person(kallenavn, orgnr)
    ident = person.identer[0]
    poster = svar(kilde.summert_skattegrunnlag(person, ident, AAR, None))
    par_3 = langtidsgrunnlag(poster, beregnet=skatt(kilde.beregnet_skatt(person, ident, AAR)))
    par_10 = husstandsgrunnlag(poster)
    assert isinstance(par_3, Langtidsgrunnlag)
    assert isinstance(par_10, Husstandsgrunnlag)
    return _figur(par_3, par_10)


def _med_tillegg(beloep: Any, tillegg: int) -> dict[str, int]:
    navn = next(iter(beloep))
    return {**beloep, navn: beloep[navn] + tillegg}


def _figur(par_3: Langtidsgrunnlag, par_10: Husstandsgrunnlag) -> Figur:
    return (
        None if par_3.skatt is None else par_3.skatt.beregnet_skatt.verdi,
        tuple((gruppe, steg.verdi) for gruppe, steg in par_3.grupper.items()),
        None if par_3.gjeldsrenter is None else par_3.gjeldsrenter.verdi,
        tuple((o.teknisk_navn, o.beloep) for o in (*par_3.maa_plasseres, *par_3.ukjente, *par_3.ikke_regnet)),
        None if par_10.skattbar_nettoinntekt is None else par_10.skattbar_nettoinntekt.verdi,
    )


def _feil(api: str) -> Iterator[tuple[Art, str | None]]:
    """Every kind of fault, and every code of the API and of the gateway before it."""
    yield from ((art, None) for art in Art if art is not Art.KODE)
    yield from ((Art.KODE, kode) for kode in sorted(alle_koder(APIER[api].tabell)))


def _bestill(sandkasse: Sandkasse, andel: float, froe: int) -> None:
    for system in (SSG, BSA, MASKINPORTEN):
        feil = (
            [(art, None) for art in Art if art in OVERALT] if system == MASKINPORTEN else list(_feil(system))
        )
        # Each order rolls its own die: together they hit the share asked for.
        hver = 1 - (1 - andel) ** (1 / len(feil))
        for nummer, (art, kode) in enumerate(feil):
            sandkasse.forstyrrelser.bestill(
                system,
                art,
                kode=kode,
                sannsynlighet=hver,
                froe=froe * 1000 + nummer,
                sekunder=5.0,
                retry_after="2" if nummer % 2 else None,
            )


async def _alt(
    sandkasse: Sandkasse,
    orgnre: list[str],
    jobber: list[tuple[str, int]],
    fasit: dict[tuple[str, int], Figur],
    regnskap: Regnskap,
) -> None:
    start = asyncio.get_running_loop().time()
    async with koblet(sandkasse, innstillinger(orgnre)) as tilkobling:
        oppslag = Oppslag(tilkobling.klient, tilkobling.oppsett)
        igjen = jobber
        for runde in range(_RUNDER_MED_FEIL + 1):
            if runde == _RUNDER_MED_FEIL:
                _tell_forstyrrelser(sandkasse, regnskap)
                sandkasse.forstyrrelser.nullstill()
            if runde:
                await asyncio.sleep(_MELLOM_RUNDER)
            igjen = await _runde(sandkasse, oppslag, igjen, fasit, regnskap)
            if not runde:
                regnskap.rett_i_foerste_runde = regnskap.rett
        regnskap.uten_svar_til_slutt = len(igjen)
    regnskap.virtuelle_sekunder = asyncio.get_running_loop().time() - start
    maalinger = sandkasse.maalinger
    regnskap.mest_i_luften = max(maalinger.topp.values())
    regnskap.over_taket = sum(maalinger.over_taket.values())
    regnskap.tokenkall = Counter(sandkasse.maskinporten.tokenkall)


def _tell_forstyrrelser(sandkasse: Sandkasse, regnskap: Regnskap) -> None:
    bestilt = sandkasse.forstyrrelser.alle
    regnskap.forstyrret = sum(f.truffet for f in bestilt)
    regnskap.forespoersler = sum(sandkasse.maalinger.forespoersler.values())
    regnskap.arter = {f"{f.system} {f.kode or f.art.value}" for f in bestilt if f.truffet}


async def _runde(
    sandkasse: Sandkasse,
    oppslag: Oppslag,
    jobber: list[tuple[str, int]],
    fasit: dict[tuple[str, int], Figur],
    regnskap: Regnskap,
) -> list[tuple[str, int]]:
    """Ask about all at once; those that still lack a figure."""
    flokk = sandkasse.befolkning.flokk
    svarene = await asyncio.gather(
        *(oppslag.langtidsopphold(orgnr, AAR, flokk.ident(nummer)) for orgnr, nummer in jobber),
        return_exceptions=True,
    )
    igjen = []
    for jobb, fikk in zip(jobber, svarene, strict=True):
        if isinstance(fikk, BaseException) or not _foer(fikk[0], fasit[jobb], regnskap):
            regnskap.tapt += isinstance(fikk, BaseException)
            igjen.append(jobb)
    return igjen


def _foer(hentet: Hentet, fasit: Figur, regnskap: Regnskap) -> bool:
    """Enter one answer in the account; whether it is a whole and right figure."""
    regnskap.grunner.update(mangel.grunn for mangel in hentet.mangler)
    par_3, par_10 = paragraf_3(hentet), paragraf_10(hentet)
    if par_3 is None or par_10 is None:
        regnskap.tapt += not hentet.mangler
        return False
    figur = _figur(par_3, par_10)
    uten_skatt = par_3.skatt is None
    if figur[uten_skatt:] != fasit[uten_skatt:]:
        regnskap.gale += 1
        return False
    if uten_skatt:
        regnskap.tapt += not hentet.mangler
        return False
    regnskap.rett += 1
    return True
