"""The demo's cases: what a kommune has on its desk, with the sandbox's persons."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from app.cli.demo.klient import Avvist, Demoklient
from app.sandbox.befolkning.register import Befolkning
from app.sandbox.standard import FJORDVIK, LIA, SKOGLI

Sak = dict[str, Any]
_FINNES: Final = frozenset({"sak-finnes"})


def last_inn(klient: Demoklient, befolkning: Befolkning) -> dict[str, Counter[str]]:
    """Make the cases that are not there yet; by kommune, how many stand in each state.

    Every case has a key of its own, so one that was made before gives the answer it gave then.
    """
    svar: dict[str, Counter[str]] = {}
    for kommune, saker in _saker(befolkning).items():
        svar[kommune] = Counter()
        for nr, sak in enumerate(saker, 1):
            referanse = f"demo-{kommune}-{nr:02d}"
            svar[kommune][_tilstand(klient, kommune, {**sak, "referanse": referanse}, referanse)] += 1
    return svar


def _tilstand(klient: Demoklient, kommune: str, sak: Sak, noekkel: str) -> str:
    try:
        beregning = klient.kall(kommune, "POST", "/saker", sak, Idempotency_Key=noekkel)["beregning"]
    except Avvist as feil:
        # Made by an earlier release of the demo, or by whoever tries it.
        if feil.problem.get("kode") in _FINNES or feil.problem["type"].endswith(":noekkel-brukt"):
            return "fra før"
        raise
    if beregning["tilstand"] == "BEREGNET":
        return "foreløpig beregnet" if beregning["foreloepig"] else "beregnet"
    return "mangler tall" if beregning["mangler"] else "venter på saksbehandler"


def _saker(befolkning: Befolkning) -> dict[str, list[Sak]]:
    def p(kallenavn: str) -> dict[str, str]:
        person = befolkning.person(kallenavn)
        return {"personidentifikator": person.identer[0], "navn": person.navn}

    return {
        FJORDVIK: [
            _langtid(p("gevinst"), 2024, "solbakken"),
            _langtid(p("formue"), 2025, "solbakken"),
            _langtid(p("uskiftet-bo"), 2026, "fjordheim", forhold=[{"uskiftetBo": True}]),
            _langtid(p("ukjent-post"), 2025, "fjordheim"),
            _langtid(p("skjermet-helt"), 2025, "solbakken"),
            _langtid(p("uten-noe"), 2025, "solbakken"),
            _korttid(p("flokk-000001"), "2026", "solbakken", _TO_OPPHOLD),
            _korttid(p("flokk-000002"), "2026", "solbakken", _OVER_60_DOEGN),
            _bistand(p("omsorgsstoenad"), 2026, timer=3),
            _bistand(p("flokk-000003"), 2026, timer=6, ektefelle=p("flokk-000004")),
        ],
        SKOGLI: [
            _langtid(p("ufoer"), 2025, "skoglitunet"),
            _langtid(p("tap"), 2025, "skoglitunet"),
            _langtid(p("uten-oppgjoer"), 2025, "skoglitunet"),
            _langtid(p("utland"), 2024, "skoglitunet"),
            _langtid(
                p("flokk-000005"), 2025, "skoglitunet", ektefelle=p("flokk-000006"), etterlattepensjon=240_000
            ),
            _korttid(p("flokk-000007"), "2026", "skoglitunet", _TO_OPPHOLD),
            _bistand(p("utbytte"), 2026, timer=4),
            _bistand(p("flokk-000008"), 2026, timer=8, ektefelle=p("flokk-000009")),
        ],
        LIA: [
            _langtid(p("naering"), 2025, "liaheimen"),
            _bistand(p("flokk-000010"), 2026, timer=5),
            _korttid(p("flokk-000011"), "2026", "liaheimen", _TO_OPPHOLD),
        ],
    }


_TO_OPPHOLD: Final = (("02-02", "02-15"), ("09-07", "09-27"))
_OVER_60_DOEGN: Final = (("01-12", "02-20"), ("05-04", "06-14"))


def _langtid(
    person: Sak,
    aar: int,
    institusjon: str,
    *,
    ektefelle: Sak | None = None,
    etterlattepensjon: int = 0,
    **resten: Any,
) -> Sak:
    husstand = [
        {"person": en, "relasjon": "EKTEFELLE", "tenktEtterlattepensjon": etterlattepensjon}
        for en in (ektefelle,)
        if en is not None
    ]
    return {
        "tjeneste": "LANGTIDSOPPHOLD",
        "person": person,
        "husstand": husstand,
        "opphold": [{"art": "LANGTID", "fra": f"{aar - 1}-09-01", "institusjon": institusjon}],
        "beregning": {"aar": aar},
        **resten,
    }


def _korttid(person: Sak, aar: str, institusjon: str, opphold: tuple[tuple[str, str], ...]) -> Sak:
    return {
        "tjeneste": "LANGTIDSOPPHOLD",
        "person": person,
        "opphold": [
            {"art": "KORTTID_DOEGN", "fra": f"{aar}-{fra}", "til": f"{aar}-{til}", "institusjon": institusjon}
            for fra, til in opphold
        ],
        "beregning": {"aar": int(aar)},
    }


def _bistand(person: Sak, aar: int, *, timer: int, ektefelle: Sak | None = None) -> Sak:
    return {
        "tjeneste": "PRAKTISK_BISTAND",
        "person": person,
        "husstand": [{"person": en, "relasjon": "EKTEFELLE"} for en in (ektefelle,) if en is not None],
        "tjenester": [{"maaned": maaned, "art": "TIMER", "timer": timer} for maaned in _maaneder(aar)],
        "beregning": {"aar": aar},
    }


def _maaneder(aar: int) -> Iterator[str]:
    return (f"{aar}-{maaned:02d}" for maaned in range(1, 13))
