"""What somebody with bad intentions would try against the pages: others' ids, other places, hostile text."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import httpx2

from app.api.tilgang.ruter import Operasjon, sidenes_rettigheter
from app.db.lager.revisjon import Revisjonsfilter
from app.main import create_app
from app.portal.ramme.hoder import innholdsregler
from app.sandbox.standard import FJORDVIK, SKOGLI
from app.services.revisjon import Utfall
from app.services.tilgang import RETTIGHETER, Rolle
from app.settings import Settings
from tests.baser import ny_database
from tests.portal.verden import ADRESSE, Nettleser, nettleser, portal, tekst
from tests.saker.dump import REGISTERET, dump
from tests.saker.lovlige import AAR, Ider, fyll
from tests.saker.verden import Verden

SIDENE: Final = sidenes_rettigheter(create_app(Settings()))
_ALDRI: Final = "01900000-0000-7000-8000-000000000000"
_ID_I_STIEN: Final = {
    "sak_id": "sak",
    "beregning_id": "ny_beregning",
    "gammel_id": "beregning",
    "vedtak_id": "vedtak",
    "etteroppgjoer_id": "etteroppgjoer",
    "kjoering_id": "massekjoering",
    "avstemming_id": "avstemming",
    "webhook_id": "webhook",
    "oppgave_id": "oppgave",
}
_ANNET_I_STIEN: Final = {"node": "rot", "type_": "csv", "del_": "valg", "versjon": "1", "nr": "0"}
_DEL_AV_STIEN: Final = re.compile(r"\{(\w+)(?::\w+)?\}")
_EN_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PERSON: Final = "person"
_SAK: Final = "sak"
_BEREGNING: Final = "ny_beregning"
_VEDTAK: Final = "vedtak"

SPURT: Final[dict[Operasjon, dict[str, str]]] = {
    ("GET", "/saker/{sak_id:uuid}/vedtak/nytt"): {"beregning": _BEREGNING},
    ("GET", "/saker/{sak_id:uuid}/etteroppgjoer/nytt"): {"aar": str(AAR)},
}
"""What stands in the query of the pages that need it; the names of ids are words of ``Ider``."""

SENDT: Final[dict[Operasjon, dict[str, str]]] = {
    ("POST", "/saker/{sak_id:uuid}/avslutning"): {"dato": "2026-11-23", "grunn": "FLYTTET", "versjon": "1"},
    ("POST", "/saker/{sak_id:uuid}/beregninger/ny"): {"aar": str(AAR), "grunnlag": "LAGRET"},
    ("POST", "/saker/{sak_id:uuid}/etteroppgjoer/nytt"): {"aar": str(AAR), "gjoer": "lagre"},
    ("POST", "/saker/{sak_id:uuid}/vedtak/nytt"): {"beregningId": _BEREGNING, "fra": f"{AAR}-03-01"},
    ("POST", "/saker/{sak_id:uuid}/vedtak/{vedtak_id:uuid}/godkjenning"): {"utfall": "GODKJENT"},
    ("POST", "/oppgaver/{oppgave_id}/lukk"): {"begrunnelse": "Ferdig", "versjon": "1"},
    ("POST", "/webhooker/{webhook_id}"): {"url": "https://epj.example/ny", "versjon": "1"},
    ("POST", "/webhooker/{webhook_id}/roter"): {"versjon": "1"},
    ("POST", "/webhooker/{webhook_id}/slett"): {"versjon": "1"},
    ("POST", "/etteroppgjoer/samlet"): {"aar": str(AAR), "sak": _SAK},
    ("POST", "/drift/arbeid/gjenta"): {"personId": _PERSON, "liste": "SKATTEOPPGJOER", "aar": str(AAR)},
    ("POST", "/drift/arbeid/lukk"): {
        "personId": _PERSON,
        "liste": "SKATTEOPPGJOER",
        "aar": str(AAR),
        "begrunnelse": "Vurdert",
    },
}
"""What is sent with the forms that need something to get as far as looking for what they are about."""


@dataclass(frozen=True, slots=True)
class Kommuner:
    """Two kommuner with one of everything each."""

    verden: Verden
    fjordvik: Ider
    skogli: Ider


def _i_to_kommuner(arbeid: Callable[[Kommuner], Awaitable[None]]) -> None:
    database = ny_database("sqlite")

    async def alt() -> None:
        async with portal(database) as verden:
            await arbeid(Kommuner(verden, await fyll(verden, FJORDVIK), await fyll(verden, SKOGLI)))

    asyncio.run(alt())


def _ider_i(operasjon: Operasjon) -> set[str]:
    """The words of ``Ider`` a request names, in its path, its query and its form."""
    i_stien = {_ID_I_STIEN[navn] for navn in _DEL_AV_STIEN.findall(operasjon[1]) if navn in _ID_I_STIEN}
    andre = {**SPURT.get(operasjon, {}), **SENDT.get(operasjon, {})}.values()
    return i_stien | {verdi for verdi in andre if verdi in Ider.__dataclass_fields__}


async def _send(leser: Nettleser, operasjon: Operasjon, ider: dict[str, str]) -> httpx2.Response:
    def id_(navn: str) -> str:
        return ider.get(navn, navn)

    def bytt(treff: re.Match[str]) -> str:
        navn = treff[1]
        return id_(_ID_I_STIEN[navn]) if navn in _ID_I_STIEN else _ANNET_I_STIEN[navn]

    sti = _DEL_AV_STIEN.sub(bytt, operasjon[1])
    if operasjon[0] == "GET":
        spurt = {navn: id_(verdi) for navn, verdi in SPURT.get(operasjon, {}).items()}
        return await leser.aapne(sti, params=spurt)
    return await leser.send(sti, {navn: id_(verdi) for navn, verdi in SENDT.get(operasjon, {}).items()})


def _byttene(
    operasjon: Operasjon, egne: Ider, andres: Ider
) -> Iterator[tuple[str, dict[str, str], dict[str, str]]]:
    """Each id by another's, one at a time and all at once; beside each, the same with an id that never was."""
    navnene = sorted(_ider_i(operasjon))
    for bytt in [[navn] for navn in navnene] + ([navnene] if len(navnene) > 1 else []):
        fremmed = {navn: andres.alle[navn] for navn in bytt}
        yield ", ".join(bytt), {**egne.alle, **fremmed}, {**egne.alle, **dict.fromkeys(bytt, _ALDRI)}


def test_hver_del_av_hver_sti_er_kjent() -> None:
    """A new kind of id comes with a row above, or nothing below is proved of it."""
    deler = {navn for _, mal in SIDENE for navn in _DEL_AV_STIEN.findall(mal)}
    assert deler == {*_ID_I_STIEN, *_ANNET_I_STIEN}
    assert {*SPURT, *SENDT} <= set(SIDENE)


def test_en_annen_kommunes_id_er_som_en_som_aldri_fantes() -> None:
    async def arbeid(k: Kommuner) -> None:
        foer = await dump(k.verden.arkiv.database, FJORDVIK)
        hos_oss = await dump(k.verden.arkiv.database, SKOGLI, uten=REGISTERET)
        antall = 0
        async with nettleser(k.verden, Rolle.LEDER, SKOGLI) as leser:
            for operasjon in SIDENE:
                for hva, fremmede, aldri in _byttene(operasjon, k.skogli, k.fjordvik):
                    nektet = await _avslag(k.verden)
                    svar = await _send(leser, operasjon, fremmede)
                    assert svar.status_code == 404, (operasjon, hva)
                    assert await _avslag(k.verden) == nektet + 1, (operasjon, hva)
                    assert FJORDVIK not in svar.text
                    assert "hemmelig" not in svar.text
                    assert _sagt(svar) == _sagt(await _send(leser, operasjon, aldri)), (operasjon, hva)
                    antall += 1
        assert antall > len(SIDENE) // 2
        assert await dump(k.verden.arkiv.database, FJORDVIK) == foer
        assert await dump(k.verden.arkiv.database, SKOGLI, uten=REGISTERET) == hos_oss

    _i_to_kommuner(arbeid)


def _sagt(svar: httpx2.Response) -> str:
    """What a page says, without the reference of the request."""
    return _EN_ID.sub("…", tekst(svar))


async def _avslag(verden: Verden) -> int:
    async with verden.arkiv.les(SKOGLI) as lager:
        return len(await lager.revisjon.soek(Revisjonsfilter(utfall=Utfall.AVSLAATT), 0, 10_000))


def test_hvert_svar_forteller_nettleseren_det_samme() -> None:
    """Whatever the answer is: no frame, no other place, nothing kept."""

    async def arbeid(k: Kommuner) -> None:
        sett: set[int] = set()
        egne, aldri = k.skogli.alle, dict.fromkeys(k.skogli.alle, _ALDRI)
        for rolle in (Rolle.LEDER, Rolle.DRIFT, None):
            async with nettleser(k.verden, rolle or Rolle.LEDER, SKOGLI) as leser:
                if rolle is None:
                    leser.klient.cookies.clear()
                for operasjon in SIDENE:
                    if operasjon[0] != "GET":
                        continue
                    for ider in (egne, aldri):
                        svar = await _send(leser, operasjon, ider)
                        _kontroller_hodene(svar)
                        sett.add(svar.status_code)
        assert sett == {200, 303, 403, 404}

    _i_to_kommuner(arbeid)


def _kontroller_hodene(svar: httpx2.Response) -> None:
    hoder = svar.headers
    assert hoder["content-security-policy"] == innholdsregler()
    assert "unsafe" not in hoder["content-security-policy"]
    assert hoder["x-frame-options"] == "DENY"
    assert hoder["x-content-type-options"] == "nosniff"
    assert hoder["referrer-policy"] == "same-origin"
    assert hoder["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in hoder


STEDER: Final = (
    "https://ond.example/saker",
    "https://tjenesten.ond.example/saker",
    "https://tjenesten@ond.example/saker",
    "http://ond.example\\@tjenesten/saker",
    f"{ADRESSE}//ond.example/",
    f"{ADRESSE}/\\ond.example/",
    f"{ADRESSE}/%5Cond.example/",
    f"{ADRESSE}/%2F%2Fond.example/",
    "//ond.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    f"{ADRESSE}/%0d%0aX-Plantet:%20ja",
    "",
)


def test_ingen_viderekobling_forlater_oss() -> None:
    async def arbeid(verden: Verden) -> None:
        for rolle in (Rolle.BEREGNER, None):
            async with nettleser(verden, rolle or Rolle.BEREGNER) as leser:
                if rolle is None:
                    leser.klient.cookies.clear()
                for sted in STEDER:
                    await _blir_hos_oss(leser, sted)

    _i_portal(arbeid)


async def _blir_hos_oss(leser: Nettleser, sted: str) -> None:
    hoder = {"referer": sted, "x-forwarded-host": "ond.example", "forwarded": "host=ond.example"}
    for svar in (
        await leser.send("/spraak", {"spraak": "nn"}, headers=hoder),
        await leser.aapne("/saker", headers=hoder),
        await leser.aapne("/logg-inn", params={"retur": sted}, headers=hoder),
        await leser.send("/saker/soek", {"soek": ""}, headers=hoder),
    ):
        assert "x-plantet" not in svar.headers, sted
        til = svar.headers.get("location", "/")
        assert re.fullmatch(r"/(?![/\\])[^\\\s]*", til), (sted, til)


def _i_portal(arbeid: Callable[[Verden], Awaitable[None]]) -> None:
    database = ny_database("sqlite")

    async def alt() -> None:
        async with portal(database) as verden:
            await arbeid(verden)

    asyncio.run(alt())


def test_ingen_kan_plante_et_hode() -> None:
    async def arbeid(verden: Verden) -> None:
        async with nettleser(verden, Rolle.LEDER) as leser:
            for sti in (
                "/saker%0d%0aX-Plantet:%20ja",
                "/oppsett/fil.toml%0d%0aX-Plantet:%20ja",
                "/statisk/x%0d%0aX-Plantet:%20ja/portal.css",
                f"/massekjoeringer/{_ALDRI}/liste.csv%0d%0aX-Plantet:%20ja",
                f"/avstemminger/{_ALDRI}/rapport.csv%22;%20filename=%22ond.exe",
                "/saker?etter=%0d%0aX-Plantet:%20ja",
                "/regler/3%0d%0aX-Plantet:%20ja",
            ):
                svar = await leser.aapne(sti)
                assert svar.status_code in {404, 405, 422}, sti
                assert "x-plantet" not in svar.headers, sti
                assert "content-disposition" not in svar.headers, sti

    _i_portal(arbeid)


_ONDT: Final = '"><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*191 }}'


def test_det_som_skrives_er_tekst_overalt() -> None:
    """A name, a reference and reasons that would be a page of their own, on every page that shows them."""

    async def arbeid(verden: Verden) -> None:
        ider = await _ond_sak(verden)
        vist = 0
        async with nettleser(verden, Rolle.LEDER) as leser:
            for operasjon, krevd in SIDENE.items():
                if operasjon[0] == "GET" and krevd <= RETTIGHETER[Rolle.LEDER]:
                    vist += _er_tekst((await _send(leser, operasjon, ider)).text)
            for soek in (_ONDT, "<b>", "{{7*7}}"):
                vist += _er_tekst((await leser.send("/saker/soek", {"soek": soek})).text)
            vist += _er_tekst((await leser.send("/saker/ny", {"gjoer": "lagre", "referanse": _ONDT})).text)
        assert vist > len(SIDENE) // 4

    _i_portal(arbeid)


def _er_tekst(side: str) -> bool:
    """Whether the page shows it at all; shown as anything but text is a failure."""
    assert "<script>alert" not in side
    assert "<img src=x" not in side
    assert "1337" not in side
    return "&lt;script&gt;alert(1)" in side


async def _ond_sak(verden: Verden) -> dict[str, str]:
    async def post(sti: str, inn: Any) -> Any:
        svar = await verden.post(f"/api/v1/saker{sti}", inn)
        assert svar.status_code == 201, svar.text
        return svar.json()

    ny = await post(
        "",
        {
            "tjeneste": "LANGTIDSOPPHOLD",
            "referanse": _ONDT[:50],
            "person": {"personidentifikator": verden.ident("enslig-pensjonist"), "navn": _ONDT},
            "opphold": [{"art": "LANGTID", "fra": "2024-01-01", "institusjon": "solbakken"}],
            "beregning": {"aar": 2025},
        },
    )
    sak, foerste = ny["sak"]["id"], ny["beregning"]["id"]
    vedtak = await post(f"/{sak}/vedtak", {"beregningId": foerste, "fra": "2025-01-01", "begrunnelse": _ONDT})
    beloep = {
        "felt": "/inntekter/renteinntekt",
        "beloep": 40000,
        "begrunnelse": _ONDT,
        "kilde": _ONDT[:90],
        "vedlegg": _ONDT[:90],
    }
    await post(f"/{sak}/manuelle-poster", {"aar": 2025, "oppgitteBeloep": [beloep]})
    nyere = await post(f"/{sak}/beregninger", {"aar": 2025})
    oppgjort = await post(f"/{sak}/etteroppgjoer", {"aar": 2025})
    return {
        "sak": sak,
        "beregning": foerste,
        "ny_beregning": nyere["id"],
        "vedtak": vedtak["id"],
        "etteroppgjoer": oppgjort["id"],
        **dict.fromkeys(("massekjoering", "avstemming", "webhook", "oppgave"), _ALDRI),
    }
