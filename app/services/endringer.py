"""The words of the list of changes: what can happen in a kommune's cases, as vendors are told of it.

A row says what kind, which case, what it is about and which year. It never says whose or how much: whoever is told asks
for the rest with their own access, and that is noted as theirs.
"""

from enum import StrEnum
from uuid import UUID

from app.db.lager.endringer import NyEndring


class Endringstype(StrEnum):
    """Everything that is told. Words may be added; receivers pass by those they do not know."""

    SAK_OPPRETTET = "sak.opprettet"
    SAK_ENDRET = "sak.endret"
    SAK_AVSLUTTET = "sak.avsluttet"
    SAK_SLETTET = "sak.slettet"
    BEREGNING_NY = "beregning.ny"
    VEDTAK_NYTT = "vedtak.nytt"
    """A decision is in force: made, or approved by a second person."""
    VEDTAK_TIL_GODKJENNING = "vedtak.til-godkjenning"
    VEDTAK_AVVIST = "vedtak.avvist"
    ETTEROPPGJOER_NYTT = "etteroppgjoer.nytt"
    MANUELL_POST_NY = "manuell-post.ny"
    MANUELL_POST_OPPHEVET = "manuell-post.opphevet"
    GRUNNLAG_NYTT = "grunnlag.nytt"
    """Skatteetaten has another answer than the one kept; seldom without a calculation."""
    GRUNNLAG_TRUKKET = "grunnlag.trukket"
    """Skatteetaten has withdrawn an answer that a case builds on."""
    OPPGAVE_NY = "oppgave.ny"
    OPPGAVE_ENDRET = "oppgave.endret"
    OPPGAVE_LUKKET = "oppgave.lukket"
    MASSEKJOERING_UTFOERT = "massekjoering.utfoert"
    MASSEKJOERING_ANGRET = "massekjoering.angret"
    WEBHOOK_PROEVE = "webhook.proeve"
    """Somebody wanted to see whether a webhook arrives; told to that one only."""


def endring(
    type_: Endringstype,
    sak_id: UUID | None = None,
    *,
    gjelder: UUID | None = None,
    aar: int | None = None,
) -> NyEndring:
    """One row, to be given to ``lager.endringer.noter``.

    Args:
        type_: what happened.
        sak_id: the case.
        gjelder: the calculation, decision, task … it is about.
        aar: the calendar or income year.
    """
    return NyEndring(type=type_, sak_id=sak_id, gjelder=gjelder, aar=aar)
