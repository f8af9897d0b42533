"""The tasks as a caseworker meets them, and the work that has stopped as an operator does."""

from collections.abc import Iterator

import pytest

from app.db.lager.arbeid import Arbeidstilstand
from app.events.arbeider import Runde
from app.sandbox.standard import SCOPE_LES
from app.services.oppgaver import Oppgaveslag
from tests.events.arbeidsverden import Arbeidsrom
from tests.saker.historie import SAKER, Historie, Json

HVEM = "enslig-pensjonist"
OPPGAVER, ARBEID = "/api/v1/oppgaver", "/api/v1/arbeid"
SSG = "summertskattegrunnlag"


@pytest.fixture
def rom(h: Historie) -> Iterator[Arbeidsrom]:
    rom = Arbeidsrom(h)
    yield rom
    if h.les(ARBEID)["elementer"]:
        h.post(f"{ARBEID}/lukk", {"begrunnelse": "historien er slutt"}, 200)


def med_oppgave(h: Historie, rom: Arbeidsrom, hvem: str = HVEM) -> tuple[str, Json]:
    """A case decided on from the year before, and the task the settlement gave."""
    h.kontroll("DELETE", f"/personer/{hvem}/oppgjoer/2025?ikke_kommet=true")
    svar = h.langtid(hvem, 2025)
    id_ = svar["sak"]["id"]
    h.vedtak(id_, svar["beregning"], "2025-01-01")
    h.oppgjoer(hvem, 2025, alderspensjonFraFolketrygden=400_000)
    rom.bestill(hvem, 2025)
    rom.gjoer()
    (oppgave,) = h.les(f"{OPPGAVER}?sakId={id_}&tilstand=AAPEN")["elementer"]
    return id_, oppgave


def test_oppgaven_lukkes_naar_aaret_gjoeres_opp(h: Historie, rom: Arbeidsrom) -> None:
    id_, oppgave = med_oppgave(h, rom)
    assert h.les(f"{OPPGAVER}/{oppgave['id']}") == oppgave
    h.gjoer_opp(id_, 2025)
    lukket = h.les(f"{OPPGAVER}/{oppgave['id']}")
    assert (lukket["tilstand"], lukket["begrunnelse"]) == ("LUKKET", "Det oppgaven ba om, er gjort.")
    assert h.les(f"{OPPGAVER}?sakId={id_}&tilstand=AAPEN")["elementer"] == []


def test_oppgaven_med_nyere_tall_lukkes_ikke_av_et_vedtak_paa_de_gamle(h: Historie, rom: Arbeidsrom) -> None:
    h.kontroll("DELETE", f"/personer/{HVEM}/oppgjoer/2025?ikke_kommet=true")
    svar = h.langtid(HVEM, 2025)
    id_ = svar["sak"]["id"]
    h.oppgjoer(HVEM, 2025, alderspensjonFraFolketrygden=400_000)
    rom.bestill(HVEM, 2025)
    rom.gjoer()
    (oppgave,) = rom.oppgaver(id_)
    assert oppgave["slag"] == Oppgaveslag.NY_SKATT
    foerste = h.vedtak(id_, svar["beregning"], "2025-01-01")
    assert len(rom.oppgaver(id_)) == 1
    nyere = {"id": oppgave["innhold"]["beregninger"][0]}
    h.vedtak(id_, nyere, "2025-01-01", erstatter=foerste["id"])
    assert rom.oppgaver(id_) == []


def test_avklaringen_lukkes_naar_posten_er_plassert_og_det_er_beregnet(h: Historie, rom: Arbeidsrom) -> None:
    svar = h.langtid(HVEM, 2025)
    id_ = svar["sak"]["id"]
    h.oppgjoer(HVEM, 2025, annenInntekt=12_000)
    rom.bestill(HVEM, 2025)
    rom.gjoer()
    (oppgave,) = rom.oppgaver(id_)
    (uferdig,) = oppgave["innhold"]["beregninger"]
    (post,) = h.les(f"{SAKER}/{id_}/beregninger/{uferdig}")["aapne"]
    h.plasser(id_, 2025, {"noekkel": post["noekkel"], "som": post["kanPlasseresSom"][0]})
    h.beregn(id_, 2025)
    assert rom.oppgaver(id_) == []


def test_en_oppgave_lukkes_med_grunn_av_den_som_har_sett_det_nyeste(h: Historie, rom: Arbeidsrom) -> None:
    id_, oppgave = med_oppgave(h, rom)
    sti = f"{OPPGAVER}/{oppgave['id']}/lukk"
    h.oppgjoer(HVEM, 2025, alderspensjonFraFolketrygden=410_000)
    rom.bestill(HVEM, 2025)
    rom.gjoer()
    grunn = {"begrunnelse": "Gjøres opp i fagsystemet"}
    h.post(sti, grunn, 412, hoder={"If-Match": '"1"'})
    lukket = h.post(sti, grunn, 200, hoder={"If-Match": '"2"'})
    assert (lukket["tilstand"], lukket["begrunnelse"]) == ("LUKKET", grunn["begrunnelse"])
    h.post(sti, grunn, 403, scope=SCOPE_LES, hoder={"If-Match": '"3"'})
    assert [rad["handling"] for rad in h.register(sak_id=id_)][-1] == "OPPGAVE_LUKKET"


def test_listen_er_i_hasterekkefoelge_side_for_side(h: Historie, rom: Arbeidsrom) -> None:
    med_oppgave(h, rom)
    trukket = h.langtid("gevinst", 2025)
    h.kontroll("DELETE", "/personer/gevinst/oppgjoer/2025")
    rom.bestill("gevinst", 2025, slettet=True)
    rom.gjoer()
    alle = h.les(f"{OPPGAVER}?tilstand=AAPEN&antall=200")["elementer"]
    assert [en["hast"] for en in alle] == sorted(en["hast"] for en in alle)
    assert alle[0]["sakId"] == trukket["sak"]["id"]
    side = h.les(f"{OPPGAVER}?tilstand=AAPEN&antall=1")
    sett = side["elementer"]
    while side["neste"]:
        side = h.les(f"{OPPGAVER}?tilstand=AAPEN&antall=1&peker={side['neste']}")
        sett += side["elementer"]
    assert sett == alle
    slag = h.les(f"{OPPGAVER}?slag=OPPGJOER_TRUKKET&sakId={trukket['sak']['id']}")["elementer"]
    assert [en["slag"] for en in slag] == ["OPPGJOER_TRUKKET"]


def test_det_som_trenger_noen_stopper_og_kan_gjentas(h: Historie, rom: Arbeidsrom) -> None:
    """An unknown number three times: set aside, and everybody else goes on."""
    svar = h.langtid(HVEM, 2025)
    h.oppgjoer(HVEM, 2025, alderspensjonFraFolketrygden=400_000)
    h.kontroll("POST", "/forstyrrelser", {"system": SSG, "art": "KODE", "kode": "SSG-007"})
    rom.bestill(HVEM, 2025)
    for _ in range(3):
        assert rom.gjoer() == Runde(gjort=0, sviktet=1)
        h.fortelling.tid.hopp(3600)
    assert rom.gjoer() == Runde(gjort=0, sviktet=0), "det prøves ikke mer"
    (doed,) = h.les(ARBEID)["elementer"]
    assert (doed["tilstand"], doed["forsoek"], doed["aar"]) == ("DOED", 3, 2025)
    assert doed["feil"] == "UKJENT_PERSON summertskattegrunnlag SSG-007"
    h.sandkasse.forstyrrelser.nullstill()
    ett = {navn: doed[navn] for navn in ("personId", "liste", "aar")}
    assert h.post(f"{ARBEID}/gjenta", ett, 200) == {"antall": 1}
    assert rom.gjoer() == Runde(gjort=1, sviktet=0)
    assert len(rom.oppgaver(svar["sak"]["id"])) == 1
    assert h.les(ARBEID)["elementer"] == []


def test_det_som_gaar_over_proeves_senere_uten_at_noen_gjoer_noe(h: Historie, rom: Arbeidsrom) -> None:
    h.langtid(HVEM, 2025)
    h.kontroll("POST", "/forstyrrelser", {"system": SSG, "art": "HTML_503"})
    rom.bestill(HVEM, 2025)
    assert rom.gjoer() == Runde(gjort=0, sviktet=1)
    arbeid = rom.arbeidet(HVEM, 2025)
    assert (arbeid.tilstand, arbeid.forsoek) == (Arbeidstilstand.VENTER, 1)
    h.sandkasse.forstyrrelser.nullstill()
    assert rom.gjoer() == Runde(gjort=0, sviktet=0), "ikke før ventetiden er over"
    h.fortelling.tid.hopp(600)
    assert rom.gjoer() == Runde(gjort=1, sviktet=0)
    assert rom.arbeidet(HVEM, 2025).forsoek == 0


def test_en_kommune_uten_tilgang_stanses_uten_at_noens_forsoek_brukes(h: Historie, rom: Arbeidsrom) -> None:
    hvem = [HVEM, "gevinst", "utbytte", "formue"]
    for en in hvem:
        h.langtid(en, 2025)
    h.kontroll("POST", "/forstyrrelser", {"system": SSG, "art": "KODE", "kode": "SSG-005"})
    for en in hvem:
        rom.bestill(en, 2025)
    for _ in range(5):
        rom.gjoer()
        h.fortelling.tid.hopp(600)
    assert [rom.arbeidet(en, 2025).forsoek for en in hvem] == [0, 0, 0, 0]
    h.sandkasse.forstyrrelser.nullstill()
    rom.gjoer()
    h.fortelling.tid.hopp(600)
    rom.gjoer()
    assert {rom.arbeidet(en, 2025).tilstand for en in hvem} == {Arbeidstilstand.FERDIG}


def test_stoppet_arbeid_kan_lukkes_til_neste_hendelse(h: Historie, rom: Arbeidsrom) -> None:
    h.langtid(HVEM, 2025)
    h.kontroll("POST", "/forstyrrelser", {"system": SSG, "art": "FEIL_PERSON"})
    rom.bestill(HVEM, 2025)
    for _ in range(3):
        rom.gjoer()
        h.fortelling.tid.hopp(3600)
    assert h.post(f"{ARBEID}/lukk", {"begrunnelse": "Feil hos Skatteetaten"}, 200) == {"antall": 1}
    assert rom.arbeidet(HVEM, 2025).tilstand is Arbeidstilstand.LUKKET
    h.sandkasse.forstyrrelser.nullstill()
    rom.bestill(HVEM, 2025)
    assert rom.gjoer() == Runde(gjort=1, sviktet=0)


@pytest.mark.parametrize(
    ("kropp", "peker"),
    [({"aar": 2025}, "/personId"), ({"personId": "x", "liste": "SKATTEOPPGJOER"}, "/personId")],
)
def test_halvt_oppgitt_arbeid_avvises(h: Historie, kropp: Json, peker: str) -> None:
    feil = h.post(f"{ARBEID}/gjenta", kropp, 422)
    assert [en["pointer"] for en in feil["errors"]] == [peker]
