"""Nonsense never breaks the service: every answer is what the description promises.

Schemathesis reads the description and sends lawful and unlawful requests; the mutations below start from
lawful requests and damage them. Neither may ever see a 5xx or a traceback.
"""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
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
from tests.api.fuzzverden import Fuzzverden, fuzzverden
from tests.omfang import OMFANG
from tests.skade import skad

skjema = schemathesis.openapi.from_dict(create_app(Settings()).openapi())
skjema.config.generation.update(with_security_parameters=False)
skjema.config.phases.coverage.enabled = OMFANG > 1  # Every boundary of every field: 6 000 calls by itself.


@pytest.fixture(scope="module")
def verden() -> Iterator[Fuzzverden]:
    """One service for every operation."""
    with fuzzverden() as verden:
        yield verden


@pytest.fixture
def telling(record_property: Callable[[str, object], None]) -> Iterator[Counter[int]]:
    """The answers by status; how many there were is printed at the end of the run."""
    telling: Counter[int] = Counter()
    yield telling
    record_property("kall fra API-beskrivelsen", telling.total())
    print(dict(sorted(telling.items())))


@skjema.parametrize()
@settings(max_examples=30 * OMFANG, deadline=None, suppress_health_check=list(HealthCheck))
def test_beskrivelsen_holder(case: schemathesis.Case[Any], verden: Fuzzverden, telling: Counter[int]) -> None:
    """Every answer is what the description says of this operation; ``default`` is no excuse for a status."""
    svar = verden.kall(case)
    telling[svar.status_code] += 1
    case.validate_response(
        svar,
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
        ],
    )
    if case.method.upper() != case.operation.method.upper():
        # Another route may have the method: /saker/{sakId} takes GET of /saker/soek, and asks who is there.
        assert svar.status_code in {401, 405}
    else:
        assert str(svar.status_code) in case.operation.definition.raw["responses"], svar.status_code


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
