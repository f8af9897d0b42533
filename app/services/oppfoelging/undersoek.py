"""Looking through one case for what is new: which answers differ from those kept, and which years they touch.

A year is touched when the figures that go into it are others than before. So an event about a settlement nobody uses
any more, or about one that comes after 1 January in a year that § 10 has settled already, touches nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final
from uuid import UUID

from app.calc.periode import aaret
from app.calc.poster.inntekter import komplette_maaneder
from app.db.lager.arbeid import ALLE_AAR, Arbeid, Liste
from app.db.lager.beregninger import Beregning
from app.db.lager.grunnlag import FUNNET, Grunnlag
from app.klokke import dagen
from app.services.mangler import Grunn
from app.services.oppfoelging.hukommelse import Kilde
from app.services.oppfoelging.sakene import Foelgesak
from app.services.sak.beregne import Plan, planlegg, som_grunnlag, valgt_inntektsaar
from app.services.sak.drift import Kall
from app.services.sak.feil import KonfliktError, UgyldigSakError
from app.services.sak.forespoersler import Beregningsoenske
from app.services.sak.henting import brukbare, spoersmaalene
from app.services.sak.innhenting import Innhenting, Personbilder, Spoersmaal, Svarbilde
from app.services.sak.vedtaksrekke import strekninger
from app.skatt_client import Api


@dataclass(frozen=True, slots=True, kw_only=True)
class Beroert:
    """A calculation that comes out of other figures than before."""

    plan: Plan
    bilder: tuple[Personbilder, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Funn:
    """What is new in one case."""

    person_id: UUID
    nye: tuple[Grunnlag, ...] = ()
    """Answers about the work's person that differ from what was kept; not stored yet."""
    trukket: tuple[UUID, ...] = ()
    """Kept answers that Skatteetaten has withdrawn."""
    beroert: tuple[Beroert, ...] = ()
    feil: tuple[tuple[int, str], ...] = ()
    """Years in use that cannot be calculated as things stand, and why."""

    @property
    def inntektsaar(self) -> int:
        """The newest income year with something new."""
        return max(ett.aar for ett in self.nye)

    def har(self, grunn: Grunn) -> bool:
        """Whether something new is of this kind."""
        return any(ett.utfall == grunn for ett in self.nye)


@dataclass(frozen=True, slots=True)
class _Mulig:
    """A calculation that may be touched."""

    plan: Plan
    spoersmaal: Spoersmaal
    """About the work's person."""


async def undersoek(sak: Foelgesak, arbeid: Arbeid, kilde: Kilde, kall: Kall) -> Funn:
    """Ask what is to be asked, and compare with what is kept.

    Raises:
        TrengerMerError: the source is closed, and was never asked.
    """
    person_id = arbeid.noekkel.person_id
    mulige, feil = _mulige(sak, arbeid, kall.i_dag)
    kjente = [ett for ett in sak.grunnlag if ett.person_id == person_id]
    if not mulige:
        return Funn(person_id=person_id)
    pakke = mulige[0].plan.pakke
    innhenting = Innhenting(kilde, kall.aktoer.kommune, pakke, {}, kall.naa)
    nye: list[Grunnlag] = []
    for aar in _inntektsaar(arbeid, mulige, kjente):
        for svar in await _svarene(aar, arbeid, mulige, kjente, innhenting):
            if not _uendret(svar, kjente):
                nye.append(som_grunnlag(svar, person_id, sak.id, pakke, kall.av))
    if not nye:
        return Funn(person_id=person_id)
    beroert = [await _beroert(sak, en, nye, innhenting) for en in mulige]
    return Funn(
        person_id=person_id,
        nye=tuple(nye),
        trukket=tuple(_trukket(nye, kjente)),
        beroert=tuple(treff for treff in beroert if treff is not None),
        feil=tuple(feil),
    )


def _mulige(sak: Foelgesak, arbeid: Arbeid, i_dag: date) -> tuple[list[_Mulig], list[tuple[int, str]]]:
    """A plan for every year in use, and every household in it, that looks up the work's person."""
    mulige: list[_Mulig] = []
    feil: list[tuple[int, str]] = []
    for aar in sak.aar_i_bruk:
        for oenske in _oensker(sak, aar, arbeid):
            try:
                plan = planlegg(sak.hentet.innhold, oenske, sak.oppsett, sak.oppsett_versjon, i_dag)
            except (KonfliktError, UgyldigSakError) as en_feil:
                feil.append((aar, forklart(en_feil)))
                continue
            mulige += [
                _Mulig(plan, en)
                for en in spoersmaalene(plan, sak.identer)
                if en.person_id == arbeid.noekkel.person_id
            ]
    return mulige, feil


def forklart(feil: KonfliktError | UgyldigSakError) -> str:
    """What stands in the way of a calculation, in words."""
    return feil.tekst if isinstance(feil, KonfliktError) else " ".join(en.detail for en in feil.feil)


def _oensker(sak: Foelgesak, aar: int, arbeid: Arbeid) -> Iterator[Beregningsoenske]:
    """The calculations of a year that hold now: the newest, and those of decisions in force."""
    alle = sak.av_aaret(aar)
    i_kraft = {s.vedtak.beregning_id for s in strekninger(sak.vedtak, aaret(aar)) if s.vedtak is not None}
    for virkning in sorted({alle[-1].virkning_fra, *(en.virkning_fra for en in alle if en.id in i_kraft)}):
        siste = [en for en in alle if en.virkning_fra == virkning][-1]
        yield _som(siste, arbeid)


def _som(beregning: Beregning, arbeid: Arbeid) -> Beregningsoenske:
    """Asked for as a kept calculation was.

    Another income year stays chosen until the year's own settlement comes: then the year can be settled.
    """
    valgt = valgt_inntektsaar(beregning)
    if valgt is None or arbeid.noekkel.aar == beregning.aar:
        return Beregningsoenske(aar=beregning.aar, virkning_fra=beregning.virkning_fra)
    return Beregningsoenske(
        aar=beregning.aar,
        virkning_fra=beregning.virkning_fra,
        inntektsaar=valgt[0],
        inntektsaar_begrunnelse=valgt[1],
    )


def _inntektsaar(arbeid: Arbeid, mulige: Sequence[_Mulig], kjente: Sequence[Grunnlag]) -> list[int]:
    """Which income years are to be asked anew: the event's own, if anything here could come of it."""
    aar = arbeid.noekkel.aar
    if arbeid.noekkel.liste is Liste.INNTEKT:
        loepende = {en.plan.loepende[0] for en in mulige if en.plan.loepende is not None}
        return [ett for ett in sorted(loepende) if aar in (ALLE_AAR, ett)]
    hentet = {ett.aar for ett in kjente if ett.api == Api.SKATTEGRUNNLAG.value}
    aktuelle = hentet | {ett for en in mulige for ett in en.plan.inntektsaar}
    if aar != ALLE_AAR:
        return [aar] if aar in aktuelle else []
    return sorted(hentet) if hentet else sorted({en.plan.inntektsaar[0] for en in mulige})


async def _svarene(
    aar: int,
    arbeid: Arbeid,
    mulige: Sequence[_Mulig],
    kjente: Sequence[Grunnlag],
    innhenting: Innhenting,
) -> list[Svarbilde]:
    en = mulige[0].spoersmaal
    if arbeid.noekkel.liste is Liste.INNTEKT:
        har = any(m.plan.loepende is not None and innhenting.kan_anslaas(*m.plan.loepende) for m in mulige)
        return [await innhenting.spoer(en, aar, Api.INNTEKT)] if har else []
    grunnlag = await innhenting.spoer(en, aar, Api.SKATTEGRUNNLAG)
    svar = [grunnlag]
    kjent_skatt = any(ett.aar == aar and ett.api == Api.BEREGNET_SKATT.value for ett in kjente)
    slettet = grunnlag.bilde.mangel is not None and grunnlag.bilde.mangel.grunn is Grunn.SLETTET
    if (grunnlag.bilde.raa is not None and any(m.spoersmaal.med_skatt for m in mulige)) or (
        slettet and kjent_skatt
    ):
        svar.append(await innhenting.spoer(en, aar, Api.BEREGNET_SKATT))
    return svar


async def _beroert(
    sak: Foelgesak, en: _Mulig, nye: Sequence[Grunnlag], innhenting: Innhenting
) -> Beroert | None:
    """The calculation from the new figures, if it takes any of them."""
    plan = en.plan
    aarene = {*plan.inntektsaar, *(() if plan.loepende is None else (plan.loepende[0],))}
    if not any(ett.aar in aarene for ett in nye):
        return None
    lagret = brukbare([*sak.grunnlag, *nye], plan.oppgjort_innen)
    bilder = await innhenting.med_lagret(lagret).hent(
        spoersmaalene(plan, sak.identer),
        plan.inntektsaar,
        oppgjort_innen=plan.oppgjort_innen,
        loepende=plan.loepende,
    )
    brukt = {bilde.id for person in bilder for bilde in person.alle}
    return Beroert(plan=plan, bilder=bilder) if any(ett.id in brukt for ett in nye) else None


def _uendret(svar: Svarbilde, kjente: Sequence[Grunnlag]) -> bool:
    """Whether the newest of what is kept says the same."""
    bilde = svar.bilde
    siste = next(
        (ett for ett in reversed(kjente) if (ett.aar, ett.api) == (bilde.aar, bilde.api.value)), None
    )
    if siste is None:
        return bilde.mangel is not None and bilde.mangel.grunn in _INTET_NYTT
    if bilde.raa is None:
        return bilde.mangel is not None and siste.utfall == bilde.mangel.grunn
    return siste.innhold_hash == sha256(bilde.raa).hexdigest() and _like_mange_maaneder(svar, siste)


def _like_mange_maaneder(svar: Svarbilde, siste: Grunnlag) -> bool:
    """Whether the same months may be used; months are asked for from they begin, and used when they are complete."""
    return svar.bilde.api is not Api.INNTEKT or (
        komplette_maaneder(siste.aar, dagen(siste.hentet))
        == komplette_maaneder(siste.aar, dagen(svar.hentet))
    )


_INTET_NYTT: Final = frozenset({Grunn.IKKE_OPPGJOER_ENNAA, Grunn.IKKE_SLAATT_PAA})
"""Nothing is no news where there was nothing."""


def _trukket(nye: Sequence[Grunnlag], kjente: Sequence[Grunnlag]) -> Iterator[UUID]:
    """Kept answers of a settlement that is deleted; its tax goes with it unless it was given again."""
    for slettet in (ett for ett in nye if ett.utfall == Grunn.SLETTET):
        for ett in kjente:
            if (
                (ett.aar, ett.api) == (slettet.aar, slettet.api)
                and ett.utfall == FUNNET
                and ett.trukket is None
            ):
                yield ett.id
