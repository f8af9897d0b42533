"""Manual posts: made, shown and withdrawn."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from app.calc.kontrakt.feil import Feil
from app.calc.poster.felt import Virkning
from app.db.arkiv import Lager
from app.db.ident import ny_id
from app.db.lager.manuelle_poster import ManuellPost, Slag
from app.db.lager.saker import Sak
from app.services.endringer import Endringstype, endring
from app.services.revisjon import Handling
from app.services.sak.drift import Kall
from app.services.sak.feil import UKJENT_PERSON, FinnesIkkeError, UgyldigSakError
from app.services.sak.forespoersler import NyeManuellePoster, OppgittBeloep, PlassertPost
from app.services.sak.poster import (
    feltfeil,
    innhold_av_beloep,
    innhold_av_plassering,
    les_innhold,
    noekkelaar,
    noekkelfeil,
    somfeil,
)
from app.services.sak.rader import Saksperson, Sakstjeneste
from app.services.sak.ut import ManuellPostUt, tidspunkt

Oppslagsvis = Callable[[Saksperson], UUID | None]
"""Our reference to somebody a post names; ``None`` when the case is not about them."""


def blant(identer: Mapping[UUID, str]) -> Oppslagsvis:
    """Finds whom a post names among persons, by reference or by national id."""

    def hvem(person: Saksperson) -> UUID | None:
        for id_, ident in identer.items():
            if str(id_) == person.person_id or ident == person.personidentifikator:
                return id_
        return None

    return hvem


def nye_poster(
    kall: Kall, sak: Sak, nye: NyeManuellePoster, hvem: Oppslagsvis, sti: str = ""
) -> tuple[ManuellPost, ...]:
    """Posts ready to be stored.

    Args:
        kall: who decides, and when.
        sak: the case.
        nye: the request.
        hvem: finds the person a post names.
        sti: where the posts stand in the request.

    Raises:
        UgyldigSakError: a post that this case cannot have; every fault.
    """
    feil: list[Feil] = []
    poster = [
        *_beloep(kall, sak, nye, hvem, sti, feil),
        *_plasseringer(kall, sak, nye, hvem, sti, feil),
    ]
    if feil:
        raise UgyldigSakError(*feil)
    return tuple(poster)


def _beloep(
    kall: Kall, sak: Sak, nye: NyeManuellePoster, hvem: Oppslagsvis, sti: str, feil: list[Feil]
) -> Iterator[ManuellPost]:
    for nr, post in enumerate(nye.oppgitte_beloep):
        her = f"{sti}/oppgitteBeloep/{nr}"
        person_id = _person(post, sak, hvem, her, feil)
        if person_id is None:
            continue
        galt = feltfeil(post.felt_, Sakstjeneste(sak.tjeneste), person_id == sak.person_id, f"{her}/felt")
        if galt is not None:
            feil.append(galt)
            continue
        yield _post(kall, sak, person_id, nye.aar, Slag.BELOEP, innhold_av_beloep(post), post)


def _plasseringer(
    kall: Kall, sak: Sak, nye: NyeManuellePoster, hvem: Oppslagsvis, sti: str, feil: list[Feil]
) -> Iterator[ManuellPost]:
    for nr, post in enumerate(nye.plasseringer):
        her = f"{sti}/plasseringer/{nr}"
        person_id = _person(post, sak, hvem, her, feil)
        galt = noekkelfeil(post.noekkel, f"{her}/noekkel") or somfeil(
            post.noekkel, post.som, Sakstjeneste(sak.tjeneste), f"{her}/som"
        )
        if galt is not None:
            feil.append(galt)
        elif person_id is not None:
            aar = noekkelaar(post.noekkel)
            yield _post(kall, sak, person_id, aar, Slag.PLASSERING, innhold_av_plassering(post), post)


def _person(
    post: OppgittBeloep | PlassertPost, sak: Sak, hvem: Oppslagsvis, sti: str, feil: list[Feil]
) -> UUID | None:
    person_id = sak.person_id if post.person is None else hvem(post.person)
    if person_id is None:
        feil.append(
            Feil(f"{sti}/person", UKJENT_PERSON, "Personen er ikke i saken. Legg den til i husstanden først.")
        )
    return person_id


def _post(
    kall: Kall,
    sak: Sak,
    person_id: UUID,
    aar: int,
    slag: Slag,
    innhold: str,
    post: OppgittBeloep | PlassertPost,
) -> ManuellPost:
    return ManuellPost(
        id=ny_id(kall.naa),
        sak_id=sak.id,
        person_id=person_id,
        aar=aar,
        slag=slag,
        innhold=innhold,
        begrunnelse=post.begrunnelse,
        vedlegg=post.vedlegg,
        av=kall.av,
        opprettet=kall.naa,
    )


async def lagre_poster(lager: Lager, kall: Kall, sak: Sak, nye: NyeManuellePoster) -> tuple[ManuellPost, ...]:
    """Store manual posts in a case.

    Raises:
        UgyldigSakError: a post that this case cannot have.
    """
    personene = await lager.personer.i_sak(sak.id)
    identer = {id_: en.ident for id_, en in personene.items()}
    poster = nye_poster(kall, sak, nye, blant(identer))
    await lagre_klare_poster(lager, kall, sak.id, poster, identer)
    return poster


async def lagre_klare_poster(
    lager: Lager, kall: Kall, sak_id: UUID, poster: Sequence[ManuellPost], identer: Mapping[UUID, str]
) -> None:
    """Store posts that have been tried against their case.

    Args:
        lager: the kommune's.
        kall: who decides.
        sak_id: the case.
        poster: the posts.
        identer: the national id of those they are about.
    """
    await lager.manuelle_poster.ny(*poster)
    await lager.endringer.noter(
        kall.naa,
        *(endring(Endringstype.MANUELL_POST_NY, sak_id, gjelder=post.id, aar=post.aar) for post in poster),
    )
    hvem = {identer[post.person_id] for post in poster}
    await lager.revisjon.noter(
        kall.naa, *kall.rader(hvem, Handling.MANUELL_POST_NY, sak_id, aar=[post.aar for post in poster])
    )


async def opphev_post(lager: Lager, kall: Kall, sak: Sak, post_id: UUID) -> ManuellPost:
    """Withdraw a manual post; it stays on record.

    Raises:
        FinnesIkkeError: the case has no such post in force.
    """
    if not await lager.manuelle_poster.opphev(post_id, sak.id, kall.av, kall.naa):
        raise FinnesIkkeError("posten")
    post = await lager.manuelle_poster.hent(post_id, sak.id)
    person = None if post is None else await lager.personer.hent(post.person_id)
    if post is None or person is None:
        raise FinnesIkkeError("posten")
    await lager.endringer.noter(
        kall.naa, endring(Endringstype.MANUELL_POST_OPPHEVET, sak.id, gjelder=post.id, aar=post.aar)
    )
    await lager.revisjon.noter(
        kall.naa, *kall.rader([person.ident], Handling.MANUELL_POST_OPPHEVET, sak.id, aar=[post.aar])
    )
    return post


def post_ut(post: ManuellPost) -> ManuellPostUt:
    """A manual post as a client sees it."""
    innhold = les_innhold(post)
    beloep, virkning = innhold.get("beloep"), innhold.get("virkning")
    return ManuellPostUt(
        id=str(post.id),
        person_id=str(post.person_id),
        aar=post.aar,
        slag=post.slag,
        felt_=innhold.get("felt"),
        noekkel=innhold.get("noekkel"),
        som=innhold.get("som"),
        beloep=None if beloep is None else Decimal(beloep),
        virkning=None if virkning is None else Virkning(virkning),
        begrunnelse=post.begrunnelse,
        kilde=innhold.get("kilde"),
        vedlegg=post.vedlegg,
        av=post.av,
        opprettet=tidspunkt(post.opprettet),
        opphevet=None if post.opphevet is None else tidspunkt(post.opphevet),
        opphevet_av=post.opphevet_av,
    )


async def les_poster(lager: Lager, kall: Kall, sak_id: UUID) -> list[ManuellPost]:
    """Every manual post of a case, withdrawn ones too.

    Raises:
        FinnesIkkeError: the kommune has no such case.
    """
    if await lager.saker.hent(sak_id) is None:
        raise FinnesIkkeError("saken")
    poster = await lager.manuelle_poster.for_sak(sak_id)
    personene = await lager.personer.i_sak(sak_id)
    rader = kall.rader(
        (person.ident for person in personene.values()),
        Handling.MANUELL_POST_LEST,
        sak_id,
        aar=[post.aar for post in poster],
    )
    await lager.revisjon.noter(kall.naa, *rader)
    return poster
