"""What must hold whatever happens to the process, the network or somebody else's figures. ``bench`` has it larger."""

import copy
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest

from app.db.lager.arbeid import Arbeidstilstand, Liste
from app.db.leie import Leie
from app.events.arbeider import Runde
from app.sandbox.standard import FJORDVIK, SKOGLI
from app.services.mangler import Grunn, Mangler
from app.services.oppfoelging.forsoek import FORSOEK_SOM_GAAR_OVER, FORSOEK_SOM_TRENGER_NOEN, Forsoeksplan
from app.services.oppgaver import Oppgaveslag
from app.services.oppgavetekst import Nytt, endring_per_maaned, oppgjoer
from app.services.sak.endringer import Maanedsforskjell
from app.skatt_client import Ansvar, Api
from tests.events.arbeidsverden import Arbeidsrom, setning
from tests.saker.dump import REGISTERET, dump
from tests.saker.historie import SAKER, Historie

HVEM: Final = "enslig-pensjonist"
SSG: Final = "summertskattegrunnlag"
NAA: Final = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
def rom(h: Historie) -> Arbeidsrom:
    rom = Arbeidsrom(h)
    rom.les_listen()
    rom.gjoer()
    return rom


class _DreptError(BaseException):
    """The process is gone."""


def test_drept_ved_hvert_eneste_kall_mot_databasen_og_likevel_en_virkning(
    h: Historie, rom: Arbeidsrom, monkeypatch: pytest.MonkeyPatch
) -> None:
    h.kontroll("DELETE", f"/personer/{HVEM}/oppgjoer/2025?ikke_kommet=true")
    svar = h.langtid(HVEM, 2025)
    id_ = svar["sak"]["id"]
    h.vedtak(id_, svar["beregning"], "2025-01-01")
    h.oppgjoer(HVEM, 2025, alderspensjonFraFolketrygden=400_000)
    assert rom.les_listen().bestilt == 1
    database = h.fortelling.verden.arkiv.database

    def bilde() -> Any:
        return h.fortelling.kjoer(lambda: dump(database, FJORDVIK, uten=REGISTERET))

    foer, igjen, drept = bilde(), 0, 0
    skriver, innsetting = Leie._utfoer, Leie.sett_inn

    def tell() -> None:
        nonlocal igjen
        igjen -= 1
        if igjen == 0:
            raise _DreptError

    async def utfoer(self: Leie, *argumenter: Any) -> Any:
        tell()
        return await skriver(self, *argumenter)

    async def sett_inn(self: Leie, *argumenter: Any) -> None:
        tell()
        await innsetting(self, *argumenter)

    monkeypatch.setattr(Leie, "_utfoer", utfoer)
    monkeypatch.setattr(Leie, "sett_inn", sett_inn)
    for nummer in range(1, 1000):
        igjen = nummer
        try:
            runde = rom.gjoer()
        except BaseException as feil:
            if not _er_drept(feil):
                raise
            drept += 1
            assert bilde() == foer, f"drept ved kall {nummer}: noe ble stående"
            continue
        assert runde == Runde(gjort=1, sviktet=0)
        break
    igjen = 0
    assert drept > 30
    print(f"drept {drept} steder")
    assert [b["automatisk"] for b in h.les(f"{SAKER}/{id_}/beregninger")["elementer"]] == [False, True]
    assert len(rom.oppgaver(id_)) == 1
    ferdig = bilde()
    assert rom.gjoer() == Runde(gjort=0, sviktet=0)
    assert bilde() == ferdig


def _er_drept(feil: BaseException) -> bool:
    if isinstance(feil, BaseExceptionGroup):
        return any(_er_drept(en) for en in feil.exceptions)
    return isinstance(feil, _DreptError)


def test_fra_endring_hos_skatteetaten_til_oppgave_paa_en_lesing_og_en_runde(
    h: Historie, rom: Arbeidsrom
) -> None:
    svar = h.langtid(HVEM, 2025)
    id_ = svar["sak"]["id"]
    h.vedtak(id_, svar["beregning"], "2025-01-01")
    h.oppgjoer(HVEM, 2025, alderspensjonFraFolketrygden=400_000)
    rom.les_listen()
    rom.gjoer()
    (oppgave,) = rom.oppgaver(id_)
    assert oppgave["slag"] == Oppgaveslag.ETTEROPPGJOER_KLART
    (ny,) = oppgave["innhold"]["beregninger"]
    grunn = h.les(f"{SAKER}/{id_}/beregninger/{ny}")["personer"][0]["felter"]
    assert {f["felt"]: f["beloep"] for f in grunn}["/inntekter/pensjonFraFolketrygden"] == 400_000
    h.kontroll("DELETE", f"/personer/{HVEM}/oppgjoer/2025")
    rom.les_listen()
    rom.gjoer()
    (oppgave,) = rom.oppgaver(id_)
    assert oppgave["slag"] == Oppgaveslag.OPPGJOER_TRUKKET
    slag = [
        en["type"] for en in h.les("/api/v1/endringer?etter=0&antall=1000")["endringer"] if en["sakId"] == id_
    ]
    assert {"grunnlag.nytt", "grunnlag.trukket", "oppgave.ny", "oppgave.lukket"} <= set(slag)


def test_noen_faa_som_aldri_kan_slaas_opp_stopper_ingen_andre(h: Historie, rom: Arbeidsrom) -> None:
    alle = [f"flokk-{nr:06d}" for nr in range(12)]
    syke = alle[::4]
    saker = {en: h.langtid(en, 2025)["sak"]["id"] for en in alle}
    for en in alle:
        h.oppgjoer(en, 2025, renteinntekt=60_000)
    h.fortelling.forgiftet.update(h.ident(en) for en in syke)
    rom.les_listen()
    for _ in range(FORSOEK_SOM_TRENGER_NOEN + 1):
        rom.gjoer()
        h.fortelling.tid.hopp(3600)
    assert {en for en, id_ in saker.items() if _er_fulgt(h, id_)} == set(alle) - set(syke)
    assert {en for en in alle if rom.arbeidet(en, 2025).tilstand is Arbeidstilstand.DOED} == set(syke)
    h.fortelling.forgiftet.clear()
    assert h.post("/api/v1/arbeid/gjenta", {}, 200) == {"antall": len(syke)}
    rom.gjoer()
    assert {en for en, id_ in saker.items() if _er_fulgt(h, id_)} == set(alle)


def _er_fulgt(h: Historie, id_: str) -> bool:
    return any(b["automatisk"] for b in h.les(f"{SAKER}/{id_}/beregninger")["elementer"])


@pytest.mark.parametrize(("grense", "gjort"), [(5_000, True), (100, False), (None, False)])
def test_automatisk_vedtak_bare_innenfor_kommunens_grense(
    h: Historie, rom: Arbeidsrom, grense: int | None, gjort: bool
) -> None:
    """A running year, a decision in force, nothing open: preliminary from next month, or a task."""
    sti: str = "/api/v1/kommune/oppsett"
    hos: dict[str, Any] = {"kommune": SKOGLI}
    oppsett = h.send("GET", sti, **hos)
    foer = json.loads(oppsett.text)["oppsett"]
    nytt = copy.deepcopy(foer)
    nytt["valg"][-1]["automatiskVedtakGrense"] = grense
    h.faa(200, "PUT", sti, nytt, hoder={"If-Match": oppsett.headers["ETag"]}, **hos)
    opphold = [{"art": "LANGTID", "fra": "2022-01-01", "institusjon": "skoglitunet"}]
    try:
        svar = h.langtid(HVEM, 2026, opphold=opphold, kommune=SKOGLI)
        vedtakene = f"{SAKER}/{svar['sak']['id']}/vedtak"
        inn = {"beregningId": svar["beregning"]["id"], "fra": "2026-01-01"}
        gjelder = h.post(vedtakene, inn, **hos)
        h.oppgjoer(HVEM, 2025, alderspensjonFraFolketrygden=345_000)
        rom.les_listen()
        rom.gjoer()
        (oppgave,) = rom.oppgaver(svar["sak"]["id"], SKOGLI)
        alle = h.les(vedtakene, **hos)
        if not gjort:
            assert (oppgave["slag"], len(alle)) == (Oppgaveslag.NY_SKATT, 1)
            return
        assert oppgave["slag"] == Oppgaveslag.AUTOMATISK_VEDTAK
        nyeste = alle[-1]
        assert (nyeste["art"], nyeste["fra"], nyeste["erstatter"], nyeste["av"]) == (
            *("FORELOEPIG", "2026-12-01", gjelder["id"]),
            "system:hendelser",
        )
        assert oppgave["innhold"]["vedtakId"] == nyeste["id"]
        assert "Underrett den det gjelder." in setning(oppgave)
    finally:
        etag = h.send("GET", sti, **hos).headers["ETag"]
        h.faa(200, "PUT", sti, foer, hoder={"If-Match": etag}, **hos)


def _rader(*differanser: int) -> list[Maanedsforskjell]:
    return [
        Maanedsforskjell(
            maaned=f"2025-{nr:02d}", gammel=Decimal(1000), ny=Decimal(1000 + d), differanse=Decimal(d)
        )
        for nr, d in enumerate(differanser, 1)
    ]


@pytest.mark.parametrize(
    ("differanser", "tekst"),
    [
        ([312] * 12, "egenandel +312 kr/md fra januar"),
        ([0] * 12, "egenandelen er uendret"),
        ([0] * 4 + [-50] * 8, "egenandel −50 kr/md fra mai"),
        ([312] * 4 + [300] * 8, "egenandel +312 kr/md fra januar til april, +300 kr/md fra mai"),
        ([312] * 4 + [0] * 8, "egenandel +312 kr/md fra januar til april"),
        ([1, 2, 3, 4] * 3, "egenandel mellom +1 og +4 kr/md fra januar"),
    ],
)
def test_teksten_sier_hvor_mye_og_fra_naar(differanser: list[int], tekst: str) -> None:
    assert endring_per_maaned(2025, _rader(*differanser), naevn_aar=False) == tekst


def test_teksten_sier_hva_som_skal_gjoeres_opp() -> None:
    assert oppgjoer(Decimal(3744), "SKYLDIG") == "etteroppgjør 3\u00a0744\u00a0kr å kreve"
    assert oppgjoer(Decimal(-120), "TIL_GODE") == "etteroppgjør 120\u00a0kr å betale tilbake"
    assert oppgjoer(Decimal(80), "INGEN") == "etteroppgjør 80\u00a0kr, under kommunens minstebeløp"
    assert oppgjoer(Decimal(0), "INGEN") == "ingenting å gjøre opp"
    assert Nytt(Liste.SKATTEOPPGJOER, 2025, egen=True).hva == "Ny skatt for 2025"


def _mangel(grunn: Grunn, kode: str = "x", om: float | None = None) -> Mangler:
    return Mangler(
        grunn=grunn, api=Api.SKATTEGRUNNLAG, tekst="", ansvar=Ansvar.INGEN, kode=kode, proev_igjen_om=om
    )


def test_ventetiden_vokser_og_tar_slutt() -> None:
    plan, mangel = Forsoeksplan(lambda: 1.0), _mangel(Grunn.UTILGJENGELIG)
    venting = [plan.sviktet("k", n, mangel, NAA).neste - NAA for n in range(FORSOEK_SOM_GAAR_OVER)]
    assert venting == sorted(venting)
    assert (venting[0], venting[-1]) == (timedelta(minutes=1), timedelta(hours=6))
    assert [plan.sviktet("k", n, mangel, NAA).doed for n in (8, 9)] == [False, True]
    assert plan.sviktet("k", 0, _mangel(Grunn.STRUPET, om=9_000), NAA).neste == NAA + timedelta(seconds=9_000)
    assert plan.stanset(NAA) == set()


def test_en_lukket_doer_er_ingens_forsoek() -> None:
    plan = Forsoeksplan(lambda: 0.0)
    hva = plan.sviktet("k", 4, _mangel(Grunn.UTILGJENGELIG, "bryter-aapen", 30), NAA)
    assert (hva.forsoek, hva.doed) == (4, False)
    assert plan.stanset(NAA) == {"k"}
    assert plan.stanset(NAA + timedelta(seconds=31)) == set()


def test_avslag_for_en_bruker_bare_forsoek_naar_andre_slipper_inn() -> None:
    plan, mangel = Forsoeksplan(lambda: 0.0), _mangel(Grunn.INGEN_TILGANG)
    assert plan.sviktet("k", 2, mangel, NAA).forsoek == 2
    plan.lyktes("k")
    assert plan.stanset(NAA) == set()
    siste = plan.sviktet("k", 2, mangel, NAA)
    assert (siste.forsoek, siste.doed) == (3, True)
