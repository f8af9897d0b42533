"""Short stays that come near the 60 days of § 6 tredje ledd: seen every night, while there is still time to decide.

A task is made when so few days are left as the day register calls near, and closed when that is no longer true.
Somebody who has decided, or closed it, is not asked again about the same day.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final
from uuid import UUID

from app.calc.beloep import tall_paa_norsk
from app.calc.kontrakt.json_tekst import skriv_json
from app.calc.periode import dato_paa_norsk
from app.calc.regler.par_1 import Oppholdsart
from app.db.arkiv import Lager
from app.db.lager.massesaker import Massesak
from app.db.lager.oppgaver import Oppgave, Oppgavefilter, Oppgavetilstand
from app.db.lager.saker import Status
from app.db.lederskap import Mandat
from app.services.kommuneoppsett.dokument import Kommuneoppsett, les_oppsettstekst
from app.services.oppgaver import Oppgaveinnhold, Oppgaveoenske, Oppgaveslag, avstem, oppgaveendring
from app.services.revisjon import Handling
from app.services.sak.doegnregister import NAER_GRENSEN_DOEGN, Doegntelling
from app.services.sak.drift import Kall, Saksdrift, er_automatisk
from app.services.sak.rader import Sakstjeneste
from app.services.sak.saker import hent_sak, identene
from app.services.saksside import telling

_SLAG: Final = Oppgaveslag.NAER_60_DOEGN
_BOLK: Final = 500
_FLEST: Final = 100_000
_TEGN: Final = tuple(f'"{art}"' for art in (Oppholdsart.KORTTID_DOEGN, Oppholdsart.AVLASTNING))
"""How a stored case says that it has stays whose days are counted: the others need not be read."""


async def se_etter_grensen(drift: Saksdrift, kall: Kall, mandat: Mandat | None = None) -> int:
    """Go through a kommune's open cases; how many tasks were made, changed or closed.

    Args:
        drift: the database.
        kall: who does it, for which kommune, and when: ourselves.
        mandat: the right to, when it is done by itself.

    Raises:
        MandatTaptError: another does it now.
    """
    kommune = kall.aktoer.kommune
    async with drift.arkiv.les(kommune) as lager:
        versjon = await lager.kommuner.oppsett()
        aapne = await lager.oppgaver.soek(
            Oppgavefilter(tilstand=Oppgavetilstand.AAPEN, slag=_SLAG), None, _FLEST
        )
    oppsett = None if versjon is None else les_oppsettstekst(versjon.innhold)
    saker = [*await _med_korte_opphold(drift, kommune), *(ett.sak_id for ett in aapne)]
    hendt = 0
    for sak_id in dict.fromkeys(saker):
        gamle = [ett for ett in aapne if ett.sak_id == sak_id]
        async with drift.arkiv.skriv(kommune, mandat) as lager:
            hendt += await _se_paa(lager, kall, sak_id, oppsett, gamle)
    return hendt


async def _med_korte_opphold(drift: Saksdrift, kommune: str) -> list[UUID]:
    funnet: list[UUID] = []
    etter: UUID | None = None
    while True:
        async with drift.arkiv.les(kommune) as lager:
            saker = await lager.massesaker.neste([Sakstjeneste.LANGTIDSOPPHOLD], date.max, etter, _BOLK)
            if not saker:
                return funnet
            innhold = await lager.massesaker.innhold(saker[0].id, saker[-1].id)
        funnet += _teller(saker, innhold)
        etter = saker[-1].id


def _teller(saker: list[Massesak], innhold: dict[tuple[UUID, int], str]) -> Iterator[UUID]:
    for sak in saker:
        tekst = innhold.get((sak.id, sak.versjon), "")
        if any(tegn in tekst for tegn in _TEGN):
            yield sak.id


async def _se_paa(
    lager: Lager, kall: Kall, sak_id: UUID, oppsett: Kommuneoppsett | None, gamle: list[Oppgave]
) -> int:
    if not await lager.saker.laas(sak_id):
        return 0
    sak = await hent_sak(lager, sak_id)
    aar = kall.i_dag.year
    talt = telling(kall, sak, oppsett, aar) if sak.sak.status is Status.AAPEN else None
    oenske = None if talt is None else _oenske(talt, kall.i_dag, aar)
    if oenske is not None and await _er_avgjort(lager, sak_id, oenske):
        oenske = None
    hendt = []
    for ett_aar in sorted({aar, *(ett.aar for ett in gamle)}):
        oensker = [oenske] if oenske is not None and ett_aar == aar else []
        hendt += await avstem(lager, kall, sak_id, ett_aar, [_SLAG], oensker)
    if hendt:
        await lager.endringer.noter(kall.naa, *(oppgaveendring(sak_id, ett) for ett in hendt))
        identer = await identene(lager, sak_id)
        rader = kall.rader(identer.values(), Handling.SAK_LEST, sak_id, data=["døgntelling"], aar=[aar])
        await lager.revisjon.noter(kall.naa, *rader)
    return len(hendt)


def _oenske(talt: Doegntelling, i_dag: date, aar: int) -> Oppgaveoenske | None:
    """The task there should be. Its words do not change from one day to the next."""
    naas, fra, igjen = talt.grensen_naas, talt.paragraf3_fra, talt.doegn_igjen
    if naas is None or fra is None or fra <= i_dag or igjen is None or igjen > NAER_GRENSEN_DOEGN:
        return None
    tekst = (
        f"{tall_paa_norsk(talt.grense)} døgn nås {dato_paa_norsk(naas)}. Fra {dato_paa_norsk(fra)} betales det etter "
        "§ 3. Hent inntekt og fatt vedtak før den tid (§ 6 tredje ledd)."
    )
    return Oppgaveoenske(slag=_SLAG, aar=aar, innhold=Oppgaveinnhold(tekst=tekst), frist=naas)


async def _er_avgjort(lager: Lager, sak_id: UUID, oenske: Oppgaveoenske) -> bool:
    """Whether a person has closed the same task already, by deciding or by hand; what we closed may be true again."""
    innhold = skriv_json(oenske.innhold)
    return any(
        ett.slag == _SLAG and ett.innhold == innhold and not er_automatisk(ett.lukket_av)
        for ett in await lager.oppgaver.for_sak(sak_id)
        if ett.lukket_av is not None
    )
