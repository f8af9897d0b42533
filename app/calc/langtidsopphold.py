"""The long-stay calculator: puts the rules of §§ 1, 3, 4, 5 and 6 together for one year."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final

from app.calc.beloep import NULL, eksakt_regning, tall_paa_norsk
from app.calc.kontrakt.felles import Varsel
from app.calc.kontrakt.json_tekst import camel
from app.calc.kontrakt.langtidsopphold import (
    Inntekter,
    LangtidInn,
    LangtidUt,
    Maanedsbeloep,
    Opphold,
    Periode,
    UtenforArt,
)
from app.calc.kontrakt.lesing import tittel
from app.calc.periode import MAANEDER_I_AARET, Spenn, aaret, dagen_foer, maaneden, maanedsnoekkel
from app.calc.regler import par_3_aarssats, par_3_inntekt, par_3_maaned, par_4, par_5, par_6
from app.calc.regler.par_1 import Oppholdsart
from app.calc.regler.par_3_aarssats import DOBBELTROM_FRA, FordelAvFribeloep
from app.calc.regler.par_6 import Del, Doegnopphold, Grunnlag
from app.calc.satser import sats, satsversjon, serie
from app.calc.sporing import Enhet, Faktum, Node, Sats, Steg
from app.calc.versjon import REGELVERSJON

INNTEKTSFELT: Final = tuple(
    (navn, f"/inntekter/{camel(navn)}", tittel(Inntekter, navn)) for navn in Inntekter.__slots__
)


def beregn(inn: LangtidInn) -> LangtidUt:
    """The egenandel of one year of stay, with the tree that explains it.

    The request must have passed the contract's checks (``kontrakt.langtidsopphold.LANGTID_INN``).

    Raises:
        SatsManglerError: a rate is missing for the year.
    """
    with eksakt_regning():
        return _Beregning(inn).svar()


@dataclass(slots=True)
class _Maaned:
    """What has been gathered for one month before it is priced."""

    etter_paragraf_3: list[tuple[Faktum, int]] = field(default_factory=list)
    """Yearly rates with the days they apply to."""
    korttid: int = 0
    besoek: list[tuple[Oppholdsart, int]] = field(default_factory=list)


class _Beregning:
    def __init__(self, inn: LangtidInn) -> None:
        self._inn = inn
        self._aar = aaret(inn.aar)
        self._foerste = self._aar.fra
        self._varsler: list[Varsel] = []
        self._aarssatser: dict[tuple[Decimal, Decimal, Decimal | None], Steg] = {}
        self._henvisninger: dict[int, Faktum] = {}

    def svar(self) -> LangtidUt:
        inntekt = self._inntekt()
        justering = self._skattejustering()
        skatt = self._skatt(justering)
        fradrag = self._fradrag()
        self._grunnlag = par_3_inntekt.beregningsgrunnlag(
            inntekt,
            skatt,
            Faktum("gjeldsrenter", "Gjeldsrenter", self._inn.gjeldsrenter, Enhet.KRONER, "/gjeldsrenter"),
            fradrag,
            dato=self._foerste,
        )
        self._grunnlag_kort = _henvisning(self._grunnlag)
        deler = self._deler()
        perioder = _slaa_sammen(periode for del_ in deler for periode in self._perioder(del_))
        besoek = tuple(self._besoek())
        maaneder = self._maaneder(perioder, besoek)
        rot = par_3_maaned.egenandel_aar(
            *(steg for _, steg in maaneder),
            dato=self._foerste,
            vedlegg=(
                self._grunnlag,
                *(p.steg for p in perioder),
                *self._aarssatser.values(),
            ),
        )
        self._varsle(perioder, justering)
        alle = sorted([*(p.ut for p in perioder), *(p for p, _ in besoek)], key=lambda p: (p.fra, p.til))
        return LangtidUt(
            aar=self._inn.aar,
            inntekt=inntekt.verdi,
            fradragsberettiget_skatt=skatt.verdi,
            skattejustering=_som_tall(justering),
            fradrag_paragraf5=fradrag.verdi,
            beregningsgrunnlag=self._grunnlag.verdi,
            perioder=tuple(alle),
            maaneder=tuple(ut for ut, _ in maaneder),
            egenandel_aar=rot.verdi,
            varsler=tuple(self._varsler),
            forklaring=rot,
            regelversjon=REGELVERSJON,
            satsversjon=satsversjon(),
        )

    # --- § 3 fjerde ledd: income, tax and basis -------------------------------------------------

    def _inntekt(self) -> Steg:
        poster = [
            Faktum(f"inntekt.{navn}", tekst, verdi, Enhet.KRONER, peker)
            for navn, peker, tekst in INNTEKTSFELT
            if (verdi := getattr(self._inn.inntekter, navn))
        ]
        return par_3_inntekt.inntekt(*poster, dato=self._foerste)

    def _skattejustering(self) -> Steg | Faktum:
        skatt = self._inn.skatt
        if not skatt.holdt_utenfor or skatt.alminnelig_inntekt is None or skatt.personfradrag is None:
            return _INGEN_JUSTERING
        utenfor = []
        for nr, post in enumerate(skatt.holdt_utenfor):
            peker = f"/skatt/holdtUtenfor/{nr}"
            regel = (
                par_3_inntekt.gevinst_utenfor if post.art is UtenforArt.GEVINST else par_3_inntekt.tap_utenfor
            )
            utenfor.append(
                regel(
                    _kroner(
                        "beloep",
                        post.beskrivelse or post.art.value.capitalize(),
                        post.beloep,
                        f"{peker}/beloep",
                    ),
                    Faktum(
                        "oppjusteringsfaktor",
                        "Oppjusteringsfaktor",
                        post.oppjusteringsfaktor,
                        Enhet.FAKTOR,
                        f"{peker}/oppjusteringsfaktor",
                    ),
                    dato=self._foerste,
                    merke=str(nr),
                )
            )
        return par_3_inntekt.skattejustering(
            self._valgt_eller_sats(skatt.skattesats, "skattesats_alminnelig_inntekt", "/skatt/skattesats"),
            _kroner(
                "alminnelig_inntekt",
                "Alminnelig inntekt",
                skatt.alminnelig_inntekt,
                "/skatt/alminneligInntekt",
            ),
            par_3_inntekt.utenfor(*utenfor, dato=self._foerste),
            _kroner("personfradrag", "Personfradrag", skatt.personfradrag, "/skatt/personfradrag"),
            dato=self._foerste,
        )

    def _skatt(self, justering: Node) -> Steg:
        skatt, valg = self._inn.skatt, self._inn.valg
        trekkes_ut = NULL if valg.trekk_formuesskatt else skatt.formuesskatt
        legges_til = skatt.kreditfradrag if valg.legg_til_kreditfradrag else NULL
        return par_3_inntekt.skatt(
            _kroner("beregnet_skatt", "Beregnet skatt i alt", skatt.beregnet_skatt, "/skatt/beregnetSkatt"),
            _kroner("formuesskatt", "Formuesskatt som holdes utenfor", trekkes_ut, "/skatt/formuesskatt"),
            _kroner("kreditfradrag", "Skatt betalt i utlandet", legges_til, "/skatt/kreditfradrag"),
            justering,
            dato=self._foerste,
        )

    # --- § 5 ------------------------------------------------------------------------------------

    def _fradrag(self) -> Steg:
        inn, dag = self._inn, self._foerste
        fradrag: list[Node] = []
        for nr, person in enumerate(inn.forsoergede):
            if not par_5.gir_fradrag(person.relasjon, person.hjemmeboende, inn.valg.samboer_som_ektefelle):
                self._varsle_om("FORSOERGET_GIR_IKKE_FRADRAG", _TEKST_FORSOERGET.format(nr=nr + 1))
                continue
            peker = f"/forsoergede/{nr}"
            fradrag.append(
                par_5.etterlattepensjon(
                    _kroner(
                        "tenkt_etterlattepensjon",
                        "Tenkt etterlattepensjon",
                        person.tenkt_etterlattepensjon,
                        f"{peker}/tenktEtterlattepensjon",
                    ),
                    _kroner(
                        "arbeidsinntekt",
                        "Egen arbeidsinntekt",
                        person.arbeidsinntekt,
                        f"{peker}/arbeidsinntekt",
                    ),
                    _kroner(
                        "pensjon",
                        "Egen pensjon fra folketrygden",
                        person.pensjon_fra_folketrygden,
                        f"{peker}/pensjonFraFolketrygden",
                    ),
                    dato=dag,
                    merke=f"{nr + 1}",
                )
            )
        if fradrag:
            inntekter = inn.inntekter
            fradrag.append(
                par_5.tjenestepensjon(
                    sats("fradrag_offentlig_tjenestepensjon", dag),
                    _kroner(
                        "offentlig_tjenestepensjon",
                        tittel(Inntekter, "offentlig_tjenestepensjon"),
                        inntekter.offentlig_tjenestepensjon,
                        "/inntekter/offentligTjenestepensjon",
                    ),
                    sats("fradrag_privat_pensjon", dag),
                    _kroner(
                        "privat_pensjon",
                        tittel(Inntekter, "privat_pensjon"),
                        inntekter.privat_pensjon,
                        "/inntekter/privatPensjon",
                    ),
                    dato=dag,
                )
            )
        fradrag.extend(
            par_5.skjoenn(
                _kroner("skjoenn", post.begrunnelse, post.beloep, f"/skjoennsmessigFradrag/{nr}/beloep"),
                dato=dag,
                merke=f"{nr + 1}",
            )
            for nr, post in enumerate(inn.skjoennsmessig_fradrag)
        )
        return par_5.fradrag(*fradrag, dato=dag)

    # --- § 6: the days --------------------------------------------------------------------------

    def _deler(self) -> tuple[Del, ...]:
        opphold = sorted(
            (
                Doegnopphold(
                    o.art, o.fra, min(o.til or self._aar.til, self._aar.til), o.medregnet_fra, nummer
                )
                for nummer, o in enumerate(self._inn.opphold)
                if not o.art.er_besoek and o.fra <= self._aar.til
            ),
            key=lambda o: (o.fra, o.til),
        )
        regler = par_6.Regler(
            fri_maaneder=int(sats("fri_periode", self._foerste).verdi),
            grense_doegn=int(sats("korttid_grense", self._foerste).verdi),
            avlastning_teller=self._inn.valg.avlastning_teller_mot60_doegn,
            beholder_over_nyttaar=self._inn.valg.paragraf3_over_nyttaar,
        )
        return par_6.del_opp(opphold, self._inn.aar, regler)

    def _perioder(self, del_: Del) -> "Iterator[_Periode]":
        opphold = self._inn.opphold[del_.nummer]
        if del_.grunnlag is Grunnlag.PARAGRAF_4:
            yield _Periode(del_, del_.spenn, sats_per_doegn=_som_tall(self._korttidspris()))
        elif del_.grunnlag is Grunnlag.PARAGRAF_3:
            for spenn in self._med_samme_satser(del_.spenn, opphold):
                yield _Periode(del_, spenn, aarssats=self._aarssats(spenn.fra, del_.nummer))
        else:
            yield _Periode(del_, del_.spenn)

    def _med_samme_satser(self, spenn: Spenn, opphold: Opphold) -> Iterator[Spenn]:
        skiller = {self._nytt_g_fra()}
        if opphold.dobbeltrom_mot_eget_oenske:
            skiller.add(DOBBELTROM_FRA)
        fra = spenn.fra
        for skille in sorted(skiller):
            if fra < skille <= spenn.til:
                yield Spenn(fra, dagen_foer(skille))
                fra = skille
        yield Spenn(fra, spenn.til)

    def _nytt_g_fra(self) -> date:
        return self._inn.valg.nytt_g_fra or _nytt_g(self._inn.aar)

    # --- § 3 andre ledd: the yearly rate --------------------------------------------------------

    def _aarssats(self, dag: date, nummer: int) -> Steg:
        opphold = self._inn.opphold[nummer]
        g = sats("grunnbeloep", self._aar.til if dag >= self._nytt_g_fra() else self._foerste)
        fribeloep = self._fribeloep(dag, opphold)
        utgift = opphold.oppholdsutgift_per_maaned
        noekkel = (g.verdi, _som_tall(fribeloep), utgift)
        if noekkel not in self._aarssatser:
            peker = f"/opphold/{nummer}/oppholdsutgiftPerMaaned"
            self._aarssatser[noekkel] = self._ny_aarssats(dag, g, fribeloep, utgift, peker)
        return self._aarssatser[noekkel]

    def _fribeloep(self, dag: date, opphold: Opphold) -> Node:
        if not opphold.dobbeltrom_mot_eget_oenske:
            return sats("fribeloep", dag)
        if dag >= DOBBELTROM_FRA:
            return par_3_aarssats.fribeloep_dobbeltrom(sats("fribeloep_dobbeltrom", dag), dato=dag)
        self._varsle_om("DOBBELTROM_FOER_2014", _TEKST_DOBBELTROM)
        return par_3_aarssats.fribeloep_dobbeltrom_foer_juli_2014(sats("fribeloep", dag), dato=dag)

    def _ny_aarssats(self, dag: date, g: Sats, fribeloep: Node, utgift: Decimal | None, peker: str) -> Steg:
        valg, grunnlag, merke = self._inn.valg, self._grunnlag_kort, dag.isoformat()
        inntil_g = par_3_aarssats.andel_inntil_g(
            grunnlag,
            g,
            fribeloep,
            self._valgt_eller_sats(valg.prosent_inntil_g, "prosent_inntil_g", "/valg/prosentInntilG"),
            dato=dag,
        )
        over_g = par_3_aarssats.andel_over_g(
            grunnlag,
            g,
            self._valgt_eller_sats(valg.prosent_over_g, "prosent_over_g", "/valg/prosentOverG"),
            dato=dag,
        )
        fordel: Node = sats("prosent_fordel_av_fribeloep", dag)
        if valg.fordel_av_fribeloep is FordelAvFribeloep.PROSENT_100:
            fordel = _HELE_FRIBELOEPET
        i_behold = par_3_aarssats.i_behold(g, sats("prosent_i_behold", dag), fribeloep, fordel, dato=dag)
        etter_behold = par_3_aarssats.hoeyst_etter_behold(grunnlag, i_behold, dato=dag)
        if utgift is None:
            return par_3_aarssats.aarssats(inntil_g, over_g, etter_behold, dato=dag, merke=merke)
        utgift_aar = par_3_aarssats.oppholdsutgift(
            Faktum(
                "oppholdsutgift",
                "Oppholdsutgift per måned",
                utgift,
                Enhet.KRONER_PER_MAANED,
                peker,
            ),
            _MAANEDER,
            dato=dag,
        )
        return par_3_aarssats.aarssats_med_tak(
            inntil_g, over_g, etter_behold, utgift_aar, dato=dag, merke=merke
        )

    def _valgt_eller_sats(self, valgt: Decimal | None, id_: str, peker: str) -> Node:
        statens = sats(id_, self._foerste)
        if valgt is None or valgt == statens.verdi:
            return statens
        return Faktum(id_, f"{statens.navn}, valgt", valgt, statens.enhet, peker)

    # --- § 4 ------------------------------------------------------------------------------------

    def _korttidspris(self) -> Node:
        return self._valgt_eller_sats(
            self._inn.valg.korttid_per_doegn, "korttid_doegn", "/valg/korttidPerDoegn"
        )

    def _besoekspris(self) -> Node:
        return self._valgt_eller_sats(
            self._inn.valg.per_dag_eller_natt, "dag_eller_natt", "/valg/perDagEllerNatt"
        )

    def _besoek(self) -> Iterator[tuple[Periode, Opphold]]:
        for opphold in self._inn.opphold:
            if opphold.art.er_besoek and opphold.fra.year == self._inn.aar:
                til = opphold.til or maaneden(opphold.fra.year, opphold.fra.month).til
                yield (
                    Periode(
                        fra=opphold.fra,
                        til=til,
                        grunnlag=Grunnlag.PARAGRAF_4,
                        grunnbeloep=None,
                        fribeloep=None,
                        aarssats=None,
                        sats_per_doegn=_som_tall(self._besoekspris()),
                    ),
                    opphold,
                )

    # --- months ---------------------------------------------------------------------------------

    def _maaneder(
        self, perioder: "list[_Periode]", besoek: tuple[tuple[Periode, Opphold], ...]
    ) -> list[tuple[Maanedsbeloep, Steg]]:
        samlet: dict[int, _Maaned] = defaultdict(_Maaned)
        for periode in perioder:
            if periode.grunnlag in (Grunnlag.PARAGRAF_3, Grunnlag.PARAGRAF_4):
                for maaned, doegn in _per_maaned(periode.spenn):
                    if periode.aarssats is None:
                        samlet[maaned].korttid += doegn
                    else:
                        samlet[maaned].etter_paragraf_3.append((self._kort(periode.aarssats), doegn))
        for _, opphold in besoek:
            samlet[opphold.fra.month].besoek.append((opphold.art, opphold.antall or 0))
        return [self._maaned(maaned, samlet[maaned]) for maaned in sorted(samlet)]

    def _kort(self, aarssats: Steg) -> Faktum:
        """The yearly rate as the months refer to it: one node, however many months."""
        if id(aarssats) not in self._henvisninger:
            self._henvisninger[id(aarssats)] = _henvisning(aarssats)
        return self._henvisninger[id(aarssats)]

    def _maaned(self, nummer: int, maaned: _Maaned) -> tuple[Maanedsbeloep, Steg]:
        valg, spenn = self._inn.valg, maaneden(self._inn.aar, nummer)
        etter_paragraf_3 = sum(doegn for _, doegn in maaned.etter_paragraf_3)
        noder: list[Node] = [
            _fordeling(valg.doegnregel, self._inn.aar, nummer, etter_paragraf_3 == spenn.doegn)
        ]
        noekkel = maanedsnoekkel(spenn.fra)
        paragraf_4 = self._paragraf_4(maaned, spenn.fra, noekkel)
        if paragraf_4 is not None:
            noder.append(paragraf_4)
        for aarssats, doegn in maaned.etter_paragraf_3:
            noder += (aarssats, _doegn(doegn))
        regel = par_3_maaned.MAANED_UTEN_KORTTID if paragraf_4 is None else par_3_maaned.MAANED_MED_KORTTID
        steg = regel[valg.avrunding](*noder, dato=spenn.fra, merke=noekkel)
        return (
            Maanedsbeloep(
                maaned=noekkel,
                doegn=etter_paragraf_3 + maaned.korttid,
                besoek=sum(antall for _, antall in maaned.besoek),
                egenandel=steg.verdi,
            ),
            steg,
        )

    def _paragraf_4(self, maaned: _Maaned, dag: date, noekkel: str) -> Steg | None:
        ledd: list[Node] = []
        if maaned.korttid:
            ledd.append(par_4.korttid(_doegn(maaned.korttid), self._korttidspris(), dato=dag, merke=noekkel))
        for nr, (art, antall) in enumerate(maaned.besoek, start=1):
            faktum = Faktum(
                "besoek", f"Antall {art.value.lower()}opphold", Decimal(antall), Enhet.OPPHOLD, "/opphold"
            )
            ledd.append(par_4.besoek(faktum, self._besoekspris(), dato=dag, merke=f"{noekkel}.{nr}"))
        return par_4.samlet(*ledd, dato=dag, merke=noekkel) if ledd else None

    # --- warnings -------------------------------------------------------------------------------

    def _varsle_om(self, kode: str, tekst: str) -> None:
        if all(varsel.kode != kode or varsel.tekst != tekst for varsel in self._varsler):
            self._varsler.append(Varsel(kode=kode, tekst=tekst))

    def _varsle(self, perioder: "list[_Periode]", justering: Node) -> None:
        inn = self._inn
        if not perioder and not any(o.art.er_besoek for o in inn.opphold):
            self._varsle_om("INGEN_OPPHOLD_I_AARET", _TEKST_INGEN_OPPHOLD)
        if inn.skatt.holdt_utenfor:
            self._varsle_om(
                "SKATTEJUSTERING", _TEKST_SKATTEJUSTERING.format(beloep=tall_paa_norsk(_som_tall(justering)))
            )
        if inn.skatt.formuesskatt > inn.skatt.beregnet_skatt:
            self._varsle_om("FORMUESSKATT_OVER_SKATT", _TEKST_FORMUESSKATT)
        if any(
            p.aarssats is not None and inn.opphold[p.nummer].oppholdsutgift_per_maaned is None
            for p in perioder
        ):
            self._varsle_om("OPPHOLDSUTGIFT_IKKE_OPPGITT", _TEKST_OPPHOLDSUTGIFT)
        if any(p.regel is par_6.etter_grensen for p in perioder):
            self._varsle_om("OVER_60_DOEGN", _TEKST_60_DOEGN)
        if inn.skjoennsmessig_fradrag and not inn.forsoergede:
            self._varsle_om("SKJOENN_UTEN_FORSOERGEDE", _TEKST_SKJOENN)
        if inn.valg.nytt_g_fra is not None and inn.valg.nytt_g_fra > _nytt_g(inn.aar):
            self._varsle_om("NYTT_G_SENERE_ENN_1_MAI", _TEKST_NYTT_G)


class _Periode:
    """A run of days with what it costs; becomes a row of the answer and a node of the tree."""

    __slots__ = ("aarssats", "grunnlag", "nummer", "regel", "sats_per_doegn", "spenn")

    def __init__(
        self, del_: Del, spenn: Spenn, aarssats: Steg | None = None, sats_per_doegn: Decimal | None = None
    ) -> None:
        self.spenn = spenn
        self.grunnlag = del_.grunnlag
        self.regel = del_.regel
        self.nummer = del_.nummer
        self.aarssats = aarssats
        self.sats_per_doegn = sats_per_doegn

    def fortsetter(self, forrige: "_Periode") -> bool:
        """Whether this run and the one before are one in the answer."""
        return (
            self.grunnlag is forrige.grunnlag
            and self.aarssats is forrige.aarssats
            and dagen_foer(self.spenn.fra) == forrige.spenn.til
        )

    @property
    def steg(self) -> Steg:
        fra, til = self.spenn.fra, self.spenn.til
        return self.regel(
            Faktum("fra", "Fra og med", fra, Enhet.DATO, f"/opphold/{self.nummer}"),
            Faktum("til", "Til og med", til, Enhet.DATO, f"/opphold/{self.nummer}"),
            dato=fra,
            merke=fra.isoformat(),
        )

    @property
    def ut(self) -> Periode:
        g = fribeloep = None
        if self.aarssats is not None:
            g, fribeloep = _g_og_fribeloep(self.aarssats)
        return Periode(
            fra=self.spenn.fra,
            til=self.spenn.til,
            grunnlag=self.grunnlag,
            grunnbeloep=g,
            fribeloep=fribeloep,
            aarssats=None if self.aarssats is None else self.aarssats.verdi,
            sats_per_doegn=self.sats_per_doegn,
        )


def _slaa_sammen(perioder: "Iterator[_Periode]") -> "list[_Periode]":
    ferdige: list[_Periode] = []
    for periode in perioder:
        if ferdige and periode.fortsetter(ferdige[-1]):
            ferdige[-1].spenn = Spenn(ferdige[-1].spenn.fra, periode.spenn.til)
        else:
            ferdige.append(periode)
    return ferdige


def _g_og_fribeloep(aarssats: Steg) -> tuple[Decimal, Decimal]:
    inntil_g = aarssats.argumenter[0]
    _, g, fribeloep, _ = inntil_g.barn
    return _som_tall(g), _som_tall(fribeloep)


def _per_maaned(spenn: Spenn) -> Iterator[tuple[int, int]]:
    """Days of a span within one year, by the number of the month."""
    fra, til = spenn.fra, spenn.til
    if fra.month == til.month:
        yield fra.month, spenn.doegn
        return
    yield fra.month, maaneden(fra.year, fra.month).til.day - fra.day + 1
    for nummer in range(fra.month + 1, til.month):
        yield nummer, maaneden(fra.year, nummer).til.day
    yield til.month, til.day


@cache
def _nytt_g(aar: int) -> date:
    """The day in the year a new G takes effect."""
    return next(dato for dato in serie("grunnbeloep").datoer if dato.year == aar)


@cache
def _fordeling(regel: par_3_maaned.Doegnregel, aar: int, nummer: int, hel: bool) -> Faktum:
    spenn = maaneden(aar, nummer)
    return par_3_maaned.fordeling(regel, spenn, spenn.doegn if hel else 0)


@cache
def _doegn(antall: int) -> Faktum:
    return Faktum("doegn", "Døgn med betaling", Decimal(antall), Enhet.DOEGN, "/opphold")


def _kroner(id_: str, navn: str, verdi: Decimal, kilde: str) -> Faktum:
    return Faktum(id_, navn, verdi, Enhet.KRONER, kilde)


def _henvisning(steg: Steg) -> Faktum:
    """The same number, explained once elsewhere in the tree."""
    return Faktum(steg.id, steg.navn, steg.verdi, steg.enhet, f"forklart i {steg.id}")


def _som_tall(node: Node) -> Decimal:
    if not isinstance(node.verdi, Decimal):
        raise TypeError(f"{node.id} er ikke et tall")
    return node.verdi


_INGEN_JUSTERING: Final = Faktum(
    "par_3.skattejustering",
    "Ingen beløp er holdt utenfor inntekten",
    NULL,
    Enhet.KRONER,
    "/skatt/holdtUtenfor",
)
_HELE_FRIBELOEPET: Final = Faktum(
    "fordel_av_fribeloep", "Hele fribeløpet, valgt", Decimal(100), Enhet.PROSENT, "/valg/fordelAvFribeloep"
)
_MAANEDER: Final = Faktum(
    "maaneder_i_aaret", "Måneder i året", Decimal(MAANEDER_I_AARET), Enhet.MAANEDER, "kalenderen"
)

_TEKST_INGEN_OPPHOLD: Final = (
    "Ingen av oppholdene berører året, så det er ingen måneder å betale for. Kontroller datoene."
)
_TEKST_SKATTEJUSTERING: Final = (
    "Skatten er endret med {beloep} kroner for gevinst eller tap som ikke regnes som inntekt. "
    "Kontroller beløpene og bekreft (Sivilombudet 17.11.2025)."
)
_TEKST_FORMUESSKATT: Final = (
    "Formuesskatten er høyere enn beregnet skatt. Kontroller tallene fra skatteoppgjøret."
)
_TEKST_OPPHOLDSUTGIFT: Final = (
    "Institusjonens oppholdsutgift er ikke oppgitt, så taket i § 3 første ledd er ikke prøvd. Legg den inn."
)
_TEKST_60_DOEGN: Final = "Beboeren har passert grensen for døgn på institusjon i kalenderåret. Døgnene etter grensen er beregnet etter § 3."
_TEKST_SKJOENN: Final = "Det er gitt skjønnsmessig fradrag uten at noen forsørges. Kontroller at § 5 fjerde ledd er riktig hjemmel."
_TEKST_NYTT_G: Final = "Kommunen tar nytt G i bruk etter 1. mai. Det gir høyere egenandel i mellomtiden."
_TEKST_DOBBELTROM: Final = (
    "Høyere fribeløp for dobbeltrom ble innført 1. juli 2014. Før det er vanlig fribeløp brukt."
)
_TEKST_FORSOERGET: Final = "Forsørget nr. {nr} gir ikke fradrag etter § 5: ektefelle må bo hjemme, og samboer må regnes som ektefelle."
