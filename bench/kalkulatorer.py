"""An explained year of long stay: ours against OpenFisca's, both in this one run."""

import json
from typing import Final

from app.api.eksempler import EKSEMPLER
from app.calc.kalkulator import Art, kalkuler
from app.calc.kontrakt.json_tekst import les_json
from app.calc.kontrakt.langtidsopphold import LANGTID_INN, LangtidInn
from app.calc.langtidsopphold import beregn
from bench import openfisca_par_3 as openfisca
from bench.maaling import Kandidat, Resultat, krev_er_bedt_om, maal, skriv

RUNDER: Final = 41
GANGER: Final = 20

MINST_GANGER_RASKERE: Final = 10
MINST_AAR_PER_SEKUND: Final = 5_000

_BEREGN: Final = "beregn"
_JSON: Final = "JSON til JSON"
_OF_MED_SPOR: Final = "OpenFisca med spor"
_OF_UTEN_SPOR: Final = "OpenFisca uten spor"
_OF_BYGGING: Final = "OpenFisca med spor, byggingen medregnet"
_OF_JSON: Final = "OpenFisca, JSON til JSON med spor"


def _kandidater() -> tuple[Kandidat, ...]:
    vaar_tekst = json.dumps(EKSEMPLER[Art.LANGTIDSOPPHOLD]["enslig"].inn)
    sak, aar = openfisca.EKSEMPEL.til_openfisca(), openfisca.EKSEMPEL.aar
    deres_tekst = json.dumps(sak)
    inn = LANGTID_INN.les(les_json(vaar_tekst), "", [])
    assert isinstance(inn, LangtidInn)
    return (
        Kandidat(_BEREGN, lambda _: beregn(inn)),
        Kandidat(_JSON, lambda _: kalkuler(Art.LANGTIDSOPPHOLD, vaar_tekst)),
        Kandidat(
            _OF_MED_SPOR,
            lambda ny: openfisca.beregn(ny, aar),
            lambda: openfisca.simulering(sak, spor=True),
        ),
        Kandidat(
            _OF_UTEN_SPOR,
            lambda ny: openfisca.beregn(ny, aar),
            lambda: openfisca.simulering(sak, spor=False),
        ),
        Kandidat(_OF_BYGGING, lambda _: openfisca.beregn(openfisca.simulering(sak, spor=True), aar)),
        Kandidat(_OF_JSON, lambda _: openfisca.json_til_json(deres_tekst, aar)),
    )


def _resultater(tid: dict[str, float]) -> tuple[Resultat, ...]:
    return (
        *(Resultat(f"{navn}, median", sekunder * 1e6, "µs") for navn, sekunder in tid.items()),
        Resultat(
            "beregn mot OpenFisca med spor (simuleringen bygget på forhånd)",
            tid[_OF_MED_SPOR] / tid[_BEREGN],
            "ganger raskere",
            minst=MINST_GANGER_RASKERE,
        ),
        Resultat(
            "JSON til JSON mot OpenFisca JSON til JSON med spor",
            tid[_OF_JSON] / tid[_JSON],
            "ganger raskere",
            minst=MINST_GANGER_RASKERE,
        ),
        Resultat(
            "beregn mot OpenFisca med spor, byggingen medregnet",
            tid[_OF_BYGGING] / tid[_BEREGN],
            "ganger raskere",
        ),
        Resultat(
            "beregn (med forklaring) mot OpenFisca uten spor",
            tid[_OF_UTEN_SPOR] / tid[_BEREGN],
            "ganger raskere",
        ),
        Resultat(
            "forklarte år på én kjerne, beregn", 1 / tid[_BEREGN], "per sekund", minst=MINST_AAR_PER_SEKUND
        ),
        Resultat(
            "forklarte år på én kjerne, JSON til JSON",
            1 / tid[_JSON],
            "per sekund",
            minst=MINST_AAR_PER_SEKUND,
        ),
    )


def main() -> None:
    """Check that the two agree, measure, and print."""
    krev = krev_er_bedt_om("Måler et forklart år mot OpenFisca.")
    print(f"{openfisca.kontroller()} saker gir samme svar i OpenFisca og hos oss.")
    skriv(_resultater(maal(_kandidater(), RUNDER, GANGER)), krev)


if __name__ == "__main__":
    main()
