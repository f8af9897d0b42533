"""Retention, erasure and insight, on both databases."""
