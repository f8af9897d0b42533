"""One case put together anew, as a caseworker would have it calculated, for a mass run.

Used where the kept request will not do: the case has changed since, the kommune's setup changes the basis, or the year
is another. Only the 1 January run asks Skatteetaten; the others use what is kept or say that it is missing.
"""

from collections.abc import Sequence
from datetime import date
from typing import NoReturn
from uuid import UUID

from app.calc.kontrakt.feil import KontraktFeilError
from app.db.lager.beregninger import Beregning, Tilstand
from app.db.lager.massesaker import Beregningshode, NyPakket, Pakket
from app.db.typer import pakk
from app.services.masse.rad import Masseutfall, UnntakError
from app.services.sak.beregne import Ferdig, Plan, planlegg, regn
from app.services.sak.beregninger import forbered_beregning
from app.services.sak.drift import Kall, Saksdrift
from app.services.sak.feil import FinnesIkkeError, KonfliktError, UgyldigSakError
from app.services.sak.forespoersler import Beregningsoenske
from app.services.sak.henting import Hentet, lagrede
from app.services.sak.innhenting import Innhenting, Lagret, Spoersmaal, Svarbilde
from app.services.sak.saker import hent_sak, oppsettet
from app.skatt_client import Api


class _BareLagret(Innhenting):
    """Kept answers only: the newest settlement there is, and never a question."""

    def __init__(self, kommune: str, plan: Plan, lagret: Lagret, kall: Kall) -> None:
        super().__init__(None, kommune, plan.pakke, lagret, kall.naa)
        self._kjente = lagret

    def kan_anslaas(self, aar: int, i_dag: date) -> bool:
        """Whether a-ordningen was asked about the year before."""
        return any(inntektsaar == aar and api is Api.INNTEKT for _, inntektsaar, api in self._kjente)

    async def _oppgjoer(
        self, en: Spoersmaal, inntektsaar: Sequence[int], innen: date | None
    ) -> tuple[Svarbilde, tuple[Svarbilde, ...]]:
        """A better year nobody has asked about yet, does not stand in the way of the one that is kept."""
        aarene = [aar for aar in inntektsaar if (en.person_id, aar, Api.SKATTEGRUNNLAG) in self._kjente]
        return await super()._oppgjoer(en, aarene, innen) if aarene else _mangler()

    async def _spoer(self, en: Spoersmaal, aar: int, api: Api) -> Svarbilde:
        _mangler()


def _mangler() -> NoReturn:
    raise UnntakError(
        Masseutfall.MANGLER_GRUNNLAG,
        "Tallene er ikke hentet, og denne kjøringen slår ikke opp. Beregn saken for seg, så hentes de.",
    )


async def regn_lagret(drift: Saksdrift, kall: Kall, sak_id: UUID, aar: int) -> Beregning:
    """A case's year from what is kept.

    Raises:
        UnntakError: it cannot be calculated, and why.
    """
    try:
        async with drift.arkiv.les(kall.aktoer.kommune) as lager:
            sak = await hent_sak(lager, sak_id)
            oppsett, versjon = await oppsettet(lager)
            kjent = await lagrede(lager, sak_id)
            poster = await lager.manuelle_poster.for_sak(sak_id)
        plan = planlegg(sak.innhold, Beregningsoenske(aar=aar), oppsett, versjon, kall.i_dag)
        innhenting = _BareLagret(kall.aktoer.kommune, plan, kjent, kall)
        loepende = plan.loepende
        if loepende is not None and not innhenting.kan_anslaas(*loepende):
            loepende = None
        bilder = await innhenting.hent(
            [
                Spoersmaal(person_id=UUID(en.person_id), ident="", med_skatt=en.med_skatt)
                for en in plan.personer
            ],
            plan.inntektsaar,
            oppgjort_innen=plan.oppgjort_innen,
            loepende=loepende,
        )
        ferdig: Ferdig = regn(
            plan,
            sak.innhold,
            bilder,
            poster,
            sak_id=sak_id,
            sak_versjon=sak.sak.versjon,
            kodeversjon=drift.kodeversjon,
            av=kall.av,
            naa=kall.naa,
        )
    except (FinnesIkkeError, KonfliktError, UgyldigSakError, KontraktFeilError) as feil:
        raise unntak(feil) from None
    krev_beregnet(ferdig.beregning)
    return ferdig.beregning


async def regn_med_oppslag(drift: Saksdrift, kall: Kall, sak_id: UUID, aar: int) -> Hentet:
    """A case's year, with what is not kept looked up; and what the register is to say of the look-ups.

    Raises:
        UnntakError: it cannot be calculated, and why.
        OpptattError: the look-ups could not be noted, so they were not made.
    """
    try:
        klar = await forbered_beregning(drift, kall, sak_id, Beregningsoenske(aar=aar))
    except (FinnesIkkeError, KonfliktError, UgyldigSakError, KontraktFeilError) as feil:
        raise unntak(feil) from None
    return klar.hentet


def krev_beregnet(beregning: Beregning) -> None:
    """See that a calculation came to an amount.

    Raises:
        UnntakError: something was missing.
    """
    if beregning.tilstand is not Tilstand.BEREGNET:
        raise UnntakError(
            Masseutfall.UFULLSTENDIG,
            "Noe mangler eller må avgjøres før saken kan beregnes. Åpne saken, så står det hva.",
        )


def unntak(feil: FinnesIkkeError | KonfliktError | UgyldigSakError | KontraktFeilError) -> Exception:
    """The same, as a row says it."""
    if isinstance(feil, KonfliktError):
        return UnntakError(Masseutfall.MANGLER_OPPSETT, feil.tekst)
    if isinstance(feil, FinnesIkkeError):
        return UnntakError(Masseutfall.KAN_IKKE_BEREGNES, "Saken finnes ikke lenger.")
    return UnntakError(Masseutfall.KAN_IKKE_BEREGNES, " ".join(en.detail for en in feil.feil[:3]))


def pakket(ny: Beregning) -> NyPakket:
    """A calculation as a portion stores it."""
    return NyPakket(
        hode=Beregningshode(
            id=ny.id,
            sak_id=ny.sak_id,
            sak_versjon=ny.sak_versjon,
            oppsett_versjon=ny.oppsett_versjon,
            aar=ny.aar,
            virkning_fra=ny.virkning_fra,
            tilstand=ny.tilstand,
            foreloepig=ny.foreloepig,
            resultat_hash=ny.resultat_hash,
            egenandel_aar_oere=ny.egenandel_aar_oere,
            versjoner=ny.versjoner,
            av=ny.av,
        ),
        tekster=Pakket(
            inn=_pakk(ny.inn), resultat=_pakk(ny.resultat), kilder=_pakk(ny.kilder), svar=_pakk(ny.svar)
        ),
        opprettet=ny.opprettet,
        grunnlag=ny.grunnlag,
    )


def _pakk(tekst: str | None) -> bytes | None:
    return None if tekst is None else pakk(tekst)
