"""The service behind nginx, set up as the example for operators says."""

import os
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from playwright.sync_api import Browser, expect

from app import klokke
from tests.portal.nettleser.tilbydere import portal_og_tilbydere
from tests.saker.prosesser import ledig_port

EKSEMPEL: Final = Path("eksempler/nginx/egenandel.conf")
VERT: Final = "localhost"
PROBLEM: Final = "application/problem+json"
MANGE: Final = 100
"""Logins begun at once: more than the example lets through."""
_STARTTID: Final = 20.0
_MAPPER: Final = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@dataclass(frozen=True, slots=True)
class Bak:
    """nginx, and what is behind it.

    Attributes:
        adresse: of the portal and the API.
        ukryptert: of what sends browsers there.
        tjenesten: the service itself.
        logg: what nginx has noted.
        tillit: what its certificate is checked against.
    """

    adresse: str
    ukryptert: str
    tjenesten: str
    logg: Path
    tillit: ssl.SSLContext

    def klient(self, fra: str = "127.0.0.1") -> httpx2.Client:
        """One that checks the certificate, at an address of this machine."""
        transport = httpx2.HTTPTransport(verify=self.tillit, local_address=fra)
        return httpx2.Client(base_url=self.adresse, transport=transport)


def _sertifikat(mappe: Path) -> None:
    noekkel = ec.generate_private_key(ec.SECP256R1())
    navn = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, VERT)])
    naa = klokke.naa()
    sertifikat = (
        x509.CertificateBuilder()
        .subject_name(navn)
        .issuer_name(navn)
        .public_key(noekkel.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(naa - timedelta(hours=1))
        .not_valid_after(naa + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(VERT)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(noekkel, SHA256())
    )
    (mappe / "egenandel.crt").write_bytes(sertifikat.public_bytes(Encoding.PEM))
    (mappe / "egenandel.key").write_bytes(
        noekkel.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )


@contextmanager
def _nginx(mappe: Path, port: int, tjenesten: str) -> Iterator[Bak]:
    """nginx with the example, this machine's places in it, and nothing else changed."""
    # Debian puts it where only root looks.
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.fail("nginx mangler: installer Debian-pakken nginx-light.")
    ukryptert = ledig_port()
    tekst = EKSEMPEL.read_text("utf-8")
    for fra, til in (
        ("server 127.0.0.1:8000", f"server {tjenesten.removeprefix('http://')}"),
        ("listen 80;", f"listen 127.0.0.1:{ukryptert};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("server_name egenandel.example;", f"server_name {VERT};"),
        ("/etc/nginx/", f"{mappe}/"),
        ("/var/log/nginx/", f"{mappe}/"),
    ):
        assert fra in tekst, fra
        tekst = tekst.replace(fra, til)
    (mappe / "egenandel.conf").write_text(tekst, "utf-8")
    temp = "".join(f"{hva}_temp_path {mappe}/{hva};\n" for hva in _MAPPER)
    (mappe / "nginx.conf").write_text(
        f"{'user root;' if os.getuid() == 0 else ''}\ndaemon off;\npid {mappe}/pid;\nerror_log {mappe}/feil.log;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{temp}include {mappe}/egenandel.conf;\n}}\n",
        "utf-8",
    )
    _sertifikat(mappe)
    bak = Bak(
        adresse=f"https://{VERT}:{port}",
        ukryptert=f"http://127.0.0.1:{ukryptert}",
        tjenesten=tjenesten,
        logg=mappe / "egenandel.log",
        tillit=ssl.create_default_context(cafile=mappe / "egenandel.crt"),
    )
    oppsett = [program, "-p", str(mappe), "-c", str(mappe / "nginx.conf")]
    proevd = subprocess.run([*oppsett, "-t"], capture_output=True, text=True, check=False)
    assert proevd.returncode == 0, proevd.stderr
    with subprocess.Popen(oppsett, stderr=subprocess.DEVNULL) as nginx:
        try:
            _vent(bak)
            yield bak
        finally:
            nginx.terminate()


@pytest.fixture(scope="module")
def bak(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bak]:
    """nginx in front of the service."""
    port = ledig_port()
    with (
        portal_og_tilbydere(f"https://{VERT}:{port}") as steder,
        _nginx(tmp_path_factory.mktemp("nginx"), port, steder.tjenesten) as bak,
    ):
        yield bak


def _vent(bak: Bak) -> None:
    frist = time.monotonic() + _STARTTID
    with bak.klient() as klient:
        while True:
            try:
                klient.get("/logget-ut")
            except httpx2.ConnectError:
                assert time.monotonic() < frist, "nginx kom ikke i gang"
                time.sleep(0.05)
            else:
                return


def test_inn_gjennom_og_ut_igjen(nettleseren: Browser, bak: Bak) -> None:
    kontekst = nettleseren.new_context(ignore_https_errors=True, locale="nb-NO")
    side = kontekst.new_page()
    sagt: list[str] = []
    side.on("console", lambda melding: sagt.append(melding.text))
    side.goto(f"{bak.adresse}/saker")
    side.get_by_role("link", name="Ansattporten").click()
    side.get_by_role("button", name="NØYAKTIG KULERAMME").click()
    side.get_by_role("button", name="Fjordvik kommune").click()
    expect(side).to_have_url(f"{bak.adresse}/saker")
    side.get_by_role("button", name="Logg ut").click()
    side.wait_for_url(f"{bak.adresse}/logget-ut")
    assert sagt == []
    assert not [en for en in kontekst.cookies(bak.adresse) if en["name"] == "__Host-egenandel"]
    kontekst.close()
    logget = bak.logg.read_text("utf-8")
    assert "/logg-inn/retur" in logget
    assert "code" not in logget
    assert "state=" not in logget


def test_svarene_er_tjenestens_egne(bak: Bak) -> None:
    with bak.klient() as klient:
        satser = klient.get("/api/v1/satser")
        assert satser.status_code == 200
        assert satser.headers.get_list("strict-transport-security") == ["max-age=31536000"]
        assert len(satser.headers.get_list("content-security-policy")) == 1
        uten_token = klient.post("/api/v1/saker", json={})
        assert (uten_token.status_code, uten_token.headers["content-type"]) == (401, PROBLEM)
        ukjent = klient.get("/api/v1/finnes-ikke")
        assert (ukjent.status_code, ukjent.headers["content-type"]) == (404, PROBLEM)


def test_det_som_er_for_driften_naas_ikke_utenfra(bak: Bak) -> None:
    with bak.klient() as klient, httpx2.Client(base_url=bak.tjenesten) as innenfra:
        for sti in ("/live", "/ready", "/metrics"):
            assert innenfra.get(sti).status_code == 200, sti
            assert klient.get(sti).status_code == 404, sti


@pytest.mark.parametrize(
    ("byte", "hvem"),
    [
        (1_000_001, "tjenesten"),  # over EGENANDEL_MAKS_FORESPOERSEL_BYTES, within nginx' own limit
        (1_200_000, "nginx"),
    ],
)
def test_for_stort_sier_fra_paa_samme_maate(bak: Bak, byte: int, hvem: str) -> None:
    with bak.klient() as klient:
        svar = klient.post(
            "/api/v1/kalkulator/langtidsopphold",
            content=b" " * byte,
            headers={"Content-Type": "application/json"},
        )
        assert (svar.status_code, svar.headers["content-type"]) == (413, PROBLEM)
        assert svar.json()["type"] == "urn:egenandel:problem:for-stor"
        assert ("x-korrelasjonsid" in svar.headers) == (hvem == "tjenesten")
        if hvem == "nginx":
            side = klient.post("/logg-ut", content=b" " * byte)
            assert (side.status_code, side.headers["content-type"]) == (413, "text/html; charset=utf-8")


def test_ukryptert_sendes_videre(bak: Bak) -> None:
    svar = httpx2.get(f"{bak.ukryptert}/saker?side=2", headers={"Host": VERT})
    assert (svar.status_code, svar.headers["location"]) == (308, f"https://{VERT}/saker?side=2")


def test_for_mange_innlogginger_stanses_og_andre_merker_det_ikke(bak: Bak) -> None:
    inn = "/logg-inn?tilbyder=ansattporten"
    with bak.klient("127.0.0.2") as klient, bak.klient() as annen:
        svar = [klient.get(inn) for _ in range(MANGE)]
        assert {ett.status_code for ett in svar} == {303, 429}
        stanset = next(ett for ett in svar if ett.status_code == 429)
        assert stanset.headers["retry-after"] == "60"
        assert "Vent et minutt" in stanset.text
        assert klient.get("/api/v1/satser").status_code == 200
        assert klient.get("/logget-ut").status_code == 200
        assert annen.get(inn).status_code == 303


def test_naar_tjenesten_er_borte(tmp_path: Path) -> None:
    with (
        _nginx(tmp_path, ledig_port(), f"http://127.0.0.1:{ledig_port()}") as tom,
        tom.klient() as klient,
    ):
        api, side = klient.get("/api/v1/satser"), klient.get("/")
    assert (api.status_code, api.headers["content-type"], api.headers["retry-after"]) == (503, PROBLEM, "5")
    assert api.json()["status"] == 503
    assert (side.status_code, side.headers["content-type"]) == (503, "text/html; charset=utf-8")
