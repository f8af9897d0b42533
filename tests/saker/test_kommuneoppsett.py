"""The kommune's setup over HTTP: read, kept unchanged, changed, and told from other versions."""

import asyncio

from app.sandbox.standard import SCOPE_LES
from tests.baser import ny_database
from tests.saker.verden import tjeneste

STI = "/api/v1/kommune/oppsett"


def test_les_endre_og_versjoner() -> None:
    base = ny_database("sqlite")

    async def alt() -> None:
        async with tjeneste(base) as v:
            svar = await v.les(STI)
            assert (svar.status_code, svar.headers["etag"]) == (200, '"1"')
            lest = svar.json()
            assert (lest["versjon"], lest["oppsett"]["navn"]) == (1, "Fjordvik")
            uendret = await v.les(STI, hoder={"If-None-Match": '"1"'})
            assert (uendret.status_code, uendret.content) == (304, b"")
            nytt = {**lest["oppsett"], "maalform": "NN"}
            endret = await v.kall("PUT", STI, nytt, hoder={"If-Match": '"1"'})
            assert (endret.status_code, endret.headers["etag"]) == (200, '"2"'), endret.text
            assert endret.json()["oppsett"]["maalform"] == "NN"
            assert (await v.kall("PUT", STI, nytt, hoder={"If-Match": '"1"'})).status_code == 412
            assert (await v.kall("PUT", STI, nytt)).status_code == 428
            for_lite = await v.kall("PUT", STI, nytt, scope=SCOPE_LES, hoder={"If-Match": '"2"'})
            assert for_lite.status_code == 403

    asyncio.run(alt())
