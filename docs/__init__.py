"""Documentation, and what generates part of it."""
