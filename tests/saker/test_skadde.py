"""Damaged bodies never break the case API, and leave nothing behind.

From a lawful body of every request form, with ids that exist, one to three places are replaced, removed or doubled.
"""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable

import httpx2
import pytest

from app.api.tilgang.ruter import Operasjon
from app.sandbox.standard import FJORDVIK, SCOPE_SKRIV
from app.services.tilgang import Rolle
from tests.baser import ny_database
from tests.omfang import OMFANG
from tests.saker.dump import REGISTERET, dump
from tests.saker.lovlige import LOVLIGE, Foresporsel, fyll, lovlig
from tests.saker.sesjoner import Rollesesjoner, innlogget
from tests.saker.verden import Verden, tjeneste
from tests.skade import skad

MED_KROPP = [op for op, rad in LOVLIGE.items() if rad.kropp is not None and op[1].startswith("/api/")]
KAN_GIS = {200, 201, 400, 404, 409, 412, 422}


def _hoder(v: Verden, operasjon: Operasjon) -> dict[str, str]:
    bare_brukere = any(del_ in operasjon[1] for del_ in ("/personer/", "/revisjon/", "/godkjenning"))
    return innlogget(FJORDVIK, Rolle.LEDER) if bare_brukere else v.hode(FJORDVIK, SCOPE_SKRIV)


async def _send(v: Verden, foresporsel: Foresporsel, kropp: bytes) -> httpx2.Response:
    hoder = {**_hoder(v, foresporsel.operasjon), **foresporsel.hoder, "Content-Type": "application/json"}
    metode = foresporsel.operasjon[0]
    return await v.klient.request(metode, foresporsel.adresse, headers=hoder, content=kropp)


def _er_et_problem(svar: httpx2.Response, kropp: bytes) -> None:
    assert svar.headers["content-type"] == "application/problem+json", kropp
    problem = svar.json()
    assert problem["status"] == svar.status_code
    assert problem["detail"].endswith("."), kropp
    assert "Traceback" not in svar.text
    for feil in problem.get("errors", []):
        assert feil["pointer"] == "" or feil["pointer"].startswith("/"), kropp
        assert feil["detail"].endswith((".", "?")), feil
    if problem["type"].endswith("ugyldig-innhold"):
        assert problem["errors"], kropp


@pytest.mark.parametrize("operasjon", MED_KROPP, ids=" ".join)
def test_skadde_kropper_etterlater_ingenting(
    operasjon: Operasjon, record_property: Callable[[str, object], None]
) -> None:
    tilfeldig = random.Random(" ".join(operasjon))
    database = ny_database("sqlite")
    statuser: Counter[int] = Counter()

    async def proev() -> None:
        async with tjeneste(database) as v:
            v.app.state.sesjoner = Rollesesjoner()
            foresporsel = lovlig(operasjon, await fyll(v, FJORDVIK))
            foer = await dump(v.arkiv.database, FJORDVIK, uten=REGISTERET)
            for _ in range(40 * OMFANG):
                kropp = json.dumps(skad(foresporsel.kropp, tilfeldig)).encode()
                svar = await _send(v, foresporsel, kropp)
                statuser[svar.status_code] += 1
                assert svar.status_code in KAN_GIS, kropp
                etter = await dump(v.arkiv.database, FJORDVIK, uten=REGISTERET)
                if svar.status_code >= 400:
                    _er_et_problem(svar, kropp)
                    assert etter == foer, kropp
                foer = etter

    asyncio.run(proev())
    record_property("skadde kropper til sakene", statuser.total())
    assert statuser[422] > statuser.total() / 2, statuser


def test_avkuttede_kropper_etterlater_ingenting(record_property: Callable[[str, object], None]) -> None:
    database = ny_database("sqlite")
    antall = 0

    async def proev() -> None:
        nonlocal antall
        async with tjeneste(database) as v:
            v.app.state.sesjoner = Rollesesjoner()
            ider = await fyll(v, FJORDVIK)
            foer = await dump(v.arkiv.database, FJORDVIK)
            for operasjon in MED_KROPP:
                foresporsel = lovlig(operasjon, ider)
                hel = json.dumps(foresporsel.kropp).encode()
                for lengde in range(0, len(hel), max(1, len(hel) // (10 * OMFANG))):
                    svar = await _send(v, foresporsel, hel[:lengde])
                    assert (svar.status_code, svar.json()["type"]) == (
                        400,
                        "urn:egenandel:problem:ugyldig-json",
                    ), (operasjon, lengde)
                    antall += 1
            assert await dump(v.arkiv.database, FJORDVIK) == foer

    asyncio.run(proev())
    record_property("avkuttede kropper til sakene", antall)
