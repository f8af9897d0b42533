"""§ 3: tax of the year, when income and tax may come from different sources.

Tax must mirror the income that counts. So beregnet skatt, what was kept out of income, and the credit for tax paid
abroad go together: they are parts of one settlement, and are carried forward together or not at all.

- The year's own settlement: all of it. An entered beregnet skatt stands for the same tax, so the year's gains and
  losses are taken out of it like they would have been.
- Carried forward: the older tax has the older year's gain in it and the carried income has not, so the
  skattejustering is carried with it, at that year's rate. Tax is never multiplied by a factor: it does not
  follow income in proportion.
- Forskuddstrekk, or a tax entered for a year without settlement: it is of this year, and knows nothing of an
  older year's gain. No skattejustering, and no credit, unless they are entered.
- Formuesskatt is carried forward also when the tax it is taken out of has another source: beregnet skatt is
  entered with formuesskatt in it, and forskuddstrekk is set to cover the whole tax. The kommune's choice to deduct
  it, and an entered 0, undo that.
"""

from typing import Final

from app.calc.poster.felt import Felt, Feltnavn, Opphav, Samling, av_oppgjoer
from app.calc.poster.feltregler import (
    fra_a_ordningen,
    fra_oppgjoeret,
    oppgitt_sats,
    oppjusteringsfaktor,
    sats_i_oppgjoeret,
    viderefoert,
)
from app.calc.poster.langtidsgrunnlag import HoldtUtenfor, Langtidsgrunnlag
from app.calc.poster.typer import Varselkode
from app.calc.sporing import Enhet, Faktum, Steg

BEREGNET: Final = "/skatt/beregnetSkatt"
FORMUESSKATT: Final = "/skatt/formuesskatt"
KREDITFRADRAG: Final = "/skatt/kreditfradrag"
ALMINNELIG_INNTEKT: Final = "/skatt/alminneligInntekt"
PERSONFRADRAG: Final = "/skatt/personfradrag"
SKATTESATS: Final = "/skatt/skattesats"
HOLDT_UTENFOR: Final = "/skatt/holdtUtenfor"

SKATTEFELT: Final = {
    BEREGNET: Feltnavn("Beregnet skatt"),
    FORMUESSKATT: Feltnavn("Formuesskatt"),
    KREDITFRADRAG: Feltnavn("Skatt betalt i utlandet"),
    ALMINNELIG_INNTEKT: Feltnavn("Alminnelig inntekt", kan_legges_til=False),
    PERSONFRADRAG: Feltnavn("Personfradrag", kan_legges_til=False),
    SKATTESATS: Feltnavn("Skattesats", kan_legges_til=False),
}
_JUSTERING: Final = (ALMINNELIG_INNTEKT, PERSONFRADRAG, SKATTESATS)
_AV_OPPGJOERETS_SKATT: Final = frozenset(
    {
        Varselkode.GEVINST_HOLDT_UTENFOR,
        Varselkode.SKATTESATS_MANGLER,
        Varselkode.SKATTEGRUNNLAG_ULIKE,
        Varselkode.PERSONFRADRAG_UKJENT,
        Varselkode.SKATTESATS_FOR_LAV,
        Varselkode.PERSONFRADRAG_AVVIKER,
        Varselkode.SKATTEFRADRAG,
        Varselkode.SKATT_BETALT_I_UTLANDET,
        Varselkode.FORMUESSKATT,
        Varselkode.FORMUESSKATT_UKJENT,
    }
)
SKATTEVARSLER: Final = _AV_OPPGJOERETS_SKATT | {Varselkode.SKATT_MANGLER}
"""A settlement's warnings about its tax."""


def sett_skatt(
    samling: Samling, oppgjoer: Langtidsgrunnlag | None, trekk: Steg | None
) -> frozenset[Varselkode]:
    """Set the fields of ``skatt``; the income fields are set.

    Args:
        samling: the person's fields.
        oppgjoer: the newest settlement.
        trekk: forskuddstrekk of the year, when it may be used.

    Returns:
        The settlement's warnings that do not hold for the tax as it became.
    """
    data = None if oppgjoer is None else oppgjoer.skatt
    fra: Felt | None = None
    if trekk is not None:
        merke = f"{samling.aar}, skatt trukket"
        fra = Felt(fra_a_ordningen(trekk, dato=samling.dag, merke=merke), Opphav.ANSLAG)
    elif oppgjoer is not None and data is not None:
        fra = av_oppgjoer(samling, BEREGNET, data.beregnet_skatt, oppgjoer.aar)
    samling.sett(BEREGNET, fra, ukjent=samling.er_oppgitt(BEREGNET))
    if fra is None and not samling.er_oppgitt(BEREGNET):
        samling.aapent(Varselkode.SKATT_MANGLER)
    hel = oppgjoer is not None and (
        oppgjoer.aar == samling.aar
        or (data is not None and trekk is None and not samling.er_erstattet(BEREGNET))
    )
    _sett_formuesskatt(samling, oppgjoer, hel)
    _sett_kreditfradrag(samling, oppgjoer, hel)
    _sett_skattejustering(samling, oppgjoer, hel)
    if hel and oppgjoer is not None and oppgjoer.aar != samling.aar:
        _sammenlign_med_inntekten(samling, oppgjoer.aar)
    return (frozenset() if hel else _AV_OPPGJOERETS_SKATT) | {Varselkode.SKATT_MANGLER}


def _sett_formuesskatt(samling: Samling, oppgjoer: Langtidsgrunnlag | None, hel: bool) -> None:
    data = None if oppgjoer is None else oppgjoer.skatt
    steg = None if data is None else data.formuesskatt
    fra = None
    kjent = data is not None and all(v.kode is not Varselkode.FORMUESSKATT_UKJENT for v in data.varsler)
    if (
        not (kjent or (hel and data is not None) or samling.er_oppgitt(FORMUESSKATT))
        and BEREGNET in samling.felter
    ):
        samling.varsle(Varselkode.FORMUESSKATT_IKKE_OPPGITT)
    if oppgjoer is not None and steg is not None:
        fra = av_oppgjoer(samling, FORMUESSKATT, steg, oppgjoer.aar)
        if not hel and steg.verdi and not samling.er_oppgitt(FORMUESSKATT):
            samling.varsle(Varselkode.FORMUESSKATT_FRA_ANNET_AAR, aar=str(oppgjoer.aar))
    samling.sett(
        FORMUESSKATT,
        fra,
        # Who enters the tax answers for what is in it; of forskuddstrekk alone nobody has said anything.
        ukjent=data is None and BEREGNET in samling.felter and not samling.er_erstattet(BEREGNET),
    )


def _sett_kreditfradrag(samling: Samling, oppgjoer: Langtidsgrunnlag | None, hel: bool) -> None:
    steg = None if oppgjoer is None or oppgjoer.skatt is None else oppgjoer.skatt.betalt_i_utlandet
    fra = None
    if oppgjoer is not None and steg is not None and hel:
        fra = av_oppgjoer(samling, KREDITFRADRAG, steg, oppgjoer.aar)
    elif oppgjoer is not None and steg is not None and not samling.er_oppgitt(KREDITFRADRAG):
        samling.varsle(Varselkode.KREDITFRADRAG_IKKE_MED, aar=str(oppgjoer.aar))
    samling.sett(KREDITFRADRAG, fra)


def _sett_skattejustering(samling: Samling, oppgjoer: Langtidsgrunnlag | None, hel: bool) -> None:
    """What is kept out of the settlement's income is taken out of its tax, wherever that tax goes."""
    utenfor = () if oppgjoer is None else oppgjoer.holdt_utenfor
    if not hel or oppgjoer is None or not utenfor:
        for lokal in _JUSTERING:
            if samling.er_oppgitt(lokal):
                samling.varsle(Varselkode.UTEN_VIRKNING, navn=samling.navn(lokal))
        if utenfor and oppgjoer is not None:
            samling.varsle(Varselkode.INGEN_SKATTEJUSTERING, aar=str(oppgjoer.aar))
        return
    aar = oppgjoer.aar
    lest = None if oppgjoer.skatt is None else oppgjoer.skatt.justering
    if lest is None:
        samling.sett(ALMINNELIG_INNTEKT, None)
        samling.sett(PERSONFRADRAG, None)
        samling.sett(SKATTESATS, None, oppgitt=oppgitt_sats)
    else:
        samling.sett(
            ALMINNELIG_INNTEKT, av_oppgjoer(samling, ALMINNELIG_INNTEKT, lest.alminnelig_inntekt, aar)
        )
        samling.sett(PERSONFRADRAG, av_oppgjoer(samling, PERSONFRADRAG, lest.personfradrag, aar))
        # The rate of the settlement's year, said outright: left out, the calculator would take the year's own.
        sats = sats_i_oppgjoeret(lest.skattesats, dato=samling.dag, merke=samling.merke(SKATTESATS, aar))
        samling.sett(SKATTESATS, Felt(sats, _opphav(samling, aar)), oppgitt=oppgitt_sats)
    if not {ALMINNELIG_INNTEKT, PERSONFRADRAG} <= samling.felter.keys():
        samling.aapent(Varselkode.SKATTEJUSTERING_UKJENT)
    for nr, holdt in enumerate(utenfor):
        _sett_holdt_utenfor(samling, f"{HOLDT_UTENFOR}/{nr}", f"{holdt.beskrivelse} ({nr + 1})", holdt, aar)


def _sett_holdt_utenfor(samling: Samling, sti: str, navn: str, holdt: HoldtUtenfor, aar: int) -> None:
    opphav = _opphav(samling, aar)
    merke = f"{aar}, {navn}"
    post, *oppjustering = holdt.poster
    regel = fra_oppgjoeret if opphav is Opphav.OPPGJOER else viderefoert
    faktor: Steg | Faktum = Faktum(
        "skattepost.ingen.oppjustering",
        "Ingen oppjustering",
        holdt.oppjusteringsfaktor,
        Enhet.FAKTOR,
        f"skatteoppgjøret {aar} har ingen oppjustering av posten",
    )
    if oppjustering:
        faktor = oppjusteringsfaktor(post, *oppjustering, dato=samling.dag, merke=merke)
    samling.tekster |= {f"{sti}/art": str(holdt.art), f"{sti}/beskrivelse": holdt.beskrivelse}
    samling.felter[f"{sti}/beloep"] = Felt(regel(post, dato=samling.dag, merke=merke), opphav)
    samling.felter[f"{sti}/oppjusteringsfaktor"] = Felt(faktor, opphav)


def _opphav(samling: Samling, aar: int) -> Opphav:
    return Opphav.OPPGJOER if aar == samling.aar else Opphav.VIDEREFOERT


def _sammenlign_med_inntekten(samling: Samling, aar: int) -> None:
    """An older year's tax beside income that is not that year's is a guess a caseworker should see."""
    for lokal, felt in samling.felter.items():
        if lokal.startswith("/inntekter/") and not (
            felt.opphav is Opphav.VIDEREFOERT
            and isinstance(felt.node, Steg)
            and felt.node.regel is viderefoert
        ):
            samling.varsle(Varselkode.SKATT_FRA_ANNET_AAR, aar=str(aar))
            return
