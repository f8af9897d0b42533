"""Maskinporten: JWT grants (RFC 7523) with delegation and system users, as Digdir documents them."""
