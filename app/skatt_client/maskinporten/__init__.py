"""Maskinporten: access tokens through the JWT grant."""
