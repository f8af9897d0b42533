"""Virksomhetssertifikater for x5c grants: issuing test certificates and judging a chain.

The issuer is made when first needed and lives as long as the process; nothing it signs is worth
anything elsewhere.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from joserfc.jwk import RSAKey

from app.sandbox.maskinporten.feil import Avslag, NektetError

_ETT_DOEGN = timedelta(days=1)
_TI_AAR = timedelta(days=3650)
_STOERRELSE = 2048


@dataclass(frozen=True)
class Sertifikat:
    """A private key and its chain (leaf first, issuer last) as ``x5c`` wants it."""

    noekkel: RSAKey
    x5c: list[str]


class Utsteder:
    """A certificate authority for tests."""

    def __init__(self, naa: datetime) -> None:
        self._noekkel = rsa.generate_private_key(public_exponent=65537, key_size=_STOERRELSE)
        self._navn = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sandkassens testutsteder")])
        self.rot = self._signer(
            self._navn, self._noekkel.public_key(), naa - _ETT_DOEGN, naa + _TI_AAR, ca=True
        )

    def _signer(
        self, navn: x509.Name, offentlig: rsa.RSAPublicKey, fra: datetime, til: datetime, *, ca: bool
    ) -> x509.Certificate:
        return (
            x509.CertificateBuilder()
            .subject_name(navn)
            .issuer_name(self._navn)
            .public_key(offentlig)
            .serial_number(x509.random_serial_number())
            .not_valid_before(fra)
            .not_valid_after(til)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .sign(self._noekkel, SHA256())
        )

    def utsted(self, orgnr: str, fra: datetime, til: datetime) -> Sertifikat:
        """A certificate for ``orgnr`` (organizationIdentifier ``NTRNO-…``) with its full chain."""
        privat = rsa.generate_private_key(public_exponent=65537, key_size=_STOERRELSE)
        navn = x509.Name(
            [
                x509.NameAttribute(NameOID.COMMON_NAME, "Syntetisk virksomhet"),
                x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, f"NTRNO-{orgnr}"),
            ]
        )
        blad = self._signer(navn, privat.public_key(), fra, til, ca=False)
        kjede = [base64.b64encode(s.public_bytes(Encoding.DER)).decode() for s in (blad, self.rot)]
        return Sertifikat(RSAKey.import_key(privat), kjede)

    def vurder(self, x5c: object, orgnr: str, naa: datetime) -> RSAKey:
        """The key to check the signature with.

        Raises:
            NektetError: MP-123 not a list; MP-120 unreadable, not the full chain or not from this issuer;
                MP-121 outside its dates; MP-122 another organisation's.
        """
        if not isinstance(x5c, list):
            raise NektetError(Avslag.X5C_IKKE_LISTE)
        kjede = [_les(ledd) for ledd in x5c]
        if [s.subject for s in kjede[1:]] != [self._navn] or kjede[1] != self.rot:
            raise NektetError(
                Avslag.UGYLDIG_SERTIFIKAT, "hele kjeden fram til en godkjent utsteder må være med"
            )
        blad = kjede[0]
        try:
            blad.verify_directly_issued_by(self.rot)
        except (InvalidSignature, ValueError, TypeError):
            raise NektetError(Avslag.UGYLDIG_SERTIFIKAT, "ikke signert av utstederen") from None
        if not blad.not_valid_before_utc <= naa <= blad.not_valid_after_utc:
            raise NektetError(Avslag.NOEKKEL_UTLOEPT, "sertifikatet er utenfor gyldighetstiden")
        if _virksomhet(blad) != orgnr:
            raise NektetError(Avslag.FEIL_SERTIFIKATEIER)
        offentlig = blad.public_key()
        if not isinstance(offentlig, rsa.RSAPublicKey):
            raise NektetError(Avslag.UGYLDIG_SERTIFIKAT, "bare RSA")
        return RSAKey.import_key(offentlig)


def _les(ledd: object) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(base64.b64decode(str(ledd), validate=True))
    except (ValueError, binascii.Error):
        raise NektetError(Avslag.UGYLDIG_SERTIFIKAT, "kan ikke leses") from None


def _virksomhet(sertifikat: x509.Certificate) -> str | None:
    """Organisation number from organizationIdentifier, or from serialNumber in older certificates."""
    for oid in (NameOID.ORGANIZATION_IDENTIFIER, NameOID.SERIAL_NUMBER):
        for attributt in sertifikat.subject.get_attributes_for_oid(oid):
            return str(attributt.value).removeprefix("NTRNO-")
    return None
