"""A kommune sees and changes its own rows only, whatever it asks for."""

import ast
import inspect
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest

from app.db import lager as lagermappe
from app.db.arkiv import Arkiv, Lager
from app.db.ident import ny_id
from app.db.lager.arbeid import Arbeid, Arbeidsgrunn, Arbeidsnoekkel, Arbeidstilstand, Liste
from app.db.lager.avstemminger import Avstemming
from app.db.lager.avstemmingsbilde import Bilde, Nummerering
from app.db.lager.endringer import NyEndring
from app.db.lager.faktura import Fakturakjoering
from app.db.lager.kommuner import VersjonskonfliktError
from app.db.lager.massekjoeringer import Massekjoering, Masserad, Massetilstand
from app.db.lager.oppgaver import Oppgavefilter
from app.db.lager.revisjon import FOERSTE_HASH, Hode, NyRad, Revisjonsfilter
from app.db.lager.saker import Sak, Saksfilter, Saksversjon, Status
from app.db.lager.vedtak import Avgjoerelse, Avgjort, Vedtak
from app.db.lager.webhooker import Webhook, Webhooktilstand
from app.db.leie import Leie
from app.db.listepekere import Listepekere
from app.db.motor import AvvistError
from app.db.tabeller import metadata, person
from app.services.masse.helt import pakket
from tests.baser import MOTORER, RING
from tests.db.verden import (
    AV,
    KLIENT,
    NAA,
    SENERE,
    Verden,
    angret,
    avbilde,
    felles,
    fyll,
    kjoer,
    lager_i,
    ny_beregning,
    ny_rad,
    ny_sesjon,
    ny_vedtak,
    nytt_brev,
    nytt_etteroppgjoer,
    nytt_orgnr,
)


@dataclass(frozen=True)
class Sier:
    """What somebody was told by an exception."""

    feil: type[Exception]


@dataclass(frozen=True)
class Kall:
    """A method asked with everything the first kommune has, and what it tells another."""

    gjoer: Callable[[Lager, Verden], Awaitable[Any]]
    fremmed: Any
    likt_for_alle: bool = False
    """The answer holds nothing that is anybody's."""


AVVIST: Final = Sier(AvvistError)
INTET: Final = None


async def _ny_sak(lager: Lager, v: Verden) -> None:
    ny = Sak(ny_id(NAA), "PRAKTISK_BISTAND", v.person.id, None, Status.AAPEN, 1, NAA, NAA)
    await lager.saker.ny(ny, "{}", {v.person.id}, AV)


async def _nytt_oppgjoer(lager: Lager, v: Verden) -> None:
    """Of a calculation of its own: one is settled once."""
    endelig = ny_beregning(v.sak.id)
    await lager.beregninger.ny(endelig)
    await lager.etteroppgjoer.ny(nytt_etteroppgjoer(v.sak.id, endelig.id))


async def _oppgjoersbrevet(lager: Lager, v: Verden) -> object:
    """The owner first gets one; another cannot make one."""
    if lager.kommune == v.kommune:
        await lager.brev.ny(nytt_brev(v.sak.id, etteroppgjoer_id=v.etteroppgjoer.id))
    return await lager.brev.om_etteroppgjoer(v.etteroppgjoer.id, "nb")


async def _tar_inn(lager: Lager, v: Verden) -> bool:
    return (await lager.personer.ta_inn(v.person.ident, None, NAA)).id == v.person.id


async def _nevnt(lager: Lager, v: Verden) -> set[UUID]:
    """The owner first gets a version that names the person; another cannot make one."""
    with suppress(VersjonskonfliktError):
        await lager.saker.endre(v.sak, v.sak, f'"{v.person.id}"', {v.person.id}, AV)
    return (await lager.saker.som_nevner([v.person.id]))[v.person.id]


async def _skriver_om(lager: Lager, v: Verden) -> None:
    await lager.saker.skriv_om(v.sak.id, Saksversjon(1, "{}", AV, NAA))


async def _alle_rader(lager: Lager, _: Verden) -> list[Any]:
    return [rad async for rad in lager.revisjon.alle()]


async def _brukeres_rader(lager: Lager, v: Verden) -> list[Any]:
    ny = NyRad(handling="SAK_LEST", utfall="OK", innhold={"aktoer": {"type": "BRUKER"}}, ident=v.person.ident)
    if lager.kommune == v.kommune:
        await lager.revisjon.noter(NAA, ny)
    return [rad async for rad in lager.revisjon.brukeres({"SAK_LEST"}, NAA)]


async def _hode(lager: Lager, _: Verden) -> int:
    return (await lager.revisjon.hode()).nr


async def _noter_endring(lager: Lager, v: Verden) -> int:
    await lager.endringer.noter(NAA, NyEndring(type="sak.endret", sak_id=v.sak.id))
    return await lager.endringer.siste()


def _en_webhook(v: Verden) -> Webhook:
    return Webhook(
        id=v.webhook,
        url="https://epj.example/annen",
        typer=(),
        beskrivelse=None,
        tilstand=Webhooktilstand.AKTIV,
        versjon=1,
        av=AV,
        opprettet=NAA,
        endret=NAA,
    )


async def _ny_webhook(lager: Lager, v: Verden) -> None:
    await lager.webhooker.ny(replace(_en_webhook(v), id=ny_id(NAA)), "whsec_x")


async def _endrer_webhook(lager: Lager, v: Verden) -> None:
    await lager.webhooker.endre(_en_webhook(v), _en_webhook(v))


async def _roterer_webhook(lager: Lager, v: Verden) -> None:
    await lager.webhooker.roter(_en_webhook(v), "whsec_x", SENERE, NAA)


async def _noter(lager: Lager, v: Verden) -> int:
    await lager.revisjon.noter(NAA, ny_rad(v.person.ident, v.sak.id))
    return (await lager.revisjon.hode()).nr


async def _helt(lager: Lager, _: Verden) -> bool:
    """A head with the first kommune's number can only be its own."""
    return (
        await lager.revisjon.verifiser(Hode(1, FOERSTE_HASH)) is None or (await lager.revisjon.hode()).nr == 0
    )


def _arbeid(v: Verden) -> Arbeidsnoekkel:
    return Arbeidsnoekkel(v.person.id, Liste.SKATTEOPPGJOER, 2025)


def _som_arbeid(v: Verden) -> Arbeid:
    """The row ``fyll`` makes."""
    return Arbeid(
        noekkel=_arbeid(v),
        bestilt=1,
        gjort=0,
        grunn=Arbeidsgrunn.HENDELSE,
        slettet=False,
        ny_identitet=False,
        tilstand=Arbeidstilstand.VENTER,
        forsoek=0,
        neste_forsoek=NAA,
        feil=None,
        opprettet=NAA,
        endret=NAA,
    )


TOMT_BILDE: Final = Bilde(
    hendelser=(),
    arbeid=(),
    grunnlag=(),
    saker=(),
    vedtak=(),
    gjort_opp=frozenset(),
    i_bruk=frozenset(),
    saker_med_oppgave=frozenset(),
    doede_leveringer=(),
    leveringer=0,
    endringer=Nummerering(0, 0, 0, 0),
)


def _avstemming() -> Avstemming:
    return Avstemming(
        id=ny_id(NAA), fra=NAA, til=NAA, utfall="OK", innhold="{}", signatur="x", av=AV, opprettet=NAA
    )


def _kjoering(id_: UUID) -> Massekjoering:
    return Massekjoering(
        id=id_,
        slag="NY_G",
        aar=2026,
        virkning_fra=NAA.date(),
        tilstand=Massetilstand.TOERRKJOERES,
        innhold="{}",
        av=AV,
        opprettet=NAA,
    )


def _masserad(v: Verden) -> Masserad:
    return Masserad(sak_id=v.sak.id, foer_id=v.beregning.id, utfall="FORELDET")


async def _nye_rader(lager: Lager, v: Verden) -> None:
    """In a run of its own; the case is the first kommune's."""
    ny = _kjoering(ny_id(NAA))
    await lager.massekjoeringer.ny(ny)
    await lager.massekjoeringer.nye_rader(ny.id, [_masserad(v)])


async def _avgjoer(lager: Lager, v: Verden) -> Vedtak:
    nei = Avgjoerelse(utfall=Avgjort.AVVIST, begrunnelse="Feil", av=AV, opprettet=NAA)
    return await lager.vedtak.avgjoer(v.venter, nei)


async def _heter_nabo(lager: Lager) -> bool:
    return await lager.kommuner.navnet() in {"Nabo", "Nytt"}


async def _gir_linjen(lager: Lager, v: Verden) -> None:
    """In a run of its own; the case is the first kommune's."""
    nr = await lager.faktura.neste_nr()
    kjoering = Fakturakjoering(
        nr=nr, maaned="2026-02", antall=1, sum_oere=100, uavklarte="[]", av=AV, opprettet=NAA
    )
    await lager.faktura.ny(kjoering, [replace(v.fakturalinje, id=ny_id(NAA), kjoering=nr, nr=1)])


KALL: Final[dict[str, Kall]] = {
    "kommuner.finnes": Kall(lambda i, _: i.kommuner.finnes(), True, likt_for_alle=True),
    "kommuner.navnet": Kall(lambda i, _: _heter_nabo(i), True),
    "kommuner.oppsettene": Kall(lambda i, _: i.kommuner.oppsettene(None, 10), []),
    "kommuner.opprett": Kall(lambda i, _: i.kommuner.opprett("Nytt", NAA), INTET),
    "kommuner.oppsett": Kall(lambda i, _: i.kommuner.oppsett(1), INTET),
    "kommuner.nytt_oppsett": Kall(
        lambda i, _: i.kommuner.nytt_oppsett("{}", AV, NAA, 1), Sier(VersjonskonfliktError)
    ),
    "personer.finn": Kall(lambda i, v: i.personer.finn(v.person.ident), INTET),
    "personer.hent": Kall(lambda i, v: i.personer.hent(v.person.id), INTET),
    "personer.mange": Kall(lambda i, v: i.personer.mange({v.person.id}), {}),
    "personer.i_sak": Kall(lambda i, v: i.personer.i_sak(v.sak.id), {}),
    "personer.ta_inn": Kall(_tar_inn, False),
    "personer.med_navn": Kall(lambda i, _: i.personer.med_navn("oppdiktet", 10), []),
    "personer.laas": Kall(lambda i, v: i.personer.laas(v.person.id), False),
    "personer.slett": Kall(lambda i, v: i.personer.slett(v.ektefelle.id), False),
    "saker.hent": Kall(lambda i, v: i.saker.hent(v.sak.id), INTET),
    "saker.med_innhold": Kall(lambda i, v: i.saker.med_innhold(v.sak.id), INTET),
    "saker.innhold": Kall(lambda i, v: i.saker.innhold(v.sak.id, 1), INTET),
    "saker.versjoner": Kall(lambda i, v: i.saker.versjoner(v.sak.id), []),
    "saker.ny": Kall(_ny_sak, AVVIST),
    "saker.endre": Kall(
        lambda i, v: i.saker.endre(v.sak, v.sak, "{}", {v.person.id}, AV), Sier(VersjonskonfliktError)
    ),
    "saker.soek": Kall(lambda i, v: i.saker.soek(Saksfilter(person_id=v.person.id), None, 10), []),
    "saker.aapen": Kall(lambda i, v: i.saker.aapen(v.person.id, v.sak.tjeneste), INTET),
    "saker.for_person": Kall(lambda i, v: i.saker.for_person(v.person.id), []),
    "saker.personer": Kall(lambda i, v: i.saker.personer(v.sak.id), set()),
    "saker.laas": Kall(lambda i, v: i.saker.laas(v.sak.id), False),
    "saker.hovedsaker": Kall(lambda i, v: i.saker.hovedsaker(v.person.id), []),
    "saker.som_nevner": Kall(_nevnt, set()),
    "saker.skriv_om": Kall(_skriver_om, AVVIST),
    "avstemminger.ny": Kall(lambda i, _: i.avstemminger.ny(_avstemming()), INTET),
    "avstemminger.hent": Kall(lambda i, v: i.avstemminger.hent(v.avstemming_id), INTET),
    "avstemminger.siste": Kall(lambda i, _: i.avstemminger.siste(), INTET),
    "avstemminger.soek": Kall(lambda i, _: i.avstemminger.soek(None, 10), []),
    "avstemmingsbilder.ta": Kall(lambda i, _: i.avstemmingsbilder.ta(), TOMT_BILDE),
    "arbeid.bestill": Kall(lambda i, v: i.arbeid.bestill(_arbeid(v), Arbeidsgrunn.NY_PERSON, SENERE), AVVIST),
    "arbeid.hent": Kall(lambda i, v: i.arbeid.hent(_arbeid(v)), INTET),
    "arbeid.laas": Kall(lambda i, v: i.arbeid.laas(_arbeid(v)), INTET),
    "arbeid.ferdig": Kall(lambda i, v: i.arbeid.ferdig(_som_arbeid(v), SENERE), INTET),
    "arbeid.utsett": Kall(
        lambda i, v: i.arbeid.utsett(_arbeid(v), SENERE, NAA, feil="STRUPET", forsoek=1), INTET
    ),
    "arbeid.stopp": Kall(lambda i, v: i.arbeid.stopp(_arbeid(v), NAA, feil="STRUPET", forsoek=1), INTET),
    "arbeid.gjenta": Kall(lambda i, v: i.arbeid.gjenta(_arbeid(v), SENERE), INTET),
    "arbeid.lukk": Kall(lambda i, v: i.arbeid.lukk(_som_arbeid(v), "vurdert", SENERE), INTET),
    "arbeid.i_tilstand": Kall(lambda i, _: i.arbeid.i_tilstand(Arbeidstilstand.VENTER), []),
    "arbeid.antall": Kall(lambda i, _: i.arbeid.antall(Arbeidstilstand.VENTER), 0),
    "arbeid.forfalt": Kall(lambda i, _: i.arbeid.forfalt(SENERE, 10), []),
    "arbeid.for_person": Kall(lambda i, v: i.arbeid.for_person(v.person.id), []),
    "arbeid.hendelser": Kall(lambda i, v: i.arbeid.hendelser(v.person.id), []),
    "arbeid.perioder": Kall(lambda i, v: i.arbeid.perioder(_arbeid(v)), set()),
    "oppgaver.ny": Kall(lambda i, v: i.oppgaver.ny(replace(v.oppgave, id=ny_id(NAA), aar=2024)), AVVIST),
    "oppgaver.oppdater": Kall(lambda i, v: i.oppgaver.oppdater(v.oppgave, "{}", 1, None, SENERE), INTET),
    "oppgaver.lukk": Kall(lambda i, v: i.oppgaver.lukk(v.oppgave, AV, "ferdig", SENERE), False),
    "oppgaver.hent": Kall(lambda i, v: i.oppgaver.hent(v.oppgave.id), INTET),
    "oppgaver.aapne": Kall(lambda i, v: i.oppgaver.aapne(v.sak.id, v.oppgave.aar), []),
    "oppgaver.for_sak": Kall(lambda i, v: i.oppgaver.for_sak(v.sak.id), []),
    "oppgaver.soek": Kall(lambda i, v: i.oppgaver.soek(Oppgavefilter(sak_id=v.sak.id), None, 9), []),
    "lister.les": Kall(lambda i, _: i.lister.les(), {}, likt_for_alle=True),
    "lister.flyttet": Kall(lambda i, _: i.lister.flyttet({}), [], likt_for_alle=True),
    "grunnlag.trekk": Kall(lambda i, v: i.grunnlag.trekk([v.grunnlag.id], SENERE), 0),
    "saker.slett": Kall(lambda i, v: i.saker.slett(v.sak.id), INTET),
    "grunnlag.ny": Kall(lambda i, v: i.grunnlag.ny(replace(v.grunnlag, id=ny_id(NAA))), AVVIST),
    "grunnlag.hent": Kall(lambda i, v: i.grunnlag.hent(v.grunnlag.id), INTET),
    "grunnlag.for_sak": Kall(lambda i, v: i.grunnlag.for_sak(v.sak.id), []),
    "grunnlag.for_personer": Kall(lambda i, v: i.grunnlag.for_personer({v.person.id}), []),
    "grunnlag.siste_utfall": Kall(lambda i, v: i.grunnlag.siste_utfall({v.person.id}), {}),
    "grunnlag.siste": Kall(
        lambda i, v: i.grunnlag.siste(v.sak.id, v.person.id, 2025, "skattegrunnlag"), INTET
    ),
    "grunnlag.hvor": Kall(lambda i, v: i.grunnlag.hvor(sak_id=v.sak.id), []),
    "grunnlag.slett": Kall(lambda i, v: i.grunnlag.slett(v.sak.id), 0),
    "raasvar.hentet_foer": Kall(lambda i, _: i.raasvar.hentet_foer(SENERE, None, 10), []),
    "raasvar.slett": Kall(lambda i, v: i.raasvar.slett([v.grunnlag.id], SENERE), 0),
    "manuelle_poster.ny": Kall(lambda i, v: i.manuelle_poster.ny(replace(v.post, id=ny_id(NAA))), AVVIST),
    "manuelle_poster.hent": Kall(lambda i, v: i.manuelle_poster.hent(v.post.id, v.sak.id), INTET),
    "manuelle_poster.for_sak": Kall(lambda i, v: i.manuelle_poster.for_sak(v.sak.id), []),
    "manuelle_poster.opphev": Kall(
        lambda i, v: i.manuelle_poster.opphev(v.post.id, v.sak.id, AV, NAA), False
    ),
    "manuelle_poster.for_person": Kall(lambda i, v: i.manuelle_poster.for_person(v.person.id), []),
    "manuelle_poster.slett": Kall(lambda i, v: i.manuelle_poster.slett(v.sak.id), 0),
    "beregninger.ny": Kall(lambda i, v: i.beregninger.ny(ny_beregning(v.sak.id)), AVVIST),
    "beregninger.hent": Kall(lambda i, v: i.beregninger.hent(v.beregning.id), INTET),
    "beregninger.for_sak": Kall(lambda i, v: i.beregninger.for_sak(v.sak.id), []),
    "beregninger.rader": Kall(lambda i, v: i.beregninger.rader(v.sak.id), []),
    "beregninger.alle": Kall(lambda i, _: i.beregninger.alle(None, 10), []),
    "beregninger.resultater": Kall(lambda i, v: i.beregninger.resultater([v.beregning.id]), {}),
    "beregninger.siste": Kall(lambda i, v: i.beregninger.siste(v.sak.id, 2026, uten=()), INTET),
    "beregninger.slett": Kall(lambda i, v: i.beregninger.slett(v.sak.id), INTET),
    "vedtak.ny": Kall(lambda i, v: i.vedtak.ny(ny_vedtak(v.sak.id, v.beregning.id)), AVVIST),
    "vedtak.hent": Kall(lambda i, v: i.vedtak.hent(v.vedtak.id, v.sak.id), INTET),
    "vedtak.for_saker": Kall(lambda i, v: i.vedtak.for_saker([v.sak.id]), {}),
    "vedtak.for_sak": Kall(lambda i, v: i.vedtak.for_sak(v.sak.id), []),
    "faktura.neste_nr": Kall(lambda i, _: i.faktura.neste_nr(), 1),
    "faktura.ny": Kall(_gir_linjen, AVVIST),
    "faktura.hent": Kall(lambda i, _: i.faktura.hent(1), INTET),
    "faktura.kjoeringer": Kall(lambda i, _: i.faktura.kjoeringer(10), []),
    "faktura.linjer": Kall(lambda i, _: i.faktura.linjer(1), []),
    "faktura.for_saker": Kall(lambda i, v: i.faktura.for_saker([v.sak.id]), {}),
    "faktura.saker": Kall(lambda i, _: i.faktura.saker(), set()),
    "vedtak.alle": Kall(lambda i, v: i.vedtak.alle(v.sak.id), []),
    "vedtak.ventende": Kall(lambda i, _: i.vedtak.ventende(None, 10), []),
    "vedtak.avgjoer": Kall(_avgjoer, AVVIST),
    "vedtak.slett": Kall(lambda i, v: i.vedtak.slett(v.sak.id), INTET),
    "etteroppgjoer.ny": Kall(_nytt_oppgjoer, AVVIST),
    "etteroppgjoer.hent": Kall(lambda i, v: i.etteroppgjoer.hent(v.etteroppgjoer.id, v.sak.id), INTET),
    "etteroppgjoer.for_saker": Kall(lambda i, v: i.etteroppgjoer.for_saker([v.sak.id]), {}),
    "etteroppgjoer.for_sak": Kall(lambda i, v: i.etteroppgjoer.for_sak(v.sak.id), []),
    "etteroppgjoer.slett": Kall(lambda i, v: i.etteroppgjoer.slett(v.sak.id), INTET),
    "brev.ny": Kall(lambda i, v: i.brev.ny(nytt_brev(v.sak.id, "nn", vedtak_id=v.vedtak.id)), AVVIST),
    "brev.om_vedtak": Kall(lambda i, v: i.brev.om_vedtak(v.vedtak.id, "nb"), INTET),
    "brev.om_etteroppgjoer": Kall(_oppgjoersbrevet, INTET),
    "brev.for_sak": Kall(lambda i, v: i.brev.for_sak(v.sak.id), []),
    "brev.slett": Kall(lambda i, v: i.brev.slett(v.sak.id), 0),
    "endringer.noter": Kall(_noter_endring, 1),
    "endringer.laas": Kall(lambda i, _: i.endringer.laas(), 0),
    "endringer.etter": Kall(lambda i, _: i.endringer.etter(0, 10), []),
    "endringer.siste": Kall(lambda i, _: i.endringer.siste(), 0),
    "endringer.foer": Kall(lambda i, _: i.endringer.foer(SENERE), 0),
    "massekjoeringer.ny": Kall(lambda i, _: i.massekjoeringer.ny(_kjoering(ny_id(NAA))), INTET),
    "massekjoeringer.hent": Kall(lambda i, v: i.massekjoeringer.hent(v.kjoering_id), INTET),
    "massekjoeringer.laas": Kall(lambda i, v: i.massekjoeringer.laas(v.kjoering_id), INTET),
    "massekjoeringer.sett": Kall(
        lambda i, v: i.massekjoeringer.sett(v.kjoering_id, {"angret_av": AV}), INTET
    ),
    "massekjoeringer.mange": Kall(lambda i, _: i.massekjoeringer.mange(None, 10), []),
    "massekjoeringer.i_gang": Kall(lambda i, _: i.massekjoeringer.i_gang(), []),
    "massekjoeringer.nye_rader": Kall(_nye_rader, AVVIST),
    "massekjoeringer.rader": Kall(lambda i, v: i.massekjoeringer.rader(v.kjoering_id, None, 10), []),
    "massekjoeringer.erstatt_rader": Kall(
        lambda i, v: i.massekjoeringer.erstatt_rader(v.kjoering_id, [_masserad(v)]), AVVIST
    ),
    "massekjoeringer.med_utfall_i": Kall(
        lambda i, v: i.massekjoeringer.med_utfall_i(v.sak.id, v.sak.id, "ENDRET"), []
    ),
    "massesaker.antall": Kall(lambda i, v: i.massesaker.antall({v.sak.tjeneste}, NAA.date()), 0),
    "massesaker.beregnede": Kall(lambda i, v: i.massesaker.beregnede({v.sak.tjeneste}, 2000), set()),
    "massesaker.neste": Kall(lambda i, v: i.massesaker.neste({v.sak.tjeneste}, NAA.date(), None, 10), []),
    "massesaker.hent": Kall(lambda i, v: i.massesaker.hent([v.sak.id]), {}),
    "massesaker.korte": Kall(lambda i, v: i.massesaker.korte([v.sak.id]), {}),
    "massesaker.laas": Kall(lambda i, v: i.massesaker.laas([v.sak.id]), {}),
    "massesaker.hoder": Kall(lambda i, v: i.massesaker.hoder(v.sak.id, v.sak.id, 2026), {}),
    "massesaker.hoder_med_tekster": Kall(
        lambda i, v: i.massesaker.hoder_med_tekster(v.sak.id, v.sak.id, 2026, ("", "")), ({}, {})
    ),
    "massesaker.antall_beregninger": Kall(lambda i, _: i.massesaker.antall_beregninger(2026), 0),
    "massesaker.pakkede": Kall(lambda i, v: i.massesaker.pakkede([v.beregning.id], alt=True), {}),
    "massesaker.grunnlag": Kall(lambda i, v: i.massesaker.grunnlag([v.beregning.id]), {}),
    "massesaker.paa_trukket": Kall(lambda i, _: i.massesaker.paa_trukket(), frozenset(), likt_for_alle=True),
    "massesaker.nye": Kall(lambda i, v: i.massesaker.nye([pakket(ny_beregning(v.sak.id))]), AVVIST),
    "massesaker.personer": Kall(lambda i, v: i.massesaker.personer([v.sak.id]), {}),
    "massesaker.identer": Kall(lambda i, v: i.massesaker.identer({v.person.id}), {}),
    "massesaker.endelige": Kall(lambda i, _: i.massesaker.endelige(2026), {}, likt_for_alle=True),
    "massesaker.oppgjorte": Kall(lambda i, _: i.massesaker.oppgjorte(2026), set()),
    "massesaker.med_vedtak": Kall(lambda i, _: i.massesaker.med_vedtak(date.min, date.max), set()),
    "massesaker.sier": Kall(lambda i, v: i.massesaker.sier([v.sak]), {}),
    "massesaker.innhold": Kall(lambda i, v: i.massesaker.innhold(v.sak.id, v.sak.id), {}),
    "massesaker.avgjorte": Kall(lambda i, v: i.massesaker.avgjorte([v.beregning.id]), set()),
    "masseoppgaver.sett": Kall(
        lambda i, v: i.masseoppgaver.sett("MASSE_NY_G", 2026, {v.sak.id: "{}"}, 1, NAA), AVVIST
    ),
    "masseoppgaver.aapne": Kall(lambda i, v: i.masseoppgaver.aapne("NY_SKATT", 2025, [v.sak.id]), {}),
    "masseoppgaver.lukk": Kall(
        lambda i, v: i.masseoppgaver.lukk("NY_SKATT", 2025, {v.sak.id: ""}, AV, "Angret", NAA), []
    ),
    "endringer.noter_for": Kall(
        lambda i, v: i.endringer.noter_for(NAA, v.webhook, NyEndring(type="webhook.proeve")), AVVIST
    ),
    "webhooker.ny": Kall(_ny_webhook, INTET),
    "webhooker.hent": Kall(lambda i, v: i.webhooker.hent(v.webhook), INTET),
    "webhooker.alle": Kall(lambda i, _: i.webhooker.alle(), []),
    "webhooker.endre": Kall(_endrer_webhook, Sier(VersjonskonfliktError)),
    "webhooker.roter": Kall(_roterer_webhook, Sier(VersjonskonfliktError)),
    "webhooker.slett": Kall(lambda i, v: i.webhooker.slett(v.webhook), False),
    "webhooker.leveringer": Kall(lambda i, v: i.webhooker.leveringer(v.webhook, None, None, 10), []),
    "webhooker.gjenta": Kall(lambda i, v: i.webhooker.gjenta(v.webhook, 1, SENERE), INTET),
    "webhooker.antall_ferdige": Kall(lambda i, _: i.webhooker.antall_ferdige(SENERE), 0, likt_for_alle=True),
    "webhooker.rydd": Kall(lambda i, _: i.webhooker.rydd(SENERE, 10), 0, likt_for_alle=True),
    "webhooker.straks": Kall(lambda i, v: i.webhooker.straks(v.webhook, SENERE), INTET, likt_for_alle=True),
    "revisjon.noter": Kall(_noter, 1),
    "revisjon.hode": Kall(_hode, 0),
    "revisjon.siste_saker": Kall(
        lambda i, _: i.revisjon.siste_saker("ingen", "SAK_LEST", 5), [], likt_for_alle=True
    ),
    "revisjon.soek": Kall(
        lambda i, v: i.revisjon.soek(Revisjonsfilter(ident=v.person.ident, sak_id=v.sak.id), 0, 10), []
    ),
    "revisjon.om_person": Kall(lambda i, v: i.revisjon.om_person(v.person.ident, {v.sak.id}), []),
    "revisjon.alle": Kall(_alle_rader, []),
    "revisjon.brukeres": Kall(_brukeres_rader, []),
    "revisjon.verifiser": Kall(_helt, True),
    "idempotens.hent": Kall(lambda i, v: i.idempotens.hent(KLIENT, v.svar.noekkel), INTET),
    "idempotens.lagre": Kall(lambda i, v: i.idempotens.lagre(KLIENT, v.svar), True),
    "idempotens.antall": Kall(lambda i, _: i.idempotens.antall(SENERE), 0),
    "idempotens.slett_som_nevner": Kall(lambda i, _: i.idempotens.slett_som_nevner({""}), 0),
    "idempotens.slett": Kall(lambda i, _: i.idempotens.slett(SENERE), 0),
    "brukere.ta_inn": Kall(lambda i, v: i.brukere.ta_inn(replace(v.bruker, rolle="LEDER")), INTET),
    "brukere.merker": Kall(lambda i, _: i.brukere.merker(), {}),
    "brukere.hent": Kall(lambda i, v: i.brukere.hent([v.bruker.id]), {}),
    "sesjoner.ny": Kall(lambda i, v: i.sesjoner.ny(ny_sesjon(v.kommune)), AVVIST),
    "sesjoner.avslutt": Kall(lambda i, v: i.sesjoner.avslutt(v.sesjon.noekkel_hash), False),
}


def test_hver_metode_staar_i_tabellen() -> None:
    ingen: Any = None
    lager = Lager(Leie(ingen, "310000000", RING), Listepekere(ingen))
    metoder = {
        f"{navn}.{metode}"
        for navn, repo in vars(lager).items()
        for metode, funksjon in inspect.getmembers(repo, inspect.ismethod)
        if not metode.startswith("_")
    }
    assert metoder == KALL.keys()


@cache
def _to_kommuner(motor: str) -> tuple[Verden, str]:
    async def oppgave(arkiv: Arkiv) -> tuple[Verden, str]:
        b = nytt_orgnr()
        async with arkiv.skriv(b) as lager:
            await lager.kommuner.opprett("Nabo", NAA)
        return await fyll(arkiv), b

    return kjoer(felles(motor), oppgave)


async def _proev(arkiv: Arkiv, som: str, kall: Kall, v: Verden) -> tuple[Any, bool]:
    """What the call answered, and whether anything the first kommune has was changed by it."""
    svar: Any = INTET
    endret = False
    try:
        async with angret(arkiv.database) as forbindelse:
            foer = await avbilde(forbindelse, v.kommune)
            svar = await kall.gjoer(lager_i(forbindelse, som), v)
            endret = foer != await avbilde(forbindelse, v.kommune)
    except (AvvistError, VersjonskonfliktError) as feil:
        return Sier(type(feil)), False
    return svar, endret


@pytest.mark.parametrize("motor", MOTORER)
def test_en_annen_kommune_ser_og_endrer_ingenting(motor: str) -> None:
    v, b = _to_kommuner(motor)

    async def oppgave(arkiv: Arkiv) -> None:
        for navn, kall in KALL.items():
            assert await _proev(arkiv, b, kall, v) == (kall.fremmed, False), navn
            svar, endret = await _proev(arkiv, v.kommune, kall, v)
            # Otherwise the row would prove nothing: the owner itself is told, or does, something else.
            assert endret or svar != kall.fremmed or kall.likt_for_alle, navn

    kjoer(felles(motor), oppgave)


@pytest.mark.parametrize("motor", MOTORER)
def test_kommunen_kan_ikke_byttes_ut_i_et_kall(motor: str) -> None:
    v, b = _to_kommuner(motor)

    async def oppgave(arkiv: Arkiv) -> None:
        async with arkiv.database.skriv() as forbindelse:
            leie = Leie(forbindelse, b, RING)
            assert await leie.mange(person, kommune=v.kommune) == []
            assert await leie.en(person, kommune=v.kommune, id=v.person.id) is None
            assert await leie.antall(person, kommune=v.kommune) == 0
            assert await leie.slett(person, kommune=v.kommune) == 0
            with pytest.raises(ValueError, match="kommune"):
                await leie.endre(person, {"kommune": b}, id=v.person.id)
            with pytest.raises(TypeError, match="kryptert"):
                leie.krypter(b"", person, "opprettet", v.person.id)
        with pytest.raises(AvvistError):
            # Put in as the second kommune's, whatever the row says: and it has nobody of that case.
            async with arkiv.database.skriv() as forbindelse:
                await Leie(forbindelse, b, RING).sett_inn(
                    metadata.tables["sak_person"],
                    {"kommune": v.kommune, "sak_id": v.sak.id, "person_id": v.ektefelle.id},
                )

    kjoer(felles(motor), oppgave)


@pytest.mark.parametrize(
    "fil", sorted(Path(str(lagermappe.__file__)).parent.glob("*.py")), ids=lambda fil: fil.name
)
def test_lagrene_lager_ingen_setninger_selv(fil: Path) -> None:
    """From SQLAlchemy they have the words for rows and conditions, and nothing to say them with."""
    for node in ast.walk(ast.parse(fil.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            assert not any(navn.name.startswith("sqlalchemy") for navn in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
            assert {navn.name for navn in node.names} <= {"Row", "ColumnElement", "Table", "tuple_"}
