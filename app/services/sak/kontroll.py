"""What is wrong with a sak's document when its rows are seen together: the guard of the household.

For praktisk bistand nobody but spouse or samboer, and children under 18 whose needs cause the help, may be
named (§ 10 tredje ledd). The check is here, at the door, so that nobody else is ever looked up.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Any, Final

from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.json_tekst import camel
from app.calc.kontrakt.langtidsopphold import kontroller_overlapp
from app.calc.kontrakt.lesing import UGYLDIG, Deler
from app.calc.regler.par_5 import VILKAAR, Relasjon
from app.calc.regler.par_10 import HUSSTAND, IKKE_MEDREGNET
from app.services.sak.rader import PARTNERE, Sakstjeneste, overlapper

BARE_BISTAND: Final = (
    "avkortet_ytelse_borte_fra_hjemmet",
    "hjelpen_skyldes_barnets_behov",
    "hjelpestoenad",
    "omsorgsstoenad",
)
"""Fields of a member of the household that only praktisk bistand has."""
BARE_LANGTID: Final = ("tenkt_etterlattepensjon", "arbeidsinntekt", "pensjon_fra_folketrygden")
"""Fields of a member of the household that only a long stay has."""
FORHOLD_BARE_BISTAND: Final = (
    "betaler_langtidsegenandel",
    "avkortet_ytelse_borte_fra_hjemmet",
    "hjelpestoenad",
    "omsorgsstoenad",
)
"""Fields of the person's own that only praktisk bistand has."""
LISTER: Final = {
    Sakstjeneste.LANGTIDSOPPHOLD: ("tjenester",),
    Sakstjeneste.PRAKTISK_BISTAND: ("opphold", "sykehusopphold"),
}
"""Lists that belong to the other service."""

Rad = tuple[int, Any]
"""A row that could be read, with its place."""


def kontroller(deler: Deler, sti: str, feil: list[Feil]) -> None:
    """Every fault that no row shows by itself."""
    if deler["opphold"] is not UGYLDIG:
        kontroller_overlapp(deler["opphold"], f"{sti}/opphold", feil)
    for navn, hva in (("sykehusopphold", "sykehusopphold"), ("forhold", "forhold")):
        feil.extend(_overlapp(_lest(deler[navn]), f"{sti}/{navn}", hva))
    tjeneste = deler["tjeneste"]
    if tjeneste is not UGYLDIG:
        feil.extend(_passer_ikke(tjeneste, deler, sti))
        for nr, rad in _lest(deler["husstand"]):
            feil.extend(_medlem(tjeneste, rad, f"{sti}/husstand/{nr}"))
        feil.extend(_partnere(tjeneste, _lest(deler["husstand"]), f"{sti}/husstand"))
    feil.extend(kontroller_personer(deler["person"], _lest(deler["husstand"]), sti))


def kontroller_personer(person: Any, husstand: list[Rad], sti: str) -> Iterator[Feil]:
    """Nobody twice at a time, and the sak's own person not in the household.

    To be asked again when numbers have become references: two numbers may be one person.
    """
    kjente = [(nr, rad) for nr, rad in husstand if rad.person is not None]
    for nr, rad in kjente:
        if person is not UGYLDIG and rad.person.noekkel == person.noekkel:
            yield Feil(
                f"{sti}/husstand/{nr}/person",
                "samme-person",
                "Personen er den saken gjelder, og skal ikke stå i husstanden også. Fjern raden.",
            )
    for (foerste, a), (nr, b) in combinations(kjente, 2):
        if a.person.noekkel == b.person.noekkel and overlapper(a, b):
            yield Feil(
                f"{sti}/husstand/{nr}/person",
                "samme-person",
                f"Personen står også i rad {foerste} i samme tidsrom. Behold én av radene, eller rett datoene.",
            )


def _lest(rader: Any) -> list[Rad]:
    return [] if rader is UGYLDIG else [(nr, rad) for nr, rad in enumerate(rader) if rad is not UGYLDIG]


def _overlapp(rader: list[Rad], sti: str, hva: str) -> Iterator[Feil]:
    for (foerste, a), (nr, b) in combinations(rader, 2):
        if overlapper(a, b):
            yield Feil(
                f"{sti}/{nr}",
                f"overlappende-{hva}",
                f"Tidsrommet overlapper rad {foerste}. Slå radene sammen, eller rett datoene.",
            )


def _passer_ikke(tjeneste: Sakstjeneste, deler: Deler, sti: str) -> Iterator[Feil]:
    hva = tjeneste.value.lower().replace("_", " ")
    for navn in LISTER[tjeneste]:
        if deler[navn]:
            yield Feil(f"{sti}/{navn}", "passer-ikke", f"Gjelder ikke {hva}. Utelat feltet.")
    if tjeneste is Sakstjeneste.LANGTIDSOPPHOLD:
        for nr, rad in _lest(deler["forhold"]):
            yield from _felt_passer_ikke(rad, FORHOLD_BARE_BISTAND, f"{sti}/forhold/{nr}", hva)


def _felt_passer_ikke(rad: Any, navn: tuple[str, ...], sti: str, hva: str) -> Iterator[Feil]:
    for felt in navn:
        verdi = getattr(rad, felt)
        if verdi is not None and verdi is not False:
            yield Feil(f"{sti}/{camel(felt)}", "passer-ikke", f"Gjelder ikke {hva}. Utelat feltet.")


def _medlem(tjeneste: Sakstjeneste, rad: Any, sti: str) -> Iterator[Feil]:
    if tjeneste is Sakstjeneste.LANGTIDSOPPHOLD:
        yield from _forsoerget(rad, sti)
    else:
        yield from _husstandsmedlem(rad, sti)


def _forsoerget(rad: Any, sti: str) -> Iterator[Feil]:
    yield from _felt_passer_ikke(rad, BARE_BISTAND, sti, "langtidsopphold")
    if rad.betaler_langtidsegenandel and rad.relasjon not in PARTNERE:
        yield Feil(
            f"{sti}/betalerLangtidsegenandel",
            "passer-ikke",
            "Gjelder bare ektefelle og samboer; barn gir fradrag hvor de enn bor. Utelat feltet.",
        )
    if rad.person is None and (rad.arbeidsinntekt is None or rad.pensjon_fra_folketrygden is None):
        yield Feil(
            f"{sti}/person",
            "mangler",
            "Inntekten kan ikke slås opp uten person. Oppgi person, eller både arbeidsinntekt og "
            "pensjonFraFolketrygden (0 når det ikke er noen).",
        )


def _husstandsmedlem(rad: Any, sti: str) -> Iterator[Feil]:
    yield from _felt_passer_ikke(rad, BARE_LANGTID, sti, "praktisk bistand")
    if rad.relasjon is Relasjon.BARN_OVER_18:
        yield Feil(
            f"{sti}/relasjon",
            "ikke-i-husstanden",
            f"Barn over 18 år regnes ikke med i husstanden ({HUSSTAND}). Fjern raden.",
        )
        return
    if rad.relasjon is Relasjon.BARN_UNDER_18 and not rad.hjelpen_skyldes_barnets_behov:
        yield Feil(
            f"{sti}/hjelpenSkyldesBarnetsBehov",
            "ikke-i-husstanden",
            f"Barn regnes bare med når hjelpen gis på grunn av barnets behov ({HUSSTAND}). Sett feltet til true "
            "når det er slik, ellers fjern raden.",
        )
    if rad.relasjon in PARTNERE:
        yield from _felt_passer_ikke(rad, ("hjelpen_skyldes_barnets_behov",), sti, "ektefelle og samboer")
    if not rad.hjemmeboende:
        yield Feil(
            f"{sti}/hjemmeboende",
            "passer-ikke",
            "Husstanden er de som bor sammen. Bruk betalerLangtidsegenandel eller avkortetYtelseBorteFraHjemmet "
            f"({IKKE_MEDREGNET}), eller fjern raden.",
        )
    borte = rad.betaler_langtidsegenandel or rad.avkortet_ytelse_borte_fra_hjemmet
    if rad.person is None and not borte:
        yield Feil(
            f"{sti}/person",
            "mangler",
            f"Inntekten til den som regnes med i husstanden, må kunne slås opp ({HUSSTAND}). Oppgi person.",
        )


def _partnere(tjeneste: Sakstjeneste, husstand: list[Rad], sti: str) -> Iterator[Feil]:
    hjemmel = VILKAAR if tjeneste is Sakstjeneste.LANGTIDSOPPHOLD else HUSSTAND
    partnere = [(nr, rad) for nr, rad in husstand if rad.relasjon in PARTNERE]
    for (foerste, a), (nr, b) in combinations(partnere, 2):
        if overlapper(a, b):
            yield Feil(
                f"{sti}/{nr}",
                "flere-partnere",
                f"Det kan være høyst én ektefelle eller samboer om gangen ({hjemmel}), men rad {foerste} gjelder "
                "samme tid. Rett fra og til.",
            )
