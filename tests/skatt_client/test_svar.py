"""What counts as an answer: the right person and year, required fields, exact numbers, room for the new."""

import asyncio
import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.sandbox.syntetisk import er_syntetisk_person
from app.skatt_client import (
    Funnet,
    IkkeOppgjoerEnnaa,
    Inntekter,
    Maaned,
    OppsettError,
    SisteOppgjoer,
    Skattegrunnlag,
    Skjermet,
    UgyldigSvar,
    UkjenteFelt,
    Utfall,
)
from app.skatt_client.skatteetaten.beregnet_skatt import BeregnetSkatt
from app.skatt_client.skatteetaten.modell import Modell
from tests.skatt_client.falske import ANNEN_PERSON, BSA, IM, PERSON, SSG, TD, Svar, ssg_svar, verden


def ssg(body: object, aar: int = 2025) -> Utfall[Skattegrunnlag]:
    async def proev() -> Utfall[Skattegrunnlag]:
        async with verden(svar=Svar(200, body)) as v:
            return await v.skatt.skattegrunnlag(SSG).hent(PERSON, aar)

    return asyncio.run(proev())


def bsa(body: object) -> Utfall[BeregnetSkatt]:
    async def proev() -> Utfall[BeregnetSkatt]:
        async with verden(svar=Svar(200, body)) as v:
            return await v.skatt.beregnet_skatt(BSA).hent(PERSON, 2025)

    return asyncio.run(proev())


def inntekt(body: object) -> Utfall[Inntekter]:
    async def proev() -> Utfall[Inntekter]:
        async with verden(svar=Svar(200, body)) as v:
            return await v.skatt.inntekt(IM).hent(PERSON, Maaned(2026, 1), Maaned(2026, 9))

    return asyncio.run(proev())


def funnet(utfall: Utfall[Any]) -> Any:
    assert isinstance(utfall, Funnet)
    return utfall.data


UGYLDIGE = [
    ({"personidentifikator": ANNEN_PERSON}, "annen-person", "en annen person"),
    ({"inntektsaar": "2024"}, "annet-aar", "et annet år"),
    ({"inntektsaar": 2024}, "annet-aar", "et annet år"),
    ({"stadie": "utkast"}, "annet-stadie", "et annet stadium"),
    ({"personidentifikator": None}, "felt", "mangler felt"),
    ({"personidentifikator": int(PERSON)}, "felt", "mangler felt"),
    ({"inntektsaar": None}, "felt", "mangler felt"),
    ({"skjermet": None}, "felt", "mangler felt"),
    ({"skjermet": "vet ikke"}, "felt", "mangler felt"),
    ({"grunnlag": {}}, "felt", "mangler felt"),
    ({"grunnlag": [{"beloep": 1}]}, "felt", "mangler felt"),
    ({"grunnlag": [{"tekniskNavn": "x"}]}, "felt", "mangler felt"),
    ({"grunnlag": [{"tekniskNavn": "x", "beloep": None}]}, "felt", "mangler felt"),
    ({"grunnlag": [{"tekniskNavn": "x", "beloep": 1.5}]}, "felt", "mangler felt"),
    ({"grunnlag": [{"tekniskNavn": "x", "beloep": True}]}, "felt", "mangler felt"),
    ({"skatteoppgjoersdato": 5}, "felt", "mangler felt"),
]


@pytest.mark.parametrize(("endring", "kode", "sier"), UGYLDIGE)
def test_200_som_ikke_kan_brukes(endring: dict[str, object], kode: str, sier: str) -> None:
    utfall = ssg(ssg_svar(**endring))
    assert isinstance(utfall, UgyldigSvar)
    assert utfall.kode == kode
    assert sier in utfall.melding
    assert PERSON not in repr(utfall)
    assert ANNEN_PERSON not in repr(utfall)


@pytest.mark.parametrize("mangler", ["personidentifikator", "inntektsaar", "skjermet"])
def test_paakrevde_felt(mangler: str) -> None:
    body = ssg_svar()
    del body[mangler]
    utfall = ssg(body)
    assert isinstance(utfall, UgyldigSvar)
    assert utfall.felt == (mangler,)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'{"personidentifikator":', b'{"x": NaN}', b"\xff", b"1" * 5000]
)
def test_200_uten_json(body: bytes) -> None:
    utfall = ssg(body)
    assert isinstance(utfall, UgyldigSvar)
    assert utfall.kode == "ikke-json"


def test_funnet() -> None:
    data = funnet(ssg(ssg_svar()))
    assert data.inntektsaar == 2025
    assert data.skatteoppgjoersdato == date(2026, 3, 21)
    assert data.grunnlag[0].teknisk_navn == "alderspensjonFraFolketrygden"
    assert data.grunnlag[0].beloep == 250_000


def test_det_som_mangler_er_ikke_null_kroner() -> None:
    body = ssg_svar()
    del body["grunnlag"]
    assert funnet(ssg(body)).grunnlag is None
    assert funnet(ssg(ssg_svar(grunnlag=None))).grunnlag is None
    assert funnet(ssg(ssg_svar(grunnlag=[]))).grunnlag == ()


@pytest.mark.parametrize("beloep", [0, -1, 2**31, 2**63 - 1, 10**25])
def test_store_heltall_er_noeyaktige(beloep: int) -> None:
    data = funnet(ssg(ssg_svar(grunnlag=[{"tekniskNavn": "x", "beloep": beloep}])))
    assert data.grunnlag[0].beloep == beloep


def test_ukjente_felt_beholdes_og_telles() -> None:
    async def proev() -> None:
        post = {
            "tekniskNavn": "x",
            "beloep": 1,
            "nyttFelt": 2,
            "spesifisering": [{"type": "Ny", "alt": "er lov"}],
        }
        body = ssg_svar(nytt={"a": 1}, grunnlag=[post, post], **{PERSON: 1})
        async with verden(svar=Svar(200, body)) as v:
            utfall = await v.skatt.skattegrunnlag(SSG).hent(PERSON, 2025)
            assert isinstance(utfall, Funnet)
            assert utfall.ukjente_felt == ("?", "grunnlag.nyttFelt", "nytt")
            assert [m for m in v.maalinger if isinstance(m, UkjenteFelt)] == [
                UkjenteFelt("summertskattegrunnlag", 3)
            ]
            assert (utfall.data.model_extra or {})["nytt"] == {"a": 1}
            (grunnlag, _) = utfall.data.grunnlag or ()
            (spesifisering,) = grunnlag.spesifisering or ()
            assert spesifisering.felt == {"alt": "er lov"}

    asyncio.run(proev())


def test_skjermet_er_et_eget_utfall_uten_data() -> None:
    for utfall in (
        ssg({"personidentifikator": PERSON, "inntektsaar": "2025", "skjermet": True}),
        ssg(ssg_svar(skjermet=True)),
        bsa({"personidentifikator": PERSON, "inntektsaar": 2025, "skjermet": True}),
    ):
        assert isinstance(utfall, Skjermet)
        assert "ikke null" in utfall.melding


def test_skjermet_for_feil_person_er_ugyldig() -> None:
    utfall = ssg({"personidentifikator": ANNEN_PERSON, "inntektsaar": "2025", "skjermet": True})
    assert isinstance(utfall, UgyldigSvar)


BSA_SVAR: dict[str, object] = {
    "personidentifikator": PERSON,
    "inntektsaar": 2025,
    "skjermet": False,
    "beregnetSkattFastland": {
        "beregnetSkatt": 90_000,
        "skattOgAvgift": {"trinnskatt": {"grunnlag": 350_000, "beloep": 4_602}},
        "oevrigeResultaterAvBeregning": {"pensjonsgivendeInntekt": 350_000, "annet": [{"beloep": 1}]},
    },
    "anvendtTolvdelVedArbeidsoppholdINorge": 12,
}


def test_beregnet_skatt() -> None:
    data = funnet(bsa(BSA_SVAR))
    assert data.beregnet_skatt_fastland.beregnet_skatt == 90_000
    assert data.beregnet_skatt_fastland.skatt_og_avgift["trinnskatt"].beloep == 4_602
    assert data.beregnet_skatt_svalbard is None
    assert data.anvendt_tolvdel_ved_arbeidsopphold_i_norge == 12


@pytest.mark.parametrize(
    ("endring", "kode"),
    [
        ({"inntektsaar": 2024}, "annet-aar"),
        ({"personidentifikator": ANNEN_PERSON}, "annen-person"),
        ({"inntektsaar": "tull"}, "felt"),
        ({"beregnetSkattFastland": {"skattOgAvgift": {PERSON: {"beloep": "x"}}}}, "felt"),
    ],
)
def test_beregnet_skatt_som_ikke_kan_brukes(endring: dict[str, object], kode: str) -> None:
    utfall = bsa(BSA_SVAR | endring)
    assert isinstance(utfall, UgyldigSvar)
    assert utfall.kode == kode
    assert PERSON not in repr(utfall)


def test_siste_oppgjoer() -> None:
    async def proev() -> None:
        svar = {
            "personidentifikator": PERSON,
            "ressursId": "skattegrunnlag",
            "sisteTilgjengeligePeriode": "2025",
        }
        annen = Svar(200, svar | {"personidentifikator": ANNEN_PERSON})
        async with verden(svar=Svar(200, svar)) as v:
            utfall = await v.skatt.siste_oppgjoer(TD).hent(PERSON)
            assert isinstance(utfall, Funnet)
            assert isinstance(utfall.data, SisteOppgjoer)
            assert utfall.data.siste_tilgjengelige_periode == 2025
            v.skatteetaten.koe.append(annen)
            assert isinstance(await v.skatt.siste_oppgjoer(TD).hent(PERSON), UgyldigSvar)

    asyncio.run(proev())


def oppgave(**mer: object) -> dict[str, object]:
    return {
        "opplysningspliktigId": "310000002",
        "kalendermaaned": "2026-03",
        "inntektsmottaker": {"personidentifikator": PERSON},
        "inntekt": [
            {
                "fordel": "kontantytelse",
                "beloep": 21_000.55,
                "pensjonEllerTrygd": {"beskrivelse": "alderspensjon"},
            }
        ],
        "forskuddstrekk": [{"beskrivelse": "ordinaertTrekk", "beloep": -4_000}],
        **mer,
    }


def test_inntekt() -> None:
    data = funnet(inntekt({"oppgaveInntektsmottaker": [oppgave(), oppgave(kalendermaaned="2026-09")]}))
    (post,) = data.oppgave_inntektsmottaker[0].inntekt
    assert post.beloep == Decimal("21000.55")
    assert post.pensjon_eller_trygd.beskrivelse == "alderspensjon"
    assert data.oppgave_inntektsmottaker[0].forskuddstrekk[0].beloep == -4_000


@pytest.mark.parametrize(
    ("oppgaver", "kode"),
    [
        ([oppgave(inntektsmottaker={"personidentifikator": ANNEN_PERSON})], "annen-person"),
        ([oppgave(), oppgave(inntektsmottaker={"personidentifikator": ANNEN_PERSON})], "annen-person"),
        ([oppgave(kalendermaaned="2025-12")], "annen-periode"),
        ([oppgave(kalendermaaned="2026-10")], "annen-periode"),
        ([oppgave(kalendermaaned="2026-13")], "felt"),
        ([oppgave(inntektsmottaker={})], "felt"),
        (None, "felt"),
    ],
)
def test_inntekt_som_ikke_kan_brukes(oppgaver: object, kode: str) -> None:
    utfall = inntekt({"oppgaveInntektsmottaker": oppgaver})
    assert isinstance(utfall, UgyldigSvar)
    assert utfall.kode == kode


def test_ingen_oppgaver_er_ingen_data() -> None:
    assert isinstance(inntekt({"oppgaveInntektsmottaker": []}), IkkeOppgjoerEnnaa)


@pytest.mark.parametrize("person", ["", "123", PERSON + "1", "0981989912x", "../../../../", "0981989912²"])
def test_en_ugyldig_identifikator_sendes_aldri(person: str) -> None:
    async def proev() -> None:
        async with verden() as v:
            for kall in (
                v.skatt.skattegrunnlag(SSG).hent(person, 2025),
                v.skatt.beregnet_skatt(BSA).hent(person, 2025),
                v.skatt.siste_oppgjoer(TD).hent(person),
                v.skatt.inntekt(IM).hent(person, Maaned(2026, 1), Maaned(2026, 1)),
            ):
                with pytest.raises(OppsettError) as fanget:
                    await kall
                assert not person or person not in str(fanget.value)
            assert not v.maskinporten.kall

    asyncio.run(proev())


def test_perioden_maa_gaa_framover() -> None:
    async def proev() -> None:
        async with verden() as v:
            with pytest.raises(OppsettError):
                await v.skatt.inntekt(IM).hent(PERSON, Maaned(2026, 2), Maaned(2026, 1))
        with pytest.raises(OppsettError):
            Maaned(2026, 13)

    asyncio.run(proev())


PUBLISERTE = Path(__file__).parent / "publiserte"

# The published answer (its source is in publiserte/README.md), the model that reads it, unknown fields.
LESES: list[tuple[str, type[Modell], tuple[str, ...]]] = [
    ("summertskattegrunnlag-2023", Skattegrunnlag, ()),
    ("summertskattegrunnlag-2021", Skattegrunnlag, ()),
    ("beregnetskatt-2022", BeregnetSkatt, ()),
    ("siste-tilgjengelige", SisteOppgjoer, ()),
    ("inntekt-2018-07", Inntekter, ()),
]

# In the form of v1, which the client has no model of; the catalogue's tests read it.
ELDRE_FORM = {"summertskattegrunnlag-v1-2023"}


@pytest.mark.parametrize(("fil", "modell", "ukjente"), LESES)
def test_publiserte_eksempler_leses_helt(fil: str, modell: type[Modell], ukjente: tuple[str, ...]) -> None:
    raa = json.loads((PUBLISERTE / f"{fil}.json").read_text("utf-8"), parse_float=Decimal)
    assert modell.model_validate(raa).ukjente_felt() == ukjente


def test_hvert_publisert_svar_er_med_og_har_kilde_og_en_oppdiktet_person() -> None:
    assert {f.stem for f in PUBLISERTE.glob("*.json")} == {fil for fil, *_ in LESES} | ELDRE_FORM
    kilder = (PUBLISERTE / "README.md").read_text("utf-8")
    for fil in PUBLISERTE.glob("*.json"):
        assert f"| `{fil.stem}` |" in kilder
        (ident,) = re.findall(r'"personidentifikator": "(.*)"', fil.read_text("utf-8"))
        assert er_syntetisk_person(ident)
