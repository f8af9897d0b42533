"""Decisions: made on a calculation, shown with what each month costs."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.calc.kontrakt.feil import Feil
from app.calc.periode import aaret
from app.db.arkiv import Lager
from app.db.ident import ny_id
from app.db.lager.beregninger import Beregning, Tilstand
from app.db.lager.endringer import NyEndring
from app.db.lager.vedtak import Vedtak, Vedtaksart, Vedtakstilstand
from app.services.endringer import Endringstype, endring
from app.services.kommuneoppsett.aarsoppsett import OppsettManglerError, aarsoppsett
from app.services.masse.rad import angrede_i
from app.services.oppgaver import VED_VEDTAK, lukk_utfoerte
from app.services.revisjon import Handling
from app.services.sak.beregninger import krev_ikke_angret, per_maaned
from app.services.sak.drift import Kall
from app.services.sak.feil import FinnesIkkeError, Konflikt, KonfliktError, UgyldigSakError
from app.services.sak.forespoersler import NyttVedtak
from app.services.sak.godkjenning import krever_godkjenning
from app.services.sak.saker import hent_sak, identene, oppsettet
from app.services.sak.ut import Maanedsvedtak, VedtakUt, tidspunkt
from app.services.sak.vedtaksrekke import gjeldende


async def fatt_vedtak(
    lager: Lager, kall: Kall, sak_id: UUID, nytt: NyttVedtak, *, alene: bool = False
) -> VedtakUt:
    """Make a decision. Above the kommune's limit it is not in force until a second person has approved it.

    Args:
        lager: the kommune's.
        kall: who decides.
        sak_id: the case.
        nytt: the decision.
        alene: make it only if no second person is needed.

    Raises:
        FinnesIkkeError: the kommune has no such case, or the case no such calculation or decision.
        KonfliktError: the calculation has no result or was undone, another decision covers the same days or waits to
            be approved, or it needs a second person and must not.
        UgyldigSakError: days or kind that do not fit the calculation.
    """
    await lager.saker.laas(sak_id)
    await hent_sak(lager, sak_id)
    beregning = await lager.beregninger.hent(UUID(nytt.beregning_id), sak_id)
    if beregning is None:
        raise FinnesIkkeError("beregningen")
    if beregning.tilstand is not Tilstand.BEREGNET:
        raise KonfliktError(
            Konflikt.BEREGNING_UFULLSTENDIG,
            "Beregningen mangler noe og har ikke noe beløp. Avgjør det som står i mangler og aapne, og beregn på nytt.",
            beregning.id,
        )
    krev_ikke_angret(beregning.id, await angrede_i(lager, sak_id, sak_id))
    art = nytt.art or (Vedtaksart.FORELOEPIG if beregning.foreloepig else Vedtaksart.ENDELIG)
    feil = _feil(nytt, beregning, art)
    if feil:
        raise UgyldigSakError(*feil)
    alle = await lager.vedtak.alle(sak_id)
    _krev_ingen_ventende(alle)
    i_kraft = [ett for ett in alle if ett.i_kraft]
    erstatter = _erstatter(nytt, i_kraft)
    til_godkjenning = await _til_godkjenning(lager, nytt, beregning, i_kraft)
    if til_godkjenning and alene:
        raise KonfliktError(
            Konflikt.KREVER_GODKJENNING,
            "Vedtaket er over kommunens grense og må godkjennes av en til. Fatt det for hånd.",
        )
    vedtak = Vedtak(
        id=ny_id(kall.naa),
        sak_id=sak_id,
        beregning_id=beregning.id,
        art=art,
        fra=nytt.fra,
        til=nytt.til,
        erstatter=erstatter,
        begrunnelse=nytt.begrunnelse,
        av=kall.av,
        opprettet=kall.naa,
        til_godkjenning=til_godkjenning,
    )
    await lager.vedtak.ny(vedtak)
    lukket: list[NyEndring] = []
    hva = Endringstype.VEDTAK_TIL_GODKJENNING
    if vedtak.i_kraft:
        hva = Endringstype.VEDTAK_NYTT
        lukket = await lukk_utfoerte(lager, kall, sak_id, beregning.aar, VED_VEDTAK, beregning.id)
    skjedd = endring(hva, sak_id, gjelder=vedtak.id, aar=beregning.aar)
    await lager.endringer.noter(kall.naa, skjedd, *lukket)
    identer = await identene(lager, sak_id)
    await lager.revisjon.noter(
        kall.naa, *kall.rader(identer.values(), Handling.VEDTAK_FATTET, sak_id, aar=[beregning.aar])
    )
    return vedtak_ut(vedtak, beregning, None)


def _krev_ingen_ventende(alle: Sequence[Vedtak]) -> None:
    venter = next((ett for ett in alle if ett.tilstand is Vedtakstilstand.TIL_GODKJENNING), None)
    if venter is not None:
        raise KonfliktError(
            Konflikt.VEDTAK_VENTER,
            "Et vedtak i saken venter på godkjenning. Få det godkjent eller avvist først.",
            venter.id,
        )


async def _til_godkjenning(
    lager: Lager, nytt: NyttVedtak, beregning: Beregning, i_kraft: Sequence[Vedtak]
) -> bool:
    oppsett, _ = await oppsettet(lager)
    try:
        i_aaret = aarsoppsett(oppsett, beregning.aar)
    except OppsettManglerError as feil:
        raise KonfliktError(Konflikt.KOMMUNEN_MANGLER_OPPSETT, str(feil)) from None
    if i_aaret.godkjenning_over_maaned is None and i_aaret.godkjenning_over_endring is None:
        return False
    beregninger = await lager.beregninger.for_sak(beregning.sak_id)
    return krever_godkjenning(i_aaret, nytt, beregning, i_kraft, beregninger)


def _feil(nytt: NyttVedtak, beregning: Beregning, art: Vedtaksart) -> tuple[Feil, ...]:
    feil = []
    spenn = aaret(beregning.aar)
    if not max(spenn.fra, beregning.virkning_fra) <= nytt.fra <= spenn.til:
        feil.append(
            Feil(
                "/fra",
                "utenfor-beregningen",
                f"Beregningen gjelder fra {beregning.virkning_fra} og ut {beregning.aar}. Velg en dag i det tidsrommet, "
                "eller lag en beregning som dekker dagen.",
            )
        )
    if nytt.til is not None and nytt.til < nytt.fra:
        feil.append(Feil("/til", "til-foer-fra", "Siste dag er før første dag. Rett fra eller til."))
    if art is Vedtaksart.ENDELIG and beregning.foreloepig:
        feil.append(
            Feil(
                "/art",
                "foreloepig-beregning",
                "Beregningen er foreløpig, så vedtaket kan ikke være endelig før skatteoppgjøret er kommet.",
            )
        )
    return tuple(feil)


def _erstatter(nytt: NyttVedtak, tidligere: Sequence[Vedtak]) -> UUID | None:
    """The decision that is replaced from the new one's first day; it must be the one in force there.

    Raises:
        FinnesIkkeError: the case has no such decision.
        KonfliktError: another one is in force, or it has been replaced already.
    """
    i_veien = _i_veien(nytt, tidligere)
    if nytt.erstatter is None:
        if i_veien is not None:
            raise KonfliktError(
                Konflikt.VEDTAK_OVERLAPPER,
                "Et vedtak gjelder allerede for disse dagene. Oppgi det i erstatter, eller velg andre dager.",
                i_veien.id,
            )
        return None
    valgt = UUID(nytt.erstatter)
    if all(ett.id != valgt for ett in tidligere):
        raise FinnesIkkeError("vedtaket som skal erstattes")
    erstattet_av = next((ett for ett in tidligere if ett.erstatter == valgt), None)
    if erstattet_av is not None:
        raise KonfliktError(
            Konflikt.VEDTAK_ALT_ERSTATTET,
            "Vedtaket er alt erstattet. Oppgi det som erstattet det.",
            erstattet_av.id,
        )
    if i_veien is not None and i_veien.id != valgt:
        raise KonfliktError(
            Konflikt.VEDTAK_OVERLAPPER,
            "Et annet vedtak gjelder for disse dagene. Oppgi det i erstatter.",
            i_veien.id,
        )
    return valgt


def _i_veien(nytt: NyttVedtak, tidligere: Sequence[Vedtak]) -> Vedtak | None:
    """The newest decision that is in force on some of the new one's days."""
    til = nytt.til or date.max
    dager = {nytt.fra, *(ett.fra for ett in tidligere if nytt.fra <= ett.fra <= til)}
    gjelder = [ett for dag in dager if (ett := gjeldende(tidligere, dag)) is not None]
    return max(gjelder, key=lambda ett: ett.id, default=None)


async def les_vedtak(lager: Lager, kall: Kall, sak_id: UUID) -> list[VedtakUt]:
    """Every decision of a case in the order they were made, also those that wait to be approved or were refused.

    Raises:
        FinnesIkkeError: the kommune has no such case.
    """
    await hent_sak(lager, sak_id)
    alle = await lager.vedtak.alle(sak_id)
    svar = []
    for ett in alle:
        beregning = await lager.beregninger.hent(ett.beregning_id, sak_id)
        if beregning is None:
            raise LookupError("vedtaket har ingen beregning")
        svar.append(
            vedtak_ut(ett, beregning, next((x.id for x in alle if x.i_kraft and x.erstatter == ett.id), None))
        )
    identer = await identene(lager, sak_id)
    await lager.revisjon.noter(kall.naa, *kall.rader(identer.values(), Handling.VEDTAK_LEST, sak_id))
    return svar


async def les_ett_vedtak(lager: Lager, kall: Kall, sak_id: UUID, vedtak_id: UUID) -> VedtakUt:
    """One decision.

    Raises:
        FinnesIkkeError: the kommune has no such case, or the case no such decision.
    """
    for ett in await les_vedtak(lager, kall, sak_id):
        if ett.id == str(vedtak_id):
            return ett
    raise FinnesIkkeError("vedtaket")


def vedtak_ut(vedtak: Vedtak, beregning: Beregning, erstattet_av: UUID | None) -> VedtakUt:
    """A decision as a client sees it."""
    fra = f"{vedtak.fra:%Y-%m}"
    til = "9999-12" if vedtak.til is None else f"{vedtak.til:%Y-%m}"
    avgjoerelse = vedtak.avgjoerelse
    return VedtakUt(
        id=str(vedtak.id),
        sak_id=str(vedtak.sak_id),
        beregning_id=str(vedtak.beregning_id),
        art=vedtak.art,
        fra=vedtak.fra,
        til=vedtak.til,
        erstatter=None if vedtak.erstatter is None else str(vedtak.erstatter),
        erstattet_av=None if erstattet_av is None else str(erstattet_av),
        maaneder=tuple(
            Maanedsvedtak(maaned=maaned, egenandel=beloep)
            for maaned, beloep in per_maaned(beregning).items()
            if fra <= maaned <= til
        ),
        begrunnelse=vedtak.begrunnelse,
        av=vedtak.av,
        opprettet=tidspunkt(vedtak.opprettet),
        tilstand=vedtak.tilstand,
        avgjort_av=None if avgjoerelse is None else avgjoerelse.av,
        avgjort=None if avgjoerelse is None else tidspunkt(avgjoerelse.opprettet),
        avgjoerelse=None if avgjoerelse is None else avgjoerelse.begrunnelse,
    )
