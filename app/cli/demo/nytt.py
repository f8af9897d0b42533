"""What happens at Skatteetaten while the demo runs, so that something waits in the portal."""

from typing import Final

from app.cli.demo.klient import Demoklient, si

_NY_SKATT: Final = ("formue", 2025, {"alderspensjonFraFolketrygden": 392_000})
"""A person of the sandbox, an income year, and what is other than it was."""
_TRUKKET: Final = ("gevinst", 2024)


def la_noe_hende(klient: Demoklient) -> None:
    """Change one settlement and delete another in Fjordvik. The service finds out by itself, in a second or two."""
    hvem, aar, beloep = _NY_SKATT
    klient.kontroll("PUT", f"/personer/{hvem}/oppgjoer/{aar}", {"beloep": beloep})
    hvem, aar = _TRUKKET
    klient.kontroll("DELETE", f"/personer/{hvem}/oppgjoer/{aar}")
    si()
    si("8. I portalen")
    si(
        "I Fjordvik endrer Skatteetaten ett skatteoppgjør og trekker et annet. Tjenesten merker det av seg selv, og "
        "oppgavene venter på beregneren og lederen der."
    )
    si(f"Åpne {klient.tjeneste}/ og logg inn som en av de oppdiktede ansatte.")
