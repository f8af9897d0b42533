"""The calculation of a mass run: kept requests calculated again, many at a time, in as many processes as there are.

Pure, and made to be sent to another process: what comes in is packed as it is stored, and what goes out is ready to be
stored. Without the tree a case takes a fraction of the time, so the tree is only written for what will be stored.
"""

import asyncio
import os
import zlib
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from multiprocessing import get_context
from typing import Any, Final, Self

from app.calc.kalkulator import KALKULATORER, Art, les_inn, utfoer
from app.calc.kontrakt.feil import KontraktFeilError
from app.calc.kontrakt.json_tekst import les_json, skriv_json
from app.calc.satser import SatsManglerError, regn_med
from app.calc.satser.antatte import Antakelser, antatte_satser
from app.db.lager.massesaker import Pakket
from app.db.typer import pakk, pakk_ut
from app.services.masse.tilpasning import Bytte
from app.services.sak.varsler import Alvor, Sakvarsel, fra_kalkulator, samle

Maanedsbeloep = Mapping[str, int]
"""Øre per month (``YYYY-MM``); months that are not charged are not there."""

_OERE: Final = 100
_MAANEDER: Final = b'"maaneder":'
_SUMMEN: Final = b',"egenandelAar":'
_TREET: Final = b',"forklaring":'
"""Where the tree begins in a stored answer; what is before it is a thirtieth of the text."""
_BIT: Final = 4_096
_FOR_FAA: Final = 100
"""So few cases are not worth sending to another process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stykke:
    """One kept calculation, to be calculated again."""

    art: Art
    tekster: Pakket
    bytte: Bytte = field(default_factory=dict, repr=False)
    aar: int | None = None
    """Another year to calculate the request as, for a budget."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regnet:
    """What came of it. ``etter`` is ``None`` when it could not be calculated, and ``feil`` says why."""

    foer: Maanedsbeloep | None = field(repr=False)
    etter: Maanedsbeloep | None = field(default=None, repr=False)
    feil: str | None = None
    ny: Pakket | None = None
    """Only when the tree was asked for."""
    resultat_hash: str | None = None
    aar_oere: int | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bolk:
    """What one process is given at a time."""

    stykker: tuple[Stykke, ...]
    med_tre: bool = False
    antatt: Antakelser | None = None


def regn_bolk(bolk: Bolk) -> list[Regnet]:
    """Calculate in this process."""
    with nullcontext() if bolk.antatt is None else regn_med(antatte_satser(bolk.antatt)):
        return [_regn(stykke, med_tre=bolk.med_tre) for stykke in bolk.stykker]


def _regn(stykke: Stykke, *, med_tre: bool) -> Regnet:
    tekster = stykke.tekster
    foer = None if tekster.resultat is None else pakkede_maaneder(tekster.resultat)
    if tekster.inn is None:
        return Regnet(foer=foer, feil="Beregningen har ikke noe som kan regnes om igjen.")
    tekst = pakk_ut(tekster.inn)
    if stykke.bytte or stykke.aar is not None:
        raa = {**les_json(tekst), **stykke.bytte}
        tekst = skriv_json(raa if stykke.aar is None else _som_aar(raa, stykke.aar))
    try:
        if med_tre:
            gammelt = {} if tekster.resultat is None else _uten_tre(tekster.resultat)
            return _med_tre(stykke, tekst, gammelt, foer)
        kalkulator = KALKULATORER[stykke.art]
        svar = kalkulator.beregn(les_inn(kalkulator.inn, les_json(tekst)))
    except KontraktFeilError as feil:
        return Regnet(foer=foer, feil=_grunn(feil))
    except SatsManglerError as feil:
        return Regnet(foer=foer, feil=f"{feil.navn} er ikke kontrollert for hele året.")
    return Regnet(foer=foer, etter=_maaneder(svar), aar_oere=_i_oere(svar.egenandel_aar))


def _med_tre(stykke: Stykke, tekst: str, gammelt: Mapping[str, Any], foer: Maanedsbeloep | None) -> Regnet:
    tekster = stykke.tekster
    utfoert = utfoer(stykke.art, tekst, kilder=None if tekster.kilder is None else pakk_ut(tekster.kilder))
    svar = "{}\n" if tekster.svar is None else pakk_ut(tekster.svar)
    return Regnet(
        foer=foer,
        etter=_maaneder(utfoert.svar),
        aar_oere=_i_oere(utfoert.svar.egenandel_aar),
        resultat_hash=sha256(utfoert.tekst.encode()).hexdigest(),
        ny=Pakket(
            inn=pakk(tekst),
            resultat=pakk(utfoert.tekst),
            kilder=tekster.kilder,
            svar=pakk(_nytt_svar(svar, gammelt, utfoert.svar.varsler)),
        ),
    )


def _nytt_svar(svar: str, gammelt: Mapping[str, Any], nye: Sequence[Any]) -> str:
    """What was told besides the result, with the calculator's warnings of now in the place of those of then."""
    lest = les_json(svar)
    borte = {(v["kode"], v["tekst"]) for v in gammelt.get("varsler", ())}
    staar = (v for v in lest["varsler"] if (v["kode"], v["tekst"]) not in borte)
    varsler = samle((_varsel(v) for v in staar), fra_kalkulator(nye))
    return skriv_json({**lest, "varsler": varsler})


def _varsel(raa: Mapping[str, Any]) -> Sakvarsel:
    return Sakvarsel(
        kode=raa["kode"], tekst=raa["tekst"], person_id=raa.get("personId"), alvor=Alvor(raa["alvor"])
    )


def _uten_tre(pakket: bytes) -> dict[str, Any]:
    """A stored answer without its tree."""
    lest: dict[str, Any] = les_json(_foer_treet(pakket) + b"}")
    return lest


def _foer_treet(pakket: bytes) -> bytes:
    """A stored answer up to its tree; no more is unpacked than that."""
    utpakker, tekst = zlib.decompressobj(), b""
    while _TREET not in tekst:
        bit = utpakker.decompress(pakket, _BIT)
        if not bit:
            raise ValueError("svaret har ikke noe tre")
        tekst, pakket = tekst + bit, utpakker.unconsumed_tail
    return tekst.partition(_TREET)[0]


def pakkede_maaneder(resultat: bytes) -> Maanedsbeloep:
    """The months of a stored answer; no more is unpacked or read than where they stand."""
    tekst = _foer_treet(resultat)
    _, _, fra = tekst.partition(_MAANEDER)
    maaneder, skille, _ = fra.rpartition(_SUMMEN)
    if not skille:
        raise ValueError("svaret har ingen måneder")
    return maaneder_i({"maaneder": les_json(maaneder)})


def maaneder_i(svar: Mapping[str, Any]) -> Maanedsbeloep:
    """The months of an answer as JSON."""
    return {rad["maaned"]: _i_oere(rad["egenandel"]) for rad in svar["maaneder"]}


def _maaneder(svar: Any) -> Maanedsbeloep:
    return {rad.maaned: _i_oere(rad.egenandel) for rad in svar.maaneder}


def _i_oere(beloep: Decimal | int) -> int:
    return int(beloep * _OERE)


def _som_aar(raa: Mapping[str, Any], aar: int) -> dict[str, Any]:
    """The request as if it were about another year: the same income, the stays that go on, services month by month."""
    forskjell = f"{raa['aar']:04d}-", f"{aar:04d}-"
    ut = {**raa, "aar": aar}
    if "tjenester" in raa:
        ut["tjenester"] = [{**rad, "maaned": rad["maaned"].replace(*forskjell)} for rad in raa["tjenester"]]
    if "nyttGFra" in raa.get("valg", {}):
        ut["valg"] = {navn: verdi for navn, verdi in raa["valg"].items() if navn != "nyttGFra"}
    if raa.get("prisendringer"):
        ut |= {"prisregister": raa["prisendringer"][-1]["prisregister"], "prisendringer": []}
    return ut


def _grunn(feil: KontraktFeilError) -> str:
    return " ".join(en.detail for en in feil.feil[:3])


class Regnere:
    """The processes that calculate; started when there is enough to do, and closed at the end of the block.

    Args:
        antall: how many; as many as the machine has unless told otherwise. 0 calculates in this process.
    """

    def __init__(self, antall: int | None = None) -> None:
        self._antall: Final = (os.cpu_count() or 1) if antall is None else antall
        self._prosesser: Executor | None = None

    async def __aenter__(self) -> Self:
        """Nothing is started yet."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let the processes go."""
        if self._prosesser is not None:
            self._prosesser.shutdown(wait=False, cancel_futures=True)

    async def regn(
        self, stykker: Sequence[Stykke], *, med_tre: bool = False, antatt: Antakelser | None = None
    ) -> list[Regnet]:
        """Calculate all, in the order given."""
        if self._antall == 0 or len(stykker) < _FOR_FAA:
            alene = Bolk(stykker=tuple(stykker), med_tre=med_tre, antatt=antatt)
            return await asyncio.to_thread(regn_bolk, alene)
        if self._prosesser is None:
            # A process that is forked off while threads run may wait for a lock nobody will open.
            self._prosesser = ProcessPoolExecutor(self._antall, mp_context=get_context("spawn"))
        loekke, steg = asyncio.get_running_loop(), -(-len(stykker) // (self._antall * 2))
        deler = await asyncio.gather(
            *(
                loekke.run_in_executor(
                    self._prosesser,
                    regn_bolk,
                    Bolk(stykker=tuple(stykker[start : start + steg]), med_tre=med_tre, antatt=antatt),
                )
                for start in range(0, len(stykker), steg)
            )
        )
        return [regnet for del_ in deler for regnet in del_]
