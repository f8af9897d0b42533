"""From Skatteetaten's answers to what the catalogue takes. Nothing is added, rounded or filled in.

What the answer leaves out stays out: an amount the package does not cover is unknown, and a part of the
answer that cannot be read makes the whole answer unusable.
"""

from decimal import Decimal
from typing import Any, Final

from app.calc.poster.inntekter import Inntektslinje, Inntektsoppgave, Inntektssvar
from app.calc.poster.skatt import BeregnetSkatt as Skattetall
from app.calc.poster.skatt import Skatteart, Skattedel
from app.calc.poster.typer import Skattepost, Skattesvar, Spesifisering, Svardel
from app.skatt_client import (
    BeregnetSkatt,
    Grunnlag,
    Inntekter,
    Inntektspost,
    Oppgave,
    SkattDel,
    Skattegrunnlag,
)
from app.skatt_client import Spesifisering as Spesifiseringssvar

_BELOEP: Final = ("pensjonsinntektPerSkattleggingsperiode", "beloep")
"""Where a specification holds the amount that belongs to its post; the first that is there."""

_UKJENT_TYPE: Final = "ukjent"


class UforstaaeligError(ValueError):
    """A part of an answer that has another form than we know; names the field, never its value."""

    def __init__(self, felt: str) -> None:
        super().__init__(felt)
        self.felt = felt


def skattesvar(svar: Skattegrunnlag) -> Skattesvar:
    """Summert skattegrunnlag: the three lists as one, each post with the list it came from."""
    lister = (
        (Svardel.FASTLAND, svar.grunnlag),
        (Svardel.SVALBARD, svar.svalbard_grunnlag),
        (Svardel.KILDESKATT, svar.kildeskatt_paa_loenn_grunnlag),
    )
    return Skattesvar(
        svar.inntektsaar,
        tuple(_post(post, del_) for del_, poster in lister for post in poster or ()),
        svar.skjermet,
    )


def _post(post: Grunnlag, del_: Svardel) -> Skattepost:
    return Skattepost(
        post.teknisk_navn,
        post.beloep,
        post.kategori,
        tuple(_spesifisering(element) for element in post.spesifisering or ()),
        post.andel_skattefritt,
        post.andel_overfoert_fra_barn,
        del_,
    )


def _spesifisering(element: Spesifiseringssvar) -> Spesifisering:
    felt = element.felt
    beloep = next((felt[navn] for navn in _BELOEP if felt.get(navn) is not None), None)
    return Spesifisering(
        element.type or _UKJENT_TYPE,
        _tekst(felt.get("organisasjonsnummer")),
        _helt(beloep),
        _tekst(felt.get("land")),
        _tekst(felt.get("kontonummer")),
    )


def _tekst(verdi: object) -> str | None:
    return verdi if isinstance(verdi, str) else None


def _helt(verdi: object) -> int | None:
    """A whole number of kroner; anything else is no amount we can use, and the post is then not split."""
    if isinstance(verdi, int) and not isinstance(verdi, bool):
        return verdi
    if isinstance(verdi, Decimal) and verdi == verdi.to_integral_value():
        return int(verdi)
    return None


def skattetall(svar: BeregnetSkatt) -> Skattetall:
    """Beregnet skatt, part by part.

    Raises:
        UforstaaeligError: a part lacks its tax, or holds a deduction of an unknown form.
    """
    deler = (
        (Svardel.FASTLAND, svar.beregnet_skatt_fastland),
        (Svardel.SVALBARD, svar.beregnet_skatt_svalbard),
        (Svardel.KILDESKATT, svar.beregnet_skatt_kildeskatt_paa_loenn),
    )
    return Skattetall(
        svar.inntektsaar,
        tuple(_skattedel(del_, verdi) for del_, verdi in deler if verdi is not None),
        svar.skjermet,
    )


def _skattedel(del_: Svardel, verdi: SkattDel) -> Skattedel:
    if verdi.beregnet_skatt is None:
        # Leaving the part out would make its tax zero.
        raise UforstaaeligError("beregnetSkatt")
    arter = (verdi.skatt_og_avgift or {}).items()
    return Skattedel(
        del_,
        verdi.beregnet_skatt,
        tuple(Skatteart(navn, art.beloep, art.grunnlag) for navn, art in arter if art.beloep is not None),
        _skattefradrag(verdi.skattefradrag),
    )


def _skattefradrag(verdi: Any) -> tuple[Skatteart, ...]:
    """Credits by name; each an amount, or an object that holds one. The form is not documented."""
    if verdi is None:
        return ()
    if not isinstance(verdi, dict):
        raise UforstaaeligError("skattefradrag")
    fradrag = []
    for navn, innhold in verdi.items():
        beloep = _helt(innhold.get("beloep") if isinstance(innhold, dict) else innhold)
        if beloep is None:
            raise UforstaaeligError("skattefradrag")
        fradrag.append(Skatteart(navn, beloep))
    return tuple(fradrag)


_INNTEKTSTYPER: Final = ("loennsinntekt", "ytelseFraOffentlige", "pensjonEllerTrygd", "naeringsinntekt")


def inntektssvar(svar: Inntekter, aar: int) -> Inntektssvar:
    """A-ordningen's reports of one calendar year.

    Raises:
        UforstaaeligError: an income says neither what kind it is nor what it is called.
    """
    return Inntektssvar(aar, tuple(_oppgave(oppgave) for oppgave in svar.oppgave_inntektsmottaker))


def _oppgave(oppgave: Oppgave) -> Inntektsoppgave:
    return Inntektsoppgave(
        oppgave.kalendermaaned,
        oppgave.opplysningspliktig_id,
        tuple(_linje(inntekt) for inntekt in oppgave.inntekt or ()),
        tuple(trekk.beloep for trekk in oppgave.forskuddstrekk or ()),
    )


def _linje(inntekt: Inntektspost) -> Inntektslinje:
    slag = (
        inntekt.loennsinntekt,
        inntekt.ytelse_fra_offentlige,
        inntekt.pensjon_eller_trygd,
        inntekt.naeringsinntekt,
    )
    for navn, beskrivelse in zip(_INNTEKTSTYPER, slag, strict=True):
        if beskrivelse is not None and beskrivelse.beskrivelse:
            return Inntektslinje(
                navn, beskrivelse.beskrivelse, inntekt.fordel, inntekt.beloep, _trekkes(inntekt)
            )
    # A kind of income we do not know: shown under its own name, so that the catalogue hands it over.
    for navn, innhold in (inntekt.model_extra or {}).items():
        if isinstance(innhold, dict):
            beskrivelse_ = innhold.get("beskrivelse")
            return Inntektslinje(
                navn,
                beskrivelse_ if isinstance(beskrivelse_, str) and beskrivelse_ else _UKJENT_TYPE,
                inntekt.fordel,
                inntekt.beloep,
                _trekkes(inntekt),
            )
    raise UforstaaeligError("inntekt.beskrivelse")


def _trekkes(inntekt: Inntektspost) -> bool:
    """Unsaid counts as yes: the warning of a taxable allowance is then given rather than lost."""
    return inntekt.inngaar_i_grunnlag_for_trekk is not False
