"""What every nested group of settings has in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Orgnr = Annotated[str, Field(pattern=r"^[0-9]{9}$")]
"""An organisation number."""


class Gruppe(BaseModel):
    """Frozen; a misspelled name is refused, and no message repeats a value."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
