"""Levers on the login providers: clients, rights, sessions, faults and keys."""

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, HTTPException
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from app.sandbox.innlogging.ansatte import ANSATTE, ETTER_KALLENAVN, VIRKSOMHETER, Ansatt
from app.sandbox.innlogging.planting import Plan, Planer
from app.sandbox.innlogging.program import Tilbyder
from app.sandbox.innlogging.register import Klient
from app.sandbox.kontroll.skjema import (
    Innloggingsadresser,
    NyFeil,
    NyInnloggingsklient,
    NyNoekkel,
    NyRettighet,
    Tilbydernavn,
    Utlogging,
)
from app.sandbox.signering import ny_rsa_noekkel


def ruter(tilbydere: dict[str, Tilbyder], planer: Planer) -> APIRouter:
    """The routes under ``/innlogging``."""
    rute = APIRouter(prefix="/innlogging")
    rute.include_router(_ansatte(tilbydere))
    rute.include_router(_feil(planer))
    rute.include_router(_klienter(tilbydere))
    return rute


def _ansatte(tilbydere: dict[str, Tilbyder]) -> APIRouter:
    rute = APIRouter()

    @rute.get("/ansatte")
    async def alle() -> list[dict[str, Any]]:
        """Everybody who can log in, and what they may do now."""
        rettigheter = tilbydere["ansattporten"].rettigheter
        return [_som_svar(ansatt, rettigheter[ansatt.kallenavn]) for ansatt in ANSATTE]

    @rute.put("/ansatte/{kallenavn}/rettigheter")
    async def gi_rettighet(kallenavn: str, ny: NyRettighet) -> dict[str, Any]:
        """What an employee may do for an organisation from the next login; nothing takes the right away."""
        if kallenavn not in ETTER_KALLENAVN:
            raise HTTPException(404, "Ingen ansatt har det kallenavnet")
        if ny.orgnr not in VIRKSOMHETER:
            raise HTTPException(404, "Ukjent virksomhet")
        rettigheter = tilbydere["ansattporten"].rettigheter[kallenavn]
        rettigheter[ny.orgnr] = tuple(ny.handlinger)
        if not ny.handlinger:
            del rettigheter[ny.orgnr]
        return _som_svar(ETTER_KALLENAVN[kallenavn], rettigheter)

    @rute.get("/oekter")
    async def oekter() -> list[dict[str, Any]]:
        """Who is logged in now, and with which clients."""
        return [
            {
                "tilbyder": navn,
                "ansatt": oekt.ansatt.kallenavn,
                "sid": oekt.sid,
                "klienter": sorted(oekt.klienter),
            }
            for navn, tilbyder in tilbydere.items()
            for oekt in tilbyder.oekter()
        ]

    @rute.post("/{navn}/logg-ut")
    async def logg_ut(navn: Tilbydernavn, hvem: Utlogging) -> dict[str, list[str]]:
        """End an employee's sessions. Without a browser nobody opens the frames: the answer says what they are."""
        if hvem.kallenavn not in ETTER_KALLENAVN:
            raise HTTPException(404, "Ingen ansatt har det kallenavnet")
        return {"fremre": tilbydere[navn].logg_ut(hvem.kallenavn)}

    return rute


def _feil(planer: Planer) -> APIRouter:
    rute = APIRouter(prefix="/feil")

    @rute.post("")
    async def plant(ny: NyFeil) -> dict[str, Any]:
        """Order a fault."""
        if not ny.feil.gjelder(ny.tilbyder):
            raise HTTPException(422, f"{ny.feil.value} kan ikke plantes hos {ny.tilbyder}")
        return _plan_som_svar(planer.plant(ny.tilbyder, ny.feil, ny.antall))

    @rute.get("")
    async def vis() -> list[dict[str, Any]]:
        """The orders in force, and how often each has hit."""
        return [_plan_som_svar(plan) for plan in planer.alle]

    @rute.delete("")
    async def fjern_alle() -> dict[str, int]:
        """Take every order away."""
        antall = len(planer.alle)
        planer.nullstill()
        return {"fjernet": antall}

    return rute


def _klienter(tilbydere: dict[str, Tilbyder]) -> APIRouter:
    rute = APIRouter(prefix="/{navn}")

    @rute.get("/klienter")
    async def vis(navn: Tilbydernavn) -> list[dict[str, Any]]:
        """The clients and their addresses."""
        return [_klient_som_svar(klient) for klient in tilbydere[navn].register.klienter.values()]

    @rute.post("/klienter")
    async def ny_klient(navn: Tilbydernavn, ny: NyInnloggingsklient) -> dict[str, Any]:
        """Register a client, or replace one; it needs a key before it can log anybody in."""
        klient = Klient(
            ny.klient_id,
            ny.navn,
            retur=frozenset(ny.retur),
            utlogget=frozenset(ny.utlogget),
            fremre=ny.fremre,
            ressurser=frozenset(ny.ressurser),
        )
        tilbydere[navn].register.klienter[ny.klient_id] = klient
        return _klient_som_svar(klient)

    @rute.put("/klienter/{klient_id}/adresser")
    async def nye_adresser(navn: Tilbydernavn, klient_id: str, nye: Innloggingsadresser) -> dict[str, Any]:
        """Replace the addresses of a client."""
        klient = replace(
            _klient(tilbydere[navn], klient_id),
            retur=frozenset(nye.retur),
            utlogget=frozenset(nye.utlogget),
            fremre=nye.fremre,
        )
        tilbydere[navn].register.klienter[klient_id] = klient
        return _klient_som_svar(klient)

    @rute.post("/klienter/{klient_id}/noekler")
    async def ny_noekkel(navn: Tilbydernavn, klient_id: str, ny: NyNoekkel) -> dict[str, Any]:
        """Post a public key; without one, make a pair and answer with the private JWK."""
        _klient(tilbydere[navn], klient_id)
        if ny.jwk is None:
            noekkel = ny_rsa_noekkel(ny.kid)
        else:
            try:
                noekkel = RSAKey.import_key(ny.jwk)
            except (JoseError, ValueError, KeyError, TypeError):
                raise HTTPException(422, "Ikke en RSA-nøkkel som JWK") from None
        tilbydere[navn].registrer_noekkel(klient_id, noekkel, kid=ny.kid, levetid=ny.levetid)
        return {"kid": ny.kid, "jwk": None if ny.jwk else noekkel.as_dict(private=True)}

    @rute.delete("/klienter/{klient_id}/noekler/{kid}")
    async def fjern_noekkel(navn: Tilbydernavn, klient_id: str, kid: str) -> dict[str, str]:
        """Take a key off a client."""
        _klient(tilbydere[navn], klient_id)
        tilbydere[navn].register.fjern_noekkel(klient_id, kid)
        return {"kid": kid}

    @rute.post("/roter")
    async def roter(navn: Tilbydernavn, behold_gammel: bool = True) -> dict[str, str]:
        """Let the provider sign with a new key."""
        return {"kid": tilbydere[navn].noekler.roter(behold_gammel=behold_gammel)}

    return rute


def _klient(tilbyder: Tilbyder, klient_id: str) -> Klient:
    klient = tilbyder.register.klienter.get(klient_id)
    if klient is None:
        raise HTTPException(404, "Ukjent klient")
    return klient


def _som_svar(ansatt: Ansatt, rettigheter: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    konto = ansatt.entra
    return {
        "kallenavn": ansatt.kallenavn,
        "navn": ansatt.navn,
        "pid": ansatt.pid,
        "viser": ansatt.viser,
        "nivaa": ansatt.nivaa,
        "rettigheter": {orgnr: list(handlinger) for orgnr, handlinger in rettigheter.items()},
        "entra": konto
        and {
            "tid": konto.tid,
            "oid": konto.oid,
            "roller": list(konto.roller),
            "flerfaktor": konto.flerfaktor,
        },
        "bareEntra": ansatt.bare_entra,
    }


def _klient_som_svar(klient: Klient) -> dict[str, Any]:
    return {
        "klient_id": klient.klient_id,
        "navn": klient.navn,
        "retur": sorted(klient.retur),
        "utlogget": sorted(klient.utlogget),
        "fremre": klient.fremre,
        "ressurser": sorted(klient.ressurser),
        "kid": [noekkel.kid for noekkel in klient.noekler],
    }


def _plan_som_svar(plan: Plan) -> dict[str, Any]:
    return {
        "nummer": plan.nummer,
        "tilbyder": plan.system,
        "feil": plan.feil.value,
        "gjenstaar": plan.antall,
        "truffet": plan.truffet,
    }
