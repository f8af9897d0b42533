"""The prices in force through the year: the register it begins with, and those that take over (§ 8)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from app.calc.bistand.husstand import Husstandstrinn, finn_trinn
from app.calc.bistand.linjer import Prising, selvkost_per_time
from app.calc.kontrakt.praktisk_bistand import PraktiskBistandInn, Prisregister
from app.calc.periode import aaret, maanedsnoekkel
from app.calc.regler import par_10
from app.calc.satser import sats
from app.calc.sporing import Enhet, Faktum, Sats, Steg


class Prisperiode(NamedTuple):
    """A run of months under one price register, as it applies to one household."""

    fra_maaned: str
    register: Prisregister
    trinn: Husstandstrinn | None
    selvkost: Steg | None
    prising: Prising
    statens_tak: Sats | None

    def tak(self, dag: date, maaned: str) -> Steg | None:
        """The cap of one month, kroner; ``None`` where nothing caps it."""
        kommunens = self._kommunens_tak()
        if kommunens is None:
            statens = self.statens_tak
            return None if statens is None else par_10.statens_tak(statens, dato=dag, merke=maaned)
        if self.statens_tak is None:
            return par_10.kommunens_tak(kommunens, dato=dag, merke=maaned)
        return par_10.laveste_tak(self.statens_tak, kommunens, dato=dag, merke=maaned)

    def _kommunens_tak(self) -> Faktum | None:
        if self.trinn is None or self.trinn.trinn.maks_per_maaned is None:
            return None
        return Faktum(
            "maks_per_maaned",
            "Kommunens tak for trinnet",
            self.trinn.trinn.maks_per_maaned,
            Enhet.KRONER_PER_MAANED,
            f"{self.trinn.sti}/maksPerMaaned",
        )


def prisperioder(
    inn: PraktiskBistandInn, grunnlag: Decimal, g: Decimal, under_2g: bool
) -> tuple[Prisperiode, ...]:
    """The year's registers in order. Limits in G use G per 1 January all year, as the 2 G test does."""
    dag = aaret(inn.aar).fra
    statens_tak = sats("utgiftstak_under_2g", dag) if under_2g else None

    def perioder() -> Iterator[Prisperiode]:
        for fra_maaned, register, sti in _registre(inn):
            trinn = finn_trinn(register, sti, grunnlag, g)
            fra = dag if fra_maaned is None else date.fromisoformat(f"{fra_maaned}-01")
            selvkost = selvkost_per_time(register, sti, fra, fra_maaned)
            prising = Prising(trinn, selvkost, inn.valg.avrunding_av_tid, under_2g)
            yield Prisperiode(maanedsnoekkel(fra), register, trinn, selvkost, prising, statens_tak)

    return tuple(perioder())


def _registre(inn: PraktiskBistandInn) -> Iterator[tuple[str | None, Prisregister, str]]:
    nummerert = sorted(enumerate(inn.prisendringer), key=lambda par: par[1].fra_maaned)
    if not nummerert or nummerert[0][1].fra_maaned > maanedsnoekkel(aaret(inn.aar).fra):
        yield None, inn.prisregister, "/prisregister"
    for nr, endring in nummerert:
        yield endring.fra_maaned, endring.prisregister, f"/prisendringer/{nr}/prisregister"


def i_maaned(perioder: tuple[Prisperiode, ...], maaned: str) -> Prisperiode:
    """The prices of one month (``YYYY-MM``) of the year."""
    return next(periode for periode in reversed(perioder) if periode.fra_maaned <= maaned)
