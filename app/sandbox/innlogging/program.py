"""One login provider put together: what clients call, what browsers call, and levers for both."""

from joserfc.jwk import RSAKey
from starlette.applications import Starlette

from app.sandbox.innlogging.ansatte import ANSATTE
from app.sandbox.innlogging.for_klienter import ForKlienter
from app.sandbox.innlogging.for_personer import ForPersoner
from app.sandbox.innlogging.kjerne import Kjerne
from app.sandbox.innlogging.planting import Planer
from app.sandbox.innlogging.register import Register
from app.sandbox.innlogging.tilstand import Oekt, Tilstand
from app.sandbox.innlogging.utforming import Utforming
from app.sandbox.klokke import Klokke
from app.sandbox.maaling import Maalinger
from app.sandbox.maskinporten.register import SEKUNDER_I_AARET
from app.sandbox.signering import Signeringsnoekler, ny_rsa_noekkel


class Tilbyder:
    """One login provider.

    Attributes:
        app: the program, served where ``utforming`` says.
    """

    def __init__(self, utforming: Utforming, klokke: Klokke, maalinger: Maalinger, planer: Planer) -> None:
        self._kjerne = Kjerne(utforming, Register(), klokke, maalinger, planer, Tilstand(klokke))
        self.nullstill()
        self.app = Starlette(routes=[*ForKlienter(self._kjerne).ruter(), *ForPersoner(self._kjerne).ruter()])

    @property
    def utforming(self) -> Utforming:
        """What it looks like from outside."""
        return self._kjerne.utforming

    @property
    def register(self) -> Register:
        """Its clients."""
        return self._kjerne.register

    @property
    def noekler(self) -> Signeringsnoekler:
        """Its signing keys."""
        return self._kjerne.noekler

    @property
    def rettigheter(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """What Altinn gives each employee on our resource, by organisation; may be changed."""
        return self._kjerne.rettigheter

    def nullstill(self) -> None:
        """Everybody logged out, and rights as at the start; clients are the register's business."""
        self._kjerne.tilstand.toem()
        self._kjerne.rettigheter = {ansatt.kallenavn: dict(ansatt.rettigheter) for ansatt in ANSATTE}

    def registrer_noekkel(
        self, klient_id: str, noekkel: RSAKey, *, kid: str, levetid: float = SEKUNDER_I_AARET
    ) -> None:
        """Post a public key on a client; ``levetid`` is seconds until it expires."""
        utloeper = self._kjerne.klokke.sekunder() + levetid
        self.register.legg_til_noekkel(klient_id, noekkel, kid=kid, utloeper=utloeper)

    def ny_noekkel(self, klient_id: str, kid: str) -> RSAKey:
        """Make a private key, post its public half and return it."""
        noekkel = ny_rsa_noekkel(kid)
        self.registrer_noekkel(klient_id, noekkel, kid=kid)
        return noekkel

    def oekter(self) -> list[Oekt]:
        """Every session that is alive."""
        return self._kjerne.tilstand.oekter()

    def logg_ut(self, kallenavn: str) -> list[str]:
        """End every session of an employee without a browser; the addresses a browser would have opened."""
        adresser = []
        for oekt in self.oekter():
            if oekt.ansatt.kallenavn == kallenavn:
                adresser += [adresse for _, adresse in self._kjerne.rammer(oekt)]
                self._kjerne.tilstand.logg_ut(oekt)
        return adresser
