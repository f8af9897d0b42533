"""The § 3 basis of one person: income groups as trees of posts, tax, interest, and what is still open."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.calc.beloep import NULL, eksakt_regning
from app.calc.poster.katalog import (
    Art,
    Avgjoerelse3,
    Behandling3,
    Katalog,
    Postrad,
    Utbetalerart,
    gyldig_organisasjonsnummer,
    katalogen,
    katalogversjon,
    varsel,
)
from app.calc.poster.noder import (
    GRUPPESUM,
    SUM_GJELDSRENTER,
    SUM_INNTEKT,
    fratrekk,
    postfaktum,
    siste_dag,
    summer,
)
from app.calc.poster.plassering import kontroller, ta_ut
from app.calc.poster.skatt import BeregnetSkatt, Skattedata, les_skatt
from app.calc.poster.sortering import BARN_GRUNN, SKATTEFRI_GRUNN, omtal, sorter
from app.calc.poster.typer import (
    Api,
    AvvistPar,
    Gruppe,
    Omtale,
    Skattepost,
    Skattesvar,
    Skjermet,
    Svardel,
    UfullstendigGrunnlagError,
    Varsel,
    Varselkode,
)
from app.calc.sporing import Faktum, Node, Sats, Steg

_FAKTORDESIMALER = 4
"""Decimals of an uplift factor; a quotient that needs more is rounding in the posts."""


class Utfall(StrEnum):
    """Where a caseworker may put a post besides the income groups."""

    GJELDSRENTER = "GJELDSRENTER"
    IKKE_INNTEKT = "IKKE_INNTEKT"
    HOLDT_UTENFOR_GEVINST = "HOLDT_UTENFOR_GEVINST"
    HOLDT_UTENFOR_TAP = "HOLDT_UTENFOR_TAP"


@dataclass(frozen=True, slots=True)
class Plassering:
    """A caseworker's decision on one post that waits for one.

    ``beloep`` limits it to part of the post; the rest is then not income. ``trekkes_fra`` turns the sign
    inside a group. Placing one post of a refused pair settles the pair.
    """

    teknisk_navn: str
    som: Gruppe | Utfall
    begrunnelse: str
    del_: Svardel = Svardel.FASTLAND
    utbetaler: str | None = None
    beloep: int | None = field(default=None, repr=False)
    trekkes_fra: bool = False


@dataclass(frozen=True, slots=True)
class HoldtUtenfor:
    """A gain or loss kept out of income, as the calculator's ``skatt.holdtUtenfor`` takes it."""

    art: Art
    beloep: Decimal = field(repr=False)
    oppjusteringsfaktor: Decimal
    beskrivelse: str
    poster: tuple[Faktum, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Langtidsgrunnlag:
    """The § 3 basis of one person and income year. A group without posts is absent, not zero."""

    aar: int
    grupper: dict[Gruppe, Steg] = field(repr=False)
    inntekt: Steg | None = field(repr=False)
    gjeldsrenter: Steg | None = field(repr=False)
    skatt: Skattedata | None = field(repr=False)
    holdt_utenfor: tuple[HoldtUtenfor, ...]
    maa_plasseres: tuple[Omtale, ...]
    ukjente: tuple[Omtale, ...]
    utenfor_aar: tuple[Omtale, ...]
    avviste: tuple[AvvistPar, ...]
    bare_vist: tuple[Omtale, ...]
    ikke_regnet: tuple[Omtale, ...]
    varsler: tuple[Varsel, ...]
    katalogversjon: str

    @property
    def aapne_poster(self) -> int:
        """How many things in the posts a caseworker must settle."""
        return (
            len(self.maa_plasseres)
            + len(self.ukjente)
            + len(self.utenfor_aar)
            + sum(par.har_virkning for par in self.avviste)
        )

    @property
    def aapne(self) -> int:
        """Like ``aapne_poster``, and tax or skattejustering that cannot be read, or a group below zero.

        Only næringsinntekt may be negative.
        """
        uten_justering = bool(self.holdt_utenfor) and (self.skatt is None or self.skatt.justering is None)
        negative = sum(
            steg.verdi < NULL for gruppe, steg in self.grupper.items() if gruppe is not Gruppe.NAERINGSINNTEKT
        )
        return self.aapne_poster + (self.skatt is None) + uten_justering + (self.inntekt is None) + negative

    def kalkulatorfelter(self) -> dict[str, Any]:
        """``inntekter``, ``gjeldsrenter`` and ``skatt`` as the calculator's contract spells them.

        Raises:
            UfullstendigGrunnlagError: something is still open.
        """
        if self.aapne or self.skatt is None:
            raise UfullstendigGrunnlagError(self.aapne)
        skatt: dict[str, Any] = {"beregnetSkatt": self.skatt.beregnet_skatt.verdi}
        if self.skatt.formuesskatt is not None:
            skatt["formuesskatt"] = self.skatt.formuesskatt.verdi
        if self.skatt.betalt_i_utlandet is not None:
            skatt["kreditfradrag"] = self.skatt.betalt_i_utlandet.verdi
        if self.holdt_utenfor and self.skatt.justering is not None:
            skatt |= {
                "alminneligInntekt": self.skatt.justering.alminnelig_inntekt.verdi,
                "personfradrag": self.skatt.justering.personfradrag.verdi,
                "skattesats": self.skatt.justering.skattesats.verdi,
                "holdtUtenfor": [
                    {
                        "art": str(holdt.art),
                        "beloep": holdt.beloep,
                        "oppjusteringsfaktor": holdt.oppjusteringsfaktor,
                        "beskrivelse": holdt.beskrivelse,
                    }
                    for holdt in self.holdt_utenfor
                ],
            }
        felter: dict[str, Any] = {
            "inntekter": {str(gruppe): steg.verdi for gruppe, steg in self.grupper.items()},
            "skatt": skatt,
        }
        if self.gjeldsrenter is not None:
            felter["gjeldsrenter"] = self.gjeldsrenter.verdi
        return felter

    def forsoergetfelter(self) -> dict[str, Decimal]:
        """What § 5 andre ledd asks of a dependant: work income and pension from folketrygden.

        Raises:
            UfullstendigGrunnlagError: something in the posts is still open.
        """
        if self.aapne_poster:
            raise UfullstendigGrunnlagError(self.aapne_poster)
        return {
            str(gruppe): self.grupper[gruppe].verdi
            for gruppe in (Gruppe.ARBEIDSINNTEKT, Gruppe.PENSJON_FRA_FOLKETRYGDEN)
            if gruppe in self.grupper
        }


@dataclass(slots=True)
class _Samler:
    """The piles while one answer is worked through."""

    svar: Skattesvar
    katalog: Katalog
    ledd: dict[Gruppe, list[Node]] = field(default_factory=dict)
    renter: list[Node] = field(default_factory=list)
    utenfor: list[HoldtUtenfor] = field(default_factory=list)
    plasseres: list[Omtale] = field(default_factory=list)
    vist: list[Omtale] = field(default_factory=list)
    ikke_regnet: list[Omtale] = field(default_factory=list)
    varsler: list[Varsel] = field(default_factory=list)

    def i_gruppe(self, gruppe: Gruppe, post: Faktum, trekkes_fra: bool) -> None:
        node = fratrekk(post, dato=siste_dag(self.svar.aar), merke=post.id) if trekkes_fra else post
        self.ledd.setdefault(gruppe, []).append(node)


def langtidsgrunnlag(
    svar: Skattesvar,
    *,
    beregnet: BeregnetSkatt | None = None,
    skattesats: Sats | Faktum | None = None,
    plasseringer: tuple[Plassering, ...] = (),
    ektefelle: Skattesvar | None = None,
    ordinaert_personfradrag: Decimal | None = None,
) -> Langtidsgrunnlag | Skjermet:
    """The § 3 basis.

    Args:
        svar: the person's posts.
        beregnet: the person's beregnet skatt of the same year; ``None`` leaves the basis incomplete.
        skattesats: rate of ordinary income tax in per cent, for the skattejustering.
        plasseringer: the caseworker's decisions on posts the catalogue hands over.
        ektefelle: the spouse's posts, only to see whether a bank account stands with both.
        ordinaert_personfradrag: the year's ordinary personfradrag, to check what is read.

    Raises:
        UkjentPlasseringError: a placement points at nothing that waits.
        ValueError: the answers are of different years, or a placement cannot be carried out.
    """
    if svar.skjermet:
        return Skjermet(svar.aar, svar.api)
    if beregnet is not None and beregnet.skjermet:
        return Skjermet(beregnet.aar, Api.BEREGNET_SKATT)
    if beregnet is not None and beregnet.aar != svar.aar:
        raise ValueError("summert skattegrunnlag og beregnet skatt gjelder ulike inntektsår")
    with eksakt_regning():
        skatt = None if beregnet is None else les_skatt(beregnet, skattesats, ordinaert_personfradrag)
        return _langtidsgrunnlag(svar, skatt, plasseringer, ektefelle)


def _langtidsgrunnlag(
    svar: Skattesvar,
    skatt: Skattedata | None,
    plasseringer: tuple[Plassering, ...],
    ektefelle: Skattesvar | None,
) -> Langtidsgrunnlag:
    katalog = katalogen()
    sortert = sorter(svar, katalog, _har_virkning)
    samler = _Samler(svar, katalog)
    samler.varsler.extend(v for v in sortert.varsler if v.kode is not Varselkode.FELLES_KONTO)
    samler.varsler.extend(_felles_konto(svar, ektefelle, sortert.varsler))
    tilstede = {post.teknisk_navn: (post, rad) for post, rad in sortert.klare}
    for post, rad in sortert.klare:
        _fordel(samler, post, rad, tilstede)
    ukjente, utenfor_aar = list(sortert.ukjente), list(sortert.utenfor_aar)
    avviste = list(sortert.avviste)
    _plasser(samler, plasseringer, ukjente, utenfor_aar, avviste)

    dag = siste_dag(svar.aar)
    grupper = {
        gruppe: GRUPPESUM[gruppe](*samler.ledd[gruppe], dato=dag)
        for gruppe in Gruppe
        if gruppe in samler.ledd
    }
    inntekt = summer(SUM_INNTEKT, list(grupper.values()), dag)
    if inntekt is None:
        samler.varsler.append(varsel(Varselkode.INGEN_POSTER))
    if skatt is None:
        samler.varsler.append(varsel(Varselkode.SKATT_MANGLER))
    else:
        samler.varsler.extend(v for v in skatt.varsler if samler.utenfor or v.kode in _SKATTEVARSLER)
    if samler.utenfor:
        samler.varsler.append(varsel(Varselkode.GEVINST_HOLDT_UTENFOR))
    return Langtidsgrunnlag(
        svar.aar,
        grupper,
        inntekt,
        summer(SUM_GJELDSRENTER, samler.renter, dag),
        skatt,
        tuple(samler.utenfor),
        tuple(samler.plasseres),
        tuple(ukjente),
        tuple(utenfor_aar),
        tuple(avviste),
        tuple(samler.vist),
        tuple(samler.ikke_regnet),
        tuple(samler.varsler),
        katalogversjon(),
    )


_SKATTEVARSLER = {
    Varselkode.FORMUESSKATT,
    Varselkode.FORMUESSKATT_UKJENT,
    Varselkode.SKATT_BETALT_I_UTLANDET,
}
"""Warnings that matter also when nothing is kept out of income."""

_TELLER = {
    Behandling3.INNTEKT,
    Behandling3.ETTER_UTBETALER,
    Behandling3.GJELDSRENTER,
    Behandling3.HOLDT_UTENFOR,
    Behandling3.OPPJUSTERING,
}


def _har_virkning(rad: Postrad) -> bool:
    return rad.paragraf3.behandling in _TELLER or rad.paragraf3.behandling is Behandling3.MAA_PLASSERES


def _fordel(
    samler: _Samler, post: Skattepost, rad: Postrad, tilstede: dict[str, tuple[Skattepost, Postrad]]
) -> None:
    """Put one post where its ruling says; every post ends in exactly one pile."""
    regel = rad.paragraf3
    hinder = _hinder(post, regel)
    if hinder is not None:
        samler.plasseres.append(_omtal3(post, rad, hinder))
        return
    match regel.behandling:
        case Behandling3.INNTEKT if regel.gruppe is not None:
            samler.i_gruppe(regel.gruppe, _faktum(samler, post, rad), regel.fortegn < 0)
        case Behandling3.ETTER_UTBETALER:
            _etter_utbetaler(samler, post, rad)
        case Behandling3.GJELDSRENTER:
            samler.renter.append(_faktum(samler, post, rad))
        case Behandling3.HOLDT_UTENFOR if regel.art is not None:
            _hold_utenfor(samler, post, rad, tilstede)
        case Behandling3.OPPJUSTERING:
            _oppjustering(samler, post, rad, tilstede)
        case Behandling3.BARE_VISNING:
            samler.vist.append(_omtal3(post, rad, regel.grunn))
        case Behandling3.SUM_ELLER_DUBLETT if (
            rad.dublett_av and post.beloep and not any(navn in tilstede for navn in rad.dublett_av)
        ):
            samler.plasseres.append(
                _omtal3(
                    post,
                    rad,
                    f"{regel.grunn} Men den andre posten er ikke i svaret, så beløpet må plasseres.",
                )
            )
        case Behandling3.MAA_PLASSERES if post.beloep:
            samler.plasseres.append(_omtal3(post, rad, regel.grunn))
        case _:
            samler.ikke_regnet.append(_omtal3(post, rad, regel.grunn))


def _hinder(post: Skattepost, regel: Avgjoerelse3) -> str | None:
    """Why a post that would count cannot, as it stands."""
    if regel.behandling not in _TELLER:
        return None
    if post.andel_overfoert_fra_barn:
        return BARN_GRUNN
    if post.andel_skattefritt:
        return SKATTEFRI_GRUNN
    if post.beloep < 0:
        return "Beløpet er negativt. Se hva som er rettet eller tilbakeført."
    return None


def _omtal3(post: Skattepost, rad: Postrad, grunn: str) -> Omtale:
    return omtal(post, rad.navn, grunn, str(rad.paragraf3.hjemmel))


def _faktum(samler: _Samler, post: Skattepost, rad: Postrad) -> Faktum:
    return postfaktum(post, rad.navn, samler.svar.aar, samler.svar.api)


def _etter_utbetaler(samler: _Samler, post: Skattepost, rad: Postrad) -> None:
    """Split a lumped pension post by the payer's organisation number; what cannot be told is handed over."""
    if not post.beloep:
        samler.ikke_regnet.append(_omtal3(post, rad, rad.paragraf3.grunn))
        return
    fordelt: dict[str, int] = {}
    for element in post.spesifisering:
        nummer, beloep = element.organisasjonsnummer, element.beloep
        if nummer is None or beloep is None or beloep < 0 or not gyldig_organisasjonsnummer(nummer):
            continue
        fordelt[nummer] = fordelt.get(nummer, 0) + beloep
    if sum(fordelt.values()) > post.beloep:
        samler.plasseres.append(
            _omtal3(post, rad, "Spesifiseringen er større enn posten. " + rad.paragraf3.grunn)
        )
        return
    dag = siste_dag(samler.svar.aar)
    for nummer, beloep in fordelt.items():
        kjent = samler.katalog.utbetaler(nummer, dag)
        gruppe = None if kjent is None else gruppe_for_utbetaler(rad.paragraf3, kjent.art)
        if kjent is not None and gruppe is not None:
            del_ = Skattepost(post.teknisk_navn, beloep, post.kategori, del_=post.del_)
            samler.i_gruppe(
                gruppe,
                postfaktum(
                    del_,
                    f"{rad.navn}, {kjent.navn}",
                    samler.svar.aar,
                    samler.svar.api,
                    tillegg=f", utbetaler {nummer}",
                    utbetaler=nummer,
                ),
                False,
            )
        elif beloep:
            samler.plasseres.append(
                Omtale(
                    post.teknisk_navn,
                    rad.navn,
                    beloep,
                    post.del_,
                    f"Vi vet ikke hva slags ordning denne utbetaleren er. {rad.paragraf3.grunn}",
                    str(rad.paragraf3.hjemmel),
                    nummer,
                )
            )
    rest = post.beloep - sum(fordelt.values())
    if rest:
        samler.plasseres.append(
            Omtale(
                post.teknisk_navn,
                rad.navn,
                rest,
                post.del_,
                f"Svaret sier ikke hvem som har utbetalt dette. {rad.paragraf3.grunn}",
                str(rad.paragraf3.hjemmel),
            )
        )


def gruppe_for_utbetaler(regel: Avgjoerelse3, art: Utbetalerart) -> Gruppe | None:
    """The group a payer of this kind gives under the ruling, or ``None`` when it does not decide."""
    return Gruppe.OFFENTLIG_TJENESTEPENSJON if art is Utbetalerart.OFFENTLIG else regel.fra_folketrygden


def _hold_utenfor(
    samler: _Samler, post: Skattepost, rad: Postrad, tilstede: dict[str, tuple[Skattepost, Postrad]]
) -> None:
    if not post.beloep or rad.paragraf3.art is None:
        samler.ikke_regnet.append(_omtal3(post, rad, rad.paragraf3.grunn))
        return
    loeft = next(
        (
            (annen, annen_rad)
            for annen, annen_rad in tilstede.values()
            if annen_rad.motpost == post.teknisk_navn and _hinder(annen, annen_rad.paragraf3) is None
        ),
        None,
    )
    faktor = None if loeft is None else _eksakt_faktor(post.beloep, loeft[0].beloep)
    noder = [_faktum(samler, post, rad)]
    if loeft is not None and faktor is not None:
        noder.append(_faktum(samler, *loeft))
    samler.utenfor.append(
        HoldtUtenfor(rad.paragraf3.art, Decimal(post.beloep), faktor or Decimal(1), rad.navn, tuple(noder))
    )


def _eksakt_faktor(beloep: int, oppjustering: int) -> Decimal | None:
    """(amount + uplift) / amount when that is a short exact number; else the uplift is listed by itself."""
    hele, rest = divmod(Decimal(beloep + oppjustering).scaleb(_FAKTORDESIMALER), Decimal(beloep))
    return None if rest else hele.scaleb(-_FAKTORDESIMALER).normalize()


def _oppjustering(
    samler: _Samler, post: Skattepost, rad: Postrad, tilstede: dict[str, tuple[Skattepost, Postrad]]
) -> None:
    art = rad.paragraf3.art
    if art in (None, Art.UTBYTTE) or not post.beloep:
        samler.ikke_regnet.append(_omtal3(post, rad, rad.paragraf3.grunn))
        return
    mot = tilstede.get(rad.motpost or "")
    loeftet = mot is not None and mot[0].beloep and _hinder(mot[0], mot[1].paragraf3) is None
    if not loeftet:
        samler.varsler.append(varsel(Varselkode.MOTPOST_MANGLER, navn=rad.navn))
    if loeftet and mot is not None and _eksakt_faktor(mot[0].beloep, post.beloep) is not None:
        samler.ikke_regnet.append(_omtal3(post, rad, rad.paragraf3.grunn))
        return
    if art is not None:
        samler.utenfor.append(
            HoldtUtenfor(art, Decimal(post.beloep), Decimal(1), rad.navn, (_faktum(samler, post, rad),))
        )


def _felles_konto(
    svar: Skattesvar, ektefelle: Skattesvar | None, varsler: tuple[Varsel, ...]
) -> list[Varsel]:
    """The general hint, made definite when the same account stands with both spouses."""
    hint = [v for v in varsler if v.kode is Varselkode.FELLES_KONTO]
    if ektefelle is None or ektefelle.skjermet:
        return hint
    kontoer = [
        {s.kontonummer for post in hver.poster for s in post.spesifisering if s.kontonummer}
        for hver in (svar, ektefelle)
    ]
    if kontoer[0] & kontoer[1]:
        return [varsel(Varselkode.SAMME_KONTO)]
    return hint


def _plasser(
    samler: _Samler,
    plasseringer: tuple[Plassering, ...],
    ukjente: list[Omtale],
    utenfor_aar: list[Omtale],
    avviste: list[AvvistPar],
) -> None:
    """Carry out the caseworker's decisions; what they settle leaves the open lists."""
    kontroller(plasseringer)
    avgjorte: list[AvvistPar | None] = []
    for valg in plasseringer:
        omtale, par = ta_ut(valg, (samler.plasseres, ukjente, utenfor_aar), avviste)
        avgjorte.append(par)
        _utfoer(samler, valg, omtale)
    avviste[:] = [par for par in avviste if par not in avgjorte]


def _utfoer(samler: _Samler, valg: Plassering, omtale: Omtale) -> None:
    node = postfaktum(
        Skattepost(omtale.teknisk_navn, omtale.beloep, del_=omtale.del_),
        omtale.navn,
        samler.svar.aar,
        samler.svar.api,
        tillegg=f"; plassert av saksbehandler: {valg.begrunnelse}",
        utbetaler=omtale.utbetaler,
    )
    if isinstance(valg.som, Gruppe):
        samler.i_gruppe(valg.som, node, valg.trekkes_fra)
    elif valg.som is Utfall.GJELDSRENTER:
        samler.renter.append(node)
    elif valg.som is Utfall.IKKE_INNTEKT or not omtale.beloep:
        samler.ikke_regnet.append(replace(omtale, grunn=f"Plassert av saksbehandler: {valg.begrunnelse}"))
    else:
        art = Art.GEVINST if valg.som is Utfall.HOLDT_UTENFOR_GEVINST else Art.TAP
        samler.utenfor.append(HoldtUtenfor(art, Decimal(omtale.beloep), Decimal(1), omtale.navn, (node,)))
