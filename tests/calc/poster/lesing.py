"""Reading wire-shaped fixtures into the catalogue's input types."""

import csv
import json
from pathlib import Path
from typing import Any

from app.calc.poster.skatt import BeregnetSkatt, Skatteart, Skattedel
from app.calc.poster.typer import Skattepost, Skattesvar, Spesifisering, Svardel

HER = Path(__file__).parent
_TESTER = HER.parents[1]

_LISTER = {
    "grunnlag": Svardel.FASTLAND,
    "svalbardGrunnlag": Svardel.SVALBARD,
    "kildeskattPaaLoennGrunnlag": Svardel.KILDESKATT,
}


def fil(navn: str) -> Any:
    """A fixture of ours."""
    return json.loads((HER / "svar" / navn).read_text("utf-8"))


def les_liste(navn: str) -> list[dict[str, str]]:
    """A published list, row by row.

    ``navn_og_aar.csv``: every tekniskNavn, with category and years, of summert skattegrunnlag 2021 to 2025.
    ``koder.csv``: every code of Inntekt API, November 2023. Both are from Skatteetaten/api-dokumentasjon.
    """
    return list(csv.DictReader((HER / navn).read_text("utf-8").splitlines()))


def trykt(navn: str) -> Any:
    """An answer KS has printed."""
    return json.loads((_TESTER / "fiks" / "trykte" / f"{navn}-svar.json").read_text("utf-8"))


def publisert(navn: str) -> Any:
    """An answer Skatteetaten has published."""
    return json.loads((_TESTER / "skatt_client" / "publiserte" / f"{navn}.json").read_text("utf-8"))


def svar(raa: dict[str, Any]) -> Skattesvar:
    """A summert-skattegrunnlag body as neutral input."""
    return Skattesvar(
        int(raa["inntektsaar"]),
        tuple(
            Skattepost(
                post["tekniskNavn"],
                int(post["beloep"]),
                post.get("kategori"),
                tuple(spesifisering(rad) for rad in post.get("spesifisering", ())),
                post.get("andelSkattefritt"),
                post.get("andelOverfoertFraBarn"),
                del_,
            )
            for liste, del_ in _LISTER.items()
            for post in raa.get(liste, ())
        ),
        raa["skjermet"],
    )


def spesifisering(rad: dict[str, Any]) -> Spesifisering:
    """The fields the catalogue uses of one specification."""
    return Spesifisering(
        rad["type"],
        rad.get("organisasjonsnummer"),
        rad.get("pensjonsinntektPerSkattleggingsperiode", rad.get("beloep")),
        rad.get("land"),
        rad.get("kontonummer"),
    )


def skatt(raa: dict[str, Any]) -> BeregnetSkatt:
    """A beregnet-skatt body as neutral input."""
    deler = (("beregnetSkattFastland", Svardel.FASTLAND), ("beregnetSkattSvalbard", Svardel.SVALBARD))
    return BeregnetSkatt(
        int(raa["inntektsaar"]),
        tuple(
            Skattedel(
                del_,
                raa[felt]["beregnetSkatt"],
                tuple(
                    Skatteart(navn, art["beloep"], art.get("grunnlag"))
                    for navn, art in raa[felt]["skattOgAvgift"].items()
                ),
                tuple(Skatteart(navn, beloep) for navn, beloep in raa[felt].get("skattefradrag", {}).items()),
            )
            for felt, del_ in deler
            if felt in raa
        ),
        raa["skjermet"],
    )


def av(aar: int, *poster: tuple[str, int], **andre: Any) -> Skattesvar:
    """An answer made of names and amounts."""
    return Skattesvar(aar, tuple(Skattepost(navn, beloep, **andre) for navn, beloep in poster))
