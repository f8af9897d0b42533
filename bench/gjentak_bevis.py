"""1 000 keys with 20 concurrent repeats each: 1 000 effects, and everybody told the same.

Run as ``python -m bench.gjentak_bevis [--krev]``. Real service processes on both databases; on PostgreSQL also two
of them that share one database, where half of the repeats go to each.
"""

import asyncio
import json
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import chain

from app.db.lager.revisjon import Brudd
from app.sandbox.befolkning.generator import Flokk
from app.sandbox.befolkning.register import STANDARD_FROE
from app.sandbox.standard import FJORDVIK
from app.services.arkiv import aapne
from app.settings import Settings
from bench.maaling import Resultat, krev_er_bedt_om, skriv
from tests.baser import tom_database
from tests.saker.gjentak import Fasit, Forespoersel, Regnskap, i_sakene, nye_saker, virkninger
from tests.saker.prosesser import (
    Klient,
    Legitimasjon,
    Mottatt,
    Sandkasseprosess,
    Tjenesteprosess,
    databaseinnstillinger,
    databasemiljoe,
    gjoer_klar,
    ny_kryptering,
    sandkasse,
)

SAKER = 250
I_HVER_SAK = 3
"""Further keys in each case: calculations and manual posts in turn."""
NOEKLER = SAKER * (1 + I_HVER_SAK)
GJENTAK = 20
OPPSETT = (("sqlite", 1), ("postgresql", 1), ("postgresql", 2))


def _alle_paa_en_gang(
    klienter: Sequence[Klient], forespoersler: Sequence[Forespoersel]
) -> list[list[Mottatt]]:
    """Every request by every client at once."""
    sammen = threading.Barrier(len(klienter))

    def send(nummer: int) -> list[Mottatt]:
        svar = []
        for en in forespoersler:
            kropp = json.dumps(en.kropp).encode()
            sammen.wait()
            mottatt = klienter[nummer].post(en.sti, kropp, en.noekkel, til=nummer)
            if mottatt is None:
                sammen.abort()
                raise RuntimeError("tjenesten svarte ikke")
            svar.append(mottatt)
        return svar

    with ThreadPoolExecutor(len(klienter)) as traader:
        per_klient = list(traader.map(send, range(len(klienter))))
    return [list(svar) for svar in zip(*per_klient, strict=True)]


def _fasit(svar: Sequence[Mottatt]) -> Fasit:
    return Fasit(
        frozenset(ett.status for ett in svar),
        frozenset(ett.kropp for ett in svar),
        frozenset(ett.hoder.get("location") for ett in svar),
        sum(ett.gjentatt for ett in svar),
    )


def _bak(settings: Settings) -> tuple[Counter[str], Brudd | None]:
    """What the database holds, and whether the register is whole."""

    async def alt() -> tuple[Counter[str], Brudd | None]:
        arkiv = aapne(settings)
        telt = await virkninger(arkiv)
        async with arkiv.les(FJORDVIK) as lager:
            brudd = await lager.revisjon.verifiser()
        await arkiv.database.lukk()
        return telt, brudd

    return asyncio.run(alt())


def _bevis(verden: Sandkasseprosess, motor: str, prosesser: int) -> tuple[Resultat, ...]:
    kryptering = ny_kryptering()
    url = tom_database(motor)
    settings = databaseinnstillinger(url, kryptering)
    gjoer_klar(settings)
    start = time.perf_counter()
    with ExitStack() as stabel:
        miljoe = {**verden.miljoe, **databasemiljoe(url, kryptering)}
        tjenester = [stabel.enter_context(Tjenesteprosess(miljoe)) for _ in range(prosesser)]
        legitimasjon = Legitimasjon(verden)
        klienter = [Klient([t.port for t in tjenester], legitimasjon) for _ in range(GJENTAK)]
        for klient in klienter:
            stabel.callback(klient.lukk)
        regnskap = Regnskap()
        foerste = _alle_paa_en_gang(klienter, list(nye_saker(Flokk(STANDARD_FROE, SAKER), SAKER)))
        saker = [json.loads(svar[0].kropp)["sak"]["id"] for svar in foerste]
        for svar in chain(foerste, _alle_paa_en_gang(klienter, list(i_sakene(saker, I_HVER_SAK)))):
            regnskap.tell(_fasit(svar), len(svar))
    tid = time.perf_counter() - start
    telt, brudd = _bak(settings)
    hvor = f"{motor}, {prosesser} {'prosess' if prosesser == 1 else 'prosesser'}"
    # Every new case has a calculation too.
    uventet = abs(telt["sak"] - SAKER) + abs(telt["beregning"] + telt["manuell_post"] - NOEKLER)
    return (
        Resultat(f"{hvor}: nøkler", regnskap.noekler, "nøkler", minst=NOEKLER),
        Resultat(f"{hvor}: svar 201", regnskap.statuser[201], "nøkler", minst=NOEKLER),
        Resultat(f"{hvor}: svar i alt", regnskap.svar, "svar", minst=NOEKLER * GJENTAK),
        Resultat(f"{hvor}: nøkler med ulike svar", regnskap.ulike, "nøkler", hoeyst=0),
        Resultat(
            f"{hvor}: svar som var det første", regnskap.foerstesvar, "svar", minst=NOEKLER, hoeyst=NOEKLER
        ),
        Resultat(f"{hvor}: virkninger for mye eller for lite", uventet, "rader", hoeyst=0),
        Resultat(f"{hvor}: lagrede svar", telt["idempotens"], "svar", minst=NOEKLER, hoeyst=NOEKLER),
        Resultat(f"{hvor}: brudd i hendelsesregisteret", brudd is not None, "brudd", hoeyst=0),
        Resultat(f"{hvor}: tid", tid, "s"),
    )


def main() -> None:
    """Do it on every setup and print the account."""
    krev = krev_er_bedt_om("Beviser at en gjentatt forespørsel har én virkning og ett svar.")
    print(f"{NOEKLER} nøkler, {GJENTAK} samtidige gjentak av hver.")
    with sandkasse(SAKER) as verden:
        resultater = [res for motor, prosesser in OPPSETT for res in _bevis(verden, motor, prosesser)]
    skriv(resultater, krev)


if __name__ == "__main__":
    main()
