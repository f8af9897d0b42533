"""Two calculations of a case side by side: what each month costs in both, and what explains the difference.

Everything is read from what is stored with them: nothing is calculated or looked up again.
"""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from app.calc.kontrakt.json_tekst import les_json
from app.calc.kontrakt.lesing import SVAR_MED_FORTEGN, Boolsk, Kanskje, Liste, Objekt, felt
from app.calc.periode import MAANEDER_I_AARET
from app.db.arkiv import Lager
from app.db.lager.beregninger import Beregning
from app.services.sak.beregninger import hent_beregning, meta, noter_lest
from app.services.sak.drift import Kall
from app.services.sak.endringer import Maanedsforskjell
from app.services.sak.feil import Konflikt, KonfliktError
from app.services.sak.forhaandsvisning import maanedsforskjeller, sum_av
from app.services.sak.forklaringer import (
    FLEST,
    Innholdsforskjell,
    Mangelforskjell,
    Oppsettforskjell,
    Postforskjell,
    Satsforskjell,
    Tallforskjell,
    Versjonsforskjell,
    innholdsforskjeller,
    mangelforskjeller,
    oppsettforskjeller,
    postforskjeller,
    satsforskjeller,
    tallforskjeller,
    versjonsforskjeller,
)
from app.services.sak.saker import hent_sak
from app.services.sak.ut import BeregningMeta


@dataclass(frozen=True, slots=True, repr=False)
class Sammenligning:
    """Two calculations of one year of a case."""

    gammel: BeregningMeta = felt(Objekt(BeregningMeta), "Beregningen det sammenlignes med")
    ny: BeregningMeta = felt(Objekt(BeregningMeta), "Beregningen det gjelder")
    maaneder: tuple[Maanedsforskjell, ...] = felt(
        Liste(Objekt(Maanedsforskjell), MAANEDER_I_AARET), "Hver måned som er med i en av dem"
    )
    sum: Decimal | None = felt(
        Kanskje(SVAR_MED_FORTEGN), "Summen av differansene; null når en av dem ikke har noe resultat"
    )
    lik: bool = felt(Boolsk(), "Om det verken er forskjell i beløp eller i det de bygger på")
    tall: tuple[Tallforskjell, ...] = felt(
        Liste(Objekt(Tallforskjell), FLEST), "Beløp i beregningen som er ulike"
    )
    poster: tuple[Postforskjell, ...] = felt(
        Liste(Objekt(Postforskjell), FLEST), "Skatteposter, inntekter og oppgitte beløp som er ulike"
    )
    mangler: tuple[Mangelforskjell, ...] = felt(
        Liste(Objekt(Mangelforskjell), FLEST), "Tall som mangler i bare den ene"
    )
    innhold: tuple[Innholdsforskjell, ...] = felt(
        Liste(Objekt(Innholdsforskjell), FLEST), "Opphold, husstand, tjenester og annet i saken som er ulikt"
    )
    oppsett: tuple[Oppsettforskjell, ...] = felt(
        Liste(Objekt(Oppsettforskjell), FLEST), "Kommunens valg og priser som er ulike"
    )
    satser: tuple[Satsforskjell, ...] = felt(
        Liste(Objekt(Satsforskjell), FLEST), "Satser begge bruker, med ulik verdi"
    )
    versjoner: tuple[Versjonsforskjell, ...] = felt(
        Liste(Objekt(Versjonsforskjell), FLEST),
        "Versjoner av regler, satser, katalog og program som er ulike",
    )

    def __repr__(self) -> str:
        return f"<Sammenligning {self.ny.aar}>"


async def sammenlign(lager: Lager, kall: Kall, sak_id: UUID, ny_id: UUID, gammel_id: UUID) -> Sammenligning:
    """Hold a calculation of a case against another of the same year, and note that both were shown.

    Raises:
        FinnesIkkeError: the kommune has no such case, or the case has none of one of the ids.
        KonfliktError: they are of different years.
    """
    await hent_sak(lager, sak_id)
    ny = await hent_beregning(lager, sak_id, ny_id)
    gammel = await hent_beregning(lager, sak_id, gammel_id)
    await noter_lest(lager, kall, sak_id, [ny.aar, gammel.aar])
    if ny.aar != gammel.aar:
        raise KonfliktError(
            Konflikt.ULIKE_AAR,
            f"Beregningene gjelder {gammel.aar} og {ny.aar}. Velg to som gjelder samme år.",
            gammel.id,
        )
    return sammenlignet(gammel, ny, await _innholdet(lager, gammel), await _innholdet(lager, ny))


async def _innholdet(lager: Lager, beregning: Beregning) -> str:
    versjon = await lager.saker.innhold(beregning.sak_id, beregning.sak_versjon)
    return "{}" if versjon is None else versjon.innhold


def sammenlignet(gammel: Beregning, ny: Beregning, gammelt_innhold: str, nytt_innhold: str) -> Sammenligning:
    """The comparison itself. Pure.

    Args:
        gammel: the calculation that is compared with.
        ny: the calculation in question.
        gammelt_innhold: what the case said when ``gammel`` was made.
        nytt_innhold: what the case said when ``ny`` was made.
    """
    maaneder = maanedsforskjeller(gammel, ny)
    tall = tallforskjeller(gammel, ny)
    poster = postforskjeller(gammel, ny)
    mangler = mangelforskjeller(gammel, ny)
    innhold = innholdsforskjeller(les_json(gammelt_innhold), les_json(nytt_innhold))
    oppsett = oppsettforskjeller(gammel, ny)
    satser = satsforskjeller(gammel, ny)
    versjoner = versjonsforskjeller(gammel, ny)
    sum_ = sum_av(maaneder)
    like_beloep = all(rad.gammel == rad.ny for rad in maaneder) and gammel.tilstand is ny.tilstand
    return Sammenligning(
        gammel=meta(gammel),
        ny=meta(ny),
        maaneder=maaneder,
        sum=sum_,
        lik=like_beloep and not any((tall, poster, mangler, innhold, oppsett, satser, versjoner)),
        tall=tall,
        poster=poster,
        mangler=mangler,
        innhold=innhold,
        oppsett=oppsett,
        satser=satser,
        versjoner=versjoner,
    )
