"""The warnings of a sak in one place: stable code, Norwegian text with what to do, whom, and how grave.

Many come from elsewhere and keep their codes: the catalogue of posts (``Varselkode``), look-ups (``Grunn``) and
the calculators. Here they get a gravity and a person, and those that say the same become one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from app.calc.kontrakt import felles
from app.calc.kontrakt.lesing import Kanskje, Tekst, Valgt, felt
from app.calc.poster import typer as poster
from app.calc.poster.inntekter import Aarsanslag
from app.calc.poster.langtidsgrunnlag import Langtidsgrunnlag
from app.calc.poster.paragraf_10 import Husstandsgrunnlag
from app.calc.poster.typer import Varselkode
from app.services.mangler import Grunn, Mangler
from app.services.sak.rader import PersonId


class Alvor(StrEnum):
    """What a warning asks of the caseworker."""

    INFO = "INFO"
    OBS = "OBS"
    STOPP = "STOPP"

    @property
    def rang(self) -> int:
        """The gravest first."""
        return list(reversed(Alvor)).index(self)


class Sakskode(StrEnum):
    """Codes that no other part of the service has."""

    BEBOER_UNDER_18 = "BEBOER_UNDER_18"
    EKTEFELLE_OGSAA_BEBOER = "EKTEFELLE_OGSAA_BEBOER"
    IKKE_MEDREGNET = "IKKE_MEDREGNET"
    HUSSTAND_ENDRET = "HUSSTAND_ENDRET"
    SYKEHUSOPPHOLD = "SYKEHUSOPPHOLD"
    SYKEHUS_UTENFOR_OPPHOLD = "SYKEHUS_UTENFOR_OPPHOLD"
    INSTITUSJON_UTEN_OPPHOLDSUTGIFT = "INSTITUSJON_UTEN_OPPHOLDSUTGIFT"
    DOEGN_60_NAERMER_SEG = "DOEGN_60_NAERMER_SEG"
    TENKT_ETTERLATTEPENSJON_MANGLER = "TENKT_ETTERLATTEPENSJON_MANGLER"
    GRUNNLAG_MANGLER = "GRUNNLAG_MANGLER"
    UKJENT_POST = "UKJENT_POST"
    POST_MAA_PLASSERES = "POST_MAA_PLASSERES"
    POST_UTENFOR_AARET = "POST_UTENFOR_AARET"
    POSTER_I_STRID = "POSTER_I_STRID"
    BARE_FOERTE_TALL = "BARE_FOERTE_TALL"
    PLASSERING_UTEN_POST = "PLASSERING_UTEN_POST"
    ANNET_INNTEKTSAAR = "ANNET_INNTEKTSAAR"
    INNTEKT_IKKE_HENTET = "INNTEKT_IKKE_HENTET"
    PERSON_SLETTET = "PERSON_SLETTET"
    ERKLAERT_ENDELIG = "ERKLAERT_ENDELIG"


@dataclass(frozen=True, slots=True)
class Sakvarsel:
    """Something the caseworker should know, do, or settle before there can be an answer."""

    kode: str = felt(Tekst(60), "Fast kode")
    tekst: str = felt(Tekst(2000), "Hva varselet gjelder og hva som bør gjøres")
    person_id: str | None = felt(Kanskje(PersonId()), "Personen det gjelder, eller null for saken", None)
    alvor: Alvor = felt(
        Valgt(Alvor), "INFO: til orientering. OBS: se på før vedtak. STOPP: må avgjøres før det kan beregnes"
    )


ALVOR: Final[Mapping[str, Alvor]] = {
    # What stops a calculation unless entered figures take the place of what is missing.
    **dict.fromkeys(map(str, Grunn), Alvor.STOPP),
    **dict.fromkeys(
        map(
            str,
            (
                Sakskode.GRUNNLAG_MANGLER,
                Sakskode.TENKT_ETTERLATTEPENSJON_MANGLER,
                Sakskode.UKJENT_POST,
                Sakskode.POST_MAA_PLASSERES,
                Sakskode.POST_UTENFOR_AARET,
                Sakskode.POSTER_I_STRID,
                Varselkode.SKATT_MANGLER,
                Varselkode.INGEN_POSTER,
                Varselkode.ALMINNELIG_INNTEKT_MANGLER,
                Varselkode.SKATTESATS_MANGLER,
                Varselkode.SKATTEGRUNNLAG_ULIKE,
                Varselkode.PERSONFRADRAG_UKJENT,
                Varselkode.FORSKUDDSTREKK_FORTEGN,
                Varselkode.UKJENT_UTEN_OPPGJOER,
                Varselkode.IKKE_I_A_ORDNINGEN,
                Varselkode.UTLAND_IKKE_I_A_ORDNINGEN,
                Varselkode.I_BEGGE_KILDER,
                Varselkode.TILLEGG_TIL_UKJENT,
                Varselkode.NEGATIVT_FELT,
                Varselkode.SKATTEJUSTERING_UKJENT,
            ),
        ),
        Alvor.STOPP,
    ),
    **dict.fromkeys(
        (
            *map(
                str,
                (
                    Varselkode.USKIFTET_BO,
                    Varselkode.UTLAND,
                    Varselkode.FELLES_KONTO,
                    Varselkode.SAMME_KONTO,
                    Varselkode.ENGANGSERSTATNING,
                    Varselkode.FORMUESSKATT,
                    Varselkode.FORMUESSKATT_UKJENT,
                    Varselkode.SKATT_BETALT_I_UTLANDET,
                    Varselkode.GEVINST_HOLDT_UTENFOR,
                    Varselkode.MOTPOST_MANGLER,
                    Varselkode.PERSONFRADRAG_AVVIKER,
                    Varselkode.SKATTEFRADRAG,
                    Varselkode.SKATTESATS_FOR_LAV,
                    Varselkode.OMSORGSSTOENAD,
                    Varselkode.KRIGSPENSJON,
                    Varselkode.MAANED_UTEN_OPPGAVE,
                    Varselkode.TREKKPLIKTIG_GODTGJOERELSE,
                    Sakskode.BEBOER_UNDER_18,
                    Sakskode.EKTEFELLE_OGSAA_BEBOER,
                    Sakskode.HUSSTAND_ENDRET,
                    Sakskode.SYKEHUS_UTENFOR_OPPHOLD,
                    Sakskode.INSTITUSJON_UTEN_OPPHOLDSUTGIFT,
                    Sakskode.BARE_FOERTE_TALL,
                    Sakskode.PLASSERING_UTEN_POST,
                    Sakskode.PERSON_SLETTET,
                    Sakskode.ERKLAERT_ENDELIG,
                    Sakskode.ANNET_INNTEKTSAAR,
                    Varselkode.OPPGITT_FOR_HAAND,
                    Varselkode.UTEN_VIRKNING,
                    Varselkode.SKATT_FRA_ANNET_AAR,
                    Varselkode.INGEN_SKATTEJUSTERING,
                    Varselkode.FORMUESSKATT_FRA_ANNET_AAR,
                    Varselkode.FORMUESSKATT_IKKE_OPPGITT,
                    Varselkode.KREDITFRADRAG_IKKE_MED,
                ),
            ),
            "FORSOERGET_GIR_IKKE_FRADRAG",
            "INGEN_OPPHOLD_I_AARET",
            "SKATTEJUSTERING",
            "FORMUESSKATT_OVER_SKATT",
            "OPPHOLDSUTGIFT_IKKE_OPPGITT",
            "SKJOENN_UTEN_FORSOERGEDE",
            "NYTT_G_SENERE_ENN_1_MAI",
            "INGEN_TJENESTER",
            "INGEN_MEDREGNET",
            "VURDER_PERSONLIGE_BEHOV",
            "TIMEPRIS_IKKE_FASTSATT",
            "SELVKOST_IKKE_OPPGITT",
            "PRIS_OVER_SELVKOST",
            "ABONNEMENT_UTEN_TIMER",
            "MAANED_UTEN_FAKTURA",
        ),
        Alvor.OBS,
    ),
    **dict.fromkeys(
        (
            *map(
                str,
                (
                    Varselkode.SVALBARD,
                    Varselkode.FORELOEPIG,
                    Varselkode.GRUNNLAG_FORELOEPIG,
                    Varselkode.MAANED_IKKE_KOMPLETT,
                    Sakskode.IKKE_MEDREGNET,
                    Sakskode.SYKEHUSOPPHOLD,
                    Sakskode.INNTEKT_IKKE_HENTET,
                    Sakskode.DOEGN_60_NAERMER_SEG,
                ),
            ),
            "DOBBELTROM_FOER_2014",
            "OVER_60_DOEGN",
            "UNDER_MINSTEBELOEP",
        ),
        Alvor.INFO,
    ),
}
"""Every code there is. One that is not here is looked at before vedtak."""

_ERSTATTER: Final[Mapping[str, str]] = {
    # The amount, from the calculation, and what to confirm.
    "SKATTEJUSTERING": Varselkode.GEVINST_HOLDT_UTENFOR,
    # The same want with the institution's name.
    Sakskode.INSTITUSJON_UTEN_OPPHOLDSUTGIFT: "OPPHOLDSUTGIFT_IKKE_OPPGITT",
    # Each person's figures say the same of themselves.
    Varselkode.FORELOEPIG: Varselkode.GRUNNLAG_FORELOEPIG,
    # The limit lies ahead; the calculator has no today and says that it is passed.
    Sakskode.DOEGN_60_NAERMER_SEG: "OVER_60_DOEGN",
}
"""A code and the one it makes superfluous."""

_EN_PER_PERSON: Final = frozenset({Varselkode.USKIFTET_BO.value})
"""Codes where the first text says it all."""


def varsel(kode: str, tekst: str, person_id: str | None = None, *, alvor: Alvor | None = None) -> Sakvarsel:
    """A warning with the gravity its code has, unless another is given."""
    return Sakvarsel(
        kode=str(kode), tekst=tekst, person_id=person_id, alvor=alvor or ALVOR.get(str(kode), Alvor.OBS)
    )


def fra_aapne(
    grunnlag: Langtidsgrunnlag | Husstandsgrunnlag | poster.Skjermet,
    person_id: str,
    *,
    erstattet: bool = False,
) -> tuple[Sakvarsel, ...]:
    """Each post that waits for a caseworker.

    Args:
        grunnlag: the basis.
        person_id: whose it is.
        erstattet: entered figures take the place of what is open, so that nothing stops.
    """
    hvor = f"inntektsåret {grunnlag.aar}"
    if isinstance(grunnlag, poster.Skjermet):
        return (_om_person(Grunn.SKJERMET, f"{grunnlag.tekst} Det gjelder {hvor}.", person_id, erstattet),)
    aapne = [
        *(
            (
                Sakskode.UKJENT_POST,
                f"Posten «{post.teknisk_navn}» ({hvor}) er ikke kjent. Avgjør hvordan den skal regnes.",
            )
            for post in grunnlag.ukjente
        ),
        *(
            (
                Sakskode.POST_MAA_PLASSERES,
                f"Posten «{post.navn}»{_utbetaler(post.utbetaler)} ({hvor}) må plasseres av saksbehandler: "
                f"{post.grunn}",
            )
            for post in grunnlag.maa_plasseres
        ),
        *(
            (
                Sakskode.POST_UTENFOR_AARET,
                f"Posten «{post.navn}» ({hvor}) skal ikke finnes i svar for dette året. Avgjør hvordan den skal "
                "regnes.",
            )
            for post in grunnlag.utenfor_aar
        ),
        *(
            (
                Sakskode.POSTER_I_STRID,
                f"Postene {', '.join(f'«{post.navn}»' for post in par.poster)} ({hvor}) gjelder de samme pengene. "
                "Avgjør hvilken som gjelder.",
            )
            for par in grunnlag.avviste
            if par.har_virkning
        ),
    ]
    return tuple(_om_person(kode, tekst, person_id, erstattet) for kode, tekst in aapne)


def fra_aapne_koder(anslag: Aarsanslag, person_id: str) -> tuple[Sakvarsel, ...]:
    """Each income code of a-ordningen that waits for a caseworker; nothing entered takes its place."""
    hvor = f"i a-ordningen for {anslag.aar}"
    aapne = [
        *(
            (Sakskode.UKJENT_POST, kode, "er ikke kjent. Avgjør hvordan den skal regnes.")
            for kode in anslag.ukjente
        ),
        *(
            (Sakskode.POST_MAA_PLASSERES, kode, f"må plasseres av saksbehandler: {kode.grunn}")
            for kode in anslag.maa_plasseres
        ),
    ]
    return tuple(
        varsel(
            varselkode,
            f"Inntekten «{kode.noekkel.beskrivelse}»{_utbetaler(kode.noekkel.utbetaler)} {hvor} {hva}",
            person_id,
        )
        for varselkode, kode, hva in aapne
    )


def _utbetaler(organisasjonsnummer: str | None) -> str:
    return "" if organisasjonsnummer is None else f" fra utbetaler {organisasjonsnummer}"


def plassering_uten_post(post: str, person_id: str) -> Sakvarsel:
    """A decision that meets nothing in the answer, or cannot be carried out on it."""
    return varsel(
        Sakskode.PLASSERING_UTEN_POST,
        f"Plasseringen av posten «{post}» er ikke brukt: svaret har ikke en slik post som venter, eller beløpet passer "
        "ikke. Opphev plasseringen, eller gjør den på nytt.",
        person_id,
    )


def fra_katalogen(
    varsler: Iterable[poster.Varsel], person_id: str, *, erstattet: bool = False
) -> tuple[Sakvarsel, ...]:
    """Warnings of the catalogue without a basis, as from a-ordningen."""
    return tuple(_om_person(str(v.kode), v.tekst, person_id, erstattet) for v in varsler)


def fra_mangler(
    mangler: Iterable[Mangler], aar: int, person_id: str, *, erstattet: bool = False
) -> tuple[Sakvarsel, ...]:
    """Why figures of one person and year are missing: settlement not there, skjermet, deleted and so on."""
    return tuple(
        _om_person(
            str(m.grunn),
            f"{m.api.navn[:1].upper()}{m.api.navn[1:]} for {aar}: {m.tekst}",
            person_id,
            erstattet,
        )
        for m in mangler
    )


def fra_kalkulator(varsler: Iterable[felles.Varsel | Mapping[str, Any]]) -> tuple[Sakvarsel, ...]:
    """A calculator's warnings, as objects or as read from its JSON."""
    par = ((v["kode"], v["tekst"]) if isinstance(v, Mapping) else (v.kode, v.tekst) for v in varsler)
    return tuple(varsel(kode, tekst) for kode, tekst in par)


def foreloepig(aar: int) -> Sakvarsel:
    """The year has no settlement yet."""
    return varsel(
        Varselkode.FORELOEPIG,
        f"Beregningen for {aar} er foreløpig. Når skatteoppgjøret foreligger, skal det gjøres etteroppgjør hvis "
        "egenandelen ikke var riktig (§ 3 sjette ledd).",
    )


def bare_foerte_tall(aar: int, person_id: str) -> Sakvarsel:
    """Not one figure of a person was looked up."""
    return varsel(
        Sakskode.BARE_FOERTE_TALL,
        f"Alle tallene for {aar} er ført inn for hånd. Kontroller dem mot skatteoppgjøret når det kan hentes.",
        person_id,
    )


def samle(*grupper: Iterable[Sakvarsel]) -> tuple[Sakvarsel, ...]:
    """All warnings, each said once, the gravest first and otherwise in the order given."""
    alle = [v for gruppe in grupper for v in gruppe]
    overfloedige = {_ERSTATTER[v.kode] for v in alle if v.kode in _ERSTATTER}
    unike: dict[tuple[str | None, ...], Sakvarsel] = {}
    for v in alle:
        if v.kode not in overfloedige:
            noekkel = (v.kode, v.person_id, None if v.kode in _EN_PER_PERSON else v.tekst)
            unike.setdefault(noekkel, v)
    return tuple(sorted(unike.values(), key=lambda v: v.alvor.rang))


def stopper(varsler: Iterable[Sakvarsel]) -> bool:
    """Whether something must be settled before a calculation."""
    return any(v.alvor is Alvor.STOPP for v in varsler)


def _om_person(kode: str, tekst: str, person_id: str, erstattet: bool) -> Sakvarsel:
    funnet = varsel(kode, tekst, person_id)
    if erstattet and funnet.alvor is Alvor.STOPP:
        return varsel(kode, tekst, person_id, alvor=Alvor.OBS)
    return funnet
