"""Cases for the pages of a case: one of each kind the sandbox's persons give."""

from collections.abc import Callable
from typing import Any, Final

from tests.saker.historie import Json, bistandssak, langtidssak
from tests.saker.verden import Verden

AAR: Final = 2025


def person(verden: Verden, kallenavn: str) -> Json:
    """A person with a name."""
    return {"personidentifikator": verden.ident(kallenavn), "navn": f"Prøve {kallenavn.capitalize()}"}


def enslig(verden: Verden) -> Json:
    """A single resident, a whole year of her own settlement."""
    return langtidssak(person(verden, "enslig-pensjonist"), AAR)


def par(verden: Verden) -> Json:
    """A couple of whom one lives at home."""
    ektefelle = {
        "person": person(verden, "ks-langtid-partner"),
        "relasjon": "EKTEFELLE",
        "tenktEtterlattepensjon": 0,
    }
    return langtidssak(person(verden, "ks-langtid-beboer"), 2023, husstand=[ektefelle])


def korttid(verden: Verden) -> Json:
    """A short stay that passes the sixtieth day, with days in hospital."""
    return {
        "tjeneste": "LANGTIDSOPPHOLD",
        "person": person(verden, "utbytte"),
        "opphold": [{"art": "KORTTID_DOEGN", "fra": f"{AAR}-01-31", "til": f"{AAR}-04-30"}],
        "sykehusopphold": [{"fra": f"{AAR}-02-10", "til": f"{AAR}-02-12"}],
        "beregning": {"aar": AAR},
    }


def bare_korttid(verden: Verden) -> Json:
    """A short stay that never comes near the limit: nobody's income is asked for."""
    opphold = [{"art": "KORTTID_DOEGN", "fra": f"{AAR}-01-10", "til": f"{AAR}-02-08"}]
    return {
        "tjeneste": "LANGTIDSOPPHOLD",
        "person": person(verden, "tap"),
        "opphold": opphold,
        "beregning": {"aar": AAR},
    }


def bistand(verden: Verden) -> Json:
    """Help at home every month."""
    tjenester = [{"maaned": f"2026-{nr:02d}", "art": "TIMER", "timer": 4} for nr in range(1, 13)]
    return bistandssak(person(verden, "formue"), 2026, tjenester=tjenester)


def bistand_par(verden: Verden) -> Json:
    """Help at home for a couple who both count, with figures entered in the case itself."""
    ektefelle = {"person": person(verden, "ks-bistand-ektefelle"), "relasjon": "EKTEFELLE"}
    return bistandssak(
        person(verden, "ks-bistand-soeker"),
        2023,
        husstand=[ektefelle],
        forhold=[{"hjelpestoenad": 2000, "omsorgsstoenad": 1000}],
        skjoennsmessigFradrag=[{"beloep": 3000, "begrunnelse": "høye utgifter til medisin"}],
    )


def foreloepig(verden: Verden) -> Json:
    """The running year, carried forward from the last settlement."""
    return langtidssak(person(verden, "gevinst"), 2026)


def skjermet(verden: Verden) -> Json:
    """Somebody whose figures are withheld."""
    return langtidssak(person(verden, "skjermet-helt"), AAR)


def uten_oppgjoer(verden: Verden) -> Json:
    """Somebody who has no settlement yet."""
    return langtidssak(person(verden, "uten-noe"), AAR)


MED_BELOEP: Final[dict[str, Callable[[Verden], Json]]] = {
    "enslig": enslig,
    "par": par,
    "korttid": korttid,
    "bare korttid": bare_korttid,
    "praktisk bistand": bistand,
    "praktisk bistand, par": bistand_par,
    "foreløpig": foreloepig,
}
UTEN_BELOEP: Final[dict[str, Callable[[Verden], Json]]] = {
    "skjermet": skjermet,
    "uten oppgjør": uten_oppgjoer,
}


async def ny(verden: Verden, innhold: Json) -> Any:
    """A case with its calculation, taken in through the API."""
    svar = await verden.post("/api/v1/saker", innhold)
    assert svar.status_code == 201, svar.json()["detail"]
    return svar.json()
