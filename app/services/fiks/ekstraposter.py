"""The manual posts a caseworker may send along: what each is called, who may have it, and which way it counts."""

from dataclasses import dataclass
from typing import Final

from app.services.fiks.ord import (
    PARTNERE,
    Beregningstype,
    GammelKilde,
    Justeringstype,
    Persontype,
    Tilhoerighetskategori,
)

ANDRE_INNTEKTER: Final = "kommune.andreInntekter"
TENKT_ETTERLATTEPENSJON: Final = "kommune.tenktEtterlattePensjon"
OEKT_NAERINGSINNTEKT: Final = "kommune.oektNaeringsinntekt"
REDUSERT_NAERINGSINNTEKT: Final = "kommune.redusertNaeringsinntekt"
HJELPESTOENAD: Final = "nav.hjelpestoenadFraFolketrygden"
OMSORGSLOENN: Final = "nav.omsorgsloennEtterHelseOgOmsorgstjenesteloven"
SKJOENNSMESSIGE_FRADRAG: Final = "kommune.skjoennsmessigeFradrag"

_SOEKER: Final = (Persontype.SOEKER,)
_FORSOERGEDE: Final = (*PARTNERE, Persontype.BARN)
_HUSSTAND: Final = (Persontype.SOEKER, *_FORSOERGEDE, Persontype.ANNET)

PERSONTYPER: Final = {
    Beregningstype.LANGTIDSOPPHOLD_INSTITUSJON: (Persontype.SOEKER, *_FORSOERGEDE),
    Beregningstype.PRAKTISK_BISTAND: _HUSSTAND,
}
"""Who may be in a request. ANNET says nothing of the relation, so the answer reminds of § 10 tredje ledd."""


@dataclass(frozen=True, slots=True)
class Ekstrapost:
    """One kind of manual post."""

    teknisk_navn: str
    visningstekst: str
    persontyper: tuple[Persontype, ...]
    justeringstype: Justeringstype
    gruppe: str
    gruppetekst: str
    kategori: Tilhoerighetskategori
    kan_endre_visningstekst: bool = False
    eksempeltekst: str | None = None

    @property
    def gammel_kilde(self) -> GammelKilde:
        """The source as v2 spells it."""
        return GammelKilde.NAV if self.teknisk_navn.startswith("nav.") else GammelKilde.KOMMUNE


_INNTEKT, _FRADRAG = Tilhoerighetskategori.INNTEKT, Tilhoerighetskategori.FRADRAG
_OEKNING, _REDUKSJON = Justeringstype.OKNING, Justeringstype.REDUKSJON
FORSOERGERFRADRAG: Final = ("forsorgerfradrag", "Forsørgerfradrag")

_SKJOENN: Final = (SKJOENNSMESSIGE_FRADRAG, "Skjønnsmessig fradrag")

EKSTRAPOSTER: Final = {
    Beregningstype.LANGTIDSOPPHOLD_INSTITUSJON: (
        Ekstrapost(
            ANDRE_INNTEKTER,
            "Andre inntekter",
            _SOEKER,
            _OEKNING,
            "andreInntekterGruppe",
            "Andre inntekter",
            _INNTEKT,
            True,
            "Inntekt som ikke står i skatteoppgjøret, eller en post du selv har avgjort at teller",
        ),
        Ekstrapost(
            TENKT_ETTERLATTEPENSJON,
            "Tenkt etterlattepensjon",
            _FORSOERGEDE,
            _OEKNING,
            *FORSOERGERFRADRAG,
            _FRADRAG,
            eksempeltekst="Pensjonen den forsørgede ville fått fra folketrygden om beboeren var død (§ 5 andre "
            "ledd). Oppgi 0 hvis det ikke er aktuelt.",
        ),
        Ekstrapost(
            OEKT_NAERINGSINNTEKT,
            "Økt næringsinntekt",
            _FORSOERGEDE,
            _REDUKSJON,
            *FORSOERGERFRADRAG,
            _FRADRAG,
            eksempeltekst="Næringsinntekt hos den forsørgede ut over skatteoppgjøret; senker fradraget",
        ),
        Ekstrapost(
            REDUSERT_NAERINGSINNTEKT,
            "Redusert næringsinntekt",
            _FORSOERGEDE,
            _OEKNING,
            *FORSOERGERFRADRAG,
            _FRADRAG,
            eksempeltekst="Næringsinntekt hos den forsørgede som ikke lenger kommer; hever fradraget",
        ),
        Ekstrapost(
            *_SKJOENN,
            _SOEKER,
            _OEKNING,
            "skjoennsmessigeFradrag",
            "Skjønnsmessige fradrag",
            _FRADRAG,
            True,
            "Fradrag etter § 5 fjerde ledd, med det fradraget gjelder",
        ),
    ),
    Beregningstype.PRAKTISK_BISTAND: (
        Ekstrapost(
            HJELPESTOENAD,
            "Hjelpestønad fra Folketrygden",
            _HUSSTAND,
            _OEKNING,
            "hjelpestoenad",
            "Hjelpestønad",
            _INNTEKT,
            eksempeltekst="Hjelpestønad til hjelp i huset (§ 10 første ledd tredje punktum)",
        ),
        Ekstrapost(
            OMSORGSLOENN,
            "Omsorgslønn etter helse- og omsorgstjenesteloven § 3-6",
            _HUSSTAND,
            _OEKNING,
            "omsorgsloenn",
            "Omsorgslønn",
            _FRADRAG,
            eksempeltekst="Omsorgsstønad som er med i inntekten (§ 10 første ledd tredje punktum)",
        ),
        Ekstrapost(
            *_SKJOENN,
            _HUSSTAND,
            _OEKNING,
            "skjoennsmessigeFradrag",
            "Skjønnsmessige fradrag",
            _FRADRAG,
            True,
            "Fradrag etter kommunens skjønn, med det fradraget gjelder",
        ),
    ),
}


def ekstrapost(type_: Beregningstype, teknisk_navn: str) -> Ekstrapost | None:
    """The kind of post with this name, or ``None``."""
    return next((post for post in EKSTRAPOSTER[type_] if post.teknisk_navn == teknisk_navn), None)
