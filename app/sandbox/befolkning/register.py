"""The population as the outside systems see it: look-ups by id, and changes that can be undone."""

from dataclasses import replace
from functools import cached_property

from app.sandbox.befolkning.generator import Flokk
from app.sandbox.befolkning.navngitte import navngitte
from app.sandbox.befolkning.person import Oppgave, Oppgjoer, Person

STANDARD_FROE = 1349
STANDARD_ANTALL = 10_000


class UkjentPersonError(KeyError):
    """No person has that nickname."""


class Befolkning:
    """Hand-made persons and a crowd of ``antall`` more.

    Changes may be for one kommune only (``kommune``, organisation number): the others go on seeing what
    they saw. That shows whether an answer fetched for one kommune leaks to another.
    """

    def __init__(self, froe: int = STANDARD_FROE, antall: int = STANDARD_ANTALL) -> None:
        self._opprinnelige = {person.kallenavn: person for person in navngitte()}
        self.flokk = Flokk(froe, antall)
        self._endret: dict[tuple[str | None, str], Person] = {}
        self._navngitte_identer = {
            ident: person.kallenavn
            for person in self._opprinnelige.values()
            for ident in (*person.identer, *person.trykte)
        }

    @cached_property
    def _flokkens_identer(self) -> dict[str, int]:
        return {self.flokk.ident(nummer): nummer for nummer in range(self.flokk.antall)}

    def navngitte(self) -> list[Person]:
        """The hand-made persons as they are now."""
        return [self.person(kallenavn) for kallenavn in self._opprinnelige]

    def finn(self, ident: str, kommune: str | None = None) -> Person | None:
        """The person with the id, as ``kommune`` sees it."""
        kallenavn = self._navngitte_identer.get(ident)
        if kallenavn is None:
            nummer = self._flokkens_identer.get(ident)
            if nummer is None:
                return None
            kallenavn = self.flokk.kallenavn(nummer)
        return self.person(kallenavn, kommune)

    def person(self, kallenavn: str, kommune: str | None = None) -> Person:
        """The person with the nickname, as ``kommune`` sees it.

        Raises:
            UkjentPersonError: nobody is called that.
        """
        for noekkel in ((kommune, kallenavn), (None, kallenavn)):
            if noekkel in self._endret:
                return self._endret[noekkel]
        if kallenavn in self._opprinnelige:
            return self._opprinnelige[kallenavn]
        prefiks, _, nummer = kallenavn.partition("-")
        if prefiks == "flokk" and nummer.isdecimal() and int(nummer) < self.flokk.antall:
            return self.flokk.person(int(nummer))
        raise UkjentPersonError(kallenavn)

    def sett_oppgjoer(self, kallenavn: str, aar: int, oppgjoer: Oppgjoer, kommune: str | None = None) -> None:
        """Give the person a settlement for the year, new or changed."""
        person = self.person(kallenavn, kommune)
        self._lagre(
            replace(person, oppgjoer={**person.oppgjoer, aar: oppgjoer}, slettet=person.slettet - {aar}),
            kommune,
        )

    def slett_oppgjoer(self, kallenavn: str, aar: int, kommune: str | None = None) -> None:
        """Take the settlement of the year away, as when Skatteetaten deletes it."""
        person = self.person(kallenavn, kommune)
        rest = {a: o for a, o in person.oppgjoer.items() if a != aar}
        self._lagre(replace(person, oppgjoer=rest, slettet=person.slettet | {aar}), kommune)

    def hold_tilbake_oppgjoer(self, kallenavn: str, aar: int, kommune: str | None = None) -> None:
        """Let the settlement of the year not have come yet."""
        person = self.person(kallenavn, kommune)
        self._lagre(replace(person, oppgjoer={a: o for a, o in person.oppgjoer.items() if a != aar}), kommune)

    def opprinnelig_oppgjoer(self, kallenavn: str, aar: int) -> Oppgjoer | None:
        """The settlement of the year as it was before any change."""
        if kallenavn in self._opprinnelige:
            return self._opprinnelige[kallenavn].oppgjoer.get(aar)
        return self.flokk.person(int(kallenavn.partition("-")[2])).oppgjoer.get(aar)

    def sett_maaned(
        self, kallenavn: str, maaned: str, oppgaver: tuple[Oppgave, ...], kommune: str | None = None
    ) -> None:
        """Replace everything reported for the month."""
        person = self.person(kallenavn, kommune)
        andre = tuple(o for o in person.inntekt if o.maaned != maaned)
        self._lagre(replace(person, inntekt=andre + oppgaver), kommune)

    def nullstill(self) -> None:
        """Undo every change."""
        self._endret.clear()

    def _lagre(self, person: Person, kommune: str | None) -> None:
        self._endret[kommune, person.kallenavn] = person
