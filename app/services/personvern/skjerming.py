"""What one person may see of what is about several: their own, and what was decided about them.

A calculation is made of several persons' figures. Seen by the person it is about:

* a fact of another person is not shown, nor anything below it;
* a number made only of another's facts is not shown, except the deduction that the decision itself names (``VISES``);
  then its formula and facts are not;
* a number that adds such a hidden number to the person's own is not shown either: the difference would tell it;
* everything further up is shown. It is the result, and the decision.

What is not known to be the person's own is left out: a new field does not come out by itself.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

VISES: Final = frozenset({"par_5.etterlattepensjon"})
"""Rules whose answer stands in the decision though it is made of another's figures."""

IKKE_VIST: Final = "ikke vist"
GJELDER_ANDRE: Final = "gjelder en annen person"

_ANDRES: Final = ("forsoergede", "husstand")
"""Lists of a request whose rows are one person each."""
_PEKER: Final = re.compile(r"(?:^|/)(forsoergede|husstand)/(\d+)(?:/|$)")
_EGEN_ROLLE: Final = "TJENESTEMOTTAKER"
_HENVISNING: Final = "forklart i "
_ROLLEFELT: Final = ("rolle", "relasjon", "fra", "til")
"""What is said of another person."""
_HUSSTANDSSVAR: Final = ("grunnlag",)
"""Fields of the practical-help answer that are the household's together."""


def skjermet_inn(inn: Any) -> Any:
    """A calculator's request with every other person reduced to a role."""
    if not isinstance(inn, dict):
        return inn
    ut = {}
    for navn, verdi in inn.items():
        if navn in _ANDRES and isinstance(verdi, list):
            ut[navn] = [rad if _er_egen(navn, rad) else _bare_rolle(rad) for rad in verdi]
        else:
            ut[navn] = skjermet_inn(verdi)
    return ut


def skjermet_kilder(kilder: Any, inn: Any) -> Any:
    """The sources of the person's own figures."""
    if not isinstance(kilder, dict):
        return kilder
    andres = _andres_peker(inn)
    return {peker: node for peker, node in kilder.items() if not andres(peker)}


def skjermet_resultat(resultat: Any, inn: Any) -> Any:
    """A calculator's answer with the tree pruned; whole when the request is about one person only."""
    if not isinstance(resultat, dict) or not har_andre(inn):
        return resultat
    ut = dict(resultat)
    if isinstance(per_person := ut.get("perPerson"), list):
        ut["perPerson"] = [
            rad if rad.get("rolle") == _EGEN_ROLLE else _bare_rolle(rad)
            for rad in per_person
            if isinstance(rad, dict)
        ]
        ut |= {navn: IKKE_VIST for navn in _HUSSTANDSSVAR if navn in ut}
    if isinstance(tre := ut.get("forklaring"), dict):
        ut["forklaring"] = skjermet_tre(tre, inn)
    return ut


def skjermet_tre(tre: dict[str, Any], inn: Any) -> dict[str, Any]:
    """An explanation tree with what is another's taken out. Every node keeps the form nodes have."""
    return _Beskjaering(tre, _andres_peker(inn)).ny(tre)


def har_andre(inn: Any) -> bool:
    """Whether a request is about more than the person it is made for."""
    if not isinstance(inn, dict):
        return False
    return any(
        any(not _er_egen(navn, rad) for rad in verdi)
        if navn in _ANDRES and isinstance(verdi, list)
        else har_andre(verdi)
        for navn, verdi in inn.items()
    )


def skjermet_dokument(dokument: Any, person_id: UUID, andre: Collection[UUID]) -> Any:
    """The document of the person's own case, with everybody else reduced to a role."""
    return _uten(_bare_egen_husstand(dokument, str(person_id)), {str(en) for en in andre})


def egne_deler(verdi: Any, person_id: UUID, andre: Collection[UUID], sti: str = "") -> dict[str, Any]:
    """The parts of a shared document that carry the person's reference and nobody else's, by JSON pointer."""
    egen, fremmede = str(person_id), {str(en) for en in andre}
    return dict(_egne(verdi, egen, fremmede, sti))


def _egne(verdi: Any, egen: str, fremmede: set[str], sti: str) -> Iterator[tuple[str, Any]]:
    if isinstance(verdi, dict):
        if _nevner_direkte(verdi, egen) and not _nevner(verdi, fremmede):
            yield sti, verdi
            return
        par: Any = verdi.items()
    elif isinstance(verdi, list):
        par = enumerate(verdi)
    else:
        return
    for navn, under in par:
        del_ = str(navn).replace("~", "~0").replace("/", "~1")
        yield from _egne(under, egen, fremmede, f"{sti}/{del_}")


def _nevner_direkte(verdi: Mapping[str, Any], person_id: str) -> bool:
    """Whether the object itself, or the person object in it, has the reference."""
    person = verdi.get("person")
    return person_id in verdi.values() or (isinstance(person, dict) and person_id in person.values())


def _nevner(verdi: Any, ider: Collection[str]) -> bool:
    if isinstance(verdi, dict):
        return any(_nevner(ledd, ider) for par in verdi.items() for ledd in par)
    if isinstance(verdi, list):
        return any(_nevner(ledd, ider) for ledd in verdi)
    return isinstance(verdi, str) and any(id_ in verdi for id_ in ider)


def _bare_egen_husstand(dokument: Any, egen: str) -> Any:
    if not isinstance(dokument, dict):
        return dokument
    return {
        navn: [rad if _nevner(rad, [egen]) else _bare_rolle(rad) for rad in verdi]
        if navn in _ANDRES and isinstance(verdi, list)
        else verdi
        for navn, verdi in dokument.items()
    }


def _uten(verdi: Any, ider: Collection[str]) -> Any:
    """The value with every object that names one of these persons reduced to a role."""
    if isinstance(verdi, dict):
        if any(isinstance(under, str) and under in ider for under in verdi.values()):
            return _bare_rolle(verdi)
        return {navn: _uten(under, ider) for navn, under in verdi.items() if navn not in ider}
    if isinstance(verdi, list):
        return [_uten(under, ider) for under in verdi]
    return GJELDER_ANDRE if _nevner(verdi, ider) else verdi


def _er_egen(liste: str, rad: Any) -> bool:
    return liste == "husstand" and isinstance(rad, dict) and rad.get("rolle") == _EGEN_ROLLE


def _bare_rolle(rad: Any) -> dict[str, Any]:
    felt = rad if isinstance(rad, dict) else {}
    return {navn: felt[navn] for navn in _ROLLEFELT if navn in felt} | {"utelatt": GJELDER_ANDRE}


def _andres_peker(inn: Any) -> Callable[[str], bool]:
    """Whether a JSON pointer into the request leads to another person."""
    egne = set(_egne_pekere(inn, ""))

    def andres(peker: str) -> bool:
        treff = _PEKER.search(peker)
        return treff is not None and peker[: treff.end(2)].rstrip("/") not in egne

    return andres


def _egne_pekere(inn: Any, sti: str) -> Iterator[str]:
    if not isinstance(inn, dict):
        return
    for navn, verdi in inn.items():
        if navn in _ANDRES and isinstance(verdi, list):
            yield from (f"{sti}/{navn}/{nr}" for nr, rad in enumerate(verdi) if _er_egen(navn, rad))
        else:
            yield from _egne_pekere(verdi, f"{sti}/{navn}")


@dataclass(frozen=True, slots=True)
class _Slag:
    """Whose facts a node is made of."""

    egne: bool
    andres: bool


class _Beskjaering:
    """One tree being pruned: first every node is judged, then the new tree is made."""

    def __init__(self, rot: dict[str, Any], andres: Callable[[str], bool]) -> None:
        self._rot = rot
        self._andres = andres
        self._slag: dict[int, _Slag] = {}
        self._skjulte: set[str] = set()
        """Ids of nodes whose number is hidden, for those that refer to them."""
        self._se(rot)

    def ny(self, node: dict[str, Any]) -> dict[str, Any]:
        """The node as it may be shown."""
        kilde = str(node["kilde"] or "")
        if self._bare_andres(node) and node is not self._rot:
            return self._bare_svaret(node)
        if kilde.startswith(_HENVISNING) and kilde.removeprefix(_HENVISNING) in self._skjulte:
            return _skjult(node)
        if _er_fra_foresporselen(node):
            return node
        ut = {**node, "barn": [self.ny(barn) for barn in node["barn"]]}
        if node["id"] in self._skjulte:
            ut |= {"verdi": IKKE_VIST, "enhet": "", "formel": "tallene til en annen person er med i summen"}
        return ut

    def _se(self, node: dict[str, Any]) -> _Slag:
        if _er_fra_foresporselen(node):
            # What lies below such a fact is where it came from: the same person's.
            andres = self._andres(node["kilde"])
            slag = _Slag(egne=not andres, andres=andres)
        elif node["type"] == "FAKTUM" and not node["barn"]:
            slag = _Slag(egne=True, andres=False)
        else:
            under = [self._se(barn) for barn in node["barn"]]
            slag = _Slag(egne=any(s.egne for s in under), andres=any(s.andres for s in under))
        self._slag[id(node)] = slag
        if self._skjules(node):
            self._skjulte.add(node["id"])
        return slag

    def _bare_andres(self, node: dict[str, Any]) -> bool:
        slag = self._slag[id(node)]
        return slag.andres and not slag.egne

    def _skjules(self, node: dict[str, Any]) -> bool:
        """Whether the number of the node is hidden. The root never is: it is the answer."""
        if node is self._rot or (node["type"] == "STEG" and node["id"].partition("@")[0] in VISES):
            return False
        if self._bare_andres(node):
            return True
        return not _er_fra_foresporselen(node) and any(
            self._bare_andres(barn) and self._skjules(barn) for barn in node["barn"]
        )

    def _bare_svaret(self, node: dict[str, Any]) -> dict[str, Any]:
        if self._skjules(node):
            return _skjult(node)
        return {**node, "formel": f"{IKKE_VIST}: regnet ut av tallene til en annen person", "barn": []}


def _er_fra_foresporselen(node: dict[str, Any]) -> bool:
    return node["type"] == "FAKTUM" and str(node["kilde"] or "").startswith("/")


def _skjult(node: dict[str, Any]) -> dict[str, Any]:
    return {
        **node,
        "type": "FAKTUM",
        "verdi": IKKE_VIST,
        "enhet": "",
        "hjemmel": None,
        "formel": None,
        "kilde": GJELDER_ANDRE,
        "barn": [],
    }
