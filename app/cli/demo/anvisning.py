"""The calls one can paste: the same lines in README and on the screen, with the addresses in use."""

import json
from typing import Any, Final

from app.api.eksempler_saker import KS_PAR
from app.sandbox.standard import FJORDVIK, RESSURS, SCOPE_SKRIV

_SAK: Final = "readme-sak-1"
_VEDTAK: Final = "readme-vedtak-1"


def blokker(tjeneste: str, sandkasse: str) -> tuple[str, str, str]:
    """Blocks for a shell: what the calls share, a case with its calculation, and what follows on it."""
    token = json.dumps({"kommune": FJORDVIK, "scope": SCOPE_SKRIV, "resource": [RESSURS]})
    return (
        f"""\
hent() {{ python3 -c "import json, sys; print(json.load(sys.stdin)$1)"; }}
token() {{ curl -s {sandkasse}/kontroll/maskinporten/token -H 'Content-Type: application/json' \\
  -d '{token}' | hent '["access_token"]'; }}
kall() {{ sti=$1; shift; curl -s "{tjeneste}/api/v1$sti" -H "Authorization: Bearer $(token)" \\
  -H 'Content-Type: application/json' "$@"; }}
""",
        f"""\
kall /saker -H 'Idempotency-Key: {_SAK}' -o sak.json -d '{_kropp(KS_PAR)}'
.venv/bin/egenandel forklar < sak.json | head -6
""",
        f"""\
SAK=$(hent '["sak"]["id"]' < sak.json)
BEREGNING=$(hent '["beregning"]["id"]' < sak.json)
kall "/saker/$SAK/beregninger?forklar=false" -d '{{"aar":2023}}'
kall "/saker/$SAK/vedtak" -H 'Idempotency-Key: {_VEDTAK}' -d '{{"beregningId":"'$BEREGNING'","fra":"2023-01-01"}}'
kall /saker/soek -d '{{"personidentifikator":"{KS_PAR["person"]["personidentifikator"]}"}}'
""",
    )


def _kropp(verdi: dict[str, Any]) -> str:
    felter = (
        f'"{navn}":{json.dumps(del_, ensure_ascii=False, separators=(",", ":"))}'
        for navn, del_ in verdi.items()
    )
    return "{" + ",\n  ".join(felter) + "}"
