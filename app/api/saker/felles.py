"""What every route of the case API has in common: who calls, the body, the description, and the answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

from fastapi import Depends, Path, Request, Response
from starlette.exceptions import HTTPException

from app import klokke
from app.api import kalkulator
from app.api.gjentak import FELT, Lagring, en_gang
from app.api.kalkulator import er_json
from app.api.korrelasjon import korrelasjonsid
from app.api.problem import LAGRING_IKKE_SATT_OPP, PROBLEMSVAR, Problem, ProblemError
from app.api.svar import Svar
from app.api.tilgang.avhengighet import krev, rute_mal
from app.calc.beloep import eksakt_regning
from app.calc.kontrakt.feil import Feil, KontraktFeilError
from app.calc.kontrakt.json_tekst import les_json
from app.calc.kontrakt.lesing import Liste, Objekt, Skjema
from app.db.arkiv import Lager
from app.services.revisjon import Handling
from app.services.sak.drift import Kall, Saksdrift
from app.services.tilgang import Aktoer, Rettighet

T = TypeVar("T")

SakId = Annotated[UUID, Path(alias="sakId", description="Sakens id")]
BeregningId = Annotated[UUID, Path(alias="beregningId", description="Beregningens id")]

_IKKE_SATT_OPP: Final = (
    "Saker kan ikke lagres før databasen har nøkler. Driften må lage dem med «egenandel noekkel ny» og sette "
    "EGENANDEL_KRYPTERING__…; se docs/drift.md."
)


@dataclass(frozen=True, slots=True)
class Kontekst:
    """One request to the case API."""

    request: Request
    drift: Saksdrift
    kall: Kall

    async def kropp(self, form: Objekt[T]) -> T:
        """The body, read.

        Raises:
            HTTPException: 415 when it is not JSON.
            UlesbarJsonError: it cannot be parsed.
            KontraktFeilError: it has faults; all of them are listed.
        """
        if not er_json(self.request.headers.get("content-type", "")):
            raise HTTPException(415)
        feil: list[Feil] = []
        with eksakt_regning():
            lest = form.les(les_json(await self.request.body()), "", feil)
        if feil:
            raise KontraktFeilError(feil)
        return lest  # type: ignore[return-value]  # without a fault it is what the form says

    async def skriv(self, arbeid: Lagring) -> Response:
        """Do it in one transaction."""
        async with self.drift.arkiv.skriv(self.kall.aktoer.kommune) as lager:
            svar = await arbeid(lager)
        return svar.respons()

    async def en_gang(
        self,
        forbered: Callable[[], Awaitable[Lagring]],
        handling: Handling,
        sak_id: UUID | None = None,
    ) -> Response:
        """Do it once, whatever the caller repeats under the same key.

        Args:
            forbered: everything before the transaction.
            handling: what a repeat is noted as.
            sak_id: the case, when there is one.
        """

        async def ved_gjentak(lager: Lager) -> None:
            rad = self.kall.rad(handling, sak_id=sak_id, formaal="gjentak av et tidligere svar")
            await lager.revisjon.noter(self.kall.naa, rad)

        svar = await en_gang(
            self.drift.arkiv, self.kall.aktoer, self.request, self.kall.naa, forbered, ved_gjentak
        )
        return svar.respons()


def kontekst(rettighet: Rettighet) -> Any:
    """A dependency: the request of somebody who has the right; everybody else is refused and noted."""

    async def lag(request: Request, aktoer: Annotated[Aktoer, krev(rettighet)]) -> Kontekst:
        request.state.avslag = (aktoer, rettighet)
        drift: Saksdrift | None = request.app.state.saksdrift
        if drift is None:
            raise ProblemError(Problem(LAGRING_IKKE_SATT_OPP, _IKKE_SATT_OPP))
        kall = Kall(
            aktoer=aktoer,
            rute=rute_mal(request),
            korrelasjonsid=korrelasjonsid(request),
            naa=klokke.naa(),
            hjemmel=drift.hjemmel,
        )
        return Kontekst(request, drift, kall)

    return Depends(lag)


Les = Annotated[Kontekst, kontekst(Rettighet.LES_SAK)]
Skriv = Annotated[Kontekst, kontekst(Rettighet.SKRIV_SAK)]

_BRUKT: Final[list[Any]] = []
"""Every form a route takes or gives, for the description's named schemas."""


def skjemaer() -> dict[str, Skjema]:
    """The named schemas of the case API, and of the calculators' answers within its own."""
    navngitte = kalkulator.skjemaer()
    for form in _BRUKT:
        form.skjema(navngitte)
    return navngitte


_GJENTAK: Final = {
    "name": FELT,
    "in": "header",
    "required": False,
    "description": "Tilfeldig nøkkel, for eksempel en UUID. Samme nøkkel og samme forespørsel gir samme svar, én gang utført.",
    "schema": {"type": "string", "pattern": "^[0-9A-Za-z._:-]{8,100}$"},
}
_IF_MATCH: Final = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "Verdien av ETag da det ble hentet",
    "schema": {"type": "string", "pattern": '^"[1-9][0-9]{0,8}"$'},
}
_IF_NONE_MATCH: Final = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "Verdien av ETag fra sist; er det ikke endret siden, er svaret 304 uten innhold",
    "schema": {"type": "string"},
}
_ETAG: Final = {"ETag": {"description": "Versjonen", "schema": {"type": "string"}}}
_IF_MATCH_FEIL: Final = (412, 428)


def beskriv(
    ut: Objekt[Any] | Liste | None,
    *,
    inn: Objekt[Any] | None = None,
    status: int = 200,
    eksempler: dict[str, Any] | None = None,
    gjentak: bool = False,
    if_match: bool = False,
    hvis_endret: bool = False,
    etag: bool = False,
    feil: tuple[int, ...] = (),
) -> dict[str, Any]:
    """What the description says of a route beyond what the framework sees.

    Args:
        ut: the answer.
        inn: the body.
        status: of the answer.
        eksempler: bodies, by name.
        gjentak: takes an Idempotency-Key.
        if_match: demands If-Match; answers with ETag.
        hvis_endret: takes If-None-Match; answers with ETag.
        etag: answers with ETag.
        feil: statuses besides those that follow from the address, the body and the access.
    """
    brukt: dict[str, Skjema] = {}
    _BRUKT.extend(form for form in (ut, inn) if form is not None)
    svar: dict[str, Any] = {"description": "Svaret"}
    if ut is not None:
        svar["content"] = {"application/json": {"schema": ut.skjema(brukt)}}
    if etag or if_match or hvis_endret:
        svar["headers"] = _ETAG
    uendret: dict[str, Any] = {"304": {"description": "Ikke endret", "headers": _ETAG}} if hvis_endret else {}
    flere = (*feil, *(_IF_MATCH_FEIL if if_match else ()))
    om: dict[str, Any] = {
        "responses": {str(status): svar, **uendret, **{str(en): PROBLEMSVAR for en in flere}}
    }
    if inn is not None:
        innhold: dict[str, Any] = {"schema": inn.skjema(brukt)}
        if eksempler is not None:
            innhold["examples"] = eksempler
        om["requestBody"] = {"required": True, "content": {"application/json": innhold}}
    mulige = ((gjentak, _GJENTAK), (if_match, _IF_MATCH), (hvis_endret, _IF_NONE_MATCH))
    parametre = [parameter for med, parameter in mulige if med]
    if parametre:
        om["parameters"] = parametre
    return om


def klar(svar: Callable[[Lager], Awaitable[Svar]]) -> Callable[[], Awaitable[Lagring]]:
    """For what needs nothing before the transaction."""

    async def forbered() -> Lagring:
        return svar

    return forbered
