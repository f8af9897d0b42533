"""The OpenAPI 3.1 description: routes from the framework, schemas from the calculators' contract."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.api.kalkulator import skjemaer
from app.api.problem import PROBLEMSVAR, SKJEMA
from app.api.tilgang import ruter
from app.calc.kontrakt.lesing import Objekt, Skjema
from app.calc.satsoversikt import Satsoversikt
from app.services.sesjoner.sesjon import INFORMASJONSKAPSEL
from app.services.tilgang import scope_for

_STATUSER_MED_KROPP = ("400", "413", "415", "422")
_STATUSER_MED_VERN = ("401", "403", "503")
_VERNFORMER = {
    "maskinporten": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "Token fra Maskinporten, hentet med resource. Se docs/tilgang.md.",
    },
    "sesjon": {
        "type": "apiKey",
        "in": "cookie",
        "name": INFORMASJONSKAPSEL,
        "description": "Innlogget bruker i kommunen; rollen avgjør.",
    },
}


def installer(app: FastAPI) -> None:
    """Let the app describe itself with our schemas and problem answers.

    A router of its own kind lays its named schemas in ``app.state.skjemaer``, and an operation that already
    says what its errors look like (``default``) keeps it.
    """

    def beskriv() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _lag(app)
        return app.openapi_schema

    app.openapi = beskriv  # type: ignore[method-assign]


def _lag(app: FastAPI) -> dict[str, Any]:
    beskrivelse: dict[str, Any] = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        openapi_version="3.1.0",
    )
    navngitte: dict[str, Skjema] = {"Problem": SKJEMA}
    Objekt(Satsoversikt).skjema(navngitte)
    for flere in (skjemaer(), getattr(app.state, "skjemaer", {})):
        _slaa_sammen(navngitte, flere)
    komponenter = beskrivelse.setdefault("components", {}).setdefault("schemas", {})
    for navn in ("HTTPValidationError", "ValidationError"):
        komponenter.pop(navn, None)
    komponenter.update(navngitte)
    beskrivelse["components"]["schemas"] = dict(sorted(komponenter.items()))
    for mal, operasjoner in beskrivelse["paths"].items():
        for operasjon in operasjoner.values():
            _med_problemsvar(mal, operasjon)
    _med_vern(app, beskrivelse)
    ferdig: dict[str, Any] = _uten_desimaltall(beskrivelse)
    return ferdig


def _slaa_sammen(navngitte: dict[str, Skjema], flere: dict[str, Skjema]) -> None:
    """One name, one schema: two classes of one name would describe each other's answers.

    Raises:
        ValueError: a name stands for two schemas.
    """
    for navn, skjema in flere.items():
        kjent = navngitte.setdefault(navn, skjema)
        uten_krav = [{**s, "required": None} for s in (kjent, skjema)]
        if uten_krav[0] != uten_krav[1]:
            raise ValueError(f"skjemaet {navn} finnes i to utgaver")


def _med_problemsvar(mal: str, operasjon: dict[str, Any]) -> None:
    svar = operasjon["responses"]
    svar.pop("422", None)
    if "default" in svar:
        return
    if "requestBody" in operasjon:
        svar.update(dict.fromkeys(_STATUSER_MED_KROPP, PROBLEMSVAR))
    elif operasjon.get("parameters"):
        svar["422"] = PROBLEMSVAR
    if "{" in mal:
        # An id that is not the kommune's.
        svar["404"] = PROBLEMSVAR
    svar["default"] = PROBLEMSVAR


def _med_vern(app: FastAPI, beskrivelse: dict[str, Any]) -> None:
    """Say of each protected operation which scopes open it."""
    tilgang = app.state.settings.tilgang
    prefiks = "prefiks" if tilgang is None else tilgang.scopeprefiks
    for (metode, mal), krevd in ruter.rettigheter(app).items():
        operasjon = beskrivelse["paths"].get(mal, {}).get(metode.lower())
        if operasjon is None or not krevd:
            continue
        scoper = {scope_for(rettighet, prefiks) for rettighet in krevd}
        # A right that no scope gives is for users in the kommune alone.
        vern = {"sesjon": []} if None in scoper else {"maskinporten": sorted(filter(None, scoper))}
        operasjon["security"] = [vern]
        operasjon["x-rettigheter"] = sorted(krevd)
        # An operation with errors of another form has them for these too.
        feilsvar = operasjon["responses"]["default"]
        operasjon["responses"].update(dict.fromkeys(_STATUSER_MED_VERN, feilsvar))
        for navn in vern:
            vernformer = beskrivelse["components"].setdefault("securitySchemes", {})
            vernformer[navn] = _VERNFORMER[navn]


def _uten_desimaltall(verdi: Any) -> Any:
    """The framework's JSON writer knows no ``Decimal``; bounds in a schema may be plain numbers."""
    if isinstance(verdi, dict):
        return {navn: _uten_desimaltall(del_) for navn, del_ in verdi.items()}
    if isinstance(verdi, (list, tuple)):
        return [_uten_desimaltall(del_) for del_ in verdi]
    return float(verdi) if type(verdi).__name__ == "Decimal" else verdi
