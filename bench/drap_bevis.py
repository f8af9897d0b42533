"""The service is killed 25 times while 1 000 requests are stored; afterwards each is whole or absent.

The same with a service that is told to end: it answers what it has begun. Run as
``python -m bench.drap_bevis [--krev]``. A service that keeps its keys in a transaction of their own runs through the
same on each database, and so does one that ends at once when it is told to; both must be found out.
"""

import signal

from bench.maaling import Resultat, krev_er_bedt_om, skriv
from tests.baser import MOTORER
from tests.saker import gal_tjener, treg_tjener
from tests.saker.drap import KLIENTER, PER_SAK, Regnskap, bevis
from tests.saker.prosesser import sandkasse

FORESPOERSLER = 1_000
DRAP = 25
DRAP_KONTROLL = 10
PERSONER = FORESPOERSLER // PER_SAK


def _resultater(motor: str, regnskap: Regnskap, signal_: signal.Signals) -> tuple[Resultat, ...]:
    motor = f"{motor}, {signal_.name}"
    # Killed, it may have done what nobody was told of; told to end, it may not.
    uten_svar = None if signal_ is signal.SIGKILL else 0
    return (
        Resultat(
            f"{motor}: forespørsler lagret", regnskap.forespoersler, "stk", FORESPOERSLER, FORESPOERSLER
        ),
        Resultat(f"{motor}: ganger stanset", regnskap.drap, "ganger", minst=DRAP),
        Resultat(f"{motor}: forespørsler avbrutt", regnskap.avbrutt, "stk", minst=DRAP),
        Resultat(
            f"{motor}: av dem utført uten at noen fikk svar", regnskap.avbrutt_hele, "stk", hoeyst=uten_svar
        ),
        Resultat(f"{motor}: sagt utført, men tapt eller endret", regnskap.tapt, "stk", hoeyst=0),
        Resultat(f"{motor}: doble, halve eller løse rader", len(regnskap.avvik), "rader", hoeyst=0),
        Resultat(f"{motor}: besvart ulikt andre gang", regnskap.ulike, "stk", hoeyst=0),
        Resultat(f"{motor}: avvist", regnskap.avvist, "stk", hoeyst=0),
        Resultat(f"{motor}: sluttet ikke av signalet", regnskap.annen_slutt, "ganger", hoeyst=0),
        Resultat(f"{motor}: feil i databasen eller registeret", regnskap.uhel is not None, "feil", hoeyst=0),
        Resultat(f"{motor}: tid", regnskap.sekunder, "s"),
    )


def main() -> None:
    """Do it on both databases and print the account."""
    krev = krev_er_bedt_om("Beviser at ingenting blir halvt eller dobbelt når tjenesten drepes.")
    print(f"{FORESPOERSLER} forespørsler fra {KLIENTER} klienter; tjenesten stanses underveis.")
    resultater: list[Resultat] = []
    with sandkasse(PERSONER) as verden:
        for motor in MOTORER:
            for signal_ in (signal.SIGKILL, signal.SIGTERM):
                regnskap = bevis(verden, motor, PERSONER, DRAP, signal_=signal_)
                resultater += _resultater(motor, regnskap, signal_)
            gal = bevis(verden, motor, PERSONER, DRAP_KONTROLL, kode=gal_tjener.kode())
            resultater.append(
                Resultat(
                    f"{motor}: kontroll, nøkkelen lagret for seg: avvik funnet", gal.galt, "avvik", minst=1
                )
            )
            braa = treg_tjener.kode(braa=True)
            gal = bevis(verden, motor, PERSONER, DRAP_KONTROLL, kode=braa, signal_=signal.SIGTERM)
            resultater.append(
                Resultat(
                    f"{motor}: kontroll, slutter brått: utført uten at noen fikk svar",
                    gal.avbrutt_hele,
                    "stk",
                    minst=1,
                )
            )
    skriv(resultater, krev)


if __name__ == "__main__":
    main()
