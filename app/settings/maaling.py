"""Settings of what is measured, and to whom it is told."""

from typing import Literal

from pydantic import Field, SecretStr, model_validator

from app.settings.felles import Gruppe


class Maaling(Gruppe):
    """``/metrics`` tells of amounts of work, never of anybody; still nobody outside needs it."""

    serveres: Literal["av", "lokalt", "token"] = Field(
        default="lokalt", description="Hvem /metrics svarer: av, lokalt (bare samme maskin) eller token"
    )
    token: SecretStr | None = Field(
        default=None, min_length=16, description="Tokenet Prometheus sender, når serveres er token"
    )
    hoeyeste_forsinkelse: int = Field(
        default=900, ge=1, description="Sekunder siden en liste sist ble lest før /ready kaller den forsinket"
    )

    @model_validator(mode="after")
    def _token_hoerer_til(self) -> "Maaling":
        if (self.serveres == "token") != (self.token is not None):
            raise ValueError("token skal settes når serveres er token, og bare da")
        return self
