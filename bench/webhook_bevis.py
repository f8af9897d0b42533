"""10 000 webhooks to a receiver that fails three times in ten, from a sender that is killed ten times.

Run as ``python -m bench.webhook_bevis [--krev]``. Real processes on both databases. Every webhook must be acknowledged,
under one id with one content however often it came, with a signature the vendors' library takes. Beside it a sender
that notes a delivery before it makes it, which must be found out.
"""

import asyncio

from bench.maaling import Resultat, krev_er_bedt_om, skriv
from tests.baser import MOTORER, ny_database
from tests.events.webhookdrap import spill

ANTALL, DRAP = 10_000, 10
KONTROLL = 1_000


def _bevis(motor: str) -> list[Resultat]:
    utfall = asyncio.run(spill(ny_database(motor), ANTALL, DRAP))
    r = utfall.regnskap
    feilet = ", ".join(f"{antall} {hva}" for hva, antall in sorted(r.feilet.items()))
    print(f"{motor}: mottakeren feilet slik: {feilet}")
    ulike = sum(len(innhold) != 1 for innhold in r.innhold.values())
    return [
        Resultat(f"{motor}: kvittert", len(r.kvittert & utfall.ventet), "webhooker", minst=ANTALL),
        Resultat(f"{motor}: tapt", len(utfall.tapt), "webhooker", hoeyst=0),
        Resultat(
            f"{motor}: id-er mottakeren ikke skulle hatt",
            len(r.tatt.keys() - utfall.ventet),
            "id-er",
            hoeyst=0,
        ),
        Resultat(f"{motor}: id-er med ulikt innhold", ulike, "id-er", hoeyst=0),
        Resultat(f"{motor}: signaturer som ikke holder", r.uekte, "signaturer", hoeyst=0),
        Resultat(f"{motor}: ganger senderen ble drept", utfall.drept, "drap", minst=DRAP),
        Resultat(f"{motor}: kom mer enn én gang", utfall.gjentatt, "webhooker"),
        Resultat(f"{motor}: forsøk som feilet", sum(r.feilet.values()), "forsøk", minst=ANTALL * 0.3),
        Resultat(f"{motor}: tid", utfall.sekunder, "s"),
    ]


def main() -> None:
    """Run it on both databases, and the control."""
    krev = krev_er_bedt_om("Beviser at hver webhook kommer fram, under samme id, også når senderen drepes.")
    resultater = [res for motor in MOTORER for res in _bevis(motor)]
    kontroll = asyncio.run(spill(ny_database("sqlite"), KONTROLL, DRAP, galt=True))
    resultater.append(
        Resultat("kontroll som kvitterer før den sender: tapt", len(kontroll.tapt), "webhooker", minst=1)
    )
    skriv(resultater, krev)


if __name__ == "__main__":
    main()
