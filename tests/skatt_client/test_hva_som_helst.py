"""Whatever comes back, the caller gets one of the ten outcomes, and nothing is raised."""

import asyncio
import json
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from app.skatt_client import Funnet, Maaned, RetryPolicy, UtenData
from tests.skatt_client.falske import BSA, FA, IM, PERSON, SSG, TD, Svar, verden

NAVN = st.sampled_from(
    [
        "personidentifikator",
        "inntektsaar",
        "skjermet",
        "grunnlag",
        "tekniskNavn",
        "beloep",
        "hendelser",
        "sekvensnummer",
        "identifikator",
        "hendelsetype",
        "oppgaveInntektsmottaker",
        "kode",
        "melding",
        "korrelasjonsid",
    ]
)
BLAD = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=12)
    | st.sampled_from([PERSON, "2025", 2025, "SSG-008", "ny"])
)
JSON = st.recursive(
    BLAD,
    lambda barn: st.lists(barn, max_size=4) | st.dictionaries(NAVN | st.text(max_size=5), barn, max_size=6),
)
BODY = JSON.map(lambda verdi: json.dumps(verdi).encode()) | st.binary(max_size=200)
STATUS = st.sampled_from(
    [200, 200, 200, 200, 201, 204, 400, 401, 403, 404, 406, 409, 410, 429, 500, 503, 599]
)

UTFALL = (Funnet, *get_args(UtenData))


@settings(max_examples=150, deadline=None)
@given(status=STATUS, body=BODY)
def test_hva_som_helst(status: int, body: bytes) -> None:
    async def proev() -> None:
        async with verden(svar=Svar(status, body), retry=RetryPolicy(attempts=1)) as v:
            for utfall in (
                await v.skatt.skattegrunnlag(SSG).hent(PERSON, 2025),
                await v.skatt.beregnet_skatt(BSA).hent(PERSON, 2025, etter_sletting=True),
                await v.skatt.siste_oppgjoer(TD).hent(PERSON),
                await v.skatt.inntekt(IM).hent(PERSON, Maaned(2025, 1), Maaned(2025, 12)),
                await v.skatt.skatteoppgjoer_hendelser(FA).side(1),
                await v.skatt.skatteoppgjoer_hendelser(FA).start(),
            ):
                assert type(utfall) in UTFALL
                assert PERSON not in repr(utfall)
                if not isinstance(utfall, Funnet):
                    assert utfall.melding.endswith(".")

    asyncio.run(proev())


def test_det_er_ti_utfall() -> None:
    assert len(set(UTFALL)) == 10
