"""Event feeds: polling, inbox and reconciliation."""
