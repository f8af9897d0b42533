"""Skatteetaten's data sharing APIs: one module per API, and what they have in common."""
