"""What reading the lists again says of one kommune."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.db.lager.arbeid import Liste
from app.klokke import dagen
from app.services.avstemming.funn import Avvik, Funn, Kontrollnavn
from app.services.avstemming.lister import Listefunn
from app.settings.avstemming import Avstemming


def listekontroller(
    kommune: str, lister: Sequence[Listefunn], valg: Avstemming, naa: datetime, *, toerr: bool
) -> list[Funn]:
    """The controls of the lists, for one kommune."""
    return [
        _leste(kommune, lister),
        _peker(lister),
        _dekning(kommune, lister, toerr=toerr),
        _uleselige(lister),
        _stillhet(lister, valg, naa),
    ]


def _leste(kommune: str, lister: Sequence[Listefunn]) -> Funn:
    avvik = []
    for en in lister:
        if en.tegn is None and kommune in en.har:
            avvik.append(Avvik({"liste": en.liste.value, "grunn": "IKKE_BEGYNT"}))
        elif en.stans is not None:
            avvik.append(Avvik({"liste": en.liste.value, "grunn": en.stans}))
    begynt = sum(en.tegn is not None or kommune in en.har for en in lister)
    return Funn(navn=Kontrollnavn.LESTE_LISTER, kontrollert=begynt, avvik=tuple(avvik))


def _peker(lister: Sequence[Listefunn]) -> Funn:
    leste = [en for en in lister if en.stand is not None]
    gale = [en for en in leste if en.feil is not None and en.tegn is not None]
    return Funn(
        navn=Kontrollnavn.PEKER,
        kontrollert=len(leste),
        avvik=tuple(
            Avvik(
                {
                    "liste": en.liste.value,
                    "feil": str(en.feil),
                    "fra": None if en.tegn is None else en.tegn.neste,
                    "til": en.flyttet_til,
                }
            )
            for en in gale
        ),
        rettet=sum(en.rettet for en in gale),
    )


def _dekning(kommune: str, lister: Sequence[Listefunn], *, toerr: bool) -> Funn:
    savnet = [(en.liste, ett) for en in lister for ett in en.savnet.get(kommune, ())]
    nye = sum(len(en.nye.get(kommune, ())) for en in lister)
    return Funn(
        navn=Kontrollnavn.DEKNING,
        kontrollert=sum(en.fulgte.get(kommune, 0) for en in lister),
        avvik=tuple(
            Avvik(
                {
                    "liste": liste.value,
                    "sekvensnummer": ett.sekvensnummer,
                    "personId": str(ett.person_id),
                    "aar": ett.aar,
                }
            )
            for liste, ett in savnet
        ),
        rettet=0 if toerr else len(savnet),
        antall={"fraFoerPersonenBleFulgt": nye} if nye else {},
    )


def _uleselige(lister: Sequence[Listefunn]) -> Funn:
    alle = [(en.liste, nummer) for en in lister for nummer in en.uleselige]
    return Funn(
        navn=Kontrollnavn.ULESELIGE,
        kontrollert=sum(en.stand.hendelser for en in lister if en.stand is not None),
        avvik=tuple(Avvik({"liste": liste.value, "sekvensnummer": nummer}) for liste, nummer in alle),
    )


def _stillhet(lister: Sequence[Listefunn], valg: Avstemming, naa: datetime) -> Funn:
    """Silence is a deviation, but where the season makes it likely."""
    avvik, alvorlig = [], False
    grenser = {Liste.SKATTEOPPGJOER: valg.stillhet.skatteoppgjoer, Liste.INNTEKT: valg.stillhet.inntekt}
    begynt = [en for en in lister if en.tegn is not None and en.har]
    for en in begynt:
        tegn = en.tegn
        if tegn is None:
            continue
        ulest = (naa - (tegn.lest or tegn.opprettet)) > timedelta(hours=valg.lest_timer)
        if ulest:
            avvik.append(Avvik({"liste": en.liste.value, "grunn": "IKKE_LEST"}))
            alvorlig = True
        stille = (naa - (tegn.siste_hendelse or tegn.opprettet)) // timedelta(days=1)
        if stille >= grenser[en.liste]:
            avvik.append(Avvik({"liste": en.liste.value, "grunn": "STILLE", "doegn": stille}))
            vanlig = en.liste is Liste.SKATTEOPPGJOER and dagen(naa).month in valg.stillhet.stille_maaneder
            alvorlig = alvorlig or not vanlig
    return Funn(
        navn=Kontrollnavn.STILLHET,
        kontrollert=len(begynt),
        avvik=tuple(avvik),
        bare_merknad=not alvorlig,
    )
