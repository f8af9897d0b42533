"""What may be sent: ``/verdier``."""

from app.calc.poster.katalog import katalogen
from app.services.fiks.ekstraposter import EKSTRAPOSTER, PERSONTYPER
from app.services.fiks.ord import FOERSTE_AAR, Beregningstype, Kilde
from app.services.fiks.svar import FiksTilhoerighet, FiksVerdier, FiksVerdipost


def alle_verdier() -> tuple[FiksVerdier, ...]:
    """One entry per kind of calculation and income year the catalogue covers."""
    siste = max(rad.siste_aar for rader in katalogen().poster.values() for rad in rader)
    return tuple(verdier(type_, aar) for type_ in EKSTRAPOSTER for aar in range(FOERSTE_AAR, siste + 1))


def verdier(type_: Beregningstype, aar: int) -> FiksVerdier:
    """One kind of calculation; not BARNEHAGE_SFO. The posts are the same in every year."""
    return FiksVerdier(
        beregningstype=type_,
        inntektsaar=aar,
        persontyper=PERSONTYPER[type_],
        ekstraposter=tuple(
            FiksVerdipost(
                teknisk_navn=post.teknisk_navn,
                visningstekst=post.visningstekst,
                persontyper=post.persontyper,
                paakrevd=False,
                kilde=Kilde.MANUELL_INPUT,
                kan_endre_visningstekst=post.kan_endre_visningstekst,
                eksempeltekst=post.eksempeltekst,
                justeringstype=post.justeringstype,
                tilhorighet=FiksTilhoerighet(
                    teknisk_navn=post.gruppe, visningstekst=post.gruppetekst, kategori=post.kategori
                ),
            )
            for post in EKSTRAPOSTER[type_]
        ),
    )
