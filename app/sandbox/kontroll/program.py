"""The control API: one router per subject, mounted behind the loopback guard.

Every route is a coroutine: the levers move on the event loop, between requests and never during one.
"""

from collections.abc import Callable, Mapping
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from starlette.types import ASGIApp

from app.sandbox.befolkning.register import UkjentPersonError
from app.sandbox.forstyrrelser import ALLE_SYSTEMER, BARE_OPPSLAG, Art, Forstyrrelse, Forstyrrelser
from app.sandbox.kontroll import innlogging, personer
from app.sandbox.kontroll.skjema import (
    Bestilling,
    Delegasjon,
    Klokkestilling,
    Liste,
    Listeinnstillinger,
    NyeHendelser,
    NyFlom,
    NyKlient,
    NyNoekkel,
    Pakke,
    Scopetilgang,
    Tokenoenske,
    Ventetid,
)
from app.sandbox.lokalt import BareLokalt
from app.sandbox.maskinporten.register import Delegering, Klient
from app.sandbox.skatteetaten.api import APIER
from app.sandbox.skatteetaten.feil import alle_koder
from app.sandbox.skatteetaten.hendelser import Hendelsesliste

if TYPE_CHECKING:
    from app.sandbox.sandkasse import Sandkasse

_UTSTEDERE = ("maskinporten", "ansattporten", "entra")


def lag_kontroll(sandkasse: "Sandkasse") -> ASGIApp:
    """The control API of one sandbox."""
    app = FastAPI(title="Sandkassens kontroll", docs_url=None, redoc_url=None)
    omgivelser = sandkasse.omgivelser
    lister = {"skatteoppgjoer": omgivelser.oppgjoerliste, "inntekt": omgivelser.inntektsliste}
    app.include_router(
        personer.ruter(sandkasse.befolkning, sandkasse.klokke, *lister.values()),
    )
    app.include_router(_hendelser(sandkasse, lister))
    app.include_router(_forstyrrelser(sandkasse.forstyrrelser))
    app.include_router(_maskinporten(sandkasse))
    app.include_router(innlogging.ruter(sandkasse.tilbydere(), sandkasse.planer))
    app.include_router(_drift(sandkasse))

    @app.exception_handler(UkjentPersonError)
    async def ukjent_person(request: Request, feil: Exception) -> JSONResponse:
        return JSONResponse({"detail": "Ingen person har det kallenavnet"}, status_code=404)

    return BareLokalt(app)


def _hendelser(sandkasse: "Sandkasse", lister: Mapping[str, Hendelsesliste]) -> APIRouter:
    rute = APIRouter(prefix="/hendelser")

    @rute.post("/{liste}")
    async def publiser(liste: Liste, nye: NyeHendelser) -> dict[str, int]:
        """Publish events. Answers with the first and last number."""
        befolkning = sandkasse.befolkning
        if nye.kallenavn is not None:
            kallenavn = [nye.kallenavn]
        else:
            kallenavn = [
                befolkning.flokk.kallenavn(n) for n in range(min(nye.antall, befolkning.flokk.antall))
            ]
        if not kallenavn:
            raise HTTPException(422, "Sandkassen har ingen flokk; oppgi kallenavn")
        numre: list[int] = []
        for navn in islice(cycle(kallenavn), nye.antall):
            person = befolkning.person(navn)
            gjeldende = person.oppgjoer.get(int(nye.periode[:4]))
            numre += lister[liste].publiser(
                person, nye.periode, nye.hendelsetype, gjeldende.ajourholdt if gjeldende else None
            )
        return {"antall": len(numre), "foerste": numre[0], "siste": numre[-1]}

    @rute.post("/{liste}/flom")
    async def flom(liste: Liste, ny: NyFlom) -> JSONResponse:
        """Publish a great many events. Answers with the first and last number."""
        try:
            foerste, siste = lister[liste].flom(ny.antall)
        except ValueError as feil:
            return JSONResponse({"detail": str(feil)}, status_code=409)
        return JSONResponse({"foerste": foerste, "siste": siste})

    @rute.put("/{liste}/innstillinger")
    async def still_inn(liste: Liste, innstillinger: Listeinnstillinger) -> Listeinnstillinger:
        """Choose the form of an empty page, and the longest page."""
        lister[liste].tom_side = innstillinger.tom_side
        lister[liste].maks_per_side = innstillinger.maks_per_side
        return innstillinger

    return rute


def _forstyrrelser(forstyrrelser: Forstyrrelser) -> APIRouter:
    rute = APIRouter(prefix="/forstyrrelser")

    @rute.post("")
    async def bestill(bestilling: Bestilling) -> dict[str, Any]:
        """Order a disturbance."""
        _kontroller(bestilling)
        return _som_svar(forstyrrelser.bestill(**bestilling.model_dump()))

    @rute.get("")
    async def vis() -> list[dict[str, Any]]:
        """The orders in force, and how often each has hit."""
        return [_som_svar(f) for f in forstyrrelser.alle]

    @rute.delete("")
    async def fjern_alle() -> dict[str, int]:
        """Take every order away."""
        antall = len(forstyrrelser.alle)
        forstyrrelser.nullstill()
        return {"fjernet": antall}

    @rute.delete("/{nummer}")
    async def fjern(nummer: int) -> dict[str, int]:
        """Take one order away."""
        if not forstyrrelser.avbestill(nummer):
            raise HTTPException(404, "Ingen bestilling har det nummeret")
        return {"fjernet": 1}

    return rute


def _kontroller(bestilling: Bestilling) -> None:
    """Refuse an order that could never do anything."""
    if bestilling.system not in (ALLE_SYSTEMER, *_UTSTEDERE, *APIER):
        raise HTTPException(422, f"Ukjent system; velg *, {', '.join(_UTSTEDERE)} eller {', '.join(APIER)}")
    if bestilling.system in _UTSTEDERE and (
        bestilling.art in BARE_OPPSLAG or bestilling.konsument is not None
    ):
        raise HTTPException(422, "Dette kan bare bestilles for Skatteetatens API-er")
    if bestilling.art is Art.KODE:
        if bestilling.system not in APIER:
            raise HTTPException(422, "KODE må gjelde ett API")
        koder = alle_koder(APIER[bestilling.system].tabell)
        if bestilling.kode not in koder:
            raise HTTPException(422, f"Ukjent kode; velg {', '.join(koder)}")


def _som_svar(forstyrrelse: Forstyrrelse) -> dict[str, Any]:
    return {
        "nummer": forstyrrelse.nummer,
        "system": forstyrrelse.system,
        "art": forstyrrelse.art.value,
        "kode": forstyrrelse.kode,
        "gjenstaar": forstyrrelse.antall,
        "truffet": forstyrrelse.truffet,
    }


def _maskinporten(sandkasse: "Sandkasse") -> APIRouter:
    rute = APIRouter()
    register = sandkasse.register

    @rute.post("/maskinporten/klienter")
    async def ny_klient(ny: NyKlient) -> dict[str, str]:
        """Register a client, or replace one."""
        register.klienter[ny.klient_id] = Klient(
            ny.klient_id, ny.orgnr, frozenset(ny.scopes), levetid=ny.levetid
        )
        return {"klient_id": ny.klient_id}

    @rute.post("/maskinporten/klienter/{klient_id}/noekler")
    async def ny_noekkel(klient_id: str, ny: NyNoekkel) -> dict[str, Any]:
        """Post a public key; without one, make a pair and answer with the private JWK."""
        if klient_id not in register.klienter:
            raise HTTPException(404, "Ukjent klient")
        if ny.jwk is None:
            noekkel = RSAKey.generate_key(2048, {"kid": ny.kid, "use": "sig", "alg": "RS256"})
        else:
            try:
                noekkel = RSAKey.import_key(ny.jwk)
            except (JoseError, ValueError, KeyError, TypeError):
                raise HTTPException(422, "Ikke en RSA-nøkkel som JWK") from None
        sandkasse.registrer_noekkel(noekkel, kid=ny.kid, klient_id=klient_id, levetid=ny.levetid)
        return {"kid": ny.kid, "jwk": None if ny.jwk else noekkel.as_dict(private=True)}

    @rute.delete("/maskinporten/klienter/{klient_id}/noekler/{kid}")
    async def fjern_noekkel(klient_id: str, kid: str) -> dict[str, str]:
        """Take a key off a client."""
        if klient_id not in register.klienter:
            raise HTTPException(404, "Ukjent klient")
        register.fjern_noekkel(klient_id, kid)
        return {"kid": kid}

    @rute.post("/maskinporten/roter")
    async def roter(behold_gammel: bool = True) -> dict[str, str]:
        """Let Maskinporten sign with a new key."""
        return {"kid": sandkasse.maskinporten.roter(behold_gammel=behold_gammel)}

    @rute.put("/maskinporten/delegeringer")
    async def deleger(delegasjon: Delegasjon) -> dict[str, bool]:
        """Delegate a scope in Altinn."""
        register.delegeringer.add(Delegering(**delegasjon.model_dump()))
        return {"delegert": True}

    @rute.delete("/maskinporten/delegeringer")
    async def trekk_delegering(delegasjon: Delegasjon) -> dict[str, bool]:
        """Withdraw a delegation."""
        register.delegeringer.discard(Delegering(**delegasjon.model_dump()))
        return {"delegert": False}

    @rute.put("/maskinporten/tilganger")
    async def gi_scope(tilgang: Scopetilgang) -> dict[str, bool]:
        """Grant a scope to an organisation."""
        _scope(sandkasse, tilgang.scope).add(tilgang.orgnr)
        return {"tilgang": True}

    @rute.delete("/maskinporten/tilganger")
    async def ta_scope(tilgang: Scopetilgang) -> dict[str, bool]:
        """Withdraw a scope from an organisation."""
        _scope(sandkasse, tilgang.scope).discard(tilgang.orgnr)
        return {"tilgang": False}

    @rute.post("/maskinporten/token")
    async def token(oenske: Tokenoenske) -> dict[str, Any]:
        """A token for trying the APIs by hand."""
        _scope(sandkasse, oenske.scope)
        if oenske.klient_id is not None and oenske.klient_id not in register.klienter:
            raise HTTPException(404, "Ukjent klient")
        return sandkasse.token(oenske.kommune, oenske.scope, oenske.klient_id, tuple(oenske.resource))

    @rute.put("/rettighetspakker")
    async def gi_pakke(pakke: Pakke) -> dict[str, bool]:
        """Give a kommune a rettighetspakke."""
        return _pakke(pakke, sandkasse.avtaler.gi, True)

    @rute.delete("/rettighetspakker")
    async def ta_pakke(pakke: Pakke) -> dict[str, bool]:
        """Take a rettighetspakke from a kommune."""
        return _pakke(pakke, sandkasse.avtaler.ta, False)

    return rute


def _scope(sandkasse: "Sandkasse", navn: str) -> set[str]:
    scope = sandkasse.register.scopes.get(navn)
    if scope is None:
        raise HTTPException(404, "Ukjent scope")
    return scope.tilganger


def _pakke(pakke: Pakke, gjoer: Callable[[str, str, str], None], har: bool) -> dict[str, bool]:
    if pakke.api not in APIER:
        raise HTTPException(404, "Ukjent API")
    gjoer(pakke.kommune, pakke.api, pakke.pakke)
    return {"har": har}


def _drift(sandkasse: "Sandkasse") -> APIRouter:
    rute = APIRouter()

    @rute.get("/maalinger")
    async def maalinger() -> dict[str, Any]:
        """Highest number of calls in flight, calls over the ceiling, requests, tokens and refusals."""
        m = sandkasse.maalinger
        return {
            "tak": m.tak,
            "topp": [
                {"api": api, "kommune": kommune, "samtidige": antall, "over": m.over_taket[api, kommune]}
                for (api, kommune), antall in sorted(m.topp.items())
            ],
            "forespoersler": [
                {"system": system, "status": status, "antall": antall}
                for (system, status), antall in sorted(m.forespoersler.items())
            ],
            "tokenkall": dict(sandkasse.maskinporten.tokenkall),
            "avslag": dict(sandkasse.maskinporten.avslag),
        }

    @rute.get("/logg")
    async def logg(siste: int = 100) -> list[dict[str, Any]]:
        """The last requests. Routes, not paths: no id is kept."""
        return [vars(rad) for rad in list(sandkasse.maalinger.logg)[-siste:]] if siste > 0 else []

    @rute.put("/ventetid")
    async def ventetid(ventetid: Ventetid) -> Ventetid:
        """Slow every call down, of one API or of all."""
        if ventetid.system is None:
            sandkasse.omgivelser.ventetid = ventetid.sekunder
        else:
            sandkasse.omgivelser.ventetider[ventetid.system] = ventetid.sekunder
        return ventetid

    @rute.put("/klokke")
    async def klokke(stilling: Klokkestilling) -> dict[str, str]:
        """Move the sandbox's clock."""
        sandkasse.klokke.forskyvning = stilling.forskyvning
        return {"klokken": sandkasse.klokke.tid().isoformat()}

    @rute.post("/nullstill")
    async def nullstill() -> dict[str, bool]:
        """Everything back to the start; posted keys stay."""
        sandkasse.nullstill()
        return {"nullstilt": True}

    return rute
