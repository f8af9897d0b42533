"""10 000 look-ups at once over 20 kommuner, a fifth of all calls disturbed by every kind of fault.

Run as ``python -m bench.oppslag_bevis [--krev]``. Everything is in memory and time is virtual; the limit of
five is measured at the server, which counts also the call it refuses.
"""

from app.skatt_client import MAX_IN_FLIGHT
from bench.maaling import Resultat, krev_er_bedt_om, skriv
from tests.integrasjon.belastning import Regnskap, bevis

OPPSLAG = 10_000
KOMMUNER = 20
ANDEL_FEIL = 0.2


def _resultater(regnskap: Regnskap) -> tuple[Resultat, ...]:
    prosent = regnskap.andel_forstyrret * 100
    return (
        Resultat("Kall til Skatteetaten og Maskinporten med feil på", regnskap.forespoersler, "kall"),
        Resultat("Av dem forstyrret", prosent, "prosent", minst=18, hoeyst=22),
        Resultat("Slag feil som skjedde", len(regnskap.arter), "slag", minst=50),
        Resultat("Rette tall i første runde", regnskap.rett_i_foerste_runde, "oppslag"),
        Resultat("Rette tall til slutt", regnskap.rett, "oppslag", minst=regnskap.oppslag),
        Resultat("Gale tall", regnskap.gale, "oppslag", hoeyst=0),
        Resultat("Uten tall og uten grunn", regnskap.tapt, "oppslag", hoeyst=0),
        Resultat("Uten tall til slutt", regnskap.uten_svar_til_slutt, "oppslag", hoeyst=0),
        Resultat("Mest i luften per API og kommune", regnskap.mest_i_luften, "kall", hoeyst=MAX_IN_FLIGHT),
        Resultat("Kall over taket", regnskap.over_taket, "kall", hoeyst=0),
        Resultat("Tokennøkler", len(regnskap.tokenkall), "nøkler"),
        Resultat(
            "Mest tokenkall for én nøkkel",
            regnskap.mest_tokenkall,
            "kall",
            hoeyst=regnskap.tillatte_tokenkall,
        ),
        Resultat("Virtuell tid", regnskap.virtuelle_sekunder, "s"),
        Resultat("Virkelig tid", regnskap.sekunder, "s"),
    )


def main() -> None:
    """Do it and print the account."""
    krev = krev_er_bedt_om("Beviser at ingen tall blir gale eller borte når Skatteetaten feiler.")
    regnskap = bevis(OPPSLAG, KOMMUNER, andel=ANDEL_FEIL)
    print(f"{OPPSLAG} oppslag samtidig over {KOMMUNER} kommuner. Grunner som ble oppgitt underveis:")
    for grunn, antall in regnskap.grunner.most_common():
        print(f"  {grunn.value:22}{antall:6}")
    skriv(_resultater(regnskap), krev)


if __name__ == "__main__":
    main()
