"""Signing keys: a JWK or a PKCS#12 with its whole chain, two at a time, swapped without a restart."""

import base64
import json
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from joserfc import errors as jose_errors
from joserfc.jwk import RSAKey

from app.skatt_client.feil import OppsettError

ALGORITMER: Final = ("RS256", "RS384", "RS512")
"""What Maskinporten's metadata lists."""

MIN_BITS: Final = 2048
VARSEL_DAGER: Final = 30
_SEKUNDER_I_DOEGN: Final = 86_400

_log: Final = logging.getLogger("app.skatt_client.maskinporten")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One private key and how it is presented: by ``kid``, or by its certificate chain."""

    navn: str
    """For operators: the kid, or the certificate's serial number."""
    alg: str
    kid: str | None
    x5c: tuple[str, ...] | None = field(repr=False)
    utloeper: float | None
    """Seconds since 1970, or ``None`` if nobody has told us."""
    jwk: RSAKey = field(repr=False, compare=False)

    @classmethod
    def fra_jwk(cls, tekst: str, *, utloeper: datetime | None = None) -> "SigningKey":
        """Read a private RSA JWK with ``kid``; the text is the value of an environment variable or a file.

        Args:
            tekst: the JWK as JSON.
            utloeper: when the key lapses at Maskinporten (at most a year after posting). A numeric ``exp``
                member in the JWK is used if this is not given.

        Raises:
            OppsettError: not such a key. The text never repeats the value.
        """
        try:
            raa = json.loads(tekst)
        except ValueError:
            raa = None
        if not isinstance(raa, dict) or raa.get("kty") != "RSA" or not raa.get("d"):
            raise OppsettError("nøkkelen må være en privat RSA-nøkkel som JWK (JSON)")
        kid = raa.get("kid")
        if not isinstance(kid, str) or not kid:
            raise OppsettError("nøkkelen mangler kid")
        alg = raa.get("alg", ALGORITMER[0])
        if alg not in ALGORITMER:
            raise OppsettError(f"nøkkelens alg må være en av {', '.join(ALGORITMER)}")
        exp = raa.get("exp")
        utloep = utloeper.timestamp() if utloeper else float(exp) if isinstance(exp, int) else None
        deler = {
            navn: raa[navn] for navn in ("kty", "n", "e", "d", "p", "q", "dp", "dq", "qi") if navn in raa
        }
        return cls(kid, alg, kid, None, utloep, _importer(lambda: RSAKey.import_key(deler)))

    @classmethod
    def fra_pkcs12(cls, data: bytes, passord: str, *, kid: str | None = None) -> "SigningKey":
        """Read a virksomhetssertifikat. Without ``kid`` the whole chain is sent as ``x5c``.

        Raises:
            OppsettError: wrong password, or no RSA key with a certificate.
        """
        try:
            noekkel, sertifikat, andre = pkcs12.load_key_and_certificates(data, passord.encode())
        except ValueError:
            noekkel, sertifikat, andre = None, None, []
        if not isinstance(noekkel, RSAPrivateKey) or sertifikat is None:
            raise OppsettError("PKCS#12-filen kan ikke leses med dette passordet, eller mangler RSA-nøkkel")
        pem = noekkel.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        kjede = tuple(
            base64.b64encode(ledd.public_bytes(Encoding.DER)).decode() for ledd in _kjede(sertifikat, andre)
        )
        return cls(
            kid or f"sertifikat {sertifikat.serial_number:x}",
            ALGORITMER[0],
            kid,
            None if kid else kjede,
            sertifikat.not_valid_after_utc.timestamp(),
            _importer(lambda: RSAKey.import_key(pem)),
        )

    def dager_igjen(self, naa: float) -> float | None:
        """Days until the key lapses."""
        return None if self.utloeper is None else (self.utloeper - naa) / _SEKUNDER_I_DOEGN


def _importer(les: Callable[[], RSAKey]) -> RSAKey:
    noekkel: RSAKey | None
    try:
        noekkel = les()
        bits = noekkel.private_key.key_size if noekkel.private_key else 0
    except (jose_errors.JoseError, ValueError, TypeError, KeyError):
        noekkel, bits = None, 0
    # Raised out here so that no library's exception, with key material in its frames, is chained.
    if noekkel is None:
        raise OppsettError("nøkkelen kan ikke leses")
    if bits < MIN_BITS:
        raise OppsettError(f"nøkkelen må ha minst {MIN_BITS} bit")
    return noekkel


def _kjede(blad: x509.Certificate, andre: Iterable[x509.Certificate]) -> list[x509.Certificate]:
    """Leaf first, then each one's issuer; a PKCS#12 keeps them in any order."""
    etter_navn = {ledd.subject: ledd for ledd in andre}
    kjede = [blad]
    while (neste := etter_navn.pop(kjede[-1].issuer, None)) is not None and neste != kjede[-1]:
        kjede.append(neste)
    return kjede


class KeySource(Protocol):
    """Gives the keys that may sign now, the preferred one first. Asked before every grant."""

    def keys(self) -> Sequence[SigningKey]:
        """At least one key."""
        ...


class KeyRing:
    """Keys held in memory; ``bytt`` swaps them while tokens are being fetched."""

    def __init__(self, *noekler: SigningKey) -> None:
        self._noekler: tuple[SigningKey, ...] = ()
        self.bytt(*noekler)

    def bytt(self, *noekler: SigningKey) -> None:
        """Replace all keys at once; usually the old and the new, later the new alone."""
        if not noekler:
            raise OppsettError("det må være minst én nøkkel")
        self._noekler = noekler

    def keys(self) -> Sequence[SigningKey]:
        """The keys, in the order given."""
        return self._noekler


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A file with a JWK (any suffix) or a PKCS#12 (``.p12``, ``.pfx``)."""

    sti: Path
    passord: str | None = field(default=None, repr=False)
    utloeper: datetime | None = None

    def les(self) -> SigningKey:
        """Read and check the key.

        Raises:
            OppsettError: it cannot be read or used.
        """
        try:
            innhold = self.sti.read_bytes()
        except OSError as feil:
            raise OppsettError(f"nøkkelfilen {self.sti.name} kan ikke leses: {feil.strerror}") from None
        if self.sti.suffix.lower() in (".p12", ".pfx"):
            return SigningKey.fra_pkcs12(innhold, self.passord or "")
        return SigningKey.fra_jwk(innhold.decode("utf-8", "replace"), utloeper=self.utloeper)


class KeyFiles:
    """Keys in files, read again when a file changes; the second file may be missing between rotations.

    Strict when made, lenient later: a new file that cannot be used is reported once, and the last good key
    of that file signs on.
    """

    def __init__(self, *filer: KeyFile) -> None:
        self._filer = filer
        self._lest: dict[Path, tuple[_Merke, SigningKey | None]] = {}
        for fil in filer:
            if (merke := _merke(fil.sti)) is not None:
                self._lest[fil.sti] = (merke, fil.les())
        self._siste = tuple(noekkel for _, noekkel in self._lest.values() if noekkel is not None)
        if not self._siste:
            raise OppsettError("ingen av nøkkelfilene finnes")

    def keys(self) -> Sequence[SigningKey]:
        """The keys of the files that exist, in order; the last known ones if all are gone."""
        funnet = tuple(noekkel for fil in self._filer if (noekkel := self._noekkel(fil)) is not None)
        self._siste = funnet or self._siste
        return self._siste

    def _noekkel(self, fil: KeyFile) -> SigningKey | None:
        merke = _merke(fil.sti)
        if merke is None:
            self._lest.pop(fil.sti, None)
            return None
        gammelt_merke, noekkel = self._lest.get(fil.sti, (None, None))
        if merke != gammelt_merke:
            try:
                noekkel = fil.les()
            except OppsettError as feil:
                _log.error("Nøkkelfilen %s kan ikke brukes: %s", fil.sti.name, feil)
            self._lest[fil.sti] = (merke, noekkel)
        return noekkel


_Merke = tuple[int, int, int]


def _merke(sti: Path) -> _Merke | None:
    """Tells one content of a file from the next; ``None`` if the file is not there."""
    try:
        st = sti.stat()
    except OSError:
        return None
    return st.st_mtime_ns, st.st_size, st.st_ino


def noekkelvarsel(noekkel: SigningKey, naa: float) -> str | None:
    """What to tell the operator about a key's expiry, from 30 days ahead; ``None`` if nothing."""
    dager = noekkel.dager_igjen(naa)
    if dager is None or dager > VARSEL_DAGER or noekkel.utloeper is None:
        return None
    dato = datetime.fromtimestamp(noekkel.utloeper, UTC).date()
    naar = f"utløp {dato}" if dager <= 0 else f"utløper {dato}, om {int(dager)} døgn"
    return f"Nøkkelen {noekkel.navn} {naar}. Leverandøren må registrere en ny hos Digdir."
