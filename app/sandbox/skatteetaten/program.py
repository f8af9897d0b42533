"""The ASGI programs: the same steps for every API, one small class for what each API answers.

Order of the checks: URL, Accept, token, ceiling, then the API's own (package, parameters, person, data).
"""

import re
import uuid
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from starlette.datastructures import Headers, QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from app.sandbox.befolkning.person import Person
from app.sandbox.befolkning.register import Befolkning
from app.sandbox.forstyrrelser import Art, Forstyrrelse, Forstyrrelser
from app.sandbox.klokke import Klokke
from app.sandbox.maaling import Loggrad, Maalinger, TaketNaaddError
from app.sandbox.skatteetaten import oppslag
from app.sandbox.skatteetaten.api import (
    APIER,
    AVREGNING,
    BSA,
    HENDELSER_INNTEKT,
    HENDELSER_OPPGJOER,
    INNTEKT,
    SSG,
    TD,
    Api,
)
from app.sandbox.skatteetaten.feil import DAS, Feilart, Kode, SviktError, alle_koder, kode_for, som_xml
from app.sandbox.skatteetaten.hendelser import Hendelsesliste
from app.sandbox.skatteetaten.hendelser import som_xml as hendelser_som_xml
from app.sandbox.skatteetaten.tilgang import Avtaler, Portvakt
from app.sandbox.svar import avkortet, for_mange, udokumentert_svar

_PID = re.compile(r"\d{11}", re.ASCII)
_AAR = re.compile(r"\d{4}", re.ASCII)
_MAANED = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
_TALL = re.compile(r"[1-9]\d{0,18}", re.ASCII)
_XML = ("application/xml", "text/xml")

STOERSTE_SIDE = 10_000
FOERSTE_AAR = 2017
STADIER = ("oppgjoer", "utkast", "fastsatt")


@dataclass
class Omgivelser:
    """What all the APIs share.

    Attributes:
        siste_aar: newest income year that is open; asking for a later one is a 400.
        ventetid: seconds every call takes, at least one turn of the event loop.
    """

    befolkning: Befolkning
    avtaler: Avtaler
    portvakt: Portvakt
    maalinger: Maalinger
    forstyrrelser: Forstyrrelser
    klokke: Klokke
    sov: Callable[[float], Awaitable[None]]
    oppgjoerliste: Hendelsesliste
    inntektsliste: Hendelsesliste
    siste_aar: int = 2025
    ventetid: float = 0.0
    ventetider: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, repr=False)
class Kall:
    """One request on its way to its answer. It has no ``repr`` of its own: the path holds an id."""

    sti: Mapping[str, str]
    spoerring: QueryParams
    kommune: str
    xml: bool


class Tjeneste(ABC):
    """One API as an ASGI program. ``ruter`` are matched against the whole path."""

    ruter: ClassVar[tuple[str, ...]]

    def __init__(self, api: Api, omgivelser: Omgivelser) -> None:
        self.api = api
        self.omgivelser = omgivelser
        self._moenstre = [(rute, _moenster(f"/{api.versjon}{rute}")) for rute in self.ruter]

    @abstractmethod
    def svar(self, kall: Kall) -> dict[str, Any] | str:
        """The body: JSON, or ready-made XML.

        Raises:
            SviktError: for everything that is not a 200.
        """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        svar, rute, kommune, kode = await self._behandle(request)
        self.omgivelser.maalinger.noter(
            Loggrad(
                self.omgivelser.klokke.tid().isoformat(timespec="milliseconds"),
                self.api.navn,
                rute,
                kommune,
                svar.status_code,
                kode,
            )
        )
        await svar(scope, receive, send)

    async def _behandle(self, request: Request) -> tuple[Response, str, str, str]:
        """(answer, route, kommune, error code)."""
        sti = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
        rute, verdier = self._rute(sti)
        xml = False
        kommune = ""
        try:
            if rute is None or verdier is None:
                raise SviktError(Feilart.UKJENT_URL)
            if request.method != "GET":
                return PlainTextResponse("Method Not Allowed", status_code=405), rute, "", ""
            xml = self._xml(request.headers)
            kommune = self.omgivelser.portvakt.kommune(self.api, request.headers.getlist("authorization"))
            with self.omgivelser.maalinger.i_luften(self.api.navn, kommune):
                await self._vent()
                kall = Kall(verdier, request.query_params, kommune, xml)
                svar, kode = await self._svar_eller_forstyrrelse(kall)
        except SviktError as svikt:
            feil = kode_for(self.api.tabell, svikt.art)
            return self._feil(feil, xml, svikt.utdyping), rute or "(ukjent)", kommune, feil.kode
        except TaketNaaddError:
            return for_mange(), rute or "", kommune, ""
        return svar, rute, kommune, kode

    async def _svar_eller_forstyrrelse(self, kall: Kall) -> tuple[Response, str]:
        """(answer, error code) of one call that got past the gate."""
        forstyrrelse = self.omgivelser.forstyrrelser.trekk(self.api.navn, kall.kommune)
        if forstyrrelse is None:
            return self._ferdig(kall), ""
        if forstyrrelse.art is Art.KODE:
            kode = alle_koder(self.api.tabell).get(forstyrrelse.kode or "", DAS["DAS-001"])
            return self._feil(kode, kall.xml), kode.kode
        if forstyrrelse.art is Art.TREG:
            await self.omgivelser.sov(forstyrrelse.sekunder)
            return self._ferdig(kall), ""
        ferdig = udokumentert_svar(forstyrrelse)
        return (ferdig, "") if ferdig is not None else (self._forvrengt(kall, forstyrrelse), "")

    def _forvrengt(self, kall: Kall, forstyrrelse: Forstyrrelse) -> Response:
        """A right answer spoilt: cut off, or about another person or year."""
        if forstyrrelse.art is Art.AVKORTET:
            return avkortet(self._ferdig(kall))
        kropp = self.svar(kall)
        if isinstance(kropp, dict):
            kropp = _loegn(kropp, forstyrrelse.art, self.omgivelser.befolkning)
        return _som_svar(kropp)

    def _ferdig(self, kall: Kall) -> Response:
        return _som_svar(self.svar(kall))

    async def _vent(self) -> None:
        ventetid = self.omgivelser.ventetider.get(self.api.navn, self.omgivelser.ventetid)
        await self.omgivelser.sov(ventetid)

    def _rute(self, sti: str) -> tuple[str | None, Mapping[str, str] | None]:
        for rute, moenster in self._moenstre:
            treff = moenster.fullmatch(sti)
            if treff:
                return rute, treff.groupdict()
        return None, None

    def _xml(self, hoder: Headers) -> bool:
        """Whether XML is wanted.

        Raises:
            SviktError: 406 when nothing in Accept can be given.
        """
        oensker = [del_.partition(";")[0].strip().lower() for del_ in hoder.get("accept", "*/*").split(",")]
        if any(o in ("*/*", "application/*", "application/json") for o in oensker):
            return False
        if self.api.xml and any(o in _XML for o in oensker):
            return True
        raise SviktError(Feilart.IKKE_AKSEPTABELT)

    def _feil(self, kode: Kode, xml: bool, utdyping: str = "") -> Response:
        melding = f"{kode.melding}: {utdyping}" if utdyping else kode.melding
        korrelasjonsid = str(uuid.uuid4())
        if xml:
            return Response(
                som_xml(kode, melding, korrelasjonsid), status_code=kode.status, media_type="application/xml"
            )
        return JSONResponse(
            {"kode": kode.kode, "melding": melding, "korrelasjonsid": korrelasjonsid}, status_code=kode.status
        )

    def _person(self, kall: Kall) -> tuple[Person, str]:
        ident = kall.sti["ident"]
        if not _PID.fullmatch(ident):
            raise SviktError(Feilart.UGYLDIG, "personidentifikator må være nøyaktig 11 siffer")
        person = self.omgivelser.befolkning.finn(ident, kall.kommune)
        if person is None:
            raise SviktError(Feilart.UKJENT_PERSON)
        return person, ident

    def _aar(self, kall: Kall) -> int:
        if not _AAR.fullmatch(kall.sti["aar"]):
            raise SviktError(Feilart.UGYLDIG, "inntektsaar må være fire siffer")
        aar = int(kall.sti["aar"])
        if not FOERSTE_AAR <= aar <= self.omgivelser.siste_aar:
            raise SviktError(Feilart.UGYLDIG_AAR)
        return aar


class SummertSkattegrunnlag(Tjeneste):
    """Summert skattegrunnlag v2."""

    ruter = ("/{stadie}/{pakke}/{aar}/{ident}",)

    def svar(self, kall: Kall) -> dict[str, Any]:
        """One person's settlement."""
        pakke, stadie = kall.sti["pakke"], kall.sti["stadie"]
        avtaler = self.omgivelser.avtaler
        avtaler.krev_pakke(kall.kommune, SSG, pakke)
        if stadie not in STADIER:
            raise SviktError(Feilart.UGYLDIG, "stadie")
        if stadie not in avtaler.stadier.get(pakke, {"oppgjoer"}):
            raise SviktError(Feilart.UAUTORISERT)
        aar = self._aar(kall)
        person, ident = self._person(kall)
        if stadie != "oppgjoer":
            raise SviktError(Feilart.INGEN_DATA)
        return oppslag.summert_skattegrunnlag(person, ident, aar, avtaler.felt.get((SSG, pakke)))


class BeregnetSkatt(Tjeneste):
    """Beregnet skatt v2; no stadie in the path."""

    ruter = ("/{pakke}/{aar}/{ident}",)

    def svar(self, kall: Kall) -> dict[str, Any]:
        """One person's tax."""
        self.omgivelser.avtaler.krev_pakke(kall.kommune, self.api.navn, kall.sti["pakke"])
        aar = self._aar(kall)
        person, ident = self._person(kall)
        lag = oppslag.avregning if self.api.navn == AVREGNING else oppslag.beregnet_skatt
        return lag(person, ident, aar)


class SisteTilgjengelige(Tjeneste):
    """Siste tilgjengelige skatteoppgjør v1."""

    ruter = ("/{ident}",)

    def svar(self, kall: Kall) -> dict[str, Any]:
        """The newest year with a settlement."""
        return oppslag.siste_tilgjengelige(*self._person(kall))


class Inntekt(Tjeneste):
    """Inntekt v1."""

    ruter = ("/{pakke}/{ident}/inntekter",)

    def svar(self, kall: Kall) -> dict[str, Any]:
        """The monthly reports asked for; ``tilOgMed`` defaults to this month."""
        self.omgivelser.avtaler.krev_pakke(kall.kommune, INNTEKT, kall.sti["pakke"])
        denne_maaneden = self.omgivelser.klokke.tid().strftime("%Y-%m")
        fra = kall.spoerring.get("fraOgMed", "")
        til = kall.spoerring.get("tilOgMed", denne_maaneden)
        if not (_MAANED.fullmatch(fra) and _MAANED.fullmatch(til) and fra <= til):
            raise SviktError(Feilart.UGYLDIG, "fraOgMed og tilOgMed")
        person, ident = self._person(kall)
        return oppslag.inntekt(person, ident, fra, til)


class Hendelser(Tjeneste):
    """An event list. Both query parameters are demanded."""

    ruter = ("/hendelser", "/hendelser/start")

    @property
    def liste(self) -> Hendelsesliste:
        """The list this program serves."""
        omgivelser = self.omgivelser
        return omgivelser.inntektsliste if self.api.navn == HENDELSER_INNTEKT else omgivelser.oppgjoerliste

    def _rute(self, sti: str) -> tuple[str | None, Mapping[str, str] | None]:
        rute, verdier = super()._rute(sti)
        return rute, None if verdier is None else {**verdier, "rute": rute or ""}

    def svar(self, kall: Kall) -> dict[str, Any] | str:
        """A page, or where to start."""
        if kall.sti["rute"].endswith("/start"):
            return {"sekvensnummer": self.liste.start(_dato(kall.spoerring.get("dato")))}
        fra, antall = (kall.spoerring.get(navn, "") for navn in ("fraSekvensnummer", "antall"))
        if not (_TALL.fullmatch(fra) and _TALL.fullmatch(antall)) or int(antall) > STOERSTE_SIDE:
            raise SviktError(Feilart.UGYLDIG, "fraSekvensnummer og antall må være større enn 0")
        side = self.liste.side(int(fra), int(antall))
        kropp = self.liste.kropp(side)
        return hendelser_som_xml(side) if kall.xml else kropp


_KLASSER: dict[str, type[Tjeneste]] = {
    SSG: SummertSkattegrunnlag,
    BSA: BeregnetSkatt,
    AVREGNING: BeregnetSkatt,
    TD: SisteTilgjengelige,
    INNTEKT: Inntekt,
    HENDELSER_OPPGJOER: Hendelser,
    HENDELSER_INNTEKT: Hendelser,
}


def lag_tjenester(omgivelser: Omgivelser) -> dict[str, Tjeneste]:
    """One program per API, by the API's name."""
    return {navn: _KLASSER[navn](api, omgivelser) for navn, api in APIER.items()}


def _moenster(rute: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", rute))


def _som_svar(kropp: dict[str, Any] | str) -> Response:
    if isinstance(kropp, str):
        return Response(kropp, media_type="application/xml")
    return JSONResponse(kropp)


def _loegn(kropp: dict[str, Any], art: Art, befolkning: Befolkning) -> dict[str, Any]:
    """The body with somebody else's id, or with the year before."""
    en_annen = befolkning.navngitte()[-1].identer[0]
    for oppgave in kropp.get("oppgaveInntektsmottaker", ()):
        if art is Art.FEIL_PERSON:
            oppgave["inntektsmottaker"] = {"personidentifikator": en_annen}
        else:
            aar, _, maaned = oppgave["kalendermaaned"].partition("-")
            oppgave["kalendermaaned"] = f"{int(aar) - 1}-{maaned}"
    if art is Art.FEIL_PERSON and "personidentifikator" in kropp:
        kropp["personidentifikator"] = en_annen
    elif art is Art.FEIL_AAR and "inntektsaar" in kropp:
        kropp["inntektsaar"] = type(kropp["inntektsaar"])(int(kropp["inntektsaar"]) - 1)
    return kropp


def _dato(tekst: str | None) -> date | None:
    if tekst is None:
        return None
    try:
        return date.fromisoformat(tekst)
    except ValueError:
        raise SviktError(Feilart.UGYLDIG, "dato må være på formen ÅÅÅÅ-MM-DD") from None
