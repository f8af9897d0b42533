"""The OpenAPI 3.1 description: routes from the framework, schemas from the calculators' contract."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.api.kalkulator import skjemaer
from app.api.problem import MEDIETYPE, SKJEMA
from app.calc.kontrakt.lesing import Objekt, Skjema
from app.calc.satsoversikt import Satsoversikt

_PROBLEMSVAR = {
    "description": "Feil; svaret sier hva som må gjøres",
    "content": {MEDIETYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_STATUSER_MED_KROPP = ("400", "413", "415", "422")


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
    navngitte: dict[str, Skjema] = {
        **skjemaer(),
        "Problem": SKJEMA,
        **getattr(app.state, "skjemaer", {}),
    }
    Objekt(Satsoversikt).skjema(navngitte)
    komponenter = beskrivelse.setdefault("components", {}).setdefault("schemas", {})
    for navn in ("HTTPValidationError", "ValidationError"):
        komponenter.pop(navn, None)
    komponenter.update(navngitte)
    beskrivelse["components"]["schemas"] = dict(sorted(komponenter.items()))
    for operasjoner in beskrivelse["paths"].values():
        for operasjon in operasjoner.values():
            _med_problemsvar(operasjon)
    ferdig: dict[str, Any] = _uten_desimaltall(beskrivelse)
    return ferdig


def _med_problemsvar(operasjon: dict[str, Any]) -> None:
    svar = operasjon["responses"]
    svar.pop("422", None)
    if "default" in svar:
        return
    if "requestBody" in operasjon:
        svar.update(dict.fromkeys(_STATUSER_MED_KROPP, _PROBLEMSVAR))
    elif operasjon.get("parameters"):
        svar["422"] = _PROBLEMSVAR
    svar["default"] = _PROBLEMSVAR


def _uten_desimaltall(verdi: Any) -> Any:
    """The framework's JSON writer knows no ``Decimal``; bounds in a schema may be plain numbers."""
    if isinstance(verdi, dict):
        return {navn: _uten_desimaltall(del_) for navn, del_ in verdi.items()}
    if isinstance(verdi, (list, tuple)):
        return [_uten_desimaltall(del_) for del_ in verdi]
    return float(verdi) if type(verdi).__name__ == "Decimal" else verdi
