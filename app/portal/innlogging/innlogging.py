"""A login from beginning to end, and its end: between the browser, the provider and our own sessions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import structlog

from app.portal.innlogging.grunner import Grunn, InnloggingAvvistError
from app.portal.innlogging.hvem import Slag
from app.portal.innlogging.idtoken import Krav, les_id_token
from app.portal.innlogging.klient import Oidcklient
from app.portal.innlogging.oppdagelse import Metadata, Oppdagelse, opphav
from app.services.sesjoner.databasesesjoner import Avsluttet, Databasesesjoner, Identitet, Sporing
from app.services.sesjoner.forsoek import Forsoek, Innloggingsforsoek
from app.services.utsteder.jwks import Jwks

RETUR: Final = "/logg-inn/retur"
LOGGET_UT: Final = "/logget-ut"
FREMRE: Final = "/logg-ut/fremre"
"""Registered at every provider, after the portal's address."""

_AVBRUTT: Final = "access_denied"

_logg = structlog.get_logger("egenandel.innlogging")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tilbyder:
    """One provider, put together.

    Attributes:
        tittel: what the user chooses.
        utsteder: the issuer.
        klient_id: us there.
        slag: what it is asked and what its answer means.
    """

    tittel: str
    utsteder: str
    klient_id: str
    slag: Slag
    oppdagelse: Oppdagelse
    klient: Oidcklient
    noekler: Jwks

    async def lukk(self) -> None:
        """Let go of connections."""
        await self.klient.lukk()
        await self.noekler.lukk()


@dataclass(frozen=True, slots=True)
class Innlogget:
    """A login that came to its end."""

    kapsel: str = field(repr=False)
    """What the browser shall show from now on."""
    retur: str


@dataclass(frozen=True, slots=True)
class Utloggingsskjema:
    """What the browser shall post to end the session at the provider too."""

    tittel: str
    adresse: str
    felt: Mapping[str, str] = field(repr=False)
    opphav: tuple[str, ...]
    """Where the form may end."""


class Innlogging:
    """The portal's login.

    Args:
        tilbydere: the providers, by our own names of them.
        sesjoner: where sessions are kept.
        forsoek: where logins that have begun are kept.
        adresse: the portal's, as browsers see it.
        lengst_siden: seconds since a user proved who they are at the provider, at most.
        naa: seconds since 1970.
    """

    def __init__(
        self,
        tilbydere: Mapping[str, Tilbyder],
        sesjoner: Databasesesjoner,
        forsoek: Innloggingsforsoek,
        adresse: str,
        lengst_siden: int,
        naa: Callable[[], float],
    ) -> None:
        self.tilbydere: Final = tilbydere
        self.sesjoner: Final = sesjoner
        self._forsoek: Final = forsoek
        self._adresse: Final = adresse
        self._lengst_siden: Final = lengst_siden
        self._naa: Final = naa

    async def begynn(self, navn: str, retur: str, nettleser: str) -> str:
        """Begin a login; where to send the browser.

        Args:
            navn: one of ``tilbydere``.
            retur: the path of ours to end at.
            nettleser: what the browser's cookie for logins says.

        Raises:
            InnloggingAvvistError: the provider cannot be asked now.
        """
        tilbyder = self.tilbydere[navn]
        metadata = await tilbyder.oppdagelse.hent()
        forsoek = Forsoek(tilbyder=navn, retur=retur)
        adresse = await tilbyder.klient.adresse(
            metadata, forsoek, tilbyder.slag.scope, self._lengst_siden, tilbyder.slag.oensker()
        )
        await self._forsoek.begynn(nettleser, forsoek)
        return adresse

    async def fullfoer(
        self, svar: Mapping[str, str], nettleser: str, forrige: str | None, sporing: Sporing
    ) -> Innlogget:
        """End a login when the browser comes back.

        Args:
            svar: what it brings, each at most once.
            nettleser: what its cookie for logins says.
            forrige: the session it had, which ends.
            sporing: the request.

        Raises:
            InnloggingAvvistError: nobody is logged in; it has been noted.
        """
        forsoek = await self._forsoek.ta(nettleser, svar.get("state", ""))
        navn = "" if forsoek is None else forsoek.tilbyder
        try:
            tilbyder = self.tilbydere.get(navn)
            if forsoek is None or tilbyder is None:
                raise InnloggingAvvistError(Grunn.UKJENT_FORSOEK)
            identitet = await self._identitet(tilbyder, navn, forsoek, svar)
        except InnloggingAvvistError as feil:
            await self._noter(feil, navn, sporing)
            raise
        return Innlogget(await self.sesjoner.logg_inn(identitet, sporing, forrige), forsoek.retur)

    async def utlogging(self, avsluttet: Avsluttet) -> Utloggingsskjema | None:
        """How to end the provider's session too; ``None`` when it cannot be done now."""
        tilbyder = self.tilbydere.get(avsluttet.tilbyder)
        metadata = None if tilbyder is None else await self._metadata(tilbyder)
        if tilbyder is None or metadata is None or metadata.utlogging is None:
            return None
        felt = {
            "id_token_hint": avsluttet.id_token,
            "post_logout_redirect_uri": f"{self._adresse}{LOGGET_UT}",
        }
        return Utloggingsskjema(
            tilbyder.tittel, metadata.utlogging, felt, (opphav(metadata.utlogging), opphav(tilbyder.utsteder))
        )

    async def avslutt_fra(self, utsteder: str, sid: str, sporing: Sporing) -> None:
        """End the sessions a provider says are over."""
        # Digdir's example has a slash its issuer has not.
        for tilbyder in self.tilbydere.values():
            if tilbyder.utsteder == utsteder.removesuffix("/") and sid:
                await self.sesjoner.logg_ut_fra(tilbyder.utsteder, sid, sporing)

    async def rammet_inn_av(self) -> tuple[str, ...]:
        """The places that may frame the page a provider ends sessions by."""
        steder = set()
        for tilbyder in self.tilbydere.values():
            steder.add(opphav(tilbyder.utsteder))
            metadata = await self._metadata(tilbyder)
            if metadata is not None and metadata.utlogging is not None:
                steder.add(opphav(metadata.utlogging))
        return tuple(sorted(steder))

    async def _metadata(self, tilbyder: Tilbyder) -> Metadata | None:
        try:
            return await tilbyder.oppdagelse.hent()
        except InnloggingAvvistError:
            return None

    async def _identitet(
        self, tilbyder: Tilbyder, navn: str, forsoek: Forsoek, svar: Mapping[str, str]
    ) -> Identitet:
        metadata = await tilbyder.oppdagelse.hent()
        sagt = svar.get("iss")
        if sagt != tilbyder.utsteder and (
            sagt is not None or metadata.sier_utsteder or tilbyder.slag.maa_si_hvem
        ):
            raise InnloggingAvvistError(Grunn.UTSTEDER_I_RETUR)
        if "error" in svar:
            avbrutt = svar["error"] == _AVBRUTT
            raise InnloggingAvvistError(Grunn.AVBRUTT if avbrutt else Grunn.TILBYDEREN_AVSLO)
        if not svar.get("code"):
            raise InnloggingAvvistError(Grunn.UTEN_KODE)
        tokensvar = await tilbyder.klient.veksle(metadata, svar["code"], forsoek.verifier)
        krav = Krav(
            utsteder=tilbyder.utsteder,
            klient_id=tilbyder.klient_id,
            nonce=forsoek.nonce,
            access_token=tokensvar.access_token,
            lengst_siden=self._lengst_siden,
            maa_si_naar=tilbyder.slag.maa_si_naar,
        )
        paastander = await les_id_token(tokensvar.id_token, krav, tilbyder.noekler, self._naa())

        def id_av(*deler: str) -> str:
            return self.sesjoner.brukerid(tilbyder.utsteder, *deler)

        bruker = tilbyder.slag.bruker(paastander, tokensvar.alt, id_av)
        if not await self.sesjoner.kjenner(bruker.aktoer.kommune):
            raise InnloggingAvvistError(Grunn.UKJENT_KOMMUNE)
        sid = paastander.get("sid")
        return Identitet(
            aktoer=bruker.aktoer,
            navn=bruker.navn,
            ident=bruker.ident,
            tilbyder=navn,
            utsteder=tilbyder.utsteder,
            sid=sid if isinstance(sid, str) and sid else None,
            id_token=tokensvar.id_token,
        )

    async def _noter(self, feil: InnloggingAvvistError, navn: str, sporing: Sporing) -> None:
        """In the kommune's register when we know whose it is; else in the log, with nothing of anybody."""
        _logg.info(
            "innlogging avvist", grunn=feil.grunn.kode, tilbyder=navn, korrelasjonsid=sporing.korrelasjonsid
        )
        if feil.hvem is not None and await self.sesjoner.kjenner(feil.hvem.kommune):
            await self.sesjoner.nekt(feil.hvem, feil.grunn.kode, sporing)
