"""The day register: what each day is, and that the calculator charges exactly those days."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from app.calc import langtidsopphold
from app.calc.kontrakt.json_tekst import skriv_json
from app.calc.kontrakt.langtidsopphold import LANGTID_INN, LangtidInn, Valg
from app.calc.regler.par_6 import Grunnlag
from app.services.sak.doegnregister import (
    Doegnregister,
    Nyttaar,
    doegnregister,
    doegntelling,
    registervarsler,
)
from app.services.sak.varsler import Sakvarsel
from tests.services.sak.saker import LAGRET_LANGTID, lagret, les
from tests.services.sak.tilfeldige_saker import tilfeller

I_DAG = date(2026, 2, 20)


def register(
    *opphold: dict[str, Any],
    aar: int = 2026,
    i_dag: date = I_DAG,
    sykehus: list[dict[str, Any]] | None = None,
    sykehusdoegn_betales: bool = True,
    valg: Valg | None = None,
) -> Doegnregister:
    innhold = lagret({**LAGRET_LANGTID, "opphold": list(opphold), "sykehusopphold": sykehus or []})
    return doegnregister(innhold, aar, valg or Valg(), i_dag, sykehusdoegn_betales=sykehusdoegn_betales)


def varslene(opphold: dict[str, Any], i_dag: date = I_DAG) -> list[Sakvarsel]:
    telling = doegntelling(lagret({**LAGRET_LANGTID, "opphold": [opphold]}), 2026, Valg(), i_dag)
    return list(registervarsler(telling, i_dag))


def korttid(fra: str, til: str | None = None, art: str = "KORTTID_DOEGN") -> dict[str, Any]:
    return {"art": art, "fra": fra, **({"til": til} if til else {})}


# (case with source, stays, the 60th day, first day under § 3, days left on 20 February 2026)
GRENSEN: list[tuple[str, list[dict[str, Any]], str | None, str | None, int | None]] = [
    ("§ 6 tredje ledd: 1.2. + 60 døgn er 1.4.2026", [korttid("2026-02-01")], "2026-04-01", "2026-04-02", 40),
    (
        "skuddår teller 29. februar: samme opphold i 2024",
        [korttid("2024-02-01")],
        "2024-03-31",
        "2024-04-01",
        0,
    ),
    (
        "et planlagt opphold på nøyaktig 60 døgn",
        [korttid("2026-02-01", "2026-04-01")],
        "2026-04-01",
        None,
        40,
    ),
    ("59 døgn når ikke grensen", [korttid("2026-02-01", "2026-03-31")], None, None, None),
    (
        "flere opphold legges sammen",
        [korttid("2026-01-01", "2026-01-31"), korttid("2026-06-01")],
        "2026-06-29",
        "2026-06-30",
        29,
    ),
    (
        "avlastning teller, men betales aldri (§ 1 andre ledd)",
        [korttid("2026-01-01", "2026-03-31", "AVLASTNING"), korttid("2026-06-01", "2026-06-02")],
        "2026-03-01",
        "2026-06-01",
        9,
    ),
    ("langtid som allerede betales", [korttid("2025-06-01", None, "LANGTID")], "2026-03-01", None, 9),
    (
        "langtidsvedtak etter 60 døgn: ingen ny fri måned",
        [korttid("2026-01-01", "2026-03-01"), korttid("2026-09-01", None, "LANGTID")],
        "2026-03-01",
        "2026-09-01",
        9,
    ),
    (
        "beholder § 3 fra i fjor, og når grensen med et nytt opphold",
        [korttid("2025-10-01", "2026-01-20"), korttid("2026-02-01", "2026-12-31")],
        "2026-03-12",
        "2026-03-13",
        20,
    ),
    ("uten opphold", [], None, None, None),
]


@pytest.mark.parametrize(
    ("opphold", "naas", "paragraf_3", "igjen"), [rad[1:] for rad in GRENSEN], ids=[rad[0] for rad in GRENSEN]
)
def test_naar_de_60_naas(
    opphold: list[dict[str, Any]], naas: str | None, paragraf_3: str | None, igjen: int | None
) -> None:
    svar = register(*opphold, aar=int((naas or "2026")[:4]))
    assert (svar.grensen_naas and svar.grensen_naas.isoformat()) == naas
    assert (svar.paragraf3_fra and svar.paragraf3_fra.isoformat()) == paragraf_3
    assert svar.doegn_igjen == igjen


def test_avlastning_teller_ikke_naar_kommunen_har_valgt_det() -> None:
    opphold = (korttid("2026-01-01", "2026-01-31", "AVLASTNING"), korttid("2026-02-01"))
    med, uten = register(*opphold), register(*opphold, valg=Valg(avlastning_teller_mot60_doegn=False))
    assert (med.grensen_naas, uten.grensen_naas) == (date(2026, 3, 1), date(2026, 4, 1))
    assert [d.antall for d in uten.doegn[:32]] == [0] * 31 + [1]
    assert not any(d.teller for d in uten.doegn[:31])


def test_sykehusdoegn_er_merket_og_teller_betalt_eller_ikke() -> None:
    """Practice of Alta and Gran: days in hospital count."""
    sykehus = [{"fra": "2026-02-10", "til": "2026-02-19"}]
    betalt = register(korttid("2026-02-01"), sykehus=sykehus)
    ubetalt = register(korttid("2026-02-01"), sykehus=sykehus, sykehusdoegn_betales=False)
    assert betalt.grensen_naas == ubetalt.grensen_naas == date(2026, 4, 1)
    assert [d.antall for d in betalt.doegn] == [d.antall for d in ubetalt.doegn]
    assert [d.dato.day for d in betalt.doegn if d.sykehus] == list(range(10, 20))
    assert [d.dato for d in ubetalt.doegn if not d.betales] == [d.dato for d in betalt.doegn if d.sykehus]
    assert (betalt.maaneder[0].paragraf4, betalt.maaneder[0].sykehus) == (28, 10)
    assert (ubetalt.maaneder[0].paragraf4, ubetalt.maaneder[0].fravaer, ubetalt.maaneder[0].teller) == (
        18,
        10,
        28,
    )


FRA_OKTOBER = korttid("2025-10-01")

# (case with source, stays, choices, hospital, what happened at New Year)
NYTTAAR: list[tuple[str, list[dict[str, Any]], Valg, list[dict[str, Any]], Nyttaar]] = [
    ("ingen i fjor", [korttid("2026-01-01")], Valg(), [], Nyttaar.INGEN_OPPHOLD),
    (
        "avsluttet før jul",
        [korttid("2025-10-01", "2025-12-20"), korttid("2026-01-01")],
        Valg(),
        [],
        Nyttaar.INGEN_OPPHOLD,
    ),
    ("åpent vedtak beholder § 3 (Gran, Alta)", [FRA_OKTOBER], Valg(), [], Nyttaar.BEHOLDER_PARAGRAF_3),
    (
        "også på sykehus nyttårsdag",
        [FRA_OKTOBER],
        Valg(),
        [{"fra": "2025-12-30", "til": "2026-01-02"}],
        Nyttaar.BEHOLDER_PARAGRAF_3,
    ),
    (
        "kommunen lar hvert år begynne på nytt",
        [FRA_OKTOBER],
        Valg(paragraf3_over_nyttaar=False),
        [],
        Nyttaar.TELLES_PAA_NYTT,
    ),
    (
        "60 døgn i fjor, men § 3 er ikke tatt i bruk",
        [korttid("2025-11-02")],
        Valg(),
        [],
        Nyttaar.TELLES_PAA_NYTT,
    ),
    (
        "langtid som betales, telles på nytt uten virkning",
        [korttid("2025-06-01", None, "LANGTID")],
        Valg(),
        [],
        Nyttaar.TELLES_PAA_NYTT,
    ),
]


@pytest.mark.parametrize(
    ("opphold", "valg", "sykehus", "ventet"), [rad[1:] for rad in NYTTAAR], ids=[rad[0] for rad in NYTTAAR]
)
def test_ved_nyttaar(
    opphold: list[dict[str, Any]], valg: Valg, sykehus: list[dict[str, Any]], ventet: Nyttaar
) -> None:
    svar = register(*opphold, valg=valg, sykehus=sykehus, sykehusdoegn_betales=False)
    assert svar.nyttaar is ventet
    assert svar.doegn[0].antall == 1


# (today, the sentence, gravity)
VARSLET = [
    ("2026-01-15", "60 døgn nås 1. april; fra 2. april betales etter § 3. Det er 60 døgn igjen.", "INFO"),
    ("2026-03-17", "Det er 15 døgn igjen.", "INFO"),
    ("2026-03-18", "Det er 14 døgn igjen.", "OBS"),
    ("2026-03-31", "Det er 1 døgn igjen.", "OBS"),
    ("2026-04-01", "Det er 0 døgn igjen.", "OBS"),
    ("2026-04-02", None, None),
]


@pytest.mark.parametrize(("i_dag", "tekst", "alvor"), VARSLET, ids=[rad[0] for rad in VARSLET])
def test_varselet_kommer_foer_grensen(i_dag: str, tekst: str | None, alvor: str | None) -> None:
    dag = date.fromisoformat(i_dag)
    varsler = varslene(korttid("2026-02-01"), dag)
    assert [str(v.alvor) for v in varsler] == ([] if alvor is None else [alvor])
    assert all(tekst is not None and tekst in v.tekst for v in varsler)


@pytest.mark.parametrize(
    "opphold", [korttid("2026-02-01", "2026-04-01"), korttid("2025-06-01", None, "LANGTID")]
)
def test_uten_paragraf_3_i_vente_er_det_ikke_noe_aa_varsle(opphold: dict[str, Any]) -> None:
    assert varslene(opphold) == []


def test_besoek_er_ikke_doegn() -> None:
    svar = register({"art": "DAG", "fra": "2026-02-01", "antall": 8}, korttid("2026-03-01", "2026-03-02"))
    assert [(m.maaned, m.doegn, m.besoek) for m in svar.maaneder] == [("2026-02", 0, 8), ("2026-03", 2, 0)]


def test_registeret_og_kalkulatoren_er_enige_om_hvert_doegn() -> None:
    """On random stays, with hospital days charged and not: days and months by paragraph, and the visits."""
    for navn, inn, innhold in tilfeller():
        lest: LangtidInn = les(inn, LANGTID_INN)
        uten_besoek = {**inn, "opphold": [o for o in inn["opphold"] if "antall" not in o]}
        svar = doegnregister(innhold, inn["aar"], lest.valg, date(inn["aar"], 6, 1))
        ut = langtidsopphold.beregn(les(uten_besoek, LANGTID_INN))
        per_dag = {
            periode.fra + timedelta(nr): periode.grunnlag
            for periode in ut.perioder
            for nr in range((periode.til - periode.fra).days + 1)
        }
        assert {d.dato: d.grunnlag for d in svar.doegn} == per_dag, navn
        maaneder = {m.maaned: (m.doegn, m.besoek) for m in langtidsopphold.beregn(lest).maaneder}
        register_ = {m.maaned: (m.paragraf3 + m.paragraf4, m.besoek) for m in svar.maaneder}
        assert {m: tall for m, tall in register_.items() if any(tall)} == maaneder, navn


def test_tellingen_er_den_samme_talt_en_og_en_dag() -> None:
    """The running count, counted here from the stays alone."""
    for navn, inn, innhold in tilfeller():
        valg = les(inn, LANGTID_INN).valg
        i_dag = date(inn["aar"], 6, 1)
        svar = doegnregister(innhold, inn["aar"], valg, i_dag, sykehusdoegn_betales=False)
        doegn = sorted(
            (o for o in innhold.opphold if not o.art.er_besoek), key=lambda o: (o.fra, o.til or date.max)
        )
        antall, talt = 0, {}
        for nr in range((date(inn["aar"], 12, 31) - date(inn["aar"], 1, 1)).days + 1):
            dag = date(inn["aar"], 1, 1) + timedelta(nr)
            her = [o for o in doegn if o.fra <= dag <= (o.til or date.max)]
            if her:
                antall += her[-1].art != "AVLASTNING" or valg.avlastning_teller_mot60_doegn
                talt[dag] = antall
        assert {d.dato: d.antall for d in svar.doegn} == talt, navn
        assert svar.antall_i_aaret == antall
        assert svar.antall_til_i_dag == max((hvor for dag, hvor in talt.items() if dag <= i_dag), default=0)
        assert svar.grensen_naas == next((dag for dag, hvor in talt.items() if hvor == 60), None)
        telling = doegntelling(innhold, inn["aar"], valg, i_dag, sykehusdoegn_betales=False)
        assert telling.etter_paragraf_3 == any(d.grunnlag is Grunnlag.PARAGRAF_3 for d in svar.doegn), navn


def test_maanedene_er_summen_av_doegnene() -> None:
    for navn, inn, innhold in tilfeller():
        svar = doegnregister(innhold, inn["aar"], Valg(), date(inn["aar"], 6, 1), sykehusdoegn_betales=False)
        per_maaned = Counter(f"{d.dato:%Y-%m}" for d in svar.doegn)
        assert {m.maaned: m.doegn for m in svar.maaneder if m.doegn} == per_maaned, navn
        for m in svar.maaneder:
            assert m.doegn == m.paragraf3 + m.paragraf4 + m.fri_maaned + m.gratis + m.fravaer
            assert m.teller <= m.doegn
            assert m.fravaer <= m.sykehus + sum(len(o.fravaer) for o in innhold.opphold) * 31


def test_registeret_kan_skrives() -> None:
    assert '"grensenNaas":"2026-04-01"' in skriv_json(register(korttid("2026-02-01")))
