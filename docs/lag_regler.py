"""Writes docs/regler/ from the rules, the rates and the case tables. Run as ``python -m docs.lag_regler``.

The pages are committed, and a test fails when they are stale, so a change of the law shows as a change of text.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from app.calc import kalkulator  # noqa: F401 - loads every rule
from app.calc.beloep import HARDT_MELLOMROM, tall_paa_norsk
from app.calc.hjemmel import FORSKRIFT, alle_ledd, versjoner
from app.calc.periode import dato_paa_norsk
from app.calc.poster import feltregler, inntekter, paragraf_3, paragraf_10  # noqa: F401 - and those of the catalogue
from app.calc.satser import Satsserie, alle_serier
from app.calc.sporing import FOERSTE_DAG, Regel, alle_regler
from tests.calc.sakslesing import Sak, les_saker, les_tabell

MAPPE: Final = Path(__file__).parent / "regler"
TITLER: Final = {
    1: "Vilkår og definisjoner",
    2: "Om vedtaket",
    3: "Egenandelens størrelse ved langtidsopphold",
    4: "Egenandelens størrelse ved korttidsopphold",
    5: "Fradrag i beregningsgrunnlaget",
    6: "Tidsrom for betaling av egenandel",
    7: "Hvilke tjenester omfattes av egenandelen",
    8: "Kommunens adgang til å fastsette egenandel for praktisk bistand",
    9: "Beregning av egenandel for praktisk bistand",
    10: "Samlet inntektsgradert utgiftstak",
}
TABELLER: Final = {
    3: ("par_3_aarssats.csv", "Årssatsen på hver side av hver grense, 2016–2026"),
    4: ("par_4_korttid.csv", "Statens maksimum, 2013–2026"),
    6: ("par_6_fri_maaned.csv", "Første betalingsdag"),
    10: ("par_10_utgiftstak.csv", "2 G og utgiftstaket, 2013–2026"),
}


def lag() -> dict[str, str]:
    """File name -> content of every page."""
    sider = {f"par_{paragraf}.md": _side(paragraf) for paragraf in TITLER}
    return {"README.md": _forside(), **sider}


def _forside() -> str:
    linjer = [
        "# Reglene",
        "",
        f"Forskrift om egenandel for kommunale helse- og omsorgstjenester ({FORSKRIFT}), paragraf for paragraf: hva hvert",
        "ledd krever, hvilke regler i koden som gjennomfører det, satsene med kilde, og sakene reglene er prøvd mot.",
        "Sidene lages av `make docs`; ikke rett dem for hånd.",
        "",
        *(f"- [§ {paragraf}. {tittel}](par_{paragraf}.md)" for paragraf, tittel in TITLER.items()),
    ]
    return _tekst(linjer)


def _side(paragraf: int) -> str:
    return _tekst(
        [
            f"# § {paragraf}. {TITLER[paragraf]}",
            "",
            *_ledd(paragraf),
            *_regler(paragraf),
            *_satser(paragraf),
            *_versjoner(paragraf),
            *_saker(paragraf),
        ]
    )


def _ledd(paragraf: int) -> Iterator[str]:
    yield "| Ledd | Hva det krever | Gjennomført av |"
    yield "|---|---|---|"
    for ledd in (ledd for ledd in alle_ledd() if ledd.paragraf == paragraf):
        regler = {
            f"`{regel.id}`"
            for regel in alle_regler()
            for hjemmel in (regel.hjemmel, *regel.ogsaa)
            if (hjemmel.paragraf, hjemmel.ledd) == (paragraf, ledd.ledd)
        }
        if ledd.varsel:
            hvordan = f"varselet `{ledd.varsel}`"
        elif ledd.utenfor:
            hvordan = f"Utenfor: {ledd.utenfor}"
        else:
            hvordan = ", ".join(sorted(regler))
        yield f"| {ledd.ledd} | {ledd.krav} | {hvordan} |"
    yield ""


def _regler(paragraf: int) -> Iterator[str]:
    unike = {(r.id, r.navn, str(r.formel) if isinstance(r.formel, str) else ""): r for r in alle_regler()}
    egne = sorted(
        (regel for regel in unike.values() if regel.hjemmel.paragraf == paragraf),
        # Never the order of import, which depends on who asks: by place in the paragraph, then by name.
        key=lambda r: (r.hjemmel.ledd, r.hjemmel.punktum or 0, r.id, r.gjelder_fra, r.navn),
    )
    if not egne:
        return
    yield "## Regler"
    yield ""
    yield "| Regel | Navn | Hjemmel | Formel | Gjelder |"
    yield "|---|---|---|---|---|"
    for regel in egne:
        formel = _formel(regel)
        yield f"| `{regel.id}` | {_uten_merke(regel.navn)} | {regel.hjemmel} | {formel} | {_gjelder(regel)} |"
    yield ""


def _formel(regel: Regel) -> str:
    if not isinstance(regel.formel, str):
        return "skrives av regelen selv"
    return re.sub(r"\{(\w+)\}", lambda treff: f"*{treff[1].replace('_', ' ')}*", regel.formel)


def _uten_merke(navn: str) -> str:
    return navn.replace("{merke}", "…")


def _gjelder(regel: Regel) -> str:
    fra = "" if regel.gjelder_fra == FOERSTE_DAG else f"fra {dato_paa_norsk(regel.gjelder_fra)}"
    til = "" if regel.gjelder_til is None else f"til og med {dato_paa_norsk(regel.gjelder_til)}"
    return " ".join(del_ for del_ in (fra, til) if del_) or "hele tiden"


def _satser(paragraf: int) -> Iterator[str]:
    egne = [serie for serie in alle_serier() if serie.hjemmel.startswith(f"§ {paragraf} ")]
    if paragraf in {3, 10}:
        egne += [serie for serie in alle_serier() if serie.id == "grunnbeloep"]
    if paragraf == 3:  # noqa: PLR2004 - the paragraph that tax belongs to
        egne += [serie for serie in alle_serier() if serie.id == "skattesats_alminnelig_inntekt"]
    if not egne:
        return
    yield "## Satser"
    yield ""
    for serie in egne:
        yield from _sats(serie)


def _sats(serie: Satsserie) -> Iterator[str]:
    yield f"### {serie.navn}"
    yield ""
    yield f"`{serie.id}`, {serie.enhet}, {serie.hjemmel}. Kontrollert til og med {dato_paa_norsk(serie.kontrollert_til)}."
    yield ""
    yield "| Gjelder fra | Verdi | Kilde | Merknad |"
    yield "|---|---|---|---|"
    for verdi in serie.verdier:
        kilde = f"[{verdi.kilde_tittel}]({verdi.kilde_url}) {verdi.kilde_paragraf}"
        tall = tall_paa_norsk(verdi.verdi)
        yield f"| {dato_paa_norsk(verdi.gjelder_fra)} | {tall} | {kilde} | {verdi.merknad or ''} |"
    yield ""


def _versjoner(paragraf: int) -> Iterator[str]:
    yield "## Ordlyder"
    yield ""
    yield from (f"- fra {dato_paa_norsk(v.gjelder_fra)}: {v.forskrift}" for v in versjoner(paragraf))
    yield ""


def _saker(paragraf: int) -> Iterator[str]:
    saker = [sak for sak in les_saker() if _gjelder_paragraf(sak, paragraf)]
    if not saker and paragraf not in TABELLER:
        return
    yield "## Saker"
    yield ""
    if paragraf in TABELLER:
        fil, hva = TABELLER[paragraf]
        yield f"{hva}: [{len(les_tabell(fil))} rader](../../tests/calc/saker/{fil}), hver med utledning og kilde."
        yield ""
    if saker:
        yield "| Sak | Hjemmel | Kilde | Svar |"
        yield "|---|---|---|---|"
        for sak in saker:
            svar = "<br>".join(f"`{peker}` = {ventet}" for peker, ventet in sak.svar.items())
            yield f"| {sak.tittel} | {sak.hjemmel} | {sak.kilde} | {svar} |"
        yield ""


def _gjelder_paragraf(sak: Sak, paragraf: int) -> bool:
    return re.search(rf"§ {paragraf}\b", sak.hjemmel) is not None


def _tekst(linjer: list[str]) -> str:
    return "\n".join(linjer).replace(HARDT_MELLOMROM, " ").rstrip() + "\n"


def main() -> None:
    """Write the pages."""
    MAPPE.mkdir(exist_ok=True)
    for navn, innhold in lag().items():
        (MAPPE / navn).write_text(innhold, "utf-8")


if __name__ == "__main__":
    main()
