"""A stored calculation as its page shows it: the amount now, the months, what is missing and what to look at."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any, Final

from app.calc.kontrakt.json_tekst import les_json
from app.calc.periode import maanedsnoekkel
from app.calc.regler.par_6 import Grunnlag
from app.db.lager.beregninger import Beregning, Tilstand
from app.db.lager.manuelle_poster import ManuellPost
from app.portal.bilder.diagram import Diagram, diagram
from app.portal.bilder.grunnlagsbilde import Persongrunnlag, grunnlagsbilde
from app.services.sak.rader import Sakstjeneste
from app.services.sak.varsler import Alvor, Sakskode
from app.services.saksside import uten_tre

_OERE: Final = Decimal(100)
_HUNDREDEL: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Maaned:
    """One month of a result.

    Attributes:
        maaned: the month.
        egenandel: what it costs.
        doegn: days that are paid for; ``None`` where days do not count.
        besoek: visits.
        linjer: what practical help is made of.
        tak: the cap that holds it down; ``None`` when nothing does.
        naa: whether it is the month that runs.
    """

    maaned: str
    egenandel: Decimal = field(repr=False)
    doegn: int | None
    besoek: int
    linjer: tuple[Mapping[str, Any], ...]
    tak: Decimal | None = field(repr=False)
    naa: bool


@dataclass(frozen=True, slots=True)
class Trinn:
    """One step of the kommune's ladder."""

    nummer: int
    rad: Mapping[str, Any]
    her: bool
    """Whether the household stands on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beregningsbilde:
    """A calculation, ready to be shown.

    Attributes:
        b: the calculation.
        resultat: the answer without its tree; empty when there is none.
        maaneder: every month with an amount.
        naa: the month that runs, when the result is of this year.
        varsler: what should be looked at before a decision, the gravest first.
        opplysninger: what is good to know.
        mangler: whose figures could not be had.
        aapne: posts that wait for a caseworker.
        personer: the figures.
        diagram: the chart; ``None`` when nothing is paid.
        stige: the ladder with the household's place in it.
    """

    b: Beregning
    resultat: Mapping[str, Any] = field(repr=False)
    maaneder: tuple[Maaned, ...]
    naa: str | None
    varsler: tuple[Mapping[str, Any], ...] = field(repr=False)
    opplysninger: tuple[Mapping[str, Any], ...] = field(repr=False)
    mangler: tuple[Mapping[str, Any], ...] = field(repr=False)
    aapne: tuple[Mapping[str, Any], ...] = field(repr=False)
    personer: tuple[Persongrunnlag, ...]
    diagram: Diagram | None
    stige: tuple[Trinn, ...]

    @property
    def beregnet(self) -> bool:
        """Whether there is an amount at all."""
        return self.b.tilstand is Tilstand.BEREGNET

    @property
    def aarets(self) -> Decimal | None:
        """What the year costs; ``None`` is not known."""
        oere = self.b.egenandel_aar_oere
        return None if oere is None else Decimal(oere) / _OERE

    @property
    def denne_maaneden(self) -> Maaned | None:
        """The month that runs, when it costs something."""
        return next((en for en in self.maaneder if en.naa), None)

    @property
    def har_regnestykke(self) -> bool:
        """Whether income decides anything: a price per day has no basis, and what is not asked for is not 0."""
        if "under2G" in self.resultat:
            return True
        return any(en["grunnlag"] == Grunnlag.PARAGRAF_3 for en in self.resultat.get("perioder", ()))

    @property
    def antall_g(self) -> Decimal:
        """The household's basis in G, cut to two decimals; only for practical help."""
        antall = Decimal(self.resultat["grunnlag"]) / Decimal(self.resultat["grunnbeloep"])
        return antall.quantize(_HUNDREDEL, ROUND_DOWN)

    @property
    def maanedsregel(self) -> str:
        """The rule that the tree's months are steps of."""
        return "par_10.maaned" if "under2G" in self.resultat else "par_3.maaned"


def beregningsbilde(
    beregning: Beregning,
    tjeneste: Sakstjeneste,
    person_id: str,
    i_dag: date,
    *,
    poster: Sequence[ManuellPost] = (),
    forrige: Beregning | None = None,
) -> Beregningsbilde:
    """A calculation, ready to be shown.

    Args:
        beregning: the calculation, whole.
        tjeneste: the case's service.
        person_id: the person the case is about.
        i_dag: today.
        poster: the manual posts in force.
        forrige: the year before, from its own settlement.
    """
    svar: dict[str, Any] = les_json(beregning.svar)
    resultat = {} if beregning.resultat is None else uten_tre(beregning.resultat)
    naa = maanedsnoekkel(i_dag) if beregning.aar == i_dag.year and resultat else None
    maaneder = tuple(_maaneder(resultat, naa))
    return Beregningsbilde(
        b=beregning,
        resultat=resultat,
        maaneder=maaneder,
        naa=naa,
        varsler=tuple(til_vurdering(svar)),
        opplysninger=tuple(en for en in svar["varsler"] if en["alvor"] == Alvor.INFO),
        mangler=tuple(svar["mangler"]),
        aapne=tuple(svar["aapne"]),
        personer=grunnlagsbilde(beregning, tjeneste, person_id, poster, forrige),
        diagram=diagram(beregning.aar, {en.maaned: en.egenandel for en in maaneder}, naa),
        stige=tuple(_stige(beregning, resultat, naa)),
    )


_OM_AAPNE: Final = frozenset({Sakskode.UKJENT_POST, Sakskode.POST_MAA_PLASSERES, Sakskode.POST_UTENFOR_AARET})


def til_vurdering(svar: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The warnings to look at, without those that say again what is missing and what waits to be placed."""
    mangler = {(en["grunn"], en["personId"]) for en in svar["mangler"]}
    for en in svar["varsler"]:
        sagt = (
            (en["kode"], en["personId"]) in mangler
            or (svar["aapne"] and en["kode"] in _OM_AAPNE)
            or ((svar["mangler"] or svar["aapne"]) and en["kode"] == Sakskode.GRUNNLAG_MANGLER)
        )
        if en["alvor"] != Alvor.INFO and not sagt:
            yield en


def _maaneder(resultat: Mapping[str, Any], naa: str | None) -> Iterator[Maaned]:
    for rad in resultat.get("maaneder", ()):
        yield Maaned(
            maaned=rad["maaned"],
            egenandel=Decimal(rad["egenandel"]),
            doegn=rad.get("doegn"),
            besoek=rad.get("besoek", 0),
            linjer=tuple(rad.get("linjer", ())),
            tak=_tak(rad),
            naa=rad["maaned"] == naa,
        )


def _tak(rad: Mapping[str, Any]) -> Decimal | None:
    """The cap, when the month would have cost more without it."""
    tak = rad.get("tak")
    return None if tak is None or rad["foerTak"] <= tak else Decimal(tak)


def _stige(beregning: Beregning, resultat: Mapping[str, Any], naa: str | None) -> Iterator[Trinn]:
    """The ladder in force this month, else at the end of the year, as it stood in the request."""
    if beregning.inn is None or "under2G" not in resultat:
        return
    inn = les_json(beregning.inn)
    register = inn.get("prisregister")
    siste = naa or f"{beregning.aar:04d}-12"
    for endring in sorted(inn.get("prisendringer", ()), key=lambda en: str(en["fraMaaned"])):
        if endring["fraMaaned"] <= siste:
            register = endring["prisregister"]
    if register is None:
        return
    her = next(
        (rad["trinn"] for rad in reversed(resultat["maaneder"]) if rad["maaned"] <= siste),
        (resultat["trinn"] or {}).get("nummer"),
    )
    for nummer, rad in enumerate(register.get("trinn", ()), 1):
        yield Trinn(nummer, rad, nummer == her)
