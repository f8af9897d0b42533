"""Identities of rows."""

import asyncio
from datetime import timedelta

from app.db.ident import ny_id
from tests.db.verden import NAA


def test_versjon_7_med_millisekundet_foerst() -> None:
    id_ = ny_id(NAA)
    assert (id_.version, id_.variant) == (7, "specified in RFC 4122")
    assert id_.int >> 80 == int(NAA.timestamp() * 1000)


def test_sorteres_etter_tid() -> None:
    ider = [ny_id(NAA + timedelta(milliseconds=nr)) for nr in (-86_400_000, -1, 0, 1, 2, 86_400_000)]
    assert ider == sorted(ider)


def test_de_fra_samme_millisekund_er_ulike_og_i_rekkefoelge() -> None:
    ider = [ny_id(NAA) for _ in range(10_000)]
    assert ider == sorted(set(ider))


def test_rekkefoelgen_holder_naar_andre_lager_sine_imellom() -> None:
    """Two requests take turns; each has its own moment."""

    async def foresporsel(nr: int) -> bool:
        ider = []
        for _ in range(100):
            ider.append(ny_id(NAA + timedelta(milliseconds=nr)))
            await asyncio.sleep(0)
        return ider == sorted(ider)

    async def begge() -> list[bool]:
        return list(await asyncio.gather(foresporsel(0), foresporsel(1)))

    assert asyncio.run(begge()) == [True, True]
