"""Settings of following Skatteetaten's event lists."""

from datetime import date

from pydantic import Field

from app.settings.felles import Gruppe, Orgnr


class Hendelser(Gruppe):
    """How the lists are read. They are read once for the service, and by one process at a time."""

    paa: bool = Field(default=True, description="Om denne prosessen følger hendelseslistene")
    sekunder_mellom: int = Field(
        default=60, ge=1, le=86_400, description="Sekunder mellom hver gang en liste leses"
    )
    sidestoerrelse: int = Field(
        default=10_000, ge=1, le=10_000, description="Hendelser det bes om på en side"
    )
    les_som: Orgnr | None = Field(
        default=None,
        description="Kommunen listene leses på vegne av; utelatt betyr den første som har dem",
    )
    fra_dato: date | None = Field(
        default=None,
        description="Dagen en liste leses fra første gang; utelatt betyr dagen før det eldste svaret vi har, eller i dag",
    )
    foelges_aar: int = Field(
        default=3, ge=0, le=20, description="År en person fortsatt følges etter at saken er avsluttet"
    )
    ledertid: int = Field(
        default=15, ge=1, le=600, description="Sekunder før en annen prosess overtar etter en som er borte"
    )
