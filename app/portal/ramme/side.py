"""One request for a page: who is logged in, what the form says, and the ways to answer.

A route says ``side: Annotated[Side, krev_side(Rettighet.LES_SAK)]`` and gets nobody else's requests.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hmac import compare_digest
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Request, Response
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse

from app import klokke
from app.db.arkiv import Lager
from app.portal.ramme.feil import (
    FeilSideError,
    IkkeInnloggetError,
    KommerUtenfraError,
    ManglerRolleError,
)
from app.portal.ramme.maler import tegn
from app.portal.ramme.spraak import Spraak, spraaket
from app.services.korrelasjon import NOEKKEL
from app.services.sak.drift import Kall, Saksdrift
from app.services.sesjoner.sesjon import INFORMASJONSKAPSEL, Portalsesjoner, Sesjon
from app.services.tilgang import Aktoer, Avslagsgrunn, Rettighet

T = TypeVar("T")

CSRF_FELT: Final = "csrf"
_ENDRER_IKKE: Final = frozenset({"GET", "HEAD"})
_MEST_FELT: Final = 5_000


@dataclass(frozen=True, slots=True)
class Krav:
    """The dependency itself; the right stands here for the check that no route was forgotten."""

    rettighet: Rettighet
    eller: frozenset[Rettighet] = frozenset()
    """Any of these will do as well."""

    async def __call__(self, request: Request) -> "Side":
        """The page's request.

        Raises:
            IkkeInnloggetError: nobody is logged in, or no longer.
            KommerUtenfraError: a form that was not sent from our own page.
            ManglerRolleError: the user's role does not give the right.
            FeilSideError: the service cannot store cases.
        """
        sesjoner: Portalsesjoner | None = request.app.state.sesjoner
        kapsel = request.cookies.get(INFORMASJONSKAPSEL)
        sesjon = None if sesjoner is None or not kapsel else await sesjoner.hent(kapsel)
        if sesjon is None:
            raise IkkeInnloggetError
        drift: Saksdrift | None = request.app.state.saksdrift
        if drift is None:
            raise FeilSideError(503)
        felt = FormData()
        if request.method not in _ENDRER_IKKE:
            felt = await les_skjema(request)
            if not fra_oss(request, felt, sesjon):
                await _noter(request, sesjon.aktoer, self.rettighet, Avslagsgrunn.MANGLER_CSRF)
                raise KommerUtenfraError
        if not {self.rettighet, *self.eller} & sesjon.aktoer.rettigheter:
            await _noter(request, sesjon.aktoer, self.rettighet, Avslagsgrunn.MANGLER_RETTIGHET)
            raise ManglerRolleError
        kall = Kall(
            aktoer=sesjon.aktoer,
            rute=rute_mal(request),
            korrelasjonsid=request.scope[NOEKKEL],
            naa=klokke.naa(),
            hjemmel=drift.hjemmel,
        )
        # What goes wrong further in is answered, and noted, for this user.
        async with drift.arkiv.les(sesjon.aktoer.kommune) as lager:
            kommunenavn = await lager.kommuner.navnet() or sesjon.aktoer.kommune
        side = Side(request, drift, kall, sesjon, spraaket(request), felt, self.rettighet, kommunenavn)
        request.state.side = side
        return side


def krev_side(rettighet: Rettighet, *eller: Rettighet) -> Any:
    """A dependency: the page's request, if the user has the right, or one of the others."""
    return Depends(Krav(rettighet, frozenset(eller)))


@dataclass(frozen=True, slots=True, repr=False)
class Side:
    """A request by somebody who is logged in and has the right.

    Attributes:
        request: the request itself.
        drift: what use cases need.
        kall: who, which route, when.
        sesjon: the session.
        spraak: the language of the answer.
        felt: what a form sent; empty when nothing was sent.
        rettighet: the right the route demands.
        kommunenavn: what the page calls the kommune; its organisation number until it has a name.
    """

    request: Request
    drift: Saksdrift
    kall: Kall
    sesjon: Sesjon
    spraak: Spraak
    felt: FormData
    rettighet: Rettighet
    kommunenavn: str

    @property
    def htmx(self) -> bool:
        """Whether htmx asks, for a part of a page."""
        return self.request.headers.get("hx-request") == "true" and "hx-boosted" not in self.request.headers

    def tekst(self, navn: str) -> str:
        """A field of the form without the space around it; empty when it was not sent."""
        verdi = self.felt.get(navn)
        return verdi.strip() if isinstance(verdi, str) else ""

    def valgt(self, navn: str) -> bool:
        """Whether a box is ticked."""
        return bool(self.tekst(navn))

    def har(self, rettighet: Rettighet) -> bool:
        """Whether the user also has another right, for what a page shows."""
        return self.sesjon.aktoer.har(rettighet)

    async def gjoer(self, arbeid: Callable[[Lager], Awaitable[T]]) -> T:
        """Do it in one transaction; reading is also noted, so reading writes too."""
        async with self.drift.arkiv.skriv(self.kall.aktoer.kommune) as lager:
            return await arbeid(lager)

    def vis(self, mal: str, *, status: int = 200, **data: Any) -> Response:
        """A page, or one block of it as ``file#block``.

        Args:
            mal: the template.
            status: 422 for a form that must be mended.
            data: what the template names.
        """
        return HTMLResponse(self.tegn(mal, **data), status)

    def tegn(self, mal: str, **data: Any) -> str:
        """The text of a page or a block."""
        return tegn(mal, self.spraak, side=self, **data)

    def videre(self, sti: str, **sporring: str) -> Response:
        """Send the browser on, so that the page can be loaded again without anything being done again.

        Args:
            sti: a path of ours.
            sporring: the query; never anything about a person.
        """
        hvor = f"{sti}?{urlencode(sporring)}" if sporring else sti
        if self.htmx:
            return Response(status_code=204, headers={"HX-Redirect": hvor})
        return RedirectResponse(hvor, 303)


def rute_mal(request: Request) -> str:
    """Method and route template; never the path itself, which may hold an id."""
    return f"{request.method} {getattr(request.scope.get('route'), 'path', 'ukjent')}"


async def _noter(request: Request, aktoer: Aktoer, rettighet: Rettighet, grunn: Avslagsgrunn) -> None:
    await request.app.state.avslagsregister.avslag(
        aktoer, rute_mal(request), rettighet, grunn, request.scope[NOEKKEL]
    )


async def les_skjema(request: Request) -> FormData:
    """What the form sent; files are not taken."""
    return await request.form(max_files=0, max_fields=_MEST_FELT)


def fra_oss(request: Request, felt: FormData, sesjon: Sesjon) -> bool:
    """Whether the form stood on one of our own pages: the cookie follows from anywhere, the token does not."""
    # Browsers tell where a request started; what is not a browser sends nothing.
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return False
    sendt = felt.getlist(CSRF_FELT)
    return (
        len(sendt) == 1
        and isinstance(sendt[0], str)
        and compare_digest(sendt[0].encode(), sesjon.csrf.encode())
    )


LesSak = Annotated[Side, krev_side(Rettighet.LES_SAK)]
SkrivSak = Annotated[Side, krev_side(Rettighet.SKRIV_SAK)]
