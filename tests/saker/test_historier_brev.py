"""Letters through the API: they say what the answer says, are kept as they were made, and are noted."""

import asyncio
import json
import re
from base64 import b64decode
from collections.abc import Awaitable, Callable, Iterator
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import pytest

from app.db.lager.brev import LagretBrev
from app.sandbox.standard import FJORDVIK, SKOGLI
from app.services.brev.brev import Brev, vedtaksbrev
from app.services.brev.tall import kroner, maaned
from app.services.sak.drift import eget_kall
from tests.saker.historie import SAKER, Historie, Json, bistandssak, langtidssak
from tests.services.brev.dokumenter import tekst_i, uten_typst
from tests.services.brev.pdfkontroll import brudd

_BELOEP: Final = re.compile(r"(?<![\d,])−?\d{1,3}(?: \d{3})*(?:,\d+)? kr\b")
_FILNAVN: Final = re.compile(
    r'inline; filename="(vedtaksbrev|etteroppgjoersbrev|utkast)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-n[bn]\.pdf"'
)
_KOLONNER: Final = ("egenandel", "foer", "etter", "differanse")
_UKJENT_ORD: Final = ("dictionary", "none", "kroner per")


def tallene(verdi: Any) -> Iterator[Decimal]:
    """Every number of an answer."""
    if isinstance(verdi, dict):
        for under in verdi.values():
            yield from tallene(under)
    elif isinstance(verdi, list):
        for under in verdi:
            yield from tallene(under)
    elif isinstance(verdi, int | Decimal) and not isinstance(verdi, bool):
        yield Decimal(verdi)


def skrevet(beloep: Any) -> str:
    return kroner(Decimal(beloep)).replace("\u00a0", " ")


def hent(h: Historie, sti: str, kommune: str = FJORDVIK, **valg: Any) -> tuple[bytes, str]:
    """A letter that must be there, sound, and as its digest says."""
    svar = h.send("GET", sti, kommune=kommune, **valg)
    assert svar.status_code == 200, svar.text[:500]
    assert svar.headers["content-type"] == "application/pdf"
    assert svar.headers["cache-control"] == "no-store"
    digest = b64decode(svar.headers["repr-digest"].removeprefix("sha-256=:").removesuffix(":"))
    assert digest == sha256(svar.content).digest()
    assert _FILNAVN.fullmatch(svar.headers["content-disposition"])
    assert brudd(svar.content) == set()
    return svar.content, tekst_i(svar.content)


def samme_beloep(tekst: str, *svar: Json) -> None:
    """No amount in the letter that the answers do not have; every month's is there."""
    gitt = {skrevet(abs(tall) if tegn else tall) for tall in tallene(list(svar)) for tegn in (0, 1)}
    i_brevet = set(_BELOEP.findall(tekst))
    assert len(i_brevet) >= 2
    assert i_brevet <= gitt, i_brevet - gitt
    for ett in svar:
        for rad in ett.get("maaneder", ()):
            for navn in _KOLONNER:
                if navn in rad:
                    assert skrevet(rad[navn]) in i_brevet, rad


def hver_maaned(tekst: str, maaneder: list[Json]) -> None:
    """A line for each month with its amounts, unless they are all the same."""
    linjer = [
        [maaned(rad["maaned"]), *(skrevet(rad[navn]) for navn in _KOLONNER if navn in rad)]
        for rad in maaneder
    ]
    assert linjer
    if len({tuple(beloep) for _, *beloep in linjer}) > 1:
        for linje in linjer:
            assert " ".join(linje) in tekst


Lag = Callable[[Historie], Json]


def _ektepar(h: Historie) -> Json:
    rad = {
        "person": h.person("ks-langtid-partner"),
        "relasjon": "EKTEFELLE",
        "tenktEtterlattepensjon": 250000,
    }
    svar: Json = h.langtid("ks-langtid-beboer", 2023, husstand=[rad])
    return svar


def _opphold(*opphold: Json, hvem: str = "enslig-pensjonist", aar: int = 2025) -> Lag:
    def lag(h: Historie) -> Json:
        innhold = langtidssak(h.person(hvem), aar, opphold=list(opphold))
        svar: Json = h.ny_sak(innhold)
        return svar

    return lag


def _bistand(hvem: str, kommune: str = FJORDVIK, timer: int = 3, aar: int = 2026, **resten: Any) -> Lag:
    def lag(h: Historie) -> Json:
        maaneder = [{"maaned": f"{aar}-{m:02d}", "art": "TIMER", "timer": timer} for m in range(1, 13)]
        svar: Json = h.ny_sak(bistandssak(h.person(hvem), aar, tjenester=maaneder, **resten), kommune=kommune)
        return svar

    return lag


def _bistand_for_to(h: Historie) -> Json:
    to = [{"person": h.person("ektepar-hjemme"), "relasjon": "EKTEFELLE"}]
    return _bistand("ektepar-beboer", husstand=to)(h)


def _foreloepig(h: Historie) -> Json:
    """Skogli has no a-ordningen: 2026 is carried forward from 2025."""
    innhold = langtidssak(h.person("enslig-pensjonist"), 2026)
    innhold["opphold"][0]["institusjon"] = "skoglitunet"
    svar: Json = h.ny_sak(innhold, kommune=SKOGLI)
    return svar


def _med_foert(h: Historie) -> Json:
    svar = h.langtid("enslig-pensjonist", 2025)
    h.beloep(svar["sak"]["id"], 2025, "/inntekter/leieinntekt", 12345, kilde="beboeren")
    return {"sak": svar["sak"], "beregning": h.beregn(svar["sak"]["id"], 2025)}


def _plassert(h: Historie) -> Json:
    """A post that two pension schemes share, divided by a caseworker."""
    svar = h.langtid("ektepar-beboer", 2025)
    for aapen, som in zip(
        svar["beregning"]["aapne"], ("offentligTjenestepensjon", "privatPensjon"), strict=True
    ):
        h.plasser(svar["sak"]["id"], 2025, {"noekkel": aapen["noekkel"], "som": som})
    return {"sak": svar["sak"], "beregning": h.beregn(svar["sak"]["id"], 2025)}


TILFELLER: Final[dict[str, tuple[Lag, str, tuple[str, ...]]]] = {
    "alene": (
        lambda h: h.langtid("enslig-pensjonist", 2025),
        FJORDVIK,
        ("Vedtak om egenandel for langtidsopphold", "Vedtaket er endelig", "§ 3 andre ledd andre punktum"),
    ),
    "ektepar": (
        _ektepar,
        FJORDVIK,
        ("Fradrag for forsørget (1)", "103 778 kr", "§ 5 andre ledd"),
    ),
    "plassert": (_plassert, FJORDVIK, ("Offentlig tjenestepensjon", "Begrunnelse: avklart med beboeren")),
    "gevinst": (
        lambda h: h.langtid("gevinst", 2024),
        FJORDVIK,
        ("Endring i skatten for", "Derfor er også skatten av dette tatt ut"),
    ),
    "formue": (lambda h: h.langtid("formue", 2025), FJORDVIK, ("Formuesskatt, som ikke regnes med",)),
    "dobbeltrom": (
        _opphold(
            {
                "art": "LANGTID",
                "fra": "2024-01-01",
                "institusjon": "solbakken",
                "dobbeltromMotEgetOenske": True,
            }
        ),
        FJORDVIK,
        ("det høyere fribeløpet for dobbeltrom",),
    ),
    "innflytting": (
        _opphold({"art": "LANGTID", "fra": "2025-03-10", "til": "2025-09-20", "institusjon": "solbakken"}),
        FJORDVIK,
        ("Periodene i året", "Den første tiden etter innflytting", "delt på (12 måneder × 30 døgn)"),
    ),
    "korttid": (
        _opphold({"art": "KORTTID_DOEGN", "fra": "2025-01-10", "til": "2025-02-08"}),
        FJORDVIK,
        (
            "Vedtak om egenandel for korttidsopphold",
            "22 døgn × 200 kr = 4 400 kr",
            "avhenger ikke av inntekten",
        ),
    ),
    "besøk": (
        _opphold({"art": "DAG", "fra": "2025-01-01", "til": "2025-01-31", "antall": 5}),
        FJORDVIK,
        ("5 besøk × ",),
    ),
    "over 60 døgn": (
        _opphold(
            {"art": "KORTTID_DOEGN", "fra": "2025-01-31", "til": "2025-04-30", "institusjon": "solbakken"}
        ),
        FJORDVIK,
        ("betales som langtidsopphold (§ 6 tredje ledd)",),
    ),
    "foreløpig på nynorsk": (
        _foreloepig,
        SKOGLI,
        ("Førebels vedtak om eigendel", "Vedtaket er førebels", "ført vidare til i år", "statsforvaltaren"),
    ),
    "ført inn": (
        _med_foert,
        FJORDVIK,
        ("12 345 kr", "Ført inn av kommunen etter beboeren", "brev fra utbetaleren"),
    ),
    "fast pris": (_bistand("tap"), FJORDVIK, ("Grunnlaget er på trinn 2", "er ikke under grensen")),
    "under 2 G": (_bistand("gevinst"), FJORDVIK, ("er under grensen. Derfor gjelder statens tak", "245 kr")),
    "stigen på nynorsk": (
        _bistand("uskiftet-bo", SKOGLI, timer=8),
        SKOGLI,
        (
            "Vedtak om eigendel for praktisk bistand",
            "Timepris:",
            "Kommunen krev ikkje betaling denne månaden",
        ),
    ),
    "to i husstanden": (
        _bistand_for_to,
        FJORDVIK,
        ("Ektefelle. Regnes med", "Husstandens grunnlag er ikke under grensen"),
    ),
}


@pytest.mark.parametrize("navn", TILFELLER)
def test_brevet_har_de_samme_tallene_som_svaret(h: Historie, navn: str) -> None:
    lag, kommune, ord_ = TILFELLER[navn]
    svar = lag(h)
    b, id_ = svar["beregning"], svar["sak"]["id"]
    assert b["tilstand"] == "BEREGNET", b["varsler"]
    vedtak = h.post(
        f"{SAKER}/{id_}/vedtak", {"beregningId": b["id"], "fra": b["virkningFra"]}, kommune=kommune
    )
    _, tekst = hent(h, f"{SAKER}/{id_}/vedtak/{vedtak['id']}/brev", kommune)
    samme_beloep(tekst, vedtak, b["resultat"])
    hver_maaned(tekst, vedtak["maaneder"])
    for del_ in ord_:
        assert del_ in tekst, (del_, tekst)
    for ord__ in _UKJENT_ORD:
        assert ord__ not in tekst
    for tegn in ("Fristen er fire uker", "Fristen er fire veker"):
        assert (tegn in tekst) is (("fire uker" in tegn) is (kommune == FJORDVIK))
    # The draft says the same, and that it is one.
    _, utkast = hent(h, f"{SAKER}/{id_}/beregninger/{b['id']}/brevutkast?spraak=nb", kommune)
    samme_beloep(utkast, b["resultat"])
    assert "Dette er et utkast. Det er ikke fattet vedtak" in utkast
    assert utkast.count("Utkast") >= 2, "vannmerket"


@pytest.mark.parametrize(
    ("navn", "andres"),
    [("ektepar", ("250 000 kr", "146 222 kr")), ("to i husstanden", ("172 595 kr", "524 702 kr"))],
)
def test_andres_tall_vises_bare_naar_kommunen_har_valgt_det(
    h: Historie, navn: str, andres: tuple[str, ...]
) -> None:
    svar = TILFELLER[navn][0](h)
    sti = f"{SAKER}/{svar['sak']['id']}/beregninger/{svar['beregning']['id']}/brevutkast"
    _, tekst = hent(h, sti)
    for beloep in andres:
        assert beloep not in tekst
    foer = h.send("GET", "/api/v1/kommune/oppsett")
    innhold = json.loads(foer.text)["oppsett"]
    innhold["brev"]["visAndresTall"] = True
    valgt = h.send("PUT", "/api/v1/kommune/oppsett", innhold, hoder={"If-Match": foer.headers["ETag"]})
    assert valgt.status_code == 200, valgt.text
    try:
        _, tekst = hent(h, sti)
    finally:
        innhold["brev"]["visAndresTall"] = False
        h.send("PUT", "/api/v1/kommune/oppsett", innhold, hoder={"If-Match": valgt.headers["ETag"]})
    samme_beloep(tekst, svar["beregning"]["resultat"])
    for beloep in andres:
        assert beloep in tekst


OPPGJOER: Final = {
    "til gode": (25000, ("Du har betalt for mye og får", "tilbake til deg")),
    "skyldig": (1000, ("Du har betalt for lite og skylder", "Vi sender et krav på")),
    "riktig": (None, ("Det som er krevd, er riktig", "er gjort opp")),
}


@pytest.mark.parametrize("navn", OPPGJOER)
def test_etteroppgjoeret_viser_krevd_og_riktig_maaned_for_maaned(h: Historie, navn: str) -> None:
    krevd, ord_ = OPPGJOER[navn]
    svar = h.langtid("enslig-pensjonist", 2025)
    id_ = svar["sak"]["id"]
    h.vedtak(id_, svar["beregning"], "2025-01-01")
    fakturert = [{"maaned": f"2025-{m:02d}", "beloep": krevd} for m in range(1, 13)]
    valg: Json = {} if krevd is None else {"fakturert": fakturert}
    ett = h.gjoer_opp(id_, 2025, **valg)
    _, tekst = hent(h, f"{SAKER}/{id_}/etteroppgjoer/{ett['id']}/brev")
    samme_beloep(tekst, ett["resultat"], svar["beregning"]["resultat"])
    hver_maaned(tekst, ett["resultat"]["maaneder"])
    assert skrevet(ett["resultat"]["sum"]) in tekst
    for del_ in (*ord_, "Etteroppgjør av egenandel for 2025", "§ 3, § 5 og § 6"):
        assert del_ in tekst, del_
    _, nynorsk = hent(h, f"{SAKER}/{id_}/etteroppgjoer/{ett['id']}/brev?spraak=nn")
    samme_beloep(nynorsk, ett["resultat"], svar["beregning"]["resultat"])
    assert "Etteroppgjer av eigendel for 2025" in nynorsk


def test_etter_doedsfall_er_brevet_til_boet(h: Historie) -> None:
    svar = h.langtid("enslig-pensjonist", 2025)
    id_ = svar["sak"]["id"]
    h.vedtak(id_, svar["beregning"], "2025-01-01")
    etag = h.send("GET", f"{SAKER}/{id_}").headers["ETag"]
    h.faa(
        *(200, "POST", f"{SAKER}/{id_}/avslutning", {"dato": "2025-04-20", "grunn": "DOED"}),
        hoder={"If-Match": etag},
    )
    endelig = h.beregn(id_, 2025, grunnlag="NYTT")
    fakturert = [{"maaned": f"2025-{m:02d}", "beloep": 30000} for m in range(1, 5)]
    ett = h.gjoer_opp(id_, 2025, fakturert=fakturert)
    _, tekst = hent(h, f"{SAKER}/{id_}/etteroppgjoer/{ett['id']}/brev")
    samme_beloep(tekst, ett["resultat"], endelig["resultat"])
    for del_ in (
        "Til dødsboet",
        "Boet har betalt for mye og får",
        "Den som har ansvar for boet",
        "Oppgjøret gjelder til og med 20. april 2025",
        "Boet kan klage",
    ):
        assert del_ in tekst, del_
    assert "Du har" not in tekst


def test_brevet_er_det_samme_for_alltid_og_hver_lesing_noteres(h: Historie) -> None:
    svar = h.langtid("enslig-pensjonist", 2025)
    id_ = svar["sak"]["id"]
    vedtak = h.vedtak(id_, svar["beregning"], "2025-01-01", begrunnelse="Kommunen har vurdert saken.")
    sti = f"{SAKER}/{id_}/vedtak/{vedtak['id']}/brev"
    foerst, tekst = hent(h, sti)
    assert "Kommunen har vurdert saken." in tekst
    assert "Oppdiktet" not in tekst, "navnet er ikke kjent ennå"
    # A name becomes known afterwards: the letter that was made stands, a letter in the other language has it.
    ident = h.ident("enslig-pensjonist")
    h.fortelling.bak(lambda lager: lager.personer.ta_inn(ident, "Oppdiktet Navn", h.fortelling.tid.naa()))
    assert hent(h, sti)[0] == hent(h, f"{sti}?spraak=nb")[0] == foerst
    assert "Oppdiktet Navn" in hent(h, f"{sti}?spraak=nn")[1]
    h.send("GET", f"{SAKER}/{id_}/beregninger/{svar['beregning']['id']}/brevutkast")
    rader = [(r["handling"], r["data"]) for r in h.register(sak_id=id_) if "BREV" in r["handling"]]
    assert rader == [
        ("BREV_LAGET", ["vedtaksbrev"]),
        ("BREV_LEST", ["vedtaksbrev"]),
        ("BREV_LEST", ["vedtaksbrev"]),
        ("BREV_LAGET", ["vedtaksbrev"]),
        ("BREV_LEST", ["utkast"]),
    ]

    async def lagret(lager: Any) -> list[LagretBrev]:
        alle: list[LagretBrev] = await lager.brev.for_sak(UUID(id_))
        return alle

    (nb, nn) = h.fortelling.bak(lagret)
    assert (nb.pdf, nb.sha256, nb.spraak, nn.spraak) == (foerst, sha256(foerst).hexdigest(), "nb", "nn")
    h.fortelling.bak(lambda lager: lager.personer.ta_inn(ident, "Et Annet", h.fortelling.tid.naa()))


def test_uten_settemaskinen_gis_det_som_er_laget_og_ellers_et_raad(h: Historie) -> None:
    svar = h.langtid("enslig-pensjonist", 2025)
    id_ = svar["sak"]["id"]
    vedtak = h.vedtak(id_, svar["beregning"], "2025-01-01")
    sti = f"{SAKER}/{id_}/vedtak/{vedtak['id']}/brev"
    laget, _ = hent(h, sti)
    with uten_typst():
        assert hent(h, sti)[0] == laget
        feil = h.faa(503, "GET", f"{sti}?spraak=nn")
    assert feil["type"] == "urn:egenandel:problem:brev-ikke-satt-opp"
    assert "egenandel[brev]" in feil["detail"]


def test_det_som_ikke_finnes_eller_ikke_er_beregnet(h: Historie) -> None:
    svar = h.langtid("enslig-pensjonist", 2026)
    id_, b = svar["sak"]["id"], svar["beregning"]
    assert b["tilstand"] == "UFULLSTENDIG"
    feil = h.faa(409, "GET", f"{SAKER}/{id_}/beregninger/{b['id']}/brevutkast")
    assert (feil["kode"], feil["gjelder"]) == ("beregning-ufullstendig", b["id"])
    ingen = "01890000-0000-7000-8000-000000000000"
    for sti in (f"vedtak/{ingen}/brev", f"etteroppgjoer/{ingen}/brev", f"beregninger/{ingen}/brevutkast"):
        assert h.faa(404, "GET", f"{SAKER}/{id_}/{sti}")["type"].endswith("finnes-ikke")
        assert h.faa(404, "GET", f"{SAKER}/{ingen}/{sti}")["detail"].startswith("Kommunen har ikke saken")
    assert h.faa(422, "GET", f"{SAKER}/{id_}/vedtak/{ingen}/brev?spraak=en")["type"].endswith("parameter")


def test_to_som_ber_om_brevet_samtidig_faar_det_samme(h: Historie) -> None:
    svar = h.langtid("enslig-pensjonist", 2025)
    id_ = svar["sak"]["id"]
    vedtak = h.vedtak(id_, svar["beregning"], "2025-01-01")
    drift = h.fortelling.verden.app.state.saksdrift

    async def mange() -> list[Brev]:
        def en() -> Awaitable[Brev]:
            kall = eget_kall(drift.hjemmel, FJORDVIK, "proeve", h.fortelling.tid.naa())
            return vedtaksbrev(drift, kall, UUID(id_), UUID(vedtak["id"]))

        return list(await asyncio.gather(*(en() for _ in range(6))))

    assert len({brev.pdf for brev in h.fortelling.kjoer(mange)}) == 1
    laget = [r["handling"] for r in h.register(sak_id=id_) if r["handling"] == "BREV_LAGET"]
    assert laget == ["BREV_LAGET"]
