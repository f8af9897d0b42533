"""The pages a person sees: plain HTML without scripts, in Norwegian, under a strict Content-Security-Policy."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Final

from starlette.responses import HTMLResponse, Response

from app.sandbox.innlogging.ansatte import VIRKSOMHETER, Ansatt
from app.sandbox.innlogging.feil import SideError
from app.sandbox.innlogging.register import Klient, opphav
from app.sandbox.innlogging.tilstand import Samtale

STIL: Final = """\
:root { color-scheme: light; font: 1.125rem/1.5 system-ui, sans-serif; }
body { margin: 0; background: #f4f5f6; color: #1e2b3c; }
header { background: #1e2b3c; color: #fff; padding: .75rem 1rem; }
header p { margin: 0 auto; max-width: 42rem; font-weight: 600; }
main { margin: 0 auto; max-width: 42rem; padding: 1rem; }
h1 { font-size: 1.75rem; line-height: 1.25; }
ul { list-style: none; margin: 0; padding: 0; }
li { margin: 0 0 .5rem; }
button { font: inherit; width: 100%; text-align: left; padding: .75rem 1rem; border: 2px solid #1e2b3c;
  border-radius: .25rem; background: #fff; color: #1e2b3c; cursor: pointer; }
button:hover { background: #e1e9f2; }
button:focus-visible, a:focus-visible { outline: 3px solid #b3253a; outline-offset: 2px; }
button span { display: block; }
.navn { font-weight: 600; }
.svak { width: auto; margin-top: 1rem; }
[role=alert] { border-left: .375rem solid #b3253a; background: #fff; padding: .75rem 1rem; }
a { color: #0b4f8a; }
iframe { border: 0; width: 1px; height: 1px; }
"""

_VENTETID: Final = 1
"""Seconds after the frames are loaded; the browser counts from then."""


class Sider:
    """The pages of one provider.

    Args:
        navn: what the provider is called.
        prefiks: the path it is mounted at.
    """

    def __init__(self, navn: str, prefiks: str) -> None:
        self._navn = navn
        self._prefiks = prefiks

    def velg_ansatt(
        self, samtale: Samtale, klient: Klient, ansatte: Iterable[Ansatt], feil: str | None = None
    ) -> Response:
        """The person picker."""
        valg = "".join(_knapp("ansatt", a.kallenavn, a.navn, a.viser) for a in ansatte)
        return self._side(
            "Hvem logger inn?",
            f"{_advarsel(feil)}<p>Du logger inn i {escape(klient.navn)}. Alle er oppdiktet.</p>"
            f"{self._skjema('velg-ansatt', samtale, f'<ul>{valg}</ul>')}{self._avbryt(samtale)}",
            skjema_til=klient.retur,
            status=400 if feil else 200,
        )

    def velg_virksomhet(
        self, samtale: Samtale, klient: Klient, rettigheter: Mapping[str, tuple[str, ...]]
    ) -> Response:
        """The organisation picker, for those the person may represent."""
        valg = "".join(
            _knapp("orgnr", orgnr, VIRKSOMHETER[orgnr].navn, f"{orgnr}, kan: {', '.join(handlinger)}")
            for orgnr, handlinger in rettigheter.items()
        )
        innhold = (
            f"<p>Velg hvem du representerer i {escape(klient.navn)}.</p>"
            f"{self._skjema('velg-virksomhet', samtale, f'<ul>{valg}</ul>')}"
            if valg
            else _advarsel(
                "Du kan ikke representere noen i denne tjenesten. Be den som styrer tilganger i Altinn, gi deg"
                " rettigheten, eller avbryt og logg inn som en annen."
            )
        )
        return self._side("Hvem representerer du?", innhold + self._avbryt(samtale), skjema_til=klient.retur)

    def feil(self, feil: SideError) -> Response:
        """A page instead of a redirect."""
        return self._side(
            "Forespørselen kan ikke godtas",
            f"{_advarsel(f'{feil.beskrivelse}.')}<p>Feilkode: {escape(feil.kode)}. Gå tilbake til tjenesten og"
            " prøv igjen. Hjelper ikke det, er tjenesten feil satt opp.</p>",
            status=feil.status,
        )

    def oekt(self, ansatt: Ansatt | None, klienter: Iterable[Klient]) -> Response:
        """Who is logged in, where, and a way out of everything: logout as if from another service."""
        if ansatt is None:
            return self._side("Du er ikke logget inn", "<p>Logg inn fra en tjeneste.</p>")
        tjenester = "".join(f"<li>{escape(klient.navn)}</li>" for klient in klienter)
        return self._side(
            "Du er logget inn",
            f"<p>Du er logget inn som {escape(ansatt.navn)} i:</p><ul>{tjenester}</ul>"
            f'<form method="post" action="{self._prefiks}/oekt/avslutt">'
            '<button type="submit" class="svak">Logg ut av alle tjenester</button></form>',
        )

    def utlogging(self, rammer: Iterable[tuple[Klient, str]], videre: str | None) -> Response:
        """The page that tells every service, in a frame each, and then goes on.

        Args:
            rammer: the client and the address to open.
            videre: where to go afterwards; nowhere when nobody asked.
        """
        rammer = tuple(rammer)
        innhold = "".join(
            f'<iframe title="Logger ut av {escape(klient.navn)}" src="{escape(adresse)}"></iframe>'
            for klient, adresse in rammer
        )
        navn = "".join(f"<li>{escape(klient.navn)}</li>" for klient, _ in rammer)
        tekst = (
            f"<p>Du logges ut av:</p><ul>{navn}</ul>" if navn else "<p>Ingen tjenester var logget inn.</p>"
        )
        lenke = f'<p><a href="{escape(videre)}">Fortsett</a></p>' if videre else ""
        svar = self._side(
            "Du er logget ut", tekst + lenke + innhold, rammer_fra={opphav(adresse) for _, adresse in rammer}
        )
        if videre:
            # By header: it needs no script, and waits until the frames are loaded.
            svar.headers["Refresh"] = f"{_VENTETID}; url={videre}"
        return svar

    def bekreft_utlogging(self) -> Response:
        """Asked to log out by nobody known: the person must say so."""
        return self._side(
            "Vil du logge ut?",
            f'<form method="post" action="{self._prefiks}/oekt/avslutt">'
            '<button type="submit" class="svak">Logg ut av alle tjenester</button></form>',
        )

    def _skjema(self, handling: str, samtale: Samtale, innhold: str) -> str:
        return (
            f'<form method="post" action="{self._prefiks}/{handling}">'
            f'<input type="hidden" name="samtale" value="{escape(samtale.nummer)}">{innhold}</form>'
        )

    def _avbryt(self, samtale: Samtale) -> str:
        return self._skjema("avbryt", samtale, '<button type="submit" class="svak">Avbryt</button>')

    def _side(
        self,
        tittel: str,
        innhold: str,
        *,
        skjema_til: Iterable[str] = (),
        rammer_fra: Iterable[str] = (),
        status: int = 200,
    ) -> HTMLResponse:
        """A whole page.

        Args:
            skjema_til: where a form may lead in the end: browsers hold redirects to the policy as well.
            rammer_fra: origins that may be framed.
        """
        skjemamaal = " ".join(sorted({"'self'", *map(opphav, skjema_til)}))
        rammer = " ".join(sorted(rammer_fra)) or "'none'"
        svar = HTMLResponse(
            '<!DOCTYPE html><html lang="nb"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{escape(tittel)} – {escape(self._navn)} i sandkassen</title>"
            f'<link rel="icon" href="data:,"><link rel="stylesheet" href="{self._prefiks}/stil.css"></head>'
            f"<body><header><p>{escape(self._navn)} i sandkassen</p></header>"
            f"<main><h1>{escape(tittel)}</h1>{innhold}</main></body></html>",
            status_code=status,
        )
        svar.headers.update(
            {
                "Content-Security-Policy": (
                    f"default-src 'none'; style-src 'self'; img-src data:; form-action {skjemamaal}; frame-src {rammer};"
                    " base-uri 'none'; frame-ancestors 'none'"
                ),
                "Cache-Control": "no-store",
                "Referrer-Policy": "no-referrer",
                "X-Content-Type-Options": "nosniff",
            }
        )
        return svar


def _knapp(felt: str, verdi: str, navn: str, forklaring: str) -> str:
    return (
        f'<li><button type="submit" name="{felt}" value="{escape(verdi)}"><span class="navn">{escape(navn)}'
        f"</span> <span>{escape(forklaring)}</span></button></li>"
    )


def _advarsel(tekst: str | None) -> str:
    return f'<p role="alert">{escape(tekst)}</p>' if tekst else ""
