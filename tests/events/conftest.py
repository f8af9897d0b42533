"""A service per module and database, and a story in it, as in tests/saker."""

from tests.saker.conftest import fortalt, h

__all__ = ["fortalt", "h"]
