"""A month of a-ordningen that is not complete yet is waited for, whatever is done about the year meanwhile.

Skatteetaten, API for inntekt: a month is complete from about the 10th of the next. By itself because time passes.
"""

from datetime import datetime

from app.db.lager.arbeid import Arbeidstilstand, Liste
from app.events.arbeider import Runde
from app.klokke import OSLO
from app.services.oppgaver import Oppgaveslag
from tests.events.arbeidsverden import Arbeidsrom, setning
from tests.saker.historie import Historie, Oppslag

HVEM = "enslig-pensjonist"
DEN_TIENDE = datetime(2026, 12, 10, tzinfo=OSLO)


def test_november_ventes_paa_selv_om_oktober_rettes_foer(h: Historie) -> None:
    rom = Arbeidsrom(h)
    svar = h.langtid(HVEM, 2026)
    id_ = svar["sak"]["id"]
    (aapen,) = svar["beregning"]["aapne"]
    h.plasser(id_, 2026, {"noekkel": aapen["noekkel"], "som": "pensjonFraFolketrygden"})
    foer = h.beregn(id_, 2026)
    h.vedtak(id_, foer, "2026-01-01")
    rom.les_listen(Liste.INNTEKT)
    rom.gjoer()

    def inntekt(maaned: str, beloep: int) -> None:
        linje = {"slag": "pensjonEllerTrygd", "beskrivelse": "alderspensjon", "beloep": beloep}
        oppgave = {"betaler": aapen["utbetaler"], "rader": [linje], "forskuddstrekk": 5_000}
        h.kontroll("PUT", f"/personer/{HVEM}/inntekt/{maaned}", {"oppgaver": [oppgave]})
        rom.les_listen(Liste.INNTEKT)

    # November is reported before it is over, and is not to be decided on.
    inntekt("2026-11", 40_000)
    assert rom.arbeidet(HVEM, 2026, liste=Liste.INNTEKT).neste_forsoek == DEN_TIENDE
    assert rom.gjoer() == Runde(gjort=0, sviktet=0)

    # October is corrected, and that is done at once; November is left out, and still waits.
    inntekt("2026-10", 32_670)
    assert rom.gjoer() == Runde(gjort=1, sviktet=0)
    i_november = h.les(f"/api/v1/saker/{id_}/beregninger?antall=200")["elementer"][-1]
    arbeid = rom.arbeidet(HVEM, 2026, liste=Liste.INNTEKT)
    assert (arbeid.tilstand, arbeid.neste_forsoek) == (Arbeidstilstand.VENTER, DEN_TIENDE)
    assert arbeid.staar_igjen
    assert rom.gjoer() == Runde(gjort=0, sviktet=0)

    # On the 10th the answer is the same, and a month more of it may be used.
    h.fortelling.tid.hopp((DEN_TIENDE - h.fortelling.tid.naa()).total_seconds() + 60)
    h.ny_start()
    assert rom.gjoer() == Runde(gjort=1, sviktet=0)
    assert h.oppslag() == [Oppslag("inntekt", HVEM, 2026)]
    i_desember = h.les(f"/api/v1/saker/{id_}/beregninger?antall=200")["elementer"][-1]
    assert i_desember["egenandelAar"] > i_november["egenandelAar"] > foer["egenandelAar"]
    (oppgave,) = rom.oppgaver(id_)
    assert oppgave["slag"] == Oppgaveslag.LOENN_ENDRET
    assert setning(oppgave).startswith("Ny månedsinntekt i 2026: egenandel +")
    assert rom.arbeidet(HVEM, 2026, liste=Liste.INNTEKT).tilstand is Arbeidstilstand.FERDIG
    assert rom.gjoer() == Runde(gjort=0, sviktet=0)

    # The same once more is silence.
    antall = len(h.les(f"/api/v1/saker/{id_}/beregninger?antall=200")["elementer"])
    rom.bestill(HVEM, 2026, Liste.INNTEKT)
    assert rom.gjoer() == Runde(gjort=1, sviktet=0)
    assert len(h.les(f"/api/v1/saker/{id_}/beregninger?antall=200")["elementer"]) == antall
    assert rom.arbeidet(HVEM, 2026, liste=Liste.INNTEKT).tilstand is Arbeidstilstand.FERDIG
