"""Login against the sandbox's providers: who comes in as what, and everybody who does not."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import pytest

from app.portal.innlogging.grunner import Avvisningsside
from app.portal.innlogging.ruter import egen_sti
from app.sandbox.innlogging.ansatte import ANSATTE, FIRMA
from app.sandbox.innlogging.planting import BARE_ANSATTPORTEN, BARE_ENTRA, Plantet
from app.sandbox.standard import FJORDVIK, LIA, OEYVAER, SKOGLI
from app.services.sesjoner.forsoek import FORSOEKSKAPSEL
from app.services.tilgang import Aktoertype, Rolle
from app.services.utsteder.jwks import MELLOM_HENTINGER
from tests.baser import MOTORER, ny_database
from tests.portal.innlogging.verden import (
    Nettleser,
    Skrittklokke,
    ansattporten,
    entra,
    med,
    nettleser,
    portalen,
    portalvalg,
    registeret,
)
from tests.portal.verden import tekst
from tests.saker.verden import Verden

Oppgave = Callable[[Verden, Nettleser], Awaitable[None]]


def i_portalen(oppgave: Oppgave, motor: str = "sqlite", **valg: Any) -> None:
    """Do something with a browser in front of a new portal."""
    database = ny_database(motor)

    async def alt() -> None:
        async with portalen(database, **valg) as verden, nettleser(verden) as leser:
            await oppgave(verden, leser)

    asyncio.run(alt())


@dataclass(frozen=True)
class Inn:
    """Somebody who comes in."""

    hvem: str
    kommune: str
    rolle: Rolle
    tilbyder: str = "ansattporten"
    navn: str | None = None
    nivaa: str = "idporten-loa-high"


SLIPPER_INN: Final = [
    Inn("fjordvik-beregner", FJORDVIK, Rolle.BEREGNER, navn="Beregner"),
    Inn("fjordvik-leder", FJORDVIK, Rolle.LEDER),
    Inn("fjordvik-revisor", FJORDVIK, Rolle.REVISOR),
    Inn("fjordvik-drift", FJORDVIK, Rolle.DRIFT),
    # A leader has all that a caseworker and an auditor have.
    Inn("fjordvik-flere-roller", FJORDVIK, Rolle.LEDER),
    Inn("skogli-beregner", SKOGLI, Rolle.BEREGNER),
    Inn("to-kommuner", FJORDVIK, Rolle.BEREGNER),
    Inn("to-kommuner", SKOGLI, Rolle.LEDER),
    Inn("fjordvik-beregner", FJORDVIK, Rolle.BEREGNER, "entra", "NØYAKTIG KULERAMME", "entra-mfa"),
    Inn("fjordvik-leder", FJORDVIK, Rolle.LEDER, "entra", "BESTEMT BLEKKHUS", "entra-mfa"),
    Inn("fjordvik-flere-roller", FJORDVIK, Rolle.LEDER, "entra", nivaa="entra-mfa"),
]


@pytest.mark.parametrize("motor", MOTORER)
def test_hvem_som_kommer_inn_og_som_hva(motor: str) -> None:
    async def oppgave(verden: Verden, _: Nettleser) -> None:
        ider = {}
        for inn in SLIPPER_INN:
            async with nettleser(verden) as leser:
                svar = await leser.logg_inn(inn.hvem, orgnr=inn.kommune, tilbyder=inn.tilbyder)
                assert svar.status_code == 303, (inn, tekst(svar))
                assert leser.kapsel is not None
                sesjon = await verden.app.state.sesjoner.hent(leser.kapsel)
            aktoer = sesjon.aktoer
            assert (aktoer.type, aktoer.kommune, aktoer.rolle) == (
                Aktoertype.BRUKER,
                inn.kommune,
                inn.rolle,
            ), inn
            assert aktoer.eid_nivaa == inn.nivaa, inn
            assert inn.navn in (None, sesjon.navn)
            ider[inn] = aktoer.id
        assert len({ider[inn] for inn in SLIPPER_INN if inn.hvem == "to-kommuner"}) == 1
        assert len(set(ider.values())) == len(SLIPPER_INN) - 1

    i_portalen(oppgave, motor)


@dataclass(frozen=True)
class Ut:
    """Somebody who does not, and why."""

    hvem: str
    side: Avvisningsside
    tilbyder: str = "ansattporten"
    orgnr: str = FJORDVIK
    rettigheter: dict[str, tuple[str, ...]] = field(default_factory=dict)
    notert: str | None = None
    """The word in the kommune's register, when it is a kommune we know."""


SLIPPER_IKKE_INN: Final = [
    Ut("annen-virksomhet", Avvisningsside.KOMMUNE, orgnr=FIRMA),
    Ut("fjordvik-leder", Avvisningsside.KOMMUNE, orgnr=OEYVAER, rettigheter={OEYVAER: ("leder",)}),
    Ut(
        "fjordvik-revisor",
        Avvisningsside.ROLLER,
        rettigheter={FJORDVIK: ("beregner", "revisor")},
        notert="roller-strider",
    ),
    Ut(
        "fjordvik-drift",
        Avvisningsside.ROLLER,
        rettigheter={FJORDVIK: ("leder", "drift")},
        notert="roller-strider",
    ),
    Ut(
        "fjordvik-drift",
        Avvisningsside.ROLLER,
        rettigheter={FJORDVIK: ("revisor", "drift")},
        notert="roller-strider",
    ),
    Ut("uten-rettigheter", Avvisningsside.ROLLE, "entra", notert="mangler-rolle"),
    Ut("uten-flerfaktor", Avvisningsside.FLERFAKTOR, "entra", notert="uten-flerfaktor"),
    Ut("fremmed-tenant", Avvisningsside.KOMMUNE, "entra"),
]


@pytest.mark.parametrize("motor", MOTORER)
def test_hvem_som_ikke_kommer_inn(motor: str) -> None:
    async def oppgave(verden: Verden, _: Nettleser) -> None:
        for ut in SLIPPER_IKKE_INN:
            if ut.rettigheter:
                verden.sandkasse.ansattporten.rettigheter[ut.hvem] = dict(ut.rettigheter)
            async with nettleser(verden) as leser:
                foer = await registeret(verden)
                svar = await leser.logg_inn(ut.hvem, orgnr=ut.orgnr, tilbyder=ut.tilbyder)
                assert svar.status_code == ut.side.status, ut
                assert leser.kapsel is None, ut
                nytt = (await registeret(verden))[len(foer) :]
                assert nytt == ([("INNLOGGING", "AVSLAATT", ut.notert)] if ut.notert else []), ut
                assert "Logg inn på nytt" in tekst(svar)

    i_portalen(oppgave, motor)


FEIL: Final = [
    (system, plantet)
    for system, andres in (("ansattporten", BARE_ENTRA), ("entra", BARE_ANSATTPORTEN))
    for plantet in Plantet
    if plantet not in andres
]


@pytest.mark.parametrize("system", ["ansattporten", "entra"])
def test_alt_tilbyderen_kan_gjoere_feil_blir_avvist(system: str) -> None:
    """Every fault the sandbox can plant; and with none of them the same person comes in."""

    async def oppgave(verden: Verden, _: Nettleser) -> None:
        for plantet in [plantet for navn, plantet in FEIL if navn == system]:
            verden.sandkasse.planer.plant(system, plantet, 1)
            async with nettleser(verden) as leser:
                svar = await leser.logg_inn(tilbyder=system)
                assert svar.status_code in (400, 403), plantet
                assert leser.kapsel is None, plantet
                assert all(plan.truffet for plan in verden.sandkasse.planer.alle), plantet
        verden.sandkasse.planer.nullstill()
        async with nettleser(verden) as leser:
            assert (await leser.logg_inn(tilbyder=system)).status_code == 303

    i_portalen(oppgave)


def test_for_lavt_nivaa_avvises_ogsaa_av_oss_og_noteres() -> None:
    async def oppgave(verden: Verden, leser: Nettleser) -> None:
        verden.sandkasse.planer.plant("ansattporten", Plantet.FEIL_ACR, 1)
        svar = await leser.logg_inn()
        assert svar.status_code == 403
        assert "høyere sikkerhet" in tekst(svar)
        assert await registeret(verden) == [("INNLOGGING", "AVSLAATT", "lavt-nivaa")]

    i_portalen(oppgave)


def test_innstillingene_kan_godta_betydelig() -> None:
    valg = portalvalg(tilbydere={"ansattporten": ansattporten(nivaa="substantial")})

    async def oppgave(verden: Verden, leser: Nettleser) -> None:
        assert (await leser.logg_inn("bare-betydelig")).status_code == 303
        assert leser.kapsel is not None
        aktoer = await verden.app.state.sesjoner.finn(leser.kapsel)
        assert aktoer.eid_nivaa == "idporten-loa-substantial"

    i_portalen(oppgave, valg=valg)


@pytest.mark.parametrize("spoer", [True, False])
def test_av_nummeret_blir_det_bare_et_merke_og_bare_naar_vi_spoer(spoer: bool) -> None:
    valg = portalvalg(tilbydere={"ansattporten": ansattporten(personidentifikator=spoer), "entra": entra()})
    (ansatt,) = (en for en in ANSATTE if en.kallenavn == "fjordvik-beregner")

    async def oppgave(verden: Verden, _: Nettleser) -> None:
        ider = {}
        for tilbyder in ("ansattporten", "entra"):
            async with nettleser(verden) as leser:
                assert (await leser.logg_inn(ansatt.kallenavn, tilbyder=tilbyder)).status_code == 303
                ider[tilbyder] = (await verden.app.state.sesjoner.finn(leser.kapsel)).id
        async with verden.arkiv.les(FJORDVIK) as lager:
            merker = await lager.brukere.merker()
        merke = verden.arkiv.ring.personmerke(ansatt.pid, FJORDVIK)
        assert merker == ({ider["ansattporten"]: merke} if spoer else {})

    i_portalen(oppgave, valg=valg)


async def _brukt_foer(leser: Nettleser, _: Nettleser) -> str:
    retur = await leser.til_retur("fjordvik-beregner")
    assert (await leser.aapne(retur)).status_code == 303
    leser.klient.cookies.set(FORSOEKSKAPSEL, "x" * 43, domain="tjenesten.local")
    return retur


async def _uten_kapsel(leser: Nettleser, _: Nettleser) -> str:
    retur = await leser.til_retur("fjordvik-beregner")
    leser.klient.cookies.clear()
    return retur


async def _angriperens_svar(leser: Nettleser, angriper: Nettleser) -> str:
    """Login CSRF: the attacker's own answer, opened in the victim's browser while that is logging in."""
    await leser.til_retur("fjordvik-leder")
    return await angriper.til_retur("fjordvik-beregner")


async def _angriperens_kode(leser: Nettleser, angriper: Nettleser) -> str:
    """The attacker's code in the victim's own callback: PKCE and nonce belong to another login."""
    andres = dict(
        ledd.split("=", 1) for ledd in urlsplit(await angriper.til_retur("fjordvik-leder")).query.split("&")
    )
    return med(await leser.til_retur("fjordvik-beregner"), code=andres["code"])


async def _byttet_state(leser: Nettleser, _: Nettleser) -> str:
    """Two logins in one browser, the code of one with the state of the other."""
    foerste = await leser.til_retur("fjordvik-beregner")
    andre = dict(
        ledd.split("=", 1) for ledd in urlsplit(await leser.til_retur("fjordvik-beregner")).query.split("&")
    )
    return med(foerste, state=andre["state"])


async def _annen_tilbyder(leser: Nettleser, _: Nettleser) -> str:
    """Mix-up: begun with one provider, answered as another."""
    entras = dict(
        ledd.split("=", 1)
        for ledd in urlsplit(await leser.til_retur("fjordvik-beregner", tilbyder="entra")).query.split("&")
    )
    return med(await leser.til_retur("fjordvik-beregner"), state=entras["state"])


def _endret(**felt: str | None) -> Callable[[Nettleser, Nettleser], Awaitable[str]]:
    async def gjoer(leser: Nettleser, _: Nettleser) -> str:
        return med(await leser.til_retur("fjordvik-beregner"), **felt)

    return gjoer


def _dobbelt(navn: str) -> Callable[[Nettleser, Nettleser], Awaitable[str]]:
    async def gjoer(leser: Nettleser, _: Nettleser) -> str:
        return f"{await leser.til_retur('fjordvik-beregner')}&{navn}=en-til"

    return gjoer


async def _ingenting(*_: Nettleser) -> str:
    return "/logg-inn/retur"


RETURER: Final[list[tuple[str, Callable[[Nettleser, Nettleser], Awaitable[str]]]]] = [
    ("brukt en gang før", _brukt_foer),
    ("i en annen nettleser", _uten_kapsel),
    ("angriperens svar i offerets nettleser", _angriperens_svar),
    ("angriperens kode i offerets svar", _angriperens_kode),
    ("state fra en annen innlogging", _byttet_state),
    ("svar fra en annen tilbyder", _annen_tilbyder),
    ("annen utsteder", _endret(iss="https://fremmed.example")),
    ("samme utsteder med skråstrek", _endret(iss="http://127.0.0.1/ansattporten/")),
    ("uten utsteder", _endret(iss=None)),
    ("uten state", _endret(state=None)),
    ("state som ikke er vår", _endret(state="x" * 43)),
    ("uten kode", _endret(code=None)),
    ("tom kode", _endret(code="")),
    ("kode som ikke er gitt", _endret(code="x" * 43)),
    ("to koder", _dobbelt("code")),
    ("to state", _dobbelt("state")),
    ("to utstedere", _dobbelt("iss")),
    ("feil fra tilbyderen", _endret(error="server_error", code=None)),
    ("feil sammen med kode", _endret(error="access_denied")),
    ("ingenting", _ingenting),
]


@pytest.mark.parametrize(("_", "adresse"), RETURER, ids=[rad[0] for rad in RETURER])
def test_et_svar_som_ikke_er_nettleserens_eget_avvises(
    _: str, adresse: Callable[[Nettleser, Nettleser], Awaitable[str]]
) -> None:
    async def oppgave(verden: Verden, leser: Nettleser) -> None:
        async with nettleser(verden) as angriper:
            retur = await adresse(leser, angriper)
            foer = leser.kapsel
            svar = await leser.aapne(retur)
        assert svar.status_code == 400, tekst(svar)
        assert leser.kapsel == foer
        assert "set-cookie" not in svar.headers
        assert "Logg inn på nytt" in tekst(svar)

    i_portalen(oppgave)


def test_et_forsoek_som_tok_for_lang_tid() -> None:
    klokke = Skrittklokke()

    async def oppgave(verden: Verden, leser: Nettleser) -> None:
        retur = await leser.til_retur("fjordvik-beregner")
        klokke.foran = 601
        svar = await leser.aapne(retur)
        assert svar.status_code == 400
        assert "tok for lang tid" in tekst(svar)
        assert leser.kapsel is None

    i_portalen(oppgave, clock=klokke)


def test_sesjonen_er_ny_ved_innlogging() -> None:
    """Session fixation: a cookie somebody has planted is not taken over, and one that was alive ends."""

    async def oppgave(verden: Verden, leser: Nettleser) -> None:
        plantet = "p" * 43
        leser.klient.cookies.set("__Host-egenandel", plantet, domain="tjenesten.local")
        retur = await leser.til_retur("fjordvik-beregner")
        await leser.aapne(retur)
        foerste = leser.kapsel
        assert foerste not in (None, plantet)
        leser.glem_tilbyderen()
        await leser.logg_inn("fjordvik-leder")
        assert leser.kapsel != foerste
        sesjoner = verden.app.state.sesjoner
        assert await sesjoner.finn(plantet) is None
        assert await sesjoner.finn(foerste) is None
        assert [rad[:2] for rad in await registeret(verden)] == [
            ("INNLOGGING", "OK"),
            ("UTLOGGING", "OK"),
            ("INNLOGGING", "OK"),
        ]

    i_portalen(oppgave)


def test_den_som_avbryter_faar_vite_hva_som_skjedde() -> None:
    async def oppgave(verden: Verden, leser: Nettleser) -> None:
        velger = await leser.foelg(await leser.aapne("/logg-inn?tilbyder=ansattporten"))
        svar = await leser.aapne(str((await leser.send(velger, "/avbryt")).headers["location"]))
        assert svar.status_code == 400
        assert "Du avbrøt innloggingen" in tekst(svar)

    i_portalen(oppgave)


def test_informasjonskapslene_er_slik_de_skal_vaere() -> None:
    async def oppgave(verden: Verden, leser: Nettleser) -> None:
        begynt = await leser.aapne("/logg-inn?tilbyder=entra")
        inn = await leser.logg_inn()
        for svar, navn in ((begynt, "__Host-egenandel-innlogging"), (inn, "__Host-egenandel")):
            kapsel = next(en for en in svar.headers.get_list("set-cookie") if en.startswith(f"{navn}="))
            deler = {del_.strip().lower() for del_ in kapsel.split(";")[1:]}
            assert {"secure", "httponly", "path=/", "samesite=lax"} <= deler
            assert not any(del_.startswith("domain") for del_ in deler)
            assert svar.headers["cache-control"] == "no-store"

    i_portalen(oppgave)


STIER: Final = [
    ("/saker", "/saker"),
    ("/saker/01900000-0000-7000-8000-000000000000", "/saker/01900000-0000-7000-8000-000000000000"),
    ("/", "/"),
    ("", "/"),
    ("saker", "/"),
    ("//ond.example", "/"),
    ("/\\ond.example", "/"),
    ("\\\\ond.example", "/"),
    ("https://ond.example", "/"),
    ("https:ond.example", "/"),
    ("javascript:alert(1)", "/"),
    ("/saker\r\nSet-Cookie: a=b", "/"),
    ("/saker?navn=x", "/"),
    ("/saker#x", "/"),
    ("/\tond.example", "/"),
    ("/@ond.example", "/"),
    ("/æ", "/"),
    ("/logg-inn", "/"),
    ("/logg-ut/fremre", "/"),
    ("/logget-ut", "/"),
    ("/" + "a" * 301, "/"),
]


@pytest.mark.parametrize(("sendt", "ventet"), STIER)
def test_en_viderekobling_ender_hos_oss(sendt: str, ventet: str) -> None:
    assert egen_sti(sendt) == ventet


def test_etter_innlogging_er_brukeren_der_hun_ville() -> None:
    async def oppgave(verden: Verden, leser: Nettleser) -> None:
        for sendt, ventet in (("/saker", "/saker"), ("//ond.example", "/"), ("https://ond.example/x", "/")):
            svar = await leser.logg_inn(retur=sendt)
            assert svar.headers["location"] == ventet
        # The callback takes no such thing: it is kept with the login.
        retur = await leser.til_retur("fjordvik-beregner", retur="/saker")
        svar = await leser.aapne(med(retur, retur="https://ond.example"))
        assert svar.headers["location"] == "/saker"

    i_portalen(oppgave)


def test_to_tilbydere_gir_et_valg_og_en_gir_ingen() -> None:
    async def velger(verden: Verden, leser: Nettleser) -> None:
        for sti in ("/logg-inn", "/logg-inn?tilbyder=ukjent", "/logg-inn?retur=//ond.example"):
            svar = await leser.aapne(sti)
            assert svar.status_code == 200
            assert "Ansattporten" in tekst(svar)
            assert "Fjordvik kommune" in tekst(svar)
            assert "ond.example" not in svar.text
        assert "tilbyder=entra&amp;retur=%2Fsaker" in (await leser.aapne("/logg-inn?retur=/saker")).text

    async def rett_til(verden: Verden, leser: Nettleser) -> None:
        svar = await leser.aapne("/logg-inn")
        assert svar.headers["location"].startswith("http://127.0.0.1/ansattporten/authorize?")

    i_portalen(velger)
    i_portalen(rett_til, valg=portalvalg("ansattporten"))


def test_ingenting_om_innloggingen_gaar_med_nettleseren() -> None:
    """Pushed: the browser carries a reference, and could change nothing."""

    async def oppgave(verden: Verden, leser: Nettleser) -> None:
        svar = await leser.aapne("/logg-inn?tilbyder=ansattporten")
        felt = {ledd.split("=")[0] for ledd in urlsplit(svar.headers["location"]).query.split("&")}
        assert felt == {"client_id", "request_uri"}

    i_portalen(oppgave)


def test_uten_innstillinger_sier_siden_hva_som_mangler() -> None:
    async def oppgave(verden: Verden, _: Nettleser) -> None:
        verden.app.state.innlogging = None
        async with nettleser(verden) as leser:
            for sti in ("/logg-inn", "/logg-inn/retur?code=x&state=y"):
                svar = await leser.aapne(sti)
                assert svar.status_code == 503
                assert "EGENANDEL_PORTAL__ADRESSE" in tekst(svar)
            assert (await leser.aapne("/logg-ut/fremre?iss=x&sid=y")).status_code == 200

    i_portalen(oppgave)


@pytest.mark.parametrize("issuer", ["http://127.0.0.1/finnes-ikke", "http://127.0.0.1/entra"])
def test_en_tilbyder_som_ikke_svarer_gir_en_side(issuer: str) -> None:
    valg = portalvalg(tilbydere={"entra": entra(issuer=issuer)})

    async def oppgave(verden: Verden, leser: Nettleser) -> None:
        svar = await leser.aapne("/logg-inn?retur=/saker")
        assert svar.status_code == 503
        assert "svarer ikke akkurat nå" in tekst(svar)
        assert leser.kapsel is None

    i_portalen(oppgave, valg=valg)


def test_en_annen_i_metadata_godtas_ikke() -> None:
    """The sandbox's own metadata, read under another name of the same address."""
    valg = portalvalg(tilbydere={"en": ansattporten(issuer="http://localhost/ansattporten")})

    async def oppgave(verden: Verden, leser: Nettleser) -> None:
        assert (await leser.aapne("/logg-inn")).status_code == 503

    i_portalen(oppgave, valg=valg)


def test_noekkelbytte_hos_tilbyderen() -> None:
    async def oppgave(verden: Verden, leser: Nettleser) -> None:
        await leser.logg_inn()
        verden.sandkasse.ansattporten.noekler.roter()
        klokke.telt = MELLOM_HENTINGER + 1
        assert (await leser.logg_inn()).status_code == 303

    klokke = Skrittklokke()
    i_portalen(oppgave, clock=klokke)


def test_apiet_kjenner_den_som_er_logget_inn() -> None:
    async def oppgave(verden: Verden, leser: Nettleser) -> None:
        await leser.logg_inn("fjordvik-leder")
        sesjon = await verden.app.state.sesjoner.hent(leser.kapsel)
        assert (await leser.aapne("/api/v1/kommune/oppsett")).status_code == 200
        for csrf, status in ((None, 403), ("feil", 403), (sesjon.csrf, 200)):
            hoder = {} if csrf is None else {"X-CSRF-Token": csrf}
            svar = await leser.klient.post("/api/v1/saker/soek", json={"referanse": "x"}, headers=hoder)
            assert svar.status_code == status, svar.text

    i_portalen(oppgave)


def test_over_https_skal_nettleseren_aldri_bruke_noe_annet() -> None:
    async def oppgave(verden: Verden, leser: Nettleser) -> None:
        svar = await leser.aapne("/logget-ut")
        assert svar.headers["strict-transport-security"] == "max-age=31536000"

    async def paa_egen_maskin(verden: Verden, leser: Nettleser) -> None:
        assert "strict-transport-security" not in (await leser.aapne("/logget-ut")).headers

    i_portalen(oppgave)
    i_portalen(paa_egen_maskin, valg=portalvalg(adresse="http://127.0.0.1:8000"))


def test_lia_er_en_egen_kommune() -> None:
    async def oppgave(verden: Verden, leser: Nettleser) -> None:
        await leser.logg_inn("lia-beregner", orgnr=LIA)
        assert await registeret(verden) == []
        assert await registeret(verden, LIA) == [("INNLOGGING", "OK", "ansattporten")]

    i_portalen(oppgave)
