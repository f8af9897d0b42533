"""What a change would lead to is shown before it is saved: the figures are those that saving gives, and nothing is kept."""

from decimal import Decimal
from typing import Any

from app.sandbox.standard import FJORDVIK
from app.services.sak.drift import Kall, Saksdrift
from app.services.sak.forespoersler import NY_SAK, NySak
from app.services.sak.forhaandsvisning import vis_ny_sak
from app.services.tilgang import RETTIGHETER, Aktoer, Aktoertype, Rolle
from tests.saker.dump import REGISTERET, dump
from tests.saker.historie import SAKER, Historie, Json, langtidssak

HVEM = "enslig-pensjonist"


def ny(h: Historie, **resten: Any) -> tuple[Json, Json]:
    svar = h.langtid(HVEM, 2025, **resten)
    return svar["sak"], svar["beregning"]


def vis(h: Historie, sak: Json, status: int = 200, **hva: Any) -> Any:
    return h.post(f"{SAKER}/{sak['id']}/forhaandsvisning", {"beregning": {"aar": 2025}, **hva}, status)


def lagret(h: Historie) -> Any:
    """Everything of the kommune but the register."""
    return h.fortelling.kjoer(lambda: dump(h.fortelling.verden.arkiv.database, FJORDVIK, uten=REGISTERET))


def beloep(felt: str, kroner: int) -> Json:
    rad = {"felt": felt, "beloep": kroner, "begrunnelse": "brev fra utbetaleren"}
    return {"aar": 2025, "oppgitteBeloep": [rad]}


def uendret(sak: Json) -> Json:
    return {navn: verdi for navn, verdi in sak["innhold"].items() if verdi is not None}


def test_uten_endring_er_det_ingen_forskjell(h: Historie) -> None:
    sak, beregning = ny(h)
    foer = lagret(h)
    h.ny_start()
    vist = vis(h, sak)
    assert h.oppslag() == []
    assert lagret(h) == foer
    assert vist["mot"] == beregning["id"]
    assert vist["resultat"] == beregning["resultat"]
    assert (vist["sum"], {rad["differanse"] for rad in vist["maaneder"]}) == (0, {0})
    assert len(vist["maaneder"]) == 12
    assert h.register(sak_id=sak["id"])[-1]["handling"] == "FORHAANDSVIST"
    assert h.register(hvem=HVEM)[-1]["aar"] == [2025]


def test_et_beloep_gir_det_samme_som_naar_det_er_lagret(h: Historie) -> None:
    sak, beregning = ny(h)
    foer = lagret(h)
    vist = vis(h, sak, manuellePoster=beloep("/inntekter/privatPensjon", 60000))
    assert lagret(h) == foer
    h.beloep(sak["id"], 2025, "/inntekter/privatPensjon", 60000)
    laget = h.beregn(sak["id"], 2025)
    assert vist["resultat"] == laget["resultat"]
    assert vist["egenandelAar"] == laget["egenandelAar"] > beregning["egenandelAar"]
    assert vist["sum"] == laget["egenandelAar"] - beregning["egenandelAar"]
    gamle = {m["maaned"]: m["egenandel"] for m in beregning["resultat"]["maaneder"]}
    nye = {m["maaned"]: m["egenandel"] for m in laget["resultat"]["maaneder"]}
    assert [(m["maaned"], m["gammel"], m["ny"], m["differanse"]) for m in vist["maaneder"]] == [
        (maaned, gamle[maaned], nye[maaned], nye[maaned] - gamle[maaned]) for maaned in sorted(nye)
    ]


def test_en_post_kan_ses_bort_fra(h: Historie) -> None:
    sak, beregning = ny(h)
    post = h.beloep(sak["id"], 2025, "/inntekter/privatPensjon", 60000)
    med = h.beregn(sak["id"], 2025)
    vist = vis(h, sak, opphevedePoster=[post["id"]])
    assert vist["egenandelAar"] == beregning["egenandelAar"]
    assert vist["sum"] == beregning["egenandelAar"] - med["egenandelAar"] < 0
    # It is in force all the same, and one that is not cannot be left out.
    assert h.les(f"{SAKER}/{sak['id']}/manuelle-poster")[0]["opphevet"] is None
    h.faa(200, "DELETE", f"{SAKER}/{sak['id']}/manuelle-poster/{post['id']}")
    vis(h, sak, 404, opphevedePoster=[post["id"]])


def test_et_annet_innhold_proeves_uten_at_saken_endres(h: Historie) -> None:
    sak, beregning = ny(h)
    innhold = uendret(sak)
    innhold["opphold"] = [{**innhold["opphold"][0], "til": "2025-06-30"}]
    innhold["opphold"][0] = {k: v for k, v in innhold["opphold"][0].items() if v is not None}
    foer = lagret(h)
    vist = vis(h, sak, innhold=innhold)
    assert lagret(h) == foer
    etter = {m["maaned"]: m for m in vist["maaneder"]}
    assert etter["2025-06"]["differanse"] == 0
    assert etter["2025-07"]["ny"] is None
    assert etter["2025-07"]["differanse"] == -etter["2025-07"]["gammel"] < 0
    assert vist["sum"] == vist["egenandelAar"] - beregning["egenandelAar"]


def test_feil_i_innholdet_peker_i_forespoerselen(h: Historie) -> None:
    sak, _ = ny(h)
    galt = {
        **uendret(sak),
        "opphold": [{"art": "LANGTID", "fra": "2024-01-01", "institusjon": "finnes-ikke"}],
    }
    svar = vis(h, sak, 422, innhold=galt)
    assert [feil["pointer"] for feil in svar["errors"]] == ["/innhold/opphold/0/institusjon"]
    annen = {**uendret(sak), "person": h.person("ektepar-hjemme")}
    svar = vis(h, sak, 422, innhold=annen)
    assert [feil["pointer"] for feil in svar["errors"]] == ["/innhold/person"]
    svar = vis(h, sak, 422, beregning={"aar": 2025, "grunnlag": "NYTT"})
    assert [feil["pointer"] for feil in svar["errors"]] == ["/beregning/grunnlag"]
    svar = vis(h, sak, 422, beregning={"aar": 2026, "endeligBegrunnelse": "tallene er sikre"})
    assert svar["errors"][0]["pointer"] == "/beregning/endeligBegrunnelse"


def med_ektefelle(h: Historie, sak: Json) -> Json:
    rad = {"person": h.person("ektepar-hjemme"), "relasjon": "EKTEFELLE", "tenktEtterlattepensjon": 400000}
    return {**uendret(sak), "husstand": [rad]}


def test_en_ny_person_slaas_ikke_opp_og_er_ukjent(h: Historie) -> None:
    sak, _ = ny(h)
    h.ny_start()
    vist = vis(h, sak, innhold=med_ektefelle(h, sak))
    assert h.oppslag() == []
    assert vist["tilstand"] == "UFULLSTENDIG"
    assert {mangel["grunn"] for mangel in vist["mangler"]} == {"IKKE_HENTET"}
    # Unknown is not zero: what the months cost before is known, and the difference is not.
    assert vist["resultat"] is None
    assert vist["sum"] is None
    assert all(m["gammel"] > 0 and m["ny"] is None and m["differanse"] is None for m in vist["maaneder"])
    assert "OPPSLAG" not in {rad["handling"] for rad in h.register(hvem="ektepar-hjemme")}
    assert "FORHAANDSVIST" in {rad["handling"] for rad in h.register(hvem="ektepar-hjemme")}


def test_en_ny_person_slaas_opp_naar_det_bes_om_det_og_bare_hun(h: Historie) -> None:
    sak, beregning = ny(h)
    foer = lagret(h)
    h.ny_start()
    vist = vis(h, sak, innhold=med_ektefelle(h, sak), slaaOppNye=True)
    assert {oppslag.hvem for oppslag in h.oppslag()} == {"ektepar-hjemme"}
    assert lagret(h) == foer
    assert vist["tilstand"] == "BEREGNET"
    assert vist["resultat"]["fradragParagraf5"] > 0
    assert vist["egenandelAar"] < beregning["egenandelAar"]
    rader = [(r["handling"], r["utfall"]) for r in h.register(hvem="ektepar-hjemme", sak_id=sak["id"])]
    assert ("OPPSLAG", "PAABEGYNT") in rader
    assert ("OPPSLAG", "OK") in rader


def test_et_aar_det_ikke_er_hentet_noe_for_er_ukjent(h: Historie) -> None:
    sak, _ = ny(h)
    h.ny_start()
    vist = vis(h, sak, beregning={"aar": 2024}, slaaOppNye=True)
    assert h.oppslag() == []
    assert (vist["tilstand"], vist["mot"], vist["maaneder"], vist["sum"]) == ("UFULLSTENDIG", None, [], None)
    assert {mangel["grunn"] for mangel in vist["mangler"]} == {"IKKE_HENTET"}


def test_en_avsluttet_sak_kan_vises_men_ikke_endres(h: Historie) -> None:
    sak, beregning = ny(h)
    h.avslutt(sak["id"])
    svar = vis(h, sak, 409, innhold=uendret(sak))
    assert svar["kode"] == "sak-avsluttet"
    assert vis(h, sak)["mot"] == beregning["id"]


def test_en_sak_som_ikke_er_lagret(h: Historie) -> None:
    foer = lagret(h)

    def ny_sak() -> NySak:
        feil: list[Any] = []
        lest = NY_SAK.les(langtidssak(h.person(HVEM), 2025), "", feil)
        assert isinstance(lest, NySak), feil
        return lest

    def forsoek(*, slaa_opp: bool) -> Any:
        async def alt() -> Any:
            verden = h.fortelling.verden
            drift: Saksdrift = verden.app.state.saksdrift
            aktoer = Aktoer(
                kommune=FJORDVIK,
                type=Aktoertype.BRUKER,
                id="bruker-beregner",
                rettigheter=RETTIGHETER[Rolle.BEREGNER],
                rolle=Rolle.BEREGNER,
            )
            kall = Kall(
                aktoer=aktoer,
                rute="POST /saker/ny",
                korrelasjonsid="x",
                naa=h.fortelling.tid.naa(),
                hjemmel=drift.hjemmel,
            )
            return await vis_ny_sak(drift, kall, ny_sak(), slaa_opp=slaa_opp)

        return h.fortelling.kjoer(alt)

    h.ny_start()
    uten = forsoek(slaa_opp=False)
    assert h.oppslag() == []
    assert uten.beregning.resultat is None
    med = forsoek(slaa_opp=True)
    assert {oppslag.hvem for oppslag in h.oppslag()} == {HVEM}
    assert lagret(h) == foer
    saken, beregning = ny(h)
    assert Decimal(med.beregning.egenandel_aar_oere) / 100 == beregning["egenandelAar"]
    assert med.beregning.resultat_hash == beregning["resultatHash"]
    assert (med.mot, med.maaneder, med.sum) == (None, (), None)
    assert saken["id"] != str(med.beregning.sak_id)
