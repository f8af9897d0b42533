"""Afterwards: the same calculation again, answers tidied away, insight and erasure, and the old Fiks client."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import pytest

from app.api.tilgang.sesjon import CSRF_FELT
from app.db.arkiv import Lager
from app.db.ident import ny_id
from app.sandbox.standard import FJORDVIK, JOURNALKLIENT, SKOGLI
from app.services.personvern.rydding import rydd
from app.services.revisjon import Driftsaktoer
from app.services.sak.beregne import hash_av
from app.services.sesjoner.sesjon import INFORMASJONSKAPSEL
from app.services.tilgang import RETTIGHETER, Aktoer, Aktoertype, Rolle
from app.settings.personvern import Personvern
from tests.fiks.verden import V1, V2
from tests.saker.historie import SAKER, Historie, Json, Oppslag, bistandssak, koder, les

CSRF: Final = "et-merke-fra-siden"
KS: Final = "KS' trykte eksempler, langtidsopphold 2023 og praktisk bistand 2021"


def par(h: Historie) -> list[Json]:
    return [{"person": h.person("ektepar-hjemme"), "relasjon": "EKTEFELLE", "tenktEtterlattepensjon": 210000}]


# The same calculation again


def test_beregninger_kjoeres_likt_ogsaa_etter_at_raasvarene_er_ryddet(h: Historie) -> None:
    svar = h.langtid("enslig-pensjonist", 2025)
    id_ = svar["sak"]["id"]
    bistand = h.ny_sak(bistandssak(h.person("formue"), 2026))["sak"]["id"]
    assert all(rad["raasvarSlettet"] is None for rad in h.les(f"{SAKER}/{id_}/grunnlag"))
    senere = h.fortelling.tid.naa() + timedelta(days=2)

    async def ryddes() -> Any:
        return await rydd(
            h.fortelling.verden.arkiv, lambda _: 1, Personvern(), Driftsaktoer("rydding"), senere
        )

    fjordvik = next(ett for ett in h.fortelling.kjoer(ryddes) if ett.kommune == FJORDVIK)
    assert fjordvik.raasvar >= 3
    borte = h.les(f"{SAKER}/{id_}/grunnlag")
    assert all(rad["raasvarSlettet"] for rad in borte)
    assert all(rad["innholdHash"] for rad in borte), "hva svaret var, kan fortsatt bevises"
    assert h.etterproev_alle(id_) == 1
    assert h.etterproev_alle(bistand) == 1
    assert h.les(f"{SAKER}/{id_}/beregninger/{svar['beregning']['id']}") == svar["beregning"]
    # A new calculation has nothing to build on but a new answer, and comes out the same.
    h.ny_start()
    igjen = h.beregn(id_, 2025)
    assert len(h.oppslag()) == 2
    assert igjen["resultatHash"] == svar["beregning"]["resultatHash"]


@pytest.mark.parametrize("navn", ["regelversjon", "satsversjon", "katalogversjon"])
def test_et_resultat_fra_en_annen_versjon_sier_hvilken(h: Historie, navn: str) -> None:
    svar = h.langtid("formue", 2025)
    sak_id, id_ = UUID(svar["sak"]["id"]), UUID(svar["beregning"]["id"])
    proevd = h.post(f"{SAKER}/{sak_id}/beregninger/{id_}/etterproeving", status=200)
    assert (proevd["lik"], proevd["avvik"]) == (True, [])

    async def fra_en_annen_tid(lager: Lager) -> UUID:
        lagret = await lager.beregninger.hent(id_)
        assert lagret is not None
        assert lagret.resultat is not None
        annet = lagret.resultat.replace('"egenandelAar":', '"egenandelAar":1', 1)
        gammel = replace(
            lagret,
            id=ny_id(h.fortelling.tid.naa()),
            resultat=annet,
            resultat_hash=hash_av(annet),
            versjoner=replace(lagret.versjoner, **{navn: "0.0.1"}),
        )
        await lager.beregninger.ny(gammel)
        return gammel.id

    gammel = h.fortelling.bak(fra_en_annen_tid)
    proevd = h.post(f"{SAKER}/{sak_id}/beregninger/{gammel}/etterproeving", status=200)
    assert not proevd["lik"]
    assert proevd["nyHash"] == svar["beregning"]["resultatHash"] != proevd["resultatHash"]
    (avvik,) = proevd["avvik"]
    assert f"{navn} 0.0.1" in avvik
    h.glem_sakene()
    h.avslutt(svar["sak"]["id"])


def test_samme_versjon_og_et_annet_resultat_er_en_feil_hos_oss(h: Historie) -> None:
    svar = h.langtid("formue", 2025)

    async def forfalsk(lager: Lager) -> UUID:
        lagret = await lager.beregninger.hent(UUID(svar["beregning"]["id"]))
        assert lagret is not None
        falsk = replace(
            lagret, id=ny_id(h.fortelling.tid.naa()), resultat="{}\n", resultat_hash=hash_av("{}\n")
        )
        await lager.beregninger.ny(falsk)
        return falsk.id

    falsk = h.fortelling.bak(forfalsk)
    proevd = h.post(f"{SAKER}/{svar['sak']['id']}/beregninger/{falsk}/etterproeving", status=200)
    assert not proevd["lik"]
    (avvik,) = proevd["avvik"]
    assert avvik.startswith("Alle versjoner er de samme")
    h.glem_sakene()
    h.avslutt(svar["sak"]["id"])


# Insight and erasure, for a person who is logged in


class Innlogget:
    """One session for each role in Fjordvik; the cookie is the role."""

    async def finn(self, cookieverdi: str) -> Aktoer | None:
        if cookieverdi not in Rolle.__members__:
            return None
        rolle = Rolle(cookieverdi)
        return Aktoer(
            kommune=FJORDVIK,
            type=Aktoertype.BRUKER,
            id=f"bruker-{rolle.lower()}",
            rettigheter=RETTIGHETER[rolle],
            rolle=rolle,
            eid_nivaa="idporten-loa-high",
        )

    async def godtar_csrf(self, cookieverdi: str, csrf: str) -> bool:
        return csrf == CSRF


class Bruker:
    """Sends requests as somebody logged in."""

    def __init__(self, h: Historie, rolle: Rolle) -> None:
        self._h = h
        self._hoder = {"Cookie": f"{INFORMASJONSKAPSEL}={rolle}", CSRF_FELT: CSRF}

    def post(self, sti: str, kropp: Json, status: int = 200) -> Any:
        klient = self._h.fortelling.verden.klient
        svar = self._h.fortelling.kjoer(lambda: klient.post(sti, json=kropp, headers=self._hoder))
        assert svar.status_code == status, svar.status_code
        return les(svar)

    def les(self, sti: str) -> Any:
        klient = self._h.fortelling.verden.klient
        svar = self._h.fortelling.kjoer(lambda: klient.get(sti, headers=self._hoder))
        assert svar.status_code == 200
        return les(svar)


@pytest.fixture
def leder(h: Historie) -> Iterator[Bruker]:
    tilstand = h.fortelling.verden.app.state
    tilstand.sesjoner = Innlogget()
    yield Bruker(h, Rolle.LEDER)
    tilstand.sesjoner = None


INNSYN: Final = "/api/v1/personer/innsyn"
SLETTING: Final = "/api/v1/personer/sletting"


def test_innsyn_gir_personen_alt_sitt_og_ikke_den_andres(h: Historie, leder: Bruker) -> None:
    id_ = h.langtid("ektepar-beboer", 2025, husstand=par(h))["sak"]["id"]
    hun = leder.post(INNSYN, {"personidentifikator": h.ident("ektepar-hjemme")})
    assert hun["utfall"] == "OK"
    (sak,) = [sak for sak in hun["dokument"]["saker"] if id_ in json.dumps(sak, default=str)]
    tekst = json.dumps(hun["dokument"], default=str)
    assert h.ident("ektepar-beboer") not in tekst
    assert "288000" in tekst, "hennes egen lønn"
    assert "334056" not in json.dumps(sak, default=str), "hans pensjon er ikke hennes"
    handlinger = [hendelse["handling"] for hendelse in hun["dokument"]["hendelser"]]
    assert {"OPPSLAG", "SAK_OPPRETTET", "BEREGNING_LAGET"} <= set(handlinger)
    siste = h.register(hvem="ektepar-hjemme")[-1]
    assert (siste["handling"], siste["aktoer"]["rolle"]) == ("INNSYN", "LEDER")
    ingen = leder.post(INNSYN, {"personidentifikator": h.ident("livsvarig-afp")})
    assert (ingen["utfall"], ingen["dokument"]["saker"]) == ("UTEN_DATA", [])


def test_sletting_tar_alt_om_personen_og_lar_registeret_staa(h: Historie, leder: Bruker) -> None:
    svar = h.langtid("naering", 2025)
    id_ = svar["sak"]["id"]
    h.vedtak(id_, svar["beregning"], "2025-01-01")
    foer = len(h.register(hvem="naering"))
    slettet = leder.post(SLETTING, {"personidentifikator": h.ident("naering")})
    assert (slettet["utfall"], slettet["saker"], slettet["beregninger"], slettet["vedtak"]) == ("OK", 1, 1, 1)
    assert slettet["grunnlag"] == 2
    h.les(f"{SAKER}/{id_}", 404)
    assert h.post(f"{SAKER}/soek", {"personidentifikator": h.ident("naering")}, 200)["elementer"] == []
    rader = h.register(hvem="naering")
    assert len(rader) == foer + 2
    assert [r["handling"] for r in rader[-2:]] == ["SLETTING", "SAK_SOEKT"]
    assert leder.post(SLETTING, {"personidentifikator": h.ident("naering")})["utfall"] == "UTEN_DATA"
    assert leder.les("/api/v1/revisjon/verifisering")["hel"]


def test_den_som_er_i_andres_sak_slettes_ikke_uten_videre(h: Historie, leder: Bruker) -> None:
    id_ = h.langtid("ektepar-beboer", 2025, husstand=par(h))["sak"]["id"]
    kropp = {"personidentifikator": h.ident("ektepar-hjemme")}
    assert leder.post(SLETTING, kropp)["utfall"] == "AVSLAATT"
    assert h.les(f"{SAKER}/{id_}")["innhold"]["husstand"]
    svar = leder.post(SLETTING, {**kropp, "ogsaaFraAndresSaker": True})
    assert svar["utfall"] == "OK"
    assert svar["andresSaker"] >= 1
    assert h.ident("ektepar-hjemme") not in json.dumps(h.les(f"{SAKER}/{id_}"), default=str)
    _saken_gaar_videre_uten_den_slettede(h, id_)
    h.glem_sakene()
    h.avslutt(id_)


def _saken_gaar_videre_uten_den_slettede(h: Historie, id_: str) -> None:
    """The row stays, says that nobody can be looked up, and can be sent back in its own case only."""
    sak = h.les(f"{SAKER}/{id_}")
    rest = sak["innhold"]["husstand"][0]["person"]["personId"]
    h.ny_start()
    svar = h.beregn(id_, 2025, grunnlag="NYTT")
    assert svar["tilstand"] == "UFULLSTENDIG"
    assert "PERSON_SLETTET" in {v["kode"] for v in svar["varsler"]}
    assert "ektepar-hjemme" not in {oppslag.hvem for oppslag in h.oppslag()}
    h.faa(200, "PUT", f"{SAKER}/{id_}", sak["innhold"], hoder={"If-Match": f'"{sak["versjon"]}"'})
    fremmed = {
        "tjeneste": "LANGTIDSOPPHOLD",
        "person": {"personId": rest},
        "opphold": [{"art": "LANGTID", "fra": "2025-01-01"}],
    }
    h.post(SAKER, fremmed, 404)


@pytest.mark.parametrize("rolle", [Rolle.BEREGNER, Rolle.REVISOR, Rolle.DRIFT])
def test_bare_lederen_sletter_og_avslaget_noteres(h: Historie, leder: Bruker, rolle: Rolle) -> None:
    for sti in (INNSYN, SLETTING):
        Bruker(h, rolle).post(sti, {"personidentifikator": h.ident("formue")}, 403)
        siste = h.register()[-1]
        assert (siste["handling"], siste["utfall"], siste["aktoer"]["rolle"], siste["rute"]) == (
            *("AVSLAG", "AVSLAATT"),
            *(rolle, f"POST {sti}"),
        )
    assert h.send("POST", INNSYN, {"personidentifikator": h.ident("formue")}).status_code == 403, (
        "ingen maskin"
    )


def test_revisoren_ser_registeret_og_ingen_saker(h: Historie, leder: Bruker) -> None:
    id_ = h.langtid("formue", 2025)["sak"]["id"]
    revisor = Bruker(h, Rolle.REVISOR)
    side = revisor.post("/api/v1/revisjon/soek", {"sakId": id_})
    assert [rad["handling"] for rad in side["elementer"]] == [
        *("OPPSLAG", "SAK_OPPRETTET"),
        *("OPPSLAG", "BEREGNING_LAGET"),
    ]
    assert h.ident("formue") not in json.dumps(side)
    siste = h.register()[-1]
    assert (siste["handling"], siste["antall"], siste["aktoer"]["id"]) == (
        *("REVISJON_LEST", {"rader": 4}),
        "bruker-revisor",
    )
    revisor.post(f"{SAKER}/soek", {}, 403)


# The client of KS Fiks


def test_en_fiks_klient_faar_de_trykte_summene_og_staar_i_registeret(h: Historie) -> None:
    langtid = {
        "beregningstype": "LANGTIDSOPPHOLD_INSTITUSJON",
        "inntektsaar": 2023,
        "personer": [
            {"identifikator": h.ident("ks-langtid-beboer"), "type": "SOEKER", "ekstraposter": []},
            {
                "identifikator": h.ident("ks-langtid-partner"),
                "type": "PARTNER",
                "ekstraposter": [{"tekniskNavn": "kommune.tenktEtterlattePensjon", "beloep": 0}],
            },
        ],
    }
    svar = h.post(f"{V1}/beregning", langtid, 200)
    assert (svar["inntekt"]["beloep"], svar["fradrag"]["beloep"], svar["beregningsbeloep"]) == (
        *(801718, 234591),
        567127,
    ), KS
    assert h.oppslag() == sorted(
        [
            Oppslag("beregnetskatt", "ks-langtid-beboer", 2023),
            Oppslag("summertskattegrunnlag", "ks-langtid-beboer", 2023),
            Oppslag("summertskattegrunnlag", "ks-langtid-partner", 2023),
        ]
    )
    for hvem in ("ks-langtid-beboer", "ks-langtid-partner"):
        foer, rad = h.register(hvem=hvem)
        assert (foer["handling"], foer["utfall"]) == ("FIKS_BEREGNING", "PAABEGYNT")
        assert (rad["handling"], rad["utfall"], rad["aar"]) == ("FIKS_BEREGNING", "OK", [2023])
        assert rad["aktoer"]["id"] == JOURNALKLIENT
        assert rad["formaal"].endswith("rolle b1a7c0de-0000-4000-8000-00000000abcd")
    assert h.register(hvem="ks-langtid-beboer", kommune=SKOGLI) == []


def test_fiks_uten_token_og_med_ukjent_person(h: Historie) -> None:
    klient = h.fortelling.verden.klient
    assert h.fortelling.kjoer(lambda: klient.post(f"{V1}/beregning", json={})).status_code == 401
    inn = {
        "beregningstype": "PRAKTISK_BISTAND",
        "inntektsaar": 2023,
        "personer": [{"identifikator": h.ident("uten-noe"), "type": "SOEKER", "ekstraposter": []}],
    }
    svar = h.send("POST", f"{V1}/beregning", inn)
    assert '"beregningsbeloep":0' not in svar.text.replace(" ", ""), "ukjent er ikke 0"
    foer, rad = h.register(hvem="uten-noe")
    assert (foer["handling"], foer["utfall"]) == ("FIKS_BEREGNING", "PAABEGYNT")
    assert (rad["handling"], rad["utfall"]) == ("FIKS_BEREGNING", "UTEN_DATA")
    h.post(V2, {}, 400)


def test_registeret_er_helt_til_slutt(h: Historie, leder: Bruker) -> None:
    svar = h.langtid("uskiftet-bo", 2025)
    assert "USKIFTET_BO" in koder(svar["beregning"])
    hode = leder.les("/api/v1/revisjon/verifisering")
    assert (hode["hel"], hode["bruddVed"]) == (True, None)
    assert hode["nr"] >= 4
