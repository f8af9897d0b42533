"""Building blocks of an answer: posts, sums of posts, and groups."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from app.calc.sporing import Node, Steg, som_tall
from app.services.fiks.bestilling import Ekstra
from app.services.fiks.ord import Gruppetype, Kilde, Operasjon
from app.services.fiks.svar import FiksBeregningsgrunnlag, FiksBeregningspost, FiksGruppe

_PREFIKS: Final = "skattepost."


def hele_kroner(verdi: Decimal) -> int:
    """Posts are whole kroner; anything else is a fault of ours.

    Raises:
        ValueError: the amount has oere.
    """
    if verdi != verdi.to_integral_value():
        raise ValueError("et beløp fra en post skal være hele kroner")
    return int(verdi)


def teknisk_navn(node: Node) -> str:
    """Skatteetaten's name of the post behind a leaf."""
    return node.id.removeprefix(_PREFIKS).partition(".")[0]


def post_av(node: Node, identifikator: str, snu: bool = False) -> FiksBeregningspost:
    """A leaf of our tree as a post; a leaf whose sign is turned is subtracted.

    Args:
        node: a fact, or the step that turns its sign.
        identifikator: whose it is.
        snu: turn the sign once more, because the sum it goes into does.
    """
    blad, operasjon = node, Operasjon.ADDERE
    while isinstance(blad, Steg):
        blad, operasjon = blad.argumenter[0], motsatt(operasjon)
    return FiksBeregningspost(
        teknisk_navn=teknisk_navn(blad),
        visningstekst=blad.navn,
        operasjon=motsatt(operasjon) if snu else operasjon,
        beloep=hele_kroner(som_tall(blad)),
        kilde=Kilde.SKATTEETATEN,
        kan_endre_visningstekst=False,
        identifikator=identifikator,
    )


def motsatt(operasjon: Operasjon) -> Operasjon:
    """The other operation."""
    return Operasjon.SUBTRAHERE if operasjon is Operasjon.ADDERE else Operasjon.ADDERE


def manuell_post(
    ekstra: Ekstra,
    identifikator: str,
    operasjon: Operasjon = Operasjon.ADDERE,
    infotekst: str | None = None,
) -> FiksBeregningspost:
    """A manual post, echoed."""
    return FiksBeregningspost(
        teknisk_navn=ekstra.slag.teknisk_navn,
        visningstekst=ekstra.visningstekst,
        operasjon=operasjon,
        beloep=ekstra.beloep,
        kilde=Kilde.MANUELL_INPUT,
        kan_endre_visningstekst=ekstra.slag.kan_endre_visningstekst,
        identifikator=identifikator,
        infotekst=infotekst,
        eksempeltekst=ekstra.slag.eksempeltekst,
    )


def sum_av(poster: Iterable[FiksBeregningspost | FiksBeregningsgrunnlag | FiksGruppe]) -> int | None:
    """The signed sum, kroner; unknown when a term is."""
    svar = 0
    for post in poster:
        if post.beloep is None:
            return None
        svar += post.operasjon.paa(post.beloep)
    return svar


def grunnlag(
    navn: str,
    tekst: str,
    poster: Sequence[FiksBeregningspost],
    operasjon: Operasjon = Operasjon.ADDERE,
) -> FiksBeregningsgrunnlag:
    """A sum of posts inside a group."""
    return FiksBeregningsgrunnlag(
        teknisk_navn=navn,
        visningstekst=tekst,
        beloep=sum_av(poster),
        operasjon=operasjon,
        beregningsposter=tuple(poster),
    )


def postgruppe(
    navn: str,
    tekst: str,
    poster: Sequence[FiksBeregningspost],
    operasjon: Operasjon = Operasjon.ADDERE,
) -> FiksGruppe:
    """A group of posts."""
    return FiksGruppe(
        teknisk_navn=navn,
        visningstekst=tekst,
        beloep=sum_av(poster),
        operasjon=operasjon,
        type=Gruppetype.POST,
        beregningsposter=tuple(poster),
    )


def grunnlagsgruppe(navn: str, tekst: str, grunnlagene: Sequence[FiksBeregningsgrunnlag]) -> FiksGruppe:
    """A group of sums."""
    return FiksGruppe(
        teknisk_navn=navn,
        visningstekst=tekst,
        beloep=sum_av(grunnlagene),
        operasjon=Operasjon.ADDERE,
        type=Gruppetype.GRUNNLAG,
        beregningsgrunnlag=tuple(grunnlagene),
    )
