"""A second, slow reading of the regulation: one loop per calendar day, fractions only.

Written from the text of FOR-2011-12-16-1349 and the contract alone, without a look at ``app.calc``, so that
the two can disagree. It is no product code: it trusts its input, rounds only where the rules round, and does
everything in the most literal way it can. Plain dict in, plain dict out, every amount a ``Fraction`` of kroner.
"""

from calendar import isleap, monthrange
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

Tall = int | str | Decimal | Fraction
Dag = tuple[str, int | None, int | None, Fraction | None]
"""grunnlag, grunnbeloep, fribeloep, aarssats of a day."""

# aar: (fribeloep, fribeloep i dobbeltrom, korttid per doegn, dag eller natt, utgiftstak under 2 G), §§ 3, 4 og 10.
SATSER: dict[int, tuple[int, int | None, int, int, int]] = {
    2013: (7000, None, 137, 72, 175),
    2014: (7250, 35000, 142, 74, 180),
    2015: (7500, 36200, 147, 77, 186),
    2016: (7800, 37250, 150, 80, 190),
    2017: (8000, 38300, 155, 80, 200),
    2018: (8200, 39300, 160, 80, 205),
    2019: (8400, 40400, 165, 85, 210),
    2020: (8700, 41600, 170, 90, 210),
    2021: (9000, 42900, 175, 95, 210),
    2022: (9100, 44100, 180, 100, 215),
    2023: (9400, 45400, 185, 105, 220),
    2024: (10000, 48300, 193, 110, 230),
    2025: (10450, 50500, 200, 115, 240),
    2026: (10950, 52950, 205, 115, 245),
}
# The higher allowance came with FOR-2014-06-11-846, in force in the middle of a year.
DOBBELTROM_FRA = date(2014, 7, 1)

# aaret en ny G gjelder fra 1. mai: G, folketrygdloven § 1-4.
GRUNNBELOEP: dict[int, int] = {
    2011: 79216,
    2012: 82122,
    2013: 85245,
    2014: 88370,
    2015: 90068,
    2016: 92576,
    2017: 93634,
    2018: 96883,
    2019: 99858,
    2020: 101351,
    2021: 106399,
    2022: 111477,
    2023: 118620,
    2024: 124028,
    2025: 130160,
    2026: 136549,
}

# aar: prosent skatt paa alminnelig inntekt.
SKATTESATS: dict[int, int] = {
    2013: 28,
    2014: 27,
    2015: 27,
    2016: 25,
    2017: 24,
    2018: 23,
    **dict.fromkeys(range(2019, 2027), 22),
}

DOEGNOPPHOLD = ("LANGTID", "KORTTID_DOEGN", "AVLASTNING", "OEYEBLIKKELIG_HJELP")


def langtidsopphold(inn: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a langtidsopphold request with the contract's names, and ``dager`` for each day by the day.

    Args:
        inn: The request, amounts as int, Decimal or Fraction of kroner.

    Returns:
        The figures of the contract; ``dager`` maps a date to (grunnlag, grunnbeloep, fribeloep, aarssats), the
        last three only on a day under § 3.
    """
    aar: int = inn["aar"]
    valg = inn.get("valg", {})
    inntekt = sum((_tall(beloep) for beloep in inn.get("inntekter", {}).values()), Fraction(0))
    justering = _skattejustering(inn)
    skatt = _fradragsberettiget_skatt(inn, justering)
    fradrag = _fradrag_paragraf5(inn)
    grunnlag = max(Fraction(0), inntekt - skatt - _tall(inn.get("gjeldsrenter", 0)) - fradrag)

    dager: dict[date, Dag] = {}
    aarssatser: dict[tuple[object, ...], Fraction] = {}  # only to save time: the same day gives the same rate
    for dag, art, opphold in _dag_for_dag(inn["opphold"], date(aar, 12, 31), valg):
        if dag.year != aar:
            continue
        if art == "PARAGRAF_3":
            g = _grunnbeloep(dag, aar, valg)
            f = _fribeloep(dag, opphold)
            noekkel = (g, f, opphold.get("oppholdsutgiftPerMaaned"))
            if noekkel not in aarssatser:
                aarssatser[noekkel] = _aarssats(grunnlag, g, f, opphold, valg)
            dager[dag] = (art, g, f, aarssatser[noekkel])
        else:
            dager[dag] = (art, None, None, None)

    maaneder = _maaneder(inn, dager)
    return {
        "aar": aar,
        "inntekt": inntekt,
        "fradragsberettigetSkatt": skatt,
        "skattejustering": justering,
        "fradragParagraf5": fradrag,
        "beregningsgrunnlag": grunnlag,
        "dager": dager,
        "maaneder": maaneder,
        "egenandelAar": sum((maaned["egenandel"] for maaned in maaneder), Fraction(0)),
    }


def praktisk_bistand(inn: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a praktisk-bistand request with the contract's names: basis, limit, cost price and months.

    Args:
        inn: The request, amounts and hours as int, Decimal or Fraction.
    """
    aar: int = inn["aar"]
    grunnlag = _husstandens_grunnlag(inn)
    g = _grunnbeloep(date(aar, 1, 1), aar, {})
    under_to_g = grunnlag < 2 * g

    maaneder = []
    for maaned in sorted({linje["maaned"] for linje in inn["tjenester"]}):
        linjer = [linje for linje in inn["tjenester"] if linje["maaned"] == maaned]
        register = register_i(inn, maaned)
        trinn = finn_trinn(inn, maaned)
        tak = [Fraction(SATSER[aar][4])] if under_to_g else []
        if trinn is not None and trinn.get("maksPerMaaned") is not None:
            tak.append(_tall(trinn["maksPerMaaned"]))
        under_taket, utenfor = _maanedens_pris(linjer, trinn, register, inn)
        foer_tak = under_taket + utenfor
        if tak:
            under_taket = min(under_taket, *tak)
        if int(maaned[5:]) in register.get("friMaaneder", []):
            under_taket = Fraction(0)
        maaneder.append(
            {
                "maaned": maaned,
                "foerTak": foer_tak,
                "tak": min(tak, default=None),
                "egenandel": _rund_ned(under_taket + utenfor, inn, "OERE_NED"),
            }
        )
    return {
        "aar": aar,
        "grunnlag": grunnlag,
        "grunnbeloep": g,
        "toG": 2 * g,
        "under2G": under_to_g,
        "selvkostPerTime": _selvkost(register_i(inn, f"{aar}-12")),
        "maaneder": maaneder,
        "egenandelAar": sum((rad["egenandel"] for rad in maaneder), Fraction(0)),
    }


def register_i(inn: Mapping[str, Any], maaned: str) -> Mapping[str, Any]:
    """The prices of a month: those of the latest change not after it, else those the year began with."""
    siste = max(
        (endring for endring in inn.get("prisendringer", []) if endring["fraMaaned"] <= maaned),
        key=lambda endring: str(endring["fraMaaned"]),
        default=None,
    )
    return dict(inn.get("prisregister", {}) if siste is None else siste["prisregister"])


def finn_trinn(inn: Mapping[str, Any], maaned: str) -> Mapping[str, Any] | None:
    """The step of the ladder the household is in, or None: lower limit inclusive, upper exclusive."""
    # Less than nothing is placed as nothing: no ladder begins lower.
    grunnlag = max(Fraction(0), _husstandens_grunnlag(inn))
    g = _grunnbeloep(date(inn["aar"], 1, 1), inn["aar"], {})
    for trinn in register_i(inn, maaned).get("trinn", []):
        if trinn.get("fraG") is not None:
            fra, til, enhet = trinn["fraG"], trinn.get("tilG"), g
        else:
            fra, til, enhet = trinn["fraKroner"], trinn.get("tilKroner"), 1
        if _tall(fra) * enhet <= grunnlag and (til is None or grunnlag < _tall(til) * enhet):
            return dict(trinn)
    return None


def etteroppgjoer(inn: Mapping[str, Any]) -> dict[str, Any]:
    """Answer an etteroppgjoer request: what was charged, what is right, and who owes whom.

    Args:
        inn: The request: ``endelig`` and either ``foreloepig`` or ``fakturert``.
    """
    endelig = langtidsopphold(inn["endelig"])
    etter = {rad["maaned"]: rad["egenandel"] for rad in endelig["maaneder"]}
    foer: dict[str, Fraction] = {}
    foreloepig = None
    if inn.get("foreloepig") is not None:
        foreloepig = langtidsopphold(inn["foreloepig"])
        foer = {rad["maaned"]: rad["egenandel"] for rad in foreloepig["maaneder"]}
    else:
        for rad in inn["fakturert"]:
            foer[rad["maaned"]] = foer.get(rad["maaned"], Fraction(0)) + _tall(rad["beloep"])
    maaneder = [
        {
            "maaned": maaned,
            "foer": foer.get(maaned, Fraction(0)),
            "etter": etter.get(maaned, Fraction(0)),
            "differanse": etter.get(maaned, Fraction(0)) - foer.get(maaned, Fraction(0)),
        }
        for maaned in sorted(foer.keys() | etter.keys())
    ]
    total = sum((rad["differanse"] for rad in maaneder), Fraction(0))
    if total == 0 or abs(total) < _tall(inn.get("minstebeloep", 0)):
        retning = "INGEN"
    else:
        retning = "SKYLDIG" if total > 0 else "TIL_GODE"
    return {
        "beregningsgrunnlag": {
            "foer": None if foreloepig is None else foreloepig["beregningsgrunnlag"],
            "etter": endelig["beregningsgrunnlag"],
        },
        "maaneder": maaneder,
        "sum": total,
        "retning": retning,
    }


# --- § 3: inntekt, skatt, fradrag ---------------------------------------------------------------------------


def _tall(verdi: Tall | None) -> Fraction:
    return Fraction(0) if verdi is None else Fraction(verdi)


def _skattejustering(inn: Mapping[str, Any]) -> Fraction:
    """The change in tax if what is kept out of income had not been there: gains down, losses up."""
    skatt = inn.get("skatt", {})
    utenfor = skatt.get("holdtUtenfor", [])
    if not utenfor:
        return Fraction(0)
    x = Fraction(0)
    for post in utenfor:
        beloep = _tall(post["beloep"]) * _tall(post.get("oppjusteringsfaktor", 1))
        x += beloep if post["art"] == "GEVINST" else -beloep
    a = _tall(skatt["alminneligInntekt"])
    p = _tall(skatt["personfradrag"])
    sats = _tall(skatt.get("skattesats", SKATTESATS[inn["aar"]])) / 100
    return sats * (max(Fraction(0), a - x - p) - max(Fraction(0), a - p))


def _fradragsberettiget_skatt(inn: Mapping[str, Any], justering: Fraction) -> Fraction:
    skatt = inn.get("skatt", {})
    valg = inn.get("valg", {})
    beloep = _tall(skatt.get("beregnetSkatt"))
    if not valg.get("trekkFormuesskatt", False):
        beloep -= _tall(skatt.get("formuesskatt"))
    if valg.get("leggTilKreditfradrag", True):
        beloep += _tall(skatt.get("kreditfradrag"))
    return max(Fraction(0), beloep + justering)


def _fradrag_paragraf5(inn: Mapping[str, Any]) -> Fraction:
    valg = inn.get("valg", {})
    inntekter = inn.get("inntekter", {})
    fradrag = Fraction(0)
    noen = False
    for person in inn.get("forsoergede", []):
        if not _gir_fradrag(person, valg):
            continue
        noen = True
        fradrag += max(
            Fraction(0),
            _tall(person.get("tenktEtterlattepensjon"))
            - _tall(person.get("arbeidsinntekt"))
            - _tall(person.get("pensjonFraFolketrygden")),
        )
    if noen:
        fradrag += _tall(inntekter.get("offentligTjenestepensjon")) * Fraction(50, 100)
        fradrag += _tall(inntekter.get("privatPensjon")) * Fraction(50, 100)
    for skjoenn in inn.get("skjoennsmessigFradrag", []):
        fradrag += _tall(skjoenn["beloep"])
    return fradrag


def _gir_fradrag(person: Mapping[str, Any], valg: Mapping[str, Any]) -> bool:
    """§ 5 first ledd: home-living spouse (or cohabitant by choice), minor child, supported grown-up child."""
    if person["relasjon"] == "EKTEFELLE":
        return bool(person.get("hjemmeboende", True))
    if person["relasjon"] == "SAMBOER":
        return bool(person.get("hjemmeboende", True) and valg.get("samboerSomEktefelle", True))
    return True


def _grunnbeloep(dag: date, aar: int, valg: Mapping[str, Any]) -> int:
    """G in force on the day; ``nyttGFra`` moves only the change of the year asked about."""
    gjeldende = GRUNNBELOEP[2011]
    for g_aar, g in GRUNNBELOEP.items():
        fra = date(g_aar, 5, 1)
        if g_aar == aar and valg.get("nyttGFra"):
            fra = date.fromisoformat(valg["nyttGFra"])
        if fra <= dag:
            gjeldende = g
    return gjeldende


def _fribeloep(dag: date, opphold: Mapping[str, Any]) -> int:
    vanlig, dobbeltrom = SATSER[dag.year][0], SATSER[dag.year][1]
    if opphold.get("dobbeltromMotEgetOenske") and dobbeltrom is not None and dag >= DOBBELTROM_FRA:
        return dobbeltrom
    return vanlig


def _aarssats(i: Fraction, g: int, f: int, opphold: Mapping[str, Any], valg: Mapping[str, Any]) -> Fraction:
    """§ 3 second ledd for a whole year, then the two limits: what the resident keeps, and real cost."""
    if i <= 0:
        return Fraction(0)
    inntil = _tall(valg.get("prosentInntilG", 75)) / 100
    over = _tall(valg.get("prosentOverG", 85)) / 100
    sats = inntil * max(Fraction(0), min(i, Fraction(g)) - f) + over * max(Fraction(0), i - g)
    andel = Fraction(100 if valg.get("fordelAvFribeloep") == "100_PROSENT" else 75, 100)
    i_behold = Fraction(25, 100) * g + andel * f
    sats = min(sats, max(Fraction(0), i - i_behold))
    if opphold.get("oppholdsutgiftPerMaaned") is not None:
        sats = min(sats, 12 * _tall(opphold["oppholdsutgiftPerMaaned"]))
    return sats


# --- § 6: the days ------------------------------------------------------------------------------------------


def _dag_for_dag(
    alle: list[Mapping[str, Any]], siste: date, valg: Mapping[str, Any]
) -> Iterator[tuple[date, str, Mapping[str, Any]]]:
    """Walk from the first day of the first stay to the last day of the year: what each day is charged by."""
    stays = [
        (date.fromisoformat(o["fra"]), date.fromisoformat(o["til"]) if o.get("til") else siste, o)
        for o in sorted(alle, key=lambda o: (o["fra"], o.get("til") or "9999"))
        if o["art"] in DOEGNOPPHOLD
    ]
    if not stays:
        return
    dag = stays[0][0]
    tid_fra: date | None = None  # first day of the uninterrupted time in institution
    i_gaar = ""
    art_i_gaar = ""
    beholder = False  # a short stay under § 3 on 31 December, not interrupted since
    doegn_i_aaret = 0
    while dag <= siste:
        if (dag.month, dag.day) == (1, 1):
            doegn_i_aaret = 0
        her = [(fra, til, o) for fra, til, o in stays if fra <= dag <= til]
        if not her:
            tid_fra, i_gaar, art_i_gaar = None, "", ""
            dag += timedelta(days=1)
            continue
        opphold = her[-1][2]  # a shared day is the later stay's
        tid_fra = min(
            [
                tid_fra or dag,
                *(date.fromisoformat(o["medregnetFra"]) for _, _, o in her if o.get("medregnetFra")),
            ]
        )
        art = opphold["art"]
        ved_nyttaar = (dag.month, dag.day) == (1, 1) and valg.get("paragraf3OverNyttaar", True)
        beholder = (art == art_i_gaar == "KORTTID_DOEGN") and (
            beholder or (ved_nyttaar and i_gaar == "PARAGRAF_3")
        )
        # A long stay that is charged is never free again.
        uten_fri = doegn_i_aaret >= 60 or (art == art_i_gaar == "LANGTID" and i_gaar == "PARAGRAF_3")
        match art:
            case "LANGTID":
                i_gaar = "PARAGRAF_3" if uten_fri or dag >= _en_maaned_etter(tid_fra) else "FRI_MAANED"
            case "KORTTID_DOEGN":
                i_gaar = "PARAGRAF_3" if doegn_i_aaret >= 60 or beholder else "PARAGRAF_4"
            case _:
                i_gaar = "GRATIS"
        art_i_gaar = art
        # A day away is not charged, but what follows is as if it had been.
        borte = i_gaar in ("PARAGRAF_3", "PARAGRAF_4") and any(
            f["fra"] <= dag.isoformat() <= f["til"] for f in opphold.get("fravaer", [])
        )
        yield dag, "FRAVAER" if borte else i_gaar, opphold
        if opphold["art"] != "AVLASTNING" or valg.get("avlastningTellerMot60Doegn", True):
            doegn_i_aaret += 1
        dag += timedelta(days=1)


def _en_maaned_etter(dag: date) -> date:
    aar, maaned = (dag.year, dag.month + 1) if dag.month < 12 else (dag.year + 1, 1)
    return date(aar, maaned, min(dag.day, monthrange(aar, maaned)[1]))


def _maaneder(inn: Mapping[str, Any], dager: Mapping[date, Dag]) -> list[dict[str, Any]]:
    """One rounding down per month, of § 3 days and § 4 days and single visits together."""
    aar: int = inn["aar"]
    valg = inn.get("valg", {})
    per_doegn = _tall(valg.get("korttidPerDoegn", SATSER[aar][2]))
    per_besoek = _tall(valg.get("perDagEllerNatt", SATSER[aar][3]))
    svar = []
    for maaned in range(1, 13):
        kode = f"{aar}-{maaned:02d}"
        i_maaneden = monthrange(aar, maaned)[1]
        rader = [dager.get(date(aar, maaned, dag)) for dag in range(1, i_maaneden + 1)]
        hel = all(rad is not None and rad[0] == "PARAGRAF_3" for rad in rader)
        beloep = Fraction(0)
        doegn = 0
        for rad in rader:
            if rad is None or rad[0] not in ("PARAGRAF_3", "PARAGRAF_4"):
                continue
            doegn += 1
            if rad[3] is None:
                beloep += per_doegn
            else:
                beloep += rad[3] / _deler(aar, i_maaneden, hel, valg)
        besoek = sum(
            o.get("antall") or 0
            for o in inn["opphold"]
            if o["art"] in ("DAG", "NATT") and o["fra"].startswith(kode)
        )
        beloep += besoek * per_besoek
        if doegn or besoek:
            svar.append(
                {
                    "maaned": kode,
                    "doegn": doegn,
                    "besoek": besoek,
                    "egenandel": _rund_ned(beloep, inn, "KRONE_NED"),
                }
            )
    return svar


def _deler(aar: int, dager_i_maaneden: int, hel: bool, valg: Mapping[str, Any]) -> int:
    """What one day's share of a yearly rate is divided by."""
    match valg.get("doegnregel", "KALENDERMAANED"):
        case "365_DAGER":
            return 366 if isleap(aar) else 365
        case "30_DAGER" if not hel:
            return 12 * 30
        case _:
            return 12 * dager_i_maaneden


def _rund_ned(beloep: Fraction, inn: Mapping[str, Any], standard: str) -> Fraction:
    if inn.get("valg", {}).get("avrunding", standard) == "OERE_NED":
        return Fraction(floor(beloep * 100), 100)
    return Fraction(floor(beloep))


# --- §§ 8-10: praktisk bistand ------------------------------------------------------------------------------


def _er_med(person: Mapping[str, Any]) -> bool:
    if person.get("betalerLangtidsegenandel") or person.get("avkortetYtelseBorteFraHjemmet"):
        return False
    return person["rolle"] != "BARN_UNDER_18" or bool(person.get("hjelpenSkyldesBarnetsBehov"))


def _persongrunnlag(person: Mapping[str, Any]) -> Fraction:
    return (
        _tall(person.get("alminneligInntektFoerSaerfradrag"))
        - _tall(person.get("gevinst"))
        - _tall(person.get("oppjusteringAvGevinst"))
        + _tall(person.get("tap"))
        + _tall(person.get("oppjusteringAvTap"))
        - _tall(person.get("oppjusteringAvUtbytte"))
        + _tall(person.get("hjelpestoenad"))
        - _tall(person.get("omsorgsstoenad"))
        - _tall(person.get("skjoennsmessigFradrag"))
    )


def _husstandens_grunnlag(inn: Mapping[str, Any]) -> Fraction:
    return sum((_persongrunnlag(person) for person in inn["husstand"] if _er_med(person)), Fraction(0))


def _selvkost(register: Mapping[str, Any]) -> Fraction | None:
    """§ 9 second ledd: wage and social costs, and ten per cent of them for administration."""
    selvkost = register.get("selvkost")
    if selvkost is None:
        return None
    return (_tall(selvkost["timeloenn"]) + _tall(selvkost["sosialeUtgifter"])) * Fraction(110, 100)


def _halvtime(timer: Fraction) -> Fraction:
    """Nearest half hour, a quarter upwards."""
    return Fraction(floor(timer * 2 + Fraction(1, 2)), 2)


def _maanedens_pris(
    linjer: list[Mapping[str, Any]],
    trinn: Mapping[str, Any] | None,
    register: Mapping[str, Any],
    inn: Mapping[str, Any],
) -> tuple[Fraction, Fraction]:
    """The month before any cap: (what a cap limits, what stands outside it)."""
    selvkost = _selvkost(register)
    per_besoek = inn.get("valg", {}).get("avrundingAvTid", "PER_MAANED") == "PER_BESOEK"
    timer: dict[Fraction | None, Fraction] = {}  # price of its own (None: the step's) -> hours
    under_taket = Fraction(0)
    utenfor = Fraction(0)
    for linje in linjer:
        pris = None if linje.get("pris") is None else _tall(linje["pris"])
        match linje["art"]:
            case "TIMER":
                tid = _tall(linje["timer"])
                timer[pris] = timer.get(pris, Fraction(0)) + (_halvtime(tid) if per_besoek else tid)
            case "ABONNEMENT":
                if pris is None and trinn is not None:
                    pris = _tall(trinn.get("fastprisPerMaaned"))
                beloep = _tall(pris)
                if linje.get("timer") is not None:
                    tid = _halvtime(_tall(linje["timer"]))
                    if selvkost is not None:
                        beloep = min(beloep, tid * selvkost)
                    elif tid == 0:  # no time costs nothing at selvkost, whatever an hour costs
                        beloep = Fraction(0)
                under_taket += beloep
            case "TRYGGHETSALARM" if register.get("trygghetsalarmInngaarITak", True):
                under_taket += _tall(pris)
            case "TRYGGHETSALARM":
                utenfor += _tall(pris)
    for egen_pris, tid in timer.items():
        if egen_pris is not None:
            under_taket += _halvtime(tid) * _lavest(egen_pris, selvkost)
        elif trinn is not None:
            under_taket += _pris_i_trinn(_halvtime(tid), trinn, selvkost)
        else:
            raise ValueError("timer uten pris og uten trinn har ikke noe svar")
    return under_taket, utenfor


def _pris_i_trinn(tid: Fraction, trinn: Mapping[str, Any], selvkost: Fraction | None) -> Fraction:
    """The month's hours at the step's prices: free hours first, then hourly, fixed, or hourly and then fixed.

    A fixed price is limited by the cost of all the hours given (§ 9 first ledd second punktum), and a month
    in which every hour is free costs nothing.
    """
    fri = _tall(trinn.get("friTimer"))
    timer = max(Fraction(0), tid - fri)
    timepris, fastpris, maks_timer = (
        trinn.get(navn) for navn in ("timepris", "fastprisPerMaaned", "maksTimer")
    )
    fast = (
        None if fastpris is None else _lavest(_tall(fastpris), None if selvkost is None else tid * selvkost)
    )
    if timer == 0:
        return Fraction(0)
    if timepris is None and fast is not None:
        return fast
    per_time = _tall(selvkost) if timepris is None else _lavest(_tall(timepris), selvkost)
    if fast is None:
        return per_time * (timer if maks_timer is None else min(timer, _tall(maks_timer)))
    if maks_timer is None:
        return min(per_time * timer, fast)
    return per_time * timer if timer <= _tall(maks_timer) else fast


def _lavest(pris: Fraction, grense: Fraction | None) -> Fraction:
    return pris if grense is None else min(pris, grense)
