"""Cases: taken in with their first calculation, read, changed, ended and searched for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from app.calc.beloep import eksakt_regning
from app.calc.kontrakt.feil import Feil, KontraktFeilError
from app.calc.kontrakt.json_tekst import les_json, skriv_json
from app.db.arkiv import Lager
from app.db.ident import er_slettet_id, ny_id
from app.db.lager.arbeid import ALLE_AAR, Arbeidsgrunn, Arbeidsnoekkel, Liste
from app.db.lager.beregninger import Beregning
from app.db.lager.kommuner import VersjonskonfliktError
from app.db.lager.manuelle_poster import ManuellPost
from app.db.lager.personer import Person
from app.db.lager.saker import Sak, Status
from app.db.listepekere import Pekere
from app.services.endringer import Endringstype, endring
from app.services.kommuneoppsett.dokument import Kommuneoppsett, les_oppsettstekst
from app.services.kommuneoppsett.innstilling import som_innstilling
from app.services.revisjon import Handling
from app.services.sak.beregne import planlegg
from app.services.sak.drift import Kall, Saksdrift
from app.services.sak.feil import (
    FinnesIkkeError,
    Konflikt,
    KonfliktError,
    SamtidigError,
    UgyldigSakError,
    UtdatertError,
)
from app.services.sak.forespoersler import Avslutning, Avslutningsgrunn, Beregningsoenske, NySak
from app.services.sak.henting import Hentet, hent_og_regn
from app.services.sak.innhold import (
    LAGRET_SAKSINNHOLD,
    LagretSaksinnhold,
    Saksinnhold,
    med_referanser,
    personer,
    syntetiske,
    ukjente_institusjoner,
)
from app.services.sak.manuelle import nye_poster
from app.services.sak.rader import Saksperson, Sakstjeneste
from app.services.sak.ut import SakIListe, SakUt, tidspunkt

_FOERSTE_VERSJON: Final = 1


@dataclass(frozen=True, slots=True)
class Hentetsak:
    """A case with what it says."""

    sak: Sak
    innhold: LagretSaksinnhold

    @property
    def ut(self) -> SakUt:
        """As a client sees it."""
        sak = self.sak
        return SakUt(
            id=str(sak.id),
            versjon=sak.versjon,
            status=sak.status,
            avsluttet_dato=sak.avsluttet_dato,
            avsluttet_grunn=None if sak.avsluttet_grunn is None else Avslutningsgrunn(sak.avsluttet_grunn),
            innhold=self.innhold,
            opprettet=tidspunkt(sak.opprettet),
            endret=tidspunkt(sak.endret),
        )


def i_liste(sak: Sak) -> SakIListe:
    """A case in a list."""
    return SakIListe(
        id=str(sak.id),
        tjeneste=Sakstjeneste(sak.tjeneste),
        person_id=str(sak.person_id),
        referanse=sak.referanse,
        status=sak.status,
        versjon=sak.versjon,
        opprettet=tidspunkt(sak.opprettet),
        endret=tidspunkt(sak.endret),
    )


def les_innhold(tekst: str) -> LagretSaksinnhold:
    """A stored document.

    Raises:
        KontraktFeilError: it is not one; the contract has changed since.
    """
    feil: list[Feil] = []
    with eksakt_regning():
        lest = LAGRET_SAKSINNHOLD.les(les_json(tekst), "", feil)
    if not isinstance(lest, LagretSaksinnhold):
        raise KontraktFeilError(feil)
    return lest


async def oppsettet(lager: Lager) -> tuple[Kommuneoppsett, int]:
    """The kommune's newest setup and its version.

    Raises:
        KonfliktError: the kommune has none.
    """
    versjon = await lager.kommuner.oppsett()
    if versjon is None:
        raise KonfliktError(
            Konflikt.KOMMUNEN_MANGLER_OPPSETT,
            "Kommunen har ikke lagt inn oppsettet sitt. Det gjøres med «egenandel kommune les-inn» eller "
            "PUT /api/v1/kommune/oppsett.",
        )
    return les_oppsettstekst(versjon.innhold), versjon.versjon


def ta_i_bruk(drift: Saksdrift, oppsett: Kommuneoppsett) -> None:
    """Look up for the kommune as its setup says from now on."""
    if drift.oppslag is not None:
        drift.oppslag.ta_i_bruk(oppsett.organisasjonsnummer, som_innstilling(oppsett))


async def hent_sak(lager: Lager, sak_id: UUID) -> Hentetsak:
    """One case.

    Raises:
        FinnesIkkeError: the kommune has no such case.
    """
    funnet = await lager.saker.med_innhold(sak_id)
    if funnet is None:
        raise FinnesIkkeError("saken")
    sak, innhold = funnet
    return Hentetsak(sak, les_innhold(innhold))


async def identene(lager: Lager, sak_id: UUID) -> dict[UUID, str]:
    """The national id of everybody a case is about, for look-ups and for the register."""
    personene = await lager.personer.i_sak(sak_id)
    return {id_: person.ident for id_, person in personene.items()}


async def hovedident(lager: Lager, sak: Sak) -> str | None:
    """The national id of the person a case is about, for the register."""
    person = await lager.personer.hent(sak.person_id)
    return None if person is None else person.ident


@dataclass(frozen=True, slots=True, kw_only=True)
class Navngitt:
    """Somebody a request names."""

    id: UUID
    ident: str
    navn: str | None
    ny: bool


async def _navngitte(
    lager: Lager, kall: Kall, alle: Iterable[Saksperson], slettede: frozenset[str] = frozenset()
) -> dict[str | None, Navngitt]:
    """Who the request names.

    Args:
        lager: the kommune's.
        kall: who asks, and when.
        alle: everybody the request names.
        slettede: what the case already holds of people who have been erased; it may be sent back as it stands.

    Raises:
        FinnesIkkeError: a personId is nobody's.
    """
    svar: dict[str | None, Navngitt] = {}
    for en in alle:
        kjent: Person | None
        if en.person_id in slettede:
            continue
        if en.personidentifikator is not None:
            kjent = await lager.personer.finn(en.personidentifikator)
            ident = en.personidentifikator
        else:
            kjent = await lager.personer.hent(UUID(en.person_id))
            if kjent is None:
                raise FinnesIkkeError("personen")
            ident = kjent.ident
        svar[en.noekkel] = Navngitt(
            id=ny_id(kall.naa) if kjent is None else kjent.id, ident=ident, navn=en.navn, ny=kjent is None
        )
    return svar


def _slettede(innhold: LagretSaksinnhold) -> frozenset[str]:
    referanser = (rad.person.person_id for rad in innhold.husstand if rad.person is not None)
    return frozenset(referanse for referanse in referanser if er_slettet_id(UUID(referanse)))


def _med_personer(
    innhold: Saksinnhold, navngitte: Mapping[str | None, Navngitt], sti: str = ""
) -> LagretSaksinnhold:
    def referanse(person: Saksperson) -> str:
        kjent = navngitte.get(person.noekkel)
        return str(person.person_id if kjent is None else kjent.id)

    return med_referanser(innhold, referanse, sti)


def _kontroller(drift: Saksdrift, innhold: Saksinnhold, oppsett: Kommuneoppsett, sti: str = "") -> None:
    if innhold.tjeneste.value not in {tilbud.value for tilbud in oppsett.tjenester}:
        raise KonfliktError(
            Konflikt.TJENESTEN_TILBYS_IKKE,
            "Tjenesten står ikke i kommunens oppsett. Legg den til under tjenester først.",
        )
    feil = ukjente_institusjoner(innhold, (inst.kode for inst in oppsett.institusjoner), sti)
    if not drift.godta_syntetiske:
        feil += syntetiske(innhold, sti)
    if feil:
        raise UgyldigSakError(*feil)


async def _lagre_personer(lager: Lager, kall: Kall, navngitte: Iterable[Navngitt]) -> None:
    # In the same order by everybody: two who take in the same persons wait for each other one way only.
    for en in sorted(navngitte, key=lambda en: en.ident):
        lagret = await lager.personer.ta_inn(en.ident, en.navn, kall.naa, en.id)
        if lagret.id != en.id:
            raise SamtidigError


@dataclass(frozen=True, slots=True, kw_only=True)
class NySakKlar:
    """A new case with its calculation, ready to be stored."""

    sak: Sak
    innhold: LagretSaksinnhold
    navngitte: tuple[Navngitt, ...]
    poster: tuple[ManuellPost, ...]
    hentet: Hentet
    pekere: Pekere
    """How far the event lists had been read before anybody was looked up."""

    @property
    def beregning(self) -> Beregning:
        """The first calculation."""
        return self.hentet.ferdig.beregning


async def forbered_ny_sak(drift: Saksdrift, kall: Kall, ny: NySak, *, slaa_opp: bool = True) -> NySakKlar:
    """Look up and calculate; nothing of the case is stored yet.

    Args:
        drift: the look-ups and the database.
        kall: who asks.
        ny: the case.
        slaa_opp: whether anybody may be looked up; otherwise all figures are missing but those entered.

    Raises:
        KonfliktError: the person has an open case of this kind, or the kommune's setup does not cover it.
        UgyldigSakError: the case cannot be as it is.
        FinnesIkkeError: a personId is nobody's.
    """
    async with drift.arkiv.les(kall.aktoer.kommune) as lager:
        oppsett, oppsett_versjon = await oppsettet(lager)
        pekere = await lager.lister.les()
        ta_i_bruk(drift, oppsett)
        _kontroller(drift, ny, oppsett)
        navngitte = await _navngitte(lager, kall, personer(ny))
        innhold = _med_personer(ny, navngitte)
        await _krev_ingen_aapen(lager, UUID(innhold.person.person_id), innhold.tjeneste)
    oenske = ny.beregning or Beregningsoenske()
    plan = planlegg(innhold, oenske, oppsett, oppsett_versjon, kall.i_dag, "/beregning")
    sak = Sak(
        ny_id(kall.naa),
        innhold.tjeneste,
        UUID(innhold.person.person_id),
        innhold.referanse,
        Status.AAPEN,
        _FOERSTE_VERSJON,
        kall.naa,
        kall.naa,
    )
    poster: tuple[ManuellPost, ...] = ()
    if ny.manuelle_poster is not None:
        referanser = {noekkel: en.id for noekkel, en in navngitte.items()}
        poster = nye_poster(
            kall, sak, ny.manuelle_poster, lambda person: referanser.get(person.noekkel), "/manuellePoster"
        )
    hentet = await hent_og_regn(
        drift,
        kall,
        plan,
        innhold,
        sak_id=sak.id,
        sak_versjon=sak.versjon,
        identer={en.id: en.ident for en in navngitte.values()},
        lagret={},
        poster=poster,
        bare_om=None if slaa_opp else (),
    )
    return NySakKlar(
        sak=sak,
        innhold=innhold,
        navngitte=tuple(navngitte.values()),
        poster=poster,
        hentet=hentet,
        pekere=pekere,
    )


async def _krev_ingen_aapen(lager: Lager, person_id: UUID, tjeneste: Sakstjeneste) -> None:
    finnes = await lager.saker.aapen(person_id, tjeneste)
    if finnes is not None:
        raise KonfliktError(
            Konflikt.SAK_FINNES,
            "Personen har en åpen sak om denne tjenesten. Bruk den: hent den, endre den, eller lag en ny beregning i den.",
            finnes,
        )


async def lagre_ny_sak(lager: Lager, kall: Kall, klar: NySakKlar) -> Hentetsak:
    """Store a new case with everything behind its calculation.

    Raises:
        KonfliktError: the person got an open case in the meantime.
        SamtidigError: one of the persons was taken in by somebody else in the meantime; prepare again.
    """
    await _krev_ingen_aapen(lager, klar.sak.person_id, klar.innhold.tjeneste)
    await _lagre_personer(lager, kall, klar.navngitte)
    await lager.saker.ny(klar.sak, skriv_json(klar.innhold), [en.id for en in klar.navngitte], kall.av)
    await lager.manuelle_poster.ny(*klar.poster)
    await lager.grunnlag.ny(*klar.hentet.ferdig.nye)
    await lager.beregninger.ny(klar.beregning)
    await _slaa_opp_igjen(
        lager, kall, [en.id for en in klar.navngitte], await lager.lister.flyttet(klar.pekere)
    )
    await lager.endringer.noter(
        kall.naa,
        endring(Endringstype.SAK_OPPRETTET, klar.sak.id),
        endring(Endringstype.BEREGNING_NY, klar.sak.id, gjelder=klar.beregning.id, aar=klar.beregning.aar),
    )
    identer = [en.ident for en in klar.navngitte]
    await lager.revisjon.noter(
        kall.naa,
        *kall.rader(identer, Handling.SAK_OPPRETTET, klar.sak.id),
        *klar.hentet.rader,
        *kall.rader(identer, Handling.BEREGNING_LAGET, klar.sak.id, aar=[klar.beregning.aar]),
    )
    return Hentetsak(klar.sak, klar.innhold)


async def _slaa_opp_igjen(
    lager: Lager, kall: Kall, personer: Iterable[UUID], lister: Iterable[Liste]
) -> None:
    """Order that persons are looked up anew: an event about them may have passed while nobody followed them."""
    for noekkel in sorted(Arbeidsnoekkel(id_, liste, ALLE_AAR) for id_ in personer for liste in lister):
        await lager.arbeid.bestill(noekkel, Arbeidsgrunn.NY_PERSON, kall.naa)


async def les_sak(lager: Lager, kall: Kall, sak_id: UUID) -> Hentetsak:
    """Show a case, and note that it was shown.

    Raises:
        FinnesIkkeError: the kommune has no such case.
    """
    funnet = await hent_sak(lager, sak_id)
    identer = await identene(lager, sak_id)
    await lager.revisjon.noter(kall.naa, *kall.rader(identer.values(), Handling.SAK_LEST, sak_id))
    return funnet


async def endre_sak(
    drift: Saksdrift, lager: Lager, kall: Kall, sak_id: UUID, versjon: int, ny: Saksinnhold
) -> Hentetsak:
    """Replace what a case says.

    Raises:
        FinnesIkkeError: the kommune has no such case, or a personId is nobody's.
        UtdatertError: the case has changed since ``versjon``.
        KonfliktError: the case has ended.
        UgyldigSakError: another person or service, or a content that cannot be.
    """
    gammel = await hent_sak(lager, sak_id)
    oppsett, _ = await oppsettet(lager)
    nytt = await som_endret(drift, lager, kall, gammel, ny, oppsett)
    return await lagre_endret(lager, kall, gammel, versjon, nytt)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endretinnhold:
    """What a case is to say, tried against the case and the kommune's setup; nothing of it is stored."""

    innhold: LagretSaksinnhold
    navngitte: tuple[Navngitt, ...]


async def som_endret(
    drift: Saksdrift,
    lager: Lager,
    kall: Kall,
    gammel: Hentetsak,
    ny: Saksinnhold,
    oppsett: Kommuneoppsett,
    sti: str = "",
) -> Endretinnhold:
    """What a case would say with another content.

    Args:
        drift: whether made-up persons are taken.
        lager: the kommune's.
        kall: who asks.
        gammel: the case.
        ny: its new content.
        oppsett: the kommune's setup.
        sti: where the content stands in the request.

    Raises:
        FinnesIkkeError: a personId is nobody's.
        KonfliktError: the case has ended.
        UgyldigSakError: another person or service, or a content that cannot be.
    """
    _krev_aapen(gammel.sak)
    _kontroller(drift, ny, oppsett, sti)
    navngitte = await _navngitte(lager, kall, personer(ny), _slettede(gammel.innhold))
    innhold = _med_personer(ny, navngitte, sti)
    feil = _flyttet(gammel, innhold, sti)
    if feil:
        raise UgyldigSakError(*feil)
    return Endretinnhold(innhold=innhold, navngitte=tuple(navngitte.values()))


async def lagre_endret(
    lager: Lager, kall: Kall, gammel: Hentetsak, versjon: int, nytt: Endretinnhold
) -> Hentetsak:
    """Store what has been tried against the case.

    Args:
        lager: the kommune's.
        kall: who changes it.
        gammel: the case as it was tried against.
        versjon: the version the change builds on.
        nytt: what it is to say.

    Raises:
        UtdatertError: the case has changed since.
        SamtidigError: one of the persons was taken in by somebody else in the meantime; prepare again.
    """
    innhold, navngitte, sak_id = nytt.innhold, nytt.navngitte, gammel.sak.id
    await _lagre_personer(lager, kall, navngitte)
    foer = await lager.saker.personer(sak_id)
    neste = replace(gammel.sak, referanse=innhold.referanse, endret=kall.naa)
    lagret = await _endre(lager, gammel.sak, versjon, neste, innhold, kall, [en.id for en in navngitte])
    # Those taken in again were not followed meanwhile, and what is kept of them may be old.
    kjente = {ett.person_id for ett in await lager.grunnlag.hvor(sak_id=sak_id)}
    tilbake = kjente & {en.id for en in navngitte} - foer
    await _slaa_opp_igjen(lager, kall, tilbake, await lager.lister.les())
    await lager.endringer.noter(kall.naa, endring(Endringstype.SAK_ENDRET, sak_id))
    identer = {en.ident for en in navngitte}
    await lager.revisjon.noter(kall.naa, *kall.rader(identer, Handling.SAK_ENDRET, sak_id))
    return Hentetsak(lagret, innhold)


async def avslutt_sak(
    lager: Lager, kall: Kall, sak_id: UUID, versjon: int, avslutning: Avslutning
) -> Hentetsak:
    """End a case. What is calculated and decided stays, and the year can still be settled.

    Raises:
        FinnesIkkeError: the kommune has no such case.
        UtdatertError: the case has changed since ``versjon``.
        KonfliktError: it has ended already.
    """
    gammel = await hent_sak(lager, sak_id)
    _krev_aapen(gammel.sak)
    neste = replace(
        gammel.sak,
        status=Status.AVSLUTTET,
        endret=kall.naa,
        avsluttet_dato=avslutning.dato,
        avsluttet_grunn=avslutning.grunn,
    )
    identer = await identene(lager, sak_id)
    innhold = avsluttet_innhold(gammel.innhold, avslutning.dato)
    lagret = await _endre(lager, gammel.sak, versjon, neste, innhold, kall, list(identer))
    await lager.endringer.noter(kall.naa, endring(Endringstype.SAK_AVSLUTTET, sak_id))
    await lager.revisjon.noter(kall.naa, *kall.rader(identer.values(), Handling.SAK_ENDRET, sak_id))
    return Hentetsak(lagret, innhold)


def avsluttet_innhold(innhold: LagretSaksinnhold, dato: date) -> LagretSaksinnhold:
    """What a case says when nothing goes on after a day: egenandel runs through it, and no further.

    Stays that would have begun later, and services of later months, are taken away; earlier versions keep them.
    Visits of the last month have been counted, and stand.
    """
    maaned = f"{dato:%Y-%m}"
    return replace(
        innhold,
        opphold=tuple(
            rad if rad.art.er_besoek or (rad.til is not None and rad.til <= dato) else replace(rad, til=dato)
            for rad in innhold.opphold
            if rad.fra <= dato
        ),
        sykehusopphold=tuple(
            rad if rad.til is not None and rad.til <= dato else replace(rad, til=dato)
            for rad in innhold.sykehusopphold
            if rad.fra <= dato
        ),
        tjenester=tuple(rad for rad in innhold.tjenester if rad.maaned <= maaned),
    )


async def _endre(
    lager: Lager,
    gammel: Sak,
    versjon: int,
    neste: Sak,
    innhold: LagretSaksinnhold,
    kall: Kall,
    ider: Sequence[UUID],
) -> Sak:
    if gammel.versjon != versjon:
        raise UtdatertError
    try:
        return await lager.saker.endre(gammel, neste, skriv_json(innhold), ider, kall.av)
    except VersjonskonfliktError:
        raise UtdatertError from None


def _krev_aapen(sak: Sak) -> None:
    if sak.status is not Status.AAPEN:
        raise KonfliktError(Konflikt.SAK_AVSLUTTET, "Saken er avsluttet. Opprett en ny sak.", sak.id)


def _flyttet(gammel: Hentetsak, ny: LagretSaksinnhold, sti: str) -> tuple[Feil, ...]:
    feil = []
    if ny.tjeneste is not gammel.innhold.tjeneste:
        feil.append(
            Feil(
                f"{sti}/tjeneste",
                "kan-ikke-endres",
                "En sak gjelder én tjeneste. Opprett en ny sak for den andre.",
            )
        )
    if ny.person.person_id != gammel.innhold.person.person_id:
        feil.append(
            Feil(
                f"{sti}/person",
                "kan-ikke-endres",
                "En sak gjelder én person. Opprett en ny sak for den andre.",
            )
        )
    return tuple(feil)
