"""From the settings to the database with its keys."""

from base64 import b64decode

from pydantic import SecretStr

from app.db.arkiv import Arkiv
from app.db.kryptering import Noekkelring
from app.db.motor import Database
from app.services.oppsett import InnstillingManglerError
from app.settings import Settings
from app.settings.database import Kryptering


def aapne_database(settings: Settings) -> Database:
    """The database by itself, for what needs no key. Nothing is connected to yet; close it when done.

    Raises:
        UgyldigAdresseError: the address is neither SQLite in a file nor PostgreSQL.
    """
    valg = settings.database
    return Database(valg.url.get_secret_value(), samtidige=valg.samtidige)


def aapne(settings: Settings) -> Arkiv:
    """The database with its keys. Nothing is connected to yet; close its database when done.

    Raises:
        InnstillingManglerError: there are no keys.
        UgyldigAdresseError: the address is neither SQLite in a file nor PostgreSQL.
    """
    if settings.kryptering is None:
        raise InnstillingManglerError(
            "Nøklene til databasen mangler. Lag dem med «egenandel noekkel ny» og sett EGENANDEL_KRYPTERING__…"
        )
    return Arkiv(aapne_database(settings), _ring(settings.kryptering))


def _ring(valg: Kryptering) -> Noekkelring:
    noekler = {navn: _lest(noekkel) for navn, noekkel in valg.noekler.items()}
    return Noekkelring(noekler, valg.gjeldende, _lest(valg.hashnoekkel))


def _lest(noekkel: SecretStr) -> bytes:
    return b64decode(noekkel.get_secret_value(), validate=True)
