"""What a case costs by its decisions, and what remains to be given of it. Pure.

A month that has been settled is charged as the settlement took it to be charged, whatever is decided later: the
settlement's own line brings it right, and a correction beside it would charge the difference twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid5

from app.calc.beloep import NULL
from app.calc.kontrakt.etteroppgjoer import Retning
from app.calc.kontrakt.json_tekst import les_json
from app.calc.periode import maanedsnoekkel
from app.db.lager.beregninger import Aarsresultat
from app.db.lager.etteroppgjoer import Etteroppgjoer
from app.db.lager.faktura import Fakturalinje, Linjeslag
from app.db.lager.vedtak import Vedtak
from app.services.sak.beregninger import per_maaned
from app.services.sak.vedtaksrekke import per_maaned as vedtak_per_maaned

_LINJER: Final = UUID("6f0c8a52-4a4e-5d0b-9b7e-2f5d7d1c9a10")
_OERE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Fakturasak:
    """Everything of a case that decides what is invoiced."""

    id: UUID
    slutt: date | None
    """The case's last day; nothing is charged after its month."""
    vedtak: Sequence[Vedtak]
    """Those in force."""
    beregninger: Mapping[UUID, Aarsresultat] = field(repr=False)
    """Those the decisions are made on."""
    etteroppgjoer: Sequence[Etteroppgjoer]
    gitt: Sequence[Fakturalinje]
    """What has been given before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Krav:
    """What a month costs in all."""

    oere: int = field(repr=False)
    vedtak_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kravene:
    """The months of a case, and those whose cost the decisions do not tell."""

    maaneder: Mapping[str, Krav]
    uavklarte: tuple[str, ...]


def som_oere(beloep: Decimal) -> int:
    """Kroner as whole øre.

    Raises:
        ValueError: it is not a whole number of them.
    """
    oere = beloep * _OERE
    if oere != oere.to_integral_value():
        raise ValueError("beløpet er ikke et helt antall øre")
    return int(oere)


def kravene(sak: Fakturasak, fra: str, til: str) -> Kravene:
    """What each month costs, from one month through another."""
    oppgjort = _oppgjort(sak.etteroppgjoer)
    slutt = "9999-12" if sak.slutt is None else maanedsnoekkel(sak.slutt)
    beloep = {id_: per_maaned(en) for id_, en in sak.beregninger.items()}
    vedtak = {ett.id: ett for ett in sak.vedtak}
    maaneder: dict[str, Krav] = {}
    uavklarte = []
    for aar in range(int(fra[:4]), int(til[:4]) + 1):
        for maaned, gjelder in vedtak_per_maaned(sak.vedtak, aar).items():
            if not fra <= maaned <= til:
                continue
            id_ = _ett_vedtak(gjelder)
            if maaned in oppgjort:
                maaneder[maaned] = Krav(oere=oppgjort[maaned], vedtak_id=id_)
            elif maaned > slutt or gjelder == (None,):
                continue
            elif id_ is None or sak.beregninger[vedtak[id_].beregning_id].aar != aar:
                uavklarte.append(maaned)
            else:
                kroner = beloep[vedtak[id_].beregning_id].get(maaned, NULL)
                maaneder[maaned] = Krav(oere=som_oere(kroner), vedtak_id=id_)
    return Kravene(maaneder=maaneder, uavklarte=tuple(uavklarte))


def _ett_vedtak(gjelder: tuple[UUID | None, ...]) -> UUID | None:
    """The one decision of a month; a month the first decision begins in, is all its own."""
    foerste = gjelder[1:] if len(gjelder) == 2 and gjelder[0] is None else gjelder  # noqa: PLR2004
    return foerste[0] if len(foerste) == 1 else None


def _oppgjort(alle: Sequence[Etteroppgjoer]) -> dict[str, int]:
    """What the first settlement of a month took to be charged."""
    svar: dict[str, int] = {}
    for ett in alle:
        rader: list[dict[str, Any]] = les_json(ett.resultat)["maaneder"]
        for rad in rader:
            svar.setdefault(rad["maaned"], som_oere(Decimal(rad["foer"])))
    return svar


IKKE_GITT: Final = 0
"""In the place of a run's number, until there is one."""


def nye_linjer(sak: Fakturasak, krav: Kravene, fra: str, til: str, naa: datetime) -> Iterator[Fakturalinje]:
    """What has not been given of a case: new months, differences from what was given, and settlements.

    A month whose cost is not told is left as it was given.
    """
    perioder = {linje.periode for linje in sak.gitt if len(linje.periode) == len(til)}
    for maaned in sorted(perioder | krav.maaneder.keys()):
        if not fra <= maaned <= til or maaned in krav.uavklarte:
            continue
        gitt = [linje for linje in sak.gitt if linje.periode == maaned]
        skal = krav.maaneder.get(maaned)
        rest = (0 if skal is None else skal.oere) - sum(linje.beloep_oere for linje in gitt)
        if rest:
            slag = Linjeslag.KORREKSJON if gitt else Linjeslag.EGENANDEL
            vedtak_id = None if skal is None else skal.vedtak_id
            yield _linje(sak, slag, maaned, len(gitt), rest, naa, vedtak_id=vedtak_id)
    yield from _oppgjoer(sak, naa)


def _oppgjoer(sak: Fakturasak, naa: datetime) -> Iterator[Fakturalinje]:
    gitt = {linje.etteroppgjoer_id for linje in sak.gitt}
    antall: dict[str, int] = {}
    for linje in sak.gitt:
        antall[linje.periode] = antall.get(linje.periode, 0) + 1
    for ett in sak.etteroppgjoer:
        if ett.id in gitt or ett.retning == Retning.INGEN or not ett.sum_oere:
            continue
        periode = f"{ett.aar:04d}"
        nr = antall.get(periode, 0)
        antall[periode] = nr + 1
        slag = Linjeslag.ETTEROPPGJOER
        yield _linje(sak, slag, periode, nr, ett.sum_oere, naa, etteroppgjoer_id=ett.id)


def _linje(
    sak: Fakturasak,
    slag: Linjeslag,
    periode: str,
    nr: int,
    oere: int,
    naa: datetime,
    *,
    vedtak_id: UUID | None = None,
    etteroppgjoer_id: UUID | None = None,
) -> Fakturalinje:
    return Fakturalinje(
        id=uuid5(_LINJER, f"{sak.id}:{periode}:{nr}"),
        kjoering=IKKE_GITT,
        sak_id=sak.id,
        slag=slag,
        periode=periode,
        nr=nr,
        beloep_oere=oere,
        vedtak_id=vedtak_id,
        etteroppgjoer_id=etteroppgjoer_id,
        opprettet=naa,
    )
