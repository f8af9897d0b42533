"""Whether everything in the database hangs together: each request there whole or not at all, and nothing besides.

Read straight from the tables, so that a fault in how the service reads cannot hide one in how it writes.
"""

import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Row, Table

from app.db import tabeller
from app.db.arkiv import Arkiv
from app.db.kryptering import sted
from app.db.lager.idempotens import LagretSvar

_SAK: Final = "POST /api/v1/saker"
_NOTERES: Final = ("SAK_OPPRETTET", "BEREGNING_LAGET", "VEDTAK_FATTET", "MANUELL_POST_NY")
_ALLE: Final = (
    tabeller.person,
    tabeller.sak,
    tabeller.sak_versjon,
    tabeller.sak_person,
    tabeller.grunnlag,
    tabeller.beregning,
    tabeller.beregning_grunnlag,
    tabeller.manuell_post,
    tabeller.vedtak,
    tabeller.idempotens,
    tabeller.revisjon,
)

Rader = Mapping[str, list[Row[Any]]]


@dataclass(slots=True)
class Helhet:
    """What was found in the database at one time."""

    svar: dict[str, LagretSvar] = field(default_factory=dict, repr=False)
    """The stored answers by key."""
    avvik: list[str] = field(default_factory=list)
    """What does not hang together; ids only."""
    rader: Counter[str] = field(default_factory=Counter)
    uhel: str | None = None
    """What the database finds wrong with itself."""


async def se_etter(arkiv: Arkiv) -> Helhet:
    """Look through everything, of every kommune, and the chain of every register."""
    rader: dict[str, list[Row[Any]]] = {}
    dom = "ok"
    async with arkiv.database.les() as forbindelse:
        for tabell in _ALLE:
            rader[tabell.name] = list((await forbindelse.execute(tabell.select())).all())
        if arkiv.database.er_sqlite:
            dom = (await forbindelse.exec_driver_sql("PRAGMA integrity_check")).scalar_one()
    helhet = Helhet(
        rader=Counter({navn: len(alle) for navn, alle in rader.items()}), uhel=None if dom == "ok" else dom
    )
    for rad in rader["idempotens"]:
        helhet.svar[rad.noekkel] = _svar(arkiv, rad)
    helhet.avvik += _svarene(rader, helhet.svar)
    helhet.avvik += _hver_sak(rader)
    helhet.avvik += _registeret(rader)
    for kommune in await arkiv.registre():
        async with arkiv.les(kommune) as lager:
            if (brudd := await lager.revisjon.verifiser()) is not None:
                helhet.avvik.append(f"hendelsesregisteret er brutt ved rad {brudd.nr}: {brudd.hva}")
    return helhet


def _svar(arkiv: Arkiv, rad: Row[Any]) -> LagretSvar:
    her = sted("idempotens", "svar", rad.kommune, rad.klient, rad.noekkel)
    return LagretSvar(
        noekkel=rad.noekkel,
        rute=rad.rute,
        kropp_hash=rad.kropp_hash,
        status=rad.status,
        hoder=rad.hoder,
        svar=zlib.decompress(arkiv.ring.dekrypter(rad.svar, her)),
        opprettet=rad.opprettet,
    )


def _ider(rader: Rader, tabell: Table) -> Counter[str]:
    return Counter(str(rad.id) for rad in rader[tabell.name])


def _svarene(rader: Rader, svar: Mapping[str, LagretSvar]) -> Iterator[str]:
    """Every row was made by a request that was answered, and every answer names rows that are there: once each."""
    sagt: dict[str, Counter[str]] = defaultdict(Counter)
    for ett in svar.values():
        lest = json.loads(ett.svar)
        if ett.rute == _SAK:
            sagt["sak"][lest["sak"]["id"]] += 1
            sagt["beregning"][lest["beregning"]["id"]] += 1
        elif ett.rute.endswith("/beregninger"):
            sagt["beregning"][lest["id"]] += 1
        elif ett.rute.endswith("/vedtak"):
            sagt["vedtak"][lest["id"]] += 1
        else:
            sagt["manuell_post"].update(post["id"] for post in lest)
    for tabell in (tabeller.sak, tabeller.beregning, tabeller.vedtak, tabeller.manuell_post):
        finnes = _ider(rader, tabell)
        for id_ in (finnes - sagt[tabell.name]).elements():
            yield f"{tabell.name} {id_}: finnes uten lagret svar"
        for id_ in (sagt[tabell.name] - finnes).elements():
            yield f"{tabell.name} {id_}: lagret svar, men ingen rad"


def _hver_sak(rader: Rader) -> Iterator[str]:
    """A case has its version, its persons and a calculation; a calculation has its snapshots."""
    versjoner = Counter(rad.sak_id for rad in rader["sak_versjon"])
    personer = Counter(rad.sak_id for rad in rader["sak_person"])
    beregninger = {(rad.sak_id, rad.opprettet) for rad in rader["beregning"]}
    med_beregning = {sak_id for sak_id, _ in beregninger}
    for sak in rader["sak"]:
        if versjoner[sak.id] != sak.versjon or not personer[sak.id] or sak.id not in med_beregning:
            yield f"sak {sak.id}: mangler versjon, person eller beregning"
    brukt = {rad.grunnlag_id for rad in rader["beregning_grunnlag"]}
    for ett in rader["grunnlag"]:
        if (ett.sak_id, ett.hentet) not in beregninger:
            yield f"grunnlag {ett.id}: hentet uten en beregning"
        if ett.raasvar is not None and ett.id not in brukt:
            yield f"grunnlag {ett.id}: har svar, men ingen beregning bruker det"
    med_grunnlag = {rad.beregning_id for rad in rader["beregning_grunnlag"]}
    for beregning in rader["beregning"]:
        if beregning.resultat is not None and beregning.id not in med_grunnlag:
            yield f"beregning {beregning.id}: har resultat uten grunnlag"
    i_saker = {rad.person_id for rad in rader["sak_person"]}
    for person in rader["person"]:
        if person.id not in i_saker:
            yield f"person {person.id}: er ikke i noen sak"


def _registeret(rader: Rader) -> Iterator[str]:
    """What was made is noted for everybody it was about, and what is noted was made.

    Look-ups that were begun are noted before they are made, so they may stand alone; finished ones may not.
    """
    hvor_mange = Counter(rad.sak_id for rad in rader["sak_person"])
    ventet: Counter[tuple[str, Any, Any]] = Counter()
    for handling, tabell in (
        ("SAK_OPPRETTET", "sak"),
        ("BEREGNING_LAGET", "beregning"),
        ("VEDTAK_FATTET", "vedtak"),
    ):
        for rad in rader[tabell]:
            sak_id = rad.id if tabell == "sak" else rad.sak_id
            ventet[handling, sak_id, rad.opprettet] += hvor_mange[sak_id]
    for sak_id, naar in {(rad.sak_id, rad.opprettet) for rad in rader["manuell_post"]}:
        # One row for each person the posts of a request are about; ours are all about the case's own.
        ventet["MANUELL_POST_NY", sak_id, naar] += 1
    notert = Counter(
        (rad.handling, rad.sak_id, rad.tidspunkt) for rad in rader["revisjon"] if rad.handling in _NOTERES
    )
    for hva in ((ventet - notert) + (notert - ventet)).keys():
        yield f"register {hva[0]} i sak {hva[1]}: notert {notert[hva]} av {ventet[hva]}"
    hentet = {(rad.sak_id, rad.hentet) for rad in rader["grunnlag"]}
    oppslag = {
        (rad.sak_id, rad.tidspunkt)
        for rad in rader["revisjon"]
        if rad.handling == "OPPSLAG" and rad.utfall != "PAABEGYNT"
    }
    for sak_id, _ in hentet ^ oppslag:
        yield f"register OPPSLAG i sak {sak_id}: ikke likt det som er hentet"
