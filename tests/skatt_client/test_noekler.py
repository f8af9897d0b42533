"""Keys: what is accepted, the whole chain of a PKCS#12, files that change, and warnings in time."""

import base64
import json
import os
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from app.skatt_client import KeyFile, KeyFiles, KeyRing, OppsettError, SigningKey
from app.skatt_client.maskinporten.noekler import noekkelvarsel
from tests.skatt_client.falske import jwk_tekst, noekkel

NAA = datetime(2026, 11, 23, tzinfo=UTC)
PASSORD = "prøve"


@cache
def _rsa(nummer: int, bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def _sertifikat(
    navn: str, utsteder: str, egen: rsa.RSAPrivateKey, utstederens: rsa.RSAPrivateKey
) -> x509.Certificate:
    def dn(verdi: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, verdi)])

    bygger = x509.CertificateBuilder(
        dn(utsteder), dn(navn), egen.public_key(), x509.random_serial_number(), NAA, NAA + timedelta(days=100)
    )
    return bygger.sign(utstederens, SHA256())


@cache
def p12() -> tuple[bytes, list[x509.Certificate]]:
    rot = _sertifikat("rot", "rot", _rsa(0), _rsa(0))
    mellom = _sertifikat("mellom", "rot", _rsa(1), _rsa(0))
    blad = _sertifikat("blad", "mellom", _rsa(2), _rsa(1))
    # The order in the file is not the order of the chain.
    data = pkcs12.serialize_key_and_certificates(
        b"x", _rsa(2), blad, [rot, mellom], BestAvailableEncryption(PASSORD.encode())
    )
    return data, [blad, mellom, rot]


def test_pkcs12_sender_hele_kjeden() -> None:
    data, kjede = p12()
    lest = SigningKey.fra_pkcs12(data, PASSORD)
    assert lest.kid is None
    assert [x509.load_der_x509_certificate(base64.b64decode(ledd)) for ledd in lest.x5c or ()] == kjede
    assert lest.utloeper == (NAA + timedelta(days=100)).timestamp()


def test_pkcs12_med_kid_sender_ikke_kjeden() -> None:
    lest = SigningKey.fra_pkcs12(p12()[0], PASSORD, kid="vår")
    assert (lest.kid, lest.x5c) == ("vår", None)


def test_pkcs12_med_feil_passord() -> None:
    with pytest.raises(OppsettError, match="passord") as fanget:
        SigningKey.fra_pkcs12(p12()[0], "feil-passord")
    assert "feil-passord" not in str(fanget.value)


def _ec() -> str:
    tall = ec.generate_private_key(ec.SECP256R1()).private_numbers()
    return json.dumps({"kty": "EC", "crv": "P-256", "kid": "x", "d": str(tall.private_value)})


UGYLDIGE = [
    ("", "privat RSA-nøkkel"),
    ("[]", "privat RSA-nøkkel"),
    ("-----BEGIN PRIVATE KEY-----", "privat RSA-nøkkel"),
    (_ec(), "privat RSA-nøkkel"),
    (json.dumps({"kty": "RSA", "n": "x", "e": "AQAB", "kid": "a"}), "privat RSA-nøkkel"),
    (json.dumps({"kty": "RSA", "n": "x", "e": "AQAB", "d": "y", "kid": "a"}), "kan ikke leses"),
    (json.dumps({"kty": "RSA", "n": 1, "e": 2, "d": 3, "kid": "a"}), "kan ikke leses"),
]


@pytest.mark.parametrize(("tekst", "sier"), UGYLDIGE)
def test_ubrukelig_jwk(tekst: str, sier: str) -> None:
    with pytest.raises(OppsettError, match=sier) as fanget:
        SigningKey.fra_jwk(tekst)
    assert fanget.value.__context__ is None or not str(fanget.value.__context__)


@pytest.mark.parametrize(
    "endring", [{"kid": ""}, {"kid": None}, {"alg": "HS256"}, {"alg": "PS256"}, {"alg": "none"}]
)
def test_jwk_maa_ha_kid_og_et_av_maskinportens_alg(endring: dict[str, object]) -> None:
    with pytest.raises(OppsettError):
        SigningKey.fra_jwk(jwk_tekst(0, endring))


def test_for_kort_noekkel() -> None:
    from joserfc.jwk import RSAKey  # noqa: PLC0415

    with pytest.warns():  # joserfc warns too; we refuse.
        kort = RSAKey.generate_key(1024, {"kid": "kort"}).as_dict(private=True)
    with pytest.warns(), pytest.raises(OppsettError, match="2048"):
        SigningKey.fra_jwk(json.dumps(kort))


VARSLER = [
    (31, None),
    (30, "om 30 døgn"),
    (1, "om 1 døgn"),
    (0, "utløp 2026-11-23"),
    (-5, "utløp 2026-11-18"),
]


@pytest.mark.parametrize(("dager", "sier"), VARSLER)
def test_varsel_30_doegn_foer(dager: int, sier: str | None) -> None:
    utloeper = NAA + timedelta(days=dager)
    varsel = noekkelvarsel(SigningKey.fra_jwk(jwk_tekst(), utloeper=utloeper), NAA.timestamp())
    if sier is None:
        assert varsel is None
    else:
        assert varsel is not None
        assert sier in varsel


def test_uten_kjent_utloep_varsles_det_ikke() -> None:
    assert noekkelvarsel(noekkel(), NAA.timestamp()) is None


def test_en_ring_uten_noekler() -> None:
    with pytest.raises(OppsettError):
        KeyRing()


def _skriv(sti: Path, tekst: str, tid: int) -> None:
    sti.write_text(tekst, "utf-8")
    os.utime(sti, (tid, tid))


def test_noekkelfiler_leses_paa_nytt_naar_de_endres(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    foerste, andre = tmp_path / "naa.jwk", tmp_path / "neste.jwk"
    _skriv(foerste, jwk_tekst(0), 1)
    filer = KeyFiles(KeyFile(foerste), KeyFile(andre))
    assert [n.kid for n in filer.keys()] == ["test-0"]
    assert filer.keys()[0] is filer.keys()[0]
    _skriv(andre, jwk_tekst(1), 2)
    assert [n.kid for n in filer.keys()] == ["test-0", "test-1"]
    _skriv(foerste, "halvskrevet", 3)
    assert [n.kid for n in filer.keys()] == ["test-0", "test-1"]
    filer.keys()
    assert caplog.text.count("kan ikke brukes") == 1
    assert "halvskrevet" not in caplog.text
    _skriv(foerste, jwk_tekst(1), 4)
    andre.unlink()
    assert [n.kid for n in filer.keys()] == ["test-1"]
    foerste.unlink()
    assert [n.kid for n in filer.keys()] == ["test-1"]  # Rather an old key than none.


def test_noekkelfil_pkcs12(tmp_path: Path) -> None:
    sti = tmp_path / "virksomhet.p12"
    sti.write_bytes(p12()[0])
    (lest,) = KeyFiles(KeyFile(sti, PASSORD)).keys()
    assert len(lest.x5c or ()) == 3
    assert PASSORD not in repr(KeyFile(sti, PASSORD))


def test_noekkelfiler_er_strenge_ved_oppstart(tmp_path: Path) -> None:
    with pytest.raises(OppsettError, match="ingen av"):
        KeyFiles(KeyFile(tmp_path / "finnes-ikke"))
    (tmp_path / "tull").write_text("tull", "utf-8")
    with pytest.raises(OppsettError):
        KeyFiles(KeyFile(tmp_path / "tull"))
