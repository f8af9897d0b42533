"""Tests mirror ``app/``."""
