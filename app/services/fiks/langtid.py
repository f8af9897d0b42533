"""The v1 answer for langtidsopphold: income, tax, interest and the deduction for those the resident supports."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from app.calc.beloep import NULL
from app.calc.kontrakt.langtidsopphold import Valg
from app.calc.poster.katalog import Behandling3, katalogen
from app.calc.poster.langtidsgrunnlag import Langtidsgrunnlag
from app.calc.poster.noder import GRUPPENAVN
from app.calc.poster.typer import Gruppe, Omtale, Svardel
from app.services.fiks import ekstraposter as ekstra
from app.services.fiks.bestilling import Bestilling, Bestillingsperson
from app.services.fiks.grupper import (
    grunnlag,
    grunnlagsgruppe,
    manuell_post,
    motsatt,
    post_av,
    postgruppe,
    sum_av,
)
from app.services.fiks.hode import svarpersoner, svarstadie
from app.services.fiks.meldinger import Kode, aapne_poster, av_varsler, melding
from app.services.fiks.ord import PARTNERE, Kilde, Operasjon, Persontype
from app.services.fiks.skatt import skattegruppe
from app.services.fiks.svar import (
    FiksBeregning,
    FiksBeregningResponse,
    FiksBeregningsgrunnlag,
    FiksBeregningspost,
    FiksFeilmelding,
    FiksGruppe,
)
from app.services.fiks.visning import langtidskategori, visningsposter
from app.services.oppslag import Hentet, paragraf_3

_FIKSNAVN: Final = {
    Gruppe.PENSJON_FRA_FOLKETRYGDEN: ("folketrygdeytelser", "Folketrygdeytelser"),
    Gruppe.ANNEN_AVKASTNING: ("avkastningFormue", "Avkastning av formue"),
}
"""Names KS has printed where ours differ. The rest of KS' groups are not public; ours stand for them."""

_UKJENT_UTBETALER: Final = ("pensjonUtenKjentUtbetaler", "Pensjon der utbetaleren ikke er kjent")
_TJENESTEPENSJONER: Final = {Gruppe.OFFENTLIG_TJENESTEPENSJON, Gruppe.PRIVAT_PENSJON}
_HJEMME: Final = "Fradraget forutsetter at ektefellen eller samboeren bor hjemme (§ 5 første ledd)."
_NAERING: Final = "Næringsinntekt er regnet som arbeidsinntekt etter § 5 andre ledd, slik KS Fiks gjør. Beløpet er overskuddet."


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """A person with what was fetched and made of it."""

    bestilt: Bestillingsperson
    hentet: Hentet
    grunnlag: Langtidsgrunnlag | None

    @property
    def id(self) -> str:
        """The number."""
        return self.bestilt.identifikator


@dataclass(slots=True, repr=False)
class _Samler:
    """What is gathered on the way."""

    valg: Valg
    meldinger: list[FiksFeilmelding] = field(default_factory=list)

    def si(self, kode: Kode, **felt: str) -> None:
        """Add a message."""
        self.meldinger.append(melding(kode, **felt))


def langtidssvar(
    bestilling: Bestilling, hentet: Sequence[Hentet], naa: datetime, valg: Valg
) -> FiksBeregningResponse:
    """The answer.

    Args:
        bestilling: what was asked.
        hentet: what was found, person by person.
        naa: when.
        valg: the kommune's choices on wealth tax, tax paid abroad and samboer.
    """
    partner = next(
        (svar for p, svar in zip(bestilling.personer, hentet, strict=True) if p.type in PARTNERE), None
    )
    personer = [
        Person(p, svar, paragraf_3(svar, ektefelle=partner if p.type is Persontype.SOEKER else None))
        for p, svar in zip(bestilling.personer, hentet, strict=True)
    ]
    soeker = next(p for p in personer if p.bestilt.type is Persontype.SOEKER)
    samler = _Samler(valg)
    samler.si(Kode.SI_01)
    samler.si(Kode.SI_02)
    for person in personer:
        if person.grunnlag is None:
            samler.si(Kode.SKJERMET, hvem=person.bestilt.omtale)
    inntekt = _inntekt(soeker, samler)
    fradrag = _fradrag(soeker, [p for p in personer if p is not soeker], samler)
    kjent = inntekt.beloep is not None and fradrag.beloep is not None
    return FiksBeregningResponse(
        inntektsaar=bestilling.aar,
        stadie=svarstadie(hentet),
        personer=svarpersoner(bestilling, hentet),
        visningsposter=visningsposter(
            [(p.bestilt, p.hentet, p.grunnlag) for p in personer], langtidskategori, med_skatt=True
        ),
        beregningsbeloep=(inntekt.beloep or 0) - (fradrag.beloep or 0) if kjent else None,
        inntekt=inntekt,
        fradrag=fradrag,
        soeketidspunkt=naa,
        beregningstype=bestilling.type,
        feilmeldinger=tuple(samler.meldinger),
    )


def _inntekt(soeker: Person, samler: _Samler) -> FiksBeregning:
    """Groups without posts are absent; with no group at all the income is unknown, not zero."""
    grupper = []
    if soeker.grunnlag is not None:
        grupper = [_inntektsgruppe(gruppe, soeker) for gruppe in Gruppe if gruppe in soeker.grunnlag.grupper]
        pensjoner = uten_kjent_utbetaler(soeker.grunnlag, soeker.hentet)
        if pensjoner:
            grupper.append(_pensjonsgruppe(pensjoner, soeker.id))
        for navn in dict.fromkeys(omtale.navn for omtale in pensjoner):
            samler.si(Kode.PENSJON_UTBETALER, navn=navn, hvem=soeker.bestilt.omtale)
        samler.meldinger.extend(aapne_poster(soeker.grunnlag, soeker.bestilt, pensjoner))
        samler.meldinger.extend(av_varsler(soeker.grunnlag.varsler))
    manuelle = [manuell_post(e, soeker.id) for e in soeker.bestilt.ekstra(ekstra.ANDRE_INNTEKTER)]
    if manuelle:
        grupper.append(postgruppe("andreInntekterGruppe", "Andre inntekter", manuelle))
    beloep = sum_av(grupper) if grupper and soeker.grunnlag is not None else None
    return FiksBeregning(beloep=beloep, beregning=tuple(grupper))


def _inntektsgruppe(gruppe: Gruppe, soeker: Person) -> FiksGruppe:
    if soeker.grunnlag is None:
        raise TypeError("gruppen har ikke noe grunnlag")
    navn, tekst = _FIKSNAVN.get(gruppe, (str(gruppe), GRUPPENAVN[gruppe]))
    poster = [post_av(node, soeker.id) for node in soeker.grunnlag.grupper[gruppe].argumenter]
    if gruppe is not Gruppe.NAERINGSINNTEKT:
        return postgruppe(navn, tekst, poster)
    overskudd = [post for post in poster if post.operasjon is Operasjon.ADDERE]
    underskudd = [_lagt_til(post) for post in poster if post.operasjon is Operasjon.SUBTRAHERE]
    deler = [
        grunnlag(delnavn, deltekst, delposter, operasjon)
        for delnavn, deltekst, delposter, operasjon in (
            ("overskuddNaeringsinntekt", "Overskudd næring", overskudd, Operasjon.ADDERE),
            ("underskuddNaeringsinntekt", "Underskudd næring", underskudd, Operasjon.SUBTRAHERE),
        )
        if delposter
    ]
    return grunnlagsgruppe(navn, tekst, deler)


def _lagt_til(post: FiksBeregningspost) -> FiksBeregningspost:
    """The post inside a sum that is itself subtracted."""
    return replace(post, operasjon=motsatt(post.operasjon))


def uten_kjent_utbetaler(grunnlag3: Langtidsgrunnlag, hentet: Hentet) -> list[Omtale]:
    """Pensions that are income for certain, and wait only for who pays them.

    Fiks' basis does not tell public from private pension, so leaving them out would make it too small.
    """
    poster = {} if hentet.svar is None else {(p.teknisk_navn, p.del_): p for p in hentet.svar.poster}
    sikre = []
    for omtale in grunnlag3.maa_plasseres:
        rad = katalogen().post(omtale.teknisk_navn, grunnlag3.aar)
        post = poster.get((omtale.teknisk_navn, omtale.del_))
        if (
            rad is not None
            and rad.paragraf3.behandling is Behandling3.ETTER_UTBETALER
            and post is not None
            and post.beloep > 0
            and not post.andel_skattefritt
            and not post.andel_overfoert_fra_barn
        ):
            sikre.append(omtale)
    return sikre


def _pensjonsgruppe(pensjoner: Sequence[Omtale], person: str) -> FiksGruppe:
    return postgruppe(
        *_UKJENT_UTBETALER,
        [
            FiksBeregningspost(
                teknisk_navn=omtale.teknisk_navn,
                visningstekst=omtale.navn
                if omtale.del_ is Svardel.FASTLAND
                else f"{omtale.navn} ({omtale.del_})",
                operasjon=Operasjon.ADDERE,
                beloep=omtale.beloep,
                kilde=Kilde.SKATTEETATEN,
                kan_endre_visningstekst=False,
                identifikator=person,
                infotekst="Kan romme både offentlig og privat pensjon.",
            )
            for omtale in pensjoner
        ],
    )


def _fradrag(soeker: Person, andre: Sequence[Person], samler: _Samler) -> FiksBeregning:
    grupper = []
    skatt = _skatt(soeker, samler)
    if skatt is not None:
        grupper.append(skatt)
    if soeker.grunnlag is not None and soeker.grunnlag.gjeldsrenter is not None:
        renter = [post_av(node, soeker.id) for node in soeker.grunnlag.gjeldsrenter.argumenter]
        grupper.append(postgruppe("gjeldsrenter", "Gjeldsrenter", renter))
    mellomregninger = [m for person in andre if (m := _mellomregning(person, samler)) is not None]
    if mellomregninger:
        grupper.append(grunnlagsgruppe(*ekstra.FORSOERGERFRADRAG, mellomregninger))
        if soeker.grunnlag is not None and (
            _TJENESTEPENSJONER & soeker.grunnlag.grupper.keys()
            or uten_kjent_utbetaler(soeker.grunnlag, soeker.hentet)
        ):
            samler.si(Kode.TJENESTEPENSJON)
    skjoenn = [manuell_post(e, soeker.id) for e in soeker.bestilt.ekstra(ekstra.SKJOENNSMESSIGE_FRADRAG)]
    if skjoenn:
        grupper.append(postgruppe("skjoennsmessigeFradrag", "Skjønnsmessige fradrag", skjoenn))
    return FiksBeregning(beloep=None if skatt is None else sum_av(grupper), beregning=tuple(grupper))


def _skatt(soeker: Person, samler: _Samler) -> FiksGruppe | None:
    grunnlag3 = soeker.grunnlag
    if grunnlag3 is None:
        return None
    if grunnlag3.skatt is None:
        tekst = " ".join(mangler.tekst for mangler in soeker.hentet.mangler)
        samler.si(Kode.SKATT_MANGLER, hvem=soeker.bestilt.omtale, tekst=tekst)
        return None
    if grunnlag3.holdt_utenfor:
        kjent = grunnlag3.skatt.justering is not None
        samler.si(Kode.SKATTEJUSTERING if kjent else Kode.SKATTEJUSTERING_MANGLER)
    return skattegruppe(grunnlag3.aar, grunnlag3.skatt, grunnlag3.holdt_utenfor, samler.valg, soeker.id)


def _mellomregning(person: Person, samler: _Samler) -> FiksBeregningsgrunnlag | None:
    """Tenkt etterlattepensjon less the dependant's own work income and pension from folketrygden, at least 0."""
    bestilt = person.bestilt
    if person.grunnlag is not None:
        samler.meldinger.extend(aapne_poster(person.grunnlag, bestilt))
    tenkt = bestilt.ekstra(ekstra.TENKT_ETTERLATTEPENSJON)
    if bestilt.type is Persontype.SAMBOER and not samler.valg.samboer_som_ektefelle:
        samler.si(Kode.SAMBOER, hvem=bestilt.omtale)
        return None
    if not tenkt:
        samler.si(Kode.ETTERLATTEPENSJON, hvem=bestilt.omtale)
        return None
    hjemme = _HJEMME if bestilt.type in PARTNERE else None
    poster = [manuell_post(e, person.id, Operasjon.ADDERE, hjemme) for e in tenkt]
    poster += _egen_inntekt(person, samler)
    poster += [
        manuell_post(e, person.id, operasjon, _NAERING)
        for navn, operasjon in (
            (ekstra.OEKT_NAERINGSINNTEKT, Operasjon.SUBTRAHERE),
            (ekstra.REDUSERT_NAERINGSINNTEKT, Operasjon.ADDERE),
        )
        for e in bestilt.ekstra(navn)
    ]
    differanse = sum_av(poster)
    return FiksBeregningsgrunnlag(
        teknisk_navn="mellomregningPaarorende",
        visningstekst=f"Forsørgerfradrag ({bestilt.type})",
        beloep=None if person.grunnlag is None or differanse is None else max(0, differanse),
        operasjon=Operasjon.ADDERE,
        beregningsposter=tuple(poster),
    )


def _egen_inntekt(person: Person, samler: _Samler) -> list[FiksBeregningspost]:
    if person.grunnlag is None:
        return []
    poster = []
    for gruppe in (Gruppe.ARBEIDSINNTEKT, Gruppe.PENSJON_FRA_FOLKETRYGDEN, Gruppe.NAERINGSINNTEKT):
        steg = person.grunnlag.grupper.get(gruppe)
        if steg is None:
            continue
        if steg.verdi < NULL:
            samler.si(Kode.NAERINGSUNDERSKUDD, hvem=person.bestilt.omtale)
            continue
        info = _NAERING if gruppe is Gruppe.NAERINGSINNTEKT else None
        poster += [replace(post_av(node, person.id, snu=True), infotekst=info) for node in steg.argumenter]
    return poster
