"""Calculations of a case: made, shown, listed and run again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from app.calc.kalkulator import Art, kalkuler
from app.calc.kontrakt.feil import KontraktFeilError
from app.calc.kontrakt.json_tekst import les_egen_json, les_json, skriv_json
from app.calc.poster.katalog import katalogversjon
from app.calc.satser import satsversjon
from app.calc.versjon import REGELVERSJON
from app.db.arkiv import Lager
from app.db.lager.beregninger import Aarsresultat, Beregning, Tilstand, Versjoner
from app.db.lager.grunnlag import Grunnlag
from app.services.endringer import Endringstype, endring
from app.services.oppgaver import VED_BEREGNING, lukk_utfoerte
from app.services.revisjon import Handling
from app.services.sak.beregne import hash_av, planlegg
from app.services.sak.drift import Kall, Saksdrift, er_automatisk
from app.services.sak.feil import FinnesIkkeError, Konflikt, KonfliktError
from app.services.sak.forespoersler import Beregningsoenske, Grunnlagsvalg
from app.services.sak.henting import Hentet, hent_og_regn, lagrede
from app.services.sak.rader import Sakstjeneste
from app.services.sak.saker import Hentetsak, hent_sak, identene, oppsettet, ta_i_bruk
from app.services.sak.ut import (
    BeregningMeta,
    Etterproeving,
    GrunnlagUt,
    VersjonerUt,
    medlem,
    slaa_sammen,
    tidspunkt,
)

_OERE: Final = Decimal(100)
_ART: Final = {
    Sakstjeneste.LANGTIDSOPPHOLD: Art.LANGTIDSOPPHOLD,
    Sakstjeneste.PRAKTISK_BISTAND: Art.PRAKTISK_BISTAND,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BeregningKlar:
    """A calculation ready to be stored in its case."""

    sak: Hentetsak
    identer: Mapping[UUID, str]
    hentet: Hentet

    @property
    def beregning(self) -> Beregning:
        """What came of it."""
        return self.hentet.ferdig.beregning


async def forbered_beregning(
    drift: Saksdrift, kall: Kall, sak_id: UUID, oenske: Beregningsoenske
) -> BeregningKlar:
    """Look up what is not kept, and calculate; nothing is stored yet.

    Raises:
        FinnesIkkeError: the kommune has no such case.
        KonfliktError: the kommune's setup does not cover the year.
        UgyldigSakError: the case cannot be calculated as it stands.
    """
    async with drift.arkiv.les(kall.aktoer.kommune) as lager:
        sak = await hent_sak(lager, sak_id)
        oppsett, oppsett_versjon = await oppsettet(lager)
        ta_i_bruk(drift, oppsett)
        identer = await identene(lager, sak_id)
        plan = planlegg(sak.innhold, oenske, oppsett, oppsett_versjon, kall.i_dag)
        nytt = oenske.grunnlag is Grunnlagsvalg.NYTT
        kjent = {} if nytt else await lagrede(lager, sak_id, plan.oppgjort_innen)
        poster = await lager.manuelle_poster.for_sak(sak_id)
    hentet = await hent_og_regn(
        drift,
        kall,
        plan,
        sak.innhold,
        sak_id=sak_id,
        sak_versjon=sak.sak.versjon,
        identer=identer,
        lagret=kjent,
        poster=poster,
    )
    return BeregningKlar(sak=sak, identer=identer, hentet=hentet)


async def lagre_beregning(lager: Lager, kall: Kall, klar: BeregningKlar) -> Beregning:
    """Store a calculation with the snapshots that are new."""
    ny = klar.beregning
    await lager.grunnlag.ny(*klar.hentet.ferdig.nye)
    await lager.beregninger.ny(ny)
    klar_naa = ny.tilstand is Tilstand.BEREGNET
    lukket = await lukk_utfoerte(lager, kall, ny.sak_id, ny.aar, VED_BEREGNING if klar_naa else (), ny.id)
    ny_beregning = endring(Endringstype.BEREGNING_NY, ny.sak_id, gjelder=ny.id, aar=ny.aar)
    await lager.endringer.noter(kall.naa, ny_beregning, *lukket)
    await lager.revisjon.noter(
        kall.naa,
        *klar.hentet.rader,
        *kall.rader(klar.identer.values(), Handling.BEREGNING_LAGET, ny.sak_id, aar=[ny.aar]),
    )
    return ny


async def hent_beregning(lager: Lager, sak_id: UUID, beregning_id: UUID) -> Beregning:
    """One calculation of a case.

    Raises:
        FinnesIkkeError: the case has none of that id.
    """
    funnet = await lager.beregninger.hent(beregning_id, sak_id)
    if funnet is None:
        raise FinnesIkkeError("beregningen")
    return funnet


def krev_ikke_angret(beregning_id: UUID, angrede: Collection[UUID]) -> None:
    """See that what somebody will build on, does not come from a run that was undone.

    Raises:
        KonfliktError: it does.
    """
    if beregning_id in angrede:
        raise KonfliktError(
            Konflikt.BEREGNING_ANGRET,
            "Massekjøringen som laget beregningen, er angret, så ingenting kan bygge på den. Lag en ny beregning, eller bruk "
            "den som gjaldt før kjøringen.",
            beregning_id,
        )


async def les_beregning(lager: Lager, kall: Kall, sak_id: UUID, beregning_id: UUID) -> Beregning:
    """Show a calculation, and note that it was shown.

    Raises:
        FinnesIkkeError: the case has none of that id.
    """
    funnet = await hent_beregning(lager, sak_id, beregning_id)
    await noter_lest(lager, kall, sak_id, [funnet.aar])
    return funnet


async def les_beregninger(
    lager: Lager, kall: Kall, sak_id: UUID, etter: UUID | None, antall: int
) -> Sequence[Beregning]:
    """The calculations of a case in order; one more than asked for shows that there are more.

    Raises:
        FinnesIkkeError: the kommune has no such case.
    """
    await hent_sak(lager, sak_id)
    funnet = await lager.beregninger.for_sak(sak_id, etter, antall + 1)
    await noter_lest(lager, kall, sak_id, [en.aar for en in funnet])
    return funnet


async def les_grunnlag(lager: Lager, kall: Kall, sak_id: UUID) -> Sequence[Grunnlag]:
    """Every snapshot of a case, without the answers themselves.

    Raises:
        FinnesIkkeError: the kommune has no such case.
    """
    await hent_sak(lager, sak_id)
    funnet = await lager.grunnlag.for_sak(sak_id)
    identer = await identene(lager, sak_id)
    rader = kall.rader(
        identer.values(),
        Handling.GRUNNLAG_LEST,
        sak_id,
        aar=[en.aar for en in funnet],
        data=[en.api for en in funnet],
    )
    await lager.revisjon.noter(kall.naa, *rader)
    return funnet


async def noter_lest(lager: Lager, kall: Kall, sak_id: UUID, aar: Sequence[int]) -> None:
    """Note that calculations of these years were shown."""
    identer = await identene(lager, sak_id)
    rader = kall.rader(identer.values(), Handling.BEREGNING_LEST, sak_id, aar=aar)
    await lager.revisjon.noter(kall.naa, *rader)


async def etterproev(lager: Lager, kall: Kall, sak_id: UUID, beregning_id: UUID) -> Etterproeving:
    """Run a stored calculation again and compare byte for byte.

    Raises:
        FinnesIkkeError: the case has none of that id.
        KonfliktError: it never came to a result.
    """
    sak = await hent_sak(lager, sak_id)
    funnet = await hent_beregning(lager, sak_id, beregning_id)
    await noter_lest(lager, kall, sak_id, [funnet.aar])
    return etterproevd(funnet, sak.innhold.tjeneste)


def etterproevd(beregning: Beregning, tjeneste: Sakstjeneste) -> Etterproeving:
    """Whether a stored calculation comes out the same; if not, which version is another.

    Raises:
        KonfliktError: it never came to a result.
    """
    if beregning.inn is None or beregning.resultat_hash is None:
        raise KonfliktError(
            Konflikt.BEREGNING_UFULLSTENDIG,
            "Beregningen kom ikke til noe resultat, så den kan ikke kjøres om igjen.",
        )
    try:
        ny: str | None = kalkuler(_ART[tjeneste], beregning.inn, kilder=beregning.kilder)
    except (KontraktFeilError, ValueError):
        ny = None
    ny_hash = None if ny is None else hash_av(ny)
    lik = ny == beregning.resultat
    return Etterproeving(
        lik=lik,
        resultat_hash=beregning.resultat_hash,
        ny_hash=ny_hash,
        avvik=() if lik else tuple(_avvik(beregning.versjoner)),
    )


def _avvik(versjoner: Versjoner) -> list[str]:
    naa = (
        ("regelversjon", versjoner.regelversjon, REGELVERSJON),
        ("satsversjon", versjoner.satsversjon, satsversjon()),
        ("katalogversjon", versjoner.katalogversjon, katalogversjon()),
    )
    ulike = [
        f"Beregningen er laget med {navn} {lagret}; denne tjenesten har {egen}. Kjør den i en tjeneste med den versjonen."
        for navn, lagret, egen in naa
        if lagret != egen
    ]
    return ulike or [
        f"Alle versjoner er de samme, men resultatet er et annet. Koden var {versjoner.kodeversjon}. Meld det som feil."
    ]


def beregningstekst(beregning: Beregning, *, forklar: bool = True) -> str:
    """A calculation as a client sees it; the result is the stored text itself."""
    resultat = beregning.resultat
    if resultat is not None and not forklar:
        resultat = uten_forklaring(resultat)
    return slaa_sammen(
        skriv_json(meta(beregning)),
        beregning.svar,
        medlem("resultat", resultat),
        medlem("resultatHash", None if beregning.resultat_hash is None else f'"{beregning.resultat_hash}"'),
    )


def uten_forklaring(resultat: str) -> str:
    """A stored result without its tree."""
    lest = les_json(resultat)
    lest.pop("forklaring", None)
    return skriv_json(lest)


def meta(beregning: Beregning) -> BeregningMeta:
    """What identifies a calculation."""
    oere = beregning.egenandel_aar_oere
    return BeregningMeta(
        id=str(beregning.id),
        sak_id=str(beregning.sak_id),
        sak_versjon=beregning.sak_versjon,
        oppsett_versjon=beregning.oppsett_versjon,
        aar=beregning.aar,
        virkning_fra=beregning.virkning_fra,
        tilstand=beregning.tilstand,
        foreloepig=beregning.foreloepig,
        egenandel_aar=None if oere is None else Decimal(oere) / _OERE,
        versjoner=versjoner_ut(beregning.versjoner),
        av=beregning.av,
        automatisk=er_automatisk(beregning.av),
        opprettet=tidspunkt(beregning.opprettet),
    )


def versjoner_ut(versjoner: Versjoner) -> VersjonerUt:
    """The versions as a client sees them."""
    return VersjonerUt(
        regelversjon=versjoner.regelversjon,
        satsversjon=versjoner.satsversjon,
        katalogversjon=versjoner.katalogversjon,
        kodeversjon=versjoner.kodeversjon,
    )


def grunnlag_ut(ett: Grunnlag) -> GrunnlagUt:
    """A snapshot as a client sees it."""
    return GrunnlagUt(
        id=str(ett.id),
        person_id=str(ett.person_id),
        inntektsaar=ett.aar,
        api=ett.api,
        utfall=ett.utfall,
        innhold_hash=ett.innhold_hash,
        skatteoppgjoersdato=ett.skatteoppgjoersdato,
        ajourholdt=None if ett.ajourholdt is None else tidspunkt(ett.ajourholdt),
        korrelasjonsid=ett.korrelasjonsid,
        hentet=tidspunkt(ett.hentet),
        hentet_av=ett.hentet_av,
        raasvar_slettet=None if ett.raasvar_slettet is None else tidspunkt(ett.raasvar_slettet),
        trukket=None if ett.trukket is None else tidspunkt(ett.trukket),
    )


def per_maaned(beregning: Beregning | Aarsresultat) -> dict[str, Decimal]:
    """What each month costs by a calculation; months that cost nothing are not there."""
    if beregning.resultat is None:
        return {}
    rader: list[dict[str, Any]] = les_egen_json(beregning.resultat)["maaneder"]
    return {rad["maaned"]: Decimal(rad["egenandel"]) for rad in rader}
