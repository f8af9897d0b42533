"""The database itself refuses to change what is never changed, and to tie one kommune's rows to another's."""

from typing import Final

import pytest
from sqlalchemy import ForeignKeyConstraint, Table, insert, literal, select

from app.db.arkiv import Arkiv
from app.db.motor import AvvistError
from app.db.tabeller import metadata
from tests.baser import MOTORER
from tests.db.verden import SENERE, felles, fyll, kjoer, nytt_orgnr, sql

KAN_ENDRES: Final[dict[str, set[str]]] = {
    "revisjon": set(),
    "kommuneoppsett": set(),
    "sak_versjon": set(),
    "beregning": set(),
    "beregning_grunnlag": set(),
    "vedtak": set(),
    "vedtaksavgjoerelse": set(),
    "etteroppgjoer": set(),
    # Encrypted again.
    "brev": {"pdf_kryptert"},
    "fakturakjoering": set(),
    "fakturalinje": set(),
    "avstemming": set(),
    "endring": set(),
    "hendelse": set(),
    # Withdrawn.
    "manuell_post": {"opphevet", "opphevet_av"},
    # Taken away, or encrypted again; withdrawn by Skatteetaten.
    "grunnlag": {"raasvar", "raasvar_slettet", "trukket"},
}
"""Guarded tables, and the columns of each that may change."""

KAN_IKKE_SLETTES: Final = ("revisjon", "kommuneoppsett", "avstemming")


@pytest.mark.parametrize("motor", MOTORER)
def test_ingen_kolonne_kan_endres_uten_de_som_er_nevnt(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        kommune = (await fyll(arkiv)).kommune
        for navn, frie in KAN_ENDRES.items():
            for kolonne in metadata.tables[navn].columns.keys():
                setning = f"UPDATE {navn} SET {kolonne} = {kolonne} WHERE kommune = :k"
                if kolonne in frie:
                    assert await sql(arkiv.database, setning, k=kommune) > 0
                else:
                    with pytest.raises(AvvistError):
                        await sql(arkiv.database, setning, k=kommune)

    kjoer(felles(motor), oppgave)


@pytest.mark.parametrize("motor", MOTORER)
def test_noe_kan_aldri_slettes(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        kommune = (await fyll(arkiv)).kommune
        for navn in KAN_IKKE_SLETTES:
            with pytest.raises(AvvistError):
                await sql(arkiv.database, f"DELETE FROM {navn} WHERE kommune = :k", k=kommune)

    kjoer(felles(motor), oppgave)


def test_ingen_vernet_tabell_kan_toemmes() -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        for navn in KAN_ENDRES:
            with pytest.raises(AvvistError):
                await sql(arkiv.database, f"TRUNCATE {navn} CASCADE")

    kjoer(felles("postgresql"), oppgave)


@pytest.mark.parametrize("motor", MOTORER)
def test_det_som_skal_kunne_endres_kan_endres(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        v = await fyll(arkiv)
        async with arkiv.skriv(v.kommune) as lager:
            assert await lager.raasvar.slett([v.grunnlag.id], SENERE) == 1
            assert await lager.manuelle_poster.opphev(v.post.id, v.sak.id, "bruker:b", SENERE)

    kjoer(felles(motor), oppgave)


FELLES: Final = {
    "oppslagsplass",
    "hendelsesliste",
    "pekerflytting",
    "uleselig_hendelse",
    "lederskap",
    "innlogging",
}
"""What the service has for itself. Nothing in them is anybody's."""


def _pekere(tabell: Table) -> list[ForeignKeyConstraint]:
    return [peker for peker in tabell.constraints if isinstance(peker, ForeignKeyConstraint)]


@pytest.mark.parametrize("navn", sorted(metadata.tables.keys() - FELLES))
def test_enhver_peker_blir_i_kommunen(navn: str) -> None:
    tabell = metadata.tables[navn]
    assert "kommune" in tabell.primary_key.columns
    for peker in _pekere(tabell):
        par = {element.parent.name: element.column.name for element in peker.elements}
        assert par["kommune"] == "kommune"


MED_PEKER = [
    navn for navn, tabell in metadata.tables.items() if any(len(p.elements) > 1 for p in _pekere(tabell))
]


@pytest.mark.parametrize("motor", MOTORER)
def test_en_rad_kan_ikke_peke_paa_en_annen_kommunes(motor: str) -> None:
    """Each row of the first kommune, put in again as the second's: everything it points to is the first's."""

    async def oppgave(arkiv: Arkiv) -> None:
        a, b = (await fyll(arkiv)).kommune, nytt_orgnr()
        async with arkiv.skriv(b) as lager:
            await lager.kommuner.opprett("Nabo", SENERE)
        assert len(MED_PEKER) == 19
        for navn in MED_PEKER:
            tabell = metadata.tables[navn]
            resten = [kolonne for kolonne in tabell.columns if kolonne.name != "kommune"]
            som_b = select(literal(b), *resten).where(tabell.c.kommune == a)
            with pytest.raises(AvvistError):
                async with arkiv.database.skriv() as forbindelse:
                    await forbindelse.execute(
                        insert(tabell).from_select(["kommune", *(k.name for k in resten)], som_b)
                    )

    kjoer(felles(motor), oppgave)
