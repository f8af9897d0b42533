"""What PDF/A-2a and PDF/UA-1 ask of a file, as far as it can be read off the file without a validator.

Every breach has a name of its own, so that a planted one can be told from the others.
"""

from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from typing import Any, Final
from xml.etree import ElementTree

import pikepdf

_VISER_TEKST: Final = {"Tj", "TJ", "'", '"'}
_OVERSKRIFTER: Final = {f"/H{nivaa}": nivaa for nivaa in range(1, 7)}
_NAVNEROM: Final = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
}


def brudd(pdf: bytes) -> set[str]:
    """The names of everything that is wrong."""
    with pikepdf.open(BytesIO(pdf)) as fil:
        return {*_filen(fil), *_merkelapper(fil), *_skrifter(fil), *_sidene(fil), *_strukturen(fil)}


def _filen(fil: pikepdf.Pdf) -> Iterator[str]:
    rot: Any = fil.Root
    if fil.is_encrypted:
        yield "kryptert"
    if "/ID" not in fil.trailer:
        yield "uten id"
    if str(rot.get("/Lang", "")) not in {"nb-NO", "nn-NO"}:
        yield "uten språk"
    if not _under(rot, "/MarkInfo").get("/Marked", False):
        yield "ikke merket"
    if not _under(rot, "/ViewerPreferences").get("/DisplayDocTitle", False):
        yield "viser ikke tittelen"
    if "/AA" in rot or "/OpenAction" in rot or "/JavaScript" in _under(rot, "/Names"):
        yield "kjører noe"
    if "/EmbeddedFiles" in _under(rot, "/Names"):
        yield "har vedlegg"
    hensikter = [en for en in rot.get("/OutputIntents", []) if en.get("/S") == "/GTS_PDFA1"]
    if not any("/DestOutputProfile" in en for en in hensikter):
        yield "uten fargeprofil"


def _under(ordbok: Any, navn: str) -> Any:
    return ordbok[navn] if navn in ordbok else pikepdf.Dictionary()


def _merkelapper(fil: pikepdf.Pdf) -> Iterator[str]:
    if "/Metadata" not in fil.Root:
        yield "uten XMP"
        return
    xmp = ElementTree.fromstring(fil.Root.Metadata.read_bytes())  # noqa: S314 - our own file
    for navn, ventet in (("pdfaid:part", "2"), ("pdfaid:conformance", "A"), ("pdfuaid:part", "1")):
        if [en.text for en in xmp.iterfind(f".//{navn}", _NAVNEROM)] != [ventet]:
            yield f"feil {navn}"
    titler = [en.text for en in xmp.iterfind(".//dc:title//rdf:li", _NAVNEROM)]
    if not titler or titler != [str(fil.docinfo.get("/Title", ""))]:
        yield "uten tittel"


def _skrifter(fil: pikepdf.Pdf) -> Iterator[str]:
    for skrift in (en for en in fil.objects if isinstance(en, pikepdf.Dictionary)):
        if (
            skrift.get("/Type") == "/Font"
            and skrift.get("/Subtype") == "/Type0"
            and "/ToUnicode" not in skrift
        ):
            yield "skrift uten tegn"
        if skrift.get("/Type") == "/FontDescriptor" and not {"/FontFile", "/FontFile2", "/FontFile3"} & set(
            skrift.keys()
        ):
            yield "skrift ikke innebygd"


def _sidene(fil: pikepdf.Pdf) -> Iterator[str]:
    for side in fil.pages:
        if side.obj.get("/Tabs") != "/S" and "/Annots" in side.obj:
            yield "side uten leserekkefølge"
        if "/StructParents" not in side.obj:
            yield "side utenfor strukturen"
        aapne = 0
        for instruksjon in pikepdf.parse_content_stream(side):
            operator = str(instruksjon.operator)
            aapne += (operator in {"BDC", "BMC"}) - (operator == "EMC")
            if operator in _VISER_TEKST and not aapne:
                yield "umerket tekst"


def _strukturen(fil: pikepdf.Pdf) -> Iterator[str]:
    if "/StructTreeRoot" not in fil.Root:
        yield "uten struktur"
        return
    elementer = list(_elementer(fil.Root.StructTreeRoot))
    nivaaer = [_OVERSKRIFTER[navn] for en in elementer if (navn := str(en.get("/S"))) in _OVERSKRIFTER]
    if not nivaaer or nivaaer[0] != 1 or nivaaer.count(1) != 1:
        yield "uten én hovedoverskrift"
    if any(neste > foer + 1 for foer, neste in pairwise(nivaaer)):
        yield "overskrift hopper over et nivå"
    for en in elementer:
        if en.get("/S") == "/Figure" and "/Alt" not in en:
            yield "figur uten tekst"
        if en.get("/S") == "/Table":
            yield from _tabellen(en)


def _tabellen(tabell: Any) -> Iterator[str]:
    rader = [en for en in _elementer(tabell) if en.get("/S") == "/TR"]
    celler = [[str(celle.get("/S")) for celle in _barn(rad)] for rad in rader]
    if not celler or set(celler[0]) != {"/TH"}:
        yield "tabell uten overskrifter"
    if len({len(rad) for rad in celler}) > 1:
        yield "ujevn tabell"
    for hode in _barn(rader[0]) if rader else ():
        egenskaper = hode.get("/A", [])
        alle = egenskaper if isinstance(egenskaper, pikepdf.Array) else [egenskaper]
        if hode.get("/S") == "/TH" and not any("/Scope" in en for en in alle):
            yield "tabelloverskrift uten retning"


def _elementer(element: Any) -> Iterator[Any]:
    for barn in _barn(element):
        yield barn
        yield from _elementer(barn)


def _barn(element: Any) -> list[Any]:
    """The structure elements below one; content is not structure."""
    barna = element.get("/K", [])
    alle = barna if isinstance(barna, pikepdf.Array) else [barna]
    return [en for en in alle if isinstance(en, pikepdf.Dictionary) and "/S" in en]
