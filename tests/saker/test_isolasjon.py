"""Every route × every foreign id × wrong scope or role: refused, and the refusal is in the register.

Fjordvik and Skogli have one of everything each. Skogli asks for what is Fjordvik's, in every place an id can stand.
"""

import asyncio
import json
import re
from collections.abc import Coroutine
from typing import Any, Final
from uuid import UUID

import httpx2
import pytest

from app.api.tilgang.ruter import Operasjon, rettigheter
from app.db.lager.revisjon import Rad as Registerrad
from app.db.lager.revisjon import Revisjonsfilter
from app.main import create_app
from app.sandbox.skatteetaten.api import SCOPE_SSG
from app.sandbox.standard import FJORDVIK, SCOPE_LES, SCOPE_SKRIV, SCOPEPREFIKS, SKOGLI
from app.services.revisjon import Handling, Utfall
from app.services.tilgang import RETTIGHETER, SCOPER, Avslagsgrunn, Rettighet, Rolle
from app.settings import Settings
from tests.baser import MOTORER, ny_database
from tests.saker.dump import REGISTERET, dump
from tests.saker.lovlige import LOVLIGE, Foresporsel, Ider, blader, fyll, lovlig
from tests.saker.sesjoner import Rollesesjoner, innlogget
from tests.saker.verden import Verden, tjeneste
from tests.services.personvern.alt_lagret import alt_lagret

FREMMEDE: Final = ("26858800055", "26858800136", "26858800217")
"""Lawful numbers of nobody: neither kommune nor the sandbox has them."""

_ANNEN_ROLLE: Final = "b1a7c0de-0000-4000-8000-00000000beef"
VERNET: Final = {op: krevd for op, krevd in rettigheter(create_app(Settings())).items() if krevd}
motorer = pytest.mark.parametrize("motor", MOTORER)


def test_hver_vernet_rute_har_en_lovlig_forespoersel() -> None:
    """A new route comes with a row in ``LOVLIGE``, or nothing below is proved of it."""
    assert set(LOVLIGE) == set(VERNET)


def test_hver_id_i_hver_forespoersel_blir_proevd() -> None:
    """Every field of a body that the description calls a UUID stands in a lawful request, with an id of ours."""
    ider = _oppdiktede()
    beskrivelse = create_app(Settings()).openapi()
    skjemaer = beskrivelse["components"]["schemas"]
    for (metode, mal), rad in LOVLIGE.items():
        operasjon = beskrivelse["paths"].get(mal, {}).get(metode.lower(), {})
        if "requestBody" not in operasjon or rad.kropp is None:
            continue
        felt = _uuidfelt(operasjon["requestBody"]["content"]["application/json"]["schema"], skjemaer)
        foresporsel = lovlig((metode, mal), ider)
        i_kroppen = {_uten_tall(sted[1:]) for sted in foresporsel.steder(ider) if sted[0] == "kropp"}
        assert felt <= i_kroppen, (metode, mal)
        alle_uuider = {verdi for _, verdi in blader(foresporsel.kropp) if _er_uuid(verdi)}
        assert alle_uuider <= set(ider.alle.values()), (metode, mal)


@motorer
def test_uten_token_slipper_ingen_inn(motor: str) -> None:
    async def proev(v: Verden, a: Ider, b: Ider) -> None:
        foer = [await dump(v.arkiv.database, k) for k in (FJORDVIK, SKOGLI)]
        for operasjon in LOVLIGE:
            for hoder in ({}, {"Authorization": "Bearer tull"}, {"Cookie": "__Host-egenandel=ukjent"}):
                svar = await _send(v, lovlig(operasjon, b), hoder)
                assert svar.status_code == 401, operasjon
                assert svar.headers["www-authenticate"].startswith("Bearer")
        assert [await dump(v.arkiv.database, k) for k in (FJORDVIK, SKOGLI)] == foer

    _kjoer(motor, proev)


@motorer
def test_for_lite_scope_avvises_og_noteres(motor: str) -> None:
    async def proev(v: Verden, a: Ider, b: Ider) -> None:
        for scope, gir in (
            (SCOPE_SSG, frozenset[Rettighet]()),
            (SCOPE_LES, SCOPER[SCOPE_LES.removeprefix(f"{SCOPEPREFIKS}:")]),
            (SCOPE_SKRIV, SCOPER[SCOPE_SKRIV.removeprefix(f"{SCOPEPREFIKS}:")]),
        ):
            for operasjon, krevd in VERNET.items():
                if krevd <= gir:
                    continue
                await _avvises(v, lovlig(operasjon, b), v.hode(SKOGLI, scope), krevd)

    _kjoer(motor, proev)


@motorer
@pytest.mark.parametrize("rolle", Rolle)
def test_hver_rolle_slipper_inn_der_rettighetstabellen_sier_det(motor: str, rolle: Rolle) -> None:
    async def proev(v: Verden, a: Ider, b: Ider) -> None:
        for operasjon in LOVLIGE:
            foresporsel, krevd = lovlig(operasjon, b), VERNET[operasjon]
            if operasjon[0] != "GET":
                uten_csrf = innlogget(SKOGLI, rolle, csrf=False)
                await _avvises(v, foresporsel, uten_csrf, krevd, Avslagsgrunn.MANGLER_CSRF)
            if krevd <= RETTIGHETER[rolle]:
                svar = await _send(v, foresporsel, innlogget(SKOGLI, rolle))
                assert svar.status_code == LOVLIGE[operasjon].status, (operasjon, svar.text)
            else:
                await _avvises(v, foresporsel, innlogget(SKOGLI, rolle), krevd)

    _kjoer(motor, proev)


@motorer
def test_en_annen_kommunes_id_er_som_en_som_aldri_fantes(
    motor: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    antall = 0

    async def proev(v: Verden, a: Ider, b: Ider) -> None:
        nonlocal antall
        hos_a = await dump(v.arkiv.database, FJORDVIK)
        hos_b = await dump(v.arkiv.database, SKOGLI, uten=REGISTERET)
        for operasjon in LOVLIGE:
            egen = lovlig(operasjon, b)
            steder = egen.steder(b)
            hvert_sted = [[{sted: id_} for id_ in a.alle.values()] for sted in steder]
            for bytter in [*hvert_sted, *([[egen.som(b, a)]] if steder else [])]:
                aldri = {sted: _aldri(id_) for sted, id_ in bytter[0].items()}
                som_aldri = _uten_merker(await _send_som(v, egen.bytt(aldri), VERNET[operasjon]))
                for bytte in bytter:
                    svar = await _avvises_som_ukjent(v, egen.bytt(bytte), VERNET[operasjon])
                    assert _uten_merker(svar) == som_aldri, (operasjon, bytte)
                    assert _hemmelig_i(_alt(svar), a) == set()
                    antall += 1
            assert await dump(v.arkiv.database, FJORDVIK) == hos_a, operasjon
            assert await dump(v.arkiv.database, SKOGLI, uten=REGISTERET) == hos_b, operasjon
        lagret = await alt_lagret(v.arkiv.database, SKOGLI)
        assert _hemmelig_i("\n".join(verdi for verdier in lagret.values() for verdi in verdier), a) == set()
        async with v.arkiv.les(SKOGLI) as lager:
            assert await lager.revisjon.verifiser() is None

    _kjoer(motor, proev)
    logget = "".join(capsys.readouterr()) + caplog.text
    ider, _ = _SISTE[motor]
    assert _hemmelig_i(logget, ider) == set()
    print(f"{motor}: {antall} forespørsler med en annen kommunes id, alle avvist og notert")
    assert antall >= 400


@motorer
def test_det_som_soekes_etter_finnes_bare_i_egen_kommune(motor: str) -> None:
    """Searches are answered, and what is another's is as if it never was."""

    async def proev(v: Verden, a: Ider, b: Ider) -> None:
        hos_a = await dump(v.arkiv.database, FJORDVIK)
        for ident, fremmed in zip(a.identer, FREMMEDE, strict=True):
            for sti in ("personer/innsyn", "personer/sletting", "revisjon/soek", "saker/soek"):
                hoder = v.hode(SKOGLI, SCOPE_LES) if sti == "saker/soek" else innlogget(SKOGLI, Rolle.LEDER)
                svar, aldri = [
                    await v.klient.post(f"/api/v1/{sti}", headers=hoder, json={"personidentifikator": nummer})
                    for nummer in (ident, fremmed)
                ]
                assert svar.status_code == 200
                forventet = _uten_merker(aldri)
                assert _uten_merker(svar).replace(ident, fremmed) == forventet, sti
                assert _hemmelig_i(svar.text.replace(ident, ""), a) == set()
        for id_ in a.alle.values():
            for sti in ("/api/v1/saker", f"/api/v1/saker/{b.sak}/beregninger"):
                ellers = await v.les(f"{sti}?peker={_peker(_aldri(id_))}", kommune=SKOGLI)
                assert (await v.les(f"{sti}?peker={_peker(id_)}", kommune=SKOGLI)).text == ellers.text
        assert await dump(v.arkiv.database, FJORDVIK) == hos_a

    _kjoer(motor, proev)


@motorer
def test_kommunen_er_tokenets_og_aldri_forespoerselens(motor: str) -> None:
    """Every lawful request, dressed up as Fjordvik's in every way but the token: Skogli gets what is Skogli's."""
    andres = {
        navn: FJORDVIK
        for navn in (
            *(
                "X-Kommune",
                "X-Kommunenummer",
                "X-Tenant",
                "X-Tenant-Id",
                "X-Organisasjonsnummer",
                "Fiks-Org-Id",
            ),
            *("X-Forwarded-User", "X-Forwarded-Host", "X-Consumer", "IntegrasjonId", "IntegrasjonPassord"),
        )
    }
    spoerring = f"kommune={FJORDVIK}&orgnr={FJORDVIK}&tenant={FJORDVIK}&organisasjonsnummer={FJORDVIK}"

    async def proev(v: Verden, a: Ider, b: Ider) -> None:
        hos_a = await dump(v.arkiv.database, FJORDVIK)
        for operasjon, rad in LOVLIGE.items():
            egen = lovlig(operasjon, b)
            skille = "&" if "?" in egen.adresse else "?"
            utkledd = egen.bytt({("sti", "rolleId"): _ANNEN_ROLLE} if "rolleId" in egen.sti else {})
            hoder = {**_hoder(v, VERNET[operasjon]), **andres, **egen.hoder}
            if isinstance(egen.kropp, dict) and operasjon[1].startswith("/api/"):
                med = {**egen.kropp, "kommune": FJORDVIK, "tenant": FJORDVIK}
                svar = await v.klient.request(operasjon[0], egen.adresse, headers=hoder, json=med)
                assert svar.status_code == 422, operasjon
            svar = await v.klient.request(
                operasjon[0],
                f"{utkledd.adresse}{skille}{spoerring}",
                headers=hoder,
                **({} if egen.kropp is None else {"json": egen.kropp}),
            )
            assert svar.status_code == rad.status, (operasjon, svar.text)
            assert _hemmelig_i(_alt(svar), a) == set(), operasjon
        assert await dump(v.arkiv.database, FJORDVIK) == hos_a

    _kjoer(motor, proev)


@motorer
def test_en_annen_kommunes_oppsett_kan_ikke_skrives(motor: str) -> None:
    async def proev(v: Verden, a: Ider, b: Ider) -> None:
        hos_a = await dump(v.arkiv.database, FJORDVIK)
        operasjon = ("PUT", "/api/v1/kommune/oppsett")
        svar = await _avvises_som_ukjent(v, lovlig(operasjon, a), VERNET[operasjon])
        assert svar.json()["errors"][0]["pointer"] == "/organisasjonsnummer"
        assert await dump(v.arkiv.database, FJORDVIK) == hos_a

    _kjoer(motor, proev)


@motorer
def test_samme_person_og_samme_noekkel_i_to_kommuner_er_to(motor: str) -> None:
    """The same number is two persons, and the same Idempotency-Key two requests: the vendor is the same."""

    async def proev(v: Verden, a: Ider, b: Ider) -> None:
        kropp = {
            "tjeneste": "PRAKTISK_BISTAND",
            "person": {"personidentifikator": a.identer[0]},
            "tjenester": [{"maaned": "2025-01", "art": "TIMER", "timer": 4}],
            "beregning": {"aar": 2025},
        }
        noekkel = {"Idempotency-Key": "samme-noekkel-i-begge"}
        hos_a = await v.post("/api/v1/saker", kropp, kommune=FJORDVIK, hoder=noekkel)
        foer = await dump(v.arkiv.database, FJORDVIK)
        hos_b = await v.post("/api/v1/saker", kropp, kommune=SKOGLI, hoder=noekkel)
        assert (hos_a.status_code, hos_b.status_code) == (201, 201)
        assert "idempotent-replayed" not in hos_b.headers
        personer = {svar.json()["sak"]["innhold"]["person"]["personId"] for svar in (hos_a, hos_b)}
        assert len(personer) == 2
        assert a.person in personer
        assert _hemmelig_i(hos_b.text, a) == set()
        assert await dump(v.arkiv.database, FJORDVIK) == foer

    _kjoer(motor, proev)


_SISTE: dict[str, tuple[Ider, Ider]] = {}


def _kjoer(motor: str, proev: Any) -> None:
    """Two kommuner with one of everything each, and the proof."""
    database = ny_database(motor)

    async def alt() -> None:
        async with tjeneste(database) as v:
            v.app.state.sesjoner = Rollesesjoner()
            a, b = await fyll(v, FJORDVIK), await fyll(v, SKOGLI)
            _SISTE[motor] = (a, b)
            arbeid: Coroutine[Any, Any, None] = proev(v, a, b)
            await arbeid

    asyncio.run(alt())


async def _send(v: Verden, foresporsel: Foresporsel, hoder: dict[str, str]) -> httpx2.Response:
    kropp = {} if foresporsel.kropp is None else {"json": foresporsel.kropp}
    alle = {**hoder, **foresporsel.hoder}
    return await v.klient.request(foresporsel.operasjon[0], foresporsel.adresse, headers=alle, **kropp)


def _hoder(v: Verden, krevd: frozenset[Rettighet]) -> dict[str, str]:
    """Skogli's, with the right the operation demands."""
    if krevd <= SCOPER["egenandel.write"]:
        return v.hode(SKOGLI, SCOPE_SKRIV)
    return innlogget(
        SKOGLI, next(rolle for rolle in (Rolle.LEDER, Rolle.DRIFT) if krevd <= RETTIGHETER[rolle])
    )


async def _send_som(v: Verden, foresporsel: Foresporsel, krevd: frozenset[Rettighet]) -> httpx2.Response:
    return await _send(v, foresporsel, _hoder(v, krevd))


async def _rader(v: Verden, kommune: str, etter: int) -> list[Registerrad]:
    async with v.arkiv.les(kommune) as lager:
        return list(await lager.revisjon.soek(Revisjonsfilter(), etter, 100))


async def _siste(v: Verden, kommune: str) -> int:
    async with v.arkiv.les(kommune) as lager:
        return (await lager.revisjon.hode()).nr


async def _avvises(
    v: Verden,
    foresporsel: Foresporsel,
    hoder: dict[str, str],
    krevd: frozenset[Rettighet],
    grunn: Avslagsgrunn = Avslagsgrunn.MANGLER_RETTIGHET,
) -> None:
    """403, and one row in the register of the caller's own kommune."""
    foer = {kommune: await _siste(v, kommune) for kommune in (FJORDVIK, SKOGLI)}
    svar = await _send(v, foresporsel, hoder)
    assert svar.status_code == 403, (foresporsel.operasjon, svar.text)
    _er_ett_avslag(await _rader(v, SKOGLI, foer[SKOGLI]), foresporsel.operasjon, krevd, grunn)
    assert await _siste(v, FJORDVIK) == foer[FJORDVIK]


async def _avvises_som_ukjent(
    v: Verden, foresporsel: Foresporsel, krevd: frozenset[Rettighet]
) -> httpx2.Response:
    """404 or 422, and one row in the register of the caller's own kommune."""
    foer = await _siste(v, SKOGLI)
    svar = await _send_som(v, foresporsel, krevd)
    if foresporsel.operasjon == ("POST", "/api/v1/revisjon/soek"):
        assert (svar.status_code, svar.json()["elementer"]) == (
            200,
            [],
        )  # The register's reader asks, and is answered.
        return svar
    assert svar.status_code in {404, 422}, (foresporsel, svar.text)
    rader = await _rader(v, SKOGLI, foer)
    _er_ett_avslag(rader, foresporsel.operasjon, krevd, Avslagsgrunn.FINNES_IKKE)
    return svar


def _er_ett_avslag(
    rader: list[Registerrad], operasjon: Operasjon, krevd: frozenset[Rettighet], grunn: Avslagsgrunn
) -> None:
    assert [(rad.handling, rad.utfall) for rad in rader] == [(Handling.AVSLAG, Utfall.AVSLAATT)], operasjon
    assert (rader[0].personmerke, rader[0].sak_id) == (None, None)
    innhold = json.loads(rader[0].innhold)
    assert innhold["rute"] == " ".join(operasjon)
    assert set(innhold["data"]) in [{grunn.value, rettighet.value} for rettighet in krevd]


_TID: Final = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)")
_FEIL_ID: Final = re.compile(r'"errorId":"[^"]+"')


def _uten_merker(svar: httpx2.Response) -> str:
    """An answer without what tells one request from the next."""
    hoder = {n: v for n, v in svar.headers.items() if n != "x-korrelasjonsid"}
    hoder.pop("content-length", None)
    tekst = _FEIL_ID.sub("", _TID.sub("", svar.text))
    tekst = re.sub(r'"(nr|hash|forrige|korrelasjonsid|personmerke)":("[^"]*"|\d+)', "", tekst)
    return f"{svar.status_code} {sorted(hoder.items())} {tekst}"


def _alt(svar: httpx2.Response) -> str:
    return f"{svar.headers.multi_items()} {svar.text}"


def _hemmelig_i(tekst: str, ider: Ider) -> set[str]:
    """What a text holds of a kommune; ids with and without dashes."""
    hemmelig = {**ider.alle, "kommune": ider.kommune, "referanse": f"hemmelig-{ider.kommune}"}
    hemmelig |= {f"ident {nr}": ident for nr, ident in enumerate(ider.identer)}
    lav = tekst.lower()
    return {hva for hva, verdi in hemmelig.items() if verdi in lav or verdi.replace("-", "") in lav}


def _aldri(id_: str) -> str:
    """An id nobody ever had, next to one that somebody has."""
    return str(UUID(int=UUID(id_).int ^ 1))


def _peker(id_: str) -> str:
    from app.api.sider import skriv_peker  # noqa: PLC0415

    return skriv_peker(UUID(id_))


def _er_uuid(verdi: object) -> bool:
    return isinstance(verdi, str) and bool(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", verdi))


def _uten_tall(sted: tuple[str | int, ...]) -> tuple[str, ...]:
    return tuple(str(ledd) for ledd in sted if isinstance(ledd, str))


def _uuidfelt(skjema: Any, skjemaer: Any, sti: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """Where in a body a UUID may stand."""
    if "$ref" in skjema:
        skjema = skjemaer[skjema["$ref"].rpartition("/")[2]]
    if skjema.get("format") == "uuid":
        return {sti}
    funnet: set[tuple[str, ...]] = set()
    for under in (*skjema.get("anyOf", ()), *([skjema["items"]] if "items" in skjema else ())):
        funnet |= _uuidfelt(under, skjemaer, sti)
    for navn, under in skjema.get("properties", {}).items():
        funnet |= _uuidfelt(under, skjemaer, (*sti, navn))
    return funnet


def _oppdiktede() -> Ider:
    felt = [f for f in Ider.__dataclass_fields__ if f not in {"kommune", "identer"}]
    ider = {navn: str(UUID(int=(7 << 76) | (2 << 62) | nr)) for nr, navn in enumerate(felt, 1)}
    return Ider(kommune=SKOGLI, identer=FREMMEDE, **ider)
