"""Two persons for a decision above the kommune's limit: it waits until another than the one who made it says yes.

The one who says yes is a leader, and a person: no machine has the right, and nobody approves what is their own.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from app.calc.beloep import NULL
from app.db.arkiv import Lager
from app.db.lager.beregninger import Beregning
from app.db.lager.vedtak import Avgjoerelse, Avgjort, Vedtak, Vedtakstilstand
from app.services.endringer import Endringstype, endring
from app.services.kommuneoppsett.aarsoppsett import Aarsoppsett
from app.services.oppgaver import VED_VEDTAK, lukk_utfoerte
from app.services.revisjon import Handling
from app.services.sak.beregninger import hent_beregning, per_maaned
from app.services.sak.drift import Kall
from app.services.sak.feil import FinnesIkkeError, Konflikt, KonfliktError
from app.services.sak.forespoersler import NyttVedtak, Vedtaksavgjoerelse
from app.services.sak.saker import hent_sak, identene
from app.services.sak.vedtaksrekke import per_maaned as vedtak_per_maaned
from app.services.tilgang import Aktoertype


def krever_godkjenning(
    oppsett: Aarsoppsett,
    nytt: NyttVedtak,
    beregning: Beregning,
    i_kraft: Sequence[Vedtak],
    beregninger: Sequence[Beregning],
) -> bool:
    """Whether a decision is above one of the kommune's limits.

    A first decision is no change. A month that costs nothing in the new one and something now, is. Where the decisions
    in force do not tell what a month costs, the change is unknown, and somebody must look.

    Args:
        oppsett: the year's setup.
        nytt: the decision.
        beregning: what it is made on.
        i_kraft: the decisions of the case that are in force.
        beregninger: the calculations of the case.
    """
    nye = per_maaned(beregning)
    maaneder = _maanedene(nytt, beregning.aar)
    over = oppsett.godkjenning_over_maaned
    if over is not None and any(nye.get(maaned, NULL) > over for maaned in maaneder):
        return True
    mest = oppsett.godkjenning_over_endring
    if mest is None:
        return False
    beloep = {en.id: per_maaned(en) for en in beregninger if en.aar == beregning.aar}
    beregning_av = {ett.id: ett.beregning_id for ett in i_kraft}
    for maaned, gjelder in vedtak_per_maaned(i_kraft, beregning.aar).items():
        egne = [id_ for id_ in gjelder if id_ is not None]
        if maaned not in maaneder or not egne:
            continue
        gammelt = _kostet(maaned, [beloep.get(beregning_av[id_]) for id_ in egne])
        if gammelt is None or abs(nye.get(maaned, NULL) - gammelt) > mest:
            return True
    return False


def _maanedene(nytt: NyttVedtak, aar: int) -> list[str]:
    fra = f"{nytt.fra:%Y-%m}"
    til = "9999-12" if nytt.til is None else f"{nytt.til:%Y-%m}"
    return [maaned for nr in range(1, 13) if fra <= (maaned := f"{aar:04d}-{nr:02d}") <= til]


def _kostet(maaned: str, gjelder: Sequence[Mapping[str, Decimal] | None]) -> Decimal | None:
    """What a month costs under the decisions its days stand under; ``None`` when they do not tell."""
    if len(gjelder) != 1 or gjelder[0] is None:
        return None
    return gjelder[0].get(maaned, NULL)


async def avgjoer_vedtak(
    lager: Lager, kall: Kall, sak_id: UUID, vedtak_id: UUID, valg: Vedtaksavgjoerelse
) -> None:
    """Say yes or no to a decision that waits. From then on it is in force, or never will be.

    Raises:
        FinnesIkkeError: the kommune has no such case, or the case no such decision.
        KonfliktError: it does not wait, or whoever asks has made it.
    """
    await lager.saker.laas(sak_id)
    await hent_sak(lager, sak_id)
    vedtak = await lager.vedtak.hent(vedtak_id, sak_id)
    if vedtak is None:
        raise FinnesIkkeError("vedtaket")
    if vedtak.tilstand is not Vedtakstilstand.TIL_GODKJENNING:
        raise KonfliktError(
            Konflikt.VEDTAK_AVGJORT, "Vedtaket venter ikke på godkjenning. Hent saken på nytt.", vedtak.id
        )
    if kall.aktoer.type is not Aktoertype.BRUKER or kall.av == vedtak.av:
        raise KonfliktError(
            Konflikt.GODKJENNES_AV_EN_ANNEN,
            "Vedtaket må avgjøres av en annen person enn den som fattet det. Be en annen leder om det.",
            vedtak.id,
        )
    beregning = await hent_beregning(lager, sak_id, vedtak.beregning_id)
    await lager.vedtak.avgjoer(
        vedtak,
        Avgjoerelse(utfall=valg.utfall, begrunnelse=valg.begrunnelse, av=kall.av, opprettet=kall.naa),
    )
    aar = beregning.aar
    if valg.utfall is Avgjort.GODKJENT:
        lukket = await lukk_utfoerte(lager, kall, sak_id, aar, VED_VEDTAK, beregning.id)
        skjedd = endring(Endringstype.VEDTAK_NYTT, sak_id, gjelder=vedtak.id, aar=aar)
    else:
        lukket = []
        skjedd = endring(Endringstype.VEDTAK_AVVIST, sak_id, gjelder=vedtak.id, aar=aar)
    await lager.endringer.noter(kall.naa, skjedd, *lukket)
    identer = await identene(lager, sak_id)
    await lager.revisjon.noter(
        kall.naa, *kall.rader(identer.values(), Handling.VEDTAK_AVGJORT, sak_id, aar=[aar])
    )


async def ventende_vedtak(lager: Lager, kall: Kall, etter: UUID | None, antall: int) -> Sequence[Vedtak]:
    """The decisions that wait for a second person; one more than asked for shows that there are more."""
    funnet = await lager.vedtak.ventende(etter, antall + 1)
    for sak_id in dict.fromkeys(ett.sak_id for ett in funnet):
        identer = await identene(lager, sak_id)
        await lager.revisjon.noter(kall.naa, *kall.rader(identer.values(), Handling.VEDTAK_LEST, sak_id))
    return funnet
