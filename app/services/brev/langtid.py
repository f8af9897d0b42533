"""The worked sum of a stay in an institution (§§ 3-6), read off the stored tree."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from app.calc.periode import MAANEDER_I_AARET
from app.services.brev.rad import Dok, med_beloep, rad
from app.services.brev.tall import dato, kroner, maaned, prosent, tall
from app.services.brev.tre import Node, barna, krev, merke, regel

_AARSSATS: Final = "par_3.aarssats"


def er_korttid(resultat: Mapping[str, Any]) -> bool:
    """Whether nothing in the year is paid for by § 3."""
    return not any(periode["grunnlag"] == "PARAGRAF_3" for periode in resultat["perioder"])


def regnestykke(resultat: Mapping[str, Any], maaneder: Collection[str], *, andres: bool) -> Dok:
    """What the letter shows of a calculation.

    Args:
        resultat: the calculator's stored answer.
        maaneder: the months the letter is about.
        andres: whether the figures of those who are supported are shown.
    """
    rot: Node = resultat["forklaring"]
    satser = barna(rot, _AARSSATS)
    return {
        "grunnlag": _grunnlag(krev(rot, "par_3.beregningsgrunnlag"), andres) if satser else [],
        "aarssatser": [_aarssats(sats) for sats in satser],
        "perioder": _perioder(resultat),
        "maaneder": _samlet([node for node in barna(rot, "par_3.maaned") if merke(node) in maaneder]),
    }


def _grunnlag(node: Node, andres: bool) -> list[Dok]:
    inntekt, skatt = krev(node, "par_3.inntekt"), krev(node, "par_3.skatt")
    fradrag, renter = krev(node, "par_5.fradrag"), krev(node, "gjeldsrenter")
    rader = [*(rad(post) for post in inntekt["barn"]), rad(inntekt, sum_=True)]
    if len(list(med_beloep(skatt["barn"]))) > 1:
        rader += [rad(ledd) for ledd in med_beloep(skatt["barn"])]
    rader += [rad(skatt), *(rad(ett) for ett in med_beloep([renter]))]
    for ett in med_beloep(fradrag["barn"]):
        if andres and regel(ett) == "par_5.etterlattepensjon":
            rader += [rad(ledd) for ledd in med_beloep(ett["barn"])]
        rader.append(rad(ett, nr=merke(ett) or None))
    if fradrag["barn"]:
        rader.append(rad(fradrag, sum_=True))
    return [*rader, rad(node, sum_=True)]


def _aarssats(node: Node) -> Dok:
    inntil, over = krev(node, "par_3.andel_inntil_g"), krev(node, "par_3.andel_over_g")
    etter_behold = krev(node, "par_3.hoeyst_etter_behold")
    behold = krev(etter_behold, "par_3.i_behold")
    utgift = barna(node, "par_3.oppholdsutgift")
    fribeloep = krev(inntil, "fribeloep", "par_3.fribeloep_dobbeltrom")
    return {
        "fra": dato(merke(node)),
        "grunnlag": kroner(krev(inntil, "par_3.beregningsgrunnlag")["verdi"]),
        "g": kroner(krev(inntil, "grunnbeloep")["verdi"]),
        "fribeloep": kroner(fribeloep["verdi"]),
        "dobbeltrom": regel(fribeloep) == "par_3.fribeloep_dobbeltrom",
        "prosentInntil": prosent(krev(inntil, "prosent_inntil_g")["verdi"]),
        "prosentOver": prosent(krev(over, "prosent_over_g")["verdi"]),
        "prosentBehold": prosent(krev(behold, "prosent_i_behold")["verdi"]),
        "fordel": prosent(krev(behold, "prosent_fordel_av_fribeloep", "fordel_av_fribeloep")["verdi"]),
        "inntil": rad(inntil),
        "over": rad(over),
        "behold": rad(behold),
        "etterBehold": rad(etter_behold),
        "utgift": {
            **rad(utgift[0]),
            "perMaaned": kroner(krev(utgift[0], "oppholdsutgift")["verdi"]),
        }
        if utgift
        else None,
        "svar": rad(node, sum_=True),
        "avgjoer": _avgjoer(node, etter_behold, utgift),
    }


def _avgjoer(node: Node, etter_behold: Node, utgift: list[Node]) -> str:
    """Which of the limits the yearly rate is."""
    if utgift and node["verdi"] == utgift[0]["verdi"]:
        return "utgift"
    return "behold" if node["verdi"] == etter_behold["verdi"] else "prosent"


def _perioder(resultat: Mapping[str, Any]) -> list[Dok]:
    return [
        {
            "fra": dato(periode["fra"]),
            "til": dato(periode["til"]),
            "grunnlag": periode["grunnlag"],
            "aarssats": _kroner(periode["aarssats"]),
            "satsPerDoegn": _kroner(periode["satsPerDoegn"]),
        }
        for periode in resultat["perioder"]
    ]


def _kroner(verdi: Any) -> str | None:
    return None if verdi is None else kroner(verdi)


def _samlet(noder: Sequence[Node]) -> list[Dok]:
    """The months; those that follow one another and are a twelfth of the same yearly rate, as one line."""
    grupper: list[tuple[Dok, list[Node]]] = []
    for node in noder:
        utregnet = _maaned(node)
        if grupper and utregnet["tolvdel"] and _uten_deling(utregnet) == _uten_deling(grupper[-1][0]):
            grupper[-1][1].append(node)
        else:
            grupper.append((utregnet, [node]))
    return [
        {**utregnet, "fra": maaned(merke(alle[0])), "til": maaned(merke(alle[-1]))}
        for utregnet, alle in grupper
    ]


def _uten_deling(utregnet: Dok) -> Dok:
    """What two months have alike though the one is longer than the other."""
    return {
        **utregnet,
        "deling": None,
        "langtid": [ledd["sats"] for ledd in utregnet["langtid"]] if utregnet["tolvdel"] else None,
    }


def _maaned(node: Node) -> Dok:
    fordeling = krev(node, "fordeling")
    resten = [barn for barn in node["barn"] if regel(barn) in {_AARSSATS, "doegn"}]
    par = list(zip(resten[::2], resten[1::2], strict=True))
    doegn = sum(antall["verdi"] for _, antall in par)
    korttid = [ledd for samlet in barna(node, "par_4.samlet") for ledd in samlet["barn"]]
    return {
        "beloep": kroner(node["verdi"]),
        "langtid": [{"sats": kroner(sats["verdi"]), "doegn": tall(antall["verdi"])} for sats, antall in par],
        "deling": fordeling["navn"],
        "tolvdel": len(par) == 1 and doegn * MAANEDER_I_AARET == fordeling["verdi"],
        "korttid": [
            {
                "ord": regel(ledd),
                "antall": tall(ledd["barn"][0]["verdi"]),
                "pris": kroner(ledd["barn"][1]["verdi"]),
                "beloep": kroner(ledd["verdi"]),
            }
            for ledd in korttid
        ],
    }
