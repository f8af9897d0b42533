"""Settings of webhooks: where they may go, how long it is tried, and how two secrets take over from each other."""

from pydantic import Field

from app.settings.felles import Gruppe


class Webhooker(Gruppe):
    """Common to all kommuner; each decides for itself who is told what."""

    porter: tuple[int, ...] = Field(
        default=(443,), min_length=1, description="Portene en mottaker kan ha, som JSON-liste"
    )
    usikre_tillatt: bool = Field(
        default=False,
        description="Bare for utvikling: godta http, alle porter, og mottakere på egen maskin og eget nett",
    )
    hoeyst_per_kommune: int = Field(
        default=20, ge=1, le=1_000, description="Hvor mange webhooker en kommune kan ha"
    )
    samtidige_per_mottaker: int = Field(
        default=8, ge=1, le=100, description="Kall som kan være underveis til én mottaker samtidig"
    )
    tidsgrense: float = Field(
        default=10.0, gt=0, le=60, description="Sekunder mottakeren har på seg til å svare"
    )
    foerste_ventetid: float = Field(
        default=5.0, gt=0, le=3_600, description="Sekunder til andre forsøk; tredobles for hvert forsøk"
    )
    lengste_ventetid: float = Field(
        default=28_800.0, gt=0, le=86_400, description="Sekunder det høyst går mellom to forsøk"
    )
    forsoek: int = Field(
        default=18, ge=1, le=100, description="Forsøk før en levering gis opp; standarden varer i tre døgn"
    )
    begge_signerer_timer: int = Field(
        default=24, ge=1, le=720, description="Timer den forrige hemmeligheten også signerer etter et bytte"
    )
    sekunder_mellom: float = Field(
        default=1.0, gt=0, le=60, description="Sekunder mellom hver gang det ses etter noe å sende"
    )
