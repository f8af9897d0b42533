"""The version of the rules as a whole; stored with every calculation."""

from typing import Final

REGELVERSJON: Final = "1.1.0"
"""Major: the law or our reading of it changed. Minor: a rule was added. Patch: same answers, new code."""
