"""Random requests that the contract accepts, drawn towards the places where rules turn.

Every request is made from a seeded ``Random``, so a case is named by its seed and can be made again.
Amounts are ``int`` or ``Decimal``; ``som_json`` writes them as exact JSON numbers.
"""

import json
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.calc.orakel import GRUNNBELOEP, SATSER, finn_trinn

Tilfelle = dict[str, Any]

INNTEKTER = (
    "pensjonFraFolketrygden",
    "andreLoependeTrygdeytelser",
    "offentligTjenestepensjon",
    "privatPensjon",
    "arbeidsinntekt",
    "leieinntekt",
    "renteinntekt",
    "annenAvkastning",
)
DOEGN = ("LANGTID", "LANGTID", "LANGTID", "KORTTID_DOEGN", "KORTTID_DOEGN", "KORTTID_DOEGN", "AVLASTNING")
LENGDER = (1, 2, 7, 27, 28, 29, 30, 31, 32, 58, 59, 60, 61, 62, 90, 150, 365)
MELLOMROM = (0, 0, 1, 1, 1, 1, 2, 3, 14, 40)
EN_DAG = timedelta(days=1)


def som_json(verdi: object) -> str:
    """JSON text with every ``Decimal`` as the number it is."""
    if isinstance(verdi, dict):
        return "{" + ",".join(f"{json.dumps(navn)}:{som_json(del_)}" for navn, del_ in verdi.items()) + "}"
    if isinstance(verdi, (list, tuple)):
        return "[" + ",".join(som_json(del_) for del_ in verdi) + "]"
    return f"{verdi:f}" if isinstance(verdi, Decimal) else json.dumps(verdi)


def tilfeldig_langtidsopphold(r: Random, aar: int | None = None) -> Tilfelle:
    """A valid langtidsopphold request."""
    aar = r.randint(min(SATSER), max(SATSER)) if aar is None else aar
    inn: Tilfelle = {
        "aar": aar,
        "inntekter": _inntekter(r, aar),
        "skatt": _skatt(r),
        "opphold": _opphold(r, aar),
        "valg": _valg(r, aar),
    }
    if _av_og_til(r, 30):
        inn["gjeldsrenter"] = _oere(r, 0, 60_000)
    if _av_og_til(r, 35):
        inn["forsoergede"] = [_forsoerget(r) for _ in range(r.randint(1, 3))]
    if _av_og_til(r, 15):
        inn["skjoennsmessigFradrag"] = [{"beloep": _oere(r, 0, 40_000), "begrunnelse": "Dyr bolig"}]
    return inn


def tilfeldig_praktisk_bistand(r: Random) -> Tilfelle:
    """A valid praktisk-bistand request in which every hour has a price."""
    aar = r.randint(min(SATSER), max(SATSER))
    g = GRUNNBELOEP[aar - 1]
    register = _register(r, g)
    inn: Tilfelle = {"aar": aar, "husstand": _husstand(r, g, register["trinn"]), "prisregister": register}
    if _av_og_til(r, 40):
        maaneder = r.sample(range(1, 13), r.randint(1, 3))
        inn["prisendringer"] = [
            {"fraMaaned": f"{aar}-{maaned:02d}", "prisregister": _register(r, g)} for maaned in maaneder
        ]
    inn["tjenester"] = _tjenester(r, inn)
    if _av_og_til(r, 60):
        inn["valg"] = {
            "avrundingAvTid": r.choice(("PER_MAANED", "PER_BESOEK")),
            "avrunding": r.choice(("KRONE_NED", "OERE_NED")),
        }
    return inn


def tilfeldig_etteroppgjoer(r: Random) -> Tilfelle:
    """A valid etteroppgjoer request, against an earlier calculation or against what was invoiced."""
    endelig = tilfeldig_langtidsopphold(r)
    aar = endelig["aar"]
    inn: Tilfelle = {"endelig": endelig}
    if _av_og_til(r, 50):
        foreloepig = {**endelig, "inntekter": _inntekter(r, aar)}
        match r.randrange(4):
            case 0:
                foreloepig = dict(endelig)
            case 1:
                foreloepig["opphold"] = _opphold(r, aar)
            case 2:
                foreloepig = tilfeldig_langtidsopphold(r, aar)
        inn["foreloepig"] = foreloepig
    else:
        maaneder = r.sample(range(1, 13), r.randint(0, 12))
        inn["fakturert"] = [
            {"maaned": f"{aar}-{maaned:02d}", "beloep": _oere(r, 0, 30_000)} for maaned in maaneder
        ]
    if _av_og_til(r, 50):
        inn["minstebeloep"] = r.choice((0, 1, 500, 5_000, 100_000))
    return inn


def _av_og_til(r: Random, prosent: int) -> bool:
    return r.randrange(100) < prosent


def _oere(r: Random, fra: int, til: int) -> int | Decimal:
    """An amount between two whole kroner, with oere half the time."""
    if til <= fra or r.random() < 0.5:
        return r.randint(fra, max(fra, til))
    return Decimal(r.randrange(fra * 100, til * 100)).scaleb(-2)


# --- langtidsopphold ----------------------------------------------------------------------------------------


def _inntekter(r: Random, aar: int) -> Tilfelle:
    """One main income near a limit of § 3, sometimes others beside it, sometimes a loss."""
    f, g = SATSER[aar][0], r.choice((GRUNNBELOEP[aar - 1], GRUNNBELOEP[aar]))
    i_behold = g // 4 + f * 3 // 4
    sikte = r.choice((0, f, SATSER[aar][1] or f, i_behold, i_behold + f, g, 2 * g, r.randint(0, 900_000)))
    inntekter: Tilfelle = {r.choice(INNTEKTER): _oere(r, max(0, sikte - 2), sikte + 2)}
    if _av_og_til(r, 50):
        for navn in r.sample(INNTEKTER, r.randint(1, 4)):
            inntekter[navn] = _oere(r, 0, 250_000)
    if _av_og_til(r, 15):
        inntekter["naeringsinntekt"] = _oere(r, -150_000, 150_000)
    return inntekter


def _skatt(r: Random) -> Tilfelle:
    skatt: Tilfelle = {}
    if _av_og_til(r, 60):
        skatt["beregnetSkatt"] = _oere(r, 0, 150_000)
    if _av_og_til(r, 30):
        skatt["formuesskatt"] = _oere(r, 0, 40_000)
    if _av_og_til(r, 20):
        skatt["kreditfradrag"] = _oere(r, 0, 20_000)
    if _av_og_til(r, 25):
        skatt["alminneligInntekt"] = _oere(r, 0, 600_000)
        skatt["personfradrag"] = r.choice((0, 50_000, 86_250, 108_550, 114_540))
        if _av_og_til(r, 30):
            skatt["skattesats"] = r.choice((22, Decimal("18.5"), Decimal("10.55"), 0))
        skatt["holdtUtenfor"] = [
            {
                "art": r.choice(("GEVINST", "TAP")),
                "beloep": _oere(r, 0, 700_000),
                **(
                    {"oppjusteringsfaktor": r.choice((1, Decimal("1.44"), Decimal("1.72")))}
                    if r.random() < 0.6
                    else {}
                ),
            }
            for _ in range(r.randint(1, 3))
        ]
    return skatt


def _forsoerget(r: Random) -> Tilfelle:
    person: Tilfelle = {"relasjon": r.choice(("EKTEFELLE", "SAMBOER", "BARN_UNDER_18", "BARN_OVER_18"))}
    if _av_og_til(r, 40):
        person["hjemmeboende"] = r.random() < 0.5
    for navn, hoeyst in (
        ("tenktEtterlattepensjon", 300_000),
        ("arbeidsinntekt", 150_000),
        ("pensjonFraFolketrygden", 150_000),
    ):
        if _av_og_til(r, 65):
            person[navn] = _oere(r, 0, hoeyst)
    return person


def _opphold(r: Random, aar: int) -> list[Tilfelle]:
    """Stays one after the other, then visits on days nobody sleeps in the institution."""
    if _av_og_til(r, 65):
        fra = date(aar, 1, 1) + timedelta(days=r.randrange(360) + 360 * _av_og_til(r, 3))
    else:
        fra = date(aar - r.choice((1, 1, 1, 2)), 1, 1) + timedelta(days=r.randrange(365))
    doegn: list[Tilfelle] = []
    forrige_lengde = 2
    siste = date(aar, 12, 31)
    for _ in range(r.choice((0, 1, 1, 2, 2, 3, 4, 5, 6, 6))):
        lengde = r.choice((*LENGDER, r.randint(1, 120)))
        if forrige_lengde == 1 and doegn and doegn[-1]["til"] == fra.isoformat():
            lengde = max(2, lengde)  # two stays of the same single day would have no later one
        til = fra + timedelta(days=lengde - 1)
        nyttaar = date(fra.year, 12, 31)
        if _av_og_til(r, 15) and (nyttaar - fra).days < 120:
            til = max(fra, nyttaar + timedelta(days=r.choice((0, 1, 2, 20, 70))))
            lengde = (til - fra).days + 1
        doegn.append(_doegnopphold(r, fra, til))
        forrige_lengde = lengde
        fra = til + timedelta(days=r.choice(MELLOMROM))
        if fra > siste + timedelta(days=10):
            break
    if doegn and _av_og_til(r, 40):
        doegn[-1]["til"] = None
        if r.random() < 0.5:
            del doegn[-1]["til"]
    opphold = doegn + _besoek(r, aar, doegn)
    if _av_og_til(r, 20):
        r.shuffle(opphold)
    return opphold


def _doegnopphold(r: Random, fra: date, til: date) -> Tilfelle:
    art = "OEYEBLIKKELIG_HJELP" if _av_og_til(r, 6) else r.choice(DOEGN)
    opphold: Tilfelle = {"art": art, "fra": fra.isoformat(), "til": til.isoformat()}
    if _av_og_til(r, 25):
        opphold["dobbeltromMotEgetOenske"] = True
    if _av_og_til(r, 12):
        opphold["medregnetFra"] = (fra - timedelta(days=r.choice((0, 1, 10, 29, 30, 31, 80)))).isoformat()
    if _av_og_til(r, 25):
        opphold["oppholdsutgiftPerMaaned"] = r.choice((0, 900, 8_000, 20_000, Decimal("31234.56"), 95_000))
    if _av_og_til(r, 15):
        opphold["fravaer"] = _fravaer(r, fra, til)
    return opphold


def _fravaer(r: Random, fra: date, til: date) -> list[Tilfelle]:
    """Up to three absences inside the stay, with or without days between, in any order."""
    doegn = (til - fra).days + 1
    punkter = sorted(r.sample(range(doegn), min(doegn, 2 * r.randint(1, 3)) // 2 * 2))
    borte = [
        {"fra": (fra + a * EN_DAG).isoformat(), "til": (fra + b * EN_DAG).isoformat()}
        for a, b in zip(punkter[::2], punkter[1::2], strict=True)
    ]
    r.shuffle(borte)
    return borte


def _besoek(r: Random, aar: int, doegn: Sequence[Tilfelle]) -> list[Tilfelle]:
    svar: list[Tilfelle] = []
    if not _av_og_til(r, 30):
        return svar
    for maaned in r.sample(range(1, 13), r.randint(1, 3)):
        i_aar = aar - 1 if _av_og_til(r, 5) else aar
        lengde = monthrange(i_aar, maaned)[1]
        fra = date(i_aar, maaned, r.choice((1, r.randint(1, lengde))))
        siste = date(i_aar, maaned, lengde)
        til = None if r.random() < 0.5 else fra + timedelta(days=r.randint(0, (siste - fra).days))
        ledige = [
            dag
            for dag in (fra + n * EN_DAG for n in range(((til or siste) - fra).days + 1))
            if not any(o["fra"] <= dag.isoformat() <= (o.get("til") or "9999") for o in doegn)
        ]
        if ledige:
            svar.append(
                {
                    "art": r.choice(("DAG", "NATT")),
                    "fra": fra.isoformat(),
                    "til": None if til is None else til.isoformat(),
                    "antall": r.randint(1, len(ledige)),
                }
            )
    return svar


def _valg(r: Random, aar: int) -> Tilfelle:
    _, _, per_doegn, per_besoek, _ = SATSER[aar]
    mulige: Tilfelle = {
        "fordelAvFribeloep": r.choice(("75_PROSENT", "100_PROSENT")),
        "avrunding": r.choice(("KRONE_NED", "OERE_NED", "OERE_NED")),
        "doegnregel": r.choice(("KALENDERMAANED", "30_DAGER", "365_DAGER")),
        "trekkFormuesskatt": r.random() < 0.5,
        "leggTilKreditfradrag": r.random() < 0.5,
        "samboerSomEktefelle": r.random() < 0.5,
        "prosentInntilG": r.choice((0, 50, Decimal("66.67"), 75)),
        "prosentOverG": r.choice((0, 60, Decimal("80.5"), 85)),
        "korttidPerDoegn": r.choice((0, _oere(r, 0, per_doegn), per_doegn)),
        "perDagEllerNatt": r.choice((0, _oere(r, 0, per_besoek), per_besoek)),
        "nyttGFra": (date(aar, 1, 1) + timedelta(days=r.randrange(365))).isoformat(),
        "avlastningTellerMot60Doegn": r.random() < 0.5,
        "paragraf3OverNyttaar": r.random() < 0.5,
    }
    return {navn: verdi for navn, verdi in mulige.items() if _av_og_til(r, 30)}


# --- praktisk bistand ---------------------------------------------------------------------------------------


def _husstand(r: Random, g: int, stige: Sequence[Tilfelle]) -> list[Tilfelle]:
    """The recipient's income is near 2 G or near a limit of the ladder."""
    grenser = [trinn["fraG"] * g if "fraG" in trinn else trinn["fraKroner"] for trinn in stige]
    sikte = r.choice((2 * g, 2 * g, 0, r.randint(-50_000, 900_000), *grenser))
    avstand = r.choice((Decimal("-0.01"), 0, Decimal("0.01"), -1, 1, r.randint(-30_000, 30_000)))
    mottaker: Tilfelle = {
        "rolle": "TJENESTEMOTTAKER",
        "alminneligInntektFoerSaerfradrag": round(Decimal(sikte) + avstand, 2),
    }
    husstand = [mottaker]
    if _av_og_til(r, 30):
        husstand.append({"rolle": r.choice(("EKTEFELLE", "SAMBOER"))})
    husstand.extend({"rolle": "BARN_UNDER_18"} for _ in range(r.choice((0, 0, 0, 1, 2))))
    for person in husstand:
        if person is not mottaker:
            person["alminneligInntektFoerSaerfradrag"] = _oere(r, -20_000, 300_000)
        for navn in (
            "gevinst",
            "oppjusteringAvGevinst",
            "tap",
            "oppjusteringAvTap",
            "oppjusteringAvUtbytte",
            "hjelpestoenad",
            "omsorgsstoenad",
            "skjoennsmessigFradrag",
        ):
            if _av_og_til(r, 8):
                person[navn] = _oere(r, 0, 60_000)
        for navn in ("betalerLangtidsegenandel", "avkortetYtelseBorteFraHjemmet"):
            if _av_og_til(r, 8):
                person[navn] = True
        if person["rolle"] == "BARN_UNDER_18":
            person["hjelpenSkyldesBarnetsBehov"] = r.random() < 0.5
    if _av_og_til(r, 20):
        r.shuffle(husstand)
    return husstand


def _register(r: Random, g: int) -> Tilfelle:
    med_selvkost = not _av_og_til(r, 15)  # a step with only a cap prices hours at cost
    register: Tilfelle = {"trinn": _stige(r, g, med_selvkost)}
    if med_selvkost:
        register["selvkost"] = {"timeloenn": _oere(r, 0, 420), "sosialeUtgifter": _oere(r, 0, 120)}
    if _av_og_til(r, 25):
        register["friMaaneder"] = sorted(r.sample(range(1, 13), r.randint(1, 3)))
    if _av_og_til(r, 40):
        register["trygghetsalarmInngaarITak"] = r.random() < 0.5
    return register


def _stige(r: Random, g: int, med_selvkost: bool) -> list[Tilfelle]:
    """A ladder in G or in kroner without overlap, and without a gap above 2 G; it may start there."""
    if _av_og_til(r, 8):
        return []
    i_g = r.random() < 0.6
    start: list[Decimal] = [Decimal(0)]
    if _av_og_til(r, 40):
        start = [r.choice((Decimal(1), Decimal("1.5"), Decimal(2)))]
    over = r.sample([Decimal(n) / 4 for n in range(9, 28)], r.randint(0, 4))
    grenser = sorted({*start, *([Decimal(2)] if r.random() < 0.8 else []), *over})
    if not i_g:
        grenser = [
            round(grense * g, 2) if grense <= 2 else round(grense * g / 1000) * Decimal(1000)
            for grense in grenser
        ]
    fra, til = ("fraG", "tilG") if i_g else ("fraKroner", "tilKroner")
    stige = []
    for nr, grense in enumerate(grenser):
        trinn: Tilfelle = {fra: grense, **_priser(r, med_selvkost)}
        if nr + 1 < len(grenser):
            trinn[til] = grenser[nr + 1]
        stige.append(trinn)
    if _av_og_til(r, 20):
        r.shuffle(stige)
    return stige


def _priser(r: Random, med_selvkost: bool) -> Tilfelle:
    slag: list[tuple[str, ...]] = [
        ("timepris",),
        ("timepris", "maksPerMaaned"),
        ("timepris", "maksTimer"),
        ("timepris", "maksTimer", "maksPerMaaned"),
        ("fastprisPerMaaned",),
        ("fastprisPerMaaned", "maksPerMaaned"),
        ("timepris", "fastprisPerMaaned"),
        ("timepris", "fastprisPerMaaned", "maksTimer"),
        ("timepris", "fastprisPerMaaned", "maksTimer", "maksPerMaaned"),
    ]
    if med_selvkost:
        slag.append(("maksPerMaaned",))
    mulige: Tilfelle = {
        "timepris": _oere(r, 0, 700),
        "fastprisPerMaaned": _oere(r, 0, 3_000),
        "maksPerMaaned": r.choice((0, 150, _oere(r, 100, 4_500), 2_051)),
        "maksTimer": r.choice((0, 1, 2, 3, 4, 6, Decimal("2.5"))),
    }
    priser = {navn: mulige[navn] for navn in r.choice(slag)}
    if _av_og_til(r, 25):
        priser["friTimer"] = r.choice((1, 2, Decimal("0.5"), Decimal("1.25")))
    return priser


def _tjenester(r: Random, inn: Mapping[str, Any]) -> list[Tilfelle]:
    """Lines of a few months; where the household is in no step, every hour has a price of its own."""
    linjer: list[Tilfelle] = []
    for nummer in r.sample(range(1, 13), r.randint(0, 4)):
        maaned = f"{inn['aar']}-{nummer:02d}"
        trinn = finn_trinn(inn, maaned)
        egen_pris = _oere(r, 0, 600) if trinn is None or _av_og_til(r, 20) else None
        nye: list[Tilfelle] = []
        for _ in range(r.choice((0, 1, 1, 2, 4))):
            nye.append(
                {
                    "art": "TIMER",
                    "timer": Decimal(
                        r.choice((0, 24, 25, 26, 50, 74, 75, 100, 125, 225, r.randint(0, 1500)))
                    ).scaleb(-2),
                    **({} if egen_pris is None else {"pris": egen_pris}),
                }
            )
        if _av_og_til(r, 25):
            abonnement: Tilfelle = {"art": "ABONNEMENT"}
            if trinn is None or trinn.get("fastprisPerMaaned") is None or nye or _av_og_til(r, 50):
                abonnement["pris"] = _oere(r, 0, 3_000)
            if _av_og_til(r, 50):
                abonnement["timer"] = Decimal(r.randint(0, 1200)).scaleb(-2)
            nye.append(abonnement)
        if _av_og_til(r, 30):
            nye.append({"art": "TRYGGHETSALARM", "pris": _oere(r, 0, 400)})
        if _av_og_til(r, 20):
            nye.append({"art": "PERSONLIG_STELL", "timer": r.randint(1, 40)})
        linjer.extend({"maaned": maaned, **linje} for linje in nye)
    r.shuffle(linjer)
    return linjer
