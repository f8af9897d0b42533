"""Settings of privacy: how long, and on what legal basis. What is uncertain in law stands here, not in the code."""

from pydantic import Field

from app.settings.felles import Gruppe


class Personvern(Gruppe):
    """Common to all kommuner; each decides for itself how long Skatteetaten's answers are kept."""

    idempotens_doegn: int = Field(
        default=7, ge=1, le=90, description="Døgn et svar kan hentes på nytt med samme idempotensnøkkel"
    )
    leveringer_doegn: int = Field(
        default=30, ge=1, le=365, description="Døgn det kan ses hvordan det gikk med en webhook"
    )
    raasvar_utsatt_doegn: int = Field(
        default=365,
        ge=0,
        le=3_650,
        description="Døgn ut over kommunens frist et råsvar holdes når saken ennå trenger det; 0 betyr aldri",
    )
    mange_personer: int = Field(
        default=100,
        ge=1,
        le=100_000,
        description="Personer én bruker kan åpne på et døgn før noen skal se på det",
    )
    tilsyn_doegn: int = Field(
        default=30, ge=1, le=366, description="Døgn tilbake det ses etter oppslag noen skal vurdere"
    )
    hjemmel: str = Field(
        default="forskrift om egenandel for kommunale helse- og omsorgstjenester (FOR-2011-12-16-1349)",
        min_length=1,
        max_length=300,
        description="Hjemmelen som føres i hendelsesregisteret",
    )
