"""Reads again what was fetched and kept: the same models, without the checks against what was asked for."""

from app.skatt_client.skatteetaten.beregnet_skatt import BeregnetSkatt
from app.skatt_client.skatteetaten.inntekt import Inntekter
from app.skatt_client.skatteetaten.modell import les_json, les_modell
from app.skatt_client.skatteetaten.skattegrunnlag import Skattegrunnlag


def les_skattegrunnlag(raa: bytes) -> Skattegrunnlag:
    """A kept answer of summert skattegrunnlag.

    Raises:
        UleseligError: not one; the models have changed since.
    """
    return les_modell(Skattegrunnlag, les_json(raa))


def les_beregnet_skatt(raa: bytes) -> BeregnetSkatt:
    """A kept answer of beregnet skatt.

    Raises:
        UleseligError: not one; the models have changed since.
    """
    return les_modell(BeregnetSkatt, les_json(raa))


def les_inntekter(raa: bytes) -> Inntekter:
    """A kept answer of inntekt.

    Raises:
        UleseligError: not one; the models have changed since.
    """
    return les_modell(Inntekter, les_json(raa))
