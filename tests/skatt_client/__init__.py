"""The client library against small ASGI stand-ins."""
