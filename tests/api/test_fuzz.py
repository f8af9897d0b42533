"""Nonsense never breaks the service: every answer is what the description promises.

Schemathesis reads the description and sends lawful and unlawful requests; the mutations below start from
lawful requests and damage them. Neither may ever see a 5xx or a traceback.
"""

import copy
import json
import random
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from app.api.eksempler import EKSEMPLER
from app.calc.kalkulator import Art
from app.main import create_app
from app.settings import Settings
from tests.omfang import OMFANG

skjema = schemathesis.openapi.from_asgi("/openapi.json", create_app(Settings()))

SKITT: list[Any] = [
    None, True, -1, 0.001, 1e300, 10**30, "", "x" * 3000, "\u0000", "2025-13-45", "2025-02-30", [], [[]], {}, {"a": 1},
    "ÅÅÅÅ-MM-DD", "NaN", -0.0, "🦄", [None], "'; drop table saker; --",
]  # fmt: skip


@skjema.parametrize()
@settings(max_examples=150 * OMFANG, deadline=None, suppress_health_check=list(HealthCheck))
def test_beskrivelsen_holder(case: schemathesis.Case[Any]) -> None:
    svar: Response = case.call()
    case.validate_response(
        svar,
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
        ],
    )


def steder(verdi: Any, sti: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value."""
    under = verdi.items() if isinstance(verdi, dict) else enumerate(verdi) if isinstance(verdi, list) else ()
    return [sti, *(sted for navn, del_ in under for sted in steder(del_, (*sti, navn)))]


def skad(inn: Any, tilfeldig: random.Random) -> Any:
    """The request with one to three places replaced, removed or doubled."""
    skadet = copy.deepcopy(inn)
    for _ in range(tilfeldig.randint(1, 3)):
        *vei, sist = tilfeldig.choice(steder(skadet)[1:] or [("nytt",)])
        holder = skadet
        for ledd in vei:
            holder = holder[ledd]
        if tilfeldig.random() < 0.2 and isinstance(holder, dict):
            holder.pop(sist, None)
        elif tilfeldig.random() < 0.2 and isinstance(holder, dict):
            holder["ukjent" + str(tilfeldig.randint(0, 9))] = copy.deepcopy(tilfeldig.choice(SKITT))
        else:
            holder[sist] = copy.deepcopy(tilfeldig.choice(SKITT))
        if not isinstance(skadet, dict) or not skadet:
            break
    return skadet


@pytest.mark.parametrize("art", Art)
@pytest.mark.parametrize("del_", range(2))
def test_skadde_forespoersler_gir_aldri_tjenerfeil(klient: TestClient, art: Art, del_: int) -> None:
    """6 x 250 = 1 500 damaged bodies."""
    tilfeldig = random.Random(f"{art} {del_}")
    eksempler = [eksempel.inn for eksempel in EKSEMPLER[art].values()]
    statuser = set()
    for _ in range(250 * OMFANG):
        kropp = json.dumps(skad(tilfeldig.choice(eksempler), tilfeldig))
        svar = klient.post(
            f"/api/v1/kalkulator/{art}", content=kropp, headers={"content-type": "application/json"}
        )
        statuser.add(svar.status_code)
        assert svar.status_code in {200, 400, 422}, kropp
        assert "Traceback" not in svar.text
        if svar.status_code != 200:
            assert svar.headers["content-type"] == "application/problem+json"
            assert all(feil["pointer"] is not None and feil["detail"] for feil in svar.json()["errors"])
    assert 422 in statuser


@pytest.mark.parametrize("art", Art)
def test_avkuttede_forespoersler_gir_aldri_tjenerfeil(klient: TestClient, art: Art) -> None:
    hel = json.dumps(next(iter(EKSEMPLER[art].values())).inn).encode()
    for lengde in range(len(hel)):
        svar = klient.post(
            f"/api/v1/kalkulator/{art}", content=hel[:lengde], headers={"content-type": "application/json"}
        )
        assert (svar.status_code, svar.json()["type"]) == (400, "urn:egenandel:problem:ugyldig-json")
