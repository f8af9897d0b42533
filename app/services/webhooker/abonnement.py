"""Webhooks as a kommune keeps them: made, seen, changed, given a new secret, tried out and taken away."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.lesing import (
    Heltall,
    Kanskje,
    Liste,
    Objekt,
    Skjema,
    Tekst,
    Valgt,
    felt,
)
from app.db.arkiv import Lager
from app.db.ident import ny_id
from app.db.lager.kommuner import VersjonskonfliktError
from app.db.lager.webhooker import Levering, Leveringstilstand, Webhook, Webhooktilstand
from app.services.endringer import Endringstype, endring
from app.services.endringsliste import SEKVENSNUMMER
from app.services.revisjon import Handling
from app.services.sak.drift import Kall
from app.services.sak.feil import FinnesIkkeError, Konflikt, KonfliktError, UgyldigSakError, UtdatertError
from app.services.sak.rader import Fritekst, PersonId
from app.services.sak.ut import Tidspunkt, tidspunkt
from app.services.webhooker.adresse import LENGST, RAAD, Adressevakt, UtryggAdresseError
from app.services.webhooker.melding import ny_hemmelighet
from app.settings.webhooker import Webhooker

_FORMAAL: Final = "varsle fagsystemet om endringer"
_TYPER: Final = 100


class OensketTilstand(StrEnum):
    """Whether the kommune wants to be told now."""

    AKTIV = "AKTIV"
    PAUSET = "PAUSET"


class _Url(Tekst):
    """A web address; what it may be is judged by ``Adressevakt``."""

    def __init__(self) -> None:
        super().__init__(LENGST)

    def skjema(self, navngitte: dict[str, Skjema]) -> Skjema:
        return {"type": "string", "format": "uri", "minLength": 1, "maxLength": LENGST}


@dataclass(frozen=True, slots=True, repr=False)
class Webhookoenske:
    """What a kommune says of a webhook."""

    url: str = felt(_Url(), "Adressen endringene sendes til; https")
    typer: tuple[Endringstype, ...] = felt(
        Liste(Valgt(Endringstype), _TYPER), "Hva det skal varsles om; tom liste eller utelatt betyr alt", ()
    )
    beskrivelse: str | None = felt(Kanskje(Fritekst(200)), "Kommunens egen beskrivelse", None)
    tilstand: OensketTilstand = felt(
        Valgt(OensketTilstand),
        "PAUSET lar varslene vente; AKTIV sender dem, også etter at mottakeren har vært borte",
        OensketTilstand.AKTIV,
    )


WEBHOOKOENSKE: Final = Objekt(Webhookoenske)


@dataclass(frozen=True, slots=True)
class WebhookUt:
    """A webhook, without its secret."""

    id: str = felt(PersonId(), "Webhookens id")
    versjon: int = felt(Heltall(1, 10**9), "Versjonen; samme tall som i ETag")
    url: str = felt(_Url(), "Adressen")
    typer: tuple[Endringstype, ...] = felt(
        Liste(Valgt(Endringstype), _TYPER), "Hva det varsles om; tom er alt"
    )
    beskrivelse: str | None = felt(Kanskje(Tekst(200)), "Kommunens egen beskrivelse")
    tilstand: Webhooktilstand = felt(
        Valgt(Webhooktilstand),
        "STENGT når mottakeren har svart 410, PAUSET også når den lenge ikke har svart",
    )
    forrige_hemmelighet_til: str | None = felt(
        Kanskje(Tidspunkt()), "Så lenge signeres det også med den forrige hemmeligheten"
    )
    av: str = felt(Tekst(200), "Hvem som laget den")
    opprettet: str = felt(Tidspunkt(), "Når")
    endret: str = felt(Tidspunkt(), "Når den sist ble endret")


@dataclass(frozen=True, slots=True, repr=False)
class WebhookMedHemmelighet(WebhookUt):
    """A webhook with the secret that was just made."""

    hemmelighet: str = felt(
        Tekst(100), "Hemmeligheten å kontrollere signaturen med; vises bare denne ene gangen"
    )


@dataclass(frozen=True, slots=True)
class LeveringUt:
    """One delivery."""

    sekvensnummer: int = felt(SEKVENSNUMMER, "Endringen, slik den står i endringslisten")
    tilstand: Leveringstilstand = felt(
        Valgt(Leveringstilstand), "VENTER, LEVERT, eller DOED når den er gitt opp"
    )
    forsoek: int = felt(Heltall(0, 10**6), "Forsøk som er gjort")
    neste_forsoek: str | None = felt(Kanskje(Tidspunkt()), "Når det neste gjøres; null når den ikke venter")
    status: int | None = felt(Kanskje(Heltall(100, 999)), "HTTP-statusen mottakeren sist svarte med")
    feil: str | None = felt(Kanskje(Tekst(100)), "Hvorfor mottakeren ikke svarte")
    opprettet: str = felt(Tidspunkt(), "Når den ble lagt i køen")
    endret: str = felt(Tidspunkt(), "Når det sist skjedde noe med den")


@dataclass(frozen=True, slots=True)
class Proeveut:
    """A test that is under way."""

    sekvensnummer: int = felt(SEKVENSNUMMER, "Finn den igjen i leveringene")


def ut(krok: Webhook) -> WebhookUt:
    """A webhook as a client sees it."""
    return WebhookUt(**_felt(krok))


def _felt(krok: Webhook) -> dict[str, Any]:
    return {
        "id": str(krok.id),
        "versjon": krok.versjon,
        "url": krok.url,
        "typer": tuple(Endringstype(type_) for type_ in krok.typer),
        "beskrivelse": krok.beskrivelse,
        "tilstand": krok.tilstand,
        "forrige_hemmelighet_til": None if krok.forrige_til is None else tidspunkt(krok.forrige_til),
        "av": krok.av,
        "opprettet": tidspunkt(krok.opprettet),
        "endret": tidspunkt(krok.endret),
    }


def levering_ut(levering: Levering) -> LeveringUt:
    """A delivery as a client sees it."""
    venter = levering.tilstand is Leveringstilstand.VENTER
    return LeveringUt(
        sekvensnummer=levering.sekvensnummer,
        tilstand=levering.tilstand,
        forsoek=levering.forsoek,
        neste_forsoek=tidspunkt(levering.neste_forsoek) if venter else None,
        status=levering.status,
        feil=levering.feil,
        opprettet=tidspunkt(levering.opprettet),
        endret=tidspunkt(levering.endret),
    )


async def kontroller_adresse(vakt: Adressevakt, oenske: Webhookoenske) -> None:
    """See that the address is one that may be called, before anything is stored.

    Raises:
        UgyldigSakError: it is not.
    """
    try:
        await vakt.adresser(vakt.les(oenske.url))
    except UtryggAdresseError as feil:
        raise UgyldigSakError(Feil("/url", feil.hva.value, RAAD[feil.hva])) from None


async def ny_webhook(
    lager: Lager, kall: Kall, valg: Webhooker, oenske: Webhookoenske
) -> WebhookMedHemmelighet:
    """Make a webhook; told of everything that is stored after it.

    Raises:
        KonfliktError: the kommune is not taken in, or has as many as it may.
    """
    await lager.endringer.laas()
    if not await lager.kommuner.finnes():
        raise KonfliktError(
            Konflikt.KOMMUNEN_MANGLER_OPPSETT,
            "Kommunen er ikke tatt i bruk. Leverandøren gjør det med «egenandel kommune les-inn».",
        )
    if len(await lager.webhooker.alle()) >= valg.hoeyst_per_kommune:
        raise KonfliktError(
            Konflikt.FOR_MANGE_WEBHOOKER,
            f"Kommunen har alt {valg.hoeyst_per_kommune} webhooker. Slett en som ikke brukes.",
        )
    hemmelighet = ny_hemmelighet()
    krok = Webhook(
        id=ny_id(kall.naa),
        url=oenske.url,
        typer=tuple(oenske.typer),
        beskrivelse=oenske.beskrivelse,
        tilstand=Webhooktilstand(oenske.tilstand.value),
        versjon=1,
        av=kall.av,
        opprettet=kall.naa,
        endret=kall.naa,
    )
    await lager.webhooker.ny(krok, hemmelighet)
    await _noter(lager, kall, Handling.WEBHOOK_ENDRET)
    return WebhookMedHemmelighet(**_felt(krok), hemmelighet=hemmelighet)


async def les_webhooker(lager: Lager, kall: Kall) -> list[Webhook]:
    """Every webhook of the kommune."""
    alle = await lager.webhooker.alle()
    await _noter(lager, kall, Handling.WEBHOOK_LEST)
    return alle


async def les_webhook(lager: Lager, kall: Kall, id_: UUID) -> Webhook:
    """One webhook.

    Raises:
        FinnesIkkeError: the kommune has no such webhook.
    """
    krok = await _hent(lager, id_)
    await _noter(lager, kall, Handling.WEBHOOK_LEST)
    return krok


async def endre_webhook(lager: Lager, kall: Kall, id_: UUID, versjon: int, oenske: Webhookoenske) -> Webhook:
    """Replace what a webhook says. What waits is sent at once when it is taken up again.

    Raises:
        FinnesIkkeError: the kommune has no such webhook.
        UtdatertError: it has changed since ``versjon``.
    """
    await lager.endringer.laas()
    gammel = await _hent(lager, id_)
    neste = replace(
        gammel,
        url=oenske.url,
        typer=tuple(oenske.typer),
        beskrivelse=oenske.beskrivelse,
        tilstand=Webhooktilstand(oenske.tilstand.value),
        endret=kall.naa,
    )
    lagret = await _kreve(gammel, versjon, lager, neste)
    if lagret.tilstand is Webhooktilstand.AKTIV and gammel.tilstand is not Webhooktilstand.AKTIV:
        await lager.webhooker.straks(id_, kall.naa)
    await _noter(lager, kall, Handling.WEBHOOK_ENDRET)
    return lagret


async def roter_hemmelighet(
    lager: Lager, kall: Kall, valg: Webhooker, id_: UUID, versjon: int
) -> WebhookMedHemmelighet:
    """A new secret; the one before signs too for a while.

    Raises:
        FinnesIkkeError: the kommune has no such webhook.
        UtdatertError: it has changed since ``versjon``.
    """
    gammel = await _hent(lager, id_)
    if gammel.versjon != versjon:
        raise UtdatertError
    hemmelighet = ny_hemmelighet()
    til = kall.naa + timedelta(hours=valg.begge_signerer_timer)
    try:
        krok = await lager.webhooker.roter(gammel, hemmelighet, til, kall.naa)
    except VersjonskonfliktError:
        raise UtdatertError from None
    await _noter(lager, kall, Handling.WEBHOOK_ENDRET, "hemmelighet")
    return WebhookMedHemmelighet(**_felt(krok), hemmelighet=hemmelighet)


async def slett_webhook(lager: Lager, kall: Kall, id_: UUID, versjon: int) -> Webhook:
    """Take a webhook away with what waits for it.

    Raises:
        FinnesIkkeError: the kommune has no such webhook.
        UtdatertError: it has changed since ``versjon``.
    """
    await lager.endringer.laas()
    krok = await _hent(lager, id_)
    if krok.versjon != versjon:
        raise UtdatertError
    await lager.webhooker.slett(id_)
    await _noter(lager, kall, Handling.WEBHOOK_ENDRET, "slettet")
    return krok


async def proev_webhook(lager: Lager, kall: Kall, id_: UUID) -> Proeveut:
    """Send something to a webhook, the way everything is sent, whatever kinds it wants.

    Raises:
        FinnesIkkeError: the kommune has no such webhook.
    """
    await lager.endringer.laas()
    await _hent(lager, id_)
    nr = await lager.endringer.noter_for(kall.naa, id_, endring(Endringstype.WEBHOOK_PROEVE, gjelder=id_))
    await _noter(lager, kall, Handling.WEBHOOK_ENDRET, "prøve")
    return Proeveut(sekvensnummer=nr)


async def les_leveringer(
    lager: Lager, kall: Kall, id_: UUID, tilstand: Leveringstilstand | None, foer: int | None, antall: int
) -> Sequence[Levering]:
    """The deliveries to a webhook, the newest first; one more than asked for shows that there are more.

    Raises:
        FinnesIkkeError: the kommune has no such webhook.
    """
    await _hent(lager, id_)
    funnet = await lager.webhooker.leveringer(id_, tilstand, foer, antall + 1)
    await _noter(lager, kall, Handling.WEBHOOK_LEST, "leveringer")
    return funnet


async def gjenta_levering(lager: Lager, kall: Kall, id_: UUID, sekvensnummer: int) -> Levering:
    """Send a delivery again, under the same id.

    Raises:
        FinnesIkkeError: the kommune has no such webhook, or the webhook no such delivery.
    """
    await _hent(lager, id_)
    levering = await lager.webhooker.gjenta(id_, sekvensnummer, kall.naa)
    if levering is None:
        raise FinnesIkkeError("leveringen")
    await _noter(lager, kall, Handling.WEBHOOK_ENDRET, "levering")
    return levering


async def _hent(lager: Lager, id_: UUID) -> Webhook:
    krok = await lager.webhooker.hent(id_)
    if krok is None:
        raise FinnesIkkeError("webhooken")
    return krok


async def _kreve(gammel: Webhook, versjon: int, lager: Lager, neste: Webhook) -> Webhook:
    if gammel.versjon != versjon:
        raise UtdatertError
    try:
        return await lager.webhooker.endre(gammel, neste)
    except VersjonskonfliktError:
        raise UtdatertError from None


async def _noter(lager: Lager, kall: Kall, handling: Handling, *mer: str) -> None:
    await lager.revisjon.noter(kall.naa, kall.rad(handling, formaal=_FORMAAL, data=["webhook", *mer]))
