"""One lawful request for every protected operation, with the ids of the kommune that sends it.

What is proved of every route is proved from here: a new route without a row fails the tests that read the table.
"""

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

from app import klokke
from app.api.eksempler_saker import ENDRET, ETTEROPPGJOER, OPPSETT, POSTER, VEDTAK
from app.api.tilgang.ruter import Operasjon
from app.calc.kontrakt.json_tekst import skriv_json
from app.db.ident import ny_id
from app.db.lager.arbeid import Arbeidsgrunn, Arbeidsnoekkel, Liste
from app.db.lager.brukere import Bruker
from app.db.lager.oppgaver import Oppgave, Oppgavetilstand
from app.db.lager.vedtak import Vedtak, Vedtaksart
from app.sandbox.standard import FJORDVIK, SKOGLI
from app.services.avstemming.kjoering import AV, Avstemmer
from app.services.avstemming.lister import Oppdrag
from app.services.masse.fullfoer import fullfoer
from app.services.masse.regning import Regnere
from app.services.oppgaver import Oppgaveinnhold, Oppgaveslag
from app.services.revisjon import Handling, Utfall, ny_rad
from app.services.tilgang import Aktoer, Aktoertype
from tests.saker.verden import Verden

AAR: Final = 2025
ROLLE_ID: Final = "b1a7c0de-0000-4000-8000-00000000abcd"
INSTITUSJON: Final = {FJORDVIK: "solbakken", SKOGLI: "skoglitunet"}
PAR: Final = {
    FJORDVIK: ("uskiftet-bo", "ektepar-hjemme", "enslig-pensjonist"),
    SKOGLI: ("naering", "livsvarig-afp", "korreksjoner"),
}
"""Resident, spouse, and somebody with help at home: nobody in both kommuner."""

Sted = tuple[str | int, ...]
"""Where an id stands in a request: ``("sti", navn)``, ``("sporring", navn)`` or ``("kropp", …)``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ider:
    """Everything of a kommune that has an id, and the numbers of its persons."""

    kommune: str
    sak: str
    bistand: str
    person: str
    ektefelle: str
    hjemmeboende: str
    beregning: str
    ny_beregning: str
    vedtak: str
    ventende: str
    etteroppgjoer: str
    post: str
    grunnlag: str
    oppgave: str
    massekjoering: str
    kjoert: str
    webhook: str
    avstemming: str
    bruker: str
    identer: tuple[str, ...] = field(repr=False)

    @property
    def alle(self) -> dict[str, str]:
        """Every id of ours, by what it is of."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in {"kommune", "identer"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresporsel:
    """A request before it is sent."""

    operasjon: Operasjon
    sti: Mapping[str, str]
    kropp: Any = None
    hoder: Mapping[str, str] = field(default_factory=dict)
    sporring: str = ""
    sporring_ider: Mapping[str, str] = field(default_factory=dict)

    @property
    def adresse(self) -> str:
        """Path and query."""
        ider = "&".join(f"{navn}={verdi}" for navn, verdi in self.sporring_ider.items())
        return self.operasjon[1].format(**self.sti) + (f"?{ider}" if ider else self.sporring)

    def steder(self, ider: Ider) -> list[Sted]:
        """Where ids of ours stand."""
        egne = set(ider.alle.values())
        i_stien: list[Sted] = [("sti", navn) for navn, verdi in self.sti.items() if verdi in egne]
        i_stien += [("sporring", navn) for navn in self.sporring_ider]
        return i_stien + [("kropp", *sted) for sted, verdi in blader(self.kropp) if verdi in egne]

    def bytt(self, bytte: Mapping[Sted, str]) -> "Foresporsel":
        """The same with other ids in some places."""
        sti, kropp, sporring = dict(self.sti), copy.deepcopy(self.kropp), dict(self.sporring_ider)
        for (hva, *vei), til in bytte.items():
            holder: Any = {"sti": sti, "sporring": sporring}.get(str(hva), kropp)
            for ledd in vei[:-1]:
                holder = holder[ledd]
            holder[vei[-1]] = til
        return replace(self, sti=sti, kropp=kropp, sporring_ider=sporring)

    def som(self, egne: Ider, andres: Ider) -> dict[Sted, str]:
        """Every id exchanged for another kommune's of the same kind."""
        funnet: dict[Sted, str] = {}
        for sted in self.steder(egne):
            hva, *vei = sted
            verdi: Any = {"sti": self.sti, "sporring": self.sporring_ider}.get(str(hva), self.kropp)
            for ledd in vei:
                verdi = verdi[ledd]
            funnet[sted] = next(andres.alle[navn] for navn, id_ in egne.alle.items() if id_ == verdi)
        return funnet


def blader(verdi: Any, sti: Sted = ()) -> Iterator[tuple[Sted, Any]]:
    """Every value in a JSON document that holds no others, with its place."""
    if isinstance(verdi, dict | list):
        for navn, under in verdi.items() if isinstance(verdi, dict) else enumerate(verdi):
            yield from blader(under, (*sti, navn))
    else:
        yield sti, verdi


@dataclass(frozen=True, slots=True)
class Rad:
    """What a lawful request to one operation looks like, and how it is answered."""

    status: int = 200
    kropp: Callable[[Ider], Any] | None = None
    sti: Mapping[str, str] = field(default_factory=dict)
    hoder: Mapping[str, str] = field(default_factory=dict)
    sporring: str = ""
    sporring_ider: Mapping[str, str] = field(default_factory=dict)
    """Ids in the query: the name of the parameter, and what it is the id of."""


_S: Final = "/api/v1/saker"
_M: Final = "/api/v1/massekjoeringer"
_F: Final = "/api/v1/fakturagrunnlag"
_W: Final = "/api/v1/webhooker"
_V1: Final = "/register/api/v1/ks/{rolleId}/skatteoginntektsopplysninger"
_V2: Final = "/register/api/v2/ks/{rolleId}/summertskattegrunnlag"
_TILBYS_IKKE: Final = 400
_VERSJON_1: Final = {"If-Match": '"1"'}


def _ny_sak(ider: Ider) -> Any:
    return {
        "tjeneste": "PRAKTISK_BISTAND",
        "person": {"personId": ider.person},
        "husstand": [{"person": {"personId": ider.ektefelle}, "relasjon": "EKTEFELLE"}],
        "tjenester": [{"maaned": f"{AAR}-01", "art": "TIMER", "timer": 4}],
        "beregning": {"aar": AAR},
        "manuellePoster": {
            "aar": AAR,
            "oppgitteBeloep": [
                {
                    "felt": "/alminneligInntektFoerSaerfradrag",
                    "beloep": 240000,
                    "begrunnelse": "Etter ligningen",
                    "person": {"personId": ider.ektefelle},
                }
            ],
            "plasseringer": [
                {
                    "noekkel": "ssg|2024|FASTLAND|annenInntekt|",
                    "som": "I_SUMMEN",
                    "begrunnelse": "Leie av garasje",
                    "person": {"personId": ider.person},
                }
            ],
        },
    }


def _endret(ider: Ider) -> Any:
    kropp: Any = copy.deepcopy(ENDRET)
    kropp["person"]["personId"] = ider.person
    kropp["husstand"][0]["person"]["personId"] = ider.ektefelle
    kropp["opphold"] = [{"art": "LANGTID", "fra": f"{AAR}-02-01", "institusjon": INSTITUSJON[ider.kommune]}]
    return kropp


def _poster(ider: Ider) -> Any:
    kropp: Any = copy.deepcopy(POSTER)
    for rader in (kropp["oppgitteBeloep"], kropp["plasseringer"]):
        rader[0]["person"]["personId"] = ider.person
    return {**kropp, "aar": AAR}


def _forhaandsvisning(ider: Ider) -> Any:
    return {
        "innhold": _endret(ider),
        "manuellePoster": _poster(ider),
        "opphevedePoster": [ider.post],
        "beregning": {"aar": AAR},
    }


def _vedtak(ider: Ider) -> Any:
    return {**VEDTAK, "beregningId": ider.ny_beregning, "fra": f"{AAR}-06-01", "erstatter": ider.vedtak}


def _etteroppgjoer(ider: Ider) -> Any:
    return {**ETTEROPPGJOER, "aar": AAR, "beregningId": ider.ny_beregning}


def _oppsett(ider: Ider) -> Any:
    kropp: Any = {**OPPSETT, "organisasjonsnummer": ider.kommune}
    return kropp


def _webhook(ider: Ider) -> Any:
    return {"url": f"https://epj.example/{ider.kommune}", "typer": [], "beskrivelse": "Journalsystemet"}


def _ident(ider: Ider) -> Any:
    return {"personidentifikator": ider.identer[-1]}


def _v1(ider: Ider) -> Any:
    return {
        "inntektsaar": 2024,
        "beregningstype": "PRAKTISK_BISTAND",
        "personer": [{"identifikator": ider.identer[-1], "type": "SOEKER"}],
    }


def _langtid_v1(ider: Ider) -> Any:
    return {**_v1(ider), "beregningstype": "LANGTIDSOPPHOLD_INSTITUSJON"}


def _v2(ider: Ider) -> Any:
    soeker = {"personidentifikator": ider.identer[-1], "personType": "SOEKER"}
    return {"inntektsaar": "2024", "soekere": [soeker]}


def _arbeid(person_id: str) -> dict[str, Any]:
    return {"personId": person_id, "liste": Liste.SKATTEOPPGJOER, "aar": AAR}


LOVLIGE: Final[Mapping[Operasjon, Rad]] = {
    ("GET", _S): Rad(),
    ("POST", f"{_S}/soek"): Rad(kropp=_ident),
    ("POST", _S): Rad(201, _ny_sak),
    ("GET", f"{_S}/{{sakId}}"): Rad(),
    ("PUT", f"{_S}/{{sakId}}"): Rad(kropp=_endret, hoder=_VERSJON_1),
    ("POST", f"{_S}/{{sakId}}/beregninger"): Rad(201, lambda _: {"aar": AAR}),
    ("GET", f"{_S}/{{sakId}}/beregninger"): Rad(),
    ("GET", f"{_S}/{{sakId}}/beregninger/{{beregningId}}"): Rad(),
    ("POST", f"{_S}/{{sakId}}/beregninger/{{beregningId}}/etterproeving"): Rad(),
    ("GET", f"{_S}/{{sakId}}/beregninger/{{beregningId}}/sammenligning"): Rad(
        sporring_ider={"med": "ny_beregning"}
    ),
    ("POST", f"{_S}/{{sakId}}/forhaandsvisning"): Rad(kropp=_forhaandsvisning),
    ("GET", f"{_S}/{{sakId}}/grunnlag"): Rad(),
    ("POST", f"{_S}/{{sakId}}/manuelle-poster"): Rad(201, _poster),
    ("GET", f"{_S}/{{sakId}}/manuelle-poster"): Rad(),
    ("DELETE", f"{_S}/{{sakId}}/manuelle-poster/{{postId}}"): Rad(),
    ("GET", f"{_S}/{{sakId}}/doegnregister"): Rad(sporring=f"?aar={AAR}"),
    ("POST", f"{_S}/{{sakId}}/vedtak"): Rad(201, _vedtak),
    ("GET", f"{_S}/{{sakId}}/vedtak"): Rad(),
    ("GET", f"{_S}/{{sakId}}/vedtak/{{vedtakId}}"): Rad(),
    ("POST", f"{_S}/{{sakId}}/vedtak/{{vedtakId}}/godkjenning"): Rad(
        kropp=lambda _: {"utfall": "GODKJENT"}, sti={"sakId": "bistand", "vedtakId": "ventende"}
    ),
    ("POST", f"{_S}/{{sakId}}/etteroppgjoer"): Rad(201, _etteroppgjoer),
    ("GET", f"{_S}/{{sakId}}/etteroppgjoer"): Rad(),
    ("GET", f"{_S}/{{sakId}}/etteroppgjoer/{{etteroppgjoerId}}"): Rad(),
    ("GET", f"{_S}/{{sakId}}/vedtak/{{vedtakId}}/brev"): Rad(),
    ("GET", f"{_S}/{{sakId}}/etteroppgjoer/{{etteroppgjoerId}}/brev"): Rad(sporring="?spraak=nn"),
    ("GET", f"{_S}/{{sakId}}/beregninger/{{beregningId}}/brevutkast"): Rad(),
    ("POST", _F): Rad(201, lambda _: {"maaned": f"{AAR}-12"}),
    ("GET", _F): Rad(),
    ("GET", f"{_F}/{{nr}}"): Rad(),
    ("GET", f"{_F}/{{nr}}/fil"): Rad(sporring="?form=csv"),
    ("POST", f"{_S}/{{sakId}}/avslutning"): Rad(
        kropp=lambda _: {"dato": f"{AAR}-12-31", "grunn": "FLYTTET"},
        sti={"sakId": "bistand"},
        hoder=_VERSJON_1,
    ),
    ("GET", "/api/v1/oppgaver"): Rad(sporring="?tilstand=AAPEN"),
    ("GET", "/api/v1/oppgaver/{oppgaveId}"): Rad(),
    ("POST", "/api/v1/oppgaver/{oppgaveId}/lukk"): Rad(
        kropp=lambda _: {"begrunnelse": "Vurdert"}, hoder=_VERSJON_1
    ),
    ("GET", "/api/v1/arbeid"): Rad(),
    ("POST", "/api/v1/arbeid/gjenta"): Rad(kropp=lambda ider: _arbeid(ider.person)),
    ("POST", "/api/v1/arbeid/lukk"): Rad(
        kropp=lambda ider: {**_arbeid(ider.ektefelle), "begrunnelse": "Vurdert"}
    ),
    ("GET", "/api/v1/hendelser/status"): Rad(),
    ("GET", "/api/v1/endringer"): Rad(sporring="?etter=0&antall=10"),
    ("GET", "/api/v1/endringer/start"): Rad(sporring=f"?dato={AAR}-01-01"),
    ("POST", _W): Rad(201, _webhook),
    ("GET", _W): Rad(),
    ("GET", f"{_W}/{{webhookId}}"): Rad(),
    ("PUT", f"{_W}/{{webhookId}}"): Rad(kropp=_webhook, hoder=_VERSJON_1),
    ("POST", f"{_W}/{{webhookId}}/roter"): Rad(hoder={"If-Match": '"2"'}),
    ("POST", f"{_W}/{{webhookId}}/proev"): Rad(202),
    ("GET", f"{_W}/{{webhookId}}/leveringer"): Rad(sporring="?tilstand=VENTER"),
    ("POST", f"{_W}/{{webhookId}}/leveringer/{{nr}}/gjenta"): Rad(202),
    ("DELETE", f"{_W}/{{webhookId}}"): Rad(hoder={"If-Match": '"3"'}),
    ("GET", "/api/v1/kommune/oppsett"): Rad(),
    ("POST", "/api/v1/hva-om"): Rad(kropp=lambda _: {"aar": AAR}),
    ("GET", "/api/v1/etteroppgjoerskoe"): Rad(),
    ("POST", "/api/v1/etteroppgjoerskoe"): Rad(kropp=lambda ider: {"aar": AAR, "saker": [ider.sak]}),
    ("GET", "/api/v1/uten-oppgjoer"): Rad(),
    ("POST", _M): Rad(201, lambda _: {"slag": "NYE_SATSER", "aar": AAR}),
    ("GET", _M): Rad(),
    ("GET", f"{_M}/{{massekjoeringId}}"): Rad(),
    ("GET", f"{_M}/{{massekjoeringId}}/rader"): Rad(),
    ("POST", f"{_M}/{{massekjoeringId}}/kjoer"): Rad(202),
    ("POST", f"{_M}/{{massekjoeringId}}/angre"): Rad(202, sti={"massekjoeringId": "kjoert"}),
    ("PUT", "/api/v1/kommune/oppsett"): Rad(kropp=_oppsett, hoder=_VERSJON_1),
    ("POST", f"{_V1}/beregning"): Rad(kropp=_v1),
    ("POST", f"{_V1}/beregning/praktisk-bistand"): Rad(kropp=_v1),
    ("POST", f"{_V1}/beregning/langtidsopphold-institusjon"): Rad(kropp=_langtid_v1),
    ("GET", f"{_V1}/verdier"): Rad(),
    ("POST", f"{_V1}/verdier"): Rad(),
    ("POST", _V2): Rad(kropp=_v2),
    ("GET", f"{_V2}/verdier/{{type}}/{{aar}}"): Rad(),
    ("POST", f"{_V1}/beregning/redusert-foreldrebetaling"): Rad(_TILBYS_IKKE, _v1),
    ("POST", f"{_V1}/beregning/redusert-foreldrebetaling/pdf"): Rad(_TILBYS_IKKE, _v1),
    ("POST", f"{_V1}/beregning/pdf"): Rad(_TILBYS_IKKE, _v1),
    ("POST", f"{_V1}/beregning/praktisk-bistand/pdf"): Rad(_TILBYS_IKKE, _v1),
    ("POST", f"{_V1}/beregning/langtidsopphold-institusjon/pdf"): Rad(_TILBYS_IKKE, _v1),
    ("POST", f"{_V2}/pdf"): Rad(_TILBYS_IKKE, _v2),
    ("GET", f"{_V1}/yaml/{{beregningstype}}/{{inntektsaar}}"): Rad(_TILBYS_IKKE),
    (
        "GET",
        "/register/api/v1/ks/skatteoginntektsopplysninger/yaml/{beregningstype}/{inntektsaar}",
    ): Rad(_TILBYS_IKKE),
    ("POST", "/api/v1/revisjon/soek"): Rad(kropp=lambda ider: {"sakId": ider.sak}),
    ("GET", "/api/v1/revisjon/verifisering"): Rad(),
    ("GET", "/api/v1/revisjon/tilsyn"): Rad(),
    ("POST", "/api/v1/revisjon/tilsyn"): Rad(
        kropp=lambda ider: {
            "slag": "EGEN",
            "bruker": ider.bruker,
            "dag": klokke.i_dag().isoformat(),
            "konklusjon": "TJENSTLIG",
        }
    ),
    ("GET", "/api/v1/avstemminger"): Rad(),
    ("GET", "/api/v1/avstemminger/{avstemmingId}"): Rad(),
    ("POST", "/api/v1/personer/innsyn"): Rad(kropp=_ident),
    ("POST", "/api/v1/personer/sletting"): Rad(
        kropp=lambda ider: {**_ident(ider), "ogsaaFraAndresSaker": True}
    ),
}
"""In an order in which each can be sent once: what ends and what is erased comes last."""

_STI: Final = {
    "sakId": "sak",
    "beregningId": "beregning",
    "vedtakId": "vedtak",
    "etteroppgjoerId": "etteroppgjoer",
    "postId": "post",
    "oppgaveId": "oppgave",
    "massekjoeringId": "massekjoering",
    "webhookId": "webhook",
    "avstemmingId": "avstemming",
}
_FASTE: Final = {
    "rolleId": ROLLE_ID,
    "nr": "1",
    "type": "PRAKTISK_BISTAND",
    "aar": "2024",
    "beregningstype": "PRAKTISK_BISTAND",
    "inntektsaar": "2024",
}


def lovlig(operasjon: Operasjon, ider: Ider) -> Foresporsel:
    """The lawful request of a kommune."""
    rad = LOVLIGE[operasjon]
    navn = [del_[1:-1] for del_ in operasjon[1].split("/") if del_.startswith("{")]
    sti = {n: _FASTE[n] if n in _FASTE else ider.alle[rad.sti.get(n, _STI[n])] for n in navn}
    kropp = None if rad.kropp is None else rad.kropp(ider)
    return Foresporsel(
        operasjon=operasjon,
        sti=sti,
        kropp=kropp,
        hoder=rad.hoder,
        sporring=rad.sporring,
        sporring_ider={n: ider.alle[av] for n, av in rad.sporring_ider.items()},
    )


async def fyll(verden: Verden, kommune: str) -> Ider:
    """A kommune with one of everything."""
    beboer, ektefelle, hjemmeboende = (verden.ident(navn) for navn in PAR[kommune])

    async def post(sti: str, kropp: Any) -> Any:
        svar = await verden.post(sti, kropp, kommune=kommune)
        assert svar.status_code == 201, svar.text
        return svar.json()

    webhook = await post(_W, {"url": f"https://epj.example/hemmelig-{kommune}"})
    ny = await post(
        _S,
        {
            "tjeneste": "LANGTIDSOPPHOLD",
            "referanse": f"hemmelig-{kommune}",
            "person": {"personidentifikator": beboer, "navn": f"Beboer i {kommune}"},
            "husstand": [
                {
                    "person": {"personidentifikator": ektefelle},
                    "relasjon": "EKTEFELLE",
                    "tenktEtterlattepensjon": 210000,
                }
            ],
            "opphold": [{"art": "LANGTID", "fra": f"{AAR}-02-01", "institusjon": INSTITUSJON[kommune]}],
            "beregning": {"aar": AAR},
        },
    )
    sak, beregning = ny["sak"], ny["beregning"]
    assert (beregning["tilstand"], beregning["foreloepig"]) == ("BEREGNET", False), beregning["mangler"]
    under = f"{_S}/{sak['id']}"
    vedtak = await post(
        f"{under}/vedtak",
        {"beregningId": beregning["id"], "fra": f"{AAR}-02-01", "begrunnelse": f"hemmelig-{kommune}"},
    )
    etteroppgjoer = await post(f"{under}/etteroppgjoer", {"aar": AAR})
    ny_beregning = await post(f"{under}/beregninger", {"aar": AAR})
    poster = await post(
        f"{under}/manuelle-poster",
        {
            "aar": 2026,
            "oppgitteBeloep": [
                {
                    "felt": "/inntekter/privatPensjon",
                    "beloep": 48000,
                    "begrunnelse": f"hemmelig-{kommune}",
                }
            ],
        },
    )
    bistand = await post(
        _S,
        {
            "tjeneste": "PRAKTISK_BISTAND",
            "person": {"personidentifikator": hjemmeboende},
            "tjenester": [{"maaned": f"{AAR}-01", "art": "TIMER", "timer": 4}],
            "beregning": {"aar": AAR},
        },
    )
    grunnlag = (await verden.les(f"{under}/grunnlag", kommune=kommune)).json()
    tilstand = verden.app.state
    avstemmer = Avstemmer(tilstand.settings, tilstand.saksdrift)
    avstemt = await avstemmer.kjoer(Oppdrag(naa=klokke.naa(), aktoer=AV), [kommune])
    return Ider(
        kommune=kommune,
        sak=sak["id"],
        bistand=bistand["sak"]["id"],
        person=sak["innhold"]["person"]["personId"],
        ektefelle=sak["innhold"]["husstand"][0]["person"]["personId"],
        hjemmeboende=bistand["sak"]["innhold"]["person"]["personId"],
        beregning=beregning["id"],
        ny_beregning=ny_beregning["id"],
        vedtak=vedtak["id"],
        ventende=await _ventende(verden, kommune, bistand),
        etteroppgjoer=etteroppgjoer["id"],
        post=poster[0]["id"],
        grunnlag=grunnlag[0]["id"],
        oppgave=await stoppet(verden, kommune, sak, beboer, ektefelle),
        massekjoering=await _massekjoering(verden, kommune, kjoert=False),
        kjoert=await _massekjoering(verden, kommune, kjoert=True),
        webhook=webhook["id"],
        avstemming=str(avstemt.rapporter[0].id),
        bruker=await med_egen_sak(verden, kommune, sak["id"], beboer),
        identer=(beboer, ektefelle, hjemmeboende),
    )


async def med_egen_sak(verden: Verden, kommune: str, sak: str, ident: str) -> str:
    """A user who has looked at a case of their own."""
    aktoer = Aktoer(kommune=kommune, type=Aktoertype.BRUKER, id=str(uuid4()), rettigheter=frozenset())
    bruker = Bruker(id=aktoer.id, navn=None, rolle="BEREGNER", tilbyder="proeve", sist_innlogget=klokke.naa())
    rad = ny_rad(aktoer, Handling.SAK_LEST, Utfall.OK, ident=ident, sak_id=UUID(sak))
    async with verden.arkiv.skriv(kommune) as lager:
        await lager.brukere.ta_inn(bruker, ident)
        await lager.revisjon.noter(klokke.naa(), rad)
    return aktoer.id


async def _ventende(verden: Verden, kommune: str, bistand: Any) -> str:
    """A decision in a case that waits for a second person."""
    vedtak = Vedtak(
        id=ny_id(klokke.naa()),
        sak_id=UUID(bistand["sak"]["id"]),
        beregning_id=UUID(bistand["beregning"]["id"]),
        art=Vedtaksart.ENDELIG,
        fra=date(AAR, 1, 1),
        til=None,
        erstatter=None,
        begrunnelse=f"hemmelig-{kommune}",
        av="bruker:en-annen",
        opprettet=klokke.naa(),
        til_godkjenning=True,
    )
    async with verden.arkiv.skriv(kommune) as lager:
        await lager.vedtak.ny(vedtak)
    return str(vedtak.id)


async def stoppet(verden: Verden, kommune: str, sak: Any, *identer: str) -> str:
    """A task in the case, and work about each person that has stopped."""
    tid = klokke.naa()
    innhold = Oppgaveinnhold(tekst="Ny skatt", person_id=sak["innhold"]["person"]["personId"])
    oppgave = Oppgave(
        id=ny_id(tid),
        sak_id=UUID(sak["id"]),
        slag=Oppgaveslag.NY_SKATT,
        aar=AAR + 1,
        tilstand=Oppgavetilstand.AAPEN,
        hast=1,
        frist=None,
        innhold=skriv_json(innhold),
        versjon=1,
        opprettet=tid,
        endret=tid,
    )
    async with verden.arkiv.skriv(kommune) as lager:
        await lager.oppgaver.ny(oppgave)
        for ident in identer:
            person = await lager.personer.finn(ident)
            assert person is not None
            noekkel = Arbeidsnoekkel(person.id, Liste.SKATTEOPPGJOER, AAR)
            await lager.arbeid.bestill(noekkel, Arbeidsgrunn.HENDELSE, tid)
            await lager.arbeid.stopp(noekkel, tid, feil="UKJENT_PERSON", forsoek=3)
    return str(oppgave.id)


async def _massekjoering(verden: Verden, kommune: str, *, kjoert: bool) -> str:
    """A run that is dry, or done."""
    svar = await verden.post(_M, {"slag": "NYE_SATSER", "aar": AAR}, kommune=kommune)
    assert svar.status_code == 201, svar.text
    id_: str = svar.json()["id"]
    async with Regnere(0) as regnere:
        await fullfoer(verden.app.state.saksdrift, kommune, UUID(id_), regnere)
        if kjoert:
            assert (await verden.post(f"{_M}/{id_}/kjoer", kommune=kommune)).status_code == 202
            await fullfoer(verden.app.state.saksdrift, kommune, UUID(id_), regnere)
    return id_
