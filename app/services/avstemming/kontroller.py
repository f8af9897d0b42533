"""The controls of one kommune: each looks at the picture of it, and says what does not agree."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.db.lager.arbeid import ALLE_AAR, Arbeidstilstand, Liste
from app.db.lager.avstemmingsbilde import Arbeid, Bilde, Mottatt, Svar
from app.db.lager.vedtak import Vedtaksart
from app.klokke import dagen
from app.services.avstemming.funn import Avvik, Bestilling, Funn, Kontrollnavn
from app.settings.avstemming import Avstemming
from app.skatt_client import Api

API_FOR_LISTE: Final[Mapping[str, Api]] = {
    Liste.SKATTEOPPGJOER: Api.SKATTEGRUNNLAG,
    Liste.INNTEKT: Api.INNTEKT,
}
"""The answer an event of each list is about. Beregnet skatt is asked for only where it is used."""


@dataclass(frozen=True, slots=True)
class Grunnlag:
    """What every control is given."""

    bilde: Bilde
    valg: Avstemming
    naa: datetime


Kontroll = Callable[[Grunnlag], Funn]


def bestilt_arbeid(g: Grunnlag) -> Funn:
    """Every event has work for its person, list and year, ordered at least once."""
    bestilt = {(rad.person_id, rad.liste, rad.aar) for rad in g.bilde.arbeid if rad.bestilt > 0}
    mangler: dict[tuple[UUID, str, int], Mottatt] = {}
    for en in g.bilde.hendelser:
        noekkel = (en.person_id, en.liste, en.aar)
        if noekkel not in bestilt:
            mangler[noekkel] = en
    return Funn(
        navn=Kontrollnavn.BESTILT,
        kontrollert=len(g.bilde.hendelser),
        avvik=tuple(_bestill(en) for en in mangler.values()),
    )


def alder_paa_grunnlag(g: Grunnlag) -> Funn:
    """Where the work is done, what an open case has was up to date after the event.

    What was fetched again and found unchanged is not stored again, so the work's own time counts too. Only events
    within the days that are read again: Skatteetaten may never come to say what an old event promised.
    """
    arbeid = {(rad.person_id, rad.liste, rad.aar): rad for rad in g.bilde.arbeid}
    nyeste = _nyeste_svar(g.bilde)
    siden = g.naa - timedelta(days=g.valg.dager)
    avvik = {}
    ferdige = 0
    for en in _siste_per_aar(g.bilde.hendelser):
        gjort = arbeid.get((en.person_id, en.liste, en.aar))
        if gjort is None or gjort.tilstand != Arbeidstilstand.FERDIG or en.mottatt < siden:
            continue
        ferdige += 1
        if any(_eldre(svar, en, gjort) for svar in _for_hendelsen(nyeste, en)):
            avvik[en.person_id, en.liste, en.aar] = _bestill(en)
    return Funn(navn=Kontrollnavn.ALDER, kontrollert=ferdige, avvik=tuple(avvik.values()))


def stanset_arbeid(g: Grunnlag) -> Funn:
    """Nothing has been due for long."""
    grense = g.naa - timedelta(hours=g.valg.arbeid_timer)
    venter = [
        rad for rad in g.bilde.arbeid if rad.bestilt > rad.gjort and rad.tilstand == Arbeidstilstand.VENTER
    ]
    return Funn(
        navn=Kontrollnavn.STANSET,
        kontrollert=len(venter),
        avvik=tuple(_om_arbeid(rad) for rad in venter if rad.neste_forsoek < grense),
    )


def oppgitt_arbeid(g: Grunnlag) -> Funn:
    """Nothing has been given up."""
    return Funn(
        navn=Kontrollnavn.OPPGITT,
        kontrollert=len(g.bilde.arbeid),
        avvik=tuple(_om_arbeid(rad) for rad in g.bilde.arbeid if rad.tilstand == Arbeidstilstand.DOED),
    )


def trukket_i_bruk(g: Grunnlag) -> Funn:
    """No case's newest calculation builds on what Skatteetaten has withdrawn, unless a caseworker has it to decide."""
    trukne = [svar for svar in g.bilde.grunnlag if svar.trukket is not None]
    return Funn(
        navn=Kontrollnavn.TRUKKET,
        kontrollert=len(trukne),
        avvik=tuple(
            Avvik({"sakId": str(svar.sak_id), "grunnlagId": str(svar.id), "aar": svar.aar})
            for svar in trukne
            if svar.id in g.bilde.i_bruk and svar.sak_id not in g.bilde.saker_med_oppgave
        ),
    )


def uten_oppgjoer(g: Grunnlag) -> Funn:
    """Provisional decisions for years that are over, in cases where the year has not been settled."""
    i_aar = dagen(g.naa).year
    ventende: dict[tuple[UUID, int], Avvik] = {}
    kontrollert = 0
    for ett in g.bilde.vedtak:
        if ett.art != Vedtaksart.FORELOEPIG:
            continue
        siste = i_aar - 1 if ett.til is None else min(ett.til.year, i_aar - 1)
        for aar in range(ett.fra.year, siste + 1):
            kontrollert += 1
            if (ett.sak_id, aar) not in g.bilde.gjort_opp:
                gjelder = {"sakId": str(ett.sak_id), "vedtakId": str(ett.id), "aar": aar}
                ventende[ett.sak_id, aar] = Avvik(gjelder)
    return Funn(
        navn=Kontrollnavn.UTEN_OPPGJOER,
        kontrollert=kontrollert,
        avvik=tuple(ventende.values()),
        bare_merknad=True,
    )


def aldri_slaatt_opp(g: Grunnlag) -> Funn:
    """Persons in open cases of whom nothing was ever fetched: some have no income that counts."""
    hentet = {(svar.sak_id, svar.person_id) for svar in g.bilde.grunnlag}
    i_aapne = [(sak.id, person) for sak in g.bilde.saker if sak.aapen for person in sorted(sak.personer)]
    return Funn(
        navn=Kontrollnavn.ALDRI_SLAATT_OPP,
        kontrollert=len(i_aapne),
        avvik=tuple(
            Avvik({"sakId": str(sak), "personId": str(person)})
            for sak, person in i_aapne
            if (sak, person) not in hentet
        ),
        bare_merknad=True,
    )


def oppgitte_leveringer(g: Grunnlag) -> Funn:
    """No delivery to a webhook has been given up."""
    return Funn(
        navn=Kontrollnavn.LEVERINGER,
        kontrollert=g.bilde.leveringer,
        avvik=tuple(
            Avvik({"webhookId": str(webhook), "sekvensnummer": nr})
            for webhook, nr in sorted(g.bilde.doede_leveringer)
        ),
    )


def endringsnumre(g: Grunnlag) -> Funn:
    """The kommune's own list has every number up to the newest."""
    n = g.bilde.endringer
    hull = n.siste - n.foerste + 1 - n.antall if n.antall else 0
    avvik = []
    if hull:
        avvik.append(Avvik({"fra": n.foerste, "til": n.siste, "mangler": hull}))
    if n.siste != n.hode:
        avvik.append(Avvik({"siste": n.siste, "hode": n.hode}))
    return Funn(navn=Kontrollnavn.ENDRINGSNUMRE, kontrollert=n.antall, avvik=tuple(avvik))


KONTROLLER: Final[Sequence[Kontroll]] = (
    bestilt_arbeid,
    alder_paa_grunnlag,
    stanset_arbeid,
    oppgitt_arbeid,
    trukket_i_bruk,
    uten_oppgjoer,
    aldri_slaatt_opp,
    oppgitte_leveringer,
    endringsnumre,
)
"""In the order of the report."""


def _bestill(en: Mottatt) -> Avvik:
    gjelder = {
        "liste": en.liste,
        "sekvensnummer": en.sekvensnummer,
        "personId": str(en.person_id),
        "aar": en.aar,
    }
    return Avvik(gjelder, Bestilling(en.person_id, en.liste, en.aar))


def _om_arbeid(rad: Arbeid) -> Avvik:
    return Avvik({"liste": rad.liste, "personId": str(rad.person_id), "aar": rad.aar})


def _siste_per_aar(hendelser: Sequence[Mottatt]) -> list[Mottatt]:
    siste: dict[tuple[UUID, str, int], Mottatt] = {}
    for en in hendelser:
        noekkel = (en.person_id, en.liste, en.aar)
        if noekkel not in siste or en.sekvensnummer > siste[noekkel].sekvensnummer:
            siste[noekkel] = en
    return list(siste.values())


_Svar = Mapping[tuple[UUID, str], Mapping[tuple[UUID, int], Svar]]


def _nyeste_svar(bilde: Bilde) -> _Svar:
    """By person and API: the newest answer of each open case and year."""
    aapne = {sak.id for sak in bilde.saker if sak.aapen}
    nyeste: defaultdict[tuple[UUID, str], dict[tuple[UUID, int], Svar]] = defaultdict(dict)
    for svar in bilde.grunnlag:
        if svar.sak_id in aapne:
            per_sak = nyeste[svar.person_id, svar.api]
            noekkel = (svar.sak_id, svar.aar)
            if noekkel not in per_sak or svar.id > per_sak[noekkel].id:
                per_sak[noekkel] = svar
    return nyeste


def _for_hendelsen(nyeste: _Svar, en: Mottatt) -> list[Svar]:
    api = API_FOR_LISTE.get(en.liste)
    per_sak = {} if api is None else nyeste.get((en.person_id, api), {})
    return [svar for (_, aar), svar in per_sak.items() if en.aar in {ALLE_AAR, aar}]


def _eldre(svar: Svar, en: Mottatt, gjort: Arbeid) -> bool:
    """Whether the answer is from before what the event tells of."""
    if en.aar != ALLE_AAR and svar.ajourholdt is not None and en.ajourholdt is not None:
        return svar.ajourholdt < en.ajourholdt
    return max(svar.hentet, gjort.endret) < en.mottatt
