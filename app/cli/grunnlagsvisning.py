"""A basis as lines: every post of the answer with its amount, where it came from and what was ruled."""

from collections.abc import Iterable
from decimal import Decimal

from app.calc.beloep import tall_paa_norsk
from app.calc.periode import dato_paa_norsk
from app.calc.poster.inntekter import Aarsanslag, Kodeomtale
from app.calc.poster.katalog import katalogen
from app.calc.poster.langtidsgrunnlag import Langtidsgrunnlag
from app.calc.poster.paragraf_10 import Husstandsgrunnlag
from app.calc.poster.typer import AvvistPar, Omtale, Svardel, Varsel, Varselkode
from app.calc.sporing import Faktum, Node, Steg
from app.services.mangler import Mangler
from app.services.oppslag import Hentet

_POST = "skattepost."
_INGEN = f"{_POST}ingen."
"""Terms of a formula that the answer says nothing of."""


def vis_langtid(
    hvem: str, hentet: Hentet, grunnlag: Langtidsgrunnlag | None, *, forsoerget: bool = False
) -> list[str]:
    """The § 3 basis of one person; of a dependant the income only, since § 5 asks for no more."""
    linjer = _hode(hvem, hentet)
    if grunnlag is None:
        return [*linjer, "Grunnlaget etter § 3 er ukjent. Det er ikke null.", ""]
    linjer += _steg(grunnlag.inntekt, "Inntekt etter § 3: ingen post er regnet som inntekt")
    for steg in grunnlag.grupper.values():
        linjer += _gruppe(steg, grunnlag.aar, paragraf=3)
    if grunnlag.gjeldsrenter is not None:
        linjer += _gruppe(grunnlag.gjeldsrenter, grunnlag.aar, paragraf=3)
    if grunnlag.skatt is None and not forsoerget:
        linjer.append("Beregnet skatt er ukjent.")
    elif grunnlag.skatt is not None:
        for skatt in (
            grunnlag.skatt.beregnet_skatt,
            grunnlag.skatt.formuesskatt,
            grunnlag.skatt.betalt_i_utlandet,
        ):
            if skatt is not None:
                linjer += _gruppe(skatt, grunnlag.aar, paragraf=3)
    if grunnlag.holdt_utenfor:
        linjer.append("Holdt utenfor inntekten, og skatten av dem også:")
        for holdt in grunnlag.holdt_utenfor:
            linjer += _poster(holdt.poster, grunnlag.aar, paragraf=3)
    linjer += _aapne(grunnlag) + _omtaler("Bare vist:", grunnlag.bare_vist)
    uten = {Varselkode.SKATT_MANGLER} if forsoerget else set()
    varsler = [varsel for varsel in grunnlag.varsler if varsel.kode not in uten]
    linjer += _omtaler("Ikke regnet med:", grunnlag.ikke_regnet) + _varsler(varsler)
    return [*linjer, _dom(grunnlag.aapne_poster if forsoerget else grunnlag.aapne), ""]


def vis_bistand(hvem: str, hentet: Hentet, grunnlag: Husstandsgrunnlag | None) -> list[str]:
    """The § 10 basis of one person."""
    linjer = _hode(hvem, hentet)
    if grunnlag is None:
        return [*linjer, "Grunnlaget etter § 10 er ukjent. Det er ikke null.", ""]
    linjer += _steg(grunnlag.skattbar_nettoinntekt, "Skattbar nettoinntekt er ukjent.")
    for steg in grunnlag.felter.values():
        linjer += _gruppe(steg, grunnlag.aar, paragraf=10)
    linjer += _aapne(grunnlag) + _omtaler("Ikke regnet med, eller alt i summen:", grunnlag.ikke_regnet)
    return [*linjer, *_varsler(grunnlag.varsler), _dom(grunnlag.aapne), ""]


def vis_anslag(anslag: Aarsanslag | Mangler) -> list[str]:
    """The estimate of the running year."""
    if isinstance(anslag, Mangler):
        return ["Anslag fra a-ordningen: ukjent.", *_mangler([anslag]), ""]
    linjer = [f"Anslag for {anslag.aar} fra a-ordningen, foreløpig"]
    linjer += _steg(anslag.inntekt, "Ingen inntekt er regnet med.")
    for steg in anslag.grupper.values():
        linjer += [f"{steg.navn}: {tall_paa_norsk(steg.verdi)}", *(f"  {barn.formel}" for barn in steg.barn)]
    if anslag.forskuddstrekk is not None:
        linjer += _steg(anslag.forskuddstrekk, "")
    for tittel, koder in (
        ("Må plasseres av saksbehandler:", anslag.maa_plasseres),
        ("Ukjente koder:", anslag.ukjente),
        ("Ikke inntekt:", anslag.ikke_inntekt),
    ):
        linjer += _koder(tittel, koder)
    return [*linjer, *_varsler(anslag.varsler), _dom(anslag.aapne), ""]


def _hode(hvem: str, hentet: Hentet) -> list[str]:
    dato = hentet.skatteoppgjoersdato
    oppgjoer = "" if dato is None else f", skatteoppgjør {dato_paa_norsk(dato)}"
    linjer = [f"{hvem}, inntektsåret {hentet.aar}{oppgjoer}", *_mangler(hentet.mangler)]
    if hentet.ukjente_felt:
        linjer.append(f"Svaret har felt vi ikke kjenner: {', '.join(hentet.ukjente_felt)}.")
    return linjer


def _mangler(mangler: Iterable[Mangler]) -> list[str]:
    return [
        f"{rad.tekst} [{rad.grunn}"
        + (f", {rad.kode}" if rad.kode else "")
        + (f", korrelasjonsid {rad.korrelasjonsid}" if rad.korrelasjonsid else "")
        + "]"
        for rad in mangler
    ]


def _steg(steg: Steg | None, ukjent: str) -> list[str]:
    return [ukjent] if steg is None else [f"{steg.navn}: {tall_paa_norsk(steg.verdi)}"]


def _gruppe(steg: Steg, aar: int, *, paragraf: int) -> list[str]:
    return [
        f"{steg.navn}: {tall_paa_norsk(steg.verdi)} ({steg.regel.hjemmel})",
        *_poster(_blader(steg), aar, paragraf=paragraf),
    ]


def _blader(node: Node) -> list[Node]:
    """The leaves of a sum: the posts it came from."""
    return [blad for barn in node.barn for blad in _blader(barn)] or [node]


def _poster(noder: Iterable[Node], aar: int, *, paragraf: int) -> list[str]:
    linjer = []
    for node in noder:
        if isinstance(node, Faktum) and isinstance(node.verdi, Decimal) and not node.id.startswith(_INGEN):
            linjer.append(f"  {tall_paa_norsk(node.verdi)}  {node.kilde}")
            if (grunn := _grunn(node.id, aar, paragraf)) is not None:
                linjer.append(f"      {grunn}")
    return linjer


def _grunn(id: str, aar: int, paragraf: int) -> str | None:
    """The ruling behind a counted post; ``None`` for a figure of beregnet skatt."""
    rad = katalogen().post(id.removeprefix(_POST).partition(".")[0], aar)
    if rad is None:
        return None
    regel = rad.paragraf3 if paragraf == 3 else rad.paragraf10  # noqa: PLR2004 – the paragraph's number
    return regel.grunn


def _aapne(grunnlag: Langtidsgrunnlag | Husstandsgrunnlag) -> list[str]:
    linjer = _omtaler("Må plasseres av saksbehandler:", grunnlag.maa_plasseres)
    linjer += _omtaler("Ukjente poster:", grunnlag.ukjente)
    linjer += _omtaler("Poster som ikke hører til året:", grunnlag.utenfor_aar)
    for par in grunnlag.avviste:
        linjer += _par(par)
    return linjer


def _par(par: AvvistPar) -> list[str]:
    return [
        "Kom sammen, og er ikke regnet med:",
        *(_omtale(omtale) for omtale in par.poster),
        f"      {par.grunn}",
    ]


def _omtaler(tittel: str, omtaler: Iterable[Omtale]) -> list[str]:
    linjer = [linje for omtale in omtaler for linje in (_omtale(omtale), f"      {_begrunnelse(omtale)}")]
    return [tittel, *linjer] if linjer else []


def _omtale(omtale: Omtale) -> str:
    liste = "" if omtale.del_ is Svardel.FASTLAND else f" ({omtale.del_})"
    utbetaler = "" if omtale.utbetaler is None else f", utbetaler {omtale.utbetaler}"
    return f"  {tall_paa_norsk(Decimal(omtale.beloep))}  {omtale.teknisk_navn}{liste}{utbetaler}"


def _begrunnelse(omtale: Omtale) -> str:
    return omtale.grunn if omtale.hjemmel is None else f"{omtale.grunn} ({omtale.hjemmel})"


def _koder(tittel: str, koder: Iterable[Kodeomtale]) -> list[str]:
    linjer = [
        linje
        for kode in koder
        for linje in (
            f"  {tall_paa_norsk(kode.beloep)}  {kode.noekkel.beskrivelse}, utbetaler {kode.noekkel.utbetaler}",
            f"      {kode.grunn}",
        )
    ]
    return [tittel, *linjer] if linjer else []


def _varsler(varsler: Iterable[Varsel]) -> list[str]:
    linjer = [f"  {varsel.tekst}" for varsel in varsler]
    return ["Varsler:", *linjer] if linjer else []


def _dom(aapne: int) -> str:
    if aapne == 0:
        return "Grunnlaget er klart til beregning."
    return f"Grunnlaget kan ikke brukes ennå: {aapne} forhold må avklares først."
