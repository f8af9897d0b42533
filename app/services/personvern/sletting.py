"""Erasing a person: their own cases whole, and their part in the cases of others.

Whether the kommune may erase is for the kommune to say; archive law may forbid it (docs/personvern.md). Here is only
what erasure takes with it:

* every case the person is the main person of, with everything in it;
* whoever was known only from those cases;
* stored answers to idempotency keys that name any of it;
* on demand, the person's answers, manual posts and reference in cases of others. Such a case keeps its calculations
  and decisions, whose figures are the other's; where the reference stood there is one that points at nobody.

The audit register stays. It knows the person by a keyed mark only.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from app.calc.kontrakt.json_tekst import les_json
from app.db.arkiv import Lager
from app.db.ident import slettet_id
from app.db.lager.personer import Person
from app.db.lager.saker import Sak
from app.services.endringer import Endringstype, endring
from app.services.personvern.roller import UKJENT, referanser, roller
from app.services.revisjon import Aktoer, Handling, Utfall, ny_rad

HJEMMEL: Final = "personvernforordningen artikkel 17"


@dataclass(frozen=True, slots=True, kw_only=True)
class Omfang:
    """What erasure takes away, or would. Counts only, so that it may be shown and noted."""

    saker: int = 0
    beregninger: int = 0
    vedtak: int = 0
    etteroppgjoer: int = 0
    grunnlag: int = 0
    manuelle_poster: int = 0
    idempotens: int = 0
    andre_personer: int = 0
    """Persons known only from the cases that go."""
    andres_saker: Mapping[str, int] = field(default_factory=dict)
    """Cases of others that name the person, by relation."""

    @property
    def antall_i_andres_saker(self) -> int:
        """How many of them."""
        return sum(self.andres_saker.values())

    def som_antall(self) -> dict[str, int]:
        """As the audit register has it."""
        return {
            "saker": self.saker,
            "beregninger": self.beregninger,
            "vedtak": self.vedtak,
            "etteroppgjoer": self.etteroppgjoer,
            "grunnlag": self.grunnlag,
            "manuellePoster": self.manuelle_poster,
            "idempotenssvar": self.idempotens,
            "andrePersoner": self.andre_personer,
            "andresSaker": self.antall_i_andres_saker,
        }


@dataclass(frozen=True, slots=True)
class Slettesvar:
    """How it went: OK, UTEN_DATA (nobody of that id), or AVSLAATT (the person is in cases of others)."""

    utfall: Utfall
    omfang: Omfang


async def omfang(lager: Lager, ident: str) -> Omfang | None:
    """What erasure would take, for whoever must confirm it; ``None`` when nobody has the id.

    Stored answers are not counted beforehand.
    """
    person = await lager.personer.finn(ident)
    return None if person is None else (await _Sletting(lager, person).se_over()).omfang


async def slett(
    lager: Lager,
    ident: str,
    *,
    aktoer: Aktoer,
    naa: datetime,
    ogsaa_fra_andres_saker: bool = False,
    formaal: str = "krav om sletting",
    hjemmel: str = HJEMMEL,
) -> Slettesvar:
    """Erase a person within one transaction, and note it whatever the outcome.

    Args:
        lager: a transaction that may write.
        ident: national id.
        aktoer: who erases.
        naa: now.
        ogsaa_fra_andres_saker: take the person out of cases of others too.
        formaal: why, for the register.
        hjemmel: on what basis, for the register.

    Raises:
        VersjonskonfliktError: a case was changed meanwhile; nothing has been done.
        ValueError: ``formaal`` or ``hjemmel`` looks personal.
    """
    person = await lager.personer.finn(ident)
    identer = [ident]
    if person is None:
        svar = Slettesvar(Utfall.UTEN_DATA, Omfang())
    else:
        await lager.personer.laas(person.id)
        sletting = await _Sletting(lager, person).se_over()
        if sletting.i_andres and not ogsaa_fra_andres_saker:
            svar = Slettesvar(Utfall.AVSLAATT, sletting.omfang)
        else:
            svar = Slettesvar(Utfall.OK, await sletting.utfoer(aktoer, naa))
            identer += [annen.ident for annen in sletting.foreldreloese]
    rader = [
        ny_rad(
            aktoer,
            Handling.SLETTING,
            svar.utfall,
            ident=hvem,
            formaal=formaal,
            hjemmel=hjemmel,
            antall=svar.omfang.som_antall(),
        )
        for hvem in identer
    ]
    await lager.revisjon.noter(naa, *rader)
    return svar


class _Sletting:
    """One person's erasure: first looked over, then carried out."""

    def __init__(self, lager: Lager, person: Person) -> None:
        self._lager = lager
        self._person = person
        self._egne: list[Sak] = []
        self.i_andres: set[UUID] = set()
        self.foreldreloese: list[Person] = []
        """Whoever nobody else knows when the person's own cases are gone."""
        self.omfang = Omfang()

    async def se_over(self) -> "_Sletting":
        lager, person_id = self._lager, self._person.id
        self._egne = await lager.saker.hovedsaker(person_id)
        egne = {sak.id for sak in self._egne}
        grunnlag = await lager.grunnlag.hvor(person_id=person_id)
        poster = await lager.manuelle_poster.for_person(person_id)
        bekjente = await self._bekjente()
        nevnt = await lager.saker.som_nevner({person_id, *bekjente})
        self.i_andres = (
            nevnt[person_id]
            | set(await lager.saker.for_person(person_id))
            | {ett.sak_id for ett in grunnlag}
            | {post.sak_id for post in poster}
        ) - egne
        alene = {hvem for hvem in bekjente if not await self._finnes_utenfor(hvem, nevnt[hvem] - egne, egne)}
        self.foreldreloese = list((await lager.personer.mange(alene)).values())
        self.omfang = Omfang(
            saker=len(egne),
            beregninger=sum([len(await lager.beregninger.for_sak(id_)) for id_ in egne]),
            vedtak=sum([len(await lager.vedtak.alle(id_)) for id_ in egne]),
            etteroppgjoer=sum([len(await lager.etteroppgjoer.for_sak(id_)) for id_ in egne]),
            grunnlag=sum([len(await lager.grunnlag.hvor(sak_id=id_)) for id_ in egne])
            + sum(ett.sak_id in self.i_andres for ett in grunnlag),
            manuelle_poster=sum([len(await lager.manuelle_poster.for_sak(id_)) for id_ in egne])
            + sum(post.sak_id in self.i_andres for post in poster),
            andre_personer=len(self.foreldreloese),
            andres_saker=Counter([await self._rolle(id_) for id_ in sorted(self.i_andres)]),
        )
        return self

    async def utfoer(self, aktoer: Aktoer, naa: datetime) -> Omfang:
        lager = self._lager
        ord_ = {self._person.ident, str(self._person.id)}
        ord_ |= {tekst for hvem in self.foreldreloese for tekst in (hvem.ident, str(hvem.id))}
        for sak in self._egne:
            ord_ |= await self._slett_sak(sak.id)
        for sak_id in sorted(self.i_andres):
            await self._ta_ut_av(sak_id, aktoer, naa)
            ord_.add(str(sak_id))  # an answer about the case may show the figures without the reference
        for hvem in (self._person, *self.foreldreloese):
            await lager.personer.slett(hvem.id)
        await lager.endringer.noter(
            naa,
            *(endring(Endringstype.SAK_SLETTET, sak.id) for sak in self._egne),
            *(endring(Endringstype.SAK_ENDRET, sak_id) for sak_id in sorted(self.i_andres)),
        )
        return replace(self.omfang, idempotens=await lager.idempotens.slett_som_nevner(ord_))

    async def _bekjente(self) -> set[UUID]:
        """Everybody else in the person's own cases, as they are and as they were."""
        lager, funnet = self._lager, set[UUID]()
        for sak in self._egne:
            funnet |= await lager.saker.personer(sak.id)
            funnet |= {ett.person_id for ett in await lager.grunnlag.hvor(sak_id=sak.id)}
            funnet |= {post.person_id for post in await lager.manuelle_poster.for_sak(sak.id)}
            for versjon in await lager.saker.versjoner(sak.id):
                funnet |= referanser(les_json(versjon.innhold))
        return set(await lager.personer.mange(funnet - {self._person.id}))

    async def _finnes_utenfor(self, hvem: UUID, nevnt: Collection[UUID], egne: Collection[UUID]) -> bool:
        """Whether anything but the cases that go knows the person."""
        lager = self._lager
        return bool(
            nevnt
            or await lager.saker.hovedsaker(hvem)
            or set(await lager.saker.for_person(hvem)).difference(egne)
            or any(ett.sak_id not in egne for ett in await lager.grunnlag.hvor(person_id=hvem))
            or any(post.sak_id not in egne for post in await lager.manuelle_poster.for_person(hvem))
        )

    async def _rolle(self, sak_id: UUID) -> str:
        """The person's relation in a case of another, by the newest version that names the person."""
        for versjon in reversed(await self._lager.saker.versjoner(sak_id)):
            if funnet := roller(les_json(versjon.innhold), self._person.id):
                return min(funnet)
        return UKJENT

    async def _slett_sak(self, sak_id: UUID) -> set[str]:
        """Take a case away; the identities that went with it, as they stand in answers."""
        lager = self._lager
        await lager.saker.laas(sak_id)
        borte = {sak_id}
        borte |= {ett.id for ett in await lager.etteroppgjoer.for_sak(sak_id)}
        borte |= {ett.id for ett in await lager.vedtak.alle(sak_id)}
        borte |= {ett.id for ett in await lager.brev.for_sak(sak_id)}
        borte |= {ett.id for ett in await lager.beregninger.for_sak(sak_id)}
        borte |= {ett.id for ett in await lager.grunnlag.hvor(sak_id=sak_id)}
        borte |= {ett.id for ett in await lager.manuelle_poster.for_sak(sak_id)}
        await lager.brev.slett(sak_id)
        await lager.etteroppgjoer.slett(sak_id)
        await lager.vedtak.slett(sak_id)
        await lager.beregninger.slett(sak_id)
        await lager.grunnlag.slett(sak_id)
        await lager.manuelle_poster.slett(sak_id)
        await lager.saker.slett(sak_id)
        return set(map(str, borte))

    async def _ta_ut_av(self, sak_id: UUID, aktoer: Aktoer, naa: datetime) -> None:
        """Take the person out of a case of another, which keeps what it came to."""
        lager, person_id = self._lager, self._person.id
        await lager.saker.laas(sak_id)
        fra, til = str(person_id), str(slettet_id())
        versjoner = await lager.saker.versjoner(sak_id)
        for versjon in versjoner:
            if fra in versjon.innhold:
                await lager.saker.skriv_om(
                    sak_id, replace(versjon, innhold=versjon.innhold.replace(fra, til))
                )
        await self._skriv_om_beregninger(sak_id, fra, til)
        await lager.grunnlag.slett(sak_id, person_id)
        await lager.manuelle_poster.slett(sak_id, person_id)
        sak = await lager.saker.hent(sak_id)
        personer = await lager.saker.personer(sak_id)
        if sak is not None and person_id in personer:
            # A version of its own, so that whoever follows the case sees that it changed.
            innhold = versjoner[-1].innhold.replace(fra, til)
            ny = replace(sak, endret=naa)
            await lager.saker.endre(sak, ny, innhold, personer - {person_id}, aktoer.merke)

    async def _skriv_om_beregninger(self, sak_id: UUID, fra: str, til: str) -> None:
        """The same calculations and decisions, word for word but for the reference.

        A row that is never changed is taken out and put back; the database lets an erasure do no other.
        """
        lager = self._lager
        korte = await lager.beregninger.for_sak(sak_id)
        if not any(fra in ett.svar for ett in korte):
            return
        hele = [ett for kort in korte if (ett := await lager.beregninger.hent(kort.id)) is not None]
        vedtak = await lager.vedtak.alle(sak_id)
        oppgjoer = await lager.etteroppgjoer.for_sak(sak_id)
        brevene = await lager.brev.for_sak(sak_id)
        await lager.brev.slett(sak_id)
        await lager.etteroppgjoer.slett(sak_id)
        await lager.vedtak.slett(sak_id)
        await lager.beregninger.slett(sak_id)
        for beregning in hele:
            await lager.beregninger.ny(replace(beregning, svar=beregning.svar.replace(fra, til)))
        for fattet in vedtak:
            await lager.vedtak.ny(fattet)
        for gjort in oppgjoer:
            await lager.etteroppgjoer.ny(gjort)
        for brev in brevene:
            await lager.brev.ny(brev)
