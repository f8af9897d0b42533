"""The names of tax posts the population uses, and the category Skatteetaten files them under.

A category says nothing about whether a post counts in a sum; ``Rolle`` does.
"""

from enum import Enum


class Rolle(Enum):
    """What a post is in the arithmetic."""

    LOENN = "loenn"
    PENSJON = "pensjon"
    ANNEN_INNTEKT = "annen inntekt"
    PERSONINNTEKT_NAERING = "personinntekt av næring"  # the same money once more: never summed
    SKATTEFRI = "skattefri"
    FRADRAG = "fradrag"
    FORMUE = "formue"
    RABATT = "rabatt"
    GJELD = "gjeld"
    SUM = "sum"


_OPPJUSTERING = "oppjusteringAvEierinntekter"

INNTEKT, INNTEKTSFRADRAG, FORMUE, FORMUESFRADRAG, STREK = (
    "inntekt",
    "inntektsfradrag",
    "formue",
    "formuesfradrag",
    "-",
)

LOENN = "samletLoennsinntektMedTrygdeavgiftspliktOgMedTrekkplikt"
EKOM = "avkortetFordelVedElektroniskKommunikasjon"
UFOERE = "samletUfoeretrygdFraFolketrygdenEksklusiveEktefelletillegg"
ALDERSPENSJON = "alderspensjonFraFolketrygden"
ALDERSPENSJON_2021 = "samletPensjonFraFolketrygden"
TJENESTEPENSJON = "samletAnnenPensjonMedTrekkpliktEksklusiveEktefelletillegg"
AFP = "samletAvtalefestetPensjon"
LIVSVARIG_AFP = "livsvarigAvtalefestetPensjonIOffentligSektor"
ETTERLATTEPENSJON = "etterlattepensjonFraFolketrygden"
BARNEPENSJON = "barnepensjonFraFolketrygden"
UTENLANDSK_PENSJON = "pensjonFraUtlandetSkattepliktigINorge"
RENTER = "samledeOpptjenteRenterIInnenlandskeBanker"
FORSIKRINGSRENTER = "renteinntektAvSkadeforsikring"
UTBYTTE = "utbytteFraAksje"
UTBYTTE_OPP = "oppjustertTilleggTilUtbytteFraAksje"
GEVINST = "gevinstVedRealisasjonAvAksje"
GEVINST_OPP = "oppjustertTilleggTilGevinstVedRealisasjonAvAksje"
TAP = "tapVedRealisasjonAvAksje"
TAP_OPP = "oppjustertTilleggTilTapVedRealisasjonAvAksje"
GEVINST_BOLIG = "gevinstVedRealisasjonAvFastEiendomMv"
GEVINST_SDF = "gevinstVedSalgAvAndelISDF"
GEVINST_SDF_OPP = "oppjustertTilleggTilGevinstVedSalgAvAndelISDF"
TILLEGG_SDF = "andelIFellesTilleggIAlminneligInntektFraSDFInnenAnnenNaering"
TILLEGG_SDF_OPP = "oppjustertTilleggTilAndelIFellesTilleggIAlminneligInntektFraSDFInnenAnnenNaering"
LEIE = "nettoinntektVedUtleieAvFastEiendomMv"
LEIE_2021 = "samletSkattepliktigOverskuddFraUtleieAvFastEiendom"
OVERSKUDD_SDF = "overskuddAvSDF"
NAERING = "samletOverskuddAvEnkeltpersonforetakInnenAnnenNaering"
NAERING_PERSON = (
    "samletPersoninntektFraEnkeltpersonforetakInnenJordbrukReindriftSkiferproduksjonOgAnnenNaering"
)
SVALBARD_LOENN = "loennsinntektMedTrygdeavgiftspliktOmfattetAvLoennstrekkordningen"
SVALBARD_PENSJON = "pensjonsinntektOmfattetAvLoennstrekkordningen"
SKATTEFRI_UTENLANDSK_PENSJON = "pensjonFraUtlandetSkattefriINorge"
MINSTEFRADRAG = "minstefradragIInntekt"
GJELDSRENTER = "samledePaaloepteRenterPaaGjeldIInnenlandskeBanker"
FORSINKELSESRENTER = "betalteForsinkelsesrenter"
INNSKUDD = "innskudd"
INNSKUDD_2021 = "samletInnskuddIInnenlandskeBanker"
AKSJER = "verdiFoerVerdsettingsrabattForAksje"
AKSJERABATT = "verdsettingsrabattForAksje"
PRIMAERBOLIG = "formuesverdiForPrimaerbolig"
GJELD = "gjeldIInnenlandskeBanker"
ANNEN_GJELD = "annenGjeld"
ALMINNELIG_INNTEKT = "alminneligInntektFoerSaerfradrag"
SUM_INNTEKTER = "sumInntekterIAlminneligInntektFoerFordelingsfradrag"
SUM_FRADRAG = "sumFradragIAlminneligInntekt"
SUM_MINSTEFRADRAG = "sumMinstefradrag"
BRUTTOFORMUE = "bruttoformue"
SAMLET_GJELD = "samletGjeld"
NETTOFORMUE = "nettoformue"

UKJENT_POST = "sandkasseytelseSomIkkeFinnesIKatalogen"

POSTER: dict[str, tuple[Rolle, str]] = {
    LOENN: (Rolle.LOENN, INNTEKT),
    EKOM: (Rolle.LOENN, INNTEKT),
    UFOERE: (Rolle.LOENN, INNTEKT),
    SVALBARD_LOENN: (Rolle.LOENN, INNTEKT),
    SVALBARD_PENSJON: (Rolle.PENSJON, INNTEKT),
    ALDERSPENSJON: (Rolle.PENSJON, INNTEKT),
    ALDERSPENSJON_2021: (Rolle.PENSJON, INNTEKT),
    TJENESTEPENSJON: (Rolle.PENSJON, INNTEKT),
    AFP: (Rolle.PENSJON, INNTEKT),
    LIVSVARIG_AFP: (Rolle.PENSJON, INNTEKT),
    ETTERLATTEPENSJON: (Rolle.PENSJON, INNTEKT),
    BARNEPENSJON: (Rolle.PENSJON, INNTEKT),
    UTENLANDSK_PENSJON: (Rolle.PENSJON, INNTEKT),
    SKATTEFRI_UTENLANDSK_PENSJON: (Rolle.SKATTEFRI, INNTEKT),
    UKJENT_POST: (Rolle.ANNEN_INNTEKT, INNTEKT),
    RENTER: (Rolle.ANNEN_INNTEKT, INNTEKT),
    FORSIKRINGSRENTER: (Rolle.ANNEN_INNTEKT, INNTEKT),
    UTBYTTE: (Rolle.ANNEN_INNTEKT, INNTEKT),
    UTBYTTE_OPP: (Rolle.ANNEN_INNTEKT, _OPPJUSTERING),
    GEVINST: (Rolle.ANNEN_INNTEKT, INNTEKT),
    GEVINST_OPP: (Rolle.ANNEN_INNTEKT, _OPPJUSTERING),
    GEVINST_BOLIG: (Rolle.ANNEN_INNTEKT, INNTEKT),
    GEVINST_SDF: (Rolle.ANNEN_INNTEKT, INNTEKT),
    GEVINST_SDF_OPP: (Rolle.ANNEN_INNTEKT, _OPPJUSTERING),
    TILLEGG_SDF: (Rolle.ANNEN_INNTEKT, INNTEKT),
    TILLEGG_SDF_OPP: (Rolle.ANNEN_INNTEKT, _OPPJUSTERING),
    LEIE: (Rolle.ANNEN_INNTEKT, INNTEKT),
    LEIE_2021: (Rolle.ANNEN_INNTEKT, INNTEKT),
    OVERSKUDD_SDF: (Rolle.ANNEN_INNTEKT, INNTEKT),
    NAERING: (Rolle.ANNEN_INNTEKT, INNTEKT),
    NAERING_PERSON: (Rolle.PERSONINNTEKT_NAERING, INNTEKT),
    TAP: (Rolle.FRADRAG, INNTEKTSFRADRAG),
    TAP_OPP: (Rolle.FRADRAG, _OPPJUSTERING),
    MINSTEFRADRAG: (Rolle.FRADRAG, INNTEKTSFRADRAG),
    GJELDSRENTER: (Rolle.FRADRAG, INNTEKTSFRADRAG),
    FORSINKELSESRENTER: (Rolle.FRADRAG, INNTEKTSFRADRAG),
    SUM_MINSTEFRADRAG: (Rolle.SUM, INNTEKTSFRADRAG),
    INNSKUDD: (Rolle.FORMUE, FORMUE),
    INNSKUDD_2021: (Rolle.FORMUE, FORMUE),
    AKSJER: (Rolle.FORMUE, FORMUE),
    PRIMAERBOLIG: (Rolle.FORMUE, FORMUE),
    AKSJERABATT: (Rolle.RABATT, "verdsettingsrabattSomGirGjeldsreduksjon"),
    GJELD: (Rolle.GJELD, FORMUESFRADRAG),
    ANNEN_GJELD: (Rolle.GJELD, FORMUESFRADRAG),
    ALMINNELIG_INNTEKT: (Rolle.SUM, STREK),
    SUM_INNTEKTER: (Rolle.SUM, STREK),
    SUM_FRADRAG: (Rolle.SUM, STREK),
    BRUTTOFORMUE: (Rolle.SUM, STREK),
    SAMLET_GJELD: (Rolle.SUM, STREK),
    NETTOFORMUE: (Rolle.SUM, STREK),
}

_GAMLE_NAVN = {ALDERSPENSJON: ALDERSPENSJON_2021, INNSKUDD: INNSKUDD_2021, LEIE: LEIE_2021}
_NYE_NAVN = {gammelt: nytt for nytt, gammelt in _GAMLE_NAVN.items()}
_SISTE_AAR_MED_BARE_GAMLE_NAVN = 2021


def navn_for_aar(teknisk_navn: str, aar: int) -> str:
    """The post's name in ``aar``: 2021 still had the names that the 2022 model renamed."""
    if aar > _SISTE_AAR_MED_BARE_GAMLE_NAVN:
        return teknisk_navn
    return _GAMLE_NAVN.get(teknisk_navn, teknisk_navn)


def dagens_navn(teknisk_navn: str, aar: int) -> str:
    """The other way: the name figures are kept under, from the name the post had in ``aar``."""
    if aar > _SISTE_AAR_MED_BARE_GAMLE_NAVN:
        return teknisk_navn
    return _NYE_NAVN.get(teknisk_navn, teknisk_navn)
