"""The same cases on SQLite and PostgreSQL."""
