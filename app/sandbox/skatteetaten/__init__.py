"""Skatteetaten's data sharing: six look-ups and lists, one ASGI program each."""
