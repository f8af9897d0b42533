"""The v1 answer for praktisk bistand: the household's alminnelig inntekt without gains, losses and uplifts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.calc.poster.katalog import Behandling10, Postrad
from app.calc.poster.paragraf_10 import Husstandsgrunnlag
from app.services.fiks import ekstraposter as ekstra
from app.services.fiks.bestilling import Bestilling, Bestillingsperson
from app.services.fiks.grupper import manuell_post, post_av, postgruppe, sum_av
from app.services.fiks.hode import svarpersoner, svarstadie
from app.services.fiks.meldinger import Kode, aapne_poster, av_varsler, melding
from app.services.fiks.ord import Operasjon, Persontype, Tilhoerighetskategori, Visningskategori
from app.services.fiks.svar import (
    FiksBeregning,
    FiksBeregningResponse,
    FiksBeregningspost,
    FiksFeilmelding,
    FiksGruppe,
)
from app.services.fiks.visning import visningsposter
from app.services.oppslag import Hentet, paragraf_10


@dataclass(frozen=True, slots=True)
class Regnerad:
    """One line of the formula: its number and text in v2, its name in v1, and its sign."""

    nummer: str
    tekst: str
    teknisk_navn: str
    operasjon: Operasjon
    kategori: Visningskategori


_PLUSS, _MINUS = Operasjon.ADDERE, Operasjon.SUBTRAHERE
_INNTEKT, _GEVINST, _TAP = Visningskategori.INNTEKT, Visningskategori.GEVINST, Visningskategori.TAP
RADER: Final = {
    Behandling10.ALMINNELIG_INNTEKT: Regnerad(
        "1", "Alminnelig inntekt før særfradrag", "alminneligInntektFoerSaerfradrag", _PLUSS, _INNTEKT
    ),
    Behandling10.GEVINST: Regnerad("2", "Summerte gevinstposter", "gevinst", _MINUS, _GEVINST),
    Behandling10.OPPJUSTERING_AV_GEVINST: Regnerad(
        "3", "Summerte poster oppjustert av gevinst", "oppjusteringAvGevinst", _MINUS, _GEVINST
    ),
    Behandling10.TAP: Regnerad("4", "Summerte poster tap", "tap", _PLUSS, _TAP),
    Behandling10.OPPJUSTERING_AV_TAP: Regnerad(
        "5", "Summerte poster oppjustering av tap", "oppjusteringAvTap", _PLUSS, _TAP
    ),
    Behandling10.OPPJUSTERING_AV_UTBYTTE: Regnerad(
        "7", "Summerte poster oppjustering av utbytte", "oppjusteringAvUtbytte", _MINUS, _INNTEKT
    ),
}
"""In the order of the formula; KS prints no number 6."""

_FORTEGN: Final = {
    ekstra.HJELPESTOENAD: "Legges til (§ 10 første ledd). KS' eksempel fra april 2023 trakk den fra.",
    ekstra.OMSORGSLOENN: "Trekkes fra (§ 10 første ledd). KS' eksempel fra april 2023 la den til.",
}
_UKJENT_RELASJON: Final = (Persontype.ANNET, Persontype.BARN)


@dataclass(frozen=True, slots=True, repr=False)
class Medlem:
    """A member of the household with what was fetched and made of it."""

    bestilt: Bestillingsperson
    hentet: Hentet
    grunnlag: Husstandsgrunnlag | None

    def poster(self, rad: Behandling10) -> list[FiksBeregningspost]:
        """The posts of one line of the formula."""
        steg = None if self.grunnlag is None else self.grunnlag.felter.get(rad)
        return [] if steg is None else [post_av(node, self.bestilt.identifikator) for node in steg.argumenter]

    @property
    def kjent(self) -> bool:
        """Whether the member has a basis: shielded, or without alminnelig inntekt, it is unknown."""
        return self.grunnlag is not None and self.grunnlag.skattbar_nettoinntekt is not None

    def meldinger(self) -> list[FiksFeilmelding]:
        """What is not in the sums, or should be looked at."""
        hvem = self.bestilt.omtale
        svar = [melding(Kode.HUSSTAND, hvem=hvem)] if self.bestilt.type in _UKJENT_RELASJON else []
        if self.grunnlag is None:
            return [*svar, melding(Kode.SKJERMET, hvem=hvem)]
        return [*svar, *aapne_poster(self.grunnlag, self.bestilt), *av_varsler(self.grunnlag.varsler)]


def medlemmer(bestilling: Bestilling, hentet: Sequence[Hentet]) -> list[Medlem]:
    """The household."""
    return [
        Medlem(person, svar, paragraf_10(svar))
        for person, svar in zip(bestilling.personer, hentet, strict=True)
    ]


def bistandssvar(bestilling: Bestilling, hentet: Sequence[Hentet], naa: datetime) -> FiksBeregningResponse:
    """The answer. Group names are ours: KS has printed none for this answer."""
    husstand = medlemmer(bestilling, hentet)
    inntektsgrupper = [
        postgruppe(rad.teknisk_navn, rad.tekst, poster, rad.operasjon)
        for behandling, rad in RADER.items()
        if (poster := [post for medlem in husstand for post in medlem.poster(behandling)])
    ] + _manuelle(husstand, Tilhoerighetskategori.INNTEKT)
    fradragsgrupper = _manuelle(husstand, Tilhoerighetskategori.FRADRAG)
    kjent = all(medlem.kjent for medlem in husstand)
    inntekt = sum_av(inntektsgrupper) if kjent else None
    fradrag = sum_av(fradragsgrupper)
    return FiksBeregningResponse(
        inntektsaar=bestilling.aar,
        stadie=svarstadie(hentet),
        personer=svarpersoner(bestilling, hentet),
        visningsposter=visningsposter(
            [(m.bestilt, m.hentet, m.grunnlag) for m in husstand], _kategori, med_skatt=False
        ),
        beregningsbeloep=None if inntekt is None else inntekt - (fradrag or 0),
        inntekt=FiksBeregning(beloep=inntekt, beregning=tuple(inntektsgrupper)),
        fradrag=FiksBeregning(beloep=fradrag, beregning=tuple(fradragsgrupper)) if fradragsgrupper else None,
        soeketidspunkt=naa,
        beregningstype=bestilling.type,
        feilmeldinger=(melding(Kode.SI_01), *(m for medlem in husstand for m in medlem.meldinger())),
    )


def _kategori(rad: Postrad) -> Visningskategori | None:
    """Only the lines of the formula are shown; the rest is inside alminnelig inntekt, or is wealth."""
    funnet = RADER.get(rad.paragraf10.behandling)
    return None if funnet is None else funnet.kategori


def _manuelle(husstand: Sequence[Medlem], kategori: Tilhoerighetskategori) -> list[FiksGruppe]:
    """The manual posts, echoed, in the groups ``/verdier`` says."""
    per_gruppe: dict[tuple[str, str], list[FiksBeregningspost]] = {}
    for medlem in husstand:
        for post in medlem.bestilt.ekstraposter:
            if post.slag.kategori is kategori:
                per_gruppe.setdefault((post.slag.gruppe, post.slag.gruppetekst), []).append(
                    manuell_post(
                        post, medlem.bestilt.identifikator, infotekst=_FORTEGN.get(post.slag.teknisk_navn)
                    )
                )
    return [postgruppe(navn, tekst, poster) for (navn, tekst), poster in per_gruppe.items()]
