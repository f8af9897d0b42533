"""From answers, entered figures and placements to each person's part of a calculation. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from app.calc.poster.felt import Oppgitt, Sammenstilling, Virkning
from app.calc.poster.inntekter import Aarsanslag
from app.calc.poster.katalog import Utbetaler
from app.calc.poster.langtidsgrunnlag import Langtidsgrunnlag
from app.calc.poster.paragraf_10 import Husstandsgrunnlag
from app.calc.poster.sammenstilling import sammenstill_forsoerget, sammenstill_langtid
from app.calc.poster.sammenstilling_10 import sammenstill_husstandsmedlem
from app.calc.poster.typer import Gruppe, Omtale, Varsel, Varselkode
from app.calc.regler.par_10 import Medregning
from app.calc.sporing import Node, som_tall
from app.klokke import dagen
from app.services.mangler import Mangler
from app.services.oppslag import Hentet, anslaa, les_inntekt, paragraf_3, paragraf_10
from app.services.sak import varsler as sakvarsler
from app.services.sak.husstand import (
    Medlem,
    egen_medregning,
    forhold_paa,
    fradragsmedlemmer,
    medregnede,
    skjoenn_paa,
)
from app.services.sak.innhenting import Personbilder, Svarbilde
from app.services.sak.innhold import LagretSaksinnhold
from app.services.sak.poster import (
    SOM_3,
    SOM_10,
    SOM_KODE,
    Avgjoerelser,
    Avvist,
    inntektsnoekler,
    postnavn,
    skattenoekkel,
)
from app.services.sak.rader import PARTNERE, Forhold, LagretHusstandsrad
from app.services.sak.ut import AapenUt, FeltUt, KildeUt, MangelUt, Persontall, PostUt, tidspunkt
from app.services.sak.varsler import Sakvarsel
from app.skatt_client import Api

_FOERT_I_SAKEN: Final = "ført i saken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Persongrunnlag:
    """One person's figures for one calculated year, with everything they came from."""

    person_id: str | None
    peker: str
    """Where the person stands in the case."""
    plass: str
    """Where the person stands in the calculator's request; empty for the resident."""
    sammenstilling: Sammenstilling
    bilder: Personbilder | None = None
    """``None`` when nothing is looked up because all is entered in the case."""
    hentet: Hentet | None = field(default=None, repr=False)
    grunnlag: Langtidsgrunnlag | Husstandsgrunnlag | None = field(default=None, repr=False)
    anslag: Aarsanslag | None = field(default=None, repr=False)
    mangler: tuple[tuple[int, Mangler], ...] = ()
    """Income year and reason."""
    avvist: tuple[Avvist, ...] = ()

    @property
    def klart(self) -> bool:
        """Whether the figures may be used."""
        return not self.sammenstilling.aapne


@dataclass(frozen=True, slots=True, kw_only=True)
class Kilder:
    """What there is to build from."""

    aar: int
    bilder: Mapping[str, Personbilder]
    """By person."""
    avgjoerelser: Mapping[str, Avgjoerelser]
    """By person."""
    faktorer: Mapping[Gruppe, Decimal]
    utbetalere: tuple[Utbetaler, ...] = ()
    """Pension payers the kommune has found out about."""

    def avgjort(self, person_id: str | None) -> Avgjoerelser:
        """What has been decided about a person."""
        return self.avgjoerelser.get(person_id or "", _INTET)


_INTET: Final = Avgjoerelser(())


def bygg_langtid(
    innhold: LagretSaksinnhold, dag: date, samboer_som_ektefelle: bool, kilder: Kilder
) -> tuple[Persongrunnlag, ...]:
    """The resident first, then the dependants in the order of the calculator."""
    forsoergede = fradragsmedlemmer(innhold, dag, samboer_som_ektefelle)
    hentet = {person: bilder.oppgjoer() for person, bilder in kilder.bilder.items()}
    partner = next((hentet.get(m.person_id or "") for m in forsoergede if m.rad.relasjon in PARTNERE), None)
    beboer = innhold.person.person_id
    deler = [_langtid(beboer, "/person", None, None, partner, hentet, kilder)]
    deler += [
        _langtid(medlem.person_id, medlem.peker, nr, medlem, hentet.get(beboer), hentet, kilder)
        for nr, medlem in enumerate(forsoergede)
    ]
    return tuple(deler)


def _langtid(
    person_id: str | None,
    peker: str,
    nr: int | None,
    medlem: Medlem | None,
    ektefelle: Hentet | None,
    alle: Mapping[str, Hentet],
    kilder: Kilder,
) -> Persongrunnlag:
    bilder, hentet = kilder.bilder.get(person_id or ""), alle.get(person_id or "")
    avgjort = kilder.avgjort(person_id)
    grunnlag, avvist = _paragraf_3(hentet, ektefelle, avgjort, kilder.utbetalere)
    anslag, uten_anslag, avviste_koder = _anslag(bilder, avgjort, kilder.utbetalere)
    plass = "" if nr is None else f"/forsoergede/{nr}"
    oppgitte = avgjort.oppgitte(kilder.aar, plass)
    if nr is None or medlem is None:
        sammenstilling = sammenstill_langtid(kilder.aar, grunnlag, anslag, oppgitte, kilder.faktorer)
    else:
        oppgitte = _over(_fra_raden(medlem.rad, plass), oppgitte)
        sammenstilling = sammenstill_forsoerget(nr, kilder.aar, grunnlag, anslag, oppgitte, kilder.faktorer)
    return Persongrunnlag(
        person_id=person_id,
        peker=peker,
        plass=plass,
        sammenstilling=sammenstilling,
        bilder=bilder,
        hentet=hentet,
        grunnlag=grunnlag,
        anslag=anslag,
        mangler=(*_mangler(hentet), *uten_anslag),
        avvist=(*avvist, *avviste_koder),
    )


def bygg_bistand(innhold: LagretSaksinnhold, dag: date, kilder: Kilder) -> tuple[Persongrunnlag, ...]:
    """The recipient, if counted, then the others who count in the order of the calculator."""
    deler = []
    forhold = forhold_paa(innhold, dag)
    if egen_medregning(forhold) is Medregning.MEDREGNET:
        foert = [
            *_trygd(forhold, "/husstand/0"),
            *(
                Oppgitt("/husstand/0/skjoennsmessigFradrag", rad.beloep, Virkning.LEGGES_TIL, rad.begrunnelse)
                for rad in skjoenn_paa(innhold, dag)
            ),
        ]
        deler.append(_bistand(innhold.person.person_id, "/person", 0, foert, kilder))
    for nr, medlem in enumerate(medregnede(innhold, dag), start=1):
        foert = list(_trygd(medlem.rad, f"/husstand/{nr}"))
        deler.append(_bistand(medlem.person_id, medlem.peker, nr, foert, kilder))
    return tuple(deler)


def _bistand(
    person_id: str | None, peker: str, nr: int, foert: list[Oppgitt], kilder: Kilder
) -> Persongrunnlag:
    bilder = kilder.bilder.get(person_id or "")
    hentet = None if bilder is None else bilder.oppgjoer()
    avgjort = kilder.avgjort(person_id)
    grunnlag: Husstandsgrunnlag | None = None
    avvist: tuple[Avvist, ...] = ()
    if hentet is not None and hentet.svar is not None:
        grunnlag, avvist = avgjort.plasser_10(hentet.aar, lambda valg: paragraf_10(hentet, valg))
    plass = f"/husstand/{nr}"
    oppgitte = _over(foert, avgjort.oppgitte(kilder.aar, plass))
    return Persongrunnlag(
        person_id=person_id,
        peker=peker,
        plass=plass,
        sammenstilling=sammenstill_husstandsmedlem(nr, kilder.aar, grunnlag, oppgitte),
        bilder=bilder,
        hentet=hentet,
        grunnlag=grunnlag,
        mangler=tuple(_mangler(hentet)),
        avvist=avvist,
    )


def _paragraf_3(
    hentet: Hentet | None,
    ektefelle: Hentet | None,
    avgjort: Avgjoerelser,
    utbetalere: tuple[Utbetaler, ...],
) -> tuple[Langtidsgrunnlag | None, tuple[Avvist, ...]]:
    if hentet is None or hentet.svar is None:
        return None, ()
    # Whether an account stands with both is seen only in answers of the same year.
    samme_aar = ektefelle if ektefelle is not None and ektefelle.aar == hentet.aar else None
    return avgjort.plasser(
        hentet.aar,
        lambda valg: paragraf_3(hentet, plasseringer=valg, ektefelle=samme_aar, utbetalere=utbetalere),
    )


def _anslag(
    bilder: Personbilder | None, avgjort: Avgjoerelser, utbetalere: tuple[Utbetaler, ...]
) -> tuple[Aarsanslag | None, tuple[tuple[int, Mangler], ...], tuple[Avvist, ...]]:
    if bilder is None or bilder.inntekt is None:
        return None, (), ()
    bilde, dag = bilder.inntekt.bilde, dagen(bilder.inntekt.hentet)
    svar = les_inntekt(bilde)
    if isinstance(svar, Mangler):
        return None, ((bilde.aar, svar),), ()
    uten_valg = anslaa(svar, dag, utbetalere=utbetalere)
    valg, avvist = avgjort.kodeplasseringer(uten_valg)
    return anslaa(svar, dag, valg, utbetalere) if valg else uten_valg, (), avvist


def _mangler(hentet: Hentet | None) -> Iterator[tuple[int, Mangler]]:
    for mangel in () if hentet is None else hentet.mangler:
        yield hentet.aar if hentet is not None else 0, mangel


def _fra_raden(rad: LagretHusstandsrad, plass: str) -> Iterator[Oppgitt]:
    """What stands in the case itself about a dependant."""
    for navn, beloep in (
        ("tenktEtterlattepensjon", rad.tenkt_etterlattepensjon),
        ("arbeidsinntekt", rad.arbeidsinntekt),
        ("pensjonFraFolketrygden", rad.pensjon_fra_folketrygden),
    ):
        if beloep is not None:
            yield Oppgitt(f"{plass}/{navn}", beloep, Virkning.ERSTATTER, _FOERT_I_SAKEN)


def _trygd(rad: Forhold | LagretHusstandsrad, plass: str) -> Iterator[Oppgitt]:
    for navn, beloep in (("hjelpestoenad", rad.hjelpestoenad), ("omsorgsstoenad", rad.omsorgsstoenad)):
        if beloep is not None:
            yield Oppgitt(f"{plass}/{navn}", beloep, Virkning.ERSTATTER, _FOERT_I_SAKEN)


def _over(under: Iterable[Oppgitt], over: tuple[Oppgitt, ...]) -> tuple[Oppgitt, ...]:
    """Figures of the case, unless a manual post stands in place of them."""
    erstattet = {rad.felt for rad in over if rad.virkning is Virkning.ERSTATTER}
    return (*(rad for rad in under if rad.felt not in erstattet), *over)


def nodekilder(deler: Iterable[Persongrunnlag]) -> dict[str, Node]:
    """Where every figure of the request came from, by pointer."""
    return {peker: node for del_ in deler for peker, node in del_.sammenstilling.kilder().items()}


def person_ut(del_: Persongrunnlag) -> Persontall | None:
    """One person's figures for the answer; somebody without a reference has only what the case says."""
    if del_.person_id is None:
        return None
    grunnlag, hentet = del_.grunnlag, del_.hentet
    brukt = set() if del_.bilder is None else set(del_.bilder.brukt)
    return Persontall(
        person_id=del_.person_id,
        peker=del_.peker,
        inntektsaar=None if grunnlag is None else grunnlag.aar,
        skatteoppgjoersdato=None if hentet is None else hentet.skatteoppgjoersdato,
        ajourholdt=None if hentet is None or hentet.ajourholdt is None else tidspunkt(hentet.ajourholdt),
        foreloepig=del_.sammenstilling.foreloepig,
        kilder=() if del_.bilder is None else tuple(_kilde(bilde, brukt) for bilde in del_.bilder.alle),
        felter=tuple(
            FeltUt(
                felt_=peker.removeprefix(del_.plass),
                navn=felt.node.navn,
                beloep=som_tall(felt.node),
                opphav=felt.opphav,
                erstatter=None if felt.erstatter is None else som_tall(felt.erstatter),
            )
            for peker, felt in del_.sammenstilling.felter.items()
        ),
        ikke_regnet=tuple(
            PostUt(
                teknisk_navn=post.teknisk_navn,
                navn=post.navn,
                beloep=Decimal(post.beloep),
                grunn=post.grunn,
                hjemmel=post.hjemmel,
            )
            for post in _ikke_regnet(grunnlag)
        ),
    )


def _kilde(bilde: Svarbilde, brukt: set[UUID]) -> KildeUt:
    svar = bilde.bilde
    return KildeUt(
        grunnlag_id=str(bilde.id),
        api=svar.api.value,
        inntektsaar=svar.aar,
        utfall="FUNNET" if svar.mangel is None else str(svar.mangel.grunn),
        hentet=tidspunkt(bilde.hentet),
        korrelasjonsid=svar.korrelasjonsid,
        brukt=bilde.id in brukt,
    )


def _ikke_regnet(grunnlag: Langtidsgrunnlag | Husstandsgrunnlag | None) -> tuple[Omtale, ...]:
    if grunnlag is None:
        return ()
    vist = grunnlag.bare_vist if isinstance(grunnlag, Langtidsgrunnlag) else ()
    return (*grunnlag.ikke_regnet, *vist)


def mangler_ut(deler: Iterable[Persongrunnlag]) -> Iterator[MangelUt]:
    """Whose figures are missing, and why."""
    for del_ in deler:
        for aar, mangel in del_.mangler:
            if del_.person_id is not None:
                yield MangelUt(
                    person_id=del_.person_id,
                    peker=del_.peker,
                    inntektsaar=aar,
                    api=mangel.api.value,
                    grunn=mangel.grunn,
                    tekst=mangel.tekst,
                    ansvar=str(mangel.ansvar),
                    gaar_over=mangel.gaar_over,
                    kode=mangel.kode,
                    korrelasjonsid=mangel.korrelasjonsid,
                )


def aapne_ut(deler: Iterable[Persongrunnlag]) -> Iterator[AapenUt]:
    """The posts that wait for a caseworker."""
    for del_ in deler:
        if del_.person_id is not None and del_.grunnlag is not None:
            yield from _aapne_skatteposter(del_.person_id, del_.grunnlag)
        if del_.person_id is not None and del_.anslag is not None:
            yield from _aapne_koder(del_.person_id, del_.anslag)


def _aapne_skatteposter(person_id: str, grunnlag: Langtidsgrunnlag | Husstandsgrunnlag) -> Iterator[AapenUt]:
    for post in _aapne_poster(grunnlag):
        yield AapenUt(
            noekkel=skattenoekkel(grunnlag.aar, post),
            person_id=person_id,
            inntektsaar=grunnlag.aar,
            teknisk_navn=post.teknisk_navn,
            navn=post.navn,
            beloep=Decimal(post.beloep),
            utbetaler=post.utbetaler,
            grunn=post.grunn,
            hjemmel=post.hjemmel,
            kan_plasseres_som=SOM_3 if isinstance(grunnlag, Langtidsgrunnlag) else SOM_10,
        )


def _aapne_koder(person_id: str, anslag: Aarsanslag) -> Iterator[AapenUt]:
    for noekkel, kode in inntektsnoekler(anslag).items():
        yield AapenUt(
            noekkel=noekkel,
            person_id=person_id,
            inntektsaar=anslag.aar,
            teknisk_navn=kode.noekkel.beskrivelse,
            navn=f"{kode.noekkel.inntektstype}, {kode.noekkel.beskrivelse}",
            beloep=kode.beloep,
            utbetaler=kode.noekkel.utbetaler,
            grunn=kode.grunn,
            hjemmel=kode.hjemmel,
            kan_plasseres_som=SOM_KODE,
        )


def _aapne_poster(grunnlag: Langtidsgrunnlag | Husstandsgrunnlag) -> Iterator[Omtale]:
    yield from grunnlag.maa_plasseres
    yield from grunnlag.ukjente
    yield from grunnlag.utenfor_aar
    for par in grunnlag.avviste:
        if par.har_virkning:
            yield from par.poster


def varsler_ut(deler: Iterable[Persongrunnlag]) -> Iterator[Sakvarsel]:
    """What there is to say of each person's figures."""
    for del_ in deler:
        if del_.person_id is None:
            continue
        for aar, mangel in del_.mangler:
            yield from sakvarsler.fra_mangler(
                [mangel], aar, del_.person_id, erstattet=_erstattet(del_, mangel)
            )
        if del_.grunnlag is not None:
            yield from sakvarsler.fra_aapne(del_.grunnlag, del_.person_id, erstattet=del_.klart)
        if del_.anslag is not None:
            yield from sakvarsler.fra_aapne_koder(del_.anslag, del_.person_id)
        yield from sakvarsler.fra_katalogen(_egne_varsler(del_), del_.person_id, erstattet=del_.klart)
        for avvist in del_.avvist:
            yield sakvarsler.plassering_uten_post(postnavn(avvist.noekkel), del_.person_id)


def _erstattet(del_: Persongrunnlag, mangel: Mangler) -> bool:
    """Whether the figures do without what is missing: a-ordningen's is carried forward from a settlement."""
    return del_.klart or (mangel.api is Api.INNTEKT and del_.grunnlag is not None)


def _egne_varsler(del_: Persongrunnlag) -> Iterator[Varsel]:
    """The warnings about a person's figures, without those that presume an answer that never came."""
    uten_svar = del_.grunnlag is None and del_.anslag is None
    utelates: frozenset[Varselkode] = frozenset()
    if uten_svar:
        utelates = _OM_TALL if not del_.sammenstilling.felter else _OM_SVARET
    elif next(aapne_ut([del_]), None) is not None:
        utelates = _OM_SVARET
    return (varsel for varsel in del_.sammenstilling.varsler if varsel.kode not in utelates)


_OM_SVARET: Final = frozenset({Varselkode.INGEN_POSTER})
"""That an answer holds no income: untrue when there is no answer, and when its income waits to be placed."""

_OM_TALL: Final = _OM_SVARET | {
    Varselkode.SKATT_MANGLER,
    Varselkode.OPPGITT_FOR_HAAND,
    Varselkode.UKJENT_UTEN_OPPGJOER,
    Varselkode.ALMINNELIG_INNTEKT_MANGLER,
    Varselkode.GRUNNLAG_FORELOEPIG,
}
"""Of figures, when there is not one: what is missing says it all."""
