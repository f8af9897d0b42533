"""The insight document as plain Norwegian, for somebody who does not read JSON."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from app.calc.beloep import tall_paa_norsk
from app.calc.forklar import UkjentForklaringError, forklar
from app.calc.periode import dato_paa_norsk
from app.db.lager.arbeid import Arbeidstilstand
from app.db.lager.oppgaver import Oppgavetilstand
from app.klokke import OSLO

_TJENESTER: Final = {"LANGTIDSOPPHOLD": "Langtidsopphold", "PRAKTISK_BISTAND": "Praktisk bistand"}
_ROLLER: Final = {
    "HOVEDPERSON": "saken gjelder deg",
    "EKTEFELLE": "ektefelle",
    "SAMBOER": "samboer",
    "BARN_UNDER_18": "barn under 18 år",
    "BARN_OVER_18": "barn over 18 år",
    "UKJENT": "nevnt i saken",
}
_HANDLINGER: Final = {
    "OPPSLAG": "Opplysninger ble hentet fra Skatteetaten",
    "SAK_OPPRETTET": "Saken ble opprettet",
    "SAK_ENDRET": "Saken ble endret",
    "SAK_LEST": "Saken ble lest",
    "SAK_SOEKT": "Det ble søkt etter deg",
    "BEREGNING_LAGET": "Egenandelen ble beregnet",
    "BEREGNING_LEST": "En beregning ble lest",
    "FORHAANDSVIST": "Det ble vist hva en endring ville føre til; ingenting ble lagret",
    "GRUNNLAG_LEST": "Opplysninger fra Skatteetaten ble lest",
    "VEDTAK_FATTET": "Et vedtak ble fattet",
    "VEDTAK_AVGJORT": "Et vedtak ble godkjent eller avvist av en annen",
    "VEDTAK_LEST": "Et vedtak ble lest",
    "ETTEROPPGJOER_LAGET": "Etteroppgjøret ble laget",
    "ETTEROPPGJOER_LEST": "Etteroppgjøret ble lest",
    "BREV_LAGET": "Et brev ble laget",
    "BREV_LEST": "Et brev, eller et utkast til brev, ble lest",
    "FAKTURA_LAGET": "Det ble laget grunnlag for faktura",
    "FAKTURA_LEST": "Grunnlag for faktura ble hentet",
    "MANUELL_POST_NY": "En saksbehandler førte inn eller plasserte en post",
    "MANUELL_POST_OPPHEVET": "En post som var ført inn, ble opphevet",
    "MANUELL_POST_LEST": "Poster som er ført inn, ble lest",
    "FIKS_BEREGNING": "Inntektsgrunnlaget ble beregnet for et fagsystem",
    "REVISJON_LEST": "Hendelsesregisteret ble lest",
    "REVISJON_EKSPORTERT": "Hendelsesregisteret ble skrevet ut",
    "INNSYN": "Innsyn ble gitt",
    "SLETTING": "Opplysninger ble slettet, eller det ble bedt om det",
    "HENDELSE_BEHANDLET": "En melding fra Skatteetaten ble fulgt opp",
    "ARBEID_ENDRET": "Oppfølging av en melding ble tatt opp igjen eller avsluttet",
    "OPPGAVE_LEST": "En oppgave i saken ble lest",
    "OPPGAVE_LUKKET": "En oppgave i saken ble lukket",
    "MASSEKJOERING": "Egenandelen ble beregnet på nytt sammen med de andre sakene i kommunen",
    "MASSEKJOERING_LEST": "En ny beregning av alle sakene i kommunen ble lest",
    "AVSLAG": "Noen ble nektet tilgang",
}
_VEDTAK: Final = {
    "FATTET": "",
    "GODKJENT": "; godkjent av en annen",
    "TIL_GODKJENNING": "; venter på godkjenning og gjelder ikke ennå",
    "AVVIST": "; ble ikke godkjent og gjelder ikke",
}
_UTFALL: Final = {
    "OK": "",
    "AVSLAATT": "; avslått",
    "UTEN_DATA": "; det fantes ingenting",
    "FEIL": "; det gikk ikke",
}
_RAASVAR: Final = {
    "LAGRET": "svaret er lagret",
    "SLETTET": "svaret er slettet",
    "IKKE_MOTTATT": "ingen opplysninger mottatt",
}
_LISTER: Final = {"SKATTEOPPGJOER": "skatteoppgjør", "INNTEKT": "inntekt"}
_ARBEID: Final = {
    Arbeidstilstand.VENTER: "skal hentes",
    Arbeidstilstand.FERDIG: "hentet",
    Arbeidstilstand.DOED: "kunne ikke hentes",
    Arbeidstilstand.LUKKET: "skal ikke hentes",
}
_TILSTAND: Final = {Oppgavetilstand.AAPEN: "ikke avgjort", Oppgavetilstand.LUKKET: "lukket"}
_AKTOERER: Final = {"MASKIN": "system", "BRUKER": "bruker", "SYSTEM": "tjenesten"}


def som_tekst(dokument: Mapping[str, Any]) -> str:
    """The document as text. Raw answers are named, not printed: they are in the JSON."""
    return "\n".join(linje.rstrip() for linje in _linjer(dokument)) + "\n"


def _linjer(dokument: Mapping[str, Any]) -> Iterator[str]:
    person = dokument["person"]
    yield f"Innsyn i egenandelssaker i kommunen {dokument['kommune']}, {_tid(dokument['laget'])}"
    yield f"Gjelder: {person['navn'] or 'navn ikke registrert'}, {person['identitetsnummer']}"
    yield ""
    yield (
        "Andre personer i sakene er bare nevnt med rolle. Svarene fra Skatteetaten står i sin helhet i JSON-utgaven "
        "av dette dokumentet."
    )
    if not dokument["saker"]:
        yield ""
        yield "Kommunen har ingen saker om deg i denne tjenesten."
    for sak in dokument["saker"]:
        yield from _sak(sak)
    yield from _fra_skatteetaten(dokument["fraSkatteetaten"])
    yield from _hendelser(dokument["hendelser"])


def _sak(sak: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    rolle = ", ".join(_ROLLER.get(navn, navn) for navn in sak["rolle"])
    yield f"{_TJENESTER.get(sak['tjeneste'], sak['tjeneste'])} ({rolle}), sak {sak['sakId']}"
    if "utelatt" in sak:
        yield f"  {sak['utelatt'].capitalize()}."
    for versjon in sak["versjoner"]:
        yield f"  Versjon {versjon['versjon']}, {_tid(versjon['opprettet'])}, av {versjon['av']}:"
        yield from _felt(versjon["innhold"], 2)
    for ett in sak["grunnlag"]:
        yield (
            f"  Hentet fra Skatteetaten {_tid(ett['hentet'])}: {ett['api']} for {ett['inntektsaar']}, "
            f"{_RAASVAR[ett['raasvarTilstand']]}."
        )
        if ett["trukket"]:
            yield f"    Trukket tilbake av Skatteetaten {_tid(ett['trukket'])}, og ikke brukt siden."
    for post in sak["manuellePoster"]:
        opphevet = f", opphevet {_tid(post['opphevet'])}" if post["opphevet"] else ""
        yield f"  Ført inn av saksbehandler {_tid(post['opprettet'])} for {post['inntektsaar']}{opphevet}:"
        yield f"    Begrunnelse: {post['begrunnelse']}"
        yield from _felt(post["innhold"], 2)
    for beregning in sak["beregninger"]:
        yield from _beregning(beregning)
    for vedtak in sak.get("vedtak", ()):
        til = f" til {_dag(vedtak['til'])}" if vedtak["til"] else ""
        art = "Foreløpig" if vedtak["art"] == "FORELOEPIG" else "Endelig"
        stand = _VEDTAK[vedtak["tilstand"]]
        yield f"  {art} vedtak fra {_dag(vedtak['fra'])}{til}, fattet {_tid(vedtak['opprettet'])}{stand}."
        if vedtak["begrunnelse"]:
            yield f"    Begrunnelse: {vedtak['begrunnelse']}"
    for oppgjoer in sak.get("etteroppgjoer", ()):
        yield f"  Etteroppgjør for {oppgjoer['aar']}, {_tid(oppgjoer['opprettet'])}: {_oere(oppgjoer['sumOere'])} kroner."
        yield from _forklaring(oppgjoer["resultat"])
    for brev in sak.get("brev", ()):
        hva = "vedtaket" if brev["vedtakId"] else "etteroppgjøret"
        hvor = "står i JSON-utgaven" if brev["pdf"] else "fås som part i saken: det viser tall om andre"
        yield f"  Brev om {hva}, laget {_tid(brev['opprettet'])}. Brevet selv {hvor}."
    for oppgave in sak.get("oppgaver", ()):
        yield f"  Oppgave til saksbehandler {_tid(oppgave['opprettet'])}, {_TILSTAND[oppgave['tilstand']]}:"
        yield f"    {oppgave['tekst']}"
        if oppgave["begrunnelse"]:
            yield f"    Begrunnelse: {oppgave['begrunnelse']}"


def _fra_skatteetaten(fra: Mapping[str, Any]) -> Iterator[str]:
    if not fra["hendelser"] and not fra["bestilt"]:
        return
    yield ""
    yield "Meldinger fra Skatteetaten om at noe er nytt om deg, og det som er hentet på grunn av dem:"
    for ett in fra["hendelser"]:
        periode = f" for {ett['periode']}" if ett["periode"] else ""
        yield f"  {_tid(ett['mottatt'])}: {_LISTER[ett['liste']]}{periode}, melding {ett['sekvensnummer']}."
    for ett in fra["bestilt"]:
        aar = ett["inntektsaar"] or "alle år i bruk"
        yield f"  {_LISTER[ett['liste']]} for {aar}: {_ARBEID[ett['tilstand']]}, {_tid(ett['endret'])}."


def _beregning(beregning: Mapping[str, Any]) -> Iterator[str]:
    yield f"  Beregning for {beregning['aar']} fra {_dag(beregning['virkningFra'])}, {_tid(beregning['opprettet'])}."
    if "tilstand" not in beregning:
        yield "    Opplysninger om deg ble brukt. Resultatet gjelder en annen person."
        return
    if beregning["tilstand"] != "BEREGNET":
        yield "    Kunne ikke beregnes: opplysninger mangler."
    elif beregning["foreloepig"]:
        yield "    Foreløpig."
    yield from _forklaring(beregning["resultat"])


def _forklaring(resultat: Any) -> Iterator[str]:
    if resultat is None:
        return
    try:
        tekst = forklar(resultat)
    except UkjentForklaringError:
        yield "    Forklaringen kan ikke vises som tekst; den står i JSON-utgaven."
        return
    for linje in tekst.splitlines():
        yield f"    {linje}"


def _hendelser(hendelser: list[Mapping[str, Any]]) -> Iterator[str]:
    yield ""
    yield "Hvem som har sett eller brukt opplysninger om deg:"
    if not hendelser:
        yield "  Ingen hendelser er registrert."
    for hendelse in hendelser:
        innhold = hendelse["innhold"]
        aktoer = innhold.get("aktoer", {})
        hvem = f"{_AKTOERER.get(aktoer.get('type'), aktoer.get('type'))} {aktoer.get('id')}"
        hva = _HANDLINGER.get(hendelse["handling"], hendelse["handling"])
        yield f"  {_tid(hendelse['tidspunkt'])}: {hva}{_UTFALL.get(hendelse['utfall'], '')} ({hvem})."
        for navn, verdi in (
            ("Opplysninger", ", ".join([*innhold.get("data", []), *map(str, innhold.get("aar", []))])),
            ("Leverandør", aktoer.get("leverandoer")),
            ("Formål", innhold.get("formaal")),
            ("Hjemmel", innhold.get("hjemmel")),
        ):
            if verdi:
                yield f"    {navn}: {verdi}"


def _felt(verdi: Any, dybde: int) -> Iterator[str]:
    """Any document as indented lines."""
    luft = "  " * dybde
    par = (
        verdi.items() if isinstance(verdi, dict) else enumerate(verdi, 1) if isinstance(verdi, list) else None
    )
    if par is None:
        yield f"{luft}{_verdi(verdi)}"
        return
    for navn, under in par:
        if isinstance(under, dict | list):
            if under:
                yield f"{luft}{navn}:"
                yield from _felt(under, dybde + 1)
        elif under is not None:
            yield f"{luft}{navn}: {_verdi(under)}"


def _verdi(verdi: Any) -> str:
    if isinstance(verdi, bool):
        return "ja" if verdi else "nei"
    if isinstance(verdi, Decimal | int):
        return tall_paa_norsk(verdi)
    return str(verdi)


def _oere(oere: int) -> str:
    return tall_paa_norsk(Decimal(oere).scaleb(-2))


def _dag(dag: date) -> str:
    return dato_paa_norsk(dag)


def _tid(tekst: str) -> str:
    lokal = datetime.fromisoformat(tekst).astimezone(OSLO)
    return f"{dato_paa_norsk(lokal.date())} kl. {lokal:%H.%M}"
