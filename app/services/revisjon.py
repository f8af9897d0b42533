"""The words of the audit register: what can happen, how it can end, and the one way a row is made.

A row says who did what, with whose data, which data and years, for what purpose, on what basis, with what outcome
(pasientjournalloven § 22 a; docs/personvern.md). It holds nothing personal: a national id or a name in it is a
programming error, and refused. One row is about one person; what shows several persons gives a row for each.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol
from uuid import UUID

from app.db.lager.revisjon import NyRad
from app.settings.personvern import Personvern

HJEMMEL: Final[str] = Personvern().hjemmel
"""The basis unless the settings say another."""

_UTELATT: Final = "(utelatt)"
_UUID: Final = re.compile(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b")
_ELLEVE: Final = re.compile(r"(?<!\d)\d{6}[ .\-]?\d{5}(?!\d)")
_NAVN: Final = re.compile(r"\b[A-ZÆØÅ][a-zæøåéèäöü]+(?:-[A-ZÆØÅ][a-zæøåéèäöü]+)? +[A-ZÆØÅ][a-zæøåéèäöü]+")
"""Two words in a row with capital first letters: people, and next to nothing else in our texts."""
_FREMMED_ID: Final = re.compile(r"[\w.:\-]{1,100}")
_LENGST: Final = 500


class Handling(StrEnum):
    """Everything that is noted."""

    OPPSLAG = "OPPSLAG"
    """Something was asked of Skatteetaten."""
    SAK_OPPRETTET = "SAK_OPPRETTET"
    SAK_ENDRET = "SAK_ENDRET"
    SAK_LEST = "SAK_LEST"
    SAK_SOEKT = "SAK_SOEKT"
    BEREGNING_LAGET = "BEREGNING_LAGET"
    BEREGNING_LEST = "BEREGNING_LEST"
    FORHAANDSVIST = "FORHAANDSVIST"
    """What a change would lead to was shown; nothing of it was stored."""
    GRUNNLAG_LEST = "GRUNNLAG_LEST"
    VEDTAK_FATTET = "VEDTAK_FATTET"
    VEDTAK_AVGJORT = "VEDTAK_AVGJORT"
    """A second person approved or refused a decision."""
    VEDTAK_LEST = "VEDTAK_LEST"
    ETTEROPPGJOER_LAGET = "ETTEROPPGJOER_LAGET"
    ETTEROPPGJOER_LEST = "ETTEROPPGJOER_LEST"
    BREV_LAGET = "BREV_LAGET"
    """A letter was made, kept and given."""
    BREV_LEST = "BREV_LEST"
    """A letter that is kept was given, or a draft."""
    FAKTURA_LAGET = "FAKTURA_LAGET"
    """Lines were made for the finance system."""
    FAKTURA_LEST = "FAKTURA_LEST"
    """Lines were shown, or given as a file."""
    MANUELL_POST_NY = "MANUELL_POST_NY"
    MANUELL_POST_OPPHEVET = "MANUELL_POST_OPPHEVET"
    MANUELL_POST_LEST = "MANUELL_POST_LEST"
    FIKS_BEREGNING = "FIKS_BEREGNING"
    """An income basis was given through the Fiks-compatible endpoint."""
    KOMMUNE_ENDRET = "KOMMUNE_ENDRET"
    KOMMUNE_LEST = "KOMMUNE_LEST"
    REVISJON_LEST = "REVISJON_LEST"
    REVISJON_EKSPORTERT = "REVISJON_EKSPORTERT"
    INNSYN = "INNSYN"
    SLETTING = "SLETTING"
    RYDDING = "RYDDING"
    NOEKKEL_ROTERT = "NOEKKEL_ROTERT"
    HENDELSE_BEHANDLET = "HENDELSE_BEHANDLET"
    """What an event led to, or that it led to nothing."""
    PEKER_FLYTTET = "PEKER_FLYTTET"
    """The place in an event list was set by hand or mended."""
    ARBEID_LEST = "ARBEID_LEST"
    ARBEID_ENDRET = "ARBEID_ENDRET"
    """Work that had stopped was ordered again or closed."""
    OPPGAVE_LEST = "OPPGAVE_LEST"
    OPPGAVE_LUKKET = "OPPGAVE_LUKKET"
    ENDRINGER_LEST = "ENDRINGER_LEST"
    WEBHOOK_ENDRET = "WEBHOOK_ENDRET"
    WEBHOOK_LEST = "WEBHOOK_LEST"
    AVSTEMMING_LAGET = "AVSTEMMING_LAGET"
    AVSTEMMING_LEST = "AVSTEMMING_LEST"
    MASSEKJOERING = "MASSEKJOERING"
    MASSEKJOERING_LEST = "MASSEKJOERING_LEST"
    INNLOGGING = "INNLOGGING"
    """A user logged in to the portal, or was refused there."""
    UTLOGGING = "UTLOGGING"
    """A user logged out, here or at the provider."""
    TILSYN_VURDERT = "TILSYN_VURDERT"
    """Somebody has judged look-ups that were to be judged: of oneself, of a colleague, of many."""
    AVSLAG = "AVSLAG"
    """Somebody we know was refused before anything was read."""


class Utfall(StrEnum):
    """How it ended."""

    OK = "OK"
    PAABEGYNT = "PAABEGYNT"
    """Noted before it was done, so that nothing is asked that is not noted."""
    AVSLAATT = "AVSLAATT"
    UTEN_DATA = "UTEN_DATA"
    FEIL = "FEIL"


class Aktoer(Protocol):
    """What the register needs to know of whoever is acting; see ``app.services.tilgang``."""

    @property
    def type(self) -> str:
        """MASKIN, BRUKER or SYSTEM."""

    @property
    def id(self) -> str:
        """The client's id or the user's pairwise ``sub``."""

    @property
    def rolle(self) -> str | None:
        """The user's role."""

    @property
    def leverandoer(self) -> str | None:
        """Organisation number of a supplier that calls for the kommune."""

    @property
    def eid_nivaa(self) -> str | None:
        """How the user was identified."""

    @property
    def merke(self) -> str:
        """What stored rows carry as ``av``."""


@dataclass(frozen=True, slots=True)
class Driftsaktoer:
    """Ourselves, or somebody at the command line."""

    id: str
    type: str = "SYSTEM"
    rolle: str | None = None
    leverandoer: str | None = None
    eid_nivaa: str | None = None

    @property
    def merke(self) -> str:
        """What stored rows carry as ``av``."""
        return f"{self.type.lower()}:{self.id}"


def ny_rad(
    aktoer: Aktoer,
    handling: Handling,
    utfall: Utfall,
    *,
    ident: str | None = None,
    sak_id: UUID | None = None,
    data: Iterable[str] = (),
    aar: Iterable[int] = (),
    formaal: str | None = None,
    hjemmel: str = HJEMMEL,
    rute: str | None = None,
    korrelasjonsid: str | None = None,
    skatteetaten: Iterable[str] = (),
    antall: Mapping[str, int] | None = None,
) -> NyRad:
    """One row of the register.

    Args:
        aktoer: who.
        handling: what.
        utfall: how it ended.
        ident: national id of the person whose data it was; only a keyed mark of it is stored.
        sak_id: the case it was for.
        data: which data: names of APIs or of groups of fields.
        aar: which income or calendar years.
        formaal: the purpose in words; left out it is the case.
        hjemmel: the legal basis in words.
        rute: method and route template, without values.
        korrelasjonsid: ours.
        skatteetaten: Skatteetaten's ids of the calls that were made; one we cannot store is left out.
        antall: how many of what, where a row is about many.

    Raises:
        ValueError: a text looks like a national id or a name, or nobody has said what a person's data was for.
    """
    if formaal is None and sak_id is not None:
        formaal = f"sak {sak_id}"
    if ident is not None and formaal is None:
        raise ValueError("en rad om en person må si hva opplysningene var til: sak_id eller formaal")
    innhold: dict[str, Any] = {
        "aktoer": {
            "type": str(aktoer.type),
            "id": aktoer.id,
            "rolle": None if aktoer.rolle is None else str(aktoer.rolle),
            "leverandoer": aktoer.leverandoer,
            "eidNivaa": aktoer.eid_nivaa,
        },
        "data": sorted({str(navn) for navn in data}),
        "aar": sorted(set(aar)),
        "formaal": formaal,
        "hjemmel": hjemmel,
        "rute": rute,
        "korrelasjonsid": korrelasjonsid,
        "antall": dict(antall or {}),
    }
    for tekst in _tekster(innhold):
        _krev_upersonlig(tekst)
    innhold["skatteetaten"] = [_fremmed_id(id_) for id_ in skatteetaten]
    return NyRad(handling=handling, utfall=utfall, innhold=innhold, ident=ident, sak_id=sak_id)


def en_for_hver(
    identer: Collection[str], aktoer: Aktoer, handling: Handling, utfall: Utfall, **resten: Any
) -> tuple[NyRad, ...]:
    """The same row for each of several persons: everybody can then be told who saw what was theirs."""
    return tuple(ny_rad(aktoer, handling, utfall, ident=ident, **resten) for ident in sorted(set(identer)))


def ser_personlig_ut(tekst: str) -> bool:
    """Whether a text may hold a national id or a name. Guesses on the strict side."""
    uten_uuid = _UUID.sub(" ", tekst)
    return bool(_ELLEVE.search(uten_uuid) or _NAVN.search(uten_uuid))


def _krev_upersonlig(tekst: str) -> None:
    if len(tekst) > _LENGST or ser_personlig_ut(tekst):
        raise ValueError("teksten er for lang, eller ligner et fødselsnummer eller et navn; den noteres ikke")


def _tekster(verdi: Any) -> Iterable[str]:
    if isinstance(verdi, str):
        yield verdi
    elif isinstance(verdi, Mapping):
        for navn, under in verdi.items():
            yield navn
            yield from _tekster(under)
    elif isinstance(verdi, list):
        for under in verdi:
            yield from _tekster(under)


def _fremmed_id(tekst: str) -> str:
    """Another's id decides nothing here, so a strange one must not stop what is being noted."""
    return tekst if _FREMMED_ID.fullmatch(tekst) and not ser_personlig_ut(tekst) else _UTELATT
