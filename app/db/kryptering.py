"""What must not be readable in the database: national ids, names and Skatteetaten's answers.

AES-256-GCM under a key that can be rotated, bound to the row it stands in, so that a ciphertext moved to
another row or kommune does not open. Persons are found by a keyed hash.
"""

import hmac
import json
import os
from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NOEKKELLENGDE: Final = 32
MERKELENGDE: Final = 16
"""Of a mark of a name: two are the same by chance once in 2^64 names."""
_NONCE: Final = 12
_MERKE_MAKS: Final = 255


class KrypteringError(Exception):
    """Base of what can go wrong here; never carries a key or a text."""


class UkjentNoekkelError(KrypteringError):
    """A row was written under a key that is not among the settings."""

    def __init__(self, merke: str) -> None:
        super().__init__(
            f"Raden er kryptert med nøkkelen {merke}, som ikke står i innstillingene. Legg den til igjen."
        )
        self.merke = merke


class UlesbarError(KrypteringError):
    """The ciphertext was changed, moved, or written under another key with the same name."""

    def __init__(self) -> None:
        super().__init__("En kryptert verdi lar seg ikke åpne: den er endret eller hører til en annen rad.")


def forstavelse(merke: str) -> bytes:
    """How every ciphertext under the key of this name begins."""
    return bytes([len(merke.encode())]) + merke.encode()


def sted(tabell: str, kolonne: str, kommune: str, *noekkel: object) -> str:
    """The place of a value: its table, column and kommune, and the rest of its row's primary key.

    What belongs to no kommune yet has an empty one.
    """
    return json.dumps([tabell, kolonne, kommune, *map(str, noekkel)], ensure_ascii=False)


def _avled(noekkel: bytes, formaal: str) -> bytes:
    return HKDF(SHA256(), NOEKKELLENGDE, salt=None, info=f"egenandel:{formaal}".encode()).derive(noekkel)


class Noekkelring:
    """The keys of one service.

    Args:
        noekler: encryption keys by name; every one decrypts.
        gjeldende: the name of the one that encrypts.
        hashnoekkel: the key persons are found by. Another key finds nobody, so it is never changed.
    """

    def __init__(self, noekler: Mapping[str, bytes], gjeldende: str, hashnoekkel: bytes) -> None:
        if any(not navn or len(navn.encode()) > _MERKE_MAKS for navn in noekler):
            raise ValueError("en krypteringsnøkkel har et navn som ikke kan brukes")
        if gjeldende not in noekler:
            raise ValueError("den gjeldende krypteringsnøkkelen er ikke blant nøklene")
        self._aes = {navn: AESGCM(_avled(noekkel, "kryptering")) for navn, noekkel in noekler.items()}
        self.gjeldende: Final = gjeldende
        self._hash = _avled(hashnoekkel, "personhash")
        self._merke = _avled(hashnoekkel, "revisjonsmerke")
        self._signatur = _avled(hashnoekkel, "avstemming")
        self._navn = _avled(hashnoekkel, "navnesoek")
        self._sesjon = _avled(hashnoekkel, "sesjon")

    def __repr__(self) -> str:
        """The names of the keys only."""
        return f"<Noekkelring {', '.join(self._aes)}>"

    @property
    def merker(self) -> tuple[str, ...]:
        """The names of the keys that open."""
        return tuple(self._aes)

    def krypter(self, klartekst: bytes, sted: str) -> bytes:
        """Encrypt for one place under the key in force."""
        nonce = os.urandom(_NONCE)
        lukket = self._aes[self.gjeldende].encrypt(nonce, klartekst, sted.encode())
        return forstavelse(self.gjeldende) + nonce + lukket

    def dekrypter(self, lukket: bytes, sted: str) -> bytes:
        """Open what was encrypted for the same place.

        Raises:
            UkjentNoekkelError: its key is gone.
            UlesbarError: it was changed or moved.
        """
        merke = self.merke_paa(lukket)
        if (aes := self._aes.get(merke)) is None:
            raise UkjentNoekkelError(merke)
        start = 1 + lukket[0]
        nonce, resten = lukket[start : start + _NONCE], lukket[start + _NONCE :]
        try:
            return aes.decrypt(nonce, resten, sted.encode())
        except (InvalidTag, ValueError):
            raise UlesbarError from None

    def merke_paa(self, lukket: bytes) -> str:
        """The name of the key a ciphertext was written under.

        Raises:
            UlesbarError: not a ciphertext of ours.
        """
        if not lukket or len(lukket) < 1 + lukket[0] + _NONCE:
            raise UlesbarError
        return lukket[1 : 1 + lukket[0]].decode(errors="replace")

    @property
    def signaturfroe(self) -> bytes:
        """The seed of the Ed25519 key that signs reconciliations; it lasts as long as the hash key (docs/adr/0010)."""
        return self._signatur

    def personhash(self, ident: str) -> bytes:
        """What a person is found by."""
        return hmac.digest(self._hash, ident.encode(), "sha256")

    def navnemerke(self, ord_: str, kommune: str) -> bytes:
        """What the beginning of a word in a name is found by, in one kommune."""
        return hmac.digest(self._navn, f"{kommune}:{ord_}".encode(), "sha256")[:MERKELENGDE]

    def personmerke(self, ident: str, kommune: str) -> str:
        """The pseudonym of a person in one kommune's audit register: it outlives the person's own row."""
        return hmac.digest(self._merke, f"{kommune}:{ident}".encode(), "sha256").hex()

    def sesjonshash(self, formaal: str, *deler: str) -> bytes:
        """What a secret of a session is found by: the database never holds what a browser must show.

        Args:
            formaal: what it is, so that the same text means nothing elsewhere.
            deler: the secret; in parts when several things together are one.
        """
        return hmac.digest(self._sesjon, json.dumps([formaal, *deler]).encode(), "sha256")
