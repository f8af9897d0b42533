"""Exact value of a derivation as it stands in a case table, such as ``0.75*(130160-10450)``.

Written with fractions so that it shares nothing with the rules it checks.
"""

import ast
import re
from collections.abc import Callable
from fractions import Fraction
from math import floor

_FUNKSJONER: dict[str, Callable[..., Fraction]] = {
    "min": min,
    "max": max,
    "floor": lambda verdi: Fraction(floor(verdi)),
}


def verdi_av(uttrykk: str) -> Fraction:
    """The value of an arithmetic expression with + - * / min max floor."""
    return _verdi(ast.parse(_eksakte_tall(uttrykk), mode="eval").body)


def _eksakte_tall(uttrykk: str) -> str:
    """Numbers become calls with their text, so that no decimal is read as a binary fraction."""
    return re.sub(r"\d+(\.\d+)?", lambda treff: f"tall('{treff[0]}')", uttrykk)


def _verdi(node: ast.expr) -> Fraction:
    match node:
        case ast.Call(func=ast.Name(id="tall"), args=[ast.Constant(value=str(tekst))]):
            return Fraction(tekst)
        case ast.Call(func=ast.Name(id=navn), args=args) if navn in _FUNKSJONER:
            return Fraction(_FUNKSJONER[navn](*map(_verdi, args)))
        case ast.UnaryOp(op=ast.USub(), operand=del_):
            return -_verdi(del_)
        case ast.BinOp(left=a, op=ast.Add(), right=b):
            return _verdi(a) + _verdi(b)
        case ast.BinOp(left=a, op=ast.Sub(), right=b):
            return _verdi(a) - _verdi(b)
        case ast.BinOp(left=a, op=ast.Mult(), right=b):
            return _verdi(a) * _verdi(b)
        case ast.BinOp(left=a, op=ast.Div(), right=b):
            return _verdi(a) / _verdi(b)
    raise ValueError(f"ukjent regnestykke: {ast.dump(node)}")
