"""The bodies of the look-ups, made from a person when asked for."""

from typing import Any

from app.sandbox.befolkning.person import Oppgjoer, Person, Skjerming
from app.sandbox.skatteetaten.api import AVREGNING, BSA, SSG
from app.sandbox.skatteetaten.feil import Feilart, SviktError
from app.sandbox.skatteetaten.hendelser import tidspunkt

_UTEN_STED = ("skatteregnskapskommune",)


def summert_skattegrunnlag(
    person: Person, ident: str, aar: int, felt: frozenset[str] | None
) -> dict[str, Any]:
    """Summert skattegrunnlag v2. ``felt`` is what the package receives; None is everything.

    Raises:
        SviktError: 410 for a deleted settlement, 404 when there is none.
    """
    skjerming = person.skjerming.get(SSG, Skjerming.INGEN)
    rot: dict[str, Any] = {"personidentifikator": ident, "inntektsaar": str(aar)}
    if skjerming is Skjerming.HELT:
        return rot | {"skjermet": True}
    if aar in person.slettet:
        raise SviktError(Feilart.SLETTET)
    oppgjoer = _oppgjoer(person, aar)
    detaljer = skjerming is Skjerming.INGEN
    for navn, tall in (
        ("grunnlag", oppgjoer.fastland),
        ("svalbardGrunnlag", oppgjoer.svalbard),
        ("kildeskattPaaLoennGrunnlag", oppgjoer.kildeskatt),
    ):
        if tall is not None:
            poster = tall.grunnlag(med_spesifisering=detaljer)
            rot[navn] = [p for p in poster if felt is None or p["tekniskNavn"] in felt]
    return rot | {
        "skjermet": False,
        "skatteoppgjoersdato": oppgjoer.dato.isoformat(),
        "stadie": "oppgjoer",
        "ajourholdstidspunkt": tidspunkt(oppgjoer.ajourholdt),
    }


def beregnet_skatt(person: Person, ident: str, aar: int) -> dict[str, Any]:
    """Beregnet skatt v2; ``inntektsaar`` is a number here.

    Raises:
        SviktError: 404, also for a deleted settlement: this API has no 410.
    """
    skjerming = person.skjerming.get(BSA, Skjerming.INGEN)
    rot: dict[str, Any] = {"personidentifikator": ident, "inntektsaar": aar}
    if skjerming is Skjerming.HELT:
        return rot | {"skjermet": True}
    oppgjoer = _oppgjoer(person, aar)
    rot["skjermet"] = False
    if oppgjoer.fastland is not None:
        rot["beregnetSkattFastland"] = dict(oppgjoer.fastland.beregnet)
    if oppgjoer.svalbard is not None:
        rot["beregnetSkattSvalbard"] = oppgjoer.svalbard.beregnet_svalbard()
    if oppgjoer.kildeskatt is not None:
        rot["beregnetSkattKildeskattPaaLoenn"] = oppgjoer.kildeskatt.beregnet_kildeskatt()
    if skjerming is Skjerming.DELVIS:
        rot["beregnetSkattFastland"] = _uten_sted(rot.get("beregnetSkattFastland", {}))
    return rot | {
        "skatteoppgjoersdato": oppgjoer.dato.isoformat(),
        "ajourholdstidspunkt": tidspunkt(oppgjoer.ajourholdt),
        "anvendtTolvdelForTrinnskatt": 12,
        "anvendtTolvdelVedArbeidsoppholdINorge": 12,
    }


def avregning(person: Person, ident: str, aar: int) -> dict[str, Any]:
    """Avregning v2.

    Raises:
        SviktError: 404 when there is no settlement.
    """
    rot: dict[str, Any] = {"personidentifikator": ident, "inntektsaar": str(aar)}
    if person.skjerming.get(AVREGNING, Skjerming.INGEN) is Skjerming.HELT:
        return rot | {"skjermet": True}
    oppgjoer = _oppgjoer(person, aar)
    rot |= {"skjermet": False, "skatteoppgjoersdato": oppgjoer.dato.isoformat()}
    if oppgjoer.fastland is not None:
        rot["fastland"] = oppgjoer.fastland.avregning(oppgjoer.fastland.beregnet["beregnetSkatt"])
    if oppgjoer.svalbard is not None:
        skatt = oppgjoer.svalbard.beregnet_svalbard()["beregnetSkatt"]
        rot["svalbard"] = oppgjoer.svalbard.avregning(skatt)
    return rot


def siste_tilgjengelige(person: Person, ident: str) -> dict[str, Any]:
    """The newest year with a settlement.

    Raises:
        SviktError: 404 when there is none.
    """
    if not person.oppgjoer:
        raise SviktError(Feilart.INGEN_DATA)
    return {
        "personidentifikator": ident,
        "ressursId": "skattegrunnlag",
        "sisteTilgjengeligePeriode": str(max(person.oppgjoer)),
    }


def inntekt(person: Person, ident: str, fra: str, til: str) -> dict[str, Any]:
    """Inntekt v1: every report from ``fra`` to ``til`` (``YYYY-MM``, both included).

    Raises:
        SviktError: 404 when there are none, which may also mean deleted.
    """
    oppgaver = sorted((o for o in person.inntekt if fra <= o.maaned <= til), key=lambda o: o.maaned)
    if not oppgaver:
        raise SviktError(Feilart.INGEN_DATA)
    return {"oppgaveInntektsmottaker": [o.kropp(ident) for o in oppgaver]}


def _oppgjoer(person: Person, aar: int) -> Oppgjoer:
    oppgjoer = person.oppgjoer.get(aar)
    if oppgjoer is None:
        raise SviktError(Feilart.INGEN_DATA)
    return oppgjoer


def _uten_sted(verdi: Any) -> Any:
    """The same figures without municipality numbers."""
    if isinstance(verdi, dict):
        borte = {*_UTEN_STED, "kommune", "kommunefordeltSkatt"}
        return {navn: _uten_sted(v) for navn, v in verdi.items() if navn not in borte}
    return verdi
