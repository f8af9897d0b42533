"""``python -m app.cli`` where the package is not installed, as in the container."""

from app.cli import main

main()
