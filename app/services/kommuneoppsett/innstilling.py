"""From the kommune's own document to the settings its look-ups are made with."""

from app.services.kommuneoppsett.dokument import Kommuneoppsett, OppslagsApi, Tilbud
from app.settings.skatteetaten import ApiNavn, ApiValg, Kommune, Tjeneste

_TJENESTE = {
    Tilbud.LANGTIDSOPPHOLD: Tjeneste.LANGTIDSOPPHOLD,
    Tilbud.PRAKTISK_BISTAND: Tjeneste.PRAKTISK_BISTAND,
}


def som_innstilling(oppsett: Kommuneoppsett) -> Kommune:
    """How the kommune looks up."""
    oppslag = oppsett.oppslag
    return Kommune.model_validate(
        {
            "navn": oppsett.navn,
            "tilgang": oppslag.tilgang.lower(),
            "ekstern_ref": oppslag.ekstern_ref,
            "paa": frozenset(_api(api) for api in oppslag.apier),
            "apier": {_api(api): valg for api in OppslagsApi if (valg := _valg(oppsett, api)) is not None},
        }
    )


def _api(api: OppslagsApi) -> ApiNavn:
    return ApiNavn(api.lower())


def _valg(oppsett: Kommuneoppsett, api: OppslagsApi) -> ApiValg | None:
    pakker = {
        _TJENESTE[rad.tjeneste]: rad.pakke for rad in oppsett.oppslag.rettighetspakker if rad.api is api
    }
    return ApiValg(rettighetspakke=pakker) if pakker else None
