"""What is kept: SQLite on one machine, PostgreSQL in production, the same tables and the same statements."""
