"""§ 3: the year's figures put together from settlement, a-ordningen and what is entered.

With the settlement of the year itself every field comes from it, and nothing is foreløpig. Until then each field is
entered, estimated from a-ordningen, or carried forward from the newest settlement, and says which. What no source
knows is absent and counted as open: it is never zero.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from app.calc.beloep import NULL, eksakt_regning
from app.calc.poster.felt import (
    Felt,
    Feltnavn,
    Feltregler,
    Oppgitt,
    Opphav,
    Samling,
    Sammenstilling,
    av_oppgjoer,
)
from app.calc.poster.feltregler import (
    fra_a_ordningen,
    fremskrevet,
    med_tillegg,
    oppgitt,
)
from app.calc.poster.inntekter import Aarsanslag
from app.calc.poster.katalog import katalogen
from app.calc.poster.langtidsgrunnlag import Langtidsgrunnlag
from app.calc.poster.noder import GRUPPENAVN
from app.calc.poster.sammenstilling_skatt import SKATTEFELT, SKATTESATS, SKATTEVARSLER, sett_skatt
from app.calc.poster.typer import Gruppe, Varselkode
from app.calc.sporing import Enhet, Faktum, Node, som_tall

A_ORDNINGEN: Final = (
    Gruppe.PENSJON_FRA_FOLKETRYGDEN,
    Gruppe.ANDRE_LOEPENDE_TRYGDEYTELSER,
    Gruppe.OFFENTLIG_TJENESTEPENSJON,
    Gruppe.PRIVAT_PENSJON,
    Gruppe.ARBEIDSINNTEKT,
)
"""The groups that are reported month by month. The others are first known at the settlement."""

GJELDSRENTER: Final = "/gjeldsrenter"
TENKT_ETTERLATTEPENSJON: Final = "/tenktEtterlattepensjon"
_INNTEKTSFELT: Final = {gruppe: f"/inntekter/{gruppe}" for gruppe in Gruppe}
_FELT: Final = {
    **{
        felt: Feltnavn(GRUPPENAVN[gruppe], kan_vaere_negativ=gruppe is Gruppe.NAERINGSINNTEKT)
        for gruppe, felt in _INNTEKTSFELT.items()
    },
    **SKATTEFELT,
    GJELDSRENTER: Feltnavn("Gjeldsrenter"),
}
_FORSOERGETFELT: Final = {
    Gruppe.ARBEIDSINNTEKT: f"/{Gruppe.ARBEIDSINNTEKT}",
    Gruppe.PENSJON_FRA_FOLKETRYGDEN: f"/{Gruppe.PENSJON_FRA_FOLKETRYGDEN}",
}
"""What § 5 andre ledd asks of a dependant."""

FELT_LANGTID: Final = frozenset(_FELT)
"""What a caseworker may enter for the resident."""

FELT_FORSOERGET: Final = frozenset({TENKT_ETTERLATTEPENSJON, *_FORSOERGETFELT.values()})
"""What a caseworker may enter for a dependant."""
_REGLER: Final = Feltregler(oppgitt, med_tillegg)
_UENDRET: Final = Decimal(1)
_UTEN_FAKTORER: Final[Mapping[Gruppe, Decimal]] = {}


def sammenstill_langtid(
    aar: int,
    oppgjoer: Langtidsgrunnlag | None,
    anslag: Aarsanslag | None = None,
    oppgitte: tuple[Oppgitt, ...] = (),
    faktorer: Mapping[Gruppe, Decimal] = _UTEN_FAKTORER,
) -> Sammenstilling:
    """The resident's income, tax and debt interest of a year.

    Args:
        aar: the year that is computed.
        oppgjoer: the newest settlement, of ``aar`` or an earlier year; ``None`` when there is none, or it is
            withheld and the figures are entered.
        anslag: a-ordningen for ``aar``; not used when the settlement is of the year itself.
        oppgitte: what a caseworker has entered, by the calculator's field.
        faktorer: the kommune's projection factor per income group; 1 where it has none.

    Raises:
        ValueError: a source of the wrong year, a factor that is not positive, or an entered figure that
            cannot stand (see ``Samling``).
    """
    if any(rad.felt == SKATTESATS and NULL < rad.beloep < 1 for rad in oppgitte):
        raise ValueError("skattesatsen oppgis i prosent, for eksempel 22")
    with eksakt_regning():
        kilder = _Kilder(aar, oppgjoer, anslag, faktorer)
        samling = Samling(aar, "", _FELT, oppgitte, _REGLER)
        kilder.sett_grupper(samling, _INNTEKTSFELT)
        if not samling.felter:
            samling.aapent(Varselkode.INGEN_POSTER)
        trekk = None if kilder.anslag is None else kilder.anslag.forskuddstrekk
        bortfalt = sett_skatt(samling, oppgjoer, trekk)
        kilder.sett_gjeldsrenter(samling)
        kilder.meld(samling, bortfalt | {Varselkode.INGEN_POSTER})
        if kilder.oppgjoer is None and kilder.anslag is None:
            # Who enters all the figures answers for the whole of them; what is not entered is named.
            ikke_med = ", ".join(samling.ukjente) or "ingenting"
            samling.varsle(Varselkode.OPPGITT_FOR_HAAND, navn=ikke_med)
        else:
            _krev_kjent(samling)
        return samling.ferdig(kilder.foreloepig)


def sammenstill_forsoerget(
    nr: int,
    aar: int,
    oppgjoer: Langtidsgrunnlag | None,
    anslag: Aarsanslag | None = None,
    oppgitte: tuple[Oppgitt, ...] = (),
    faktorer: Mapping[Gruppe, Decimal] = _UTEN_FAKTORER,
) -> Sammenstilling:
    """What § 5 andre ledd asks of one the resident supports: own work income and pension from folketrygden.

    Tenkt etterlattepensjon has no other source than the caseworker, and may be entered here too.

    Args:
        nr: the dependant's place in ``forsoergede``; entered figures are for ``/forsoergede/<nr>/…``.
        aar: the year that is computed.
        oppgjoer: the dependant's newest settlement, with or without tax.
        anslag: a-ordningen for the dependant.
        oppgitte: what a caseworker has entered.
        faktorer: the kommune's projection factors.

    Raises:
        ValueError: as for the resident.
    """
    with eksakt_regning():
        kilder = _Kilder(aar, oppgjoer, anslag, faktorer)
        kjente = {
            TENKT_ETTERLATTEPENSJON: Feltnavn("Tenkt etterlattepensjon"),
            **{felt: Feltnavn(GRUPPENAVN[gruppe]) for gruppe, felt in _FORSOERGETFELT.items()},
        }
        samling = Samling(aar, f"/forsoergede/{nr}", kjente, oppgitte, _REGLER)
        samling.sett(TENKT_ETTERLATTEPENSJON, None)
        kilder.sett_grupper(samling, _FORSOERGETFELT)
        kilder.meld(samling, SKATTEVARSLER)
        _krev_kjent(samling)
        return samling.ferdig(kilder.foreloepig, f"forsørget {nr + 1}")


class _Kilder:
    """Settlement and a-ordningen of one person, and which of them speaks for what."""

    def __init__(
        self,
        aar: int,
        oppgjoer: Langtidsgrunnlag | None,
        anslag: Aarsanslag | None,
        faktorer: Mapping[Gruppe, Decimal],
    ) -> None:
        if oppgjoer is not None and oppgjoer.aar > aar:
            raise ValueError("oppgjøret gjelder et senere år enn det som beregnes")
        if anslag is not None and anslag.aar != aar:
            raise ValueError("a-ordningen gjelder et annet år enn det som beregnes")
        for gruppe, faktor in faktorer.items():
            if faktor <= NULL:
                raise ValueError(f"faktoren for {gruppe} skal være større enn 0")
        self.oppgjoer = oppgjoer
        self.faktorer = faktorer
        self.foreloepig = oppgjoer is None or oppgjoer.aar != aar
        self._gitt = anslag if self.foreloepig else None
        # Until one complete month has income, a-ordningen has said nothing of the year.
        self.anslag = None if self._gitt is None or self._gitt.inntekt is None else self._gitt

    def sett_grupper(self, samling: Samling, felt: Mapping[Gruppe, str]) -> None:
        """Set the income fields."""
        for gruppe, lokal in felt.items():
            fra = self._viderefoert(samling, gruppe, lokal)
            ukjent = self.oppgjoer is None
            if self.anslag is not None:
                estimat = self._estimat(samling, gruppe, lokal, self.anslag)
                if not samling.er_oppgitt(lokal):
                    self._spoer(samling, gruppe, self.anslag)
                if gruppe in A_ORDNINGEN:
                    # Its own groups a-ordningen knows to the end: what it does not have this year is not
                    # carried forward beside what came instead (at 67 uføretrygd becomes alderspensjon).
                    fra, ukjent = estimat, False
                else:
                    fra = fra or estimat
            samling.sett(lokal, fra, ukjent=ukjent)

    def _viderefoert(self, samling: Samling, gruppe: Gruppe, lokal: str) -> Felt | None:
        """The settlement's figure, with the kommune's factor when it is carried to another year."""
        steg = None if self.oppgjoer is None else self.oppgjoer.grupper.get(gruppe)
        if self.oppgjoer is None or steg is None:
            return None
        faktor = self.faktorer.get(gruppe, _UENDRET)
        if not self.foreloepig or faktor == _UENDRET:
            return av_oppgjoer(samling, lokal, steg, self.oppgjoer.aar)
        kommunens = Faktum(
            f"fremskriving.{gruppe}",
            f"Kommunens faktor for {samling.navn(lokal)}",
            faktor,
            Enhet.FAKTOR,
            f"kommunens oppsett for {samling.aar}",
        )
        merke = samling.merke(lokal, self.oppgjoer.aar)
        return Felt(fremskrevet(steg, kommunens, dato=samling.dag, merke=merke), Opphav.VIDEREFOERT)

    def _estimat(self, samling: Samling, gruppe: Gruppe, lokal: str, anslag: Aarsanslag) -> Felt | None:
        steg = anslag.grupper.get(gruppe)
        if steg is None:
            return None
        merke = samling.merke(lokal, samling.aar)
        return Felt(fra_a_ordningen(steg, dato=samling.dag, merke=merke), Opphav.ANSLAG)

    def _spoer(self, samling: Samling, gruppe: Gruppe, anslag: Aarsanslag) -> None:
        """Count as open what the two sources cannot settle between them, and nothing is entered about."""
        if self.oppgjoer is None or gruppe not in self.oppgjoer.grupper:
            return
        foer = self.oppgjoer.grupper[gruppe]
        felt = {"navn": GRUPPENAVN[gruppe], "aar": str(self.oppgjoer.aar)}
        if gruppe not in A_ORDNINGEN:
            if gruppe in anslag.grupper:
                samling.aapent(Varselkode.I_BEGGE_KILDER, **felt)
        elif gruppe not in anslag.grupper:
            # Ended, or not reported: only a caseworker can tell, so it is not dropped.
            if foer.verdi:
                samling.aapent(Varselkode.IKKE_I_A_ORDNINGEN, **felt)
        elif _fra_utlandet(foer, self.oppgjoer.aar):
            samling.aapent(Varselkode.UTLAND_IKKE_I_A_ORDNINGEN, **felt)

    def sett_gjeldsrenter(self, samling: Samling) -> None:
        """Debt interest: a-ordningen does not have it."""
        fra = None
        if self.oppgjoer is not None and self.oppgjoer.gjeldsrenter is not None:
            fra = av_oppgjoer(samling, GJELDSRENTER, self.oppgjoer.gjeldsrenter, self.oppgjoer.aar)
        samling.sett(GJELDSRENTER, fra, ukjent=self.oppgjoer is None)

    def meld(self, samling: Samling, bortfalt: frozenset[Varselkode]) -> None:
        """Pass on the sources' warnings, except those that no longer hold, and count what is open in them.

        A settlement that is given counts with all its open posts, whatever is entered: an unknown post may be of
        a kind that nobody has entered. To set it aside, leave it out.
        """
        if self.oppgjoer is not None:
            samling.ta_med(v for v in self.oppgjoer.varsler if v.kode not in bortfalt)
            samling.aapne_i_kilden(self.oppgjoer.aapne_poster)
        if self._gitt is not None:
            samling.ta_med(v for v in self._gitt.varsler if v.kode not in bortfalt)
            samling.aapne_i_kilden(len(self._gitt.maa_plasseres) + len(self._gitt.ukjente))
        if self.foreloepig:
            samling.varsle(Varselkode.GRUNNLAG_FORELOEPIG, aar=str(samling.aar))


def _krev_kjent(samling: Samling) -> None:
    """Every field that no source knows is open."""
    if samling.ukjente:
        samling.aapne_i_kilden(len(samling.ukjente))
        samling.varsle(Varselkode.UKJENT_UTEN_OPPGJOER, navn=", ".join(samling.ukjente))


def _fra_utlandet(node: Node, aar: int) -> bool:
    """Whether any post below the node, with an amount, comes from abroad by its ruling."""
    if isinstance(node, Faktum):
        rad = katalogen().post(node.id.split(".")[1], aar) if node.id.startswith("skattepost.") else None
        return rad is not None and Varselkode.UTLAND in rad.varsler and som_tall(node) != NULL
    return any(_fra_utlandet(barn, aar) for barn in node.barn)
