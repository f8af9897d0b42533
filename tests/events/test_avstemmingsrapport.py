"""The report: signed, the same in every form, seen by those who may, and worthless when a byte of it is changed."""

import csv
import io
import json
import zipfile
from typing import Any, Final

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc.util import urlsafe_b64decode

from app.api.saker.avstemminger import MEDIETYPE, Form
from app.db import tabeller
from app.db.motor import AvvistError
from app.sandbox.standard import FJORDVIK, SKOGLI
from app.services.avstemming.funn import STOERSTE_LISTE, Avvik, Funn, Kontrollnavn
from app.services.avstemming.rapport import KOLONNER, rader
from app.services.avstemming.signatur import Signering, UgyldigSignaturError, verifiser
from app.services.regneark import som_csv, som_xlsx
from app.services.tilgang import Rolle
from tests.baser import MOTORER, RING
from tests.events.test_avstemming import Verk, arbeid_oppgitt, hendelser_borte, proev
from tests.saker.sesjoner import Rollesesjoner, innlogget

ANNEN: Final = "-=SUM(A1:A9)"


async def _hent(verk: Verk, **hoder: str) -> Any:
    verk.v.app.state.sesjoner = Rollesesjoner()
    adresse = f"/api/v1/avstemminger/{verk.rapporter[-1].id}"
    form = hoder.pop("form", None)
    return await verk.v.klient.get(
        adresse,
        params={} if form is None else {"form": form},
        headers={**innlogget(FJORDVIK, Rolle.REVISOR), **hoder},
    )


@pytest.mark.parametrize("motor", MOTORER)
def test_rapporten_kan_etterproeves_utenfor_tjenesten(motor: str) -> None:
    """With the published key, and nothing of ours but the text."""

    async def oppgave(verk: Verk) -> None:
        svar = await _hent(verk)
        assert svar.status_code == 200
        noekler = (await verk.v.klient.get("/api/v1/avstemminger/noekler")).json()
        assert json.loads(verifiser(svar.text, noekler)) == svar.json()["rapport"]
        hode, innhold, signatur = svar.json()["jws"].split(".")
        x = urlsafe_b64decode(noekler["keys"][0]["x"].encode())
        Ed25519PublicKey.from_public_bytes(x).verify(
            urlsafe_b64decode(signatur.encode()), f"{hode}.{innhold}".encode()
        )
        with pytest.raises(InvalidSignature):
            Ed25519PublicKey.from_public_bytes(x).verify(
                urlsafe_b64decode(signatur.encode()), f"{hode}.{innhold}A".encode()
            )
        jws = await _hent(verk, form="jws")
        assert (jws.text, jws.headers["content-type"]) == (svar.json()["jws"], "application/jose")
        assert verifiser(jws.text, noekler)

    proev(motor, oppgave)


def test_en_rapport_med_en_endret_byte_godtas_ikke() -> None:
    """Every byte, in both forms."""

    async def oppgave(verk: Verk) -> None:
        noekler = (await verk.v.klient.get("/api/v1/avstemminger/noekler")).json()
        assert "d" not in noekler["keys"][0]
        antall = 0
        for form in ("json", "jws"):
            hel = (await _hent(verk, form=form)).content
            assert verifiser(hel.decode(), noekler)
            for plass in range(len(hel)):
                endret = bytearray(hel)
                endret[plass] ^= 1
                with pytest.raises((UgyldigSignaturError, UnicodeDecodeError)):
                    verifiser(bytes(endret).decode(), noekler)
                antall += 1
        assert antall > 10_000
        andres = Signering(RING).noekler()
        andres["keys"][0]["x"] = "A" * 43
        with pytest.raises(UgyldigSignaturError):
            verifiser((await _hent(verk)).text, andres)

    proev("sqlite", oppgave)


@pytest.mark.parametrize("motor", MOTORER)
def test_en_rapport_kan_ikke_endres_i_databasen(motor: str) -> None:
    async def oppgave(verk: Verk) -> None:
        with pytest.raises(AvvistError):
            await verk.sett(tabeller.avstemming, utfall="OK")
        with pytest.raises(AvvistError):
            await verk.fjern(tabeller.avstemming)

    proev(motor, oppgave)


def test_rapportene_henger_sammen_og_noterer_registerets_hode() -> None:
    """One that was taken away is missed by the next."""

    async def oppgave(verk: Verk) -> None:
        foer, etter = (rapport.dokument() for rapport in verk.rapporter[-2:])
        assert etter["forrige"]["id"] == foer["id"]
        assert etter["fra"] == foer["til"]
        async with verk.v.arkiv.les(FJORDVIK) as lager:
            siste = await lager.avstemminger.siste()
            noterte = [rad async for rad in lager.revisjon.alle() if rad.nr == etter["register"]["nr"]]
        assert siste is not None
        assert json.loads(siste.innhold) == etter
        assert noterte[0].hash == etter["register"]["hash"]

    proev("sqlite", oppgave)


@pytest.mark.parametrize("motor", MOTORER)
def test_samme_innhold_i_alle_former(motor: str) -> None:
    async def oppgave(verk: Verk) -> None:
        await hendelser_borte(verk)
        await arbeid_oppgitt(verk)
        await verk.avstem()
        dokument = (await _hent(verk)).json()["rapport"]
        ventet = [list(map(_tekst, rad)) for rad in rader(dokument)]
        assert len(ventet) > len(Kontrollnavn)
        for hva in ({"form": "csv"}, {"Accept": "text/csv"}, {"Accept": "text/html, text/csv;q=0.9"}):
            svar = await _hent(verk, **hva)
            assert svar.headers["content-type"].startswith("text/csv")
            assert svar.headers["content-disposition"].endswith('.csv"')
            lest = list(csv.reader(io.StringIO(svar.content.decode("utf-8-sig")), delimiter=";"))
            assert lest == [list(KOLONNER), *ventet]
        xlsx = await _hent(verk, form="xlsx")
        assert xlsx.headers["content-type"] == MEDIETYPE[Form.XLSX]
        with zipfile.ZipFile(io.BytesIO(xlsx.content)) as bok:
            tekster = bok.read("xl/sharedStrings.xml").decode()
            ark = bok.read("xl/worksheets/sheet1.xml").decode()
        assert ark.count("<row ") == len(ventet) + 1
        for rad in ventet:
            assert rad[1] in tekster
        feil = await _hent(verk, form="pdf")
        assert (feil.status_code, feil.json()["type"]) == (422, "urn:egenandel:problem:ugyldig-parameter")

    proev(motor, oppgave)


def _tekst(verdi: Any) -> str:
    return "" if verdi is None else str(verdi)


@pytest.mark.parametrize("tekst", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1"])
def test_ingen_celle_blir_en_formel(tekst: str) -> None:
    """CWE-1236: what begins like a formula must be text to the spreadsheet."""
    assert som_csv(("a",), [(tekst,)]).decode("utf-8-sig").splitlines()[1].lstrip('"').startswith("'")
    with zipfile.ZipFile(io.BytesIO(som_xlsx("Ark", ("a",), [(tekst,)]))) as bok:
        assert b"<f>" not in bok.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("rolle", "status"), [(Rolle.LEDER, 200), (Rolle.REVISOR, 200), (Rolle.DRIFT, 200), (Rolle.BEREGNER, 403)]
)
def test_hvem_som_faar_lese_og_at_det_noteres(rolle: Rolle, status: int) -> None:
    async def oppgave(verk: Verk) -> None:
        v = verk.v
        v.app.state.sesjoner = Rollesesjoner()
        adresser = ("/api/v1/avstemminger", f"/api/v1/avstemminger/{verk.rapporter[-1].id}")
        for adresse in adresser:
            svar = await v.klient.get(adresse, headers=innlogget(FJORDVIK, rolle))
            assert svar.status_code == status
        async with v.arkiv.les(FJORDVIK) as lager:
            lest = [rad async for rad in lager.revisjon.alle() if rad.handling == "AVSTEMMING_LEST"]
        assert len(lest) == (2 if status == 200 else 0)
        andres = await v.klient.get(adresser[1], headers=innlogget(SKOGLI, Rolle.LEDER))
        assert andres.status_code == 404

    proev("sqlite", oppgave)


def test_listen_er_den_nyeste_foerst_side_for_side() -> None:
    async def oppgave(verk: Verk) -> None:
        await verk.avstem()
        verk.v.app.state.sesjoner = Rollesesjoner()
        hoder, sett, peker = innlogget(FJORDVIK, Rolle.DRIFT), [], None
        while True:
            valg = {"antall": 1} | ({} if peker is None else {"peker": peker})
            svar = (await verk.v.klient.get("/api/v1/avstemminger", params=valg, headers=hoder)).json()
            sett += [ett["id"] for ett in svar["elementer"]]
            if (peker := svar["neste"]) is None:
                break
        assert sett == [str(rapport.id) for rapport in reversed(verk.rapporter)]

    proev("sqlite", oppgave)


def test_en_lang_liste_kortes_men_antallet_er_helt() -> None:
    mange = Funn(
        navn=Kontrollnavn.OPPGITT,
        kontrollert=5_000,
        avvik=tuple(Avvik({"nr": nr}) for nr in range(STOERSTE_LISTE + 1)),
    )

    async def oppgave(verk: Verk) -> None:
        rapport = verk.rapporter[-1]
        object.__setattr__(rapport, "funn", (mange,))
        (kontroll,) = rapport.dokument()["kontroller"]
        assert (len(kontroll["avvik"]), kontroll["antallAvvik"]) == (STOERSTE_LISTE, STOERSTE_LISTE + 1)

    proev("sqlite", oppgave)


def test_noeklene_er_de_samme_saa_lenge_hashnoekkelen_er_det() -> None:
    assert Signering(RING).noekler() == Signering(RING).noekler()
    assert "Signering" in repr(Signering(RING))
    assert set(Signering(RING).noekler()["keys"][0]) == {"kty", "crv", "x", "kid", "alg", "use"}
