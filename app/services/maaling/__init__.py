"""What is measured: counts of this process, and how the work stands in the database. Never anybody."""
