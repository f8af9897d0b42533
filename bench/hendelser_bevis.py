"""The event lists are followed: through a hundred kills, strange lists, poison and changes of leader, and how fast.

Run as ``python -m bench.hendelser_bevis [--krev]``. Two designs that move the place in the list by itself are read
through the same on each database, and must be found out.
"""

import logging
import time
from datetime import date

import structlog

from app import klokke
from app.db.arkiv import Arkiv
from app.db.hendelsesmottak import Hendelsesrad, Side
from bench.maaling import Resultat, krev_er_bedt_om, skriv
from tests.baser import MOTORER, RING, ny_database
from tests.events import drap, ledere
from tests.events.drap import Oppgave, arkiv_gjoer
from tests.events.flom import gjennom_sandkassen
from tests.events.liste import Listetjener, fasit, jevn
from tests.events.rare import en_rar_liste
from tests.events.verden import LISTE, foelg, hendelsesmottaket, holder, koblet, mottak, stand

DRAP = 100
DRAP_KONTROLL = 20
LISTER = 200
LEDERDRAP = 50
OPPHOLD = 10
FLOM = 5_000_000
STOR = Oppgave(hendelser=100_000, personer=5_000, fulgt=2_500, side=200)
KONTROLL = Oppgave(hendelser=20_000, personer=5_000, fulgt=2_500, side=200)
GIFT = Oppgave(hendelser=100_000, personer=5_000, fulgt=2_500, side=10_000, uleselig_hver=100)
_SIDER = 20
_SIDE = 10_000
_FULGTE = 50_000


def _drap(motor: str) -> list[Resultat]:
    u = drap.proev(motor, STOR, DRAP)
    rette = [
        Resultat(f"{motor}: ganger drept i en lesing av {STOR.hendelser} hendelser", u.drap, "drap", DRAP),
        Resultat(f"{motor}: virkninger tapt", u.tapt, "stk", hoeyst=0),
        Resultat(f"{motor}: virkninger doble", u.doble, "stk", hoeyst=0),
        Resultat(f"{motor}: ganger pekeren ikke svarte til innholdet", u.underveis, "ganger", hoeyst=0),
        Resultat(
            f"{motor}: lest til slutten og databasen hel", u.ved_slutten and u.helt == "ok", "", minst=1
        ),
        Resultat(f"{motor}: tid", u.sekunder, "s"),
    ]
    foerst = drap.proev(motor, KONTROLL, DRAP_KONTROLL, "peker først")
    sist = drap.proev(motor, KONTROLL, DRAP_KONTROLL, "peker sist")
    return [
        *rette,
        Resultat(f"{motor}: kontroll, pekeren flyttet først: tapt", foerst.tapt, "stk", minst=1),
        Resultat(f"{motor}: kontroll, pekeren flyttet sist: doble", sist.doble, "stk", minst=1),
    ]


def _rare(motor: str) -> list[Resultat]:
    ulike = 0
    for froe in range(LISTER):
        try:
            en_rar_liste(motor, froe)
        except AssertionError:
            ulike += 1
    return [Resultat(f"{motor}: {LISTER} rare lister, ulike orakelet", ulike, "lister", hoeyst=0)]


def _gift(motor: str) -> list[Resultat]:
    liste = jevn(GIFT.hendelser, GIFT.identer, uleselig_hver=GIFT.uleselig_hver)
    # Everybody is followed, by one kommune, so that every event has one effect.
    foelges = {"310000000": GIFT.identer}
    url = ny_database(motor)

    async def les(arkiv: Arkiv) -> tuple[int, int, bool]:
        await foelg(arkiv, foelges)
        async with koblet(Listetjener(liste)) as (oppslag, clock), holder(arkiv) as mandat:
            await mottak(arkiv, oppslag, clock, sidestoerrelse=GIFT.side).les(mandat)
        naa = await stand(arkiv, GIFT.identer)
        return sum(n for n, *_ in naa.arbeid.values()), len(naa.uleselige), naa.neste == liste[-1].nummer + 1

    async def les_om(arkiv: Arkiv) -> tuple[int, bool]:
        async with koblet(Listetjener(liste, rettet=True)) as (oppslag, clock):
            leser = mottak(arkiv, oppslag, clock)
            for en in await hendelsesmottaket(arkiv).uleselige():
                await leser.les_uleselig(en)
        naa, rett = await stand(arkiv, GIFT.identer), fasit(liste, foelges, rettet=True)
        return sum(n for n, *_ in naa.arbeid.values()), naa.hendelser == rett.hendelser

    virkninger, lagt_til_side, ved_slutten = arkiv_gjoer(url, les)
    alle, like = arkiv_gjoer(url, les_om)
    return [
        Resultat(
            f"{motor}: virkninger av {GIFT.hendelser} med 1 000 uleselige", virkninger, "stk", 99_000, 99_000
        ),
        Resultat(f"{motor}: lagt til side", lagt_til_side, "stk", 1_000, 1_000),
        Resultat(f"{motor}: pekeren ved slutten", ved_slutten, "", minst=1),
        Resultat(
            f"{motor}: virkninger når de er lest om igjen", alle if like else 0, "stk", 100_000, 100_000
        ),
    ]


def _ledere(motor: str) -> list[Resultat]:
    u = ledere.proev(motor, STOR, LEDERDRAP, OPPHOLD)
    return [
        Resultat(f"{motor}: ledere drept, av {ledere.PROSESSER} prosesser", u.drept, "drap", LEDERDRAP),
        Resultat(f"{motor}: ledere holdt opp lenger enn mandatet varer", u.oppholdt, "stk", OPPHOLD),
        Resultat(f"{motor}: av dem avvist da de ville lagre", u.avvist, "stk", minst=1),
        Resultat(f"{motor}: flyttinger av pekeren", u.flyttinger, "stk"),
        Resultat(f"{motor}: flyttinger med et utdatert mandat", u.utdatert, "stk", hoeyst=0),
        Resultat(f"{motor}: virkninger tapt eller doble", u.tapt_eller_doble, "stk", hoeyst=0),
        Resultat(f"{motor}: lengste overtakelse", u.lengst, "s", hoeyst=ledere.LEDERTID + 1),
    ]


def _fart(motor: str, andel: float, minst: float | None = None) -> list[Resultat]:
    """Events matched and committed per second, in pages of 10 000; ``andel`` is how many of them somebody follows."""
    identer = [f"P{nr:09d}" for nr in range(int(_FULGTE / andel))]
    hasher = [RING.personhash(ident) for ident in identer]
    naa = klokke.naa()

    async def ta_imot(arkiv: Arkiv) -> tuple[float, float]:
        tiende = _FULGTE // 10
        await foelg(arkiv, {f"31000{nr:04d}": identer[nr * tiende : (nr + 1) * tiende] for nr in range(10)})
        mottaket, fra, brukt, regnet = hendelsesmottaket(arkiv), 1, 0.0, 0.0
        async with holder(arkiv) as mandat:
            await mottaket.begynn(mandat, LISTE, 1, naa)
            for _ in range(_SIDER):
                rader = [
                    Hendelsesrad(
                        nr, hasher[nr * 7_919 % len(hasher)], "2025", 2025, "ny", naa, naa, naa, False, False
                    )
                    for nr in range(fra, fra + _SIDE)
                ]
                side = Side(fra, fra + _SIDE, rader, {})
                begynte, regnet_foer = time.perf_counter(), time.process_time()
                await mottaket.ta_imot(mandat, LISTE, side, naa, date(2023, 11, 23))
                brukt += time.perf_counter() - begynte
                regnet += time.process_time() - regnet_foer
                fra = side.neste
        return _SIDER * _SIDE / brukt, _SIDER * _SIDE / regnet

    per_sekund, per_regnetid = arkiv_gjoer(ny_database(motor), ta_imot)
    hva = f"{motor}: tatt imot og lagret, {andel * 100:.0f} % følges"
    return [
        Resultat(hva, per_sekund, "hendelser/s", minst=minst),
        Resultat(f"{hva}, per sekund regnetid hos oss", per_regnetid, "hendelser/s"),
    ]


def _flom(motor: str) -> list[Resultat]:
    f = gjennom_sandkassen(motor, FLOM)
    return [
        Resultat(f"{motor}: gjennom sandkassen over HTTP", f.lest, "hendelser", FLOM),
        Resultat(f"{motor}: av dem om noen som følges", f.nye, "stk", minst=1),
        Resultat(f"{motor}: tid", f.sekunder, "s", hoeyst=600),
        Resultat(f"{motor}: av det regnetid i leseren", f.regnetid, "s"),
        Resultat(f"{motor}: minne mot etter den første tidelen", f.vekst * 100, "% mer", hoeyst=5),
    ]


def main() -> None:
    """Do it all on both databases and print the account."""
    krev = krev_er_bedt_om("Beviser at hendelseslistene følges uten tap og uten dobbelt arbeid.")
    # A hundred thousand events that cannot be read are a hundred thousand alarms.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    resultater: list[Resultat] = []
    for motor in MOTORER:
        deler = (
            *_drap(motor),
            *_rare(motor),
            *_gift(motor),
            *_ledere(motor),
            *_fart(motor, 0.01, 50_000),
            *_fart(motor, 0.05),
            *_fart(motor, 1.0),
            *_flom(motor),
        )
        resultater += deler
    skriv(resultater, krev)


if __name__ == "__main__":
    main()
