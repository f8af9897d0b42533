"""First pass over an answer: every post ends in exactly one pile, before any paragraph looks at it."""

from collections.abc import Callable
from dataclasses import dataclass

from app.calc.poster.katalog import Katalog, Postrad, varsel
from app.calc.poster.typer import AvvistPar, Omtale, Skattepost, Skattesvar, Svardel, Varsel, Varselkode

UKJENT_GRUNN = "Posten er ikke i katalogen: nytt navn, ny lov eller nytt år. Den må plasseres."
UTENFOR_GRUNN = "Navnet finnes i katalogen, men ikke for dette inntektsåret. Posten må plasseres."
DOBBELT_GRUNN = (
    "Samme post kom flere ganger i svaret. Det kan være samme beløp, så ingen av dem er regnet med."
)
SAMME_GRUNN = "Navnene står for det samme, gammelt og nytt. Ingen av dem er regnet med; velg én."
BARN_GRUNN = "En del av beløpet er overført fra barn og kan være barnets inntekt, ikke mottakerens."
SKATTEFRI_GRUNN = (
    "En del av beløpet er skattefri, for eksempel avkastning av erstatning, og er kanskje ikke inntekt."
)


@dataclass(frozen=True, slots=True)
class Sortert:
    """The piles. ``klare`` carry a ruling; the rest wait for a caseworker."""

    klare: tuple[tuple[Skattepost, Postrad], ...]
    ukjente: tuple[Omtale, ...]
    utenfor_aar: tuple[Omtale, ...]
    avviste: tuple[AvvistPar, ...]
    varsler: tuple[Varsel, ...]


def omtal(post: Skattepost, navn: str, grunn: str, hjemmel: str | None = None) -> Omtale:
    """A post as a list item."""
    return Omtale(post.teknisk_navn, navn, post.beloep, post.del_, grunn, hjemmel)


def sorter(svar: Skattesvar, katalog: Katalog, har_virkning: Callable[[Postrad], bool]) -> Sortert:
    """Find each post's ruling; refuse repeats and old/new pairs; report names we do not know.

    Args:
        svar: an answer that is not skjermet.
        katalog: the catalogue.
        har_virkning: whether a post under a ruling could change the basis asked for.
    """
    kjente: list[tuple[Skattepost, Postrad]] = []
    ukjente: list[Omtale] = []
    utenfor: list[Omtale] = []
    for post in svar.poster:
        rad = katalog.post(post.teknisk_navn, svar.aar)
        if rad is not None:
            kjente.append((post, rad))
        elif post.teknisk_navn in katalog.poster:
            utenfor.append(omtal(post, katalog.poster[post.teknisk_navn][0].navn, UTENFOR_GRUNN))
        else:
            ukjente.append(omtal(post, post.teknisk_navn, UKJENT_GRUNN))
    avviste, gjenvaerende = _avvis(kjente, har_virkning)
    return Sortert(tuple(gjenvaerende), tuple(ukjente), tuple(utenfor), tuple(avviste), _varsler(kjente))


def _avvis(
    kjente: list[tuple[Skattepost, Postrad]], har_virkning: Callable[[Postrad], bool]
) -> tuple[list[AvvistPar], list[tuple[Skattepost, Postrad]]]:
    """Take out posts that came twice, and names that stand for the same money, as connected groups.

    The lists of an answer are looked at together. Skatteetaten's documentation says that there are three, but
    not whether one amount may stand in two of them, and its examples do not decide it: a name that is both in
    ``grunnlag`` and in ``svalbardGrunnlag`` there has the same made-up amount in both. So nothing is counted
    until a caseworker has chosen one, or both.
    """
    plass: dict[str, list[int]] = {}
    for indeks, (post, _) in enumerate(kjente):
        plass.setdefault(post.teknisk_navn, []).append(indeks)
    sett: set[str] = set()
    avviste: list[AvvistPar] = []
    ute: set[int] = set()
    for navn in plass:
        if navn in sett:
            continue
        gruppe, koe = [navn], [navn]
        sett.add(navn)
        while koe:
            for annet in sorted(kjente[plass[koe.pop()][0]][1].kolliderer & plass.keys() - sett):
                sett.add(annet)
                gruppe.append(annet)
                koe.append(annet)
        indekser = [i for n in gruppe for i in plass[n]]
        if len(indekser) == 1:
            continue
        ute.update(indekser)
        grunn = SAMME_GRUNN if len(gruppe) > 1 else DOBBELT_GRUNN
        avviste.append(
            AvvistPar(
                tuple(omtal(kjente[i][0], kjente[i][1].navn, grunn) for i in indekser),
                grunn,
                any(kjente[i][0].beloep and har_virkning(kjente[i][1]) for i in indekser),
            )
        )
    return avviste, [par for i, par in enumerate(kjente) if i not in ute]


def _varsler(kjente: list[tuple[Skattepost, Postrad]]) -> tuple[Varsel, ...]:
    koder = {
        kode
        for post, rad in kjente
        if post.beloep
        for kode in (
            *rad.varsler,
            *((Varselkode.SVALBARD,) if post.del_ is Svardel.SVALBARD else ()),
            *((Varselkode.UTLAND,) if any(_utenlandsk(s.land) for s in post.spesifisering) else ()),
        )
    }
    return tuple(varsel(kode) for kode in Varselkode if kode in koder)


def _utenlandsk(land: str | None) -> bool:
    return land is not None and land.upper() not in {"", "NO", "NOR", "NORGE"}
