"""The ``skatt`` group: beregnet skatt, less wealth tax, with the tax of what is kept out of income taken out.

The rules are those of the calculator; here they only get Fiks' shape.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Final

from app.calc.beloep import eksakt_regning
from app.calc.kontrakt.langtidsopphold import Valg
from app.calc.periode import aaret
from app.calc.poster.katalog import Art
from app.calc.poster.langtidsgrunnlag import HoldtUtenfor
from app.calc.poster.skatt import Justeringsforslag, Skattedata
from app.calc.poster.typer import Svardel
from app.calc.regler import par_3_inntekt
from app.calc.sporing import Enhet, Faktum, Node, Steg, kroner, som_tall
from app.services.fiks.grupper import grunnlag, grunnlagsgruppe, hele_kroner
from app.services.fiks.ord import Kilde, Operasjon
from app.services.fiks.svar import FiksBeregningsgrunnlag, FiksBeregningspost, FiksGruppe

DEL: Final = {
    Svardel.FASTLAND: "/beregnetSkattFastland",
    Svardel.SVALBARD: "/beregnetSkattSvalbard",
    Svardel.KILDESKATT: "/beregnetSkattKildeskattPaaLoenn",
}
BEREGNET_SKATT: Final = "/informasjonTilSkattelister/beregnetSkatt"
"""Fiks' path. We read ``beregnetSkatt`` of the part itself, which is the same amount."""
SKATTEJUSTERING: Final = "skattejustering"


def skattegruppe(
    aar: int, skatt: Skattedata, holdt_utenfor: Sequence[HoldtUtenfor], valg: Valg, person: str
) -> FiksGruppe:
    """The tax deducted, sum by sum. Never below zero."""
    deler = [
        grunnlag(
            "beregnetSkatt",
            "Beregnet skatt",
            _poster(_ledd(skatt.beregnet_skatt), BEREGNET_SKATT, "Beregnet skatt", person),
        )
    ]
    if skatt.formuesskatt is not None and skatt.formuesskatt.verdi and not valg.trekk_formuesskatt:
        deler.append(
            grunnlag(
                "formuesskatt",
                "Formuesskatt som holdes utenfor",
                _poster(_ledd(skatt.formuesskatt), "/skattOgAvgift/formuesskatt", "Formuesskatt", person),
                Operasjon.SUBTRAHERE,
            )
        )
    if skatt.betalt_i_utlandet is not None and valg.legg_til_kreditfradrag:
        sti = "/skattefradrag/skattefradragForInntektsskattBetaltIUtlandet"
        deler.append(
            grunnlag(
                "skattBetaltIUtlandet",
                "Skatt betalt i utlandet",
                _poster(_ledd(skatt.betalt_i_utlandet), sti, "Skatt betalt i utlandet", person),
            )
        )
    if holdt_utenfor and skatt.justering is not None:
        igjen = sum(del_.operasjon.paa(del_.beloep or 0) for del_ in deler)
        deler.append(_justering(aar, skatt.justering, holdt_utenfor, igjen, person))
    return grunnlagsgruppe("skatt", "Skatt", deler)


def _ledd(steg: Steg) -> Iterable[tuple[Svardel, Node]]:
    """The parts of a sum, each with the territory its node is marked with."""
    for node in steg.argumenter:
        merke = node.merke if isinstance(node, Steg) else node.id.rpartition(".")[2]
        yield Svardel[merke.upper()], node


def _poster(
    ledd: Iterable[tuple[Svardel, Node]], sti: str, tekst: str, person: str
) -> list[FiksBeregningspost]:
    return [
        _post(
            DEL[del_] + sti,
            tekst if del_ is Svardel.FASTLAND else f"{tekst} ({del_})",
            hele_kroner(som_tall(node)),
            person,
        )
        for del_, node in ledd
    ]


def _post(
    navn: str, tekst: str, beloep: int, person: str, infotekst: str | None = None
) -> FiksBeregningspost:
    return FiksBeregningspost(
        teknisk_navn=navn,
        visningstekst=tekst,
        operasjon=Operasjon.ADDERE if beloep >= 0 else Operasjon.SUBTRAHERE,
        beloep=abs(beloep),
        kilde=Kilde.SKATTEETATEN,
        kan_endre_visningstekst=False,
        identifikator=person,
        infotekst=infotekst,
    )


def _justering(
    aar: int, forslag: Justeringsforslag, holdt_utenfor: Sequence[HoldtUtenfor], igjen: int, person: str
) -> FiksBeregningsgrunnlag:
    """The change in tax if the items were not there; oere are rounded so that the basis never grows by it."""
    dag = aaret(aar).fra
    with eksakt_regning():
        utenfor = par_3_inntekt.utenfor(
            *(
                (par_3_inntekt.gevinst_utenfor if holdt.art is Art.GEVINST else par_3_inntekt.tap_utenfor)(
                    kroner("beloep", holdt.beskrivelse, holdt.beloep, "skatteoppgjøret"),
                    Faktum(
                        "oppjusteringsfaktor",
                        "Oppjusteringsfaktor",
                        holdt.oppjusteringsfaktor,
                        Enhet.FAKTOR,
                        "skatteoppgjøret",
                    ),
                    dato=dag,
                )
                for holdt in holdt_utenfor
            ),
            dato=dag,
        )
        endring = par_3_inntekt.skattejustering(
            forslag.skattesats, forslag.alminnelig_inntekt, utenfor, forslag.personfradrag, dato=dag
        )
        tekst = f"{endring.formel}. Rundet til hele kroner i beboerens favør."
    return grunnlag(
        SKATTEJUSTERING,
        "Skatt av gevinst og tap som holdes utenfor",
        [
            _post(
                SKATTEJUSTERING,
                "Endring i skatten når gevinst og tap holdes utenfor",
                max(math.ceil(endring.verdi), -igjen),
                person,
                tekst,
            )
        ],
    )
