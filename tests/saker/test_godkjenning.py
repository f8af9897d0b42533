"""A decision above the kommune's limit is not in force until another person says yes: whoever reads decisions agrees."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import httpx2
import pytest

from app.calc.kontrakt.json_tekst import skriv_json
from app.db.arkiv import Lager
from app.db.ident import ny_id
from app.db.lager.oppgaver import Oppgave, Oppgavetilstand
from app.sandbox.standard import FJORDVIK, SKOGLI
from app.services.oppfoelging.sakene import les_foelgesak
from app.services.oppgaver import Oppgaveinnhold, Oppgaveslag
from app.services.sak.drift import eget_kall
from app.services.sak.feil import Konflikt, KonfliktError
from app.services.sak.forespoersler import NyttVedtak
from app.services.sak.godkjenning import ventende_vedtak
from app.services.sak.vedtak import fatt_vedtak
from app.services.tilgang import Rolle
from tests.saker.historie import SAKER, Historie, Json
from tests.saker.sesjoner import Rollesesjoner, innlogget
from tests.services.brev.dokumenter import tekst_i

OPPSETT: Final = "/api/v1/kommune/oppsett"
HVEM: Final = "enslig-pensjonist"
FOERSTE, SISTE = date(2025, 1, 1), date(2025, 12, 31)


def sett(h: Historie, **valg: Any) -> None:
    """The kommune's limits, from 2021 on."""
    gjeldende = h.send("GET", OPPSETT)
    dokument = gjeldende.json()["oppsett"]
    for rad in dokument["valg"]:
        rad.pop("godkjenningOverMaaned", None)
        rad.pop("godkjenningOverEndring", None)
        rad.update(valg)
    svar = h.send("PUT", OPPSETT, dokument, hoder={"If-Match": gjeldende.headers["etag"]})
    assert svar.status_code == 200, svar.text


@pytest.fixture
def grense(h: Historie) -> Iterator[None]:
    """Every decision above 100 kroner a month needs a second person, until the story is over."""
    h.fortelling.verden.app.state.sesjoner = Rollesesjoner()
    sett(h, godkjenningOverMaaned=100)
    yield
    sett(h)


def som(h: Historie, rolle: Rolle, metode: str, sti: str, kropp: Any = None) -> httpx2.Response:
    """One request from a browser."""
    klient = h.fortelling.verden.klient
    hoder = innlogget(FJORDVIK, rolle)
    return h.fortelling.kjoer(lambda: klient.request(metode, sti, headers=hoder, json=kropp))


def saken(h: Historie) -> tuple[str, Json]:
    svar = h.langtid(HVEM, 2025)
    return svar["sak"]["id"], svar["beregning"]


def foreslaa(h: Historie, id_: str, beregning: Json, fra: str = "2025-01-01", **resten: Any) -> Any:
    """A caseworker's decision."""
    inn = {"beregningId": beregning["id"], "fra": fra, **resten}
    svar = som(h, Rolle.BEREGNER, "POST", f"{SAKER}/{id_}/vedtak", inn)
    assert svar.status_code == 201, svar.text
    return svar.json()


def avgjoer(h: Historie, id_: str, vedtak: Json, utfall: str = "GODKJENT", **resten: Any) -> httpx2.Response:
    kropp = {"utfall": utfall, **resten}
    return som(h, Rolle.LEDER, "POST", f"{SAKER}/{id_}/vedtak/{vedtak['id']}/godkjenning", kropp)


def avvis(h: Historie, id_: str, vedtak: Json) -> None:
    svar = avgjoer(h, id_, vedtak, "AVVIST", begrunnelse="Pensjonen mangler")
    assert (svar.status_code, svar.json()["tilstand"]) == (200, "AVVIST")


def godkjenn(h: Historie, id_: str, vedtak: Json) -> None:
    svar = avgjoer(h, id_, vedtak)
    assert (svar.status_code, svar.json()["tilstand"]) == (200, "GODKJENT"), svar.text


def typene(h: Historie, id_: str) -> list[str]:
    """What those who follow the case have been told of its decisions."""
    alle = h.les("/api/v1/endringer?etter=0&antall=10000")["endringer"]
    return [rad["type"] for rad in alle if rad["sakId"] == id_ and rad["type"].startswith("vedtak.")]


@pytest.mark.usefixtures("grense")
def test_uten_grense_eller_under_den_trengs_ingen_annen(h: Historie) -> None:
    sett(h, godkjenningOverMaaned=10_000_000)
    id_, b = saken(h)
    assert foreslaa(h, id_, b)["tilstand"] == "FATTET"
    assert typene(h, id_) == ["vedtak.nytt"]
    sett(h)
    nytt = foreslaa(h, id_, b, "2025-03-01", erstatter=h.les(f"{SAKER}/{id_}/vedtak")[0]["id"])
    assert (nytt["tilstand"], nytt["avgjortAv"], nytt["avgjort"], nytt["avgjoerelse"]) == (
        *("FATTET", None),
        *(None, None),
    )


@pytest.mark.usefixtures("grense")
def test_godkjent_av_en_leder_og_bare_en_gang(h: Historie) -> None:
    id_, b = saken(h)
    vedtak = foreslaa(h, id_, b)
    assert vedtak["tilstand"] == "TIL_GODKJENNING"
    godkjenn(h, id_, vedtak)
    (lest,) = h.les(f"{SAKER}/{id_}/vedtak")
    assert (lest["tilstand"], lest["av"], lest["avgjortAv"]) == (
        *("GODKJENT", "bruker:bruker-beregner"),
        "bruker:bruker-leder",
    )
    assert lest["avgjort"] is not None
    igjen = avgjoer(h, id_, vedtak, "AVVIST", begrunnelse="Angret")
    assert (igjen.status_code, igjen.json()["kode"]) == (409, "vedtak-avgjort")
    assert typene(h, id_) == ["vedtak.til-godkjenning", "vedtak.nytt"]
    rader = [rad["handling"] for rad in h.register(hvem=HVEM, sak_id=id_)]
    assert rader.count("VEDTAK_AVGJORT") == 1


@pytest.mark.usefixtures("grense")
def test_ingen_godkjenner_sitt_eget_og_ingen_maskin(h: Historie) -> None:
    id_, b = saken(h)
    eget = som(h, Rolle.LEDER, "POST", f"{SAKER}/{id_}/vedtak", {"beregningId": b["id"], "fra": "2025-01-01"})
    svar = avgjoer(h, id_, eget.json())
    assert (svar.status_code, svar.json()["kode"]) == (409, "godkjennes-av-en-annen")
    sti = f"{SAKER}/{id_}/vedtak/{eget.json()['id']}/godkjenning"
    assert som(h, Rolle.BEREGNER, "POST", sti, {"utfall": "GODKJENT"}).status_code == 403
    h.post(sti, {"utfall": "GODKJENT"}, 403)
    assert h.les(f"{SAKER}/{id_}/vedtak")[0]["tilstand"] == "TIL_GODKJENNING"
    uten_grunn = avgjoer(h, id_, eget.json(), "AVVIST")
    assert [en["pointer"] for en in uten_grunn.json()["errors"]] == ["/begrunnelse"]


@pytest.mark.usefixtures("grense")
def test_det_en_maskin_har_foreslaatt_kan_en_leder_godkjenne(h: Historie) -> None:
    id_, b = saken(h)
    vedtak = h.vedtak(id_, b, "2025-01-01")
    assert vedtak["tilstand"] == "TIL_GODKJENNING"
    godkjenn(h, id_, vedtak)


@pytest.mark.usefixtures("grense")
def test_avvist_gjelder_aldri_og_et_nytt_kan_ta_plassen(h: Historie) -> None:
    id_, b = saken(h)
    foerste = foreslaa(h, id_, b)
    godkjenn(h, id_, foerste)
    andre = foreslaa(h, id_, b, "2025-06-01", erstatter=foerste["id"])
    # It waits: nothing is replaced, and nobody decides anything else meanwhile.
    assert h.les(f"{SAKER}/{id_}/vedtak")[0]["erstattetAv"] is None
    i_veien = som(
        h, Rolle.BEREGNER, "POST", f"{SAKER}/{id_}/vedtak", {"beregningId": b["id"], "fra": "2025-09-01"}
    )
    assert (i_veien.status_code, i_veien.json()["kode"]) == (409, "vedtak-venter")
    avvis(h, id_, andre)
    alle = h.les(f"{SAKER}/{id_}/vedtak")
    assert [(v["tilstand"], v["erstattetAv"], v["avgjoerelse"]) for v in alle] == [
        ("GODKJENT", None, None),
        ("AVVIST", None, "Pensjonen mangler"),
    ]
    tredje = foreslaa(h, id_, b, "2025-06-01", erstatter=foerste["id"])
    godkjenn(h, id_, tredje)
    assert h.les(f"{SAKER}/{id_}/vedtak")[0]["erstattetAv"] == tredje["id"]
    assert typene(h, id_)[2:] == [
        *("vedtak.til-godkjenning", "vedtak.avvist"),
        *("vedtak.til-godkjenning", "vedtak.nytt"),
    ]


@pytest.mark.usefixtures("grense")
def test_aaret_gjoeres_ikke_opp_mot_et_vedtak_som_venter_eller_er_avvist(h: Historie) -> None:
    id_, b = saken(h)
    vedtak = foreslaa(h, id_, b)
    assert h.gjoer_opp(id_, 2025, 409)["kode"] == "ingen-vedtak"
    avvis(h, id_, vedtak)
    assert h.gjoer_opp(id_, 2025, 409)["kode"] == "ingen-vedtak"
    godkjenn(h, id_, foreslaa(h, id_, b))
    oppgjoer = h.gjoer_opp(id_, 2025)
    assert oppgjoer["resultat"]["retning"] == "INGEN"
    assert {rad["foer"] == rad["etter"] for rad in oppgjoer["resultat"]["maaneder"]} == {True}


@pytest.mark.usefixtures("grense")
def test_oppfoelging_massekjoering_og_avstemming_ser_bare_det_som_gjelder(h: Historie) -> None:
    id_, b = saken(h)

    async def ser(lager: Lager) -> tuple[int, bool, bool, int]:
        sak = UUID(id_)
        foelges = await les_foelgesak(lager, sak)
        med_vedtak = await lager.massesaker.med_vedtak(FOERSTE, SISTE)
        avgjort = await lager.massesaker.avgjorte([UUID(b["id"])])
        bilde = await lager.avstemmingsbilder.ta()
        return (
            len(foelges.vedtak),
            sak in med_vedtak,
            bool(avgjort),
            len([ett for ett in bilde.vedtak if ett.sak_id == sak]),
        )

    assert h.fortelling.bak(ser) == (0, False, False, 0)
    vedtak = foreslaa(h, id_, b)
    # Undoing the calculation below a decision that waits would pull the ground from under it.
    assert h.fortelling.bak(ser) == (0, False, True, 0)
    avvis(h, id_, vedtak)
    assert h.fortelling.bak(ser) == (0, False, False, 0)
    godkjenn(h, id_, foreslaa(h, id_, b))
    assert h.fortelling.bak(ser) == (1, True, True, 1)


@pytest.mark.usefixtures("grense")
def test_oppgaven_er_ikke_gjort_foer_vedtaket_er_godkjent(h: Historie) -> None:
    id_, b = saken(h)
    tid = h.fortelling.tid.naa()
    oppgave = Oppgave(
        id=ny_id(tid),
        sak_id=UUID(id_),
        slag=Oppgaveslag.NY_SKATT,
        aar=2025,
        tilstand=Oppgavetilstand.AAPEN,
        hast=1,
        frist=None,
        innhold=skriv_json(Oppgaveinnhold(tekst="Ny skatt")),
        versjon=1,
        opprettet=tid,
        endret=tid,
    )

    async def lag(lager: Lager) -> None:
        await lager.oppgaver.ny(oppgave)

    h.fortelling.bak(lag)

    def aapen() -> bool:
        lest = h.fortelling.bak(lambda lager: lager.oppgaver.hent(oppgave.id))
        return lest is not None and lest.tilstand is Oppgavetilstand.AAPEN

    vedtak = foreslaa(h, id_, b)
    assert aapen()
    avvis(h, id_, vedtak)
    assert aapen()
    godkjenn(h, id_, foreslaa(h, id_, b))
    assert not aapen()


@pytest.mark.usefixtures("grense")
def test_tjenesten_fatter_ikke_av_seg_selv_det_som_trenger_to(h: Historie) -> None:
    id_, b = saken(h)

    async def alene(lager: Lager) -> str:
        kall = eget_kall("prøve", FJORDVIK, "hendelser", h.fortelling.tid.naa())
        nytt = NyttVedtak(beregning_id=b["id"], fra=FOERSTE, art=None)
        try:
            await fatt_vedtak(lager, kall, UUID(id_), nytt, alene=True)
        except KonfliktError as feil:
            return feil.hva
        return "fattet"

    assert h.fortelling.bak(alene) == Konflikt.KREVER_GODKJENNING
    assert h.les(f"{SAKER}/{id_}/vedtak") == []
    sett(h)
    assert h.fortelling.bak(alene) == "fattet"


@pytest.mark.usefixtures("grense")
def test_innsyn_sier_at_vedtaket_ikke_gjelder_og_sletting_beholder_avgjoerelsen(h: Historie) -> None:
    ektefelle = {
        "person": h.person("ektepar-hjemme"),
        "relasjon": "EKTEFELLE",
        "tenktEtterlattepensjon": 210000,
    }
    svar = h.langtid(HVEM, 2025, husstand=[ektefelle])
    id_, b = svar["sak"]["id"], svar["beregning"]
    foerste = foreslaa(h, id_, b)
    godkjenn(h, id_, foerste)
    foreslaa(h, id_, b, "2025-06-01", erstatter=foerste["id"])
    innsyn = som(h, Rolle.LEDER, "POST", "/api/v1/personer/innsyn", h.person(HVEM)).json()["dokument"]
    egne = next(sak for sak in innsyn["saker"] if sak["sakId"] == id_)
    assert [v["tilstand"] for v in egne["vedtak"]] == ["GODKJENT", "TIL_GODKJENNING"]
    assert egne["vedtak"][0]["avgjoerelse"]["av"] == "bruker:bruker-leder"
    slett = {**h.person("ektepar-hjemme"), "ogsaaFraAndresSaker": True}
    assert som(h, Rolle.LEDER, "POST", "/api/v1/personer/sletting", slett).status_code == 200
    assert [v["tilstand"] for v in h.les(f"{SAKER}/{id_}/vedtak")] == ["GODKJENT", "TIL_GODKJENNING"]


@pytest.mark.usefixtures("grense")
def test_lederen_ser_det_som_venter_i_egen_kommune(h: Historie) -> None:
    id_, b = saken(h)
    vedtak = foreslaa(h, id_, b)

    async def venter(lager: Lager) -> set[str]:
        kall = eget_kall("prøve", lager.kommune, "proeve", h.fortelling.tid.naa())
        return {str(ett.id) for ett in await ventende_vedtak(lager, kall, None, 100)}

    assert vedtak["id"] in h.fortelling.bak(venter)
    assert h.fortelling.bak(venter, SKOGLI) == set()
    assert h.register(hvem=HVEM, sak_id=id_)[-1]["handling"] == "VEDTAK_LEST"
    avvis(h, id_, vedtak)
    assert vedtak["id"] not in h.fortelling.bak(venter)


@pytest.mark.usefixtures("grense")
def test_endring_over_grensen_krever_en_til_og_foerste_vedtak_er_ingen_endring(h: Historie) -> None:
    sett(h, godkjenningOverEndring=1000)
    id_, b = saken(h)
    foerste = foreslaa(h, id_, b)
    assert foerste["tilstand"] == "FATTET"
    per_maaned = {m["maaned"]: Decimal(str(m["egenandel"])) for m in foerste["maaneder"]}
    for kroner, tilstand in ((3000, "FATTET"), (120_000, "TIL_GODKJENNING")):
        h.beloep(id_, 2025, "/inntekter/privatPensjon", kroner)
        ny = h.beregn(id_, 2025)
        siste = [v for v in h.les(f"{SAKER}/{id_}/vedtak") if v["erstattetAv"] is None][-1]
        vedtak = foreslaa(h, id_, ny, "2025-01-01", erstatter=siste["id"])
        endring = {
            m["maaned"]: Decimal(str(m["egenandel"])) - per_maaned[m["maaned"]] for m in vedtak["maaneder"]
        }
        assert (max(endring.values()) > 1000) is (tilstand == "TIL_GODKJENNING"), endring
        assert vedtak["tilstand"] == tilstand


@pytest.mark.usefixtures("grense")
def test_et_vedtak_som_venter_paa_godkjenning_gir_et_utkast_og_lagres_ikke(h: Historie) -> None:
    id_, beregning = saken(h)
    vedtak = foreslaa(h, id_, beregning)
    sti = f"{SAKER}/{id_}/vedtak/{vedtak['id']}/brev"
    tekst = tekst_i(h.send("GET", sti).content)
    assert "Dette er et utkast. Det er ikke fattet vedtak" in tekst

    async def antall(lager: Lager) -> int:
        return len(await lager.brev.for_sak(UUID(id_)))

    assert h.fortelling.bak(antall) == 0
    assert avgjoer(h, id_, vedtak).status_code == 200
    ferdig = h.send("GET", sti).content
    assert "utkast" not in tekst_i(ferdig).lower()
    assert h.send("GET", sti).content == ferdig
    assert h.fortelling.bak(antall) == 1
