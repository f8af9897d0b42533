"""The § 10 basis of one household member: alminnelig inntekt without gains, losses and uplifts."""

from dataclasses import dataclass, field
from decimal import Decimal

from app.calc.beloep import eksakt_regning
from app.calc.poster.katalog import Behandling10, Postrad, katalogen, katalogversjon, varsel
from app.calc.poster.noder import (
    SUM_ALMINNELIG_INNTEKT,
    SUM_GEVINST,
    SUM_OPPJUSTERING_AV_GEVINST,
    SUM_OPPJUSTERING_AV_TAP,
    SUM_OPPJUSTERING_AV_UTBYTTE,
    SUM_TAP,
    ingen,
    postfaktum,
    siste_dag,
    skattbar_nettoinntekt,
)
from app.calc.poster.plassering import kontroller, ta_ut, uvalgte
from app.calc.poster.sortering import omtal, sorter
from app.calc.poster.typer import (
    AvvistPar,
    Omtale,
    Skattepost,
    Skattesvar,
    Skjermet,
    Svardel,
    UfullstendigGrunnlagError,
    Varsel,
    Varselkode,
)
from app.calc.sporing import Node, Steg

_REGLER = {
    Behandling10.ALMINNELIG_INNTEKT: (SUM_ALMINNELIG_INNTEKT, "alminneligInntektFoerSaerfradrag"),
    Behandling10.GEVINST: (SUM_GEVINST, "gevinst"),
    Behandling10.OPPJUSTERING_AV_GEVINST: (SUM_OPPJUSTERING_AV_GEVINST, "oppjusteringAvGevinst"),
    Behandling10.TAP: (SUM_TAP, "tap"),
    Behandling10.OPPJUSTERING_AV_TAP: (SUM_OPPJUSTERING_AV_TAP, "oppjusteringAvTap"),
    Behandling10.OPPJUSTERING_AV_UTBYTTE: (SUM_OPPJUSTERING_AV_UTBYTTE, "oppjusteringAvUtbytte"),
}
"""In the order of the formula; the second name is the calculator's field."""

FELT = {behandling: felt for behandling, (_, felt) in _REGLER.items()}
"""The calculator's field of each treatment, in the order of the contract."""

PLASSERBARE = {*_REGLER, Behandling10.I_SUMMEN, Behandling10.IKKE_I_SUMMEN}
_VARSLER = {Varselkode.UTLAND, Varselkode.SVALBARD}


@dataclass(frozen=True, slots=True)
class Plassering10:
    """A caseworker's decision on one post that waits for one under § 10.

    ``I_SUMMEN`` leaves alminnelig inntekt as it is; ``ALMINNELIG_INNTEKT`` adds the post to it.
    """

    teknisk_navn: str
    som: Behandling10
    begrunnelse: str
    del_: Svardel = Svardel.FASTLAND
    beloep: int | None = field(default=None, repr=False)
    utbetaler: None = None


@dataclass(frozen=True, slots=True)
class Husstandsgrunnlag:
    """The tax part of one household member's § 10 basis."""

    aar: int
    felter: dict[Behandling10, Steg] = field(repr=False)
    """A field without posts is absent, not zero."""
    skattbar_nettoinntekt: Steg | None = field(repr=False)
    """``None`` when the answer lacks alminnelig inntekt før særfradrag."""
    maa_plasseres: tuple[Omtale, ...]
    ukjente: tuple[Omtale, ...]
    utenfor_aar: tuple[Omtale, ...]
    avviste: tuple[AvvistPar, ...]
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
        """Like ``aapne_poster``, and alminnelig inntekt that is not in the answer."""
        return self.aapne_poster + (self.skattbar_nettoinntekt is None)

    def kalkulatorfelter(self) -> dict[str, Decimal]:
        """The member's tax fields as the calculator's contract spells them.

        Raises:
            UfullstendigGrunnlagError: something is still open.
        """
        if self.aapne:
            raise UfullstendigGrunnlagError(self.aapne)
        return {FELT[behandling]: steg.verdi for behandling, steg in self.felter.items()}


def husstandsgrunnlag(
    svar: Skattesvar, plasseringer: tuple[Plassering10, ...] = ()
) -> Husstandsgrunnlag | Skjermet:
    """The § 10 basis of one person.

    Raises:
        UkjentPlasseringError: a placement points at nothing that waits.
        ValueError: a placement cannot be carried out.
    """
    if svar.skjermet:
        return Skjermet(svar.aar, svar.api)
    with eksakt_regning():
        return _husstandsgrunnlag(svar, plasseringer)


def _husstandsgrunnlag(svar: Skattesvar, plasseringer: tuple[Plassering10, ...]) -> Husstandsgrunnlag:
    sortert = sorter(svar, katalogen(), _har_virkning)
    ledd: dict[Behandling10, list[Node]] = {}
    plasseres: list[Omtale] = []
    ikke_regnet: list[Omtale] = []
    varsler = [v for v in sortert.varsler if v.kode in _VARSLER]
    tilstede = {post.teknisk_navn for post, _ in sortert.klare if post.beloep}
    for post, rad in sortert.klare:
        regel = rad.paragraf10
        negativ = post.beloep < 0 and regel.behandling is not Behandling10.ALMINNELIG_INNTEKT
        if regel.behandling in _REGLER and not negativ:
            ledd.setdefault(regel.behandling, []).append(postfaktum(post, rad.navn, svar.aar, svar.api))
            if _mangler_motpost(post, rad, tilstede):
                varsler.append(varsel(Varselkode.MOTPOST_MANGLER, navn=rad.navn))
        elif post.beloep and (regel.behandling is Behandling10.MAA_PLASSERES or regel.behandling in _REGLER):
            grunn = (
                "Beløpet er negativt. Se hva som er rettet."
                if negativ and regel.behandling in _REGLER
                else regel.grunn
            )
            plasseres.append(omtal(post, rad.navn, grunn, str(regel.hjemmel)))
        else:
            ikke_regnet.append(omtal(post, rad.navn, regel.grunn, str(regel.hjemmel)))
    ukjente, utenfor_aar, avviste = list(sortert.ukjente), list(sortert.utenfor_aar), list(sortert.avviste)
    kontroller(plasseringer)
    avgjorte = [
        _plasser(svar, valg, (plasseres, ukjente, utenfor_aar), avviste, ledd, ikke_regnet)
        for valg in plasseringer
    ]
    ikke_regnet.extend(uvalgte(avviste, avgjorte, plasseringer))

    dag = siste_dag(svar.aar)
    felter = {b: regel(*ledd[b], dato=dag) for b, (regel, _) in _REGLER.items() if b in ledd}
    nettoinntekt = None
    if Behandling10.ALMINNELIG_INNTEKT in felter:
        nettoinntekt = skattbar_nettoinntekt(
            *(
                felter.get(b) or ingen(felt, "ingen slik post i svaret", regel.navn)
                for b, (regel, felt) in _REGLER.items()
            ),
            dato=dag,
        )
    else:
        varsler.append(varsel(Varselkode.ALMINNELIG_INNTEKT_MANGLER))
    return Husstandsgrunnlag(
        svar.aar,
        felter,
        nettoinntekt,
        tuple(plasseres),
        tuple(ukjente),
        tuple(utenfor_aar),
        tuple(avviste),
        tuple(ikke_regnet),
        tuple(varsler),
        katalogversjon(),
    )


def _har_virkning(rad: Postrad) -> bool:
    return rad.paragraf10.behandling not in (Behandling10.I_SUMMEN, Behandling10.IKKE_I_SUMMEN)


def _mangler_motpost(post: Skattepost, rad: Postrad, tilstede: set[str]) -> bool:
    behandlinger = (Behandling10.OPPJUSTERING_AV_GEVINST, Behandling10.OPPJUSTERING_AV_TAP)
    return bool(post.beloep) and rad.paragraf10.behandling in behandlinger and rad.motpost not in tilstede


def _plasser(
    svar: Skattesvar,
    valg: Plassering10,
    aapne: tuple[list[Omtale], ...],
    avviste: list[AvvistPar],
    ledd: dict[Behandling10, list[Node]],
    ikke_regnet: list[Omtale],
) -> AvvistPar | None:
    """Carry out one decision; the pair it settles, when it settles one."""
    if valg.som not in PLASSERBARE:
        raise ValueError(f"{valg.teknisk_navn} kan ikke plasseres slik")
    uttak = ta_ut(valg, aapne, avviste)
    omtale = uttak.omtale
    ikke_regnet.extend(
        rad for rad in (uttak.rest, None if valg.som in _REGLER else omtale) if rad is not None
    )
    if valg.som in _REGLER:
        ledd.setdefault(valg.som, []).append(
            postfaktum(
                Skattepost(omtale.teknisk_navn, omtale.beloep, del_=omtale.del_),
                omtale.navn,
                svar.aar,
                svar.api,
                tillegg=f"; plassert av saksbehandler: {valg.begrunnelse}",
            )
        )
    return uttak.par
