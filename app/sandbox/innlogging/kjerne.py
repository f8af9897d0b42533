"""What the parts of one login provider share: its clients, keys, memory and log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request

from app.sandbox.innlogging.ansatte import Ansatt
from app.sandbox.innlogging.forespoersel import Forespoersel
from app.sandbox.innlogging.planting import Planer, Plantet
from app.sandbox.innlogging.register import Klient, Register
from app.sandbox.innlogging.tilstand import Oekt, Tilstand
from app.sandbox.innlogging.utforming import Utforming, rettighetene
from app.sandbox.klokke import Klokke
from app.sandbox.maaling import Loggrad, Maalinger
from app.sandbox.signering import Signeringsnoekler

IKKE_LAGRE: Final = {"Cache-Control": "no-store"}
FREMMED_UTSTEDER: Final = "https://fremmed-utsteder.example"


@dataclass(slots=True)
class Kjerne:
    """One provider's own. Mutable: the control API and tests change it while the sandbox runs.

    Attributes:
        utforming: what it looks like from outside.
        register: its clients.
        rettigheter: what Altinn gives each employee on our resource, by organisation.
        noekler: its signing keys.
    """

    utforming: Utforming
    register: Register
    klokke: Klokke
    maalinger: Maalinger
    planer: Planer
    tilstand: Tilstand
    noekler: Signeringsnoekler = field(default_factory=Signeringsnoekler)
    rettigheter: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)

    def kan_representere(self, ansatt: Ansatt, spurt: Forespoersel) -> dict[str, tuple[str, ...]]:
        """By organisation, what the person may do of what is asked for."""
        oensket = spurt.oenske.handlinger if spurt.oenske is not None else ()
        return rettighetene(self.rettigheter.get(ansatt.kallenavn, {}), oensket)

    def rammer(self, oekt: Oekt) -> list[tuple[Klient, str]]:
        """What to open for front-channel logout: every client of the session that has such an address."""
        return [
            (klient, med_felt(klient.fremre, {"iss": self.utforming.utsteder, "sid": oekt.sid}))
            for klient in self.klientene(oekt)
            if klient.fremre is not None
        ]

    def klientene(self, oekt: Oekt) -> list[Klient]:
        """The clients logged in with a session."""
        klienter = self.register.klienter
        return [klienter[klient_id] for klient_id in sorted(oekt.klienter) if klient_id in klienter]

    def trekk(self, blant: frozenset[Plantet]) -> frozenset[Plantet]:
        """The planted faults that hit this time."""
        return self.planer.trekk(self.utforming.system, blant)

    def noter(self, request: Request, status: int, kode: str) -> None:
        """Log the route, never the query: it may hold a code."""
        tid = self.klokke.tid().isoformat(timespec="milliseconds")
        rute = request.scope["path"].removeprefix(self.utforming.prefiks)
        self.maalinger.noter(Loggrad(tid, self.utforming.system, rute, "", status, kode))


def med_felt(adresse: str, felt: Mapping[str, str]) -> str:
    """The address with more in its query."""
    return f"{adresse}{'&' if '?' in adresse else '?'}{urlencode(felt)}"
