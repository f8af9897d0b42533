"""From a few posts to a whole settlement: sums, minstefradrag and tax that belong together.

The order is Skatteetaten's: income posts less deductions is alminnelig inntekt; 22 per cent of that
above personfradrag, trinnskatt and trygdeavgift of personinntekt, and formuesskatt above its threshold
make beregnet skatt. The names of the parts are those of the published examples, save
``trygdeavgiftAvPensjonsinntekt``, ``inntektsskattSvalbard`` and ``kildeskattPaaLoenn``, which are assumed.
There is no tax credit for pensions here, so small pensions are taxed a little high.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from app.sandbox.befolkning import poster
from app.sandbox.befolkning.poster import POSTER, Rolle
from app.sandbox.befolkning.satser import (
    FELLESSKATT,
    FYLKE,
    KILDESKATT_LOENN,
    KOMMUNE,
    SATSER,
    SVALBARD,
    TRYGDEAVGIFT_NAERING,
    TRYGDEAVGIFT_PENSJON,
    VERDSETTINGSRABATT_AKSJE,
    Aarssatser,
    andel,
)

Spesifisering = tuple[dict[str, Any], ...]

_INNTEKTSROLLER = (Rolle.LOENN, Rolle.PENSJON, Rolle.ANNEN_INNTEKT)
_OPPJUSTERTE = {
    poster.UTBYTTE: poster.UTBYTTE_OPP,
    poster.GEVINST: poster.GEVINST_OPP,
    poster.TAP: poster.TAP_OPP,
}


@dataclass(frozen=True, repr=False)
class Tall:
    """The figures of one person in one year and one territory (fastland, Svalbard or kildeskatt).

    Attributes:
        aar: income year.
        beloep: posts in kroner, by the names of 2022 and later; uplift, discount, minstefradrag and sums
            are worked out unless given.
        spesifisering: details under a post.
        utenlandsk_skatt: tax paid abroad, credited against beregnet skatt (kroner).
        bare_trykte: give exactly the posts in ``beloep``; used for published cases that print only some.
        forskuddstrekk: tax withheld during the year; None means exactly the tax computed.
        kommune: tax municipality number.
    """

    aar: int
    beloep: Mapping[str, int]
    spesifisering: Mapping[str, Spesifisering] = field(default_factory=dict)
    utenlandsk_skatt: int = 0
    bare_trykte: bool = False
    forskuddstrekk: int | None = None
    kommune: str = "9999"

    @cached_property
    def poster(self) -> dict[str, int]:
        """All posts of the year, those worked out included, in the year's own names."""
        alle = dict(self.beloep)
        if not self.bare_trykte:
            self._legg_til_avledede(alle)
            self._legg_til_summer(alle)
        return {poster.navn_for_aar(navn, self.aar): beloep for navn, beloep in alle.items()}

    def _legg_til_avledede(self, alle: dict[str, int]) -> None:
        satser = SATSER[self.aar]
        for navn, tillegg in _OPPJUSTERTE.items():
            if navn in alle:
                alle.setdefault(tillegg, andel(alle[navn], satser.oppjustering))
        if poster.AKSJER in alle:
            alle.setdefault(poster.AKSJERABATT, andel(alle[poster.AKSJER], VERDSETTINGSRABATT_AKSJE))
        minstefradrag = _minstefradrag(_sum(alle, Rolle.LOENN), _sum(alle, Rolle.PENSJON), satser)
        if minstefradrag:
            alle.setdefault(poster.MINSTEFRADRAG, minstefradrag)

    def _legg_til_summer(self, alle: dict[str, int]) -> None:
        inntekter = _sum(alle, *_INNTEKTSROLLER)
        fradrag = _sum(alle, Rolle.FRADRAG)
        brutto = _sum(alle, Rolle.FORMUE) - _sum(alle, Rolle.RABATT)
        gjeld = _sum(alle, Rolle.GJELD)
        if poster.MINSTEFRADRAG in alle:
            alle.setdefault(poster.SUM_MINSTEFRADRAG, alle[poster.MINSTEFRADRAG])
        for navn, beloep, naar in (
            (poster.SUM_INNTEKTER, inntekter, True),
            (poster.SUM_FRADRAG, fradrag, True),
            (poster.ALMINNELIG_INNTEKT, inntekter - fradrag, True),
            (poster.BRUTTOFORMUE, brutto, brutto),
            (poster.SAMLET_GJELD, gjeld, gjeld),
            (poster.NETTOFORMUE, brutto - gjeld, brutto or gjeld),
        ):
            if naar:
                alle.setdefault(navn, beloep)

    def grunnlag(self, *, med_spesifisering: bool = True) -> list[dict[str, Any]]:
        """The posts as summert skattegrunnlag v2 writes them."""
        rader = []
        for navn, beloep in self.poster.items():
            rad: dict[str, Any] = {"tekniskNavn": navn, "beloep": beloep}
            detaljer = self.spesifisering.get(navn)
            if detaljer and med_spesifisering:
                rad["spesifisering"] = [dict(d) for d in detaljer]
            rad["kategori"] = POSTER[navn][1] if navn in POSTER else poster.INNTEKT
            rader.append(rad)
        return rader

    @property
    def alminnelig_inntekt(self) -> int:
        """Alminnelig inntekt før særfradrag, kroner; may be negative."""
        return self.poster[poster.ALMINNELIG_INNTEKT]

    @cached_property
    def beregnet(self) -> dict[str, Any]:
        """``beregnetSkattFastland`` of beregnet skatt v2, the sum of its parts, formuesskatt included."""
        satser = SATSER[self.aar]
        skatt: dict[str, Any] = {}
        grunnlag = max(0, self.alminnelig_inntekt)
        over_fradrag = max(0, grunnlag - satser.personfradrag)
        kommune, fylke, felles = (andel(over_fradrag, sats) for sats in (KOMMUNE, FYLKE, FELLESSKATT))
        skatt["inntektsskattTilKommune"] = self._kommunefordelt(grunnlag, kommune)
        skatt["inntektsskattTilFylkeskommune"] = self._kommunefordelt(grunnlag, fylke)
        skatt["inntektsskattTilKommuneOgFylkeskommune"] = {"grunnlag": grunnlag, "beloep": kommune + fylke}
        skatt["fellesskatt"] = {"grunnlag": grunnlag, "beloep": felles}
        personinntekt, avgifter = self._avgifter()
        trinnskatt = _trinnskatt(personinntekt, satser.trinn)
        if trinnskatt:
            skatt["trinnskatt"] = {"grunnlag": personinntekt, "beloep": trinnskatt}
        skatt |= avgifter
        trygdeavgift = sum(a["beloep"] for a in avgifter.values())
        if avgifter:
            skatt["sumTrygdeavgift"] = {"grunnlag": personinntekt, "beloep": trygdeavgift}
        netto = self.poster.get(poster.NETTOFORMUE, 0)
        over_bunn = max(0, netto - satser.formue_bunn)
        stat, til_kommune = (andel(over_bunn, sats) for sats in (satser.formue_stat, satser.formue_kommune))
        if netto > 0:
            skatt["formuesskattTilStat"] = {"grunnlag": netto, "beloep": stat}
            skatt["formuesskattTilKommune"] = self._kommunefordelt(netto, til_kommune)
        foer = kommune + fylke + felles + trinnskatt + trygdeavgift + stat + til_kommune
        kredit = min(self.utenlandsk_skatt, kommune + fylke + felles)
        svar: dict[str, Any] = {
            "skatteklasse": "1",
            "beregnetSkatt": foer - kredit,
            "beregnetSkattFoerSkattefradrag": foer,
            "skatteregnskapskommune": self.kommune,
            "anvendtStandardfradrag": False,
            "skattOgAvgift": skatt,
        }
        if kredit:
            svar["sumSkattefradrag"] = kredit
            svar["skattefradrag"] = {"skattefradragForInntektsskattBetaltIUtlandet": kredit}
        svar["oevrigeResultaterAvBeregning"] = {
            "alminneligInntektFoerSaerfradrag": self.alminnelig_inntekt,
            "pensjonsgivendeInntekt": _sum(self.poster, Rolle.LOENN, Rolle.PERSONINNTEKT_NAERING),
            "samletGrunnlagForInntektsskattTilKommuneOgFylkeskommuneStatsskattOgFellesskatt": grunnlag,
        }
        svar["informasjonTilSkattelister"] = {
            "nettoinntekt": grunnlag,
            "nettoformue": max(0, netto),
            "beregnetSkatt": foer - kredit,
            "kommune": [self.kommune],
        }
        return svar

    def beregnet_annet_sted(self, sats: int) -> dict[str, Any]:
        """A flat-rate part: Svalbard, or kildeskatt på lønn (gross, no deductions)."""
        brutto = _sum(self.poster, *_INNTEKTSROLLER)
        grunnlag = brutto if sats == KILDESKATT_LOENN else max(0, self.alminnelig_inntekt)
        beloep = andel(grunnlag, sats)
        navn = "kildeskattPaaLoenn" if sats == KILDESKATT_LOENN else "inntektsskattSvalbard"
        return {
            "beregnetSkatt": beloep,
            "beregnetSkattFoerSkattefradrag": beloep,
            "skattOgAvgift": {navn: {"grunnlag": grunnlag, "beloep": beloep}},
            "informasjonTilSkattelister": {
                "nettoinntekt": grunnlag,
                "nettoformue": 0,
                "beregnetSkatt": beloep,
            },
        }

    def beregnet_svalbard(self) -> dict[str, Any]:
        """``beregnetSkattSvalbard``."""
        return self.beregnet_annet_sted(SVALBARD)

    def beregnet_kildeskatt(self) -> dict[str, Any]:
        """``beregnetSkattKildeskattPaaLoenn``."""
        return self.beregnet_annet_sted(KILDESKATT_LOENN)

    def avregning(self, beregnet_skatt: int) -> dict[str, int]:
        """Tax withheld against tax due: money back or money owed, never both."""
        trukket = beregnet_skatt if self.forskuddstrekk is None else self.forskuddstrekk
        rest = beregnet_skatt - trukket
        svar = {"avregnetForskuddstrekk": trukket}
        if rest > 0:
            svar["restskatt"] = rest
        elif rest < 0:
            svar["beloepTilgode"] = -rest
        return svar

    def _kommunefordelt(self, grunnlag: int, beloep: int) -> dict[str, Any]:
        rad = {"kommune": self.kommune, "grunnlag": grunnlag, "beloep": beloep}
        return {"kommunefordeltSkatt": [rad], "grunnlag": grunnlag, "beloep": beloep}

    def _avgifter(self) -> tuple[int, dict[str, dict[str, int]]]:
        """(personinntekt, trygdeavgift by kind)."""
        deler = (
            ("trygdeavgiftAvLoennsinntekt", Rolle.LOENN, SATSER[self.aar].trygdeavgift_loenn),
            ("trygdeavgiftAvPensjonsinntekt", Rolle.PENSJON, TRYGDEAVGIFT_PENSJON),
            ("trygdeavgiftAvNaeringsinntekt", Rolle.PERSONINNTEKT_NAERING, TRYGDEAVGIFT_NAERING),
        )
        grunnlag = {navn: (_sum(self.poster, rolle), sats) for navn, rolle, sats in deler}
        avgifter = {
            navn: {"grunnlag": beloep, "beloep": andel(beloep, sats)}
            for navn, (beloep, sats) in grunnlag.items()
            if beloep
        }
        return sum(beloep for beloep, _ in grunnlag.values()), avgifter


def _sum(beloep: Mapping[str, int], *roller: Rolle) -> int:
    """Sum of the posts that play one of ``roller``; an unknown name is income."""
    return sum(b for navn, b in beloep.items() if POSTER.get(navn, (Rolle.ANNEN_INNTEKT, ""))[0] in roller)


def _minstefradrag(loenn: int, pensjon: int, satser: Aarssatser) -> int:
    """Each kind's own rate up to its own cap; both together never above the higher cap in use."""
    deler = [(loenn, *satser.minstefradrag_loenn), (pensjon, *satser.minstefradrag_pensjon)]
    i_bruk = [(min(andel(beloep, sats), tak), tak) for beloep, sats, tak in deler if beloep]
    return min(sum(d for d, _ in i_bruk), max((tak for _, tak in i_bruk), default=0))


def _trinnskatt(personinntekt: int, trinn: tuple[tuple[int, int], ...]) -> int:
    """Trinnskatt, rounded once: the steps are added exactly first."""
    tak = [grense for grense, _ in trinn[1:]] + [personinntekt]
    i_tideler = sum(
        max(0, min(personinntekt, til) - fra) * sats for (fra, sats), til in zip(trinn, tak, strict=True)
    )
    return andel(i_tideler, 1)
