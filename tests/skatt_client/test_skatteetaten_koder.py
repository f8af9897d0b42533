"""Every code of every API: the outcome, who must act, and what is said.

Source: Skatteetaten's pages on errors, per API.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from app.skatt_client import (
    Ansvar,
    FeilOppsett,
    IkkeOppgjoerEnnaa,
    IngenTilgang,
    Kall,
    Maaned,
    RetryPolicy,
    Slettet,
    Strupet,
    UgyldigSvar,
    UkjentPerson,
    UtenData,
    Utfall,
    Utilgjengelig,
)
from tests.skatt_client.falske import (
    BSA,
    FA,
    IM,
    KORRELASJONSID,
    PERSON,
    SSG,
    TD,
    Svar,
    Verden,
    feil_svar,
    verden,
)

Oppslag = Callable[[Verden], Awaitable[Utfall[object]]]

OPPSLAG: dict[str, Oppslag] = {
    "SSG": lambda v: v.skatt.skattegrunnlag(SSG).hent(PERSON, 2025),
    "BSA": lambda v: v.skatt.beregnet_skatt(BSA).hent(PERSON, 2025),
    "BSA etter sletting": lambda v: v.skatt.beregnet_skatt(BSA).hent(PERSON, 2025, etter_sletting=True),
    "TD": lambda v: v.skatt.siste_oppgjoer(TD).hent(PERSON),
    "FA": lambda v: v.skatt.skatteoppgjoer_hendelser(FA).side(1),
    "FA inntekt": lambda v: v.skatt.inntekt_hendelser(FA).side(1),
    "FA start": lambda v: v.skatt.skatteoppgjoer_hendelser(FA).start(date(2026, 1, 1)),
    "IM": lambda v: v.skatt.inntekt(IM).hent(PERSON, Maaned(2026, 1), Maaned(2026, 9)),
}

L, K, S, INGEN, E = (
    Ansvar.LEVERANDOEREN,
    Ansvar.KOMMUNEN,
    Ansvar.SAKSBEHANDLEREN,
    Ansvar.INGEN,
    Ansvar.SKATTEETATEN,
)

RADER = [
    # 500: prøves igjen, så parkeres det.
    ("SSG", 500, "SSG-001", Utilgjengelig, E, "kunne ikke svare på summert skattegrunnlag nå"),
    ("SSG", 500, "SSG-002", Utilgjengelig, E, "kunne ikke svare"),
    ("BSA", 500, "BSA-001", Utilgjengelig, E, "kunne ikke svare på beregnet skatt nå"),
    ("BSA", 500, "BSA-002", Utilgjengelig, E, "kunne ikke svare"),
    ("TD", 500, "TD-001", Utilgjengelig, E, "siste tilgjengelige skatteoppgjør"),
    ("FA", 500, "FA-001", Utilgjengelig, E, "hendelser om skatteoppgjør"),
    ("IM", 500, "IM-001", Utilgjengelig, E, "inntekt fra a-ordningen"),
    ("IM", 500, "IM-002", Utilgjengelig, E, "kunne ikke svare"),
    # 404 adresse.
    ("SSG", 404, "SSG-003", FeilOppsett, L, "Leverandøren må rette adresse, sti eller rettighetspakke"),
    ("BSA", 404, "BSA-003", FeilOppsett, L, "finnes ikke hos Skatteetaten"),
    ("TD", 404, "TD-006", FeilOppsett, L, "finnes ikke hos Skatteetaten"),
    ("FA", 404, "FA-002", FeilOppsett, L, "finnes ikke hos Skatteetaten"),
    ("FA inntekt", 404, "FA-002", FeilOppsett, L, "hendelser om inntekt finnes ikke"),
    ("FA start", 404, "FA-002", FeilOppsett, L, "finnes ikke hos Skatteetaten"),
    ("IM", 404, "IM-003", FeilOppsett, L, "finnes ikke hos Skatteetaten"),
    # 401: nytt token én gang, så alarm.
    ("SSG", 401, "SSG-004", IngenTilgang, L, "heller ikke et nytt"),
    ("BSA", 401, "BSA-004", IngenTilgang, L, "heller ikke et nytt"),
    ("TD", 401, "TD-002", IngenTilgang, L, "heller ikke et nytt"),
    ("FA", 401, "FA-003", IngenTilgang, L, "heller ikke et nytt"),
    ("IM", 401, "IM-004", IngenTilgang, L, "heller ikke et nytt"),
    # 403.
    ("SSG", 403, "SSG-005", IngenTilgang, K, "delegere den til leverandøren i Altinn"),
    ("SSG", 403, "SSG-010", IngenTilgang, K, "krever samtykke"),
    ("BSA", 403, "BSA-005", IngenTilgang, K, "må få rettighetspakken"),
    ("TD", 403, "TD-099", IngenTilgang, K, "må få rettighetspakken"),
    ("FA", 403, "FA-099", IngenTilgang, K, "må få rettighetspakken"),
    ("IM", 403, "IM-005", IngenTilgang, K, "må få rettighetspakken"),
    ("IM", 403, "IM-010", IngenTilgang, K, "krever samtykke"),
    # 400.
    ("SSG", 400, "SSG-006", FeilOppsett, L, "forsto ikke forespørselen"),
    ("BSA", 400, "BSA-006", FeilOppsett, L, "forsto ikke forespørselen"),
    ("TD", 400, "TD-003", FeilOppsett, L, "forsto ikke forespørselen"),
    ("FA", 400, "FA-004", FeilOppsett, L, "forsto ikke forespørselen"),
    ("IM", 400, "IM-006", FeilOppsett, L, "forsto ikke forespørselen"),
    # 404 person.
    ("SSG", 404, "SSG-007", UkjentPerson, S, "kontrollere fødselsnummeret"),
    ("BSA", 404, "BSA-009", UkjentPerson, S, "kontrollere fødselsnummeret"),
    ("IM", 404, "IM-007", UkjentPerson, S, "kontrollere fødselsnummeret"),
    # 404 ingen data.
    ("SSG", 404, "SSG-008", IkkeOppgjoerEnnaa, INGEN, "hentes når skatteoppgjøret kommer"),
    ("BSA", 404, "BSA-007", IkkeOppgjoerEnnaa, INGEN, "hentes når skatteoppgjøret kommer"),
    ("BSA etter sletting", 404, "BSA-007", Slettet, S, "slettet opplysningene"),
    ("BSA etter sletting", 404, "BSA-009", UkjentPerson, S, "kontrollere fødselsnummeret"),
    ("TD", 404, "TD-004", IkkeOppgjoerEnnaa, INGEN, "ikke noe tilgjengelig skatteoppgjør"),
    ("FA start", 404, "FA-005", IkkeOppgjoerEnnaa, INGEN, "ingen nye hendelser"),
    ("IM", 404, "IM-008", IkkeOppgjoerEnnaa, INGEN, "eller den er slettet"),
    # 406.
    ("SSG", 406, "SSG-009", FeilOppsett, L, "i formatet vi ba om"),
    ("BSA", 406, "BSA-008", FeilOppsett, L, "i formatet vi ba om"),
    ("TD", 406, "TD-005", FeilOppsett, L, "i formatet vi ba om"),
    ("FA", 406, "FA-006", FeilOppsett, L, "i formatet vi ba om"),
    ("IM", 406, "IM-009", FeilOppsett, L, "i formatet vi ba om"),
    # 410: statusen avgjør, koden er skiftet ut en gang.
    ("SSG", 410, "SSG-011", Slettet, S, "vurdere vedtak som bygger på"),
    ("SSG", 410, "SSG-010", Slettet, S, "vurdere vedtak som bygger på"),
    ("BSA", 410, "BSA-099", Slettet, S, "vurdere vedtak som bygger på"),
    # 429 er ikke dokumentert, men håndteres.
    ("SSG", 429, "SSG-099", Strupet, INGEN, "ber oss vente"),
    # Porten foran.
    ("SSG", 500, "DAS-001", Utilgjengelig, E, "kunne ikke svare"),
    ("SSG", 404, "DAS-002", FeilOppsett, L, "finnes ikke hos Skatteetaten"),
    ("SSG", 500, "DAS-003", Utilgjengelig, E, "kunne ikke svare"),
    ("SSG", 500, "DAS-007", Utilgjengelig, E, "kunne ikke svare"),
    ("SSG", 403, "DAS-008", IngenTilgang, K, "må få rettighetspakken"),
    # En kode fra et annet API, eller med gammel betydning, er aldri «ingen data».
    ("SSG", 404, "BSA-007", FeilOppsett, L, "finnes ikke hos Skatteetaten"),
    ("BSA", 404, "BSA-006", FeilOppsett, L, "finnes ikke hos Skatteetaten"),
    ("TD", 404, "SSG-008", FeilOppsett, L, "finnes ikke hos Skatteetaten"),
    ("SSG", 418, "SSG-008", UgyldigSvar, L, "noe vi ikke kjenner"),
]


@pytest.mark.parametrize("rad", RADER, ids=lambda rad: f"{rad[0]}-{rad[1]}-{rad[2]}")
def test_kode(rad: tuple[str, int, str, type[UtenData], Ansvar, str]) -> None:
    oppslag, status, kode, utfall, ansvar, sier = rad

    async def proev() -> None:
        async with verden(svar=feil_svar(status, kode)) as v:
            svar = await OPPSLAG[oppslag](v)
            assert type(svar) is utfall
            assert (svar.status, svar.kode) == (status, kode)
            assert svar.ansvar is ansvar
            assert sier in svar.melding
            assert svar.korrelasjonsid == KORRELASJONSID
            (kall,) = [m for m in v.maalinger if isinstance(m, Kall)]
            assert (kall.utfall, kall.status, kall.kode) == (utfall.__name__, status, kode)

    asyncio.run(proev())


UTEN_LESBAR_KROPP = [
    (404, b"", FeilOppsett),
    (404, b"Not Found", FeilOppsett),
    (404, b"Unknown instance. ID=42", FeilOppsett),
    (404, {"kode": None, "melding": 3, "korrelasjonsid": []}, FeilOppsett),
    (404, ["SSG-008"], FeilOppsett),
    (404, {"kode": "ssg-008 "}, IkkeOppgjoerEnnaa),
    (500, b"<html><body>Bad gateway</body></html>", Utilgjengelig),
    (502, b"\xff\xfe", Utilgjengelig),
    (503, b"[" * 5_000_000, Utilgjengelig),
    (404, b"x" * 5_000_000, FeilOppsett),
    (403, b"<html>", IngenTilgang),
    (410, b"", Slettet),
    (204, b"", UgyldigSvar),
]


@pytest.mark.parametrize(("status", "body", "utfall"), UTEN_LESBAR_KROPP)
def test_statusen_avgjoer_naar_kroppen_ikke_kan_leses(
    status: int, body: object, utfall: type[UtenData]
) -> None:
    async def proev() -> None:
        async with verden(svar=Svar(status, body)) as v:
            svar = await OPPSLAG["SSG"](v)
            assert type(svar) is utfall

    asyncio.run(proev())


# «Nå» er november 2026. Kilde: NAV møtte SSG-006 1. januar 2023; i deres test har den 404.
AAR = [
    (400, "SSG-006", "Oppgitt inntektsår er ikke støttet.", 2026, IkkeOppgjoerEnnaa),
    (404, "SSG-006", "Oppgitt inntektsår er ikke støttet.", 2026, IkkeOppgjoerEnnaa),
    (400, "SSG-006", "Oppgitt inntektsår er ikke støttet.", 2025, IkkeOppgjoerEnnaa),
    (400, "SSG-006", "Oppgitt inntektsår er ikke støttet.", 2024, FeilOppsett),
    (404, "SSG-006", "Oppgitt inntektsår er ikke støttet.", 2016, FeilOppsett),
    (400, "SSG-006", "Ukjent rettighetspakke", 2026, FeilOppsett),
]


@pytest.mark.parametrize(("status", "kode", "melding", "aar", "utfall"), AAR)
def test_aar_som_ikke_er_aapnet(
    status: int, kode: str, melding: str, aar: int, utfall: type[UtenData]
) -> None:
    async def proev() -> None:
        async with verden(svar=feil_svar(status, kode, melding)) as v:
            svar = await v.skatt.skattegrunnlag(SSG).hent(PERSON, aar)
            assert type(svar) is utfall

    asyncio.run(proev())


def test_et_aar_som_ikke_er_aapnet_er_ikke_slettet() -> None:
    async def proev() -> None:
        melding = "Oppgitt inntektsår er ikke støttet."
        async with verden(svar=feil_svar(400, "BSA-006", melding)) as v:
            assert type(await OPPSLAG["BSA etter sletting"](v)) is IkkeOppgjoerEnnaa

    asyncio.run(proev())


KORRELASJONSIDER = [
    ("5e22adf0-6144-8ea2-69f0-e68b6b746ce7", "5e22adf0-6144-8ea2-69f0-e68b6b746ce7"),
    ("52e3ce7eb8df80fa6a135dc6eae475f6", "52e3ce7eb8df80fa6a135dc6eae475f6"),
    (PERSON, None),
    (f"abc-{PERSON}", None),
    ("<script>", None),
    (17, None),
]


@pytest.mark.parametrize(("gitt", "ventet"), KORRELASJONSIDER)
def test_korrelasjonsid_slipper_bare_gjennom_naar_den_er_trygg(gitt: object, ventet: str | None) -> None:
    async def proev() -> None:
        svar_ = Svar(404, {"kode": "SSG-008", "melding": f"fant ikke {PERSON}", "korrelasjonsid": gitt})
        async with verden(svar=svar_) as v:
            svar = await OPPSLAG["SSG"](v)
            assert svar.korrelasjonsid == ventet
            assert PERSON not in repr(svar)

    asyncio.run(proev())


def test_korrelasjonsid_sendes_naar_oppsettet_sier_det() -> None:
    async def proev() -> None:
        async with verden(svar=Svar(503), retry=RetryPolicy(attempts=2)) as v:
            oppsett = SSG.model_copy(update={"korrelasjonsheader": "Korrelasjonsid"})
            svar = await v.skatt.skattegrunnlag(oppsett).hent(PERSON, 2025)
            sendt = [h["korrelasjonsid"] for h in v.skatteetaten.headers]
            assert len(set(sendt)) == 2  # Unique per call, as Skatteetaten wants.
            assert svar.korrelasjonsid == sendt[-1]

    asyncio.run(proev())
