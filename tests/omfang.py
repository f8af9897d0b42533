"""How hard to look: 1 in ``make test``, more in ``make bevis``."""

import os
from typing import Final

OMFANG: Final = int(os.environ.get("EGENANDEL_BEVIS_OMFANG", "1"))
