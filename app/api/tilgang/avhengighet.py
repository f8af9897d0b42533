"""What a route says to be protected: ``aktoer: Annotated[Aktoer, krev(Rettighet.LES_SAK)]``."""

from dataclasses import dataclass
from typing import Any, Final, NoReturn

import structlog
from fastapi import Depends, Request

from app.api.korrelasjon import korrelasjonsid
from app.api.problem import (
    IKKE_AUTENTISERT,
    INGEN_TILGANG,
    TILGANG_IKKE_SATT_OPP,
    TILGANG_KAN_IKKE_KONTROLLERES,
    Problem,
    ProblemError,
)
from app.api.tilgang.grunner import UgyldigTokenError
from app.api.tilgang.maskinporten import Maskinportenvakt
from app.api.tilgang.sesjon import csrf_i_orden
from app.services.sesjoner.sesjon import INFORMASJONSKAPSEL, Sesjoner
from app.services.tilgang import Aktoer, Aktoertype, Avslagsgrunn, Avslagsregister, Rettighet, scope_for
from app.services.utsteder.jwks import NoeklerUtilgjengeligError

_REALM: Final = 'Bearer realm="egenandel"'
_IKKE_LAGRE: Final = {"Cache-Control": "no-store"}

_logg = structlog.get_logger("egenandel.tilgang")


def krev(rettighet: Rettighet) -> Any:
    """A dependency that gives the ``Aktoer`` if it has the right, and refuses otherwise."""
    return Depends(Krav(rettighet))


@dataclass(frozen=True, slots=True)
class Krav:
    """The dependency itself; the right stands here for ``ruter`` to read."""

    rettighet: Rettighet

    async def __call__(self, request: Request) -> Aktoer:
        """Who acts.

        Raises:
            ProblemError: 401, 403 or 503; the two first are written down.
        """
        vakt: Maskinportenvakt | None = getattr(request.app.state, "maskinportenvakt", None)
        sesjoner: Sesjoner | None = getattr(request.app.state, "sesjoner", None)
        if vakt is None and sesjoner is None:
            raise ProblemError(Problem(TILGANG_IKKE_SATT_OPP, _IKKE_SATT_OPP), _IKKE_LAGRE)
        felt = request.headers.getlist("authorization")
        kapsel = request.cookies.get(INFORMASJONSKAPSEL)
        if felt and vakt is not None:
            return await self._med_token(request, vakt, felt)
        if not felt and kapsel and sesjoner is not None:
            return await self._med_sesjon(request, sesjoner, kapsel)
        raise _ikke_autentisert(_UTEN_LEGITIMASJON, _REALM)

    async def _med_token(self, request: Request, vakt: Maskinportenvakt, felt: list[str]) -> Aktoer:
        avvist: ProblemError | None = None
        try:
            aktoer = await vakt.aktoer(felt)
        except UgyldigTokenError as feil:
            _logg.info(
                "token avvist",
                grunn=feil.grunn.kode,
                rute=rute_mal(request),
                korrelasjonsid=korrelasjonsid(request),
            )
            avvist = _ikke_autentisert(feil.grunn.forklaring or _UGYLDIG, f'{_REALM}, error="invalid_token"')
        except NoeklerUtilgjengeligError as feil:
            avvist = ProblemError(
                Problem(TILGANG_KAN_IKKE_KONTROLLERES, _NOEKLER_MANGLER),
                {"Retry-After": str(feil.vent), **_IKKE_LAGRE},
            )
        if avvist is not None:
            # Raised out here so that nothing that has seen the token is chained.
            raise avvist
        if not vakt.godtar_leverandoer(aktoer):
            await self._nekt(request, aktoer, Avslagsgrunn.LEVERANDOER_IKKE_GODTATT, _LEVERANDOER)
        if not aktoer.har(self.rettighet):
            scope = scope_for(self.rettighet, vakt.krav.scopeprefiks)
            detail = (
                "Ingen token gir denne rettigheten; den er for brukere i kommunen."
                if scope is None
                else f"Hent et token med scope {scope}."
            )
            await self._nekt(request, aktoer, Avslagsgrunn.MANGLER_RETTIGHET, detail, scope)
        return aktoer

    async def _med_sesjon(self, request: Request, sesjoner: Sesjoner, kapsel: str) -> Aktoer:
        aktoer = await sesjoner.finn(kapsel)
        if aktoer is None:
            raise _ikke_autentisert("Du er ikke lenger logget inn. Logg inn på nytt.", _REALM)
        if not await csrf_i_orden(sesjoner, kapsel, request):
            await self._nekt(request, aktoer, Avslagsgrunn.MANGLER_CSRF, _CSRF)
        if not aktoer.har(self.rettighet):
            await self._nekt(request, aktoer, Avslagsgrunn.MANGLER_RETTIGHET, _ROLLE)
        return aktoer

    async def _nekt(
        self, request: Request, aktoer: Aktoer, grunn: Avslagsgrunn, detail: str, scope: str | None = None
    ) -> NoReturn:
        """Write the refusal down first: one that cannot be written down is a fault of ours, and still no access."""
        await meld_avslag(request, aktoer, self.rettighet, grunn)
        headers = dict(_IKKE_LAGRE)
        if aktoer.type is Aktoertype.MASKIN and grunn is Avslagsgrunn.MANGLER_RETTIGHET:
            hvilket = "" if scope is None else f', scope="{scope}"'
            headers["WWW-Authenticate"] = f'{_REALM}, error="insufficient_scope"{hvilket}'
        raise ProblemError(Problem(INGEN_TILGANG, detail), headers)


async def meld_avslag(request: Request, aktoer: Aktoer, rettighet: Rettighet, grunn: Avslagsgrunn) -> None:
    """Write a refusal down in the register of the app; also for routes that refuse for reasons of their own."""
    register: Avslagsregister = request.app.state.avslagsregister
    await register.avslag(aktoer, rute_mal(request), rettighet, grunn, korrelasjonsid(request))


def rute_mal(request: Request) -> str:
    """Method and route template; never the path itself, which may hold an id."""
    return f"{request.method} {getattr(request.scope.get('route'), 'path', 'ukjent')}"


class Avslagslogg:
    """The register until there is a better one: a line of log. No person is in it."""

    async def avslag(
        self,
        aktoer: Aktoer,
        rute_mal: str,
        rettighet: Rettighet,
        grunn: Avslagsgrunn,
        korrelasjonsid: str,
    ) -> None:
        """See ``Avslagsregister.avslag``."""
        _logg.warning(
            "avslag",
            kommune=aktoer.kommune,
            aktoertype=aktoer.type.value,
            leverandoer=aktoer.leverandoer,
            rute=rute_mal,
            rettighet=rettighet.value,
            grunn=grunn.value,
            korrelasjonsid=korrelasjonsid,
        )


def _ikke_autentisert(detail: str, utfordring: str) -> ProblemError:
    return ProblemError(Problem(IKKE_AUTENTISERT, detail), {"WWW-Authenticate": utfordring, **_IKKE_LAGRE})


_IKKE_SATT_OPP: Final = (
    "Tilgang er ikke satt opp, så ingen slipper inn. Driften må sette EGENANDEL_TILGANG__MILJOE, "
    "EGENANDEL_TILGANG__RESSURS og EGENANDEL_TILGANG__SCOPEPREFIKS og starte på nytt; se docs/tilgang.md."
)
_UTEN_LEGITIMASJON: Final = "Send et token fra Maskinporten i feltet Authorization: Bearer."
_UGYLDIG: Final = "Tokenet godtas ikke. Hent et nytt fra Maskinporten."
_NOEKLER_MANGLER: Final = (
    "Maskinportens nøkler kan ikke hentes, så tokenet kan ikke kontrolleres. Prøv igjen om litt."
)
_LEVERANDOER: Final = (
    "Leverandøren er ikke blant dem denne tjenesten godtar. Kontakt den som drifter tjenesten."
)
_CSRF: Final = "Forespørselen kom ikke fra tjenestens egne sider. Last siden på nytt og prøv igjen."
_ROLLE: Final = "Rollen din gir ikke tilgang til dette. Kommunens administrator kan endre roller."
