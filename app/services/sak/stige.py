"""The kommune's ladder for practical help, and the household's place in it. From a stored calculation, never anew."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any, Final

from app.calc.beloep import NULL
from app.calc.kontrakt.json_tekst import les_json
from app.db.lager.beregninger import Beregning

_HUNDREDEL: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stigetrinn:
    """One step.

    Attributes:
        nummer: its place in the price register, from 1.
        fra: the lower limit, kroner.
        til: the upper limit; ``None`` is none.
        fra_g: the lower limit in G, when the kommune has set it so.
        til_g: the upper limit in G.
        er_her: whether the household is in it at the end of the year.
    """

    nummer: int
    fra: Decimal
    til: Decimal | None
    fra_g: Decimal | None
    til_g: Decimal | None
    timepris: Decimal | None
    fastpris_per_maaned: Decimal | None
    maks_per_maaned: Decimal | None
    er_her: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stige:
    """The ladder at the end of a year, and where the household stands.

    Attributes:
        grunnlag: the household's basis.
        antall_g: the basis in G, cut to two decimals.
        under_to_g: whether the state's cap applies.
    """

    aar: int
    grunnlag: Decimal
    g: Decimal
    antall_g: Decimal
    to_g: Decimal
    under_to_g: bool
    trinn: tuple[Stigetrinn, ...]


def stigen(beregning: Beregning) -> Stige | None:
    """The ladder a calculation was made with; ``None`` when it has no result, or is of another service."""
    if beregning.resultat is None or beregning.inn is None:
        return None
    resultat = les_json(beregning.resultat)
    if "grunnbeloep" not in resultat or "toG" not in resultat:
        return None
    g, grunnlag = Decimal(resultat["grunnbeloep"]), Decimal(resultat["grunnlag"])
    her = None if resultat["trinn"] is None else int(resultat["trinn"]["nummer"])
    trinn = (_trinn(rad, nr, g, her) for nr, rad in enumerate(_register(les_json(beregning.inn)), start=1))
    return Stige(
        aar=int(resultat["aar"]),
        grunnlag=grunnlag,
        g=g,
        antall_g=(grunnlag / g).quantize(_HUNDREDEL, ROUND_DOWN),
        to_g=Decimal(resultat["toG"]),
        under_to_g=bool(resultat["under2G"]),
        trinn=tuple(sorted(trinn, key=lambda ett: ett.fra)),
    )


def _register(inn: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps of the register in force at the end of the year."""
    endringer = sorted(inn.get("prisendringer", ()), key=lambda rad: str(rad["fraMaaned"]))
    register = endringer[-1]["prisregister"] if endringer else inn.get("prisregister", {})
    trinn: list[dict[str, Any]] = register.get("trinn", [])
    return trinn


def _trinn(rad: dict[str, Any], nummer: int, g: Decimal, her: int | None) -> Stigetrinn:
    fra_g, til_g = _tall(rad, "fraG"), _tall(rad, "tilG")
    if fra_g is not None:
        fra, til = fra_g * g, None if til_g is None else til_g * g
    else:
        fra, til = _tall(rad, "fraKroner") or NULL, _tall(rad, "tilKroner")
    return Stigetrinn(
        nummer=nummer,
        fra=fra,
        til=til,
        fra_g=fra_g,
        til_g=til_g,
        timepris=_tall(rad, "timepris"),
        fastpris_per_maaned=_tall(rad, "fastprisPerMaaned"),
        maks_per_maaned=_tall(rad, "maksPerMaaned"),
        er_her=nummer == her,
    )


def _tall(rad: dict[str, Any], navn: str) -> Decimal | None:
    verdi = rad.get(navn)
    return None if verdi is None else Decimal(verdi)
