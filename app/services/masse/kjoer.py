"""The run: what the dry run found, calculated with the tree and stored, with a task for each case."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final
from uuid import UUID

from app import klokke
from app.calc.kontrakt.json_tekst import skriv_json
from app.db.arkiv import Lager
from app.db.lager.endringer import NyEndring
from app.db.lager.massekjoeringer import Massekjoering, Masserad
from app.services.endringer import Endringstype
from app.services.endringer import endring as endret
from app.services.masse.gang import Framdrift, Gang, flytt, gaa, hold, oppdraget
from app.services.masse.portion import Lest, Oppdrag, Vurdert, les, rekke, vurder
from app.services.masse.rad import (
    KAN_KJOERES,
    Masseutfall,
    angrede_i,
    maaneder_ut,
)
from app.services.masse.radinnhold import Radinnhold, endring, les_radinnhold
from app.services.masse.regning import Regnere
from app.services.masse.slag import HVORFOR, SLAAR_OPP, Masseslag
from app.services.masse.stand import lagt_til, les_stand
from app.services.oppgaver import HAST, Oppgaveinnhold, Oppgaveslag
from app.services.revisjon import Handling
from app.services.sak.drift import Saksdrift
from app.services.sak.endringer import forskjell

PORSJON: Final = 1_000
_MED_OPPSLAG: Final = 20
_SLAG: Final = Oppgaveslag.MASSEKJOERING

_FORELDET: Final = (
    "Saken er endret eller beregnet på nytt siden tørrkjøringen, så den ble ikke kjørt. Se på den for seg."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lest:
    """What was read of a portion."""

    oppdrag: Oppdrag
    rader: Sequence[Masserad]
    lest: Lest


async def kjoer(
    drift: Saksdrift,
    kjoering: Massekjoering,
    kommune: str,
    regnere: Regnere,
    framdrift: Framdrift | None = None,
) -> None:
    """Store the portions that are left: calculations, tasks, rows, and what the register is to say."""
    slaar_opp = Masseslag(kjoering.slag) in SLAAR_OPP
    gang = Gang(
        les=partial(_les, drift, kjoering, kommune, _MED_OPPSLAG if slaar_opp else PORSJON),
        vurder=lambda lest: vurder(drift, lest.oppdrag, lest.lest, regnere, med_tre=True),
        lagre=partial(_lagre, drift, kommune),
        samtidig=1 if slaar_opp else 2,
    )
    await gaa(gang, kjoering, les_stand(kjoering.innhold).etter, framdrift)


async def _les(
    drift: Saksdrift, kjoering: Massekjoering, kommune: str, antall: int, etter: UUID | None
) -> tuple[_Lest, UUID | None]:
    async with drift.arkiv.les(kommune) as lager:
        oppdrag = await oppdraget(drift, lager, kjoering, klokke.naa())
        # Only from where this part stands: what it has done already, has another outcome.
        rader = await lager.massekjoeringer.rader(kjoering.id, etter, antall, KAN_KJOERES)
        saker = await lager.massesaker.korte([rad.sak_id for rad in rader])
        lest = await les(
            lager, oppdrag, [saker[rad.sak_id] for rad in rader if rad.sak_id in saker], alt=True
        )
    return _Lest(oppdrag=oppdrag, rader=rader, lest=lest), rader[-1].sak_id if len(rader) == antall else None


async def _lagre(
    drift: Saksdrift,
    kommune: str,
    kjoering: Massekjoering,
    lest: _Lest,
    alle: Sequence[Vurdert],
    ferdig: bool,
) -> Massekjoering | None:
    oppdrag, rader, naa = lest.oppdrag, lest.rader, klokke.naa()
    vurderte = {en.sak.id: en for en in alle}
    stand = les_stand(kjoering.innhold)
    async with drift.arkiv.skriv(kommune) as lager:
        if not await hold(lager, kjoering):
            return None
        gyldige = await _fortsatt_like(lager, oppdrag, rader, vurderte)
        ferdige = [_ferdig(rad, gyldige.get(rad.sak_id)) for rad in rader]
        await lager.grunnlag.ny(*(en for g in gyldige.values() for en in g.nye_grunnlag))
        await lager.massesaker.nye([ny for en in gyldige.values() for ny in en.nye])
        await lager.massekjoeringer.erstatt_rader(kjoering.id, ferdige)
        innhold = {sak_id: _oppgave(kjoering, en) for sak_id, en in gyldige.items()}
        nye = await lager.masseoppgaver.sett(_SLAG, kjoering.aar, innhold, HAST[_SLAG], naa)
        videre = replace(
            stand,
            etter=rader[-1].sak_id if rader else stand.etter,
            sett=stand.sett + len(rader),
            antall=lagt_til(
                lagt_til(stand.antall, Counter(rad.utfall for rad in ferdige)),
                {navn: -antall for navn, antall in Counter(rad.utfall for rad in rader).items()},
            ),
        )
        await flytt(lager, kjoering, videre, naa, ferdig=ferdig)
        await lager.endringer.noter(naa, *_endringer(kjoering, gyldige, nye, ferdig=ferdig))
        await _noter(lager, oppdrag, gyldige, vurderte)
    return replace(kjoering, innhold=videre.som_tekst())


async def _fortsatt_like(
    lager: Lager, oppdrag: Oppdrag, rader: Sequence[Masserad], vurderte: Mapping[UUID, Vurdert]
) -> dict[UUID, Vurdert]:
    """Those nothing has happened to since the dry run; they are held, so that nothing can from here on."""
    if not rader:
        return {}
    ider = [rad.sak_id for rad in rader]
    saker = await lager.massesaker.laas(ider)
    hoder = await lager.massesaker.hoder(ider[0], ider[-1], oppdrag.aar)
    angrede = await angrede_i(lager, ider[0], ider[-1])
    like = {}
    for rad in rader:
        en, gjelder = vurderte.get(rad.sak_id), rekke(hoder.get(rad.sak_id, ()), angrede)
        toerr = les_radinnhold(rad.innhold)
        if (
            en is not None
            and en.nye
            and (en.foer, en.etter) == (toerr.foer, toerr.etter)
            and (gjelder[0].id if gjelder else None) == rad.foer_id == en.foer_id
            and saker.get(rad.sak_id) == en.sak
        ):
            like[rad.sak_id] = en
    return like


def _ferdig(rad: Masserad, en: Vurdert | None) -> Masserad:
    if en is None:
        innhold = replace(les_radinnhold(rad.innhold), tekst=_FORELDET)
        return replace(rad, utfall=Masseutfall.FORELDET, innhold=innhold.som_tekst())
    *flere, siste = (ny.hode.id for ny in en.nye)
    innhold = Radinnhold(foer=en.foer, etter=en.etter, flere=tuple(flere))
    return replace(
        rad,
        utfall=Masseutfall.KJOERT,
        etter_id=siste,
        endring_oere=endring(en.foer, en.etter),
        innhold=innhold.som_tekst(),
    )


def _oppgave(kjoering: Massekjoering, en: Vurdert) -> str:
    kjent = en.foer is not None and en.etter is not None
    maaneder = tuple(
        forskjell(rad.maaned, rad.foer, rad.etter, kjent=kjent) for rad in maaneder_ut(en.foer, en.etter)
    )
    fra = next((rad.maaned for rad in maaneder if rad.differanse != 0), None)
    innhold = Oppgaveinnhold(
        tekst=(
            f"{HVORFOR[Masseslag(kjoering.slag)]} for {kjoering.aar}: egenandelen er beregnet på nytt"
            f"{'' if fra is None else f' og er en annen fra {fra}'}. Se på beregningen, og fatt nytt vedtak."
        ),
        beregninger=tuple(str(ny.hode.id) for ny in en.nye),
        maaneder=maaneder,
    )
    return skriv_json(innhold)


def _endringer(
    kjoering: Massekjoering,
    gyldige: Mapping[UUID, Vurdert],
    oppgaver: Sequence[tuple[UUID, UUID]],
    *,
    ferdig: bool,
) -> Iterator[NyEndring]:
    aar = kjoering.aar
    for sak_id, en in gyldige.items():
        for ny in en.nye:
            yield endret(Endringstype.BEREGNING_NY, sak_id, gjelder=ny.hode.id, aar=aar)
    for sak_id, oppgave_id in oppgaver:
        yield endret(Endringstype.OPPGAVE_NY, sak_id, gjelder=oppgave_id, aar=aar)
    if ferdig:
        yield endret(Endringstype.MASSEKJOERING_UTFOERT, gjelder=kjoering.id, aar=aar)


async def _noter(
    lager: Lager, oppdrag: Oppdrag, gyldige: Mapping[UUID, Vurdert], vurderte: Mapping[UUID, Vurdert]
) -> None:
    personer = await lager.massesaker.personer(list(gyldige))
    identer = await lager.massesaker.identer({id_ for alle in personer.values() for id_ in alle})
    kall = oppdrag.kall
    await lager.revisjon.noter(
        kall.naa,
        *(rad for en in vurderte.values() for rad in en.rader),
        *(
            rad
            for sak_id in gyldige
            for rad in kall.rader(
                (identer[person] for person in personer.get(sak_id, ()) if person in identer),
                Handling.BEREGNING_LAGET,
                sak_id,
                aar=[oppdrag.aar],
            )
        ),
    )
