"""Letters from the portal: a file whose name says nothing of anybody, with the amounts of the decision."""

from io import BytesIO
from typing import Any, Final, NoReturn

import httpx2
import pytest
from pypdf import PdfReader

from app.portal.sider import brev
from app.services.brev.feil import BrevIkkeSattOppError
from tests.portal.saker import enslig, ny, skjermet
from tests.portal.tabeller import kr
from tests.portal.test_sak import med
from tests.portal.test_sak_vedtak import _med_vedtak, fatt
from tests.portal.verden import Nettleser, tekst
from tests.saker.verden import Verden

_API: Final = "/api/v1/saker"


def pdftekst(svar: httpx2.Response) -> str:
    """What a letter says, every run of space as one."""
    assert svar.status_code == 200
    assert svar.headers["content-type"] == "application/pdf"
    return " ".join(" ".join(side.extract_text() for side in PdfReader(BytesIO(svar.content)).pages).split())


def test_brevet_er_en_fil_med_vedtakets_beloep() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, enslig(verden))
        sak_id, b = svar["sak"]["id"], svar["beregning"]
        utkast = await leser.aapne(f"/saker/{sak_id}/beregninger/{b['id']}/utkast")
        assert "Utkast" in pdftekst(utkast)
        sted = (await fatt(leser, sak_id, b["id"])).headers["location"]
        side = await leser.aapne(sted)
        assert f'href="{sted}/brev"' in side.text
        hentet = await leser.aapne(f"{sted}/brev")
        lest = pdftekst(hentet)
        assert "Utkast" not in lest
        for beloep in {m["egenandel"] for m in b["resultat"]["maaneder"]}:
            assert kr(str(beloep)) in lest
        fil = hentet.headers["content-disposition"]
        assert fil.startswith("attachment; filename=")
        assert "enslig" not in fil.casefold()
        assert verden.ident("enslig-pensjonist") not in fil
        assert hentet.headers["cache-control"] == "no-store"
        # The same bytes as the API gives, now and ever after.
        apiets = await verden.les(f"{_API}/{sak_id}/vedtak/{sted.rpartition('/')[2]}/brev")
        assert apiets.content == hentet.content
        nynorsk = await leser.aapne(f"{sted}/brev?spraak=nn")
        assert pdftekst(nynorsk) != lest
        assert (await leser.aapne(f"{sted}/brev?spraak=se")).status_code == 404

    med(arbeid)


def test_oppgjoeret_faar_sitt_brev() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        sak_id, _ = await _med_vedtak(verden)
        svar = await leser.send(f"/saker/{sak_id}/etteroppgjoer/nytt", {"aar": "2025", "gjoer": "lagre"})
        side = await leser.aapne(svar.headers["location"])
        lest = pdftekst(await leser.aapne(f"{svar.headers['location']}/brev"))
        (meta,) = (await verden.les(f"{_API}/{sak_id}/etteroppgjoer")).json()
        r = (await verden.les(f"{_API}/{sak_id}/etteroppgjoer/{meta['id']}")).json()["resultat"]
        assert kr(str(r["sum"])) in lest
        assert kr(str(r["sum"])) in tekst(side)

    med(arbeid)


def test_uten_beloep_er_det_ikke_noe_utkast() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, skjermet(verden))
        side = await leser.aapne(f"/saker/{svar['sak']['id']}/beregninger/{svar['beregning']['id']}/utkast")
        assert side.status_code == 409
        assert "ikke noe beløp å skrive om" in tekst(side)

    med(arbeid)


def test_uten_trykkeriet_sies_det_hva_som_maa_installeres(monkeypatch: pytest.MonkeyPatch) -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, enslig(verden))

        async def mangler(*_: Any) -> NoReturn:
            raise BrevIkkeSattOppError

        monkeypatch.setattr(brev, "vedtaksutkast", mangler)
        side = await leser.aapne(f"/saker/{svar['sak']['id']}/beregninger/{svar['beregning']['id']}/utkast")
        assert side.status_code == 503
        assert "Brev kan ikke lages her ennå" in tekst(side)
        assert "egenandel[brev]" in tekst(side)

    med(arbeid)
