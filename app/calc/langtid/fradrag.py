"""The deductions of § 5: for those the resident supports, and the kommune's own judgement."""

from datetime import date

from app.calc.kontrakt.langtidsopphold import Forsoerget, Inntekter, LangtidInn, Valg
from app.calc.kontrakt.lesing import tittel
from app.calc.periode import aaret
from app.calc.regler import par_5
from app.calc.satser import sats
from app.calc.sporing import Node, Steg, kroner


def fradrag_paragraf_5(inn: LangtidInn) -> Steg:
    """All deductions of the year, kroner."""
    dag = aaret(inn.aar).fra
    fradrag: list[Node] = [
        _for_forsoerget(nr, person, dag)
        for nr, person in enumerate(inn.forsoergede)
        if gir_fradrag(person, inn.valg)
    ]
    if fradrag:
        fradrag.append(_av_tjenestepensjon(inn.inntekter, dag))
    fradrag.extend(
        par_5.skjoenn(
            kroner("skjoenn", post.begrunnelse, post.beloep, f"/skjoennsmessigFradrag/{nr}/beloep"),
            dato=dag,
            merke=f"{nr + 1}",
        )
        for nr, post in enumerate(inn.skjoennsmessig_fradrag)
    )
    return par_5.fradrag(*fradrag, dato=dag)


def gir_fradrag(person: Forsoerget, valg: Valg) -> bool:
    """Whether supporting this person gives a deduction."""
    return par_5.gir_fradrag(person.relasjon, person.hjemmeboende, valg.samboer_som_ektefelle)


def _for_forsoerget(nr: int, person: Forsoerget, dag: date) -> Steg:
    peker = f"/forsoergede/{nr}"
    return par_5.etterlattepensjon(
        kroner(
            "tenkt_etterlattepensjon",
            "Tenkt etterlattepensjon",
            person.tenkt_etterlattepensjon,
            f"{peker}/tenktEtterlattepensjon",
        ),
        kroner("arbeidsinntekt", "Egen arbeidsinntekt", person.arbeidsinntekt, f"{peker}/arbeidsinntekt"),
        kroner(
            "pensjon",
            "Egen pensjon fra folketrygden",
            person.pensjon_fra_folketrygden,
            f"{peker}/pensjonFraFolketrygden",
        ),
        dato=dag,
        merke=f"{nr + 1}",
    )


def _av_tjenestepensjon(inntekter: Inntekter, dag: date) -> Steg:
    return par_5.tjenestepensjon(
        sats("fradrag_offentlig_tjenestepensjon", dag),
        kroner(
            "offentlig_tjenestepensjon",
            tittel(Inntekter, "offentlig_tjenestepensjon"),
            inntekter.offentlig_tjenestepensjon,
            "/inntekter/offentligTjenestepensjon",
        ),
        sats("fradrag_privat_pensjon", dag),
        kroner(
            "privat_pensjon",
            tittel(Inntekter, "privat_pensjon"),
            inntekter.privat_pensjon,
            "/inntekter/privatPensjon",
        ),
        dato=dag,
    )
