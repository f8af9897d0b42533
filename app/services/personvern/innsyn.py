"""Insight: everything the kommune has about one person, as one document the person may be given.

In the person's own case everything is there, with other persons reduced to their role. In the case of another there is
only what is the person's own: the household row, the answers and the posts about the person, and which calculations
used them. ``app.services.personvern.skjerming`` draws the line.
"""

import base64
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.calc.kontrakt.feil import UlesbarJsonError
from app.calc.kontrakt.json_tekst import IkkeEtTall, les_json, skriv_json
from app.db.arkiv import Lager
from app.db.lager.beregninger import Beregning, Versjoner
from app.db.lager.brev import LagretBrev
from app.db.lager.etteroppgjoer import Etteroppgjoer
from app.db.lager.faktura import Fakturalinje
from app.db.lager.grunnlag import Grunnlag
from app.db.lager.manuelle_poster import ManuellPost
from app.db.lager.oppgaver import Oppgave
from app.db.lager.personer import Person
from app.db.lager.revisjon import Rad
from app.db.lager.saker import Sak, Saksversjon
from app.db.lager.vedtak import Avgjoerelse, Vedtak
from app.services.oppgaver import kort
from app.services.personvern.roller import HOVEDPERSON, UKJENT, referanser, roller
from app.services.personvern.skjerming import (
    egne_deler,
    har_andre,
    skjermet_dokument,
    skjermet_inn,
    skjermet_kilder,
    skjermet_resultat,
)
from app.services.revisjon import Aktoer, Handling, Utfall, ny_rad

VERSJON: Final = 1
"""Of the form of the document."""

HJEMMEL: Final = "personvernforordningen artikkel 15 og pasientjournalloven § 22 a"


@dataclass(frozen=True, slots=True)
class Innsyn:
    """What was found, and whether there was anything."""

    utfall: Utfall
    """OK, or UTEN_DATA when neither the person nor a row of the register about them is there."""
    dokument: dict[str, Any] = field(repr=False)

    def som_json(self) -> str:
        """One line of JSON, the same bytes for the same content."""
        return skriv_json(self.dokument)


async def innsyn(
    lager: Lager,
    ident: str,
    *,
    aktoer: Aktoer,
    naa: datetime,
    formaal: str = "krav om innsyn",
    hjemmel: str = HJEMMEL,
) -> Innsyn:
    """Gather everything about a person, and note that it was done. Nothing is given without being noted.

    Args:
        lager: a transaction that may write.
        ident: national id.
        aktoer: who asks.
        naa: now.
        formaal: why, for the register.
        hjemmel: on what basis, for the register.

    Raises:
        UkjentNoekkelError: something is encrypted under a key that is gone.
        ValueError: ``formaal`` or ``hjemmel`` looks personal.
    """
    person = await lager.personer.finn(ident)
    egne: set[UUID] = set()
    saker: list[dict[str, Any]] = []
    if person is not None:
        egne = {sak.id for sak in await lager.saker.hovedsaker(person.id)}
        saker = [await _sak(lager, person, sak_id) for sak_id in await _saker(lager, person.id, egne)]
    rader = await lager.revisjon.om_person(ident, egne)
    utfall = Utfall.OK if person is not None or rader else Utfall.UTEN_DATA
    await lager.revisjon.noter(
        naa,
        ny_rad(
            aktoer,
            Handling.INNSYN,
            utfall,
            ident=ident,
            formaal=formaal,
            hjemmel=hjemmel,
            antall={"saker": len(saker), "registerrader": len(rader)},
        ),
    )
    return Innsyn(
        utfall,
        {
            "dokument": "innsyn",
            "versjon": VERSJON,
            "laget": _tid(naa),
            "kommune": lager.kommune,
            "person": {
                "identitetsnummer": ident,
                "personId": None if person is None else str(person.id),
                "navn": None if person is None else person.navn,
            },
            "saker": saker,
            "fraSkatteetaten": await _fra_listene(lager, person),
            "hendelser": [_hendelse(rad) for rad in rader],
        },
    )


async def _saker(lager: Lager, person_id: UUID, egne: Collection[UUID]) -> list[UUID]:
    """Every case with anything about the person, now or before, in the order they were made."""
    nevnt = await lager.saker.som_nevner([person_id])
    alle = set(egne) | nevnt[person_id] | set(await lager.saker.for_person(person_id))
    alle |= {ett.sak_id for ett in await lager.grunnlag.hvor(person_id=person_id)}
    alle |= {post.sak_id for post in await lager.manuelle_poster.for_person(person_id)}
    return sorted(alle)


async def _sak(lager: Lager, person: Person, sak_id: UUID) -> dict[str, Any]:
    sak = await lager.saker.hent(sak_id)
    if sak is None:
        raise LookupError("saken ble tatt bort mens den ble lest")
    versjoner = await lager.saker.versjoner(sak_id)
    grunnlag = await lager.grunnlag.for_sak(sak_id)
    poster = await lager.manuelle_poster.for_sak(sak_id)
    beregninger = [
        hel
        for kort in await lager.beregninger.for_sak(sak_id)
        if (hel := await lager.beregninger.hent(kort.id)) is not None
    ]
    andre = {ett.person_id for ett in grunnlag} | {post.person_id for post in poster}
    andre |= await lager.saker.personer(sak_id) | {sak.person_id}
    for versjon in versjoner:
        andre |= referanser(_lest(versjon.innhold))
    andre -= {person.id}
    felles = {
        "grunnlag": [_grunnlag(ett) for ett in grunnlag if ett.person_id == person.id],
        "manuellePoster": [_post(post) for post in poster if post.person_id == person.id],
    }
    egne_grunnlag = {ett.id for ett in grunnlag if ett.person_id == person.id}
    if sak.person_id == person.id:
        return {
            **_saken(sak, [HOVEDPERSON]),
            "versjoner": [
                _versjon(v, skjermet_dokument(_lest(v.innhold), person.id, andre)) for v in versjoner
            ],
            **felles,
            "beregninger": [_beregning(b, person.id, andre, egne_grunnlag) for b in beregninger],
            "vedtak": [_vedtak(ett) for ett in await lager.vedtak.alle(sak_id)],
            "etteroppgjoer": [_etteroppgjoer(ett) for ett in await lager.etteroppgjoer.for_sak(sak_id)],
            "brev": [_brev(ett, alene=not andre) for ett in await lager.brev.for_sak(sak_id)],
            "fakturalinjer": [
                _fakturalinje(en) for en in (await lager.faktura.for_saker([sak_id])).get(sak_id, ())
            ],
            "oppgaver": [_oppgave(ett) for ett in await lager.oppgaver.for_sak(sak_id)],
        }
    return {
        **_andres_sak(sak, _roller(versjoner, person.id)),
        "versjoner": [
            _versjon(v, deler) for v in versjoner if (deler := egne_deler(_lest(v.innhold), person.id, andre))
        ],
        **felles,
        "beregninger": [
            _andres_beregning(b, person.id, andre, egne_grunnlag)
            for b in beregninger
            if egne_grunnlag.intersection(b.grunnlag) or str(person.id) in b.svar
        ],
    }


async def _fra_listene(lager: Lager, person: Person | None) -> dict[str, Any]:
    """What Skatteetaten's lists have said of the person, and what was ordered because of it."""
    if person is None:
        return {"hendelser": [], "bestilt": []}
    return {
        "hendelser": [
            {
                "liste": ett.liste,
                "sekvensnummer": ett.sekvensnummer,
                "periode": ett.periode,
                "type": ett.type,
                "mottatt": _tid(ett.mottatt),
            }
            for ett in await lager.arbeid.hendelser(person.id)
        ],
        "bestilt": [
            {
                "liste": rad.noekkel.liste,
                "inntektsaar": rad.noekkel.aar,
                "grunn": rad.grunn,
                "tilstand": rad.tilstand,
                "forsoek": rad.forsoek,
                "feil": rad.feil,
                "endret": _tid(rad.endret),
            }
            for rad in await lager.arbeid.for_person(person.id)
        ],
    }


def _oppgave(ett: Oppgave) -> dict[str, Any]:
    """A task in the person's own case; whose figures it was about is nobody else's business."""
    return {
        "oppgaveId": str(ett.id),
        "slag": ett.slag,
        "aar": ett.aar,
        "tilstand": ett.tilstand,
        "tekst": kort(ett),
        "opprettet": _tid(ett.opprettet),
        "endret": _tid(ett.endret),
        "lukketAv": ett.lukket_av,
        "begrunnelse": ett.begrunnelse,
    }


def _roller(versjoner: Sequence[Saksversjon], person_id: UUID) -> list[str]:
    funnet = {rolle for v in versjoner for rolle in roller(_lest(v.innhold), person_id)}
    return sorted(funnet or {UKJENT})


def _saken(sak: Sak, egne_roller: list[str]) -> dict[str, Any]:
    return {
        "sakId": str(sak.id),
        "rolle": egne_roller,
        "tjeneste": sak.tjeneste,
        "status": sak.status,
        "referanse": sak.referanse,
        "opprettet": _tid(sak.opprettet),
        "endret": _tid(sak.endret),
        "avsluttetDato": sak.avsluttet_dato,
        "avsluttetGrunn": sak.avsluttet_grunn,
    }


def _andres_sak(sak: Sak, egne_roller: list[str]) -> dict[str, Any]:
    """That the person is part of a case of another. Why it ended may be that the other has died."""
    return {
        "sakId": str(sak.id),
        "rolle": egne_roller,
        "tjeneste": sak.tjeneste,
        "utelatt": "saken gjelder en annen person; bare det som gjelder deg, er tatt med",
    }


def _versjon(versjon: Saksversjon, innhold: Any) -> dict[str, Any]:
    return {
        "versjon": versjon.versjon,
        "av": versjon.av,
        "opprettet": _tid(versjon.opprettet),
        "innhold": innhold,
    }


def _grunnlag(ett: Grunnlag) -> dict[str, Any]:
    return {
        "grunnlagId": str(ett.id),
        "api": ett.api,
        "inntektsaar": ett.aar,
        "tjeneste": ett.tjeneste,
        "utfall": ett.utfall,
        "mangel": None if ett.mangel is None else _lest(ett.mangel),
        "hentet": _tid(ett.hentet),
        "hentetAv": ett.hentet_av,
        "ajourholdt": _tid(ett.ajourholdt),
        "skatteoppgjoersdato": ett.skatteoppgjoersdato,
        "korrelasjonsid": ett.korrelasjonsid,
        "innholdHash": ett.innhold_hash,
        "raasvar": None if ett.raasvar is None else _raasvar(ett.raasvar),
        "raasvarTilstand": _raasvartilstand(ett),
        "raasvarSlettet": _tid(ett.raasvar_slettet),
        "trukket": _tid(ett.trukket),
    }


def _raasvartilstand(ett: Grunnlag) -> str:
    if ett.raasvar is not None:
        return "LAGRET"
    return "IKKE_MOTTATT" if ett.raasvar_slettet is None else "SLETTET"


def _post(post: ManuellPost) -> dict[str, Any]:
    return {
        "postId": str(post.id),
        "inntektsaar": post.aar,
        "slag": post.slag,
        "innhold": _lest(post.innhold),
        "begrunnelse": post.begrunnelse,
        "vedlegg": post.vedlegg,
        "av": post.av,
        "opprettet": _tid(post.opprettet),
        "opphevet": _tid(post.opphevet),
        "opphevetAv": post.opphevet_av,
    }


def _hode(b: Beregning, egne_grunnlag: Collection[UUID]) -> dict[str, Any]:
    return {
        "beregningId": str(b.id),
        "aar": b.aar,
        "virkningFra": b.virkning_fra,
        "opprettet": _tid(b.opprettet),
        "grunnlag": [str(id_) for id_ in b.grunnlag if id_ in egne_grunnlag],
    }


def _beregning(
    b: Beregning, person_id: UUID, andre: Collection[UUID], egne_grunnlag: Collection[UUID]
) -> dict[str, Any]:
    inn = None if b.inn is None else _lest(b.inn)
    alene = not andre and not har_andre(inn)
    svar = _lest(b.svar)
    return {
        **_hode(b, egne_grunnlag),
        "av": b.av,
        "sakVersjon": b.sak_versjon,
        "tilstand": b.tilstand,
        "foreloepig": b.foreloepig,
        "egenandelAarOere": b.egenandel_aar_oere,
        **_versjoner(b.versjoner),
        "svar": svar if alene else egne_deler(svar, person_id, andre),
        **_regnet(inn, b.kilder, b.resultat),
    }


def _andres_beregning(
    b: Beregning, person_id: UUID, andre: Collection[UUID], egne_grunnlag: Collection[UUID]
) -> dict[str, Any]:
    return {**_hode(b, egne_grunnlag), "svar": egne_deler(_lest(b.svar), person_id, andre)}


def _regnet(inn: Any, kilder: str | None, resultat: str | None) -> dict[str, Any]:
    return {
        "inn": skjermet_inn(inn),
        "kilder": None if kilder is None else skjermet_kilder(_lest(kilder), inn),
        "resultat": None if resultat is None else skjermet_resultat(_lest(resultat), inn),
    }


def _vedtak(ett: Vedtak) -> dict[str, Any]:
    return {
        "vedtakId": str(ett.id),
        "beregningId": str(ett.beregning_id),
        "art": ett.art,
        "fra": ett.fra,
        "til": ett.til,
        "erstatter": None if ett.erstatter is None else str(ett.erstatter),
        "begrunnelse": ett.begrunnelse,
        "av": ett.av,
        "opprettet": _tid(ett.opprettet),
        "tilstand": ett.tilstand,
        "avgjoerelse": None if ett.avgjoerelse is None else _avgjoerelse(ett.avgjoerelse),
    }


def _avgjoerelse(en: Avgjoerelse) -> dict[str, Any]:
    return {
        "utfall": en.utfall,
        "begrunnelse": en.begrunnelse,
        "av": en.av,
        "opprettet": _tid(en.opprettet),
    }


def _fakturalinje(en: Fakturalinje) -> dict[str, Any]:
    return {
        "linjeId": str(en.id),
        "kjoering": en.kjoering,
        "slag": en.slag,
        "periode": en.periode,
        "beloepOere": en.beloep_oere,
        "vedtakId": None if en.vedtak_id is None else str(en.vedtak_id),
        "etteroppgjoerId": None if en.etteroppgjoer_id is None else str(en.etteroppgjoer_id),
        "opprettet": _tid(en.opprettet),
    }


def _etteroppgjoer(ett: Etteroppgjoer) -> dict[str, Any]:
    return {
        "etteroppgjoerId": str(ett.id),
        "aar": ett.aar,
        "endeligBeregningId": str(ett.endelig_id),
        "sumOere": ett.sum_oere,
        "retning": ett.retning,
        "av": ett.av,
        "opprettet": _tid(ett.opprettet),
        **_versjoner(ett.versjoner),
        **_regnet(_lest(ett.inn), ett.kilder, ett.resultat),
    }


def _brev(ett: LagretBrev, *, alene: bool) -> dict[str, Any]:
    """That the letter was made; whole where nobody else's income can be part of its sum."""
    return {
        "brevId": str(ett.id),
        "vedtakId": None if ett.vedtak_id is None else str(ett.vedtak_id),
        "etteroppgjoerId": None if ett.etteroppgjoer_id is None else str(ett.etteroppgjoer_id),
        "spraak": ett.spraak,
        "malversjon": ett.malversjon,
        "sha256": ett.sha256,
        "av": ett.av,
        "opprettet": _tid(ett.opprettet),
        "pdf": {"base64": base64.b64encode(ett.pdf).decode()} if alene else None,
    }


def _versjoner(versjoner: Versjoner) -> dict[str, Any]:
    return {
        "regelversjon": versjoner.regelversjon,
        "satsversjon": versjoner.satsversjon,
        "katalogversjon": versjoner.katalogversjon,
        "kodeversjon": versjoner.kodeversjon,
    }


def _hendelse(rad: Rad) -> dict[str, Any]:
    return {
        "nr": rad.nr,
        "tidspunkt": _tid(rad.tidspunkt),
        "handling": rad.handling,
        "utfall": rad.utfall,
        "sakId": None if rad.sak_id is None else str(rad.sak_id),
        "innhold": json.loads(rad.innhold),
        "hash": rad.hash,
    }


def _raasvar(raa: bytes) -> Any:
    """The answer: as JSON when it is, otherwise as text or, failing that, in base64."""
    try:
        return _lest(raa.decode())
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(raa).decode()}


def _lest(tekst: str) -> Any:
    """JSON as values; anything else, and numbers nobody could write back, as the text it is."""
    try:
        lest = les_json(tekst)
    except UlesbarJsonError:
        return tekst
    return tekst if _har_umulig_tall([lest]) else lest


def _har_umulig_tall(verdier: Iterable[Any]) -> bool:
    for verdi in verdier:
        if isinstance(verdi, IkkeEtTall):
            return True
        under = verdi.values() if isinstance(verdi, dict) else verdi if isinstance(verdi, list) else ()
        if _har_umulig_tall(under):
            return True
    return False


def _tid(tidspunkt: datetime | None) -> str | None:
    return None if tidspunkt is None else tidspunkt.isoformat()
