"""The worked sum of practical help (§§ 8-10), read off the stored answer and its tree."""

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from app.calc.regler.par_10 import Medregning
from app.services.brev.rad import Dok, med_beloep, rad
from app.services.brev.tall import kroner, maaned, prosent, tall
from app.services.brev.tre import Node, alle, barna, krev, merke, regel

_MEDREGNING: Final = {ett.tekst: ett.value for ett in Medregning}
_TO: Final = 2
_PRIS: Final = frozenset({"timepris", "par_9.timepris", "par_9.selvkost_per_time"})


def regnestykke(resultat: Mapping[str, Any], maaneder: Collection[str], *, andres: bool) -> Dok:
    """What the letter shows of a calculation.

    Args:
        resultat: the calculator's stored answer.
        maaneder: the months the letter is about.
        andres: whether the figures of the others in the household are shown. The household's sum would tell them.
    """
    rot: Node = resultat["forklaring"]
    husstand, to_g = krev(rot, "par_10.husstandsgrunnlag"), krev(rot, "par_10.to_g")
    alene = sum(person["medregnet"] for person in resultat["perPerson"]) < _TO
    selvkost = barna(rot, "par_9.selvkost_per_time")
    noder = {merke(node): node for node in barna(rot, "par_10.maaned")}
    personer = {merke(node): node for node in barna(husstand, "par_10.persongrunnlag")}
    return {
        "personer": [
            _personen(person, personer[str(nr)], vis=andres or person["rolle"] == "TJENESTEMOTTAKER")
            for nr, person in enumerate(resultat["perPerson"], start=1)
        ],
        "grunnlag": rad(husstand, sum_=True) if andres or alene else None,
        "toG": {
            **rad(to_g),
            "antall": tall(krev(to_g, "grense_for_utgiftstak")["verdi"]),
            "g": kroner(krev(to_g, "grunnbeloep")["verdi"]),
        },
        "under": resultat["under2G"],
        "trinn": _trinn(resultat["trinn"]),
        "prisendring": len(selvkost) > 1,
        "selvkost": [_selvkost(node) for node in selvkost],
        "maaneder": _samlet(
            [
                (rad_["maaned"], _maaned(rad_, noder[rad_["maaned"]]))
                for rad_ in resultat["maaneder"]
                if rad_["maaned"] in maaneder
            ]
        ),
    }


def _personen(person: Mapping[str, Any], node: Node, *, vis: bool) -> Dok:
    """One of the household. Why another is left out, and figures that are no part of the sum, are not shown."""
    medregnet = person["medregnet"]
    return {
        "rolle": person["rolle"],
        "medregning": _MEDREGNING.get(person["grunn"]) if vis or medregnet else "IKKE_MEDREGNET",
        "ledd": [rad(ledd) for ledd in med_beloep(node["barn"])] if vis and medregnet else [],
        "sum": rad(node, sum_=True) if vis and medregnet else None,
    }


def _trinn(trinn: Mapping[str, Any] | None) -> Dok | None:
    if trinn is None:
        return None
    beloep = ("fraKroner", "tilKroner", "timepris", "fastprisPerMaaned", "maksPerMaaned")
    return {
        "nummer": tall(trinn["nummer"]),
        **{navn: None if trinn[navn] is None else kroner(trinn[navn]) for navn in beloep},
        **{navn: tall(trinn[navn]) if trinn[navn] else None for navn in ("maksTimer", "friTimer")},
    }


def _selvkost(node: Node) -> Dok:
    return {
        "timeloenn": kroner(krev(node, "timeloenn")["verdi"]),
        "sosiale": kroner(krev(node, "sosiale_utgifter")["verdi"]),
        "administrasjon": prosent(krev(node, "selvkost_administrasjon")["verdi"]),
        "svar": rad(node),
        "fra": maaned(merke(node)) if merke(node) else None,
    }


def _samlet(rader: Sequence[tuple[str, Dok]]) -> list[Dok]:
    """Months that follow one another and are alike, as one line."""
    return [
        {**utregnet, "fra": maaned(alle[0]), "til": maaned(alle[-1])}
        for utregnet, gruppe in groupby(rader, key=itemgetter(1))
        for alle in [[noekkel for noekkel, _ in gruppe]]
    ]


def _maaned(rad_: Mapping[str, Any], node: Node) -> Dok:
    """One month: every service, what they come to, and the cap."""
    return {
        "linjer": [
            {
                "ord": linje["art"],
                "timer": None if linje["timer"] is None else tall(linje["timer"]),
                "beloep": kroner(linje["beloep"]),
            }
            for linje in rad_["linjer"]
        ],
        "foerTak": kroner(rad_["foerTak"]),
        "tak": None if rad_["tak"] is None else kroner(rad_["tak"]),
        "beloep": kroner(rad_["egenandel"]),
        "priser": sorted({kroner(pris["verdi"]) for pris in _timepriser(node)}),
        "utenforTak": len(node["barn"]) > 1,
        "sattNed": any(
            ett["verdi"] < krev(ett, "pris_per_maaned")["verdi"]
            for ett in alle(node)
            if regel(ett) == "par_9.fastpris"
        ),
        "friMaaned": any(regel(ett) == "par_8.fri_maaned" for ett in alle(node)),
    }


def _timepriser(node: Node) -> list[Node]:
    """What an hour costs in the month: the price beside the time it is multiplied with."""
    return [
        pris
        for ett in alle(node)
        if regel(ett) == "par_8.timebetaling"
        for pris in ett["barn"]
        if regel(pris) in _PRIS
    ]
