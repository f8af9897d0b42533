"""Writes ``docs/sandbox.md`` from the population and the tables, so that the page cannot go stale.

``python -m app.sandbox.dokumentasjon docs/sandbox.md``
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from app.sandbox.befolkning.navngitte import BETALERE, UKJENT_PERSON, navngitte
from app.sandbox.befolkning.person import Person
from app.sandbox.befolkning.register import STANDARD_ANTALL
from app.sandbox.forstyrrelser import Art
from app.sandbox.innlogging.ansatte import (
    ANSATTE,
    BETYDELIG,
    FREMMED_TENANT,
    HANDLINGER,
    HOEYT,
    TENANT,
    VIRKSOMHETER,
    Ansatt,
)
from app.sandbox.innlogging.planting import Plantet
from app.sandbox.innlogging.tilstand import (
    FORHAANDSSENDT_LEVETID,
    KODE_LEVETID,
    LENGSTE_OEKT,
    LENGSTE_STILLE,
)
from app.sandbox.kjoering import STANDARD_PORT, adresser
from app.sandbox.sandkasse import TAK
from app.sandbox.skatteetaten.api import SCOPE_SSG
from app.sandbox.skatteetaten.hendelser import TomSide
from app.sandbox.standard import (
    ALTINNRESSURS,
    EGNE_SCOPES,
    FJORDVIK,
    JOURNALKLIENT,
    JOURNALLEVERANDOER,
    KLIENT_ID,
    KOMMUNEKLIENT,
    KOMMUNER,
    LEVERANDOER,
    PAKKER_SSG,
    PORTAL,
    PORTALKLIENT,
    PORTALKLIENT_ENTRA,
    RESSURS,
    SCOPE_LES,
)

_ROT = f"http://127.0.0.1:{STANDARD_PORT}"

_MAL = """<!-- Laget av app.sandbox.dokumentasjon; endre der, ikke her. -->
# Sandkassen

Sandkassen er et program som spiller Maskinporten, Skatteetaten og innlogging (Ansattporten og Entra) på din
egen maskin. Alle personer og virksomheter er oppdiktet: fødselsnumrene har måned + 80, organisasjonsnumrene
begynner på 3. Sandkassen er strengere enn virkeligheten: det som går her, bør gå der. Den starter ikke i
produksjon og lytter bare på maskinens egen adresse.

## Start

```sh
egenandel sandbox
```

Sandkassen er klar på under to sekunder. Alt ligger under én adresse:

| System | Adresse |
|---|---|
{adresser}

I tester kan samme program kalles uten nettverk, og da svarer det også på vertsnavnene i de virkelige
testmiljøene (`test.maskinporten.no`, `<api>.api.skatteetaten-test.no`). Innloggingen svarer bare på maskinens egne navn.

## Kommuner

Leverandøren er {leverandoer} med klienten `{klient}`.

| Organisasjonsnummer | Navn | Viser |
|---|---|---|
{kommuner}

## Personer

Kallenavnet brukes i kontrollen, fødselsnummeret i oppslag. `{ukjent}` er et gyldig nummer som ingen har
(404). I tillegg finnes en flokk på {antall} genererte personer, `flokk-000000` og oppover, like for hver
start.

| Kallenavn | Fødselsnummer | Oppgjør | Månedsinntekt | Viser |
|---|---|---|---|---|
{personer}

Utbetalerne i månedsinntekt og spesifiseringer:

| Organisasjonsnummer | Navn |
|---|---|
{betalere}

Skattetallene henger sammen: postene summerer seg til alminnelig inntekt, og beregnet skatt er summen av
delene sine, formuesskatt medregnet. Satsene er sandkassens egne og er ikke ment som fasit for skatt.

## Prøv et oppslag

Et token uten å signere noe selv (finnes bare i sandkassen):

```sh
TOKEN=$(curl -s {rot}/kontroll/maskinporten/token -H 'Content-Type: application/json' \\
  -d '{{"kommune": "{fjordvik}", "scope": "{scope}"}}' | python3 -c 'import json, sys; print(json.load(sys.stdin)["access_token"])')
```

```sh
curl -s {rot}/skatteetaten/summertskattegrunnlag/v2/oppgjoer/{pakke}/2025/{pensjonist} \\
  -H "Authorization: Bearer $TOKEN"
```

## Token til vårt eget API

Maskinporten i sandkassen deler også ut token som åpner Egenandel selv. Scopene er
{egne_scopes}, og API-ets ressurs er
`{ressurs}`. Uten den i `resource` (`aud` i tokenet) slipper ingen inn.

| Klient | Eier | Kan hente token for |
|---|---|---|
| `{journalklient}` | {journalleverandoer}, en journalleverandør | {delegert_navn}, som har delegert i Altinn |
| `{kommuneklient}` | {fjordvik}, Fjordvik selv | Fjordvik |

{tildelt_navn} har fått scopene; de andre får MP-250. Lia har ikke delegert til
journalleverandøren (MP-251).

Et token uten å signere noe selv; `klient_id` kan utelates:

```sh
curl -s {rot}/kontroll/maskinporten/token -H 'Content-Type: application/json' \\
  -d '{{"kommune": "{fjordvik}", "scope": "{scope_les}", "resource": ["{ressurs}"], "klient_id": "{journalklient}"}}'
```

Slik en journalleverandør gjør det: registrer en nøkkel på klienten, og hent token på vanlig måte med
`consumer_org` og `resource` i assertion.

```sh
curl -s {rot}/kontroll/maskinporten/klienter/{journalklient}/noekler -H 'Content-Type: application/json' \\
  -d '{{"kid": "journalens-noekkel"}}'
```

Hva tjenesten krever av et token, står i [tilgang.md](tilgang.md).

## Innlogging

To tilbydere, hver med sin utsteder i tabellen øverst og metadata under `/.well-known/openid-configuration`. Begge krever
code med PKCE (S256), `state`, `nonce`, `private_key_jwt` og adresser som er registrert tegn for tegn, og sier nei med
OAuths egne feilkoder. Innloggingssiden er en liste over oppdiktede ansatte. Den virker uten JavaScript.

| | Ansattporten | Entra |
|---|---|---|
| Klient for portalen | `{portalklient}` | `{portalklient_entra}` |
| `aud` i `client_assertion` | utstederen | utstederen |
| Forespørselen | PAR når den har `authorization_details`; `request_uri` gjelder én gang, i {par_levetid} sekunder | i nettleseren |
| Roller | `actions` på `{altinnressurs}`, for virksomheten som velges | `roles` |
| Nivå | `acr_values` og `acr`: `{betydelig}`, `{hoeyt}` | `amr` med `mfa` |
| Virksomhet | `authorization_details` i tokensvaret, kopi i id_token | ingen; `tid` er tenanten |
| `iss` i retur | ja | nei |
| Hvem | `sub` per klient; `pid` bare med scope `profile` | `sub` per klient, `oid`; `name` bare med scope `profile` |

Rollene er {handlinger}. Be om dem i `actions` som én tekst med komma mellom; svaret har
dem personen har, av dem det ble spurt om. En kode gjelder i {kode_levetid} sekunder, én gang; brukt igjen trekker den tilbake det
den ga. Økten hos tilbyderen varer {stille} minutter uten bruk og {lengst} minutter i alt.

Utlogging: `end_session_endpoint` med GET eller POST. Siden åpner hver tjenestes adresse for fremre utlogging i en ramme med
`iss` og `sid`, og går så videre. For å logge ut som fra en annen tjeneste, åpne `{rot}/ansattporten/oekt`
i nettleseren.

| Kallenavn | Viser | Ansattporten | Entra |
|---|---|---|---|
{ansatte}

Fjordviks tenant er `{tenant}`. `fremmed-tenant` har `tid` `{fremmed_tenant}`.

Si fra hvor portalen er, og få en nøkkel til den, for begge tilbyderne (standard er `{portal}`):

```sh
egenandel sandbox --portal {portal} --portalnoekkelfil portal.json
```

Den skriver ut innstillingene portalen trenger ([tilgang.md](tilgang.md#innlogging-i-portalen)). `make demo` gjør alt dette selv.

Portalens adresser er `/logg-inn/retur`, `/logget-ut` og, for fremre utlogging, `/logg-ut/fremre`.

Se de ansatte, og gi en rettighet (en tom liste tar den bort):

```sh
curl -s {rot}/kontroll/innlogging/ansatte
```

```sh
curl -s -X PUT {rot}/kontroll/innlogging/ansatte/uten-rettigheter/rettigheter -H 'Content-Type: application/json' \\
  -d '{{"orgnr": "{fjordvik}", "handlinger": ["beregner"]}}'
```

Se hvem som er logget inn, og logg ut en ansatt; svaret har adressene en nettleser ville åpnet:

```sh
curl -s {rot}/kontroll/innlogging/oekter
```

```sh
curl -s {rot}/kontroll/innlogging/ansattporten/logg-ut -H 'Content-Type: application/json' \\
  -d '{{"kallenavn": "fjordvik-beregner"}}'
```

Registrer en tjeneste til, med nøkkel:

```sh
curl -s {rot}/kontroll/innlogging/ansattporten/klienter -H 'Content-Type: application/json' \\
  -d '{{"klient_id": "annen-tjeneste", "navn": "Annen tjeneste", "retur": ["http://127.0.0.1:8100/retur"], "fremre": "http://127.0.0.1:8100/ut", "ressurser": ["{altinnressurs}"]}}'
```

```sh
curl -s {rot}/kontroll/innlogging/ansattporten/klienter/annen-tjeneste/noekler -H 'Content-Type: application/json' \\
  -d '{{"kid": "annen-noekkel"}}'
```

Bytt adressene til en klient:

```sh
curl -s -X PUT {rot}/kontroll/innlogging/ansattporten/klienter/annen-tjeneste/adresser -H 'Content-Type: application/json' \\
  -d '{{"retur": ["http://127.0.0.1:8200/retur"], "utlogget": ["http://127.0.0.1:8200/ute"]}}'
```

Bytt signeringsnøkkel; den gamle blir stående med mindre du sier `?behold_gammel=false`:

```sh
curl -s -X POST {rot}/kontroll/innlogging/ansattporten/roter
```

Plant en feil i neste innlogging (uten `antall` varer den), se feilene, og fjern dem:

```sh
curl -s {rot}/kontroll/innlogging/feil -H 'Content-Type: application/json' \\
  -d '{{"tilbyder": "ansattporten", "feil": "FEIL_NONCE", "antall": 1}}'
```

```sh
curl -s {rot}/kontroll/innlogging/feil
```

```sh
curl -s -X DELETE {rot}/kontroll/innlogging/feil
```

| Feil | Tilbyder | Det tjenesten får |
|---|---|---|
{feil}

## Egen nøkkel

Sandkassen lager et nøkkelpar og svarer med den private delen. Har du et nøkkelpar fra før, legger du den
offentlige delen i `jwk`.

```sh
curl -s {rot}/kontroll/maskinporten/klienter/{klient}/noekler -H 'Content-Type: application/json' \\
  -d '{{"kid": "min-noekkel"}}'
```

## Kontroll

Et oppgjør endres, og en hendelse sendes ut. Summer og skatt regnes på nytt. Finnes det ikke noe oppgjør for
året, kommer det nå:

```sh
curl -s -X PUT {rot}/kontroll/personer/uten-oppgjoer/oppgjoer/2025 -H 'Content-Type: application/json' \\
  -d '{{"beloep": {{"alderspensjonFraFolketrygden": 301000}}}}'
```

Endre bare for én kommune, uten hendelse:

```sh
curl -s -X PUT {rot}/kontroll/personer/utbytte/oppgjoer/2025 -H 'Content-Type: application/json' \\
  -d '{{"beloep": {{"utbytteFraAksje": 90000}}, "kommune": "{fjordvik}", "hendelse": false}}'
```

Slett et oppgjør (410 og hendelsen `slettet`):

```sh
curl -s -X DELETE {rot}/kontroll/personer/formue/oppgjoer/2025
```

La et oppgjør ikke være kommet ennå (404, ingen hendelse), og la det komme med de samme tallene:

```sh
curl -s -X DELETE '{rot}/kontroll/personer/ektepar-beboer/oppgjoer/2025?ikke_kommet=true'
```

```sh
curl -s -X PUT {rot}/kontroll/personer/ektepar-beboer/oppgjoer/2025 -H 'Content-Type: application/json' -d '{{}}'
```

Rett en måned i månedsinntekten:

```sh
curl -s -X PUT {rot}/kontroll/personer/enslig-pensjonist/inntekt/2026-09 -H 'Content-Type: application/json' \\
  -d '{{"oppgaver": [{{"betaler": "{trygdeetat}", "rader": [{{"slag": "pensjonEllerTrygd", "beskrivelse": "alderspensjon", "beloep": 31000}}]}}]}}'
```

Send ut tusen hendelser om flokken:

```sh
curl -s {rot}/kontroll/hendelser/skatteoppgjoer -H 'Content-Type: application/json' \\
  -d '{{"antall": 1000, "periode": "2025"}}'
```

Send ut en flom: så mange hendelser som ønsket om hele flokken, laget først når de leses. Én om gangen per liste; `nullstill`
tar den bort.

```sh
curl -s {rot}/kontroll/hendelser/skatteoppgjoer/flom -H 'Content-Type: application/json' \\
  -d '{{"antall": 5000000}}'
```

Velg hvordan en tom side ser ut ({tomme_sider}), og hvor lang en side høyst er:

```sh
curl -s -X PUT {rot}/kontroll/hendelser/skatteoppgjoer/innstillinger -H 'Content-Type: application/json' \\
  -d '{{"tom_side": "TOM_LISTE", "maks_per_side": 500}}'
```

Hvert femte oppslag feiler, likt hver gang (`froe`):

```sh
curl -s {rot}/kontroll/forstyrrelser -H 'Content-Type: application/json' \\
  -d '{{"system": "summertskattegrunnlag", "art": "KODE", "kode": "SSG-002", "sannsynlighet": 0.2, "froe": 7}}'
```

De to neste kallene får 429:

```sh
curl -s {rot}/kontroll/forstyrrelser -H 'Content-Type: application/json' \\
  -d '{{"system": "beregnetskatt", "art": "FOR_MANGE", "retry_after": "2", "antall": 2}}'
```

| Art | Det den som spør, ser |
|---|---|
{arter}

`system` er `maskinporten`, `ansattporten`, `entra`, et av API-ene eller `*`. Se bestillingene, og fjern dem:

```sh
curl -s {rot}/kontroll/forstyrrelser
```

```sh
curl -s -X DELETE {rot}/kontroll/forstyrrelser
```

Alle kall tar et halvt sekund:

```sh
curl -s -X PUT {rot}/kontroll/ventetid -H 'Content-Type: application/json' -d '{{"sekunder": 0.5}}'
```

Trekk en delegering i Altinn (MP-251 fra neste token):

```sh
curl -s -X DELETE {rot}/kontroll/maskinporten/delegeringer -H 'Content-Type: application/json' \\
  -d '{{"konsument": "{fjordvik}", "leverandoer": "{leverandoer}", "scope": "{scope}"}}'
```

Maskinporten bytter signeringsnøkkel:

```sh
curl -s -X POST {rot}/kontroll/maskinporten/roter
```

Sandkassens klokke går 30 sekunder foran:

```sh
curl -s -X PUT {rot}/kontroll/klokke -H 'Content-Type: application/json' -d '{{"forskyvning": 30}}'
```

Flest samtidige kall per API og kommune (taket er {tak}; over det svarer sandkassen 429), tokenkall og avslag:

```sh
curl -s {rot}/kontroll/maalinger
```

Loggen over forespørsler, uten fødselsnumre:

```sh
curl -s {rot}/kontroll/logg?siste=20
```

Alt tilbake til start (nøkler på klientene over blir):

```sh
curl -s -X POST {rot}/kontroll/nullstill
```

## Valg der dokumentasjonen tier

- Maskinporten: HTTP-status og `error` per MP-kode er ikke publisert; her er statusen alltid 400. `jti` kreves,
  og hodet kan bare ha `alg`, `typ` og enten `kid` eller `x5c`.
- Rettighetspakker skrives akkurat som de er registrert; store og små bokstaver skilles.
- Hendelseslistene krever både `fraSekvensnummer` og `antall`, og høyst 10 000. En startdato fram i tid gir
  neste nummer.
- 429 er ikke dokumentert hos Skatteetaten; her er det ren tekst.
- Avregning har ingen pakke for kommuner; den kan gis i kontrollen (`PUT /kontroll/rettighetspakker`).
- Skattens deler heter som i de publiserte eksemplene; navnene på trygdeavgift av pensjon, Svalbard-skatt og
  kildeskatt er antatt.
- API-er uten egen kode for 403 svarer med portnerens DAS-008.
- Innlogging: en parameter ingen kjenner, avvises (standarden sier at den skal overses). `state` og `nonce` må være minst 16
  tegn. `actions` må være med, og `representation_is_required` må være `true`. Velgeren for virksomhet vises alltid, også
  når det bare er én å velge, og etter en innlogging som gikk av seg selv.
- Entra sender ikke `iss` i retur, som RFC 9207 ber om, og svarer for én tenant per utsteder. `amr` er med uten at det bes om.
"""


def lag() -> str:
    """The page."""
    trygdeetat = next(iter(BETALERE))
    personer = navngitte()
    return _MAL.format(
        rot=_ROT,
        adresser=_rader((navn, f"`{url}`") for navn, url in adresser(_ROT).items()),
        leverandoer=LEVERANDOER,
        klient=KLIENT_ID,
        kommuner=_rader((k.orgnr, k.navn, k.viser) for k in KOMMUNER),
        ukjent=UKJENT_PERSON,
        antall=f"{STANDARD_ANTALL:,}".replace(",", " "),
        personer=_rader(_personrad(person) for person in personer),
        betalere=_rader(BETALERE.items()),
        egne_scopes=" og ".join(f"`{scope}`" for scope in EGNE_SCOPES),
        ressurs=RESSURS,
        scope_les=SCOPE_LES,
        journalklient=JOURNALKLIENT,
        journalleverandoer=JOURNALLEVERANDOER,
        kommuneklient=KOMMUNEKLIENT,
        tildelt_navn=_ramse([k.navn for k in KOMMUNER if k.egne]),
        delegert_navn=_ramse([k.navn for k in KOMMUNER if k.egne_delegert]),
        fjordvik=FJORDVIK,
        scope=SCOPE_SSG,
        pakke=PAKKER_SSG[0],
        pensjonist=personer[0].identer[0],
        trygdeetat=trygdeetat,
        tomme_sider=", ".join(f"`{form.value}`" for form in TomSide),
        portal=PORTAL,
        portalklient=PORTALKLIENT,
        portalklient_entra=PORTALKLIENT_ENTRA,
        altinnressurs=ALTINNRESSURS,
        par_levetid=FORHAANDSSENDT_LEVETID,
        kode_levetid=KODE_LEVETID,
        stille=LENGSTE_STILLE // 60,
        lengst=LENGSTE_OEKT // 60,
        betydelig=BETYDELIG,
        hoeyt=HOEYT,
        handlinger=_ramse([f"`{handling}`" for handling in HANDLINGER]),
        tenant=TENANT,
        fremmed_tenant=FREMMED_TENANT,
        ansatte=_rader(_ansattrad(ansatt) for ansatt in ANSATTE),
        feil=_rader((f"`{feil.value}`", _hos(feil), feil.forklaring) for feil in Plantet),
        arter=_rader((f"`{art.value}`", art.forklaring) for art in Art),
        tak=TAK,
    )


def _personrad(person: Person) -> tuple[str, ...]:
    aar = [*(str(a) for a in sorted(person.oppgjoer)), *(f"{a} slettet" for a in sorted(person.slettet))]
    maaneder = sorted({oppgave.maaned for oppgave in person.inntekt})
    return (
        f"`{person.kallenavn}`",
        ", ".join((*person.identer, *(f"{ident} (trykt av KS)" for ident in person.trykte))),
        ", ".join(aar) or "ingen",
        f"{maaneder[0]} til {maaneder[-1]}" if maaneder else "",
        person.viser,
    )


def _ansattrad(ansatt: Ansatt) -> tuple[str, ...]:
    rettigheter = [
        f"{VIRKSOMHETER[orgnr].navn}: {', '.join(handlinger)}"
        for orgnr, handlinger in ansatt.rettigheter.items()
    ]
    konto = ansatt.entra
    return (
        f"`{ansatt.kallenavn}`",
        ansatt.viser,
        "ukjent" if ansatt.bare_entra else "; ".join(rettigheter) or "ingen rettigheter",
        "ingen konto" if konto is None else ", ".join(konto.roller) or "ingen roller",
    )


def _hos(feil: Plantet) -> str:
    return " og ".join(
        navn
        for system, navn in (("ansattporten", "Ansattporten"), ("entra", "Entra"))
        if feil.gjelder(system)
    )


def _ramse(ledd: list[str]) -> str:
    return " og ".join(filter(None, (", ".join(ledd[:-1]), ledd[-1])))


def _rader(rader: Iterable[tuple[str, ...]]) -> str:
    return "\n".join(f"| {' | '.join(rad)} |" for rad in rader)


def main() -> None:
    """Write the page to the file named on the command line."""
    Path(sys.argv[1]).write_text(lag(), encoding="utf-8")


if __name__ == "__main__":
    main()
