"""80 persons get new figures at once, and 8 of them can never be looked up: everybody else is followed.

Run as ``python -m bench.oppfoelging_bevis [--krev]``. The whole way on both databases: the list, the work, the tasks;
then what had stopped is ordered again.
"""

from time import perf_counter

from app.db.lager.arbeid import Arbeidstilstand
from app.services.oppfoelging.forsoek import FORSOEK_SOM_TRENGER_NOEN
from bench.maaling import Resultat, krev_er_bedt_om, skriv
from tests.baser import MOTORER, ny_database
from tests.events.arbeidsverden import Arbeidsrom
from tests.saker.historie import SAKER, Historie, fortelling

PERSONER = 80
HVER_SYKE = 10


def _fulgte(h: Historie, saker: dict[str, str]) -> set[str]:
    return {
        en
        for en, id_ in saker.items()
        if any(b["automatisk"] for b in h.les(f"{SAKER}/{id_}/beregninger")["elementer"])
    }


def _bevis(motor: str) -> tuple[Resultat, ...]:
    with fortelling(ny_database(motor), PERSONER) as fortalt:
        h = Historie(fortalt)
        rom = Arbeidsrom(h)
        rom.les_listen()
        alle = [f"flokk-{nr:06d}" for nr in range(PERSONER)]
        syke = set(alle[::HVER_SYKE])
        saker = {en: h.langtid(en, 2025)["sak"]["id"] for en in alle}
        for en in alle:
            h.oppgjoer(en, 2025, renteinntekt=60_000)
        fortalt.forgiftet.update(h.ident(en) for en in syke)
        start = perf_counter()
        rom.les_listen()
        rom.gjoer()
        sekunder = perf_counter() - start
        for _ in range(FORSOEK_SOM_TRENGER_NOEN):
            fortalt.tid.hopp(3600)
            rom.gjoer()
        fulgte = _fulgte(h, saker)
        doede = {en for en in alle if rom.arbeidet(en, 2025).tilstand is Arbeidstilstand.DOED}
        fortalt.forgiftet.clear()
        h.post("/api/v1/arbeid/gjenta", {}, 200)
        rom.gjoer()
        etter = _fulgte(h, saker)
    friske = PERSONER - len(syke)
    return (
        Resultat(f"{motor}: fulgt mens andre sviktet", len(fulgte - syke), "personer", friske, friske),
        Resultat(f"{motor}: satt til side", len(doede & syke), "personer", len(syke), len(syke)),
        Resultat(f"{motor}: satt til side uten grunn", len(doede - syke), "personer", hoeyst=0),
        Resultat(f"{motor}: fulgt etter gjentak", len(etter), "personer", PERSONER, PERSONER),
        Resultat(f"{motor}: lesing og første runde", sekunder, "s"),
    )


def main() -> None:
    """Do it on both databases and print the account."""
    krev = krev_er_bedt_om("Beviser at personer som aldri kan slås opp, ikke stopper noen andre.")
    skriv([resultat for motor in MOTORER for resultat in _bevis(motor)], krev)


if __name__ == "__main__":
    main()
