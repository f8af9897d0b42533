"""All rates in force on a day, with source and age, and a warning before they run out."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.calc.kontrakt.feil import Feil, KontraktFeilError
from app.calc.kontrakt.felles import Varsel, mangeltekst, manglende_satser
from app.calc.kontrakt.lesing import Dato, Heltall, Kanskje, Liste, Objekt, Tall, Tekst, Valgt, felt
from app.calc.periode import dato_paa_norsk
from app.calc.satser import Satsserie, alle_serier, satsversjon
from app.calc.sporing import Enhet


@dataclass(frozen=True, slots=True)
class Kilde:
    """Where a value is stated."""

    tittel: str = felt(Tekst(300), "Tittel")
    url: str = felt(Tekst(500), "Adresse")
    paragraf: str = felt(Tekst(200), "Sted i kilden")


@dataclass(frozen=True, slots=True)
class SatsIKraft:
    """One rate on the day asked about."""

    id: str = felt(Tekst(60), "Fast navn")
    navn: str = felt(Tekst(200), "Navn")
    verdi: Decimal = felt(Tall(4), "Verdien som gjelder på datoen")
    enhet: Enhet = felt(Valgt(Enhet), "Enhet")
    hjemmel: str = felt(Tekst(200), "Hjemmel")
    gjelder_fra: date = felt(Dato(), "Første dag verdien gjelder")
    vedtatt: date | None = felt(Kanskje(Dato()), "Dagen verdien ble vedtatt, når den er kjent")
    alder_doegn: int = felt(Heltall(0, 100_000), "Døgn fra verdien begynte å gjelde til datoen")
    kontrollert_til: date = felt(Dato(), "Siste dag satsen er kontrollert for")
    kilde: Kilde = felt(Objekt(Kilde), "Kilden til verdien")
    merknad: str | None = felt(Kanskje(Tekst(500)), "Merknad")


@dataclass(frozen=True, slots=True)
class Satsoversikt:
    """The rates on a day."""

    dato: date = felt(Dato(), "Datoen det er spurt om")
    satser: tuple[SatsIKraft, ...] = felt(Liste(Objekt(SatsIKraft), 100), "Satsene")
    dekket_til: date = felt(Dato(), "Siste dag alle satser er kontrollert for")
    varsler: tuple[Varsel, ...] = felt(Liste(Objekt(Varsel), 10), "Varsler")
    satsversjon: str = felt(Tekst(40), "Fingeravtrykk av satsene")


def satsoversikt(dato: date, i_dag: date, varsle_doegn_foer: int) -> Satsoversikt:
    """The rates in force on ``dato``, seen from ``i_dag``.

    Raises:
        KontraktFeilError: rates are missing on the day; the fault names them.
    """
    # A right that did not exist yet (dobbeltrom before 1 July 2014) is no missing rate.
    serier = [
        serie for serie in alle_serier() if not (serie.id in _INNFOERT_SENERE and dato < serie.datoer[0])
    ]
    mangler = manglende_satser((dato,), tuple(serie.id for serie in serier))
    if mangler:
        tekst = f"{mangeltekst(mangler, dato.isoformat())} Velg en dato som er dekket."
        raise KontraktFeilError([Feil("/query/dato", "sats-mangler", tekst)])
    til = dekket_til()
    return Satsoversikt(
        dato=dato,
        satser=tuple(_i_kraft(serie, dato) for serie in serier),
        dekket_til=til,
        varsler=utloepsvarsel(til, i_dag, varsle_doegn_foer),
        satsversjon=satsversjon(),
    )


def _i_kraft(serie: Satsserie, dato: date) -> SatsIKraft:
    verdi = serie.verdi_paa(dato)
    return SatsIKraft(
        id=serie.id,
        navn=serie.navn,
        verdi=verdi.verdi,
        enhet=serie.enhet,
        hjemmel=serie.hjemmel,
        gjelder_fra=verdi.gjelder_fra,
        vedtatt=verdi.vedtatt,
        alder_doegn=(dato - verdi.gjelder_fra).days,
        kontrollert_til=serie.kontrollert_til,
        kilde=Kilde(tittel=verdi.kilde_tittel, url=verdi.kilde_url, paragraf=verdi.kilde_paragraf),
        merknad=verdi.merknad,
    )


def dekket_til() -> date:
    """Last day on which every rate is verified."""
    return min(serie.kontrollert_til for serie in alle_serier())


def utloepsvarsel(siste_dag: date, i_dag: date, varsle_doegn_foer: int) -> tuple[Varsel, ...]:
    """A warning when the verified rates end soon, or have ended."""
    igjen = (siste_dag - i_dag).days
    if igjen > varsle_doegn_foer:
        return ()
    naar = f"om {igjen} døgn" if igjen >= 0 else f"for {-igjen} døgn siden"
    return (
        Varsel(
            kode="SATSER_UTLOEPER",
            tekst=f"De kontrollerte satsene gjelder til og med {dato_paa_norsk(siste_dag)} ({naar}). "
            "Legg inn neste års satser med kilde, ellers kan ikke neste år beregnes.",
        ),
    )


_INNFOERT_SENERE = frozenset({"fribeloep_dobbeltrom"})
