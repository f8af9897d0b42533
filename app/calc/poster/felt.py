"""A field of the calculators' request: its figure, where it comes from, and what a caseworker lays on top."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final, NamedTuple

from app.calc.beloep import NULL
from app.calc.poster.feltregler import fra_oppgjoeret, viderefoert
from app.calc.poster.katalog import varsel
from app.calc.poster.noder import siste_dag
from app.calc.poster.typer import UfullstendigGrunnlagError, Varsel, Varselkode
from app.calc.sporing import Faktum, Node, Regel, Steg, merket, som_tall


class Opphav(StrEnum):
    """Where a field's figure comes from."""

    OPPGJOER = "OPPGJOER"
    """The settlement the paragraph asks for."""
    ANSLAG = "ANSLAG"
    """Estimated from a-ordningen."""
    VIDEREFOERT = "VIDEREFOERT"
    """Carried forward from an older settlement."""
    OPPGITT = "OPPGITT"
    """Entered by a caseworker, whole or in part."""


class Virkning(StrEnum):
    """What an entered figure does to its field."""

    ERSTATTER = "ERSTATTER"
    LEGGES_TIL = "LEGGES_TIL"


@dataclass(frozen=True, slots=True)
class Oppgitt:
    """A figure entered by a caseworker.

    ``felt`` is the JSON pointer of the calculator's field, the same as in ``Sammenstilling.felter``. ``kilde``
    is who told it, such as Nav.
    """

    felt: str
    beloep: Decimal = field(repr=False)
    virkning: Virkning
    begrunnelse: str = field(repr=False)
    kilde: str | None = None


@dataclass(frozen=True, slots=True)
class Felt:
    """One figure of the request."""

    node: Node
    opphav: Opphav
    erstatter: Node | None = None
    """What would have stood here had nobody entered anything; for showing, never part of the tree."""


@dataclass(frozen=True, slots=True)
class Sammenstilling:
    """The fields of one person in one year, each with its tree. What is unknown is absent and counted as open."""

    aar: int
    prefiks: str
    """Where the person stands in the request: empty for the resident, ``/forsoergede/0``, ``/husstand/1``."""
    felter: dict[str, Felt] = field(repr=False)
    """By JSON pointer in the request, in the order of the contract."""
    tekster: dict[str, str] = field(repr=False)
    """What the contract asks for beside the figures, by pointer."""
    foreloepig: bool
    aapne: int
    """How many things a caseworker must settle first; each has a warning, or stands in its source's lists."""
    varsler: tuple[Varsel, ...]

    def kalkulatorfelter(self) -> dict[str, Any]:
        """The person's part of the request as the contract spells it.

        Raises:
            UfullstendigGrunnlagError: something is still open.
        """
        if self.aapne:
            raise UfullstendigGrunnlagError(self.aapne)
        rot: dict[str, Any] = {}
        verdier: dict[str, Any] = {peker: felt.node.verdi for peker, felt in self.felter.items()}
        for peker, verdi in (self.tekster | verdier).items():
            _sett_inn(rot, peker.removeprefix(self.prefiks).split("/")[1:], verdi)
        return rot

    def kilder(self, under: str = "") -> dict[str, Node]:
        """What each figure came from, by pointer, for ``skriv_kilder``.

        Args:
            under: where the request itself stands in a larger one: ``/endelig`` or ``/foreloepig``.
        """
        return {f"{under}{peker}": felt.node for peker, felt in self.felter.items()}


def _sett_inn(rot: dict[str, Any], sti: list[str], verdi: Any) -> None:
    """Put a value at its pointer. Items of a list come in order."""
    her: Any = rot
    for ledd, neste in pairwise(sti):
        tomt: Any = [] if neste.isdigit() else {}
        if isinstance(her, list):
            if int(ledd) == len(her):
                her.append(tomt)
            her = her[int(ledd)]
        else:
            her = her.setdefault(ledd, tomt)
    her[sti[-1]] = verdi


class Feltregler(NamedTuple):
    """The two rules an entered figure is explained with."""

    oppgitt: Regel
    tillegg: Regel


class Feltnavn(NamedTuple):
    """How a field is named, and what it may be."""

    navn: str
    kan_legges_til: bool = True
    kan_vaere_negativ: bool = False


_HOLDT_UTENFOR: Final = Feltnavn("Beløp holdt utenfor inntekten")
"""The only fields that cannot be entered: items of the settlement."""


def av_oppgjoer(samling: "Samling", lokal: str, node: Node, aar: int) -> Felt:
    """A settlement's figure: as it is when the settlement is of the year itself, else carried forward."""
    merke = samling.merke(lokal, aar)
    if aar == samling.aar:
        return Felt(fra_oppgjoeret(node, dato=samling.dag, merke=merke), Opphav.OPPGJOER)
    return Felt(viderefoert(node, dato=samling.dag, merke=merke), Opphav.VIDEREFOERT)


class Samling:
    """The fields of one person while they are put together; ``lokal`` is a pointer from the person."""

    def __init__(
        self,
        aar: int,
        prefiks: str,
        kjente: Mapping[str, Feltnavn],
        oppgitte: Iterable[Oppgitt],
        regler: Feltregler,
    ) -> None:
        """Take the entered figures in.

        Args:
            aar: the year that is computed.
            prefiks: where the person stands in the request.
            kjente: the fields that exist, in the order of the contract.
            oppgitte: what is entered for this person.
            regler: how entered figures are explained.

        Raises:
            ValueError: an entered figure for a field that is not the person's or cannot be added to, one
                without a reason, or two in place of the same figure.
        """
        self.aar = aar
        self.dag = siste_dag(aar)
        self.felter: dict[str, Felt] = {}
        self.tekster: dict[str, str] = {}
        self.ukjente: list[str] = []
        """Names of fields that no source knows and nobody has entered."""
        self._prefiks = prefiks
        self._kjente = kjente
        self._regler = regler
        self._varsler: list[Varsel] = []
        self._aapne = 0
        self._oppgitte: dict[str, list[Oppgitt]] = {}
        for rad in oppgitte:
            lokal = rad.felt.removeprefix(prefiks)
            kjent = kjente.get(lokal) if rad.felt.startswith(prefiks) else None
            if kjent is None or (rad.virkning is Virkning.LEGGES_TIL and not kjent.kan_legges_til):
                raise ValueError(f"{rad.felt} kan ikke oppgis slik")
            if not rad.begrunnelse.strip():
                raise ValueError(f"{rad.felt}: det oppgitte mangler begrunnelse")
            self._oppgitte.setdefault(lokal, []).append(rad)
        for lokal in self._oppgitte:
            if len(self._med(lokal, Virkning.ERSTATTER)) > 1:
                raise ValueError(f"{prefiks}{lokal} er erstattet to ganger")

    def _med(self, lokal: str, virkning: Virkning) -> list[Oppgitt]:
        return [rad for rad in self._oppgitte.get(lokal, ()) if rad.virkning is virkning]

    def er_oppgitt(self, lokal: str) -> bool:
        """Whether anything is entered for the field."""
        return lokal in self._oppgitte

    def er_erstattet(self, lokal: str) -> bool:
        """Whether a figure is entered in place of the field's own."""
        return bool(self._med(lokal, Virkning.ERSTATTER))

    def navn(self, lokal: str) -> str:
        """The field's name inside a sentence."""
        navn = self._kjente[lokal].navn
        return navn[:1].lower() + navn[1:]

    def merke(self, lokal: str, aar: int) -> str:
        """What tells the field's step apart from the other fields'."""
        return f"{aar}, {self.navn(lokal)}"

    def aapent(self, kode: Varselkode, **felt: str) -> None:
        """Something a caseworker must settle before the figures may be used."""
        self._aapne += 1
        self.varsle(kode, **felt)

    def aapne_i_kilden(self, antall: int) -> None:
        """What is open in a source stands in the source's own lists."""
        self._aapne += antall

    def varsle(self, kode: Varselkode, **felt: str) -> None:
        """Something a caseworker should look at."""
        self.ta_med([varsel(kode, **felt)])

    def ta_med(self, varsler: Iterable[Varsel]) -> None:
        """Warnings that are already written; the same one is said once."""
        self._varsler.extend(v for v in varsler if v not in self._varsler)

    def sett(
        self, lokal: str, fra: Felt | None, *, ukjent: bool = False, oppgitt: Regel | None = None
    ) -> None:
        """Set a field: its own figure, with what is entered in place of it and added to it.

        Args:
            lokal: the field.
            fra: its own figure; ``None`` when it has none.
            ukjent: whether no figure means that it is unknown, rather than that there is none of it.
            oppgitt: the rule for an entered figure that is not kroner.
        """
        egen = None if fra is None else fra.node
        felt = fra
        for rad in self._med(lokal, Virkning.ERSTATTER):
            node = self._steg(oppgitt or self._regler.oppgitt, lokal, (self._faktum(lokal, rad, oppgitt),))
            felt = Felt(node, Opphav.OPPGITT, egen)
        tillegg = [self._faktum(lokal, rad, None) for rad in self._med(lokal, Virkning.LEGGES_TIL)]
        if felt is None and ukjent:
            if tillegg:  # something added to an unknown amount is still unknown
                self.aapent(Varselkode.TILLEGG_TIL_UKJENT, navn=self.navn(lokal))
            else:
                self.ukjente.append(self.navn(lokal))
        elif tillegg:
            grunnlag: tuple[Node, ...] = () if felt is None else (felt.node,)
            felt = Felt(self._steg(self._regler.tillegg, lokal, (*grunnlag, *tillegg)), Opphav.OPPGITT, egen)
        if felt is not None:
            self.felter[lokal] = felt

    def _steg(self, regel: Regel, lokal: str, noder: tuple[Node, ...]) -> Steg:
        return regel(*noder, dato=self.dag, merke=self.merke(lokal, self.aar))

    def _faktum(self, lokal: str, rad: Oppgitt, regel: Regel | None) -> Faktum:
        hvem = "" if rad.kilde is None else f", etter {rad.kilde}"
        return Faktum(
            f"oppgitt{lokal.replace('/', '.')}",
            self._kjente[lokal].navn,
            rad.beloep,
            self._regler.oppgitt.enhet if regel is None else regel.enhet,
            f"oppgitt av saksbehandler{hvem}: {rad.begrunnelse}",
        )

    def ferdig(self, foreloepig: bool, merke: str = "") -> Sammenstilling:
        """The fields as they became.

        Args:
            foreloepig: whether they stand until the settlement comes.
            merke: tells the person's steps apart from the others' in the same tree.
        """
        for lokal, felt in self.felter.items():
            kjent = self._kjente.get(lokal, _HOLDT_UTENFOR)
            if not kjent.kan_vaere_negativ and som_tall(felt.node) < NULL:
                self.aapent(Varselkode.NEGATIVT_FELT, navn=kjent.navn)
        if merke:
            self.felter = {
                lokal: Felt(
                    merket(felt.node, merke),
                    felt.opphav,
                    None if felt.erstatter is None else merket(felt.erstatter, merke),
                )
                for lokal, felt in self.felter.items()
            }
        return Sammenstilling(
            self.aar,
            self._prefiks,
            {f"{self._prefiks}{lokal}": felt for lokal, felt in self.felter.items()},
            {f"{self._prefiks}{lokal}": tekst for lokal, tekst in self.tekster.items()},
            foreloepig,
            self._aapne,
            tuple(self._varsler),
        )
