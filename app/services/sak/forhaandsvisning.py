"""What a change would lead to, before it is saved: calculated from what is kept, and stored nowhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from app.calc.beloep import NULL
from app.calc.kontrakt.json_tekst import skriv_json
from app.db.lager.beregninger import Beregning, Tilstand
from app.services.masse.rad import angrede_i
from app.services.revisjon import Handling
from app.services.sak.beregne import planlegg
from app.services.sak.beregninger import per_maaned, uten_forklaring
from app.services.sak.drift import Kall, Saksdrift
from app.services.sak.endret_sak import i_forespoerselen, les_endret
from app.services.sak.endringer import Maanedsforskjell, forskjell
from app.services.sak.feil import UgyldigSakError
from app.services.sak.forespoersler import Beregningsoenske, NySak, OensketForhaandsvisning
from app.services.sak.henting import Hentet, hent_og_regn, lagrede
from app.services.sak.saker import (
    forbered_ny_sak,
)
from app.services.sak.ut import ForhaandsvisningMeta, medlem, slaa_sammen

_OERE: Final = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forhaandsvisning:
    """A calculation that is not kept, and how it differs from the newest that is."""

    beregning: Beregning
    """As it would be stored; its id is nobody's."""
    mot: Beregning | None
    """The newest kept calculation of the year; ``None`` when there is none."""
    maaneder: tuple[Maanedsforskjell, ...]
    """Nothing when there is nothing to hold it against."""
    sum: Decimal | None
    """``None`` when one of them has no result: the difference is then unknown."""

    @property
    def egenandel_aar(self) -> Decimal | None:
        """What the year costs, kroner; ``None`` when it is not known."""
        oere = self.beregning.egenandel_aar_oere
        return None if oere is None else Decimal(oere) / _OERE


async def vis_endring(
    drift: Saksdrift, kall: Kall, sak_id: UUID, oenske: OensketForhaandsvisning
) -> Forhaandsvisning:
    """What a case would come to with another content, with other manual posts, or calculated otherwise.

    Nobody is looked up but persons the case has asked nothing about, and they only when it is asked for.

    Raises:
        FinnesIkkeError: the kommune has no such case, or a person or post is not there.
        KonfliktError: the case has ended and its content is to be changed, or the setup does not cover the year.
        UgyldigSakError: the case cannot be as it is asked for; every fault with a pointer into the request.
    """
    async with drift.arkiv.les(kall.aktoer.kommune) as lager:
        g = await les_endret(drift, lager, kall, sak_id, oenske)
        plan = planlegg(
            g.innhold,
            oenske.beregning or Beregningsoenske(),
            g.oppsett,
            g.oppsett_versjon,
            kall.i_dag,
            "/beregning",
        )
        lagret = await lagrede(lager, sak_id, plan.oppgjort_innen)
        angrede = await angrede_i(lager, sak_id, sak_id)
        mot = await lager.beregninger.siste(sak_id, plan.aar, uten=angrede)
    ukjente = [UUID(en.person_id) for en in plan.personer if UUID(en.person_id) not in g.kjente]
    try:
        hentet = await hent_og_regn(
            drift,
            kall,
            plan,
            g.innhold,
            sak_id=sak_id,
            sak_versjon=g.sak.sak.versjon,
            identer=g.identer,
            lagret=lagret,
            poster=g.poster,
            bare_om=ukjente if oenske.slaa_opp_nye else (),
        )
    except UgyldigSakError as feil:
        raise UgyldigSakError(*i_forespoerselen(feil.feil, oenske)) from None
    await _noter(drift, kall, g.identer.values(), sak_id, hentet)
    return _mot(hentet.ferdig.beregning, mot)


async def vis_ny_sak(drift: Saksdrift, kall: Kall, ny: NySak, *, slaa_opp: bool = False) -> Forhaandsvisning:
    """What a case that is not saved yet would come to.

    Args:
        drift: the look-ups and the database.
        kall: who asks.
        ny: the case.
        slaa_opp: whether its persons may be looked up; otherwise all figures are missing but those entered.

    Raises:
        KonfliktError: the person has an open case of this kind, or the kommune's setup does not cover it.
        UgyldigSakError: the case cannot be as it is.
        FinnesIkkeError: a personId is nobody's.
    """
    klar = await forbered_ny_sak(drift, kall, ny, slaa_opp=slaa_opp)
    await _noter(drift, kall, [en.ident for en in klar.navngitte], klar.sak.id, klar.hentet)
    return _mot(klar.beregning, None)


async def _noter(drift: Saksdrift, kall: Kall, identer: Iterable[str], sak_id: UUID, hentet: Hentet) -> None:
    aar = hentet.ferdig.beregning.aar
    async with drift.arkiv.skriv(kall.aktoer.kommune) as lager:
        await lager.revisjon.noter(
            kall.naa, *hentet.rader, *kall.rader(identer, Handling.FORHAANDSVIST, sak_id, aar=[aar])
        )


def _mot(ny: Beregning, mot: Beregning | None) -> Forhaandsvisning:
    if mot is None:
        return Forhaandsvisning(beregning=ny, mot=None, maaneder=(), sum=None)
    rader = maanedsforskjeller(mot, ny)
    return Forhaandsvisning(beregning=ny, mot=mot, maaneder=rader, sum=sum_av(rader))


def maanedsforskjeller(gammel: Beregning, ny: Beregning) -> tuple[Maanedsforskjell, ...]:
    """Every month of one or both; the difference is unknown when one of them has no result."""
    kjent = gammel.tilstand is ny.tilstand is Tilstand.BEREGNET
    foer, etter = per_maaned(gammel), per_maaned(ny)
    return tuple(
        forskjell(maaned, foer.get(maaned), etter.get(maaned), kjent=kjent)
        for maaned in sorted(foer.keys() | etter.keys())
    )


def sum_av(rader: Iterable[Maanedsforskjell]) -> Decimal | None:
    """The sum of the differences; unknown when one of them is."""
    differanser = [rad.differanse for rad in rader]
    kjente = [differanse for differanse in differanser if differanse is not None]
    return sum(kjente, NULL) if len(kjente) == len(differanser) else None


def forhaandsvisningstekst(vist: Forhaandsvisning, *, forklar: bool = True) -> str:
    """A preview as a client sees it."""
    ny = vist.beregning
    meta = ForhaandsvisningMeta(
        sak_id=str(ny.sak_id),
        oppsett_versjon=ny.oppsett_versjon,
        aar=ny.aar,
        virkning_fra=ny.virkning_fra,
        tilstand=ny.tilstand,
        foreloepig=ny.foreloepig,
        egenandel_aar=vist.egenandel_aar,
        mot=None if vist.mot is None else str(vist.mot.id),
        maaneder=vist.maaneder,
        sum=vist.sum,
    )
    resultat = ny.resultat if forklar or ny.resultat is None else uten_forklaring(ny.resultat)
    return slaa_sammen(skriv_json(meta), ny.svar, medlem("resultat", resultat))
