"""The document of a sak: every fault is found, and nobody who does not belong gets in."""

from decimal import Decimal
from typing import Any

import pytest

from app.calc.kontrakt.feil import KontraktFeilError
from app.calc.kontrakt.json_tekst import les_json, skriv_json
from app.services.sak.innhold import (
    LAGRET_SAKSINNHOLD,
    SAKSINNHOLD,
    med_referanser,
    personer,
    syntetiske,
    ukjente_institusjoner,
)
from app.services.sak.rader import Saksperson
from tests.services.sak.saker import (
    BARN,
    BARN_ID,
    BEBOER,
    BEBOER_ID,
    BISTAND,
    EKTEFELLE,
    EKTEFELLE_ID,
    LANGTID,
    REFERANSER,
    SAMBOER,
    ektefelle,
    lagret,
    les,
    sendt,
)

OPPHOLD: dict[str, Any] = {"art": "LANGTID", "fra": "2025-01-10"}
BARN_RAD: dict[str, Any] = {"person": {"personidentifikator": BARN}, "relasjon": "BARN_UNDER_18"}
SAMBOER_RAD: dict[str, Any] = {"person": {"personidentifikator": SAMBOER}, "relasjon": "SAMBOER"}
UTEN_PERSON: dict[str, Any] = {
    "relasjon": "EKTEFELLE",
    "arbeidsinntekt": 0,
    "pensjonFraFolketrygden": 210_000,
}
PAR_10 = "§ 10 tredje ledd"

# (what is wrong, the document, pointer and code of each fault, words the first sentence must have)
FEIL: list[tuple[str, dict[str, Any], list[tuple[str, str]], str]] = [
    (
        "ukjent tjeneste",
        {**LANGTID, "tjeneste": "BARNEHAGE"},
        [("/tjeneste", "ukjent-verdi")],
        "Skal være en av",
    ),
    ("ingen person", {"tjeneste": "LANGTIDSOPPHOLD"}, [("/person", "mangler")], "Legg det til"),
    (
        "ti sifre",
        {**LANGTID, "person": {"personidentifikator": "0181500000"}},
        [("/person/personidentifikator", "ugyldig-personidentifikator")],
        "elleve sifre",
    ),
    (
        "tall i stedet for tekst",
        {**LANGTID, "person": {"personidentifikator": 1}},
        [("/person/personidentifikator", "ugyldig-personidentifikator")],
        "som tekst",
    ),
    (
        "gale kontrollsifre",
        {**LANGTID, "person": {"personidentifikator": BEBOER[:-1] + str((int(BEBOER[-1]) + 1) % 10)}},
        [("/person/personidentifikator", "ugyldig-personidentifikator")],
        "Kontroller sifrene",
    ),
    (
        "både nummer og referanse",
        {**LANGTID, "person": {"personidentifikator": BEBOER, "personId": BEBOER_ID}},
        [("/person", "personidentifikator-eller-person-id")],
        "enten",
    ),
    (
        "verken nummer eller referanse",
        {**LANGTID, "person": {}},
        [("/person", "personidentifikator-eller-person-id")],
        "enten",
    ),
    (
        "referansen er ikke vår",
        {**LANGTID, "person": {"personId": "17"}},
        [("/person/personId", "ugyldig-person-id")],
        "personId",
    ),
    (
        "navn på en vi kjenner",
        {**LANGTID, "person": {"personId": BEBOER_ID, "navn": "Test Testesen"}},
        [("/person/navn", "passer-ikke")],
        "Utelat",
    ),
    *(
        (f"fødselsnummer i {hvor}", {**LANGTID, **inn}, [(f"/{hvor}", "elleve-sifre")], "elleve sifre")
        for hvor, inn in (
            ("referanse", {"referanse": f"sak {BEBOER}"}),
            ("referanse", {"referanse": f"{BEBOER[:6]} {BEBOER[6:]}"}),
            ("person/navn", {"person": {"personidentifikator": BEBOER, "navn": f"Test {BEBOER}"}}),
            (
                "skjoennsmessigFradrag/0/begrunnelse",
                {"skjoennsmessigFradrag": [{"beloep": 1, "begrunnelse": f"Forsørger {BARN}"}]},
            ),
        )
    ),
    *(
        (
            f"{hvem} i husstanden",
            {**BISTAND, "husstand": [{**SAMBOER_RAD, "relasjon": hvem}]},
            [("/husstand/0/relasjon", "ukjent-verdi")],
            PAR_10,
        )
        for hvem in ("MOR", "FAR", "SOESKEN", "ANNET", "BEBOER")
    ),
    (
        "voksent barn i husstanden",
        {**BISTAND, "husstand": [{**BARN_RAD, "relasjon": "BARN_OVER_18"}]},
        [("/husstand/0/relasjon", "ikke-i-husstanden")],
        PAR_10,
    ),
    (
        "barn som ikke er grunnen til hjelpen",
        {**BISTAND, "husstand": [BARN_RAD]},
        [("/husstand/0/hjelpenSkyldesBarnetsBehov", "ikke-i-husstanden")],
        PAR_10,
    ),
    (
        "barnets behov hos ektefelle",
        {**BISTAND, "husstand": [ektefelle(hjelpenSkyldesBarnetsBehov=True)]},
        [("/husstand/0/hjelpenSkyldesBarnetsBehov", "passer-ikke")],
        "ektefelle",
    ),
    (
        "ektefelle som bor et annet sted, i husstanden",
        {**BISTAND, "husstand": [ektefelle(hjemmeboende=False)]},
        [("/husstand/0/hjemmeboende", "passer-ikke")],
        "§ 10 fjerde ledd",
    ),
    (
        "medlem uten person",
        {**BISTAND, "husstand": [{"relasjon": "EKTEFELLE"}]},
        [("/husstand/0/person", "mangler")],
        PAR_10,
    ),
    *(
        (
            f"to partnere samtidig, {tjeneste}",
            {**grunn, "husstand": [ektefelle(**en), {**SAMBOER_RAD, **to}]},
            [("/husstand/1", "flere-partnere")],
            hjemmel,
        )
        for tjeneste, grunn, hjemmel in (
            ("bistand", BISTAND, PAR_10),
            ("langtid", LANGTID, "§ 5 første ledd"),
        )
        for en, to in (
            ({}, {}),
            ({"til": "2025-05-01"}, {"fra": "2025-05-01"}),
            ({"fra": "2020-01-01", "til": "2025-05-01"}, {"til": "2020-01-01"}),
        )
    ),
    (
        "samme person to ganger samtidig",
        {
            **LANGTID,
            "husstand": [
                {**BARN_RAD, "til": "2025-06-01"},
                {**BARN_RAD, "relasjon": "BARN_OVER_18", "fra": "2025-06-01"},
            ],
        },
        [("/husstand/1/person", "samme-person")],
        "samme tidsrom",
    ),
    (
        "personen selv i husstanden",
        {**BISTAND, "husstand": [ektefelle(person={"personidentifikator": BEBOER}, til="2001-01-01")]},
        [("/husstand/0/person", "samme-person")],
        "Fjern raden",
    ),
    (
        "forsørget uten person og inntekt",
        {**LANGTID, "husstand": [{"relasjon": "EKTEFELLE", "arbeidsinntekt": 0}]},
        [("/husstand/0/person", "mangler")],
        "0 når det ikke er noen",
    ),
    (
        "barn betaler langtidsegenandel",
        {**LANGTID, "husstand": [{**BARN_RAD, "betalerLangtidsegenandel": True}]},
        [("/husstand/0/betalerLangtidsegenandel", "passer-ikke")],
        "hvor de enn bor",
    ),
    (
        "felt for praktisk bistand i langtid",
        {
            **LANGTID,
            "husstand": [ektefelle(hjelpestoenad=1, omsorgsstoenad=0)],
            "forhold": [{"hjelpestoenad": 1}],
        },
        [
            ("/forhold/0/hjelpestoenad", "passer-ikke"),
            ("/husstand/0/hjelpestoenad", "passer-ikke"),
            ("/husstand/0/omsorgsstoenad", "passer-ikke"),
        ],
        "Utelat",
    ),
    (
        "felt for langtid i praktisk bistand",
        {**BISTAND, "husstand": [ektefelle(tenktEtterlattepensjon=0, arbeidsinntekt=1)]},
        [
            ("/husstand/0/tenktEtterlattepensjon", "passer-ikke"),
            ("/husstand/0/arbeidsinntekt", "passer-ikke"),
        ],
        "Utelat",
    ),
    (
        "tjenester i langtid",
        {**LANGTID, "tjenester": [{"maaned": "2025-01", "art": "TIMER", "timer": 1}]},
        [("/tjenester", "passer-ikke")],
        "langtidsopphold",
    ),
    (
        "opphold i praktisk bistand",
        {**BISTAND, "opphold": [OPPHOLD], "sykehusopphold": [{"fra": "2025-02-01"}]},
        [("/opphold", "passer-ikke"), ("/sykehusopphold", "passer-ikke")],
        "praktisk bistand",
    ),
    (
        "både institusjon og beløp",
        {**LANGTID, "opphold": [{**OPPHOLD, "institusjon": "A", "oppholdsutgiftPerMaaned": 1}]},
        [("/opphold/0/oppholdsutgiftPerMaaned", "institusjon-eller-beloep")],
        "enten",
    ),
    (
        "overlappende opphold",
        {**LANGTID, "opphold": [OPPHOLD, {**OPPHOLD, "fra": "2025-02-01"}]},
        [("/opphold/1", "overlappende-opphold")],
        "overlapper",
    ),
    (
        "besøk uten antall",
        {**LANGTID, "opphold": [{"art": "DAG", "fra": "2025-02-01"}]},
        [("/opphold/0/antall", "mangler")],
        "antall",
    ),
    (
        "overlappende sykehusopphold",
        {
            **LANGTID,
            "opphold": [OPPHOLD],
            "sykehusopphold": [{"fra": "2025-02-01"}, {"fra": "2025-03-01", "til": "2025-03-02"}],
        },
        [("/sykehusopphold/1", "overlappende-sykehusopphold")],
        "overlapper",
    ),
    (
        "overlappende forhold",
        {**LANGTID, "forhold": [{"uskiftetBo": True}, {"fra": "2025-01-01"}]},
        [("/forhold/1", "overlappende-forhold")],
        "overlapper",
    ),
    (
        "datoer i gal rekkefølge",
        {
            **LANGTID,
            "husstand": [ektefelle(fra="2025-02-01", til="2025-01-31")],
            "forhold": [{"fra": "2025-02-01", "til": "2025-01-31"}],
            "sykehusopphold": [{"fra": "2025-02-01", "til": "2025-01-31"}],
            "skjoennsmessigFradrag": [
                {"beloep": 1, "begrunnelse": "x", "fra": "2025-02-01", "til": "2025-01-31"}
            ],
        },
        [
            ("/husstand/0/til", "til-foer-fra"),
            ("/forhold/0/til", "til-foer-fra"),
            ("/sykehusopphold/0/til", "til-foer-fra"),
            ("/skjoennsmessigFradrag/0/til", "til-foer-fra"),
        ],
        "Rett fra eller til",
    ),
    (
        "alt på en gang",
        {
            "tjeneste": "PRAKTISK_BISTAND",
            "person": {"personidentifikator": "1"},
            "husstand": [
                {"relasjon": "ONKEL"},
                {**BARN_RAD, "relasjon": "BARN_OVER_18"},
                ektefelle(),
                SAMBOER_RAD,
            ],
            "ukjent": 1,
        },
        [
            ("/person/personidentifikator", "ugyldig-personidentifikator"),
            ("/husstand/0/relasjon", "ukjent-verdi"),
            ("/ukjent", "ukjent-felt"),
            ("/husstand/1/relasjon", "ikke-i-husstanden"),
            ("/husstand/3", "flere-partnere"),
        ],
        "elleve sifre",
    ),
]


@pytest.mark.parametrize(("inn", "ventet", "ord_"), [rad[1:] for rad in FEIL], ids=[rad[0] for rad in FEIL])
def test_hver_feil_har_sted_kode_og_raad(
    inn: dict[str, Any], ventet: list[tuple[str, str]], ord_: str
) -> None:
    with pytest.raises(KontraktFeilError) as feil:
        sendt(inn)
    assert sorted((f.pointer, f.kode) for f in feil.value.feil) == sorted(ventet)
    assert ord_ in next(f.detail for f in feil.value.feil if (f.pointer, f.kode) == ventet[0])
    for f in feil.value.feil:
        assert f.detail.endswith((".", "?"))
        assert BEBOER not in f.detail


RETT: list[tuple[str, dict[str, Any]]] = [
    ("minst mulig", LANGTID),
    ("en vi kjenner fra før", {**LANGTID, "person": {"personId": BEBOER_ID}}),
    ("en annens saksnummer", {**LANGTID, "referanse": "2025/1234567890-1"}),
    ("elleve sifre som del av et lengre tall", {**LANGTID, "referanse": "1234567890123"}),
    ("ektefelle med inntekten ført inn", {**LANGTID, "husstand": [UTEN_PERSON]}),
    (
        "ny samboer dagen etter",
        {**BISTAND, "husstand": [ektefelle(til="2025-05-01"), {**SAMBOER_RAD, "fra": "2025-05-02"}]},
    ),
    (
        "samboer som blir ektefelle",
        {
            **BISTAND,
            "husstand": [
                {**SAMBOER_RAD, "til": "2025-05-01"},
                {**SAMBOER_RAD, "relasjon": "EKTEFELLE", "fra": "2025-05-02"},
            ],
        },
    ),
    (
        "barn som fyller 18",
        {
            **LANGTID,
            "husstand": [
                {**BARN_RAD, "til": "2025-06-01"},
                {**BARN_RAD, "relasjon": "BARN_OVER_18", "fra": "2025-06-02"},
            ],
        },
    ),
    (
        "barn som er grunnen til hjelpen",
        {**BISTAND, "husstand": [{**BARN_RAD, "hjelpenSkyldesBarnetsBehov": True}]},
    ),
    (
        "ektefelle på sykehjem regnes ikke med og slås ikke opp",
        {**BISTAND, "husstand": [{"relasjon": "EKTEFELLE", "betalerLangtidsegenandel": True}]},
    ),
    ("begge på sykehjem", {**LANGTID, "husstand": [ektefelle(betalerLangtidsegenandel=True)]}),
    (
        "opphold på institusjon med sykehus",
        {**LANGTID, "opphold": [{**OPPHOLD, "institusjon": "A"}], "sykehusopphold": [{"fra": "2025-02-01"}]},
    ),
]


@pytest.mark.parametrize("inn", [rad[1] for rad in RETT], ids=[rad[0] for rad in RETT])
def test_det_som_er_lov(inn: dict[str, Any]) -> None:
    sendt(inn)


def test_personene_blir_referanser_og_innholdet_er_det_samme() -> None:
    inn = {
        **BISTAND,
        "referanse": "vår-17",
        "person": {"personidentifikator": BEBOER, "navn": "Test Testesen"},
        "forhold": [{"fra": "2025-01-01", "hjelpestoenad": Decimal("12000.5")}],
        "husstand": [ektefelle(til="2025-04-30"), {**BARN_RAD, "hjelpenSkyldesBarnetsBehov": True}],
        "tjenester": [{"maaned": "2025-01", "art": "TIMER", "timer": 2}],
    }
    fra = sendt(inn)
    spurt: list[Saksperson] = []

    def referanse(person: Saksperson) -> str:
        spurt.append(person)
        return REFERANSER[person.personidentifikator or ""]

    til = med_referanser(fra, referanse)
    assert [person.personidentifikator for person in spurt] == [BEBOER, EKTEFELLE, BARN]
    assert til.person.person_id == BEBOER_ID
    assert [rad.person and rad.person.person_id for rad in til.husstand] == [EKTEFELLE_ID, BARN_ID]
    assert (til.referanse, til.forhold, til.tjenester) == (fra.referanse, fra.forhold, fra.tjenester)
    assert til.husstand[0].til == fra.husstand[0].til
    tekst = skriv_json(til)
    assert BEBOER not in tekst
    assert "Testesen" not in tekst
    assert lagret(les_json(tekst)) == til


def test_samme_person_i_to_rader_spoerres_det_om_en_gang() -> None:
    inn = {
        **LANGTID,
        "husstand": [
            {**BARN_RAD, "til": "2025-06-01"},
            {**BARN_RAD, "relasjon": "BARN_OVER_18", "fra": "2025-06-02"},
        ],
    }
    assert [person.personidentifikator for person in personer(sendt(inn))] == [BEBOER, BARN]


@pytest.mark.parametrize(
    ("inn", "peker"),
    [
        ({**LANGTID, "husstand": [ektefelle()]}, "/innhold/husstand/0/person"),
        (
            {
                **LANGTID,
                "husstand": [BARN_RAD, {**BARN_RAD, "person": {"personidentifikator": EKTEFELLE}}],
                "person": {"personidentifikator": SAMBOER},
            },
            "/innhold/husstand/1/person",
        ),
    ],
    ids=["d-nummer og fødselsnummer er samme beboer", "to numre er samme barn"],
)
def test_to_numre_som_er_en_person_avvises(inn: dict[str, Any], peker: str) -> None:
    def en_person(person: Saksperson) -> str:
        return EKTEFELLE_ID if person.personidentifikator == SAMBOER else BEBOER_ID

    with pytest.raises(KontraktFeilError) as feil:
        med_referanser(sendt(inn), en_person, "/innhold")
    assert [(f.pointer, f.kode) for f in feil.value.feil] == [(peker, "samme-person")]


def test_testpersoner_kan_nektes() -> None:
    innhold = sendt({**LANGTID, "husstand": [ektefelle(), {**BARN_RAD, "person": {"personId": BARN_ID}}]})
    assert [f.pointer for f in syntetiske(innhold, "/innhold")] == [
        "/innhold/person/personidentifikator",
        "/innhold/husstand/0/person/personidentifikator",
    ]


def test_institusjoner_kommunen_ikke_har() -> None:
    innhold = sendt(
        {
            **LANGTID,
            "opphold": [
                {**OPPHOLD, "til": "2025-02-01", "institusjon": "A"},
                {**OPPHOLD, "fra": "2025-03-01", "institusjon": "B"},
            ],
        }
    )
    assert [f.pointer for f in ukjente_institusjoner(innhold, {"A"})] == ["/opphold/1/institusjon"]


def test_ingenting_personlig_i_repr() -> None:
    inn = {
        **LANGTID,
        "person": {"personidentifikator": BEBOER, "navn": "Test Testesen"},
        "husstand": [ektefelle(tenktEtterlattepensjon=123_456)],
        "skjoennsmessigFradrag": [{"beloep": 123_456, "begrunnelse": "Test"}],
    }
    innhold = sendt(inn)
    deler = [innhold, innhold.person, *innhold.husstand, *innhold.skjoennsmessig_fradrag]
    alt = f"{deler!r} {med_referanser(innhold, lambda p: REFERANSER[p.personidentifikator or ''])!r}"
    for hemmelig in (BEBOER, EKTEFELLE, "Testesen", "123456"):
        assert hemmelig not in alt


def test_begge_formene_kan_beskrives() -> None:
    navngitte: dict[str, Any] = {}
    SAKSINNHOLD.skjema(navngitte)
    LAGRET_SAKSINNHOLD.skjema(navngitte)
    assert {"Saksinnhold", "LagretSaksinnhold", "Husstandsrad", "LagretHusstandsrad"} <= navngitte.keys()
    assert "personidentifikator" not in navngitte["LagretPerson"]["properties"]
    assert les(LANGTID, SAKSINNHOLD).husstand == ()
