"""A calculation with its look-ups: noted before they are made, and again with what came of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.calc.kontrakt.json_tekst import les_json
from app.db.arkiv import Lager
from app.db.lager.grunnlag import FUNNET, Grunnlag
from app.db.lager.manuelle_poster import ManuellPost
from app.db.lager.revisjon import NyRad
from app.services.mangler import Grunn, Mangler
from app.services.oppslag import Bilde
from app.services.revisjon import Handling, Utfall
from app.services.sak.beregne import Ferdig, Plan, regn
from app.services.sak.drift import Kall, Saksdrift
from app.services.sak.innhenting import (
    BareOm,
    Innhenting,
    Lagret,
    Oppslagskilde,
    Personbilder,
    Spoersmaal,
    Svarbilde,
    lagret_oppgjoer,
)
from app.services.sak.innhold import LagretSaksinnhold
from app.skatt_client import Ansvar, Api


@dataclass(frozen=True, slots=True, kw_only=True)
class Hentet:
    """A calculation ready to be stored, and what the register is to say of the look-ups behind it."""

    ferdig: Ferdig
    rader: tuple[NyRad, ...]


async def hent_og_regn(
    drift: Saksdrift,
    kall: Kall,
    plan: Plan,
    innhold: LagretSaksinnhold,
    *,
    sak_id: UUID,
    sak_versjon: int,
    identer: Mapping[UUID, str],
    lagret: Lagret,
    poster: Sequence[ManuellPost],
    bare_om: Collection[UUID] | None = None,
) -> Hentet:
    """Fetch what is not kept, and calculate.

    Args:
        drift: the look-ups, and where they are noted.
        kall: who asks, and when.
        plan: what the calculation takes.
        innhold: what the case says.
        sak_id: the case.
        sak_versjon: its version.
        identer: everybody's national id.
        lagret: kept answers that may be used.
        poster: manual posts.
        bare_om: whom may be looked up; left out it is everybody.

    Raises:
        UgyldigSakError: the case cannot be calculated as it stands.
        OpptattError: the look-ups could not be noted, so they were not made.
    """
    spoersmaal = spoersmaalene(plan, identer)
    oppslag: Oppslagskilde | None = drift.oppslag
    if bare_om is not None:
        oppslag = BareOm(drift.oppslag, {identer[person_id] for person_id in bare_om})
    innhenting = Innhenting(oppslag, kall.aktoer.kommune, plan.pakke, lagret, kall.naa)
    loepende = plan.loepende
    if loepende is not None and not innhenting.kan_anslaas(*loepende):
        loepende = None
    uten_lagret = [
        en
        for en in spoersmaal
        if (bare_om is None or en.person_id in bare_om) and not _kan_ha_alt(en, plan, loepende, lagret)
    ]
    if uten_lagret:
        async with drift.arkiv.skriv(kall.aktoer.kommune) as lager:
            await lager.revisjon.noter(
                kall.naa,
                *kall.rader(
                    (en.ident for en in uten_lagret),
                    Handling.OPPSLAG,
                    sak_id,
                    utfall=Utfall.PAABEGYNT,
                    aar=plan.inntektsaar,
                ),
            )
    bilder = await innhenting.hent(
        spoersmaal, plan.inntektsaar, oppgjort_innen=plan.oppgjort_innen, loepende=loepende
    )
    ferdig = regn(
        plan,
        innhold,
        bilder,
        poster,
        sak_id=sak_id,
        sak_versjon=sak_versjon,
        kodeversjon=drift.kodeversjon,
        av=kall.av,
        naa=kall.naa,
    )
    return Hentet(ferdig=ferdig, rader=tuple(oppslagsrader(kall, sak_id, bilder, identer)))


def spoersmaalene(plan: Plan, identer: Mapping[UUID, str]) -> list[Spoersmaal]:
    """Everybody whose figures a calculation takes."""
    return [
        Spoersmaal(person_id=UUID(en.person_id), ident=identer[UUID(en.person_id)], med_skatt=en.med_skatt)
        for en in plan.personer
    ]


def _kan_ha_alt(en: Spoersmaal, plan: Plan, loepende: tuple[int, date] | None, lagret: Lagret) -> bool:
    """Whether kept answers are enough for a person."""
    kjent = lagret_oppgjoer(en.person_id, plan.inntektsaar, plan.oppgjort_innen, lagret)
    if kjent is None:
        return False
    aar = kjent[0].bilde.aar
    if en.med_skatt and (en.person_id, aar, Api.BEREGNET_SKATT) not in lagret:
        return False
    return loepende is None or loepende[0] == aar or (en.person_id, loepende[0], Api.INNTEKT) in lagret


def oppslagsrader(
    kall: Kall, sak_id: UUID, bilder: Iterable[Personbilder], identer: Mapping[UUID, str]
) -> Iterable[NyRad]:
    """What the register is to say of what was asked just now."""
    for person in bilder:
        nye = [bilde for bilde in person.alle if bilde.nytt and bilde.er_spurt]
        for utfall, deler in (
            (Utfall.OK, [b for b in nye if b.bilde.mangel is None]),
            (Utfall.UTEN_DATA, [b for b in nye if b.bilde.mangel is not None]),
        ):
            if deler:
                yield kall.rad(
                    Handling.OPPSLAG,
                    utfall,
                    ident=identer[person.person_id],
                    sak_id=sak_id,
                    data=[bilde.bilde.api.navn for bilde in deler],
                    aar=[bilde.bilde.aar for bilde in deler],
                    skatteetaten=[b.bilde.korrelasjonsid for b in deler if b.bilde.korrelasjonsid],
                )


async def lagrede(
    lager: Lager, sak_id: UUID, oppgjort_innen: date | None = None
) -> dict[tuple[UUID, int, Api], Svarbilde]:
    """The kept answer of every person, year and API that serves; see ``brukbare``."""
    return brukbare(await lager.grunnlag.for_sak(sak_id), oppgjort_innen)


def brukbare(
    grunnlag: Iterable[Grunnlag], oppgjort_innen: date | None
) -> dict[tuple[UUID, int, Api], Svarbilde]:
    """The newest kept answer of every person, year and API that holds its data, or says that none had come.

    Args:
        grunnlag: what is kept, the oldest first.
        oppgjort_innen: a settlement that was there by this day is not put aside for one that came later: § 10 asks
            for the last there was.
    """
    svar: dict[tuple[UUID, int, Api], Grunnlag] = {}
    for ett in grunnlag:
        noekkel = (ett.person_id, ett.aar, Api(ett.api))
        if ett.utfall in _TATT_TILBAKE:
            svar.pop(noekkel, None)
        elif _kan_brukes(ett) and not _kom_for_sent(ett, svar.get(noekkel), oppgjort_innen):
            svar[noekkel] = ett
    return {noekkel: som_svarbilde(ett) for noekkel, ett in svar.items()}


_TATT_TILBAKE: Final = frozenset({Grunn.SLETTET, Grunn.SKJERMET})
"""Outcomes after which an earlier answer serves no more."""


def _kan_brukes(ett: Grunnlag) -> bool:
    if ett.api == Api.SKATTEGRUNNLAG.value and ett.utfall == Grunn.IKKE_OPPGJOER_ENNAA:
        return True
    return ett.utfall == FUNNET and ett.raasvar is not None and ett.trukket is None


def _kom_for_sent(nyere: Grunnlag, eldre: Grunnlag | None, innen: date | None) -> bool:
    if eldre is None or eldre.raasvar is None or innen is None or nyere.skatteoppgjoersdato is None:
        return False
    i_tide = eldre.skatteoppgjoersdato is None or eldre.skatteoppgjoersdato <= innen
    return i_tide and nyere.skatteoppgjoersdato > innen


def som_svarbilde(ett: Grunnlag) -> Svarbilde:
    """A kept snapshot as the calculation takes it."""
    bilde = Bilde(
        api=Api(ett.api),
        aar=ett.aar,
        raa=ett.raasvar,
        mangel=None if ett.mangel is None else _mangel(ett, les_json(ett.mangel)),
        korrelasjonsid=ett.korrelasjonsid,
    )
    return Svarbilde(id=ett.id, bilde=bilde, hentet=ett.hentet, nytt=False)


def _mangel(ett: Grunnlag, lagret: dict[str, Any]) -> Mangler:
    return Mangler(
        grunn=Grunn(lagret["grunn"]),
        api=Api(ett.api),
        tekst=lagret["tekst"],
        ansvar=Ansvar(lagret["ansvar"]),
        kode=lagret["kode"],
        korrelasjonsid=ett.korrelasjonsid,
    )
