"""One case from its first day to its etteroppgjør, through the API, told in plain Norwegian."""

import time
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from app.calc.beloep import tall_paa_norsk
from app.calc.forklar import forklar
from app.calc.periode import dato_paa_norsk
from app.cli.demo.klient import Avvist, Demoklient, si
from app.sandbox.befolkning.register import Befolkning
from app.sandbox.standard import SKOGLI

KOMMUNE: Final = SKOGLI
_BEBOER, _HJEMME = "ektepar-beboer", "ektepar-hjemme"
_AAR: Final = 2025
_FRA: Final = date(_AAR, 1, 15)
_VIST: Final = "juni"
_ETTERLATTEPENSJON: Final = 210_000
_FRIST_SEKUNDER: Final = 60
_MELLOM_SEKUNDER: Final = 0.2
_PRIVAT: Final = "311102001"
"""SYNTETISK PRIVAT PENSJON AS; the other payer is the public one."""
_PRIVAT_ER: Final = ("privatPensjon", "privat pensjon")
_ANNEN_ER: Final = ("offentligTjenestepensjon", "offentlig tjenestepensjon")


class Gjennomgang:
    """The walk.

    Attributes:
        ident: the resident's national id.
    """

    def __init__(self, klient: Demoklient, befolkning: Befolkning) -> None:
        self._klient = klient
        personer = {kallenavn: befolkning.person(kallenavn) for kallenavn in (_BEBOER, _HJEMME)}
        self._ident = {kallenavn: person.identer[0] for kallenavn, person in personer.items()}
        self._navn = {kallenavn: person.navn for kallenavn, person in personer.items()}
        self.ident: Final = self._ident[_BEBOER]
        self._sak = ""

    def gaa(self) -> None:
        """Walk and tell."""
        self._avslutt_forrige()
        for navn in (_BEBOER, _HJEMME):
            self._klient.kontroll("DELETE", f"/personer/{navn}/oppgjoer/{_AAR}?ikke_kommet=true")
        beregning = self._ny_sak()
        foerste = self._plasser_og_beregn(beregning)
        _vis_forklart(foerste["resultat"])
        vedtak = self._fatt_vedtak(foerste)
        self._oppgjoeret_kommer()
        self._gjoer_opp(vedtak)

    def _avslutt_forrige(self) -> None:
        """End what an earlier start left open: a person has one open case about a service."""
        soek = {"personidentifikator": self._ident[_BEBOER], "tjeneste": "LANGTIDSOPPHOLD", "status": "AAPEN"}
        for sak in self._kall("POST", "/saker/soek", soek)["elementer"]:
            self._kall(
                "POST",
                f"/saker/{sak['id']}/avslutning",
                {"dato": f"{_AAR}-12-31", "grunn": "FEILREGISTRERT"},
                If_Match=f'"{sak["versjon"]}"',
            )

    def _ny_sak(self) -> dict[str, Any]:
        _overskrift(1, "Ny sak")
        si(
            f"Et ektepar i Skogli. Den ene flytter inn på Skoglitunet {dato_paa_norsk(_FRA)}, den andre bor hjemme."
        )
        svar = self._kall(
            "POST",
            "/saker",
            {
                "tjeneste": "LANGTIDSOPPHOLD",
                "referanse": "demo-gjennomgang",
                "person": {"personidentifikator": self._ident[_BEBOER], "navn": self._navn[_BEBOER]},
                "husstand": [
                    {
                        "person": {"personidentifikator": self._ident[_HJEMME], "navn": self._navn[_HJEMME]},
                        "relasjon": "EKTEFELLE",
                        "tenktEtterlattepensjon": _ETTERLATTEPENSJON,
                    }
                ],
                "opphold": [{"art": "LANGTID", "fra": _FRA.isoformat(), "institusjon": "skoglitunet"}],
                "beregning": {"aar": _AAR},
            },
        )
        self._sak = svar["sak"]["id"]
        beregning: dict[str, Any] = svar["beregning"]
        _vis_tilstand(beregning)
        return beregning

    def _plasser_og_beregn(self, beregning: dict[str, Any]) -> dict[str, Any]:
        _overskrift(2, "Saksbehandleren plasserer det som venter, og beregner på nytt")
        self._plasser(beregning)
        ny = self._beregn()
        _vis_tilstand(ny)
        return ny

    def _plasser(self, beregning: dict[str, Any]) -> None:
        plasseringer = []
        for post in beregning["aapne"]:
            som, navn = _PRIVAT_ER if post["utbetaler"] == _PRIVAT else _ANNEN_ER
            plasseringer.append(
                {"noekkel": post["noekkel"], "som": som, "begrunnelse": "Pensjonsbrev fra utbetaleren"}
            )
            si(f"  {_kroner(post['beloep'])} plasseres som {navn}: pensjonsbrev fra utbetaleren")
        self._kall("POST", self._sti("/manuelle-poster"), {"aar": _AAR, "plasseringer": plasseringer})

    def _beregn(self, **oenske: str) -> dict[str, Any]:
        svar: dict[str, Any] = self._kall("POST", self._sti("/beregninger"), {"aar": _AAR, **oenske})
        return svar

    def _fatt_vedtak(self, beregning: dict[str, Any]) -> dict[str, Any]:
        _overskrift(4, "Vedtak")
        vedtak: dict[str, Any] = self._kall(
            "POST", self._sti("/vedtak"), {"beregningId": beregning["id"], "fra": _FRA.isoformat()}
        )
        sum_ = sum(maaned["egenandel"] for maaned in vedtak["maaneder"])
        si(
            f"Foreløpig vedtak fra {dato_paa_norsk(_FRA)}: {len(vedtak['maaneder'])} måneder, {_kroner(sum_)} i {_AAR}."
        )
        return vedtak

    def _oppgjoeret_kommer(self) -> None:
        _overskrift(5, f"Skatteoppgjøret for {_AAR} kommer, og tjenesten følger det opp av seg selv")
        for navn in (_BEBOER, _HJEMME):
            self._klient.kontroll("PUT", f"/personer/{navn}/oppgjoer/{_AAR}", {})
        beregning = self._fulgt_opp()
        for oppgave in self._kall("GET", f"/oppgaver?tilstand=AAPEN&sakId={self._sak}")["elementer"]:
            si(f"Oppgave: {oppgave['innhold']['tekst']}")
        _vis_tilstand(beregning)
        self._plasser(beregning)
        _vis_tilstand(self._beregn())

    def _fulgt_opp(self) -> dict[str, Any]:
        """The calculation the service makes when the events of both have come.

        Raises:
            Avvist: it has not come within a time that is long for a demo.
        """
        frist = time.monotonic() + _FRIST_SEKUNDER
        while time.monotonic() < frist:
            siste = self._kall("GET", self._sti("/beregninger?antall=200"))["elementer"][-1]
            if siste["automatisk"]:
                beregning: dict[str, Any] = self._kall("GET", self._sti(f"/beregninger/{siste['id']}"))
                if {person["inntektsaar"] for person in beregning["personer"]} == {_AAR}:
                    return beregning
            time.sleep(_MELLOM_SEKUNDER)
        raise Avvist(
            504, {"detail": f"Hendelsene ble ikke fulgt opp innen {_FRIST_SEKUNDER} sekunder. Se loggen."}
        )

    def _gjoer_opp(self, vedtak: dict[str, Any]) -> None:
        _overskrift(6, "Etteroppgjør")
        svar = self._kall("POST", self._sti("/etteroppgjoer"), {"aar": _AAR})["resultat"]
        krevd = sum(maaned["egenandel"] for maaned in vedtak["maaneder"])
        hvem = {"SKYLDIG": "kreves av beboeren", "TIL_GODE": "betales tilbake til beboeren"}
        si(
            f"Krevd etter vedtaket: {_kroner(krevd)}. Riktig etter skatteoppgjøret: {_kroner(krevd + svar['sum'])}."
        )
        si(f"{_kroner(abs(svar['sum']))} {hvem.get(svar['retning'], 'er under grensen og gjøres ikke opp')}.")

    def _sti(self, sti: str) -> str:
        return f"/saker/{self._sak}{sti}"

    def _kall(self, metode: str, sti: str, kropp: Any = None, **hoder: str) -> Any:
        return self._klient.kall(KOMMUNE, metode, sti, kropp, **hoder)


def _vis_tilstand(beregning: dict[str, Any]) -> None:
    aar = sorted({person["inntektsaar"] for person in beregning["personer"]})
    fra = f"skatteoppgjøret for {', '.join(map(str, aar))}"
    if beregning["tilstand"] == "BEREGNET":
        hva = "foreløpig" if beregning["foreloepig"] else "endelig"
        si(f"BEREGNET, {hva}, av {fra}: {_kroner(beregning['egenandelAar'])} i {beregning['aar']}.")
        return
    si(f"UFULLSTENDIG, av {fra}. Ukjent er ikke null: ingen sum før dette er avgjort:")
    for post in beregning["aapne"]:
        hvem = f" fra {post['utbetaler']}" if post["utbetaler"] else ""
        si(f"  {post['navn']}{hvem}, {_kroner(post['beloep'])}: {post['grunn'].split('. ')[0]}.")


def _vis_forklart(resultat: dict[str, Any]) -> None:
    _overskrift(3, "Forklaringen")
    barn = resultat["forklaring"]["barn"]
    maaned = next(node for node in barn if node["navn"].startswith(f"Egenandel i {_VIST} "))
    grunnlag = next(node for node in barn if node["navn"] == "Beregningsgrunnlag")
    for linje in (*_utdrag(maaned, 1), *_utdrag(grunnlag, 1)):
        si(linje)
    si("Hver krone følges til skatteposten og avgjørelsen:")
    for linje in _utdrag(_til_post(grunnlag), 9):
        si(linje)


def _utdrag(node: dict[str, Any], dybde: int) -> Iterator[str]:
    """The explanation as text, down to a depth."""
    for linje in forklar(node).split("\n\n")[0].splitlines():
        if len(linje) - len(linje.lstrip(" ")) <= 2 * dybde:
            yield f"  {linje}"


def _til_post(node: dict[str, Any]) -> dict[str, Any]:
    """The figure that came of what the caseworker placed."""
    inntekt = next(barn for barn in node["barn"] if barn["navn"].startswith("Inntekt i året"))
    funnet: dict[str, Any] = next(
        barn for barn in inntekt["barn"] if barn["navn"].startswith("Offentlig tjenestepensjon")
    )
    return funnet


def _overskrift(nr: int, tekst: str) -> None:
    si()
    si(f"{nr}. {tekst}")


def _kroner(beloep: Any) -> str:
    return f"{tall_paa_norsk(beloep)} kroner"
