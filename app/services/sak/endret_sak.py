"""A case with what is to be changed in it: the same for what is shown beforehand and for what is stored."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.calc.kontrakt.feil import Feil
from app.db.arkiv import Lager
from app.db.lager.manuelle_poster import ManuellPost
from app.services.kommuneoppsett.dokument import Kommuneoppsett
from app.services.sak.drift import Kall, Saksdrift
from app.services.sak.feil import FinnesIkkeError
from app.services.sak.forespoersler import OensketForhaandsvisning
from app.services.sak.innhold import LagretSaksinnhold
from app.services.sak.manuelle import blant, nye_poster
from app.services.sak.saker import (
    Endretinnhold,
    Hentetsak,
    hent_sak,
    identene,
    oppsettet,
    som_endret,
    ta_i_bruk,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndretSak:
    """Everything a changed case is calculated from, read in one transaction; nothing of the change is stored."""

    sak: Hentetsak
    """As it is stored."""
    endret: Endretinnhold | None
    """What it is to say; ``None`` is what it says."""
    identer: Mapping[UUID, str] = field(repr=False)
    kjente: frozenset[UUID]
    """Whom the case has asked about before."""
    gjelder: tuple[ManuellPost, ...]
    """The stored posts without those to be withdrawn."""
    nye: tuple[ManuellPost, ...]
    opphevede: tuple[UUID, ...]
    oppsett: Kommuneoppsett
    oppsett_versjon: int

    @property
    def innhold(self) -> LagretSaksinnhold:
        """What the case is calculated with."""
        return self.sak.innhold if self.endret is None else self.endret.innhold

    @property
    def poster(self) -> tuple[ManuellPost, ...]:
        """The posts it is calculated with."""
        return (*self.gjelder, *self.nye)


async def les_endret(
    drift: Saksdrift, lager: Lager, kall: Kall, sak_id: UUID, oenske: OensketForhaandsvisning
) -> EndretSak:
    """Read a case, and try what is to be changed against it.

    Raises:
        FinnesIkkeError: the kommune has no such case, or a person or post is not there.
        KonfliktError: the case has ended and its content is to be changed.
        UgyldigSakError: the case cannot be as it is asked for; every fault with a pointer into the request.
    """
    sak = await hent_sak(lager, sak_id)
    oppsett, oppsett_versjon = await oppsettet(lager)
    ta_i_bruk(drift, oppsett)
    identer = await identene(lager, sak_id)
    endret: Endretinnhold | None = None
    if oenske.innhold is not None:
        endret = await som_endret(drift, lager, kall, sak, oenske.innhold, oppsett, "/innhold")
        identer |= {en.id: en.ident for en in endret.navngitte}
    gjelder = await lager.manuelle_poster.for_sak(sak_id)
    nye: tuple[ManuellPost, ...] = ()
    if oenske.manuelle_poster is not None:
        nye = nye_poster(kall, sak.sak, oenske.manuelle_poster, blant(identer), "/manuellePoster")
    return EndretSak(
        sak=sak,
        endret=endret,
        identer=identer,
        kjente=frozenset(ett.person_id for ett in await lager.grunnlag.hvor(sak_id=sak_id)),
        gjelder=_uten(gjelder, oenske.opphevede_poster),
        nye=nye,
        opphevede=tuple(UUID(id_) for id_ in oenske.opphevede_poster),
        oppsett=oppsett,
        oppsett_versjon=oppsett_versjon,
    )


def _uten(gjelder: Sequence[ManuellPost], opphevede: Iterable[str]) -> tuple[ManuellPost, ...]:
    borte = {UUID(id_) for id_ in opphevede}
    if not borte <= {post.id for post in gjelder if post.opphevet is None}:
        raise FinnesIkkeError("posten")
    return tuple(post for post in gjelder if post.id not in borte)


def i_forespoerselen(feil: Iterable[Feil], oenske: OensketForhaandsvisning) -> Iterator[Feil]:
    """Faults with pointers into the case or the wish, as they stand in the request."""
    for en in feil:
        if en.pointer.startswith("/endeligBegrunnelse"):
            yield Feil(f"/beregning{en.pointer}", en.kode, en.detail)
        else:
            yield Feil(f"{'' if oenske.innhold is None else '/innhold'}{en.pointer}", en.kode, en.detail)
