"""A mass run over thousands of cases is killed 25 times dry and 25 times for real; every case is stored once.

Run as ``python -m bench.massedrap_bevis [--krev]``, on both databases. A run that notes its place in a transaction of
its own goes through the same, and must be found out.
"""

from bench.maaling import Resultat, krev_er_bedt_om, skriv
from tests.baser import MOTORER
from tests.saker.massedrap import Oppgave, proev

HEL = Oppgave(saker=4_000, portion=50)
MED_PROSESSER = Oppgave(saker=2_000, portion=200, prosesser=2)
KONTROLL = Oppgave(saker=1_000, portion=20)
DRAP, DRAP_MED_PROSESSER = 25, 4


def _bevis(motor: str, hva: str, oppgave: Oppgave, drap: int) -> list[Resultat]:
    utfall = proev(motor, oppgave, drap)
    for avvik in utfall.avvik:
        print(f"{motor}, {hva}: {avvik}")
    return [
        Resultat(f"{motor}, {hva}: ganger drept", utfall.drap, "drap", minst=drap),
        Resultat(f"{motor}, {hva}: av dem midt i kjøringen", utfall.midt_i, "drap", minst=1),
        Resultat(
            f"{motor}, {hva}: saker kjørt",
            utfall.kjoert,
            "saker",
            minst=utfall.ventet,
            hoeyst=utfall.ventet,
        ),
        Resultat(f"{motor}, {hva}: to ganger, tapt eller løst", len(utfall.avvik), "avvik", hoeyst=0),
        Resultat(f"{motor}, {hva}: tid", utfall.sekunder, "s"),
    ]


def main() -> None:
    """Do it on both databases and print the account."""
    krev = krev_er_bedt_om("Beviser at en massekjøring lagrer hver sak én gang, også når prosessen drepes.")
    resultater: list[Resultat] = []
    for motor in MOTORER:
        resultater += _bevis(motor, "én prosess", HEL, DRAP)
        resultater += _bevis(motor, "to som regner", MED_PROSESSER, DRAP_MED_PROSESSER)
    gal = proev("sqlite", KONTROLL, DRAP, gal=True)
    tapt = gal.ventet - gal.kjoert
    resultater.append(Resultat("kontroll som flytter stedet først: tapt", tapt, "saker", minst=1))
    skriv(resultater, krev)


if __name__ == "__main__":
    main()
