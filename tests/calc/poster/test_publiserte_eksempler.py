"""The published examples themselves, as KS and Skatteetaten have printed them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.calc.poster.inntekter import (
    Aarsanslag,
    Inntektslinje,
    Inntektsoppgave,
    Inntektssvar,
    anslag_for_aaret,
)
from app.calc.poster.langtidsgrunnlag import Langtidsgrunnlag
from app.calc.poster.paragraf_3 import langtidsgrunnlag
from app.calc.poster.paragraf_10 import Husstandsgrunnlag, husstandsgrunnlag
from app.calc.poster.typer import Skattepost, Skattesvar
from tests.calc.poster.lesing import publisert, svar, trykt

KS_GRUPPER = {
    "arbeidsinntekt": "arbeidsinntekt",
    "folketrygdeytelser": "pensjonFraFolketrygden",
    "naeringsinntekt": "naeringsinntekt",
    "renteinntekt": "renteinntekt",
    "avkastningFormue": "annenAvkastning",
}


def _ks_poster(raa: dict[str, Any], person: str) -> Skattesvar:
    return Skattesvar(
        raa["inntektsaar"],
        tuple(
            Skattepost(post["tekniskNavn"], del_["beloep"])
            for gruppe in raa["visningsposter"]
            for post in gruppe["poster"]
            if not post["tekniskNavn"].startswith("/")
            for del_ in post["personer"]
            if del_["identifikator"] == person
        ),
    )


@pytest.mark.parametrize("navn", ["langtidsopphold-2023", "openapi-2023"])
def test_ks_langtid_gir_de_samme_gruppene(navn: str) -> None:
    raa = trykt(navn)
    beboer = raa["personer"][0]["identifikator"]
    grunnlag = langtidsgrunnlag(_ks_poster(raa, beboer))
    assert isinstance(grunnlag, Langtidsgrunnlag)
    assert {str(gruppe): steg.verdi for gruppe, steg in grunnlag.grupper.items()} == {
        KS_GRUPPER[gruppe["tekniskNavn"]]: gruppe["beloep"]
        for gruppe in raa["inntekt"]["beregning"]
        if gruppe["tekniskNavn"] in KS_GRUPPER
    }
    assert grunnlag.aapne_poster == 0


@pytest.mark.parametrize(
    ("navn", "avvikene"),
    [("praktisk-bistand-september-2023", [0, 0]), ("praktisk-bistand-april-2023", [2, 0])],
)
def test_ks_praktisk_bistand_gir_de_samme_tallene(navn: str, avvikene: list[int]) -> None:
    """Hand-entered posts are added with September's signs; April's reversed the two of Nav."""
    fortegn = {
        "nav.hjelpestoenadFraFolketrygden": 1,
        "nav.omsorgsloennEtterHelseOgOmsorgstjenesteloven": -1,
        "kommune.skjoennsmessigeFradrag": -1,
    }
    raa = trykt(navn)
    avvik = []
    for person in raa["summertSkattegrunnlagPersoner"]:
        poster = [post for gruppe in person["grunnlag"] for post in gruppe["poster"]]
        grunnlag = husstandsgrunnlag(
            Skattesvar(
                raa["inntektsaar"],
                tuple(
                    Skattepost(post["tekniskNavn"], post["beloep"])
                    for post in poster
                    if post["tekniskNavn"] not in fortegn
                ),
            )
        )
        assert isinstance(grunnlag, Husstandsgrunnlag)
        assert grunnlag.skattbar_nettoinntekt is not None
        assert grunnlag.aapne == 0
        for_haand = sum(fortegn.get(post["tekniskNavn"], 0) * post["beloep"] for post in poster)
        avvik.append(grunnlag.skattbar_nettoinntekt.verdi + for_haand - person["beloep"])
    assert avvik == avvikene


def test_skatteetatens_eksempel_teller_naeringen_en_gang() -> None:
    grunnlag = langtidsgrunnlag(svar(publisert("summertskattegrunnlag-2023")))
    assert isinstance(grunnlag, Langtidsgrunnlag)
    assert {str(gruppe): int(steg.verdi) for gruppe, steg in grunnlag.grupper.items()} == {
        "arbeidsinntekt": 719_038 + 4_392 + 111_948,
        "naeringsinntekt": 51_432,
        "renteinntekt": 19_667,
    }
    assert grunnlag.aapne_poster == 0


@pytest.mark.parametrize(
    ("navn", "grupper", "aapne"),
    [
        (
            "summertskattegrunnlag-2021",
            {"pensjonFraFolketrygden": 894_828, "renteinntekt": 19_015, "annenAvkastning": 286_299},
            0,
        ),
        (
            "summertskattegrunnlag-v1-2023",
            {"andreLoependeTrygdeytelser": 126_362, "arbeidsinntekt": 213_151},
            1,
        ),
    ],
)
def test_andre_svar(navn: str, grupper: dict[str, int], aapne: int) -> None:
    grunnlag = langtidsgrunnlag(svar(publisert(navn)))
    assert isinstance(grunnlag, Langtidsgrunnlag)
    assert {str(gruppe): int(steg.verdi) for gruppe, steg in grunnlag.grupper.items()} == grupper
    assert grunnlag.aapne_poster == aapne


def test_inntektseksempelet() -> None:
    """Wage 150 000 + 2 400 and car 6 000; four allowances; «overtidsmat» is in no code list."""
    raa = publisert("inntekt-2018-07")
    typer = ("loennsinntekt", "ytelseFraOffentlige", "pensjonEllerTrygd", "naeringsinntekt")
    oppgaver = tuple(
        Inntektsoppgave(
            oppgave["kalendermaaned"],
            oppgave["opplysningspliktigId"],
            tuple(
                Inntektslinje(
                    type_,
                    linje[type_]["beskrivelse"],
                    linje["fordel"],
                    Decimal(linje["beloep"]),
                    linje["inngaarIGrunnlagForTrekk"],
                )
                for linje in oppgave["inntekt"]
                for type_ in typer
                if type_ in linje
            ),
        )
        for oppgave in raa["oppgaveInntektsmottaker"]
    )
    anslag = anslag_for_aaret(Inntektssvar(2018, oppgaver), date(2019, 1, 10))
    assert isinstance(anslag, Aarsanslag)
    assert [o.noekkel.beskrivelse for o in anslag.ukjente] == ["overtidsmat"]
    assert len(anslag.ikke_inntekt) == 4
    assert anslag.inntekt is not None
    assert anslag.inntekt.verdi == 6 * (150_000 + 2_400 + 6_000)
