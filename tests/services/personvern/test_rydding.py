"""What is deleted when the time is out, and what a case still holds on to."""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from app.db.arkiv import Arkiv, Lager
from app.db.lager.beregninger import Tilstand
from app.db.lager.revisjon import Revisjonsfilter
from app.db.lager.saker import Status
from app.services.kommuneoppsett.dokument import RAASVAR_DOEGN
from app.services.personvern.rydding import Ryddet, raasvarvinduer, rydd, se_over
from app.services.revisjon import Driftsaktoer, Handling
from app.settings.personvern import Personvern
from tests.baser import MOTORER
from tests.services.kommuneoppsett.dokumenter import MINSTE
from tests.services.personvern.verden import (
    ANNEN_KOMMUNE,
    AV,
    KOMMUNE,
    NAA,
    OLINE,
    doegn,
    i_databasen,
    lagre_svar,
    ny_beregning,
    ny_sak,
    nytt_etteroppgjoer,
    nytt_grunnlag,
)

VINDU = 400
VALG = Personvern(raasvar_utsatt_doegn=100)
AKTOER = Driftsaktoer("rydd")


def bare_her(kommune: str) -> int | None:
    return VINDU if kommune == KOMMUNE else None


async def raasvar_finnes(lager: Lager, id_: UUID) -> bool:
    ett = await lager.grunnlag.hent(id_)
    assert ett is not None
    assert (ett.raasvar is None) == (ett.raasvar_slettet is not None)
    return ett.raasvar is not None


async def antall_rader(arkiv: Arkiv, kommune: str = KOMMUNE) -> int:
    async with arkiv.les(kommune) as lager:
        return len(await lager.revisjon.soek(Revisjonsfilter(handling=Handling.RYDDING), 0, 1000))


# How old the answer is; how the newest calculation on it stands; whether the answer goes.
# Rule: docs/personvern.md, «Hvor lenge».
TILFELLER = [
    ("yngre enn fristen", VINDU - 1, None, False),
    ("på dagen", VINDU, None, False),
    ("eldre, brukt av ingen", VINDU + 1, None, True),
    ("eldre, endelig beregning", VINDU + 1, {"foreloepig": False}, True),
    ("eldre, foreløpig uten etteroppgjør", VINDU + 1, {"foreloepig": True}, False),
    ("eldre, foreløpig med etteroppgjør", VINDU + 1, {"foreloepig": True, "gjort_opp": True}, True),
    ("eldre, ufullstendig", VINDU + 1, {"foreloepig": True, "ufullstendig": True}, False),
    ("eldre, ufullstendig i avsluttet sak", VINDU + 1, {"ufullstendig": True, "avsluttet": True}, True),
    ("eldre, foreløpig i avsluttet sak", VINDU + 1, {"foreloepig": True, "avsluttet": True}, True),
    (
        "eldre, foreløpig, men en nyere bruker andre svar",
        VINDU + 1,
        {"foreloepig": True, "nyere": True},
        True,
    ),
    ("foreløpig, på siste dag av utsettelsen", VINDU + 100, {"foreloepig": True}, False),
    ("foreløpig, utsettelsen er også ute", VINDU + 101, {"foreloepig": True}, True),
    ("ufullstendig, utsettelsen er også ute", VINDU + 101, {"ufullstendig": True}, True),
]


@pytest.mark.parametrize("motor", MOTORER)
def test_et_raasvar_slettes_naar_tiden_er_ute_og_saken_ikke_trenger_det(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        ventet = {}
        async with arkiv.skriv(KOMMUNE) as lager:
            person = (await lager.personer.ta_inn(OLINE, None, NAA)).id
            for nr, (navn, alder, bruk, borte) in enumerate(TILFELLER):
                sak = await ny_sak(lager, person, {}, tjeneste=f"TJENESTE_{nr}")
                ett = nytt_grunnlag(sak, person, doegn(alder))
                await lager.grunnlag.ny(ett)
                if bruk is not None:
                    await brukt(lager, sak, ett.id, bruk)
                ventet[ett.id] = (navn, borte)
        ryddet = await rydd(arkiv, bare_her, VALG, AKTOER, NAA)
        async with arkiv.les(KOMMUNE) as lager:
            for id_, (navn, borte) in ventet.items():
                assert await raasvar_finnes(lager, id_) != borte, navn
        slettet = sum(borte for _, borte in ventet.values())
        holdt = sum(alder > VINDU for _, alder, *_ in TILFELLER) - slettet
        assert Ryddet(kommune=KOMMUNE, dager=VINDU, raasvar=slettet, holdt=holdt) in ryddet

    i_databasen(motor, oppgave)


async def brukt(lager: Lager, sak: UUID, grunnlag: UUID, bruk: dict[str, bool]) -> None:
    tilstand = Tilstand.UFULLSTENDIG if bruk.get("ufullstendig") else Tilstand.BEREGNET
    beregning = await ny_beregning(
        lager, sak, doegn(50), {}, (grunnlag,), tilstand=tilstand, foreloepig=bruk.get("foreloepig", False)
    )
    if bruk.get("nyere"):
        await ny_beregning(lager, sak, doegn(40), {}, (), foreloepig=True)
    if bruk.get("gjort_opp"):
        await nytt_etteroppgjoer(lager, sak, beregning)
    if bruk.get("avsluttet"):
        gammel = await lager.saker.hent(sak)
        assert gammel is not None
        await lager.saker.endre(gammel, replace(gammel, status=Status.AVSLUTTET), "{}", [], AV)


@pytest.mark.parametrize("motor", MOTORER)
def test_resultatene_blir_staaende_og_en_ny_kjoering_gjoer_ingenting(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        async with arkiv.skriv(KOMMUNE) as lager:
            person = (await lager.personer.ta_inn(OLINE, None, NAA)).id
            sak = await ny_sak(lager, person, {})
            ett = nytt_grunnlag(sak, person, doegn(VINDU + 1))
            await lager.grunnlag.ny(ett)
            beregning = await ny_beregning(lager, sak, doegn(1), {}, (ett.id,), foreloepig=False)
            foer = await lager.beregninger.hent(beregning)
        (her,) = [r for r in await rydd(arkiv, bare_her, VALG, AKTOER, NAA) if r.kommune == KOMMUNE]
        assert (her.raasvar, her.holdt) == (1, 0)
        (igjen,) = [r for r in await rydd(arkiv, bare_her, VALG, AKTOER, NAA) if r.kommune == KOMMUNE]
        assert (igjen.raasvar, igjen.holdt) == (0, 0)
        async with arkiv.les(KOMMUNE) as lager:
            assert await lager.beregninger.hent(beregning) == foer
            etter = await lager.grunnlag.hent(ett.id)
        assert etter == replace(ett, raasvar=None, raasvar_slettet=NAA)

    i_databasen(motor, oppgave)


@pytest.mark.parametrize("motor", MOTORER)
def test_i_bolker_med_en_rad_for_hver_som_slettet_noe(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        async with arkiv.skriv(KOMMUNE) as lager:
            person = (await lager.personer.ta_inn(OLINE, None, NAA)).id
            sak = await ny_sak(lager, person, {})
            await lager.grunnlag.ny(*(nytt_grunnlag(sak, person, doegn(VINDU + 9)) for _ in range(5)))
            for nr in range(3):
                await lagre_svar(lager, f"gammelt-{nr}", {}, doegn(8))
            await lagre_svar(lager, "nytt", {}, doegn(6))
        proevd = await se_over(arkiv, bare_her, VALG, NAA, bolk=2)
        assert await antall_rader(arkiv) == 0
        ryddet = await rydd(arkiv, bare_her, VALG, AKTOER, NAA, bolk=2)
        assert ryddet == proevd
        assert Ryddet(kommune=KOMMUNE, dager=VINDU, raasvar=5, idempotens=3) in ryddet
        assert await antall_rader(arkiv) == 3
        async with arkiv.les(KOMMUNE) as lager:
            assert await lager.idempotens.hent("klient-1", "nytt") is not None
            assert await lager.idempotens.hent("klient-1", "gammelt-0") is None
            rader = await lager.revisjon.soek(Revisjonsfilter(handling=Handling.RYDDING), 0, 10)
            assert all(rad.personmerke is None and rad.sak_id is None for rad in rader)
            assert await lager.revisjon.verifiser() is None
        await rydd(arkiv, bare_her, VALG, AKTOER, NAA)
        assert await antall_rader(arkiv) == 4
        assert await antall_rader(arkiv, ANNEN_KOMMUNE) == 2

    i_databasen(motor, oppgave)


@pytest.mark.parametrize("motor", MOTORER)
def test_en_kommune_uten_frist_beholder_alt_og_hver_kommune_har_sin(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        for kommune in (KOMMUNE, ANNEN_KOMMUNE):
            async with arkiv.skriv(kommune) as lager:
                person = (await lager.personer.ta_inn(OLINE, None, NAA)).id
                sak = await ny_sak(lager, person, {})
                await lager.grunnlag.ny(nytt_grunnlag(sak, person, doegn(VINDU + 9)))
        ryddet = await rydd(arkiv, bare_her, VALG, AKTOER, NAA)
        assert {r.kommune: (r.dager, r.raasvar) for r in ryddet} == {
            KOMMUNE: (VINDU, 1),
            ANNEN_KOMMUNE: (None, 0),
        }

    i_databasen(motor, oppgave)


# The newest version of the setup, and the window it gives; what says nothing has the document's default.
OPPSETT: list[tuple[str | None, int | None]] = [
    (None, None),
    ("{}", None),
    (json.dumps(MINSTE), RAASVAR_DOEGN),
    (json.dumps({**MINSTE, "oppbevaring": {}}), RAASVAR_DOEGN),
    (json.dumps({**MINSTE, "oppbevaring": {"raasvarDoegn": 365}}), 365),
]


@pytest.mark.parametrize(("oppsett", "vindu"), OPPSETT)
def test_fristen_staar_i_kommunens_oppsett(oppsett: str | None, vindu: int | None) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        if oppsett is not None:
            async with arkiv.skriv(KOMMUNE) as lager:
                await lager.kommuner.nytt_oppsett(oppsett, AV, NAA, 0)
        assert await raasvarvinduer(arkiv) == {KOMMUNE: vindu, ANNEN_KOMMUNE: None}

    i_databasen("sqlite", oppgave)


def test_null_utsettelse_gjoer_fristen_absolutt() -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        async with arkiv.skriv(KOMMUNE) as lager:
            person = (await lager.personer.ta_inn(OLINE, None, NAA)).id
            sak = await ny_sak(lager, person, {})
            ett = nytt_grunnlag(sak, person, doegn(VINDU) - timedelta(seconds=1))
            await lager.grunnlag.ny(ett)
            await ny_beregning(lager, sak, doegn(1), {}, (ett.id,), tilstand=Tilstand.UFULLSTENDIG)
        alltid = Personvern(raasvar_utsatt_doegn=0)
        (her,) = [r for r in await rydd(arkiv, bare_her, alltid, AKTOER, NAA) if r.kommune == KOMMUNE]
        assert (her.raasvar, her.holdt) == (1, 0)

    i_databasen("sqlite", oppgave)
