"""From what a provider calls a user's rights to one role: every combination there is."""

from itertools import chain, combinations
from typing import Final

import pytest

from app.portal.innlogging.roller import ROLLENAVN, RollerStriderError, rollen
from app.sandbox.innlogging.ansatte import HANDLINGER
from app.services.tilgang import RETTIGHETER, Rolle

ROLLER: Final = {
    ("beregner",): Rolle.BEREGNER,
    ("leder",): Rolle.LEDER,
    ("revisor",): Rolle.REVISOR,
    ("drift",): Rolle.DRIFT,
    ("beregner", "leder"): Rolle.LEDER,
    ("leder", "revisor"): Rolle.LEDER,
    ("beregner", "leder", "revisor"): Rolle.LEDER,
}
"""Every other combination strides: nobody checks themselves, and whoever runs the service sees no cases."""

ALLE: Final = list(chain.from_iterable(combinations(sorted(ROLLENAVN), n) for n in range(1, 5)))


@pytest.mark.parametrize("navn", ALLE, ids="-".join)
def test_hver_kombinasjon(navn: tuple[str, ...]) -> None:
    ventet = {tuple(sorted(noekkel)): rolle for noekkel, rolle in ROLLER.items()}.get(navn)
    if ventet is None:
        with pytest.raises(RollerStriderError):
            rollen(navn)
        return
    assert rollen(navn) is ventet
    # Never more than somebody has been given.
    gitt = frozenset().union(*(RETTIGHETER[ROLLENAVN[ett]] for ett in navn))
    assert RETTIGHETER[ventet] == gitt


@pytest.mark.parametrize("navn", [(), ("administrator",), ("LEDER",), ("leder ",), ("",)])
def test_det_som_ikke_er_en_rolle_gir_ingen(navn: tuple[str, ...]) -> None:
    assert rollen(navn) is None
    assert rollen([*navn, "beregner"]) is Rolle.BEREGNER


def test_navnene_er_de_sandkassen_bruker() -> None:
    assert set(HANDLINGER) == set(ROLLENAVN)
