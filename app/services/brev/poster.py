"""What the sum is made from: tax posts with source and year, and what a caseworker has entered or placed.

The recipient's own are told post by post. Of others the letter tells nothing unless the kommune has chosen so, and then
only the figure that entered the sum and which year it is from.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from app.services.brev.rad import Dok, med_beloep
from app.services.brev.tall import kroner, prosent, tall
from app.services.brev.tre import Node, barna, krev, merke, regel

_OPPHAV: Final = {
    "oppgjoer": "oppgjoer",
    "viderefoert": "viderefoert",
    "fremskrevet": "fremskrevet",
    "anslag": "anslag",
    "oppgitt": "oppgitt",
    "tillegg": "oppgitt",
}
_KILDE: Final = re.compile(r"(summert skattegrunnlag|beregnet skatt|inntekt \(a-ordningen\)) (\d{4})\b")
_API: Final = {
    "summert skattegrunnlag": "skattegrunnlag",
    "beregnet skatt": "skatt",
    "inntekt (a-ordningen)": "inntekt",
}
_GRUNN: Final = re.compile(
    r"(?:plassert|oppgitt) av saksbehandler(?:, etter (?P<kilde>.*?))?: (?P<grunn>.*)", re.S
)
_ANSLAG: Final = frozenset({"poster.aarsanslag", "poster.kjente_maaneder"})
_SAMLET: Final = _ANSLAG | {"poster.personfradrag", "poster.formuesskatt"}
"""Sums that are told as one: what they are made of has only technical names, or is a month."""
_UTEN_SVAR: Final = "skattepost.ingen."
_FAKTOR: Final = "fremskriving."
_FORSOERGET: Final = "par_5.etterlattepensjon"


def langtidsposter(rot: Node, *, andres: bool) -> Dok:
    """The posts of a stay's sum."""
    grunnlag = krev(rot, "par_3.beregningsgrunnlag")
    egne = [
        *krev(grunnlag, "par_3.inntekt")["barn"],
        *krev(grunnlag, "par_3.skatt")["barn"],
        krev(grunnlag, "gjeldsrenter"),
    ]
    fradrag = krev(grunnlag, "par_5.fradrag")
    egne += [ledd for ett in barna(fradrag, "par_5.skjoenn") for ledd in ett["barn"]]
    return {
        "egne": _egne(egne),
        "andre": [
            {"rolle": "forsoerget", "nr": merke(en), "felter": [_felt(f) for f in med_beloep(en["barn"])]}
            for en in barna(fradrag, _FORSOERGET)
            if andres
        ],
    }


def bistandsposter(resultat: Mapping[str, Any], *, andres: bool) -> Dok:
    """The posts of a household's sum."""
    husstand = krev(resultat["forklaring"], "par_10.husstandsgrunnlag")
    noder = {merke(node): node for node in barna(husstand, "par_10.persongrunnlag")}
    egne: list[Node] = []
    andre: list[Dok] = []
    for nr, person in enumerate(resultat["perPerson"], start=1):
        if person["rolle"] == "TJENESTEMOTTAKER":
            egne = noder[str(nr)]["barn"] if person["medregnet"] else []
        elif person["medregnet"] and andres:
            felter = [_felt(f) for f in med_beloep(noder[str(nr)]["barn"])]
            andre.append({"rolle": person["rolle"], "nr": None, "felter": felter})
    return {"egne": _egne(egne), "andre": andre}


def holdt_utenfor(poster: Iterable[Mapping[str, Any]]) -> list[Dok]:
    """The recipient's posts that a caseworker has placed outside the sum, with the reason."""
    funnet = ((post, _GRUNN.match(_liten(post["grunn"]))) for post in poster)
    return [
        {"navn": post["navn"], "beloep": kroner(post["beloep"]), "grunn": grunn["grunn"]}
        for post, grunn in funnet
        if grunn is not None
    ]


def _liten(tekst: str) -> str:
    return tekst[:1].lower() + tekst[1:]


def _egne(felter: Iterable[Node]) -> list[Dok]:
    """Every post once, though a number may stand in several places of the sum."""
    sett: dict[tuple[Any, ...], Dok] = {}
    for felt in felter:
        opphav = _opphav(felt)
        for post in _blader(felt):
            rad = {**_post(post), "opphav": opphav["opphav"]}
            sett.setdefault((post["id"], post["kilde"], rad["beloep"]), rad)
    return list(sett.values())


def _blader(node: Node) -> Iterator[Node]:
    """The posts below a figure: what was told or entered, or a year's estimate as one."""
    id_ = str(node["id"])
    if not node["verdi"] and (not node["barn"] or regel(node) in _SAMLET):
        return
    if regel(node) in _SAMLET or (not node["barn"] and node["type"] == "FAKTUM"):
        if not id_.startswith(_UTEN_SVAR) and not str(node["kilde"] or "").startswith("forklart i "):
            yield node
        return
    for barn in node["barn"]:
        yield from _blader(barn)


def _post(node: Node) -> Dok:
    if regel(node) in _SAMLET:
        samlet = {} if regel(node) in _ANSLAG else {"navn": node["navn"]}
        return {**_post(_foerste(node)), **samlet, "beloep": kroner(node["verdi"])}
    kilde = str(node["kilde"] or "")
    funnet, grunn = _KILDE.match(kilde), _GRUNN.search(kilde)
    er_faktor = str(node["id"]).startswith(_FAKTOR)
    api, aar = ("oppgitt", None) if funnet is None else (_API[funnet[1]], funnet[2])
    return {
        "navn": str(node["navn"]).rpartition(", ")[0] if api == "inntekt" else node["navn"],
        "beloep": _med_enhet(node),
        "api": "kommunen" if er_faktor else api,
        "aar": aar,
        "grunn": None if grunn is None else grunn["grunn"],
        "oppgittAv": None if grunn is None else grunn["kilde"],
    }


def _foerste(node: Node) -> Node:
    """The first of what a sum is made of: all of it is of one kind, from one answer."""
    return _foerste(node["barn"][0]) if node["barn"] else node


def _med_enhet(node: Node) -> str:
    match str(node["enhet"]):
        case "prosent":
            return prosent(node["verdi"])
        case enhet if enhet.startswith("kroner"):
            return kroner(node["verdi"])
        case _:
            return tall(node["verdi"])


def _felt(node: Node) -> Dok:
    """A figure of another person in the household."""
    return {"ord": regel(node), "navn": node["navn"], "beloep": kroner(node["verdi"]), **_opphav(node)}


def _opphav(node: Node) -> Dok:
    """Where a figure of the sum comes from, by the first step below it."""
    kilde = node["barn"][0] if node["barn"] else None
    if kilde is None or ".felt." not in regel(kilde):
        return {"opphav": "oppgitt", "aar": None}
    slag = _OPPHAV.get(regel(kilde).rpartition(".")[2], "oppgitt")
    aar = merke(kilde)[:4]
    return {"opphav": slag, "aar": aar if aar.isdigit() and slag != "oppgitt" else None}
