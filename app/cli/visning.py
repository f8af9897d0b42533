"""What the command line shows people: tables and indented JSON."""

import json
import sys
from typing import Any

from app.calc.beloep import tall_paa_norsk
from app.calc.periode import dato_paa_norsk
from app.calc.satsoversikt import Satsoversikt


def skriv(tekst: str) -> None:
    """On standard output, in UTF-8 whatever the terminal thinks."""
    sys.stdout.buffer.write(tekst.encode("utf-8"))
    sys.stdout.buffer.flush()


def pen_json(verdi: Any) -> str:
    """Indented JSON with a line feed, stable between runs, for files that are compared."""
    return json.dumps(verdi, ensure_ascii=False, indent=2) + "\n"


def satstabell(oversikt: Satsoversikt) -> str:
    """The rates as lines: name, value, since when, how old, how long verified, source."""
    linjer = [
        f"Satser {dato_paa_norsk(oversikt.dato)}, kontrollert til {dato_paa_norsk(oversikt.dekket_til)}",
        "",
    ]
    for sats in oversikt.satser:
        alder = f"{sats.alder_doegn} døgn gammel"
        linjer += [
            f"{sats.navn}: {tall_paa_norsk(sats.verdi)} {sats.enhet}",
            f"  {sats.hjemmel}; gjelder fra {dato_paa_norsk(sats.gjelder_fra)} ({alder}); "
            f"kontrollert til {dato_paa_norsk(sats.kontrollert_til)}",
            f"  kilde: {sats.kilde.tittel}, {sats.kilde.paragraf}, {sats.kilde.url}",
        ]
    return "\n".join(linjer) + "\n"
