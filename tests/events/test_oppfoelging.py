"""What an event leads to, told as stories: the figures change at Skatteetaten, and the case knows it."""

from dataclasses import replace

import pytest

from app.db.arkiv import Lager
from app.db.lager.arbeid import ALLE_AAR, Arbeidstilstand, Liste
from app.events.arbeider import Runde
from app.sandbox.befolkning.person import Skjerming
from app.sandbox.standard import FJORDVIK, SKOGLI
from app.services.oppgaver import Oppgaveslag
from app.services.personvern.innsyn import innsyn
from app.services.personvern.innsynstekst import som_tekst
from app.services.revisjon import Driftsaktoer
from tests.events.arbeidsverden import Arbeidsrom, setning
from tests.saker.historie import SAKER, Historie, Json, Oppslag, bistandssak

HVEM = "enslig-pensjonist"
SKOGLITUNET = [{"art": "LANGTID", "fra": "2022-01-01", "institusjon": "skoglitunet"}]
SSG, BSA = "summertskattegrunnlag", "beregnetskatt"


@pytest.fixture
def rom(h: Historie) -> Arbeidsrom:
    return Arbeidsrom(h)


def foer_oppgjoeret(h: Historie, aar: int = 2025, *flere: int, **resten: object) -> Json:
    """A case decided on before the year was settled, from the year before."""
    h.kontroll("DELETE", f"/personer/{HVEM}/oppgjoer/{aar}?ikke_kommet=true")
    svar: Json = h.langtid(HVEM, aar, **resten)
    assert svar["beregning"]["foreloepig"]
    for ett in flere:
        h.beregn(svar["sak"]["id"], ett)
    h.vedtak(svar["sak"]["id"], svar["beregning"], f"{aar}-01-01")
    return svar


def beregninger(h: Historie, sak_id: str) -> list[tuple[int, bool, bool]]:
    """Year, whether preliminary, whether automatic."""
    rader = h.les(f"{SAKER}/{sak_id}/beregninger?antall=200")["elementer"]
    return [(rad["aar"], rad["foreloepig"], rad["automatisk"]) for rad in rader]


def grunnlag(h: Historie, sak_id: str) -> list[tuple[str, int, str, bool]]:
    """API, year, outcome and whether withdrawn."""
    rader = h.les(f"{SAKER}/{sak_id}/grunnlag")
    return [(rad["api"], rad["inntektsaar"], rad["utfall"], rad["trukket"] is not None) for rad in rader]


def test_naar_oppgjoeret_kommer_sier_oppgaven_hva_det_betyr(h: Historie, rom: Arbeidsrom) -> None:
    svar = foer_oppgjoeret(h)
    id_ = svar["sak"]["id"]
    h.oppgjoer(HVEM, 2025, alderspensjonFraFolketrygden=400_000)
    rom.bestill(HVEM, 2025)
    h.ny_start()
    assert rom.gjoer() == Runde(gjort=1, sviktet=0)
    assert h.oppslag() == [Oppslag(BSA, HVEM, 2025), Oppslag(SSG, HVEM, 2025)]
    assert beregninger(h, id_) == [(2025, True, False), (2025, False, True)]
    (oppgave,) = rom.oppgaver(id_)
    assert (oppgave["slag"], oppgave["aar"]) == (Oppgaveslag.ETTEROPPGJOER_KLART, 2025)
    assert setning(oppgave) == (
        "Ny skatt for 2025: egenandel +4 347 kr/md fra januar, etteroppgjør 52 164 kr å kreve"
    )
    # The sentence says what the rows and the preview say, and what settling the year comes to.
    innhold = oppgave["innhold"]
    assert {rad["differanse"] for rad in innhold["maaneder"]} == {4347}
    assert (innhold["etteroppgjoer"]["sum"], innhold["etteroppgjoer"]["retning"]) == (52_164, "SKYLDIG")
    oppgjort = h.gjoer_opp(id_, 2025, beregningId=innhold["beregninger"][0])
    assert oppgjort["resultat"]["sum"] == 52_164
    # Nobody has decided anything for the kommune.
    assert len(h.les(f"{SAKER}/{id_}/vedtak")) == 1


def test_det_samme_svaret_er_stillhet(h: Historie, rom: Arbeidsrom) -> None:
    svar = h.langtid(HVEM, 2025)
    id_ = svar["sak"]["id"]
    foer = (beregninger(h, id_), grunnlag(h, id_))
    rom.bestill(HVEM, 2025)
    assert rom.gjoer() == Runde(gjort=1, sviktet=0)
    assert (beregninger(h, id_), grunnlag(h, id_)) == foer
    assert rom.oppgaver(id_) == []
    # Only the register knows that anybody asked.
    siste = [(rad["handling"], rad["utfall"]) for rad in h.register(sak_id=id_)][-8:]
    assert ("OPPSLAG", "PAABEGYNT") in siste
    assert [rad["antall"] for rad in h.register(sak_id=id_) if rad["handling"] == "HENDELSE_BEHANDLET"] == [
        {"beregninger": 0, "grunnlag": 0, "oppgaver": 0, "trukket": 0, "vedtak": 0}
    ]


def test_mange_hendelser_er_ett_oppslag(h: Historie, rom: Arbeidsrom) -> None:
    foer_oppgjoeret(h)
    h.oppgjoer(HVEM, 2025, alderspensjonFraFolketrygden=400_000)
    for _ in range(40):
        rom.bestill(HVEM, 2025)
    h.ny_start()
    assert rom.gjoer() == Runde(gjort=1, sviktet=0)
    assert len(h.oppslag()) == 2
    arbeid = rom.arbeidet(HVEM, 2025)
    assert arbeid.bestilt == arbeid.gjort >= 40
    assert arbeid.tilstand is Arbeidstilstand.FERDIG


def test_det_som_bestilles_underveis_blir_gjort_etterpaa(h: Historie, rom: Arbeidsrom) -> None:
    """The settlement changes again while the first change is being looked up."""
    svar = foer_oppgjoeret(h)
    h.oppgjoer(HVEM, 2025, alderspensjonFraFolketrygden=400_000)
    rom.bestill(HVEM, 2025)
    foer = rom.arbeidet(HVEM, 2025).gjort
    igjen = iter([True])

    async def en_gang_til() -> None:
        if next(igjen, False):
            await rom.bestill_naa(HVEM, 2025)

    h.fortelling.lyttere.append(en_gang_til)
    assert rom.gjoer() == Runde(gjort=2, sviktet=0)
    arbeid = rom.arbeidet(HVEM, 2025)
    assert (arbeid.bestilt, arbeid.gjort) == (foer + 2, foer + 2)
    assert beregninger(h, svar["sak"]["id"]) == [(2025, True, False), (2025, False, True)]


def test_et_slettet_oppgjoer_trekkes_og_ingenting_viskes_ut(h: Historie, rom: Arbeidsrom) -> None:
    svar = h.langtid(HVEM, 2025)
    id_ = svar["sak"]["id"]
    h.vedtak(id_, svar["beregning"], "2025-01-01")
    h.kontroll("DELETE", f"/personer/{HVEM}/oppgjoer/2025")
    rom.bestill(HVEM, 2025, slettet=True)
    rom.gjoer()
    assert grunnlag(h, id_) == [
        (SSG, 2025, "FUNNET", True),
        (BSA, 2025, "FUNNET", True),
        (SSG, 2025, "SLETTET", False),
        (BSA, 2025, "SLETTET", False),
    ]
    siste = h.les(f"{SAKER}/{id_}/beregninger?antall=200")["elementer"][-1]
    assert (siste["automatisk"], siste["tilstand"], siste["egenandelAar"]) == (True, "UFULLSTENDIG", None)
    (oppgave,) = rom.oppgaver(id_)
    assert oppgave["slag"] == Oppgaveslag.OPPGJOER_TRUKKET
    assert setning(oppgave).startswith("Skatteetaten har slettet skatteoppgjøret for 2025.")
    # What it will cost is unknown: no month is told to be cheaper by what it costs now.
    assert (oppgave["innhold"]["etteroppgjoer"], oppgave["innhold"]["maaneder"]) == (None, [])
    # What was calculated and decided stands; what was withdrawn is never used again.
    assert h.les(f"{SAKER}/{id_}/beregninger/{svar['beregning']['id']}") == svar["beregning"]
    igjen = h.beregn(id_, 2025)
    assert (igjen["tilstand"], igjen["mangler"][0]["grunn"]) == ("UFULLSTENDIG", "SLETTET")
    # It comes anew: the task about the withdrawal is answered.
    h.oppgjoer(HVEM, 2025)
    rom.bestill(HVEM, 2025)
    rom.gjoer()
    assert [ett["slag"] for ett in rom.oppgaver(id_)] == [Oppgaveslag.ETTEROPPGJOER_KLART]


def test_404_etter_slettet_er_slettet_og_ellers_ikke_oppgjort(h: Historie, rom: Arbeidsrom) -> None:
    """Skatteetaten § 3: BSA has no 410, and SSG may say that it has nothing."""
    svar = h.langtid(HVEM, 2025)
    id_ = svar["sak"]["id"]
    h.kontroll("DELETE", f"/personer/{HVEM}/oppgjoer/2025?ikke_kommet=true")
    rom.bestill(HVEM, 2025)
    rom.gjoer()
    assert grunnlag(h, id_)[2:][0] == (SSG, 2025, "IKKE_OPPGJOER_ENNAA", False)
    assert not any(trukket for *_, trukket in grunnlag(h, id_))
    rom.bestill(HVEM, 2025, slettet=True)
    rom.gjoer()
    assert (SSG, 2025, "SLETTET", False) in grunnlag(h, id_)
    assert (SSG, 2025, "FUNNET", True) in grunnlag(h, id_)
    assert (BSA, 2025, "FUNNET", True) in grunnlag(h, id_)


def test_nytt_fodselsnummer_er_en_oppgave_ogsaa_naar_det_gamle_ikke_finnes(
    h: Historie, rom: Arbeidsrom
) -> None:
    svar = h.langtid(HVEM, 2025)
    id_ = svar["sak"]["id"]
    h.kontroll("POST", "/forstyrrelser", {"system": SSG, "art": "KODE", "kode": "SSG-007"})
    rom.bestill(HVEM, 2025, ny_identitet=True)
    assert rom.gjoer() == Runde(gjort=1, sviktet=0)
    assert [ett["slag"] for ett in rom.oppgaver(id_)] == [Oppgaveslag.NY_IDENTITET]
    assert beregninger(h, id_) == [(2025, False, False)]


def test_aaret_etter_foelger_det_nye_oppgjoeret(h: Historie, rom: Arbeidsrom) -> None:
    """The running year was calculated from the newest settlement there was, and takes the new one."""
    h.kontroll("DELETE", f"/personer/{HVEM}/oppgjoer/2025?ikke_kommet=true")
    svar = h.langtid(HVEM, 2026, kommune=SKOGLI, opphold=SKOGLITUNET)
    id_ = svar["sak"]["id"]
    assert svar["beregning"]["tilstand"] == "BEREGNET", svar["beregning"]["mangler"]
    h.oppgjoer(HVEM, 2025, alderspensjonFraFolketrygden=400_000)
    rom.bestill(HVEM, 2025, kommune=SKOGLI)
    rom.gjoer()
    (oppgave,) = rom.oppgaver(id_, SKOGLI)
    assert (oppgave["slag"], oppgave["aar"]) == (Oppgaveslag.NY_SKATT, 2026)
    assert setning(oppgave).startswith("Ny skatt for 2025: egenandel i 2026 +")
    assert oppgave["innhold"]["etteroppgjoer"] is None


def test_et_aar_ingen_bruker_roeres_ikke_og_slaas_ikke_opp(h: Historie, rom: Arbeidsrom) -> None:
    svar = h.langtid(HVEM, 2025)
    h.oppgjoer(HVEM, 2021, alderspensjonFraFolketrygden=1)
    rom.bestill(HVEM, 2021)
    h.ny_start()
    assert rom.gjoer() == Runde(gjort=1, sviktet=0)
    assert h.oppslag() == []
    assert len(beregninger(h, svar["sak"]["id"])) == 1


def test_ukjent_periode_er_alle_aar_i_bruk(h: Historie, rom: Arbeidsrom) -> None:
    svar = foer_oppgjoeret(h)
    h.oppgjoer(HVEM, 2025, alderspensjonFraFolketrygden=400_000)
    rom.bestill(HVEM, ALLE_AAR)
    h.ny_start()
    rom.gjoer()
    assert {ett.aar for ett in h.oppslag()} == {2024, 2025}
    assert beregninger(h, svar["sak"]["id"])[-1] == (2025, False, True)


def test_et_oppgjoer_endret_etter_nyttaar_roerer_ikke_bistand(h: Historie, rom: Arbeidsrom) -> None:
    """§ 10 asks for the last settlement there was on 1 January: one dated later is for later years."""
    svar = h.ny_sak(bistandssak(h.person(HVEM), 2026))
    id_ = svar["sak"]["id"]
    h.oppgjoer(HVEM, 2024, alderspensjonFraFolketrygden=700_000)
    rom.bestill(HVEM, 2024)
    rom.gjoer()
    assert grunnlag(h, id_)[-1] == (SSG, 2024, "FUNNET", False)
    assert len(beregninger(h, id_)) == 1
    assert rom.oppgaver(id_) == []
    # A caseworker who calculates again gets the same.
    igjen = h.beregn(id_, 2026)
    assert igjen["resultatHash"] == svar["beregning"]["resultatHash"]


def test_et_rettet_oppgjoer_fra_foer_nyttaar_gjelder_for_bistand(h: Historie, rom: Arbeidsrom) -> None:
    svar = h.ny_sak(bistandssak(h.person(HVEM), 2026))
    id_ = svar["sak"]["id"]
    endring = {"beloep": {"alderspensjonFraFolketrygden": 700_000}, "dato": "2025-06-20"}
    h.kontroll("PUT", f"/personer/{HVEM}/oppgjoer/2024", endring)
    rom.bestill(HVEM, 2024)
    rom.gjoer()
    assert beregninger(h, id_)[-1] == (2026, False, True)
    assert [ett["slag"] for ett in rom.oppgaver(id_)] == [Oppgaveslag.NY_SKATT]


def test_en_ny_post_venter_paa_en_saksbehandler(h: Historie, rom: Arbeidsrom) -> None:
    svar = h.langtid(HVEM, 2025)
    h.oppgjoer(HVEM, 2025, annenInntekt=12_000)
    rom.bestill(HVEM, 2025)
    rom.gjoer()
    (oppgave,) = rom.oppgaver(svar["sak"]["id"])
    assert oppgave["slag"] == Oppgaveslag.MANGLER_AVKLARING
    assert setning(oppgave) == "Ny skatt for 2025: egenandelen for 2025 er ikke klar. 1 post må plasseres."


def test_ektefellens_nye_skatt_naar_beboerens_sak(h: Historie, rom: Arbeidsrom) -> None:
    husstand = [{"person": h.person("ektepar-hjemme"), "relasjon": "EKTEFELLE", "tenktEtterlattepensjon": 0}]
    svar = h.langtid(HVEM, 2025, husstand=husstand)
    h.vedtak(svar["sak"]["id"], svar["beregning"], "2025-01-01")
    h.oppgjoer("ektepar-hjemme", 2025, loennsinntekt=10_000)
    rom.bestill("ektepar-hjemme", 2025)
    h.ny_start()
    rom.gjoer()
    assert {ett.hvem for ett in h.oppslag()} == {"ektepar-hjemme"}
    (oppgave,) = rom.oppgaver(svar["sak"]["id"])
    assert setning(oppgave).startswith("Ny skatt for 2025 for en i husstanden: ")


def test_en_person_i_to_saker_og_to_kommuner(h: Historie, rom: Arbeidsrom) -> None:
    """Each kommune asks for itself, each service with its own package, and each case is told."""
    langtid = foer_oppgjoeret(h)["sak"]["id"]
    bistand = h.ny_sak(bistandssak(h.person(HVEM), 2026))["sak"]["id"]
    skogli = h.langtid(HVEM, 2025, kommune=SKOGLI, opphold=SKOGLITUNET)["sak"]["id"]
    h.oppgjoer(HVEM, 2025, alderspensjonFraFolketrygden=400_000)
    rom.bestill(HVEM, 2025)
    rom.bestill(HVEM, 2025, kommune=SKOGLI)
    h.ny_start()
    assert rom.gjoer() == Runde(gjort=2, sviktet=0)
    assert sorted(h.oppslag()) == sorted([Oppslag(BSA, HVEM, 2025), Oppslag(SSG, HVEM, 2025)] * 2)
    assert len(rom.oppgaver(langtid)) == len(rom.oppgaver(skogli, SKOGLI)) == 1
    assert rom.oppgaver(bistand) == [], "2025 er aldri siste oppgjør per 1. januar 2026"


def test_ny_maanedsinntekt_gir_oppgave_for_det_loepende_aaret(h: Historie, rom: Arbeidsrom) -> None:
    """October is corrected; what is left of the year is taken to be like it."""
    svar = h.langtid(HVEM, 2026)
    id_ = svar["sak"]["id"]
    (aapen,) = svar["beregning"]["aapne"]
    h.plasser(id_, 2026, {"noekkel": aapen["noekkel"], "som": "pensjonFraFolketrygden"})
    foer = h.beregn(id_, 2026)
    h.vedtak(id_, foer, "2026-01-01")
    linje = {"slag": "pensjonEllerTrygd", "beskrivelse": "alderspensjon", "beloep": 32_670}
    oppgave = {"betaler": aapen["utbetaler"], "rader": [linje], "forskuddstrekk": 5_934}
    h.kontroll("PUT", f"/personer/{HVEM}/inntekt/2026-10", {"oppgaver": [oppgave]})
    rom.bestill(HVEM, 2026, Liste.INNTEKT)
    h.ny_start()
    rom.gjoer()
    assert h.oppslag() == [Oppslag("inntekt", HVEM, 2026)]
    assert beregninger(h, id_)[-1] == (2026, True, True)
    (funnet,) = rom.oppgaver(id_)
    assert funnet["slag"] == Oppgaveslag.LOENN_ENDRET
    assert setning(funnet).startswith("Ny månedsinntekt i 2026: egenandel +")


def test_kommunen_uten_saken_er_uberoert(h: Historie, rom: Arbeidsrom) -> None:
    foer_oppgjoeret(h)
    h.oppgjoer(HVEM, 2025, alderspensjonFraFolketrygden=400_000)
    rom.bestill(HVEM, 2025)
    foer = len(h.register(kommune=SKOGLI))
    rom.gjoer()
    assert len(h.register(kommune=SKOGLI)) == foer
    assert h.register(kommune=FJORDVIK)


def test_den_som_blir_skjermet_gir_oppgave_og_aldri_null(h: Historie, rom: Arbeidsrom) -> None:
    """What is withheld is unknown: no amount is made of it, none is shown, and the decision stands."""
    svar = h.langtid(HVEM, 2025)
    id_ = svar["sak"]["id"]
    vedtak = h.vedtak(id_, svar["beregning"], "2025-01-01")
    befolkning = h.sandkasse.befolkning
    skjermet = dict.fromkeys((SSG, BSA), Skjerming.HELT)
    befolkning._lagre(replace(befolkning.person(HVEM), skjerming=skjermet), None)
    rom.bestill(HVEM, 2025)
    assert rom.gjoer() == Runde(gjort=1, sviktet=0)
    (oppgave,) = rom.oppgaver(id_)
    assert (oppgave["slag"], oppgave["aar"]) == (Oppgaveslag.SKJERMET, 2025)
    assert "Inntekten er ukjent, ikke null." in setning(oppgave)
    assert oppgave["innhold"]["maaneder"] == []
    assert oppgave["innhold"]["etteroppgjoer"] is None
    for ny in oppgave["innhold"]["beregninger"]:
        beregning = h.les(f"{SAKER}/{id_}/beregninger/{ny}")
        assert (beregning["tilstand"], beregning["egenandelAar"]) == ("UFULLSTENDIG", None)
        assert not beregning["resultat"]
    nye = [rad for rad in h.les(f"{SAKER}/{id_}/grunnlag") if rad["utfall"] == "SKJERMET"]
    assert SSG in {rad["api"] for rad in nye}
    assert h.les(f"{SAKER}/{id_}/vedtak/{vedtak['id']}")["erstattetAv"] is None


def test_innsyn_viser_meldingen_oppslaget_oppgaven_og_at_svaret_er_trukket(
    h: Historie, rom: Arbeidsrom
) -> None:
    svar = h.langtid(HVEM, 2025)
    rom.les_listen()
    h.kontroll("DELETE", f"/personer/{HVEM}/oppgjoer/2025")
    assert rom.les_listen().nye >= 1  # Other stories may follow the same person.
    rom.gjoer()

    async def be_om(lager: Lager) -> str:
        aktoer, naa = Driftsaktoer("proeve"), h.fortelling.tid.naa()
        return som_tekst((await innsyn(lager, h.ident(HVEM), aktoer=aktoer, naa=naa)).dokument)

    tekst = h.fortelling.bak(be_om)
    for linje in (
        "Trukket tilbake av Skatteetaten ",
        ", ikke avgjort:",
        "Skatteetaten har slettet skatteoppgjøret for 2025.",
        ": skatteoppgjør for 2025, melding ",
        "skatteoppgjør for 2025: hentet, ",
        "En melding fra Skatteetaten ble fulgt opp",
    ):
        assert linje in tekst, linje
    assert svar["sak"]["id"] in tekst
