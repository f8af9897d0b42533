"""A letter on its own: what is written is printed and never run, and the file is what it says it is."""

import asyncio
import json
import shutil
import unicodedata
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Final

import pikepdf
import pytest
import typst

from app.services.brev.feil import IKKE_SATT_OPP, BrevIkkeSattOppError, BrevKanIkkeLagesError
from app.services.brev.innhold import Spraak
from app.services.brev.tegn import ERSTATNING, OMRAADER, skrivbar
from app.services.brev.trykk import MALER, trykk, trykk_naa
from app.services.brev.varsler import FORTELLES
from app.services.sak.varsler import ALVOR
from tests.services.brev.dokumenter import dokument, tekst_i, uten_typst
from tests.services.brev.pdfkontroll import brudd

ALT: Final = "".join(
    tegn
    for fra, til in OMRAADER
    for kode in range(fra, til + 1)
    if unicodedata.category(tegn := chr(kode)) not in {"Cn", "Cf"} and unicodedata.is_normalized("NFC", tegn)
)


@pytest.mark.parametrize(
    "skrevet",
    [
        '#import "nb.typ"',
        '#read("/etc/passwd") #read("brev.typ")',
        '#eval("1+1") #panic("nei") #sys.inputs',
        "[klammer] *stjerner* _strek_ `kode` $x^2$ @peker <merke> // ikke en kommentar /* heller ikke */",
        "\\u{41} \\ ~ -- --- ... 'enkle' \"doble\" = overskrift + punkt - punkt / term: forklaring",
        '{"data": 1} \\" } ]',
        "Åse Øvregård på Ærøy, Áŋŋel Đuoršu Ŧežža Ǥiela čađa, Zoë Łukasz Þórður Ωmega Жанна",
    ],
)
def test_det_som_er_skrevet_trykkes_som_det_staar(skrevet: str) -> None:
    pdf = trykk_naa(dokument(skrevet))
    assert " ".join(skrevet.split()) in tekst_i(pdf)
    assert brudd(pdf) == set()


def test_navnet_og_referansen_trykkes_heller_ikke_som_kode() -> None:
    assert "#panic() *navn*" in tekst_i(trykk_naa(dokument(navn="#panic() *navn*")))


def test_fire_tusen_tegn_i_ett_ord_brytes_over_linjene() -> None:
    tekst = tekst_i(trykk_naa(dokument("å" * 4000)))
    assert tekst.count("å") > 4000
    assert "å" * 200 not in tekst


def test_tegn_skriftene_mangler_blir_synlig_borte() -> None:
    pdf = trykk_naa(dokument("før 😀漢\u0007 midt\u202ei\u200b etter", navn="Navn 😀"))
    assert f"før {ERSTATNING}{ERSTATNING}{ERSTATNING} midti etter" in tekst_i(pdf)
    assert brudd(pdf) == set()


def test_skriftene_har_hvert_tegn_vi_sier_de_har() -> None:
    """The typesetter refuses a sign without a glyph, so that this cannot pass unless it is so."""
    assert ERSTATNING not in skrivbar(" ".join(ALT))
    trykk_naa(dokument(" ".join(ALT)))
    with pytest.raises(BrevKanIkkeLagesError) as feil:
        trykk_naa({**dokument(), "begrunnelse": "hemmelig 😀"})
    assert "hemmelig" not in str(feil.value)
    assert feil.value.__suppress_context__, "settemaskinens feil siterer brevet"


def test_samme_dokument_gir_samme_fil() -> None:
    en = dokument("Begrunnelse")
    foerst = trykk_naa(en)
    trykk_naa(dokument("Noe annet", spraak=Spraak.NN))
    assert trykk_naa(en) == foerst
    with pikepdf.open(BytesIO(foerst)) as fil:
        assert str(fil.docinfo["/CreationDate"]).startswith("D:20260203")


def test_uten_settemaskinen_sier_den_hva_som_maa_installeres() -> None:
    with uten_typst(), pytest.raises(BrevIkkeSattOppError):
        asyncio.run(trykk(dokument()))
    assert "egenandel[brev]" in IKKE_SATT_OPP


_ALLE_NOEKLER: Final = """
#import "SPRAAK.typ": ord
#let alle(verdi, sti) = if type(verdi) == dictionary {
  verdi.pairs().map(par => alle(par.at(1), sti + "/" + par.at(0))).flatten()
} else { (sti + ":" + repr(type(verdi)),) }
#metadata(alle(ord, "")) <noekler>
"""


def _noekler(mappe: Path, spraak: Spraak) -> set[str]:
    """The place and kind of every text."""
    fil = mappe / f"alle-{spraak}.typ"
    fil.write_text(_ALLE_NOEKLER.replace("SPRAAK", spraak), "utf-8")
    (funnet,) = json.loads(typst.query(str(fil), "<noekler>", field="value", root=str(mappe)))
    return set(funnet)


def test_bokmaal_og_nynorsk_har_de_samme_ordene(tmp_path: Path) -> None:
    mappe = Path(shutil.copytree(MALER, tmp_path / "maler"))
    bokmaal, nynorsk = (_noekler(mappe, spraak) for spraak in Spraak)
    assert bokmaal == nynorsk
    assert {f"/varsler/{kode}:str" for kode in FORTELLES} == {
        noekkel for noekkel in bokmaal if noekkel.startswith("/varsler/")
    } - {"/varsler/overskrift:str"}
    assert set(FORTELLES) <= ALVOR.keys()


Skade = Callable[[pikepdf.Pdf], None]


def _foerste(fil: pikepdf.Pdf, **er: str) -> pikepdf.Dictionary:
    noekler = {f"/{navn}": f"/{verdi}" for navn, verdi in er.items()}
    return next(
        en
        for en in fil.objects
        if isinstance(en, pikepdf.Dictionary)
        and all(en.get(navn) == verdi for navn, verdi in noekler.items())
    )


def _uten_skrift(fil: pikepdf.Pdf) -> None:
    beskrivelse = _foerste(fil, Type="FontDescriptor")
    for navn in ("/FontFile", "/FontFile2", "/FontFile3"):
        if navn in beskrivelse:
            del beskrivelse[navn]


def _umerket(fil: pikepdf.Pdf) -> None:
    side = fil.pages[0]
    side.contents_add(b"BT ET BT () Tj ET")


def _xmp(fil: pikepdf.Pdf, fra: bytes, til: bytes) -> None:
    fil.Root.Metadata.write(fil.Root.Metadata.read_bytes().replace(fra, til))


def _uten_th(fil: pikepdf.Pdf) -> None:
    _foerste(fil, S="TH")["/S"] = pikepdf.Name("/TD")


def _hopp(fil: pikepdf.Pdf) -> None:
    _foerste(fil, S="H2")["/S"] = pikepdf.Name("/H4")


def _slett(*sti: str) -> Skade:
    def skade(fil: pikepdf.Pdf) -> None:
        holder = fil.Root
        for ledd in sti[:-1]:
            holder = holder[ledd]
        del holder[sti[-1]]

    return skade


def _sett(navn: str, verdi: pikepdf.Object) -> Skade:
    def skade(fil: pikepdf.Pdf) -> None:
        fil.Root[navn] = verdi

    return skade


def _uten_tounicode(fil: pikepdf.Pdf) -> None:
    del _foerste(fil, Type="Font", Subtype="Type0")["/ToUnicode"]


@pytest.mark.parametrize(
    ("skade", "ventet"),
    [
        (_slett("/Lang"), "uten språk"),
        (_slett("/MarkInfo", "/Marked"), "ikke merket"),
        (_slett("/ViewerPreferences", "/DisplayDocTitle"), "viser ikke tittelen"),
        (_slett("/OutputIntents"), "uten fargeprofil"),
        (_slett("/Metadata"), "uten XMP"),
        (_slett("/StructTreeRoot"), "uten struktur"),
        (_sett("/OpenAction", pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"))), "kjører noe"),
        (lambda fil: _xmp(fil, b"<pdfuaid:part>1", b"<pdfuaid:part>2"), "feil pdfuaid:part"),
        (
            lambda fil: _xmp(fil, b"<pdfaid:conformance>A", b"<pdfaid:conformance>B"),
            "feil pdfaid:conformance",
        ),
        (lambda fil: _xmp(fil, b"dc:title>", b"dc:titel>"), "uten tittel"),
        (_uten_skrift, "skrift ikke innebygd"),
        (_uten_tounicode, "skrift uten tegn"),
        (_umerket, "umerket tekst"),
        (_uten_th, "tabell uten overskrifter"),
        (_hopp, "overskrift hopper over et nivå"),
    ],
)
def test_kontrollen_finner_det_som_er_oedelagt(skade: Skade, ventet: str) -> None:
    med_skade = BytesIO()
    with pikepdf.open(BytesIO(trykk_naa(dokument()))) as fil:
        skade(fil)
        fil.save(med_skade)
    assert ventet in brudd(med_skade.getvalue())
