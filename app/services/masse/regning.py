"""The calculation of a mass run: kept requests calculated again, many at a time, in as many processes as there are.

Pure, and made to be sent to another process: what comes in is packed as it is stored, and what goes out is ready to be
stored. Without the tree a case takes a fraction of the time, so the tree is only written for what will be stored.
"""

import asyncio
import os
import zlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import nullcontext
from decimal import Decimal
from functools import partial
from hashlib import sha256
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any, Final, NamedTuple, Self, TypeVar

from app.calc.kalkulator import Art, maanedsbeloep, utfoer
from app.calc.kontrakt.feil import KontraktFeilError
from app.calc.kontrakt.json_tekst import les_egen_json, les_json, skriv_json
from app.calc.satser import SatsManglerError, regn_med
from app.calc.satser.antatte import Antakelser, antatte_satser
from app.db.lager.massesaker import Pakket
from app.db.typer import pakk, pakk_ut
from app.services.masse.radinnhold import Maanedsbeloep, Radinnhold
from app.services.masse.tilpasning import Bytte
from app.services.sak.varsler import Alvor, Sakvarsel, fra_kalkulator, samle

_OERE: Final = 100
_MAANEDER: Final = b'"maaneder":'
_SUMMEN: Final = b',"egenandelAar":'
_TREET: Final = b',"forklaring":'
"""Where the tree begins in a stored answer; what is before it is a thirtieth of the text."""
_BIT: Final = 1_024
_FOR_FAA: Final = 100
"""So few cases are not worth sending to another process."""
_INGENTING: Final[Bytte] = {}
_A = TypeVar("_A")
_B = TypeVar("_B")

# Tuples, since they are sent between processes by the thousand.


class Stykke(NamedTuple):
    """One kept calculation, to be calculated again."""

    art: Art
    tekster: Pakket
    bytte: Bytte = _INGENTING
    aar: int | None = None
    """Another year to calculate the request as, for a budget."""
    fra: str = ""
    """The first month the calculation holds for in its case."""
    til: str = "~"
    """The first month it no longer holds for."""

    def __repr__(self) -> str:
        """Nothing of the content: it is somebody's income."""
        return f"<Stykke {self.art}>"


class Regnet(NamedTuple):
    """What came of it. ``etter`` is ``None`` when it could not be calculated, and ``feil`` says why."""

    foer: Maanedsbeloep | None
    etter: Maanedsbeloep | None = None
    feil: str | None = None
    ny: Pakket | None = None
    """Only when the tree was asked for, like the two below."""
    resultat_hash: str | None = None
    aar_oere: int | None = None

    def __repr__(self) -> str:
        """No amounts."""
        return f"<Regnet {self.feil}>"


class Sammenlignet(NamedTuple):
    """A case's year calculated again, part by part. Without anything different it comes out as it was."""

    feil: str | None = None
    """Why it could not be calculated."""
    foer: Maanedsbeloep | None = None
    etter: Maanedsbeloep | None = None
    ulike: tuple[tuple[int, Regnet], ...] = ()
    """The parts that come out otherwise, by their places."""

    def __repr__(self) -> str:
        """No amounts."""
        return f"<Sammenlignet {self.feil}>"


class Forskjell(NamedTuple):
    """A case that comes out otherwise, ready for its row."""

    foer_oere: int
    etter_oere: int
    innhold: bytes
    """Each month before and after, packed as a row keeps it."""

    def __repr__(self) -> str:
        """No amounts."""
        return "<Forskjell>"


Utslag = Forskjell | str | None
"""What a dry run finds: the difference, why it cannot be calculated, or nothing where each month costs the same."""

Sakstykker = Sequence[Stykke]
"""A case's calculations of a year, the newest first."""


def regn_bolk(stykker: Sequence[Stykke], antatt: Antakelser | None = None) -> list[Regnet]:
    """Calculate in this process: amounts, without the tree."""
    with nullcontext() if antatt is None else regn_med(antatte_satser(antatt)):
        return [_regn(stykke, med_tre=False) for stykke in stykker]


def finn_forskjeller(saker: Sequence[Sakstykker]) -> list[Utslag]:
    """What comes out otherwise, in this process."""
    return [_forskjell(stykker) for stykker in saker]


def regn_med_tre(saker: Sequence[Sakstykker]) -> list[Sammenlignet]:
    """The same with the tree, ready to be stored, in this process."""
    return [sammenlignet(stykker, [_regn(en, med_tre=True) for en in stykker]) for stykker in saker]


def _forskjell(stykker: Sakstykker) -> Utslag:
    feil, foer, etter, ulike = sammenlignet(stykker, [_regn(en, med_tre=False) for en in stykker])
    if foer is None or etter is None or not ulike:
        return feil
    innhold = Radinnhold(foer=foer, etter=etter).som_tekst()
    return Forskjell(sum(foer.values()), sum(etter.values()), pakk(innhold))


def sammenlignet(stykker: Sakstykker, regnet: Sequence[Regnet]) -> Sammenlignet:
    """A case's parts put together, each for the months it holds for."""
    foer: dict[str, int] = {}
    etter: dict[str, int] = {}
    ulike = []
    for nr, (stykke, en) in enumerate(zip(stykker, regnet, strict=True)):
        if en.etter is None:
            return Sammenlignet(feil=en.feil)
        fra, til = stykke.fra, stykke.til
        egne = innen(en.foer or {}, fra, til), innen(en.etter, fra, til)
        foer |= egne[0]
        etter |= egne[1]
        if egne[0] != egne[1]:
            ulike.append((nr, en))
    return Sammenlignet(foer=foer, etter=etter, ulike=tuple(ulike))


def innen(maaneder: Maanedsbeloep, fra: str, til: str) -> dict[str, int]:
    """The months from one, to another that is not with them."""
    return {maaned: beloep for maaned, beloep in maaneder.items() if fra <= maaned < til}


def _regn(stykke: Stykke, *, med_tre: bool) -> Regnet:
    tekster = stykke.tekster
    foer = None if tekster.resultat is None else pakkede_maaneder(tekster.resultat)
    if tekster.inn is None:
        return Regnet(foer, feil="Beregningen har ikke noe som kan regnes om igjen.")
    tekst = pakk_ut(tekster.inn)
    try:
        if med_tre:
            gammelt = {} if tekster.resultat is None else _uten_tre(tekster.resultat)
            return _med_tre(stykke, _tilpasset(stykke, tekst), gammelt, foer)
        beloep = maanedsbeloep(stykke.art, _raa(stykke, tekst))
    except KontraktFeilError as feil:
        return Regnet(foer, feil=_grunn(feil))
    except SatsManglerError as feil:
        return Regnet(foer, feil=f"{feil.navn} er ikke kontrollert for hele året.")
    return Regnet(foer, {maaned: _i_oere(en) for maaned, en in beloep.items()})


def _raa(stykke: Stykke, tekst: str) -> dict[str, Any]:
    """The request as it is to be calculated."""
    raa: dict[str, Any] = les_egen_json(tekst)
    if stykke.bytte:
        raa |= stykke.bytte
    return raa if stykke.aar is None else _som_aar(raa, stykke.aar)


def _tilpasset(stykke: Stykke, tekst: str) -> str:
    """The same as text: byte for byte the one that is kept, when nothing in it is new."""
    if not stykke.bytte and stykke.aar is None:
        return tekst
    return skriv_json(_raa(stykke, tekst))


def _med_tre(stykke: Stykke, tekst: str, gammelt: Mapping[str, Any], foer: Maanedsbeloep | None) -> Regnet:
    tekster = stykke.tekster
    utfoert = utfoer(stykke.art, tekst, kilder=None if tekster.kilder is None else pakk_ut(tekster.kilder))
    svar = "{}\n" if tekster.svar is None else pakk_ut(tekster.svar)
    return Regnet(
        foer=foer,
        etter={rad.maaned: _i_oere(rad.egenandel) for rad in utfoert.svar.maaneder},
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
    """A stored answer up to its tree."""
    return _inntil(pakket, _TREET)


def _inntil(pakket: bytes, merke: bytes) -> bytes:
    """A stored answer up to one of its members; no more is unpacked than that."""
    utpakker, tekst = zlib.decompressobj(), b""
    while merke not in tekst:
        bit = utpakker.decompress(pakket, _BIT)
        if not bit:
            raise ValueError("svaret er ikke skrevet som ventet")
        tekst, pakket = tekst + bit, utpakker.unconsumed_tail
    return tekst.partition(merke)[0]


def pakkede_maaneder(resultat: bytes) -> Maanedsbeloep:
    """The months of a stored answer; no more is unpacked or read than where they stand."""
    _, skille, maaneder = _inntil(resultat, _SUMMEN).partition(_MAANEDER)
    if not skille:
        raise ValueError("svaret har ingen måneder")
    return maaneder_i({"maaneder": les_egen_json(maaneder.decode())})


def maaneder_i(svar: Mapping[str, Any]) -> Maanedsbeloep:
    """The months of an answer as JSON."""
    return {rad["maaned"]: _i_oere(rad["egenandel"]) for rad in svar["maaneder"]}


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


def _slutt_med_den_som_startet() -> None:
    """End when the process that gives us work does: killed, it cannot tell us, and we would wait for ever."""
    forelder = parent_process()
    if forelder is None:
        return

    def vent() -> None:
        forelder.join()
        os._exit(1)

    Thread(target=vent, daemon=True).start()


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

    async def regn(self, stykker: Sequence[Stykke], antatt: Antakelser | None = None) -> list[Regnet]:
        """Calculate all, in the order given."""
        return await self._fordelt(partial(regn_bolk, antatt=antatt), stykker)

    async def finn_forskjeller(self, saker: Sequence[Sakstykker]) -> list[Utslag]:
        """What comes out otherwise in each case, in the order given."""
        return await self._fordelt(finn_forskjeller, saker)

    async def regn_med_tre(self, saker: Sequence[Sakstykker]) -> list[Sammenlignet]:
        """Each case calculated with the tree, in the order given."""
        return await self._fordelt(regn_med_tre, saker)

    async def _fordelt(self, funksjon: Callable[[Sequence[_A]], list[_B]], alle: Sequence[_A]) -> list[_B]:
        if self._antall == 0 or len(alle) < _FOR_FAA:
            return await asyncio.to_thread(funksjon, alle)
        if self._prosesser is None:
            # A process that is forked off while threads run may wait for a lock nobody will open.
            self._prosesser = ProcessPoolExecutor(
                self._antall, mp_context=get_context("spawn"), initializer=_slutt_med_den_som_startet
            )
        loekke, steg = asyncio.get_running_loop(), -(-len(alle) // (self._antall * 2))
        deler = await asyncio.gather(
            *(
                loekke.run_in_executor(self._prosesser, funksjon, alle[start : start + steg])
                for start in range(0, len(alle), steg)
            )
        )
        return [regnet for del_ in deler for regnet in del_]
