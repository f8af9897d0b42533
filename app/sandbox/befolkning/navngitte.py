"""The hand-made persons: one for every branch a co-payment case can take.

Amounts are written for 2025 and scaled back to 2021, so that every year adds up by itself. The monthly
figures of 2025 add up to the year's posts where a person has both.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from app.sandbox.befolkning import poster as p
from app.sandbox.befolkning.person import (
    Inntektsrad,
    Oppgave,
    Oppgjoer,
    Person,
    Skjerming,
    oppgjoer,
)
from app.sandbox.befolkning.satser import AAR
from app.sandbox.befolkning.skatt import Spesifisering, Tall
from app.sandbox.syntetisk import organisasjonsnummer, personidentifikator

TRYGDEETAT = organisasjonsnummer(31_110_000)
OFFENTLIG_PENSJONSKASSE = organisasjonsnummer(31_110_100)
PRIVAT_PENSJONSSELSKAP = organisasjonsnummer(31_110_200)
ARBEIDSGIVER = organisasjonsnummer(31_110_300)
BANK = organisasjonsnummer(31_110_400)
OMSORGSKOMMUNE = organisasjonsnummer(31_110_500)

BETALERE = {
    TRYGDEETAT: "SYNTETISK TRYGDEETAT (som folketrygden)",
    OFFENTLIG_PENSJONSKASSE: "SYNTETISK OFFENTLIG PENSJONSKASSE",
    PRIVAT_PENSJONSSELSKAP: "SYNTETISK PRIVAT PENSJON AS",
    ARBEIDSGIVER: "SYNTETISK ARBEIDSGIVER AS",
    BANK: "SYNTETISK SPAREBANK",
    OMSORGSKOMMUNE: "SYNTETISK KOMMUNE SOM BETALER OMSORGSSTØNAD",
}

UKJENT_PERSON = personidentifikator(date(1951, 2, 14), 37)
"""A valid synthetic id that nobody has."""

SISTE_AAR = AAR[-1]
SISTE_MAANED = "2026-10"

_ANDEL_AV_2025 = {2021: 818, 2022: 858, 2023: 908, 2024: 955, 2025: 1000}
_OPPGJOERSMAANED = 4

# Kroner a month from the month given; May follows the yearly adjustment of folketrygden.
_PENSJON_FRA = {"2025-01": 26_950, "2025-05": 28_282, "2026-05": 29_670}
_TJENESTEPENSJON_FRA = {"2025-01": 6_100, "2025-05": 6_330, "2026-05": 6_560}
_PRIVAT_PENSJON_FRA = {"2025-01": 2_250}


def maaneder(fra: str, til: str) -> list[str]:
    """Every month from ``fra`` to ``til``, both included (``YYYY-MM``)."""
    (aar, maaned), slutt = (int(d) for d in fra.split("-")), til
    alle = []
    while f"{aar:04d}-{maaned:02d}" <= slutt:
        alle.append(f"{aar:04d}-{maaned:02d}")
        aar, maaned = (aar + 1, 1) if maaned == 12 else (aar, maaned + 1)  # noqa: PLR2004
    return alle


def _beloep_i(maaned: str, fra: Mapping[str, int]) -> int:
    return fra[max(m for m in fra if m <= maaned)]


def _loepende(
    betaler: str,
    slag: str,
    beskrivelse: str,
    fra: Mapping[str, int],
    *,
    trekk: int = 20,
    til: str = SISTE_MAANED,
) -> tuple[Oppgave, ...]:
    """The same kind of payment every month; ``trekk`` is the withheld tax in per cent."""
    return tuple(
        Oppgave(
            maaned, betaler, (Inntektsrad(slag, beskrivelse, beloep),), forskuddstrekk=beloep * trekk // 100
        )
        for maaned in maaneder(min(fra), til)
        for beloep in [_beloep_i(maaned, fra)]
    )


def aarssum(oppgaver: Iterable[Oppgave], aar: int, *beskrivelser: str) -> int:
    """What the reports of ``aar`` add up to, kroner; all descriptions unless some are named."""
    return sum(
        rad.beloep
        for oppgave in oppgaver
        if oppgave.maaned.startswith(f"{aar}-")
        for rad in oppgave.rader
        if not beskrivelser or rad.beskrivelse in beskrivelser
    )


def _skalert(beloep_2025: Mapping[str, int], aar: int) -> dict[str, int]:
    return {navn: beloep * _ANDEL_AV_2025[aar] // 1000 for navn, beloep in beloep_2025.items()}


def _alle_aar(
    beloep_2025: Mapping[str, int],
    *,
    aar: Iterable[int] = AAR,
    spesifisering: Mapping[str, Spesifisering] | None = None,
    utenlandsk_skatt: int = 0,
) -> dict[int, Oppgjoer]:
    """One settlement for each year. Details are only given for 2025: they would not add up in the others."""
    return {
        a: oppgjoer(
            date(a + 1, _OPPGJOERSMAANED, 10 + a % 5),
            Tall(
                a,
                _skalert(beloep_2025, a),
                spesifisering=(spesifisering or {}) if a == SISTE_AAR else {},
                utenlandsk_skatt=utenlandsk_skatt,
            ),
        )
        for a in aar
    }


def _enslig_pensjonist() -> Person:
    pensjon = _loepende(TRYGDEETAT, "pensjonEllerTrygd", "alderspensjon", _PENSJON_FRA)
    return Person(
        "enslig-pensjonist",
        "TÅLMODIG FURUKONGLE",
        (personidentifikator(date(1941, 5, 12), 12),),
        "Enslig alderspensjonist med bankinnskudd. Pensjonen endres i mai, og månedstallene for 2025 summerer"
        " seg til skatteoppgjøret.",
        _alle_aar({p.ALDERSPENSJON: aarssum(pensjon, SISTE_AAR), p.RENTER: 18_400, p.INNSKUDD: 612_000}),
        inntekt=pensjon,
    )


def _ektepar() -> tuple[Person, Person]:
    folketrygd = _loepende(TRYGDEETAT, "pensjonEllerTrygd", "alderspensjon", _PENSJON_FRA)
    offentlig = _loepende(
        OFFENTLIG_PENSJONSKASSE,
        "pensjonEllerTrygd",
        "pensjonOgLivrenterIArbeidsforhold",
        _TJENESTEPENSJON_FRA,
    )
    privat = _loepende(
        PRIVAT_PENSJONSSELSKAP, "pensjonEllerTrygd", "pensjonOgLivrenterIArbeidsforhold", _PRIVAT_PENSJON_FRA
    )
    tjenestepensjoner = {
        OFFENTLIG_PENSJONSKASSE: aarssum(offentlig, SISTE_AAR),
        PRIVAT_PENSJONSSELSKAP: aarssum(privat, SISTE_AAR),
    }
    loenn = _loepende(
        ARBEIDSGIVER, "loennsinntekt", "fastloenn", {"2025-01": 24_000, "2026-01": 24_900}, trekk=25
    )
    beboer = Person(
        "ektepar-beboer",
        "STANDHAFTIG ROSEBUSK",
        (personidentifikator(date(1943, 9, 3), 41),),
        "Beboer med ektefelle hjemme. Posten for annen pensjon rommer både offentlig og privat"
        " tjenestepensjon; spesifiseringen for 2025 skiller dem på organisasjonsnummer.",
        _alle_aar(
            {
                p.ALDERSPENSJON: aarssum(folketrygd, SISTE_AAR),
                p.TJENESTEPENSJON: sum(tjenestepensjoner.values()),
                p.RENTER: 9_200,
                p.INNSKUDD: 305_000,
            },
            spesifisering={
                p.TJENESTEPENSJON: tuple(
                    {
                        "type": "KollektivPensjonsordning",
                        "pensjonsutbetalersNavn": BETALERE[orgnr],
                        "organisasjonsnummer": orgnr,
                        "pensjonsinntektPerSkattleggingsperiode": beloep,
                    }
                    for orgnr, beloep in tjenestepensjoner.items()
                ),
            },
        ),
        inntekt=folketrygd + offentlig + privat,
        ektefelle="ektepar-hjemme",
    )
    hjemme = Person(
        "ektepar-hjemme",
        "UREDD BLÅVEIS",
        (personidentifikator(date(1960, 11, 24), 88),),
        "Den hjemmeboende ektefellen, med lønn som går til fradrag i forsørgerfradraget.",
        _alle_aar({p.LOENN: aarssum(loenn, SISTE_AAR), p.RENTER: 2_100, p.INNSKUDD: 84_000}),
        inntekt=loenn,
        ektefelle="ektepar-beboer",
    )
    return beboer, hjemme


def _gevinst_og_tap() -> tuple[Person, Person]:
    pensjon = {p.ALDERSPENSJON: 331_000, p.RENTER: 6_500, p.INNSKUDD: 214_000}
    gevinst = _alle_aar(pensjon)
    gevinst[2024] = oppgjoer(
        date(2025, 5, 6),
        Tall(
            2024, {**_skalert(pensjon, 2024), p.GEVINST: 410_000, p.GEVINST_BOLIG: 150_000, p.AKSJER: 90_000}
        ),
    )
    tap = _alle_aar({**pensjon, p.ALDERSPENSJON: 344_000})
    tap[2025] = oppgjoer(
        date(2026, 5, 12),
        Tall(2025, {**pensjon, p.ALDERSPENSJON: 344_000, p.TAP: 120_000}, forskuddstrekk=88_000),
    )
    return (
        Person(
            "gevinst",
            "KVIKK ENGHUMLE",
            (personidentifikator(date(1946, 1, 30), 5),),
            "Gevinst ved salg av aksjer (med oppjustering) og av bolig i 2024: holdes utenfor inntekten, og"
            " skatten av den skal holdes utenfor også.",
            gevinst,
        ),
        Person(
            "tap",
            "FORSAGT LØVETANN",
            (personidentifikator(date(1945, 6, 17), 23),),
            "Tap ved salg av aksjer i 2025: skatten er lavere på grunn av tapet, og for mye er trukket.",
            tap,
        ),
    )


def _svalbard_og_kildeskatt() -> tuple[Person, Person]:
    svalbard = {
        a: oppgjoer(
            date(a + 1, 6, 2),
            Tall(a, _skalert({p.RENTER: 3_900, p.INNSKUDD: 120_000}, a)),
            svalbard=Tall(a, _skalert({p.SVALBARD_PENSJON: 298_000}, a), kommune="2100"),
        )
        for a in AAR
    }
    kildeskatt = {
        a: oppgjoer(date(a + 1, 6, 9), kildeskatt=Tall(a, _skalert({p.LOENN: 186_000}, a)))
        for a in (2024, 2025)
    }
    return (
        Person(
            "svalbard",
            "FROSTKLAR POLARVALMUE",
            (personidentifikator(date(1950, 3, 8), 61),),
            "Pensjon skattlagt på Svalbard og renter på fastlandet: inntekten må hentes fra begge grunnlag.",
            svalbard,
        ),
        Person(
            "kildeskatt",
            "GJESTFRI SVALE",
            (personidentifikator(date(1968, 8, 19), 77, d_nummer=True),),
            "Bare kildeskatt på lønn (2024–2025), med D-nummer. Det finnes ikke noe fastlandsgrunnlag.",
            kildeskatt,
        ),
    )


def _skjermede() -> tuple[Person, Person]:
    tall = _alle_aar(
        {p.ALDERSPENSJON: 287_000, p.RENTER: 4_400, p.INNSKUDD: 143_000},
        spesifisering={
            p.RENTER: ({"type": "Konto", "bankensNavn": BETALERE[BANK], "organisasjonsnummer": BANK},)
        },
    )
    return (
        Person(
            "skjermet-helt",
            "TAUS SKOGSTJERNE",
            (personidentifikator(date(1947, 4, 2), 9),),
            "Skjermet i alle datasett: svaret har bare parametrene og skjermet: true."
            " Det er ikke null inntekt.",
            tall,
            skjerming=dict.fromkeys(("summertskattegrunnlag", "beregnetskatt", "avregning"), Skjerming.HELT),
        ),
        Person(
            "skjermet-delvis",
            "VARSOM LINNEA",
            (personidentifikator(date(1949, 12, 11), 19),),
            "Grunnlaget kommer uten detaljer som kan røpe bosted, men summene stemmer; beregnet skatt er helt"
            " holdt tilbake. Skjerming er ulik fra datasett til datasett.",
            tall,
            skjerming={
                "summertskattegrunnlag": Skjerming.DELVIS,
                "beregnetskatt": Skjerming.HELT,
                "avregning": Skjerming.HELT,
            },
        ),
    )


def _slettet_og_manglende() -> tuple[Person, ...]:
    slettet = _alle_aar({p.ALDERSPENSJON: 302_000, p.RENTER: 1_900, p.INNSKUDD: 66_000})
    uten = _alle_aar({p.ALDERSPENSJON: 278_000}, aar=AAR[:-1])
    fra = _alle_aar({p.ALDERSPENSJON: 315_000, p.RENTER: 12_000, p.INNSKUDD: 390_000})
    null = _alle_aar({p.UFOERE: 0, p.RENTER: 0, p.LOENN: 0})
    return (
        Person(
            "slettet",
            "FORGJENGELIG DUGG",
            (personidentifikator(date(1944, 7, 21), 33),),
            "Oppgjøret for 2025 er slettet: 410 i summert skattegrunnlag, 404 BSA-007 i beregnet skatt.",
            {a: o for a, o in slettet.items() if a != SISTE_AAR},
            slettet=frozenset({SISTE_AAR}),
        ),
        Person(
            "uten-oppgjoer",
            "SENDREKTIG SNEGL",
            (personidentifikator(date(1953, 10, 5), 14),),
            "Oppgjøret for 2025 er ikke kommet ennå (404); siste tilgjengelige er 2024.",
            uten,
        ),
        Person(
            "uten-noe",
            "NYSTARTET SPURV",
            (personidentifikator(date(1955, 2, 27), 90),),
            "Kjent person uten noe oppgjør: ingen data, ikke null inntekt.",
        ),
        Person(
            "null-inntekt",
            "NØKTERN LAV",
            (personidentifikator(date(1971, 3, 15), 55),),
            "Oppgjør med uttrykkelige nuller: her er inntekten virkelig null.",
            null,
        ),
        Person(
            "to-identiteter",
            "TOSIDIG MÅNEKVAST",
            (
                personidentifikator(date(1948, 8, 8), 28),
                personidentifikator(date(1948, 8, 8), 28, d_nummer=True),
            ),
            "Samme person under D-nummer og fødselsnummer; begge svarer, og hendelseslisten har begge.",
            fra,
        ),
    )


def _saertilfeller() -> tuple[Person, ...]:
    dobbel_pensjon = 251_000
    dobbelt = _alle_aar({p.ALDERSPENSJON: 292_500})
    # Both names of one pension, as the 2022 model's trailing block of old names allows. The new name is
    # written by its old one in no other year, so the row is made by hand and the sum counts it once.
    tall_2022 = Tall(
        2022,
        {
            p.ALDERSPENSJON: dobbel_pensjon,
            p.ALDERSPENSJON_2021: dobbel_pensjon,
            p.SUM_INNTEKTER: dobbel_pensjon,
            p.MINSTEFRADRAG: 90_800,
            p.SUM_MINSTEFRADRAG: 90_800,
            p.SUM_FRADRAG: 90_800,
            p.ALMINNELIG_INNTEKT: dobbel_pensjon - 90_800,
        },
        bare_trykte=True,
    )
    dobbelt[2022] = oppgjoer(date(2023, 4, 12), tall_2022)
    utland = {
        a: replace(
            o,
            fastland=Tall(
                a,
                _skalert({p.ALDERSPENSJON: 196_000, p.UTENLANDSK_PENSJON: 88_000}, a)
                | ({p.SKATTEFRI_UTENLANDSK_PENSJON: 21_000} if a < SISTE_AAR else {}),
                utenlandsk_skatt=7_400,
            ),
        )
        for a, o in _alle_aar({p.ALDERSPENSJON: 196_000}).items()
    }
    return (
        Person(
            "utbytte",
            "GAVMILD ASKELADD",
            (personidentifikator(date(1942, 2, 9), 7),),
            "Aksjeutbytte med oppjustering: utbyttet teller, oppjusteringen gjør ikke.",
            _alle_aar({p.ALDERSPENSJON: 318_000, p.UTBYTTE: 52_000, p.AKSJER: 860_000, p.INNSKUDD: 96_000}),
        ),
        Person(
            "naering",
            "DRIFTIG MAUR",
            (personidentifikator(date(1958, 6, 1), 66),),
            "Enkeltpersonforetak: samme beløp står to ganger som inntekt (overskudd og personinntekt).",
            _alle_aar({p.NAERING: 214_000, p.NAERING_PERSON: 214_000, p.ALDERSPENSJON: 142_000}),
        ),
        Person(
            "uskiftet-bo",
            "TROFAST LERKE",
            (personidentifikator(date(1939, 12, 24), 17),),
            "Sitter i uskiftet bo: renter og formue i oppgjøret hører til boet, og det sier ikke svaret"
            " noe om.",
            _alle_aar(
                {
                    p.ALDERSPENSJON: 305_000,
                    p.ETTERLATTEPENSJON: 28_000,
                    p.RENTER: 61_000,
                    p.INNSKUDD: 1_720_000,
                    p.PRIMAERBOLIG: 940_000,
                }
            ),
        ),
        Person(
            "formue",
            "STAUT STORFURU",
            (personidentifikator(date(1940, 10, 18), 3),),
            "Formuesskatt i beregnet skatt, leieinntekt, gjeld og gjeldsrenter.",
            _alle_aar(
                {
                    p.ALDERSPENSJON: 352_000,
                    p.LEIE: 96_000,
                    p.RENTER: 104_000,
                    p.GJELDSRENTER: 31_000,
                    p.INNSKUDD: 3_150_000,
                    p.PRIMAERBOLIG: 2_050_000,
                    p.GJELD: 610_000,
                }
            ),
        ),
        Person(
            "ukjent-post",
            "GÅTEFULL UGLE",
            (personidentifikator(date(1952, 5, 26), 44),),
            "En post ingen har sett før i 2025: skal vises og plasseres av saksbehandler, aldri droppes.",
            _alle_aar({p.ALDERSPENSJON: 266_000}, aar=AAR[:-1])
            | _alle_aar({p.ALDERSPENSJON: 266_000, p.UKJENT_POST: 33_000}, aar=(SISTE_AAR,)),
        ),
        Person(
            "gammelt-og-nytt-navn",
            "TVETYDIG EKORN",
            (personidentifikator(date(1951, 7, 4), 71),),
            "Oppgjøret for 2022 har samme pensjon under både gammelt og nytt postnavn: skal ikke"
            " legges sammen.",
            dobbelt,
        ),
        Person(
            "utland",
            "BEREIST TERNE",
            (personidentifikator(date(1947, 11, 13), 50),),
            "Pensjon fra utlandet, skattefri pensjon (til 2024) og fradrag for skatt betalt i utlandet.",
            utland,
        ),
        Person(
            "barn",
            "LYSTIG LEKEBJØRN",
            (personidentifikator(date(2012, 4, 20), 101),),
            "Mindreårig beboer med egen barnepensjon og renter; foreldrenes inntekt er uten betydning.",
            _alle_aar({p.BARNEPENSJON: 114_000, p.RENTER: 1_200, p.INNSKUDD: 41_000}),
        ),
        Person(
            "ufoer",
            "SINDIG ELV",
            (personidentifikator(date(1974, 1, 22), 13),),
            "Uføretrygdet under 67 år; uføretrygd skattlegges som lønn.",
            _alle_aar({p.UFOERE: 312_000, p.RENTER: 900, p.INNSKUDD: 31_000}),
        ),
        Person(
            "livsvarig-afp",
            "FREMTIDSRETTET KVIST",
            (personidentifikator(date(1963, 3, 3), 81),),
            "Ny post i 2025: livsvarig AFP i offentlig sektor, betalt av den offentlige pensjonskassen.",
            _alle_aar({p.ALDERSPENSJON: 240_000, p.LIVSVARIG_AFP: 61_000}, aar=(SISTE_AAR,)),
        ),
    )


def _med_maanedsinntekt() -> tuple[Person, ...]:
    pensjon = _loepende(TRYGDEETAT, "pensjonEllerTrygd", "alderspensjon", _PENSJON_FRA)
    ekstra = (
        Oppgave("2025-11", TRYGDEETAT, (Inntektsrad("pensjonEllerTrygd", "alderspensjon", -1_332),)),
        Oppgave("2026-02", TRYGDEETAT, (Inntektsrad("pensjonEllerTrygd", "alderspensjon", 4_410),)),
        Oppgave(
            "2026-03",
            PRIVAT_PENSJONSSELSKAP,
            (Inntektsrad("pensjonEllerTrygd", "engangsutbetalingInnskuddspensjon", 38_000),),
            forskuddstrekk=11_400,
        ),
    )
    omsorg = _loepende(
        OMSORGSKOMMUNE, "loennsinntekt", "kommunalOmsorgsloennOgFosterhjemsgodtgjoerelse", {"2025-01": 9_800}
    )
    loenn = _loepende(ARBEIDSGIVER, "loennsinntekt", "fastloenn", {"2025-01": 31_500}, trekk=28)
    reise = tuple(
        Oppgave(
            m,
            ARBEIDSGIVER,
            (
                Inntektsrad(
                    "loennsinntekt", "kilometergodtgjoerelseBil", 1_150, "utgiftsgodtgjoerelse", trekkes=False
                ),
            ),
        )
        for m in maaneder("2026-01", SISTE_MAANED)
    )
    doed = (
        *_loepende(TRYGDEETAT, "pensjonEllerTrygd", "alderspensjon", _PENSJON_FRA, til="2026-03"),
        Oppgave("2026-04", TRYGDEETAT, (Inntektsrad("pensjonEllerTrygd", "pensjonIDoedsmaaneden", 28_282),)),
    )
    ukjent = (
        *_loepende(TRYGDEETAT, "pensjonEllerTrygd", "alderspensjon", {"2026-01": 23_000}),
        Oppgave("2026-06", TRYGDEETAT, (Inntektsrad("pensjonEllerTrygd", "sandkasseytelse", 2_750),)),
    )
    return (
        Person(
            "korreksjoner",
            "NØYAKTIG VIPE",
            (personidentifikator(date(1954, 9, 29), 36),),
            "Månedsinntekt med rettelser: to oppgaver fra samme betaler i november 2025 og februar 2026, og"
            " en engangsutbetaling i mars 2026 som ikke skal framskrives.",
            _alle_aar({p.ALDERSPENSJON: aarssum(pensjon + ekstra, SISTE_AAR)}),
            inntekt=pensjon + ekstra,
        ),
        Person(
            "omsorgsstoenad",
            "OMSORGSFULL STORK",
            (personidentifikator(date(1977, 5, 5), 62),),
            "Lønn og omsorgsstønad: stønaden trekkes ut av grunnlaget for praktisk bistand. Kjøregodt"
            "gjørelsen er ikke inntekt.",
            _alle_aar({p.LOENN: aarssum(loenn + omsorg, SISTE_AAR)}),
            inntekt=loenn + omsorg + reise,
        ),
        Person(
            "doed",
            "AVSLUTTET SANG",
            (personidentifikator(date(1938, 1, 16), 4),),
            "Døde i april 2026: siste utbetaling er pensjon i dødsmåneden.",
            _alle_aar({p.ALDERSPENSJON: aarssum(doed, SISTE_AAR)}),
            inntekt=doed,
        ),
        Person(
            "ukjent-inntektskode",
            "FREMMED GJØK",
            (personidentifikator(date(1956, 8, 31), 25),),
            "En inntektskode ingen har sett før i juni 2026: skal vises, aldri droppes.",
            _alle_aar({p.ALDERSPENSJON: 260_000}),
            inntekt=ukjent,
        ),
    )


def _ks_eksemplene() -> tuple[Person, ...]:
    """The published KS cases under our own synthetic ids; the amounts are the printed ones."""
    beboer = Tall(
        2023,
        {
            p.LOENN: 767_670, p.EKOM: 4_392, p.RENTER: 2_163, p.UTBYTTE: 27_493, p.UTBYTTE_OPP: 19_795,
            p.MINSTEFRADRAG: 104_450, p.INNSKUDD: 108_147, p.AKSJER: 1_284_727,
        },
    )  # fmt: skip
    partner = Tall(
        2023,
        {
            p.LOENN: 142_622, p.EKOM: 3_600, p.FORSIKRINGSRENTER: 2_234, p.MINSTEFRADRAG: 67_262,
            p.FORSINKELSESRENTER: 876, p.ANNEN_GJELD: 29_188,
        },
    )  # fmt: skip
    soeker = Tall(
        2021,
        {p.ALMINNELIG_INNTEKT: 6_700, p.GEVINST_OPP: 39_199, p.TAP: 88_840, p.TAP_OPP: 39_090},
        bare_trykte=True,
    )
    ektefelle = Tall(
        2021,
        {p.ALMINNELIG_INNTEKT: 6_801_000, p.GEVINST_SDF: 200_000, p.GEVINST_SDF_OPP: 88_000,
         p.TILLEGG_SDF_OPP: 132_000},
        bare_trykte=True,
    )  # fmt: skip
    # KS prints a tax of 25 000 and no alminnelig inntekt; this one gives that tax.
    openapi = Tall(
        2023,
        {p.ALDERSPENSJON: 45_000, p.OVERSKUDD_SDF: 50_000, p.ALMINNELIG_INNTEKT: 182_801},
        bare_trykte=True,
    )
    openapi_ektefelle = Tall(2023, {p.ALDERSPENSJON: 50_000, p.ALMINNELIG_INNTEKT: 50_000}, bare_trykte=True)
    return (
        Person(
            "ks-openapi-soeker",
            "SINDIG EKSEMPEL",
            (personidentifikator(date(1949, 8, 7), 40),),
            "Søkeren i eksemplet i KS' OpenAPI for langtidsopphold 2023: inntekt 95 000 og andre inntekter"
            " 30 000, skatt 25 000, grunnlag 100 000. Bare de trykte postene finnes.",
            {2023: oppgjoer(date(2024, 5, 22), openapi)},
            ektefelle="ks-openapi-ektefelle",
            trykte=("77087900851",),
        ),
        Person(
            "ks-openapi-ektefelle",
            "VENNLIG EKSEMPEL",
            (personidentifikator(date(1950, 5, 14), 40),),
            "Ektefellen i samme eksempel: alderspensjon 50 000.",
            {2023: oppgjoer(date(2024, 5, 22), openapi_ektefelle)},
            ektefelle="ks-openapi-soeker",
            trykte=("74585691235",),
        ),
        Person(
            "ks-langtid-beboer",
            "HØFLIG EKSEMPEL",
            (personidentifikator(date(1972, 1, 4), 97),),
            "Beboeren i KS-eksemplet for langtidsopphold 2023: inntekt 801 718, skatt 234 591, grunnlag"
            " 567 127.",
            {2023: oppgjoer(date(2024, 2, 15), beboer)},
            ektefelle="ks-langtid-partner",
            trykte=("04817299771",),
        ),
        Person(
            "ks-langtid-partner",
            "OPPRIKTIG EKSEMPEL",
            (personidentifikator(date(1970, 4, 27), 94),),
            "Partneren i samme eksempel: egen arbeidsinntekt 146 222.",
            {2023: oppgjoer(date(2024, 2, 19), partner)},
            ektefelle="ks-langtid-beboer",
            trykte=("27847099416",),
        ),
        Person(
            "ks-bistand-soeker",
            "GLAD EKSEMPEL",
            (personidentifikator(date(1964, 5, 25), 98),),
            "Søkeren i KS-eksemplet for praktisk bistand 2021: grunnlag 93 431 med de manuelle postene."
            " Bare de trykte postene finnes.",
            {2021: oppgjoer(date(2022, 2, 10), soeker)},
            ektefelle="ks-bistand-ektefelle",
            trykte=("25851449852",),
        ),
        Person(
            "ks-bistand-ektefelle",
            "KONSERVATIV EKSEMPEL",
            (personidentifikator(date(1969, 2, 6), 94),),
            "Ektefellen i samme eksempel: grunnlag 6 381 000, husstanden 6 474 431.",
            {2021: oppgjoer(date(2022, 9, 26), ektefelle)},
            ektefelle="ks-bistand-soeker",
            trykte=("06882949409",),
        ),
    )


def navngitte() -> tuple[Person, ...]:
    """Every hand-made person, in the order the documentation lists them."""
    return (
        _enslig_pensjonist(),
        *_ektepar(),
        *_gevinst_og_tap(),
        *_saertilfeller(),
        *_svalbard_og_kildeskatt(),
        *_skjermede(),
        *_slettet_og_manglende(),
        *_med_maanedsinntekt(),
        *_ks_eksemplene(),
    )
